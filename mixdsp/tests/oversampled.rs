//! Processors at a multiple of the rate: aliases, latency, parameters.

mod common;

use common::spectrum::fft;
use common::{Bound, measured};
use mixdsp::{
    Compressor, CompressorConfig, CompressorDetector, CompressorParams, Error, Gain, GainParams, Limiter,
    LimiterConfig, LimiterParams, NoConfig, Oversampled, OversampledConfig, Oversampling, Parallel,
    ParallelParams, Phase, Processor, Spec,
};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;
const SPEC: Spec = Spec::new(RATE, 1);

fn decibels(gain: f64) -> f64 {
    20.0 * gain.max(1e-20).log10()
}

fn config(oversampling: Oversampling, phase: Phase) -> OversampledConfig {
    OversampledConfig { oversampling, phase }
}

fn gain(config: &OversampledConfig, gain_db: f64) -> Oversampled<f64, Gain<f64>> {
    let inner = Oversampled::<f64, ()>::inner_spec(SPEC, config).unwrap();
    let params = GainParams { gain_db, ..Default::default() };
    Oversampled::new(SPEC, *config, Gain::new(inner, NoConfig, params).unwrap()).unwrap()
}

#[test]
fn a_fast_compressor_leaves_fewer_aliases() {
    const FRAMES: usize = 1 << 15;
    let params = CompressorParams {
        threshold_db: -20.0,
        ratio: 4.0,
        knee_db: 0.0,
        attack_ms: 0.1,
        release_ms: 1.0,
        detector: CompressorDetector::Peak,
        ..Default::default()
    };
    let periods = (4_987.0 / RATE * FRAMES as f64).round() as usize | 1;
    let largest = |unit: &mut dyn Processor<f64>| {
        let mut audio: Vec<f64> =
            (0..2 * FRAMES).map(|n| (TAU * (periods * n % FRAMES) as f64 / FRAMES as f64).sin()).collect();
        unit.process(&mut [&mut audio], &[]).unwrap();
        let mut bins: Vec<Complex<f64>> = audio[FRAMES..].iter().map(|y| Complex::from(*y)).collect();
        fft(&mut bins);
        let aliases = (1..FRAMES / 2).filter(|bin| bin % periods != 0).map(|bin| bins[bin].norm());
        decibels(aliases.fold(0.0, f64::max) / bins[periods].norm())
    };
    let mut plain = Compressor::<f64>::new(SPEC, CompressorConfig::default(), params).unwrap();
    let before = largest(&mut plain);
    for (oversampling, bound_db) in [(Oversampling::Twice, -56.0), (Oversampling::FourTimes, -70.0)] {
        let config = config(oversampling, Phase::Linear);
        let inner = Oversampled::<f64, ()>::inner_spec(SPEC, &config).unwrap();
        let compressor = Compressor::new(inner, CompressorConfig::default(), params).unwrap();
        let mut unit = Oversampled::new(SPEC, config, compressor).unwrap();
        let worst = largest(&mut unit);
        assert!(worst < before, "{worst} dB, {before} dB without");
        let times = Oversampling::TEXTS[oversampling as usize];
        let what =
            format!("compressor 0.1/1 ms, detector peak, 4987 Hz, {times}x oversampled: largest alias");
        measured("oversampled", &what, Bound::AtMost(bound_db), worst, "dB", "theory");
    }
}

#[test]
fn beside_it_the_input_meets_it_to_the_sample() {
    for oversampling in [Oversampling::Twice, Oversampling::FourTimes, Oversampling::EightTimes] {
        let config = config(oversampling, Phase::Linear);
        // A limiter that is idle inside: its latency is counted at the high rate.
        let inner = Oversampled::<f64, ()>::inner_spec(SPEC, &config).unwrap();
        let limiter = Limiter::<f64>::new(inner, LimiterConfig::live(), LimiterParams::live()).unwrap();
        let unit = Oversampled::new(SPEC, config, (limiter, gain_at(inner, -200.0))).unwrap();
        let latency = unit.latency();
        let params = ParallelParams { dry: true, ..Default::default() };
        let inverted = (
            unit,
            Gain::<f64>::new(SPEC, NoConfig, GainParams { invert: true, ..Default::default() }).unwrap(),
        );
        let mut parallel = Parallel::new(SPEC, (inverted,), params).unwrap();
        assert_eq!(parallel.latency(), latency);
        let wave = |n: usize| {
            0.1 * (TAU * 9_000.0 * n as f64 / RATE).sin() + 0.1 * (TAU * 50.0 * n as f64 / RATE).cos()
        };
        let mut audio: Vec<f64> = (0..20_000).map(wave).collect();
        parallel.process(&mut [&mut audio], &[]).unwrap();
        let left = audio[4_000..].iter().fold(0.0, |worst: f64, y| worst.max(y.abs()));
        let times = Oversampling::TEXTS[oversampling as usize];
        let what = format!("{times}x, a limiter at rest inside, against the input beside it");
        measured("oversampled", &what, Bound::AtMost(-110.0), decibels(left / 0.2), "dB", "silence");
    }
}

