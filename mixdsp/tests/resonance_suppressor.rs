//! The resonance suppressor on resonances that are put into noise and into a voice, and on clean noise and music.

#![cfg(feature = "fft")]

mod common;
mod loudness_support;

use common::spectrum::fft;
use common::{Bound, Random, measured};
use loudness_support::{Audio, audio_folder, decode, music};
use mixdsp::{
    Gain, GainParams, MidSidePaths, NoConfig, Processor, ResonanceSuppressor, ResonanceSuppressorConfig,
    ResonanceSuppressorParams, ResonanceSuppressorReadings, Spec,
};
use num_complex::Complex;
use std::f64::consts::{PI, TAU};

const RATE: f64 = 48_000.0;
const LARGEST: mixdsp::Id = ResonanceSuppressorReadings::GAIN_REDUCTION_DB.any();
/// Where the resonances are: +12 dB, Q 20.
const RESONANCES_HZ: [f64; 3] = [300.0, 2_000.0, 5_000.0];
/// It has found them by then.
const FOUND_SECONDS: f64 = 15.0;
/// Frames of a transform.
const LENGTH: usize = 16_384;

fn unit(channels: usize, sidechain: usize, params: ResonanceSuppressorParams) -> ResonanceSuppressor<f32> {
    let spec = Spec::new(RATE, channels).with_sidechain(sidechain);
    ResonanceSuppressor::new(spec, ResonanceSuppressorConfig::default(), params).expect("it is in range")
}

fn pink(seconds: f64, seed: u64) -> Vec<f64> {
    Random::new(seed).pink((seconds * RATE) as usize)
}

/// Puts a peak of 12 dB and Q 20 in, by the Audio EQ Cookbook's peaking filter.
fn resonate(samples: &mut [f64], frequency_hz: f64) {
    let (a, w) = (10f64.powf(12.0 / 40.0), TAU * frequency_hz / RATE);
    let alpha = w.sin() / 40.0;
    let [b0, b1, b2] = [1.0 + alpha * a, -2.0 * w.cos(), 1.0 - alpha * a];
    let [a0, a1, a2] = [1.0 + alpha / a, -2.0 * w.cos(), 1.0 - alpha / a];
    let [mut s1, mut s2] = [0.0; 2];
    for sample in samples {
        let x = *sample;
        let y = (b0 * x + s1) / a0;
        s1 = b1 * x - a1 * y + s2;
        s2 = b2 * x - a2 * y;
        *sample = y;
    }
}

fn resonant(audio: &Audio) -> Audio {
    let mut audio = audio.clone();
    for channel in &mut audio {
        RESONANCES_HZ.into_iter().for_each(|hz| resonate(channel, hz));
    }
    audio
}

fn process(unit: &mut impl Processor<f32>, audio: &Audio, sidechain: &Audio) -> Audio {
    let single = |audio: &Audio| -> Vec<Vec<f32>> {
        audio.iter().map(|channel| channel.iter().map(|x| *x as f32).collect()).collect()
    };
    let (mut audio, key) = (single(audio), single(sidechain));
    let mut slices: Vec<&mut [f32]> = audio.iter_mut().map(|channel| &mut channel[..]).collect();
    let key: Vec<&[f32]> = key.iter().map(|channel| &channel[..]).collect();
    unit.process(&mut slices, &key).expect("it fits");
    audio.iter().map(|channel| channel.iter().map(|x| f64::from(*x)).collect()).collect()
}

/// Long-term power of all channels together per bin, from a frame on, through a Hann window.
fn spectrum(audio: &Audio, from: usize) -> Vec<f64> {
    let mut power = vec![0.0; LENGTH / 2];
    let shape: Vec<f64> = (0..LENGTH).map(|n| 0.5 - 0.5 * (TAU * n as f64 / LENGTH as f64).cos()).collect();
    let silence = vec![0.0; audio[0].len()];
    let right = audio.get(1).unwrap_or(&silence);
    for (left, right) in audio[0][from..].chunks_exact(LENGTH).zip(right[from..].chunks_exact(LENGTH)) {
        let pairs = left.iter().zip(right).zip(&shape);
        let mut bins: Vec<_> = pairs.map(|((l, r), shape)| Complex::new(l * shape, r * shape)).collect();
        fft(&mut bins);
        for (k, power) in power.iter_mut().enumerate().skip(1) {
            *power += bins[k].norm_sqr() + bins[LENGTH - k].norm_sqr();
        }
    }
    power
}

