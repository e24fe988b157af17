//! Diffuser: one click becomes thousands within 44 ms, before the network.
//!
//! ```text
//! 8 lines -> a delay of its own each -> Hadamard, some turned round -> twice more, half as long each
//! ```
//!
//! After three steps each line has heard 8^3 paths. Energy is unchanged. The principle is that of
//! Signalsmith's "Let's write a reverb" (2021).
//!
//! State: `rings`, what waits in each delay; `positions`, where each ring stands.

use super::hadamard::{Stretch, TILE, mix};
use super::lengths::{DIFFUSED, Delays, STEPS};
use super::ring::{self, Ring};
use crate::sample::Sample;
use fearless_simd::Simd;

/// Lines turned round after each step, a bit each.
const TURNED: [u16; STEPS] = [0b1001_0110, 0b0101_1100, 0b1101_0010];

/// Samples that the rings take.
pub(super) const fn words(delays: &Delays) -> usize {
    let (lengths, mut words, mut line) = (delays.diffuser.as_flattened(), 0, 0);
    while line < lengths.len() {
        words += ring::words(reach(lengths[line]));
        line += 1;
    }
    words
}

/// Frames back that a delay is read, after its tile was written: a delay may be shorter than a tile.
const fn reach(delay: usize) -> usize {
    delay + TILE
}

/// Runs a tile of `frames` frames through the diffuser, in place.
#[inline(always)]
pub(super) fn run<'a, S: Simd, T: Sample>(
    simd: S,
    tile: &mut [Stretch<T>; DIFFUSED],
    mut rings: &'a mut [T],
    positions: &'a mut [u32],
    delays: &Delays,
    frames: usize,
) {
    let steps = TURNED.iter().zip(&delays.diffuser).zip(positions.chunks_exact_mut(DIFFUSED));
    for ((turned, delays), positions) in steps {
        for ((samples, delay), position) in tile.iter_mut().zip(delays).zip(positions) {
            let mut ring = Ring::take(&mut rings, position, reach(*delay));
            ring.write(samples, frames);
            ring.read(delay + frames, samples);
        }
        mix(simd, tile, *turned, frames);
    }
}
