//! The linear-phase equalizer: analogue magnitude, no phase but the delay it reports, and silent changes.
#![cfg(feature = "fft")]

mod common;

use common::spectrum::fft;
use common::{Bound, Random, measured};
use mixdsp::engine::kind::ResponseAt;
use mixdsp::{Band, EqualizerParams, LinearPhase, LinearPhaseConfig, Processor, Sample, Slope, Spec};
use num_complex::Complex;
use std::f64::consts::TAU;

fn decibels(ratio: f64) -> f64 {
    20.0 * ratio.log10()
}

fn unit<T: Sample>(rate: f64, config: LinearPhaseConfig, bands: &[Band]) -> LinearPhase<T> {
    LinearPhase::new(Spec::new(rate, 1), config, EqualizerParams { bands }).expect("bands in range")
}

/// The response by an impulse: bins of a transform of the returned length, with the reported latency out.
fn heard<T: Sample>(unit: &mut LinearPhase<T>) -> Vec<Complex<f64>> {
    let latency = unit.latency();
    let length = (8 * latency).next_power_of_two().max(1 << 16);
    let mut audio = vec![T::ZERO; 2 * length];
    audio[0] = T::ONE;
    unit.process(&mut [&mut audio], &[]).expect("one channel");
    // Taken round the ring, so that frame `latency` is frame 0.
    let mut bins = vec![Complex::ZERO; length];
    for (n, y) in audio.iter().enumerate() {
        bins[(n + 8 * length - latency) % length] += y.to_f64();
    }
    fft(&mut bins);
    bins
}

/// Worst distance from the curve in decibels and worst phase in radians, 20 Hz to 20 kHz where the curve is
/// above -60 dB; of f32 the worst part that is out of phase instead, relative to full scale.
fn errors<T: Sample>(rate: f64, bands: &[Band]) -> (f64, f64) {
    let mut unit = unit::<T>(rate, LinearPhaseConfig::for_bands(bands), bands);
    let bins = heard(&mut unit);
    let width = rate / bins.len() as f64;
    let (mut magnitude, mut phase) = (0.0f64, 0.0f64);
    for (bin, told) in bins.iter().enumerate().take(bins.len() / 2) {
        let f = bin as f64 * width;
        let wanted: f64 = bands.iter().map(|band| band.curve(f).norm()).product();
        if (20.0..=20_000f64.min(0.49 * rate)).contains(&f) && wanted > 1e-3 {
            magnitude = magnitude.max((decibels(told.norm()) - decibels(wanted)).abs());
            phase = phase.max(if size_of::<T>() == 4 { told.im.abs() } else { told.arg().abs() });
        }
    }
    (magnitude, phase)
}

fn mix() -> Vec<Band> {
    vec![
        Band::high_pass(30.0, 0.7),
        Band::low_shelf(100.0, 3.0, 0.7),
        Band::bell(60.0, 4.0, 1.0),
        Band::bell(240.0, -3.0, 1.4),
        Band::bell(1_200.0, 2.5, 2.0),
        Band::bell(3_500.0, -6.0, 4.0),
        Band::high_shelf(9_000.0, 4.0, 0.7),
        Band::low_pass(18_000.0, 0.7),
    ]
}

