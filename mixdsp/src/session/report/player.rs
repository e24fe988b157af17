//! The player: excerpts of mix and master at equal loudness, in the page.

use std::boxed::Box;
use std::fmt::Write as _;
use std::path::Path;
use std::string::String;
use std::vec::Vec;
use std::{format, vec};

use super::page::Page;
use crate::base::spec::Spec;
use crate::files::{AudioFile, AudioStream, Resampled, SessionError};
use crate::processors::loudness_meter::{LoudnessConfig, LoudnessMeter};
use crate::session::format::wrong;

/// Length of the excerpts in seconds.
const EXCERPT: f64 = 30.0;
/// Rate of the excerpts of files with a higher one.
const HIGHEST_RATE: u32 = 48_000;
/// What the louder of the two may reach, in dBTP.
const CEILING_DB: f64 = -1.0;
/// Bars of the drawn wave.
const BARS: usize = 150;

struct Excerpt {
    planes: [Vec<f32>; 2],
    sample_rate: u32,
    loudness_lufs: f64,
    true_peak_dbtp: f64,
}

/// Second at which the loudest excerpt begins, by the short-term loudness of the master.
fn loudest(short_term: &[f32]) -> f64 {
    let energy = |lufs: &f32| if lufs.is_finite() { 10f64.powf(f64::from(*lufs) / 10.0) } else { 0.0 };
    let energies: Vec<f64> = short_term.iter().map(energy).collect();
    let window = (EXCERPT * 10.0) as usize;
    if energies.len() <= window {
        return 0.0;
    }
    let mut sum: f64 = energies[..window].iter().sum();
    let mut best = (sum, 0);
    for at in 1..=energies.len() - window {
        sum += energies[at + window - 1] - energies[at - 1];
        if sum > best.0 {
            best = (sum, at);
        }
    }
    best.1 as f64 / 10.0
}

fn excerpt(path: &Path, start: f64) -> Result<Excerpt, SessionError> {
    let file = AudioFile::open(path)?;
    let rate = file.info().sample_rate;
    let mut stream: Box<dyn AudioStream> =
        if rate > HIGHEST_RATE { Box::new(Resampled::new(file, HIGHEST_RATE)?) } else { Box::new(file) };
    let sample_rate = stream.sample_rate();
    stream.skip((start * f64::from(sample_rate)) as u64)?;
    let frames = (EXCERPT * f64::from(sample_rate)) as usize;
    let mut planes = [vec![0.0_f32; frames], vec![0.0_f32; frames]];
    let [left, right] = &mut planes;
    let read = stream.read(&mut [left, right])?;
    planes.iter_mut().for_each(|plane| plane.truncate(read));
    let meter =
        LoudnessMeter::<f32>::new(Spec::new(f64::from(sample_rate), 2), LoudnessConfig::default(), ());
    let mut meter = meter.or_else(|error| wrong("meter", error))?;
    meter.measure(&planes).or_else(|error| wrong("meter", error))?;
    meter.finish();
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let loudness_lufs = finite(meter.integrated()).unwrap_or(-70.0);
    let true_peak_dbtp = finite(meter.true_peak_db()).unwrap_or(-70.0);
    Ok(Excerpt { planes, sample_rate, loudness_lufs, true_peak_dbtp })
}

