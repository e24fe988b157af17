//! The gate on a note that fades, on drums with bleed and on speech in noise; its times, its range, its clicks.

mod common;

use common::level::{amplitude, changes, crossing, decibels, gain, sine, traced};
use common::spectrum::{decibels_of_energy, energy_above, window};
use common::voices::{hit, speech};
use common::{Bound, Random, measured, report};
use mixdsp::{Gate, GateConfig, GateParams, GateReadings, Processor, Spec};
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;
const READINGS: [mixdsp::Id; 2] = [GateReadings::OPEN.any(), GateReadings::GAIN_REDUCTION_DB.any()];

fn unit(rate: f64, channels: usize, config: GateConfig, params: GateParams) -> Gate<f64> {
    Gate::new(Spec::new(rate, channels), config, params).expect("it is in range")
}

/// Runs a gate over one channel; tells at each frame whether it was open, and its reduction.
fn run(audio: &mut Vec<f64>, params: GateParams) -> [Vec<f64>; 2] {
    let mut gate = unit(RATE, 1, GateConfig::default(), params);
    let mut channels = [std::mem::take(audio)];
    let told = traced(&mut gate, &mut channels, &[], READINGS);
    [*audio] = channels;
    told
}

#[test]
fn a_note_that_fades_opens_and_closes_it_once() {
    let note = |n: usize| {
        let t = n as f64 / RATE;
        let tone = |k: f64| (TAU * 82.0 * k * t).sin() / k;
        0.5 * (tone(1.0) + 0.5 * tone(2.0) + 0.3 * tone(3.0)) * (-t / 0.7).exp()
    };
    let mut audio: Vec<f64> =
        (0..8 * 48_000).map(|n| if n < 4_800 { 0.0 } else { note(n - 4_800) }).collect();
    let [open, _] = run(&mut audio, GateParams { threshold_db: -30.0, ..Default::default() });
    measured(
        "gate",
        "82 Hz note that fades through the threshold (-30 dB, hysteresis 6 dB, hold 50 ms): transitions",
        Bound::Equals(2.0),
        changes(&open).len() as f64,
        "",
        "theory",
    );
}

#[test]
fn a_tom_opens_and_closes_it_once_a_hit_whatever_else_is_heard() {
    const HITS: usize = 12;
    let mut random = Random::new(3);
    let mut audio = vec![0.0; (0.7 * HITS as f64 * RATE) as usize + 48_000];
    for n in 0..HITS {
        let at = |seconds: f64| ((0.7 * n as f64 + seconds) * RATE) as usize;
        hit(&mut audio[at(0.1)..], RATE, (110.0, 60.0, 0.5), &mut random);
        // Bleed of other drums, 12 dB down
        hit(&mut audio[at(0.35)..], RATE, (190.0, 40.0, 0.125), &mut random);
        hit(&mut audio[at(0.55)..], RATE, (55.0, 50.0, 0.125), &mut random);
    }
    let [open, _] = run(&mut audio, GateParams { threshold_db: -14.0, ..Default::default() });
    measured(
        "gate",
        "tom with bleed 12 dB down (threshold 8 dB under its peaks, hysteresis 6 dB, hold 50 ms): transitions a hit",
        Bound::Equals(2.0),
        changes(&open).len() as f64 / HITS as f64,
        "",
        "theory",
    );
}

#[test]
fn speech_in_noise_does_not_make_it_chatter() {
    let mut random = Random::new(1);
    let (mut speech, _) = speech(RATE, 60.0, 0.3, &mut random);
    speech.iter_mut().for_each(|sample| *sample += gain(-50.0) * random.noise());
    let nearest_ms = |hold_ms: f64| {
        let [open, _] = run(&mut speech.clone(), GateParams { hold_ms, ..Default::default() });
        let changes = changes(&open);
        assert!(changes.len() > 40, "it works: {}", changes.len());
        let nearest = changes.windows(2).map(|pair| pair[1] - pair[0]).min().expect("there are several");
        nearest as f64 / RATE * 1e3
    };
    let what = "60 s of synthetic speech in noise at -50 dBFS, hold 150 ms: nearest transitions";
    measured("gate", what, Bound::AtLeast(20.0), nearest_ms(150.0), "ms", "theory");
    // As long as some of its pauses: whether a word begins just then is chance.
    let what = "the same, hold 50 ms";
    report("gate", what, "none", &format!("{:.1} ms", nearest_ms(50.0)), "theory");
}

