//! Processors by name: an insert of a session becomes a unit of the catalogue.

use std::boxed::Box;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use crate::base::error::Error;
use crate::base::spec::Spec;
use crate::catalogue::{Visitor, visit_all};
use crate::engine::kind::{Kind, Moment};
use crate::engine::processor::Processor;
use crate::engine::unit::Unit;
use crate::files::SessionError;
use crate::params::{Id, ParamTable, Row, Scaling, Table};
use crate::session::format::{Insert, wrong};

/// A processor of a mix.
pub(super) type Boxed = Box<dyn Processor<f64> + Send>;

/// What the catalogue knows of a kind.
#[derive(Clone, Copy)]
struct Entry {
    config: &'static [Row],
    params: ParamTable,
    listens: bool,
    build: fn(Spec, &[f64], &[(Id, f64)]) -> Result<Boxed, Error>,
}

fn build<K: Kind>(spec: Spec, config: &[f64], params: &[(Id, f64)]) -> Result<Boxed, Error> {
    Ok(Box::new(Unit::<K, f64, _>::new(spec, K::Config::read(config), params)?))
}

struct Find<'a> {
    key: &'a str,
    found: Option<Entry>,
    keys: Vec<&'static str>,
}

impl Visitor for Find<'_> {
    fn visit<K: Kind>(&mut self, _path: &'static str) {
        self.keys.push(K::KEY);
        if K::KEY == self.key {
            self.found = Some(Entry {
                config: K::Config::ROWS,
                params: K::PARAMS,
                listens: K::LISTENS,
                build: build::<K>,
            });
        }
    }
}

/// What is needed to find the parameters of an insert.
pub(super) struct Finder {
    entry: Entry,
    items: Vec<usize>,
}

impl Finder {
    /// Row and id of `threshold_db` or `bands[1].gain_db`.
    pub(super) fn find(&self, path: &str) -> Result<(Id, &'static Row), String> {
        let none = || format!("no parameter {path:?}");
        let row = |rows: &'static [Row], key: &str| rows.iter().find(|row| row.key == key);
        let Some((group, rest)) = path.split_once('[') else {
            return row(self.entry.params.rows, path).map(|row| (row.id(), row)).ok_or_else(none);
        };
        let (item, key) = rest.split_once("].").ok_or_else(none)?;
        let item: usize = item.parse().map_err(|_| none())?;
        let at = self.entry.params.groups.iter().position(|known| known.key == group).ok_or_else(none)?;
        if item >= self.items[at] {
            return Err(format!("no {group}[{item}]: there are {}, counted from 0", self.items[at]));
        }
        let row = row(self.entry.params.groups[at].rows, key).ok_or_else(none)?;
        Ok((row.id().at(item as u16), row))
    }
}

