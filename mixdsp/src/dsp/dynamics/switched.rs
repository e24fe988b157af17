//! Floor 4: channels that are turned down by as much or not at all, as a level turns a switch on and off: the inside of
//! a gate and of a ducker.
//!
//! ```text
//! key --> peaks --> on or off (trigger) --> amount or nothing --> gain path
//! ```
//!
//! State: the words of [`Switched`], with a switch for all channels together and one for each, and a [`State`]; `on`
//! tells where the first was on in the latest frames.

use super::detector;
use super::gain_path::{self, GainPath, GainPathRef, Rule, Shares};
use super::latest::Latest;
use super::trigger::{Thresholds, Trigger};
use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::base::spec::Spec;
use crate::dsp::envelope::smooth_ballistics::SmoothBallistics;
use crate::dsp::filter::band::Band;
use crate::params::ramp::{CHUNK, Change};
use crate::params::smoothed::{Smoother, smoothed};
use fearless_simd::Simd;

smoothed! {
    /// What moves.
    pub struct Moving {
        /// Amplitudes from which it is on, and under which it may turn off.
        on, off,
        /// By how much it turns down.
        amount_db,
        /// Share of what all channels together ask for.
        link,
        /// Share of the key in what is heard.
        listen,
    }
}

/// Channels and frames.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    path: gain_path::Sizes,
    listeners: usize,
}

impl Sizes {
    pub(crate) const fn new(spec: &Spec, lookahead_ms: f64, bands: u32) -> Self {
        Self { path: gain_path::Sizes::new(spec, lookahead_ms, bands), listeners: spec.inputs + 1 }
    }

    /// Frames of the look-ahead.
    pub(crate) fn lookahead(&self) -> usize {
        self.path.lookahead
    }
}

layout! {
    /// The words of a switched gain path.
    pub struct Switched<T>, read as SwitchedRef (sizes: Sizes) {
        triggers: [Trigger; sizes.listeners],
    } with {
        path: GainPath / GainPathRef by sizes.path,
    }
}

/// What it keeps beside its words.
#[derive(Debug)]
pub struct State {
    path: gain_path::State,
    on: Latest,
    /// Frames for which it stays on.
    hold: u32,
}

/// Times of a switched gain path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) attack_ms: f64,
    pub(crate) hold_ms: f64,
    pub(crate) release_ms: f64,
}

impl Times {
    fn ballistics(&self, sample_rate: f64) -> SmoothBallistics {
        SmoothBallistics::new(self.attack_ms, self.release_ms, sample_rate)
    }
}

/// What is asked for in some frames: `OPENS` turns down while it is off, otherwise it does while it is on.
struct Amounts<'a, T, const OPENS: bool> {
    triggers: &'a mut [Trigger],
    thresholds: Thresholds<'a, T>,
    amount_db: &'a [f64; CHUNK],
    /// Where the first is on.
    on: &'a mut [f64; CHUNK],
}

impl<T: Sample, const OPENS: bool> Rule<T> for Amounts<'_, T, OPENS> {
    const OPENS: bool = OPENS;

    #[inline(always)]
    fn asked<S: Simd>(
        &mut self,
        _: S,
        listener: usize,
        peaks: &[T; CHUNK],
        frames: usize,
        asked_db: &mut [f64; CHUNK],
    ) {
        let mut room = [0.0; CHUNK];
        let on = if listener == 0 { &mut *self.on } else { &mut room };
        self.triggers[listener].run(peaks, self.thresholds, frames, on);
        for f in 0..CHUNK {
            asked_db[f] = self.amount_db[f] * if OPENS { 1.0 - on[f] } else { on[f] };
        }
    }
}

impl<T: Sample> Switched<'_, T> {
    /// Off.
    pub(crate) fn start<const OPENS: bool>(
        &mut self,
        (sizes, sample_rate): (&Sizes, f64),
        moving: &Moving,
        times: Times,
        band: impl Fn(usize) -> Band,
    ) -> State {
        self.path.start::<Amounts<'_, T, OPENS>>(if OPENS { moving.amount_db } else { 0.0 });
        let detector = self.path.detector.start(sample_rate, 1.0, band);
        let ballistics = times.ballistics(sample_rate);
        let path = gain_path::State::new(sizes.path, detector, ballistics, moving.link == 1.0);
        State { path, on: Latest::EMPTY, hold: sizes.path.hold(times.hold_ms, sample_rate) as u32 }
    }

    /// Moves a band of the detector to where it is now.
    pub(crate) fn change_band(&mut self, sample_rate: f64, band: (usize, &Band), change: Change) {
        self.path.detector.change(sample_rate, band, change);
    }

    /// Takes over other times, and a link that the numbers move to.
    pub(crate) fn change(
        &mut self,
        state: &mut State,
        (sizes, sample_rate): (&Sizes, f64),
        link: f64,
        times: Times,
    ) {
        if state.path.part(&mut self.path, link) {
            let first = self.triggers[0];
            self.triggers.fill(first);
        }
        state.path.ballistics = times.ballistics(sample_rate);
        state.hold = sizes.path.hold(times.hold_ms, sample_rate) as u32;
    }

    /// Turns down the frames of a block.
    pub(crate) fn run<const OPENS: bool>(
        &mut self,
        level: SimdLevel,
        state: &mut State,
        moving: &mut Smoother<Moving>,
        block: Block<'_, '_, T>,
    ) {
        let [mut on, mut off] = [[T::ONE; CHUNK]; 2];
        let [mut amount_db, mut link, mut listen, mut is_on] = [[0.0; CHUNK]; 4];
        dispatch!(level, s => moving.over_chunks(block, #[inline(always)] |part, frames, are_new| {
            if are_new {
                for f in 0..CHUNK {
                    let moving = frames.at(f);
                    (on[f], off[f]) = (T::from_f64(moving.on), T::from_f64(moving.off));
                    (amount_db[f], link[f], listen[f]) = (moving.amount_db, moving.link, moving.listen);
                }
            }
            let monitor = (listen != [0.0; CHUNK]).then_some(&listen);
            let thresholds = Thresholds { on: &on, off: &off, hold: state.hold };
            let (triggers, amount_db) = (&mut *self.triggers, &amount_db);
            let mut rule = Amounts::<'_, T, OPENS> { triggers, thresholds, amount_db, on: &mut is_on };
            self.path.run(s, &mut state.path, &mut rule, Shares { link: &link, monitor }, part);
            state.on.keep(&is_on[..part.frames()]);
        }));
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self) {
        self.path.flush_denormals();
    }
}

impl<T: Sample> SwitchedRef<'_, T> {
    /// Frames until what was heard is gone.
    pub(crate) fn tail(&self, state: &State, moving: &Smoother<Moving>) -> usize {
        let monitors = moving.target().listen > 0.0 || !moving.is_settled();
        self.path.tail(&state.path, monitors) + if monitors { moving.frames_left() } else { 0 }
    }
}

impl State {
    /// The largest reductions of all channels in decibels, in the latest frames.
    pub(crate) fn reductions_db(&self) -> &Latest {
        &self.path.latest
    }

    /// Where it was on in the latest frames: 1 or 0.
    pub(crate) fn on(&self) -> &Latest {
        &self.on
    }
}

/// The range of a row, also of a band of the detector.
pub(crate) use detector::range;
