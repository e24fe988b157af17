//! Delay: echoes of what was heard, at any time.
//!
//! ```text
//! in --+--(+)--> line --> heads --+--(x mix)--(+)--> out
//!      |   ^                      |            ^
//!      |   +------(x feedback)----+            |
//!      +------------------(x 1 - mix)----------+
//! ```
//!
//! A time of a whole number of frames is exact to the bit; another one is read by a 32-tap windowed sinc,
//! wrong by less than -95 dB up to 15 kHz at 48 kHz. A new time is crossfaded to; a gliding one moves the
//! place where the line is read, like tape.
//!
//! State: `line`, what each channel heard, per frame; `heads`, where it is read; `gains`, feedback and mix,
//! per frame by the ramp. Latency is 0: the dry sound is not delayed. Cost: a few instructions per sample
//! for a whole delay, 32 multiplications more per sample for a fraction.

use super::heads::{Heads, Lines};
use crate::audio::{Block, Key};
use crate::error::Error;
use crate::kind::{Core, Kind, Setup};
use crate::line::{Cursor, SHORTEST_FRACTION, length_for};
use crate::memory::{Storage, Word, layout};
use crate::param::{Id, ParamTable, Row, Table, params};
use crate::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::sample::Sample;
use crate::simd::dispatch;
use crate::spec::Spec;
use crate::unit::{Unit, words_for_params};
use fearless_simd::Simd;

params! {
    /// What is fixed when a [`Delay`] is built.
    pub struct DelayConfig {
        /// The longest time that can be set; at least 16 frames are kept.
        MAXIMUM_SECONDS = 1001, maximum_seconds ("Maximum"): log(0.001..=60.0, "s") = 2.0;
    }
}

params! {
    /// Settings of a [`Delay`].
    pub struct DelayParams {
        /// Time to the first echo, and between echoes; at least 16 frames, at most what was built for.
        TIME_MS = 1, time_ms ("Time"): log(1.0..=60000.0, "ms") = 500.0;
        /// Level of each echo against the one before, as an amplitude factor.
        FEEDBACK = 2, feedback ("Feedback"): linear(0.0..=0.999, "") = 0.4;
        /// Share of the echoes in the output; the rest is the dry sound.
        MIX = 3, mix ("Mix"): linear(0.0..=1.0, "") = 0.3;
    }
}

/// Echoes: a delay with feedback. As many channels out as in.
pub type Delay<T, S = Storage> = Unit<DelayKind, T, S>;

/// Most frames that are worked on at once.
const RUN: usize = 128;

layout! {
    /// The words of a delay.
    struct Memory<T>, read as MemoryRef (channels: usize, length: usize) {
        line: [T; channels.saturating_mul(length)],
        heard: [T; channels * RUN],
        spare: [T; channels * RUN],
    }
}

/// Longest and shortest time in frames.
const fn longest_frames(spec: &Spec, config: &DelayConfig) -> f64 {
    let longest = config.maximum_seconds * spec.sample_rate;
    let shortest = SHORTEST_FRACTION as f64;
    if longest > shortest { longest } else { shortest }
}

/// Samples of the line of one channel.
const fn length(spec: &Spec, config: &DelayConfig) -> usize {
    length_for(longest_frames(spec, config) as usize + 1)
}

impl<T: Sample> Delay<T> {
    /// Words that a delay needs: the longest time in every channel.
    pub const fn memory(spec: &Spec, config: &DelayConfig) -> usize {
        let params = words_for_params(DelayParams::ROWS.len());
        params.saturating_add(Memory::<T>::words(spec.inputs, length(spec, config)))
    }
}

/// The catalogue's entry for [`Delay`].
#[derive(Debug)]
pub struct DelayKind;

impl Kind for DelayKind {
    const KEY: &'static str = "delay";
    const NAME: &'static str = "Delay";
    const DOC: &'static str = "Repeats what was heard after a time, ever softer.";
    const PARAMS: ParamTable = ParamTable { rows: DelayParams::ROWS, groups: &[] };
    const READINGS: &'static [Row] = &[];
    type Config = DelayConfig;
    type Core<T: Sample> = DelayCore<T>;

    fn check(spec: &Spec, _config: &DelayConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

    fn range(row: &Row, spec: &Spec, config: &DelayConfig) -> (f64, f64) {
        let (minimum, maximum) = row.range_at(spec.sample_rate);
        if row.id() != DelayParams::TIME_MS {
            return (minimum, maximum);
        }
        let milliseconds = |frames: f64| frames * 1000.0 / spec.sample_rate;
        let minimum = minimum.max(milliseconds(SHORTEST_FRACTION as f64));
        (minimum, maximum.min(config.maximum_seconds * 1000.0).max(minimum))
    }

    fn memory<T: Sample>(spec: &Spec, config: &DelayConfig) -> usize {
        Delay::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, DelayConfig>, _words: &mut [Word]) -> DelayCore<T> {
        let frames = ramp_frames(setup.spec.sample_rate);
        DelayCore {
            cursor: Cursor::new(length(setup.spec, setup.config)),
            heads: Heads::new(delay_frames(setup), longest_frames(setup.spec, setup.config), frames),
            gains: Ramp::new(gains(setup), frames),
        }
    }
}

fn carve<'a, T: Sample>(setup: &Setup<'_, DelayConfig>, words: &'a mut [Word]) -> Memory<'a, T> {
    Memory::carve(words, setup.spec.inputs, length(setup.spec, setup.config))
}

/// The delay that the parameters ask for, in frames.
fn delay_frames(setup: &Setup<'_, DelayConfig>) -> f64 {
    let params: DelayParams = setup.params();
    let frames = params.time_ms * setup.spec.sample_rate / 1000.0;
    frames.max(SHORTEST_FRACTION as f64).min(longest_frames(setup.spec, setup.config))
}

/// Feedback and mix.
fn gains(setup: &Setup<'_, DelayConfig>) -> [f64; 2] {
    let params: DelayParams = setup.params();
    [params.feedback, params.mix]
}

/// The inside of a [`Delay`].
#[derive(Debug)]
pub struct DelayCore<T> {
    cursor: Cursor,
    heads: Heads<T>,
    gains: Ramp<2>,
}

impl<T: Sample> Core<T> for DelayCore<T> {
    type Config = DelayConfig;

