//! Floor 1: parameters, declared once.
//!
//! Config (fixed when built: memory, latency, channels), params (everything else) and readings (what a
//! unit reports) are tables of rows. From a table come the Rust struct with its defaults and checks, the
//! Python class, the C ids, presets and the pages of the docs.
//!
//! A row's number is never reused. `id = unit << 24 | item << 12 | number`: `unit` is the place in a
//! chain, `item` the band or tap. Params number from 1, config from 1001, readings from 2001.

use crate::base::error::Error;
use crate::base::id::Id;

/// How a row's values run between minimum and maximum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scaling {
    /// Evenly: decibels, shares, milliseconds.
    Linear,
    /// By ratio: frequencies, Q.
    Logarithmic,
    /// A frequency in hertz: by ratio, and below half the sample rate.
    Frequency,
    /// Whole numbers.
    Whole,
    /// 0 is off, 1 is on.
    Switch,
    /// One of these, by its place in the list.
    Choice(&'static [&'static str]),
}

/// One parameter, config value or reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Fixed for ever; part of the id.
    pub number: u16,
    /// As written in code, presets and Python: `threshold_db`.
    pub key: &'static str,
    /// As shown to people: `Threshold`.
    pub name: &'static str,
    /// `dB`, `Hz`, `ms`, `s`, or nothing for a bare number.
    pub unit: &'static str,
    /// Smallest value.
    pub minimum: f64,
    /// Largest value.
    pub maximum: f64,
    /// The value of a fresh unit.
    pub default: f64,
    /// How the values run.
    pub scaling: Scaling,
    /// One sentence.
    pub doc: &'static str,
}

/// Frequencies reach this share of the sample rate, just short of half.
const HIGHEST_FREQUENCY: f64 = 0.499;

impl Row {
    /// The row's id: unit 0, item 0.
    pub const fn id(&self) -> Id {
        Id::new(self.number)
    }
    /// Largest value at this sample rate: frequencies stay below half of it.
    pub fn maximum_at(&self, sample_rate: f64) -> f64 {
        match self.scaling {
            Scaling::Frequency => self.maximum.min(HIGHEST_FREQUENCY * sample_rate),
            _ => self.maximum,
        }
    }
    /// The value of a fresh unit at this sample rate.
    pub fn default_at(&self, sample_rate: f64) -> f64 {
        self.default.min(self.maximum_at(sample_rate))
    }
    /// Whether values in between exist, so that a line can be followed.
    pub const fn is_continuous(&self) -> bool {
        matches!(self.scaling, Scaling::Linear | Scaling::Logarithmic | Scaling::Frequency)
    }
    /// The texts of a choice; empty for other rows.
    pub const fn choices(&self) -> &'static [&'static str] {
        match self.scaling {
            Scaling::Choice(texts) => texts,
            _ => &[],
        }
    }
    /// Smallest and largest value at this sample rate.
    pub fn range_at(&self, sample_rate: f64) -> (f64, f64) {
        (self.minimum, self.maximum_at(sample_rate))
    }
    /// Refuses a value outside the row's range, or one that is not a number. Nothing is clamped.
    pub fn check(
        &self,
        item: Option<(&'static str, u16)>,
        value: f64,
        sample_rate: f64,
    ) -> Result<(), Error> {
        self.check_within(item, value, self.range_at(sample_rate))
    }
    /// The same for a narrower range: see [`Kind::range`](crate::Kind::range).
    pub fn check_within(
        &self,
        item: Option<(&'static str, u16)>,
        value: f64,
        (minimum, maximum): (f64, f64),
    ) -> Result<(), Error> {
        if !(value >= minimum && value <= maximum) {
            return Err(Error::Range { key: self.key, item, value, minimum, maximum });
        }
        if !self.is_continuous() && libm::trunc(value) != value {
            return Err(Error::NotWhole { key: self.key, item, value });
        }
        Ok(())
    }
}

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

impl ParamTable {
    /// How many values there are with this config.
    pub fn count<C: Table>(&self, config: &C) -> usize {
        self.rows.len() + self.groups.iter().map(|g| g.rows.len() * g.items(config)).sum::<usize>()
    }

    /// Finds a parameter by its id. The id's unit is not looked at.
    pub fn find<C: Table>(&self, id: Id, config: &C) -> Option<Place> {
        let position = |rows: &'static [Row]| {
            rows.iter().position(|row| row.number == id.number()).map(|at| (at, &rows[at]))
        };
        if let Some((index, row)) = position(self.rows) {
            return (id.item() == 0).then_some(Place { index, row, item: None });
        }
        let mut base = self.rows.len();
        for group in self.groups {
            let items = group.items(config);
            if let Some((at, row)) = position(group.rows) {
                let index = base + id.item() as usize * group.rows.len() + at;
                let place = Place { index, row, item: Some((group.key, id.item())) };
                return ((id.item() as usize) < items).then_some(place);
            }
            base += group.rows.len() * items;
        }
        None
    }

    /// Calls `visit` with the id and place of every parameter, in the order of the values.
    pub fn each<C: Table>(&self, config: &C, mut visit: impl FnMut(Id, Place)) {
        let mut index = 0;
        for row in self.rows {
            visit(row.id(), Place { index, row, item: None });
            index += 1;
        }
        for group in self.groups {
            for item in 0..group.items(config) as u16 {
                for row in group.rows {
                    visit(row.id().at(item), Place { index, row, item: Some((group.key, item)) });
                    index += 1;
                }
            }
        }
    }
}

