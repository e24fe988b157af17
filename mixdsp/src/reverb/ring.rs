//! The ring of a delay, in which every tile lies in one piece.
//!
//! Behind its end a ring shows its first samples once more, so that nothing is ever read in two parts:
//!
//! ```text
//! | first samples ...                              | first samples |
//! 0                                                length          length + SHOWN
//! ```
//!
//! State: the `samples`, and the `position` at which the next one goes, both the caller's.

use super::hadamard::{LANES, Stretch, TILE};
use crate::sample::Sample;

/// Samples that are read at once at most: a tile, and those around a read between frames.
pub(super) const WINDOW: usize = TILE + LANES;
/// First samples that are shown once more.
const SHOWN: usize = WINDOW;

/// Samples that a ring takes which is read up to `longest` frames back.
pub(super) const fn words(longest: usize) -> usize {
    // No tile may lie at the start and at the end at once.
    let length = if longest > SHOWN + TILE { longest } else { SHOWN + TILE };
    length + SHOWN
}

/// One delay's ring.
pub(super) struct Ring<'a, T> {
    samples: &'a mut [T],
    position: &'a mut u32,
}

impl<'a, T: Sample> Ring<'a, T> {
    /// Takes the ring that is read up to `longest` frames back from the front of `samples`.
    #[inline(always)]
    pub(super) fn take(samples: &mut &'a mut [T], position: &'a mut u32, longest: usize) -> Self {
        let (ring, rest) = core::mem::take(samples).split_at_mut(words(longest));
        *samples = rest;
        Self { samples: ring, position }
    }

    /// What was written from `back` frames before the next one on.
    #[inline(always)]
    pub(super) fn window(&self, back: usize) -> &[T; WINDOW] {
        let from = *self.position as usize;
        let from = if back > from { from + self.samples.len() - SHOWN - back } else { from - back };
        match self.samples[from..].first_chunk() {
            Some(window) => window,
            None => unreachable!("SHOWN samples lie behind the end"),
        }
    }

    /// Copies what was written from `back` frames before the next one on.
    #[inline(always)]
    pub(super) fn read(&self, back: usize, out: &mut Stretch<T>) {
        let (stretches, _) = self.window(back).as_chunks();
        out.iter_mut().zip(stretches).for_each(|(out, samples)| *out = *samples);
    }

    /// Stores the first `frames` of a tile and moves on.
    #[inline(always)]
    pub(super) fn write(&mut self, tile: &Stretch<T>, frames: usize) {
        let (length, from) = (self.samples.len() - SHOWN, *self.position as usize);
        let to = from + frames;
        if frames == TILE {
            let (stretches, _) = self.samples[from..from + TILE].as_chunks_mut();
            stretches.iter_mut().zip(tile).for_each(|(samples, stretch)| *samples = *stretch);
        } else {
            self.samples[from..to].copy_from_slice(&tile.as_flattened()[..frames]);
        }
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
            let mut position = 0;
            let mut written = 0;
            let value = |frame: usize| (1 + frame) as f64;
            while written < 3_000 {
                let mut rings = &mut samples[..];
                let mut ring = Ring::take(&mut rings, &mut position, longest);
                let mut tile = [[-1.0; LANES]; TILE / LANES];
                let frames = (written..written + run).map(value);
                tile.as_flattened_mut().iter_mut().zip(frames).for_each(|(sample, value)| *sample = value);
                ring.write(&tile, run);
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