    fn change(&mut self, setup: &Setup<'_, DelayConfig>, _words: &mut [Word], id: Id, change: Change) {
        if id != DelayParams::TIME_MS {
            return self.gains.change(gains(setup), change);
        }
        match change {
            Change::Ramp => self.heads.set(delay_frames(setup)),
            Change::Line { frames, corner } => self.heads.follow(delay_frames(setup), frames, corner),
        }
    }

    fn run(
        &mut self,
        setup: &Setup<'_, DelayConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        _key: Key<'_, T>,
    ) {
        let mut memory = carve::<T>(setup, words);
        let mut done = 0;
        while done < block.frames() {
            let settled = self.heads.is_settled() && self.gains.is_settled();
            let frames = (block.frames() - done).min(if settled { RUN } else { CHUNK });
            let frames = self.heads.undisturbed(frames);
            let mut part = block.part(done, done + frames);
            dispatch!(setup.spec.simd, s => self.run_part(s, setup, &mut memory, &mut part));
            done += frames;
        }
    }

    /// Nothing to do: what enters the line was made zero where it was too small.
    fn snap(&mut self, _setup: &Setup<'_, DelayConfig>, _words: &mut [Word]) {}

    fn reset(&mut self, setup: &Setup<'_, DelayConfig>, words: &mut [Word]) {
        let memory = carve::<T>(setup, words);
        memory.line.fill(T::ZERO);
        self.cursor = Cursor::new(length(setup.spec, setup.config));
        self.heads.jump(delay_frames(setup));
        self.gains.jump(gains(setup));
    }

    fn tail(&self, setup: &Setup<'_, DelayConfig>, _words: &[Word]) -> Option<usize> {
        let moving = !(self.heads.is_settled() && self.gains.is_settled());
        let changes = if moving { 4 * ramp_frames(setup.spec.sample_rate) } else { 0 };
        let [feedback, mix] = self.gains.target();
        if mix == 0.0 {
            return Some(changes);
        }
        let now = self.gains.value();
        let echoes = libm::ceil(NEPERS / -libm::log(feedback.max(now[0]))) + 1.0;
        let each = libm::ceil(self.heads.longest_heard()) + SHORTEST_FRACTION as f64;
        Some((echoes * each) as usize + changes)
    }
}

/// 120 dB.
const NEPERS: f64 = 6.0 * core::f64::consts::LN_10;

impl<T: Sample> DelayCore<T> {
    /// Reads the line, writes it, and mixes.
    #[inline(always)]
    fn run_part<S: Simd>(
        &mut self,
        simd: S,
        setup: &Setup<'_, DelayConfig>,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
    ) {
        let frames = block.frames();
        let lines = Lines { samples: &*memory.line, stride: RUN };
        self.heads.read(simd, &self.cursor, lines, memory.heard, memory.spare, frames);
        if self.gains.is_settled() {
            let [feedback, mix] = self.gains.target();
            let gains = [feedback, 1.0 - mix, mix].map(T::from_f64);
            for channel in 0..setup.spec.inputs {
                let heard = &mut memory.heard[channel * RUN..][..frames];
                echo(|_| gains, heard, &mut block.channel(channel)[..frames]);
            }
        } else {
            let mut moving = [[0.0; CHUNK]; 2];
            self.gains.fill(&mut moving, frames);
            let [feedback, mix] = moving;
            let dry = mix.map(|mix| T::from_f64(1.0 - mix));
            let (feedback, mix) = (feedback.map(T::from_f64), mix.map(T::from_f64));
            for channel in 0..setup.spec.inputs {
                let heard = &mut memory.heard[channel * RUN..][..frames];
                echo(|i| [feedback[i], dry[i], mix[i]], heard, &mut block.channel(channel)[..frames]);
            }
        }
        for (channel, line) in memory.line.chunks_exact_mut(self.cursor.length()).enumerate() {
            self.cursor.write(line, &memory.heard[channel * RUN..][..frames]);
        }
        self.cursor.advance(frames);
    }
}

/// Mixes into `audio`, and turns what was heard into what the line hears.
#[inline(always)]
fn echo<T: Sample>(gains: impl Fn(usize) -> [T; 3], heard: &mut [T], audio: &mut [T]) {
    for (i, (heard, audio)) in heard.iter_mut().zip(audio).enumerate() {
        let [feedback, dry, wet] = gains(i);
        let (x, echo) = (*audio, *heard);
        *heard = (x + feedback * echo).snap();
        *audio = dry * x + wet * echo;
    }
}

#[cfg(test)]
mod tests;
