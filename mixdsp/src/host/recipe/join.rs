//! Recipes side by side: parallel, mid-side, left-right, bands, delta.
//!
//! What they are at work stands in [`compose`](crate::compose). Parameters of their own are those of the node there, and
//! stand in [`Leaf`]s.

use super::leaf::Leaf;
use super::value::Value;
use super::{Recipe, RecipeError};
use crate::catalogue::{Descriptor, find};
use crate::compose::bands::BandsKind;
use crate::compose::delta::DeltaKind;
use crate::compose::oversampled::OversampledKind;
use crate::compose::parallel::ParallelKind;
use crate::params::Given;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

/// How recipes stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// All hear the same; their sum comes out, with the input beside it when wanted.
    Parallel,
    /// One on mid, one on side.
    MidSide,
    /// One on left, one on right.
    LeftRight,
    /// One for each band of a crossover.
    Bands,
    /// What one takes away.
    Delta,
    /// One at a multiple of the rate.
    Oversampled,
}

static PARALLEL: Descriptor = Descriptor::of::<ParallelKind>();
static BANDS: Descriptor = Descriptor::of::<BandsKind>();
static DELTA: Descriptor = Descriptor::of::<DeltaKind>();
static OVERSAMPLED: Descriptor = Descriptor::of::<OversampledKind>();

impl JoinKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Parallel, Self::MidSide, Self::LeftRight, Self::Bands, Self::Delta, Self::Oversampled];

    /// As written in code.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Parallel => "parallel",
            Self::MidSide => "mid_side",
            Self::LeftRight => "left_right",
            Self::Bands => "bands",
            Self::Delta => "delta",
            Self::Oversampled => "oversampled",
        }
    }

    /// What its members are called, where that is fixed.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Parallel | Self::Bands => &[],
            Self::MidSide => &["mid", "side"],
            Self::LeftRight => &["left", "right"],
            Self::Delta => &["delta"],
            Self::Oversampled => &["oversampled"],
        }
    }

    /// How many nodes stand before the members: 1 where it has parameters of its own.
    pub(super) fn own_nodes(self) -> u16 {
        u16::from(
            self.descriptors().iter().any(|own| !own.params.rows.is_empty() || !own.params.groups.is_empty()),
        )
    }

    fn descriptors(self) -> Vec<&'static Descriptor> {
        match self {
            Self::Parallel => vec![&PARALLEL],
            Self::Bands => find("crossover").into_iter().chain([&BANDS]).collect(),
            Self::Delta => vec![&DELTA],
            Self::Oversampled => vec![&OVERSAMPLED],
            Self::MidSide | Self::LeftRight => vec![],
        }
    }

    /// The kind of a table, by its keys.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let has = |key: &&str| value.get(key).is_some();
        Self::ALL.into_iter().find(|kind| match kind.names() {
            [] => has(&kind.key()),
            names => names.iter().any(has),
        })
    }
}

/// Recipes side by side, and the values of the node.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    kind: JoinKind,
    /// Parameters of its own: of bands the crossover's and the switches.
    own: Vec<Leaf>,
    members: Vec<Recipe>,
}

impl Join {
    /// These members, and defaults for the rest. A missing path of mid-side, left-right and delta passes everything.
    ///
    /// # Errors
    /// For more members than there are places.
    pub fn new(kind: JoinKind, mut members: Vec<Recipe>) -> Result<Self, RecipeError> {
        let names = kind.names();
        if !names.is_empty() {
            if members.len() > names.len() {
                let reason = format!("{} members given, at most {} are possible", members.len(), names.len());
                return Err(RecipeError::new(kind.key(), reason));
            }
            members.resize_with(names.len(), || Recipe::chain(vec![]));
        }
        let mut join = Self { kind, own: kind.descriptors().into_iter().map(Leaf::new).collect(), members };
        if kind == JoinKind::Bands {
            let bands = join.members.len() as f64;
            join.own[0].set_config("splits", Given::Number(bands - 1.0))?;
            join.own[1].set_config("bands", Given::Number(bands))?;
        }
        Ok(join)
    }

    /// How they stand.
    pub fn kind(&self) -> JoinKind {
        self.kind
    }

