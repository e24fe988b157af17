//! The numbers of a saturator that move, frame by frame.

use super::params::{SaturatorParams, SaturatorShape};
use crate::base::sample::Sample;
use crate::base::units::decibels_to_gain;
use crate::dsp::filter::emphasis::Emphasis;
use crate::dsp::waveshape::points::Points;
use crate::params::ramp::{CHUNK, Ramp};
use crate::params::smoothed::{Frames, Smoother, smoothed};

smoothed! {
    /// What moves in a [`Saturator`](crate::Saturator).
    pub struct Moving {
        /// Amplitude factor before the curve.
        drive,
        bias,
        /// Share of what takes back the drive and matches the loudness.
        compensation,
        /// Amplitude factor of the output.
        level,
        mix,
        /// Share of the constant that is taken out.
        dc,
        /// Shares of the curves.
        soft, hard, cubic, tube, tape, curve,
        /// Weight of what tape leaves behind.
        behind,
    }
}

fn share(is: bool) -> f64 {
    f64::from(u8::from(is))
}

impl Moving {
    /// What the parameters ask for.
    pub(super) fn of(params: &SaturatorParams) -> Self {
        use SaturatorShape::{Cubic, Curve, Hard, Soft, Tape, Transformer, Tube};
        let is = |shape| share(params.shape == shape);
        // A symmetric curve without bias brings no constant: it is then left alone to the bit.
        let is_symmetric = params.bias == 0.0 && !matches!(params.shape, Tape | Tube | Curve);
        Self {
            drive: decibels_to_gain(params.drive_db),
            bias: params.bias,
            compensation: share(params.compensation),
            level: decibels_to_gain(params.output_db),
            mix: params.mix,
            dc: share(params.dc_removed && !is_symmetric),
            soft: share(matches!(params.shape, Soft | Transformer)),
            hard: is(Hard),
            cubic: is(Cubic),
            tube: is(Tube),
            tape: is(Tape),
            curve: is(Curve),
            behind: 1.0 - params.tape_bias,
        }
    }

    /// What takes back a drive, where that is asked for.
    pub(super) fn back_from(&self, drive: f64) -> f64 {
        1.0 + self.compensation * (1.0 / drive - 1.0)
    }
}

/// Share of a curve.
#[derive(Clone, Copy, Debug)]
pub(super) enum Share<T> {
    Nothing,
    All,
    Moving([T; CHUNK]),
}

impl<T: Sample> Share<T> {
    fn of(shares: [f64; CHUNK], frames: usize) -> Self {
        match &shares[..frames] {
            all if all.iter().all(|share| *share == 0.0) => Self::Nothing,
            all if all.iter().all(|share| *share == 1.0) => Self::All,
            _ => Self::Moving(shares.map(T::from_f64)),
        }
    }

    /// `None` where there is nothing to do; within, `None` for all of it.
    pub(super) fn get(&self) -> Option<Option<&[T; CHUNK]>> {
        match self {
            Self::Nothing => None,
            Self::All => Some(None),
            Self::Moving(shares) => Some(Some(shares)),
        }
    }
}

/// All numbers of up to [`CHUNK`] frames.
pub(super) struct Numbers<T> {
    moving: Frames<Moving>,
    moved: bool,
    pub(super) drive: [T; CHUNK],
    pub(super) bias: [T; CHUNK],
    pub(super) compensation: [f64; CHUNK],
    pub(super) level: [f64; CHUNK],
    pub(super) mix: [f64; CHUNK],
    pub(super) dc: [f64; CHUNK],
    pub(super) soft: Share<T>,
    pub(super) hard: Share<T>,
    pub(super) cubic: Share<T>,
    pub(super) tube: Share<T>,
    pub(super) curve: Share<T>,
    /// The curve through points.
    pub(super) points: Points,
    pub(super) tape: [T; CHUNK],
    pub(super) behind: [T; CHUNK],
    pub(super) runs_tape: bool,
    pub(super) emphasis: [Frames<Emphasis>; 2],
    pub(super) has_emphasis: bool,
    pub(super) takes_dc: bool,
}