#[test]
fn magnitude_is_the_analogue_one_and_phase_is_none() {
    let lists: [(&str, Vec<Band>); 12] = [
        ("band-pass 500 Hz, Q 1", vec![Band::band_pass(500.0, 1.0)]),
        ("tilt 1 kHz, 12 dB, Q 0.3", vec![Band::tilt(1_000.0, 12.0, 0.3)]),
        ("shelf 200 Hz, 12 dB, slope 0.5", vec![Band::low_shelf(200.0, 12.0, 1.0).with_shelf_slope(0.5)]),
        ("bell 40 Hz, 6 dB, Q 1", vec![Band::bell(40.0, 6.0, 1.0)]),
        ("bell 40 Hz, -18 dB, Q 1", vec![Band::bell(40.0, -18.0, 1.0)]),
        ("bell 100 Hz, 12 dB, Q 4", vec![Band::bell(100.0, 12.0, 4.0)]),
        ("bell 10 kHz, 12 dB, Q 10", vec![Band::bell(10_000.0, 12.0, 10.0)]),
        ("low shelf 60 Hz, -24 dB", vec![Band::low_shelf(60.0, -24.0, 0.7)]),
        ("high-pass 30 Hz, 6 dB per octave", vec![Band::high_pass(30.0, 0.7).with_slope(Slope::Db6)]),
        ("high-pass 30 Hz, 48 dB per octave", vec![Band::high_pass(30.0, 0.7).with_slope(Slope::Db48)]),
        ("low-pass 8 kHz, 96 dB per octave", vec![Band::low_pass(8_000.0, 0.7).with_slope(Slope::Db96)]),
        ("8 bands of a mix", mix()),
    ];
    let (mut worst, mut phase) = ((0.0f64, ""), [0.0f64; 2]);
    for (name, bands) in &lists {
        for rate in [44_100.0, 48_000.0, 96_000.0] {
            let (double, double_phase) = errors::<f64>(rate, bands);
            worst = if double > worst.0 { (double, name) } else { worst };
            phase[0] = phase[0].max(double_phase);
        }
        let (single, single_phase) = errors::<f32>(48_000.0, bands);
        worst = if single > worst.0 { (single, name) } else { worst };
        phase[1] = phase[1].max(single_phase);
        let unit = unit::<f64>(48_000.0, LinearPhaseConfig::for_bands(bands), bands);
        println!(
            "{name}: {double:.4} dB, latency {} ms",
            unit.latency() as f64 / 48.0,
            double = errors::<f64>(48_000.0, bands).0
        );
    }
    println!("worst: {}", worst.1);
    let asked = "linear phase: magnitude at its own length, 20 Hz to 20 kHz";
    measured("linear_phase", asked, Bound::AtMost(0.1), worst.0, "dB", "theory");
    let asked = "linear phase: phase beside the reported latency, where above -60 dB, f64";
    measured("linear_phase", asked, Bound::AtMost(1e-6), phase[0], "rad", "theory");
    let asked = "linear phase: what comes out of phase for an impulse of full scale, f32";
    measured("linear_phase", asked, Bound::AtMost(1e-6), phase[1], "", "theory");
}

/// A notch has no smooth magnitude: how deep it is depends on the length.
#[test]
fn a_notch_is_as_deep_as_its_length_allows() {
    let (mut depth, mut off) = (f64::MIN, 0.0f64);
    for (f, q) in [(1_000.0, 2.0), (250.0, 4.0), (5_000.0, 0.7)] {
        let bands = [Band::notch(f, q)];
        let mut unit = unit::<f64>(48_000.0, LinearPhaseConfig::for_bands(&bands), &bands);
        depth = depth.max(decibels(unit.response(f, ResponseAt::Settled).expect("it is a filter").norm()));
        let bins = heard(&mut unit);
        for (bin, told) in bins.iter().enumerate().take(bins.len() / 2) {
            let f = bin as f64 * 48_000.0 / bins.len() as f64;
            let wanted = bands[0].curve(f).norm();
            if (20.0..=20_000.0).contains(&f) && wanted > 0.5 {
                off = off.max((decibels(told.norm()) - decibels(wanted)).abs());
            }
        }
    }
    measured("linear_phase", "linear phase: depth of notches", Bound::AtMost(-30.0), depth, "dB", "itself");
    let asked = "linear phase: magnitude of notches, where above -6 dB";
    measured("linear_phase", asked, Bound::AtMost(0.1), off, "dB", "theory");
}

#[test]
fn random_bands_keep_to_the_rule() {
    let mut random = Random::new(11);
    let (mut magnitude, mut phase) = (0.0f64, 0.0f64);
    for _ in 0..60 {
        let f = 40.0 * 400f64.powf(random.share());
        let gain = 36.0 * random.share() - 18.0;
        let q = 0.5 * 20f64.powf(random.share());
        let band = match random.below(5) {
            0 => Band::low_shelf(f, gain, 0.5 + random.share()),
            1 => Band::high_shelf(f, gain, 0.5 + random.share()),
            2 => Band::high_pass(f, 0.5 + random.share()).with_slope(random.pick(Slope::ALL)),
            3 => Band::low_pass(f, 0.5 + random.share()).with_slope(random.pick(Slope::ALL)),
            _ => Band::bell(f, gain, q),
        };
        if LinearPhaseConfig::for_bands(&[band]).bandwidth_hz < 4.0 {
            continue;
        }
        let (m, p) = errors::<f64>(random.pick(&[44_100.0, 48_000.0]), &[band]);
        println!("{m:.4} dB {p:.1e} {band:?}");
        magnitude = magnitude.max(m);
        phase = phase.max(p);
    }
    let asked = "linear phase: magnitude of 60 random bands at their own lengths";
    measured("linear_phase", asked, Bound::AtMost(0.1), magnitude, "dB", "theory");
    let asked = "linear phase: phase of 60 random bands";
    measured("linear_phase", asked, Bound::AtMost(1e-6), phase, "rad", "theory");
}

