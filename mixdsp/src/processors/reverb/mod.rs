//! Floor 5: reverb: a room whose decay is what it says at every frequency.
//!
//! ```text
//! in --+--> pre-delay --+--> diffuser --+--(x entering)--> network --(+)--> width --(x wet)--(+)--> out
//!      |                |               `--(x diffuse)---------------^                        ^
//!      |                `--> reflections --(x early)-----------------^                        |
//!      `-------------------------------------------------------------------------(x dry)------+
//! ```
//!
//! A feedback delay network of 16 lines behind a diffuser: see the files beside this one for their parts. Until the network
//! is heard, what enters it is, and the nearest walls are: so the reverb begins with the pre-delay's end and dies away
//! evenly from there.
//! The wet level does not depend on the decay: steady noise comes out as loud as it went in, and the
//! dry sound gives way so that a mix is about as loud as the dry sound alone.
//!
//! Moving: `Levels`, per frame. State: `decay`, the decay times on the move; `knot_left`, frames to the next
//! knot of a moving decay, 0 while it rests; `at`, frames since reset. Sizes: `delays`, the lengths of all lines. In the
//! words: `points`, the frequencies of the absorption's fit, which the rate decides; the absorption's `coefficients`,
//! and the `steps` by which they move per frame, anew at every knot (1 to 16 frames) while the decay moves; its
//! `filters`; `back`, what the lines give for one tile, kept only to spare the stack; the rings of `inputs`,
//! `diffuser` and `network`, and the `positions` at which they stand.
//!
//! Latency is 0. Cost: see the README; while the decay moves, a design of all lines at every knot is added.

mod absorption;
mod decay;
mod diffuser;
mod early;
mod hadamard;
mod inputs;
mod lengths;
mod levels;
mod modulation;
mod network;
mod params;
mod presets;
mod ring;
mod walls;

pub use params::{ReverbConfig, ReverbParams};

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::engine::declare::processor;
use crate::engine::kind::{Channels, Look, ProcessorKind, Run, Setup};
use crate::params::Id;
use crate::params::ramp::Change;
use crate::params::smoothed::{Frames, Smoother};
use absorption::{Coefficients, Filters};
use decay::{Decay, Points, knot_frames};
use fearless_simd::Simd;
use hadamard::{LANES, LINES, TILE, Tile};
use inputs::Inputs;
use lengths::Delays;
use levels::{LevelBlocks, Levels, narrow};
use modulation::MODULATED;
use network::Network;
use walls::INPUTS;

/// Positions of the rings before the network's.
const POSITIONS: usize = INPUTS + diffuser::POSITIONS;
/// Which lines of the network are turned round for each output: two rows of its matrix.
const OF_NETWORK: [u16; 2] = [hadamard::row(5), hadamard::row(10)];
/// Which of the diffuser's are: no rows, which would undo its last mixing: each hears half of
/// what was mixed last, and not the half of the other; the pair that is most even in the bass.
const OF_DIFFUSER: [u16; 2] = [0b0110_0110, 0b0110_1001];

/// How long the delays of a reverb are, and how many samples their rings take.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    delays: Delays,
    inputs: usize,
    diffuser: usize,
    network: usize,
}

impl Sizes {
    const fn new(spec: &Spec, config: &ReverbConfig) -> Self {
        let delays = Delays::of(spec.sample_rate, config.size, config.distance, config.pre_delay_ms);
        let (inputs, diffuser) = (inputs::words(spec.inputs, &delays), diffuser::words(&delays));
        Self { delays, inputs, diffuser, network: network::words(&delays.network, spec.sample_rate) }
    }
}

