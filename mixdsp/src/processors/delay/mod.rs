//! Delay: echoes of what was heard, at any time.
//!
//! ```text
//! in --+--(x input)--(+)--> line --> heads --+--(x mix)--(+)--> out
//!      |              ^                      |            ^
//!      |              +--(x feedback)-- tone-+            |
//!      +--------------------(x 1 - mix)-------------------+
//! ```
//!
//! A time of a whole number of frames is exact to the bit; another one is read by a 32-tap windowed sinc,
//! wrong by less than -95 dB up to 15 kHz at 48 kHz. A new time is crossfaded to; a gliding one moves the
//! place where the line is read, like tape. Tone is a high-pass and a low-pass in the loop, so that the n-th
//! echo went through them n - 1 times. Ping-pong feeds the middle of the input to the left and crosses the
//! feedback. Freeze closes the input, bypasses the tone and feeds back everything, to the bit.
//!
//! State: `line`, what each channel heard, per frame; `heads`, where it is read; `tone`, the filters;
//! `gains`, feedback, mix, crossing and input, per frame by the ramp; `held`, the time while frozen.
//! Latency is 0: the dry sound is not delayed. Cost: a few instructions per sample for a whole delay, 32
//! multiplications more per sample for a fraction, two filters when they are on.

mod heads;
mod loops;
mod params;
#[cfg(test)]
mod tests;
mod tone;

pub use params::{DelayConfig, DelayParams, DelayReadings, DelaySync};

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::dsp::delay_line::{Cursor, SHORTEST_FRACTION, length_for};
use crate::engine::automation::words_for_params;
use crate::engine::old::Key;
use crate::engine::old::{Core, Kind, Moment, Setup};
use crate::engine::unit::Unit;
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::{Id, ParamTable, Row, Table};
use fearless_simd::Simd;
use heads::{Heads, Lines};
use loops::{Gains, Loops};
use num_complex::Complex;
use params::longest_frames;
use tone::Tone;

/// Echoes: a delay with feedback. As many channels out as in, 1 to 24; ping-pong needs two.
///
/// Setting a time, a note value or a tempo crossfades to it in 20 ms; a set during a crossfade waits for its
/// end. [`glide`](crate::Processor::glide) on `time_ms` or `tempo_bpm` moves the time like tape, at a pitch of
/// 1 - (seconds of delay per second). A time below 16 frames (2 ms at 8 kHz) or above the config's
/// `maximum_seconds` is an error.
///
/// An echo is `feedback` times the one before it, at every frequency where the filters
/// pass, or at a fraction of a frame within 0.001 dB up to 15 kHz. The feedback stays below 1 and the filters
/// never raise the level, so the loop never grows. Freeze alone has no loss; `tail` is then `None`.
///
/// The response is that of one channel; with ping-pong there is none.
pub type Delay<T, S = Storage> = Unit<DelayKind, T, S>;

/// Most frames that are worked on at once: a run can be no longer than the delay.
const fn run_frames(spec: &Spec, config: &DelayConfig) -> usize {
    let longest = longest_frames(spec, config) as usize + 1;
    if longest < MOST_FRAMES { longest } else { MOST_FRAMES }
}
const MOST_FRAMES: usize = 256;

layout! {
    /// The words of a delay.
    struct Memory<T>, read as MemoryRef (channels: usize, length: usize, run: usize) {
        line: [T; channels.saturating_mul(length)],
        heard: [T; channels * run],
        spare: [T; channels * run],
        tone: [T; channels * tone::STATE],
    }
}

/// Samples of the line of one channel.
const fn length(spec: &Spec, config: &DelayConfig) -> usize {
    length_for(longest_frames(spec, config) as usize + 1)
}

impl<T: Sample> Delay<T> {
    /// Words that a delay needs: the longest time in every channel.
    pub const fn memory(spec: &Spec, config: &DelayConfig) -> usize {
        let params = words_for_params(DelayParams::ROWS.len());
        params.saturating_add(Memory::<T>::words(spec.inputs, length(spec, config), run_frames(spec, config)))
    }
}

/// The catalogue's entry for [`Delay`].
#[derive(Debug)]
pub struct DelayKind;

crate::engine::old::adapt! { DelayKind, "Delay", latency: |_, _| 0, has: [DelayParams, DelayReadings], before: 0 }

impl Kind for DelayKind {
    const KEY: &'static str = "delay";
    const NAME: &'static str = "Delay";
    const DOC: &'static str = "Repeats what was heard after a time, ever softer.";
    const PARAMS: ParamTable = ParamTable { rows: DelayParams::ROWS, groups: &[] };
    const READINGS: &'static [Row] = DelayReadings::ROWS;
    type Config = DelayConfig;
    type Core<T: Sample> = DelayCore<T>;