/// Middles of bands and how the second differs from the first there, in decibels; bands lie `1/fraction` octave apart
/// and are as wide.
fn differences(first: &[f64], second: &[f64], fraction: f64) -> Vec<(f64, f64)> {
    let width = RATE / LENGTH as f64;
    let half = 2f64.powf(0.5 / fraction);
    let bands = (0..(8.0 * fraction) as usize).map(|band| 62.5 * 2f64.powf(band as f64 / fraction));
    bands
        .map(|middle| {
            // Bins count by the share of them that lies in the band.
            let power = |bins: &[f64]| -> f64 {
                let share = |k: usize| {
                    let (low, high) = ((k as f64 - 0.5) * width, (k as f64 + 0.5) * width);
                    (high.min(middle * half) - low.max(middle / half)).clamp(0.0, width)
                };
                bins.iter().enumerate().map(|(k, power)| share(k) * power).sum()
            };
            (middle, 10.0 * (power(second) / power(first)).log10())
        })
        .collect()
}

fn worst(differences: &[(f64, f64)], above_hz: f64, below_hz: f64) -> f64 {
    let inside = differences.iter().filter(|(hz, _)| (above_hz..below_hz).contains(hz));
    inside.map(|(_, db)| db.abs()).fold(0.0, f64::max)
}

/// Puts resonances in, takes them out, and compares with the clean programme.
fn bring_back(name: &str, clean: &Audio) {
    let input = resonant(clean);
    let output = process(&mut unit(clean.len(), 0, Default::default()), &input, &Vec::new());
    let from = (FOUND_SECONDS * RATE) as usize;
    let (was, is, before) = (spectrum(clean, from), spectrum(&output, from), spectrum(&input, from));
    let unprocessed = differences(&was, &before, 12.0);
    assert!(worst(&unprocessed, 500.0, 16_000.0) > 7.0, "there is something to take away");
    let left = differences(&was, &is, 12.0);
    let asked = "defaults, from 15 s on, twelfths of an octave against the clean one";
    let what = format!("resonances of +12 dB, Q 20 at 300 Hz, 2 and 5 kHz on {name}, {asked}");
    let title = format!("{what}: above 500 Hz");
    measured(
        "resonance suppressor",
        &title,
        Bound::AtMost(3.0),
        worst(&left, 500.0, 16_000.0),
        "dB",
        "theory",
    );
    let title = format!("{what}: below");
    measured("resonance suppressor", &title, Bound::AtMost(5.0), worst(&left, 60.0, 500.0), "dB", "theory");
    let [was, is] = [spectrum(clean, 0), spectrum(&output, 0)];
    let all = worst(&differences(&was, &is, 3.0), 60.0, 16_000.0);
    let title = format!("the same on {name}, from its first sample on, thirds of an octave");
    measured("resonance suppressor", &title, Bound::AtMost(3.0), all, "dB", "theory");
}

#[test]
fn resonances_on_noise_are_taken_out() {
    bring_back("pink noise (45 s)", &vec![pink(45.0, 1), pink(45.0, 2)]);
}

#[test]
fn resonances_on_a_voice_are_taken_out() {
    let Some(folder) = audio_folder() else { return };
    let Some((voice, _)) = decode(&folder.join("francium/vox_lead.m4a"), Some(RATE)) else { return };
    let minutes = |channel: &Vec<f64>| channel.iter().take((120.0 * RATE) as usize).copied().collect();
    bring_back("Francium's lead voice (two minutes)", &voice.iter().map(minutes).collect());
}

/// Largest difference in third octaves.
fn changed_db(audio: &Audio) -> f64 {
    let output = process(&mut unit(audio.len(), 0, Default::default()), audio, &Vec::new());
    worst(&differences(&spectrum(audio, 0), &spectrum(&output, 0), 3.0), 60.0, 16_000.0)
}

