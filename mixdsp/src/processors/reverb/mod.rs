//! Reverb: a room whose decay is what it says at every frequency.
//!
//! ```text
//! in --+--> pre-delay --> diffuser --(x level)--> network --> two rows of signs --> width --(x mix)--(+)--> out
//!      |                                                                                              ^
//!      +-------------------------------------------------------------------------------(x 1 - mix)----+
//! ```
//!
//! A feedback delay network of 16 lines behind a diffuser: see the files beside this one for their parts.
//! The wet level does not depend on the decay: steady noise comes out `WET_DB` lower than it went in.
//!
//! State: `decay`, the decay times on the move; `levels`, wet, dry, width and swing depth on the move, per
//! frame; `points`, the frequencies of the absorption's fit, which the rate decides; its `coefficients` and the
//! `steps` by which they move per frame, anew at every knot (1 to 16 frames) while the decay moves; `knot_left`,
//! frames to the next; `at`, frames since reset; `delays`, the lengths of all lines; `back`, what the lines give
//! for one tile, kept here only to spare the stack.
//!
//! Latency is 0. Cost: see the README; while the decay moves, a design of all lines at every knot is added.

mod absorption;
mod diffuser;
mod hadamard;
mod lengths;
mod network;
mod ring;
mod swing;

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::engine::automation::words_for_params;
use crate::engine::old::Key;
use crate::engine::old::{Core, Kind, Setup};
use crate::engine::unit::Unit;
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::{Id, ParamTable, Row, Table, params};
use absorption::{Coefficients, Points, State};
use fearless_simd::Simd;
use hadamard::{LANES, LINES, Stretch, TILE, Tile};
use lengths::Delays;
use network::Network;
use swing::SWINGS;

params! {
    /// Settings of a [`Reverb`].
    pub struct ReverbParams {
        /// Time in which the middle frequencies lose 60 dB.
        DECAY_SECONDS = 1, decay_seconds ("Decay"): log(0.1..=30.0, "s") = 1.8;
        /// Decay of the bass as a factor of the middle's.
        BASS_RATIO = 2, bass_ratio ("Bass decay"): log(0.25..=4.0, "") = 1.1;
        /// Decay of the treble as a factor of the middle's.
        TREBLE_RATIO = 3, treble_ratio ("Treble decay"): log(0.1..=2.0, "") = 0.5;
        /// Frequency below which the bass ratio holds.
        BASS_HZ = 4, bass_hz ("Bass below"): log(40.0..=1000.0, "Hz") = 250.0;
        /// Frequency above which the treble ratio holds.
        TREBLE_HZ = 5, treble_hz ("Treble above"): log(1000.0..=16000.0, "Hz") = 4000.0;
        /// Share of the reverb; the rest is dry.
        MIX = 6, mix ("Mix"): linear(0.0..=1.0, "") = 0.3;
        /// Width of the reverb: 0 is mono, 1 is two channels that have nothing in common.
        WIDTH = 7, width ("Width"): linear(0.0..=1.0, "") = 1.0;
        /// How far the swinging lines swing.
        MODULATION = 8, modulation ("Modulation"): linear(0.0..=1.0, "") = 1.0;
        /// Holds what sounds for ever and lets nothing new in.
        FREEZE = 9, freeze ("Freeze"): switch() = false;
    }
}

params! {
    /// What is fixed when a [`Reverb`] is built.
    pub struct ReverbConfig {
        /// Size of the room: factor of the network's delays of 30 to 70 ms.
        SIZE = 1001, size ("Size"): linear(0.5..=2.0, "") = 1.0;
        /// Time before the reverb begins.
        PRE_DELAY_MS = 1002, pre_delay_ms ("Pre-delay"): linear(0.0..=500.0, "ms") = 10.0;
    }
}

/// Level of the wet sound for steady noise, below the input: quiet enough that not even a resonance of the
/// room makes the default louder than the input.
const WET_DB: f64 = -10.0;

/// Adds a room. One or two channels in and out.
pub type Reverb<T, S = Storage> = Unit<ReverbKind, T, S>;

layout! {
    /// The words of a reverb.
    struct Memory<T>, read as MemoryRef (diffuser: usize, network: usize) {
        points: [Points; 1],
        coefficients: [Coefficients<T>; 1],
        steps: [Coefficients<T>; 1],
        filters: [State<T>; 1],
        back: [Tile<T>; 1],
        positions: [u32; diffuser::POSITIONS + LINES],
        diffuser: [T; diffuser],
        network: [T; network],
    }
}

