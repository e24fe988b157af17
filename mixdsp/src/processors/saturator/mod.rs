//! Saturator: a curve that bends loud sounds, for warmth, density and bite.
//!
//! ```text
//! in --+--> [highs] --> drive --> emphasis --> up --> f(x) - x, smooth --> down --> emphasis back --> no DC --+
//!      |      `--> wait --> drive ------------------------------------------------------------------(+) <----'
//!      `--> wait --> 1 - mix, or all with a focus ------------(+) <-- mix <-- drive back, where asked <---'
//!                                                              `--> as loud as before, where asked --> output --> out
//! ```
//!
//! Only what the curve adds is oversampled: what is soft passes as it came, and is late by whole frames. The curves and what is
//! done against their aliases stand in `dsp::waveshape`, the way to them and back in `dsp::oversample`. With low latency
//! the filters turn the phase, and what stands beside the curve goes through the same ones.
//!
//! Compensation takes the drive back, so that soft sounds keep their level, and brings what the curve took from the
//! loud ones back by measuring loudness (`dsp::dynamics::loudness_match`).
//!
//! Moving: `Moving`; the emphasis moves as two designs of its own. State, per channel: `path`, with words of its
//! own; `constant`, what is taken out as DC; `magnetisation`, what tape keeps; `saturated`, the frames before the head bump, `bumped`, in it;
//! `beside`, what waits. `drives` are those of the frames that come out, `at` counts frames since reset. `position` is the place in what waits.
//!
//! Latency is that of the half-band filters. Cost: a half-band filter up and down per octave, and three values of the
//! curve for each frame at the high rate; curves that fade cost theirs.

mod beside;
mod memory;
mod numbers;
mod params;
mod presets;

pub use params::{CurvePoint, Focus, SaturatorConfig, SaturatorParams, SaturatorReadings, SaturatorShape};

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::units::{decibels_to_gain, gain_to_decibels};
use crate::dsp::delay_line;
use crate::dsp::dynamics::loudness_match::{self, Side};
use crate::dsp::filter::band::{Band, BandKind, Slope};
use crate::dsp::filter::emphasis::Emphasis;
use crate::dsp::filter::plain_cascade;
use crate::dsp::waveshape::clip::Clip;
use crate::dsp::waveshape::curve_path::HighFrames;
use crate::dsp::waveshape::curves::{Cubic, Soft, Tube};
use crate::dsp::waveshape::hysteresis::{LEAK_SECONDS, Magnetisation, Tape};
use crate::dsp::waveshape::points::Points;
use crate::dsp::waveshape::{BEFORE, Shaper};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::Id;
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::smoothed::Smoother;
use core::f64::consts::TAU;
use fearless_simd::Simd;
use memory::{Memory, MemoryRef, Sizes};
use numbers::{Moving, Numbers};

