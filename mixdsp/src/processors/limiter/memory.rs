//! What a limiter keeps, and how long it is.

use super::gain_smoother::{GainMemory, GainSmoother};
use super::params::LimiterConfig;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::seconds_to_frames;
use crate::dsp::dynamics::rest_gain::{self, RestGain};
use crate::dsp::envelope::{BoxStack, minimum_words};
use crate::dsp::true_peak::around::GUARD;
use crate::dsp::true_peak::{DELAY, WINDOW};

/// Everything that follows from rate and config.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Look-ahead in frames, and that of the slow gain.
    pub(super) look_ahead: usize,
    pub(super) slow: usize,
    /// The gain for what is deeper.
    pub(super) rest: rest_gain::Sizes,
    /// Frames by which the detector is behind.
    pub(super) delay: usize,
    /// Frames on either side of a peak over which its gain holds.
    pub(super) guard: usize,
    /// Hold of the low frequencies, 0 for none.
    pub(super) low_hold: usize,
    pub(super) hold: usize,
    pub(super) channels: usize,
    pub(super) paths: usize,
    pub(super) verify: bool,
}

impl Sizes {
    pub(super) const fn new(spec: &Spec, config: &LimiterConfig) -> Self {
        let look_ahead = seconds_to_frames(config.lookahead_ms * 1e-3, spec.sample_rate);
        let look_ahead = if look_ahead < 2 { 2 } else { look_ahead };
        let guard = if config.true_peak { GUARD } else { 0 };
        let seconds = config.fast_lookahead_ms * 1e-3;
        let fast = rest_gain::Sizes::look_ahead(seconds, spec.sample_rate, look_ahead.saturating_sub(guard));
        let slow = if fast == 0 { look_ahead } else { look_ahead - fast - guard };
        Self {
            look_ahead,
            slow,
            rest: rest_gain::Sizes::new(fast, guard, slow + guard),
            delay: if config.true_peak { DELAY } else { 0 },
            guard,
            low_hold: seconds_to_frames(config.low_frequency_hold_ms * 1e-3, spec.sample_rate),
            hold: seconds_to_frames(config.hold_ms * 1e-3, spec.sample_rate),
            channels: spec.inputs,
            paths: if config.separate { spec.inputs } else { 1 },
            verify: config.verify,
        }
    }
    pub(super) const fn latency(&self) -> usize {
        self.look_ahead + self.guard + self.delay
    }
    pub(super) const fn window(&self) -> usize {
        self.slow + 1 + 2 * self.guard + self.hold
    }
    pub(super) const fn low_window(&self) -> usize {
        self.slow + 1 + 2 * self.guard + self.low_hold
    }
    pub(super) const fn low_values(&self) -> usize {
        if self.low_hold == 0 { 0 } else { minimum_words(self.low_window()) }
    }
    pub(super) const fn windows(&self) -> usize {
        if self.delay == 0 { 0 } else { self.channels }
    }
    pub(super) const fn verified(&self) -> usize {
        if self.verify { self.channels } else { 0 }
    }
}

layout! {
    /// The words of a limiter.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        window: [[T; WINDOW]; sizes.windows()],
        before: [T; sizes.windows()],
        low: [f64; sizes.channels],
        minimum: [u32; sizes.paths * minimum_words(sizes.window())],
        low_minimum: [u32; sizes.paths * sizes.low_values()],
        smoother: [GainSmoother; sizes.paths],
        first_ring: [u32; sizes.paths * BoxStack::lengths(sizes.slow).0],
        second_ring: [u64; sizes.paths * BoxStack::lengths(sizes.slow).1],
        rest_boxes: [BoxStack; sizes.paths],
        rest_allowed: [u32; sizes.paths * sizes.rest.wait()],
        rest_slow: [f64; sizes.paths * sizes.rest.latency()],
        rest_minimum: [u32; sizes.paths * sizes.rest.minimum()],
        rest_first_ring: [u32; sizes.paths * sizes.rest.rings().0],
        rest_second_ring: [u64; sizes.paths * sizes.rest.rings().1],
        delay: [T; sizes.channels * sizes.latency()],
        output: [[T; WINDOW]; sizes.verified()],
    }
}

/// What one gain keeps in the words.
pub(super) fn gain_memory<'a, T: Sample>(
    memory: &'a mut Memory<'_, T>,
    sizes: &Sizes,
    path: usize,
) -> GainMemory<'a> {
    fn part<E>(all: &mut [E], size: usize, path: usize) -> &mut [E] {
        &mut all[path * size..][..size]
    }
    let (first, second) = BoxStack::lengths(sizes.slow);
    let rest = &sizes.rest;
    GainMemory {
        smoother: &mut memory.smoother[path],
        minimum: part(memory.minimum, minimum_words(sizes.window()), path),
        low_minimum: part(memory.low_minimum, sizes.low_values(), path),
        first_ring: part(memory.first_ring, first, path),
        second_ring: part(memory.second_ring, second, path),
        rest: RestGain {
            boxes: &mut memory.rest_boxes[path],
            allowed: part(memory.rest_allowed, rest.wait(), path),
            slow: part(memory.rest_slow, rest.latency(), path),
            minimum: part(memory.rest_minimum, rest.minimum(), path),
            first_ring: part(memory.rest_first_ring, rest.rings().0, path),
            second_ring: part(memory.rest_second_ring, rest.rings().1, path),
        },
    }
}