impl<T: Sample> Numbers<T> {
    /// Nothing yet.
    pub(super) const EMPTY: Self = Self {
        moving: Frames::EMPTY,
        moved: true,
        drive: [T::ONE; CHUNK],
        bias: [T::ZERO; CHUNK],
        compensation: [0.0; CHUNK],
        level: [1.0; CHUNK],
        mix: [1.0; CHUNK],
        dc: [0.0; CHUNK],
        soft: Share::Nothing,
        hard: Share::Nothing,
        cubic: Share::Nothing,
        tube: Share::Nothing,
        curve: Share::Nothing,
        points: Points::STRAIGHT,
        tape: [T::ZERO; CHUNK],
        behind: [T::ZERO; CHUNK],
        runs_tape: false,
        emphasis: [Frames::EMPTY; 2],
        has_emphasis: false,
        takes_dc: false,
    };

    /// Takes the numbers of the next frames, and tells how many those are: not beyond one at which some come to rest.
    #[inline(always)]
    pub(super) fn fill(
        &mut self,
        moving: &mut Smoother<Moving>,
        emphasis: &mut [Smoother<Emphasis>; 2],
        points: &mut [Ramp<2>],
        mut frames: usize,
    ) -> usize {
        let points_move = points.iter().any(|point| !point.is_settled());
        let moves =
            points_move || !moving.is_settled() || emphasis.iter().any(|emphasis| !emphasis.is_settled());
        if !moves && !self.moved {
            return frames;
        }
        let left = emphasis.iter().map(Smoother::frames_left).chain([moving.frames_left()]);
        frames = left.filter(|left| *left > 0).fold(frames, usize::min);
        if points_move {
            // Each frame has a curve of its own.
            frames = 1;
        }
        if moving.is_settled() {
            moving.repeat(&mut self.moving)
        } else {
            moving.fill(&mut self.moving, frames)
        }
        for (numbers, emphasis) in self.emphasis.iter_mut().zip(emphasis.iter_mut()) {
            if emphasis.is_settled() { emphasis.repeat(numbers) } else { emphasis.fill(numbers, frames) }
        }
        self.has_emphasis = emphasis.iter().any(|emphasis| emphasis.target() != Emphasis::NONE) || moves;
        let all = &self.moving;
        self.drive = all.map(|moving| T::from_f64(moving.drive));
        self.bias = all.map(|moving| T::from_f64(moving.bias));
        self.compensation = all.map(|moving| moving.compensation);
        self.level = all.map(|moving| moving.level);
        self.mix = all.map(|moving| moving.mix);
        self.dc = all.map(|moving| moving.dc);
        self.soft = Share::of(all.map(|moving| moving.soft), frames);
        self.hard = Share::of(all.map(|moving| moving.hard), frames);
        self.cubic = Share::of(all.map(|moving| moving.cubic), frames);
        self.tube = Share::of(all.map(|moving| moving.tube), frames);
        self.curve = Share::of(all.map(|moving| moving.curve), frames);
        self.points = curve_of(points, frames);
        self.tape = all.map(|moving| T::from_f64(moving.tape));
        self.behind = all.map(|moving| T::from_f64(moving.behind));
        // What remembers runs from the beginning of a change to its end, however the audio is cut.
        self.runs_tape = moves || moving.target().tape != 0.0;
        self.takes_dc = moves || self.dc != [0.0; CHUNK];
        self.moved = moves;
        frames
    }
}

/// The curve through points in some frames, in which they stay, or in one.
fn curve_of(points: &mut [Ramp<2>], frames: usize) -> Points {
    Points::new(points.iter_mut().map(|point| {
        if point.is_settled() {
            return point.target();
        }
        let mut numbers = [[0.0; CHUNK]; 2];
        point.fill(&mut numbers, frames);
        numbers.map(|number| number[0])
    }))
}
