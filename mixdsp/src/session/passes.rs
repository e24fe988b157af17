//! The passes of a delivery: gain, limiter, dither, and the search for the gain that meets the loudness.
//!
//! Each pass writes the master aside; the last one keeps it. Where the loudness takes more limiting than the goal
//! allows, [`LimitSearch`] finds the one that does not.

use std::borrow::ToOwned;
use std::boxed::Box;
use std::path::Path;
use std::vec::Vec;
use std::{format, vec};

use crate::base::error::Error;
use crate::base::spec::Spec;
use crate::base::units::decibels_to_gain;
use crate::engine::processor::Processor;
use crate::engine::unit::KNOT;
use crate::files::{AudioFile, AudioStream, BitDepth, SessionError, WavWriter};
use crate::host::{LimitSearch, Limiting, is_refused};
use crate::processors::dither::{Dither, DitherConfig};
use crate::processors::limiter::{Limiter, LimiterConfig, LimiterParams, LimiterReadings};
use crate::processors::loudness_meter::LoudnessReadings;
use crate::session::format::{Goal, wrong};
use crate::session::measure::{Curve, loudness_meter};
use crate::session::stems::open;

/// Frames worked on at a time: whole knots.
pub(super) const BLOCK: usize = 32 * KNOT;
/// A pass this near to the target is the last.
const NEAR_LU: f64 = 0.03;
/// A loudness so near to what was asked for counts as met.
const MET_LU: f64 = 0.1;
/// Passes before the best one is taken.
const MOST_PASSES: usize = 8;
/// The most that the search adds to the gain that would do without a limiter, in dB: beyond it, more gain
/// only distorts.
const MOST_MORE_DB: f64 = 36.0;

/// What a pass gives.
pub(super) struct Pass {
    /// Gain before the limiter, in dB.
    pub(super) gain_db: f64,
    /// The file, not yet finished.
    pub(super) writer: WavWriter,
    pub(super) loudness: Option<f64>,
    pub(super) limiter_db: Vec<f32>,
    pub(super) limiting_max_db: f64,
    pub(super) limiting_p99_db: f64,
}

/// What a search ends with.
pub(super) enum Found {
    Met(Box<Pass>),
    /// It takes at least so much limiting, and at least so much gain.
    TooMuch {
        gain_db: f64,
        limiting_p99_db: f64,
    },
}

/// Passes over the file of floats.
pub(super) struct Passes<'a> {
    pub(super) floats: &'a Path,
    pub(super) out: &'a Path,
    pub(super) goal: &'a Goal,
    pub(super) depth: BitDepth,
    /// Loudness of the file of floats.
    pub(super) loudness: Option<f64>,
    pub(super) made: usize,
    pub(super) progress: &'a mut dyn FnMut(usize, f64),
}

impl Passes<'_> {
    fn pass(&mut self, gain_db: f64) -> Result<Pass, SessionError> {
        self.made += 1;
        let Self { made, progress, .. } = self;
        limit(self.floats, self.out, self.goal, self.depth, gain_db, &mut |share| progress(*made, share))
    }

    /// Passes until the loudness is met, or the best of those that were made.
    pub(super) fn search(&mut self, wanted: f64) -> Result<Found, SessionError> {
        let first = self.loudness.map_or(0.0, |lufs| wanted - lufs);
        let mut gain = first;
        let mut best: Option<(f64, f64)> = None;
        let mut last: Option<(f64, f64)> = None;
        for number in 1.. {
            let pass = self.pass(gain)?;
            let missing = pass.loudness.map_or(0.0, |lufs| wanted - lufs);
            let is_best = best.is_none_or(|(_, least)| missing.abs() <= least);
            let is_last = missing.abs() <= NEAR_LU || (number >= MOST_PASSES && is_best);
            if is_refused(pass.limiting_p99_db, self.goal.max_limiting_db, is_last, missing > 0.0) {
                return Ok(Found::TooMuch { gain_db: gain, limiting_p99_db: pass.limiting_p99_db });
            }
            if is_last {
                return Ok(Found::Met(Box::new(pass)));
            }
            if is_best {
                best = Some((gain, missing.abs()));
            }
            let slope = match last {
                Some((gain_before, missing_before)) if missing_before != missing => {
                    ((gain - gain_before) / (missing_before - missing)).clamp(0.5, 6.0)
                }
                // A little more than what is missing: the limiter takes some of it.
                _ => 1.15,
            };
            last = Some((gain, missing));
            gain = (gain + slope * missing).min(first + MOST_MORE_DB);
            if number + 1 >= MOST_PASSES {
                gain = best.map_or(gain, |(gain, _)| gain);
            }
        }
        wrong("master", "no pass was made")
    }

    /// The loudness that takes no more limiting than the goal allows, after a pass that took more.
    pub(super) fn reachable(
        &mut self,
        gain_db: f64,
        limiting_p99_db: f64,
    ) -> Result<Option<f64>, SessionError> {
        let mut search = LimitSearch::new(self.goal.max_limiting_db, gain_db, limiting_p99_db);
        while let Some(gain) = search.next_gain_db() {
            let pass = self.pass(gain)?;
            search.add(gain, pass.limiting_p99_db, pass.loudness);
        }
        while let Some(lufs) = search.reachable_lufs() {
            if let Found::Met(pass) = self.search(lufs)?
                && pass.loudness.is_some_and(|met| (met - lufs).abs() <= MET_LU)
            {
                return Ok(Some(lufs));
            }
            search.lower();
        }
        Ok(None)
    }
}