/// Makes an insert. `place` stands at the head of errors.
pub(super) fn make(
    insert: &Insert,
    spec: Spec,
    keyed: bool,
    place: &str,
) -> Result<(Boxed, Finder), SessionError> {
    let mut find = Find { key: &insert.kind, found: None, keys: Vec::new() };
    visit_all(&mut find);
    let Some(entry) = find.found else {
        return wrong(place, format!("no processor {:?}; there are {}", insert.kind, find.keys.join(", ")));
    };
    let refuse = |reason: String| SessionError::Session { place: place.to_string(), reason };

    let mut config: Vec<f64> = entry.config.iter().map(|row| row.default).collect();
    for group in entry.params.groups {
        // As many bands as are listed, unless the config says otherwise.
        let listed = insert.params.get(group.key).and_then(|value| value.as_array()).map(Vec::len);
        let at = entry.config.iter().position(|row| row.key == group.count);
        if let (Some(listed), Some(at)) = (listed.filter(|listed| *listed > 0), at) {
            config[at] = listed as f64;
        }
    }
    for (key, value) in &insert.config {
        let at = entry.config.iter().position(|row| row.key == key);
        let at = at.ok_or_else(|| refuse(format!("no config value {key:?}")))?;
        config[at] = number(&entry.config[at], value).map_err(refuse)?;
    }
    for (row, value) in entry.config.iter().zip(&config) {
        row.check(None, *value, spec.sample_rate).map_err(|error| refuse(error.to_string()))?;
    }
    let items: Vec<usize> =
        entry.params.groups.iter().map(|group| count(&entry, group.count, &config)).collect();

    let mut params = Vec::new();
    for (key, value) in &insert.params {
        if let Some(row) = entry.params.rows.iter().find(|row| row.key == key) {
            params.push((row.id(), number(row, value).map_err(refuse)?));
            continue;
        }
        let at = entry.params.groups.iter().position(|group| group.key == key);
        let at = at.ok_or_else(|| refuse(format!("no parameter {key:?}")))?;
        let rows = entry.params.groups[at].rows;
        let list = value.as_array().ok_or_else(|| refuse(format!("{key} is not an array of tables")))?;
        if list.len() > items[at] {
            return Err(refuse(format!("{} {key} given where the config has {}", list.len(), items[at])));
        }
        for (item, table) in list.iter().enumerate() {
            let table = table.as_table().ok_or_else(|| refuse(format!("{key}[{item}] is not a table")))?;
            for (name, value) in table {
                let row = rows.iter().find(|row| row.key == name);
                let row = row.ok_or_else(|| refuse(format!("no parameter {key}[{item}].{name}")))?;
                let value = number(row, value).map_err(|reason| refuse(format!("{key}[{item}].{reason}")))?;
                params.push((row.id().at(item as u16), value));
            }
        }
    }
    let spec = if keyed && entry.listens { spec.with_keys(2) } else { spec };
    let unit = (entry.build)(spec, &config, &params).map_err(|error| refuse(error.to_string()))?;
    Ok((unit, Finder { entry, items }))
}

fn count(entry: &Entry, key: &str, config: &[f64]) -> usize {
    entry.config.iter().position(|row| row.key == key).map_or(0, |at| config[at] as usize)
}

/// The number that a TOML value stands for in a row.
fn number(row: &Row, value: &toml::Value) -> Result<f64, String> {
    let key = row.key;
    match (row.scaling, value) {
        (Scaling::Switch, toml::Value::Boolean(on)) => Ok(f64::from(u8::from(*on))),
        (Scaling::Switch, _) => Err(format!("{key} = {value} is neither true nor false")),
        (Scaling::Choice(texts), _) => {
            let text = value.as_str().map_or_else(|| value.to_string(), ToString::to_string);
            let at = texts.iter().position(|choice| *choice == text);
            at.map(|at| at as f64).ok_or_else(|| format!("{key} = {value} is none of {}", texts.join(", ")))
        }
        (_, toml::Value::Float(value)) => Ok(*value),
        (_, toml::Value::Integer(value)) => Ok(*value as f64),
        _ => Err(format!("{key} = {value} is not a number")),
    }
}

/// Makes the inserts of a strip.
pub(super) fn make_chain(
    inserts: &[Insert],
    spec: Spec,
    keyed: bool,
    place: &str,
) -> Result<(Vec<Boxed>, Vec<Finder>), SessionError> {
    if inserts.len() > 255 {
        return wrong(place, format!("{} inserts; at most 255 are possible", inserts.len()));
    }
    let each = inserts.iter().enumerate();
    each.map(|(at, insert)| make(insert, spec, keyed, &format!("{place}: inserts[{at}] ({})", insert.kind)))
        .collect()
}

/// What an insert does to a steady sine of each frequency, in decibels; `None` when it is not a filter.
///
/// # Errors
/// [`SessionError::Session`] for an insert that cannot be made.
pub fn response_db(
    insert: &Insert,
    sample_rate: f64,
    frequencies_hz: &[f64],
) -> Result<Option<Vec<f64>>, SessionError> {
    let (unit, _) = make(insert, Spec::new(sample_rate, 2), false, &insert.kind)?;
    let decibels = |hz: &f64| {
        let response = unit.response(*hz, Moment::Settled)?;
        Some(crate::base::units::gain_to_decibels(libm::hypot(response.re, response.im)))
    };
    Ok(frequencies_hz.iter().map(decibels).collect())
}
