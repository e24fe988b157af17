//! Chorus: delayed copies whose pitch wavers, as when several play the same.
//!
//! ```text
//! in --+--> line --> voices at delay + depth (1 + sine) / 2 --> mean --(x mix)--(+)--> out
//!      |                                                                        ^
//!      `-------------------------------(x 1 - mix)------------------------------'
//! ```
//!
//! The delay swings from `delay_ms` to `delay_ms` + `depth_ms` and back; a sound that is read while the delay grows is lower,
//! by the delay's growth per time. Voices swing at a quarter and a half of the period from each other, channels at
//! `stereo_deg`. With the mix at 1 it is a vibrato.
//!
//! Moving: see [`Moving`]. State: `lfo`, where the oscillator is; `place`, where the line is written next, per frame. In the
//! words: `line`, what each channel heard; see `dsp::modulated_line` for how it is read between two frames. Latency is 0: the
//! dry sound is not delayed. Cost: per channel one sine, and per voice a polynomial of fifth order. The response is that of
//! the first channel while the oscillator stands.

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::dsp::lfo::{Lfo, sine, turns_per_frame};
use crate::dsp::modulated_line::{Place, length_for, response};
use crate::dsp::note::NoteValue;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, Preset, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, smoothed};
use crate::params::{NoConfig, Settings, params};
use num_complex::Complex;

params! {
    /// Settings of a [`Chorus`].
    pub struct ChorusParams {
        /// How often the pitch wavers.
        RATE_HZ = 1, rate_hz ("Rate"): log(0.01..=20.0, "Hz") = 0.8;
        /// By how much the delay swings, from its shortest to its longest.
        DEPTH_MS = 2, depth_ms ("Depth"): linear(0.0..=20.0, "ms") = 2.0;
        /// The shortest delay.
        DELAY_MS = 3, delay_ms ("Delay"): linear(1.0..=50.0, "ms") = 7.0;
        /// How many copies there are.
        VOICES = 4, voices ("Voices"): whole(1..=4, "") = 1;
        /// By how much of its period each channel swings later than the one before.
        STEREO_DEG = 5, stereo_deg ("Stereo"): linear(0.0..=180.0, "°") = 90.0;
        /// Share of the copies; the rest is dry.
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
        key: "vibrato",
        doc: "The pitch wavers by itself, without the dry sound.",
        each: |visit| ChorusParams::vibrato().each(visit),
    },
    Preset {
        key: "ensemble",
        doc: "Three slow voices, wide: for strings and pads.",
        each: |visit| ChorusParams::ensemble().each(visit),
    },
    Preset {
        key: "doubler",
        doc: "One late voice that hardly wavers, as a second take: for voices and guitars.",
        each: |visit| ChorusParams::doubler().each(visit),
    },
];

impl ChorusParams {
    /// The pitch wavers by itself, without the dry sound.
    pub fn vibrato() -> Self {
        Self { rate_hz: 5.0, depth_ms: 1.0, delay_ms: 1.0, stereo_deg: 0.0, mix: 1.0, ..Self::default() }
    }

    /// Three slow voices, wide: for strings and pads.
    pub fn ensemble() -> Self {
        Self { rate_hz: 0.5, depth_ms: 4.0, delay_ms: 10.0, voices: 3, ..Self::default() }
    }

    /// One late voice that hardly wavers, as a second take: for voices and guitars.
    pub fn doubler() -> Self {
        Self { rate_hz: 0.3, depth_ms: 3.0, delay_ms: 25.0, stereo_deg: 180.0, mix: 0.4, ..Self::default() }
    }
}

/// The longest delay, in seconds.
const LONGEST_SECONDS: f64 = 0.07;
/// Most voices, and where in the period each swings.
const VOICES: [f64; 4] = [0.0, 0.5, 0.25, 0.75];

/// What a chorus keeps.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    length: usize,
}

impl Sizes {
    const fn new(spec: &Spec, _: &NoConfig) -> Self {
        let longest = (LONGEST_SECONDS * spec.sample_rate) as usize + 2;
        Self { channels: spec.inputs, length: length_for(longest) }
    }
}

layout! {
    /// The words of a chorus.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What each channel heard.
        line: [T; sizes.channels.saturating_mul(sizes.length)],
    }
}

processor! {
    /// Adds copies whose pitch wavers, as when several play the same.
    /// As many channels out as in.
    pub Chorus = ChorusKind {
        key: "chorus",
        label: "Chorus",
        params: ChorusParams,
        presets: PRESETS,
        memory: Memory / MemoryRef by Sizes,
    }
}

