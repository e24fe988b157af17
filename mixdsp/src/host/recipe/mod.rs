//! Recipes: what is built from processors, as plain data.
//!
//! ```text
//! Recipe = a processor and its values        { processor = "compressor", threshold_db = -24, key = "kick" }
//!        | a chain of recipes                { chain = [ .. ] }
//! ```
//!
//! Every door makes a recipe of what it is given (arguments of Python, a session, a preset's text) and the host builds
//! and runs it. There is one reader: what one door writes, every other reads. A recipe may have a name, by which paths
//! find it: `low.threshold_db` is the threshold of the member `low`, as is `[0].threshold_db` if that is the first.

#[cfg(feature = "host")]
mod build;
mod leaf;
mod preset;
mod read;
#[cfg(feature = "serde")]
mod serde;
#[cfg(test)]
mod tests;
mod value;

#[cfg(feature = "host")]
pub use build::Listens;
pub use leaf::Leaf;
pub use value::Value;

use crate::base::error::Error;
use crate::base::id::Id;
use crate::params::Row;
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
}

/// What is wrong with a recipe, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct RecipeError {
    /// Where: `chain[1].bands[0]`; empty at the root.
    pub path: String,
    /// What.
    pub reason: String,
    /// What a processor refused, where it was one.
    pub error: Option<Error>,
}

impl RecipeError {
    /// An error at a path.
    pub fn new(path: impl ToString, reason: impl ToString) -> Self {
        Self { path: path.to_string(), reason: reason.to_string(), error: None }
    }

    /// What a processor refused.
    pub(crate) fn refused(error: Error) -> Self {
        Self { path: String::new(), reason: error.to_string(), error: Some(error) }
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
    /// One after the other.
    pub fn chain(members: Vec<Recipe>) -> Self {
        Node::Chain(members).into()
    }

    /// The same with a name.
    pub fn named(self, name: &str) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// What it is called where nobody gave it a name: `compressor`, `chain`.
    pub fn kind(&self) -> &'static str {
        match &self.node {
            Node::Processor(leaf) => leaf.processor().key,
            Node::Chain(_) => "chain",
        }
    }

    /// The recipes that it is made of.
    pub fn members(&self) -> &[Recipe] {
        match &self.node {
            Node::Processor(_) => &[],
            Node::Chain(members) => members,
        }
    }

    /// The recipes that it is made of, to change.
    pub fn members_mut(&mut self) -> &mut [Recipe] {
        match &mut self.node {
            Node::Processor(_) => &mut [],
            Node::Chain(members) => members,
        }
    }

    /// The names of the members: their own, or made of their kinds: `gain`, `gain_2`.
    pub fn member_names(&self) -> Vec<String> {
        let members = self.members();
        let mut taken: Vec<&str> = members.iter().filter_map(|member| member.name.as_deref()).collect();
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
        taken.clear();
        names
    }

    /// How many processors ids may name: those of all members together.
    pub fn nodes(&self) -> u16 {
        match &self.node {
            Node::Processor(_) => 1,
            Node::Chain(members) => members.iter().fold(0, |sum, member| sum.saturating_add(member.nodes())),
        }
    }

    /// The processors in order, depth first: the place of one is the node of its ids.
    pub fn leaves(&self) -> Vec<&Leaf> {
        match &self.node {
            Node::Processor(leaf) => [leaf].into(),
            Node::Chain(members) => members.iter().flat_map(Recipe::leaves).collect(),
        }
    }

    /// Id and row of the parameter at a path: `threshold_db`, `eq.bands[1].gain_db`, `[2].ratio`.
    ///
    /// # Errors
    /// Where there is none, what there is in its place.
    pub fn find(&self, path: &str) -> Result<(Id, &'static Row), RecipeError> {
        match &self.node {
            Node::Processor(leaf) => leaf.find(path),
            Node::Chain(_) => {
                let (at, rest) = self.member_at(path)?;
                let (id, row) = self.members()[at]
                    .find(rest)
                    .map_err(|error| error.within(&path[..path.len() - rest.len() - 1]))?;
                Ok((id.in_node(id.node().saturating_add(self.nodes_before(at))), row))
            }
        }
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

    /// How many nodes stand before a member.
    pub fn nodes_before(&self, member: usize) -> u16 {
        self.members().iter().take(member).fold(0, |sum, member| sum.saturating_add(member.nodes()))
    }

    /// Which member a path begins with, and the rest.
    fn member_at<'a>(&self, path: &'a str) -> Result<(usize, &'a str), RecipeError> {
        let names = self.member_names();
        let found = if let Some(rest) = path.strip_prefix('[') {
            rest.split_once("].").and_then(|(at, rest)| Some((at.parse().ok()?, rest)))
        } else {
            path.split_once('.')
                .and_then(|(name, rest)| Some((names.iter().position(|known| known == name)?, rest)))
        };
        found.filter(|(at, _)| *at < names.len()).ok_or_else(|| {
            let members = if names.is_empty() { "none".into() } else { names.join(", ") };
            let reason =
                format!("no parameter {path:?}: names are 'member.parameter', members are {members}");
            RecipeError::new("", reason)
        })
    }
}
