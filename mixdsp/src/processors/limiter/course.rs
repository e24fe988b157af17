//! The numbers of a limiter that move, frame by frame.

use crate::base::units::decibels_to_gain;
use crate::dsp::envelope::CHUNK;
use crate::engine::old::Setup;
use crate::params::ramp::Ramp;
use crate::processors::limiter::tables::{LimiterConfig, LimiterParams};

/// Kept under the ceiling, in decibels: the gain moves while a kernel looks, which costs up to 0.0012 dB
/// with a look-ahead of 48 frames or more; rounding and noise-shaped dither take less than the rest.
const MARGIN_DB: f64 = 0.01;
/// How many numbers move.
pub(super) const MOVING: usize = 8;

/// What the parameters ask for: ceiling, input gain, release per frame, slow release per frame, adaptive,
/// weight of the low frequencies, their share per frame, link.
pub(super) fn targets(setup: &Setup<'_, LimiterConfig>) -> [f64; MOVING] {
    let params: LimiterParams = setup.params();
    let rate = setup.spec.sample_rate;
    let per_frame = |milliseconds: f64| -libm::expm1(-1e3 / (milliseconds * rate));
    let turn = 2.0 * core::f64::consts::PI * params.low_frequency_hz / rate;
    [
        decibels_to_gain(params.ceiling_db - MARGIN_DB),
        decibels_to_gain(params.input_gain_db),
        per_frame(params.release_ms),
        per_frame(params.slow_release_ms),
        params.adaptive,
        params.low_frequency_weight,
        turn / (1.0 + turn),
        params.link,
    ]
}

/// The moving numbers of some frames, as they are multiplied with.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) ceiling: [f64; CHUNK],
    pub(super) input_gain: [f64; CHUNK],
    pub(super) low_weight: [f64; CHUNK],
    pub(super) low_share: [f64; CHUNK],
    pub(super) link: [f64; CHUNK],
    /// Share of the allowed gain in its average.
    pub(super) slow: [f64; CHUNK],
    /// What stays of the released gain above its average and below it, and the shares of the average and
    /// of the allowed gain.
    pub(super) keep_beyond: [f64; CHUNK],
    pub(super) keep_below: [f64; CHUNK],
    pub(super) average_share: [f64; CHUNK],
    pub(super) share: [f64; CHUNK],
}

impl Course {
    pub(super) const fn new() -> Self {
        let zero = [0.0; CHUNK];
        Self {
            ceiling: zero,
            input_gain: zero,
            low_weight: zero,
            low_share: zero,
            link: zero,
            slow: zero,
            keep_beyond: zero,
            keep_below: zero,
            average_share: zero,
            share: zero,
        }
    }

    /// Writes the numbers of the next frames.
    pub(super) fn fill(&mut self, ramp: &mut Ramp<MOVING>, frames: usize) {
        let mut moving = [[0.0; CHUNK]; MOVING];
        ramp.fill(&mut moving, frames);
        let fast;
        let adaptive;
        [
            self.ceiling,
            self.input_gain,
            fast,
            self.slow,
            adaptive,
            self.low_weight,
            self.low_share,
            self.link,
        ] = moving;
        for i in 0..frames {
            let to_average = fast[i] * adaptive[i];
            let to_allowed = fast[i] - to_average + 0.5 * self.slow[i] * adaptive[i];
            self.keep_beyond[i] = 1.0 - to_allowed;
            self.keep_below[i] = 1.0 - to_allowed - to_average;
            self.average_share[i] = to_average;
            self.share[i] = to_allowed;
        }
    }
}
