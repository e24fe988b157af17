//! Floor 2: tables: parameters, declared once.
//!
//! Config (fixed when built: memory, latency, channels), params (everything else) and readings (what a unit reports) are
//! tables of rows. From a table come the Rust struct with its defaults and checks, the Python class, the C ids, presets
//! and the pages of the docs.

use crate::base::error::Error;
use crate::base::id::Id;
use crate::params::row::{Row, is_same_key};

/// Rows that repeat: the bands of an equalizer, the taps of a delay.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// As written in presets and Python: `bands`.
    pub key: &'static str,
    /// The rows of one item.
    pub rows: &'static [Row],
    /// The config row that says how many items there are.
    pub count: &'static str,
}

/// All parameters of a processor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamTable {
    /// Rows that exist once.
    pub rows: &'static [Row],
    /// Rows that repeat.
    pub groups: &'static [Group],
}

/// Where a parameter lives among a unit's values.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Which value.
    pub index: usize,
    /// What it is.
    pub row: &'static Row,
    /// Group and item, when it is one of a group.
    pub item: Option<(&'static str, u16)>,
}

/// How many items each group of a unit has.
pub type Items = [u16; MOST_GROUPS];

/// Groups that a table may have.
pub const MOST_GROUPS: usize = 4;

impl ParamTable {
    /// How many items each group has with these config values, which stand in the order of `config`.
    pub fn items(&self, config: &[Row], values: impl Fn(usize) -> f64) -> Items {
        let mut items = [0; MOST_GROUPS];
        for (items, group) in items.iter_mut().zip(self.groups) {
            let at = config.iter().position(|row| is_same_key(row.key, group.count));
            *items = at.map_or(0, |at| values(at) as u16);
        }
        items
    }

    /// How many values there are.
    pub fn count(&self, items: &Items) -> usize {
        let of_groups =
            self.groups.iter().zip(items).map(|(group, items)| group.rows.len() * *items as usize);
        self.rows.len() + of_groups.sum::<usize>()
    }

    /// Finds a parameter of a processor by itself; an id of another, or of a place in a chain, is none.
    pub fn find(&self, id: Id, items: &Items) -> Option<Place> {
        let wanted = id.at(0);
        let position =
            |rows: &'static [Row]| rows.iter().position(|row| row.id() == wanted).map(|at| (at, &rows[at]));
        if let Some((index, row)) = position(self.rows) {
            return (id.item() == 0).then_some(Place { index, row, item: None });
        }
        let mut base = self.rows.len();
        for (group, items) in self.groups.iter().zip(items) {
            if let Some((at, row)) = position(group.rows) {
                let index = base + id.item() as usize * group.rows.len() + at;
                return (id.item() < *items).then_some(Place {
                    index,
                    row,
                    item: Some((group.key, id.item())),
                });
            }
            base += group.rows.len() * *items as usize;
        }
        None
    }

    /// Calls `visit` with the id and place of every parameter, in the order of the values.
    #[inline(always)]
    pub fn each(&self, items: &Items, mut visit: impl FnMut(Id, Place)) {
        let mut index = 0;
        for row in self.rows {
            visit(row.id(), Place { index, row, item: None });
            index += 1;
        }
        for (group, items) in self.groups.iter().zip(items) {
            for item in 0..*items {
                for row in group.rows {
                    visit(row.id().at(item), Place { index, row, item: Some((group.key, item)) });
                    index += 1;
                }
            }
        }
    }
}

/// A struct whose fields are the rows of a table. Written by `params!`.
pub trait Table: Clone + Default {
    /// One row per field, in order.
    const ROWS: &'static [Row];
    /// The value of row `index`; NaN when there is none.
    fn get(&self, index: usize) -> f64;
    /// Stores a value that was checked.
    fn put(&mut self, index: usize, value: f64);

    /// The struct whose values these are.
    fn read(values: &[f64]) -> Self {
        let mut table = Self::default();
        for (index, value) in values.iter().take(Self::ROWS.len()).enumerate() {
            table.put(index, *value);
        }
        table
    }
    /// Refuses a value that is out of its range at this sample rate.
    fn check(&self, sample_rate: f64) -> Result<(), Error> {
        Self::ROWS.iter().enumerate().try_for_each(|(i, row)| row.check(None, self.get(i), sample_rate))
    }
    /// Calls `visit` with every value and the id it has as item `item` of its group.
    fn each_at(&self, item: u16, visit: &mut dyn FnMut(Id, f64)) {
        for (index, row) in Self::ROWS.iter().enumerate() {
            visit(row.id().at(item), self.get(index));
        }
    }
}

/// The config of a processor that has nothing to fix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoConfig;

impl Table for NoConfig {
    const ROWS: &'static [Row] = &[];
    fn get(&self, _index: usize) -> f64 {
        f64::NAN
    }
    fn put(&mut self, _index: usize, _value: f64) {}
}

/// What a unit is built with: parameter values by id, and audio. Rows that are not visited keep their defaults.
pub trait Settings {
    /// Calls `visit` with each id and value.
    fn each(&self, visit: &mut dyn FnMut(Id, f64));

    /// The samples of a channel of the [`Asset`](super::Asset) in a slot; `None` behind its last channel.
    fn asset(&self, _slot: usize, _channel: usize) -> Option<&[f64]> {
        None
    }
}

impl Settings for () {
    fn each(&self, _visit: &mut dyn FnMut(Id, f64)) {}
}

impl<P> Settings for [(Id<P>, f64)] {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        self.iter().for_each(|(id, value)| visit(id.any(), *value));
    }
}

/// The items of a group, from the first on.
impl<P: Table> Settings for [P] {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        (0u16..).zip(self).for_each(|(item, table)| table.each_at(item, visit));
    }
}

/// The one, then the other: parameters that exist once, and those of a group.
impl<A: Settings, B: Settings> Settings for (A, B) {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        self.0.each(visit);
        self.1.each(visit);
    }

    fn asset(&self, slot: usize, channel: usize) -> Option<&[f64]> {
        self.0.asset(slot, channel).or_else(|| self.1.asset(slot, channel))
    }
}

impl<S: Settings + ?Sized> Settings for &S {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        (*self).each(visit);
    }

    fn asset(&self, slot: usize, channel: usize) -> Option<&[f64]> {
        (*self).asset(slot, channel)
    }
}

/// A field type of a table.
pub trait Value: Copy {
    /// As the number that tables, C and automation carry.
    fn to_number(self) -> f64;
    /// From a number that was checked.
    fn from_number(number: f64) -> Self;
}

impl Value for f64 {
    fn to_number(self) -> f64 {
        self
    }
    fn from_number(number: f64) -> Self {
        number
    }
}
impl Value for u32 {
    fn to_number(self) -> f64 {
        self as f64
    }
    fn from_number(number: f64) -> Self {
        number as u32
    }
}
impl Value for bool {
    fn to_number(self) -> f64 {
        self as u8 as f64
    }
    fn from_number(number: f64) -> Self {
        number != 0.0
    }
}