impl<T: Sample> Reverb<T> {
    /// Words that a reverb needs.
    pub const fn memory(spec: &Spec, config: &ReverbConfig) -> usize {
        let delays = Delays::of(spec.sample_rate, config.size, config.pre_delay_ms);
        let network = network::words(&delays.network, spec.sample_rate);
        let own = Memory::<T>::words(diffuser::words(spec.inputs, &delays), network);
        words_for_params(ReverbParams::ROWS.len()).saturating_add(own)
    }
}

/// The catalogue's entry for [`Reverb`].
#[derive(Debug)]
pub struct ReverbKind;

crate::engine::old::adapt! { ReverbKind, "Reverb", latency: |_, _| 0, has: [ReverbParams], before: 0 }

impl Kind for ReverbKind {
    const KEY: &'static str = "reverb";
    const NAME: &'static str = "Reverb";
    const DOC: &'static str = "Adds a room whose decay is what it says at every frequency.";
    const PARAMS: ParamTable = ParamTable { rows: ReverbParams::ROWS, groups: &[] };
    const READINGS: &'static [Row] = &[];
    type Config = ReverbConfig;
    type Core<T: Sample> = ReverbCore;

    fn check(spec: &Spec, _config: &ReverbConfig) -> Result<(), Error> {
        for (what, value) in [("inputs", spec.inputs), ("outputs", spec.outputs)] {
            if value > 2 {
                return Err(Error::Channels { what, value, minimum: 1, maximum: 2 });
            }
        }
        Ok(())
    }

    fn memory<T: Sample>(spec: &Spec, config: &ReverbConfig) -> usize {
        Reverb::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, ReverbConfig>, words: &mut [Word]) -> ReverbCore {
        let frames = ramp_frames(setup.spec.sample_rate);
        let delays = Delays::of(setup.spec.sample_rate, setup.config.size, setup.config.pre_delay_ms);
        let levels = levels(setup, &delays);
        let mut memory = carve::<T>(setup, &delays, words);
        absorption::write_points(&mut memory.points[0], setup.spec.sample_rate);
        let core = ReverbCore {
            decay: Ramp::of_design(decay(setup), frames),
            levels: Ramp::new(levels, frames),
            delays,
            knot_left: 0,
            at: 0,
        };
        core.design(setup, &mut memory);
        core
    }
}

fn carve<'a, T: Sample>(
    setup: &Setup<'_, ReverbConfig>,
    delays: &Delays,
    words: &'a mut [Word],
) -> Memory<'a, T> {
    let network = network::words(&delays.network, setup.spec.sample_rate);
    Memory::carve(words, diffuser::words(setup.spec.inputs, delays), network)
}

/// Frames between the knots of a moving decay, between which its coefficients move evenly: about 12 000
/// knots a second, so that their corners leave less than -120 dB, and a divisor of the glides' 16.
fn knot_frames(sample_rate: f64) -> usize {
    let most = (sample_rate / 11_000.0) as usize;
    [16, 8, 4, 2].into_iter().find(|frames| *frames <= most).unwrap_or(1)
}

/// What the absorption follows: the decay times, by their logarithms, and the freeze.
fn decay(setup: &Setup<'_, ReverbConfig>) -> [f64; 6] {
    let p: ReverbParams = setup.params();
    let [a, b, c, d, e] =
        [p.decay_seconds, p.bass_ratio, p.treble_ratio, p.bass_hz, p.treble_hz].map(libm::log);
    [a, b, c, d, e, f64::from(u8::from(p.freeze))]
}

/// How many levels move by one ramp.
const LEVELS: usize = 5;

/// Wet, dry, width, swing depth, and how much enters.
fn levels(setup: &Setup<'_, ReverbConfig>, delays: &Delays) -> [f64; LEVELS] {
    let p: ReverbParams = setup.params();
    let (entering, depth) =
        if p.freeze { (0.0, 0.0) } else { (entering(setup, delays, p.decay_seconds), p.modulation) };
    [p.mix, 1.0 - p.mix, p.width, depth, entering]
}

