//! Contract 10: with its defaults, nothing comes out louder than it went in.

use crate::common::audio::{Audio, Cut, process};
use crate::common::depth;
use crate::common::settings::specs;
use crate::common::{Bound, Case, Entry, Random};
use crate::harness::{Contract, Findings};
use mixdsp::catalogue::BoxedSample;
use std::f64::consts::TAU;

pub(crate) struct Level;

/// Processors whose outputs are parts of the input by frequency: a part may have higher peaks than the whole, as
/// every filter's output has that takes something away or turns the phase, but never a higher level.
const PARTS_BY_FREQUENCY: [&str; 7] =
    ["crossover", "dc_blocker", "imager", "crossfeed", "chorus", "flanger", "phaser"];

/// What is as loud after as before, but another wave: a sine that is bent and loses the harmonics beyond half the rate is a
/// sine again, of the same loudness; noise has its peaks elsewhere. By so much they may stand higher.
const AS_LOUD: [&str; 1] = ["saturator"];
const OTHER_PEAKS_DB: f64 = 0.25;

/// What spreads a sound over left and right by its frequency, so that both are as loud as before, or adds a room as much as
/// it takes of the dry sound: noise is as loud as it was, a single frequency goes more to the one or the other, or meets a
/// mode of the room.
const SPREADS: [&str; 2] = ["decorrelator", "reverb"];
const SPREADS_NOISE_DB: f64 = 0.3;

/// What rounding may add, be it to 16 bits with dither: one and a half steps beside full scale.
const ROUNDING_DB: f64 = 0.0004;

impl Contract for Level {
    const NAME: &'static str = "10 no surprise gain";
    const ORACLE: &'static str = "the input";
    // A sum of parallel paths is louder by what it is made of.
    const TREES: bool = false;

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        let pairs = [8_000.0, 44_100.0, 192_000.0].into_iter();
        let pairs = pairs.flat_map(|rate| [1, 2, 6].map(|channels| (rate, channels)));
        for (rate, channels) in depth::every(3, &findings.place(), pairs) {
            let config = entry.config();
            let mut specs = specs(&entry, rate, channels, &config);
            specs.dedup_by_key(|spec| (spec.inputs, spec.outputs, spec.sidechain));
            for spec in specs {
                let (seed, config) = (channels as u64, config.clone());
                let case = Case { entry, seed, spec, config, settings: Vec::new() };
                findings.case(&case, |findings| check_case(findings, &case));
            }
        }
    }
}

fn check_case<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let rate = case.spec.sample_rate;
    let frames = (rate as usize).min(20_000);
    let spreads = SPREADS.contains(&case.entry.key);
    for frequency_hz in [30.0, 200.0, 997.0, 3_000.0, 0.37 * rate, 0.45 * rate] {
        if spreads {
            findings.note(
                "single frequencies are louder in one place and softer in another; noise alone is asked"
                    .into(),
            );
            break;
        }
        let of = format!(" (a sine of {frequency_hz} Hz)");
        compare(findings, case, &of, frames, |_, f| (TAU * frequency_hz * f as f64 / rate).sin());
    }
    let mut random = Random::new(case.seed);
    compare(findings, case, " (noise)", frames, |_, _| random.noise());
    let mut random = Random::new(case.seed);
    let mut now = 0.0;
    compare(findings, case, " (the same noise in all channels)", frames, |channel, _| {
        if channel == 0 {
            now = random.noise();
        }
        now
    });
}

fn compare<T: BoxedSample>(
    findings: &mut Findings,
    case: &Case<T>,
    of: &str,
    frames: usize,
    mut value: impl FnMut(usize, usize) -> f64,
) {
    // frame by frame, so that a signal may be the same in all channels
    let channels = case.spec.channels();
    let mut input = Audio::<T>::silence(channels, frames);
    for f in 0..frames {
        for (c, channel) in input.channels.iter_mut().enumerate() {
            channel[f] = T::from_f64(value(c, f));
        }
    }
    let mut audio = input.clone();
    let key = Audio::silence(case.spec.sidechain, frames);
    process(&mut *case.build(), &mut audio, &key, 0..frames, &mut Cut::Whole).expect("it fits");
    let (before, after) = (input.first(case.spec.inputs), audio.first(case.spec.outputs));
    let decibels = |after: f64, before: f64| 20.0 * (after / before).max(1e-9).log10();
    let peak = decibels(after.peak(0..frames), before.peak(0..frames));
    let spreads = SPREADS.contains(&case.entry.key);
    if spreads {
        findings.note("its peaks are those of noise that was filtered; only their levels are asked".into());
    } else if PARTS_BY_FREQUENCY.contains(&case.entry.key) {
        findings.note("its peaks are those of parts by frequency; only their levels are asked".into());
    } else {
        let as_loud = AS_LOUD.contains(&case.entry.key);
        let bound = Bound::AtMost(if as_loud { OTHER_PEAKS_DB } else { ROUNDING_DB });
        findings.measured_as("peak raised by", of, peak, bound, "dB");
    }
    let loudest = |audio: &Audio<T>| {
        let energies = audio.channels.iter().map(|channel| channel.iter().map(|s| s.to_f64().powi(2)).sum());
        energies.fold(0.0, |loudest: f64, energy: f64| loudest.max(energy)).sqrt()
    };
    let level = decibels(loudest(&after), loudest(&before));
    let bound = Bound::AtMost(if spreads { SPREADS_NOISE_DB } else { ROUNDING_DB });
    findings.measured_as("RMS raised by", of, level, bound, "dB");
}
