//! Transient shaper: raises or lowers what begins and what rings, at any level.
//!
//! ```text
//! in --> largest |x| of all channels, in dB --> largest of 12.5 ms --> fast --+--> slow rise --> fast - slow --> attack ---+
//!                                                                            +--> slow fall --> slow - fast --> sustain --+
//! in --> wait for the look-ahead ------------------------(x)--> out      gain, smoothed <--------------------------------+
//! ```
//!
//! Three followers of the level in decibels. `fast` rises at once and falls with 20 ms; `rise` comes after it in
//! `attack_ms` when it rises, and falls with it; `fall` rises with it, and comes after it in `sustain_ms`. A difference
//! of 12 dB or more counts in full, less in proportion. Differences of decibels do not depend on the level, so there is
//! no threshold. While the level is steady there is none, and nothing changes; the largest of 12.5 ms counts, so that the
//! waves of a bass are a steady level. The gain is smoothed by four one-poles, 0.5 ms in all
//! (`dsp::envelope::smooth_ballistics`). All channels are changed alike.
//!
//! The principle is that of SPL's Transient Designer, as D. Berners describes it (Universal Audio webzine, November 2007).
//!
//! Moving: `Moving`. State: `followers`, in decibels; `remembered`, what the smoothing remembers; `latest`, the latest
//! changes; `position`, the place in the look-ahead's delay; `at`, frames since reset. Latency is the look-ahead. Cost: one
//! logarithm, a sliding minimum, two recursions and one power per frame; nothing but the delay while both changes are 0.

mod params;

pub use params::{TransientShaperConfig, TransientShaperParams, TransientShaperReadings};

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::math::FastMath;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::base::units::{DECIBELS_PER_OCTAVE, seconds_to_frames};
use crate::dsp::delay_line;
use crate::dsp::dynamics::detector::Key;
use crate::dsp::dynamics::factors::apply;
use crate::dsp::dynamics::fixed_gain::{from_whole, to_whole};
use crate::dsp::dynamics::latest::Latest;
use crate::dsp::dynamics::peaks;
use crate::dsp::envelope::smooth_ballistics::{self, POLES, SmoothBallistics};
use crate::dsp::envelope::{SlidingMinimum, larger, minimum_words, smaller};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::Id;
use crate::params::ramp::{CHUNK, Change};
use crate::params::smoothed::{Frames, smoothed};
use fearless_simd::Simd;

processor! {
    /// Raises or lowers what begins and what rings, at any level.
    /// As many channels out as in, all changed alike.
    pub TransientShaper = TransientShaperKind {
        key: "transient_shaper",
        label: "Transient shaper",
        params: TransientShaperParams,
        config: TransientShaperConfig,
        readings: TransientShaperReadings,
        memory: Memory / MemoryRef by Sizes,
    }
}

smoothed! {
    /// What moves in a [`TransientShaper`].
    pub struct Moving { attack_db, sustain_db }
}

/// The largest level of so long counts: half a wave of 40 Hz.
const HOLD_SECONDS: f64 = 0.0125;
/// Time constant by which the fast follower falls.
const FAST_SECONDS: f64 = 0.02;
/// A difference of followers that counts in full.
const FULL_DB: f64 = 12.0;
/// What the gain is smoothed by.
const SMOOTHING_MS: f64 = 0.5;
/// Levels that are told from each other end here, 127 dB above where they begin.
const LOUDEST_DB: f64 = 24.0;
const SOFTEST_DB: f64 = LOUDEST_DB - 127.0;
/// Followers this near to each other are equal: nothing small remains.
const NEAR_DB: f64 = 1e-7;

/// Channels and frames.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    lookahead: usize,
    window: usize,
}

impl Sizes {
    const fn new(spec: &Spec, config: &TransientShaperConfig) -> Self {
        Self {
            channels: spec.inputs,
            lookahead: seconds_to_frames(config.lookahead_ms * 1e-3, spec.sample_rate),
            window: seconds_to_frames(HOLD_SECONDS, spec.sample_rate) + 1,
        }
    }
}

layout! {
    /// The words of a transient shaper.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// Levels of the hold as whole numbers, the loudest the least.
        held: [u32; minimum_words(sizes.window)],
        /// What waits for the look-ahead, channel by channel.
        delay: [T; sizes.channels * sizes.lookahead],
    }
}

/// Three followers of a level in decibels.
#[derive(Clone, Copy, Debug)]
struct Followers {
    fast: f64,
    rise: f64,
    fall: f64,
}

/// What each keeps of its distance from frame to frame.
#[derive(Clone, Copy, Debug)]
struct Times {
    fast: f64,
    rise: f64,
    fall: f64,
}

impl Times {
    fn of(params: &TransientShaperParams, sample_rate: f64) -> Self {
        let keep = |seconds: f64| libm::exp(-1.0 / (seconds * sample_rate));
        Self {
            fast: keep(FAST_SECONDS),
            rise: keep(params.attack_ms * 1e-3),
            fall: keep(params.sustain_ms * 1e-3),
        }
    }
}

