//! The numbers of a compressor that move, and what it multiplies with, frame by frame.

use super::params::{
    AutoMakeup, CompressorDetector, CompressorDirection, CompressorParams, CompressorTopology,
};
use crate::base::units::decibels_to_gain;
use crate::dsp::dynamics::detector::Listening;
use crate::dsp::envelope::curve::{Curve, slope};
use crate::dsp::envelope::smaller;
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, Smoother, smoothed};

smoothed! {
    /// What moves in a [`Compressor`](crate::Compressor).
    pub struct Moving {
        threshold_db,
        /// Of the curve above the threshold: 1 - 1 / ratio.
        slope,
        /// The same below the threshold.
        upward_slope,
        knee_db,
        range_db,
        max_boost_db,
        /// Amplitude factor.
        makeup,
        mix,
        link,
        /// Share of the held reduction.
        hold,
        /// Share of the root mean square in the level.
        root_mean_square,
        /// Share of feedback.
        feedback,
        /// Share of the reduction that has lasted.
        auto_release,
        /// Share of the sidechain in what is heard.
        listen,
        /// Share of the gain that makes it as loud as before.
        loudness,
    }
}

fn share(is: bool) -> f64 {
    f64::from(u8::from(is))
}

impl Moving {
    /// What the parameters ask for. The sidechain cannot hear what was turned down.
    pub(super) fn of(params: &CompressorParams) -> Self {
        let (slope, downward) = (slope(params.ratio), params.direction == CompressorDirection::Downward);
        Self {
            threshold_db: params.threshold_db,
            slope: if downward { slope } else { 0.0 },
            upward_slope: if downward { 0.0 } else { slope },
            knee_db: params.knee_db,
            range_db: params.range_db,
            max_boost_db: params.max_boost_db,
            makeup: decibels_to_gain(params.static_makeup_db()),
            mix: params.mix,
            link: params.link,
            hold: share(params.detector == CompressorDetector::PeakHold),
            root_mean_square: share(params.detector == CompressorDetector::Rms),
            feedback: share(params.topology == CompressorTopology::Feedback),
            auto_release: share(params.auto_release),
            listen: share(params.listen),
            loudness: share(params.auto_makeup == AutoMakeup::Loudness),
        }
    }
}

/// A curve, frame by frame.
#[derive(Debug)]
struct CurveFrames {
    start: [f64; CHUNK],
    knee: [f64; CHUNK],
    bend: [f64; CHUNK],
    slope: [f64; CHUNK],
}

impl CurveFrames {
    fn constant(curve: Curve) -> Self {
        let Curve { start, knee, bend, slope } = curve;
        Self { start: [start; CHUNK], knee: [knee; CHUNK], bend: [bend; CHUNK], slope: [slope; CHUNK] }
    }

    fn put(&mut self, frame: usize, curve: Curve) {
        self.start[frame] = curve.start;
        self.knee[frame] = curve.knee;
        self.bend[frame] = curve.bend;
        self.slope[frame] = curve.slope;
    }

    #[inline(always)]
    fn at(&self, frame: usize) -> Curve {
        Curve {
            start: self.start[frame],
            knee: self.knee[frame],
            bend: self.bend[frame],
            slope: self.slope[frame],
        }
    }
}

/// The moving numbers of some frames, as they are multiplied with.
#[derive(Debug)]
pub(super) struct SmoothedParams {
    above: CurveFrames,
    /// Of levels and thresholds times -1.
    below: CurveFrames,
    range_db: [f64; CHUNK],
    max_boost_db: [f64; CHUNK],
    /// Share of the largest reduction of all channels.
    pub(super) link: [f64; CHUNK],
    /// Share of the held reduction.
    pub(super) hold: [f64; CHUNK],
    pub(super) root_mean_square: [f64; CHUNK],
    pub(super) feedback: [f64; CHUNK],
    pub(super) auto_release: [f64; CHUNK],
    pub(super) listen: [f64; CHUNK],
    pub(super) loudness: [f64; CHUNK],
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
    /// Nothing is raised.
    pub(super) downward: bool,
    /// Neither feedback nor auto release.
    pub(super) fixed_times: bool,
    pub(super) plain_level: bool,
    pub(super) unheard: bool,
}