/// A constant that is far under the threshold, and from half a second on far over it for as long.
fn step(rate: f64) -> Vec<f64> {
    let half = (0.5 * rate) as usize;
    (0..3 * half).map(|n| if (half..2 * half).contains(&n) { 0.5 } else { 1e-4 }).collect()
}

#[test]
fn attack_and_release_are_the_way_to_63_percent_of_the_decibels() {
    let (mut opening, mut closing) = (0.0f64, 0.0f64);
    for rate in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
        for (attack_ms, release_ms) in [(1.0, 20.0), (1.0, 100.0), (5.0, 50.0), (10.0, 100.0)] {
            let params = GateParams { attack_ms, release_ms, hold_ms: 10.0, ..Default::default() };
            let mut audio = step(rate);
            let input = audio.clone();
            unit(rate, 1, GateConfig::default(), params).process(&mut [&mut audio], &[]).expect("it fits");
            let gains: Vec<f64> = audio.iter().zip(&input).map(|(y, x)| decibels(y / x)).collect();
            let half = (0.5 * rate) as usize;
            let way = 1.0 - (-1f64).exp();
            // From the frame before the step, which has the gain of before.
            let up = crossing(&gains[half - 1..], -60.0 * (1.0 - way)) / rate * 1e3;
            let hold = (10.0 * 1e-3 * rate).round() as usize;
            let down = crossing(&gains[2 * half + hold - 1..], -60.0 * way) / rate * 1e3;
            opening = opening.max((up / attack_ms - 1.0).abs());
            closing = closing.max((down / release_ms - 1.0).abs());
        }
    }
    for (what, value) in [("attack", opening), ("release", closing)] {
        let what = format!("{what} against 63 % of the way in dB, 1 ms and up, 44.1 to 192 kHz: off by");
        measured("gate", &what, Bound::AtMost(2.0), 100.0 * value, "%", "theory");
    }
}

#[test]
fn with_look_ahead_it_is_open_when_the_hit_leaves() {
    let mut worst = 0.0f64;
    for (attack_ms, range_db) in [(0.5, 60.0), (1.0, 60.0), (1.0, 20.0), (5.0, 60.0), (1.0, 100.0)] {
        let config = GateConfig { lookahead_ms: attack_ms * f64::ln(range_db), ..Default::default() };
        let params = GateParams { attack_ms, range_db, ..Default::default() };
        let mut gate = unit(RATE, 1, config, params);
        let latency = gate.latency();
        let mut audio = step(RATE);
        gate.process(&mut [&mut audio], &[]).expect("it fits");
        let first = decibels(audio[24_000 + latency] / 0.5);
        worst = worst.min(first);
        // And it does not close before the end of what opened it has left.
        let last = decibels(audio[47_999 + latency] / 0.5);
        assert!(last > -0.001, "{last} dB at the end");
    }
    let what = "look-ahead of attack x ln(range / 1 dB): level of the hit's first frame";
    measured("gate", what, Bound::AtLeast(-1.0), worst, "dB", "theory");
}

#[test]
fn closed_it_takes_the_range_and_open_nothing() {
    let (mut off, mut open) = (0.0f64, 0.0f64);
    for range_db in [6.0, 20.0, 60.0, 100.0] {
        for level_db in (-80..=12).step_by(3).map(f64::from) {
            // Out of silence it is closed between its two levels.
            let params = GateParams { range_db, ..Default::default() };
            let mut audio = sine(RATE, 100.0, gain(level_db), 96_000);
            let [_, told] = run(&mut audio, params);
            let taken = level_db - decibels(amplitude(&audio[48_000..], 100.0, RATE));
            let asked = params.reduction_db(level_db);
            assert!((told[95_999] - asked).abs() < 0.01, "{} for {asked}", told[95_999]);
            let off_by = (taken - asked).abs();
            if asked == 0.0 { open = open.max(off_by) } else { off = off.max(off_by) }
        }
    }
    measured("gate", "closed: attenuation against the range", Bound::AtMost(0.1), off, "dB", "theory");
    let what = "static curve on a 100 Hz sine, -80 to +12 dB, outside the hysteresis";
    measured("gate", what, Bound::AtMost(0.01), off.max(open), "dB", "theory");
}