processor! {
    /// Bends loud sounds by a curve, without audible aliases.
    /// As many channels out as in, each by itself. Presets: `warm`, `tube`, `tape`, `fet`, `exciter`.
    pub Saturator = SaturatorKind {
        key: "saturator",
        label: "Saturator",
        params: SaturatorParams,
        groups: [points: CurvePoint],
        config: SaturatorConfig,
        readings: SaturatorReadings,
        presets: presets::ALL,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// The loudness match lifts by at most this.
const MOST_COMPENSATION_DB: f64 = 30.0;
/// Where that begins: -58 LUFS, about.
const COMPENSATION_BEGINNING: f64 = 1.6e-6;
/// Below this, what a curve adds is a constant.
const DC_HZ: f64 = 5.0;
/// The emphasis of a transformer.
const TRANSFORMER_DB: f64 = 12.0;
const TRANSFORMER_HZ: f64 = 120.0;

/// Narrowness of a head bump.
const BUMP_Q: f64 = 1.0;

/// The state of a [`Saturator`].
#[derive(Debug)]
pub struct State {
    /// The user's and the transformer's.
    emphasis: [Smoother<Emphasis>; 2],
    loudness: loudness_match::State,
    /// Share of the constant that a frame brings up to date.
    dc_share: f64,
    /// What is left of a magnetisation after a frame of the high rate.
    kept: f64,
    position: usize,
    /// Frames since reset.
    at: u64,
    compensation: Option<f64>,
}

/// The emphasis that the parameters ask for, and the transformer's.
fn emphasis_of(setup: &Setup<'_, SaturatorKind>) -> [Emphasis; 2] {
    let SaturatorParams { emphasis_db, emphasis_hz, shape, .. } = setup.params();
    let rate = setup.spec.sample_rate;
    let of_transformer = if shape == SaturatorShape::Transformer {
        Emphasis::low(decibels_to_gain(TRANSFORMER_DB), TRANSFORMER_HZ, rate)
    } else {
        Emphasis::NONE
    };
    [Emphasis::high_db(emphasis_db, emphasis_hz, rate), of_transformer]
}

fn focus_of(setup: &Setup<'_, SaturatorKind>) -> Band {
    let frequency_hz = setup.params().focus_hz;
    Band { kind: BandKind::HighPass, frequency_hz, slope_db_per_octave: Slope::Db12, ..Band::default() }
}

fn bump_of(setup: &Setup<'_, SaturatorKind>) -> Band {
    let SaturatorParams { shape, head_bump_db, head_bump_hz: frequency_hz, .. } = setup.params();
    let gain_db = if shape == SaturatorShape::Tape { head_bump_db } else { 0.0 };
    Band { kind: BandKind::Bell, frequency_hz, gain_db, q: BUMP_Q, ..Band::default() }
}

impl ProcessorKind for SaturatorKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn design(setup: &Setup<'_, Self>) -> Moving {
        Moving::of(&setup.params())
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut memory: Memory<'_, T>) -> State {
        let rate = setup.spec.sample_rate;
        memory.path.start(&setup.sizes.path);
        memory.companions.start(&setup.sizes.companions);
        memory.drives.fill(T::from_f64(decibels_to_gain(setup.params().drive_db)));
        for (at, point) in memory.points.iter_mut().enumerate() {
            let CurvePoint { input, output } = setup.item(at);
            *point = Ramp::of_design([input, output], ramp_frames(rate));
        }
        plain_cascade::start(memory.focus, &focus_of(setup), rate);
        plain_cascade::start(memory.bump, &bump_of(setup), rate);
        let mut loudness = loudness_match::State::new(rate, MOST_COMPENSATION_DB, COMPENSATION_BEGINNING);
        memory.loudness.restart(&mut loudness, 0);
        State {
            emphasis: emphasis_of(setup).map(|emphasis| Smoother::new(emphasis, rate)),
            loudness,
            dc_share: 1.0 - libm::exp(-TAU * DC_HZ / rate),
            kept: libm::exp(
                -1.0 / (LEAK_SECONDS * rate * (1u32 << setup.sizes.path.oversample.octaves) as f64),
            ),
            position: 0,
            at: 0,
            compensation: None,
        }
    }

    fn change<T: Sample>(mut run: Run<'_, Self, T>, id: Id, change: Change) {
        if id.table() == CurvePoint::TABLE {
            let CurvePoint { input, output } = run.setup.item(id.item() as usize);
            if let Some(point) = run.memory.points.get_mut(id.item() as usize) {
                point.change([input, output], change);
            }
            return;
        }
        let design = Self::design(&run.setup);
        let moving = &run.moving;
        if design.compensation > 0.0
            && moving.target().compensation == 0.0
            && moving.value().compensation == 0.0
        {
            run.memory.loudness.restart(&mut run.state.loudness, run.state.at);
        }
        run.moving.change(design, change);
        for (emphasis, target) in run.state.emphasis.iter_mut().zip(emphasis_of(&run.setup)) {
            emphasis.change_to(target, change);
        }
        let rate = run.setup.spec.sample_rate;
        plain_cascade::change(run.memory.focus, &focus_of(&run.setup), rate, change);
        plain_cascade::change(run.memory.bump, &bump_of(&run.setup), rate, change);
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, moving, state, mut memory } = run;
        let mut numbers = Numbers::EMPTY;
        dispatch!(setup.spec.simd, s => {
            let mut done = 0;
            while done < block.frames() {
                let matches = moving.target().compensation > 0.0
                    || !moving.is_settled() && moving.value().compensation > 0.0;
                let mut end = block.frames().min(done + CHUNK);
                if matches {
                    end = end.min(done + state.loudness.frames_to_point());
                }
                end = done + numbers.fill(moving, &mut state.emphasis, memory.points, end - done);
                state.chunk(s, setup.sizes, &numbers, &mut memory, &mut block.part(done, end), matches);
                done = end;
            }
        });
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        let Run { setup, mut memory, .. } = run;
        memory.constant.iter_mut().for_each(|constant| *constant = constant.flushed());
        for states in [memory.focus_states, memory.bump_states] {
            states.as_flattened_mut().iter_mut().for_each(|kept| *kept = kept.flushed());
        }
        memory.magnetisation.iter_mut().for_each(Magnetisation::settle);
        memory.path.flush_denormals(&setup.sizes.path);
        memory.companions.flush_denormals(&setup.sizes.companions);
        memory.loudness.flush_denormals();
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.latency()
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let Look { setup, moving, state, memory } = look;
        let of_emphasis: usize = state.emphasis.iter().map(|emphasis| emphasis.target().tail()).sum();
        let left =
            state.emphasis.iter().map(Smoother::frames_left).max().unwrap_or(0).max(moving.frames_left());
        let takes_dc = moving.target().dc > 0.0 || !moving.is_settled();
        let of_dc = if takes_dc { libm::ceil(libm::log(1e6) / state.dc_share) as usize } else { 0 };
        let of_filters = plain_cascade::tail(memory.focus) + plain_cascade::tail(memory.bump);
        let is_tape = moving.target().tape > 0.0 || !moving.is_settled();
        let of_leak = if is_tape { LEAK_SECONDS * setup.spec.sample_rate * libm::log(1e6) } else { 0.0 };
        let of_path = setup.sizes.path.oversample.tail();
        Some(of_path + of_emphasis + left + of_dc + of_filters + of_leak as usize)
    }

    fn static_curve_db<T: Sample>(look: Look<'_, Self, T>, level_db: f64) -> Option<f64> {
        let params = look.setup.params();
        let Moving { drive, mix, level, .. } = Self::design(&look.setup);
        let x = decibels_to_gain(level_db);
        let points = Points::new(look.memory.points.iter().map(Ramp::target));
        let wet = Self::design(&look.setup).back_from(drive) * params.value(drive * x, &points);
        Some(gain_to_decibels((level * ((1.0 - mix) * x + mix * wet)).abs().max(1e-10)))
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        let is_ours = id.typed() == SaturatorReadings::COMPENSATION_DB && id.item() == 0;
        look.state.compensation.filter(|_| is_ours).map(gain_to_decibels)
    }
}

