//! The reverb's decay, density, colour and level, against theory and the figures of noise.

use mixdsp::{Processor, Reverb, ReverbConfig, ReverbParams, Spec};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn wet(params: ReverbParams) -> ReverbParams {
    ReverbParams { mix: 1.0, ..params }
}

/// The impulse response of a stereo unit to a click in the left channel.
fn impulse_response(params: ReverbParams, seconds: f64) -> [Vec<f64>; 2] {
    let config = ReverbConfig { pre_delay_ms: 0.0, ..ReverbConfig::default() };
    let mut unit = Reverb::<f64>::new(Spec::new(RATE, 2), config, params).unwrap();
    let frames = (seconds * RATE) as usize;
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    left[0] = 1.0;
    unit.process(&mut [&mut left, &mut right], &[]).unwrap();
    [left, right]
}

fn decibels(power: f64) -> f64 {
    10.0 * power.log10()
}

/// One octave of a signal, by a band-pass of fourth order forward in time.
fn octave(samples: &[f64], frequency_hz: f64) -> Vec<f64> {
    let mut out = samples.to_vec();
    let (w, q) = (TAU * frequency_hz / RATE, std::f64::consts::SQRT_2);
    let alpha = w.sin() / (2.0 * q);
    for _ in 0..2 {
        let (mut x1, mut x2, mut y1, mut y2) = (0.0, 0.0, 0.0, 0.0);
        for sample in &mut out {
            let x = *sample;
            let y = (alpha * (x - x2) + 2.0 * w.cos() * y1 - (1.0 - alpha) * y2) / (1.0 + alpha);
            (x2, x1, y2, y1) = (x1, x, y1, y);
            *sample = y;
        }
    }
    out
}

/// Seconds in which the energy still to come falls by 60 dB, from the slope between -5 and -35 dB.
fn schroeder(samples: &[f64]) -> f64 {
    let mut left: Vec<f64> = samples.to_vec();
    let mut sum = 0.0;
    for sample in left.iter_mut().rev() {
        sum += *sample * *sample;
        *sample = sum;
    }
    let all = left[0];
    let at = |db: f64| left.iter().position(|energy| decibels(energy / all) <= db).unwrap() as f64 / RATE;
    2.0 * (at(-35.0) - at(-5.0))
}

#[test]
fn decay_times_are_measured_as_set() {
    let params =
        wet(ReverbParams { decay_seconds: 2.0, bass_ratio: 1.5, treble_ratio: 0.4, ..Default::default() });
    let responses = impulse_response(params, 6.0);
    let mut worst = 0.0f64;
    for (frequency_hz, allowed) in
        [(250.0, 0.1), (500.0, 0.05), (1_000.0, 0.05), (2_000.0, 0.05), (4_000.0, 0.05), (8_000.0, 0.05)]
    {
        let f: f64 = frequency_hz;
        let low = 1.0 / (1.0 + (f / params.bass_hz).powi(2));
        let high = 1.0 / (1.0 + (params.treble_hz / f).powi(2));
        let wanted = 2.0 * 1.5f64.powf(low) * 0.4f64.powf(high);
        let measured = responses.iter().map(|r| schroeder(&octave(r, f))).sum::<f64>() / 2.0;
        println!("{f} Hz: {measured:.3} s for {wanted:.3}");
        worst = worst.max((measured / wanted - 1.0).abs());
        assert!((measured / wanted - 1.0).abs() < allowed, "{f} Hz: {measured} s for {wanted}");
    }
    println!("worst {:.1} %", 100.0 * worst);
}

