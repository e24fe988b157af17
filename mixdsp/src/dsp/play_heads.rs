//! Floor 4: where a delay line is read: two play heads that crossfade, and one of which can move.
//!
//! ```text
//! set    -> the other head is placed at the new delay and faded to; a set during a fade waits for its end
//! glide  -> the head moves along the line: like tape, at a pitch of 1 - (frames of delay per frame)
//! ```
//!
//! The crossfade is of equal gain and minimum jerk, so within a loop it never adds level.
//!
//! Moving, per frame: `wanted`, the delay that the parameters ask for; per head its `delay` in frames; `fade`, the
//! share of the other head. State: per head `taps`, its interpolator at rest, and the fraction it was `made_for`, per
//! set; `live`, the head that is heard at rest; `fading`, whether the other one is faded to; `waits`, whether `wanted`
//! was set during a fade.

use crate::base::sample::Sample;
use crate::dsp::delay_line::{Cursor, SHORTEST_FRACTION};
use crate::dsp::sinc::{SINC_CENTRE, SINC_TAPS, sinc_taps};
use crate::params::ramp::{CHUNK, Ramp};
use fearless_simd::Simd;
use num_complex::Complex;

/// A delay nearer than this to a whole number of frames is that number: -110 dB at 20 kHz.
const NEARLY_WHOLE: f64 = 1e-6;

/// Delays that can be read, in frames.
#[derive(Clone, Copy, Debug)]
struct Range {
    shortest: f64,
    longest: f64,
}

impl Range {
    #[inline(always)]
    fn limit(&self, delay: f64) -> f64 {
        delay.max(self.shortest).min(self.longest)
    }
}

/// One place where the line is read.
#[derive(Debug)]
struct Head<T> {
    /// Where it reads, in frames back.
    delay: Ramp<1>,
    /// Its interpolator at rest.
    taps: [T; SINC_TAPS],
    /// The fraction that the taps are made for.
    made_for: f64,
    /// While it moves: the delays of the frames that were planned, how many they are, and the delay after.
    delays: [f64; CHUNK],
    planned: usize,
    after: Ramp<1>,
}

impl<T: Sample> Head<T> {
    fn new(delay: Ramp<1>) -> Self {
        let (taps, delays) = ([T::ZERO; SINC_TAPS], [0.0; CHUNK]);
        Self { delay, taps, made_for: f64::NAN, delays, planned: 0, after: delay }
    }

    /// Keeps its speed for a while: for a head that is left behind.
    fn coast(&mut self, frames: usize) {
        if !self.delay.is_settled() {
            self.delay.coast(frames);
        }
    }

    /// Whole frames and fraction, at rest.
    fn place(&self, range: Range) -> (usize, f64) {
        split(range.limit(self.delay.target()[0]))
    }

    /// How many of the next `frames` it reads before it meets the first of them.
    fn plan(&mut self, range: Range, frames: usize) -> usize {
        if self.delay.is_settled() {
            let (whole, fraction) = self.place(range);
            return frames.min(if fraction == 0.0 { whole } else { whole + 1 - SHORTEST_FRACTION });
        }
        let mut delays = [[0.0; CHUNK]];
        self.after = self.delay;
        self.after.fill(&mut delays, frames);
        self.planned = frames;
        let mut reach = frames;
        for (frame, (to, delay)) in self.delays.iter_mut().zip(delays[0]).enumerate().take(frames) {
            *to = range.limit(delay);
            if frame + SHORTEST_FRACTION > *to as usize {
                reach = reach.min(frame);
            }
        }
        reach
    }

    /// Moves on by frames that were planned, or by fewer.
    fn advance(&mut self, frames: usize) {
        if frames == self.planned {
            self.delay = self.after;
        } else {
            self.delay.fill(&mut [[0.0; CHUNK]], frames);
        }
    }
}

/// The heads of one unit; all channels are read at the same delay.
#[derive(Debug)]
pub(crate) struct Heads<T> {
    wanted: Ramp<1>,
    heads: [Head<T>; 2],
    live: usize,
    fade: Ramp<1>,
    fading: bool,
    waits: bool,
    range: Range,
}

