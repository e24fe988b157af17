//! The limiter's ceiling on every common meter, its level, its distortion, and what it leaves alone.

mod common;
mod loudness_support;

use common::{Bound, measured};
use loudness_support::*;
use mixdsp::{
    Clipper, ClipperConfig, ClipperParams, Limiter, LimiterConfig, LimiterParams, LimiterReadings, Processor,
    Spec,
};
use std::f64::consts::PI;

const CEILING_DB: f64 = -1.0;

/// Limits audio in f32 as it would be delivered; latency kept.
fn limit(audio: &Audio, rate: f64, config: LimiterConfig, params: LimiterParams) -> (Audio, Limiter<f32>) {
    let mut limiter = Limiter::<f32>::new(Spec::new(rate, audio.len()), config, params).unwrap();
    (deliver(audio, &mut limiter), limiter)
}

/// What a unit makes of audio that ends; latency kept.
fn deliver(audio: &Audio, unit: &mut dyn Processor<f32>) -> Audio {
    let late = unit.latency();
    let frames = audio[0].len();
    let mut out: Vec<Vec<f32>> = audio
        .iter()
        .map(|channel| channel.iter().map(|x| *x as f32).chain(vec![0.0; late]).collect())
        .collect();
    let mut run = |from: usize, to: usize, unit: &mut dyn Processor<f32>| {
        let mut slices: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[from..to]).collect();
        unit.process(&mut slices, &[]).unwrap();
    };
    run(0, frames, unit);
    unit.end();
    run(frames, frames + late, unit);
    out.iter().map(|channel| channel.iter().map(|x| *x as f64).collect()).collect()
}

/// Hits of noise and a low thump, whose peaks stand at full scale.
fn drums(rate: f64, frames: usize) -> Audio {
    let mut random = Random(3);
    let beat = (0.25 * rate) as usize;
    let mut low = 0.0;
    let hit = |n: usize| (n % beat) as f64 / rate;
    let x: Vec<f64> = (0..frames)
        .map(|n| {
            low += 0.5 * (random.signed() - low);
            let noise = low * (-60.0 * hit(n)).exp();
            0.7 * noise + 0.6 * (2.0 * PI * 60.0 * hit(n)).sin() * (-12.0 * hit(n)).exp()
        })
        .collect();
    let peak = x.iter().fold(0.0, |peak: f64, x| peak.max(x.abs()));
    let x: Vec<f64> = x.iter().map(|x| x / peak).collect();
    vec![x.clone(), x]
}

#[test]
fn a_clipper_holds_it_too() {
    let mut worst =
        WorstOvers::new("clipper at -1 dBTP, driven 6 dB, drums and 11 torture signals: over the ceiling");
    for rate in [48_000.0, 44_100.0].into_iter().take(common::depth::count(1, 2)) {
        let hits = ("drums", drums(rate, rate as usize));
        for (name, audio) in [hits].into_iter().chain(torture(rate)) {
            let settings = [(0.0, 0.0), (1.0, 9.0), (6.0, 0.0), (0.0, -9.0)];
            for (softness_db, emphasis_db) in settings.into_iter().take(common::depth::count(2, 4)) {
                let params = ClipperParams {
                    drive_db: 6.0,
                    ceiling_db: CEILING_DB,
                    softness_db,
                    emphasis_db,
                    ..Default::default()
                };
                let spec = Spec::new(rate, audio.len());
                let mut clipper = Clipper::<f32>::new(spec, ClipperConfig::default(), params).unwrap();
                let out = deliver(&audio, &mut clipper);
                worst.take(overs(&out, rate, CEILING_DB), &format!("{name}, softness {softness_db} dB"));
            }
        }
    }
    worst.hold();
}

/// White noise up to 0.45 of the rate.
fn band_limited_noise(rate: f64, frames: usize, amplitude: f64) -> Audio {
    let mut random = Random(5);
    let white: Vec<f64> = (0..frames + 512).map(|_| random.signed()).collect();
    let taps: Vec<f64> = (0..=512)
        .map(|n| {
            let m = n as f64 - 256.0;
            let window = bessel(10.0 * (1.0 - (m / 256.0).powi(2)).sqrt()) / bessel(10.0);
            // -6 dB at 0.44, far down at 0.45
            0.88 * sinc(0.88 * m) * window
        })
        .collect();
    let _ = rate;
    let left: Vec<f64> = white
        .windows(513)
        .map(|w| amplitude * w.iter().zip(&taps).map(|(x, h)| x * h).sum::<f64>())
        .collect();
    let right = left.iter().rev().copied().collect();
    vec![left, right]
}

