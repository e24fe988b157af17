//! The search for the gain that gives a programme its loudness under a ceiling.
//!
//! ```text
//! goal, loudness and true peak of the programme --> step() --> Pass: gain, limiter or none --> MasterPass
//!                                                     ^                                            |
//!                                                     +---- add(): loudness, limiting <------------+
//!                                                     |
//!                                                     `--> Done, or TooMuch and what is reachable
//! ```
//!
//! A limiter lowers the loudness by an amount that no formula tells, so the gain is searched: each pass follows the
//! line through the last two. A gain that leaves the true peak far from the ceiling needs no limiter. A loudness that
//! takes more limiting than is allowed is refused, and a few more passes look for the one that does not.
//!
//! Whoever makes the passes owns the audio, and may stop between any two. Nothing is allocated.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::host::limiting::Limiting;
use crate::host::master::{MAX_CLIPPING_DB, MAX_CLIPPING_RANGE_DB};
use crate::host::max_limiting::{
    LimitSearch, MAX_LIMITING_DB, MAX_LIMITING_RANGE_DB, TooMuchLimiting, is_refused,
};
use crate::processors::loudness_meter::{LoudnessMeter, LoudnessReadings};
use core::ops::RangeInclusive;

/// What a loudness that is asked for may be, in LUFS.
pub const LOUDNESS_RANGE_LUFS: RangeInclusive<f64> = -70.0..=0.0;
/// What a ceiling may be, in dBTP.
pub const TRUE_PEAK_RANGE_DBTP: RangeInclusive<f64> = -40.0..=0.0;
/// A loudness so near to what was asked for is met, in LU.
pub const MET_LU: f64 = 0.1;

/// A pass this near to the loudness is the last.
const NEAR_LU: f64 = 0.03;
/// Passes towards one loudness before the nearest of them is taken.
const MOST_PASSES: u32 = 8;
/// The most that the search adds to the gain that would do without a limiter: beyond it, more gain only distorts.
const MOST_MORE_DB: f64 = 36.0;
/// True peaks so far under the ceiling need no limiter. Meters differ: by 0.2 dB for their kernels, and by 2.5 dB
/// where a file begins or ends in the middle of a wave. Nearer the limiter decides, and leaves alone what is under.
const CLEAR_DB: f64 = 3.0;
/// The first pass takes a little more than what is missing: the limiter takes some of it.
const FIRST_SLOPE: f64 = 1.15;

/// What a delivery is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoudnessGoal {
    /// Integrated loudness, -70 to 0 LUFS.
    pub loudness_lufs: f64,
    /// Highest true peak, -40 to 0 dBTP.
    pub true_peak_dbtp: f64,
    /// The most limiting that the loudness may take, 0 to 60 dB at the 99th percentile; see [`Limiting`].
    pub max_limiting_db: f64,
    /// The most clipping, 0 to 24 dB at the 99th percentile.
    pub max_clipping_db: f64,
    /// Whether a limiter may help. Without one the gain stops where the true peak meets its ceiling.
    pub limits: bool,
}

impl Default for LoudnessGoal {
    fn default() -> Self {
        Self {
            loudness_lufs: -14.0,
            true_peak_dbtp: -1.0,
            max_limiting_db: MAX_LIMITING_DB,
            max_clipping_db: MAX_CLIPPING_DB,
            limits: true,
        }
    }
}

impl LoudnessGoal {
    /// Refuses what is out of its range.
    ///
    /// # Errors
    /// [`Error::Range`], which names the field, its value and its range.
    pub fn check(&self) -> Result<(), Error> {
        for (key, value, range, unit) in [
            ("loudness_lufs", self.loudness_lufs, LOUDNESS_RANGE_LUFS, "LUFS"),
            ("true_peak_dbtp", self.true_peak_dbtp, TRUE_PEAK_RANGE_DBTP, "dBTP"),
            ("max_limiting_db", self.max_limiting_db, MAX_LIMITING_RANGE_DB, "dB"),
            ("max_clipping_db", self.max_clipping_db, MAX_CLIPPING_RANGE_DB, "dB"),
        ] {
            if !range.contains(&value) {
                let (minimum, maximum) = (*range.start(), *range.end());
                return Err(Error::Range { key, item: None, value, minimum, maximum, unit, choices: &[] });
            }
        }
        Ok(())
    }

