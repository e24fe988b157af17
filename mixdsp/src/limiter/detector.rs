//! What the limiter listens to: per frame, how high the waveform of a channel goes around it.

use crate::sample::Sample;
use crate::true_peak::{DELAY, HISTORY, INTERVALS, Union, WINDOW};
use fearless_simd::Simd;

/// Writes the peak at each frame: the largest magnitude of its sample and of both intervals beside it. The
/// frames are [`DELAY`] behind the samples that are added, the first of which is number `at` since reset.
/// `before` is what the interval before the newest held.
///
/// At the beginning both count: silence before it, and what meters make of it that mirror the edge of a file.
#[inline(always)]
pub(super) fn union_peaks<S: Simd, T: Sample>(
    simd: S,
    union: &Union<T>,
    window: &[T; WINDOW],
    at: u64,
    before: &mut T,
    peaks: &mut [T],
) {
    let mut between = [T::ZERO; INTERVALS];
    union.peaks(simd, window, peaks.len(), &mut between);
    if at < HISTORY as u64 {
        let at = at as usize;
        let mut other = [T::ZERO; INTERVALS];
        union.peaks(simd, &mirrored(window, at, peaks.len()), peaks.len(), &mut other);
        // Intervals before the first sample are not heard, and their mirror images not yet known.
        for i in DELAY.saturating_sub(at)..peaks.len() {
            between[i] = larger(between[i], other[i]);
        }
    }
    let samples = &window[HISTORY - DELAY..];
    let mut earlier = [*before; INTERVALS];
    earlier[1..].copy_from_slice(&between[..INTERVALS - 1]);
    *before = between[peaks.len() - 1];
    for (((peak, sample), between), earlier) in peaks.iter_mut().zip(samples).zip(&between).zip(&earlier) {
        *peak = larger(larger(*earlier, *between), sample.abs());
    }
}

/// The window as if the audio before its beginning were the mirror image of what follows, as ffmpeg's resampler
/// has it: x[-n] = x[n].
fn mirrored<T: Sample>(window: &[T; WINDOW], at: usize, frames: usize) -> [T; WINDOW] {
    let mut mirrored = *window;
    let first = HISTORY - at;
    for n in (1..=first).take_while(|n| *n < at + frames) {
        mirrored[first - n] = window[first + n];
    }
    mirrored
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
