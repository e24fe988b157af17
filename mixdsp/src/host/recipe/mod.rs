//! Recipes: what is built from processors, as plain data.
//!
//! ```text
//! Recipe = a processor and its values        { processor = "compressor", threshold_db = -24, key = "kick" }
//!        | a chain of recipes                { chain = [ .. ] }
//!        | a recipe at a multiple of the rate { oversampled = .., oversampling = "4" }
//!        | recipes side by side              { parallel = [ .. ], mix = 0.5 }   { mid = .., side = .. }
//!                                            { left = .., right = .. }          { delta = .. }
//!                                            { bands = [ .. ], splits = [150, 2000] }
//! ```
//!
//! Every door makes a recipe of what it is given (arguments of Python, a session, a preset's text) and the host builds
//! and runs it. There is one reader: what one door writes, every other reads. A recipe may have a name, by which paths
//! find it: `low.threshold_db` is the threshold of the member `low`, as is `[0].threshold_db` if that is the first.

mod audio;
#[cfg(feature = "host")]
mod build;
mod join;
mod leaf;
mod path;
mod preset;
mod read;
#[cfg(feature = "serde")]
mod serde;
#[cfg(test)]
mod tests;
mod value;

pub use audio::Audio;
#[cfg(feature = "host")]
pub use build::Listens;
pub use join::{Join, JoinKind};
pub use leaf::{Leaf, number, plain};
pub use read::check_name;
pub use value::Value;

use crate::base::error::Error;
use crate::base::id::Id;
use crate::params::{Given, Row};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// What is built from processors: a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// How it is called where it stands.
    pub name: Option<String>,
    /// What it is.
    pub node: Node,
}

/// What a recipe is.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A processor.
    Processor(Leaf),
    /// One after the other.
    Chain(Vec<Recipe>),
    /// Side by side.
    Join(Join),
}

/// What is wrong with a recipe, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct RecipeError {
    /// Where: `chain[1].bands[0]`; empty at the root.
    pub path: String,
    /// What.
    pub reason: String,
    /// What a processor refused, where it was one.
    pub error: Option<Box<Error>>,
}

impl RecipeError {
    /// An error at a path.
    pub fn new(path: impl ToString, reason: impl ToString) -> Self {
        Self { path: path.to_string(), reason: reason.to_string(), error: None }
    }

    /// What a processor refused.
    pub(crate) fn refused(error: Error) -> Self {
        Self { path: String::new(), reason: error.to_string(), error: Some(Box::new(error)) }
    }

    /// The same, in something that stands at a path.
    pub(crate) fn within(self, outer: &str) -> Self {
        let path = match (outer.is_empty(), self.path.is_empty()) {
            (true, _) => self.path,
            (false, true) => outer.into(),
            (false, false) if self.path.starts_with('[') => format!("{outer}{}", self.path),
            (false, false) => format!("{outer}.{}", self.path),
        };
        Self { path, ..self }
    }
}

impl fmt::Display for RecipeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl core::error::Error for RecipeError {}

impl From<Node> for Recipe {
    fn from(node: Node) -> Self {
        Self { name: None, node }
    }
}

impl From<Leaf> for Recipe {
    fn from(leaf: Leaf) -> Self {
        Node::Processor(leaf).into()
    }
}

