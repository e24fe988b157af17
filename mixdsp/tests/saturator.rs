//! The saturator's curves, aliases, latency and loudness, each against theory.

mod common;

use common::spectrum::fft;
use common::{Bound, measured};
use mixdsp::{
    Antialiasing, Compressor, CompressorConfig, CompressorParams, Focus, Oversampling, Phase, Processor,
    Saturator, SaturatorConfig, SaturatorParams, SaturatorShape, Spec,
};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn config(oversampling: Oversampling, antialiasing: Antialiasing) -> SaturatorConfig {
    SaturatorConfig { oversampling, antialiasing, ..Default::default() }
}

fn driven(shape: SaturatorShape, drive_db: f64) -> SaturatorParams {
    SaturatorParams { shape, drive_db, compensation: false, ..Default::default() }
}

fn unit(config: SaturatorConfig, params: SaturatorParams) -> Saturator<f64> {
    Saturator::new(Spec::new(RATE, 1), config, params).unwrap()
}

fn decibels(gain: f64) -> f64 {
    20.0 * gain.max(1e-20).log10()
}

/// The largest bin below 20 kHz that is no harmonic of a sine, against the sine's: of sines of whole periods.
fn largest_alias_db(config: SaturatorConfig, params: SaturatorParams, frequency_hz: f64) -> f64 {
    const FRAMES: usize = 1 << 14;
    let periods = ((frequency_hz / RATE * FRAMES as f64) as usize) | 1;
    let mut unit = unit(config, params);
    let mut audio: Vec<f64> = (0..FRAMES + 4_096)
        .map(|n| (TAU * (periods * n % FRAMES) as f64 / FRAMES as f64 + 0.1).sin())
        .collect();
    unit.process(&mut [&mut audio], &[]).unwrap();
    let mut bins: Vec<Complex<f64>> = audio[4_096..].iter().map(|y| Complex::from(*y)).collect();
    fft(&mut bins);
    let top = (20_000.0 / RATE * FRAMES as f64) as usize;
    let aliases = (1..top).filter(|bin| bin % periods != 0).map(|bin| bins[bin].norm());
    decibels(aliases.fold(0.0, f64::max) / bins[periods].norm())
}

fn worst_alias_db(config: SaturatorConfig, params: SaturatorParams, from_hz: f64, to_hz: f64) -> f64 {
    let steps = 24;
    let at = |step| from_hz + (to_hz - from_hz) * step as f64 / steps as f64;
    (0..=steps).map(|step| largest_alias_db(config, params, at(step))).fold(-999.0, f64::max)
}

#[test]
fn aliases_of_stepped_sines() {
    use Antialiasing::{First, Off, Second};
    use Oversampling::{EightTimes, FourTimes, Twice};
    use SaturatorShape::{Hard, Soft};
    for (what, shape, drive_db, oversampling, antialiasing, range_hz, bound_db) in [
        ("hard clip, +20 dB, 4x second", Hard, 20.0, FourTimes, Second, (4_500.0, 5_500.0), -85.0),
        ("hard clip, +20 dB, 8x second", Hard, 20.0, EightTimes, Second, (4_500.0, 5_500.0), -105.0),
        ("hard clip, +20 dB, 4x first", Hard, 20.0, FourTimes, First, (4_500.0, 5_500.0), -85.0),
        ("tanh, +12 dB, 2x second", Soft, 12.0, Twice, Second, (1_000.0, 9_000.0), -80.0),
        ("tanh, +12 dB, 4x first", Soft, 12.0, FourTimes, First, (1_000.0, 15_000.0), -70.0),
        ("tanh, +12 dB, 4x second", Soft, 12.0, FourTimes, Second, (1_000.0, 15_000.0), -105.0),
        ("tanh, +12 dB, 8x without", Soft, 12.0, EightTimes, Off, (1_000.0, 15_000.0), -80.0),
    ] {
        let worst = worst_alias_db(
            config(oversampling, antialiasing),
            driven(shape, drive_db),
            range_hz.0,
            range_hz.1,
        );
        let what = format!("{what}, sines {} to {} Hz: largest alias", range_hz.0, range_hz.1);
        measured("saturator", &what, Bound::AtMost(bound_db), worst, "dB", "theory");
    }
}

