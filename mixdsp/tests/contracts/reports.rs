//! Contract 9: a reading that is not there yet is `None`, and nothing else is. What is told before anything
//! was heard must not depend on what is heard.

use crate::common::audio::{Audio, Cut, process};
use crate::common::{Case, Entry, Random};
use crate::harness::{Contract, Findings, sweep};
use mixdsp::{Id, Sample};

pub(crate) struct Readings;

/// By now every reading must be there.
const SECONDS: usize = 8;

impl Contract for Readings {
    const NAME: &'static str = "9 readings";
    const ORACLE: &'static str = "definition";

    fn check<T: Sample>(&self, entry: &'static dyn Entry<T>, findings: &mut Findings) {
        sweep(entry, findings, |findings, case| {
            let mut unit = case.build();
            let at_first: Vec<_> = case.entry.sheet().readings.iter().map(|row| unit.get(row.id())).collect();
            let mut random = case.random_source();
            let mut audio = Audio::<T>::noise(case.spec.channels(), 3_000, 0.5, &mut random);
            let key = Audio::noise(case.spec.keys, 3_000, 0.5, &mut random);
            process(&mut *unit, &mut audio, &key, 0..3_000, &mut Cut::Whole).expect("it fits");
            for row in case.entry.sheet().readings {
                let told = unit.get(row.id());
                findings.require(told.is_none_or(f64::is_finite), || format!("{} reads {told:?}", row.key));
            }
            for (row, first) in case.entry.sheet().readings.iter().zip(at_first) {
                let told = unit.get(row.id());
                findings.require(first.is_none() || first == told, || {
                    format!("{} reads {first:?} before anything was heard, {told:?} after", row.key)
                });
            }
            unit.reset();
            let fresh = case.build();
            for id in case.entry.sheet().readings.iter().map(|row| row.id()) {
                let (old, new) = (unit.get(id), fresh.get(id));
                findings.require(old == new, || format!("{id:?}: {old:?} after reset, fresh {new:?}"));
            }
            for id in [0, 998, 1_998, 2_998, 4_095].map(Id::new) {
                let told = unit.get(id);
                findings.require(told.is_none(), || format!("unknown {id:?} reads {told:?}"));
            }
        });
        if let Some(case) = Case::plain(entry, 8_000.0) {
            findings.case(&case, |findings| every_reading_comes(findings, &case));
        }
        findings.note(format!("{} readings", entry.sheet().readings.len()));
    }
}

fn every_reading_comes<T: Sample>(findings: &mut Findings, case: &Case<T>) {
    let mut unit = case.build();
    let mut random = Random::new(9);
    for second in 0..SECONDS {
        let level = if second % 2 == 0 { 0.5 } else { 0.1 };
        let mut audio = Audio::<T>::noise(case.spec.channels(), 8_000, level, &mut random);
        let key = Audio::silence(case.spec.keys, 8_000);
        process(&mut *unit, &mut audio, &key, 0..8_000, &mut Cut::Whole).expect("it fits");
    }
    // A reading may rightly be missing: the config leaves it out, or there was nothing of its kind.
    let told: Vec<_> = case.entry.sheet().readings.iter().map(|row| (row.key, unit.get(row.id()))).collect();
    for (key, told) in &told {
        findings.require(told.is_none_or(f64::is_finite), || format!("{key} reads {told:?} after noise"));
    }
    let missing = told.iter().filter(|(_, told)| told.is_none()).count();
    findings.require(told.is_empty() || missing < told.len(), || "no reading came".into());
    findings.note(format!("{missing} not there after {SECONDS} s of noise"));
}
