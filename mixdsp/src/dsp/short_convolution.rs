//! Floor 4: sums of taps times samples, many places side by side.

use crate::base::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Places that are computed at a time.
pub(crate) const BATCH: usize = 32;
/// Samples side by side.
const LANES: usize = 8;

/// The sum of taps times samples from each of [`BATCH`] places on, always added in the same order. The window has
/// `BATCH + taps.len() - 1` samples or more.
#[inline(always)]
pub(crate) fn convolve<S: Simd, T: Sample>(simd: S, taps: &[T], window: &[T]) -> [T; BATCH] {
    let mut sums = [T::Lanes8::<S>::splat(simd, T::ZERO); BATCH / LANES];
    for (j, tap) in taps.iter().enumerate() {
        let tap = T::Lanes8::<S>::splat(simd, *tap);
        for (part, sum) in sums.iter_mut().enumerate() {
            let from = part * LANES + j;
            let samples = T::Lanes8::<S>::from_slice(simd, &window[from..from + LANES]);
            *sum = tap.mul_add(samples, *sum);
        }
    }
    let mut out = [T::ZERO; BATCH];
    for (part, sum) in sums.iter().enumerate() {
        sum.store_slice(&mut out[part * LANES..(part + 1) * LANES]);
    }
    out
}
