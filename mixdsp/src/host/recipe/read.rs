//! Values into recipes and back: the only reader of what stands in sessions, presets and dicts.
//!
//! A processor is a table with its key, and every value beside it: `{ processor = "gain", gain_db = -6 }`. Read as well,
//! from before there was one form: `kind` with tables `config` and `params` (sessions), `effect` with `version` and
//! `members` (dicts of Python). A list alone is a chain.

use super::join::{Join, JoinKind};
use super::leaf::Leaf;
use super::value::Value;
use super::{Node, Recipe, RecipeError};
use crate::catalogue::{self, ALL};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The keys that say what a table is; the last two as earlier forms have it.
const WHAT: [&str; 3] = ["processor", "kind", "effect"];
/// How deep recipes may stand in recipes.
const DEEPEST: usize = 32;

impl Recipe {
    /// The recipe that a value tells of.
    ///
    /// # Errors
    /// [`RecipeError`] with the path of the first thing that is wrong.
    pub fn read(value: &Value) -> Result<Self, RecipeError> {
        read(value, 0)
    }

    /// The value that reads as this.
    pub fn write(&self) -> Value {
        let mut value = Value::map();
        match &self.node {
            Node::Processor(leaf) => value.put("processor", Value::Text(leaf.processor().key.into())),
            Node::Chain(members) => {
                value.put("chain", Value::List(members.iter().map(Recipe::write).collect()));
            }
            Node::Join(_) => {}
        }
        if let Some(name) = &self.name {
            value.put("name", Value::Text(name.clone()));
        }
        match &self.node {
            Node::Processor(leaf) => {
                if let Some(key) = &leaf.key {
                    value.put("key", Value::Text(key.clone()));
                }
                leaf.write(&mut value);
            }
            Node::Chain(_) => {}
            Node::Join(join) => join.write(&mut value),
        }
        value
    }
}

fn read(value: &Value, depth: usize) -> Result<Recipe, RecipeError> {
    if depth > DEEPEST {
        return Err(RecipeError::new("", format!("recipes stand in each other more than {DEEPEST} deep")));
    }
    let members = |list: &[Value], path: &str| {
        let each = list.iter().enumerate();
        let members = each.map(|(at, value)| {
            read(value, depth + 1).map_err(|error| error.within(&format!("{path}[{at}]")))
        });
        chain_of(members.collect::<Result<_, _>>()?)
    };
    let entries = match value {
        Value::List(list) => return Ok(members(list, "")?.into()),
        value => value
            .entries()
            .ok_or_else(|| RecipeError::new("", format!("{value} is no processor and no chain")))?,
    };
    let name = match value.get("name") {
        None => None,
        Some(name) => Some(name_of(name)?),
    };
    let list = |key: &str| match value.get(key) {
        Some(Value::List(list)) => Ok(list.as_slice()),
        None => Ok(&[][..]),
        Some(_) => Err(RecipeError::new(key, "is not a list")),
    };
    let only = |allowed: &[&str]| match entries.iter().find(|(key, _)| !allowed.contains(&key.as_str())) {
        Some((key, _)) => {
            Err(RecipeError::new("", format!("a chain has no {key:?}: it has {}", allowed[..2].join(", "))))
        }
        None => Ok(()),
    };
    let node = if value.get("chain").is_some() {
        only(&["chain", "name", "version"])?;
        members(list("chain")?, "chain")?
    } else {
        match WHAT.iter().find_map(|key| value.get(key)) {
            Some(what) if what.text() == Some("chain") => {
                only(&["members", "name", "version", "effect"])?;
                members(list("members")?, "members")?
            }
            Some(what) => Node::Processor(leaf(what, value)?),
            None => match JoinKind::of(value) {
                Some(kind) => Node::Join(Join::read(kind, value, &|member| read(member, depth + 1))?),
                None => {
                    let keys = "processor, chain, parallel, bands, mid, side, left, right, delta";
                    return Err(RecipeError::new("", format!("expected one of {keys}")));
                }
            },
        }
    };
    Ok(Recipe { name, node })
}

/// A chain, whose members have different names.
fn chain_of(members: Vec<Recipe>) -> Result<Node, RecipeError> {
    for (at, member) in members.iter().enumerate() {
        if let Some(name) = &member.name
            && members[..at].iter().any(|other| other.name.as_ref() == Some(name))
        {
            return Err(RecipeError::new("", format!("two members are called {name:?}")));
        }
    }
    Ok(Node::Chain(members))
}

fn leaf(what: &Value, value: &Value) -> Result<Leaf, RecipeError> {
    let key = what.text().ok_or_else(|| RecipeError::new("", format!("processor = {what} is not a text")))?;
    let Some(processor) = catalogue::find(key) else {
        let keys: Vec<_> = ALL.iter().map(|processor| processor.key).collect();
        return Err(RecipeError::new("", format!("no processor {key:?}; there are {}", keys.join(", "))));
    };
    match value.get("version") {
        None => {}
        Some(Value::Number(1.0)) => {}
        Some(version) => {
            return Err(RecipeError::new(
                "",
                format!("version = {version} of {key:?} is newer than this library"),
            ));
        }
    }
    let mut leaf = Leaf::read(processor, value)?;
    leaf.key = match value.get("key") {
        None => None,
        Some(key) => {
            let text =
                key.text().ok_or_else(|| RecipeError::new("", format!("key = {key} is not a name")))?;
            Some(text.into())
        }
    };
    Ok(leaf)
}

/// A name that paths can hold.
pub(super) fn name_of(value: &Value) -> Result<String, RecipeError> {
    let refuse = || refused_name(value);
    let name = value.text().ok_or_else(refuse)?;
    check_name(name).map(|()| name.into()).map_err(|_| refuse())
}

/// Refuses what cannot be the name of a member, by which paths find it.
///
/// # Errors
/// For a name that is empty, has spaces at an end, dots, brackets or control characters.
pub fn check_name(name: &str) -> Result<(), RecipeError> {
    let plain = !name.is_empty()
        && name.trim() == name
        && !name.contains(['.', '[', ']'])
        && !name.contains(char::is_control);
    if plain { Ok(()) } else { Err(refused_name(&Value::Text(name.into()))) }
}

fn refused_name(name: &Value) -> RecipeError {
    RecipeError::new("", format!("name = {name} is not a name: a text without dots and brackets"))
}
