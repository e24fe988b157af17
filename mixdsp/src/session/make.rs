//! Processors by name: an insert of a session becomes a unit of the catalogue.

use std::boxed::Box;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use crate::base::spec::Spec;
use crate::catalogue::{self, AnyUnit, Descriptor};
use crate::engine::kind::ResponseAt;
use crate::files::SessionError;
use crate::params::{Given, Id, PathError, Row, Scaling};
use crate::session::format::{Insert, wrong};

/// A processor of a mix.
pub(super) type Boxed = Box<dyn AnyUnit<f64>>;

/// What is needed to find the parameters of an insert.
pub(super) struct Finder {
    processor: &'static Descriptor,
    config: Vec<f64>,
}

impl Finder {
    /// Row and id of `threshold_db` or `bands[1].gain_db`.
    pub(super) fn find(&self, path: &str) -> Result<(Id, &'static Row), String> {
        self.processor.at_path(path, &self.config).map_err(|error| match error {
            PathError::Unknown => format!("no parameter {path:?}"),
            PathError::Item { group, items } => {
                format!("no {path:?}: there are {items} {group}, counted from 0")
            }
        })
    }
}

/// Makes an insert. `place` stands at the head of errors.
pub(super) fn make(
    insert: &Insert,
    spec: Spec,
    keyed: bool,
    place: &str,
) -> Result<(Boxed, Finder), SessionError> {
    let Some(processor) = catalogue::find(&insert.kind) else {
        let keys: Vec<_> = catalogue::ALL.iter().map(|processor| processor.key).collect();
        return wrong(place, format!("no processor {:?}; there are {}", insert.kind, keys.join(", ")));
    };
    let refuse = |reason: String| SessionError::Session { place: place.to_string(), reason };

    let mut config: Vec<f64> = processor.default_config().collect();
    for group in processor.params.groups {
        // As many bands as are listed, unless the config says otherwise.
        let listed = insert.params.get(group.key).and_then(|value| value.as_array()).map(Vec::len);
        let at = processor.config.iter().position(|row| row.key == group.count);
        if let (Some(listed), Some(at)) = (listed.filter(|listed| *listed > 0), at) {
            config[at] = listed as f64;
        }
    }
    for (key, value) in &insert.config {
        let at = processor.config.iter().position(|row| row.key == key);
        let at = at.ok_or_else(|| refuse(format!("no config value {key:?}")))?;
        config[at] = number(&processor.config[at], value).map_err(refuse)?;
    }
    for (row, value) in processor.config.iter().zip(&config) {
        row.check(None, *value, spec.sample_rate).map_err(|error| refuse(error.to_string()))?;
    }
    let items = processor.items(&config);

    let mut params = Vec::new();
    for (key, value) in &insert.params {
        if let Some(row) = processor.params.rows.iter().find(|row| row.key == key) {
            params.push((row.id(), number(row, value).map_err(refuse)?));
            continue;
        }
        let at = processor.params.groups.iter().position(|group| group.key == key);
        let at = at.ok_or_else(|| refuse(format!("no parameter {key:?}")))?;
        let rows = processor.params.groups[at].rows;
        let list = value.as_array().ok_or_else(|| refuse(format!("{key} is not an array of tables")))?;
        if list.len() > items[at] as usize {
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
    let spec = if keyed && processor.sidechain { spec.with_sidechain(2) } else { spec };
    let unit = processor.boxed(spec, &config, &&params[..]).map_err(|error| refuse(error.to_string()))?;
    Ok((unit, Finder { processor, config }))
}

/// The number that a TOML value stands for in a row.
fn number(row: &Row, value: &toml::Value) -> Result<f64, String> {
    let given = match value {
        toml::Value::Boolean(on) => Given::Switch(*on),
        toml::Value::Integer(number) => Given::Number(*number as f64),
        toml::Value::Float(number) => Given::Number(*number),
        toml::Value::String(text) if matches!(row.scaling, Scaling::Choice(_)) => Given::Text(text),
        _ => return Err(format!("{} = {value} is not a number", row.key)),
    };
    row.value_of(given).map_err(|expected| {
        let key = row.key;
        match row.scaling {
            Scaling::Switch => format!("{key} = {value} is neither true nor false"),
            Scaling::Choice(texts) => format!("{key} = {value} is none of {}", texts.join(", ")),
            _ => format!("{key} = {value} is {expected}"),
        }
    })
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
        let response = unit.response(*hz, ResponseAt::Settled)?;
        Some(crate::base::units::gain_to_decibels(libm::hypot(response.re, response.im)))
    };
    Ok(frequencies_hz.iter().map(decibels).collect())
}