impl SmoothedParams {
    /// The numbers of frames in which nothing moves.
    #[inline(never)]
    pub(super) fn at_rest(moving: Moving) -> Self {
        let (above, below) = curves(&moving);
        Self {
            above: CurveFrames::constant(above),
            below: CurveFrames::constant(below),
            range_db: [moving.range_db; CHUNK],
            max_boost_db: [moving.max_boost_db; CHUNK],
            link: [moving.link; CHUNK],
            hold: [moving.hold; CHUNK],
            root_mean_square: [moving.root_mean_square; CHUNK],
            feedback: [moving.feedback; CHUNK],
            auto_release: [moving.auto_release; CHUNK],
            listen: [moving.listen; CHUNK],
            loudness: [moving.loudness; CHUNK],
            wet: [wet(&moving); CHUNK],
            dry: [dry(&moving); CHUNK],
            uniform: Uniform {
                linked: moving.link == 1.0,
                unlinked: moving.link == 0.0,
                held: moving.hold == 1.0,
                downward: moving.upward_slope == 0.0,
                fixed_times: moving.feedback == 0.0 && moving.auto_release == 0.0,
                plain_level: moving.root_mean_square == 0.0,
                unheard: moving.listen == 0.0,
            },
        }
    }

    /// Writes the numbers of the next frames.
    #[inline(never)]
    pub(super) fn fill(&mut self, moving: &mut Smoother<Moving>, count: usize) {
        let mut frames = Frames::EMPTY;
        moving.fill(&mut frames, count);
        for f in 0..count.min(CHUNK) {
            let moving = frames.at(f);
            let (above, below) = curves(&moving);
            self.above.put(f, above);
            self.below.put(f, below);
            self.wet[f] = wet(&moving);
            self.dry[f] = dry(&moving);
        }
        let take = |to: &mut [f64; CHUNK], number: fn(&Moving) -> f64| {
            for (f, to) in to[..count].iter_mut().enumerate() {
                *to = number(&frames.at(f));
            }
        };
        take(&mut self.range_db, |moving| moving.range_db);
        take(&mut self.max_boost_db, |moving| moving.max_boost_db);
        take(&mut self.link, |moving| moving.link);
        take(&mut self.hold, |moving| moving.hold);
        take(&mut self.root_mean_square, |moving| moving.root_mean_square);
        take(&mut self.feedback, |moving| moving.feedback);
        take(&mut self.auto_release, |moving| moving.auto_release);
        take(&mut self.listen, |moving| moving.listen);
        take(&mut self.loudness, |moving| moving.loudness);
        let linked = self.link[..count].iter().all(|share| *share == 1.0);
        self.uniform = Uniform {
            linked,
            unlinked: false,
            held: false,
            downward: false,
            fixed_times: false,
            plain_level: false,
            unheard: false,
        };
    }

    /// Decibels that are asked for at a level; negative where it is raised.
    #[inline(always)]
    pub(super) fn reduction_db<const DOWNWARD: bool>(&self, frame: usize, level_db: f64) -> f64 {
        let down = smaller(self.above.at(frame).reduction_db(level_db), self.range_db[frame]);
        if DOWNWARD {
            return down;
        }
        down - smaller(self.below.at(frame).reduction_db(-level_db), self.max_boost_db[frame])
    }

    /// How much of a change of level the curve takes away where it reduces by so much; 0 to 1.
    #[inline(always)]
    pub(super) fn slope_at(&self, frame: usize, reduction_db: f64) -> f64 {
        /// Without a knee the slope is there at once.
        const STEEPEST_BEND: f64 = 1e9;
        let (curve, most) = if reduction_db < 0.0 {
            (&self.below, self.max_boost_db[frame])
        } else {
            (&self.above, self.range_db[frame])
        };
        if reduction_db.abs() >= most {
            return 0.0;
        }
        let bend = if curve.knee[frame] > 0.0 { curve.bend[frame] } else { STEEPEST_BEND };
        curve.slope[frame].min(libm::sqrt(4.0 * bend * reduction_db.abs()))
    }

    /// What happens to what it listens to.
    pub(super) fn listening(&self) -> Listening<'_> {
        Listening {
            root_mean_square: (!self.uniform.plain_level).then_some(&self.root_mean_square),
            monitor: (!self.uniform.unheard).then_some(&self.listen),
        }
    }
}

/// The curve above the threshold, and the one below.
fn curves(moving: &Moving) -> (Curve, Curve) {
    let Moving { threshold_db, slope, upward_slope, knee_db, .. } = *moving;
    (Curve::new(threshold_db, slope, knee_db), Curve::new(-threshold_db, upward_slope, knee_db))
}

/// What is listened to is heard as it is.
fn wet(moving: &Moving) -> f64 {
    moving.mix * moving.makeup * (1.0 - moving.listen)
}

fn dry(moving: &Moving) -> f64 {
    (1.0 - moving.mix) * (1.0 - moving.listen) + moving.listen
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
