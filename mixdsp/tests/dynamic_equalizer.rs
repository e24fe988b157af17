//! The dynamic equalizer: silent while idle, exact in level and time, analogue in shape.

mod common;

use common::{Bound, Random, measured};
use mixdsp::engine::kind::ResponseAt;
use mixdsp::params::Value;
use mixdsp::{
    Band, DynamicBand, DynamicEqualizer, DynamicEqualizerConfig, DynamicEqualizerParams,
    DynamicEqualizerReadings, DynamicKey, DynamicKind, Equalizer, EqualizerConfig, EqualizerParams,
    Processor, Sample, Spec,
};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn unit<T: Sample>(spec: Spec, bands: &[DynamicBand]) -> DynamicEqualizer<T> {
    let config = DynamicEqualizerConfig { bands: bands.len() as u32 };
    DynamicEqualizer::new(spec, config, DynamicEqualizerParams { bands }).unwrap()
}

fn mono<T: Sample>(bands: &[DynamicBand]) -> DynamicEqualizer<T> {
    unit(Spec::new(RATE, 1), bands)
}

fn band(kind: DynamicKind, frequency_hz: f64, range_db: f64) -> DynamicBand {
    DynamicBand { kind, frequency_hz, range_db, q: 1.0, ..DynamicBand::default() }
}

fn sine(frequency_hz: f64, amplitude: f64, frames: usize) -> Vec<f64> {
    (0..frames).map(|n| amplitude * (TAU * frequency_hz * n as f64 / RATE).sin()).collect()
}

fn decibels(gain: f64) -> f64 {
    20.0 * gain.max(1e-20).log10()
}

/// Amplitude of one frequency over whole periods.
fn amplitude(samples: &[f64], frequency_hz: f64) -> f64 {
    let step = -TAU * frequency_hz / RATE;
    let sum: Complex<f64> =
        samples.iter().enumerate().map(|(n, y)| Complex::from_polar(*y, step * n as f64)).sum();
    2.0 * sum.norm() / samples.len() as f64
}

fn noise<T: Sample>(frames: usize, peak: f64, seed: u64) -> Vec<T> {
    let mut random = Random::new(seed);
    (0..frames).map(|_| T::from_f64(peak * random.noise())).collect()
}

fn largest_difference<T: Sample>(a: &[T], b: &[T]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a.to_f64() - b.to_f64()).abs()).fold(0.0, f64::max)
}

/// Bands that hear noise well below their threshold.
fn idle<T: Sample>() -> (f64, f64) {
    let plain: Vec<DynamicBand> = [
        band(DynamicKind::Bell, 300.0, -12.0),
        band(DynamicKind::LowShelf, 100.0, 9.0),
        band(DynamicKind::HighShelf, 8_000.0, -6.0),
    ]
    .into_iter()
    .map(|band| DynamicBand { threshold_db: -3.0, ..band })
    .collect();
    let before = noise::<T>(30_000, 0.2, 1);
    let mut after = before.clone();
    mono::<T>(&plain).process(&mut [&mut after], &[]).unwrap();
    let without_gain = largest_difference(&before, &after);
    let with_gain: Vec<DynamicBand> =
        plain.iter().zip([4.0, -6.0, 3.0]).map(|(band, gain_db)| DynamicBand { gain_db, ..*band }).collect();
    let mut after = before.clone();
    mono::<T>(&with_gain).process(&mut [&mut after], &[]).unwrap();
    let bands =
        [Band::bell(300.0, 4.0, 1.0), Band::low_shelf(100.0, -6.0, 1.0), Band::high_shelf(8e3, 3.0, 1.0)];
    let mut plain = before;
    let params = EqualizerParams { bands: &bands };
    Equalizer::<T>::new(Spec::new(RATE, 1), EqualizerConfig::bands(3), params)
        .unwrap()
        .process(&mut [&mut plain], &[])
        .unwrap();
    (decibels(without_gain), decibels(largest_difference(&plain, &after)))
}

