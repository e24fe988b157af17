//! The crossover's bands add up flat, fall as Linkwitz and Riley say, and do what they report.

mod common;

use common::{Bound, Random, measured};
use mixdsp::engine::kind::ResponseAt;
use mixdsp::{
    Crossover, CrossoverConfig, CrossoverParams, CrossoverSlope, Error, Processor, Sample, Spec, Split,
};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;
const SLOPES: [CrossoverSlope; 3] = [CrossoverSlope::Db12, CrossoverSlope::Db24, CrossoverSlope::Db48];

fn crossover<T: Sample>(rate: f64, inputs: usize, slope: CrossoverSlope, splits: &[f64]) -> Crossover<T> {
    let bands = splits.len() + 1;
    let config = CrossoverConfig::bands(bands as u32).with_slope(slope);
    let spec = Spec::new(rate, inputs).with_outputs(bands * inputs);
    Crossover::new(spec, config, CrossoverParams { frequencies_hz: splits }).expect("splits in range")
}

/// What comes out of every channel for an impulse in all inputs.
fn impulse_responses<T: Sample>(unit: &mut Crossover<T>, frames: usize) -> Vec<Vec<f64>> {
    let mut audio = vec![vec![T::ZERO; frames]; unit.spec().channels()];
    let inputs = unit.spec().inputs;
    audio[..inputs].iter_mut().for_each(|channel| channel[0] = T::ONE);
    let mut slices: Vec<&mut [T]> = audio.iter_mut().map(|channel| &mut channel[..]).collect();
    unit.process(&mut slices, &[]).expect("the block fits");
    audio.into_iter().map(|channel| channel.into_iter().map(T::to_f64).collect()).collect()
}

/// The Fourier sum of an impulse response at one frequency.
fn transform(response: &[f64], rate: f64, frequency_hz: f64) -> Complex<f64> {
    let step = Complex::from_polar(1.0, -TAU * frequency_hz / rate);
    response.iter().rev().fold(Complex::ZERO, |sum, y| sum * step + y)
}

fn log_spaced(from: f64, to: f64, count: usize) -> impl Iterator<Item = f64> {
    (0..count).map(move |i| from * (to / from).powf(i as f64 / (count - 1) as f64))
}

fn decibels(ratio: f64) -> f64 {
    20.0 * ratio.log10()
}

/// Largest distance from 0 dB of the sum of all bands of the first input, 20 Hz to 20 kHz.
fn flatness<T: Sample>(rate: f64, slope: CrossoverSlope, splits: &[f64]) -> f64 {
    let responses = impulse_responses(&mut crossover::<T>(rate, 1, slope, splits), 1 << 15);
    let sum: Vec<f64> = (0..1 << 15).map(|n| responses.iter().map(|band| band[n]).sum()).collect();
    let distances = log_spaced(20.0, 20_000.0, 120).map(|f| decibels(transform(&sum, rate, f).norm()).abs());
    distances.fold(0.0, f64::max)
}

#[test]
fn five_bands_add_up_flat() {
    let splits = [120.0, 500.0, 2_000.0, 8_000.0];
    for (slope, name) in SLOPES.into_iter().zip(["LR2", "LR4", "LR8"]) {
        let asked = format!("crossover: sum of 5 bands, {name}, f32");
        measured(
            "crossover",
            &asked,
            Bound::AtMost(1e-4),
            flatness::<f32>(RATE, slope, &splits),
            "dB",
            "theory",
        );
        let asked = format!("crossover: sum of 5 bands, {name}, f64");
        measured(
            "crossover",
            &asked,
            Bound::AtMost(1e-9),
            flatness::<f64>(RATE, slope, &splits),
            "dB",
            "theory",
        );
    }
}

#[test]
fn any_splits_in_any_order_add_up_flat() {
    let mut random = Random::new(4);
    let (mut single, mut double) = (0.0f64, 0.0f64);
    for _ in 0..12 {
        let splits: Vec<f64> = (0..1 + random.below(5)).map(|_| 60.0 * 300f64.powf(random.share())).collect();
        let (slope, rate) = (random.pick(&SLOPES), random.pick(&[44_100.0, 48_000.0, 96_000.0]));
        single = single.max(flatness::<f32>(rate, slope, &splits));
        double = double.max(flatness::<f64>(rate, slope, &splits));
    }
    let asked = "crossover: sum of 2 to 6 bands at random frequencies, also out of order";
    measured("crossover", &format!("{asked}, f32"), Bound::AtMost(1e-4), single, "dB", "theory");
    measured("crossover", &format!("{asked}, f64"), Bound::AtMost(1e-9), double, "dB", "theory");
}