    /// Whether a loudness is within [`MET_LU`] of what was asked for; that of silence is not.
    pub fn is_met(&self, loudness_lufs: Option<f64>) -> bool {
        is_met(loudness_lufs, self.loudness_lufs)
    }
}

fn is_met(loudness_lufs: Option<f64>, wanted_lufs: f64) -> bool {
    loudness_lufs.is_some_and(|lufs| (lufs - wanted_lufs).abs() <= MET_LU)
}

/// What a pass came to. Of an album it is that of all its programmes together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PassResult {
    /// Integrated loudness; `None` for silence.
    pub loudness_lufs: Option<f64>,
    /// 99th percentile of the limiter's reduction, in dB.
    pub limiting_p99_db: f64,
    /// The same of what the clipper takes.
    pub clipping_p99_db: f64,
}

impl PassResult {
    /// What a meter and measures of limiting and clipping have heard.
    pub fn of<T: Sample>(meter: &LoudnessMeter<T>, limiting: &Limiting, clipping: &Limiting) -> Self {
        let gate = meter.get(LoudnessReadings::RELATIVE_GATE);
        Self {
            loudness_lufs: meter.integrated().filter(|lufs| lufs.is_finite()),
            limiting_p99_db: limiting.p99_db(gate),
            clipping_p99_db: clipping.p99_db(gate),
        }
    }

    /// What it takes, as limiting: clipping that is over its limit counts as much over that of limiting.
    fn load_db(&self, goal: &LoudnessGoal) -> f64 {
        let clipping = self.clipping_p99_db - goal.max_clipping_db + goal.max_limiting_db;
        if self.clipping_p99_db > goal.max_clipping_db {
            self.limiting_p99_db.max(clipping)
        } else {
            self.limiting_p99_db
        }
    }
}

/// What a [`LoudnessSearch`] asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// A pass over the whole programme, to be told by [`LoudnessSearch::add`].
    Pass {
        /// Gain before the limiter, in dB.
        gain_db: f64,
        /// Whether there is a limiter behind it.
        limits: bool,
    },
    /// The latest pass is the delivery: as loud as was asked for, or as near as can be.
    Done,
    /// The loudness takes too much limiting. Nothing is to be delivered.
    TooMuch(TooMuchLimiting),
}

/// Passes towards one loudness.
#[derive(Clone, Copy, Debug)]
struct Seek {
    wanted_lufs: f64,
    /// The gain that would do without a limiter.
    first_db: f64,
    passes: u32,
    /// Gain and what was missing: of the nearest pass, its distance, and of the latest.
    best: Option<(f64, f64)>,
    last: Option<(f64, f64)>,
}

/// What comes after a pass.
enum Verdict {
    Again { gain_db: f64 },
    Last,
    TooMuch,
}

impl Seek {
    fn new(wanted_lufs: f64, first_db: f64) -> Self {
        Self { wanted_lufs, first_db, passes: 0, best: None, last: None }
    }

