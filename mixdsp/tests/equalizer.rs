//! The equalizer reports the response that runs, and that response is the analogue one.

mod common;

use common::{Bound, measured};
use mixdsp::{Band, Equalizer, EqualizerConfig, EqualizerParams, Processor, Sample, Slope, Spec};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn bands() -> [Band; 9] {
    [
        Band::high_pass(30.0, 0.7).with_slope(Slope::Db18),
        Band::bell(200.0, 6.0, 1.0),
        Band::bell(1_000.0, -4.0, 2.0),
        Band::high_shelf(8_000.0, 3.0, 0.7),
        Band::bell(10_000.0, 5.0, 1.0),
        Band::low_shelf(100.0, 2.0, 0.7),
        Band::low_pass(15_000.0, 0.7).with_slope(Slope::Db48),
        Band::bell(500.0, -3.0, 4.0),
        Band::bell(60.0, 3.0, 1.0),
    ]
}

/// The Fourier sum of an impulse response at one frequency.
fn transform(response: &[f64], frequency_hz: f64) -> Complex<f64> {
    let step = -TAU * frequency_hz / RATE;
    response.iter().enumerate().map(|(n, y)| Complex::from_polar(*y, step * n as f64)).sum()
}

#[test]
fn the_reported_response_is_that_of_the_impulse_response() {
    let bands = bands();
    let mut worst = (0.0f64, 0.0f64);
    for count in [1, 2, 9] {
        let params = EqualizerParams { bands: &bands[..count] };
        let config = EqualizerConfig::bands(count as u32);
        let mut unit = Equalizer::<f64>::new(Spec::new(RATE, 2), config, params).unwrap();
        let mut left = vec![0.0; 1 << 16];
        let mut right = left.clone();
        (left[0], right[0]) = (1.0, -0.5);
        unit.process(&mut [&mut left, &mut right], &[]).unwrap();
        assert!(left.iter().zip(&right).all(|(l, r)| (l * -0.5 - r).abs() < 1e-12));
        for frequency_hz in [40.0, 200.0, 1_000.0, 3_333.0, 12_000.0, 19_000.0] {
            let reported = unit.response(frequency_hz);
            worst.0 = worst.0.max((transform(&left, frequency_hz) - reported).norm());
            let curve: Complex<f64> = bands[..count].iter().map(|band| band.curve(frequency_hz)).product();
            worst.1 = worst.1.max((20.0 * (reported.norm() / curve.norm()).log10()).abs());
        }
    }
    let asked = "response: distance from the impulse response's";
    measured("equalizer", asked, Bound::AtMost(1e-9), worst.0, "", "a Fourier sum");
    let asked = "response at 48 kHz: distance from the analogue curve";
    measured("equalizer", asked, Bound::AtMost(0.17), worst.1, "dB", "theory");
}

fn run<T: Sample>(band: Band, sample_rate: f64, input: &[f64]) -> Vec<f64> {
    let params = EqualizerParams { bands: &[band] };
    let mut unit = Equalizer::<T>::new(Spec::new(sample_rate, 1), EqualizerConfig::bands(1), params).unwrap();
    let mut audio: Vec<T> = input.iter().map(|x| T::from_f64(*x)).collect();
    unit.process(&mut [&mut audio], &[]).unwrap();
    audio.into_iter().map(T::to_f64).collect()
}

/// Everything that single precision adds, by coefficients and state, at the frequencies where it is worst.
#[test]
fn single_precision_is_quiet_at_low_frequencies() {
    const FRAMES: usize = 192_000;
    // Inputs are exact in single precision: white noise at -20 dBFS, a sine at -12 dBFS.
    let mut seed = 1u32;
    let mut white = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (((seed >> 8) as f64 / (1u32 << 23) as f64 - 1.0) * 0.1732) as f32 as f64
    };
    let white: Vec<f64> = (0..FRAMES).map(|_| white()).collect();
    let tone = |rate: f64| -> Vec<f64> {
        let turn = TAU * 997.0 / rate;
        (0..FRAMES).map(|n| (0.3548 * (turn * n as f64).sin()) as f32 as f64).collect()
    };
    let cases = [
        (48_000.0, Band::high_pass(20.0, 0.7), "high-pass 20 Hz"),
        (192_000.0, Band::high_pass(20.0, 0.7), "high-pass 20 Hz"),
        (192_000.0, Band::bell(20.0, 12.0, 1.0), "bell 20 Hz, 12 dB, Q 1"),
        (192_000.0, Band::bell(20.0, 12.0, 10.0), "bell 20 Hz, 12 dB, Q 10"),
        (192_000.0, Band::low_shelf(100.0, 12.0, 0.7), "low shelf 100 Hz, 12 dB"),
    ];
    for (rate, band, name) in cases {
        for (signal, input) in [("white noise", &white), ("997 Hz", &tone(rate))] {
            let (single, double) = (run::<f32>(band, rate, input), run::<f64>(band, rate, input));
            let energy: f64 = single.iter().zip(&double).map(|(a, b)| (a - b) * (a - b)).sum();
            let level = 10.0 * (energy / FRAMES as f64).log10();
            let asked = format!("noise of f32: {name} at {} kHz, {signal}", rate / 1_000.0);
            measured("equalizer", &asked, Bound::AtMost(-145.0), level, "dBFS", "itself in f64");
        }
    }
}
