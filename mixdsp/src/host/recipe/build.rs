//! Recipes at work: every node becomes a processor.

use super::{Audio, Join, JoinKind, Leaf, Node, Recipe, RecipeError};
use crate::base::error::Error;
use crate::base::id::Id;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::catalogue::{AnyUnit, BoxedSample};
use crate::compose::bands::Bands;
use crate::compose::delta::Delta;
use crate::compose::left_right::LeftRight;
use crate::compose::mid_side_paths::MidSidePaths;
use crate::compose::oversampled::{Oversampled, OversampledConfig};
use crate::compose::parallel::Parallel;
use crate::engine::processor::Processor;
use crate::host::automation::Lane;
use crate::host::chain::{BoxedProcessor, Chain, Member};
use crate::params::{Settings, Table};
use crate::processors::crossover::CrossoverConfig;
use alloc::boxed::Box;
use alloc::format;
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
        let mut builder = Builder::new(spec, listens, 0);
        builder.add(self)?;
        let Builder { members, node_late, spec: last, .. } = builder;
        Chain::new(members, spec.with_outputs(last.inputs), &node_late, lanes).map_err(RecipeError::refused)
    }

    /// How many channels come out where those of `spec` go in.
    ///
    /// # Errors
    /// For channels that a processor does not take.
    pub fn outputs(&self, spec: Spec) -> Result<usize, RecipeError> {
        spec.with_outputs(spec.inputs).check().map_err(RecipeError::refused)?;
        match &self.node {
            Node::Processor(leaf) => {
                leaf.processor().outputs(&spec, leaf.config()).map_err(RecipeError::refused)
            }
            Node::Chain(members) => {
                let mut each = members.iter().zip(self.member_names());
                each.try_fold(spec.inputs, |inputs, (member, name)| {
                    member.outputs(Spec { inputs, ..spec }).map_err(|error| error.within(&name))
                })
            }
            Node::Join(_) => Ok(spec.inputs),
        }
    }

    /// The path of a node by the names of its members: empty for a processor alone.
    fn path_of(&self, node: u16) -> String {
        let mut before = self.nodes_before(0);
        for (name, member) in self.member_names().into_iter().zip(self.members()) {
            let nodes = member.nodes();
            if (before..before.saturating_add(nodes)).contains(&node) {
                let inner = member.path_of(node - before);
                return if inner.is_empty() { name } else { name + "." + &inner };
            }
            before = before.saturating_add(nodes);
        }
        String::new()
    }

    /// Refuses values of lanes that are out of range where config narrows it.
    fn check_lanes(&self, spec: Spec, lanes: &[Lane<()>]) -> Result<(), RecipeError> {
        for lane in lanes {
            let mut leaves = self.leaves_at(lane.id.node()).iter();
            let Some(leaf) = leaves.find(|leaf| leaf.value(lane.id.in_node(0)).is_some()) else {
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
            refused.reason = format!("{}; see {}", refused.reason, limits.join(", "));
        }
        Err(refused)
    }

    /// A unit. Every value is checked first, so that the error names the first that is wrong.
    fn unit<T: BoxedSample>(&self, spec: Spec) -> Result<Box<dyn AnyUnit<T>>, RecipeError> {
        let processor = self.processor();
        for (asset, audio) in processor.assets.iter().zip(self.assets()) {
            if let Audio::File(file) = audio {
                return Err(RecipeError::new("", format!("{} = {file:?} is not read yet", asset.key)));
            }
        }
        for (row, value) in processor.config.iter().zip(self.config()) {
            row.check(None, *value, spec.sample_rate).map_err(RecipeError::refused)?;
        }
        let mut refused = Ok(());
        Settings::each(self, &mut |id, value| {
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
    fn new(spec: Spec, listens: Listens, late: usize) -> Self {
        Self { listens, spec, late, nodes: 0, node_late: Vec::new(), members: Vec::new() }
    }

    fn add(&mut self, recipe: &Recipe) -> Result<(), RecipeError> {
        match &recipe.node {
            Node::Processor(leaf) => self.add_leaf(leaf),
            // A chain in a chain is the same as its members.
            Node::Chain(members) => {
                let mut each = members.iter().zip(recipe.member_names());
                each.try_for_each(|(member, name)| self.add(member).map_err(|error| error.within(&name)))
            }
            Node::Join(join) => self.add_join(join, recipe),
        }
    }

    fn add_leaf(&mut self, leaf: &Leaf) -> Result<(), RecipeError> {
        let processor = leaf.processor();
        let hears = processor.sidechain && (self.listens == Listens::All || leaf.key.is_some());
        let spec = Spec { sidechain: if hears { self.spec.sidechain } else { 0 }, ..self.spec };
        let outputs = processor.outputs(&spec, leaf.config()).map_err(RecipeError::refused)?;
        let unit = leaf.unit::<T>(spec.with_outputs(outputs))?;
        self.node_late.push(self.late);
        self.push(unit, outputs);
        Ok(())
    }

    fn push(&mut self, unit: BoxedProcessor<T>, outputs: usize) {
        let (nodes, channels) = (unit.nodes(), self.spec.inputs.max(outputs));
        self.late += unit.latency();
        self.members.push(Member { first: self.nodes, nodes, channels, unit });
        self.nodes = self.nodes.saturating_add(nodes);
        self.spec.inputs = outputs;
    }

    fn add_join(&mut self, join: &Join, recipe: &Recipe) -> Result<(), RecipeError> {
        let channels = self.spec.inputs;
        let spec = self.spec.with_outputs(channels);
        let is_pair = matches!(join.kind(), JoinKind::MidSide | JoinKind::LeftRight);
        if is_pair && channels != 2 {
            let reason = format!("{} needs two channels, {channels} given", join.kind().key());
            return Err(RecipeError::new("", reason));
        }
        let inner = Spec { inputs: if is_pair { 1 } else { channels }, ..spec };
        if join.kind().own_nodes() > 0 {
            self.node_late.push(self.late);
        }
        if join.kind() == JoinKind::Oversampled {
            return self.add_oversampled(join, recipe, spec);
        }
        let mut chains = Vec::with_capacity(join.members().len());
        for (member, name) in join.members().iter().zip(recipe.member_names()) {
            chains.push(self.member(member, inner).map_err(|error| error.within(&name))?);
        }
        let own = join.own();
        let unit = match join.kind() {
            JoinKind::Parallel => boxed(Parallel::new(spec, chains, &own[0])),
            JoinKind::Delta => {
                let mut chains = chains.into_iter();
                chains
                    .next()
                    .map_or_else(|| Err(no_member()), |chain| boxed(Delta::new(spec, chain, &own[0])))
            }
            JoinKind::Bands => {
                let config = CrossoverConfig::read(own[0].config());
                boxed(Bands::new(spec, config, chains, Both(&own[0], &own[1])))
            }
            // Was built above, as its member hears another rate.
            JoinKind::Oversampled => Err(no_member()),
            JoinKind::MidSide => pair(chains, |mid, side| boxed(MidSidePaths::new(spec, mid, side))),
            JoinKind::LeftRight => pair(chains, |left, right| boxed(LeftRight::new(spec, left, right))),
        };
        self.push(unit?, channels);
        Ok(())
    }

    /// A member at a multiple of the rate. Where it acts it is as late as this is, and by half of what the filters take.
    fn add_oversampled(&mut self, join: &Join, recipe: &Recipe, spec: Spec) -> Result<(), RecipeError> {
        let config = OversampledConfig::read(join.own()[0].config());
        let hears = recipe.keys().is_empty() && self.listens == Listens::Keyed;
        let spec = Spec { sidechain: if hears { 0 } else { spec.sidechain }, ..spec };
        let inner = Oversampled::<T, ()>::inner_spec(spec, &config).map_err(RecipeError::refused)?;
        let factor = 1 << config.oversampling.octaves();
        let member = join.members().first().ok_or_else(no_member)?;
        let before = self.node_late.len();
        // Inside, frames are counted at the high rate.
        let late = core::mem::replace(&mut self.late, 0);
        let chain = self.member(member, inner);
        self.late = late;
        let chain = chain?;
        let inner_latency = Processor::<T>::latency(&chain);
        let unit = boxed(Oversampled::new(spec, config, chain))?;
        let up = (unit.latency() * factor).saturating_sub(inner_latency) / (2 * factor);
        for late in &mut self.node_late[before..] {
            *late = self.late + up + *late / factor;
        }
        self.push(unit, spec.inputs);
        Ok(())
    }

    /// A member of a join: a chain with as many channels out as in.
    fn member(&mut self, recipe: &Recipe, spec: Spec) -> Result<Chain<T>, RecipeError> {
        let mut builder = Self::new(spec, self.listens, self.late);
        builder.add(recipe)?;
        let Self { members, node_late, spec: last, .. } = builder;
        let chain = Chain::new(members, spec.with_outputs(last.inputs), &node_late, Vec::new());
        let chain = chain.map_err(RecipeError::refused)?;
        if (chain.spec().outputs, chain.channels()) != (spec.inputs, spec.inputs) {
            let (given, needed) = (chain.spec().outputs.max(chain.channels()), spec.inputs);
            return Err(RecipeError::new(
                "",
                format!("has {given} channels where {needed} go in: side by side all have as many"),
            ));
        }
        self.node_late.extend(node_late);
        Ok(chain)
    }
}

fn boxed<T: Sample>(
    unit: Result<impl Processor<T> + Send + 'static, Error>,
) -> Result<BoxedProcessor<T>, RecipeError> {
    unit.map(|unit| Box::new(unit) as BoxedProcessor<T>).map_err(RecipeError::refused)
}

fn no_member() -> RecipeError {
    RecipeError::new("", "without a member")
}

fn pair<T: Sample>(
    chains: Vec<Chain<T>>,
    make: impl FnOnce(Chain<T>, Chain<T>) -> Result<BoxedProcessor<T>, RecipeError>,
) -> Result<BoxedProcessor<T>, RecipeError> {
    let mut chains = chains.into_iter();
    let (Some(first), Some(second)) = (chains.next(), chains.next()) else { return Err(no_member()) };
    make(first, second)
}

/// The settings of two tables.
struct Both<'a>(&'a Leaf, &'a Leaf);

impl Settings for Both<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        Settings::each(self.0, visit);
        Settings::each(self.1, visit);
    }
}
