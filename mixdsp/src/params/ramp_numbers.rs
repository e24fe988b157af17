//! Floor 2: what works on the values of a ramp: any number of them, so that it is compiled once.
//!
//! [`Number`] is one value on the move, [`Clock`] says when values move, together. See [`ramp`](crate::params::ramp) for
//! how they do.

use crate::base::memory::plain;

/// Steps that may run at once.
pub const STEPS: usize = 4;

/// Most frames that one call of [`Ramp::fill`](crate::params::ramp::Ramp::fill) writes.
pub const CHUNK: usize = 64;

/// The value within a range.
#[inline(always)]
pub(crate) fn keep(value: f64, low: f64, high: f64) -> f64 {
    let value = if value < low { low } else { value };
    if value > high { high } else { value }
}

const IDLE: u64 = u64::MAX;
/// Something waits.
const WAITS: u64 = 1 << 63;
/// Values that may move together, and one more: a bit each, below that.
pub(super) const MOST: usize = 63;

plain! {
    /// One value on the move.
    pub(super) struct Number {
        /// Where the line ends: the value when nothing moves.
        pub(super) target: f64,
        /// The line's cubic piece: value and slope per frame at its start, slope at its end.
        from: f64,
        from_slope: f64,
        to_slope: f64,
        /// Size of each running step.
        steps: [f64; STEPS],
        /// Where the line was when the youngest step began.
        base: f64,
        /// Size of what waits for a place, and where the line was when it was set.
        waiting: f64,
        waiting_base: f64,
        /// Smallest and largest of what was set and passed since the last rest.
        low: f64,
        high: f64,
    }
}

plain! {
    /// When values move, together.
    pub(super) struct Clock {
        /// Frames of the line's piece, and how many of them are over.
        piece_frames: u64,
        piece_done: u64,
        /// Frames that each step has run; `IDLE` when it does not.
        done: [u64; STEPS],
        /// Whether the values belong together.
        pub(super) is_design: u64,
        /// Values that each running step moves, a bit each.
        moves: [u64; STEPS],
        /// The values that wait, a bit each; the highest bit is set when anything waits.
        waits: u64,
        /// Frames since the youngest step began.
        since: u64,
        /// Frames of a whole step.
        pub(super) frames: u64,
    }
}

/// The step of minimum jerk: 0 to 1 for u from 0 to 1.
#[inline(always)]
fn smooth(u: f64) -> f64 {
    u * u * u * (10.0 + u * (6.0 * u - 15.0))
}

impl Number {
    pub(super) fn new(value: f64) -> Self {
        Self {
            target: value,
            from: value,
            from_slope: 0.0,
            to_slope: 0.0,
            steps: [0.0; STEPS],
            base: value,
            waiting: 0.0,
            waiting_base: value,
            low: value,
            high: value,
        }
    }

    /// Coefficients of the piece in frames since its start.
    #[inline(always)]
    fn cubic(&self, clock: &Clock) -> [f64; 4] {
        let n = clock.piece_frames as f64;
        let rise = (self.target - self.from) / n;
        let (a, b) = (self.from_slope, self.to_slope);
        [self.from, a, (3.0 * rise - 2.0 * a - b) / n, (a + b - 2.0 * rise) / (n * n)]
    }

    /// Value and slope of the line now.
    fn line(&self, clock: &Clock) -> (f64, f64) {
        if clock.piece_done == clock.piece_frames {
            return (self.target, self.to_slope);
        }
        let t = clock.piece_done as f64;
        let [c0, c1, c2, c3] = self.cubic(clock);
        (c0 + t * (c1 + t * (c2 + t * c3)), c1 + t * (2.0 * c2 + t * 3.0 * c3))
    }

    /// The line, as far as it counts, before the running steps. This is value `i`.
    fn before_steps(&self, clock: &Clock, i: usize) -> f64 {
        let line = if clock.is_held(i) { self.waiting_base } else { self.line(clock).0 };
        line - self.waiting
    }
}

impl Clock {
    pub(super) fn new(frames: u64, is_design: u64) -> Self {
        Self {
            piece_frames: 0,
            piece_done: 0,
            done: [IDLE; STEPS],
            is_design,
            moves: [0; STEPS],
            waits: 0,
            since: IDLE,
            frames: frames.max(STEPS as u64),
        }
    }

