//! Contract 5: everything is declared once, the declarations are sound, and no value is ever clamped.

use crate::common::audio::{Audio, Cut, process};
use crate::common::depth;
use crate::common::entry::Range;
use crate::common::settings::{default_in, random_value, value_at};
use crate::common::{Bound, Case, Entry, Random};
use crate::harness::{Contract, Findings, RATES};
use mixdsp::catalogue::{AnyUnit, AnyWords, BoxedSample, Descriptor};
use mixdsp::params::{Group, Place, Row, Scaling};
use mixdsp::{Error, Id};
use std::collections::HashSet;
use std::ops::RangeInclusive;

pub(crate) struct Declared;

const PARAMS: RangeInclusive<u16> = 1..=999;
const CONFIG: RangeInclusive<u16> = 1001..=1999;
const READINGS: RangeInclusive<u16> = 2001..=2999;

impl Contract for Declared {
    const NAME: &'static str = "5 declared once";
    const ORACLE: &'static str = "the tables themselves";
    // Each node declares its own.
    const TREES: bool = false;

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        findings.case(&"tables", |findings| check_tables(findings, &entry));
        for rate in depth::every(2, &findings.place(), RATES.into_iter()) {
            match Case::plain(entry, rate) {
                Some(case) => findings.case(&case, |findings| check_values(findings, &case)),
                None => findings.fail(format!("no spec is taken at {rate} Hz")),
            }
        }
        if let Some(case) = Case::plain(entry, 48_000.0) {
            findings.case(&case, |findings| refused_values_change_nothing(findings, &case));
            findings.case(&case, |findings| check_config(findings, &case));
        }
    }
}

fn check_tables(findings: &mut Findings, processor: &Descriptor) {
    let Descriptor { key, label: name, doc, params, config, readings, .. } = *processor;
    findings.require(is_key(key), || format!("the key {key:?} is not snake_case"));
    findings.require(!name.trim().is_empty(), || "no name".into());
    findings.require(is_sentence(doc), || format!("not one sentence: {doc:?}"));

    let mut numbers = HashSet::new();
    let tables = [(params.rows, PARAMS), (config, CONFIG), (readings, READINGS)];
    let groups = params.groups.iter().map(|group| (group.rows, PARAMS));
    for (rows, range) in tables.into_iter().chain(groups) {
        let mut keys = HashSet::new();
        for row in rows {
            let Row { number, key, .. } = row;
            findings.require(numbers.insert(row.id()), || format!("{key}: number {number} is used twice"));
            findings
                .require(range.contains(number), || format!("{key}: number {number} is not in {range:?}"));
            findings.require(keys.insert(*key), || format!("{key} is used twice"));
            check_row(findings, row, range == READINGS);
        }
    }
    let top = params.rows.iter().map(|row| row.key).chain(params.groups.iter().map(|group| group.key));
    let top: Vec<_> = top.chain(readings.iter().map(|row| row.key)).collect();
    let unique: HashSet<_> = top.iter().collect();
    findings.require(unique.len() == top.len(), || format!("a key is used twice among {top:?}"));
    for Group { key, rows, count } in params.groups {
        findings.require(is_key(key) && !rows.is_empty(), || format!("group {key:?} is not named or empty"));
        let counter = config.iter().find(|row| row.key == *count);
        let sound = counter.is_some_and(|row| row.scaling == Scaling::Whole && row.maximum <= 4096.0);
        findings.require(sound, || format!("group {key}: {count} is no whole config value up to 4096"));
    }
    let rows = numbers.len();
    findings.note(format!("{rows} rows"));
}