impl<T: Sample> Heads<T> {
    /// At rest at `delay` frames, for delays from [`SHORTEST_FRACTION`] to `longest`; changes take
    /// `fade_frames`.
    pub(crate) fn new(delay: f64, longest: f64, fade_frames: usize) -> Self {
        let wanted = Ramp::new([nearly_whole(delay)], fade_frames);
        Self {
            wanted,
            heads: [Head::new(wanted), Head::new(wanted)],
            live: 0,
            fade: Ramp::new([0.0], fade_frames),
            fading: false,
            waits: false,
            // A time just under a whole frame may be taken as that frame.
            range: Range { shortest: SHORTEST_FRACTION as f64, longest: libm::ceil(longest) },
        }
    }

    /// The delay that is or will be reached, in frames.
    fn target(&self) -> f64 {
        self.wanted.target()[0]
    }

    /// The longest delay that is heard now or will be, in frames.
    pub(crate) fn longest_heard(&self) -> f64 {
        let longest = |delay: &Ramp<1>| delay.value()[0].max(delay.target()[0]);
        let rest = longest(&self.wanted).max(longest(&self.heads[self.live].delay));
        let heard = if self.fading { rest.max(longest(&self.heads[1 - self.live].delay)) } else { rest };
        self.range.limit(heard)
    }

    /// Frames until the head that is heard stays where it is.
    pub(crate) fn frames_left(&self) -> usize {
        self.wanted.frames_left().max(self.heads[self.live].delay.frames_left())
    }

    /// Whether everything stays where it is.
    pub(crate) fn is_settled(&self) -> bool {
        !self.fading && self.heads[self.live].delay.is_settled()
    }

    /// Goes to `delay` by a crossfade.
    pub(crate) fn set(&mut self, delay: f64) {
        let delay = nearly_whole(delay);
        if self.wanted.is_settled() && self.target() == delay {
            return;
        }
        if !self.waits {
            // until it is faded out
            let frames = if self.fading { self.fade.frames_left() } else { 0 };
            let frames = frames + self.fade_frames();
            self.newest().coast(frames);
        }
        self.wanted.jump([delay]);
        self.waits = true;
        self.next_fade();
    }

    /// Follows a line that reaches `delay` in `frames`.
    pub(crate) fn follow(&mut self, delay: f64, frames: usize, corner: bool) {
        let delay = nearly_whole(delay);
        if self.wanted.is_settled() && self.target() == delay {
            return;
        }
        self.wanted.follow([delay], frames, corner);
        if !self.waits {
            self.newest().delay = self.wanted;
        }
    }

    /// The delay of this moment, in frames; during a crossfade, of what is faded to.
    pub(crate) fn now(&self) -> f64 {
        self.range.limit(self.wanted.value()[0])
    }

    /// Response of the line alone, at `frequency` in units of the rate, once everything is at rest.
    pub(crate) fn response(&self, frequency: f64) -> Complex<f64> {
        response_at(self.target(), frequency)
    }

    /// The same as it is heard now.
    pub(crate) fn response_now(&self, frequency: f64) -> Complex<f64> {
        let head = |head: &Head<T>| response_at(self.range.limit(head.delay.value()[0]), frequency);
        let live = head(&self.heads[self.live]);
        let share = self.fade.value()[0];
        if self.fading { live + share * (head(&self.heads[1 - self.live]) - live) } else { live }
    }

    fn fade_frames(&self) -> usize {
        let mut fade = self.fade;
        fade.set([1.0]);
        fade.frames_left()
    }

    /// The head that is heard, or faded to.
    fn newest(&mut self) -> &mut Head<T> {
        &mut self.heads[if self.fading { 1 - self.live } else { self.live }]
    }

    /// Starts the fade to what waits, unless one is running.
    fn next_fade(&mut self) {
        if self.fading || !self.waits {
            return;
        }
        self.waits = false;
        let delay = &self.heads[self.live].delay;
        if delay.is_settled() && self.wanted.is_settled() && delay.target() == self.wanted.target() {
            return;
        }
        self.heads[1 - self.live].delay = self.wanted;
        self.fading = true;
        self.fade.set([1.0]);
    }

