//! Automation: parameters that follow lines while the audio runs.
//!
//! A lane is a list of points, frame and value. Between two points a parameter glides in a straight line; before the
//! first and after the last it stays. Two points at one frame are a step, which the unit takes silently. Switches and
//! choices are set at the frame of their point.
//!
//! Frames are counted at the place where the parameter acts, which is as late as the sound is there.

use super::recipe::RecipeError;
use crate::base::error::Error;
use crate::base::id::Id;
use crate::params::Row;
use alloc::format;
use alloc::vec::Vec;

/// The latest time that a point may have, in seconds.
const LATEST_SECONDS: f64 = 1e9;

/// The course of one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane<P> {
    /// What it moves.
    pub place: P,
    /// Which parameter there.
    pub id: Id,
    continuous: bool,
    initial: f64,
    /// Not empty; frames never fall.
    points: Vec<(u64, f64)>,
    /// The point that comes next.
    next: usize,
}

/// What has to be done to a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// It is set, silently.
    Set(f64),
    /// It glides to a value in so many frames.
    Glide(f64, usize),
}

impl<P> Lane<P> {
    /// A lane of frames and values. `None` without a point.
    pub fn new(place: P, id: Id, row: &Row, points: Vec<(u64, f64)>) -> Option<Self> {
        let at_start = points.iter().take_while(|(frame, _)| *frame == 0);
        let (_, initial) = *at_start.last().or(points.first())?;
        Some(Self { place, id, continuous: row.is_continuous(), initial, points, next: 0 })
    }

    /// A lane of seconds and values. `late` is how late the sound is at the parameter, in frames.
    ///
    /// # Errors
    /// For no points, times that fall, and values out of the row's range.
    pub fn of_seconds(
        place: P,
        (id, row): (Id, &Row),
        points: &[[f64; 2]],
        sample_rate: f64,
        late: usize,
    ) -> Result<Self, RecipeError> {
        let mut before = 0.0;
        for [seconds, value] in points {
            if !(*seconds >= before && *seconds <= LATEST_SECONDS) {
                let reason = format!("point at {seconds} s: times rise from 0 to at most {LATEST_SECONDS} s");
                return Err(RecipeError::new("", reason));
            }
            before = *seconds;
            row.check(None, *value, sample_rate).map_err(RecipeError::refused)?;
        }
        let frame = |seconds: f64| libm::round(seconds * sample_rate) as u64;
        let points = points.iter().map(|[seconds, value]| (frame(*seconds), *value)).collect();
        let mut lane = Self::new(place, id, row, points).ok_or_else(|| RecipeError::new("", "no points"))?;
        lane.delay(late as u64);
        Ok(lane)
    }

    /// The same for another place.
    pub fn at<Q>(self, place: impl FnOnce(P) -> Q) -> Lane<Q> {
        let Self { place: before, id, continuous, initial, points, next } = self;
        Lane { place: place(before), id, continuous, initial, points, next }
    }

    /// Lets it come later.
    pub fn delay(&mut self, frames: u64) {
        self.points.iter_mut().for_each(|(frame, _)| *frame += frames);
    }

    /// The values of all points.
    pub fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.points.iter().map(|(_, value)| *value)
    }

    /// Where the parameter begins: the first value, or the last of those at the first frame where they are at frame 0.
    pub fn initial(&self) -> f64 {
        self.initial
    }

    /// Does what is due at `clock`: at most a step to where the points of this frame end, and a glide from there.
    fn turn<E>(&mut self, clock: u64, act: &mut impl FnMut(&P, Id, Step) -> Result<(), E>) -> Result<(), E> {
        let here = self.points[self.next..].iter().take_while(|(frame, _)| *frame <= clock).count();
        if here == 0 {
            return Ok(());
        }
        let (_, arrived) = self.points[self.next];
        self.next += here;
        let (_, value) = self.points[self.next - 1];
        if !self.continuous || value != arrived {
            act(&self.place, self.id, Step::Set(value))?;
        }
        match self.points.get(self.next) {
            Some((frame, target)) if self.continuous && *target != value => {
                let frames = usize::try_from(frame - clock).unwrap_or(usize::MAX);
                act(&self.place, self.id, Step::Glide(*target, frames))
            }
            _ => Ok(()),
        }
    }
}

/// The points of the sum of courses, each of seconds and values, as a lane follows them. A course without a point counts
/// as nothing.
pub fn sum_of_courses(courses: &[&[[f64; 2]]]) -> Vec<[f64; 2]> {
    let mut times: Vec<f64> = courses.iter().flat_map(|points| points.iter().map(|point| point[0])).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let mut sum = Vec::with_capacity(times.len());
    for seconds in times {
        let arrived: f64 = courses.iter().map(|points| value_at(points, seconds).0).sum();
        let left: f64 = courses.iter().map(|points| value_at(points, seconds).1).sum();
        sum.push([seconds, arrived]);
        if left != arrived {
            sum.push([seconds, left]);
        }
    }
    sum
}

