//! Align: a delay of whole frames that counts as latency, so that a path waits for a slower one.
//!
//! ```text
//! in --> ring of `frames` frames --> out
//! ```
//!
//! State: `position`, where the ring is written and read next, per frame. What goes in comes out bit exact.
//! Latency is `frames`. Cost: one copy in, one out.

use crate::base::audio::{Block, Key};
use crate::base::error::Error;
use crate::base::memory::{Storage, Word, layout};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::delay_line;
use crate::engine::kind::{Core, Kind, Setup};
use crate::engine::unit::{Unit, words_for_params};
use crate::params::ramp::Change;
use crate::params::{Id, ParamTable, Row, params};

params! {
    /// What is fixed when an [`Align`] is built.
    pub struct AlignConfig {
        /// How long the path waits.
        FRAMES = 1001, frames ("Frames"): whole(0..=1000000, "frames") = 0;
    }
}

layout! {
    /// The words of an align.
    struct Memory<T>, read as MemoryRef (channels: usize, frames: usize) {
        ring: [T; channels.saturating_mul(frames)],
    }
}

/// Makes a path wait by whole frames. As many channels out as in.
pub type Align<T, S = Storage> = Unit<AlignKind, T, S>;

impl<T: Sample> Align<T> {
    /// Words that an align needs.
    pub const fn memory(spec: &Spec, config: &AlignConfig) -> usize {
        words_for_params(0).saturating_add(Memory::<T>::words(spec.inputs, config.frames as usize))
    }
}

/// The catalogue's entry for [`Align`].
#[derive(Debug)]
pub struct AlignKind;

impl Kind for AlignKind {
    const KEY: &'static str = "align";
    const NAME: &'static str = "Align";
    const DOC: &'static str = "Makes a path wait by whole frames, so that it meets a slower one.";
    const PARAMS: ParamTable = ParamTable { rows: &[], groups: &[] };
    const READINGS: &'static [Row] = &[];
    type Config = AlignConfig;
    type Core<T: Sample> = AlignCore;

    fn check(spec: &Spec, _config: &AlignConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

    fn memory<T: Sample>(spec: &Spec, config: &AlignConfig) -> usize {
        Align::<T>::memory(spec, config)
    }

    fn core<T: Sample>(_setup: &Setup<'_, AlignConfig>, _words: &mut [Word]) -> AlignCore {
        AlignCore { position: 0 }
    }
}

/// The inside of an [`Align`].
#[derive(Debug)]
pub struct AlignCore {
    position: usize,
}

impl<T: Sample> Core<T> for AlignCore {
    type Config = AlignConfig;

    fn change(&mut self, _: &Setup<'_, AlignConfig>, _: &mut [Word], _: Id, _: Change) {}

    fn run(
        &mut self,
        setup: &Setup<'_, AlignConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        _: Key<'_, T>,
    ) {
        let length = setup.config.frames as usize;
        if length == 0 {
            return;
        }
        let ring = Memory::<T>::carve(words, setup.spec.inputs, length).ring;
        let frames = block.frames();
        for (channel, ring) in ring.chunks_exact_mut(length).enumerate() {
            delay_line::wait(ring, self.position, block.channel(channel));
        }
        self.position = (self.position + frames) % length;
    }

    fn snap(&mut self, _: &Setup<'_, AlignConfig>, _: &mut [Word]) {}

    fn reset(&mut self, setup: &Setup<'_, AlignConfig>, words: &mut [Word]) {
        Memory::<T>::carve(words, setup.spec.inputs, setup.config.frames as usize).ring.fill(T::ZERO);
        self.position = 0;
    }

    fn latency(&self, setup: &Setup<'_, AlignConfig>) -> usize {
        setup.config.frames as usize
    }

    fn tail(&self, setup: &Setup<'_, AlignConfig>, _: &[Word]) -> Option<usize> {
        Some(setup.config.frames as usize)
    }
}