    #[inline]
    pub(super) fn is_settled(&self) -> bool {
        self.piece_done == self.piece_frames && self.waits == 0 && self.done == [IDLE; STEPS]
    }

    pub(super) fn frames_left(&self) -> usize {
        let running = self.done.iter().filter(|done| **done != IDLE).map(|done| self.frames - done);
        let waiting =
            if self.waits != 0 { self.spacing().saturating_sub(self.since) + self.frames } else { 0 };
        let line = self.piece_frames - self.piece_done;
        running.fold(waiting.max(line), u64::max) as usize
    }

    /// Frames until a step ends, a waiting one starts or the piece ends, at most `frames`.
    fn undisturbed(&self, frames: usize) -> usize {
        let mut count = frames as u64;
        for done in self.done {
            if done != IDLE {
                count = count.min(self.frames - done);
            }
        }
        if self.waits != 0 {
            count = count.min(self.spacing().saturating_sub(self.since).max(1));
        }
        if self.piece_done < self.piece_frames {
            count = count.min(self.piece_frames - self.piece_done);
        }
        count as usize
    }

    /// Whether the line of value `i` waits for a step to bring it in.
    #[inline(always)]
    fn is_held(&self, i: usize) -> bool {
        self.waits >> i & 1 != 0
    }

    /// The step that began last, of those that run.
    fn youngest(&self) -> Option<usize> {
        let running = (0..STEPS).filter(|step| self.done[*step] != IDLE);
        running.min_by_key(|step| self.done[*step])
    }

    /// Whether a step brings in the line of value `i`.
    #[inline(always)]
    fn brings_in(&self, step: usize, i: usize) -> bool {
        self.moves[step] >> i & 1 != 0
    }

    fn spacing(&self) -> u64 {
        self.frames.div_ceil(STEPS as u64)
    }
}

pub(super) fn set(clock: &mut Clock, numbers: &mut [Number], values: &[f64]) {
    widen(clock, numbers, values, false);
    for (i, (number, value)) in numbers.iter_mut().zip(values).enumerate() {
        if clock.is_design != 0 || *value != number.target {
            // The line ends here; what it has brought in is where the step begins.
            number.waiting = value - number.before_steps(clock, i);
            number.waiting_base = *value;
            number.from = *value;
            number.from_slope = 0.0;
            number.to_slope = 0.0;
            clock.waits |= 1 << i;
        }
        number.target = *value;
    }
    clock.waits |= WAITS;
    start_waiting(clock, numbers);
}

pub(super) fn follow(clock: &mut Clock, numbers: &mut [Number], values: &[f64], frames: usize, corner: bool) {
    widen(clock, numbers, values, !corner);
    let frames = frames.max(1) as u64;
    for (number, value) in numbers.iter_mut().zip(values) {
        let (now, slope) = number.line(clock);
        let secant = (value - now) / frames as f64;
        number.from = now;
        number.from_slope = if corner { secant } else { slope };
        number.to_slope = secant;
        number.target = *value;
    }
    clock.piece_frames = frames;
    clock.piece_done = 0;
}

/// Takes `values` into the range that is kept. From rest the range begins anew, unless a line continues.
fn widen(clock: &Clock, numbers: &mut [Number], values: &[f64], continues: bool) {
    let begins = clock.is_settled() && !continues;
    for (number, value) in numbers.iter_mut().zip(values) {
        if begins {
            number.low = number.target;
            number.high = number.target;
        }
        number.low = number.low.min(*value);
        number.high = number.high.max(*value);
    }
}

pub(super) fn coast(clock: &mut Clock, numbers: &mut [Number], frames: usize) {
    let mut target = [0.0; MOST];
    for (target, number) in target.iter_mut().zip(&*numbers) {
        let (now, slope) = number.line(clock);
        *target = now + slope * frames as f64;
    }
    follow(clock, numbers, &target, frames, true);
}

/// Writes the values of the next frame.
pub(super) fn next(clock: &Clock, numbers: &[Number], values: &mut [f64]) {
    let left = |done| 1.0 - smooth(done as f64 / clock.frames as f64);
    let youngest = clock.youngest();
    for (i, (number, out)) in numbers.iter().zip(values).enumerate() {
        let mut value = number.before_steps(clock, i);
        if let Some(youngest) = youngest.filter(|youngest| clock.brings_in(*youngest, i)) {
            value += (number.base - value) * left(clock.done[youngest]);
        }
        for (step, done) in number.steps.iter().zip(clock.done).filter(|(_, done)| *done != IDLE) {
            value -= step * left(done);
        }
        *out = keep(value, number.low, number.high);
    }
}

