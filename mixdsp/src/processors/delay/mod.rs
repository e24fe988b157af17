//! Floor 5: delay: echoes of what was heard, at any time.
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
//! Moving: `Gains`, per frame. State: `cursor`, where the line is written next, per frame; `heads`, where it is
//! read; `tone`, the filters; `held`, the time while frozen; `halvings`, how often the note value was halved, per set;
//! `started` and `filled`, what has happened since reset. In the words: `line`, what each channel heard; `heard`, what
//! the heads read of it; `spare`, what goes into it; `tone`, the state of the filters.
//!
//! Latency is 0: the dry sound is not delayed. Cost: a few instructions per sample for a whole delay, 32
//! multiplications more per sample for a fraction, two filters when they are on.

mod loops;
mod params;
#[cfg(test)]
mod tests;
mod tone;

pub use params::{DelayConfig, DelayParams, DelayReadings, TimeChange};

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::base::units::milliseconds_to_frames;
use crate::dsp::delay_line::{Cursor, SHORTEST_FRACTION, length_for};
use crate::dsp::play_heads::{Heads, Lines};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::smoothed::{Frames, Smoother};
use crate::params::{Id, Row};
use fearless_simd::Simd;
use loops::{FrameGains, Gains, Loops};
use num_complex::Complex;
use params::{Time, longest_frames};
use tone::Tone;

/// Most frames that are worked on at once.
const MOST_FRAMES: usize = 256;
/// 120 dB.
const NEPERS: f64 = 6.0 * core::f64::consts::LN_10;

/// What a delay keeps.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    /// Samples of the line of one channel.
    length: usize,
    /// Most frames that are worked on at once: no more than the delay.
    run: usize,
}

impl Sizes {
    const fn new(spec: &Spec, config: &DelayConfig) -> Self {
        let longest = longest_frames(spec, config) as usize + 1;
        let run = if longest < MOST_FRAMES { longest } else { MOST_FRAMES };
        Self { channels: spec.inputs, length: length_for(longest), run }
    }
}

layout! {
    /// The words of a delay.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What each channel heard.
        line: [T; sizes.channels.saturating_mul(sizes.length)],
        /// What the heads read of it.
        heard: [T; sizes.channels * sizes.run],
        /// What goes into the line; before, room for the other head and the filters.
        spare: [T; sizes.channels * sizes.run],
        /// State of the filters.
        tone: [T; sizes.channels * tone::STATE],
    }
}

