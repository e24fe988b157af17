//! Half-band filters of linear phase. Of `2 K` taps `c`, which are symmetric:
//!
//! ```text
//! up     high[2n] = sum of c[i] low[n - i]        high[2n + 1] = low[n - K + 1]
//! down   low[n] = (sum of c[i] filtered[n - i] + delayed[n - d]) / 2
//! ```
//!
//! where `filtered` are the even frames and `delayed` the odd ones with `d = K`; or, when what happened at the high rate is
//! late by an odd number of frames, the other way round with `d = K - 1`, so that the sum is whole at the low rate.

use super::workbench::{LEAD, MARGIN};
use crate::base::sample::Sample;
use crate::dsp::short_convolution::{batch, convolve};
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Samples that a channel keeps, up and down, where one half of the taps has so many.
pub(super) const fn history(half: usize) -> [usize; 2] {
    [2 * half - 1, 3 * half - 1]
}

/// Frames of the low rate by which up and down are late together, and what happens between them by `late` of the high.
pub(super) const fn latency(half: usize, late: usize) -> usize {
    2 * half - 1 + late / 2
}

/// To the double rate: frames of `low` and what was heard before them, to `high`, each behind its lead.
#[inline(always)]
pub(super) fn up<S: Simd, T: Sample>(
    simd: S,
    taps: &[T],
    history: &mut [T],
    frames: usize,
    low: &mut [T],
    high: &mut [T],
) {
    let lanes = T::Native::<S>::LEN;
    let kept = history.len();
    low[LEAD - kept..LEAD].copy_from_slice(history);
    for done in (0..frames).step_by(batch::<S, T>()) {
        let sums = convolve(simd, taps, &low[LEAD - kept + done..]);
        let mut at = done;
        for sum in sums {
            // Vectors beyond the frames are of no use.
            if at >= frames {
                break;
            }
            let delayed = T::Native::<S>::from_slice(simd, &low[LEAD - kept / 2 + at..][..lanes]);
            let (first, second) = sum.interleave(delayed);
            let pair = &mut high[LEAD + 2 * at..][..2 * lanes];
            first.store_slice(&mut pair[..lanes]);
            second.store_slice(&mut pair[lanes..]);
            at += lanes;
        }
    }
    history.copy_from_slice(&low[LEAD + frames - kept..LEAD + frames]);
}

/// To half the rate: to `frames` behind the lead of `low`, where there is also room for what is filtered on its way.
#[inline(always)]
pub(super) fn down<S: Simd, T: Sample>(
    simd: S,
    taps: &[T],
    history: &mut [T],
    is_odd: bool,
    frames: usize,
    high: &mut [T],
    low: &mut [T],
) {
    let lanes = T::Native::<S>::LEN;
    let half = taps.len() / 2;
    let (filtered_history, delayed_history) = history.split_at_mut(2 * half - 1);
    let kept = filtered_history.len();
    let (filtered, delayed) = low.split_at_mut(LEAD + frames + MARGIN);
    filtered[LEAD - kept..LEAD].copy_from_slice(filtered_history);
    delayed[LEAD - half..LEAD].copy_from_slice(delayed_history);
    for at in (0..frames).step_by(lanes) {
        let pair = &high[LEAD + 2 * at..][..2 * lanes];
        let first = T::Native::<S>::from_slice(simd, &pair[..lanes]);
        let second = T::Native::<S>::from_slice(simd, &pair[lanes..]);
        let (even, odd) = first.deinterleave(second);
        let (even, odd) = if is_odd { (odd, even) } else { (even, odd) };
        even.store_slice(&mut filtered[LEAD + at..][..lanes]);
        odd.store_slice(&mut delayed[LEAD + at..][..lanes]);
    }
    filtered_history.copy_from_slice(&filtered[LEAD + frames - kept..LEAD + frames]);
    let late = LEAD - half + is_odd as usize;
    let half_of_it = T::Native::<S>::splat(simd, T::from_f64(0.5));
    for done in (0..frames).step_by(batch::<S, T>()) {
        let sums = convolve(simd, taps, &filtered[LEAD - kept + done..]);
        let mut at = done;
        for sum in sums {
            if at >= frames {
                break;
            }
            let delayed = T::Native::<S>::from_slice(simd, &delayed[late + at..][..lanes]);
            ((sum + delayed) * half_of_it).store_slice(&mut high[LEAD + at..][..lanes]);
            at += lanes;
        }
    }
    delayed_history.copy_from_slice(&delayed[LEAD + frames - half..LEAD + frames]);
}
