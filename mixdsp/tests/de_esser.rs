//! The de-esser on vowels, on sibilants, and against its curve.

mod common;

use common::level::{amplitude, decibels, gain, sine, traced};
use common::voices::speech;
use common::{Bound, Random, measured};
use mixdsp::{DeEsser, DeEsserMode, DeEsserParams, DeEsserReadings, NoConfig, Processor, Spec};
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;
const MODES: [DeEsserMode; 2] = [DeEsserMode::Shelf, DeEsserMode::Split];
const READING: mixdsp::Id = DeEsserReadings::GAIN_REDUCTION_DB.any();

fn unit(channels: usize, mode: DeEsserMode, params: DeEsserParams) -> DeEsser<f64> {
    DeEsser::new(Spec::new(RATE, channels), NoConfig, DeEsserParams { mode, ..params })
        .expect("it is in range")
}

/// A sung vowel: harmonics of 120 Hz up to 3.6 kHz with two formants, a little vibrato.
fn vowel(frames: usize) -> Vec<f64> {
    let mut phase = 0.0;
    (0..frames)
        .map(|n| {
            let t = n as f64 / RATE;
            phase += 120.0 * (1.0 + 0.01 * (TAU * 5.0 * t).sin()) / RATE;
            let harmonic = |k: usize| {
                let hz = 120.0 * k as f64;
                let formants = [700.0, 1_220.0].map(|formant| (-((hz - formant) / 200.0).powi(2)).exp());
                (0.2 / k as f64 + formants[0] + 0.5 * formants[1]) * (TAU * k as f64 * phase).sin()
            };
            0.1 * (t / 0.05).min(1.0) * (1..=30).map(harmonic).sum::<f64>()
        })
        .collect()
}

#[test]
fn a_vowel_without_highs_passes_the_shelf() {
    let input = vowel(96_000);
    let mut audio = input.clone();
    unit(1, DeEsserMode::Shelf, DeEsserParams::default()).process(&mut [&mut audio], &[]).expect("it fits");
    let energy = |samples: &mut dyn Iterator<Item = f64>| samples.map(|x| x * x).sum::<f64>();
    let left = energy(&mut audio.iter().zip(&input).map(|(y, x)| y - x)) / energy(&mut input.iter().copied());
    let what = "vowel without highs, shelf mode, defaults: difference from the input";
    measured("de-esser", what, Bound::AtMost(-120.0), 10.0 * left.max(1e-30).log10(), "dB", "the input");
}

#[test]
fn twenty_decibels_more_change_nothing() {
    let mut random = Random::new(2);
    let (mut speech, _) = speech(RATE, 20.0, 0.03, &mut random);
    // A dull room 45 dB under it
    let mut room = 0.0;
    speech.iter_mut().for_each(|sample| {
        room += 0.02 * (random.noise() - room);
        *sample += 3e-3 * room;
    });
    let mut worst = 0.0f64;
    let mut most = 0.0f64;
    for mode in MODES {
        let told = [1.0, 10.0].map(|scale| {
            let mut audio = [speech.iter().map(|x| scale * x).collect::<Vec<f64>>()];
            traced(&mut unit(1, mode, DeEsserParams::default()), &mut audio, &[], [READING])
        });
        // The room begins out of nothing, which has highs.
        for (quiet, loud) in told[0][0].iter().zip(&told[1][0]).skip(24_000) {
            worst = worst.max((quiet - loud).abs());
            most = most.max(*loud);
        }
    }
    assert!(most > 6.0, "it works: {most} dB");
    let what = "20 dB more of synthetic speech, peaks at -30 dB, both modes: change of the reduction at any frame, from 0.5 s on";
    measured("de-esser", what, Bound::AtMost(0.1), worst, "dB", "theory");
}

