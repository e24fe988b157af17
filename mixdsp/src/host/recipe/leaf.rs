//! A processor of a recipe: which, what it is built with, and its values.

use super::RecipeError;
use super::audio::{Audio, audio};
use super::value::Value;
use crate::base::error::Error;
use crate::base::id::Id;
use crate::base::spec::SAMPLE_RATES;
use crate::catalogue::Descriptor;
use crate::params::{Given, Items, PathError, Place, Row, Scaling, Settings};
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use alloc::{format, vec};

/// Keys of its table that are no values.
pub(super) const HEAD: [&str; 8] =
    ["processor", "kind", "effect", "version", "name", "key", "config", "params"];

/// A processor, its config and its values. They are in the ranges of their rows; what a rate or a config narrows is
/// looked at when it is built.
#[derive(Clone, Debug)]
pub struct Leaf {
    processor: &'static Descriptor,
    config: Vec<f64>,
    values: Vec<f64>,
    /// What it is built with, by the slots of the table.
    assets: Vec<Audio>,
    /// How many items of each group were given; there may be more, because some groups are never empty.
    given: Items,
    /// The track or bus that it listens to in a mix.
    pub key: Option<String>,
}

impl PartialEq for Leaf {
    fn eq(&self, other: &Self) -> bool {
        self.processor.key == other.processor.key
            && (&self.config, &self.values, self.given) == (&other.config, &other.values, other.given)
            && self.key == other.key
            && self.assets == other.assets
    }
}

impl Leaf {
    /// A processor with its defaults.
    pub fn new(processor: &'static Descriptor) -> Self {
        let config = processor.default_config().collect();
        let assets = processor.assets.iter().map(|_| Audio::Samples(Arc::from([]))).collect();
        let mut leaf =
            Self { processor, config, values: Vec::new(), assets, given: Items::default(), key: None };
        leaf.values = leaf.defaults();
        leaf
    }

    /// A processor with this config, in the order of the table.
    ///
    /// # Errors
    /// For a value out of its range.
    pub fn with_config(processor: &'static Descriptor, config: &[f64]) -> Result<Self, RecipeError> {
        let mut leaf = Self::new(processor);
        for (row, (place, value)) in processor.config.iter().zip(leaf.config.iter_mut().zip(config)) {
            row.check(None, *value, *SAMPLE_RATES.end()).map_err(RecipeError::refused)?;
            *place = *value;
        }
        leaf.values = leaf.defaults();
        leaf.given = leaf.items();
        Ok(leaf)
    }

    /// Says that only so many items of a group were given. What is behind them has its defaults.
    pub fn set_given(&mut self, group: usize, items: u16) {
        let most = self.items().get(group).copied().unwrap_or(0);
        if let Some(given) = self.given.get_mut(group) {
            *given = items.min(most);
        }
    }