#[test]
fn clean_noise_and_music_are_left_alone() {
    let what = "clean pink noise, defaults: change in any third octave";
    let noise = changed_db(&vec![pink(45.0, 3), pink(45.0, 4)]);
    measured("resonance suppressor", what, Bound::AtMost(0.3), noise, "dB", "the input");
    for (name, audio, _) in music(Some(RATE)) {
        let name = name.rsplit('/').next().unwrap_or(&name).to_owned();
        let what = format!("clean music ({name}), defaults: change in any third octave");
        measured("resonance suppressor", &what, Bound::AtMost(0.3), changed_db(&audio), "dB", "the input");
    }
}

/// Settings that find what is in noise within seconds.
fn quick() -> ResonanceSuppressorParams {
    ResonanceSuppressorParams {
        persistence_seconds: 6.0,
        attack_ms: 100.0,
        release_ms: 100.0,
        ..Default::default()
    }
}

/// Noise with one resonance.
fn whistling(seconds: f64, seed: u64, frequency_hz: f64) -> Vec<f64> {
    let mut noise = pink(seconds, seed);
    resonate(&mut noise, frequency_hz);
    noise
}

/// What a unit takes after some seconds of noise that resonates at 2 kHz.
fn taken(params: ResonanceSuppressorParams) -> f64 {
    let mut unit = unit(1, 0, params);
    process(&mut unit, &vec![whistling(8.0, 5, 2_000.0)], &Vec::new());
    unit.get(LARGEST).expect("it has run")
}

#[test]
fn depth_range_threshold_and_frequencies_are_kept() {
    let whole = taken(quick());
    let what = "noise with one resonance of 12 dB: reading of the reduction";
    measured("resonance suppressor", what, Bound::Within(12.0, 1.5), whole, "dB", "theory");
    let half = taken(ResonanceSuppressorParams { depth: 0.5, ..quick() });
    assert!((half / whole - 0.5).abs() < 0.01, "{half} of {whole} dB at half the depth");
    let ranged = taken(ResonanceSuppressorParams { range_db: 4.0, ..quick() });
    assert!((ranged - 4.0).abs() < 0.01, "{ranged} dB");
    for left_alone in [
        ResonanceSuppressorParams { threshold_db: 15.0, ..quick() },
        ResonanceSuppressorParams { high_hz: 1_800.0, ..quick() },
        ResonanceSuppressorParams { low_hz: 2_200.0, ..quick() },
        // An octave above 1 kHz it has to stick out 3 dB more.
        ResonanceSuppressorParams { threshold_db: 11.0, tilt_db_per_octave: -3.0, ..quick() },
    ] {
        assert_eq!(taken(left_alone), 0.0, "{left_alone:?}");
    }
}

#[test]
fn it_tells_where_and_its_response_is_what_it_takes() {
    let mut unit = unit(1, 0, quick());
    process(&mut unit, &vec![whistling(8.0, 6, 3_100.0)], &Vec::new());
    let hz = unit.get(ResonanceSuppressorReadings::FREQUENCY_HZ.at(0)).expect("there is one");
    let what = "noise with one resonance at 3.1 kHz: reading of its frequency";
    measured("resonance suppressor", what, Bound::Within(3_100.0, 31.0), hz, "Hz", "theory");
    let reduction = unit.get(ResonanceSuppressorReadings::REDUCTION_DB.at(0)).expect("there is one");
    let at = Processor::response(&unit, hz, mixdsp::engine::kind::ResponseAt::Now).expect("it has one");
    let told = -20.0 * at.norm().log10();
    assert!((told - reduction).abs() < 0.2, "the response says {told} dB, the reading {reduction} dB");
    assert_eq!(unit.get(ResonanceSuppressorReadings::FREQUENCY_HZ.at(1)), None);
}

