//! The numbers of a compressor that move, frame by frame.

use super::tables::{CompressorConfig, CompressorDetector, CompressorParams};
use crate::base::units::decibels_to_gain;
use crate::dsp::envelope::curve::{Curve, slope};
use crate::engine::old::Setup;
use crate::params::ramp::{CHUNK, Ramp};

/// How many numbers move.
pub(super) const MOVING: usize = 7;

/// What the parameters ask for: threshold, slope and knee of the curve, make-up as a factor, mix, link, share
/// of the hold.
pub(super) fn targets(setup: &Setup<'_, CompressorConfig>) -> [f64; MOVING] {
    let params: CompressorParams = setup.params();
    let hold = f64::from(u8::from(params.detector == CompressorDetector::PeakHold));
    let makeup = decibels_to_gain(params.makeup_db);
    [params.threshold_db, slope(params.ratio), params.knee_db, makeup, params.mix, params.link, hold]
}

/// The moving numbers of some frames, as they are multiplied with.
#[derive(Debug)]
pub(super) struct Course {
    /// The curve's four.
    start: [f64; CHUNK],
    knee: [f64; CHUNK],
    bend: [f64; CHUNK],
    slope: [f64; CHUNK],
    /// Share of the largest reduction of all channels.
    pub(super) link: [f64; CHUNK],
    /// Share of the held reduction.
    pub(super) hold: [f64; CHUNK],
    /// Factors of the compressed and of the dry sound.
    pub(super) wet: [f64; CHUNK],
    pub(super) dry: [f64; CHUNK],
    pub(super) uniform: Uniform,
}

/// Shares that are the same in every frame. They allow a shorter way to the same bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Uniform {
    pub(super) linked: bool,
    pub(super) unlinked: bool,
    pub(super) held: bool,
}

impl Course {
    /// The numbers of frames in which nothing moves.
    #[inline(always)]
    pub(super) fn at_rest(ramp: &Ramp<MOVING>) -> Self {
        let [threshold, slope, knee, makeup, mix, link, hold] = ramp.target();
        let curve = Curve::new(threshold, slope, knee);
        Self {
            start: [curve.start; CHUNK],
            knee: [curve.knee; CHUNK],
            bend: [curve.bend; CHUNK],
            slope: [curve.slope; CHUNK],
            link: [link; CHUNK],
            hold: [hold; CHUNK],
            wet: [mix * makeup; CHUNK],
            dry: [1.0 - mix; CHUNK],
            uniform: Uniform { linked: link == 1.0, unlinked: link == 0.0, held: hold == 1.0 },
        }
    }

    /// Writes the numbers of the next frames.
    pub(super) fn fill(&mut self, ramp: &mut Ramp<MOVING>, frames: usize) {
        let mut moving = [[0.0; CHUNK]; MOVING];
        ramp.fill(&mut moving, frames);
        let [threshold, slope, knee, makeup, mix, link, hold] = moving;
        for f in 0..frames.min(CHUNK) {
            let curve = Curve::new(threshold[f], slope[f], knee[f]);
            self.start[f] = curve.start;
            self.knee[f] = curve.knee;
            self.bend[f] = curve.bend;
            self.slope[f] = curve.slope;
            self.wet[f] = mix[f] * makeup[f];
            self.dry[f] = 1.0 - mix[f];
        }
        self.link = link;
        self.hold = hold;
        let linked = self.link[..frames].iter().all(|share| *share == 1.0);
        self.uniform = Uniform { linked, unlinked: false, held: false };
    }

    /// The curve of a frame.
    #[inline(always)]
    pub(super) fn curve(&self, frame: usize) -> Curve {
        Curve {
            start: self.start[frame],
            knee: self.knee[frame],
            bend: self.bend[frame],
            slope: self.slope[frame],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_stay_shares_where_a_line_meets_a_step() {
        let with = |share: f64| [-20.0, 0.75, 0.0, 1.0, 1.0, share, share];
        let mut ramp = Ramp::new(with(1.0), 960);
        ramp.set(with(0.0));
        ramp.follow(with(1.0), 16, true);
        let mut course = Course::at_rest(&ramp);
        course.fill(&mut ramp, 32);
        for shares in [&course.link, &course.hold] {
            assert!(shares[..32].iter().all(|share| (0.0..=1.0).contains(share)), "{shares:?}");
        }
    }
}