    /// What is known of the processor.
    pub fn processor(&self) -> &'static Descriptor {
        self.processor
    }

    /// Config values, in the order of the table.
    pub fn config(&self) -> &[f64] {
        &self.config
    }

    /// How many bands or taps each group has.
    pub fn items(&self) -> Items {
        self.processor.items(&self.config)
    }

    /// Parameter values, in the order of the table.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// What it is built with, by the slots of the table.
    pub fn assets(&self) -> &[Audio] {
        &self.assets
    }

    /// Puts audio into a slot.
    ///
    /// # Errors
    /// For samples that the asset's limits exclude; nothing changes then.
    pub fn set_asset(&mut self, slot: usize, audio: Audio) -> Result<(), RecipeError> {
        let (Some(asset), Some(place)) = (self.processor.assets.get(slot), self.assets.get_mut(slot)) else {
            return Err(RecipeError::new("", format!("no asset {slot}")));
        };
        let before = core::mem::replace(place, audio);
        if let (Audio::Samples(_), Err(error)) = (&self.assets[slot], asset.check(self, slot)) {
            self.assets[slot] = before;
            return Err(RecipeError::refused(error));
        }
        Ok(())
    }

    fn defaults(&self) -> Vec<f64> {
        let items = self.items();
        let mut values = vec![0.0; self.processor.params.count(&items)];
        self.processor.params.each(&items, |_, place| values[place.index] = place.row.default);
        values
    }

    /// Changes config. Where it changes how many items a group has, those that stay keep their values.
    ///
    /// # Errors
    /// For a key that does not exist and a value out of its range; nothing changes then.
    pub fn set_config(&mut self, key: &str, given: Given<'_>) -> Result<(), RecipeError> {
        let at = self.processor.config.iter().position(|row| row.key == key);
        let at = at.ok_or_else(|| RecipeError::new("", format!("no config value {key:?}")))?;
        let value = number(&self.processor.config[at], None, given)?;
        self.resize(at, value);
        let (key, items) = (self.processor.config[at].key, self.items());
        let groups = self.processor.params.groups.iter().zip(&mut self.given).zip(items);
        for ((group, given), items) in groups {
            if group.count == key {
                *given = items;
            }
        }
        Ok(())
    }

    fn resize(&mut self, at: usize, value: f64) {
        let mut old = Vec::new();
        self.each(|id, _, value| old.push((id, value)));
        self.config[at] = value;
        self.values = self.defaults();
        for (id, value) in old {
            if let Some(place) = self.place(id) {
                self.values[place.index] = value;
            }
        }
    }

    /// Changes a value by its path: `threshold_db`, `bands[1].gain_db`.
    ///
    /// # Errors
    /// For a path that does not exist and a value out of its range; nothing changes then.
    pub fn set(&mut self, path: &str, given: Given<'_>) -> Result<(), RecipeError> {
        let (id, row) = self.find(path)?;
        let place = self.place(id).ok_or_else(|| self.unknown(path))?;
        self.values[place.index] = number(row, place.item, given)?;
        self.note_given(&place);
        Ok(())
    }

    /// Changes the value of an id.
    ///
    /// # Errors
    /// For an id that is none of its own, and a value out of its range; nothing changes then.
    pub fn put(&mut self, id: Id, value: f64) -> Result<(), RecipeError> {
        let place = self.place(id).ok_or_else(|| RecipeError::refused(Error::Unknown { id }))?;
        place.row.check(place.item, value, *SAMPLE_RATES.end()).map_err(RecipeError::refused)?;
        self.values[place.index] = value;
        self.note_given(&place);
        Ok(())
    }

    fn note_given(&mut self, place: &Place) {
        let Some((key, item)) = place.item else { return };
        for (group, given) in self.processor.params.groups.iter().zip(&mut self.given) {
            if group.key == key {
                *given = (*given).max(item + 1);
            }
        }
    }

    /// The value at a path.
    pub fn get(&self, path: &str) -> Option<f64> {
        self.value(self.find(path).ok()?.0)
    }

    /// The value of an id.
    pub fn value(&self, id: Id) -> Option<f64> {
        self.place(id).map(|place| self.values[place.index])
    }

    /// Id and row of the parameter at a path.
    ///
    /// # Errors
    /// Where there is none, what there is in its place.
    pub fn find(&self, path: &str) -> Result<(Id, &'static Row), RecipeError> {
        self.processor.at_path(path, &self.config).map_err(|error| match error {
            PathError::Unknown => self.unknown(path),
            PathError::Item { group, items } => {
                RecipeError::new("", format!("no {path:?}: there are {items} {group}, counted from 0"))
            }
        })
    }

    /// The row of an id.
    pub fn row(&self, id: Id) -> Option<&'static Row> {
        self.place(id).map(|place| place.row)
    }

    /// Group and item of an id, where it is in one.
    pub fn item_of(&self, id: Id) -> Option<(&'static str, u16)> {
        self.place(id)?.item
    }

    fn unknown(&self, path: &str) -> RecipeError {
        if self.processor.config.iter().any(|row| row.key == path) {
            return RecipeError::new("", format!("{path} is fixed while audio runs"));
        }
        let rows = self.processor.params.rows.iter().map(|row| row.key.to_string());
        let groups = self
            .processor
            .params
            .groups
            .iter()
            .filter_map(|group| Some(format!("{}[0].{}", group.key, group.rows.first()?.key)));
        let known: Vec<_> = rows.chain(groups).collect();
        let known = if known.is_empty() { "none".into() } else { known.join(", ") };
        RecipeError::new("", format!("no parameter {path:?}; there are {known}"))
    }

    fn place(&self, id: Id) -> Option<Place> {
        self.processor.place(id, &self.config)
    }

    /// Calls `visit` with id, place and value of every parameter.
    pub fn each(&self, mut visit: impl FnMut(Id, Place, f64)) {
        self.processor.params.each(&self.items(), |id, place| {
            let value = self.values[place.index];
            visit(id, place, value);
        });
    }

    /// What it is built from: the fields of its table.
    pub(super) fn read(processor: &'static Descriptor, value: &Value) -> Result<Self, RecipeError> {
        let mut leaf = Self::new(processor);
        let at = |key: &str| value.get(key).map(|inner| inner.entries().ok_or_else(|| not_a_table(key)));
        let (config, params) = (at("config").transpose()?, at("params").transpose()?);
        let own = value.entries().unwrap_or_default().iter();
        let own = own.filter(|(key, _)| !HEAD.contains(&key.as_str()));
        for (slot, asset) in processor.assets.iter().enumerate() {
            if let Some(given) = value.get(asset.key).filter(|given| **given != Value::Nothing) {
                leaf.set_asset(slot, audio(asset.key, given)?)?;
            }
        }
        let own = own.filter(|(key, _)| !processor.assets.iter().any(|asset| asset.key == key));
        let entries =
            || own.clone().chain(params.unwrap_or_default()).filter(|(_, value)| *value != Value::Nothing);

        for (key, value) in config.unwrap_or_default() {
            leaf.set_config(key, scalar(key, value)?)?;
        }
        for group in processor.params.groups {
            // As many bands as are listed, unless the config says otherwise.
            let listed = entries().find(|(key, _)| key == group.key).map(|(_, list)| list);
            let Some(listed) = listed else { continue };
            let Value::List(list) = listed else {
                return Err(RecipeError::new(group.key, "is not a list of tables"));
            };
            let said = config.unwrap_or_default().iter().any(|(key, _)| key == group.count);
            let at = processor.config.iter().position(|row| row.key == group.count);
            let said =
                said || config.is_none() && entries().any(|(key, _)| key == group.count && key != group.key);
            if let (false, Some(at)) = (said, at) {
                let row = &processor.config[at];
                if list.len() as f64 > row.maximum {
                    let reason = format!("{} are given, at most {} are possible", list.len(), row.maximum);
                    return Err(RecipeError::new(group.key, reason));
                }
                leaf.resize(at, (list.len() as f64).max(row.minimum));
                let place = processor.params.groups.iter().position(|known| known.key == group.key);
                leaf.set_given(place.unwrap_or(0), list.len() as u16);
            }
        }
        let items = leaf.items();
        for (key, value) in entries() {
            if let Some(at) = processor.params.groups.iter().position(|group| group.key == key) {
                let Value::List(list) = value else { continue };
                if list.len() > items[at] as usize {
                    let reason = format!("{} given where the config has {}", list.len(), items[at]);
                    return Err(RecipeError::new(key, reason));
                }
                for (item, table) in list.iter().enumerate() {
                    let path = format!("{key}[{item}]");
                    let table = match table {
                        Value::Nothing => &[],
                        table => table.entries().ok_or_else(|| not_a_table(&path))?,
                    };
                    for (name, value) in table.iter().filter(|(_, value)| *value != Value::Nothing) {
                        leaf.set(
                            &format!("{path}.{name}"),
                            scalar(name, value).map_err(|error| error.within(&path))?,
                        )?;
                    }
                }
            } else if processor.config.iter().any(|row| row.key == key) {
                leaf.set_config(key, scalar(key, value)?)?;
            } else {
                leaf.set(key, scalar(key, value)?)?;
            }
        }
        Ok(leaf)
    }

    /// What reads as this: every value.
    pub(super) fn write(&self, into: &mut Value) {
        for (asset, audio) in self.processor.assets.iter().zip(&self.assets) {
            let list = |samples: &Vec<f64>| Value::List(samples.iter().map(|x| Value::Number(*x)).collect());
            match audio {
                Audio::File(file) => into.put(asset.key, Value::Text(file.clone())),
                Audio::Samples(channels) => match &channels[..] {
                    [] => {}
                    [only] => into.put(asset.key, list(only)),
                    channels => into.put(asset.key, Value::List(channels.iter().map(list).collect())),
                },
            }
        }
        let groups = self.processor.params.groups;
        let is_count = |key: &str| groups.iter().any(|group| group.count == key);
        for (row, value) in self.processor.config.iter().zip(&self.config) {
            if !is_count(row.key) {
                into.put(row.key, plain(row, *value));
            }
        }
        for (group, given) in groups.iter().zip(self.given) {
            into.put(group.key, Value::List(vec![Value::map(); given as usize]));
        }
        self.each(|_, place, value| {
            let value = plain(place.row, value);
            let Some((group, item)) = place.item else { return into.put(place.row.key, value) };
            let Value::Map(entries) = &mut *into else { return };
            if let Some((_, Value::List(list))) = entries.iter_mut().find(|(key, _)| key == group)
                && let Some(table) = list.get_mut(item as usize)
            {
                table.put(place.row.key, value);
            }
        });
    }
}

