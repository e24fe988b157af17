//! Floor 2: values and paths of parameters as people write them.
//!
//! A value is a number, `on` or `off` for a switch, or the text of a choice. A path is `threshold_db`, or
//! `bands[1].gain_db` in a group, items counted from 0; `bands.1.gain_db`, as presets have it, reads the same.

use crate::base::id::Id;
use crate::params::row::{Row, Scaling, is_same_key};
use crate::params::table::{Items, ParamTable, Place};
use core::fmt;

/// A value as people read it: `-6`, `on`, `peak_hold`. Numbers are the shortest that give the same bits again.
#[derive(Clone, Copy, Debug)]
pub struct ValueText<'a>(pub &'a Row, pub f64);

impl fmt::Display for ValueText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(row, value) = *self;
        match row.scaling {
            Scaling::Switch => f.write_str(if value != 0.0 { "on" } else { "off" }),
            Scaling::Choice(texts) => f.write_str(texts.get(value as usize).copied().unwrap_or("")),
            _ => write!(f, "{value}"),
        }
    }
}

/// A value as someone gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Given<'a> {
    /// A text: of a choice, `on`, `off`, or a number's.
    Text(&'a str),
    /// The text of a choice, from a form that tells texts and numbers apart.
    Choice(&'a str),
    /// A number. Where a choice is asked for, the text that reads like it: `12` of the slopes.
    Number(f64),
    /// True or false.
    Switch(bool),
}

/// As people write it: for errors.
impl fmt::Display for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Choice(text) => write!(f, "'{text}'"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Switch(on) => write!(f, "{on}"),
        }
    }
}

impl Row {
    /// The number that a given value stands for. Whether it is in range is not looked at.
    ///
    /// # Errors
    /// What was expected in its place.
    pub fn value_of(&self, given: Given<'_>) -> Result<f64, &'static str> {
        let value = match (self.scaling, given) {
            (Scaling::Switch, Given::Switch(on)) => f64::from(u8::from(on)),
            (Scaling::Switch, Given::Text("off")) => 0.0,
            (Scaling::Switch, Given::Text("on")) => 1.0,
            (Scaling::Switch, _) => return Err("expected on or off"),
            (Scaling::Choice(texts), Given::Text(text) | Given::Choice(text)) => {
                let at = texts.iter().position(|choice| *choice == text);
                at.ok_or("not one of the choices")? as f64
            }
            (Scaling::Choice(texts), Given::Number(number)) => {
                let at = texts.iter().position(|choice| choice.parse() == Ok(number));
                at.ok_or("not one of the choices")? as f64
            }
            (Scaling::Choice(_), Given::Switch(_)) => return Err("not one of the choices"),
            (_, Given::Text(text)) => text.parse::<f64>().map_err(|_| "not a number")?,
            (_, Given::Number(number)) => number,
            (_, Given::Switch(_) | Given::Choice(_)) => return Err("not a number"),
        };
        if value.is_finite() { Ok(value) } else { Err("not a finite number") }
    }
}

/// Why a path names no parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PathError {
    /// There is no such parameter.
    Unknown,
    /// The group has only so many items.
    Item {
        /// The group.
        group: &'static str,
        /// How many there are.
        items: u16,
    },
}

impl ParamTable {
    /// The parameter at a path.
    ///
    /// # Errors
    /// [`PathError`] where there is none.
    pub fn at_path(&self, path: &str, items: &Items) -> Result<(Id, &'static Row), PathError> {
        let row = |rows: &'static [Row], key: &str| {
            rows.iter().find(|row| is_same_key(row.key, key)).ok_or(PathError::Unknown)
        };
        let Some((group, rest)) = path.split_once(['[', '.']) else {
            return row(self.rows, path).map(|row| (row.id(), row));
        };
        let (item, key) = rest.split_once('.').ok_or(PathError::Unknown)?;
        let brackets = path.as_bytes().get(group.len()) == Some(&b'[');
        let item = if brackets { item.strip_suffix(']').ok_or(PathError::Unknown)? } else { item };
        let at =
            self.groups.iter().position(|known| is_same_key(known.key, group)).ok_or(PathError::Unknown)?;
        let found = row(self.groups[at].rows, key)?;
        // One way to write a number, so that a path given twice is seen.
        let plain = item == "0" || item.starts_with(|first: char| matches!(first, '1'..='9'));
        let number = item.parse::<u16>().ok().filter(|_| plain).ok_or(PathError::Unknown)?;
        let (group, items) = (self.groups[at].key, items[at]);
        if number < items {
            Ok((found.id().at(number), found))
        } else {
            Err(PathError::Item { group, items })
        }
    }
}

/// The path of a parameter.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.item {
            Some((group, item)) => write!(f, "{group}[{item}].{}", self.row.key),
            None => f.write_str(self.row.key),
        }
    }
}
