//! Paths into values: `chain[1].bands[0].gain_db`.

use super::value::Value;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

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

/// Puts a value at a path.
///
/// # Errors
/// What is wrong with the path.
pub(super) fn put_at(value: &mut Value, path: &str, leaf: Value) -> Result<(), &'static str> {
    put(value, &steps(path).ok_or("not a path")?, leaf)
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