fn sweep(rate: f64, frames: usize, from: f64, to: f64, amplitude: f64) -> Audio {
    let mut phase = 0.0;
    let x: Vec<f64> = (0..frames)
        .map(|n| {
            phase += from + (to - from) * n as f64 / frames as f64;
            amplitude * (2.0 * PI * phase).sin()
        })
        .collect();
    let x = faded(x, rate);
    vec![x.clone(), x]
}

fn impulses(frames: usize) -> Audio {
    let mut random = Random(11);
    let mut x = vec![0.0; frames];
    let mut at = 100;
    while at < frames {
        x[at] = if random.below(2) == 0 { 3.0 } else { -1.5 };
        at += 1 + random.below(400);
    }
    vec![x.clone(), x]
}

/// A square of harmonics to 0.45 of the rate, 6 dB over.
fn square(rate: f64, frames: usize, frequency: f64) -> Audio {
    let top = (0.45 * rate / frequency) as usize;
    let x: Vec<f64> = (0..frames)
        .map(|n| {
            let phase = 2.0 * PI * frequency * n as f64 / rate;
            (1..=top).step_by(2).map(|k| (k as f64 * phase).sin() / k as f64).sum::<f64>() * 8.0 / PI
        })
        .collect();
    let x = faded(x, rate);
    vec![x.clone(), x]
}

fn torture(rate: f64) -> Vec<(&'static str, Audio)> {
    // As many frames at every rate: what is tried are shapes, not times.
    let frames = 48_000;
    let scaled =
        |audio: Audio, gain: f64| audio.into_iter().map(|c| c.iter().map(|x| x * gain).collect()).collect();
    vec![
        ("noise to 0.45", band_limited_noise(rate, frames, 4.0)),
        ("sweep to 0.45", sweep(rate, frames, 0.0005, 0.45, 2.0)),
        ("high sweep", sweep(rate, frames, 0.40, 0.45, 2.0)),
        ("square 100 Hz", square(rate, frames / 2, 100.0)),
        ("square 3 kHz", square(rate, frames / 2, 3_000.0)),
        ("impulses", impulses(frames)),
        ("fs/4 45 deg", scaled(peak_sine(rate, 4.0, 0.5, 45.0), 6.0)),
        ("fs/6 60 deg", scaled(peak_sine(rate, 6.0, 0.5, 60.0), 6.0)),
        ("EBU 19", scaled(peak_sine(rate, 4.0, 1.41, 45.0), 2.0)),
        ("EBU 20", scaled(peak_burst(rate, 0), 4.0)),
        ("EBU 22", scaled(peak_burst(rate, 2), 4.0)),
    ]
}

fn hold_the_ceiling(rate: f64) {
    let title = format!("limiter at -1 dBTP, {rate} Hz, 11 torture signals, 7 presets: over the ceiling");
    let mut worst = WorstOvers::new(&title);
    let presets = [
        ("mastering", LimiterConfig::mastering(), LimiterParams::mastering()),
        ("mix", LimiterConfig::mix(), LimiterParams::mix()),
        ("live", LimiterConfig::live(), LimiterParams::live()),
        ("transparent", LimiterConfig::transparent(), LimiterParams::transparent()),
        ("punchy", LimiterConfig::punchy(), LimiterParams::punchy()),
        ("loud", LimiterConfig::loud(), LimiterParams::loud()),
        ("safe", LimiterConfig::safe(), LimiterParams::safe()),
    ];
    for (name, audio) in torture(rate) {
        for (preset, config, params) in presets {
            let (out, _) = limit(&audio, rate, config, LimiterParams { ceiling_db: CEILING_DB, ..params });
            worst.take(overs(&out, rate, CEILING_DB), &format!("{name}, {preset}"));
        }
    }
    worst.hold();
}

#[test]
fn ceiling_at_44100() {
    hold_the_ceiling(44_100.0);
}
#[test]
fn ceiling_at_48000() {
    hold_the_ceiling(48_000.0);
}
#[test]
fn ceiling_at_96000() {
    hold_the_ceiling(96_000.0);
}
#[test]
#[ignore = "takes long: make test-long"]
fn ceiling_at_192000() {
    hold_the_ceiling(192_000.0);
}