impl Recipe {
    /// A processor, by its key, and values by path: `threshold_db`, `bands[0].gain_db`. There are as many bands as are named.
    ///
    /// # Errors
    /// For a processor or a value that does not exist, and a value out of its range.
    pub fn processor(key: &str, values: &[(&str, Given<'_>)]) -> Result<Self, RecipeError> {
        let mut table = Value::map();
        table.put("processor", Value::Text(key.into()));
        for (path, given) in values {
            let value = match given {
                Given::Text(word) => Value::Word((*word).into()),
                Given::Choice(text) => Value::Text((*text).into()),
                Given::Number(number) => Value::Number(*number),
                Given::Switch(on) => Value::Switch(*on),
            };
            path::put_at(&mut table, path, value).map_err(|reason| RecipeError::new(path, reason))?;
        }
        Self::read(&table)
    }

    /// One after the other.
    pub fn chain(members: Vec<Recipe>) -> Self {
        Node::Chain(members).into()
    }

    /// The same with a name.
    pub fn named(self, name: &str) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Every processor in it, to change.
    pub fn each_leaf_mut(&mut self, act: &mut dyn FnMut(&mut Leaf)) {
        match &mut self.node {
            Node::Processor(leaf) => act(leaf),
            _ => self.members_mut().iter_mut().for_each(|member| member.each_leaf_mut(act)),
        }
    }

    /// Every processor in it.
    pub fn each_leaf<'a>(&'a self, act: &mut dyn FnMut(&'a Leaf)) {
        match &self.node {
            Node::Processor(leaf) => act(leaf),
            _ => self.members().iter().for_each(|member| member.each_leaf(act)),
        }
    }

    /// The files that its assets are still to be read from.
    pub fn files(&self) -> Vec<&str> {
        let mut files = Vec::new();
        self.each_leaf(&mut |leaf| {
            files.extend(leaf.assets().iter().filter_map(|audio| match audio {
                Audio::File(file) => Some(file.as_str()),
                Audio::Samples(_) => None,
            }));
        });
        files
    }

    /// What it is called where nobody gave it a name: `compressor`, `chain`.
    pub fn kind(&self) -> &'static str {
        match &self.node {
            Node::Processor(leaf) => leaf.processor().key,
            Node::Chain(_) => "chain",
            Node::Join(join) => join.kind().key(),
        }
    }

    /// The recipes that it is made of.
    pub fn members(&self) -> &[Recipe] {
        match &self.node {
            Node::Processor(_) => &[],
            Node::Chain(members) => members,
            Node::Join(join) => join.members(),
        }
    }

    /// The tracks and buses that its processors listen to, each once, by [`Leaf::key`].
    pub fn keys(&self) -> Vec<&str> {
        fn collect<'a>(recipe: &'a Recipe, keys: &mut Vec<&'a str>) {
            match &recipe.node {
                Node::Processor(leaf) => keys.extend(leaf.key.as_deref()),
                _ => recipe.members().iter().for_each(|member| collect(member, keys)),
            }
        }
        let mut keys = Vec::new();
        collect(self, &mut keys);
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The recipes that it is made of, to change.
    pub fn members_mut(&mut self) -> &mut [Recipe] {
        match &mut self.node {
            Node::Processor(_) => &mut [],
            Node::Chain(members) => members,
            Node::Join(join) => join.members_mut(),
        }
    }

    /// The names of the members: their own, or made of their kinds: `gain`, `gain_2`.
    pub fn member_names(&self) -> Vec<String> {
        if let Node::Join(join) = &self.node
            && let Some(names) = join.fixed_names()
        {
            return names;
        }
        let members = self.members();
        let taken: Vec<&str> = members.iter().filter_map(|member| member.name.as_deref()).collect();
        let mut names: Vec<String> = Vec::with_capacity(members.len());
        for member in members {
            let name = member.name.clone().unwrap_or_else(|| {
                let kind = member.kind();
                let numbered = (1..).map(|n| if n == 1 { kind.into() } else { format!("{kind}_{n}") });
                let is_free = |name: &String| !taken.contains(&name.as_str()) && !names.contains(name);
                numbered.into_iter().find(is_free).unwrap_or_default()
            });
            names.push(name);
        }
        names
    }

    /// How many nodes ids may name: processors, and joins with parameters of their own, those of all members together.
    pub fn nodes(&self) -> u16 {
        self.nodes_before(self.members().len())
    }

    /// How many nodes stand before a member.
    pub fn nodes_before(&self, member: usize) -> u16 {
        let own = match &self.node {
            Node::Processor(_) => 1,
            Node::Chain(_) => 0,
            Node::Join(join) => join.kind().own_nodes(),
        };
        self.members().iter().take(member).fold(own, |sum, member| sum.saturating_add(member.nodes()))
    }

    /// Where the values of a node are: of bands, in two.
    pub fn leaves_at(&self, node: u16) -> &[Leaf] {
        let mut before = self.nodes_before(0);
        if node < before {
            return match &self.node {
                Node::Processor(leaf) => core::slice::from_ref(leaf),
                Node::Chain(_) => &[],
                Node::Join(join) => join.own(),
            };
        }
        for member in self.members() {
            let nodes = member.nodes();
            if node - before < nodes {
                return member.leaves_at(node - before);
            }
            before += nodes;
        }
        &[]
    }

    /// Id and row of the parameter at a path: `threshold_db`, `eq.bands[1].gain_db`, `[2].ratio`.
    ///
    /// # Errors
    /// Where there is none, what there is in its place.
    pub fn find(&self, path: &str) -> Result<(Id, &'static Row), RecipeError> {
        let own = match &self.node {
            Node::Processor(leaf) => return leaf.find(path),
            Node::Chain(_) => &[],
            Node::Join(join) => join.own(),
        };
        if let Some(found) = own.iter().find_map(|leaf| leaf.find(path).ok()) {
            return Ok(found);
        }
        let (at, rest) = self.member_at(path)?;
        let member = &path[..path.len() - rest.len() - 1];
        let (id, row) = self.members()[at].find(rest).map_err(|error| error.within(member))?;
        Ok((id.in_node(id.node().saturating_add(self.nodes_before(at))), row))
    }

    /// Id and row of the reading at a path: `gain_reduction_db`, `comp.gain_reduction_db`, `level.rms_db[1]` of a channel.
    pub fn find_reading(&self, path: &str) -> Option<(Id, &'static Row)> {
        let Node::Processor(leaf) = &self.node else {
            let (at, rest) = self.member_at(path).ok()?;
            let (id, row) = self.members()[at].find_reading(rest)?;
            return Some((id.in_node(id.node().saturating_add(self.nodes_before(at))), row));
        };
        let (key, channel) = match path.split_once('[') {
            Some((key, channel)) => (key, channel.strip_suffix(']')?.parse().ok()?),
            None => (path, 0),
        };
        let row = leaf.processor().readings.iter().find(|row| row.key == key)?;
        Some((row.id().at(channel), row))
    }

    /// Which member a path begins with, and the rest.
    fn member_at<'a>(&self, path: &'a str) -> Result<(usize, &'a str), RecipeError> {
        let names = self.member_names();
        let found = if let Some(rest) = path.strip_prefix('[') {
            rest.split_once("].").and_then(|(at, rest)| Some((at.parse().ok()?, rest)))
        } else {
            let rest = |name: &String| path.strip_prefix(name.as_str())?.strip_prefix('.');
            names.iter().enumerate().find_map(|(at, name)| Some((at, rest(name)?)))
        };
        found.filter(|(at, _)| *at < names.len()).ok_or_else(|| {
            let members = if names.is_empty() { "none".into() } else { names.join(", ") };
            let reason =
                format!("no parameter {path:?}: names are 'member.parameter', members are {members}");
            RecipeError::new("", reason)
        })
    }
}