    /// Looks ahead: how many of the next `frames` (at most [`CHUNK`] unless settled) can be read at once, up
    /// to where something begins or ends, and without reading what the same frames write.
    pub(crate) fn plan(&mut self, frames: usize) -> usize {
        let mut frames = frames;
        let mut until = |ramp: &Ramp<1>| {
            if !ramp.is_settled() {
                frames = frames.min(ramp.frames_left());
            }
        };
        until(&self.wanted);
        until(&self.heads[self.live].delay);
        if self.fading {
            until(&self.heads[1 - self.live].delay);
            until(&self.fade);
        }
        let frames = self.heads[self.live].plan(self.range, frames);
        if self.fading { self.heads[1 - self.live].plan(self.range, frames) } else { frames }
    }

    /// Reads the next `frames`, as many as [`plan`](Self::plan) allows, of every line into
    /// `out`, `stride` samples per channel. `spare` is of the same size.
    #[inline(always)]
    pub(crate) fn read<S: Simd>(
        &mut self,
        simd: S,
        cursor: &Cursor,
        lines: Lines<'_, T>,
        out: &mut [T],
        spare: &mut [T],
        frames: usize,
    ) {
        self.read_head(simd, self.live, cursor, lines, out, frames);
        if self.fading {
            self.read_head(simd, 1 - self.live, cursor, lines, spare, frames);
            let mut shares = [[0.0; CHUNK]];
            self.fade.fill(&mut shares, frames);
            let shares = shares[0].map(T::from_f64);
            for (out, spare) in out.chunks_exact_mut(lines.stride).zip(spare.chunks_exact(lines.stride)) {
                for ((out, spare), share) in out[..frames].iter_mut().zip(spare).zip(&shares) {
                    *out += *share * (*spare - *out);
                }
            }
        }
        if self.waits {
            self.wanted.fill(&mut [[0.0; CHUNK]], frames.min(CHUNK));
        } else {
            self.wanted = self.newest().delay;
        }
        if self.fading && self.fade.is_settled() {
            self.fade.jump([0.0]);
            self.live = 1 - self.live;
            self.fading = false;
            self.next_fade();
        }
    }

    #[inline(always)]
    fn read_head<S: Simd>(
        &mut self,
        simd: S,
        head: usize,
        cursor: &Cursor,
        lines: Lines<'_, T>,
        out: &mut [T],
        frames: usize,
    ) {
        let head = &mut self.heads[head];
        if !head.delay.is_settled() {
            cursor.read_moving(simd, lines.samples, &head.delays[..frames], out, lines.stride);
            return head.advance(frames);
        }
        let (whole, fraction) = head.place(self.range);
        if fraction != 0.0 && head.made_for != fraction {
            head.taps = sinc_taps(fraction).map(T::from_f64);
            head.made_for = fraction;
        }
        for (line, out) in cursor.lines(lines.samples).zip(out.chunks_exact_mut(lines.stride)) {
            if fraction == 0.0 {
                cursor.read(line, whole, &mut out[..frames]);
            } else {
                cursor.read_between(simd, line, whole, &head.taps, &mut out[..frames]);
            }
        }
    }
}

/// The lines of all channels, and how far apart the channels lie in what is read from them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines<'a, T> {
    pub(crate) samples: &'a [T],
    pub(crate) stride: usize,
}

/// Response of a delay that is read as here.
fn response_at(delay: f64, frequency: f64) -> Complex<f64> {
    let (whole, fraction) = split(delay);
    let turn = -core::f64::consts::TAU * frequency;
    let taps = sinc_taps(fraction);
    let places = taps.iter().enumerate().map(|(j, tap)| {
        let frames = whole as f64 + SINC_CENTRE as f64 - j as f64;
        Complex::from_polar(*tap, turn * frames)
    });
    places.sum()
}

fn split(delay: f64) -> (usize, f64) {
    let whole = delay as usize;
    (whole, delay - whole as f64)
}

fn nearly_whole(delay: f64) -> f64 {
    let whole = libm::round(delay);
    if (delay - whole).abs() < NEARLY_WHOLE { whole } else { delay }
}