#[test]
fn static_curves() {
    // Of tape it is another on the way down; curves through points are compared with scipy's, in Python.
    let others = [SaturatorShape::Tape, SaturatorShape::Curve];
    for shape in SaturatorShape::ALL.iter().filter(|shape| !others.contains(shape)) {
        let mut worst: f64 = 0.0;
        for drive_db in [0.0, 6.0, 12.0, 24.0, 36.0] {
            for bias in [0.0, 0.3] {
                let mut params = SaturatorParams { bias, dc_removed: false, ..driven(*shape, drive_db) };
                // The transformer's emphasis is another thing: here its curve counts.
                if *shape == SaturatorShape::Transformer {
                    params.shape = SaturatorShape::Soft;
                }
                let drive = 10f64.powf(drive_db / 20.0);
                let mut unit = unit(Default::default(), params);
                // Steps that last until the filters have come to rest.
                for step in -20..=20 {
                    let x = f64::from(step) / 20.0;
                    let mut audio = vec![x; 400];
                    unit.process(&mut [&mut audio], &[]).unwrap();
                    worst = worst.max((audio[399] - curve(*shape, drive * x, bias)).abs());
                }
            }
        }
        let what = format!("static curve, {}, drive 0 to 36 dB", SaturatorShape::TEXTS[*shape as usize]);
        measured("saturator", &what, Bound::AtMost(1e-4), worst, "", "the formula");
    }
}

/// The formulas of the documentation.
fn curve(shape: SaturatorShape, x: f64, bias: f64) -> f64 {
    let value = |x: f64| match shape {
        SaturatorShape::Soft | SaturatorShape::Transformer => x.tanh(),
        SaturatorShape::Hard => x.clamp(-1.0, 1.0),
        SaturatorShape::Cubic => {
            let x = x.clamp(-1.5, 1.5);
            x - 4.0 / 27.0 * x.powi(3)
        }
        SaturatorShape::Tube => {
            let at = 0.35f64.tanh();
            ((x + 0.35).tanh() - at) / (1.0 - at * at)
        }
        SaturatorShape::Tape | SaturatorShape::Curve => f64::NAN,
    };
    value(x + bias) - value(bias)
}

#[test]
fn what_is_soft_passes_as_it_came() {
    let params = SaturatorParams { drive_db: 0.0, ..Default::default() };
    for (phase, oversampling) in [
        (Phase::Linear, Oversampling::FourTimes),
        (Phase::LowLatency, Oversampling::FourTimes),
        (Phase::LowLatency, Oversampling::Twice),
        (Phase::Linear, Oversampling::Off),
    ] {
        let config = SaturatorConfig { phase, oversampling, ..Default::default() };
        let mut unit = unit(config, params);
        let latency = unit.latency();
        let wave = |n: f64| 0.001 * (TAU * 997.0 * n / RATE).sin();
        let mut audio: Vec<f64> = (0..48_960).map(|n| wave(n as f64)).collect();
        unit.process(&mut [&mut audio], &[]).unwrap();
        let error = if phase == Phase::Linear {
            let energy =
                (2_000..48_000).map(|n| (audio[n] - wave(n as f64 - latency as f64)).powi(2)).sum::<f64>();
            (energy / 46_000.0).sqrt() / (0.001 / 2f64.sqrt())
        } else {
            // Late by no whole frames: the sine that fits best counts.
            let turn = |n: usize| Complex::from_polar(1.0, -TAU * 997.0 * n as f64 / RATE);
            let found: Complex<f64> =
                (0..48_000).map(|n| turn(n) * audio[n + 960]).sum::<Complex<f64>>() * 2.0 / 48_000.0;
            let energy: f64 =
                (0..48_000).map(|n| (audio[n + 960] - (found * turn(n).conj()).re).powi(2)).sum();
            let gain = (found.norm() / 0.001 - 1.0).abs();
            (energy / 48_000.0).sqrt() / (0.001 / 2f64.sqrt()) + gain
        };
        let of = Phase::TEXTS[phase as usize];
        let times = Oversampling::TEXTS[oversampling as usize];
        let what = format!("a sine of -60 dBFS at drive 0, {times}x {of}: what leaves besides it");
        measured("saturator", &what, Bound::AtMost(-120.0), decibels(error), "dB", "the sine, delayed");
        if phase == Phase::LowLatency {
            let what = format!("latency, {times}x {of}");
            measured("saturator", &what, Bound::AtMost(11.0), latency as f64, "frames", "the group delay");
        }
    }
}

#[test]
fn without_mix_it_is_a_delay_to_the_bit() {
    for focus in [Focus::All, Focus::Highs] {
        let config = SaturatorConfig { focus, ..Default::default() };
        let params = SaturatorParams { mix: 0.0, drive_db: 20.0, compensation: false, ..Default::default() };
        let mut unit = Saturator::<f32>::new(Spec::new(RATE, 1), config, params).unwrap();
        let input: Vec<f32> = (0..5_000).map(|n| (n as f32 * n as f32 * 0.01).sin()).collect();
        let mut audio = input.clone();
        unit.process(&mut [&mut audio], &[]).unwrap();
        let latency = unit.latency();
        assert!(audio[latency..] == input[..5_000 - latency], "{focus:?}");
    }
}