/// Everything that is not the default. A default may be out of the range that a rate narrows; then the unit takes what
/// is nearest, as it does where nothing is said.
impl Settings for Leaf {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        Leaf::each(self, |id, place, value| {
            if value.to_bits() != place.row.default.to_bits() {
                visit(id, value);
            }
        });
    }

    fn asset(&self, slot: usize, channel: usize) -> Option<&[f64]> {
        match self.assets.get(slot)? {
            Audio::Samples(channels) => channels.get(channel).map(|samples| &samples[..]),
            Audio::File(_) => None,
        }
    }
}

fn not_a_table(path: &str) -> RecipeError {
    RecipeError::new(path, "is not a table")
}

pub(super) fn scalar<'a>(key: &str, value: &'a Value) -> Result<Given<'a>, RecipeError> {
    match value {
        Value::Switch(on) => Ok(Given::Switch(*on)),
        Value::Number(number) => Ok(Given::Number(*number)),
        Value::Text(text) => Ok(Given::Choice(text)),
        Value::Word(word) => Ok(Given::Text(word)),
        Value::Nothing | Value::List(_) | Value::Map(_) => {
            Err(RecipeError::new("", format!("{key} = {value} is not a single value")))
        }
    }
}

/// The number that a given value stands for, in the row's range at the highest rate. `item` stands in errors.
///
/// # Errors
/// For a value that is none of the row's.
pub fn number(row: &Row, item: Option<(&'static str, u16)>, given: Given<'_>) -> Result<f64, RecipeError> {
    let value = row.value_of(given).map_err(|expected| {
        let key =
            item.map_or_else(|| row.key.to_string(), |(group, at)| format!("{group}[{at}].{}", row.key));
        RecipeError::new(
            "",
            match row.scaling {
                Scaling::Switch => format!("{key} = {given} is neither true nor false"),
                Scaling::Choice(texts) => format!("{key} = {given} is not one of {}", texts.join(", ")),
                _ => format!("{key} = {given} is {expected}"),
            },
        )
    })?;
    row.check(item, value, *SAMPLE_RATES.end()).map_err(RecipeError::refused)?;
    Ok(value)
}

/// A value as JSON and TOML have it. A choice that reads like a number is one: the slopes.
pub fn plain(row: &Row, value: f64) -> Value {
    match row.scaling {
        Scaling::Switch => Value::Switch(value != 0.0),
        Scaling::Choice(texts) => {
            let text = texts.get(value as usize).copied().unwrap_or("");
            text.parse().map_or_else(|_| Value::Text(text.into()), Value::Number)
        }
        _ => Value::Number(value),
    }
}
