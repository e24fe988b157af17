//! The reverb's decay, density, colour and level, against theory and the figures of noise.

mod common;

use common::spectrum::fft;
use common::{Bound, Random, depth, measured};
use mixdsp::{Processor, Reverb, ReverbConfig, ReverbParams, Spec};
use num_complex::Complex;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn wet(params: ReverbParams) -> ReverbParams {
    ReverbParams { mix: 1.0, ..params }
}

/// What comes out of a stereo unit for a click in one of its channels.
fn click(config: ReverbConfig, params: ReverbParams, channel: usize, seconds: f64) -> [Vec<f64>; 2] {
    let mut unit = Reverb::<f64>::new(Spec::new(RATE, 2), config, wet(params)).unwrap();
    let frames = (seconds * RATE) as usize;
    let mut sides = [vec![0.0; frames], vec![0.0; frames]];
    sides[channel][0] = 1.0;
    let [left, right] = &mut sides;
    unit.process(&mut [left, right], &[]).unwrap();
    sides
}

/// Rooms that differ by up to a fifth in their size, so that what is measured is no matter of one pattern.
fn rooms(config: ReverbConfig, params: ReverbParams, count: usize, seconds: f64) -> Vec<[Vec<f64>; 2]> {
    let sizes = (0..count).map(|at| config.size * (0.8 + 0.4 * at as f64 / count as f64));
    let each = sizes
        .enumerate()
        .map(|(at, size)| click(ReverbConfig { size, pre_delay_ms: 0.0, ..config }, params, at % 2, seconds));
    each.collect()
}

