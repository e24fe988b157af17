//! Contract 8: non-finite input never gets in, whatever the parameters and however they move, and every
//! such sample is counted.

use crate::common::audio::{Audio, Cut, process};
use crate::common::entry::Range;
use crate::common::settings::random_value;
use crate::common::{Bound, Case, Entry, Random};
use crate::harness::{Contract, Findings, sweep};
use mixdsp::catalogue::{AnyUnit, BoxedSample};
use mixdsp::params::Scaling;

pub(crate) struct Hostile;

const FRAMES: usize = 3_000;
/// Frames between changes, less than a ramp.
const STEP: usize = 100;

impl Contract for Hostile {
    const NAME: &'static str = "8 hostile input";
    const ORACLE: &'static str = "a count of what was fed; a fresh unit";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        sweep(entry, findings, |findings, case| {
            check_case(findings, case);
            // everything at an end of its range at once: the most gain that can be asked for
            let mut random = case.random_source();
            type Pick = fn(Range, &mut Random) -> f64;
            let ends: [Pick; 3] = [
                |range, _| range.1,
                |range, _| range.0,
                |range, random| if random.once_in(2) { range.0 } else { range.1 },
            ];
            let pick = random.pick(&ends);
            let extreme = case.with_settings_by(|row, range| match row.scaling {
                Scaling::Switch | Scaling::Choice(_) => random_value(row, range, &mut random),
                _ => pick(range, &mut random),
            });
            check_case(findings, &extreme);
        });
    }
}

/// A sample that nobody should send, or the hottest or smallest that one may.
fn hostile_sample(random: &mut Random) -> f64 {
    let signless = random.pick(&[
        f64::NAN,
        f64::INFINITY,
        1e30,
        f32::MAX as f64,
        f64::MAX,
        1e9,
        1e9,
        1.000_001e9,
        f32::MIN_POSITIVE as f64 / 8.0,
        f64::MIN_POSITIVE / 8.0,
        5e-324,
        0.0,
    ]);
    if random.once_in(2) { -signless } else { signless }
}

/// Noise with hostile samples: single ones, then nothing else, then the hottest that may be.
fn input<T: BoxedSample>(channels: usize, random: &mut Random) -> Audio<T> {
    Audio::from_fn(channels, FRAMES, |_, frame| match frame {
        0..1_000 if random.once_in(20) => hostile_sample(random),
        1_000..1_500 => hostile_sample(random),
        1_500..2_000 => 1e9,
        2_000..2_500 => 1e9 * random.noise().signum(),
        _ => random.noise(),
    })
}

/// How many samples the contract wants cleaned and counted.
fn faults<T: BoxedSample>(audio: &Audio<T>, channels: usize) -> u64 {
    let samples = audio.channels.iter().take(channels).flatten();
    samples.filter(|sample| !(sample.to_f64().abs() <= 1e9)).count() as u64
}

fn check_case<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let mut random = case.random_source();
    let params = case.params();
    let mut unit = case.build();
    let mut audio = input::<T>(case.spec.channels(), &mut random);
    let key = input::<T>(case.spec.sidechain, &mut random);
    let of_audio = faults(&audio, case.spec.inputs);
    let expected = of_audio + faults(&key, case.spec.sidechain);
    let mut cut = Cut::Random(random.clone());
    for from in (0..FRAMES).step_by(STEP) {
        process(&mut *unit, &mut audio, &key, from..from + STEP, &mut cut).expect("the block fits");
        if params.is_empty() {
            continue;
        }
        // changes that fall into each other, often of the same band
        let first = random.below(params.len());
        for _ in 0..4 {
            let near = (first + random.below(6)).min(params.len() - 1);
            let (id, place) = params[if random.once_in(4) { random.below(params.len()) } else { near }];
            let value = random_value(place.row, case.range(place.row), &mut random);
            let frames = random.pick(&[0, 1, 300, usize::MAX]);
            if random.once_in(2) || unit.glide(id, value, frames).is_err() {
                unit.set(id, value).expect("in range");
            }
        }
    }
    let heard = audio.first(case.spec.outputs);
    let loud = heard.each(0..FRAMES).filter(|sample| !sample.is_finite()).count();
    findings.measured("samples out that are not finite", loud as f64, Bound::Equals(0.0), "");
    let counted = unit.sanitized_samples();
    // In a tree every member that listens counts the sidechain's, and what leaves one too loud counts again in the next.
    let off =
        if case.entry.is_tree() { of_audio.saturating_sub(counted) } else { counted.abs_diff(expected) };
    findings.measured_as(
        "faults counted wrongly",
        &format!(" ({counted} of {expected})"),
        off as f64,
        Bound::Equals(0.0),
        "",
    );
    for row in case.entry.readings {
        let reading = unit.get(row.id());
        findings.require(reading.is_none_or(f64::is_finite), || format!("{} reads {reading:?}", row.key));
    }

    // Afterwards nothing is left of it.
    unit.reset();
    let settings = params.iter().map(|(id, _)| (*id, unit.get(*id).expect("a parameter has a value")));
    let mut fresh = case.with_settings(settings.collect()).build();
    let key = Audio::noise(case.spec.sidechain, FRAMES, 1.0, &mut random);
    let noise = Audio::noise(case.spec.channels(), FRAMES, 1.0, &mut random);
    let run = |unit: &mut dyn AnyUnit<T>| {
        let mut audio = noise.clone();
        process(unit, &mut audio, &key, 0..FRAMES, &mut Cut::Whole).expect("the block fits");
        audio.first(case.spec.outputs)
    };
    let differs = run(&mut *fresh).difference(&run(&mut *unit));
    findings.same("units that differ from a fresh one after reset", "", differs);
}