    /// Judges the pass with `gain_db`.
    fn add(&mut self, gain_db: f64, pass: &PassResult, goal: &LoudnessGoal) -> Verdict {
        self.passes += 1;
        let missing = pass.loudness_lufs.map_or(0.0, |lufs| self.wanted_lufs - lufs);
        let is_best = self.best.is_none_or(|(_, least)| missing.abs() <= least);
        if is_best {
            self.best = Some((gain_db, missing.abs()));
        }
        let slope = match self.last {
            Some((gain_before, missing_before)) if missing_before != missing => {
                ((gain_db - gain_before) / (missing_before - missing)).clamp(0.5, 6.0)
            }
            _ => FIRST_SLOPE,
        };
        self.last = Some((gain_db, missing));
        let next_db = (gain_db + slope * missing).min(self.first_db + MOST_MORE_DB);
        // The same gain again would come to the same.
        let stands = next_db == gain_db;
        let is_last =
            !goal.limits || missing.abs() <= NEAR_LU || self.passes >= MOST_PASSES || (stands && is_best);
        match is_refused(pass.load_db(goal), goal.max_limiting_db, is_last, missing > 0.0) {
            true => Verdict::TooMuch,
            false if is_last => Verdict::Last,
            // The nearest is made again, so that the last pass is the delivery.
            false if stands || self.passes + 1 >= MOST_PASSES => {
                Verdict::Again { gain_db: self.best.map_or(next_db, |(best_db, _)| best_db) }
            }
            false => Verdict::Again { gain_db: next_db },
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Towards the loudness that was asked for.
    Goal(Seek),
    /// Refused: towards as much limiting as is allowed.
    Limit(TooMuchLimiting, LimitSearch),
    /// Refused: towards the loudness that was found so, because what is named must have been tried.
    Trial(TooMuchLimiting, LimitSearch, f64, Seek),
    Ended(Step),
}

/// Looks for the gain that gives a programme, or an album, its loudness.
///
/// ```
/// use mixdsp::host::{LoudnessGoal, LoudnessSearch, PassResult, Step};
///
/// // Of -20 LUFS, with a true peak of -8 dBTP.
/// let goal = LoudnessGoal { loudness_lufs: -12.0, ..LoudnessGoal::default() };
/// let mut search = LoudnessSearch::new(&goal, Some(-20.0), Some(-8.0))?;
/// let mut gain = 0.0;
/// while let Step::Pass { gain_db, limits } = search.step() {
///     // A real pass is made by a `MasterPass`; this one takes 0.2 LU of loudness per dB of limiting.
///     let limiting_p99_db = if limits { (gain_db - 7.0).max(0.0) } else { 0.0 };
///     let loudness_lufs = Some(-20.0 + gain_db - 0.2 * limiting_p99_db);
///     search.add(PassResult { loudness_lufs, limiting_p99_db, clipping_p99_db: 0.0 });
///     gain = gain_db;
/// }
/// assert_eq!(search.step(), Step::Done);
/// assert!((gain - 8.25).abs() < 0.05 && search.passes() <= 3);
/// # Ok::<(), mixdsp::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LoudnessSearch {
    goal: LoudnessGoal,
    /// Loudness of the programme, and the gain up to which it needs no limiter.
    loudness_lufs: Option<f64>,
    clear_db: f64,
    /// Gain of the next pass.
    gain_db: f64,
    stage: Stage,
    passes: usize,
}

impl LoudnessSearch {
    /// Begins with what was measured of the programme as it is: integrated loudness and true peak, `None` where
    /// silence has none. Of an album, those of all of it.
    ///
    /// # Errors
    /// [`Error::Range`] for a goal that cannot be.
    pub fn new(
        goal: &LoudnessGoal,
        loudness_lufs: Option<f64>,
        true_peak_dbtp: Option<f64>,
    ) -> Result<Self, Error> {
        goal.check()?;
        let loudness_lufs = loudness_lufs.filter(|lufs| lufs.is_finite());
        let peak = true_peak_dbtp.filter(|peak| !peak.is_nan()).unwrap_or(f64::NEG_INFINITY);
        let room = goal.true_peak_dbtp - peak;
        let wanted = loudness_lufs.map_or(0.0, |lufs| goal.loudness_lufs - lufs);
        let (first_db, clear_db) =
            if goal.limits { (wanted, room - CLEAR_DB) } else { (wanted.min(room), f64::INFINITY) };
        let stage = Stage::Goal(Seek::new(goal.loudness_lufs, first_db));
        Ok(Self { goal: *goal, loudness_lufs, clear_db, gain_db: first_db, stage, passes: 0 })
    }

    /// What is to be done next. It stays the same until [`add`](Self::add) is called.
    pub fn step(&self) -> Step {
        match self.stage {
            Stage::Ended(step) => step,
            _ => Step::Pass { gain_db: self.gain_db, limits: self.gain_db > self.clear_db },
        }
    }

