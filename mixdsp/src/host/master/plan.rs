//! How the steps of a master share the load: candidates, tried on the loudest passages.
//!
//! ```text
//! limiter alone --> it works little: that is the plan
//!        `--> clippers over it, side by side --> the cheapest --> compressors before it --> cheaper by enough?
//! ```
//!
//! Each candidate is driven until the passages are as loud as they are to be, and then weighed: [`MasterCost::total`].
//! What exceeds a limit is behind all that do not.

use crate::base::error::Error;
use crate::host::loudness_search::LoudnessGoal;
use crate::host::master::amount::{Amount, MasterSteps};
use crate::host::master::cost::MasterCost;
use crate::host::master::excerpts::Excerpts;
use crate::host::master::front::BusCompression;
use crate::host::master_limiter::MasterLimiter;
use crate::host::master_pass::{MasterPass, PassSettings};
use crate::host::threads::for_each;
use crate::processors::loudness_meter::{LoudnessConfig, LoudnessMeter, LoudnessReadings, TruePeak};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::ControlFlow;

/// Where clippers are tried, in dB over the ceiling.
const CLIPS_OVER_DB: [f64; 6] = [6.0, 4.5, 3.0, 2.0, 1.5, 1.0];
/// How much compression is tried, in dB.
const COMPRESSIONS_DB: [f64; 2] = [1.0, 2.0];
/// A limiter that takes no more than this, in dB at the 99th percentile, is left alone.
const EASY_DB: f64 = 2.0;
/// Compression has to make a master cheaper by this factor.
const CHEAPER: f64 = 0.9;
/// What takes this share of a limit on the passages stays within it on the whole programme.
const SURE: f64 = 0.9;
/// Passes towards the loudness of one candidate, and what is near enough, in LU.
const PASSES: usize = 4;
const NEAR_LU: f64 = 0.1;
/// The most that is driven beyond what would do without a limiter, in dB.
const MOST_MORE_DB: f64 = 24.0;
/// Candidates that are tried at a time.
const THREADS: usize = 2;
/// Frames of a block.
const BLOCK: usize = 2_048;

/// How the load of a master is shared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MasterPlan {
    /// Bus compression in dB; 0 for none.
    pub compression_db: f64,
    /// The clipper takes what is more than so many dB over the ceiling; `None` without one.
    pub clips_over_db: Option<f64>,
    /// The compressor that this means for the programme.
    pub compression: Option<BusCompression>,
    /// What it came to on the loudest passages, where it was tried, and the gain that it took, in dB.
    pub tried: Option<(MasterCost, f64)>,
}

/// A programme to plan for.
pub(super) struct Planner<'a> {
    excerpts: &'a Excerpts,
    audio: Vec<Vec<f32>>,
    limiter: MasterLimiter,
    steps: MasterSteps,
    /// Loudness of the whole programme, and of the passages.
    loudness_lufs: f64,
    passages_lufs: f64,
    peak_db: f64,
}

/// Told the share that is done; `Break` ends the work.
pub(super) type Tell<'a> = dyn FnMut(f64) -> ControlFlow<()> + 'a;

impl<'a> Planner<'a> {
    /// `None` for passages without a loudness.
    pub(super) fn new(
        excerpts: &'a Excerpts,
        steps: MasterSteps,
        limiter: MasterLimiter,
        loudness_lufs: f64,
    ) -> Result<Option<Self>, Error> {
        let audio = excerpts.joined();
        let config = LoudnessConfig { true_peak_kernel: TruePeak::Itu, ..lean(excerpts.config()) };
        let mut meter = LoudnessMeter::<f32>::new(*excerpts.spec(), config, ())?;
        meter.measure(&audio)?;
        meter.finish();
        let passages = meter.integrated().filter(|lufs| lufs.is_finite());
        let peak_db = meter.true_peak_db().unwrap_or(f64::NEG_INFINITY);
        Ok(passages.map(|passages_lufs| Self {
            excerpts,
            audio,
            limiter,
            steps,
            loudness_lufs,
            passages_lufs,
            peak_db,
        }))
    }