#[test]
fn what_it_reports_is_what_runs() {
    let mut worst = 0.0f64;
    for slope in SLOPES {
        let mut unit = crossover::<f64>(RATE, 1, slope, &[150.0, 900.0, 5_000.0]);
        let responses = impulse_responses(&mut unit, 1 << 15);
        for f in log_spaced(20.0, 20_000.0, 60) {
            let bands = responses.iter().map(|response| transform(response, RATE, f));
            for (band, heard) in bands.clone().enumerate() {
                let told = unit.band_response(band, f, ResponseAt::Settled).expect("the band is there");
                worst = worst.max((heard - told).norm());
            }
            let told = unit.response(f, ResponseAt::Settled).expect("a crossover is a filter");
            worst = worst.max((bands.sum::<Complex<f64>>() - told).norm());
        }
        assert_eq!(unit.band_response(4, 100.0, ResponseAt::Settled), None);
    }
    let asked = "crossover: distance of the reported from the impulse response's";
    measured("crossover", asked, Bound::AtMost(1e-9), worst, "", "a Fourier sum");
}

#[test]
fn slopes_are_those_of_linkwitz_and_riley() {
    // Bilinear sections follow the analogue curve on the axis tan(pi f / rate).
    let mut worst = 0.0f64;
    for (slope, order) in SLOPES.into_iter().zip([2, 4, 8]) {
        let unit = crossover::<f64>(RATE, 1, slope, &[1_000.0]);
        let axis = |f: f64| (TAU * 0.5 * f / RATE).tan();
        for f in log_spaced(100.0, 10_000.0, 50) {
            let ratio = (axis(f) / axis(1_000.0)).powi(order);
            for (band, wanted) in [1.0 / (1.0 + ratio), ratio / (1.0 + ratio)].into_iter().enumerate() {
                let told = unit.band_response(band, f, ResponseAt::Settled).expect("the band is there");
                worst = worst.max((decibels(told.norm()) - decibels(wanted)).abs());
            }
        }
    }
    let asked = "crossover: bands against the Linkwitz-Riley curves";
    measured("crossover", asked, Bound::AtMost(1e-9), worst, "dB", "theory");
}

#[test]
fn outputs_come_band_by_band() {
    // Two inputs, the second turned round: channel b * 2 + 1 is the negative of channel b * 2.
    let mut unit = crossover::<f32>(RATE, 2, CrossoverSlope::Db24, &[300.0, 3_000.0]);
    let mut audio = vec![vec![0.0f32; 999]; 6];
    (audio[0][5], audio[1][5]) = (1.0, -1.0);
    let mut slices: Vec<&mut [f32]> = audio.iter_mut().map(|channel| &mut channel[..]).collect();
    unit.process(&mut slices, &[]).unwrap();
    for pair in audio.chunks(2) {
        assert!(pair[0].iter().zip(&pair[1]).all(|(l, r)| *l == -r));
    }
    let alone =
        impulse_responses(&mut crossover::<f32>(RATE, 1, CrossoverSlope::Db24, &[300.0, 3_000.0]), 994);
    for (band, alone) in alone.iter().enumerate() {
        let same = audio[2 * band][5..].iter().zip(alone).all(|(a, b)| (*a as f64 - b).abs() < 1e-6);
        assert!(same, "band {band}");
    }
}

#[test]
fn channels_that_do_not_fit_are_refused() {
    let config = CrossoverConfig::bands(4);
    let refused = |spec| Crossover::<f32>::new(spec, config, ()).map(|_| ()).unwrap_err();
    let error = refused(Spec::new(RATE, 2));
    assert_eq!(error, Error::Channels { what: "outputs", value: 2, minimum: 8, maximum: 8 });
    let error = refused(Spec::new(RATE, 7).with_outputs(24));
    assert_eq!(error, Error::Channels { what: "inputs", value: 7, minimum: 1, maximum: 6 });
    let mut unit = crossover::<f32>(RATE, 1, CrossoverSlope::Db24, &[500.0]);
    let error = unit.set(Split::FREQUENCY_HZ, 24_000.0).unwrap_err();
    assert!(matches!(error, Error::Range { key: "frequency_hz", .. }), "{error}");
}