/// Runs the limiter over a block that begins on a knot, and writes its reduction at each frame. The audio may end
/// within the block.
fn limit_block(
    limiter: &mut Limiter<f64>,
    [left, right]: &mut [Vec<f64>; 2],
    reduction_db: &mut [f64],
    end: Option<usize>,
) -> Result<(), Error> {
    let mut from = 0;
    while from < reduction_db.len() {
        if end == Some(from) {
            limiter.end();
        }
        let knot = from - from % KNOT + KNOT;
        let to = end.filter(|end| (from + 1..knot).contains(end)).unwrap_or(knot);
        limiter.process(&mut [&mut left[from..to], &mut right[from..to]], &[])?;
        limiter.trace(LimiterReadings::GAIN_REDUCTION_DB.any(), &mut reduction_db[from..to]);
        from = to;
    }
    Ok(())
}

fn limit(
    floats: &Path,
    out: &Path,
    goal: &Goal,
    depth: BitDepth,
    gain_db: f64,
    progress: &mut dyn FnMut(f64),
) -> Result<Pass, SessionError> {
    let mut file: Box<dyn AudioStream> = open(floats, AudioFile::open(floats)?.info().sample_rate)?;
    let rate = file.sample_rate();
    let frames = file.frames().unwrap_or(0);
    let spec = Spec::new(f64::from(rate), 2);
    let refuse = |error| SessionError::Session { place: "master".to_owned(), reason: format!("{error}") };
    let params = LimiterParams { ceiling_db: goal.true_peak_dbtp, ..LimiterParams::mastering() };
    let mut limiter = Limiter::<f64>::new(spec, LimiterConfig::mastering(), params).map_err(refuse)?;
    let mut dither = match depth {
        BitDepth::Float32 => None,
        _ => {
            Some(Dither::<f64>::new(spec, DitherConfig { bits: depth.bits(), seed: 0 }, ()).map_err(refuse)?)
        }
    };
    let mut writer = WavWriter::create(out, rate, 2, depth)?;
    let mut meter = loudness_meter(rate, 2)?;
    let mut curve = Curve::new(rate);
    let gain = decibels_to_gain(gain_db);
    let mut read = [vec![0.0_f32; BLOCK], vec![0.0_f32; BLOCK]];
    let mut wide = [vec![0.0_f64; BLOCK], vec![0.0_f64; BLOCK]];
    let mut reduction = vec![0.0_f64; BLOCK];
    let mut limiting = Limiting::new();
    let mut late = limiter.latency();
    while writer.frames() < frames {
        let [left, right] = &mut read;
        let count = file.read(&mut [&mut left[..], &mut right[..]])?;
        for (wide, read) in wide.iter_mut().zip(&read) {
            wide.fill(0.0);
            wide.iter_mut().zip(&read[..count]).for_each(|(wide, read)| *wide = gain * f64::from(*read));
        }
        let end = (count < BLOCK).then_some(count);
        limit_block(&mut limiter, &mut wide, &mut reduction, end).map_err(refuse)?;
        let from = late.min(BLOCK);
        late -= from;
        let to = usize::try_from(frames - writer.frames()).unwrap_or(BLOCK).min(BLOCK - from) + from;
        let [left, right] = &mut wide;
        let mut block = [&mut left[from..to], &mut right[from..to]];
        if let Some(dither) = &mut dither {
            dither.process(&mut block, &[]).map_err(refuse)?;
        }
        writer.write(&block)?;
        let reduction = &reduction[from..to];
        limiting.measure(&mut meter, &mut block, reduction).map_err(refuse)?;
        curve.add(to - from, reduction.iter().fold(0.0, |most, one| f64::max(most, *one)));
        progress(writer.frames() as f64 / frames as f64);
    }
    Ok(Pass {
        gain_db,
        writer,
        loudness: meter.integrated().filter(|lufs| lufs.is_finite()),
        limiter_db: curve.values,
        limiting_max_db: limiting.max_db(),
        limiting_p99_db: limiting.p99_db(meter.get(LoudnessReadings::RELATIVE_GATE)),
    })
}
