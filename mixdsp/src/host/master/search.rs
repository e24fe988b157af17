//! The search for a master: how the steps share the load, and the gain that reaches the loudness.
//!
//! ```text
//! loudest passages --> Planner --> plan, gain --> LoudnessSearch --> PassSettings --> MasterPass
//!                                                      ^                                  |
//!                                                      +-- loudness, limiting, clipping --+   again, until it is met
//! ```
//!
//! Candidates are tried on the passages; what is delivered, or named as reachable, was made of the whole programme.

use crate::base::error::Error;
use crate::host::loudness_search::{LoudnessGoal, LoudnessSearch, PassResult, Step};
use crate::host::master::amount::{Amount, MasterSteps};
use crate::host::master::cost::MasterCost;
use crate::host::master::excerpts::Excerpts;
use crate::host::master::in_the_way::InTheWay;
use crate::host::master::plan::{MasterPlan, Planner};
use crate::host::master_limiter::MasterLimiter;
use crate::host::master_pass::PassSettings;
use crate::host::max_limiting::TooMuchLimiting;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;
use core::ops::ControlFlow;

/// Rows of a table of costs, a decibel apart.
const ROWS: usize = 5;

/// What a [`MasterSearch`] asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum MasterStep {
    /// A pass over the whole programme, to be told by [`MasterSearch::add`].
    Pass(PassSettings),
    /// The latest pass is the delivery.
    Done,
    /// The loudness takes too much. Nothing is to be delivered.
    TooMuch(Refusal),
    /// Whoever was told of the progress ended the work.
    Interrupted,
}

/// Why a master is refused, what louder ones cost, and what stands in the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// What it takes, and what is reachable.
    pub limit: TooMuchLimiting,
    /// What loudness costs, estimated on the loudest passages, up to the one that was asked for.
    pub costs: Vec<MasterCost>,
    /// What makes the peaks.
    pub in_the_way: Option<InTheWay>,
}

impl Refusal {
    /// The costs as a table, and what stands in the way, a line each; empty where nothing is known.
    pub fn table(&self) -> String {
        let mut text = String::new();
        if !self.costs.is_empty() {
            let _ = writeln!(text, "{}", MasterCost::TABLE_HEAD);
        }
        for cost in &self.costs {
            let _ = writeln!(text, "{cost}");
        }
        if let Some(found) = &self.in_the_way {
            let _ = writeln!(text, "{found}");
        }
        text
    }
}

/// Looks for the chain and the gain that give a programme its loudness at the least cost.
///
/// The programme goes by once before: a [`LoudnessMeter`](crate::LoudnessMeter) hears it, and [`Excerpts`] keep its loudest
/// passages. Then each [`MasterStep::Pass`] is made by a [`MasterPass`](crate::host::MasterPass) and told by
/// [`add`](Self::add). Without passages the chain is what is pinned, and a limiter.
#[derive(Clone, Debug)]
pub struct MasterSearch {
    goal: LoudnessGoal,
    steps: MasterSteps,
    limiter: MasterLimiter,
    excerpts: Option<Excerpts>,
    loudness_lufs: Option<f64>,
    search: LoudnessSearch,
    /// The plan, and the loudness that it is for.
    plan: Option<(f64, MasterPlan)>,
    refusal: Option<Refusal>,
}

impl MasterSearch {
    /// Begins with what was measured of the programme as it is; see [`LoudnessSearch::new`].
    ///
    /// # Errors
    /// [`Error::Range`] for a goal or steps that cannot be.
    pub fn new(
        goal: &LoudnessGoal,
        steps: &MasterSteps,
        limiter: MasterLimiter,
        excerpts: Option<Excerpts>,
        loudness_lufs: Option<f64>,
        true_peak_dbtp: Option<f64>,
    ) -> Result<Self, Error> {
        steps.check()?;
        let search = LoudnessSearch::new(goal, loudness_lufs, true_peak_dbtp)?;
        let loudness_lufs = loudness_lufs.filter(|lufs| lufs.is_finite());
        let (plan, refusal) = (None, None);
        Ok(Self { goal: *goal, steps: *steps, limiter, excerpts, loudness_lufs, search, plan, refusal })
    }