smoothed! {
    /// What moves in a [`Chorus`].
    pub struct Moving {
        /// Turns of the oscillator per frame.
        step,
        /// Its beginning, and how far the channels are apart, in turns.
        phase, stereo,
        /// The shortest delay and half its swing, in frames.
        delay, swing,
        /// The share of each copy.
        first, second, third, fourth,
        mix,
    }
}

impl Moving {
    /// The delay of a voice at a phase of its own, in turns.
    #[inline(always)]
    fn delay_at(&self, turns: f64) -> f64 {
        self.delay + self.swing * (1.0 + sine(turns))
    }

    /// The share of each voice.
    #[inline(always)]
    fn shares(&self) -> [f64; VOICES.len()] {
        [self.first, self.second, self.third, self.fourth]
    }
}

/// The state of a [`Chorus`].
#[derive(Debug)]
pub struct State {
    lfo: Lfo,
    place: Place,
}

impl ProcessorKind for ChorusKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let (params, rate) = (setup.params(), setup.spec.sample_rate);
        let rate_hz = params.sync.rate_hz(params.tempo_bpm).unwrap_or(params.rate_hz);
        let rate_hz = if params.hold { 0.0 } else { rate_hz };
        let share = |voice| if voice < params.voices { 1.0 / f64::from(params.voices) } else { 0.0 };
        let [first, second, third, fourth] = [0, 1, 2, 3].map(share);
        Moving {
            step: turns_per_frame(rate_hz, rate),
            phase: params.phase_deg / 360.0,
            stereo: params.stereo_deg / 360.0,
            delay: params.delay_ms * 1e-3 * rate,
            swing: 0.5 * params.depth_ms * 1e-3 * rate,
            first,
            second,
            third,
            fourth,
            mix: params.mix,
        }
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, _: Memory<'_, T>) -> State {
        State { lfo: Lfo::default(), place: Place::new(setup.sizes.length) }
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let Run { setup, moving, state, memory } = run;
        let Sizes { channels, length } = *setup.sizes;
        moving.over_chunks(block, |block, numbers, _| {
            let frames = block.frames();
            let mut turns = [0.0; CHUNK];
            state.lfo.fill(|f| numbers.at(f).step, frames, &mut turns);
            let lines = memory.line.chunks_exact_mut(length).enumerate().take(channels);
            for (channel, line) in lines {
                let samples = block.channel(channel);
                state.place.write_run(line, samples);
                dispatch!(setup.spec.simd, s => {
                    let _ = s;
                    run_channel(&state.place, line, numbers, &turns, channel as f64, samples)
                });
            }
            state.place.advance(frames);
        });
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        Some(look.setup.sizes.length + look.moving.frames_left())
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let now = look.moving_at(at);
        if now.step != 0.0 || look.setup.sizes.channels > 1 && now.stereo != 0.0 {
            return None;
        }
        let frequency = hz / look.setup.spec.sample_rate;
        let (voices, turns) = (VOICES.iter().enumerate(), look.state.lfo.turns());
        let copies: Complex<f64> = voices
            .map(|(at, offset)| {
                now.shares()[at] * response(now.delay_at(turns + now.phase + offset), frequency)
            })
            .sum();
        Some(1.0 - now.mix + now.mix * copies)
    }
}

/// Mixes the copies of one channel into it.
#[inline(always)]
fn run_channel<T: Sample>(
    place: &Place,
    line: &[T],
    numbers: &Frames<Moving>,
    turns: &[f64; CHUNK],
    channel: f64,
    samples: &mut [T],
) {
    let mut copies = [T::ZERO; CHUNK];
    let frames = samples.len();
    for (voice, offset) in VOICES.iter().enumerate() {
        let mut shares = [0.0; CHUNK];
        let mut sounds = false;
        for (f, share) in shares.iter_mut().enumerate().take(frames) {
            *share = numbers.at(f).shares()[voice];
            sounds |= *share != 0.0;
        }
        if !sounds {
            continue;
        }
        let mut delays = [0.0; CHUNK];
        for (f, delay) in delays.iter_mut().enumerate().take(frames) {
            let now = numbers.at(f);
            *delay = now.delay_at(turns[f] + now.phase + channel * now.stereo + offset);
        }
        for f in 0..frames {
            copies[f] += T::from_f64(shares[f]) * place.read(line, f, delays[f]);
        }
    }
    for (f, (sample, copy)) in samples.iter_mut().zip(&copies).enumerate() {
        let mix = numbers.at(f).mix;
        *sample = T::from_f64(1.0 - mix) * *sample + T::from_f64(mix) * *copy;
    }
}
