//! Automation: breakpoints in seconds become glides that begin at exact frames.
//!
//! A lane's frames are counted at the place where its parameter acts, which is as late as the sound is
//! there. Between two points the parameter follows a line; before the first and after the last it stays.

use std::format;
use std::vec::Vec;

use crate::base::error::Error;
use crate::files::SessionError;
use crate::params::{Id, Row};
use crate::session::format::{Automation, wrong};

/// One parameter that moves.
#[derive(Clone, Debug)]
pub(super) struct Lane<P> {
    /// What it moves.
    pub(super) place: P,
    pub(super) id: Id,
    continuous: bool,
    /// Frames and values.
    points: Vec<(u64, f64)>,
    next: usize,
}

/// What has to be done at a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    Set(f64),
    Glide(f64, usize),
}

/// Frame of a time.
pub(super) fn frame_at(seconds: f64, sample_rate: f64) -> u64 {
    libm::round(seconds * sample_rate) as u64
}

impl<P> Lane<P> {
    /// Checks the points against the row; `late` is how late the sound is at the parameter, in frames.
    pub(super) fn new(
        place: P,
        (id, row): (Id, &'static Row),
        automation: &Automation,
        (sample_rate, late): (f64, usize),
        at: &str,
    ) -> Result<Self, SessionError> {
        let at = format!("{at}: automation of {}", automation.parameter);
        if automation.points.is_empty() {
            return wrong(at, "no points");
        }
        let mut before = 0.0;
        for [seconds, value] in &automation.points {
            if !(*seconds >= before && *seconds <= 1e6) {
                return wrong(at, format!("point at {seconds} s: times rise from 0 to at most 1000000 s"));
            }
            before = *seconds;
            row.check(None, *value, sample_rate).or_else(|error: Error| wrong(&at, error))?;
        }
        let frame = |seconds: f64| frame_at(seconds, sample_rate) + late as u64;
        let points = automation.points.iter().map(|[seconds, value]| (frame(*seconds), *value)).collect();
        Ok(Self { place, id, continuous: row.is_continuous(), points, next: 0 })
    }

    /// The value from the beginning to the first point.
    pub(super) fn first(&self) -> f64 {
        self.points[0].1
    }

    /// The frame of the next step.
    pub(super) fn next_frame(&self) -> Option<u64> {
        // The last point of a line has nothing to begin; a switch is set at each.
        let steps = self.points.len() - usize::from(self.continuous);
        self.points.get(self.next).filter(|_| self.next < steps).map(|(frame, _)| *frame)
    }

    /// What is due at this frame; asked again until there is no more.
    pub(super) fn due(&mut self, frame: u64) -> Option<Step> {
        let start = self.next_frame().filter(|start| *start <= frame)?;
        let value = self.points[self.next].1;
        self.next += 1;
        if !self.continuous {
            return Some(Step::Set(value));
        }
        let (end, target) = self.points[self.next];
        Some(Step::Glide(target, (end - start).max(1) as usize))
    }
}

/// `inserts[1].ratio` as 1 and `ratio`.
pub(super) fn insert_path(parameter: &str) -> Option<(usize, &str)> {
    let (at, path) = parameter.strip_prefix("inserts[")?.split_once("].")?;
    Some((at.parse().ok()?, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GainParams;
    use crate::params::Table;
    use std::string::ToString;
    use std::vec;

    fn lane(points: Vec<[f64; 2]>) -> Result<Lane<()>, SessionError> {
        let automation = Automation { parameter: "gain_db".to_string(), points };
        Lane::new((), (GainParams::GAIN_DB.any(), &GainParams::ROWS[0]), &automation, (48_000.0, 5), "track")
    }

    #[test]
    fn glides_begin_at_their_frames() {
        let mut lane = lane(vec![[0.5, -6.0], [1.0, 0.0], [1.0, -3.0]]).unwrap();
        assert_eq!((lane.first(), lane.next_frame()), (-6.0, Some(24_005)));
        assert_eq!(lane.due(24_004), None);
        assert_eq!(lane.due(24_005), Some(Step::Glide(0.0, 24_000)));
        assert_eq!(lane.due(48_005), Some(Step::Glide(-3.0, 1)));
        assert_eq!(lane.next_frame(), None);
    }

    #[test]
    fn errors_name_parameter_value_and_range() {
        let error = lane(vec![[0.0, 99.0]]).unwrap_err().to_string();
        assert_eq!(error, "track: automation of gain_db: gain_db = 99 is outside -96 to 24 dB");
        assert!(lane(vec![[1.0, 0.0], [0.5, 0.0]]).unwrap_err().to_string().contains("times rise"));
    }
}
