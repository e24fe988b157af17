//! What every form of a recipe reads as: a tree of scalars, lists and maps.
//!
//! ```text
//! TOML, JSON, a dict of Python, a preset's text --> Value --> Recipe
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A tree of plain values. Maps keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is said: as if the key were not there.
    Nothing,
    /// True or false.
    Switch(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A word of a form that does not tell numbers, switches and texts apart.
    Word(String),
    /// Several values.
    List(Vec<Value>),
    /// Values by key.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// An empty map.
    pub const fn map() -> Self {
        Self::Map(Vec::new())
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Word(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a map.
    pub fn entries(&self) -> Option<&[(String, Value)]> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let found = self.entries()?.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value).filter(|value| **value != Self::Nothing)
    }

    /// Puts a value at a key of a map, in place of what is there.
    pub fn put(&mut self, key: &str, value: Value) {
        let Self::Map(entries) = self else { return };
        match entries.iter_mut().find(|(known, _)| known == key) {
            Some((_, place)) => *place = value,
            None => entries.push((key.into(), value)),
        }
    }
}

/// As people write it in JSON and TOML: for errors.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Switch(on) => write!(f, "{on}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Word(word) => f.write_str(word),
            Self::List(_) => f.write_str("a list"),
            Self::Map(_) => f.write_str("a table"),
        }
    }
}
