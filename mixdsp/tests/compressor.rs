//! The compressor's curve, times, cleanliness and channels, each against theory.

use mixdsp::{Compressor, CompressorConfig, CompressorParams, CompressorReadings, Processor, Spec};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn hard(threshold_db: f64, ratio: f64) -> CompressorParams {
    CompressorParams { threshold_db, ratio, knee_db: 0.0, ..CompressorParams::default() }
}

fn unit(channels: usize, config: CompressorConfig, params: CompressorParams) -> Compressor<f64> {
    Compressor::new(Spec::new(RATE, channels), config, params).unwrap()
}

fn sine(frequency_hz: f64, amplitude: f64, frames: usize) -> Vec<f64> {
    (0..frames).map(|n| amplitude * (TAU * frequency_hz * n as f64 / RATE).sin()).collect()
}

fn decibels(gain: f64) -> f64 {
    20.0 * gain.log10()
}

/// Amplitude of one frequency over whole periods at the end.
fn amplitude(samples: &[f64], frequency_hz: f64) -> f64 {
    let step = -TAU * frequency_hz / RATE;
    let sum: Complex<f64> =
        samples.iter().enumerate().map(|(n, y)| Complex::from_polar(*y, step * n as f64)).sum();
    2.0 * sum.norm() / samples.len() as f64
}

#[test]
fn the_static_curve_is_the_one_asked_for() {
    let mut worst = 0.0f64;
    for ratio in [1.5, 4.0, 20.0] {
        for knee_db in [0.0, 6.0, 18.0] {
            for level_db in (-60..=12).step_by(3).map(f64::from) {
                let params = CompressorParams { threshold_db: -20.0, ratio, knee_db, ..Default::default() };
                let mut unit = unit(1, CompressorConfig::default(), params);
                let mut audio = sine(100.0, 10f64.powf(level_db / 20.0), 96_000);
                unit.process(&mut [&mut audio], &[]).unwrap();
                let over = level_db + 20.0;
                let reduced = if 2.0 * over <= -knee_db {
                    0.0
                } else if 2.0 * over < knee_db {
                    (over + knee_db / 2.0).powi(2) / (2.0 * knee_db)
                } else {
                    over
                } * (1.0 - 1.0 / ratio);
                let measured = decibels(amplitude(&audio[48_000..], 100.0)) - level_db;
                worst = worst.max((measured + reduced).abs());
                let reported = unit.get(CompressorReadings::GAIN_REDUCTION_DB).unwrap();
                assert!((reported - reduced).abs() < 0.01, "{reported} {reduced}");
            }
        }
    }
    println!("static curve on a 100 Hz sine: {worst:.4} dB");
    assert!(worst < 0.01, "{worst}");
}

#[test]
fn attack_and_release_are_time_constants() {
    let params = CompressorParams { attack_ms: 5.0, release_ms: 200.0, ..hard(-40.0, 2.0) };
    let config = CompressorConfig { hold_ms: 0.0, ..Default::default() };
    let mut unit = unit(1, config, params);
    let level = |db: f64| 10f64.powf(db / 20.0);
    let mut audio = vec![level(-40.0); 4_800];
    audio.extend(vec![level(-6.0); 48_000]);
    audio.extend(vec![level(-40.0); 96_000]);
    let input = audio.clone();
    unit.process(&mut [&mut audio], &[]).unwrap();
    let reduction: Vec<f64> = audio.iter().zip(&input).map(|(y, x)| decibels(x / y)).collect();
    let all = 17.0;
    let up = reduction[4_800..].iter().position(|r| *r >= all * (1.0 - (-1f64).exp())).unwrap();
    let down = reduction[52_800..].iter().position(|r| *r <= all * (-1f64).exp()).unwrap();
    let (attack_ms, release_ms) = (up as f64 / 48.0, down as f64 / 48.0);
    println!("attack {attack_ms:.3} ms for 5, release {release_ms:.2} ms for 200");
    assert!((attack_ms / 5.0 - 1.0).abs() < 0.02 && (release_ms / 200.0 - 1.0).abs() < 0.02);
}

#[test]
fn bass_stays_clean() {
    let mut worst = f64::MIN;
    for frequency_hz in [40.0, 50.0, 100.0, 1_000.0] {
        let params = CompressorParams { attack_ms: 5.0, release_ms: 100.0, ..hard(-20.0, 4.0) };
        let mut unit = unit(1, CompressorConfig::default(), params);
        let mut audio = sine(frequency_hz, 10f64.powf(-6.0 / 20.0), 240_000);
        unit.process(&mut [&mut audio], &[]).unwrap();
        let end = &audio[192_000..];
        let harmonics = (2..=20).map(|n| amplitude(end, frequency_hz * n as f64).powi(2)).sum::<f64>().sqrt();
        let thd = decibels(harmonics / amplitude(end, frequency_hz));
        println!("{frequency_hz} Hz: THD {thd:.1} dB");
        worst = worst.max(thd);
    }
    assert!(worst < -120.0, "{worst}");
}

