//! The whole: buses, glue, width, level of the mix.
//!
//! ```text
//! drums, voices, music --> master fader --> equalizer --> imager --> glue --> output gain
//! ```

use std::format;
use std::string::{String, ToString as _};
use std::vec;
use std::vec::Vec;

use crate::dsp::envelope::curve::{Curve, slope};
use crate::host::recipe::{Recipe, RecipeError};
use crate::params::Given;
use crate::session::format::Session;
use crate::session::rough_mix::bands::{BANDS, Bands, band_at, centre_hz, decibels, k_weights};
use crate::session::rough_mix::line::{EqBand, Line, windows};
use crate::session::rough_mix::listening::PEAKS_PER_WINDOW;
use crate::session::rough_mix::space::{Return, sides};
use crate::session::rough_mix::tracks::{highest_peak_db, highest_together_db, recipe, tenth};

/// What glue does on average while the song is full, in dB.
pub(super) const GLUE_DB: f64 = 1.7;
/// A window is full whose power is no more than this under the mean of the loud ones, in dB.
pub(super) const FULL_DB: f64 = -2.0;
const GLUE_RATIO: f64 = 2.0;
const GLUE_KNEE_DB: f64 = 6.0;
/// How far peaks of a track may stand over the loudness of the mix, at most and at least; what is higher is held.
const PEAK_OVER_MIX_DB: (f64, f64) = (12.0, 4.0);
/// Which of the buses is that of the voices.
pub(super) const VOICES: usize = 1;
/// Where tracks meet on a bus, they may stand so much higher.
const BUS_OVER_TRACK_DB: f64 = 1.0;
/// What the peaks of the mix are estimated to be over its loudness, at most: room for what adds up exactly, and for the loudness
/// that glue and limiters take.
const MIX_PEAK_DB: f64 = 11.5;
/// Side against middle at 8 kHz, in dB: what is aimed at.
const HIGH_SIDE_DB: f64 = -8.0;
const HIGH_HZ: f64 = 8000.0;
/// Width of the highs begins here.
const WIDE_FROM_HZ: f64 = 4000.0;
const MOST_WIDTH: f64 = 2.0;
/// Correlation under 100 Hz under which lows are made mono.
const LOW_CORRELATION: f64 = 0.99;
/// Of the whole: side against middle that costs 0.8 LU in mono.
const MOST_SIDE_DB: f64 = -7.0;

