//! Phaser: notches that sweep, made by all-passes against the dry sound.
//!
//! ```text
//! in --+--(+)--> all-pass --> ... --> all-pass --+--(x wet)--(+)--> out        all at one frequency, which sweeps
//!      |   ^                                     |            ^
//!      |   `------------(x feedback)-------------+            |
//!      `---------------------(x 1 - mix)----------------------'
//! ```
//!
//! Each all-pass turns the phase by 90 degrees at the frequency and by 180 beyond; two of them make a notch. The frequency
//! sweeps by `range_octaves` around `frequency_hz`, evenly in octaves. The feedback has no delay of its own, as in a circuit,
//! so that the peaks between the notches stand where they do there. `wet` is the mix, with feedback times
//! sqrt(1 - feedback²).
//!
//! The all-passes are trapezoidal (V. Zavalishin, "The Art of VA Filter Design", 2018): of one, y = a x + b s with a = (g - 1) /
//! (g + 1), b = 2 / (g + 1); of all in a row y = G x + S, and with feedback y = (G x + S) / (1 - feedback G).
//!
//! Moving: see [`Moving`]. State: `lfo`, where the oscillator is. In the words: `stages`, a number per all-pass and channel,
//! in f64. Latency is 0. Cost: per channel a sine, a power and a tangent, and per all-pass four multiplications. The response
//! is that of the first channel while the oscillator stands.

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::math::FastMath;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::dsp::lfo::{Lfo, sine, turns_per_frame};
use crate::dsp::note::NoteValue;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, Preset, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, smoothed};
use crate::params::{Settings, params};
use core::f64::consts::{FRAC_PI_2, PI};
use num_complex::Complex;

params! {
    /// What is fixed when a [`Phaser`] is built.
    pub struct PhaserConfig {
        /// How many all-passes there are; two make a notch.
        STAGES = 1001, stages ("Stages"): whole(2..=12, "") = 4;
    }
}

params! {
    /// Settings of a [`Phaser`].
    pub struct PhaserParams {
        /// How often the notches sweep.
        RATE_HZ = 1, rate_hz ("Rate"): log(0.01..=20.0, "Hz") = 0.5;
        /// The middle of the sweep, where each all-pass turns the phase by 90 degrees.
        FREQUENCY_HZ = 2, frequency_hz ("Frequency"): frequency(50.0..=8000.0) = 800.0;
        /// From the lowest to the highest, in octaves; near 0.45 of the sample rate the sweep is held back.
        RANGE_OCTAVES = 3, range_octaves ("Range"): linear(0.0..=6.0, "") = 2.0;
        /// What comes back, as an amplitude factor; negative turned round.
        FEEDBACK = 4, feedback ("Feedback"): linear(-0.95..=0.95, "") = 0.0;
        /// By how much of its period each channel sweeps later than the one before.
        STEREO_DEG = 5, stereo_deg ("Stereo"): linear(0.0..=180.0, "°") = 0.0;
        /// Share of what was turned; the rest is dry.
        MIX = 6, mix ("Mix"): linear(0.0..=1.0, "") = 0.5;
        /// Where in its period the oscillator begins.
        PHASE_DEG = 7, phase_deg ("Phase"): linear(0.0..=360.0, "°") = 0.0;
        /// A note value that sets the rate in place of `rate_hz`.
        SYNC = 8, sync ("Sync"): choice(NoteValue) = NoteValue::Off;
        /// Quarter notes per minute, for `sync`.
        TEMPO_BPM = 9, tempo_bpm ("Tempo"): linear(20.0..=400.0, "bpm") = 120.0;
        /// Lets the oscillator stand where it is.
        HOLD = 10, hold ("Hold"): switch() = false;
    }
}

const PRESETS: &[Preset] = &[
    Preset {
        key: "slow",
        doc: "A slow wide sweep: for keys and pads.",
        each: |visit| PhaserParams::slow().each(visit),
    },
    Preset {
        key: "resonant",
        doc: "Six all-passes with much feedback: for guitars.",
        each: |visit| {
            PhaserConfig { stages: 6 }.each(visit);
            PhaserParams::resonant().each(visit);
        },
    },
];

impl PhaserParams {
    /// A slow wide sweep: for keys and pads.
    pub fn slow() -> Self {
        Self { rate_hz: 0.12, range_octaves: 3.0, stereo_deg: 90.0, ..Self::default() }
    }

    /// Much feedback; for six all-passes.
    pub fn resonant() -> Self {
        Self { rate_hz: 0.4, feedback: 0.7, range_octaves: 3.0, ..Self::default() }
    }
}

/// What a phaser keeps.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    stages: usize,
}

impl Sizes {
    const fn new(spec: &Spec, config: &PhaserConfig) -> Self {
        Self { channels: spec.inputs, stages: config.stages as usize }
    }
}

layout! {
    /// The words of a phaser.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What each all-pass of each channel keeps.
        stages: [f64; sizes.channels * sizes.stages],
    }
}