#[test]
fn linked_channels_keep_their_balance_and_free_ones_do_not() {
    let run = |link: f64| {
        let params = CompressorParams { link, ..hard(-30.0, 4.0) };
        let mut unit = unit(2, CompressorConfig::default(), params);
        let (mut left, mut right) = (sine(500.0, 0.5, 48_000), sine(500.0, 0.01, 48_000));
        unit.process(&mut [&mut left, &mut right], &[]).unwrap();
        decibels(amplitude(&left[24_000..], 500.0) / amplitude(&right[24_000..], 500.0))
    };
    let before = decibels(50.0);
    assert!((run(1.0) - before).abs() < 0.001, "{}", run(1.0));
    let free = before - 0.75 * (decibels(0.5) + 30.0);
    assert!((run(0.0) - free).abs() < 0.02, "{} {free}", run(0.0));
}

#[test]
fn a_key_decides_and_the_input_follows() {
    let spec = Spec::new(RATE, 2).with_sidechain(1);
    let mut unit = Compressor::<f64>::new(spec, CompressorConfig::default(), hard(-20.0, 4.0)).unwrap();
    let (mut left, mut right) = (vec![0.01; 24_000], vec![-0.02; 24_000]);
    let key = sine(200.0, 1.0, 24_000);
    unit.process(&mut [&mut left, &mut right], &[&key]).unwrap();
    assert!((decibels(left[23_999] / 0.01) + 15.0).abs() < 0.05, "{}", decibels(left[23_999] / 0.01));
    assert!((right[23_999] / left[23_999] + 2.0).abs() < 1e-12);
}

#[test]
fn with_look_ahead_and_no_attack_nothing_gets_over() {
    for lookahead_ms in [1.0, 5.0] {
        let config = CompressorConfig { lookahead_ms, ..Default::default() };
        let params = CompressorParams { attack_ms: 0.0, ..hard(-12.0, 1_000.0) };
        let mut unit = unit(1, config, params);
        let latency = unit.latency();
        assert_eq!(latency as f64, lookahead_ms * 48.0);
        // a burst out of nothing, at a level whose reduction is exact
        let mut audio = vec![0.0; 5_000];
        audio[2_000..2_400].fill(1.0);
        unit.process(&mut [&mut audio], &[]).unwrap();
        let allowed = 10f64.powf((-12.0 + 12.0 / 1_000.0) / 20.0);
        let over = audio.iter().fold(0.0f64, |a, b| a.max(*b)) / allowed - 1.0;
        println!("{lookahead_ms} ms: over by {over:.1e}");
        assert!(over < 1e-6, "{over}");
        assert!(audio[..2_000 + latency].iter().all(|y| *y == 0.0), "in time to the sample");
        assert!(audio[2_000 + latency] > 0.0);
    }
}

#[test]
fn a_ratio_of_one_changes_nothing() {
    let config = CompressorConfig { lookahead_ms: 3.0, ..Default::default() };
    let mut unit = unit(1, config, CompressorParams { ratio: 1.0, ..Default::default() });
    let input = sine(1_234.0, 0.9, 9_000);
    let mut audio = input.clone();
    unit.process(&mut [&mut audio], &[]).unwrap();
    assert_eq!(audio[144..], input[..9_000 - 144]);
}

#[test]
fn a_line_that_meets_a_step_never_lifts() {
    let params = CompressorParams { attack_ms: 0.0, release_ms: 1.0, ..hard(-40.0, 1.0) };
    let mut unit = unit(1, CompressorConfig::default(), params);
    let mut audio: Vec<f64> = (0..4_000).map(|n| if n / 60 % 2 == 0 { 0.9 } else { -0.9 }).collect();
    unit.set(CompressorParams::RATIO, 1_000.0).unwrap();
    unit.glide(CompressorParams::THRESHOLD_DB, -80.0, 64).unwrap();
    unit.glide(CompressorParams::RATIO, 1.0, 16).unwrap();
    unit.process(&mut [&mut audio], &[]).unwrap();
    let highest = audio.iter().fold(0.0f64, |a, y| a.max(y.abs()));
    assert!(decibels(highest / 0.9) < 1e-6, "lifted by {} dB", decibels(highest / 0.9));
}
