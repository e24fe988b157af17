//! Half-band filters of linear phase. Of `2 K` taps `c`, which are symmetric:
//!
//! ```text
//! up     high[2n] = sum of c[i] low[n - i]        high[2n + 1] = low[n - K + 1]
//! down   low[n] = (sum of c[i] filtered[n - i] + delayed[n - d]) / 2
//! ```
//!
//! where `filtered` are the even frames and `delayed` the odd ones with `d = K`; or, when what happened at the high rate is
//! late by an odd number of frames, the other way round with `d = K - 1`, so that the sum is whole at the low rate.

use crate::base::sample::Sample;
use crate::dsp::short_convolution::{BATCH, convolve};
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;

/// Most taps.
const MOST_TAPS: usize = 88;
const WINDOW: usize = MOST_TAPS + CHUNK;

/// Samples that a channel keeps, up and down, where one half of the taps has so many.
pub(super) const fn history(half: usize) -> [usize; 2] {
    [2 * half - 1, 3 * half - 1]
}

/// Frames of the low rate by which up and down are late together, and what happens between them by `late` of the high.
pub(super) const fn latency(half: usize, late: usize) -> usize {
    2 * half - 1 + late / 2
}

/// Filters frames: `window` begins with the history, to which they are added.
#[inline(always)]
fn filter<S: Simd, T: Sample>(simd: S, taps: &[T], window: &[T; WINDOW], out: &mut [T]) {
    for (part, out) in out.chunks_mut(BATCH).enumerate() {
        let sums = convolve(simd, taps, &window[part * BATCH..]);
        out.copy_from_slice(&sums[..out.len()]);
    }
}

/// To the double rate.
#[inline(always)]
pub(super) fn up<S: Simd, T: Sample>(simd: S, taps: &[T], history: &mut [T], low: &[T], high: &mut [T]) {
    let kept = history.len();
    for (low, high) in low.chunks(CHUNK).zip(high.chunks_mut(2 * CHUNK)) {
        let frames = low.len();
        let mut window = [T::ZERO; WINDOW];
        window[..kept].copy_from_slice(history);
        window[kept..kept + frames].copy_from_slice(low);
        let mut filtered = [T::ZERO; CHUNK];
        filter(simd, taps, &window, &mut filtered[..frames]);
        let delayed = &window[kept / 2 + 1..][..frames];
        for ((pair, even), odd) in high.chunks_exact_mut(2).zip(&filtered).zip(delayed) {
            (pair[0], pair[1]) = (*even, *odd);
        }
        history.copy_from_slice(&window[frames..frames + kept]);
    }
}

/// To half the rate.
#[inline(always)]
pub(super) fn down<S: Simd, T: Sample>(
    simd: S,
    taps: &[T],
    history: &mut [T],
    is_odd: bool,
    high: &[T],
    low: &mut [T],
) {
    let half = taps.len() / 2;
    let (filtered_history, delayed_history) = history.split_at_mut(2 * half - 1);
    let kept = filtered_history.len();
    let delay = half - is_odd as usize;
    for (high, low) in high.chunks(2 * CHUNK).zip(low.chunks_mut(CHUNK)) {
        let frames = low.len();
        let mut windows = [[T::ZERO; WINDOW]; 2];
        windows[0][..kept].copy_from_slice(filtered_history);
        windows[1][..half].copy_from_slice(delayed_history);
        let [filtered, delayed] = &mut windows;
        let (even, odd) = (&mut filtered[kept..][..frames], &mut delayed[half..][..frames]);
        let (even, odd) = if is_odd { (odd, even) } else { (even, odd) };
        for ((pair, even), odd) in high.chunks_exact(2).zip(even).zip(odd) {
            (*even, *odd) = (pair[0], pair[1]);
        }
        filter(simd, taps, &windows[0], low);
        let half_of_it = T::from_f64(0.5);
        for (sum, other) in low.iter_mut().zip(&windows[1][half - delay..]) {
            *sum = half_of_it * (*sum + *other);
        }
        filtered_history.copy_from_slice(&windows[0][frames..frames + kept]);
        delayed_history.copy_from_slice(&windows[1][frames..frames + half]);
    }
}
