//! From the gain that each frame allows to the gain that is applied.
//!
//! ```text
//! allowed gain, whole numbers --> smallest of the window --+--> smaller of both --> release --> two boxes --> gain
//! that of the low frequencies, at most twice as deep --> smallest, held
//! ```
//!
//! With a fast look-ahead the release sees no more than `slow_range_db`, and a [`RestGain`] behind the boxes takes what
//! is deeper: so what a release keeps down, and the loudness that this costs, does not grow with the drive.
//!
//! The low frequencies may reduce by at most twice the decibels that the peaks around them ask for: nothing
//! where no peak is over the ceiling, and without a step where one is by a little.
//!
//! The release lets the gain rise towards what is allowed, in two ways at once: fast up to the average of
//! the allowed gain, slowly beyond it. With `adaptive` 0 the average does not matter. It never exceeds what
//! is allowed, so nothing after it has to be corrected.

use super::smoothed_params::SmoothedParams;
use crate::base::memory::plain;
use crate::base::sample::Sample;
use crate::dsp::dynamics::rest_gain::{self, RestGain};
use crate::dsp::envelope::{BoxStack, CHUNK, SlidingMinimum, UNITY, larger, nearest, smaller};

plain! {
    /// The state of one gain.
    pub(crate) struct GainSmoother {
        /// The released gain in units of 1/[`UNITY`].
        released: f64,
        /// Average of the allowed gain.
        average: f64,
        boxes: BoxStack,
    }
}

/// What one gain keeps in the words.
pub(super) struct GainMemory<'a> {
    pub(super) smoother: &'a mut GainSmoother,
    pub(super) minimum: &'a mut [u32],
    pub(super) low_minimum: &'a mut [u32],
    pub(super) first_ring: &'a mut [u32],
    pub(super) second_ring: &'a mut [u64],
    pub(super) rest: RestGain<'a>,
}

/// Lengths of the windows of a gain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Windows {
    pub(super) peak: usize,
    pub(super) low: usize,
    pub(super) rest: rest_gain::Sizes,
}

impl GainMemory<'_> {
    /// At unity.
    pub(super) fn clear(&mut self, look_ahead: usize, rest: &rest_gain::Sizes) {
        if !rest.is_none() {
            self.rest.clear(rest);
        }
        SlidingMinimum::clear(self.minimum);
        SlidingMinimum::clear(self.low_minimum);
        let boxes = BoxStack::new(look_ahead, self.first_ring, self.second_ring);
        *self.smoother = GainSmoother { released: UNITY as f64, average: UNITY as f64, boxes };
    }

    /// Turns allowed gains into applied ones. `low` are those that the low frequencies allow; it is empty
    /// when they are not listened to. `at` is the number of frames before these.
    #[inline(always)]
    pub(super) fn run<T: Sample>(
        &mut self,
        windows: Windows,
        params: &SmoothedParams,
        allowed: &mut [u32],
        low: &mut [u32],
        at: u64,
        gains: &mut [T; CHUNK],
    ) {
        let frames = allowed.len();
        let mut by_peaks = [UNITY; CHUNK];
        by_peaks[..frames].copy_from_slice(allowed);
        SlidingMinimum::new(self.minimum, windows.peak).run(allowed, at);
        if !low.is_empty() {
            // What no peak asks for the low frequencies may not ask for either.
            for (low, allowed) in low.iter_mut().zip(&*allowed) {
                *low = (*low).max(squared(*allowed));
            }
            SlidingMinimum::new(self.low_minimum, windows.low).run(low, at);
            for (allowed, low) in allowed.iter_mut().zip(low) {
                *allowed = (*allowed).min(*low);
            }
        }
        self.release(params, allowed);
        let mut sums = [0; CHUNK];
        let boxes = &mut self.smoother.boxes;
        boxes.run(self.first_ring, self.second_ring, allowed, &mut sums[..frames], at);
        let whole = boxes.whole();
        let mut whole_gains = [1.0; CHUNK];
        for (gain, sum) in whole_gains.iter_mut().zip(&sums[..frames]) {
            *gain = *sum as f64 / whole;
        }
        if !windows.rest.is_none() {
            self.rest.run(&windows.rest, &mut by_peaks[..frames], &mut whole_gains[..frames], at);
        }
        for (gain, whole) in gains.iter_mut().zip(&whole_gains[..frames]) {
            *gain = T::from_f64(*whole);
        }
    }

    #[inline(always)]
    fn release(&mut self, params: &SmoothedParams, values: &mut [u32]) {
        let GainSmoother { mut released, mut average, .. } = *self.smoother;
        let mut gains = [0.0; CHUNK];
        gains.iter_mut().zip(&*values).for_each(|(gain, value)| *gain = *value as f64);
        for i in 0..values.len().min(CHUNK) {
            let allowed = larger(gains[i], params.slow_floor[i]);
            average += (allowed - average) * params.slow[i];
            // Above the average or up to it, whichever is higher; two multiplications deep.
            let step = params.share[i] * allowed;
            let beyond = released * params.keep_beyond[i] + step;
            let below = released * params.keep_below[i]
                + (params.average_share[i] * smaller(average, allowed) + step);
            released = smaller(if beyond > below { beyond } else { below }, allowed);
            gains[i] = released;
        }
        // Nearest, so that a gain that comes to rest a rounding below unity is unity.
        values.iter_mut().zip(&gains).for_each(|(value, gain)| *value = nearest(*gain));
        (self.smoother.released, self.smoother.average) = (released, average);
    }
}

/// Twice as many decibels.
#[inline(always)]
fn squared(gain: u32) -> u32 {
    (gain as u64 * gain as u64 / UNITY as u64) as u32
}
