//! Floor 5: the diffuser: one click becomes thousands within 47 ms, before the network.
//!
//! ```text
//! inputs --> eight delays --> Hadamard --> eight delays, half as long --> Hadamard --> half of that --> Hadamard
//!        --> half of that --> Hadamard --> network, out
//! ```
//!
//! The first eight read one ring per input. After four steps each line has heard 8^4 paths; some come out of
//! a matrix turned round. Energy is unchanged. The principle is that of Signalsmith's "Let's write a reverb"
//! (2021).
//!
//! State: `rings`, what waits in each delay; `positions`, where each ring stands.

use crate::base::sample::Sample;
use crate::processors::reverb::hadamard::{LANES, LaneBlock, TILE, load, mix, scale, vectors};
use crate::processors::reverb::inputs::Inputs;
use crate::processors::reverb::lengths::{DIFFUSED, Delays, STEPS, longest};
use crate::processors::reverb::ring::{self, Ring};
use core::slice::IterMut;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Positions of rings.
pub(super) const POSITIONS: usize = (STEPS - 1) * DIFFUSED;
/// Lines turned round after each step, a bit each.
const TURNED: [u16; STEPS] = [0b1001_0110, 0b0101_1100, 0b1101_0010, 0b0111_0100];

/// Frames back that the rings of a step are read, after their tile was written: a delay may be shorter than a
/// tile. All eight are as long as the longest, and so all begin anew at once.
const fn reach(delays: &[usize; DIFFUSED]) -> usize {
    longest(delays) + TILE
}

/// Samples that the rings take.
pub(super) const fn words(delays: &Delays) -> usize {
    let [_, second, third, fourth] = &delays.diffuser;
    DIFFUSED * (ring::words(reach(second)) + ring::words(reach(third)) + ring::words(reach(fourth)))
}

/// Runs `frames` frames of the inputs through the diffuser.
#[inline(always)]
pub(super) fn run<'a, S: Simd, T: Sample>(
    simd: S,
    inputs: &Inputs<'_, T>,
    mut rings: &'a mut [T],
    positions: &mut IterMut<'a, u32>,
    delays: &Delays,
    frames: usize,
) -> [LaneBlock<T>; DIFFUSED] {
    let heard = core::array::from_fn(
        #[inline(always)]
        |line| inputs.tile(line, delays.diffuser[0][line]),
    );
    let mut second = take_eight(&mut rings, positions, &delays.diffuser[1]);
    let heard = through(simd, heard, TURNED[0], &mut second, &delays.diffuser[1], frames);
    let mut third = take_eight(&mut rings, positions, &delays.diffuser[2]);
    let heard = through(simd, heard, TURNED[1], &mut third, &delays.diffuser[2], frames);
    let mut fourth = take_eight(&mut rings, positions, &delays.diffuser[3]);
    let heard = through(simd, heard, TURNED[2], &mut fourth, &delays.diffuser[3], frames);
    let mut diffused = [[[T::ZERO; LANES]; TILE / LANES]; DIFFUSED];
    step(simd, heard, TURNED[3], diffused.each_mut(), frames);
    diffused
}

/// The rings of a step.
#[inline(always)]
fn take_eight<'a, T: Sample>(
    rings: &mut &'a mut [T],
    positions: &mut IterMut<'a, u32>,
    delays: &[usize; DIFFUSED],
) -> [Ring<'a, T>; DIFFUSED] {
    let reach = reach(delays);
    core::array::from_fn(
        #[inline(always)]
        |_| Ring::take(rings, positions, reach),
    )
}

/// Mixes what was heard into the rings of the next step, and hears those.
#[inline(always)]
fn through<'a, S: Simd, T: Sample>(
    simd: S,
    heard: [&LaneBlock<T>; DIFFUSED],
    turned: u16,
    rings: &'a mut [Ring<'_, T>; DIFFUSED],
    delays: &[usize; DIFFUSED],
    frames: usize,
) -> [&'a LaneBlock<T>; DIFFUSED] {
    step(simd, heard, turned, rings.each_mut().map(Ring::next), frames);
    rings.iter_mut().for_each(|ring| ring.advance(frames));
    core::array::from_fn(
        #[inline(always)]
        |line| rings[line].tile(delays[line] + frames),
    )
}

/// Mixes eight lines.
#[inline(always)]
fn step<S: Simd, T: Sample>(
    simd: S,
    heard: [&LaneBlock<T>; DIFFUSED],
    turned: u16,
    into: [&mut LaneBlock<T>; DIFFUSED],
    frames: usize,
) {
    let scale: T = scale(DIFFUSED);
    let scales: [T; DIFFUSED] = core::array::from_fn(
        #[inline(always)]
        |line| if turned >> line & 1 == 1 { -scale } else { scale },
    );
    for v in vectors(frames) {
        let mut lines = [T::Lanes8::<S>::splat(simd, T::ZERO); DIFFUSED];
        for (line, heard) in lines.iter_mut().zip(heard) {
            *line = load(simd, &heard[v]);
        }
        for (line, mixed) in mix(lines).into_iter().enumerate() {
            (mixed * scales[line]).store_slice(&mut into[line][v]);
        }
    }
}