    /// The plan that costs least; `None` where `tell` ended it.
    pub(super) fn plan(&self, goal: &LoudnessGoal, tell: &mut Tell<'_>) -> Result<Option<MasterPlan>, Error> {
        let MasterSteps { compression_db, clipping_over_db } = self.steps;
        let pinned = |amount: Amount| if let Amount::Pinned(db) = amount { Some(db) } else { None };
        let start = self.candidate(pinned(compression_db).unwrap_or(0.0), pinned(clipping_over_db));
        let is_auto = [compression_db, clipping_over_db].contains(&Amount::Auto);
        if !is_auto {
            return Ok(Some(start));
        }
        let first_db = goal.loudness_lufs - self.loudness_lufs;
        let Some(mut best) = self.cheapest(vec![start], first_db, goal, tell)? else { return Ok(None) };
        if tell(0.2).is_break() {
            return Ok(None);
        }
        let Some((cost, gain_db)) = best.tried else { return Ok(Some(best)) };
        if cost.limiting_p99_db <= EASY_DB {
            return Ok(Some(best));
        }
        if clipping_over_db == Amount::Auto {
            let tried = CLIPS_OVER_DB.map(|over| self.candidate(start.compression_db, Some(over)));
            let mut candidates = tried.to_vec();
            candidates.push(best);
            let Some(found) = self.cheapest(candidates, gain_db, goal, tell)? else { return Ok(None) };
            best = found;
        }
        if tell(0.8).is_break() {
            return Ok(None);
        }
        if compression_db == Amount::Auto {
            let tried = COMPRESSIONS_DB.map(|db| self.candidate(db, best.clips_over_db));
            let Some(found) = self.cheapest(tried.to_vec(), gain_db, goal, tell)? else { return Ok(None) };
            let weight = |plan: &MasterPlan| self.weight(plan, goal);
            if weight(&found) < CHEAPER * weight(&best) {
                best = found;
            }
        }
        Ok((!tell(1.0).is_break()).then_some(best))
    }

    /// What the plans for these loudnesses cost: estimates, from the loudest passages.
    pub(super) fn costs(&self, loudness_lufs: &[f64], goal: &LoudnessGoal) -> Result<Vec<MasterCost>, Error> {
        let mut found = Vec::new();
        for lufs in loudness_lufs {
            let goal = LoudnessGoal { loudness_lufs: *lufs, ..*goal };
            let Some(plan) = self.plan(&goal, &mut |_| ControlFlow::Continue(()))? else { continue };
            // Steps that are all pinned were not tried.
            let (cost, _) = match plan.tried {
                Some(tried) => tried,
                None => self.drive(&plan, lufs - self.loudness_lufs, &goal)?,
            };
            found.push(MasterCost { loudness_lufs: *lufs, ..cost });
        }
        Ok(found)
    }

    fn candidate(&self, compression_db: f64, clips_over_db: Option<f64>) -> MasterPlan {
        let compression =
            (compression_db > 0.0).then(|| BusCompression::of(compression_db, self.loudness_lufs));
        MasterPlan { compression_db, clips_over_db, compression, tried: None }
    }

    /// Tries candidates side by side, and gives the one that weighs least, the first of equals.
    fn cheapest(
        &self,
        mut candidates: Vec<MasterPlan>,
        first_db: f64,
        goal: &LoudnessGoal,
        tell: &mut Tell<'_>,
    ) -> Result<Option<MasterPlan>, Error> {
        for pair in candidates.chunks_mut(THREADS) {
            for_each(pair.iter_mut(), &mut [(); THREADS], |plan, ()| {
                if plan.tried.is_none() {
                    plan.tried = Some(self.drive(plan, first_db, goal)?);
                }
                Ok(())
            })?;
            if tell(0.5).is_break() {
                return Ok(None);
            }
        }
        let least = candidates.iter().enumerate();
        let least = least.min_by(|a, b| self.weight(a.1, goal).total_cmp(&self.weight(b.1, goal)));
        Ok(least.map(|(_, plan)| *plan))
    }

