//! Contract 1: memory belongs to the caller, and its size is known to the word.

use crate::common::audio::{Audio, Cut, process};
use crate::common::{Bound, Case};
use crate::harness::{Contract, Findings, sweep};
use mixdsp::memory::Store;
use mixdsp::{Error, Kind, Processor, Sample, Unit};

pub(crate) struct Memory;

const FRAMES: usize = 1_200;
/// Words of a unit that lies in an array.
const ARRAY: usize = 4_096;
/// Words around the unit's own that nothing may touch.
const MARGIN: usize = 32;
const CANARY: u64 = 0xfeed_f00d_dead_beef;

impl Contract for Memory {
    const NAME: &'static str = "1 memory";
    const ORACLE: &'static str = "itself in zeroed memory";

    fn check<K: Kind, T: Sample>(&self, findings: &mut Findings) {
        sweep::<K, T>(findings, |findings, case| check_case::<K, T>(findings, case));
    }
}

fn check_case<K: Kind, T: Sample>(findings: &mut Findings, case: &Case<K>) {
    let needed = case.words::<T>();
    let told = K::memory::<T>(&case.spec, &case.config);
    findings.require(told == needed, || format!("memory tells {told} words, words_needed {needed}"));
    if needed > 0 {
        refuse::<K, T, _>(findings, case, vec![0; needed - 1]);
        refuse::<K, T, _>(findings, case, Vec::new());
    }

    let expected = play(case, case.build_in::<T, _>(vec![0; needed]));
    let compare = |findings: &mut Findings, storage: &str, heard: Audio<T>| {
        findings.same("units that memory changed", storage, expected.difference(&heard));
    };
    let mut random = case.random_source();
    let mut dirt = |words: usize| -> Vec<u64> { (0..words).map(|_| random.bits()).collect() };
    compare(findings, "a Vec with dirt", play(case, case.build_in::<T, _>(dirt(needed))));
    compare(
        findings,
        "a Box of ones",
        play(case, case.build_in::<T, _>(vec![u64::MAX; needed].into_boxed_slice())),
    );
    if needed <= ARRAY {
        let mut array = [0; ARRAY];
        array.copy_from_slice(&dirt(ARRAY));
        compare(findings, "an array", play(case, case.build_in::<T, _>(array)));
    }
    // a slice in the middle, then one that is longer than it need be
    for longer in [0, MARGIN] {
        let mut storage = vec![CANARY; MARGIN + needed + MARGIN];
        let unit = case.build_in::<T, _>(&mut storage[MARGIN..MARGIN + needed + longer]);
        compare(findings, "a slice", play(case, unit));
        let (before, rest) = storage.split_at(MARGIN);
        let touched = before.iter().chain(&rest[needed..]).filter(|word| **word != CANARY).count();
        findings.measured("words touched beyond its own", touched as f64, Bound::Equals(0.0), "");
    }
}

fn refuse<K: Kind, T: Sample, S: Store>(findings: &mut Findings, case: &Case<K>, storage: S) {
    let (needed, given) = (case.words::<T>(), storage.as_ref().len());
    let result = Unit::<K, T, S>::new_in(case.spec, case.config, &case.settings[..], storage);
    let error = result.err();
    let expected = Some(Error::Memory { needed, given });
    findings.require(error == expected, || format!("{given} words of {needed}: {error:?}"));
}

/// Noise, changes of every kind, a reset: what is heard.
fn play<K: Kind, T: Sample, S: Store>(case: &Case<K>, mut unit: Unit<K, T, S>) -> Audio<T> {
    let mut random = case.random_source();
    let mut audio = Audio::noise(case.spec.channels(), FRAMES, 1.0, &mut random);
    let key = Audio::noise(case.spec.keys, FRAMES, 1.0, &mut random);
    let half = FRAMES / 2;
    let run = |unit: &mut Unit<K, T, S>, audio: &mut Audio<T>, from, to| {
        process(unit, audio, &key, from..to, &mut Cut::Whole).expect("the block fits");
    };
    run(&mut unit, &mut audio, 0, half);
    let defaults = case.with_settings(Vec::new()).build::<T>();
    for (id, _) in &case.settings {
        unit.set(*id, defaults.get(*id).expect("a parameter has a value")).expect("a default is in range");
    }
    run(&mut unit, &mut audio, half, half + 100);
    unit.reset();
    for (id, value) in &case.settings {
        if unit.glide(*id, *value, 150).is_err() {
            unit.set(*id, *value).expect("the value was taken before");
        }
    }
    run(&mut unit, &mut audio, half + 100, FRAMES);
    audio.first(case.spec.outputs)
}
