use super::*;
use crate::base::memory::Word;
use crate::base::simd::{SimdLevel, dispatch};
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::TAU;
use num_complex::Complex;

fn sizes(octaves: usize, phase: Phase, inner_latency: usize, sample_rate: f64) -> Sizes {
    Sizes { channels: 1, octaves, phase, inner_latency, sample_rate }
}

/// Up, late by the inner latency, and down, in cuts.
fn through<T: Sample>(sizes: &Sizes, audio: &mut [T], cut: usize) -> Vec<T> {
    let mut words: Vec<Word> = vec![0; Oversample::<T>::words(*sizes)];
    let mut unit = Oversample::<T>::carve(&mut words, *sizes);
    unit.start(sizes);
    let (mut all, mut late) = (Vec::new(), vec![T::ZERO; sizes.inner_latency]);
    for part in audio.chunks_mut(cut) {
        dispatch!(SimdLevel::BEST, s => unit.up(s, sizes, 0, part));
        let frames = part.len() << sizes.octaves;
        let high = &unit.high[LEAD..LEAD + frames];
        all.extend(high);
        late.extend(high);
        unit.other[LEAD..LEAD + frames].copy_from_slice(&late[..frames]);
        late.drain(..frames);
        dispatch!(SimdLevel::BEST, s => unit.down(s, sizes, 0, part));
    }
    all
}

fn response(samples: &[f64], turns: f64) -> Complex<f64> {
    samples.iter().enumerate().map(|(n, x)| Complex::from_polar(*x, -TAU * turns * n as f64)).sum()
}

fn decibels(gain: f64) -> f64 {
    20.0 * gain.max(1e-20).log10()
}

#[test]
fn pass_band_and_stop_band_of_one_octave() {
    for (phase, rate) in [
        (Phase::Linear, 48_000.0),
        (Phase::Linear, 44_100.0),
        (Phase::LowLatency, 48_000.0),
        (Phase::LowLatency, 44_100.0),
    ] {
        let mut audio = vec![0.0f64; 2_000];
        audio[0] = 1.0;
        let high = through(&sizes(1, phase, 0, rate), &mut audio, 64);
        let at = |hz: f64| decibels(0.5 * response(&high, hz / (2.0 * rate)).norm());
        let passed = (0..=200).map(|i| at(100.0 * i as f64).abs()).fold(0.0, f64::max);
        let top = 2.0 * rate - (rate - 20_000.0);
        let stopped =
            (0..=400).map(|i| at(rate - 20_000.0 + (top - rate) * i as f64 / 400.0)).fold(-999.0, f64::max);
        std::println!("{phase:?} {rate}: to 20 kHz {passed:.1e} dB, stop band {stopped:.1} dB");
        assert!(passed < 0.001 && stopped < -120.0, "{phase:?}, {rate}: {passed} dB, {stopped} dB");
    }
}

#[test]
fn linear_phase_comes_back_late_by_whole_frames() {
    for octaves in 0..=4 {
        for inner_latency in [0, 1, 2, 3, 7, 16, 33] {
            if octaves == 0 && inner_latency > 0 {
                continue;
            }
            let sizes = sizes(octaves, Phase::Linear, inner_latency, 48_000.0);
            let wave = |n: f64| (TAU * 0.3 * n + 0.2).sin() + (TAU * 0.01 * n).cos();
            let mut audio: Vec<f64> = (0..1_500).map(|n| wave(n as f64)).collect();
            through(&sizes, &mut audio, 64);
            let error = (600..1_500).map(|n| (audio[n] - wave(n as f64 - sizes.latency() as f64)).abs());
            let worst = decibels(error.fold(0.0, f64::max));
            assert!(worst < -115.0, "{octaves} octaves, {inner_latency}: {worst} dB");
        }
    }
}

#[test]
fn low_latency_is_early_and_exact_where_it_is_slow() {
    for octaves in 1..=4 {
        let sizes = sizes(octaves, Phase::LowLatency, 1, 48_000.0);
        assert!(sizes.latency() < 12, "{} frames", sizes.latency());
        let mut audio = vec![0.0f64; 4_000];
        audio[0] = 1.0;
        through(&sizes, &mut audio, 64);
        let turn = response(&audio, 0.001);
        let late = -turn.arg() / (TAU * 0.001);
        assert!(
            (0.0..1.0).contains(&(late - sizes.latency() as f64)),
            "{late} frames, told {}",
            sizes.latency()
        );
        assert!((0..200).all(|i| decibels(response(&audio, i as f64 * 0.002).norm()).abs() < 0.001));
    }
}

#[test]
fn no_bit_depends_on_the_cut() {
    for phase in [Phase::Linear, Phase::LowLatency] {
        let sizes = sizes(3, phase, 1, 48_000.0);
        let wave: Vec<f32> = (0..700).map(|n| (n as f32 * n as f32 * 0.001).sin()).collect();
        let [mut whole, mut cut] = [wave.clone(), wave];
        through(&sizes, &mut whole, 64);
        through(&sizes, &mut cut, 5);
        assert!(whole == cut, "{phase:?}");
    }
}
