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

use super::path::put_at;
use super::value::Value;
use super::{Recipe, RecipeError};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
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
        put_at(&mut value, path.trim(), word).map_err(|reason| refuse(line, reason))?;
    }
    Ok(value)
}