fn check_row(findings: &mut Findings, row: &Row, is_reading: bool) {
    let Row { key, name, unit, minimum, maximum, default, scaling, doc, .. } = *row;
    findings.require(is_key(key), || format!("the key {key:?} is not snake_case"));
    let neat = !name.is_empty() && name.trim() == name && name.starts_with(|c: char| !c.is_lowercase());
    findings.require(neat, || format!("{key}: the name {name:?} does not show well"));
    findings.require(is_sentence(doc), || format!("{key}: not one sentence: {doc:?}"));
    findings.require(unit.trim() == unit, || format!("{key}: the unit {unit:?} has spaces"));
    for (ending, units) in [
        ("_db", &["dB", "dBFS", "dBTP"][..]),
        ("_hz", &["Hz"]),
        ("_ms", &["ms"]),
        ("_seconds", &["s"]),
        ("_lufs", &["LUFS"]),
        ("_lu", &["LU"]),
    ] {
        let fits = !key.ends_with(ending) || units.contains(&unit);
        findings.require(fits, || format!("{key} is in {unit:?}, not in {units:?}"));
    }
    if is_reading {
        return;
    }
    let ordered = minimum.is_finite() && maximum.is_finite() && minimum <= default && default <= maximum;
    findings.require(ordered, || format!("{key}: not {minimum} <= {default} <= {maximum}"));
    match scaling {
        Scaling::Linear => {}
        Scaling::Logarithmic => {
            findings.require(minimum > 0.0, || format!("{key}: logarithmic from {minimum}"));
        }
        Scaling::Frequency => {
            findings.require(minimum > 0.0 && unit == "Hz", || format!("{key}: from {minimum} {unit:?}"));
            let lowest = row.maximum_at(8_000.0);
            findings.require(lowest == maximum.min(0.499 * 8_000.0) && minimum <= lowest, || {
                format!("{key}: {minimum} to {lowest} Hz at 8 kHz")
            });
        }
        Scaling::Whole | Scaling::Switch | Scaling::Choice(_) => {
            let whole = [minimum, maximum, default].iter().all(|value| value.trunc() == *value);
            findings.require(whole, || format!("{key}: {minimum}, {default}, {maximum} are not whole"));
        }
    }
    let texts: HashSet<_> = row.choices().iter().collect();
    let distinct = texts.len() == row.choices().len() && texts.iter().all(|text| is_choice(text));
    findings.require(distinct, || format!("{key}: choices {:?}", row.choices()));
}

fn is_key(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(plain)
        && !text.ends_with('_')
        && !text.contains("__")
}

/// Words of lower-case letters, digits and what numbers need: `low_pass`, `6`, `5.1`, `1/8 dotted`.
fn is_choice(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_./ ".contains(c);
    !text.is_empty() && text.trim() == text && text.chars().all(plain)
}

/// Begins with a capital or a digit, ends with the only full stop that a capital follows.
fn is_sentence(text: &str) -> bool {
    let inside = text.strip_suffix('.').unwrap_or("");
    let another = inside.split(". ").skip(1).any(|rest| rest.starts_with(char::is_uppercase));
    inside.starts_with(|c: char| !c.is_lowercase()) && text.trim() == text && !another
}

/// What must be taken, and what refused, of one row.
fn probes(row: &Row, range: Range) -> (Vec<f64>, Vec<f64>) {
    let (low, high) = range;
    let good = [low, high, default_in(row, range), value_at(row, range, 0.3), value_at(row, range, 0.8)];
    let mut bad = vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1e300, 1e300];
    bad.extend([low.next_down(), high.next_up()]);
    if !row.is_continuous() {
        bad.extend([low - 1.0, high + 1.0, low + 0.5, low + 1e-9]);
    }
    (good.to_vec(), bad)
}

/// Whether an error is the one that a wrong value deserves.
fn names(error: &Error, place: &Place, asked: f64, range: Range) -> bool {
    let same = |value: f64| value == asked || (value.is_nan() && asked.is_nan());
    match *error {
        Error::Range { key, item, value, minimum, maximum, .. } => {
            let outside = !(asked >= minimum && asked <= maximum);
            let its_own = (key, item) == (place.row.key, place.item) && (minimum, maximum) == range;
            its_own && same(value) && outside
        }
        Error::NotWhole { key, item, value } => {
            let between = !place.row.is_continuous() && asked.fract() != 0.0;
            (key, item) == (place.row.key, place.item) && same(value) && between
        }
        _ => false,
    }
}

fn check_values<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let mut unit = case.build();
    let (mut refused, mut taken, mut wrong) = (0, 0, 0);
    for (id, place) in case.params() {
        let range = case.range(place.row);
        let (low, high) = place.row.range_at(case.spec.sample_rate);
        findings.require(low <= range.0 && range.0 <= range.1 && range.1 <= high, || {
            format!("{}: {range:?} is wider than the row's {low} to {high}", place.row.key)
        });
        let what = |value: f64| format!("{} {:?} = {value:e}", place.row.key, place.item);
        let at_first = unit.get(id);
        findings.require(at_first == Some(default_in(place.row, range)), || {
            format!("{}: a fresh unit has {at_first:?}", place.row.key)
        });
        let (good, bad) = probes(place.row, range);
        for value in good {
            let result = unit.set(id, value);
            let now = unit.get(id);
            findings.require(result.is_ok() && now == Some(value), || {
                format!("{}: set gives {result:?}, then get {now:?}", what(value))
            });
            let built = case.with_settings(vec![(id, value)]).build().get(id);
            findings.require(built == Some(value), || format!("{}: built with it, {built:?}", what(value)));
            taken += 1;
        }
        let kept = unit.get(id);
        for value in bad {
            let results = [unit.set(id, value), unit.set_all(&&[(id, value)][..]), unit.glide(id, value, 10)];
            let storage = AnyWords::Boxed(vec![0; case.words()].into());
            let built = case.entry.build(case.spec, &case.config, &[(id, value)], storage).map(|_| ());
            for result in results.into_iter().chain([built]) {
                let right = result.as_ref().is_err_and(|error| names(error, &place, value, range));
                findings.require(right, || format!("{}: {result:?}", what(value)));
                wrong += if right { 0 } else { 1 };
            }
            let now = unit.get(id);
            findings.require(now == kept, || format!("{}: {kept:?} became {now:?}", what(value)));
            refused += 1;
        }
        let glided = unit.glide(id, default_in(place.row, range), 10);
        if place.row.is_continuous() {
            findings.require(glided.is_ok(), || format!("{}: glide: {glided:?}", place.row.key));
        } else {
            let right = glided == Err(Error::NotContinuous { key: place.row.key });
            findings.require(right, || format!("{}: glide: {glided:?}", place.row.key));
        }
    }
    unknown_ids(findings, case, &mut *unit);
    findings.measured("values not refused as they should be", wrong as f64, Bound::Equals(0.0), "");
    findings.note(format!("{taken} values taken and {refused} refused at a rate"));
}

