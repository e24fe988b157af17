//! What the limiter listens to: per frame, how high the waveform of a channel goes around it.

use crate::sample::Sample;
use crate::true_peak::{DELAY, HISTORY, INTERVALS, Union, WINDOW};
use fearless_simd::Simd;

/// Writes the peak at each frame: the largest magnitude of its sample and of both intervals beside it. The
/// frames are [`DELAY`] behind the samples that are added. `before` is what the interval before the newest
/// held.
#[inline(always)]
pub(super) fn union_peaks<S: Simd, T: Sample>(
    simd: S,
    union: &Union<T>,
    window: &[T; WINDOW],
    before: &mut T,
    peaks: &mut [T],
) {
    let mut between = [T::ZERO; INTERVALS];
    union.peaks(simd, window, peaks.len(), &mut between);
    let samples = &window[HISTORY - DELAY..];
    let mut earlier = [*before; INTERVALS];
    earlier[1..].copy_from_slice(&between[..INTERVALS - 1]);
    *before = between[peaks.len() - 1];
    for (((peak, sample), between), earlier) in peaks.iter_mut().zip(samples).zip(&between).zip(&earlier) {
        *peak = larger(larger(*earlier, *between), sample.abs());
    }
}

#[inline(always)]
pub(super) fn larger<T: Sample>(a: T, b: T) -> T {
    if a > b { a } else { b }
}

/// Adds samples behind the history of a window.
#[inline(always)]
pub(super) fn add<T: Sample>(window: &mut [T; WINDOW], samples: &[T]) {
    window[HISTORY..HISTORY + samples.len()].copy_from_slice(samples);
}

/// Makes the newest samples the history.
#[inline(always)]
pub(super) fn advance<T: Sample>(window: &mut [T; WINDOW], frames: usize) {
    window.copy_within(frames..frames + HISTORY, 0);
}