/// A WAV file of 16 bits with the excerpt at a gain, as base64.
fn encoded(excerpt: &Excerpt, gain_db: f64) -> String {
    let gain = 10f64.powf(gain_db / 20.0) * 32_767.0;
    let frames = excerpt.planes[0].len();
    let mut bytes = Vec::with_capacity(44 + frames * 4);
    let length = (frames * 4) as u32;
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(length + 36).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&16_u32.to_le_bytes());
    bytes.extend_from_slice(&[1, 0, 2, 0]);
    bytes.extend_from_slice(&excerpt.sample_rate.to_le_bytes());
    bytes.extend_from_slice(&(excerpt.sample_rate * 4).to_le_bytes());
    bytes.extend_from_slice(&[4, 0, 16, 0]);
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&length.to_le_bytes());
    for frame in 0..frames {
        for plane in &excerpt.planes {
            let sample = (f64::from(plane[frame]) * gain).round().clamp(-32_768.0, 32_767.0);
            bytes.extend_from_slice(&(sample as i16).to_le_bytes());
        }
    }
    base64(&bytes)
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for letter in 0..4 {
            let at = (bits >> (18 - 6 * letter) & 63) as usize;
            out.push(if letter <= three.len() { char::from(LETTERS[at]) } else { '=' });
        }
    }
    out
}

/// The wave as drawn; `highest_db` fills the height.
fn wave(excerpt: &Excerpt, gain_db: f64, highest_db: f64, class: &str) -> String {
    let gain = 10f64.powf((gain_db - highest_db) / 20.0);
    let frames = excerpt.planes[0].len();
    let mut path = String::new();
    for bar in 0..BARS {
        let range = frames * bar / BARS..frames * (bar + 1) / BARS;
        let loudest =
            |plane: &Vec<f32>| plane[range.clone()].iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let peak = f64::from(loudest(&excerpt.planes[0]).max(loudest(&excerpt.planes[1]))) * gain;
        let half = (peak * 48.0).clamp(0.5, 48.0);
        let x = (bar as f64 + 0.5) * 1000.0 / BARS as f64;
        // Writing to a string does not fail.
        let _ = write!(path, "M{x:.1} {:.1}V{:.1}", 50.0 - half, 50.0 + half);
    }
    format!(
        "<svg class=\"{class}\" viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
    )
}

pub(super) fn section(
    out: &mut Page,
    short_term: &[f32],
    mix: &Path,
    master: &Path,
) -> Result<(), SessionError> {
    let start = loudest(short_term);
    let mix = excerpt(mix, start)?;
    let master = excerpt(master, start)?;
    // Both as loud as the mix can be without passing the ceiling; the master is not turned up.
    let loudness = [&mix, &master].map(|one| one.loudness_lufs + CEILING_DB - one.true_peak_dbtp);
    let loudness = loudness[0].min(loudness[1]).min(master.loudness_lufs);
    let gains = [loudness - mix.loudness_lufs, loudness - master.loudness_lufs];
    let highest = (mix.true_peak_dbtp + gains[0]).max(master.true_peak_dbtp + gains[1]);
    let seconds = master.planes[0].len() as f64 / f64::from(master.sample_rate);
    write!(
        out,
        "<section class=\"player\" id=\"player\" data-seconds=\"{seconds:.3}\"><div class=\"controls\">\
         <button id=\"play\" aria-label=\"Play\"><svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path class=\"go\" d=\"M7 4l13 8-13 8z\"/>\
         <path class=\"rest\" d=\"M6 4h4v16H6zM14 4h4v16h-4z\"/></svg></button>\
         <div class=\"switch\" role=\"group\" aria-label=\"What plays\"><button id=\"mix\" aria-pressed=\"false\">Mix</button>\
         <button id=\"master\" aria-pressed=\"true\">Master</button></div>\
         <p class=\"note\">Both at {loudness:.1} LUFS, from {}:{:02}. Space plays, M switches.</p><output id=\"clock\">0:00</output></div>\n\
         <div class=\"waves\" id=\"waves\">{}{}<i id=\"place\"></i></div>\n\
         <script type=\"text/plain\" id=\"mix-wav\">{}</script>\n<script type=\"text/plain\" id=\"master-wav\">{}</script></section>\n",
        start as u64 / 60,
        start as u64 % 60,
        wave(&mix, gains[0], highest, "mix"),
        wave(&master, gains[1], highest, "master"),
        encoded(&mix, gains[0]),
        encoded(&master, gains[1]),
    );
    Ok(())
}
