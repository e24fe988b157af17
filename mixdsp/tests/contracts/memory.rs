//! Contract 1: memory belongs to the caller, and its size is known to the word.

use crate::common::audio::{Audio, Cut, process};

use crate::common::{Bound, Case, Entry};
use crate::harness::{Contract, Findings, sweep};
use mixdsp::Error;
use mixdsp::catalogue::{AnyUnit, AnyWords, BoxedSample};

pub(crate) struct Memory;

const FRAMES: usize = 1_200;
/// Words around the unit's own that nothing may touch.
const MARGIN: usize = 32;
const CANARY: u64 = 0xfeed_f00d_dead_beef;

impl Contract for Memory {
    const NAME: &'static str = "1 memory";
    const ORACLE: &'static str = "itself in zeroed memory";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        sweep(entry, findings, |findings, case| check_case(findings, case));
    }
}

fn check_case<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let needed = case.words();
    if needed > 0 {
        refuse(findings, case, needed - 1);
        refuse(findings, case, 0);
    }

    let expected = play(case, case.build());
    let compare = |findings: &mut Findings, storage: &str, heard: Audio<T>| {
        findings.same("units that memory changed", storage, expected.difference(&heard));
    };
    let mut random = case.random_source();
    let mut dirt = |words: usize| -> Vec<u64> { (0..words).map(|_| random.bits()).collect() };
    compare(findings, "words with dirt", play(case, case.build_in(AnyWords::Boxed(dirt(needed).into()))));
    compare(
        findings,
        "a Box of ones",
        play(case, case.build_in(AnyWords::Boxed(vec![u64::MAX; needed].into()))),
    );
    // a slice in the middle, then one that is longer than it need be
    for longer in [0, MARGIN] {
        let mut storage = vec![CANARY; MARGIN + needed + MARGIN];
        let unit = case.build_in(AnyWords::Lent(&mut storage[MARGIN..MARGIN + needed + longer]));
        compare(findings, "a slice", play(case, unit));
        let (before, rest) = storage.split_at(MARGIN);
        let touched = before.iter().chain(&rest[needed..]).filter(|word| **word != CANARY).count();
        findings.measured("words touched beyond its own", touched as f64, Bound::Equals(0.0), "");
    }
}

fn refuse<T: BoxedSample>(findings: &mut Findings, case: &Case<T>, given: usize) {
    let needed = case.words();
    let result = case.entry.build(
        case.spec,
        &case.config,
        &case.settings,
        AnyWords::Boxed(vec![0; given].into_boxed_slice()),
    );
    let error = result.err();
    let expected = Some(Error::Memory { needed, given });
    findings.require(error == expected, || format!("{given} words of {needed}: {error:?}"));
}

/// Noise, changes of every kind, a reset: what is heard.
fn play<'a, T: BoxedSample>(case: &Case<T>, mut unit: Box<dyn AnyUnit<T> + 'a>) -> Audio<T> {
    let mut random = case.random_source();
    let mut audio = Audio::noise(case.spec.channels(), FRAMES, 1.0, &mut random);
    let key = Audio::noise(case.spec.sidechain, FRAMES, 1.0, &mut random);
    let half = FRAMES / 2;
    let run = |unit: &mut (dyn AnyUnit<T> + 'a), audio: &mut Audio<T>, from, to| {
        process(unit, audio, &key, from..to, &mut Cut::Whole).expect("the block fits");
    };
    run(&mut *unit, &mut audio, 0, half);
    let defaults = case.with_settings(Vec::new()).build();
    for (id, _) in &case.settings {
        unit.set(*id, defaults.get(*id).expect("a parameter has a value")).expect("a default is in range");
    }
    run(&mut *unit, &mut audio, half, half + 100);
    unit.reset();
    for (id, value) in &case.settings {
        if unit.glide(*id, *value, 150).is_err() {
            unit.set(*id, *value).expect("the value was taken before");
        }
    }
    run(&mut *unit, &mut audio, half + 100, FRAMES);
    audio.first(case.spec.outputs)
}