#[test]
fn what_it_reports_is_what_runs() {
    let mut worst = 0.0f64;
    for limit in [0.0, 500.0] {
        let bands = mix();
        let config = LinearPhaseConfig::mixed(&bands, limit);
        let mut unit = unit::<f64>(48_000.0, config, &bands);
        let latency = unit.latency() as f64;
        let bins = heard(&mut unit);
        for bin in (1..bins.len() / 2).step_by(97) {
            let frequency = bin as f64 / bins.len() as f64;
            let told = unit.response(48_000.0 * frequency, ResponseAt::Settled).expect("it is a filter");
            let late = Complex::from_polar(1.0, -TAU * frequency * latency);
            worst = worst.max((bins[bin] * late - told).norm());
        }
    }
    let asked = "linear phase: distance of the reported response from the impulse response's";
    measured("linear_phase", asked, Bound::AtMost(1e-9), worst, "", "a Fourier transform");
}

#[test]
fn mixed_phase_is_late_by_less() {
    let bands = mix();
    let linear = unit::<f32>(48_000.0, LinearPhaseConfig::for_bands(&bands), &bands).latency();
    let mut mixed = unit::<f64>(48_000.0, LinearPhaseConfig::mixed(&bands, 500.0), &bands);
    let bins = heard(&mut mixed);
    let (mut magnitude, mut phase) = (0.0f64, 0.0f64);
    let low: Vec<_> = bands.iter().filter(|band| band.frequency_hz < 500.0).copied().collect();
    for (bin, told) in bins.iter().enumerate().take(bins.len() / 2) {
        let f = bin as f64 * 48_000.0 / bins.len() as f64;
        let wanted: Complex<f64> = low.iter().map(|band| band.curve(f)).product();
        let all: f64 = bands.iter().map(|band| band.curve(f).norm()).product();
        if (20.0..=20_000.0).contains(&f) && all > 1e-3 {
            magnitude = magnitude.max((decibels(told.norm()) - decibels(all)).abs());
            // above 2 kHz nothing is left of the low bands' phase
            phase = phase.max(if f < 1_000.0 { (told / wanted).arg().abs() } else { 0.0 });
        }
    }
    let asked = "mixed phase, limit 500 Hz: magnitude";
    measured("linear_phase", asked, Bound::AtMost(0.1), magnitude, "dB", "theory");
    let asked = "mixed phase, limit 500 Hz: latency of 8 bands";
    measured("linear_phase", asked, Bound::AtMost(20.0), mixed.latency() as f64 / 48.0, "ms", "theory");
    let asked = "linear phase: latency of 8 bands from 30 Hz on";
    measured("linear_phase", asked, Bound::AtMost(171.0), linear as f64 / 48.0, "ms", "theory");
    let asked = "mixed phase, limit 500 Hz: phase against that of the low bands, up to 1 kHz";
    measured("linear_phase", asked, Bound::AtMost(0.01), phase, "rad", "theory");
}

#[test]
fn a_change_arrives_and_is_exact() {
    let bands = [Band::bell(1_000.0, 6.0, 1.0)];
    let config = LinearPhaseConfig { bandwidth_hz: 200.0, ..LinearPhaseConfig::for_bands(&bands) };
    let mut unit = unit::<f64>(48_000.0, config, &bands);
    let (mut frames, mut audio) = (0, vec![0.0; 64]);
    unit.set(Band::GAIN_DB, -12.0).unwrap();
    unit.set(Band::FREQUENCY_HZ, 3_000.0).unwrap();
    let wanted = decibels(Band::bell(3_000.0, -12.0, 1.0).curve(3_000.0).norm());
    while (decibels(unit.response(3_000.0, ResponseAt::Now).unwrap().norm()) - wanted).abs() > 0.1 {
        unit.process(&mut [&mut audio], &[]).unwrap();
        frames += audio.len();
        assert!(frames < 48_000, "it never arrives");
    }
    let asked = "linear phase: a change is there after, at a bandwidth of 200 Hz";
    measured("linear_phase", asked, Bound::AtMost(60.0), frames as f64 / 48.0, "ms", "itself");
    while frames < 9_600 {
        unit.process(&mut [&mut audio], &[]).unwrap();
        frames += audio.len();
    }
    let (now, settled) = (unit.response(500.0, ResponseAt::Now), unit.response(500.0, ResponseAt::Settled));
    assert_eq!(now, settled);
}