#[test]
fn an_exciter_adds_to_the_highs_alone() {
    let mut unit = unit(SaturatorConfig::exciter(), SaturatorParams::exciter());
    let mut level_db = |hz: f64| {
        let mut audio: Vec<f64> = (0..96_000).map(|n| 0.2 * (TAU * hz * n as f64 / RATE).sin()).collect();
        unit.reset();
        unit.process(&mut [&mut audio], &[]).unwrap();
        let bins = |k: f64| {
            let turn = |n: usize| Complex::from_polar(1.0, -TAU * k * hz * n as f64 / RATE);
            let sum: Complex<f64> = (48_000..96_000).map(|n| turn(n) * audio[n]).sum();
            decibels(sum.norm() / 24_000.0 / 0.2)
        };
        [bins(1.0), bins(2.0), bins(3.0)]
    };
    let low = level_db(200.0);
    let high = level_db(6_000.0);
    assert!(low[0].abs() < 0.1 && low[1] < -60.0 && low[2] < -60.0, "{low:?}");
    assert!(high[1] > -40.0, "{high:?}");
}

/// Levels of the first harmonics of a sine against it.
fn harmonics_db(unit: &mut dyn Processor<f64>, hz: f64, level_db: f64) -> [f64; 3] {
    let amplitude = 10f64.powf(level_db / 20.0);
    let mut audio: Vec<f64> = (0..192_000).map(|n| amplitude * (TAU * hz * n as f64 / RATE).sin()).collect();
    unit.process(&mut [&mut audio], &[]).unwrap();
    let level = |k: f64| {
        let turn = |n: usize| Complex::from_polar(1.0, -TAU * k * hz * n as f64 / RATE);
        (144_000..192_000).map(|n| turn(n) * audio[n]).sum::<Complex<f64>>().norm()
    };
    [1.0, 2.0, 3.0].map(|k| decibels(level(k) / level(1.0)))
}

#[test]
fn behind_the_fet_compressor_harmonics_are_those_of_the_documentation() {
    let spec = Spec::new(RATE, 1);
    // The compressor is turned down so that -10 dBFS leaves it.
    let params = CompressorParams { threshold_db: 0.0, ratio: 1.0, ..CompressorParams::fet() };
    let compressor = Compressor::<f64>::new(spec, CompressorConfig::default(), params).unwrap();
    let mut chain = (compressor, unit(SaturatorConfig::default(), SaturatorParams::fet()));
    let [_, second, third] = harmonics_db(&mut chain, 1_000.0, -10.0);
    measured(
        "saturator",
        "preset fet, 1 kHz at -10 dBFS: second harmonic",
        Bound::Within(-62.0, 1.0),
        second,
        "dB",
        "documentation",
    );
    measured(
        "saturator",
        "preset fet, 1 kHz at -10 dBFS: third harmonic",
        Bound::Within(-50.5, 1.0),
        third,
        "dB",
        "documentation",
    );
}

#[test]
fn tape_loops_close_without_a_constant() {
    for drive_db in [0.0, 12.0, 36.0] {
        let params = SaturatorParams { tape_bias: 0.0, ..driven(SaturatorShape::Tape, drive_db) };
        let mut unit = unit(SaturatorConfig::default(), params);
        let mut audio: Vec<f64> = (0..192_000).map(|n| (TAU * 100.0 * n as f64 / RATE).sin()).collect();
        unit.process(&mut [&mut audio], &[]).unwrap();
        let look = &audio[144_000..];
        let mean = look.iter().sum::<f64>() / look.len() as f64;
        let open = (0..480).map(|n| (look[n] - look[n + 480 * 90]).abs()).fold(0.0, f64::max);
        let what = format!("tape, drive {drive_db} dB: a loop against one 0.9 s later");
        measured("saturator", &what, Bound::AtMost(-120.0), decibels(open), "dB", "itself");
        let what = format!("tape, drive {drive_db} dB: constant in the output");
        measured("saturator", &what, Bound::AtMost(-80.0), decibels(mean.abs()), "dB", "the mean");
        // Another way down than up: the loop has an area.
        let x = |n: usize| (TAU * 100.0 * n as f64 / RATE).sin();
        let area: f64 = (0..480).map(|n| look[n] * (x(n + 1) - x(n))).sum();
        assert!(area.abs() > 1e-3, "{area}");
    }
}

#[test]
fn no_dc_remains() {
    for (shape, bias) in
        [(SaturatorShape::Tube, 0.0), (SaturatorShape::Soft, 0.5), (SaturatorShape::Hard, -0.4)]
    {
        let mut unit = unit(Default::default(), SaturatorParams { bias, ..driven(shape, 18.0) });
        let mut audio: Vec<f64> = (0..144_000).map(|n| (TAU * 100.0 * n as f64 / RATE).sin()).collect();
        unit.process(&mut [&mut audio], &[]).unwrap();
        let mean = audio[96_000..].iter().sum::<f64>() / 48_000.0;
        let what = format!("constant in the output, {}, bias {bias}", SaturatorShape::TEXTS[shape as usize]);
        measured("saturator", &what, Bound::AtMost(-80.0), decibels(mean.abs()), "dB", "the mean");
    }
}