impl Followers {
    /// After long silence.
    const SILENT: Self = Self { fast: SOFTEST_DB, rise: SOFTEST_DB, fall: SOFTEST_DB };

    /// Follows one level; returns by how much it rises and falls, 0 or more.
    #[inline(always)]
    fn step(&mut self, level_db: f64, times: &Times) -> [f64; 2] {
        self.fast = larger(level_db, level_db + times.fast * (self.fast - level_db));
        self.rise = smaller(self.fast, self.fast + times.rise * (self.rise - self.fast));
        self.fall = larger(self.fast, self.fast + times.fall * (self.fall - self.fast));
        [self.fast - self.rise, self.fall - self.fast]
    }

    /// What is nearly equal becomes so.
    fn settle(&mut self) {
        for follower in [&mut self.rise, &mut self.fall] {
            if (*follower - self.fast).abs() < NEAR_DB {
                *follower = self.fast;
            }
        }
    }
}

/// The state of a [`TransientShaper`].
#[derive(Debug)]
pub struct State {
    followers: Followers,
    times: Times,
    smoothing: SmoothBallistics,
    remembered: [smooth_ballistics::Memory; 1],
    latest: Latest,
    position: usize,
    at: u64,
}

impl State {
    /// Changes of the level in decibels, before they are smoothed.
    #[inline(always)]
    fn changes<S: Simd, T: Sample>(
        &mut self,
        simd: S,
        (held, window): (&mut [u32], usize),
        key: &Key<'_, T>,
        numbers: &Frames<Moving>,
    ) -> [f64; CHUNK] {
        let mut levels_db = peaks::decibels(simd, &peaks::of_all(simd, key));
        for level_db in &mut levels_db {
            *level_db = larger(LOUDEST_DB - *level_db, 0.0);
        }
        let mut whole = to_whole(&levels_db);
        SlidingMinimum::new(held, window).run(&mut whole[..key.frames], self.at);
        let [mut rises, mut falls] = [[0.0; CHUNK]; 2];
        for f in 0..key.frames.min(CHUNK) {
            [rises[f], falls[f]] = self.followers.step(LOUDEST_DB - from_whole(whole[f]), &self.times);
        }
        let mut changes_db = [0.0; CHUNK];
        for f in 0..CHUNK {
            let Moving { attack_db, sustain_db } = numbers.at(f);
            let share = |difference_db: f64| smaller(difference_db * (1.0 / FULL_DB), 1.0);
            changes_db[f] = attack_db * share(rises[f]) + sustain_db * share(falls[f]);
        }
        changes_db
    }
}

impl ProcessorKind for TransientShaperKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let TransientShaperParams { attack_db, sustain_db, .. } = setup.params();
        Moving { attack_db, sustain_db }
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Memory<'_, T>) -> State {
        SlidingMinimum::clear(memory.held);
        let rate = setup.spec.sample_rate;
        State {
            followers: Followers::SILENT,
            times: Times::of(&setup.params(), rate),
            smoothing: SmoothBallistics::new(SMOOTHING_MS, SMOOTHING_MS, rate),
            remembered: [[0.0; POLES + 1]],
            latest: Latest::EMPTY,
            position: 0,
            at: 0,
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, _: Id, change: Change) {
        run.state.times = Times::of(&run.setup.params(), run.setup.spec.sample_rate);
        run.moving.change(Self::design(&run.setup), change);
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let Run { setup, moving, state, memory: Memory { held, delay, .. } } = run;
        let Sizes { channels, lookahead, window } = *setup.sizes;
        dispatch!(setup.spec.simd, s => moving.over_chunks(block, #[inline(always)] |part, numbers, _| {
            let frames = part.frames();
            let mut values = [state.changes(s, (&mut *held, window), &Key::of(part), numbers)];
            state.smoothing.run(s, &mut state.remembered, &mut values, frames);
            let mut factors = [T::ONE; CHUNK];
            for f in 0..CHUNK {
                factors[f] = T::from_f64(FastMath::exp2(values[0][f] * (1.0 / DECIBELS_PER_OCTAVE)));
            }
            for channel in 0..channels {
                let audio = part.channel(channel);
                delay_line::wait(&mut delay[channel * lookahead..][..lookahead], state.position, audio);
                apply(s, &factors, audio);
            }
            state.latest.keep(&values[0][..frames]);
            state.position = (state.position + frames) % lookahead.max(1);
            state.at += frames as u64;
        }));
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.state.followers.settle();
        run.state.remembered.iter_mut().flatten().for_each(|value| *value = value.flushed());
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.lookahead
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        look.state.latest.newest().filter(|_| id.item() == 0)
    }

    fn trace<T: Sample>(look: Look<'_, Self, T>, id: Id, out: &mut [f64]) -> usize {
        if id.typed() == TransientShaperReadings::CHANGE_DB { look.state.latest.write(out) } else { 0 }
    }
}
