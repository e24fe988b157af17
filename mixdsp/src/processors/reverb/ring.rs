//! Floor 5: the ring of a delay, in which every tile lies in one piece.
//!
//! Behind its end a ring shows its first samples once more, so that nothing is ever read in two parts:
//!
//! ```text
//! | first samples ...                              | first samples |
//! 0                                                length          length + SHOWN
//! ```
//!
//! State: the `samples`, and the `position` at which the next one goes, both the caller's.

use crate::base::sample::Sample;
use crate::processors::reverb::hadamard::{LANES, LaneBlock, TILE};
use core::slice::IterMut;

/// Samples that are read at once at most: a tile, and those around a read between frames.
pub(super) const WINDOW: usize = TILE + LANES;
/// First samples that are shown once more.
const SHOWN: usize = WINDOW;

/// Samples that a ring takes which is read up to `longest` frames back.
pub(super) const fn words(longest: usize) -> usize {
    // A tile may be stored whole of which less counts; and no tile may lie at the start and at the end at once.
    let length = if longest > SHOWN { longest + TILE } else { SHOWN + TILE };
    length + SHOWN
}

/// One delay's ring.
pub(super) struct Ring<'a, T> {
    samples: &'a mut [T],
    position: &'a mut u32,
}

impl<'a, T: Sample> Ring<'a, T> {
    /// Takes the next ring, which is read up to `longest` frames back, from what is left of all.
    #[inline(always)]
    pub(super) fn take(samples: &mut &'a mut [T], positions: &mut IterMut<'a, u32>, longest: usize) -> Self {
        let (ring, rest) = core::mem::take(samples).split_at_mut(words(longest));
        *samples = rest;
        Self { samples: ring, position: positions.next().expect("each ring has its position") }
    }

    /// What was written from `back` frames before the next one on.
    #[inline(always)]
    pub(super) fn window(&self, back: usize) -> &[T] {
        let from = *self.position as usize;
        let from = if back > from { from + self.samples.len() - SHOWN - back } else { from - back };
        &self.samples[from..from + WINDOW]
    }

    /// The tile that was written from `back` frames before the next one on.
    #[inline(always)]
    pub(super) fn tile(&self, back: usize) -> &LaneBlock<T> {
        let (blocks, _) = self.window(back).as_chunks();
        blocks.first_chunk().expect("a window is longer than a tile")
    }

    /// Where the next tile goes.
    #[inline(always)]
    pub(super) fn next(&mut self) -> &mut LaneBlock<T> {
        let from = *self.position as usize;
        let (blocks, _) = self.samples[from..from + TILE].as_chunks_mut();
        blocks.first_chunk_mut().expect("as long as a tile")
    }

    /// Moves on by the first `frames` of the tile that was stored in [`Ring::next`].
    #[inline(always)]
    pub(super) fn advance(&mut self, frames: usize) {
        let (length, from) = (self.samples.len() - SHOWN, *self.position as usize);
        let to = from + frames;
        if to > length {
            self.samples.copy_within(length..to, 0);
        } else if from < SHOWN {
            self.samples.copy_within(from..to.min(SHOWN), length + from);
        }
        *self.position = if to >= length { to - length } else { to } as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_the_ring_reads_what_was_written() {
        for (longest, run) in [(1, 1), (1, 64), (100, 7), (WINDOW + TILE, 64), (700, 64), (701, 63)] {
            let mut samples = alloc::vec![0.0f64; words(longest)];
            let mut position = [0];
            let mut written = 0;
            let value = |frame: usize| (1 + frame) as f64;
            while written < 3_000 {
                let mut rings = &mut samples[..];
                let mut ring = Ring::take(&mut rings, &mut position.iter_mut(), longest);
                let next = ring.next().as_flattened_mut();
                next.fill(-1.0);
                let frames = (written..written + run).map(value);
                next.iter_mut().zip(frames).for_each(|(sample, value)| *sample = value);
                ring.advance(run);
                written += run;
                for back in (1..=longest.min(written)).step_by(9).chain([longest.min(written)]) {
                    let known = back.min(WINDOW);
                    let heard = &ring.window(back)[..known];
                    let frames = (written - back..).map(value);
                    assert!(heard.iter().zip(frames).all(|(a, b)| *a == b), "{longest}, {run}, {back}");
                }
            }
        }
    }
}
