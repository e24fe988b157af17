//! Floor 4: what a slow gain leaves over the ceiling, taken within a millisecond or two.
//!
//! ```text
//! allowed gain --> wait for the slow gain: a --+
//!                                              v
//! slow gain: s --+--> a / s where s > a, else 1 --> smallest of the window --> two boxes --+
//!                `--> wait ---------------------------------------------------------------(x)--> gain
//! ```
//!
//! A slow gain that may go down by so many decibels and no more keeps the loudness of what is deep under a limiter, and
//! this one, which has no release, holds the ceiling. As long as the slow gain does what is asked, this one is exactly 1.
//!
//! State, in the caller's words: `allowed` and `slow`, what waits; `minimum`, `first_ring` and `second_ring` of the
//! gain; `boxes`.

use crate::base::units::seconds_to_frames;
use crate::dsp::delay_line;
use crate::dsp::envelope::{BoxStack, CHUNK, SlidingMinimum, UNITY, floor, minimum_words};

/// Kept under what is allowed where this gain moves: so fast under a kernel it costs up to 0.02 dB.
const MARGIN: f64 = 0.9977;
/// A slow gain that reaches what is allowed may come out so much higher.
const ROUNDING: f64 = 1e-6;
/// Shorter ones let kernels read over while the gain moves.
const SHORTEST: usize = 48;

/// Lengths in frames.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    look_ahead: usize,
    guard: usize,
    /// By how much the slow gain is late.
    wait: usize,
}

impl Sizes {
    /// A look-ahead in frames: as asked for or the shortest one, at most half of what there is.
    pub(crate) const fn look_ahead(seconds: f64, sample_rate: f64, most: usize) -> usize {
        let asked = seconds_to_frames(seconds, sample_rate);
        let frames = if asked == 0 || asked > SHORTEST { asked } else { SHORTEST };
        if frames > most / 2 { most / 2 } else { frames }
    }
    /// For a slow gain that is late by `wait` frames; `guard` frames on either side of a peak have its gain.
    pub(crate) const fn new(look_ahead: usize, guard: usize, wait: usize) -> Self {
        Self { look_ahead, guard, wait }
    }
    pub(crate) const fn is_none(&self) -> bool {
        self.look_ahead == 0
    }
    pub(crate) const fn wait(&self) -> usize {
        if self.is_none() { 0 } else { self.wait }
    }
    /// Frames by which the gain is later than the slow one.
    pub(crate) const fn latency(&self) -> usize {
        if self.is_none() { 0 } else { self.look_ahead + self.guard }
    }
    const fn window(&self) -> usize {
        self.look_ahead + 1 + 2 * self.guard
    }
    pub(crate) const fn minimum(&self) -> usize {
        if self.is_none() { 0 } else { minimum_words(self.window()) }
    }
    pub(crate) const fn rings(&self) -> (usize, usize) {
        if self.is_none() { (0, 0) } else { BoxStack::lengths(self.look_ahead) }
    }
}

/// The words of one gain.
#[derive(Debug)]
pub(crate) struct RestGain<'a> {
    pub(crate) boxes: &'a mut BoxStack,
    /// [`Sizes::wait`] values.
    pub(crate) allowed: &'a mut [u32],
    /// [`Sizes::latency`] values.
    pub(crate) slow: &'a mut [f64],
    /// [`Sizes::minimum`] values.
    pub(crate) minimum: &'a mut [u32],
    /// [`Sizes::rings`].
    pub(crate) first_ring: &'a mut [u32],
    pub(crate) second_ring: &'a mut [u64],
}

impl RestGain<'_> {
    /// At unity.
    pub(crate) fn clear(&mut self, sizes: &Sizes) {
        self.allowed.fill(UNITY);
        self.slow.fill(1.0);
        SlidingMinimum::clear(self.minimum);
        *self.boxes = BoxStack::new(sizes.look_ahead, self.first_ring, self.second_ring);
    }

    /// Turns slow gains, at most [`CHUNK`], into whole ones. `allowed` are the newest, and are used up; `at` is the number of
    /// frames before these.
    #[inline(always)]
    pub(crate) fn run(&mut self, sizes: &Sizes, allowed: &mut [u32], gains: &mut [f64], at: u64) {
        let position = |length: usize| (at % length as u64) as usize;
        delay_line::wait(self.allowed, position(sizes.wait), allowed);
        for (allowed, slow) in allowed.iter_mut().zip(&*gains) {
            let ratio = f64::from(*allowed) / (slow * f64::from(UNITY));
            *allowed = if ratio < 1.0 - ROUNDING { floor(ratio * MARGIN) } else { UNITY };
        }
        SlidingMinimum::new(self.minimum, sizes.window()).run(allowed, at);
        let mut sums = [0; CHUNK];
        let sums = &mut sums[..allowed.len()];
        self.boxes.run(self.first_ring, self.second_ring, allowed, sums, at);
        let whole = self.boxes.whole();
        delay_line::wait(self.slow, position(sizes.latency()), gains);
        for (gain, sum) in gains.iter_mut().zip(&*sums) {
            *gain *= *sum as f64 / whole;
        }
    }
}
