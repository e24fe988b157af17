//! Floor 5: modulation: where the modulated lines are read, as four quarters of one slow turn.
//!
//! The turn is computed at every 64th frame since reset, so that the cut does not matter, and between them by
//! the sum of two angles, of which the second is small.

use crate::base::sample::Sample;
use crate::processors::reverb::hadamard::{LANES, LaneBlock, TILE, load, vectors};
use crate::processors::reverb::lengths::EXCURSION_SECONDS;
use core::f64::consts::TAU;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Lines whose reads move, each a quarter of a turn ahead of the one before.
pub(super) const MODULATED: usize = 4;
/// Turns per second.
const MODULATION_HZ: f64 = 2.0;

/// By how many frames later than at rest each modulated line is read.
pub(super) type Modulation<T> = [LaneBlock<T>; MODULATED];

/// The modulation of a tile whose first frame is frame `at` since reset; `depth` moves from frame to frame.
#[inline(always)]
pub(super) fn reads<S: Simd, T: Sample>(
    simd: S,
    at: u64,
    depth: &LaneBlock<T>,
    frames: usize,
    sample_rate: f64,
) -> Modulation<T> {
    let turns_per_frame = MODULATION_HZ / sample_rate;
    let excursion = EXCURSION_SECONDS * sample_rate;
    let since = (at % TILE as u64) as usize;
    let mut sines = [[[T::ZERO; LANES]; TILE / LANES]; 2];
    let mut cosines = sines;
    for tile in 0..(since + frames).div_ceil(TILE) {
        let turn = (at - since as u64 + (tile * TILE) as u64) as f64 * turns_per_frame;
        let (sine, cosine) = libm::sincos(TAU * (turn - libm::floor(turn)));
        let (sine, cosine) = (T::from_f64(excursion * sine), T::from_f64(excursion * cosine));
        for v in vectors(TILE) {
            let angle = TAU * turns_per_frame;
            let angles: [T; LANES] = core::array::from_fn(
                #[inline(always)]
                |lane| T::from_f64(angle * (v * LANES + lane) as f64),
            );
            // At most 0.1, where the next terms are below 1e-10.
            let angle = load(simd, &angles);
            let square = angle * angle;
            let number = |value: f64| T::Lanes8::<S>::splat(simd, T::from_f64(value));
            let small_sine =
                angle * (number(1.0) - square * (number(1.0 / 6.0) - square * number(1.0 / 120.0)));
            let of_fourth = number(1.0 / 24.0) - square * number(1.0 / 720.0);
            let small_cosine = number(1.0) - square * (number(0.5) - square * of_fourth);
            (small_cosine * sine + small_sine * cosine).store_slice(&mut sines[tile][v]);
            (small_cosine * cosine - small_sine * sine).store_slice(&mut cosines[tile][v]);
        }
    }
    let mut late = [*depth; MODULATED];
    for v in vectors(frames) {
        let now = since + v * LANES;
        let of = |track: &[LaneBlock<T>; 2]| {
            load(simd, &depth[v])
                * T::Lanes8::<S>::from_slice(simd, &track.as_flattened().as_flattened()[now..][..LANES])
        };
        let (sine, cosine) = (of(&sines), of(&cosines));
        for (late, place) in late.iter_mut().zip([sine, cosine, -sine, -cosine]) {
            place.store_slice(&mut late[v]);
        }
    }
    late
}
