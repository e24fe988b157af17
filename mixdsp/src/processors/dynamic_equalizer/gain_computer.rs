//! How far eight bands give way to what their detectors hear, side by side.
//!
//! ```text
//! power --> dB --> curve: slope * (level - threshold), from 0 to the range --> attack, release --> share of the reach
//! ```
//!
//! State, per band: `held` and `out` of the ballistics, in decibels, in f64 (see `envelope::ballistics`, whose
//! recursion this is, with times of its own for each lane).

use super::band::{BandDetector, REACH_DB};
use super::band_detector::LANES;
use crate::base::memory::plain;
use crate::base::sample::Sample;

/// Decibels of a doubled power.
const DECIBELS_PER_DOUBLING: f64 = 3.010_299_956_639_812;

plain! {
    /// Curve and ballistics of eight bands.
    pub(crate) struct GainComputer {
        /// Level above which the gain changes, in decibels.
        threshold: [f64; LANES],
        /// How much of a decibel above it the gain changes.
        slope: [f64; LANES],
        /// Largest change in decibels, signed, as it is set.
        range: [f64; LANES],
        /// The largest change that the range of the moment allows.
        most: [f64; LANES],
        /// Where the range was when it was last sent somewhere, where it was sent, and the change then.
        range_from: [f64; LANES],
        range_to: [f64; LANES],
        out_from: [f64; LANES],
        /// Factors of the ballistics.
        attack: [f64; LANES],
        release: [f64; LANES],
        /// State of the ballistics, in decibels.
        held: [f64; LANES],
        out: [f64; LANES],
    }
}

impl GainComputer {
    /// State too small to matter becomes zero.
    pub(super) fn flush_denormals(&mut self) {
        self.held.iter_mut().chain(&mut self.out).for_each(|value| *value = value.flushed());
    }

    /// Gives a lane its attack and release factors.
    pub(super) fn set_times(&mut self, lane: usize, [attack, release]: [f64; 2]) {
        self.attack[lane] = attack;
        self.release[lane] = release;
    }

    /// Gives a lane its curve.
    pub(super) fn set(&mut self, lane: usize, detector: &BandDetector) {
        let BandDetector { threshold_db, slope, range_db, .. } = *detector;
        // What is left of a change keeps its direction when the range has become 0.
        let range = if range_db == 0.0 { range_db.copysign(self.range[lane]) } else { range_db };
        [self.threshold[lane], self.slope[lane], self.range[lane]] = [threshold_db, slope, range];
        self.most[lane] = self.most(lane);
    }

    /// Tells a lane where its range moves to.
    pub(super) fn aim(&mut self, lane: usize, range_db: f64) {
        self.range_from[lane] = self.range[lane];
        self.range_to[lane] = range_db;
        self.out_from[lane] = self.out[lane];
    }

    /// The largest change at the present range. A change that is too large for where the range goes moves with it
    /// from the first frame on, so that nothing bends; where the range turns round it has faded to nothing when
    /// the range passes zero, slope and curvature too.
    fn most(&self, lane: usize) -> f64 {
        let (range, out) = (self.range[lane], self.out_from[lane]);
        let (from, to) = (self.range_from[lane], self.range_to[lane]);
        let size = range.abs();
        if from * to < 0.0 {
            let share = range / from;
            let faded = out * share * share * share;
            return if share > 0.0 && faded < size { faded } else { size };
        }
        let (from, to) = (from.abs(), to.abs());
        if out > to && from > to { to + (size - to) * ((out - to) / (from - to)) } else { size }
    }

    /// The change in decibels at the last frame.
    pub(super) fn change_db(&self, lane: usize) -> f64 {
        self.out[lane].copysign(self.range[lane])
    }

    /// The same as a share of the reach.
    pub(super) fn share(&self, lane: usize) -> f64 {
        self.change_db(lane) * (1.0 / REACH_DB)
    }

    /// Turns powers into shares of the reach, in the direction of the range. What is left of an earlier change
    /// never exceeds the range either, so that a range on its way to the other direction takes the change
    /// through zero.
    #[inline(always)]
    pub(super) fn follow<T: Sample>(&mut self, powers: &[[T; LANES]], shares: &mut [[f64; LANES]]) {
        let Self { threshold, slope, range, most, attack, release, mut held, mut out, .. } = *self;
        let scale = range.map(|range| (1.0 / REACH_DB).copysign(range));
        for (powers, shares) in powers.iter().zip(shares) {
            let mut asked = [0.0; LANES];
            for lane in 0..LANES {
                let level = powers[lane].log2().to_f64() * DECIBELS_PER_DOUBLING;
                let over = slope[lane] * (level - threshold[lane]);
                let over = if over > 0.0 { over } else { 0.0 };
                asked[lane] = if over < most[lane] { over } else { most[lane] };
            }
            for lane in 0..LANES {
                let (a, r) = (attack[lane], release[lane]);
                let falling = r * held[lane] + (1.0 - r) * asked[lane];
                let falling = if falling < most[lane] { falling } else { most[lane] };
                held[lane] = if asked[lane] > falling { asked[lane] } else { falling };
                let moved = a * out[lane] + (1.0 - a) * held[lane];
                out[lane] = if moved < most[lane] { moved } else { most[lane] };
                shares[lane] = out[lane] * scale[lane];
            }
        }
        (self.held, self.out) = (held, out);
    }
}
