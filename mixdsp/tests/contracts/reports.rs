//! Contract 9: a reading that is not there yet is `None`, and nothing else is. What is told before anything
//! was heard must not depend on what is heard. What is told then is true: responses, gain reductions, delays
//! and loudness are compared with what comes out. Readings with meanings of their own have tests of their own.

use crate::common::audio::{Audio, Cut, process};
use crate::common::settings::random_value;
use crate::common::{Bound, Case, Entry, Random, seed_of};
use crate::harness::{Contract, Findings, sweep};
use mixdsp::Id;
use mixdsp::catalogue::BoxedSample;
use mixdsp::engine::kind::ResponseAt;
use num_complex::Complex;
use std::f64::consts::TAU;

pub(crate) struct Readings;

/// By now every reading must be there.
const SECONDS: usize = 8;

impl Contract for Readings {
    const NAME: &'static str = "9 readings";
    const ORACLE: &'static str = "definition";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        sweep(entry, findings, |findings, case| {
            let mut unit = case.build();
            let at_first: Vec<_> = case.entry.readings.iter().map(|row| unit.get(row.id())).collect();
            let mut random = case.random_source();
            let mut audio = Audio::<T>::noise(case.spec.channels(), 3_000, 0.5, &mut random);
            let key = Audio::noise(case.spec.sidechain, 3_000, 0.5, &mut random);
            process(&mut *unit, &mut audio, &key, 0..3_000, &mut Cut::Whole).expect("it fits");
            for row in case.entry.readings {
                let told = unit.get(row.id());
                findings.require(told.is_none_or(f64::is_finite), || format!("{} reads {told:?}", row.key));
            }
            for (row, first) in case.entry.readings.iter().zip(at_first) {
                let told = unit.get(row.id());
                findings.require(first.is_none() || first == told, || {
                    format!("{} reads {first:?} before anything was heard, {told:?} after", row.key)
                });
            }
            unit.reset();
            let fresh = case.build();
            for id in case.entry.readings.iter().map(|row| row.id()) {
                let (old, new) = (unit.get(id), fresh.get(id));
                findings.require(old == new, || format!("{id:?}: {old:?} after reset, fresh {new:?}"));
            }
            for id in [0, 998, 1_998, 2_998, 4_095].map(|number| Id::new(1, number)) {
                let told = unit.get(id);
                findings.require(told.is_none(), || format!("unknown {id:?} reads {told:?}"));
            }
        });
        if let Some(case) = Case::plain(entry, 8_000.0) {
            findings.case(&case, |findings| every_reading_comes(findings, &case));
        }
        responses(entry, findings);
        levels(entry, findings);
        findings.note(format!("{} readings", entry.readings.len()));
    }
}

fn every_reading_comes<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let mut unit = case.build();
    let mut random = Random::new(9);
    for second in 0..SECONDS {
        let level = if second % 2 == 0 { 0.5 } else { 0.1 };
        let mut audio = Audio::<T>::noise(case.spec.channels(), 8_000, level, &mut random);
        let key = Audio::silence(case.spec.sidechain, 8_000);
        process(&mut *unit, &mut audio, &key, 0..8_000, &mut Cut::Whole).expect("it fits");
    }
    // A reading may rightly be missing: the config leaves it out, or there was nothing of its kind.
    let told: Vec<_> = case.entry.readings.iter().map(|row| (row.key, unit.get(row.id()))).collect();
    for (key, told) in &told {
        findings.require(told.is_none_or(f64::is_finite), || format!("{key} reads {told:?} after noise"));
    }
    let missing = told.iter().filter(|(_, told)| told.is_none()).count();
    findings.require(told.is_empty() || missing < told.len(), || "no reading came".into());
    findings.note(format!("{missing} not there after {SECONDS} s of noise"));
}

/// The longest impulse response that is waited for, in frames.
const LONGEST: usize = 120_000;

/// The response that is told, against the transform of the impulse response; with any parameters, at a low
/// and a high rate.
fn responses<T: BoxedSample>(entry: Entry<T>, findings: &mut Findings) {
    let mut random = Random::new(seed_of(&[entry.key, "response"], 0));
    for rate in [8_000.0, 44_100.0, 192_000.0] {
        for turn in 0..6 {
            let Some(plain) = Case::plain(entry, rate) else { continue };
            let case = match turn {
                0 => plain,
                1..4 => plain.with_lively_settings(&mut random),
                _ => plain.with_settings_by(|row, range| random_value(row, range, &mut random)),
            };
            findings.case(&case, |findings| response(findings, &case));
        }
    }
}

