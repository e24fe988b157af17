//! The limiter on music driven hard: ceiling, level, and what it does to a tone over loud bass.

mod loudness_support;

use loudness_support::*;
use mixdsp::{Limiter, LimiterConfig, LimiterParams, Processor, Spec};
use std::f64::consts::PI;

const CEILING_DB: f64 = -1.0;
const PRESETS: [&str; 3] = ["mastering", "mix", "live"];

fn preset(name: &str) -> (LimiterConfig, LimiterParams) {
    match name {
        "mastering" => (LimiterConfig::mastering(), LimiterParams::mastering()),
        "mix" => (LimiterConfig::mix(), LimiterParams::mix()),
        _ => (LimiterConfig::live(), LimiterParams::live()),
    }
}

fn limit(audio: &Audio, rate: f64, name: &str, drive_db: f64) -> Audio {
    let (config, params) = preset(name);
    let params = LimiterParams { ceiling_db: CEILING_DB, input_gain_db: drive_db, ..params };
    let mut limiter = Limiter::<f32>::new(Spec::new(rate, audio.len()), config, params).unwrap();
    let late = limiter.latency();
    let mut out: Vec<Vec<f32>> = audio
        .iter()
        .map(|channel| channel.iter().map(|x| *x as f32).chain(vec![0.0; late]).collect())
        .collect();
    let mut slices: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[..]).collect();
    limiter.process(&mut slices, &[]).unwrap();
    out.iter().map(|channel| channel[late..].iter().map(|x| *x as f64).collect()).collect()
}

/// Loudness by the `ebur128` crate.
fn loudness(audio: &Audio, rate: f64) -> f64 {
    let mut meter = ebur128::EbuR128::new(2, rate as u32, ebur128::Mode::I).unwrap();
    meter.add_frames_f32(&interleaved(audio)).unwrap();
    meter.loudness_global().unwrap()
}

fn overs(audio: &Audio, rate: f64) -> [f64; 5] {
    let over = |peak: f64| db(peak) - CEILING_DB;
    [
        over(audio.iter().flatten().fold(0.0, |a: f64, x| a.max(x.abs()))),
        over(true_peak(audio, &itu())),
        over(peak_libebur128(audio, rate)),
        over(true_peak(audio, &kaiser(32, 48, 9.0))),
        peak_at_192k(audio, rate).map_or(f64::NEG_INFINITY, over),
    ]
}

fn hold(name: &str, audio: &Audio, rate: f64, drive_db: f64) {
    for preset in PRESETS {
        let out = limit(audio, rate, preset, drive_db);
        let overs = overs(&out, rate);
        println!(
            "{name} {drive_db:+} dB at {rate} Hz, {preset}: over on samples, ITU, libebur128, 32x48, ffmpeg {overs:+.4?} dB; {:.2} LUFS",
            loudness(&out, rate)
        );
        assert!(overs.iter().all(|over| *over <= 0.0), "{name}, {preset}: {overs:?}");
    }
}

#[test]
fn the_ceiling_holds_on_programmes() {
    for rate in [44_100.0, 96_000.0] {
        hold("synthetic", &programme(6.0, rate, 1), rate, 18.0);
    }
}

#[test]
fn the_ceiling_holds_on_music() {
    for rate in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
        for (name, audio, rate) in music(Some(rate)) {
            let from = (30.0 * rate) as usize;
            let excerpt: Audio = audio.iter().map(|c| c[from..][..(8.0 * rate) as usize].to_vec()).collect();
            hold(&name, &excerpt, rate, 9.0);
        }
    }
}

/// Francium in full: at least -9.9 LUFS from the mix preset.
#[test]
fn francium_is_loud_and_under_the_ceiling() {
    let Some((audio, rate)) = francium(400.0) else { return };
    for preset in PRESETS {
        let out = limit(&audio, rate, preset, 9.0);
        let level = loudness(&out, rate);
        let samples = db(out.iter().flatten().fold(0.0, |a: f64, x| a.max(x.abs()))) - CEILING_DB;
        let libebur128 = db(peak_libebur128(&out, rate)) - CEILING_DB;
        let ffmpeg = peak_at_192k(&out, rate).map_or(f64::NEG_INFINITY, db) - CEILING_DB;
        let itu = db(true_peak(&out, &itu())) - CEILING_DB;
        println!(
            "Francium +9 dB, {preset}: {level:.2} LUFS; over on samples {samples:+.4}, ITU {itu:+.4}, libebur128 {libebur128:+.4}, ffmpeg {ffmpeg:+.4} dB"
        );
        assert!([samples, itu, libebur128, ffmpeg].iter().all(|over| *over <= 0.0));
        if preset == "mix" {
            assert!(level >= -9.9, "{level:.2} LUFS");
        }
    }
}

/// Amplitude of a sine in a stretch of whole periods, by a Hann-windowed sum.
fn amplitude(x: &[f64], turns: f64) -> f64 {
    let n = x.len() as f64;
    let (mut re, mut im) = (0.0, 0.0);
    for (i, x) in x.iter().enumerate() {
        let window = 1.0 - (2.0 * PI * i as f64 / n).cos();
        let (sin, cos) = (2.0 * PI * turns * i as f64).sin_cos();
        re += window * x * cos;
        im += window * x * sin;
    }
    2.0 * (re * re + im * im).sqrt() / n
}

/// Bass 4.8 dB over the ceiling and 1 kHz at -20: side lines 2 and 4 bass frequencies beside 1 kHz, against
/// the tone.
#[test]
fn bass_does_not_modulate_a_tone() {
    let rate = 48_000.0;
    for preset in PRESETS {
        let mut line = format!("{preset}: intermodulation");
        for bass in [45.0, 60.0, 85.0, 130.0] {
            let x: Vec<f64> = (0..(3.0 * rate) as usize)
                .map(|n| {
                    let time = n as f64 / rate;
                    gain(CEILING_DB + 4.8) * (2.0 * PI * bass * time).sin()
                        + gain(-20.0) * (2.0 * PI * 1_000.0 * time).sin()
                })
                .collect();
            let out = limit(&vec![x.clone(), x], rate, preset, 0.0);
            let steady = &out[0][(rate as usize)..2 * rate as usize];
            let tone = amplitude(steady, 1_000.0 / rate);
            let sides = [-4.0, -2.0, 2.0, 4.0];
            let worst =
                sides.iter().map(|k| amplitude(steady, (1_000.0 + k * bass) / rate)).fold(0.0, f64::max);
            let level = db(worst / tone);
            line += &format!(" {bass} Hz {level:.1} dB;");
            if bass == 60.0 && preset != "live" {
                assert!(level <= -75.0, "{preset}: {level:.1} dB");
            }
        }
        println!("{line}");
    }
}
