//! Presets: what is written is read to the bit, by a unit in any state; what is wrong changes nothing.

use crate::common::settings::random_value;
use crate::common::{Bound, Case, Entry};
use crate::harness::{Contract, Findings, sweep};
use mixdsp::Error;
use mixdsp::catalogue::{AnyUnit, BoxedSample};

pub(crate) struct Presets;

impl Contract for Presets {
    const NAME: &'static str = "presets";
    const ORACLE: &'static str = "the unit that wrote it";
    // A preset is that of one processor.
    const TREES: bool = false;

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        sweep(entry, findings, |findings, case| check_case(findings, case));
    }
}

fn values<T: BoxedSample>(case: &Case<T>, unit: &dyn AnyUnit<T>) -> Vec<Option<u64>> {
    let ids = case.params().into_iter().map(|(id, _)| id);
    ids.map(|id| unit.get(id).map(f64::to_bits)).collect()
}

fn written<T: BoxedSample>(unit: &dyn AnyUnit<T>) -> String {
    let mut text = String::new();
    unit.write_preset(&mut text).expect("a String takes everything");
    text
}

fn check_case<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let unit = case.build();
    let preset = written(&*unit);
    let params = case.params();

    let mut other = case.with_settings(Vec::new()).build();
    let mut random = case.random_source();
    for (id, place) in &params {
        let value = random_value(place.row, case.range(place.row), &mut random);
        let _ = (other.set(*id, value), other.glide(*id, value, 1_000));
    }
    let result = other.read_preset(&preset);
    findings.require(result.is_ok(), || format!("its own preset: {result:?}"));
    let wrong = values(case, &*unit).iter().zip(values(case, &*other)).filter(|(a, b)| **a != *b).count();
    findings.measured("values that changed on the way", wrong as f64, Bound::Equals(0.0), "");
    findings.require(written(&*other) == preset, || "it writes another preset than it read".into());

    let before = values(case, &*other);
    let with_last = |line: &str| format!("{preset}{line}\n");
    let last = preset.lines().count() + 1;
    let mut damaged = vec![
        (preset.replacen("preset 1", "preset 2", 1), 1),
        (preset.replacen(case.entry.key, "another", 1), 2),
        (with_last("nothing = 1"), last),
        (with_last("nothing"), last),
    ];
    if let Some(line) = preset.lines().nth(2) {
        damaged.push((with_last(line), last));
        let (key, _) = line.split_once(" = ").expect("a line has a key");
        for value in ["NaN", "inf", "1e300", "", "no"] {
            damaged.push((preset.replacen(line, &format!("{key} = {value}"), 1), 3));
        }
    }
    for (text, expected) in damaged {
        let result = other.read_preset(&text);
        let right = matches!(result, Err(Error::Preset { line, .. }) if line == expected);
        findings.require(right, || format!("damaged in line {expected}: {result:?}"));
        findings.require(values(case, &*other) == before, || {
            format!("a wrong preset changed a value: {result:?}")
        });
    }
}