/// An equalizer of these bands.
pub(super) fn equalizer(bands: &[EqBand]) -> Result<Recipe, RecipeError> {
    let mut keys: Vec<(String, Given<'_>)> = Vec::new();
    for (at, band) in bands.iter().enumerate() {
        keys.push((format!("bands[{at}].kind"), Given::Choice(band.kind)));
        keys.push((format!("bands[{at}].frequency_hz"), Given::Number(band.frequency_hz)));
        if band.kind == "high_pass" {
            keys.push((format!("bands[{at}].slope_db_per_octave"), Given::Choice("12")));
        } else {
            keys.push((format!("bands[{at}].gain_db"), Given::Number(band.gain_db)));
            keys.push((format!("bands[{at}].q"), Given::Number(band.q)));
        }
    }
    let mut values = vec![("steepest_slope", Given::Choice("12"))];
    values.extend(keys.iter().map(|(key, value)| (key.as_str(), *value)));
    Recipe::processor("equalizer", &values)
}

/// The imager of the master, and why; nothing where the mix is mono below and wide above already.
pub(super) fn imager(
    lines: &[Line<'_>],
    returns: &[Return],
) -> Result<Option<(Recipe, String)>, RecipeError> {
    let [mut left, mut right, common] = sides(lines);
    for energy in returns.iter().map(|one| &one.energy) {
        // What comes back has nothing in common on both sides.
        (0..BANDS).for_each(|band| {
            left[band] += 0.5 * energy[band];
            right[band] += 0.5 * energy[band];
        });
    }
    let side_db = |from_hz: f64, to_hz: f64, weights: &Bands| {
        let (mut side, mut middle) = (1e-30, 1e-30);
        for band in (band_at(from_hz)..=band_at(to_hz))
            .filter(|band| (from_hz..=to_hz).contains(&(centre_hz(*band) * 1.001)))
        {
            side += weights[band] * (left[band] + right[band] - 2.0 * common[band]).max(0.0);
            middle += weights[band] * (left[band] + right[band] + 2.0 * common[band]);
        }
        decibels(side / middle)
    };
    let sum = |values: &Bands| values.iter().take(band_at(100.0) + 1).sum::<f64>();
    let correlation = sum(&common) / libm::sqrt(sum(&left) * sum(&right)).max(1e-30);
    if sum(&left) + sum(&right) <= 0.0 && left.iter().sum::<f64>() <= 0.0 {
        return Ok(None);
    }
    let flat = [1.0; BANDS];
    let (high, whole) = (side_db(HIGH_HZ * 0.7, HIGH_HZ * 1.5, &flat), side_db(20.0, 20_000.0, &k_weights()));
    let wide = libm::exp10((HIGH_SIDE_DB - high) / 20.0).clamp(1.0, MOST_WIDTH);
    let narrow = libm::exp10((MOST_SIDE_DB - whole).min(0.0) / 20.0);
    if correlation >= LOW_CORRELATION && wide < 1.05 && narrow > 0.98 {
        return Ok(None);
    }
    let round = |x: f64| libm::round(x * 100.0) / 100.0;
    let mut values = vec![("mono_below_hz", 120.0), ("low_width", 0.0), ("width", round(narrow))];
    if wide >= 1.05 {
        values.extend([("bands[0].from_hz", WIDE_FROM_HZ), ("bands[0].width", round(wide))]);
    }
    let note = format!(
        "imager, mono below 120 Hz: correlation under 100 Hz is {correlation:.2}; side against middle at 8 kHz {high:.1} dB, {:.1} dB by width {:.2}; of all {whole:.1} dB",
        high + 20.0 * libm::log10(wide),
        round(wide)
    );
    Ok(Some((recipe("imager", &values)?.named("imager"), note)))
}

/// Power of the mix in every window as the glue's detector takes it, in dB.
fn levels(lines: &[Line<'_>], master: &Bands) -> Vec<f64> {
    let mut power = vec![0.0; windows(lines)];
    for line in lines.iter().filter(|line| !line.is_silent()) {
        for (at, window) in line.stem.heard.windows.iter().enumerate() {
            let sum: f64 =
                (0..BANDS).map(|band| f64::from(window[band]) * line.response[band] * master[band]).sum();
            power[at] += sum * line.before_fader(at) * line.fader(at);
        }
    }
    power.into_iter().map(decibels).collect()
}

/// The windows that are full.
pub(super) fn full(levels: &[f64]) -> Vec<usize> {
    let power = |db: &f64| libm::exp10(db / 10.0);
    let mean = |floor: f64| {
        let loud: Vec<f64> = levels.iter().filter(|db| **db > floor).map(power).collect();
        decibels(loud.iter().sum::<f64>() / loud.len().max(1) as f64)
    };
    let mean = mean(mean(-80.0) - 10.0);
    (0..levels.len()).filter(|at| levels[*at] > mean + FULL_DB).collect()
}

/// The compressor of the master.
pub(super) fn glue(lines: &[Line<'_>], master: &Bands) -> Result<Option<(Recipe, String)>, RecipeError> {
    let levels = levels(lines, master);
    let full = full(&levels);
    if full.is_empty() || levels.iter().all(|level| *level < -100.0) {
        return Ok(None);
    }
    let mean = |threshold: f64| {
        let curve = Curve::new(threshold, slope(GLUE_RATIO), GLUE_KNEE_DB);
        full.iter().map(|at| curve.reduction_db(levels[*at])).sum::<f64>() / full.len() as f64
    };
    let (mut low, mut high) = (-80.0, 0.0);
    for _ in 0..16 {
        let middle = 0.5 * (low + high);
        if mean(middle) > GLUE_DB { low = middle } else { high = middle }
    }
    let threshold_db = tenth(high);
    let mut glue = recipe(
        "compressor",
        &[
            ("threshold_db", threshold_db),
            ("ratio", GLUE_RATIO),
            ("knee_db", GLUE_KNEE_DB),
            ("attack_ms", 30.0),
            ("release_ms", 200.0),
            ("rms_window_ms", 60.0),
        ],
    )?;
    glue.each_leaf_mut(&mut |leaf| drop(leaf.set("detector", Given::Choice("rms"))));
    let note = format!(
        "glue: about {:.1} dB on average in the {:.0} s in which the song is full",
        mean(threshold_db),
        full.len() as f64 / 10.0
    );
    Ok(Some((glue.named("glue"), note)))
}

/// A limiter that holds single peaks.
fn holding(ceiling_db: f64) -> Result<Recipe, RecipeError> {
    let limiter = Recipe::processor(
        "limiter",
        &[
            ("lookahead_ms", Given::Number(1.5)),
            ("true_peak", Given::Switch(false)),
            ("ceiling_db", Given::Number(ceiling_db)),
        ],
    )?;
    Ok(limiter.named("peaks"))
}

/// Where peaks are held, and what would be without.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// Ceiling of tracks and of buses over the loudness of the mix, in dB.
    track_db: f64,
    bus_db: f64,
}

/// Largest samples of every 10 ms in the mix as energy, and what the master's equalizer makes of it.
fn energies(line: &Line<'_>, master: &Bands) -> Vec<[f32; 2]> {
    let factor = |window: &[f32; BANDS]| {
        let (mut before, mut after) = (1e-20, 1e-20);
        for band in 0..BANDS {
            let power = f64::from(window[band]) * line.response[band];
            before += power;
            after += power * master[band];
        }
        after / before
    };
    let factors: Vec<f64> = line.stem.heard.windows.iter().map(factor).collect();
    let peaks = line.stem.heard.peaks.iter().enumerate();
    peaks
        .map(|(at, peak)| {
            let window = (at / PEAKS_PER_WINDOW).min(factors.len() - 1);
            let peak = f64::from(*peak);
            let energy = peak * peak * line.before_fader(window) * line.fader(window);
            [energy as f32, factors[window] as f32]
        })
        .collect()
}

/// How low peaks have to be held so that those of the mix are not too far over its loudness. `bus` tells where a line goes.
pub(super) fn held(
    lines: &[Line<'_>],
    bus: impl Fn(&Line<'_>) -> usize,
    mix_lufs: f64,
    master: &Bands,
) -> Held {
    let each: Vec<(usize, Vec<[f32; 2]>)> = lines
        .iter()
        .filter(|line| !line.is_silent())
        .map(|line| (bus(line), energies(line, master)))
        .collect();
    let length = each.iter().map(|(_, energies)| energies.len()).max().unwrap_or(0);
    let estimate = |held: Held| {
        let [track, bus] = [held.track_db, held.bus_db].map(|db| libm::exp10((mix_lufs + db) / 10.0));
        let voice = libm::exp10((mix_lufs + PEAK_OVER_MIX_DB.0) / 10.0);
        let mut most = 0.0_f64;
        for at in 0..length {
            // Of each bus: energy, and the same behind the master's equalizer.
            let mut buses = [[0.0_f64; 2]; 4];
            for (to, energies) in &each {
                let Some([energy, factor]) = energies.get(at) else { continue };
                let energy = f64::from(*energy).min(if *to == VOICES { voice } else { track });
                buses[*to][0] += energy;
                buses[*to][1] += energy * f64::from(*factor);
            }
            let sum: f64 =
                buses.iter().map(|[energy, after]| after * (bus / energy.max(1e-18)).min(1.0)).sum();
            most = most.max(sum);
        }
        decibels(most) - mix_lufs
    };
    let mut held = Held { track_db: PEAK_OVER_MIX_DB.0, bus_db: PEAK_OVER_MIX_DB.0 + BUS_OVER_TRACK_DB };
    while held.track_db > PEAK_OVER_MIX_DB.1 && estimate(held) > MIX_PEAK_DB {
        held.track_db -= 0.5;
        held.bus_db -= 0.5;
    }
    held
}

/// The limiter of a bus; nothing where the peaks of its tracks do not reach so high together.
pub(super) fn bus_peaks(
    members: &[&Line<'_>],
    mix_lufs: f64,
    held: Held,
) -> Result<Option<(Recipe, String)>, RecipeError> {
    let most = highest_together_db(members) - mix_lufs;
    if most < held.bus_db + 0.5 {
        return Ok(None);
    }
    let ceiling_db = tenth((mix_lufs + held.bus_db).clamp(-40.0, 0.0));
    let note = format!(
        "limiter at {ceiling_db} dB: where its tracks meet, their peaks stand {most:.1} dB over the loudness of the mix"
    );
    Ok(Some((holding(ceiling_db)?, note)))
}

/// Holds single peaks of a track that stand too far over the mix: a limiter behind its inserts.
pub(super) fn peaks(line: &mut Line<'_>, mix_lufs: f64, held: Held) -> Result<(), RecipeError> {
    if line.is_silent() {
        return Ok(());
    }
    let most = highest_peak_db(line) + line.gain_db - mix_lufs;
    // Voices are left as they are but for what is far out.
    let is_voice = line.role.is_voice();
    let over_db = if is_voice { PEAK_OVER_MIX_DB.0 } else { held.track_db };
    if most < over_db + 0.5 {
        return Ok(());
    }
    let ceiling_db = tenth((mix_lufs + over_db - line.gain_db).clamp(-40.0, 0.0));
    line.dynamics.push(holding(ceiling_db)?.named(if is_voice { "shouts" } else { "peaks" }));
    line.notes.push(format!(
        "limiter at {ceiling_db} dB: its largest peak stands {most:.1} dB over the loudness of the mix, more than {over_db:.1} dB"
    ));
    Ok(())
}

/// A name that no track and no bus has yet.
pub(super) fn unlike(name: &str, session: &Session) -> String {
    let name = if name.is_empty() { "track" } else { name };
    let tracks = session.tracks.iter().map(|track| &track.name);
    let taken: Vec<&String> = tracks.chain(session.buses.iter().map(|bus| &bus.name)).collect();
    let is_taken = |name: &str| name == "master" || taken.iter().any(|one| *one == name);
    let mut names = core::iter::once(name.to_string()).chain((2_u64..).map(|n| format!("{name} {n}")));
    names.find(|name| !is_taken(name)).unwrap_or_default()
}