/// Level at which sound enters, so that steady noise comes out at `WET_DB`: the energy that the network
/// gathers grows as 1 / (1 - g^2), g the factor of the middle line's round.
fn entering(setup: &Setup<'_, ReverbConfig>, delays: &Delays, decay_seconds: f64) -> f64 {
    let mean = lengths::sum(&delays.network) as f64 / LINES as f64;
    let round = libm::pow(10.0, -3.0 * mean / (setup.spec.sample_rate * decay_seconds));
    crate::base::units::decibels_to_gain(WET_DB) * libm::sqrt(1.0 - round * round)
}

/// The inside of a [`Reverb`].
#[derive(Debug)]
pub struct ReverbCore {
    decay: Ramp<6>,
    levels: Ramp<LEVELS>,
    delays: Delays,
    knot_left: usize,
    at: u64,
}

impl ReverbCore {
    /// Coefficients at rest.
    fn design<T: Sample>(&self, setup: &Setup<'_, ReverbConfig>, memory: &mut Memory<'_, T>) {
        write(setup, &self.delays, &memory.points[0], &mut memory.coefficients[0], self.decay.target());
    }

    /// The next knot of a moving decay: where the coefficients will be, and by what steps they get there.
    fn plan<T: Sample>(&mut self, setup: &Setup<'_, ReverbConfig>, memory: &mut Memory<'_, T>) {
        let knot = knot_frames(setup.spec.sample_rate);
        let frames = knot - (self.at % knot as u64) as usize;
        self.decay.fill(&mut [[0.0; CHUNK]; 6], frames);
        write(setup, &self.delays, &memory.points[0], &mut memory.steps[0], self.decay.value());
        let share = T::from_f64(1.0 / frames as f64);
        let now = memory.coefficients[0].iter().flatten().flatten();
        for (step, now) in memory.steps[0].iter_mut().flatten().flatten().zip(now) {
            *step = (*step - *now) * share;
        }
        self.knot_left = frames;
    }

    /// Runs at most a tile, in which the coefficients rest or move within one knot.
    #[inline(always)]
    fn run_tile<S: Simd, T: Sample>(
        &mut self,
        simd: S,
        setup: &Setup<'_, ReverbConfig>,
        memory: &mut Memory<'_, T>,
        mut block: Block<'_, '_, T>,
    ) {
        let Spec { inputs, outputs, sample_rate, .. } = *setup.spec;
        let frames = block.frames();
        let [wet_share, dry_share, width, depth, entering_level] = self.levels_of::<T>(frames);

        let (of_diffuser, of_network) = memory.positions.split_at_mut(diffuser::POSITIONS);
        let entering = diffuser::run(simd, &block, inputs, memory.diffuser, of_diffuser, &self.delays);
        let swing = swing::swing(simd, self.at, &depth, frames, sample_rate);
        let mut network = Network::new(memory.network, of_network, &self.delays.network, sample_rate);
        let mut moved = [[[T::ZERO; LANES]; TILE / LANES]; SWINGS];
        let lines = network.read(simd, &swing, &mut moved, frames);
        let mut wet = hadamard::two_rows(simd, &lines, frames);
        let moves = (self.knot_left > 0).then_some(&memory.steps[0]);
        let (coefficients, filters) = (&mut memory.coefficients[0], &mut memory.filters[0]);
        let back = &mut memory.back[0];
        absorption::run(simd, &lines, back, coefficients, moves, filters, frames);
        network.feed(simd, back, &entering, &entering_level, frames);

        if outputs == 2 {
            narrow(&mut wet, &width);
        }
        if inputs < outputs {
            let [first, second] = block.channels_from::<2>(0);
            second.copy_from_slice(first);
        } else if inputs > outputs {
            let [first, second] = block.channels_from::<2>(0);
            let half = T::from_f64(0.5);
            first.iter_mut().zip(second).for_each(|(first, second)| *first = (*first + *second) * half);
        }
        for (output, wet) in wet.iter().enumerate().take(outputs) {
            let wet = wet.as_flattened().iter().zip(wet_share.as_flattened());
            let dry = block.channel(output).iter_mut().zip(dry_share.as_flattened());
            dry.zip(wet).for_each(|((sample, dry), (wet, share))| *sample = *dry * *sample + *share * *wet);
        }
        self.at += frames as u64;
        self.knot_left = self.knot_left.saturating_sub(frames);
    }