/// The value at which a course arrives at a time, and that from which it goes on.
fn value_at(points: &[[f64; 2]], seconds: f64) -> (f64, f64) {
    let before = points.partition_point(|point| point[0] < seconds);
    let behind = points.partition_point(|point| point[0] <= seconds);
    let here = &points[before.min(behind)..behind];
    if let (Some(first), Some(last)) = (here.first(), here.last()) {
        return (first[1], last[1]);
    }
    let value = match (before.checked_sub(1).map(|at| points[at]), points.get(behind).copied()) {
        (Some([start, from]), Some([end, to])) => from + (to - from) * ((seconds - start) / (end - start)),
        (Some([_, value]), None) | (None, Some([_, value])) => value,
        (None, None) => 0.0,
    };
    (value, value)
}

/// All lanes, and how far they have come.
#[derive(Clone, Debug)]
pub struct Automation<P> {
    lanes: Vec<Lane<P>>,
    /// The frame of the first point to come.
    due: u64,
}

impl<P> Automation<P> {
    /// These lanes, at their start.
    pub fn new(lanes: Vec<Lane<P>>) -> Self {
        let mut automation = Self { lanes, due: 0 };
        automation.rewind();
        automation
    }

    /// Goes back to the start.
    pub fn rewind(&mut self) {
        self.lanes.iter_mut().for_each(|lane| lane.next = 0);
        self.look_ahead();
    }

    /// The lanes.
    pub fn lanes(&self) -> &[Lane<P>] {
        &self.lanes
    }

    /// Frames from `clock` to the next point.
    #[inline]
    pub fn frames_left(&self, clock: u64) -> usize {
        usize::try_from(self.due.saturating_sub(clock)).unwrap_or(usize::MAX)
    }

    /// Does what is due at `clock`.
    #[inline]
    pub fn run<E>(
        &mut self,
        clock: u64,
        mut act: impl FnMut(&P, Id, Step) -> Result<(), E>,
    ) -> Result<(), E> {
        if clock < self.due {
            return Ok(());
        }
        self.lanes.iter_mut().try_for_each(|lane| lane.turn(clock, &mut act))?;
        self.look_ahead();
        Ok(())
    }

    fn look_ahead(&mut self) {
        let frames = self.lanes.iter().filter_map(|lane| lane.points.get(lane.next));
        self.due = frames.map(|(frame, _)| *frame).min().unwrap_or(u64::MAX);
    }
}

impl Step {
    /// Takes the step on a processor.
    pub fn take<T: crate::Sample>(
        self,
        unit: &mut (impl crate::Processor<T> + ?Sized),
        id: Id,
    ) -> Result<(), Error> {
        match self {
            Self::Set(value) => unit.set(id, value),
            Self::Glide(target, frames) => unit.glide(id, target, frames),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GainParams;
    use crate::params::Table;
    use alloc::string::ToString;
    use alloc::vec;

    fn lane(points: &[[f64; 2]]) -> Result<Lane<()>, RecipeError> {
        Lane::of_seconds((), (GainParams::GAIN_DB.any(), &GainParams::ROWS[0]), points, 48_000.0, 5)
    }

    fn steps(automation: &mut Automation<()>, clock: u64) -> Vec<Step> {
        let mut steps = vec![];
        let done: Result<(), ()> = automation.run(clock, |(), _, step| {
            steps.push(step);
            Ok(())
        });
        done.unwrap();
        steps
    }

    #[test]
    fn glides_begin_at_their_frames_and_two_points_at_one_are_a_step() {
        let lane = lane(&[[0.5, -6.0], [1.0, 0.0], [1.0, -3.0], [2.0, -3.0]]).unwrap();
        assert_eq!(lane.initial(), -6.0);
        let mut automation = Automation::new(vec![lane]);
        for _ in 0..2 {
            assert_eq!(automation.frames_left(5), 24_000);
            assert_eq!(steps(&mut automation, 24_004), []);
            assert_eq!(steps(&mut automation, 24_005), [Step::Glide(0.0, 24_000)]);
            assert_eq!(steps(&mut automation, 48_005), [Step::Set(-3.0)]);
            assert_eq!(steps(&mut automation, 96_005), []);
            assert!(automation.frames_left(96_005) > 1 << 60, "never");
            automation.rewind();
        }
    }

    #[test]
    fn the_sum_of_courses_has_the_corners_and_steps_of_all() {
        let ramp = [[1.0, 0.0], [3.0, -8.0]];
        let step = [[2.0, 1.0], [2.0, -1.0]];
        let expected = [[1.0, 1.0], [2.0, -3.0], [2.0, -5.0], [3.0, -9.0]];
        assert_eq!(sum_of_courses(&[&ramp, &step]), expected);
        assert_eq!(sum_of_courses(&[&step, &[], &ramp]), expected);
        assert_eq!(sum_of_courses(&[&ramp, &[[0.0, 2.0]]]), [[0.0, 2.0], [1.0, 2.0], [3.0, -6.0]]);
        assert_eq!(sum_of_courses(&[]), [[0.0; 2]; 0]);
    }

    #[test]
    fn errors_name_parameter_value_and_range() {
        let error = |points: &[[f64; 2]]| lane(points).unwrap_err().to_string();
        assert_eq!(error(&[[0.0, 99.0]]), "gain_db = 99 is outside -96 to 24 dB");
        assert!(error(&[[1.0, 0.0], [0.5, 0.0]]).contains("times rise"));
        assert!(error(&[[f64::NAN, 0.0]]).contains("times rise"));
        assert_eq!(error(&[]), "no points");
    }
}
