//! Flanger: a short delay that sweeps, against the dry sound, so that a comb of notches sweeps through it.
//!
//! ```text
//! in --+--(+)--> line --> delay + depth (1 + sine) / 2 --+--(x wet)--(+)--> out
//!      |   ^                                             |            ^
//!      |   `----------------(x feedback)-----------------+            |
//!      `--> wait: through_zero_ms --(x 1 - mix)-----------------------'
//! ```
//!
//! With `through_zero_ms` the dry sound waits, and the delayed one, which may be shorter, passes it, as two tape machines pass
//! each other: the notches run up beyond all hearing, and down again. Inverted, both cancel where they meet. `wet` is the mix,
//! with feedback times sqrt(1 - feedback²), so that noise keeps its level.
//!
//! Moving: see [`Moving`]. State: `lfo`, where the oscillator is; `place`, where the line is written next, and `position`,
//! where the dry sound waits, per frame. In the words: `line`, what each channel heard and what came back; `wait`, the dry
//! sound. Between two frames the line is read by a polynomial of fifth order, see `dsp::modulated_line`. Latency is
//! `through_zero_ms`. Cost: per channel one sine and one polynomial. The response is that of the first channel while the
//! oscillator stands.

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::base::units::seconds_to_frames;
use crate::dsp::delay_line::wait;
use crate::dsp::lfo::{Lfo, sine, turns_per_frame};
use crate::dsp::modulated_line::{NEWER, Place, length_for, response};
use crate::dsp::note::NoteValue;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, Preset, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, smoothed};
use crate::params::{Row, Settings, params};
use core::f64::consts::TAU;
use num_complex::Complex;

params! {
    /// What is fixed when a [`Flanger`] is built.
    pub struct FlangerConfig {
        /// How long the dry sound waits so that the delayed one can pass it; this is the latency.
        THROUGH_ZERO_MS = 1001, through_zero_ms ("Through zero"): linear(0.0..=10.0, "ms") = 0.0;
    }
}

params! {
    /// Settings of a [`Flanger`].
    pub struct FlangerParams {
        /// How often the comb sweeps.
        RATE_HZ = 1, rate_hz ("Rate"): log(0.01..=20.0, "Hz") = 0.25;
        /// By how much the delay swings, from its shortest to its longest.
        DEPTH_MS = 2, depth_ms ("Depth"): linear(0.0..=10.0, "ms") = 3.0;
        /// The shortest delay; at least 3 frames.
        DELAY_MS = 3, delay_ms ("Delay"): linear(0.1..=10.0, "ms") = 0.5;
        /// What comes back into the line, as an amplitude factor; negative turned round.
        FEEDBACK = 4, feedback ("Feedback"): linear(-0.95..=0.95, "") = 0.0;
        /// By how much of its period each channel swings later than the one before.
        STEREO_DEG = 5, stereo_deg ("Stereo"): linear(0.0..=180.0, "°") = 0.0;
        /// Share of the delayed sound; the rest is dry.
        MIX = 6, mix ("Mix"): linear(0.0..=1.0, "") = 0.5;
        /// Turns the delayed sound round.
        INVERT = 7, invert ("Invert"): switch() = false;
        /// Where in its period the oscillator begins.
        PHASE_DEG = 8, phase_deg ("Phase"): linear(0.0..=360.0, "°") = 0.0;
        /// A note value that sets the rate in place of `rate_hz`.
        SYNC = 9, sync ("Sync"): choice(NoteValue) = NoteValue::Off;
        /// Quarter notes per minute, for `sync`.
        TEMPO_BPM = 10, tempo_bpm ("Tempo"): linear(20.0..=400.0, "bpm") = 120.0;
        /// Lets the oscillator stand where it is.
        HOLD = 11, hold ("Hold"): switch() = false;
    }
}

const PRESETS: &[Preset] = &[
    Preset { key: "jet", doc: "A slow sweep that rings.", each: |visit| FlangerParams::jet().each(visit) },
    Preset {
        key: "tape",
        doc: "Two tape machines that pass each other: through zero.",
        each: |visit| {
            FlangerConfig::tape().each(visit);
            FlangerParams::tape().each(visit);
        },
    },
];

impl FlangerConfig {
    /// For two tape machines that pass each other.
    pub const fn tape() -> Self {
        Self { through_zero_ms: 2.5 }
    }
}

impl FlangerParams {
    /// A slow sweep that rings.
    pub fn jet() -> Self {
        Self { rate_hz: 0.15, depth_ms: 5.0, feedback: 0.7, ..Self::default() }
    }

    /// Two tape machines that pass each other; needs [`FlangerConfig::tape`].
    pub fn tape() -> Self {
        Self { rate_hz: 0.1, depth_ms: 4.0, invert: true, ..Self::default() }
    }
}

/// The longest delay, in seconds.
const LONGEST_SECONDS: f64 = 0.02;
/// 120 dB.
const NEPERS: f64 = 6.0 * core::f64::consts::LN_10;

/// What a flanger keeps.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    length: usize,
    /// Frames that the dry sound waits.
    waits: usize,
}

impl Sizes {
    const fn new(spec: &Spec, config: &FlangerConfig) -> Self {
        let longest = (LONGEST_SECONDS * spec.sample_rate) as usize + 2;
        let waits = seconds_to_frames(config.through_zero_ms * 1e-3, spec.sample_rate);
        Self { channels: spec.inputs, length: length_for(longest), waits }
    }
}

layout! {
    /// The words of a flanger.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What each channel heard, and what came back.
        line: [T; sizes.channels.saturating_mul(sizes.length)],
        /// The dry sound.
        wait: [T; sizes.channels.saturating_mul(sizes.waits)],
    }
}

