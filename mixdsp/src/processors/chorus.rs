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
use crate::dsp::modulated_line::{Place, length_for, read_run, response};
use crate::dsp::note::NoteValue;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, Preset, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, smoothed};
use crate::params::{NoConfig, Settings, params};
use fearless_simd::Simd;
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

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, moving, state, memory } = run;
        let mut done = 0;
        while done < block.frames() {
            let moves = !moving.is_settled();
            let most = if moves { moving.frames_left().min(CHUNK) } else { CHUNK };
            let end = block.frames().min(done + most);
            let mut part = block.part(done, end);
            if moves {
                let mut numbers = Frames::EMPTY;
                moving.fill(&mut numbers, end - done);
                dispatch!(setup.spec.simd, s => {
                    run_part(
                        s,
                        state,
                        memory.line,
                        &mut part,
                        #[inline(always)]
                        |f| numbers.at(f),
                    )
                });
            } else {
                let now = moving.target();
                dispatch!(setup.spec.simd, s => {
                    run_part(
                        s,
                        state,
                        memory.line,
                        &mut part,
                        #[inline(always)]
                        |_| now,
                    )
                });
            }
            done = end;
        }
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

/// At most a chunk of frames of all channels.
#[inline(always)]
fn run_part<S: Simd, T: Sample>(
    simd: S,
    state: &mut State,
    lines: &mut [T],
    block: &mut Block<'_, '_, T>,
    numbers: impl Fn(usize) -> Moving,
) {
    let frames = block.frames().min(CHUNK);
    let mut turns = [0.0; CHUNK];
    state.lfo.fill(
        #[inline(always)]
        |f| numbers(f).step,
        frames,
        &mut turns,
    );
    let (length, mut channel) = (state.place.length(), 0.0);
    let mut rest = lines.chunks_exact_mut(length);
    block.each_channel(
        #[inline(always)]
        |samples| {
            if let Some(line) = rest.next() {
                state.place.write_run(line, samples);
                run_channel(simd, &state.place, line, &numbers, &turns, channel, samples);
            }
            channel += 1.0;
        },
    );
    state.place.advance(frames);
}

/// Mixes the copies of one channel into it.
#[inline(always)]
fn run_channel<S: Simd, T: Sample>(
    simd: S,
    place: &Place,
    line: &[T],
    numbers: &impl Fn(usize) -> Moving,
    turns: &[f64; CHUNK],
    channel: f64,
    samples: &mut [T],
) {
    let mut copies = [T::ZERO; CHUNK];
    let frames = samples.len().min(CHUNK);
    for (voice, offset) in VOICES.iter().enumerate() {
        let mut most = 0.0;
        for f in 0..frames {
            let share = numbers(f).shares()[voice];
            most = if share > most { share } else { most };
        }
        if most == 0.0 {
            continue;
        }
        let (mut delays, mut heard) = ([0.0; CHUNK], [T::ZERO; CHUNK]);
        for f in 0..frames {
            let now = numbers(f);
            delays[f] = now.delay_at(turns[f] + (now.phase + channel * now.stereo + offset));
        }
        read_run(simd, place, line, &delays, frames, &mut heard);
        for f in 0..frames {
            copies[f] += T::from_f64(numbers(f).shares()[voice]) * heard[f];
        }
    }
    for f in 0..frames {
        let mix = numbers(f).mix;
        samples[f] = T::from_f64(1.0 - mix) * samples[f] + T::from_f64(mix) * copies[f];
    }
}