fn response<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let rate = case.spec.sample_rate;
    let unit = case.build();
    let frequencies = [0.0006, 0.003, 0.02, 0.09, 0.23, 0.41, 0.49].map(|turns| turns * rate);
    let told = frequencies.map(|frequency_hz| unit.response(frequency_hz, ResponseAt::Settled));
    let (Some(tail), [Some(_), ..]) = (unit.tail(), told) else { return };
    let frames = 2 * tail + unit.latency() + 16;
    if frames > LONGEST {
        return;
    }
    let now = frequencies.map(|frequency_hz| unit.response(frequency_hz, ResponseAt::Now));
    findings.require(now == told, || format!("at rest {now:?} are not {told:?}"));
    let mut unit = unit;
    // What listens has this response as long as it hears nothing that it answers to: below every threshold.
    let level = if case.entry.sidechain { 1e-5 } else { 1.0 };
    let impulse = |_, f| if f == 0 { level } else { 0.0 };
    let mut audio = Audio::<T>::from_fn(case.spec.channels(), frames, impulse);
    let key = Audio::silence(case.spec.sidechain, frames);
    process(&mut *unit, &mut audio, &key, 0..frames, &mut Cut::Whole).expect("it fits");
    let told = told.map(|told| told.unwrap_or_default());
    // against the largest, where anything is to be heard at all
    let largest = told.iter().map(|told| told.norm()).fold(1e-2, f64::max);
    let bound = if size_of::<T>() == 4 { -80.0 } else { -120.0 };
    // where one channel becomes several, such as bands, the response is that of their sum
    let outputs = &audio.channels[..case.spec.outputs];
    let heard = match outputs.len() / case.spec.inputs {
        0 | 1 => outputs.iter().map(|channel| channel.iter().map(|y| y.to_f64()).collect()).collect(),
        _ => {
            let sum = |f: usize| outputs.iter().map(|channel| channel[f].to_f64()).sum::<f64>();
            vec![(0..frames).map(|f| sum(f) / case.spec.inputs as f64).collect::<Vec<_>>()]
        }
    };
    for channel in &heard {
        for (frequency_hz, told) in frequencies.into_iter().zip(told) {
            let turn = |f: usize| Complex::from_polar(1.0, -TAU * (frequency_hz / rate * f as f64).fract());
            let measured: Complex<f64> = channel.iter().enumerate().map(|(f, y)| turn(f) * (y / level)).sum();
            let off = 20.0 * ((measured - told).norm() / largest).max(1e-15).log10();
            let of = format!(" ({frequency_hz} Hz: told {told}, measured {measured})");
            findings.measured_as("response told, against what runs", &of, off, Bound::AtMost(bound), "dB");
        }
    }
}

/// Readings that mean the same wherever they stand, against what comes out, by their keys.
fn levels<T: BoxedSample>(entry: Entry<T>, findings: &mut Findings) {
    for rate in [8_000.0, 48_000.0] {
        let Some(case) = Case::plain(entry, rate) else { continue };
        for (level, frequency_hz) in [(0.02, 0.0), (0.3, 0.0), (0.99, 0.0), (0.25, 997.0)] {
            findings.case(&format!("level {level} of {frequency_hz} Hz, {case}"), |findings| {
                level_readings(findings, &case, level, frequency_hz);
            });
        }
    }
}

/// With the defaults and a constant, or a steady sine, on every channel.
fn level_readings<T: BoxedSample>(findings: &mut Findings, case: &Case<T>, level: f64, frequency_hz: f64) {
    let rate = case.spec.sample_rate;
    let frames = 4 * rate as usize;
    let steady = frequency_hz == 0.0;
    let value = |f: usize| if steady { level } else { level * (TAU * frequency_hz / rate * f as f64).sin() };
    let mut audio = Audio::<T>::from_fn(case.spec.channels(), frames, |_, f| value(f));
    let key = Audio::silence(case.spec.sidechain, frames);
    let mut unit = case.build();
    process(&mut *unit, &mut audio, &key, 0..frames, &mut Cut::Whole).expect("it fits");
    let reduced = -20.0 * (audio.channels[0][frames - 1].to_f64().abs() / level).log10();
    // ITU-R BS.1770: a sine of 997 Hz at full scale on one front channel reads -3.01 LUFS
    let loudness = 20.0 * (level * (case.spec.inputs as f64).sqrt()).log10() - 3.01;
    for row in case.entry.readings {
        let (truth, bound) = match row.key {
            "gain_reduction_db" if steady => (reduced, 0.001),
            "momentary" | "short_term" | "integrated" if !steady => (loudness, 0.02),
            "delay_ms" => match case.params().iter().find(|(_, place)| place.row.key == "time_ms") {
                Some((id, _)) => (unit.get(*id).unwrap_or(f64::NAN), 1e-6),
                None => continue,
            },
            _ => continue,
        };
        let told = unit.get(row.id()).unwrap_or(f64::NAN);
        let (what, unit) = match row.key {
            "delay_ms" => ("delay told, against the time that was set", "ms"),
            "gain_reduction_db" => ("gain reduction told, against what is heard", "dB"),
            _ => ("loudness told, against theory", "LU"),
        };
        let of = format!(" ({}: told {told}, true {truth})", row.key);
        findings.measured_as(what, &of, (told - truth).abs(), Bound::AtMost(bound), unit);
    }
}
