//! Recipes at work: every node becomes a processor.

use super::{Leaf, Node, Recipe, RecipeError};
use crate::base::error::Error;
use crate::base::id::Id;
use crate::base::spec::Spec;
use crate::catalogue::{AnyUnit, BoxedSample};
use crate::host::automation::Lane;
use crate::host::chain::{Chain, Member};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// Which processors hear the sidechain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listens {
    /// All that can.
    All,
    /// Those that name a [`key`](Leaf::key): in a mix.
    Keyed,
}

impl Recipe {
    /// Builds it for a rate, channels and a sidechain: those of `spec`, whose outputs are found. Lanes hold frames of
    /// input; they are made as late as the sound is where they act.
    ///
    /// # Errors
    /// [`RecipeError`] with the names of the members that lead to what is wrong.
    pub fn build<T: BoxedSample>(
        &self,
        spec: Spec,
        listens: Listens,
        lanes: Vec<Lane<()>>,
    ) -> Result<Chain<T>, RecipeError> {
        spec.with_outputs(spec.inputs).check().map_err(RecipeError::refused)?;
        self.check_lanes(spec, &lanes)?;
        let mut builder =
            Builder { listens, spec, late: 0, nodes: 0, node_late: Vec::new(), members: Vec::new() };
        builder.add(self)?;
        let Builder { members, node_late, spec: last, .. } = builder;
        Chain::new(members, spec.with_outputs(last.inputs), node_late, lanes).map_err(RecipeError::refused)
    }

    /// The path of a node by the names of its members: empty for a processor alone.
    fn path_of(&self, node: u16) -> String {
        let mut first = 0;
        for (name, member) in self.member_names().into_iter().zip(self.members()) {
            let nodes = member.nodes();
            if node < first + nodes {
                let inner = member.path_of(node - first);
                return if inner.is_empty() { name } else { name + "." + &inner };
            }
            first += nodes;
        }
        String::new()
    }

    /// Refuses values of lanes that are out of range where config narrows it.
    fn check_lanes(&self, spec: Spec, lanes: &[Lane<()>]) -> Result<(), RecipeError> {
        let leaves = self.leaves();
        for lane in lanes {
            let Some(leaf) = leaves.get(usize::from(lane.id.node())) else {
                return Err(RecipeError::refused(Error::Unknown { id: lane.id }));
            };
            for value in lane.values() {
                leaf.check_value(lane.id.in_node(0), value, &spec)
                    .map_err(|error| error.within(&self.path_of(lane.id.node())))?;
            }
        }
        Ok(())
    }
}

impl Leaf {
    /// Refuses a value that is out of range at this rate and config, and says which config narrows it.
    fn check_value(&self, id: Id, value: f64, spec: &Spec) -> Result<(), RecipeError> {
        let processor = self.processor();
        let Err(error) = processor.check_value(id, value, spec, self.config()) else { return Ok(()) };
        let place = processor.place(id, self.config());
        let is_narrowed = place.is_some_and(|place| place.row.check(None, value, spec.sample_rate).is_ok());
        let counts = |key: &str| processor.params.groups.iter().any(|group| group.count == key);
        let limits: Vec<_> = processor.config.iter().map(|row| row.key).filter(|key| !counts(key)).collect();
        let mut refused = RecipeError::refused(error);
        if is_narrowed && !limits.is_empty() {
            refused.reason = alloc::format!("{}; see {}", refused.reason, limits.join(", "));
        }
        Err(refused)
    }

    /// A unit. Every value is checked first, so that the error names the first that is wrong.
    fn unit<T: BoxedSample>(&self, spec: Spec) -> Result<Box<dyn AnyUnit<T>>, RecipeError> {
        let processor = self.processor();
        for (row, value) in processor.config.iter().zip(self.config()) {
            row.check(None, *value, spec.sample_rate).map_err(RecipeError::refused)?;
        }
        let mut refused = Ok(());
        crate::params::Settings::each(self, &mut |id, value| {
            if refused.is_ok() {
                refused = self.check_value(id, value, &spec);
            }
        });
        refused?;
        processor.boxed(spec, self.config(), self).map_err(RecipeError::refused)
    }
}

/// What has been built so far; `spec` is that of what comes next.
struct Builder<T: BoxedSample> {
    listens: Listens,
    spec: Spec,
    late: usize,
    nodes: u16,
    node_late: Vec<usize>,
    members: Vec<Member<T>>,
}

impl<T: BoxedSample> Builder<T> {
    fn add(&mut self, recipe: &Recipe) -> Result<(), RecipeError> {
        match &recipe.node {
            Node::Processor(leaf) => self.add_leaf(leaf),
            // A chain in a chain is the same as its members.
            Node::Chain(members) => {
                let names = recipe.member_names();
                let each = members.iter().zip(names);
                each.into_iter()
                    .try_for_each(|(member, name)| self.add(member).map_err(|error| error.within(&name)))
            }
        }
    }

    fn add_leaf(&mut self, leaf: &Leaf) -> Result<(), RecipeError> {
        let processor = leaf.processor();
        let hears = processor.sidechain && (self.listens == Listens::All || leaf.key.is_some());
        let spec = Spec { sidechain: if hears { self.spec.sidechain } else { 0 }, ..self.spec };
        let outputs = processor.outputs(&spec, leaf.config()).map_err(RecipeError::refused)?;
        let unit = leaf.unit::<T>(spec.with_outputs(outputs))?;
        self.node_late.push(self.late);
        let nodes = unit.nodes();
        self.members.push(Member { first: self.nodes, nodes, channels: spec.inputs.max(outputs), unit });
        self.late += self.members.last().map_or(0, |member| member.unit.latency());
        self.nodes = self.nodes.saturating_add(nodes);
        self.spec.inputs = outputs;
        Ok(())
    }
}
