//! The catalogue as a list.

use mixdsp::catalogue::{ALL, Descriptor};
use mixdsp::engine::kind::Preset;
use mixdsp::params::{Asset, Group, ParamTable, Row, Scaling};

/// A processor as its tables tell.
pub(crate) struct Processor {
    /// As written in code.
    pub(crate) key: &'static str,
    /// As shown to people.
    pub(crate) name: &'static str,
    /// One sentence.
    pub(crate) doc: &'static str,
    /// Where Rust finds its kind.
    pub(crate) path: &'static str,
    pub(crate) config: &'static [Row],
    pub(crate) params: ParamTable,
    pub(crate) readings: &'static [Row],
    /// Ready settings.
    pub(crate) presets: &'static [Preset],
    /// What it is built with.
    pub(crate) assets: &'static [Asset],
    /// Whether it listens to a sidechain.
    pub(crate) sidechain: bool,
    /// Whether building it allocates; the C library, which never does, is without it.
    pub(crate) allocates: bool,
}

impl From<&'static Descriptor> for Processor {
    fn from(descriptor: &'static Descriptor) -> Self {
        let Descriptor {
            key,
            label: name,
            doc,
            path,
            config,
            params,
            readings,
            presets,
            assets,
            sidechain,
            allocates,
            ..
        } = *descriptor;
        Self { key, name, doc, path, config, params, readings, presets, assets, sidechain, allocates }
    }
}

/// Every processor, in the order of the catalogue.
pub(crate) fn processors() -> impl Iterator<Item = Processor> {
    ALL.iter().copied().map(Processor::from)
}

/// Those that the C library has.
pub(crate) fn of_c() -> impl Iterator<Item = Processor> {
    processors().filter(|processor| !processor.allocates)
}

impl Processor {
    /// Every row with the group it repeats in: config, params, groups, readings.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Option<&'static Group>, &'static Row)> {
        let bands =
            self.params.groups.iter().flat_map(|group| group.rows.iter().map(move |row| (group, row)));
        let once = self.config.iter().chain(self.params.rows).map(|row| (None, row));
        let bands = bands.map(|(group, row)| (Some(group), row));
        once.chain(bands).chain(self.readings.iter().map(|row| (None, row)))
    }
}

/// What a preset sets otherwise than the defaults.
pub(crate) fn values_of(preset: &Preset, processor: &Processor) -> Vec<(&'static Row, f64)> {
    let rows = processor.config.iter().chain(processor.params.rows);
    let mut values = Vec::new();
    (preset.each)(&mut |id, value| {
        let row = rows.clone().find(|row| row.id() == id);
        values.extend(row.filter(|row| row.default != value).map(|row| (row, value)));
    });
    values
}

/// A number as people write it.
pub(crate) fn number(value: f64) -> String {
    let exact = value.to_string();
    if exact.len() <= 7 {
        exact
    } else {
        format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').into()
    }
}

/// Whether the row is something that a unit reports.
pub(crate) fn is_reading(row: &Row) -> bool {
    row.default.is_nan()
}

/// Whether the row is fixed when a unit is built.
pub(crate) fn is_config(row: &Row) -> bool {
    (1001..=2000).contains(&row.number)
}

/// `-96 to 24`, `off or on`, or the choices; empty for readings.
pub(crate) fn range(row: &Row) -> String {
    match row.scaling {
        _ if is_reading(row) => String::new(),
        Scaling::Switch => "0 off, 1 on".into(),
        Scaling::Choice(texts) => {
            let texts: Vec<_> = texts.iter().enumerate().map(|(at, text)| format!("{at} {text}")).collect();
            texts.join(", ")
        }
        _ => format!("{} to {}", number(row.minimum), number(row.maximum)),
    }
}

/// How the values run between the ends, in a word.
pub(crate) fn scaling(row: &Row) -> &'static str {
    match row.scaling {
        _ if is_reading(row) => "",
        Scaling::Linear => "linear",
        Scaling::Logarithmic | Scaling::Frequency => "logarithmic",
        Scaling::Whole => "whole",
        Scaling::Switch => "switch",
        Scaling::Choice(_) => "choice",
    }
}

/// The value of a fresh unit; a choice by its text.
pub(crate) fn default(row: &Row) -> String {
    let choice = row.choices().get(row.default as usize);
    choice.map_or_else(|| number(row.default), |choice| (*choice).into())
}