processor! {
    /// Sweeps notches through a sound, by all-passes against it.
    /// As many channels out as in.
    pub Phaser = PhaserKind {
        key: "phaser",
        label: "Phaser",
        params: PhaserParams,
        config: PhaserConfig,
        presets: PRESETS,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// What the frequency of the sweep comes near to but does not reach, as a share of the sample rate.
const HIGHEST: f64 = 0.45;

/// A frequency in units of the rate, by octaves over it: from a quarter of the highest on a little lower, without a corner.
#[inline(always)]
fn frequency(octaves: f64) -> f64 {
    let frequency = octaves.exp2();
    let share = frequency * (1.0 / HIGHEST);
    let square = share * share;
    frequency / libm::sqrt(libm::sqrt(1.0 + square * square))
}

smoothed! {
    /// What moves in a [`Phaser`].
    pub struct Moving {
        /// Turns of the oscillator per frame.
        step,
        /// Its beginning, and how far the channels are apart, in turns.
        phase, stereo,
        /// The middle of the sweep, in octaves over the sample rate, and how far it goes either way.
        middle, reach,
        /// What comes back.
        feedback,
        /// Levels of the dry and of the turned sound.
        dry, wet,
    }
}

impl Moving {
    /// The frequency at a phase, in units of the rate.
    #[inline(always)]
    fn frequency(&self, turns: f64) -> f64 {
        frequency(self.middle + self.reach * sine(turns))
    }
}

/// The tangent that sets an all-pass at a frequency in units of the rate.
#[inline(always)]
fn tangent(frequency: f64) -> f64 {
    let angle = PI * frequency;
    angle.sin_quarter() / (FRAC_PI_2 - angle).sin_quarter()
}

/// The state of a [`Phaser`].
#[derive(Debug)]
pub struct State {
    lfo: Lfo,
}

impl ProcessorKind for PhaserKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let (params, rate) = (setup.params(), setup.spec.sample_rate);
        let rate_hz = params.sync.rate_hz(params.tempo_bpm).unwrap_or(params.rate_hz);
        let rate_hz = if params.hold { 0.0 } else { rate_hz };
        Moving {
            step: turns_per_frame(rate_hz, rate),
            phase: params.phase_deg / 360.0,
            stereo: params.stereo_deg / 360.0,
            middle: libm::log2(params.frequency_hz / rate),
            reach: 0.5 * params.range_octaves,
            feedback: params.feedback,
            dry: 1.0 - params.mix,
            wet: params.mix * libm::sqrt(1.0 - params.feedback * params.feedback),
        }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, _: Memory<'_, T>) -> State {
        State { lfo: Lfo::default() }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let Run { setup, moving, state, memory } = run;
        let Sizes { channels, stages } = *setup.sizes;
        moving.over_chunks(block, |block, numbers, _| {
            let mut turns = [0.0; CHUNK];
            state.lfo.fill(|f| numbers.at(f).step, block.frames(), &mut turns);
            for (channel, stages) in memory.stages.chunks_exact_mut(stages).enumerate().take(channels) {
                let samples = block.channel(channel);
                dispatch!(setup.spec.simd, s => {
                    let _ = s;
                    turn(stages, numbers, &turns, channel as f64, samples)
                });
            }
        });
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.memory.stages.iter_mut().for_each(|s| *s = s.flushed());
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let now = look.moving.target();
        let stages = look.setup.sizes.stages as f64;
        // With feedback, all-passes in a row decay as one at (1 - r) / (1 + r) of the frequency, r^stages being the feedback.
        let r = libm::pow(now.feedback.abs(), 1.0 / stages);
        let slowest = |octaves: f64| {
            let g = tangent(frequency(octaves)) * (1.0 - r) / (1.0 + r);
            let pole = ((1.0 - g) / (1.0 + g)).abs();
            // 120 dB, and a while for what a row of them adds up.
            (14.0 + 4.0 * stages) / -libm::log(pole.max(1e-9))
        };
        let frames = slowest(now.middle - now.reach).max(slowest(now.middle + now.reach));
        Some(libm::ceil(frames) as usize + look.moving.frames_left())
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let now = look.moving_at(at);
        if now.step != 0.0 || look.setup.sizes.channels > 1 && now.stereo != 0.0 {
            return None;
        }
        let g = tangent(now.frequency(look.state.lfo.turns() + now.phase));
        let s = Complex::new(0.0, libm::tan(PI * hz / look.setup.spec.sample_rate));
        let one = (g - s) / (g + s);
        let all = one.powu(look.setup.sizes.stages as u32);
        Some(now.dry + now.wet * all / (1.0 - now.feedback * all))
    }
}

/// Turns one channel.
#[inline(always)]
fn turn<T: Sample>(
    stages: &mut [f64],
    numbers: &Frames<Moving>,
    turns: &[f64; CHUNK],
    channel: f64,
    samples: &mut [T],
) {
    let mut tangents = [0.0; CHUNK];
    for (f, g) in tangents.iter_mut().enumerate().take(samples.len()) {
        let now = numbers.at(f);
        *g = tangent(now.frequency(turns[f] + now.phase + channel * now.stereo));
    }
    for (f, sample) in samples.iter_mut().enumerate() {
        let Moving { feedback, dry, wet, .. } = numbers.at(f);
        let (g, x) = (tangents[f], sample.to_f64());
        let share = 1.0 / (1.0 + g);
        let (a, b) = ((g - 1.0) * share, 2.0 * share);
        // What all of them do to their input, and what they give by themselves.
        let (mut through, mut kept) = (1.0, 0.0);
        for stage in &*stages {
            through *= a;
            kept = a * kept + b * *stage;
        }
        let y = (through * x + kept) / (1.0 - feedback * through);
        let mut u = x + feedback * y;
        for stage in &mut *stages {
            let low = (g * u + *stage) * share;
            *stage = 2.0 * low - *stage;
            u = 2.0 * low - u;
        }
        *sample = T::from_f64(dry * x + wet * y);
    }
}
