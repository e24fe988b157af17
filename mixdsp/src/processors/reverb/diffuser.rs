//! Floor 5: the diffuser: one click becomes thousands within 44 ms, before the network.
//!
//! ```text
//! in --> pre-delay, eight delays --> Hadamard --> eight delays --> Hadamard --> eight delays --> Hadamard
//!                                                 half as long                  half of that
//! ```
//!
//! The first eight read one ring per input. After three steps each line has heard 8^3 paths; some come out of
//! a matrix turned round. Energy is unchanged. The principle is that of Signalsmith's "Let's write a reverb"
//! (2021).
//!
//! State: `rings`, what waits in each delay; `positions`, where each ring stands.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::processors::reverb::hadamard::{LANES, LaneBlock, TILE, load, mix, scale, vectors};
use crate::processors::reverb::lengths::{DIFFUSED, Delays, STEPS, longest};
use crate::processors::reverb::ring::{self, Ring};
use core::slice::IterMut;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Most inputs.
const INPUTS: usize = 2;
/// Positions of rings.
pub(super) const POSITIONS: usize = INPUTS + 2 * DIFFUSED;
/// Lines turned round after each step, a bit each.
const TURNED: [u16; STEPS] = [0b1001_0110, 0b0101_1100, 0b1101_0010];

/// Frames back that the rings of a step are read, after their tile was written: a delay may be shorter than a
/// tile. All eight are as long as the longest, and so all begin anew at once.
const fn reach(delays: &[usize; DIFFUSED]) -> usize {
    longest(delays) + TILE
}

/// Frames back that an input's ring is read.
const fn input_reach(delays: &Delays) -> usize {
    delays.pre_delay + reach(&delays.diffuser[0])
}

/// Samples that the rings take.
pub(super) const fn words(inputs: usize, delays: &Delays) -> usize {
    let [_, second, third] = &delays.diffuser;
    inputs * ring::words(input_reach(delays))
        + DIFFUSED * (ring::words(reach(second)) + ring::words(reach(third)))
}

/// Runs `frames` frames of the inputs, one or two, through the diffuser.
#[inline(always)]
pub(super) fn run<'a, S: Simd, T: Sample>(
    simd: S,
    block: &Block<'_, '_, T>,
    inputs: usize,
    mut rings: &'a mut [T],
    positions: &'a mut [u32],
    delays: &Delays,
) -> [LaneBlock<T>; DIFFUSED] {
    let frames = block.frames();
    let mut positions = positions.iter_mut();
    let mut left = Ring::take(&mut rings, &mut positions, input_reach(delays));
    let mut right = (inputs > 1).then(|| Ring::take(&mut rings, &mut positions, input_reach(delays)));
    for (input, ring) in [&mut left].into_iter().chain(&mut right).enumerate() {
        let samples = ring.next().as_flattened_mut().iter_mut().zip(block.input(input));
        samples.for_each(|(sample, input)| *sample = input.flushed());
        ring.advance(frames);
    }
    let right = right.as_ref().unwrap_or(&left);
    let heard = core::array::from_fn(
        #[inline(always)]
        |line| {
            let ring = if line % INPUTS == 0 { &left } else { right };
            ring.tile(delays.pre_delay + delays.diffuser[0][line] + frames)
        },
    );

    let mut second = take_eight(&mut rings, &mut positions, &delays.diffuser[1]);
    let heard = through(simd, heard, TURNED[0], &mut second, &delays.diffuser[1], frames);
    let mut third = take_eight(&mut rings, &mut positions, &delays.diffuser[2]);
    let heard = through(simd, heard, TURNED[1], &mut third, &delays.diffuser[2], frames);
    let mut diffused = [[[T::ZERO; LANES]; TILE / LANES]; DIFFUSED];
    step(simd, heard, TURNED[2], diffused.each_mut(), frames);
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
        let lines: [T::Lanes8<S>; DIFFUSED] = core::array::from_fn(
            #[inline(always)]
            |line| load(simd, &heard[line][v]),
        );
        for (line, mixed) in mix(lines).into_iter().enumerate() {
            (mixed * scales[line]).store_slice(&mut into[line][v]);
        }
    }
}