impl State {
    /// Some frames, at most [`CHUNK`].
    #[inline(always)]
    fn chunk<S: Simd, T: Sample>(
        &mut self,
        simd: S,
        sizes: &Sizes,
        numbers: &Numbers<T>,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
        matches: bool,
    ) {
        let frames = block.frames();
        let gains = self.gains(sizes, numbers, memory.drives, frames, matches);
        Self::find_highs(memory, block);
        for channel in 0..sizes.channels {
            let mut linear = [T::ZERO; CHUNK];
            match memory.highs.get(channel) {
                Some(highs) => {
                    linear.iter_mut().zip(highs).for_each(|(linear, high)| *linear = T::from_f64(*high));
                }
                None => linear[..frames].copy_from_slice(block.input(channel)),
            }
            let mut added = [T::ZERO; CHUNK];
            for ((added, linear), drive) in added.iter_mut().zip(&linear).zip(&numbers.drive) {
                *added = *linear * *drive;
            }
            self.bend(simd, sizes, numbers, memory, channel, &mut added[..frames]);
            beside::wait(simd, sizes, memory, channel, self.position, block.channel(channel));
            if matches {
                // As late as what comes out, so that a beginning counts alike on both sides.
                memory.loudness.hear(&self.loudness, Side::In, channel, block.input(channel));
            }
            if sizes.has_focus {
                let at = sizes.channels + channel;
                beside::wait(simd, sizes, memory, at, self.position, &mut linear[..frames]);
            } else {
                linear[..frames].copy_from_slice(block.input(channel));
            }
            let saturated = &mut memory.saturated[channel];
            for f in 0..frames {
                saturated[f] = gains.drive[f] * linear[f] + added[f];
            }
        }
        bump(memory, frames);
        for channel in 0..sizes.channels {
            let samples = block.channel(channel);
            let saturated = &memory.saturated[channel];
            for (f, sample) in samples.iter_mut().enumerate() {
                *sample = gains.dry[f] * *sample + gains.wet[f] * saturated[f];
            }
            if matches {
                memory.loudness.hear(&self.loudness, Side::Out, channel, samples);
            }
            for (sample, gain) in samples.iter_mut().zip(&gains.level) {
                *sample *= *gain;
            }
        }
        if matches {
            memory.loudness.advance(&mut self.loudness, frames);
        }
        self.position = (self.position + frames) % sizes.latency().max(1);
        self.at += frames as u64;
    }