#[test]
fn an_idle_band_is_not_there() {
    for (sample, (without_gain, with_gain)) in [("f32", idle::<f32>()), ("f64", idle::<f64>())] {
        let asked = format!("idle bands without gain, {sample}: difference from the input");
        measured("dynamic equalizer", &asked, Bound::AtMost(-140.0), without_gain, "dBFS", "the input");
        let asked = format!("idle bands with gain, {sample}: difference from the equalizer");
        measured("dynamic equalizer", &asked, Bound::AtMost(-140.0), with_gain, "dBFS", "the equalizer");
    }
}

#[test]
fn the_static_curve_is_the_one_asked_for() {
    let mut worst = 0.0f64;
    let mut reading = 0.0f64;
    for frequency_hz in [60.0, 1_000.0, 4_000.0, 12_000.0] {
        for (gain_db, range_db, ratio) in [(0.0, -12.0, 2.0), (3.0, -24.0, 4.0), (-2.0, 9.0, 3.0)] {
            for level_db in [-50.0, -30.1, -24.0, -12.0, -6.0, 0.0] {
                let values = DynamicBand {
                    gain_db,
                    ratio,
                    threshold_db: -30.0,
                    attack_ms: 5.0,
                    ..band(DynamicKind::Bell, frequency_hz, range_db)
                };
                let mut unit = mono::<f64>(&[values]);
                let mut audio = sine(frequency_hz, 10f64.powf(level_db / 20.0), 96_000);
                unit.process(&mut [&mut audio], &[]).unwrap();
                let gain = decibels(amplitude(&audio[48_000..], frequency_hz)) - level_db;
                let over = f64::max(level_db + 30.0, 0.0) * (1.0 - 1.0 / ratio);
                let change = over.min(range_db.abs()) * range_db.signum();
                // At 12 kHz the curve itself may be off by more, see below.
                if frequency_hz < 10_000.0 {
                    worst = worst.max((gain - gain_db - change).abs());
                }
                assert!((values.change_db(level_db) - change).abs() < 1e-12);
                reading =
                    reading.max((unit.get(DynamicEqualizerReadings::CHANGE_DB).unwrap() - change).abs());
            }
        }
    }
    let asked = "static curve at the frequency of a bell to 4 kHz, 48 kHz";
    measured("dynamic equalizer", asked, Bound::AtMost(0.05), worst, "dB", "theory");
    let asked = "reported change on the same sines and at 12 kHz";
    measured("dynamic equalizer", asked, Bound::AtMost(0.05), reading, "dB", "theory");
}

#[test]
fn a_band_keeps_the_analogue_shape_while_it_gives_way() {
    let mut worst = 0.0f64;
    for (kind, frequency_hz) in
        [(DynamicKind::Bell, 14_000.0), (DynamicKind::LowShelf, 150.0), (DynamicKind::HighShelf, 9_000.0)]
    {
        for level_db in [-26.0, -20.0, -14.0, -8.0] {
            let values = DynamicBand { gain_db: 2.0, ratio: 2.0, q: 0.8, ..band(kind, frequency_hz, -12.0) };
            let mut unit = mono::<f64>(&[values]);
            let mut audio = sine(frequency_hz, 10f64.powf(level_db / 20.0), 48_000);
            unit.process(&mut [&mut audio], &[]).unwrap();
            let change = unit.get(DynamicEqualizerReadings::CHANGE_DB).unwrap();
            let prototype = values.prototype(change).unwrap();
            for step in 0..100 {
                let f = 20.0 * 1_000f64.powf(f64::from(step) / 99.0);
                let now = unit.response(f, ResponseAt::Now).unwrap().norm();
                worst = worst.max(decibels(now / prototype.response(f).norm()).abs());
            }
        }
    }
    let asked = "curve at any gain, 48 kHz: distance from the analogue one";
    measured("dynamic equalizer", asked, Bound::AtMost(0.17), worst, "dB", "theory");
}