impl Group {
    /// How many items there are with this config.
    pub fn items<C: Table>(&self, config: &C) -> usize {
        let at = C::ROWS.iter().position(|row| row.key == self.count);
        at.map_or(0, |at| config.get(at) as usize)
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
    /// Whether every value is in its range at this sample rate.
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

/// What a unit is built with: parameter values by id. Rows that are not visited keep their defaults.
pub trait Settings {
    /// Calls `visit` with each id and value.
    fn each(&self, visit: &mut dyn FnMut(Id, f64));
}

impl Settings for () {
    fn each(&self, _visit: &mut dyn FnMut(Id, f64)) {}
}

impl Settings for [(Id, f64)] {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        self.iter().for_each(|(id, value)| visit(*id, *value));
    }
}

impl<S: Settings + ?Sized> Settings for &S {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        (*self).each(visit);
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

/// Declares a choice: an enum, its texts, and its number.
macro_rules! choices {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[doc = $doc:literal])+ $variant:ident = $text:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $name { $($(#[doc = $doc])+ $variant,)+ }
        impl $name {
            /// Every choice, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Their texts, in the same order.
            pub const TEXTS: &'static [&'static str] = &[$($text),+];
        }
        impl $crate::params::Value for $name {
            fn to_number(self) -> f64 {
                self as usize as f64
            }
            fn from_number(number: f64) -> Self {
                Self::ALL[(number as usize).min(Self::ALL.len() - 1)]
            }
        }
    };
}
pub(crate) use choices;

/// Declares a table: a struct with public fields, their rows, defaults and ids.
///
/// ```text
/// params! {
///     /// Settings of a gain.
///     pub struct GainParams {
///         /// Level change.
///         GAIN_DB = 1, gain_db ("Gain"): linear(-96.0..=24.0, "dB") = 0.0;
///         /// Silences the output.
///         MUTE = 2, mute ("Mute"): switch() = false;
///     }
/// }
/// ```
///
/// Kinds: `linear(range, unit)`, `log(range, unit)`, `frequency(range)`, `whole(range, unit)`, `switch()`,
/// `choice(Enum)`.
macro_rules! params {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[doc = $doc:literal])+
          $id:ident = $number:literal, $key:ident ($label:literal): $kind:ident($($args:tt)*) = $default:expr;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        $vis struct $name {
            $($(#[doc = $doc])+ pub $key: $crate::params::params!(@type $kind($($args)*)),)+
        }
        impl $name {
            /// The defaults, for use where the compiler must know them, as for the size of a `static`.
            pub const DEFAULT: Self = Self { $($key: $default),+ };
            $(#[doc = concat!("Id of `", stringify!($key), "`.")]
              pub const $id: $crate::params::Id = $crate::params::Id::new($number);)+
        }
        impl Default for $name {
            fn default() -> Self {
                Self::DEFAULT
            }
        }
        impl $crate::params::Table for $name {
            const ROWS: &'static [$crate::params::Row] = &[$(
                $crate::params::params!(@row $number, $key, $label, concat!($($doc),+), $default, $kind($($args)*))
            ),+];
            fn get(&self, index: usize) -> f64 {
                let numbers = [$($crate::params::Value::to_number(self.$key)),+];
                numbers.get(index).copied().unwrap_or(f64::NAN)
            }
            fn put(&mut self, index: usize, value: f64) {
                let mut at = 0;
                $(if index == at { self.$key = $crate::params::Value::from_number(value); }
                  at += 1;)+
                let _ = at;
            }
        }
        impl $crate::params::Settings for $name {
            fn each(&self, visit: &mut dyn FnMut($crate::params::Id, f64)) {
                $crate::params::Table::each_at(self, 0, visit);
            }
        }
    };
    (@type switch()) => { bool };
    (@type whole($($args:tt)*)) => { u32 };
    (@type choice($choice:ty)) => { $choice };
    (@type $kind:ident($($args:tt)*)) => { f64 };
    (@row $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, linear($lo:literal ..= $hi:literal, $unit:literal)) => {
        $crate::params::params!(@make $n, $key, $label, $doc, $d, $lo as f64, $hi as f64, $unit, Linear)
    };
    (@row $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, log($lo:literal ..= $hi:literal, $unit:literal)) => {
        $crate::params::params!(@make $n, $key, $label, $doc, $d, $lo as f64, $hi as f64, $unit, Logarithmic)
    };
    (@row $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, frequency($lo:literal ..= $hi:literal)) => {
        $crate::params::params!(@make $n, $key, $label, $doc, $d, $lo as f64, $hi as f64, "Hz", Frequency)
    };
    (@row $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, whole($lo:literal ..= $hi:literal, $unit:literal)) => {
        $crate::params::params!(@make $n, $key, $label, $doc, ($d as u32), $lo as f64, $hi as f64, $unit, Whole)
    };
    (@row $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, switch()) => {
        $crate::params::params!(@make $n, $key, $label, $doc, ($d as u8), 0.0, 1.0, "", Switch)
    };
    (@row $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, choice($choice:ident)) => {
        $crate::params::Row {
            number: $n, key: stringify!($key), name: $label, unit: "",
            minimum: 0.0, maximum: ($choice::ALL.len() - 1) as f64, default: $d as usize as f64,
            scaling: $crate::params::Scaling::Choice($choice::TEXTS), doc: $doc.trim_ascii(),
        }
    };
    (@make $n:literal, $key:ident, $label:literal, $doc:expr, $d:expr, $lo:expr, $hi:expr, $unit:literal, $scaling:ident) => {
        $crate::params::Row {
            number: $n, key: stringify!($key), name: $label, unit: $unit,
            minimum: $lo, maximum: $hi, default: $d as f64,
            scaling: $crate::params::Scaling::$scaling, doc: $doc.trim_ascii(),
        }
    };
}
pub(crate) use params;

/// Declares what a unit reports: a holder of ids, and rows.
///
/// ```text
/// readings! {
///     /// What a compressor reports.
///     pub struct CompressorReadings {
///         /// Gain reduction now.
///         GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
///     }
/// }
/// ```
macro_rules! readings {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[doc = $doc:literal])+ $id:ident = $number:literal, $key:ident ($label:literal): $unit:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        $vis struct $name;
        impl $name {
            $($(#[doc = $doc])+ pub const $id: $crate::params::Id = $crate::params::Id::new($number);)*
            /// One row per reading.
            pub const ROWS: &'static [$crate::params::Row] = &[$($crate::params::Row {
                number: $number, key: stringify!($key), name: $label, unit: $unit,
                minimum: f64::NEG_INFINITY, maximum: f64::INFINITY, default: f64::NAN,
                scaling: $crate::params::Scaling::Linear, doc: concat!($($doc),+).trim_ascii(),
            }),*];
        }
    };
}
pub(crate) use readings;
