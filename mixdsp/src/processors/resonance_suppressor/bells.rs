//! The bells that turn resonances down.
//!
//! A bell goes to the nearest peak around it; one without a peak comes back. A peak without a bell takes one that
//! rests. A bell of the resonance's own frequency and Q and of minus its gain takes it away altogether, phase too.

use super::cells::PER_OCTAVE;
use super::params::ResonanceSuppressorParams;
use super::search::Peak;
use crate::base::memory::plain;
use crate::base::sample::Sample;
use crate::dsp::filter::design::{Prototype, Shape, Svf, matched};
use crate::dsp::filter::svf_cascade::{self, SvfCascade};
use crate::params::ramp::Change;

/// Half the bend at the threshold.
const KNEE_DB: f64 = 0.5;
/// By how much the threshold is lower for what is turned down already.
const HYSTERESIS_DB: f64 = 1.0;
/// A resonance is so much higher than it sticks out, since its skirts count as neighbourhood.
const SKIRTS: f64 = 1.1;
/// Share of the way to its peak that a bell goes at a time.
const FOLLOW: f64 = 0.2;
/// Reductions under this are none.
const NONE_DB: f64 = 0.05;
/// Changes under these are not designed.
const STEP_DB: f64 = 0.1;
const STEP: f64 = 1.005;

plain! {
    /// A bell, and as it was designed last.
    pub(crate) struct Bell {
        pub(super) frequency_hz: f64,
        pub(super) q: f64,
        pub(super) reduction_db: f64,
        target_db: f64,
        designed_hz: f64,
        designed_q: f64,
        designed_db: f64,
    }
}

impl Bell {
    pub(super) fn rests(&self) -> bool {
        self.reduction_db == 0.0 && self.target_db == 0.0 && self.designed_db == 0.0
    }

    fn svf(&self, sample_rate: f64) -> Svf {
        let prototype = Prototype {
            shape: Shape::Bell,
            frequency_hz: self.frequency_hz,
            q: self.q,
            gain_db: -self.reduction_db,
        };
        matched(&prototype, sample_rate)
    }

    /// Frames until it has come to rest, if it is let go.
    pub(super) fn decay_frames(&self, sample_rate: f64) -> f64 {
        if self.rests() {
            0.0
        } else {
            Self { reduction_db: NONE_DB, ..*self }.svf(sample_rate).decay_frames(120.0)
        }
    }

    fn has_changed(&self) -> bool {
        let apart = |a: f64, b: f64| a > b * STEP || b > a * STEP;
        (self.reduction_db == 0.0) != (self.designed_db == 0.0)
            || (self.reduction_db - self.designed_db).abs() > STEP_DB
            || self.reduction_db > 0.0 && apart(self.frequency_hz, self.designed_hz)
            || self.reduction_db > 0.0 && apart(self.q, self.designed_q)
    }
}

/// Decibels to take from a peak.
fn reduction_db(peak: &Peak, params: &ResonanceSuppressorParams, hysteresis_db: f64) -> f64 {
    let over = peak.score_db - params.threshold_db_at(peak.frequency_hz) + hysteresis_db;
    let share = ((over + KNEE_DB) / (2.0 * KNEE_DB)).clamp(0.0, 1.0);
    let share = share * share * (3.0 - 2.0 * share);
    (params.depth * share * SKIRTS * peak.excess_db).clamp(0.0, params.range_db)
}

/// Sets bells to peaks, the highest first, and moves them on by `seconds`.
pub(super) fn follow(bells: &mut [Bell], peaks: &[Peak], params: &ResonanceSuppressorParams, seconds: f64) {
    let reach = libm::exp2(4.0 * 20.0 / params.selectivity / PER_OCTAVE as f64);
    let mut taken = [false; super::search::MOST];
    for bell in bells.iter_mut().filter(|bell| !bell.rests()) {
        let apart =
            |peak: &Peak| (peak.frequency_hz / bell.frequency_hz).max(bell.frequency_hz / peak.frequency_hz);
        let near = peaks.iter().enumerate().filter(|(number, peak)| !taken[*number] && apart(peak) < reach);
        bell.target_db = 0.0;
        if let Some((number, peak)) = near.min_by(|a, b| apart(a.1).total_cmp(&apart(b.1))) {
            taken[number] = true;
            bell.target_db = reduction_db(peak, params, HYSTERESIS_DB);
            bell.frequency_hz *= libm::pow(peak.frequency_hz / bell.frequency_hz, FOLLOW);
            bell.q *= libm::pow(peak.q / bell.q, FOLLOW);
        }
    }
    for (_, peak) in peaks.iter().enumerate().filter(|(number, _)| !taken[*number]) {
        let target_db = reduction_db(peak, params, 0.0);
        if target_db > NONE_DB
            && let Some(bell) = bells.iter_mut().find(|bell| bell.rests())
        {
            (bell.frequency_hz, bell.q, bell.target_db) = (peak.frequency_hz, peak.q, target_db);
        }
    }
    for bell in bells {
        let milliseconds =
            if bell.target_db > bell.reduction_db { params.attack_ms } else { params.release_ms };
        let way = 1.0 - libm::exp(-1e3 * seconds / milliseconds);
        bell.reduction_db += way * (bell.target_db - bell.reduction_db);
        if bell.reduction_db < NONE_DB && bell.target_db == 0.0 {
            bell.reduction_db = 0.0;
        }
    }
}

/// Sets the sections to the bells that have changed.
pub(super) fn design<T: Sample>(
    bells: &mut [Bell],
    cascade: &mut SvfCascade<'_, T>,
    state: &mut svf_cascade::State,
    sample_rate: f64,
) {
    for (section, bell) in bells.iter_mut().enumerate().filter(|(_, bell)| bell.has_changed()) {
        let svf = bell.svf(sample_rate);
        if bell.designed_db == 0.0 {
            // It begins in its place.
            cascade.change(state, section, svf.bypassed(), Change::Ramp);
        }
        let svf = if bell.reduction_db == 0.0 { svf.bypassed() } else { svf };
        cascade.change(state, section, svf, Change::Ramp);
        (bell.designed_hz, bell.designed_q, bell.designed_db) =
            (bell.frequency_hz, bell.q, bell.reduction_db);
    }
}