#[test]
fn the_static_curve_is_that_of_the_highs_share() {
    let [mut told_worst, mut heard_worst] = [0.0f64; 2];
    // A shelf takes all of it only where it has ended.
    let high_hz = 19_000.0;
    for mode in MODES {
        for (threshold_db, slope, knee_db, range_db) in
            [(-9.0, 1.0, 6.0, 9.0), (-20.0, 0.5, 0.0, 12.0), (-12.0, 2.0, 12.0, 12.0)]
        {
            let params = DeEsserParams { threshold_db, slope, knee_db, range_db, ..DeEsserParams::default() };
            for high_db in (-40..=20).step_by(5).map(f64::from) {
                let [low, high] =
                    [sine(RATE, 500.0, 0.05, 96_000), sine(RATE, high_hz, 0.05 * gain(high_db), 96_000)];
                let mut audio = [low.iter().zip(&high).map(|(a, b)| a + b).collect::<Vec<f64>>()];
                let [told] = traced(&mut unit(1, mode, params), &mut audio, &[], [READING]);
                let energy = gain(high_db).powi(2);
                let share_db = 10.0 * (energy / (1.0 + energy)).log10();
                let over = share_db - threshold_db;
                let bent = if 2.0 * over <= -knee_db {
                    0.0
                } else if 2.0 * over < knee_db {
                    (over + knee_db / 2.0).powi(2) / (2.0 * knee_db)
                } else {
                    over
                };
                let expected = (slope * bent).min(range_db);
                let heard = -decibels(amplitude(&audio[0][48_000..], high_hz, RATE) / (0.05 * gain(high_db)));
                told_worst = told_worst.max((told[95_999] - expected).abs());
                heard_worst = heard_worst.max((heard - expected).abs());
            }
        }
    }
    let what = "static curve of the highs' share (500 Hz and 19 kHz, highs from 5 kHz, range to 12 dB), both modes: reading";
    measured("de-esser", what, Bound::AtMost(0.3), told_worst, "dB", "theory");
    let what = "the same: what 19 kHz loses";
    measured("de-esser", what, Bound::AtMost(0.3), heard_worst, "dB", "theory");
}

#[test]
fn without_range_the_shelf_changes_nothing() {
    let mut random = Random::new(5);
    let input: Vec<f64> = (0..20_000).map(|_| random.noise()).collect();
    let mut audio = input.clone();
    let params = DeEsserParams { range_db: 0.0, ..Default::default() };
    unit(1, DeEsserMode::Shelf, params).process(&mut [&mut audio], &[]).expect("it fits");
    assert_eq!(audio, input);
}

#[test]
fn split_bands_add_up_flat() {
    let mut worst = 0.0f64;
    for frequency_hz in [100.0, 1_000.0, 4_000.0, 5_000.0, 6_000.0, 12_000.0] {
        let params = DeEsserParams { range_db: 0.0, ..Default::default() };
        let mut audio = [sine(RATE, frequency_hz, 0.5, 48_000), sine(RATE, frequency_hz, 0.25, 48_000)];
        let [left, right] = &mut audio;
        unit(2, DeEsserMode::Split, params).process(&mut [left, right], &[]).expect("it fits");
        for (channel, input) in audio.iter().zip([0.5, 0.25]) {
            worst = worst.max(decibels(amplitude(&channel[24_000..], frequency_hz, RATE) / input).abs());
        }
    }
    measured(
        "de-esser",
        "split mode, nothing taken: flat within",
        Bound::AtMost(0.001),
        worst,
        "dB",
        "theory",
    );
}

#[test]
fn all_channels_count_and_are_turned_down_alike() {
    // Highs on the third channel alone
    for mode in MODES {
        let mut audio = [
            sine(RATE, 18_000.0, 0.001, 48_000),
            sine(RATE, 18_000.0, 0.002, 48_000),
            sine(RATE, 18_000.0, 0.5, 48_000),
        ];
        let [a, b, c] = &mut audio;
        unit(3, mode, DeEsserParams::default()).process(&mut [a, b, c], &[]).expect("it fits");
        for (channel, input) in audio.iter().zip([0.001, 0.002, 0.5]) {
            let taken = -decibels(amplitude(&channel[24_000..], 18_000.0, RATE) / input);
            assert!((taken - 9.0).abs() < 0.1, "{mode:?}: {taken}");
        }
    }
}
