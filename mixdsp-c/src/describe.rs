//! The tables, as hosts, bindings and presets read them.

use crate::class::{Class, RowTexts};
use core::ffi::{CStr, c_char};
use core::ptr::null;
use mixdsp::Id;
use mixdsp::params::{Group, Items, MOST_GROUPS, Row, Scaling, is_same_key};

/// `mixdsp_param`: what a host wants to know about a row.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Description {
    /// Size of the struct.
    pub size: u32,
    /// [`PARAM`](Self::PARAM), [`CONFIG`](Self::CONFIG) or [`READING`](Self::READING).
    pub role: u32,
    /// Id of the row; in a group, of its first item.
    pub id: u64,
    /// In a group, the config row that says how many items there are; otherwise 0.
    pub count_id: u64,
    /// How values run between minimum and maximum.
    pub scaling: u32,
    /// How many choices there are.
    pub choice_count: u32,
    /// As written in code.
    pub key: *const c_char,
    /// As shown to people.
    pub name: *const c_char,
    /// Unit of the values.
    pub unit: *const c_char,
    /// One sentence.
    pub doc: *const c_char,
    /// Key of the group, or NULL.
    pub group: *const c_char,
    /// Smallest value.
    pub minimum: f64,
    /// Largest value.
    pub maximum: f64,
    /// The value of a fresh unit.
    pub initial: f64,
}

impl Description {
    /// Role: can change while it runs.
    pub const PARAM: u32 = 0;
    /// Role: fixed when built.
    pub const CONFIG: u32 = 1;
    /// Role: reported.
    pub const READING: u32 = 2;
}

/// One row of a class, and what it is there.
struct Entry<'a> {
    row: &'static Row,
    role: u32,
    group: Option<&'static Group>,
    texts: &'a RowTexts,
}

fn entries(class: &Class) -> impl Iterator<Item = Entry<'_>> {
    let Class { descriptor, .. } = class;
    let config = descriptor.config.iter().map(|row| (row, Description::CONFIG, None));
    let params = descriptor.params.rows.iter().map(|row| (row, Description::PARAM, None));
    let groups = descriptor.params.groups.iter();
    let bands =
        groups.flat_map(|group| group.rows.iter().map(move |row| (row, Description::PARAM, Some(group))));
    let readings = descriptor.readings.iter().map(|row| (row, Description::READING, None));
    let rows = config.chain(params).chain(bands).chain(readings);
    rows.zip(class.texts.rows).map(|((row, role, group), texts)| Entry { row, role, group, texts })
}

/// How many rows a class has.
pub(crate) fn count(class: &Class) -> usize {
    entries(class).count()
}

/// The row at a place.
pub(crate) fn at(class: &Class, index: usize) -> Option<Description> {
    entries(class).nth(index).map(|entry| entry.describe(class))
}

/// The text of a choice.
pub(crate) fn choice(class: &Class, id: Id, choice: usize) -> Option<&'static CStr> {
    let is_named = |entry: &Entry<'_>| entry.row.id() == if entry.group.is_some() { id.at(0) } else { id };
    let entry = entries(class).find(is_named)?;
    entry.texts.choices.get(choice).copied()
}

impl Entry<'_> {
    fn describe(&self, class: &Class) -> Description {
        let row = self.row;
        let text = |text: &'static CStr| text.as_ptr();
        let counter = self
            .group
            .and_then(|group| class.descriptor.config.iter().find(|row| is_same_key(row.key, group.count)));
        Description {
            size: size_of::<Description>() as u32,
            id: row.id().raw(),
            role: self.role,
            scaling: scaling(row.scaling),
            choice_count: row.choices().len() as u32,
            count_id: counter.map_or(0, |row| row.id().raw()),
            key: text(self.texts.key),
            name: text(self.texts.name),
            unit: text(self.texts.unit),
            doc: text(self.texts.doc),
            group: self.texts.group.map_or(null(), text),
            minimum: row.minimum,
            maximum: row.maximum,
            initial: row.default,
        }
    }
}

fn scaling(scaling: Scaling) -> u32 {
    match scaling {
        Scaling::Linear => 0,
        Scaling::Logarithmic => 1,
        Scaling::Frequency => 2,
        Scaling::Whole => 3,
        Scaling::Switch => 4,
        Scaling::Choice(_) => 5,
    }
}

/// The id of `gain_db`, `bands[3].gain_db` or `config.bands`. A bare key names a parameter or a reading first, then
/// config. Items are not counted: how many there are is up to the unit.
pub(crate) fn find(class: &Class, key: &[u8]) -> Option<Id> {
    const ANY: Items = [u16::MAX; MOST_GROUPS];
    let key = core::str::from_utf8(key).ok()?;
    let Class { descriptor, .. } = class;
    let row =
        |rows: &'static [Row], key: &str| rows.iter().find(|row| is_same_key(row.key, key)).map(Row::id);
    if let Some(key) = key.strip_prefix("config.") {
        return row(descriptor.config, key);
    }
    let param = descriptor.params.at_path(key, &ANY).ok().map(|(id, _)| id);
    param.or_else(|| row(descriptor.readings, key)).or_else(|| row(descriptor.config, key))
}