    fn check(spec: &Spec, _config: &DelayConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

    fn range(row: &Row, spec: &Spec, config: &DelayConfig) -> (f64, f64) {
        let (minimum, maximum) = row.range_at(spec.sample_rate);
        match row.id().typed() {
            DelayParams::TIME_MS => {
                let shortest = SHORTEST_FRACTION as f64 * 1000.0 / spec.sample_rate;
                let minimum = minimum.max(shortest);
                (minimum, maximum.min(config.maximum_seconds * 1000.0).max(minimum))
            }
            // There is no side to go to.
            DelayParams::PING_PONG if spec.inputs != 2 => (minimum, minimum),
            _ => (minimum, maximum),
        }
    }

    fn memory<T: Sample>(spec: &Spec, config: &DelayConfig) -> usize {
        Delay::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, DelayConfig>, _words: &mut [Word]) -> DelayCore<T> {
        let params: DelayParams = setup.params();
        let rate = setup.spec.sample_rate;
        let frames = ramp_frames(rate);
        let time = params.time(setup.spec, setup.config);
        let mut core = DelayCore {
            cursor: Cursor::new(length(setup.spec, setup.config)),
            heads: Heads::new(time.frames, longest_frames(setup.spec, setup.config), frames),
            tone: Tone::new(&params, rate, frames),
            gains: Ramp::new(gains(&params), frames),
            held: None,
            halvings: time.halvings,
            started: false,
            filled: false,
        };
        core.rest(setup);
        core
    }
}

fn carve<'a, T: Sample>(setup: &Setup<'_, DelayConfig>, words: &'a mut [Word]) -> Memory<'a, T> {
    let (spec, config) = (setup.spec, setup.config);
    Memory::carve(words, spec.inputs, length(spec, config), run_frames(spec, config))
}

/// Which of the gains lets the input in.
const INPUT: usize = 3;

/// Feedback, mix, share of the ping-pong, level of what is let in.
fn gains(params: &DelayParams) -> [f64; 4] {
    let (feedback, input) = if params.freeze { (1.0, 0.0) } else { (params.feedback, 1.0) };
    [feedback, params.mix, if params.ping_pong { 1.0 } else { 0.0 }, input]
}

/// The inside of a [`Delay`].
#[derive(Debug)]
pub struct DelayCore<T> {
    cursor: Cursor,
    heads: Heads<T>,
    tone: Tone<T>,
    gains: Ramp<4>,
    held: Option<f64>,
    /// How often the note value was halved until it fitted.
    halvings: u32,
    /// Since reset: whether any frame was processed, and whether any was let into the line.
    started: bool,
    filled: bool,
}

impl<T: Sample> Core<T> for DelayCore<T> {
    type Config = DelayConfig;

    fn change(&mut self, setup: &Setup<'_, DelayConfig>, _words: &mut [Word], id: Id, change: Change) {
        use DelayParams as P;
        let params: P = setup.params();
        if matches!(id.typed(), P::TIME_MS | P::SYNC | P::TEMPO_BPM | P::FREEZE) {
            self.change_time(setup, &params, change);
        }
        if matches!(id.typed(), P::FEEDBACK | P::MIX | P::PING_PONG | P::FREEZE) {
            self.gains.change(gains(&params), change);
        }
        if matches!(id.typed(), P::LOW_CUT | P::LOW_CUT_HZ | P::HIGH_CUT | P::HIGH_CUT_HZ | P::FREEZE) {
            self.tone.change(&params, setup.spec.sample_rate, change);
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
        self.started |= block.frames() != 0;
        let mut done = 0;
        while done < block.frames() {
            let frames = self.plan(block.frames() - done);
            let mut part = block.part(done, done + frames);
            dispatch!(setup.spec.simd, s => self.run_part(s, setup, &mut memory, &mut part));
            done += frames;
        }
    }

    /// What enters the line was made zero where it was too small; the filters are left.
    fn snap(&mut self, setup: &Setup<'_, DelayConfig>, words: &mut [Word]) {
        carve::<T>(setup, words).tone.iter_mut().for_each(|s| *s = s.snap());
    }

    fn reset(&mut self, setup: &Setup<'_, DelayConfig>, words: &mut [Word]) {
        let memory = carve::<T>(setup, words);
        memory.line.fill(T::ZERO);
        memory.tone.fill(T::ZERO);
        self.cursor = Cursor::new(length(setup.spec, setup.config));
        (self.started, self.filled) = (false, false);
        self.rest(setup);
    }

    fn tail(&self, setup: &Setup<'_, DelayConfig>, _words: &[Word]) -> Option<usize> {
        let [feedback, mix, ..] = self.gains.target();
        let changes = if self.is_settled() { 0 } else { 4 * ramp_frames(setup.spec.sample_rate) };
        if mix == 0.0 {
            return Some(changes);
        }
        if feedback == 1.0 {
            // Frozen before it heard anything, it holds silence.
            return if self.filled { None } else { Some(changes) };
        }
        let delay = libm::ceil(self.heads.longest_heard()) + SHORTEST_FRACTION as f64;
        if feedback == 0.0 {
            return Some(delay as usize + changes);
        }
        let decay = self.tone.loop_decay(delay, -libm::log(feedback));
        Some((2.0 * delay + libm::ceil(NEPERS / decay)) as usize + changes)
    }

    fn response(
        &self,
        setup: &Setup<'_, DelayConfig>,
        _words: &[Word],
        frequency_hz: f64,
        moment: Moment,
    ) -> Option<Complex<f64>> {
        let rate = setup.spec.sample_rate;
        let (gains, tone, heads) = match moment {
            Moment::Settled => {
                let tone = self.tone.response(frequency_hz, rate, |design| design.target());
                (self.gains.target(), tone, self.heads.response(frequency_hz / rate))
            }
            Moment::Now => {
                let tone = self.tone.response(frequency_hz, rate, |design| design.value());
                (self.gains.value(), tone, self.heads.response_now(frequency_hz / rate))
            }
        };
        let [feedback, mix, cross, input] = gains;
        if cross != 0.0 {
            return None;
        }
        let line = if input == 0.0 { Complex::ZERO } else { input / (1.0 - feedback * tone * heads) };
        Some(1.0 - mix + mix * heads * line)
    }

    fn reading(&self, setup: &Setup<'_, DelayConfig>, _words: &[Word], id: Id) -> Option<f64> {
        let told = self.started && id.typed() == DelayReadings::DELAY_MS;
        told.then(|| self.heads.now() * 1000.0 / setup.spec.sample_rate)
    }
}

/// 120 dB.
const NEPERS: f64 = 6.0 * core::f64::consts::LN_10;

impl<T: Sample> DelayCore<T> {
    /// Everything where the parameters want it, at once.
    fn rest(&mut self, setup: &Setup<'_, DelayConfig>) {
        let params: DelayParams = setup.params();
        let time = params.time(setup.spec, setup.config);
        self.halvings = time.halvings;
        self.held = params.freeze.then(|| libm::round(time.frames));
        self.heads.jump(self.held.unwrap_or(time.frames));
        self.tone.jump(&params, setup.spec.sample_rate);
        self.gains.jump(gains(&params));
    }

