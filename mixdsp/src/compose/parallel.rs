//! Parallel: members hear the same input, and their outputs are summed, with the dry input beside them when wanted.
//!
//! ```text
//! in --+--> member 0 --> wait --+
//!      |--> member 1 --> wait --(+)--> (x) wet_db ------(+)--> (x) mix --------(+)--> out
//!      `---------------> wait --+----> (x) dry_db, dry --'                      |
//!                               `----> (x) 1 - mix -----------------------------'
//! ```
//!
//! Every path meets the others to the sample: latency is that of the slowest member. `mix` fades between the input and
//! all of this; with one member and the rest at its defaults it is the common share of wet and dry.
//!
//! Moving: `wet`, `dry`, the amplitude factors of the two. Cost: two copies and three additions per sample and member.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::decibels_to_gain;
use crate::compose::blend::{Blend, Levels, blend, shape};
use crate::compose::members::Members;
use crate::compose::node::{Latencies, Node};
use crate::engine::declare::processor;
use crate::engine::kind::{ProcessorKind, Run, Setup};
use crate::params::{Settings, params};

params! {
    /// Settings of a [`Parallel`].
    pub struct ParallelParams {
        /// Share of all this; the rest is the input, delayed by the latency.
        MIX = 1, mix ("Mix"): linear(0.0..=1.0, "") = 1.0;
        /// Level of the members' sum.
        WET_DB = 2, wet_db ("Wet"): linear(-96.0..=24.0, "dB") = 0.0;
        /// Whether the input is heard beside the members.
        DRY = 3, dry ("Dry"): switch() = false;
        /// Level of the input beside the members.
        DRY_DB = 4, dry_db ("Dry level"): linear(-96.0..=24.0, "dB") = 0.0;
    }
}

processor! {
    /// Sums the members of a parallel and the dry input, each at its level.
    /// The dry input is the audio, the sum of the members the sidechain.
    pub ParallelLevels = ParallelKind {
        key: "parallel", label: "Parallel", params: ParallelParams, sidechain: true,
    }
}

impl ProcessorKind for ParallelKind {
    type Moving = Levels;
    type State<T: Sample> = ();

    fn design(setup: &Setup<'_, Self>) -> Levels {
        let ParallelParams { mix, wet_db, dry, dry_db } = setup.params();
        let beside = if dry { decibels_to_gain(dry_db) } else { 0.0 };
        Levels { wet: mix * decibels_to_gain(wet_db), dry: mix * beside + (1.0 - mix) }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let channels = 0..block.channels();
        blend(run.moving, block, channels);
    }
}

/// Members side by side, summed, with the input beside them when wanted: see [`ParallelParams`], which are node 0; the
/// members are nodes 1 and up. As many channels out as in; every member takes as many.
///
/// ```
/// use mixdsp::{Gain, Limiter, NoConfig, Parallel, ParallelParams, Processor, Spec};
///
/// let spec = Spec::new(48_000.0, 2);
/// let limiter = Limiter::<f32>::new(spec, Default::default(), ())?;
/// let params = ParallelParams { mix: 0.5, ..Default::default() };
/// let mut parallel = Parallel::new(spec, (limiter,), params)?;
/// parallel.set(ParallelParams::MIX.any(), 0.25)?;
/// # Ok::<(), mixdsp::Error>(())
/// ```
pub type Parallel<T, M, S = crate::base::memory::Storage> = Node<Blend<ParallelKind, T>, T, M, S>;

impl<T: Sample, M: Members<T>> Parallel<T, M> {
    /// Words that a parallel of these members needs.
    pub fn memory(spec: &Spec, members: &M) -> usize {
        Latencies::of::<T>(members).words::<T>(shape(spec.inputs))
    }

    /// A parallel that owns its memory.
    #[cfg(any(feature = "alloc", test))]
    pub fn new(spec: Spec, members: M, params: impl Settings) -> Result<Self, Error> {
        Node::boxed(spec, Blend::new(spec, params)?, members)
    }
}

impl<T: Sample, M: Members<T>, S: Store> Parallel<T, M, S> {
    /// A parallel in memory of the caller.
    pub fn new_in(spec: Spec, members: M, params: impl Settings, storage: S) -> Result<Self, Error> {
        Node::build(spec, Blend::new(spec, params)?, members, storage)
    }
}
