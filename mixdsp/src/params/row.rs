//! Floor 2: rows: one parameter, config value or reading each.
//!
//! A row's number is never reused. Params number from 1, config from 1001, readings from 2001.

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
    /// Whose row it is; part of the id. See [`table_of`](crate::base::id::table_of).
    pub table: u16,
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

/// Whether two keys are the same. Byte by byte: the comparison of slices calls `bcmp`, and the C library asks of its
/// program no more than `memcpy`, `memmove`, `memset` and `memcmp`.
pub fn is_same_key(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(a, b)| a == b)
}

impl Row {
    /// The row's id: node 0, item 0.
    pub const fn id(&self) -> Id {
        Id::new(self.table, self.number)
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
    /// The same for a narrower range: see [`ProcessorKind::range`](crate::engine::kind::ProcessorKind::range).
    pub fn check_within(
        &self,
        item: Option<(&'static str, u16)>,
        value: f64,
        (minimum, maximum): (f64, f64),
    ) -> Result<(), Error> {
        if !(value >= minimum && value <= maximum) {
            let (key, unit, choices) = (self.key, self.unit, self.choices());
            return Err(Error::Range { key, item, value, minimum, maximum, unit, choices });
        }
        if !self.is_continuous() && libm::trunc(value) != value {
            return Err(Error::NotWhole { key: self.key, item, value });
        }
        Ok(())
    }
}
