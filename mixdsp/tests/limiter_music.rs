//! The limiter on music driven hard: ceiling, level, and what it does to a tone over loud bass.

mod common;
mod loudness_support;

use common::{Bound, depth, measured, report};
use loudness_support::*;
use mixdsp::{Limiter, LimiterConfig, LimiterParams, Processor, Spec};
use std::f64::consts::PI;

const CEILING_DB: f64 = -1.0;
const PRESETS: [&str; 5] = ["mastering", "mix", "live", "punchy", "loud"];
/// Those that promise clean bass.
const CLEAN: [&str; 3] = ["mastering", "mix", "live"];

fn preset(name: &str) -> (LimiterConfig, LimiterParams) {
    match name {
        "mastering" => (LimiterConfig::mastering(), LimiterParams::mastering()),
        "mix" => (LimiterConfig::mix(), LimiterParams::mix()),
        "punchy" => (LimiterConfig::punchy(), LimiterParams::punchy()),
        "loud" => (LimiterConfig::loud(), LimiterParams::loud()),
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

/// Ceiling on all pieces with all presets.
fn hold(title: &str, pieces: &[(String, Audio, f64)], drive_db: f64) {
    let mut worst = WorstOvers::new(&format!("{title} driven {drive_db:+} dB, 5 presets: over -1 dBTP"));
    for (name, audio, rate) in pieces {
        for preset in PRESETS {
            let out = limit(audio, *rate, preset, drive_db);
            worst.take(overs(&out, *rate, CEILING_DB), &format!("{name} at {rate} Hz, {preset}"));
            println!("{name} {drive_db:+} dB at {rate} Hz, {preset}: {:.2} LUFS", loudness(&out, *rate));
        }
    }
    worst.hold();
}

#[test]
fn the_ceiling_holds_on_programmes() {
    let pieces: Vec<_> = [44_100.0, 48_000.0, 96_000.0, 192_000.0]
        .iter()
        .map(|rate| ("synthetic".to_string(), programme(4.0, *rate, 1), *rate))
        .collect();
    hold("synthetic music at four rates", &pieces, 18.0);
}

#[test]
fn the_ceiling_holds_on_music() {
    let rates = [44_100.0, 48_000.0, 96_000.0, 192_000.0];
    for rate in rates.into_iter().take(depth::count(2, 4)) {
        let excerpts: Vec<_> = music(Some(rate))
            .into_iter()
            .map(|(name, audio, rate)| {
                let from = (30.0 * rate) as usize;
                let frames = depth::count(4, 8) * rate as usize;
                let excerpt = audio.iter().map(|c| c[from..][..frames].to_vec()).collect();
                (name, excerpt, rate)
            })
            .collect();
        hold(&format!("music at {rate} Hz"), &excerpts, 9.0);
        hold(&format!("music at {rate} Hz"), &excerpts, 20.0);
    }
}

/// The mix preset is loud: at least -9.9 LUFS on the minute from 1:00 to 2:00, where the sum driven +9 dB
/// reads -7.4 without a limiter. The whole song reads -9.15 then, and -9.4 when its samples are cut off at
/// the ceiling: there no limiter with clean bass gets to -9.9, and what ours reaches is only told. The whole song is
/// heard where all is swept.
#[test]
fn francium_is_loud_and_under_the_ceiling() {
    let Some((audio, rate)) = francium() else { return };
    let minute = |audio: &Audio| -> Audio {
        audio.iter().map(|c| c[60 * rate as usize..120 * rate as usize].to_vec()).collect()
    };
    let title = |part: &str| format!("Francium {part} driven +9 dB, 5 presets: over -1 dBTP");
    let mut worst = WorstOvers::new(&title("from 1:00 to 2:00"));
    for preset in PRESETS {
        let out = limit(&minute(&audio), rate, preset, 9.0);
        worst.take(overs(&out, rate, CEILING_DB), preset);
        let level = loudness(&out, rate);
        println!("Francium +9 dB, {preset}: 1:00 to 2:00 {level:.2} LUFS");
        if preset == "mix" {
            let title = "Francium's plain sum +9 dB, 1:00 to 2:00, mix preset";
            measured("limiter", title, Bound::AtLeast(-9.9), level, "LUFS", "ebur128 crate");
        }
    }
    worst.hold();
    if !depth::is_long() {
        return;
    }
    let cut_off = |audio: &Audio| -> Audio {
        let (drive, top) = (gain(9.0), gain(CEILING_DB));
        audio.iter().map(|c| c.iter().map(|x| (drive * x).clamp(-top, top)).collect()).collect()
    };
    let [bare, cut] = [loudness(&audio, rate) + 9.0, loudness(&cut_off(&audio), rate)];
    println!(
        "Francium +9 dB: {bare:.2} LUFS, cut off at the ceiling {cut:.2}; 1:00 to 2:00 {:.2} and {:.2}",
        loudness(&minute(&audio), rate) + 9.0,
        loudness(&cut_off(&minute(&audio)), rate),
    );
    let mut worst = WorstOvers::new(&title("in full"));
    for preset in PRESETS {
        let out = limit(&audio, rate, preset, 9.0);
        worst.take(overs(&out, rate, CEILING_DB), preset);
        let whole = loudness(&out, rate);
        println!("Francium +9 dB, {preset}: {whole:.2} LUFS");
        if preset == "mix" {
            report(
                "limiter",
                "Francium's plain sum +9 dB, the whole song, mix preset",
                &format!("at least -9.9 LUFS wanted; cut off at the ceiling it reads {cut:.2}"),
                &format!("{whole:.2} LUFS"),
                "ebur128 crate",
            );
        }
    }
    worst.hold();
}

/// The drive that gives a loudness, to 0.05 dB.
fn drive_for(lufs: f64, rate: f64, make: impl Fn(f64) -> Option<Audio>) -> Option<f64> {
    let (mut low, mut high) = (0.0, 30.0);
    while high - low > 0.05 {
        let drive_db = 0.5 * (low + high);
        let reached = loudness(&make(drive_db)?, rate);
        if reached < lufs { low = drive_db } else { high = drive_db }
    }
    Some(high)
}

/// ffmpeg's alimiter at four times the rate; its limit lies so far under the ceiling that the true peaks are alike.
fn alimiter(audio: &Audio, rate: f64, drive_db: f64) -> Option<Audio> {
    let driven: Audio = audio.iter().map(|c| c.iter().map(|x| x * gain(drive_db)).collect()).collect();
    let limit = gain(CEILING_DB - 0.25);
    let chain =
        format!("aresample={},alimiter=limit={limit}:level=false:latency=true,aresample={rate}", 4.0 * rate);
    let (_, bytes) = ffmpeg(&driven, rate, &["-af", &chain, "-f", "f32le", "-"])?;
    let samples: Vec<f64> =
        bytes.chunks_exact(4).map(|b| f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]]))).collect();
    Some((0..2).map(|channel| samples.iter().skip(channel).step_by(2).copied().collect()).collect())
}

