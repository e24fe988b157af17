//! The transient shaper on drums, at any level, and on a steady sine.

mod common;

use common::level::{amplitude, decibels, sine, traced};
use common::voices::hit;
use common::{Bound, Random, measured};
use mixdsp::{
    Processor, Spec, TransientShaper, TransientShaperConfig, TransientShaperParams, TransientShaperReadings,
};

const RATE: f64 = 48_000.0;
const READING: mixdsp::Id = TransientShaperReadings::CHANGE_DB.any();
const HITS: usize = 8;
/// From one hit to the next.
const BEAT: usize = 24_000;

fn unit(lookahead_ms: f64, params: TransientShaperParams) -> TransientShaper<f64> {
    let config = TransientShaperConfig { lookahead_ms };
    TransientShaper::new(Spec::new(RATE, 1), config, params).expect("it is in range")
}

/// Kick and snare in turn, in a room 60 dB under them.
fn drums() -> Vec<f64> {
    let mut random = Random::new(6);
    let mut out: Vec<f64> = (0..(HITS + 1) * BEAT).map(|_| 5e-4 * random.noise()).collect();
    for n in 0..HITS {
        let drum = if n % 2 == 0 { (55.0, 120.0, 0.5) } else { (190.0, 90.0, 0.4) };
        hit(&mut out[n * BEAT + BEAT / 2..], RATE, drum, &mut random);
    }
    out
}

/// By how much each hit's frames from one time to another were raised: the least and the most, in decibels.
fn raised(before: &[f64], after: &[f64], from_ms: f64, to_ms: f64) -> [f64; 2] {
    let hits = (0..HITS).map(|n| {
        let at = |ms: f64| n * BEAT + BEAT / 2 + (ms * 48.0) as usize;
        let energy = |samples: &[f64]| samples[at(from_ms)..at(to_ms)].iter().map(|x| x * x).sum::<f64>();
        10.0 * (energy(after) / energy(before)).log10()
    });
    hits.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], db| [low.min(db), high.max(db)])
}

#[test]
fn attack_raises_the_first_ten_milliseconds_and_leaves_the_rest() {
    for (attack_db, lookahead_ms) in [(6.0, 0.0), (6.0, 1.0), (-6.0, 1.0)] {
        let input = drums();
        let mut audio = input.clone();
        let mut shaper = unit(lookahead_ms, TransientShaperParams { attack_db, ..Default::default() });
        let latency = shaper.latency();
        shaper.process(&mut [&mut audio], &[]).expect("it fits");
        let setting = format!("{attack_db:+} dB of attack on synthetic drums, look-ahead {lookahead_ms} ms");
        let [low, high] = raised(&input, &audio[latency..], 0.0, 10.0);
        let off = if (low - attack_db).abs() > (high - attack_db).abs() { low } else { high };
        let what = format!("{setting}: change of the first 10 ms");
        measured("transient shaper", &what, Bound::Within(attack_db, 1.0), off, "dB", "theory");
        let [low, high] = raised(&input, &audio[latency..], 80.0, 400.0);
        let what = format!("{setting}: change of the sustain, 80 to 400 ms");
        let off = if low.abs() > high.abs() { low } else { high };
        measured("transient shaper", &what, Bound::Within(0.0, 1.0), off, "dB", "theory");
    }
}

#[test]
fn sustain_raises_what_rings_and_leaves_the_attack() {
    let input = drums();
    let mut audio = input.clone();
    let params = TransientShaperParams { sustain_db: 6.0, ..Default::default() };
    unit(0.0, params).process(&mut [&mut audio], &[]).expect("it fits");
    let [low, high] = raised(&input, &audio, 0.0, 10.0);
    assert!(low.abs() < 0.5 && high.abs() < 0.5, "{low} {high}");
    let [low, high] = raised(&input, &audio, 200.0, 350.0);
    let what = "+6 dB of sustain on synthetic drums: least change of a hit from 200 to 350 ms";
    measured("transient shaper", what, Bound::Within(6.0, 1.0), low, "dB", "theory");
    assert!(high < 6.01, "{high}");
}

#[test]
fn twenty_decibels_more_change_nothing() {
    let params = TransientShaperParams { attack_db: 9.0, sustain_db: -9.0, ..Default::default() };
    let told = [0.1, 1.0].map(|scale| {
        let mut audio = [drums().iter().map(|x| scale * x).collect::<Vec<f64>>()];
        traced(&mut unit(0.0, params), &mut audio, &[], [READING])
    });
    // Out of nothing the quieter room rises by less.
    let pairs = told[0][0].iter().zip(&told[1][0]).skip(BEAT / 4);
    let worst = pairs.map(|(quiet, loud)| (quiet - loud).abs()).fold(0.0, f64::max);
    let what = "20 dB more of synthetic drums: change of the gain at any frame";
    measured("transient shaper", what, Bound::AtMost(0.1), worst, "dB", "theory");
}

#[test]
fn a_steady_sine_stays_as_it_is() {
    let params = TransientShaperParams { attack_db: 15.0, sustain_db: 15.0, ..Default::default() };
    let mut worst = 0.0f64;
    for frequency_hz in [40.0, 100.0, 440.0, 997.0, 5_000.0, 12_345.0] {
        let mut audio = [sine(RATE, frequency_hz, 0.25, 192_000)];
        let [told] = traced(&mut unit(0.0, params), &mut audio, &[], [READING]);
        worst = told[96_000..].iter().fold(worst, |worst, told| worst.max(told.abs()));
        worst = worst.max(decibels(amplitude(&audio[0][144_000..], frequency_hz, RATE) / 0.25).abs());
    }
    let what = "steady sine, 40 Hz to 12 kHz, +15 dB of attack and sustain: change";
    measured("transient shaper", what, Bound::AtMost(0.05), worst, "dB", "theory");
}

#[test]
fn without_change_nothing_changes() {
    let input = drums();
    let mut audio = input.clone();
    unit(2.0, TransientShaperParams::default()).process(&mut [&mut audio], &[]).expect("it fits");
    assert_eq!(audio[96..], input[..input.len() - 96]);
}