fn presets() -> [(&'static str, ReverbConfig, ReverbParams); 4] {
    [
        ("room", ReverbConfig::room(), ReverbParams::room()),
        ("chamber", ReverbConfig::chamber(), ReverbParams::chamber()),
        ("hall", ReverbConfig::hall(), ReverbParams::hall()),
        ("plate", ReverbConfig::plate(), ReverbParams::plate()),
    ]
}

fn decibels(power: f64) -> f64 {
    10.0 * power.log10()
}

/// A band around a frequency, by a band-pass of fourth order that runs backward, so that its own ringing lengthens no decay.
fn band(samples: &[f64], frequency_hz: f64, q: f64) -> Vec<f64> {
    let mut out = samples.to_vec();
    let w = TAU * frequency_hz / RATE;
    let alpha = w.sin() / (2.0 * q);
    for _ in 0..2 {
        let (mut x1, mut x2, mut y1, mut y2) = (0.0, 0.0, 0.0, 0.0);
        for sample in out.iter_mut().rev() {
            let x = *sample;
            let y = (alpha * (x - x2) + 2.0 * w.cos() * y1 - (1.0 - alpha) * y2) / (1.0 + alpha);
            (x2, x1, y2, y1) = (x1, x, y1, y);
            *sample = y;
        }
    }
    out
}

/// The energy still to come (Schroeder 1965).
fn remaining(samples: &[f64]) -> Vec<f64> {
    let mut left: Vec<f64> = samples.to_vec();
    let mut sum = 0.0;
    for sample in left.iter_mut().rev() {
        sum += *sample * *sample;
        *sample = sum;
    }
    left
}

/// Energies, in decibels of the first.
fn in_decibels(energies: &[f64]) -> Vec<f64> {
    energies.iter().map(|energy| decibels(energy / energies[0])).collect()
}

/// Seconds for 60 dB by the slope of a straight line, by least squares, between two levels.
fn decay_seconds(remaining_db: &[f64], from_db: f64, to_db: f64) -> f64 {
    let at = |db: f64| remaining_db.iter().position(|level| *level <= db).unwrap();
    let (from, to) = (at(from_db), at(to_db));
    let count = (to - from) as f64;
    let (mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0);
    for (n, db) in remaining_db[from..to].iter().enumerate() {
        let t = n as f64 / RATE;
        (x, y, xx, xy) = (x + t, y + db, xx + t * t, xy + t * db);
    }
    -60.0 / ((count * xy - x * y) / (count * xx - x * x))
}

#[test]
fn decay_times_are_measured_as_set() {
    let shortest = (
        "room of 0.3 s",
        ReverbConfig { size: 0.3, ..ReverbConfig::room() },
        ReverbParams { decay_seconds: 0.3, ..ReverbParams::room() },
        0.03,
    );
    let longest = (
        "hall of 8 s",
        ReverbConfig { size: 1.4, ..ReverbConfig::hall() },
        ReverbParams { decay_seconds: 8.0, ..ReverbParams::hall() },
        0.02,
    );
    let ready = presets()
        .map(|(name, config, params)| (name, config, params, if name == "room" { 0.03 } else { 0.02 }));
    // The longest takes as long as all others.
    let longest = (depth::count(0, 1) > 0).then_some(longest);
    for (name, config, params, bound) in ready.into_iter().chain([shortest]).chain(longest) {
        let longest = params.decay_seconds * params.bass_ratio.max(1.0);
        let count = 24;
        let responses = rooms(config, params, count, 1.3 * longest + 0.3);
        let mut worst = (0.0f64, 0.0);
        for octave in 0..8 {
            let f = 62.5 * f64::from(1 << octave);
            let low = 1.0 / (1.0 + (f / params.bass_hz).powi(2));
            let high = 1.0 / (1.0 + (params.treble_hz / f).powi(2));
            let wanted = params.decay_seconds * params.bass_ratio.powf(low) * params.treble_ratio.powf(high);
            // A third of an octave where the decay changes quickly, since the longest in a band is heard longest. The
            // decays are a mean of energies: one of their times would be too long by the square of what they differ.
            let q = if f < 200.0 { std::f64::consts::SQRT_2 } else { 3.0 };
            let mut mean = vec![0.0; responses[0][0].len()];
            for response in responses.iter().flatten() {
                let remaining = remaining(&band(response, f, q));
                mean.iter_mut().zip(&remaining).for_each(|(mean, energy)| *mean += energy / remaining[0]);
            }
            let found = decay_seconds(&in_decibels(&mean), -5.0, -35.0);
            let off = found / wanted - 1.0;
            println!("{name}, {f} Hz: {found:.3} s for {wanted:.3}, {:.1} %", 100.0 * off);
            // There the echoes of the first tenth of a second are no noise yet: they add up as waves of 5 m do.
            if octave == 0 || f * params.decay_seconds < 50.0 {
                let what = format!("decay time at {f} Hz, mean of {} responses, {name}", 2 * count);
                measured("reverb", &what, Bound::AtMost(5.5), 100.0 * off.abs(), "%", "the formula");
            } else if off.abs() > worst.0 {
                worst = (off.abs(), f);
            }
        }
        println!("{name}: worst at {} Hz", worst.1);
        let what = format!("decay time at octave centres, mean of {} responses, {name}", 2 * count);
        measured("reverb", &what, Bound::AtMost(100.0 * bound), 100.0 * worst.0, "%", "the formula");
    }
}

#[test]
fn a_click_is_heard_at_once_and_dies_away_evenly() {
    for (name, config, params) in presets() {
        let flat = ReverbParams { bass_ratio: 1.0, treble_ratio: 1.0, modulation: 0.0, ..params };
        let responses = rooms(config, flat, 8, 1.3 * params.decay_seconds + 0.3);
        let (mut latest, mut apart) = (0.0f64, 0.0f64);
        for response in responses.iter().flatten() {
            let peak = response.iter().fold(0.0f64, |peak, y| peak.max(y.abs()));
            let first = response.iter().position(|y| y.abs() > 0.03 * peak).unwrap();
            latest = latest.max(1000.0 * first as f64 / RATE);
        }
        for [left, right] in &responses {
            let both: Vec<f64> = left.iter().zip(right).map(|(l, r)| l.hypot(*r)).collect();
            let remaining = in_decibels(&remaining(&both));
            let (early, late) =
                (decay_seconds(&remaining, -5.0, -15.0), decay_seconds(&remaining, -25.0, -45.0));
            apart += (early / late - 1.0) / responses.len() as f64;
        }
        let what = format!("first energy after the pre-delay, {name}");
        measured("reverb", &what, Bound::AtMost(8.0), latest, "ms", "theory");
        let what = format!("decay from -5 to -15 dB against that from -25 to -45 dB, {name}");
        measured("reverb", &what, Bound::AtMost(5.0), 100.0 * apart.abs(), "%", "an even decay");
    }
}

/// Power of every frequency, by Fourier transform.
fn powers(samples: &[f64]) -> Vec<f64> {
    let mut bins: Vec<Complex<f64>> = samples.iter().map(|x| Complex::from(*x)).collect();
    fft(&mut bins);
    bins.iter().map(|bin| bin.norm_sqr()).collect()
}

/// The largest correlation of two sides within a millisecond, whatever its sign.
fn coherence([left, right]: &[Vec<f64>; 2]) -> f64 {
    let energy = |side: &[f64]| side.iter().map(|x| x * x).sum::<f64>();
    let whole = (energy(left) * energy(right)).sqrt();
    let lags = (-48i32..=48).step_by(4);
    let at = |lag: i32| {
        let (first, second) = (&left[lag.max(0) as usize..], &right[(-lag).max(0) as usize..]);
        first.iter().zip(second).map(|(l, r)| l * r).sum::<f64>().abs()
    };
    lags.map(at).fold(0.0, f64::max) / whole
}

/// Share of samples beyond one deviation within 20 ms, against that of noise (Abel and Huang, AES 121, 2006).
fn echo_density(samples: &[f64]) -> f64 {
    let count = samples.len() as f64;
    let window = |n: usize| 0.5 - 0.5 * (TAU * n as f64 / count).cos();
    let weighted = samples.iter().enumerate().map(|(n, x)| (window(n), *x));
    let weight: f64 = weighted.clone().map(|(w, _)| w).sum();
    let deviation = (weighted.clone().map(|(w, x)| w * x * x).sum::<f64>() / weight).sqrt();
    weighted.filter(|(_, x)| x.abs() > deviation).map(|(w, _)| w).sum::<f64>() / weight / 0.3173
}

#[test]
fn the_tail_is_dense_even_in_colour_and_wide() {
    for (name, config, params) in presets() {
        let responses = rooms(config, params, 8, 1.2 * params.decay_seconds + 0.3);
        // The network begins here; what lies before are the walls and the diffuser.
        let late = (0.030 * config.size * RATE) as usize;
        let (mut dense, mut flatness, mut fourth, mut alike) = ([0.0; 2], 0.0, 0.0, [0.0; 3]);
        for [left, right] in &responses {
            for (dense, least) in dense.iter_mut().zip([0.9, 1.0]) {
                let mut centres = (late.max(480)..late + 9_600).step_by(48);
                let centre = centres.find(|n| echo_density(&left[n - 480..n + 480]) >= least).unwrap();
                *dense += 1000.0 * (centre - late) as f64 / RATE / responses.len() as f64;
            }
            // Of the tail from 100 ms, levelled by the decay of the middle, against its own smooth spectrum.
            let length = if left.len() < 4_800 + 32_768 { 16_384 } else { 32_768 };
            let levelled: Vec<f64> = left[4_800..4_800 + length]
                .iter()
                .enumerate()
                .map(|(n, y)| y * 10f64.powf(3.0 * n as f64 / RATE / params.decay_seconds))
                .collect();
            let powers = powers(&levelled);
            let from = |hz: f64| (hz / RATE * length as f64) as usize;
            let smooth = |at: usize| powers[at - 100..=at + 100].iter().sum::<f64>() / 201.0;
            let bins: Vec<f64> =
                (from(500.0).max(100)..from(12_000.0)).map(|at| powers[at] / smooth(at)).collect();
            let mean = bins.iter().sum::<f64>() / bins.len() as f64;
            let geometric = (bins.iter().map(|power| power.ln()).sum::<f64>() / bins.len() as f64).exp();
            flatness += geometric / mean / responses.len() as f64;
            let square = bins.iter().map(|power| power * power).sum::<f64>() / bins.len() as f64;
            fourth += square / (mean * mean) / responses.len() as f64;
            for (alike, f) in alike.iter_mut().zip([250.0, 1_000.0, 4_000.0]) {
                let sides = [left, right].map(|side| band(&side[3_840..], f, std::f64::consts::SQRT_2));
                *alike += coherence(&sides) / responses.len() as f64;
            }
        }
        let report = |what: &str, bound: Bound, value: f64, unit: &str| {
            measured("reverb", &format!("{what}, {name}"), bound, value, unit, "noise that dies away");
        };
        report("echo density 0.9 after the late onset", Bound::AtMost(15.0), dense[0], "ms");
        report("echo density 1 after the late onset", Bound::AtMost(40.0), dense[1], "ms");
        report("flatness of the tail", Bound::AtLeast(0.48), flatness, "");
        report("fourth moment of the tail's spectrum", Bound::AtMost(2.6), fourth, "");
        // Two noises that die away as fast are alike by chance where a band is gone after a few periods.
        let mut random = Random::new(3);
        for (f, alike, bound) in
            [(250.0, alike[0], 0.25), (1_000.0, alike[1], 0.15), (4_000.0, alike[2], 0.12)]
        {
            let mut by_chance = 0.0f64;
            for _ in 0..8 {
                let fading = |n: usize| 10f64.powf(-3.0 * n as f64 / RATE / params.decay_seconds);
                let noises = [0, 1].map(|_| {
                    let noise: Vec<f64> =
                        (0..responses[0][0].len()).map(|n| fading(n) * random.noise()).collect();
                    band(&noise[3_840..], f, std::f64::consts::SQRT_2)
                });
                by_chance += coherence(&noises) / 8.0;
            }
            let what = format!("correlation of the sides at {f} Hz (noise: {by_chance:.2})");
            report(&what, Bound::AtMost(f64::max(bound, 1.5 * by_chance)), alike, "");
        }
    }
}

#[test]
fn a_held_tone_hardly_wavers() {
    for (around_hz, bound) in [(1_000.0, 1.0), (3_000.0, 2.5)] {
        let mut wavers = 0.0;
        for at in 0..7 {
            let f = around_hz * (0.95 + 0.1 * at as f64 / 6.0);
            let tone: Vec<f64> =
                (0..(20.0 * RATE) as usize).map(|n| (TAU * f * n as f64 / RATE).sin()).collect();
            let mut unit =
                Reverb::<f64>::new(Spec::new(RATE, 1), ReverbConfig::default(), wet(ReverbParams::default()));
            let mut audio = tone;
            unit.as_mut().unwrap().process(&mut [&mut audio], &[]).unwrap();
            let levels: Vec<f64> = audio[(5.0 * RATE) as usize..]
                .chunks_exact(2_400)
                .map(|part| decibels(part.iter().map(|y| y * y).sum::<f64>() / part.len() as f64))
                .collect();
            let mean = levels.iter().sum::<f64>() / levels.len() as f64;
            let square = levels.iter().map(|level| (level - mean).powi(2)).sum::<f64>();
            wavers += (square / levels.len() as f64).sqrt() / 7.0;
        }
        let what = format!("level of a held tone around {around_hz} Hz, defaults");
        measured("reverb", &what, Bound::AtMost(bound), wavers, "dB rms", "a steady tone");
    }
}

/// Syllables of a voice, four a second with a pause after every seven, and strokes of drums.
fn voice_and_drums() -> [(&'static str, Vec<f64>); 2] {
    let frames = (16.0 * RATE) as usize;
    let seconds = |n: usize| n as f64 / RATE;
    let voice = (0..frames).map(|n| {
        let (t, syllable) = (seconds(n), (4.0 * seconds(n)).floor());
        let (within, pitch) = (4.0 * t - syllable, 180.0 * 1.06f64.powf(3.0 * (syllable * 1.7).sin()));
        let open = if syllable as usize % 8 == 7 { 0.0 } else { (TAU * 0.5 * within).sin().max(0.0).sqrt() };
        let harmonics = (1..25).map(|h| (TAU * pitch * f64::from(h) * t).sin() / f64::from(h).powf(1.2));
        0.1 * open * harmonics.sum::<f64>()
    });
    let mut random = Random::new(5);
    let drums = (0..frames).map(|n| {
        let beat = 2.0 * seconds(n) % 2.0;
        // Falls from 220 to 45 Hz.
        let turns = 45.0 * beat + 175.0 / 30.0 * (1.0 - (-30.0 * beat).exp());
        let kick = 0.7 * (-12.0 * beat).exp() * (TAU * turns).sin();
        let snare = if beat >= 1.0 { 0.4 * (-18.0 * (beat - 1.0)).exp() * random.noise() } else { 0.0 };
        kick + snare
    });
    [("a voice", voice.collect()), ("drums", drums.collect())]
}

#[test]
fn the_default_mix_keeps_the_loudness() {
    let loudness = |sides: &[Vec<f64>; 2]| {
        let mut meter = ebur128::EbuR128::new(2, RATE as u32, ebur128::Mode::I).unwrap();
        meter.add_frames_planar_f64(&[&sides[0], &sides[1]]).unwrap();
        meter.loudness_global().unwrap()
    };
    for (name, audio) in voice_and_drums() {
        let dry = [audio.clone(), audio];
        let mut heard = dry.clone();
        let mut unit =
            Reverb::<f64>::new(Spec::new(RATE, 2), ReverbConfig::default(), ReverbParams::default()).unwrap();
        let [left, right] = &mut heard;
        unit.process(&mut [left, right], &[]).unwrap();
        let change = loudness(&heard) - loudness(&dry);
        let what = format!("loudness of {name} at mix 0.3");
        measured("reverb", &what, Bound::Within(-0.5, 0.5), change, "LU", "libebur128");
    }
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
        let what = format!("steady noise at a decay of {decay_seconds} s");
        measured("reverb", &what, Bound::Within(0.0, 0.5), level, "dB", "the input");
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