#[test]
fn it_listens_to_the_sidechain() {
    let mut keyed = unit(1, 1, quick());
    let (audio, key) = (vec![pink(8.0, 7)], vec![whistling(8.0, 8, 1_000.0)]);
    let output = process(&mut keyed, &audio, &key);
    let hz = keyed.get(ResonanceSuppressorReadings::FREQUENCY_HZ.at(0)).expect("the key has one");
    assert!((hz / 1_000.0 - 1.0).abs() < 0.01, "{hz} Hz");
    let from = (7.0 * RATE) as usize;
    let change = differences(&spectrum(&audio, from), &spectrum(&output, from), 24.0);
    let at = change.iter().min_by(|a, b| (a.0 / hz).ln().abs().total_cmp(&(b.0 / hz).ln().abs()));
    assert!(
        at.is_some_and(|(_, db)| *db < -8.0),
        "{at:?}: what sticks out of the key is taken from the input"
    );
}

#[test]
fn any_cut_gives_the_same_bits_while_it_works() {
    let audio = vec![whistling(5.0, 12, 2_000.0), whistling(5.0, 13, 700.0)];
    let mut whole = unit(2, 0, quick());
    let expected = process(&mut whole, &audio, &Vec::new());
    assert_ne!(expected, audio, "it works");
    let mut cut = unit(2, 0, quick());
    // What it heard before a reset is forgotten.
    process(&mut cut, &vec![whistling(4.0, 14, 5_000.0); 2], &Vec::new());
    cut.reset();
    let (mut random, mut from) = (Random::new(15), 0);
    while from < audio[0].len() {
        let to = (from + random.below(3_000)).min(audio[0].len());
        let part = audio.iter().map(|channel| channel[from..to].to_vec()).collect();
        let output = process(&mut cut, &part, &Vec::new());
        assert!(output.iter().zip(&expected).all(|(output, expected)| output[..] == expected[from..to]));
        from = to;
    }
}

#[test]
fn silence_changes_nothing() {
    let mut unit = unit(1, 0, quick());
    process(&mut unit, &vec![whistling(8.0, 9, 2_000.0)], &Vec::new());
    // Windows in which the sound ends still count.
    process(&mut unit, &vec![vec![0.0; 48_000]], &Vec::new());
    let before = unit.get(LARGEST);
    process(&mut unit, &vec![vec![0.0; 480_000]], &Vec::new());
    assert_eq!(unit.get(LARGEST), before);
    assert!(before.is_some_and(|db| db > 6.0), "{before:?}");
}

#[test]
fn the_sides_may_be_heard_alone() {
    let (mid, side) = (pink(8.0, 10), whistling(8.0, 11, 2_000.0));
    let audio: Audio = [1.0, -1.0]
        .map(|sign: f64| mid.iter().zip(&side).map(|(mid, side)| mid + sign * side).collect())
        .to_vec();
    let gain = Gain::new(Spec::new(RATE, 1), NoConfig, GainParams::default()).expect("it is in range");
    let mut both = MidSidePaths::new(Spec::new(RATE, 2), gain, unit(1, 0, quick())).expect("they fit");
    let output = process(&mut both, &audio, &Vec::new());
    let part = |audio: &Audio, sign: f64| -> Audio {
        vec![audio[0].iter().zip(&audio[1]).map(|(l, r)| 0.5 * (l + sign * r)).collect()]
    };
    let from = (6.0 * RATE) as usize;
    let change = |sign: f64| {
        let [before, after] = [&audio, &output].map(|audio| spectrum(&part(audio, sign), from));
        worst(&differences(&before, &after, 12.0), 60.0, 16_000.0)
    };
    assert!(change(1.0) < 1e-3, "the mid is left alone: {} dB", change(1.0));
    assert!(change(-1.0) > 6.0, "the side is not: {} dB", change(-1.0));
}

#[test]
fn it_is_not_late() {
    let mut unit = unit(2, 0, Default::default());
    assert_eq!(Processor::latency(&unit), 0);
    let click: Audio = vec![(0..4_096).map(|n| if n == 100 { 0.5 } else { 0.0 }).collect(); 2];
    assert_eq!(process(&mut unit, &click, &Vec::new()), click);
    // A sine by itself is no resonance before it has lasted.
    let sine: Audio =
        vec![(0..9_600).map(|n| f64::from((0.1 * PI * f64::from(n)).sin() as f32)).collect(); 2];
    assert_eq!(process(&mut unit, &sine, &Vec::new()), sine);
}