#[test]
fn the_tail_is_dense_at_once_and_even_in_colour() {
    let [left, right] = impulse_response(
        wet(ReverbParams { decay_seconds: 2.0, bass_ratio: 1.0, treble_ratio: 1.0, ..Default::default() }),
        2.5,
    );
    // Echo density: share of samples beyond one deviation in 20 ms, 1 for Gaussian noise (Abel and Huang 2006)
    let density = |centre: usize| {
        let window: Vec<(f64, f64)> =
            (0..960).map(|n| (0.5 - 0.5 * (TAU * n as f64 / 960.0).cos(), left[centre - 480 + n])).collect();
        let weight: f64 = window.iter().map(|(w, _)| w).sum();
        let deviation = (window.iter().map(|(w, x)| w * x * x).sum::<f64>() / weight).sqrt();
        let beyond: f64 = window.iter().filter(|(_, x)| x.abs() > deviation).map(|(w, _)| w).sum();
        beyond / weight / 0.3173
    };
    let onset = left.iter().position(|y| y.abs() > 0.0).unwrap();
    let dense = (onset + 480..onset + 9_600).step_by(48).find(|centre| density(*centre) >= 1.0).unwrap();
    let milliseconds = (dense - onset) as f64 / 48.0;

    // Flatness: geometric over arithmetic mean of the power spectrum, levelled; Gaussian noise gives 0.56
    let tail = &left[onset + 4_800..onset + 4_800 + 32_768];
    let levelled: Vec<f64> =
        tail.iter().enumerate().map(|(n, y)| y * 10f64.powf(3.0 * n as f64 / RATE / 2.0)).collect();
    let bins: Vec<f64> = (200..2_200)
        .map(|bin| {
            let step = -TAU * (bin * 5) as f64 / 32_768.0;
            let sum: Complex<f64> =
                levelled.iter().enumerate().map(|(n, y)| Complex::from_polar(*y, step * n as f64)).sum();
            sum.norm_sqr()
        })
        .collect();
    let mean = bins.iter().sum::<f64>() / bins.len() as f64;
    let flatness = (bins.iter().map(|power| power.ln()).sum::<f64>() / bins.len() as f64).exp() / mean;

    let correlation = {
        let pairs = || left[onset + 9_600..].iter().zip(&right[onset + 9_600..]);
        let cross: f64 = pairs().map(|(l, r)| l * r).sum();
        let (l, r) = (pairs().map(|(l, _)| l * l).sum::<f64>(), pairs().map(|(_, r)| r * r).sum::<f64>());
        cross / (l * r).sqrt()
    };
    println!("dense after {milliseconds:.0} ms, flatness {flatness:.3}, correlation {correlation:.3}");
    assert!(milliseconds <= 40.0, "{milliseconds}");
    assert!(flatness >= 0.48, "{flatness}");
    assert!(correlation.abs() < 0.15, "{correlation}");
}

#[test]
fn steady_noise_comes_out_at_one_level_for_every_decay() {
    let mut seed = 1u32;
    let noise: Vec<f64> = (0..480_000)
        .map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed as f64 / 2_147_483_648.0 - 1.0
        })
        .collect();
    for decay_seconds in [0.5, 2.0, 5.0] {
        let params =
            wet(ReverbParams { decay_seconds, bass_ratio: 1.0, treble_ratio: 1.0, ..Default::default() });
        let mut unit = Reverb::<f64>::new(Spec::new(RATE, 1), ReverbConfig::default(), params).unwrap();
        let mut audio = noise.clone();
        unit.process(&mut [&mut audio], &[]).unwrap();
        let power = |samples: &[f64]| samples.iter().map(|x| x * x).sum::<f64>() / samples.len() as f64;
        let level = decibels(power(&audio[384_000..]) / power(&noise[384_000..]));
        println!("{decay_seconds} s: {level:.2} dB");
        assert!((level + 10.0).abs() < 1.5, "{level}");
    }
}

#[test]
fn frozen_sound_stays() {
    let mut unit =
        Reverb::<f32>::new(Spec::new(RATE, 2), ReverbConfig::default(), wet(ReverbParams::default()))
            .unwrap();
    let mut seed = 7u32;
    let mut run = |unit: &mut Reverb<f32>, level: f32| {
        let mut sides = [0, 1].map(|_| -> Vec<f32> {
            (0..48_000)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    level * (seed as f32 / 2_147_483_648.0 - 1.0)
                })
                .collect()
        });
        let [left, right] = &mut sides;
        unit.process(&mut [left, right], &[]).unwrap();
        decibels(sides.iter().flatten().map(|y| (*y as f64).powi(2)).sum::<f64>() / 96_000.0)
    };
    for _ in 0..3 {
        run(&mut unit, 0.5);
    }
    unit.set(ReverbParams::FREEZE, 1.0).unwrap();
    assert_eq!(unit.tail(), None);
    run(&mut unit, 0.5);
    let first: f64 = (0..5).map(|_| run(&mut unit, 0.5)).sum::<f64>() / 5.0;
    for _ in 0..50 {
        run(&mut unit, 0.5);
    }
    let last: f64 = (0..5).map(|_| run(&mut unit, 0.5)).sum::<f64>() / 5.0;
    println!("a frozen minute: {:+.4} dB", last - first);
    assert!((last - first).abs() < 0.1, "{first} {last}");
}