    /// The cost, and behind all others what exceeds a limit or misses the loudness, by how much it does.
    fn weight(&self, plan: &MasterPlan, goal: &LoudnessGoal) -> f64 {
        let Some((cost, _)) = plan.tried else { return f64::INFINITY };
        let over = (cost.limiting_p99_db - SURE * goal.max_limiting_db)
            .max(cost.clipping_p99_db - SURE * goal.max_clipping_db)
            .max(goal.loudness_lufs - cost.loudness_lufs - 0.5);
        if over > 0.0 { 1e3 * (1.0 + over) } else { cost.total() }
    }

    /// Drives the passages until they are as loud as they are to be.
    fn drive(
        &self,
        plan: &MasterPlan,
        first_db: f64,
        goal: &LoudnessGoal,
    ) -> Result<(MasterCost, f64), Error> {
        let wanted = goal.loudness_lufs - self.loudness_lufs + self.passages_lufs;
        let most_db = goal.loudness_lufs - self.loudness_lufs + MOST_MORE_DB;
        let mut gain_db = first_db;
        let mut last: Option<(f64, f64)> = None;
        for pass in 1.. {
            let cost = self.pass(plan, gain_db, goal)?;
            let missing = wanted - cost.loudness_lufs;
            if missing.abs() <= NEAR_LU || pass == PASSES || gain_db >= most_db && missing > 0.0 {
                let loudness_lufs = goal.loudness_lufs - missing;
                return Ok((MasterCost { loudness_lufs, ..cost }, gain_db));
            }
            let slope = match last {
                Some((before_db, before)) if before != missing => {
                    ((gain_db - before_db) / (before - missing)).clamp(0.7, 4.0)
                }
                _ => 1.2,
            };
            last = Some((gain_db, missing));
            gain_db = (gain_db + slope * missing).min(most_db);
        }
        unreachable!("the last pass returns")
    }

    /// The passages through a plan.
    fn pass(&self, plan: &MasterPlan, gain_db: f64, goal: &LoudnessGoal) -> Result<MasterCost, Error> {
        let meter = LoudnessMeter::<f32>::new(*self.excerpts.spec(), lean(self.excerpts.config()), ())?;
        let settings = PassSettings {
            compression: plan.compression,
            gain_db,
            clips_over_db: plan.clips_over_db,
            limits: true,
            limiter: self.limiter,
            ceiling_db: goal.true_peak_dbtp,
            dither: None,
        };
        let mut pass = MasterPass::new(meter, &settings)?;
        let mut block = vec![vec![0.0_f32; BLOCK]; self.audio.len()];
        let frames = self.audio.first().map_or(0, Vec::len);
        let mut from = 0;
        loop {
            let count = (frames - from).min(BLOCK);
            let ended = count == 0;
            let length = if ended { BLOCK } else { count };
            for (block, audio) in block.iter_mut().zip(&self.audio) {
                block[..count].copy_from_slice(&audio[from..from + count]);
            }
            let mut planes: Vec<&mut [f32]> = block.iter_mut().map(|plane| &mut plane[..length]).collect();
            let kept = if ended { pass.end(&mut planes)? } else { pass.push(&mut planes)? };
            if ended && kept.is_empty() {
                break;
            }
            from += count;
        }
        let gate = pass.meter().get(LoudnessReadings::RELATIVE_GATE);
        let loudness_lufs = pass.meter().integrated().filter(|lufs| lufs.is_finite()).unwrap_or(-70.0);
        let crest = self.peak_db - self.passages_lufs;
        Ok(MasterCost {
            loudness_lufs,
            limiting_p99_db: pass.limiting().p99_db(gate),
            limiting_max_db: pass.limiting().max_db(),
            clipping_p99_db: pass.clipping().p99_db(gate),
            clipped_share: pass.clipping().share(gate),
            pumping_db: pass.motion().pumping_db(),
            fast_db: pass.motion().fast_db(),
            crest_lost_db: (crest - (goal.true_peak_dbtp - loudness_lufs)).max(0.0),
        })
    }

    /// The passages.
    pub(super) fn audio(&self) -> &[Vec<f32>] {
        &self.audio
    }
}

/// Measures integrated loudness and nothing else.
fn lean(config: LoudnessConfig) -> LoudnessConfig {
    LoudnessConfig {
        measure_range: false,
        true_peak_kernel: TruePeak::Off,
        measure_statistics: false,
        ..config
    }
}