/// A gain that is none: so that what is inside is a chain.
fn gain_at(spec: Spec, _: f64) -> Gain<f64> {
    Gain::new(spec, NoConfig, ()).unwrap()
}

#[test]
fn low_latency_is_under_12_frames_and_flat() {
    for oversampling in [Oversampling::Twice, Oversampling::FourTimes, Oversampling::EightTimes] {
        let mut unit = gain(&config(oversampling, Phase::LowLatency), 0.0);
        let mut audio = vec![0.0; 4_096];
        audio[0] = 1.0;
        unit.process(&mut [&mut audio], &[]).unwrap();
        let mut bins: Vec<Complex<f64>> = audio.iter().map(|y| Complex::from(*y)).collect();
        fft(&mut bins);
        let to = (20_000.0 / RATE * 4_096.0) as usize;
        let ripple = (0..to).map(|bin| decibels(bins[bin].norm()).abs()).fold(0.0, f64::max);
        let times = Oversampling::TEXTS[oversampling as usize];
        measured(
            "oversampled",
            &format!("{times}x, low latency, to 20 kHz"),
            Bound::AtMost(0.001),
            ripple,
            "dB",
            "theory",
        );
        let latency = unit.latency() as f64;
        measured(
            "oversampled",
            &format!("{times}x, low latency"),
            Bound::AtMost(11.0),
            latency,
            "frames",
            "theory",
        );
    }
}

#[test]
fn a_glide_lasts_as_many_frames_as_it_is_given() {
    let mut unit = gain(&config(Oversampling::FourTimes, Phase::Linear), 0.0);
    unit.glide(GainParams::GAIN_DB.any(), -12.0, 480).unwrap();
    let mut audio = vec![0.5; 240];
    unit.process(&mut [&mut audio], &[]).unwrap();
    assert_eq!(unit.get(GainParams::GAIN_DB.any()), Some(-6.0));
    let mut audio = vec![0.5; 240];
    unit.process(&mut [&mut audio], &[]).unwrap();
    assert_eq!(unit.get(GainParams::GAIN_DB.any()), Some(-12.0));
}

#[test]
fn a_rate_above_384_khz_is_refused_and_the_largest_factor_named() {
    let refused = |rate: f64| {
        let config = config(Oversampling::EightTimes, Phase::Linear);
        Oversampled::<f32, ()>::inner_spec(Spec::new(rate, 2), &config)
    };
    assert!(refused(48_000.0).is_ok());
    for (rate, largest) in [(96_000.0, 4), (192_000.0, 2), (384_000.0, 1)] {
        let error = refused(rate).unwrap_err();
        assert_eq!(error, Error::Oversampling { factor: 8, sample_rate: rate, largest });
        assert!(error.to_string().ends_with(&format!("at most {largest} there")), "{error}");
    }
}

#[test]
fn no_bit_depends_on_the_cut() {
    let run = |cut: usize| {
        let config = config(Oversampling::Twice, Phase::Linear);
        let inner = Oversampled::<f32, ()>::inner_spec(SPEC, &config).unwrap();
        let compressor = Compressor::<f32>::new(inner, CompressorConfig::default(), ()).unwrap();
        let mut unit = Oversampled::new(SPEC, config, compressor).unwrap();
        let mut audio: Vec<f32> = (0..3_000).map(|n| (n as f32 * n as f32 * 0.01).sin()).collect();
        audio.chunks_mut(cut).for_each(|block| unit.process(&mut [block], &[]).unwrap());
        audio
    };
    assert!(run(3_000) == run(7));
}