    /// The levels of the next `frames` frames.
    #[inline(always)]
    fn levels_of<T: Sample>(&mut self, frames: usize) -> [Stretch<T>; LEVELS] {
        let mut levels = [[[T::ZERO; LANES]; TILE / LANES]; LEVELS];
        if self.levels.is_settled() {
            for (levels, level) in levels.iter_mut().zip(self.levels.target()) {
                levels.as_flattened_mut().fill(T::from_f64(level));
            }
        } else {
            let mut moving = [[0.0; CHUNK]; LEVELS];
            self.levels.fill(&mut moving, frames);
            for (levels, moving) in levels.iter_mut().zip(&moving) {
                let pairs = levels.as_flattened_mut().iter_mut().zip(moving);
                pairs.for_each(|(level, moving)| *level = T::from_f64(*moving));
            }
        }
        levels
    }
}

/// Draws two channels together: all of the side at a width of 1, none at 0.
#[inline(always)]
fn narrow<T: Sample>(wet: &mut [Stretch<T>; 2], width: &Stretch<T>) {
    let half = T::from_f64(0.5);
    let [left, right] = wet;
    let channels = left.as_flattened_mut().iter_mut().zip(right.as_flattened_mut());
    for ((left, right), width) in channels.zip(width.as_flattened()) {
        let (mid, side) = ((*left + *right) * half, (*left - *right) * half * *width);
        (*left, *right) = (mid + side, mid - side);
    }
}

fn write<T: Sample>(
    setup: &Setup<'_, ReverbConfig>,
    delays: &Delays,
    points: &Points,
    coefficients: &mut Coefficients<T>,
    [decay @ .., freeze]: [f64; 6],
) {
    let rate = setup.spec.sample_rate;
    absorption::write_coefficients(coefficients, decay, freeze, points, &delays.network, rate);
}

impl<T: Sample> Core<T> for ReverbCore {
    type Config = ReverbConfig;

    fn change(&mut self, setup: &Setup<'_, ReverbConfig>, _: &mut [Word], _: Id, change: Change) {
        let (decay, levels) = (decay(setup), levels(setup, &self.delays));
        if decay != self.decay.target() {
            self.decay.change(decay, change);
        }
        if levels != self.levels.target() {
            self.levels.change(levels, change);
        }
    }

    fn run(
        &mut self,
        setup: &Setup<'_, ReverbConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        _: Key<'_, T>,
    ) {
        let mut memory = carve::<T>(setup, &self.delays, words);
        let mut done = 0;
        while done < block.frames() {
            if self.knot_left == 0 && !self.decay.is_settled() {
                self.plan(setup, &mut memory);
            }
            let left = block.frames() - done;
            let count = left.min(TILE).min(if self.knot_left > 0 { self.knot_left } else { TILE });
            let was_moving = self.knot_left > 0;
            let part = block.part(done, done + count);
            dispatch!(setup.spec.simd, s => self.run_tile(s, setup, &mut memory, part));
            if was_moving && self.knot_left == 0 && self.decay.is_settled() {
                self.design(setup, &mut memory);
            }
            done += count;
        }
    }

    fn snap(&mut self, setup: &Setup<'_, ReverbConfig>, words: &mut [Word]) {
        let memory = carve::<T>(setup, &self.delays, words);
        memory.filters.iter_mut().flatten().flatten().flatten().for_each(|s| *s = s.snap());
    }

    fn reset(&mut self, setup: &Setup<'_, ReverbConfig>, words: &mut [Word]) {
        let mut memory = carve::<T>(setup, &self.delays, words);
        self.decay.jump(decay(setup));
        self.levels.jump(levels(setup, &self.delays));
        self.design(setup, &mut memory);
        memory.filters.iter_mut().flatten().flatten().flatten().for_each(|s| *s = T::ZERO);
        memory.positions.fill(0);
        [memory.diffuser, memory.network].into_iter().for_each(|ring| ring.fill(T::ZERO));
        (self.knot_left, self.at) = (0, 0);
    }

    fn tail(&self, setup: &Setup<'_, ReverbConfig>, _: &[Word]) -> Option<usize> {
        let p: ReverbParams = setup.params();
        if p.freeze {
            return None;
        }
        let longest = p.decay_seconds * p.bass_ratio.max(1.0) * p.treble_ratio.max(1.0);
        let fixed = self.delays.pre_delay as f64 + (0.05 + 0.15 * setup.config.size) * setup.spec.sample_rate;
        // 120 dB are two decay times; a little more for the fit's error.
        Some((2.1 * longest * setup.spec.sample_rate + fixed) as usize)
    }
}