pub(super) fn fill(clock: &mut Clock, numbers: &mut [Number], out: &mut [[f64; CHUNK]], frames: usize) {
    let mut from = 0;
    while from < frames {
        let count = clock.undisturbed(frames - from);
        fill_undisturbed(clock, numbers, out, from, count);
        advance(clock, numbers, count as u64);
        from += count;
    }
}

/// What is left of a step that has run so many frames, in the next ones.
#[inline(always)]
fn left_of(clock: &Clock, done: u64, count: usize) -> [f64; CHUNK] {
    let step_length = 1.0 / clock.frames as f64;
    let mut left = [0.0; CHUNK];
    for (j, left) in left[..count].iter_mut().enumerate() {
        *left = 1.0 - smooth((done as f64 + j as i32 as f64) * step_length);
    }
    left
}

fn fill_undisturbed(clock: &Clock, numbers: &[Number], out: &mut [[f64; CHUNK]], from: usize, count: usize) {
    let range = from..from + count;
    let on_line = clock.piece_done < clock.piece_frames;
    for (i, (number, out)) in numbers.iter().zip(&mut *out).enumerate() {
        let out = &mut out[range.clone()];
        if clock.is_held(i) {
            out.fill(number.waiting_base - number.waiting);
        } else if on_line {
            let [c0, c1, c2, c3] = number.cubic(clock);
            for (j, value) in out.iter_mut().enumerate() {
                let t = clock.piece_done as f64 + j as i32 as f64;
                *value = c0 + t * (c1 + t * (c2 + t * c3)) - number.waiting;
            }
        } else {
            out.fill(number.target - number.waiting);
        }
    }
    if let Some(youngest) = clock.youngest() {
        let left = left_of(clock, clock.done[youngest], count);
        let all = numbers.iter().zip(&mut *out).enumerate();
        for (_, (number, out)) in all.filter(|(i, _)| clock.brings_in(youngest, *i)) {
            let base = number.base;
            for (value, left) in out[range.clone()].iter_mut().zip(&left) {
                *value += (base - *value) * left;
            }
        }
    }
    for (step, done) in clock.done.iter().enumerate().filter(|(_, done)| **done != IDLE) {
        let left = left_of(clock, *done, count);
        for (number, out) in numbers.iter().zip(&mut *out) {
            for (value, left) in out[range.clone()].iter_mut().zip(&left) {
                *value -= number.steps[step] * left;
            }
        }
    }
    for (number, out) in numbers.iter().zip(out) {
        let (low, high) = (number.low, number.high);
        out[range.clone()].iter_mut().for_each(|value| *value = keep(*value, low, high));
    }
}

fn advance(clock: &mut Clock, numbers: &mut [Number], frames: u64) {
    clock.since = clock.since.saturating_add(frames);
    for done in &mut clock.done {
        if *done != IDLE {
            *done += frames;
            if *done >= clock.frames {
                *done = IDLE;
            }
        }
    }
    clock.piece_done = (clock.piece_done + frames).min(clock.piece_frames);
    start_waiting(clock, numbers);
}

fn start_waiting(clock: &mut Clock, numbers: &mut [Number]) {
    if clock.waits == 0 || clock.since < clock.spacing() {
        return;
    }
    let Some(free) = clock.done.iter().position(|done| *done == IDLE) else { return };
    let youngest = clock.youngest();
    for (i, number) in numbers.iter_mut().enumerate() {
        let before = number.before_steps(clock, i);
        if let Some(youngest) = youngest.filter(|youngest| clock.brings_in(*youngest, i)) {
            // What the line has brought in stays on the way of the step that brought it.
            number.steps[youngest] += before - number.base;
        }
        number.base = before + number.waiting;
        number.steps[free] = number.waiting;
        number.waiting = 0.0;
    }
    clock.moves[free] = clock.waits;
    clock.done[free] = 0;
    clock.waits = 0;
    clock.since = 0;
}
