//! Floor 4: sums of taps times samples, many places side by side.

use crate::base::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Vectors that are summed at a time: so many hide how long one addition takes, and fit into the registers.
const VECTORS: usize = 8;
/// Most places that are computed at a time.
pub(crate) const MOST_BATCH: usize = VECTORS * 16;

/// Places that are computed at a time.
#[inline(always)]
pub(crate) fn batch<S: Simd, T: Sample>() -> usize {
    VECTORS * T::Native::<S>::LEN
}

/// The sums of taps times samples from each of [`batch`] places on, always added in the same order. The window has
/// `batch + taps.len() - 1` samples or more.
#[inline(always)]
pub(crate) fn convolve<S: Simd, T: Sample>(simd: S, taps: &[T], window: &[T]) -> [T::Native<S>; VECTORS] {
    let lanes = T::Native::<S>::LEN;
    let mut sums = [T::Native::<S>::splat(simd, T::ZERO); VECTORS];
    for (tap, window) in taps.iter().zip(window.windows(VECTORS * lanes)) {
        let tap = T::Native::<S>::splat(simd, *tap);
        for (vector, sum) in sums.iter_mut().enumerate() {
            let samples = T::Native::<S>::from_slice(simd, &window[vector * lanes..(vector + 1) * lanes]);
            *sum = tap.mul_add(samples, *sum);
        }
    }
    sums
}

/// Writes such sums for as many places as `out` has.
#[inline(always)]
pub(crate) fn convolve_into<S: Simd, T: Sample>(simd: S, taps: &[T], window: &[T], out: &mut [T]) {
    let lanes = T::Native::<S>::LEN;
    for (at, out) in out.chunks_mut(batch::<S, T>()).enumerate() {
        let sums = convolve(simd, taps, &window[at * batch::<S, T>()..]);
        for (sum, out) in sums.iter().zip(out.chunks_mut(lanes)) {
            out.copy_from_slice(&sum.as_slice()[..out.len()]);
        }
    }
}
