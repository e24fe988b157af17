//! The clipper's curve, readings and what it leaves alone, each against theory.

mod common;

use common::{Bound, measured};
use mixdsp::{Clipper, ClipperConfig, ClipperParams, ClipperReadings, Processor, Spec};
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn unit(params: ClipperParams) -> Clipper<f64> {
    Clipper::new(Spec::new(RATE, 1), ClipperConfig::default(), params).unwrap()
}

fn decibels(gain: f64) -> f64 {
    20.0 * gain.max(1e-20).log10()
}

/// The curve of the documentation, with the margins that the gain behind it keeps: 0.04 dB and its guard.
fn curve(x: f64, ceiling_db: f64, softness_db: f64) -> f64 {
    let ceiling = 10f64.powf((ceiling_db - 0.215) / 20.0);
    let knee = (1.0 - 10f64.powf(-softness_db / 20.0)).max(1e-5);
    let level = x.abs() / ceiling;
    let into = (level - 1.0 + knee).clamp(0.0, 2.0 * knee);
    let y = level.min(1.0 + knee) - into * into / (4.0 * knee);
    x.signum() * y * ceiling
}

#[test]
fn the_static_curve_is_the_one_asked_for() {
    let mut worst: f64 = 0.0;
    for softness_db in [0.0, 1.0, 3.0, 6.0] {
        for ceiling_db in [-1.0, -12.0] {
            for drive_db in [0.0, 6.0, 24.0] {
                let params = ClipperParams { drive_db, ceiling_db, softness_db, ..Default::default() };
                let mut unit = unit(params);
                let drive = 10f64.powf(drive_db / 20.0);
                for step in -20..=20 {
                    let x = f64::from(step) / 20.0;
                    let mut audio = vec![x; 800];
                    unit.process(&mut [&mut audio], &[]).unwrap();
                    worst = worst.max((audio[799] - curve(drive * x, ceiling_db, softness_db)).abs());
                }
            }
        }
    }
    let what = "static curve, softness 0 to 6 dB, drive 0 to 24 dB";
    measured("clipper", what, Bound::AtMost(1e-4), worst, "", "the formula");
}

#[test]
fn what_stays_under_the_knee_is_left_alone() {
    let mut unit = unit(ClipperParams { softness_db: 3.0, ..Default::default() });
    let latency = unit.latency();
    let wave = |n: f64| 0.5 * (TAU * 997.0 * n / RATE).sin();
    let mut audio: Vec<f64> = (0..48_000).map(|n| wave(n as f64)).collect();
    unit.process(&mut [&mut audio], &[]).unwrap();
    let error = (latency..48_000).map(|n| (audio[n] - wave((n - latency) as f64)).abs()).fold(0.0, f64::max);
    let what = "a sine under the knee: what leaves besides it";
    measured("clipper", what, Bound::AtMost(-200.0), decibels(error / 0.5), "dB", "the sine, delayed");
    assert_eq!(unit.get(ClipperReadings::CLIPPED_SHARE), Some(0.0));
    assert_eq!(unit.get(ClipperReadings::CLIPPED_MAX_DB), Some(0.0));
    assert_eq!(unit.get(ClipperReadings::LIMITED_MAX_DB), Some(0.0));
}

#[test]
fn readings_say_how_much_and_where() {
    let params = ClipperParams { ceiling_db: -6.0, softness_db: 0.0, ..Default::default() };
    let mut unit = unit(params);
    assert_eq!(unit.get(ClipperReadings::CLIPPED_DB), None);
    // One slow wave of full scale a second, then silence: over -6 dB for two thirds of its time.
    let mut audio = vec![0.0; 4_800];
    for n in 0..960 {
        audio[n] = (TAU * 50.0 * n as f64 / RATE).sin();
    }
    let mut clipped = Vec::new();
    for block in audio.chunks_mut(16) {
        unit.process(&mut [block], &[]).unwrap();
        let mut course = [0.0; 16];
        assert_eq!(unit.trace(ClipperReadings::CLIPPED_DB, &mut course), 16);
        clipped.extend(course);
    }
    let largest = unit.get(ClipperReadings::CLIPPED_MAX_DB).unwrap();
    measured(
        "clipper",
        "largest clipping of a sine 6 dB over the ceiling",
        Bound::Within(6.215, 0.05),
        largest,
        "dB",
        "theory",
    );
    let frames = clipped.iter().filter(|db| **db > 0.0).count() as f64;
    let share = unit.get(ClipperReadings::CLIPPED_SHARE).unwrap();
    assert_eq!(share, frames / 4_800.0);
    let level = 10f64.powf(-6.215 / 20.0);
    let expected = 960.0 * (1.0 - level.asin() * 2.0 / std::f64::consts::PI);
    measured(
        "clipper",
        "frames clipped of a sine 6 dB over",
        Bound::Within(expected.round(), 8.0),
        frames,
        "",
        "theory",
    );
}
