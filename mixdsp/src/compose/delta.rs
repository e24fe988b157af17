//! Delta: what a processor takes away: its input, delayed by its latency, minus its output.
//!
//! ```text
//! in --+--> processor --> (x) match_gain_db --+
//!      |                                      -
//!      `--> delay -------------------------->(+)--> out
//! ```
//!
//! Output and delta add up to the delayed input. What only makes louder would take away nothing but level: a gain after
//! the processor, set from the outside, brings both to one loudness first.
//!
//! Moving: `wet`, minus the amplitude factor of that gain; `dry`, always 1. Latency is the processor's.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::decibels_to_gain;
use crate::compose::blend::{Blend, Levels, blend, shape};
use crate::compose::node::{Latencies, Node};
use crate::engine::declare::processor;
use crate::engine::kind::{ProcessorKind, Run, Setup};
use crate::engine::processor::Processor;
use crate::params::{Settings, params};

params! {
    /// Settings of a [`Delta`].
    pub struct DeltaParams {
        /// Gain of the processor's output before it is taken from the input: what makes both equally loud.
        MATCH_GAIN_DB = 1, match_gain_db ("Match gain"): linear(-48.0..=48.0, "dB") = 0.0;
    }
}

processor! {
    /// Takes the output of a processor from its delayed input.
    /// The delayed input is the audio, the output the sidechain.
    pub DeltaLevels = DeltaKind { key: "delta", label: "Delta", params: DeltaParams, sidechain: true, }
}

impl ProcessorKind for DeltaKind {
    type Moving = Levels;
    type State<T: Sample> = ();

    fn design(setup: &Setup<'_, Self>) -> Levels {
        Levels { wet: -decibels_to_gain(setup.params().match_gain_db), dry: 1.0 }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let channels = 0..block.channels();
        blend(run.moving, block, channels);
    }
}

/// What a processor takes away: see [`DeltaParams`], which are node 0; the processor is node 1 and up. As many channels
/// out as in.
pub type Delta<T, P, S = crate::base::memory::Storage> = Node<Blend<DeltaKind, T>, T, (P,), S>;

impl<T: Sample, P: Processor<T>> Delta<T, P> {
    /// Words that a delta of this processor needs.
    pub fn memory(spec: &Spec, processor: &P) -> usize {
        Latencies::default().and(processor.latency()).words::<T>(shape(spec.inputs))
    }

    /// A delta that owns its memory.
    #[cfg(any(feature = "alloc", test))]
    pub fn new(spec: Spec, processor: P, params: impl Settings) -> Result<Self, Error> {
        Node::boxed(spec, Blend::new(spec, params)?, (processor,))
    }
}

impl<T: Sample, P: Processor<T>, S: Store> Delta<T, P, S> {
    /// A delta in memory of the caller.
    pub fn new_in(spec: Spec, processor: P, params: impl Settings, storage: S) -> Result<Self, Error> {
        Node::build(spec, Blend::new(spec, params)?, (processor,), storage)
    }
}
