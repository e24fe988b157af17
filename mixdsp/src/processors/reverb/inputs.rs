//! Floor 5: what came in, a ring per input: the pre-delay, and as far behind it as the first echoes lie.
//!
//! State: the rings and their positions.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::processors::reverb::hadamard::{LaneBlock, TILE};
use crate::processors::reverb::lengths::Delays;
use crate::processors::reverb::ring::{self, Ring};
use crate::processors::reverb::walls::INPUTS;
use core::slice::IterMut;

/// Frames back that a ring is read, after its tile was written: an echo may come within a tile.
const fn reach(delays: &Delays) -> usize {
    delays.pre_delay + delays.latest_echo() + TILE
}

/// Samples that the rings take.
pub(super) const fn words(inputs: usize, delays: &Delays) -> usize {
    inputs * ring::words(reach(delays))
}

/// What came in on the left and on the right, which are the same where there is one input.
pub(super) struct Inputs<'a, T> {
    left: Ring<'a, T>,
    right: Option<Ring<'a, T>>,
    pre_delay: usize,
    frames: usize,
}

impl<'a, T: Sample> Inputs<'a, T> {
    /// Takes the rings, and stores what `inputs` of the block's channels bring.
    #[inline(always)]
    pub(super) fn new(
        block: &Block<'_, '_, T>,
        inputs: usize,
        rings: &mut &'a mut [T],
        positions: &mut IterMut<'a, u32>,
        delays: &Delays,
    ) -> Self {
        let frames = block.frames();
        let mut left = Ring::take(rings, positions, reach(delays));
        let mut right = (inputs > 1).then(|| Ring::take(rings, positions, reach(delays)));
        for (input, ring) in [&mut left].into_iter().chain(&mut right).enumerate() {
            let samples = ring.next().as_flattened_mut().iter_mut().zip(block.input(input));
            samples.for_each(|(sample, input)| *sample = input.flushed());
            ring.advance(frames);
        }
        Self { left, right, pre_delay: delays.pre_delay, frames }
    }

    /// A tile of one input, so many frames behind the pre-delay.
    #[inline(always)]
    pub(super) fn tile(&self, input: usize, delay: usize) -> &LaneBlock<T> {
        let right = self.right.as_ref().unwrap_or(&self.left);
        let ring = if input.is_multiple_of(INPUTS) { &self.left } else { right };
        ring.tile(self.pre_delay + delay + self.frames)
    }
}