processor! {
    /// Repeats what was heard after a time, ever softer.
    ///
    /// As many channels out as in, 1 to 24; ping-pong needs two.
    ///
    /// Setting a time, a note value or a tempo crossfades to it in 20 ms, and a set during a crossfade waits for its
    /// end; with `time_change` at `glide` it moves there in `glide_ms`. [`glide`](crate::Processor::glide) on `time_ms` or `tempo_bpm` moves the time like tape, at a pitch of
    /// 1 - (seconds of delay per second). A time below 16 frames (2 ms at 8 kHz) or above the config's
    /// `maximum_seconds` is an error.
    ///
    /// An echo is `feedback` times the one before it, at every frequency where the filters
    /// pass, or at a fraction of a frame within 0.001 dB up to 15 kHz. The feedback stays below 1 and the filters
    /// never raise the level, so the loop never grows. Freeze alone has no loss; `tail` is then `None`.
    ///
    /// The response is that of one channel; with ping-pong there is none.
    pub Delay = DelayKind {
        key: "delay",
        label: "Delay",
        params: DelayParams,
        config: DelayConfig,
        readings: DelayReadings,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// The state of a [`Delay`].
#[derive(Debug)]
pub struct State<T> {
    cursor: Cursor,
    heads: Heads<T>,
    tone: Tone<T>,
    held: Option<f64>,
    /// How often the note value was halved until it fitted.
    halvings: u32,
    /// Since reset: whether any frame was processed, and whether any was let into the line.
    started: bool,
    filled: bool,
}

impl ProcessorKind for DelayKind {
    type Moving = Gains;
    type State<T: Sample> = State<T>;

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

    fn design(setup: &Setup<'_, Self>) -> Gains {
        Gains::new(&setup.params())
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, _: Memory<'_, T>) -> State<T> {
        let (params, rate) = (setup.params(), setup.spec.sample_rate);
        let ramp_frames = ramp_frames(rate);
        let time = params.time(setup.spec, setup.config);
        let held = params.freeze.then(|| libm::round(time.frames));
        let longest = longest_frames(setup.spec, setup.config);
        State {
            cursor: Cursor::new(setup.sizes.length),
            heads: Heads::new(held.unwrap_or(time.frames), longest, ramp_frames),
            tone: Tone::new(&params, rate, ramp_frames),
            held,
            halvings: time.halvings,
            started: false,
            filled: false,
        }
    }

    fn process<T: Sample>(mut run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        run.state.started |= block.frames() != 0;
        let mut done = 0;
        while done < block.frames() {
            let frames = run.state.plan(run.moving, block.frames() - done);
            let mut part = block.part(done, done + frames);
            dispatch!(run.setup.spec.simd, s => run_part(s, &mut run, &mut part));
            done += frames;
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, id: Id, change: Change) {
        use DelayParams as P;
        let Run { setup, moving, state, .. } = run;
        let params = setup.params();
        if matches!(id.typed(), P::TIME_MS | P::SYNC | P::TEMPO_BPM | P::FREEZE) {
            state.change_time(params.time(setup.spec, setup.config), &params, setup.spec.sample_rate, change);
        }
        if matches!(id.typed(), P::FEEDBACK | P::MIX | P::PING_PONG | P::FREEZE) {
            moving.change(Gains::new(&params), change);
        }
        if matches!(id.typed(), P::LOW_CUT | P::LOW_CUT_HZ | P::HIGH_CUT | P::HIGH_CUT_HZ | P::FREEZE) {
            state.tone.change(&params, setup.spec.sample_rate, change);
        }
    }

    /// What enters the line was made zero where it was too small; the filters are left.
    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.memory.tone.iter_mut().for_each(|s| *s = s.flushed());
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let Look { setup, moving, state, .. } = look;
        let Gains { feedback, mix, .. } = moving.target();
        let settled = moving.is_settled() && state.is_settled();
        // What glides may hold on to what it reads until it is there.
        let changes =
            if settled { 0 } else { 4 * ramp_frames(setup.spec.sample_rate) + state.heads.frames_left() };
        if mix == 0.0 {
            return Some(changes);
        }
        if feedback == 1.0 {
            // Frozen before it heard anything, it holds silence.
            return if state.filled { None } else { Some(changes) };
        }
        let delay = libm::ceil(state.heads.longest_heard()) + SHORTEST_FRACTION as f64;
        if feedback == 0.0 {
            return Some(delay as usize + changes);
        }
        let decay = state.tone.loop_decay(delay, -libm::log(feedback));
        Some((2.0 * delay + libm::ceil(NEPERS / decay)) as usize + changes)
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        let (state, rate) = (look.state, look.setup.spec.sample_rate);
        let (tone, heads) = match at {
            ResponseAt::Settled => {
                (state.tone.response(hz, rate, Ramp::target), state.heads.response(hz / rate))
            }
            ResponseAt::Now => {
                (state.tone.response(hz, rate, Ramp::value), state.heads.response_now(hz / rate))
            }
        };
        let Gains { feedback, mix, ping_pong, input } = look.moving_at(at);
        if ping_pong != 0.0 {
            return None;
        }
        let line = if input == 0.0 { Complex::ZERO } else { input / (1.0 - feedback * tone * heads) };
        Some(1.0 - mix + mix * heads * line)
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        let told = look.state.started && id.typed() == DelayReadings::DELAY_MS;
        told.then(|| look.state.heads.now() * 1000.0 / look.setup.spec.sample_rate)
    }
}

impl<T: Sample> State<T> {
    fn change_time(&mut self, time: Time, params: &DelayParams, sample_rate: f64, change: Change) {
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
            Change::Ramp if params.time_change == TimeChange::Glide && !was_held => {
                self.heads.follow(time.frames, milliseconds_to_frames(params.glide_ms, sample_rate), true);
            }
            _ => self.heads.set(time.frames),
        }
    }

    /// Whether heads and filters stay where they are.
    fn is_settled(&self) -> bool {
        self.heads.is_settled() && self.tone.is_settled()
    }

    /// How many of the next `frames` can be worked on at once: up to where something begins or ends to
    /// move, and without reading what the same frames write.
    fn plan(&mut self, gains: &Smoother<Gains>, frames: usize) -> usize {
        let settled = gains.is_settled() && self.is_settled();
        let frames = frames.min(if settled { MOST_FRAMES } else { CHUNK });
        let moving = if gains.is_settled() { frames } else { gains.frames_left() };
        self.heads.plan(self.tone.undisturbed(frames.min(moving)))
    }
}

/// Reads the line, mixes, and writes the line.
#[inline(always)]
fn run_part<S: Simd, T: Sample>(simd: S, run: &mut Run<'_, DelayKind, T>, block: &mut Block<'_, '_, T>) {
    let Run { setup, moving: gains, state, memory } = run;
    let Sizes { channels, run: stride, .. } = *setup.sizes;
    let frames = block.frames();
    state.filled |= !(gains.is_settled() && gains.target().input == 0.0);
    let lines = Lines { samples: &*memory.line, stride };
    state.heads.read(simd, &state.cursor, lines, memory.heard, memory.spare, frames);
    let toned = state.tone.works();
    if toned {
        for (to, from) in memory.spare.chunks_exact_mut(stride).zip(memory.heard.chunks_exact(stride)) {
            to[..frames].copy_from_slice(&from[..frames]);
        }
        state.tone.run(simd, memory.spare, stride, frames, memory.tone);
    }
    let mut loops = Loops { heard: memory.heard, written: memory.spare, toned, stride };
    if gains.is_settled() {
        let now = FrameGains::new(gains.target());
        loops.run(
            #[inline(always)]
            |_| now,
            now.cross != T::ZERO,
            block,
            channels,
        );
    } else {
        let mut numbers = Frames::EMPTY;
        gains.fill(&mut numbers, frames);
        let now = numbers.map(FrameGains::<T>::new);
        loops.run(
            #[inline(always)]
            |frame| now[frame],
            channels == 2,
            block,
            channels,
        );
    }
    let written = memory.spare.chunks_exact(stride);
    for (line, written) in memory.line.chunks_exact_mut(state.cursor.length()).zip(written) {
        state.cursor.write(line, &written[..frames]);
    }
    state.cursor.advance(frames);
}
