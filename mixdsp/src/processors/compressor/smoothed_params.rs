//! The numbers of a compressor that move, and what it multiplies with, frame by frame.

use super::params::{CompressorDetector, CompressorParams};
use crate::base::units::decibels_to_gain;
use crate::dsp::envelope::curve::{Curve, slope};
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, Smoother, smoothed};

smoothed! {
    /// What moves in a [`Compressor`](crate::Compressor).
    pub struct Moving {
        threshold_db,
        /// Of the curve: 1 - 1 / ratio.
        slope,
        knee_db,
        /// Amplitude factor.
        makeup,
        mix,
        link,
        /// Share of the held reduction.
        hold,
    }
}

impl Moving {
    /// What the parameters ask for.
    pub(super) fn of(params: &CompressorParams) -> Self {
        Self {
            threshold_db: params.threshold_db,
            slope: slope(params.ratio),
            knee_db: params.knee_db,
            makeup: decibels_to_gain(params.makeup_db),
            mix: params.mix,
            link: params.link,
            hold: f64::from(u8::from(params.detector == CompressorDetector::PeakHold)),
        }
    }
}

/// The moving numbers of some frames, as they are multiplied with.
#[derive(Debug)]
pub(super) struct SmoothedParams {
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

impl SmoothedParams {
    /// The numbers of frames in which nothing moves.
    #[inline(never)]
    pub(super) fn at_rest(moving: Moving) -> Self {
        let Moving { threshold_db, slope, knee_db, makeup, mix, link, hold } = moving;
        let curve = Curve::new(threshold_db, slope, knee_db);
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
    #[inline(never)]
    pub(super) fn fill(&mut self, moving: &mut Smoother<Moving>, count: usize) {
        let mut frames = Frames::EMPTY;
        moving.fill(&mut frames, count);
        for f in 0..count.min(CHUNK) {
            let Moving { threshold_db, slope, knee_db, makeup, mix, .. } = frames.at(f);
            let curve = Curve::new(threshold_db, slope, knee_db);
            self.start[f] = curve.start;
            self.knee[f] = curve.knee;
            self.bend[f] = curve.bend;
            self.slope[f] = curve.slope;
            self.wet[f] = mix * makeup;
            self.dry[f] = 1.0 - mix;
        }
        self.link = frames.map(|moving| moving.link);
        self.hold = frames.map(|moving| moving.hold);
        let linked = self.link[..count].iter().all(|share| *share == 1.0);
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
    use crate::params::ramp::Change;

    #[test]
    fn shares_stay_shares_where_a_line_meets_a_step() {
        let with = |share: f64| Moving { link: share, hold: share, ..Moving::of(&CompressorParams::DEFAULT) };
        let mut moving = Smoother::new(with(1.0), 48_000.0);
        moving.change(with(0.0), Change::Ramp);
        moving.change(with(1.0), Change::Line { frames: 16, corner: true });
        let mut params = SmoothedParams::at_rest(moving.target());
        params.fill(&mut moving, 32);
        for shares in [&params.link, &params.hold] {
            assert!(shares[..32].iter().all(|share| (0.0..=1.0).contains(share)), "{shares:?}");
        }
    }
}
