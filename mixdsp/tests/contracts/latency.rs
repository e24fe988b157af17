//! Contract 7, first half: the output is late by exactly `latency()` frames, whatever the parameters.

use crate::common::audio::{Audio, Cut, process};
use crate::common::settings::{config_by, random_value};
use crate::common::{Bound, Case, Entry, Random, seed_of};
use crate::harness::{Contract, Findings, RATES, sweep};
use mixdsp::Processor;
use mixdsp::catalogue::BoxedSample;

pub(crate) struct Latency;

/// Where the impulse stands, in the middle between two points of the grid and on one.
const PLACES: [usize; 2] = [777, 1_024];
/// Low enough for a limiter to leave it alone.
const IMPULSE: f64 = 0.1;
/// Longest latency that is looked for, to keep cases short.
const LONGEST: usize = 200_000;

impl Contract for Latency {
    const NAME: &'static str = "7 latency";
    const ORACLE: &'static str = "an impulse";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        for (number, rate) in RATES.into_iter().enumerate() {
            let mut random = Random::new(seed_of(&[entry.key, Self::NAME], number));
            let configs = (0..4).map(|turn| match turn {
                0 => entry.config(),
                _ => config_by(entry.config, |row| random_value(row, row.range_at(rate), &mut random)),
            });
            for case in configs.filter_map(|config| Case::plain_with(entry, rate, config)) {
                findings.case(&case, |findings| impulse(findings, &case));
            }
        }
        sweep(entry, findings, |findings, case| {
            let latency = case.with_settings(Vec::new()).build().latency();
            let mut unit = case.build();
            for (id, place) in case.params() {
                let told = unit.latency();
                findings.require(told == latency, || format!("{}: {latency} became {told}", place.row.key));
                let other = if place.row.default == place.row.minimum { 1.0 } else { 0.0 };
                let (low, high) = case.range(place.row);
                unit.set(id, low + (high - low) * other).expect("in range");
            }
        });
    }
}

/// Whether filters of low latency turn its phase.
fn turns<T: BoxedSample>(case: &Case<T>) -> bool {
    let mut config = case.entry.config.iter().zip(&case.config);
    config
        .any(|(row, value)| row.key == "phase" && row.choices().get(*value as usize) == Some(&"low_latency"))
}

/// What turns the phase by all-passes: low frequencies come later than high ones, so that an impulse rises over some frames.
const DISPERSES: [&str; 1] = ["imager"];

/// What comes out before the dry sound too, which is late by the latency: a flanger through zero.
const PASSES_ITSELF: [&str; 1] = ["flanger"];

fn impulse<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    if case.words() > 1 << 21 {
        return;
    }
    let latency = case.build().latency();
    if latency > LONGEST {
        return;
    }
    for place in PLACES {
        let frames = place + latency + 2_000;
        let mut audio =
            Audio::<T>::from_fn(case.spec.channels(), frames, |_, f| if f == place { IMPULSE } else { 0.0 });
        let key = audio.clone().first(case.spec.sidechain.min(audio.channels.len()));
        let keyed = key.channels.len() == case.spec.sidechain;
        let key = if keyed { key } else { Audio::silence(case.spec.sidechain, frames) };
        let mut cut = Cut::Random(Random::new(place as u64));
        process(&mut *case.build(), &mut audio, &key, 0..frames, &mut cut).expect("it fits");
        let audio = audio.first(case.spec.outputs);
        let loudness = |f: usize| audio.each(f..f + 1).fold(0.0, |peak: f64, s| peak.max(s.abs()));
        let peak = (0..frames).map(loudness).fold(0.0, f64::max);
        if peak < 1e-3 * IMPULSE {
            findings.note("an impulse does not come out".into());
            return;
        }
        // The response of a low-pass may grow for a frame: it begins where it is first near its peak.
        let begins = if DISPERSES.contains(&case.entry.key) { 1e-12 } else { 0.25 };
        let from = if PASSES_ITSELF.contains(&case.entry.key) { place + latency } else { 0 };
        let onset = (from..frames).find(|f| loudness(*f) >= begins * peak).unwrap_or(frames);
        let late = onset as f64 - place as f64;
        let of = format!(" ({late} for {latency})");
        let what = "frames between an impulse and where latency() puts it";
        // Where the phase turns with the frequency there is no whole number: that of low frequencies is rounded down.
        let bound = if turns(case) { Bound::Within(0.0, 1.0) } else { Bound::Equals(0.0) };
        findings.measured_as(what, &of, late - latency as f64, bound, "frames");
    }
}