fn unknown_ids<T: BoxedSample>(findings: &mut Findings, case: &Case<T>, unit: &mut dyn AnyUnit<T>) {
    let sheet = case.entry;
    let mut ids =
        vec![Id::from_raw(0), Id::from_raw(1), Id::new(1, 999), Id::new(1, 4095), Id::from_raw(u64::MAX)];
    for (id, place) in case.params() {
        ids.push(id.in_node(1));
        if place.item.is_none() {
            ids.push(id.at(1));
        }
    }
    for group in sheet.params.groups {
        let items = case.entry.items(group, &case.config) as u16;
        ids.extend(group.rows.iter().map(|row| row.id().at(items)));
    }
    let read_only = sheet.config.iter().map(Row::id);
    for id in ids.iter().copied().chain(read_only) {
        let told = unit.get(id);
        findings.require(told.is_none(), || format!("{id:?} reads {told:?}"));
    }
    let readings = sheet.readings.iter().map(Row::id);
    for id in ids.into_iter().chain(readings) {
        for result in [unit.set(id, 0.0), unit.glide(id, 0.0, 1)] {
            findings.require(result == Err(Error::Unknown { id }), || format!("{id:?}: {result:?}"));
        }
    }
}

/// A unit that refused many values sounds like one that was never asked.
fn refused_values_change_nothing<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let mut random = Random::new(5);
    let noise = Audio::<T>::noise(case.spec.channels(), 2_000, 0.5, &mut random);
    let key = Audio::<T>::noise(case.spec.sidechain, 2_000, 0.5, &mut random);
    let params = case.params().into_iter();
    let changes: Vec<_> = params
        .map(|(id, place)| (id, place, random_value(place.row, case.range(place.row), &mut random)))
        .collect();
    let play = |asks: bool| {
        let mut unit = case.build();
        let mut audio = noise.clone();
        for (turn, from) in (0..2_000).step_by(500).enumerate() {
            for (id, place, value) in &changes {
                if turn == 1 {
                    unit.set(*id, *value).expect("in range");
                }
                for bad in if asks { probes(place.row, case.range(place.row)).1 } else { Vec::new() } {
                    let _ = (unit.set(*id, bad), unit.glide(*id, bad, 99), unit.set_all(&&[(*id, bad)][..]));
                }
            }
            process(&mut unit, &mut audio, &key, from..from + 500, &mut Cut::Whole).expect("it fits");
        }
        audio.first(case.spec.outputs)
    };
    findings.same("sounds changed by a refused value", "", play(true).difference(&play(false)));
}

fn check_config<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let rate = case.spec.sample_rate;
    let entry = case.entry;
    let default = entry.config();
    let with = |index: usize, value: f64| {
        let mut config = default.clone();
        config[index] = value;
        config
    };
    for (index, row) in entry.config.iter().enumerate() {
        let told = default[index];
        findings.require(told == row.default, || format!("{}: default {told}, row {}", row.key, row.default));
        for value in [row.minimum, row.maximum, row.default] {
            let told = entry.held(&with(index, value))[index];
            findings.require(told == value, || format!("{}: {value} became {told}", row.key));
        }
        // The struct's field may not hold what a wrong number says; what it holds must be refused.
        for value in probes(row, row.range_at(rate)).1 {
            let config = with(index, value);
            let held = entry.held(&config)[index];
            if row.check(None, held, rate).is_ok() {
                continue;
            }
            let result = entry.words(&case.spec, &config);
            let right = matches!(result, Err(Error::Range { key, .. } | Error::NotWhole { key, .. }) if key == row.key);
            findings.require(right, || format!("config {} = {held}: {result:?}", row.key));
        }
    }
}