processor! {
    /// Sweeps a comb of notches through a sound, by a short delay against it.
    /// As many channels out as in.
    pub Flanger = FlangerKind {
        key: "flanger",
        label: "Flanger",
        params: FlangerParams,
        config: FlangerConfig,
        presets: PRESETS,
        memory: Memory / MemoryRef by Sizes,
    }
}

smoothed! {
    /// What moves in a [`Flanger`].
    pub struct Moving {
        /// Turns of the oscillator per frame.
        step,
        /// Its beginning, and how far the channels are apart, in turns.
        phase, stereo,
        /// The shortest delay and half its swing, in frames.
        delay, swing,
        /// What comes back.
        feedback,
        /// Levels of the dry and of the delayed sound.
        dry, wet,
    }
}

impl Moving {
    /// The delay at a phase, in turns.
    #[inline(always)]
    fn delay_at(&self, turns: f64) -> f64 {
        self.delay + self.swing * (1.0 + sine(turns))
    }
}

/// The state of a [`Flanger`].
#[derive(Debug)]
pub struct State {
    lfo: Lfo,
    place: Place,
    position: usize,
}

impl ProcessorKind for FlangerKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn range(row: &Row, spec: &Spec, _: &FlangerConfig) -> (f64, f64) {
        let (minimum, maximum) = row.range_at(spec.sample_rate);
        if row.id().typed() != FlangerParams::DELAY_MS {
            return (minimum, maximum);
        }
        // What comes back is written after it was read.
        (minimum.max(NEWER as f64 * 1000.0 / spec.sample_rate), maximum)
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let (params, rate) = (setup.params(), setup.spec.sample_rate);
        let rate_hz = params.sync.rate_hz(params.tempo_bpm).unwrap_or(params.rate_hz);
        let rate_hz = if params.hold { 0.0 } else { rate_hz };
        let level = params.mix * libm::sqrt(1.0 - params.feedback * params.feedback);
        Moving {
            step: turns_per_frame(rate_hz, rate),
            phase: params.phase_deg / 360.0,
            stereo: params.stereo_deg / 360.0,
            delay: (params.delay_ms * 1e-3 * rate).max(NEWER as f64),
            swing: 0.5 * params.depth_ms * 1e-3 * rate,
            feedback: params.feedback,
            dry: 1.0 - params.mix,
            wet: if params.invert { -level } else { level },
        }
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, _: Memory<'_, T>) -> State {
        State { lfo: Lfo::default(), place: Place::new(setup.sizes.length), position: 0 }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let Run { setup, moving, state, memory } = run;
        let Sizes { channels, length, waits } = *setup.sizes;
        moving.over_chunks(block, |block, numbers, _| {
            let frames = block.frames();
            let mut turns = [0.0; CHUNK];
            state.lfo.fill(|f| numbers.at(f).step, frames, &mut turns);
            let mut position = state.position;
            for (channel, line) in memory.line.chunks_exact_mut(length).enumerate().take(channels) {
                let samples = block.channel(channel);
                let mut swept = [T::ZERO; CHUNK];
                dispatch!(setup.spec.simd, s => {
                    let _ = s;
                    sweep(&state.place, line, numbers, &turns, channel as f64, samples, &mut swept)
                });
                let ring = &mut memory.wait[channel * waits..(channel + 1) * waits];
                position = wait(ring, state.position, samples);
                for (f, (sample, swept)) in samples.iter_mut().zip(&swept).enumerate() {
                    let Moving { dry, wet, .. } = numbers.at(f);
                    *sample = T::from_f64(dry) * *sample + T::from_f64(wet) * *swept;
                }
            }
            state.position = position;
            state.place.advance(frames);
        });
    }

    /// What comes back is a number of the line.
    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.memory.line.iter_mut().for_each(|x| *x = x.flushed());
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.waits
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let Moving { delay, swing, feedback, .. } = look.moving.target();
        let longest = delay + 2.0 * swing + 8.0;
        let turns = if feedback == 0.0 { 1.0 } else { 2.0 + NEPERS / -libm::log(feedback.abs()) };
        let moving = look.moving.frames_left();
        // On the way the delay may have been as long as it can be.
        let longest = if moving > 0 { look.setup.sizes.length as f64 } else { longest };
        Some(libm::ceil(longest * turns) as usize + look.setup.sizes.waits + moving)
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let now = look.moving_at(at);
        if now.step != 0.0 || look.setup.sizes.channels > 1 && now.stereo != 0.0 {
            return None;
        }
        let frequency = hz / look.setup.spec.sample_rate;
        let line = response(now.delay_at(look.state.lfo.turns() + now.phase), frequency);
        let turns = frequency * look.setup.sizes.waits as f64;
        let dry = Complex::from_polar(now.dry, -TAU * (turns - libm::floor(turns)));
        Some(dry + now.wet * line / (1.0 - now.feedback * line))
    }
}

/// Reads the line at its sweeping delay, and writes it.
#[inline(always)]
fn sweep<T: Sample>(
    place: &Place,
    line: &mut [T],
    numbers: &Frames<Moving>,
    turns: &[f64; CHUNK],
    channel: f64,
    samples: &[T],
    swept: &mut [T; CHUNK],
) {
    let mut delays = [0.0; CHUNK];
    for (f, delay) in delays.iter_mut().enumerate().take(samples.len()) {
        let now = numbers.at(f);
        *delay = now.delay_at(turns[f] + now.phase + channel * now.stereo);
    }
    for (f, sample) in samples.iter().enumerate() {
        let heard = place.read(line, f, delays[f]);
        swept[f] = heard;
        place.write(line, f, *sample + T::from_f64(numbers.at(f).feedback) * heard);
    }
}
