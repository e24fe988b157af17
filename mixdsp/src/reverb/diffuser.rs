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

use super::hadamard::{Stretch, mix};
use super::lengths::{DIFFUSED, STEPS};
use crate::line;
use crate::sample::Sample;
use fearless_simd::Simd;

/// Lines turned round after each step, a bit each.
const TURNED: [u16; STEPS] = [0b1001_0110, 0b0101_1100, 0b1101_0010];

/// Runs a tile of `frames` frames through the diffuser, in place.
#[inline(always)]
pub(super) fn run<S: Simd, T: Sample>(
    simd: S,
    tile: &mut [Stretch<T>; DIFFUSED],
    mut rings: &mut [T],
    positions: &mut [u32],
    lengths: &[[usize; DIFFUSED]; STEPS],
    frames: usize,
) {
    let steps = TURNED.iter().zip(lengths).zip(positions.chunks_exact_mut(DIFFUSED));
    for ((turned, lengths), positions) in steps {
        for ((samples, length), position) in tile.iter_mut().zip(lengths).zip(positions) {
            let (ring, rest) = core::mem::take(&mut rings).split_at_mut(*length);
            rings = rest;
            let samples = &mut samples.as_flattened_mut()[..frames];
            *position = line::wait(ring, *position as usize, samples) as u32;
        }
        mix(simd, tile, *turned, frames);
    }
}
