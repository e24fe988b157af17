//! A recipe as lines of text: presets.
//!
//! ```text
//! mixdsp preset 2
//! chain[0].processor = equalizer
//! chain[0].bands[0].frequency_hz = 320
//! chain[1].processor = compressor
//! chain[1].threshold_db = -24
//! ```
//!
//! One line per value, with its path; lines may stand in any order. Empty lines and lines that begin with `#` are passed
//! over. What a unit writes of itself ([`Unit::write_preset`](crate::Unit::write_preset), version 1) reads as well.

use super::value::Value;
use super::{Recipe, RecipeError};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};
use core::fmt::Write as _;

/// The version that is written.
const VERSION: u32 = 2;
const HEADER: &str = "mixdsp preset ";

impl Recipe {
    /// The recipe as a preset's text.
    pub fn to_preset(&self) -> String {
        let mut text = format!("{HEADER}{VERSION}\n");
        write(&mut text, "", &self.write());
        text
    }

    /// Reads a preset, of a unit or of a tree.
    ///
    /// # Errors
    /// [`RecipeError`] names the line, or the path of what is wrong in it.
    pub fn from_preset(text: &str) -> Result<Self, RecipeError> {
        Self::read(&value_of(text)?)
    }
}

fn write(text: &mut String, path: &str, value: &Value) {
    let inside = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    // Writing to a text does not fail.
    let _ = match value {
        Value::Nothing => Ok(()),
        Value::Switch(on) => writeln!(text, "{path} = {}", if *on { "on" } else { "off" }),
        Value::Number(number) => writeln!(text, "{path} = {number}"),
        Value::Text(word) | Value::Word(word) => writeln!(text, "{path} = {word}"),
        Value::List(list) if list.is_empty() => writeln!(text, "{path} = []"),
        Value::Map(map) if map.is_empty() => writeln!(text, "{path} = {{}}"),
        Value::List(list) => {
            list.iter().enumerate().for_each(|(at, value)| write(text, &format!("{path}[{at}]"), value));
            Ok(())
        }
        Value::Map(map) => {
            map.iter().for_each(|(key, value)| write(text, &inside(key), value));
            Ok(())
        }
    };
}

fn value_of(text: &str) -> Result<Value, RecipeError> {
    let refuse = |line: usize, reason: &str| RecipeError::new(format!("line {line}"), reason);
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let mut lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).peekable();
    let (line, header) = lines.next().unwrap_or((1, ""));
    let version = header.strip_prefix(HEADER).map(|version| version.trim().parse::<u32>());
    if !matches!(version, Some(Ok(1..=VERSION))) {
        return Err(refuse(line, "expected: mixdsp preset 1, or 2"));
    }
    let mut value = Value::map();
    if let Some((_, named)) = lines.next_if(|(_, line)| line.starts_with("processor ") && !line.contains('='))
    {
        value.put("processor", Value::Word(named["processor ".len()..].trim().into()));
    }
    for (line, text) in lines {
        let (path, word) = text.split_once('=').ok_or_else(|| refuse(line, "expected: path = value"))?;
        let word = match word.trim() {
            "[]" => Value::List(Vec::new()),
            "{}" => Value::map(),
            word => Value::Word(word.into()),
        };
        let steps = steps(path.trim()).ok_or_else(|| refuse(line, "not a path"))?;
        put(&mut value, &steps, word).map_err(|reason| refuse(line, reason))?;
    }
    Ok(value)
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Key(String),
    Item(usize),
}

/// `bands[1].gain_db`, or `bands.1.gain_db` as presets of units have it.
fn steps(path: &str) -> Option<Vec<Step>> {
    let number = |text: &str| {
        let plain = text == "0" || text.starts_with(|first: char| matches!(first, '1'..='9'));
        text.parse().ok().filter(|_| plain)
    };
    let mut steps = vec![];
    for part in path.split('.') {
        let mut rest = part;
        let key = rest.split('[').next().unwrap_or("");
        match number(key) {
            Some(item) => steps.push(Step::Item(item)),
            None if !key.is_empty() => steps.push(Step::Key(key.into())),
            None => return None,
        }
        rest = &rest[key.len()..];
        while let Some((item, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            steps.push(Step::Item(number(item)?));
            rest = after;
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some(steps)
}

/// Puts a value at a path: `bands[1].gain_db`.
pub(super) fn put_at(value: &mut Value, path: &str, leaf: Value) -> Result<(), RecipeError> {
    let steps = steps(path).ok_or_else(|| RecipeError::new(path, "not a path"))?;
    put(value, &steps, leaf).map_err(|reason| RecipeError::new(path, reason))
}

/// Most items that a list may have: what a preset's text cannot make larger by one line.
const MOST_ITEMS: usize = 4_096;

fn put(value: &mut Value, steps: &[Step], leaf: Value) -> Result<(), &'static str> {
    let Some((step, rest)) = steps.split_first() else {
        if *value != Value::Nothing {
            return Err("given twice");
        }
        *value = leaf;
        return Ok(());
    };
    let place = match step {
        Step::Key(key) => {
            if *value == Value::Nothing {
                *value = Value::map();
            }
            let Value::Map(entries) = value else { return Err("a path through what is no table") };
            let at = entries.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
                entries.push((key.clone(), Value::Nothing));
                entries.len() - 1
            });
            &mut entries[at].1
        }
        Step::Item(item) => {
            if *value == Value::Nothing {
                *value = Value::List(Vec::new());
            }
            let Value::List(list) = value else { return Err("a number where a key is expected") };
            if *item >= MOST_ITEMS {
                return Err("no list has so many items");
            }
            while list.len() <= *item {
                list.push(Value::Nothing);
            }
            &mut list[*item]
        }
    };
    put(place, rest, leaf)
}