#[cfg(feature = "fft")]
mod linear_phase {
    use super::*;
    use mixdsp::engine::kind::ResponseAt;

    fn linear<T: Sample>(slope: CrossoverSlope, splits: &[f64], lowest_hz: f64) -> Crossover<T> {
        let bands = splits.len() + 1;
        let config = CrossoverConfig::bands(bands as u32).with_slope(slope).with_linear_phase(lowest_hz);
        let spec = Spec::new(RATE, 1).with_outputs(bands);
        Crossover::new(spec, config, CrossoverParams { frequencies_hz: splits }).expect("splits in range")
    }

    #[test]
    fn the_bands_add_up_to_the_input() {
        let mut random = Random::new(3);
        let input: Vec<f32> = (0..40_000).map(|_| random.noise() as f32).collect();
        let mut worst = f64::MIN;
        for slope in SLOPES {
            let mut unit = linear::<f32>(slope, &[120.0, 500.0, 2_000.0, 8_000.0], 100.0);
            let mut bands = vec![vec![0.0f32; input.len()]; 5];
            bands[0].copy_from_slice(&input);
            let mut slices: Vec<&mut [f32]> = bands.iter_mut().map(|band| &mut band[..]).collect();
            // A split moves on the way.
            let (first, rest): (Vec<_>, Vec<_>) =
                slices.iter_mut().map(|band| band.split_at_mut(17_000)).unzip();
            let [mut first, mut rest] = [first, rest];
            unit.process(&mut first, &[]).unwrap();
            unit.set(Split::FREQUENCY_HZ.at(1), 900.0).unwrap();
            unit.process(&mut rest, &[]).unwrap();
            let latency = unit.latency();
            let off = |n: usize| {
                bands.iter().map(|band| f64::from(band[n + latency])).sum::<f64>() - f64::from(input[n])
            };
            let energy: f64 = (0..input.len() - latency).map(|n| off(n).powi(2)).sum();
            let of: f64 = input[..input.len() - latency].iter().map(|x| f64::from(*x).powi(2)).sum();
            worst = worst.max(10.0 * (energy / of).log10());
        }
        let asked = "crossover, linear phase: sum of 5 bands against the delayed input, a split moving, f32";
        measured("crossover", asked, Bound::AtMost(-120.0), worst, "dB", "theory");
    }

    #[test]
    fn bands_fall_as_linkwitz_and_riley_say_without_phase() {
        let (mut level, mut phase) = (0.0f64, 0.0f64);
        for (slope, exponent) in SLOPES.into_iter().zip([2, 4, 8]) {
            let mut unit = linear::<f64>(slope, &[200.0, 3_000.0], 150.0);
            let latency = unit.latency() as f64;
            let responses = impulse_responses(&mut unit, 1 << 14);
            let low = |hz: f64, split: f64| 1.0 / (1.0 + (hz / split).powi(exponent));
            for hz in log_spaced(20.0, 20_000.0, 80) {
                let expected = [low(hz, 200.0), low(hz, 3_000.0) - low(hz, 200.0), 1.0 - low(hz, 3_000.0)];
                for (band, (response, expected)) in responses.iter().zip(expected).enumerate() {
                    let delay = Complex::from_polar(1.0, (TAU * hz / RATE * latency).rem_euclid(TAU));
                    let is = transform(response, RATE, hz) * delay;
                    let told = unit.band_response(band, hz, ResponseAt::Now).unwrap() * delay;
                    assert!((is - told).norm() < 1e-9, "{hz} Hz: {is} is not {told}");
                    if expected > 1e-2 {
                        level = level.max(decibels(is.re / expected).abs());
                    }
                    phase = phase.max(is.im.abs());
                }
            }
        }
        let asked = "crossover, linear phase: bands against Linkwitz-Riley down to -40 dB";
        measured("crossover", asked, Bound::AtMost(0.1), level, "dB", "theory");
        measured(
            "Crossover",
            "crossover, linear phase: what is out of phase",
            Bound::AtMost(1e-9),
            phase,
            "",
            "theory",
        );
    }

    #[test]
    fn splits_below_the_lowest_are_refused() {
        let mut unit = linear::<f32>(CrossoverSlope::Db24, &[200.0], 100.0);
        let refused = unit.set(Split::FREQUENCY_HZ, 60.0).unwrap_err();
        assert!(matches!(refused, Error::Range { key: "frequency_hz", minimum: 100.0, .. }), "{refused}");
    }
}