layout! {
    /// The words of a reverb.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// Frequencies of the absorption's fit.
        points: [Points; 1],
        /// The absorption's coefficients.
        coefficients: [Coefficients<T>; 1],
        /// By how much they move per frame.
        steps: [Coefficients<T>; 1],
        /// The absorption's state.
        filters: [Filters<T>; 1],
        /// What the lines give for one tile.
        back: [Tile<T>; 1],
        /// Where the rings stand.
        positions: [u32; POSITIONS + LINES],
        /// The rings of what came in.
        inputs: [T; sizes.inputs],
        /// The diffuser's rings.
        diffuser: [T; sizes.diffuser],
        /// The network's rings.
        network: [T; sizes.network],
    }
}

processor! {
    /// Adds a room whose decay is what it says at every frequency.
    /// One or two channels in and out. [`ReverbConfig`] and [`ReverbParams`] have presets: `room`, `chamber`, `hall`, `plate`,
    /// `cathedral`.
    pub Reverb = ReverbKind {
        key: "reverb",
        label: "Reverb",
        params: ReverbParams,
        config: ReverbConfig,
        presets: presets::ALL,
        channels: Channels::UpTo(2),
        memory: Memory / MemoryRef by Sizes,
    }
}

/// The state of a [`Reverb`].
#[derive(Debug)]
pub struct State {
    decay: Smoother<Decay>,
    knot_left: usize,
    at: u64,
}

impl ProcessorKind for ReverbKind {
    type Moving = Levels;
    type State<T: Sample> = State;

    fn design(setup: &Setup<'_, Self>) -> Levels {
        Levels::new(&setup.params(), &setup.sizes.delays, setup.spec.sample_rate)
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Memory<'_, T>) -> State {
        let (decay, rate) = (Decay::new(&setup.params()), setup.spec.sample_rate);
        let points = &mut memory.points[0];
        decay::write_points(points, rate);
        let lengths = &setup.sizes.delays.network;
        decay::write_coefficients(&mut memory.coefficients[0], &decay, points, lengths, rate);
        State { decay: Smoother::new(decay, rate), knot_left: 0, at: 0 }
    }