/// What opening leaves above 2 kHz of a sine of 200 Hz that is there all the time, against the sine's energy in 100 ms;
/// the worst of several phases.
fn click_db(range_db: f64) -> f64 {
    let look = 4_800;
    let window = window(look);
    let spec = Spec::new(RATE, 1).with_sidechain(1);
    let mut worst = f64::NEG_INFINITY;
    for phase in [0, 30, 60, 90, 120, 150, 180, 210] {
        let at = 24_000 + phase;
        let mut audio = sine(RATE, 200.0, 0.5, 48_000);
        let energy = audio[..look].iter().map(|y| y * y).sum::<f64>();
        let key: Vec<f64> = (0..48_000).map(|n| if n < at { 0.0 } else { 0.5 }).collect();
        let params = GateParams { range_db, ..Default::default() };
        let mut gate = Gate::<f64>::new(spec, GateConfig::default(), params).expect("it is in range");
        gate.process(&mut [&mut audio], &[&key]).expect("it fits");
        let above = |from: usize| energy_above(&audio[from..from + look], &window, RATE, 2_000.0);
        let left = (0..9).map(|hop| above(at - look + hop * look / 8)).fold(0.0, f64::max);
        worst = worst.max(decibels_of_energy(left / energy));
    }
    worst
}

#[test]
fn opening_does_not_click() {
    for range_db in [60.0, 40.0, 20.0, 12.0, 6.0] {
        let what = format!(
            "click of opening, attack 1 ms, range {range_db} dB, a 200 Hz sine at any phase, above 2 kHz"
        );
        measured("gate", &what, Bound::AtMost(-90.0), click_db(range_db), "dB", "spectrum");
    }
}

#[test]
fn without_range_nothing_changes() {
    let config = GateConfig { lookahead_ms: 3.0, ..Default::default() };
    let mut gate = unit(RATE, 1, config, GateParams { range_db: 0.0, ..Default::default() });
    let mut random = Random::new(5);
    let input: Vec<f64> = (0..9_000).map(|n| if n / 900 % 2 == 0 { random.noise() } else { 1e-4 }).collect();
    let mut audio = input.clone();
    gate.process(&mut [&mut audio], &[]).expect("it fits");
    assert_eq!(audio[144..], input[..9_000 - 144]);
}

#[test]
fn linked_channels_open_alike_and_free_ones_by_themselves() {
    let run = |link: f64| {
        let params = GateParams { link, ..Default::default() };
        let mut audio = [sine(RATE, 500.0, 0.5, 48_000), sine(RATE, 500.0, 0.002, 48_000)];
        let [left, right] = &mut audio;
        unit(RATE, 2, GateConfig::default(), params).process(&mut [left, right], &[]).expect("it fits");
        let level = |n: usize, input: f64| decibels(amplitude(&audio[n][24_000..], 500.0, RATE) / input);
        [level(0, 0.5), level(1, 0.002)]
    };
    let [left, right] = run(1.0);
    measured(
        "gate",
        "link 1, loud on the left only: change of image",
        Bound::AtMost(0.001),
        (left - right).abs(),
        "dB",
        "theory",
    );
    for (link, expected) in [(0.0, -60.0), (0.5, -30.0)] {
        let [left, right] = run(link);
        assert!(left.abs() < 0.001 && (right - expected).abs() < 0.01, "link {link}: {left} {right}");
    }
}

#[test]
fn parted_channels_are_what_each_is_alone_to_the_bit() {
    let mut random = Random::new(7);
    let mut channel = |level: f64| -> Vec<f64> {
        (0..20_000).map(|n| level * random.noise() * if n / 3_000 % 2 == 0 { 1.0 } else { 0.001 }).collect()
    };
    let audio = [channel(0.9), channel(0.011), channel(0.3)];
    for lookahead_ms in [0.0, 2.0] {
        let config = GateConfig { lookahead_ms, ..Default::default() };
        let params = GateParams { link: 0.0, hold_ms: 5.0, ..Default::default() };
        let mut together = audio.clone();
        let mut slices: Vec<&mut [f64]> = together.iter_mut().map(|channel| &mut channel[..]).collect();
        unit(RATE, 3, config, params).process(&mut slices, &[]).expect("it fits");
        for (alone, together) in audio.iter().zip(&together) {
            let mut alone = alone.clone();
            let params = GateParams { link: 1.0, ..params };
            unit(RATE, 1, config, params).process(&mut [&mut alone], &[]).expect("it fits");
            assert!(alone == *together);
        }
    }
}