    /// The factors of some frames that come out.
    #[inline(always)]
    fn gains<T: Sample>(
        &mut self,
        sizes: &Sizes,
        numbers: &Numbers<T>,
        waiting: &mut [T],
        frames: usize,
        matches: bool,
    ) -> Gains<T> {
        let mut drive = numbers.drive;
        delay_line::wait(waiting, self.position, &mut drive[..frames]);
        let mut matched = [1.0; CHUNK];
        if matches {
            self.loudness.fill(&mut matched, frames);
        }
        let [mut wet, mut dry, mut level] = [[T::ZERO; CHUNK]; 3];
        let mut compensation = 1.0;
        for f in 0..frames {
            let back = 1.0 + numbers.compensation[f] * (1.0 / drive[f].to_f64() - 1.0);
            let matched = 1.0 + numbers.compensation[f] * (matched[f] - 1.0);
            wet[f] = T::from_f64(numbers.mix[f] * back);
            dry[f] = T::from_f64(if sizes.has_focus { 1.0 } else { 1.0 - numbers.mix[f] });
            level[f] = T::from_f64(matched * numbers.level[f]);
            compensation = back * matched;
        }
        self.compensation = Some(compensation);
        Gains { drive, wet, dry, level }
    }

    /// Finds what lies above the focus, where there is one.
    fn find_highs<T: Sample>(memory: &mut Memory<'_, T>, block: &Block<'_, '_, T>) {
        for (channel, highs) in memory.highs.iter_mut().enumerate() {
            highs.iter_mut().zip(block.input(channel)).for_each(|(high, x)| *high = x.to_f64());
        }
        plain_cascade::run(memory.focus, memory.focus_states, memory.highs, block.frames());
    }

    /// Puts what the curve adds in place of driven samples, late by the latency.
    #[inline(always)]
    fn bend<S: Simd, T: Sample>(
        &mut self,
        simd: S,
        sizes: &Sizes,
        numbers: &Numbers<T>,
        memory: &mut Memory<'_, T>,
        channel: usize,
        samples: &mut [T],
    ) {
        let (path, frames) = (&sizes.path, samples.len());
        let emphasis = if numbers.has_emphasis { &numbers.emphasis[..] } else { &[] };
        let magnetisation = &mut memory.magnetisation[channel];
        let kept = self.kept;
        memory.path.run(
            simd,
            path,
            channel,
            emphasis,
            samples,
            #[inline(always)]
            |HighFrames { course, x, added }| {
                let octaves = path.oversample.octaves;
                if numbers.runs_tape {
                    let (behind, biases) = (&numbers.behind, &numbers.bias[..frames]);
                    let tape = Tape { behind, biases, kept, octaves };
                    tape.add(magnetisation, &x[BEFORE..], &numbers.tape, &mut added[..frames << octaves]);
                } else {
                    *magnetisation = Magnetisation::NONE;
                }
                let shaper = Shaper::new(course, x, octaves, &numbers.bias[..frames]);
                if let Some(shares) = numbers.soft.get() {
                    shaper.add(simd, &Soft, path.smooth, shares, added);
                }
                if let Some(shares) = numbers.hard.get() {
                    shaper.add(simd, &Clip::HARD, path.smooth, shares, added);
                }
                if let Some(shares) = numbers.cubic.get() {
                    shaper.add(simd, &Cubic, path.smooth, shares, added);
                }
                if let Some(shares) = numbers.tube.get() {
                    shaper.add(simd, &Tube, path.smooth, shares, added);
                }
                if let Some(shares) = numbers.curve.get() {
                    shaper.add(simd, &numbers.points, path.smooth, shares, added);
                }
            },
        );
        if numbers.takes_dc {
            let constant = &mut memory.constant[channel];
            for (sample, share) in samples.iter_mut().zip(&numbers.dc) {
                *constant += (sample.to_f64() - *constant) * self.dc_share;
                *sample = T::from_f64(sample.to_f64() - share * *constant);
            }
        }
    }
}

/// Factors of some frames that come out: what the linear part was driven by, what of the saturated sound and of the input
/// beside it counts, and the output's level.
struct Gains<T> {
    drive: [T; CHUNK],
    wet: [T; CHUNK],
    dry: [T; CHUNK],
    level: [T; CHUNK],
}

/// The head bump, where there is one.
#[inline(never)]
fn bump<T: Sample>(memory: &mut Memory<'_, T>, frames: usize) {
    if plain_cascade::is_flat(memory.bump) {
        memory.bump_states.fill([0.0; 2]);
        return;
    }
    for (bumped, saturated) in memory.bumped.iter_mut().zip(&*memory.saturated) {
        bumped.iter_mut().zip(saturated).for_each(|(to, from)| *to = from.to_f64());
    }
    plain_cascade::run(memory.bump, memory.bump_states, memory.bumped, frames);
    for (saturated, bumped) in memory.saturated.iter_mut().zip(&*memory.bumped) {
        saturated.iter_mut().zip(bumped).for_each(|(to, from)| *to = T::from_f64(*from));
    }
}