    /// The members in order.
    pub fn members(&self) -> &[Recipe] {
        &self.members
    }

    /// The members, to change.
    pub fn members_mut(&mut self) -> &mut [Recipe] {
        &mut self.members
    }

    /// Where the values of its own are.
    pub fn own(&self) -> &[Leaf] {
        &self.own
    }

    /// Changes a value of its own: `mix`, `splits[0].frequency_hz`, `bands[1].solo`, `slope_db_per_octave`.
    ///
    /// # Errors
    /// As [`Leaf::set`].
    pub fn set(&mut self, path: &str, given: Given<'_>) -> Result<(), RecipeError> {
        let known = |leaf: &Leaf| {
            leaf.find(path).is_ok() || leaf.processor().config.iter().any(|row| row.key == path)
        };
        let found = self.own.iter_mut().find(|leaf| known(leaf));
        let leaf = found.ok_or_else(|| RecipeError::new("", format!("no parameter {path:?}")))?;
        if leaf.find(path).is_ok() { leaf.set(path, given) } else { leaf.set_config(path, given) }
    }

    /// The names of the members, where they are fixed.
    pub(super) fn fixed_names(&self) -> Option<Vec<String>> {
        match self.kind {
            JoinKind::Parallel => None,
            JoinKind::Bands => Some((0..self.members.len()).map(|band| format!("bands[{band}]")).collect()),
            kind => Some(kind.names().iter().map(ToString::to_string).collect()),
        }
    }

    /// The fields of its table.
    pub(super) fn read(
        kind: JoinKind,
        value: &Value,
        member: &dyn Fn(&Value) -> Result<Recipe, RecipeError>,
    ) -> Result<Self, RecipeError> {
        let at = |path: &str, value: &Value| member(value).map_err(|error| error.within(path));
        let members = match (kind.names(), value.get(kind.key())) {
            ([], Some(Value::List(list))) => {
                let each = list.iter().enumerate();
                each.map(|(i, value)| match value {
                    Value::Nothing => Ok(Recipe::chain(vec![])),
                    value => at(&format!("{}[{i}]", kind.key()), value),
                })
                .collect::<Result<_, _>>()?
            }
            ([], _) => return Err(RecipeError::new(kind.key(), "is not a list")),
            (names, _) => {
                let path = |name: &&str| {
                    value.get(name).map_or_else(|| Ok(Recipe::chain(vec![])), |value| at(name, value))
                };
                names.iter().map(path).collect::<Result<_, _>>()?
            }
        };
        let mut join = Self::new(kind, members)?;
        let own = value.entries().unwrap_or_default().iter().filter(|(key, value)| {
            let is_member = key == kind.key() || kind.names().contains(&key.as_str());
            !is_member && key != "name" && *value != Value::Nothing
        });
        for (key, value) in own {
            join.read_own(key, value)?;
        }
        Ok(join)
    }

    fn read_own(&mut self, key: &str, value: &Value) -> Result<(), RecipeError> {
        let Value::List(list) = value else { return self.set(key, super::leaf::scalar(key, value)?) };
        // A list of numbers or of tables.
        let group = if key == "switches" { "bands" } else { key };
        for (item, value) in list.iter().enumerate() {
            let entries = match value {
                Value::Nothing => continue,
                Value::Map(entries) => entries.clone(),
                number => vec![("frequency_hz".into(), number.clone())],
            };
            for (name, value) in &entries {
                let given = super::leaf::scalar(name, value)?;
                self.set(&format!("{group}[{item}].{name}"), given).map_err(|error| error.within(key))?;
            }
        }
        Ok(())
    }

    pub(super) fn write(&self, into: &mut Value) {
        match self.kind.names() {
            [] => into.put(self.kind.key(), Value::List(self.members.iter().map(Recipe::write).collect())),
            names => {
                names.iter().zip(&self.members).for_each(|(name, member)| into.put(name, member.write()))
            }
        }
        for leaf in &self.own {
            let mut own = Value::map();
            leaf.write(&mut own);
            let Value::Map(entries) = own else { continue };
            for (key, value) in entries {
                // The key of bands holds their recipes.
                into.put(if key == self.kind.key() { "switches" } else { &key }, value);
            }
        }
    }
}