    fn process<T: Sample>(mut run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let mut done = 0;
        while done < block.frames() {
            if run.state.knot_left == 0 && !run.state.decay.is_settled() {
                plan_knot(&mut run);
            }
            let knot_left = run.state.knot_left;
            let most = if knot_left > 0 { knot_left.min(TILE) } else { TILE };
            let count = most.min(block.frames() - done);
            let part = block.part(done, done + count);
            dispatch!(run.setup.spec.simd, s => run_tile(s, &mut run, part));
            if knot_left == count && run.state.decay.is_settled() {
                let Run { setup, state, memory, .. } = &mut run;
                let lengths = &setup.sizes.delays.network;
                let (coefficients, decay) = (&mut memory.coefficients[0], state.decay.target());
                let rate = setup.spec.sample_rate;
                decay::write_coefficients(coefficients, &decay, &memory.points[0], lengths, rate);
            }
            done += count;
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, _: Id, change: Change) {
        run.state.decay.change_to(Decay::new(&run.setup.params()), change);
        run.moving.change_to(Self::design(&run.setup), change);
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.memory.filters.iter_mut().flatten().flatten().flatten().for_each(|s| *s = s.flushed());
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let Setup { spec, config, sizes, .. } = look.setup;
        let params = look.setup.params();
        if params.freeze {
            return None;
        }
        let longest = params.decay_seconds * params.bass_ratio.max(1.0) * params.treble_ratio.max(1.0);
        let fixed = sizes.delays.pre_delay as f64 + (0.05 + 0.4 * config.size) * spec.sample_rate;
        // 120 dB are two decay times; a little more for the fit's error.
        Some((2.1 * longest * spec.sample_rate + fixed) as usize)
    }
}

/// The next knot of a moving decay: where the coefficients will be, and by what steps they get there.
fn plan_knot<T: Sample>(run: &mut Run<'_, ReverbKind, T>) {
    let Run { setup, state, memory, .. } = run;
    let rate = setup.spec.sample_rate;
    let knot = knot_frames(rate);
    let frames = knot - (state.at % knot as u64) as usize;
    let mut passed = Frames::EMPTY;
    state.decay.fill(&mut passed, frames);
    let steps = &mut memory.steps[0];
    let lengths = &setup.sizes.delays.network;
    decay::write_coefficients(steps, &state.decay.value(), &memory.points[0], lengths, rate);
    let share = T::from_f64(1.0 / frames as f64);
    let now = memory.coefficients[0].iter().flatten().flatten();
    for (step, now) in steps.iter_mut().flatten().flatten().zip(now) {
        *step = (*step - *now) * share;
    }
    state.knot_left = frames;
}

/// Runs at most a tile, in which the coefficients rest or move within one knot.
#[inline(always)]
fn run_tile<S: Simd, T: Sample>(simd: S, run: &mut Run<'_, ReverbKind, T>, mut block: Block<'_, '_, T>) {
    let Run { setup, moving, state, memory } = run;
    let Spec { inputs: channels, outputs, sample_rate, .. } = *setup.spec;
    let delays = &setup.sizes.delays;
    let frames = block.frames();
    let levels = LevelBlocks::<T>::next(moving, frames);

    let (before, of_network) = memory.positions.split_at_mut(POSITIONS);
    let mut positions = before.iter_mut();
    let inputs = Inputs::new(&block, channels, &mut &mut *memory.inputs, &mut positions, delays);
    let entering = diffuser::run(simd, &inputs, memory.diffuser, &mut positions, delays, frames);
    let late = modulation::reads(simd, state.at, &levels.depth, frames, sample_rate);
    let mut network = Network::new(memory.network, of_network, &delays.network, sample_rate);
    let mut moved = [[[T::ZERO; LANES]; TILE / LANES]; MODULATED];
    let lines = network.read(simd, &late, &mut moved, frames);
    let steps = (state.knot_left > 0).then_some(&memory.steps[0]);
    let (coefficients, filters) = (&mut memory.coefficients[0], &mut memory.filters[0]);
    let back = &mut memory.back[0];
    absorption::run(simd, &lines, back, coefficients, steps, filters, frames);
    network.feed(simd, back, &entering, &levels.entering, frames);

    let mut wet = hadamard::hear(simd, back.each_ref(), OF_NETWORK, frames);
    let diffuse = hadamard::hear(simd, entering.each_ref(), OF_DIFFUSER, frames);
    for (wet, diffuse) in wet.iter_mut().zip(&diffuse) {
        add_at(wet.as_flattened_mut(), diffuse.as_flattened(), levels.diffuse.as_flattened());
    }
    if levels.reflects {
        early::add(simd, &inputs, &delays.early, &levels.early, &mut wet, frames);
    }
    if outputs == 2 {
        narrow(&mut wet, &levels.width);
    }
    if channels < outputs {
        let [first, second] = block.channels_from::<2>(0);
        second.copy_from_slice(first);
    } else if channels > outputs {
        let [first, second] = block.channels_from::<2>(0);
        let half = T::from_f64(0.5);
        first.iter_mut().zip(second).for_each(|(first, second)| *first = (*first + *second) * half);
    }
    for (output, wet) in wet.iter().enumerate().take(outputs) {
        let samples = block.channel(output);
        samples.iter_mut().zip(levels.dry.as_flattened()).for_each(
            #[inline(always)]
            |(sample, dry)| *sample = *dry * *sample,
        );
        add_at(samples, wet.as_flattened(), levels.wet.as_flattened());
    }
    state.at += frames as u64;
    state.knot_left = state.knot_left.saturating_sub(frames);
}

/// Adds samples, each at its level. A plain loop over slices of one length is what becomes vectors here.
#[inline(always)]
fn add_at<T: Sample>(into: &mut [T], samples: &[T], levels: &[T]) {
    let count = into.len();
    let (samples, levels) = (&samples[..count], &levels[..count]);
    for n in 0..count {
        into[n] += samples[n] * levels[n];
    }
}
