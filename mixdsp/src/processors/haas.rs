//! Haas: puts a sound on one side by delaying the other, as it reaches one ear before the other.
//!
//! ```text
//! in --+----------------------------> the side that leads
//!      `--> line --> heads --(x level)--> the other side
//! ```
//!
//! Two sounds within 35 ms are heard as one, where the first of them comes from (H. Haas, "The Influence of a Single
//! Echo on the Audibility of Speech", JAES 20, 1972). In mono the two add up to a comb: what left and right have alike is
//! lowest at odd multiples of 1 / (2 delay). The readings tell how deep the comb is, and what the present sound loses.
//!
//! A stereo sound keeps the side that leads, and has the other delayed; a mono sound goes to both.
//!
//! Moving: `left` and `right`, the share of what is delayed on each side, and `level`. A new time is crossfaded to, a
//! gliding one moves like tape: see `dsp::play_heads`. State: `cursor`, where the line is written next, per frame; `heads`,
//! where it is read; `means`, what is heard in mono; `started`, whether anything was heard. In the words: `line`, what
//! each channel heard; `heard` and `spare`, what the heads read of it.
//!
//! Latency is 0: the side that leads is not delayed. Cost: a few instructions per sample; while the time glides, 32
//! multiplications more.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::base::units::{decibels_to_gain, gain_to_decibels};
use crate::dsp::delay_line::{Cursor, SHORTEST_FRACTION, length_for};
use crate::dsp::play_heads::{Heads, Lines};
use crate::dsp::stereo_means::StereoMeans;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::ramp::{CHUNK, Change, ramp_frames};
use crate::params::smoothed::{Frames, smoothed};
use crate::params::{Id, NoConfig, Row, choices, params, readings};

choices! {
    /// One of two sides.
    pub enum HaasSide {
        /// Left.
        Left = "left",
        /// Right.
        Right = "right",
    }
}

params! {
    /// Settings of a [`Haas`].
    pub struct HaasParams {
        /// By how much the other side comes later, to the nearest frame; at least 16 frames.
        DELAY_MS = 1, delay_ms ("Delay"): linear(1.0..=35.0, "ms") = 12.0;
        /// Level of the side that comes later.
        LEVEL_DB = 2, level_db ("Level"): linear(-24.0..=0.0, "dB") = -3.0;
        /// Where the sound is heard: the side that leads.
        SIDE = 3, side ("Side"): choice(HaasSide) = HaasSide::Left;
    }
}

readings! {
    /// What a [`Haas`] reports.
    pub struct HaasReadings {
        /// By how much the mono sum of what left and right have alike is lower at the comb's bottoms than at its tops, at
        /// most 120.
        COMB_LOSS_DB = 2001, comb_loss_db ("Comb in mono"): "dB";
        /// By how much the mono sum of the present sound is quieter than both channels together, averaged over 300 ms: 0 for
        /// mono, 3 for unrelated channels.
        MONO_LOSS_DB = 2002, mono_loss_db ("Loss in mono"): "dB";
    }
}

/// The longest delay, in seconds.
const LONGEST_SECONDS: f64 = 0.035;
/// Time constant of the reading, in seconds.
const AVERAGE_SECONDS: f64 = 0.3;
/// The deepest comb that is told.
const DEEPEST_DB: f64 = 120.0;

const fn longest_frames(spec: &Spec) -> f64 {
    let (longest, shortest) = (LONGEST_SECONDS * spec.sample_rate, SHORTEST_FRACTION as f64);
    if longest > shortest { longest } else { shortest }
}

/// What a Haas keeps.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    inputs: usize,
    /// Samples of the line of one channel.
    length: usize,
}

impl Sizes {
    const fn new(spec: &Spec, _: &NoConfig) -> Self {
        Self { inputs: spec.inputs, length: length_for(longest_frames(spec) as usize + 1) }
    }
}

layout! {
    /// The words of a Haas.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What each channel heard.
        line: [T; sizes.inputs.saturating_mul(sizes.length)],
        /// What the heads read of it.
        heard: [T; sizes.inputs * CHUNK],
        /// Room for the other head.
        spare: [T; sizes.inputs * CHUNK],
    }
}

processor! {
    /// Puts a sound on one side by delaying the other.
    /// One or two channels in, two out.
    pub Haas = HaasKind {
        key: "haas",
        label: "Haas",
        params: HaasParams,
        readings: HaasReadings,
        memory: Memory / MemoryRef by Sizes,
    }
}