#[test]
fn the_reported_response_is_that_of_the_impulse_response() {
    let mut worst = 0.0f64;
    let bands = [
        DynamicBand { gain_db: 5.0, threshold_db: 0.0, ..band(DynamicKind::Bell, 400.0, -6.0) },
        DynamicBand { gain_db: -7.0, threshold_db: 0.0, ..band(DynamicKind::HighShelf, 6_000.0, 6.0) },
        DynamicBand { gain_db: 3.0, threshold_db: 0.0, ..band(DynamicKind::LowShelf, 200.0, 6.0) },
    ];
    let mut unit = mono::<f64>(&bands);
    let mut audio = vec![0.0; 1 << 14];
    audio[0] = 0.5;
    unit.process(&mut [&mut audio], &[]).unwrap();
    for f in [30.0, 210.0, 400.0, 3_000.0, 7_000.0, 19_000.0] {
        let step = -TAU * f / RATE;
        let sum: Complex<f64> =
            audio.iter().enumerate().map(|(n, y)| Complex::from_polar(2.0 * y, step * n as f64)).sum();
        worst = worst.max((sum - unit.response(f, ResponseAt::Settled).unwrap()).norm());
    }
    let asked = "response below the thresholds: distance from the impulse response's";
    measured("dynamic equalizer", asked, Bound::AtMost(1e-5), worst, "", "a Fourier sum");
}

#[test]
fn attack_and_release_are_time_constants() {
    let mut worst = [0.0f64; 2];
    for (attack_ms, release_ms) in [(5.0, 100.0), (20.0, 200.0), (50.0, 500.0)] {
        let values = DynamicBand {
            threshold_db: -40.0,
            ratio: 1_000.0,
            attack_ms,
            release_ms,
            ..band(DynamicKind::Bell, 5_000.0, -10.0)
        };
        let mut unit = mono::<f64>(&[values]);
        // Loud enough to ask for the whole range at once, then silent.
        let mut time_to = |amplitude: f64, reached: &dyn Fn(f64) -> bool| {
            let mut audio = sine(5_000.0, amplitude, 96_000);
            let frame = audio.chunks_mut(1).position(|mut frame| {
                unit.process(&mut [&mut frame], &[]).unwrap();
                reached(-unit.get(DynamicEqualizerReadings::CHANGE_DB).unwrap())
            });
            frame.unwrap() as f64 / RATE * 1e3
        };
        let part = 10.0 * (1.0 - (-1.0f64).exp());
        let attack = time_to(1.0, &|change| change >= part);
        let _ = time_to(1.0, &|change| change >= 9.999_999);
        let release = time_to(0.0, &|change| change <= 10.0 - part);
        worst[0] = worst[0].max((attack / attack_ms - 1.0).abs());
        worst[1] = worst[1].max((release / release_ms - 1.0).abs());
    }
    // The band-pass takes a fraction of a millisecond to notice.
    for (name, worst) in [("attack", worst[0]), ("release", worst[1])] {
        let asked = format!("{name}, 63.2 % of the way, bell at 5 kHz");
        measured("dynamic equalizer", &asked, Bound::AtMost(5.0), 100.0 * worst, "% off", "theory");
    }
}

