//! The numbers of a limiter that move, and what it multiplies with, frame by frame.

use super::params::LimiterParams;
use crate::base::units::decibels_to_gain;
use crate::dsp::envelope::UNITY;
use crate::dsp::true_peak::around::usable;
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, Smoother, smoothed};

smoothed! {
    /// What moves in a [`Limiter`](crate::Limiter). The shares count per frame.
    pub struct Moving {
        /// Amplitude factors.
        ceiling,
        input_gain,
        /// Share of the release, and of the slow one.
        release,
        slow_release,
        adaptive,
        /// Weight of the low frequencies, and the share of their low-pass.
        low_weight,
        low_share,
        link,
        /// The least gain that is released slowly.
        slow_floor,
    }
}

impl Moving {
    /// What the parameters ask for.
    pub(super) fn of(params: &LimiterParams, is_fast_too: bool, sample_rate: f64) -> Self {
        let per_frame = |milliseconds: f64| -libm::expm1(-1e3 / (milliseconds * sample_rate));
        let turn = 2.0 * core::f64::consts::PI * params.low_frequency_hz / sample_rate;
        Self {
            ceiling: usable(params.ceiling_db),
            input_gain: decibels_to_gain(params.input_gain_db),
            release: per_frame(params.release_ms),
            slow_release: per_frame(params.slow_release_ms),
            adaptive: params.adaptive,
            low_weight: params.low_frequency_weight,
            low_share: turn / (1.0 + turn),
            link: params.link,
            slow_floor: if is_fast_too { decibels_to_gain(-params.slow_range_db) } else { 0.0 },
        }
    }
}

/// The moving numbers of some frames, as they are multiplied with.
#[derive(Debug)]
pub(super) struct SmoothedParams {
    pub(super) ceiling: [f64; CHUNK],
    pub(super) input_gain: [f64; CHUNK],
    pub(super) low_weight: [f64; CHUNK],
    pub(super) low_share: [f64; CHUNK],
    pub(super) link: [f64; CHUNK],
    /// As a whole number.
    pub(super) slow_floor: [f64; CHUNK],
    /// Share of the allowed gain in its average.
    pub(super) slow: [f64; CHUNK],
    /// What stays of the released gain above its average and below it, and the shares of the average and
    /// of the allowed gain.
    pub(super) keep_beyond: [f64; CHUNK],
    pub(super) keep_below: [f64; CHUNK],
    pub(super) average_share: [f64; CHUNK],
    pub(super) share: [f64; CHUNK],
}

impl SmoothedParams {
    pub(super) const fn new() -> Self {
        let zero = [0.0; CHUNK];
        Self {
            ceiling: zero,
            input_gain: zero,
            low_weight: zero,
            low_share: zero,
            link: zero,
            slow_floor: zero,
            slow: zero,
            keep_beyond: zero,
            keep_below: zero,
            average_share: zero,
            share: zero,
        }
    }

    /// Writes the numbers of the next frames.
    pub(super) fn fill(&mut self, moving: &mut Smoother<Moving>, count: usize) {
        let mut frames = Frames::EMPTY;
        moving.fill(&mut frames, count);
        for f in 0..count.min(CHUNK) {
            let Moving { ceiling, input_gain, release, slow_release, adaptive, .. } = frames.at(f);
            let Moving { low_weight, low_share, link, slow_floor, .. } = frames.at(f);
            self.ceiling[f] = ceiling;
            self.input_gain[f] = input_gain;
            self.low_weight[f] = low_weight;
            self.low_share[f] = low_share;
            self.link[f] = link;
            self.slow_floor[f] = slow_floor * UNITY as f64;
            self.slow[f] = slow_release;
            let to_average = release * adaptive;
            let to_allowed = release - to_average + 0.5 * slow_release * adaptive;
            self.keep_beyond[f] = 1.0 - to_allowed;
            self.keep_below[f] = 1.0 - to_allowed - to_average;
            self.average_share[f] = to_average;
            self.share[f] = to_allowed;
        }
    }
}