smoothed! {
    /// What moves in a [`Haas`].
    pub struct Moving {
        /// Share of what is delayed, on the left and on the right.
        left, right,
        /// Its level.
        level,
    }
}

/// The state of a [`Haas`].
#[derive(Debug)]
pub struct State<T> {
    cursor: Cursor,
    heads: Heads<T>,
    means: StereoMeans,
}

fn delay_frames(setup: &Setup<'_, HaasKind>) -> f64 {
    let frames = setup.params().delay_ms * 1e-3 * setup.spec.sample_rate;
    libm::round(frames).max(SHORTEST_FRACTION as f64).min(libm::floor(longest_frames(setup.spec)))
}

impl ProcessorKind for HaasKind {
    type Moving = Moving;
    type State<T: Sample> = State<T>;

    fn check(spec: &Spec, _: &NoConfig) -> Result<(), Error> {
        spec.check_places_in_stereo()
    }

    fn range(row: &Row, spec: &Spec, _: &NoConfig) -> (f64, f64) {
        let (minimum, maximum) = row.range_at(spec.sample_rate);
        if row.id().typed() != HaasParams::DELAY_MS {
            return (minimum, maximum);
        }
        (minimum.max(SHORTEST_FRACTION as f64 * 1000.0 / spec.sample_rate), maximum)
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let HaasParams { level_db, side, .. } = setup.params();
        let left = if side == HaasSide::Left { 0.0 } else { 1.0 };
        Moving { left, right: 1.0 - left, level: decibels_to_gain(level_db) }
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, _: Memory<'_, T>) -> State<T> {
        let rate = setup.spec.sample_rate;
        State {
            cursor: Cursor::new(setup.sizes.length),
            heads: Heads::new(delay_frames(setup), longest_frames(setup.spec), ramp_frames(rate)),
            means: StereoMeans::new(AVERAGE_SECONDS * rate),
        }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, moving, state, memory } = run;
        if setup.sizes.inputs == 1 {
            let [left, right] = block.channels_from::<2>(0);
            right.copy_from_slice(left);
        }
        let mut done = 0;
        while done < block.frames() {
            let left = (block.frames() - done).min(CHUNK);
            let left = if moving.is_settled() { left } else { left.min(moving.frames_left()) };
            let frames = state.heads.plan(left);
            let mut part = block.part(done, done + frames);
            let lines = Lines { samples: &*memory.line, stride: CHUNK };
            dispatch!(setup.spec.simd, s => {
                state.heads.read(s, &state.cursor, lines, memory.heard, memory.spare, frames);
            });
            for (channel, line) in memory.line.chunks_exact_mut(setup.sizes.length).enumerate() {
                state.cursor.write(line, part.input(channel));
            }
            state.cursor.advance(frames);
            let mut numbers = Frames::EMPTY;
            if moving.is_settled() {
                moving.repeat(&mut numbers);
            } else {
                moving.fill(&mut numbers, frames);
            }
            let [left, right] = part.channels_from::<2>(0);
            let (late_left, late_right) =
                (&memory.heard[..CHUNK], &memory.heard[memory.heard.len() - CHUNK..]);
            for (f, (l, r)) in left.iter_mut().zip(&mut *right).enumerate() {
                let Moving { left, right, level } = numbers.at(f);
                let late =
                    |share: f64, x: T, y: T| T::from_f64(1.0 - share) * x + T::from_f64(share * level) * y;
                (*l, *r) = (late(left, *l, late_left[f]), late(right, *r, late_right[f]));
            }
            state.means.hear(left, right);
            done += frames;
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, id: Id, change: Change) {
        let Run { setup, moving, state, .. } = run;
        if id.typed() != HaasParams::DELAY_MS {
            return moving.change(Self::design(&setup), change);
        }
        match change {
            Change::Line { frames, corner } => state.heads.follow(delay_frames(&setup), frames, corner),
            Change::Ramp => state.heads.set(delay_frames(&setup)),
        }
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.state.means.flush_denormals();
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let settled = look.moving.is_settled() && look.state.heads.is_settled();
        let changes = if settled { 0 } else { 4 * ramp_frames(look.setup.spec.sample_rate) };
        Some(libm::ceil(look.state.heads.longest_heard()) as usize + SHORTEST_FRACTION + changes)
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        match id.typed() {
            HaasReadings::COMB_LOSS_DB => {
                let level = look.moving.value().level;
                Some(gain_to_decibels((1.0 + level) / (1.0 - level).max(1e-9)).min(DEEPEST_DB))
            }
            HaasReadings::MONO_LOSS_DB => look.state.means.mono_loss_db(),
            _ => None,
        }
    }
}
