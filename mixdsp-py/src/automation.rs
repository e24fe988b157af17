//! Automation: parameters that follow lines while the audio runs.
//!
//! A track is a list of points, frame and value. Between two points a parameter glides in a straight line;
//! before the first and after the last it stays. Two points at one frame are a step, which the unit takes
//! silently. Switches and choices are set at the frame of their point.
//!
//! Frames are counted in frames of input since the start. A unit behind others with latency hears its
//! input later, so its points are later by as much.

use crate::array::Scalar;
use crate::entry::AnyUnit;
use crate::failure::Failure;
use mixdsp::{Id, Processor};

/// The course of one parameter.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    pub(crate) unit: usize,
    pub(crate) id: Id,
    /// Whether values in between exist.
    pub(crate) continuous: bool,
    /// Not empty; frames never fall.
    pub(crate) points: Vec<(u64, f64)>,
}

impl Track {
    /// The value at the start.
    pub(crate) fn initial(&self) -> f64 {
        let at_start = self.points.iter().take_while(|(frame, _)| *frame == 0);
        at_start.last().or(self.points.first()).map_or(0.0, |(_, value)| *value)
    }
}

/// All tracks, and how far each has come.
#[derive(Debug, Default)]
pub(crate) struct Automation {
    tracks: Vec<Track>,
    /// The point of each track that comes next.
    next: Vec<usize>,
    /// The frame of the first point to come.
    due: u64,
}

const NEVER: u64 = u64::MAX;

impl Automation {
    pub(crate) fn new(tracks: Vec<Track>) -> Self {
        let mut automation = Self { next: vec![0; tracks.len()], tracks, due: NEVER };
        automation.rewind();
        automation
    }

    /// Goes back to the start.
    pub(crate) fn rewind(&mut self) {
        self.next.fill(0);
        self.look_ahead();
    }

    pub(crate) fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// Frames from `clock` to the next point.
    #[inline]
    pub(crate) fn frames_left(&self, clock: u64) -> usize {
        usize::try_from(self.due.saturating_sub(clock)).unwrap_or(usize::MAX)
    }

    /// Does what is due at `clock`.
    #[inline]
    pub(crate) fn run<T: Scalar>(&mut self, clock: u64, units: &mut [AnyUnit<T>]) -> Result<(), Failure> {
        if clock < self.due {
            return Ok(());
        }
        for (track, next) in self.tracks.iter().zip(&mut self.next) {
            let unit = &mut *units[track.unit];
            turn(track, next, clock, unit).map_err(|error| Failure::of(&error, ""))?;
        }
        self.look_ahead();
        Ok(())
    }

    fn look_ahead(&mut self) {
        let frames = self.tracks.iter().zip(&self.next).filter_map(|(track, next)| track.points.get(*next));
        self.due = frames.map(|(frame, _)| *frame).min().unwrap_or(NEVER);
    }
}

/// Turns one track at its points of this frame.
fn turn<T: Scalar>(
    track: &Track,
    next: &mut usize,
    clock: u64,
    unit: &mut dyn Processor<T>,
) -> Result<(), mixdsp::Error> {
    let here = track.points[*next..].iter().take_while(|(frame, _)| *frame <= clock).count();
    let Some((_, arrived)) = here.checked_sub(1).map(|_| track.points[*next]) else {
        return Ok(());
    };
    *next += here;
    let (_, value) = track.points[*next - 1];
    if !track.continuous || value != arrived {
        unit.set(track.id, value)?;
    }
    match track.points.get(*next) {
        Some((frame, target)) if track.continuous && *target != value => {
            unit.glide(track.id, *target, usize::try_from(frame - clock).unwrap_or(usize::MAX))
        }
        _ => Ok(()),
    }
}