    /// The loudness that the next pass is towards: what was asked for or, once that is refused, what may be reachable.
    pub(super) fn wanted_lufs(&self) -> f64 {
        match self.stage {
            Stage::Trial(_, _, lufs, _) => lufs,
            _ => self.goal.loudness_lufs,
        }
    }

    /// Makes the next pass with another gain: whoever knows better begins there.
    pub(super) fn begin_at(&mut self, gain_db: f64) {
        self.gain_db = gain_db;
    }

    /// Passes that were made.
    pub fn passes(&self) -> usize {
        self.passes
    }

    /// Takes what the pass that was asked for came to. After the end nothing changes.
    pub fn add(&mut self, pass: PassResult) {
        let pass = PassResult { loudness_lufs: pass.loudness_lufs.filter(|lufs| lufs.is_finite()), ..pass };
        let (goal, gain_db) = (self.goal, self.gain_db);
        match self.stage {
            Stage::Ended(_) => return,
            Stage::Goal(mut seek) => match seek.add(gain_db, &pass, &goal) {
                Verdict::Again { gain_db } => self.go_on(gain_db, Stage::Goal(seek)),
                Verdict::Last => self.stage = Stage::Ended(Step::Done),
                Verdict::TooMuch => self.refuse(&pass),
            },
            Stage::Limit(refused, mut search) => {
                search.add(gain_db, pass.load_db(&goal), pass.loudness_lufs);
                match search.next_gain_db() {
                    Some(gain_db) => self.go_on(gain_db, Stage::Limit(refused, search)),
                    None => self.try_reachable(refused, search),
                }
            }
            Stage::Trial(refused, mut search, lufs, mut seek) => match seek.add(gain_db, &pass, &goal) {
                Verdict::Again { gain_db } => self.go_on(gain_db, Stage::Trial(refused, search, lufs, seek)),
                Verdict::Last if is_met(pass.loudness_lufs, lufs) => {
                    let refused = TooMuchLimiting { reachable_lufs: Some(lufs), ..refused };
                    self.stage = Stage::Ended(Step::TooMuch(refused));
                }
                Verdict::Last | Verdict::TooMuch => {
                    search.lower();
                    self.try_reachable(refused, search);
                }
            },
        }
        self.passes += 1;
    }

    fn go_on(&mut self, gain_db: f64, stage: Stage) {
        (self.gain_db, self.stage) = (gain_db, stage);
    }

    /// A pass took too much.
    fn refuse(&mut self, pass: &PassResult) {
        let LoudnessGoal { loudness_lufs, max_limiting_db, max_clipping_db, .. } = self.goal;
        let PassResult { limiting_p99_db, clipping_p99_db, .. } = *pass;
        let refused = TooMuchLimiting {
            loudness_lufs,
            limiting_p99_db,
            max_limiting_db,
            clipping_p99_db,
            max_clipping_db,
            reachable_lufs: None,
        };
        let search = LimitSearch::new(max_limiting_db, self.gain_db, pass.load_db(&self.goal));
        // What has no loudness gets none from less gain.
        match search.next_gain_db().filter(|_| pass.loudness_lufs.is_some()) {
            Some(gain_db) => self.go_on(gain_db, Stage::Limit(refused, search)),
            None => self.stage = Stage::Ended(Step::TooMuch(refused)),
        }
    }

    /// Goes on to deliver at the loudness that was found, if there is one.
    fn try_reachable(&mut self, refused: TooMuchLimiting, search: LimitSearch) {
        match (search.reachable_lufs(), self.loudness_lufs) {
            (Some(lufs), Some(before)) => {
                // As whoever asks for it will.
                let first_db = lufs - before;
                self.go_on(first_db, Stage::Trial(refused, search, lufs, Seek::new(lufs, first_db)));
            }
            _ => self.stage = Stage::Ended(Step::TooMuch(refused)),
        }
    }
}