#[test]
fn gain_that_follows_a_tremolo_adds_nothing_inharmonic() {
    let values = DynamicBand {
        threshold_db: -30.0,
        ratio: 4.0,
        attack_ms: 5.0,
        release_ms: 50.0,
        ..band(DynamicKind::Bell, 1_000.0, -12.0)
    };
    let mut worst = f64::NEG_INFINITY;
    for single in [false, true] {
        let tremolo = |n: usize| 0.3 * (1.0 + 0.8 * (TAU * 60.0 * n as f64 / RATE).sin());
        let mut audio: Vec<f64> =
            sine(1_000.0, 1.0, 144_000).into_iter().enumerate().map(|(n, x)| x * tremolo(n)).collect();
        if single {
            let mut narrow: Vec<f32> = audio.iter().map(|x| *x as f32).collect();
            mono::<f32>(&[values]).process(&mut [&mut narrow], &[]).unwrap();
            audio = narrow.into_iter().map(f64::from).collect();
        } else {
            mono::<f64>(&[values]).process(&mut [&mut audio], &[]).unwrap();
        }
        // One second of it: whole periods of everything that should be there.
        let mut rest = audio[96_000..].to_vec();
        let carrier = amplitude(&rest, 1_000.0);
        for side in -16i32..=100 {
            let f = 1_000.0 + 60.0 * f64::from(side);
            let step = TAU * f / RATE;
            let sum: Complex<f64> =
                rest.iter().enumerate().map(|(n, y)| Complex::from_polar(*y, -step * n as f64)).sum();
            let line = sum * (2.0 / rest.len() as f64);
            let take =
                |(n, y): (usize, &mut f64)| *y -= (line * Complex::from_polar(1.0, step * n as f64)).re;
            rest.iter_mut().enumerate().for_each(take);
        }
        let energy: f64 = rest.iter().map(|y| y * y).sum();
        worst = worst.max(decibels((2.0 * energy / rest.len() as f64).sqrt() / carrier));
    }
    let asked = "1 kHz cut driven by 60 Hz: everything but the sidebands";
    measured("dynamic equalizer", asked, Bound::AtMost(-80.0), worst, "dB", "a Fourier sum");
}

#[test]
fn an_external_key_moves_a_band_and_its_own_does_not() {
    let spec = Spec::new(RATE, 2).with_sidechain(1);
    let ducked = DynamicBand { key: DynamicKey::External, ..band(DynamicKind::Bell, 1_000.0, -12.0) };
    let own = band(DynamicKind::Bell, 1_000.0, -12.0);
    let loud = sine(1_000.0, 1.0, 24_000);
    let quiet = sine(1_000.0, 0.01, 24_000);
    let change = |values: DynamicBand, input: &[f64], key: &[&[f64]]| {
        let mut unit = unit::<f64>(spec, &[values]);
        let (mut left, mut right) = (input.to_vec(), input.to_vec());
        unit.process(&mut [&mut left, &mut right], key).unwrap();
        assert_eq!(left, right);
        unit.get(DynamicEqualizerReadings::CHANGE_DB).unwrap()
    };
    assert!((change(ducked, &quiet, &[&loud]) + 12.0).abs() < 0.01);
    assert_eq!(change(ducked, &loud, &[&quiet]), 0.0);
    assert_eq!(change(own, &quiet, &[&loud]), 0.0);
    assert!((change(own, &loud, &[&quiet]) + 12.0).abs() < 0.01);
    // A call without a key listens to the input.
    assert!((change(ducked, &loud, &[]) + 12.0).abs() < 0.01);
    // A unit without key channels has nothing external.
    let mut bare = mono::<f64>(&[own]);
    assert!(bare.set(DynamicBand::KEY, DynamicKey::External.to_number()).is_err());
}

#[test]
fn the_loudest_channel_decides_for_all() {
    let values = band(DynamicKind::Bell, 1_000.0, -12.0);
    let mut unit = unit::<f64>(Spec::new(RATE, 3), &[values; 9]);
    let (loud, quiet) = (sine(1_000.0, 0.5, 24_000), sine(1_000.0, 0.001, 24_000));
    let (mut a, mut b, mut c) = (quiet.clone(), loud, quiet);
    unit.process(&mut [&mut a, &mut b, &mut c], &[]).unwrap();
    assert_eq!(a, c);
    let gain = decibels(amplitude(&a[12_000..], 1_000.0) / 0.001);
    assert!((gain + 9.0 * 12.0).abs() < 0.5, "{gain} dB");
    for item in 0..9 {
        assert!((unit.get(DynamicEqualizerReadings::CHANGE_DB.at(item)).unwrap() + 12.0).abs() < 0.01);
    }
    assert_eq!(unit.get(DynamicEqualizerReadings::CHANGE_DB.at(9)), None);
}