/// Six of every thirty seconds.
#[test]
fn a_hard_drive_still_gets_louder() {
    let Some((audio, rate)) = francium() else { return };
    let part = |channel: &Vec<f64>| -> Vec<f64> {
        channel
            .chunks(30 * rate as usize)
            .flat_map(|c| &c[..c.len().min(6 * rate as usize)])
            .copied()
            .collect()
    };
    let audio: Audio = audio.iter().map(part).collect();
    let ours = |drive_db: f64| Some(limit(&audio, rate, "mastering", drive_db));
    let (Some(loud), Some(louder)) = (drive_for(-9.0, rate, ours), drive_for(-7.0, rate, ours)) else {
        return;
    };
    println!("Francium, mastering preset: {loud:.2} dB of drive for -9 LUFS, {louder:.2} dB for -7");
    let title = "Francium at -7 LUFS, mastering preset: drive";
    measured("limiter", title, Bound::AtMost(24.0), louder, "dB", "ebur128 crate");
    if let Some(theirs) = drive_for(-9.0, rate, |drive_db| alimiter(&audio, rate, drive_db)) {
        println!("ffmpeg's alimiter at 4x: {theirs:.2} dB for -9 LUFS");
        let title = "Francium at -9 LUFS, mastering preset: drive beyond that of alimiter at 4x";
        measured("limiter", title, Bound::AtMost(0.5), loud - theirs, "dB", "ffmpeg");
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
    for preset in CLEAN {
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
            if bass == 60.0 {
                let title =
                    format!("intermodulation of 60 Hz, 4.8 dB over the ceiling, with 1 kHz, {preset} preset");
                measured("limiter", &title, Bound::AtMost(-75.0), level, "dB", "theory");
            }
        }
        println!("{line}");
    }
}
