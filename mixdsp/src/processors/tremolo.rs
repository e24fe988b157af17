//! Tremolo: a level that wavers, and, where the channels do so in turn, a sound that goes from side to side.
//!
//! ```text
//! sine --> squarer --> gain = cos(depth (1 - y) pi / 4) --(x)--> out          y from -1 to 1
//!                                                          ^
//!                                                     in --'
//! ```
//!
//! The level is never raised. At its deepest it is cos(depth 90 degrees): 3 dB with a depth of a half, silence with one. With
//! `stereo_deg` at 180 two channels waver in turn, and at a depth of 1 their power stays even: an auto-pan. `edge` brings the
//! sine nearer to a square, without a corner: y = s sqrt(1 + k²) / sqrt(1 + k² s²), k from 0 to 10.
//!
//! Moving: see [`Moving`]. State: `lfo`, where the oscillator is. Latency and tail are 0. Cost: per channel two sines and a
//! square root.

use crate::base::audio::Block;
use crate::base::math::FastMath;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::dsp::lfo::{Lfo, sine, turns_per_frame};
use crate::dsp::note::NoteValue;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, Preset, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, smoothed};
use crate::params::{Settings, params};
use core::f64::consts::{FRAC_PI_2, FRAC_PI_4};
use num_complex::Complex;

params! {
    /// Settings of a [`Tremolo`].
    pub struct TremoloParams {
        /// How often the level wavers.
        RATE_HZ = 1, rate_hz ("Rate"): log(0.01..=20.0, "Hz") = 5.0;
        /// How deep the level goes: 0.5 is 3 dB, 1 silence.
        DEPTH = 2, depth ("Depth"): linear(0.0..=1.0, "") = 0.5;
        /// From a sine to nearly a square.
        EDGE = 3, edge ("Edge"): linear(0.0..=1.0, "") = 0.0;
        /// By how much of its period each channel wavers later than the one before.
        STEREO_DEG = 4, stereo_deg ("Stereo"): linear(0.0..=180.0, "°") = 0.0;
        /// Where in its period the oscillator begins.
        PHASE_DEG = 5, phase_deg ("Phase"): linear(0.0..=360.0, "°") = 0.0;
        /// A note value that sets the rate in place of `rate_hz`.
        SYNC = 6, sync ("Sync"): choice(NoteValue) = NoteValue::Off;
        /// Quarter notes per minute, for `sync`.
        TEMPO_BPM = 7, tempo_bpm ("Tempo"): linear(20.0..=400.0, "bpm") = 120.0;
        /// Lets the oscillator stand where it is.
        HOLD = 8, hold ("Hold"): switch() = false;
    }
}

const PRESETS: &[Preset] = &[
    Preset {
        key: "auto_pan",
        doc: "From side to side, with even power.",
        each: |visit| TremoloParams::auto_pan().each(visit),
    },
    Preset {
        key: "chopper",
        doc: "On and off by sixteenth notes.",
        each: |visit| TremoloParams::chopper().each(visit),
    },
];

impl TremoloParams {
    /// From side to side, with even power.
    pub fn auto_pan() -> Self {
        Self { rate_hz: 0.3, depth: 1.0, stereo_deg: 180.0, ..Self::default() }
    }

    /// On and off by sixteenth notes.
    pub fn chopper() -> Self {
        // A square that comes at every eighth is on for a sixteenth.
        Self { depth: 1.0, edge: 1.0, sync: NoteValue::Eighth, ..Self::default() }
    }
}

processor! {
    /// Lets the level waver, or a sound go from side to side.
    /// As many channels out as in.
    pub Tremolo = TremoloKind {
        key: "tremolo", label: "Tremolo", params: TremoloParams, presets: PRESETS,
    }
}

/// How far the squarer goes.
const MOST_EDGE: f64 = 10.0;

smoothed! {
    /// What moves in a [`Tremolo`].
    pub struct Moving {
        /// Turns of the oscillator per frame.
        step,
        /// Its beginning, and how far the channels are apart, in turns.
        phase, stereo,
        depth,
        /// The squarer's number.
        edge,
    }
}

impl Moving {
    /// The gain at a phase, in turns.
    #[inline(always)]
    fn gain(&self, turns: f64) -> f64 {
        let s = sine(turns);
        let square = self.edge * self.edge;
        let y = s * libm::sqrt((1.0 + square) / (1.0 + square * s * s));
        let angle = self.depth * FRAC_PI_4 * (1.0 - y);
        let rest = FRAC_PI_2 - angle;
        (if rest > 0.0 { rest } else { 0.0 }).sin_quarter()
    }
}

/// The state of a [`Tremolo`].
#[derive(Debug)]
pub struct State {
    lfo: Lfo,
}

impl ProcessorKind for TremoloKind {
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
            depth: params.depth,
            edge: MOST_EDGE * params.edge,
        }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) -> State {
        State { lfo: Lfo::default() }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let Run { setup, moving, state, .. } = run;
        moving.over_chunks(block, |block, numbers, _| {
            let mut turns = [0.0; CHUNK];
            state.lfo.fill(|f| numbers.at(f).step, block.frames(), &mut turns);
            for channel in 0..setup.spec.inputs {
                let samples = block.channel(channel);
                dispatch!(setup.spec.simd, s => {
                    let _ = s;
                    waver(numbers, &turns, channel as f64, samples)
                });
            }
        });
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, _: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let now = look.moving_at(at);
        let stands = now.step == 0.0 && (look.setup.spec.inputs == 1 || now.stereo == 0.0);
        stands.then(|| now.gain(look.state.lfo.turns() + now.phase).into())
    }
}

/// Turns one channel up and down.
#[inline(always)]
fn waver<T: Sample>(numbers: &Frames<Moving>, turns: &[f64; CHUNK], channel: f64, samples: &mut [T]) {
    for (f, sample) in samples.iter_mut().enumerate() {
        let now = numbers.at(f);
        *sample *= T::from_f64(now.gain(turns[f] + now.phase + channel * now.stereo));
    }
}