    fn change_time(&mut self, setup: &Setup<'_, DelayConfig>, params: &DelayParams, change: Change) {
        let time = params.time(setup.spec, setup.config);
        // A note value that begins or ceases to fit is another time, not a time on the move.
        let same_note = core::mem::replace(&mut self.halvings, time.halvings) == time.halvings;
        if params.freeze {
            let held = *self.held.get_or_insert(libm::round(self.heads.now()));
            return self.heads.set(held);
        }
        let was_held = self.held.take().is_some();
        match change {
            Change::Line { frames, corner } if same_note && !was_held => {
                self.heads.follow(time.frames, frames, corner);
            }
            _ => self.heads.set(time.frames),
        }
    }

    fn is_settled(&self) -> bool {
        self.heads.is_settled() && self.gains.is_settled() && self.tone.is_settled()
    }

    /// How many of the next `frames` can be worked on at once: up to where something begins or ends to
    /// move, and without reading what the same frames write.
    fn plan(&mut self, frames: usize) -> usize {
        let frames = frames.min(if self.is_settled() { MOST_FRAMES } else { CHUNK });
        let moving = if self.gains.is_settled() { frames } else { self.gains.frames_left() };
        self.heads.plan(self.tone.undisturbed(frames.min(moving)))
    }

    /// Reads the line, mixes, and writes the line.
    #[inline(always)]
    fn run_part<S: Simd>(
        &mut self,
        simd: S,
        setup: &Setup<'_, DelayConfig>,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
    ) {
        let frames = block.frames();
        self.filled |= !(self.gains.is_settled() && self.gains.target()[INPUT] == 0.0);
        let stride = run_frames(setup.spec, setup.config);
        let lines = Lines { samples: &*memory.line, stride };
        self.heads.read(simd, &self.cursor, lines, memory.heard, memory.spare, frames);
        let toned = self.tone.works();
        if toned {
            for (to, from) in memory.spare.chunks_exact_mut(stride).zip(memory.heard.chunks_exact(stride)) {
                to[..frames].copy_from_slice(&from[..frames]);
            }
            self.tone.run(simd, memory.spare, stride, frames, memory.tone);
        }
        let mut loops = Loops { heard: memory.heard, written: memory.spare, toned, stride };
        if self.gains.is_settled() {
            let gains = Gains::new(self.gains.target());
            loops.run(|_| gains, gains.cross != T::ZERO, block, setup.spec.inputs);
        } else {
            let mut moving = [[0.0; CHUNK]; 4];
            self.gains.fill(&mut moving, frames);
            let gains: [Gains<T>; CHUNK] =
                core::array::from_fn(|i| Gains::new(core::array::from_fn(|k| moving[k][i])));
            loops.run(|i| gains[i], setup.spec.inputs == 2, block, setup.spec.inputs);
        }
        for (line, written) in
            memory.line.chunks_exact_mut(self.cursor.length()).zip(memory.spare.chunks_exact(stride))
        {
            self.cursor.write(line, &written[..frames]);
        }
        self.cursor.advance(frames);
    }
}