/// The file is as long as the audio: cut in the middle of a wave at both ends.
#[test]
fn the_ceiling_holds_where_a_file_begins_and_ends_in_the_middle_of_a_wave() {
    let title = "limiter at -1 dBTP, 60 sines that begin and end in the middle of a wave: over the ceiling";
    let mut worst = WorstOvers::new(title);
    let mut random = Random(23);
    for (number, rate) in [44_100.0, 48_000.0, 96_000.0].into_iter().cycle().enumerate().take(60) {
        let frequency = 100.0 * (0.44 * rate / 100.0f64).powf(random.signed().abs()) / rate;
        let phase = PI * random.signed();
        let wave = |n: usize| 2.0 * (2.0 * PI * frequency * n as f64 + phase).sin();
        let audio: Audio = vec![(0..4_000 + number).map(wave).collect(); 2];
        for (config, params) in [
            (LimiterConfig::mastering(), LimiterParams::mastering()),
            (LimiterConfig::live(), LimiterParams::live()),
            (LimiterConfig::loud(), LimiterParams::loud()),
        ] {
            let params = LimiterParams { ceiling_db: CEILING_DB, ..params };
            let (out, limiter) = limit(&audio, rate, config, params);
            let out: Audio = out.iter().map(|channel| channel[limiter.latency()..].to_vec()).collect();
            let at = format!("{rate} Hz, {:.0} Hz, phase {phase:.2}", frequency * rate);
            worst.take(overs(&out, rate, CEILING_DB), &at);
        }
    }
    worst.hold();
}

/// The audio as a meter has it that mirrors the edges of a file, as ffmpeg's resampler does.
fn with_mirrored_edges(audio: &Audio) -> Audio {
    let edges = |channel: &Vec<f64>| {
        let before = channel[1..100].iter().rev();
        before.chain(channel).chain(channel[channel.len() - 99..].iter().rev()).copied().collect()
    };
    audio.iter().map(edges).collect()
}

/// Scales audio so that the union of the held kernels reads the ceiling less 0.011 dB, with silence around it and
/// with mirrored edges. The own kernel is guarded by sec(pi/16).
fn just_under_the_ceiling(mut audio: Audio, rate: f64) -> Audio {
    let reading = [audio.clone(), with_mirrored_edges(&audio)].map(|audio| {
        let own = true_peak(&audio, &kaiser(8, 48, 9.0)) / (PI / 16.0).cos();
        true_peak(&audio, &itu()).max(peak_libebur128(&audio, rate)).max(own)
    });
    let scale = gain(CEILING_DB - 0.011) / reading.iter().fold(0.0, |a: f64, b| a.max(*b));
    audio.iter_mut().flatten().for_each(|x| *x *= scale);
    audio
}

#[test]
fn what_is_under_the_ceiling_comes_out_bit_for_bit() {
    let mut changed = 0.0;
    for rate in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
        let frames = (0.7 * rate) as usize;
        let signals = [
            band_limited_noise(rate, frames, 1.0),
            sweep(rate, frames, 20.0 / rate, 0.45, 1.0),
            // A bass on its own, which the low-frequency path hears more of than its peaks.
            sweep(rate, frames, 50.0 / rate, 50.0 / rate, 1.0),
            square(rate, frames, 60.0),
        ];
        for audio in signals {
            let audio = just_under_the_ceiling(audio, rate);
            for (config, params) in [
                (LimiterConfig::mastering(), LimiterParams::mastering()),
                (LimiterConfig::mix(), LimiterParams::mix()),
                (LimiterConfig::live(), LimiterParams::live()),
                (LimiterConfig::punchy(), LimiterParams::punchy()),
                (LimiterConfig { separate: true, ..LimiterConfig::mix() }, LimiterParams::mix()),
            ] {
                let (out, limiter) = limit(&audio, rate, config, params);
                let late = limiter.latency();
                for (channel, out) in audio.iter().zip(&out) {
                    assert!(out[..late].iter().all(|y| *y == 0.0));
                    let pairs = channel.iter().zip(&out[late..]);
                    changed += pairs.filter(|(x, y)| **x as f32 as f64 != **y).count() as f64;
                }
                assert_eq!(limiter.get(LimiterReadings::GAIN_REDUCTION_MAX_DB), Some(0.0));
            }
        }
    }
    measured(
        "limiter",
        "noise, sweeps, a bass and squares 0.011 dB under the ceiling, four rates, 4 presets: samples changed",
        Bound::Equals(0.0),
        changed,
        "",
        "theory",
    );
}