    /// What is to be done next. It stays the same until [`add`](Self::add) is called. Where a plan is to be made first,
    /// which takes seconds, `tell` is told the share of it that is done, and may end it.
    ///
    /// # Errors
    /// As the processors', for a programme that they do not take.
    pub fn step(&mut self, tell: &mut dyn FnMut(f64) -> ControlFlow<()>) -> Result<MasterStep, Error> {
        match self.search.step() {
            Step::Done => return Ok(MasterStep::Done),
            Step::TooMuch(limit) => return Ok(MasterStep::TooMuch(self.refusal(limit)?)),
            Step::Pass { .. } => {}
        }
        let wanted = self.search.wanted_lufs();
        if self.plan.is_none_or(|(lufs, _)| lufs != wanted) && !self.plan_for(wanted, tell)? {
            return Ok(MasterStep::Interrupted);
        }
        let plan = self.plan();
        let Step::Pass { gain_db, limits } = self.search.step() else { return Ok(MasterStep::Done) };
        Ok(MasterStep::Pass(PassSettings {
            compression: plan.compression,
            gain_db,
            // What needs no limiter has nothing to clip.
            clips_over_db: plan.clips_over_db.filter(|_| limits),
            limits,
            limiter: self.limiter,
            ceiling_db: self.goal.true_peak_dbtp,
            dither: None,
        }))
    }

    /// Takes what the pass that was asked for came to.
    pub fn add(&mut self, pass: PassResult) {
        self.search.add(pass);
    }

    /// Passes over the whole programme that were made.
    pub fn passes(&self) -> usize {
        self.search.passes()
    }

    /// How the load is shared.
    pub fn plan(&self) -> MasterPlan {
        self.plan.map_or_else(MasterPlan::default, |(_, plan)| plan)
    }

    /// Makes the plan for a loudness; `false` where it was ended.
    fn plan_for(&mut self, lufs: f64, tell: &mut dyn FnMut(f64) -> ControlFlow<()>) -> Result<bool, Error> {
        let needs_limiter = matches!(self.search.step(), Step::Pass { limits: true, .. });
        let is_searched = self.steps != MasterSteps::LIMITER_ALONE && (needs_limiter || !self.is_auto());
        let mut plan = MasterPlan::default();
        if let (true, Some(planner)) = (is_searched, self.planner()?) {
            let goal = LoudnessGoal { loudness_lufs: lufs, ..self.goal };
            let Some(found) = planner.plan(&goal, tell)? else { return Ok(false) };
            plan = found;
        }
        if let Some((_, gain_db)) = plan.tried {
            self.search.begin_at(gain_db);
        }
        self.plan = Some((lufs, plan));
        Ok(true)
    }

    fn is_auto(&self) -> bool {
        [self.steps.compression_db, self.steps.clipping_over_db]
            .iter()
            .all(|amount| matches!(amount, Amount::Auto | Amount::Off))
    }

    fn planner(&self) -> Result<Option<Planner<'_>>, Error> {
        let (Some(excerpts), Some(lufs)) = (&self.excerpts, self.loudness_lufs) else { return Ok(None) };
        Planner::new(excerpts, self.steps, self.limiter, lufs)
    }

    /// Adds to a refusal what is to be known, once.
    fn refusal(&mut self, limit: TooMuchLimiting) -> Result<Refusal, Error> {
        if self.refusal.is_none() {
            let mut refusal = Refusal { limit, costs: Vec::new(), in_the_way: None };
            if let Some(planner) = self.planner()? {
                let top = self.goal.loudness_lufs;
                let lowest = limit.reachable_lufs.unwrap_or(top - ROWS as f64).max(top - 40.0);
                // From what is reachable to what was asked for.
                let step = (top - lowest) / (ROWS - 1) as f64;
                let rows: Vec<f64> = (0..ROWS).map(|row| lowest + step * row as f64).collect();
                refusal.costs = planner.costs(&rows, &self.goal)?;
                let excerpts = self.excerpts.as_ref();
                refusal.in_the_way = excerpts.map(|excerpts| InTheWay::of(excerpts, planner.audio()));
            }
            self.refusal = Some(refusal);
        }
        let refusal = self.refusal.clone();
        Ok(refusal.unwrap_or(Refusal { limit, costs: Vec::new(), in_the_way: None }))
    }
}
