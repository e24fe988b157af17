//! Floor 5: early reflections: the walls nearest to a listener in a box, each heard once or twice.
//!
//! ```text
//! left in --> pre-delay --+--> ten delays ----------> (x near side) --> left out
//!                         `--------------------------> (x far side) --> right out
//! right in: the same mirrored, in a box that is a little longer
//! ```
//!
//! State: none; the delays are read from the rings of the inputs.

use crate::base::sample::Sample;
use crate::processors::reverb::hadamard::{LANES, LaneBlock, TILE, load, vectors};
use crate::processors::reverb::inputs::Inputs;
use crate::processors::reverb::walls::Reflections;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Adds the reflections of the next frames to both outputs, at a level that may move.
#[inline(always)]
pub(super) fn add<S: Simd, T: Sample>(
    simd: S,
    inputs: &Inputs<'_, T>,
    reflections: &Reflections,
    level: &LaneBlock<T>,
    wet: &mut [LaneBlock<T>; 2],
    frames: usize,
) {
    let mut sums = [[[T::ZERO; LANES]; TILE / LANES]; 2];
    for (at, [own, other]) in reflections.gains.iter().enumerate() {
        let (own, other) = (T::from_f64(*own), T::from_f64(*other));
        let [left, right] = [0, 1].map(|input| inputs.tile(input, reflections.delays[input][at]));
        for v in vectors(frames) {
            let (left, right) = (load(simd, &left[v]), load(simd, &right[v]));
            let [of_left, of_right] = &mut sums;
            let sum = load(simd, &of_left[v]) + left * own + right * other;
            sum.store_slice(&mut of_left[v]);
            let sum = load(simd, &of_right[v]) + right * own + left * other;
            sum.store_slice(&mut of_right[v]);
        }
    }
    for (wet, sums) in wet.iter_mut().zip(&sums) {
        for v in vectors(frames) {
            (load(simd, &wet[v]) + load(simd, &sums[v]) * load(simd, &level[v])).store_slice(&mut wet[v]);
        }
    }
}
