//! Floor 2: how values move without a click.
//!
//! Signal flow, for each of N values that move together (a gain, the five numbers of a filter):
//!
//! ```text
//! set    -> a step of minimum jerk, S(u) = u^3 (10 - 15 u + 6 u^2), laid over what moves already
//! glide  -> a cubic piece per knot (16 frames) along the line
//! value  =  base + (line - base) * S of the youngest step  -  sum over the running steps of  size * (1 - S)
//!           base: where the line was when the youngest step began
//! ```
//!
//! A step starts and ends with slope and curvature zero, so steps laid over each other continue value,
//! slope and curvature whenever one is added, and the weights only ever mix values that were set: nothing
//! overshoots, however often a value is set, and the last step lands exactly. At most [`STEPS`] run at
//! once; a value set sooner waits for the next place, a quarter of the ramp later at most. (A single
//! quintic restarted from present value, slope and curvature overshoots by up to 5.7 % when values go
//! back and forth.) A set ends the line; one that runs on, or begins while a step lasts, comes in with the step, so
//! that the value is a mean of where it was, where it was sent, and the line. Values that belong together ([`Ramp::of_design`], a
//! filter's numbers) all have the same weights, so they are always a mean of designs; of others, one that a step
//! leaves alone follows its line all the same. And no value ever leaves the range of what was set and passed since
//! the last rest, to the bit, which a cubic piece could where a line falls steeply: whoever takes numbers from here
//! need not look whether they are possible. Minimum jerk: Flash and Hogan, "The coordination of arm movements",
//! 1985.

use crate::base::memory::plain;

/// Steps that may run at once.
pub const STEPS: usize = 4;
/// How long a change takes to arrive, in seconds.
pub const RAMP_SECONDS: f64 = 0.020;
/// Most frames that one call of [`Ramp::fill`] writes.
pub const CHUNK: usize = 64;

plain! {
    /// One value on the move.
    struct Number {
        /// Where the line ends: the value when nothing moves.
        target: f64,
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
    struct Clock {
        /// Frames of the line's piece, and how many of them are over.
        piece_frames: u64,
        piece_done: u64,
        /// Frames that each step has run; `IDLE` when it does not.
        done: [u64; STEPS],
        /// Whether the values belong together.
        is_design: u64,
        /// Values that each running step moves, a bit each.
        moves: [u64; STEPS],
        /// The values that wait, a bit each; the highest bit is set when anything waits.
        waits: u64,
        /// Frames since the youngest step began.
        since: u64,
        /// Frames of a whole step.
        frames: u64,
    }
}

plain! {
    /// N values on the move. Lives in the caller's words or in a unit. What works on them takes any number of values, so
    /// that it is compiled once.
    pub struct Ramp<const N: usize> {
        clock: Clock,
        numbers: [Number; N],
    }
}

/// How a parameter comes to its new value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// By the ramp.
    Ramp,
    /// Along a line: the new values hold after this many frames.
    Line {
        /// Frames to the next knot, 1 to 16.
        frames: usize,
        /// Whether the line begins here.
        corner: bool,
    },
}

const IDLE: u64 = u64::MAX;
/// Something waits.
const WAITS: u64 = 1 << 63;
/// Values that may move together, and one more: a bit each, below that.
const MOST: usize = 63;

/// The step of minimum jerk: 0 to 1 for u from 0 to 1.
#[inline(always)]
fn smooth(u: f64) -> f64 {
    u * u * u * (10.0 + u * (6.0 * u - 15.0))
}

/// The value within a range.
#[inline(always)]
pub(crate) fn keep(value: f64, low: f64, high: f64) -> f64 {
    let value = if value < low { low } else { value };
    if value > high { high } else { value }
}

/// Frames of a ramp at a sample rate.
pub fn ramp_frames(sample_rate: f64) -> usize {
    crate::base::units::seconds_to_frames(RAMP_SECONDS, sample_rate)
}

/// Frames until the first of some numbers on the move comes to rest, given those that each has left; `None` when all
/// rest. Where a block is cut there, what follows from a rest happens at the same frame for any cut of the audio.
pub fn next_rest(frames_left: impl Iterator<Item = usize>) -> Option<usize> {
    frames_left.filter(|frames| *frames > 0).min()
}

impl<const N: usize> Ramp<N> {
    /// At rest; each later step takes `frames`.
    pub fn new(values: [f64; N], frames: usize) -> Self {
        const { assert!(N < MOST, "a bit for each value") }
        Self { clock: Clock::new(frames as u64, 0), numbers: values.map(Number::new) }
    }

    /// The same for values that belong together, as a filter's numbers do: whatever is done to them, they are a mean
    /// of what was asked for.
    pub fn of_design(values: [f64; N], frames: usize) -> Self {
        Self { clock: Clock::new(frames as u64, 1), ..Self::new(values, frames) }
    }

    /// Puts the values where they are going, or to `values`, at once.
    pub fn jump(&mut self, values: [f64; N]) {
        self.clock = Clock::new(self.clock.frames, self.clock.is_design);
        self.numbers = values.map(Number::new);
    }

    /// Where the values are going.
    #[inline]
    pub fn target(&self) -> [f64; N] {
        let mut target = [0.0; N];
        for i in 0..N {
            target[i] = self.numbers[i].target;
        }
        target
    }

    /// Whether the values stay where they are.
    #[inline]
    pub fn is_settled(&self) -> bool {
        self.clock.is_settled()
    }

    /// Frames until the values stay where they are, if nothing else is set.
    pub fn frames_left(&self) -> usize {
        self.clock.frames_left()
    }

    /// Moves to `values` by a step.
    pub fn set(&mut self, values: [f64; N]) {
        set(&mut self.clock, &mut self.numbers, &values);
    }

    /// Follows a line that reaches `values` in `frames`, from where the line is now. At a `corner` the line
    /// begins or bends; elsewhere the slope continues.
    pub fn follow(&mut self, values: [f64; N], frames: usize, corner: bool) {
        follow(&mut self.clock, &mut self.numbers, &values, frames, corner);
    }

    /// Goes on at the present slope of the line for so many frames, and stays there.
    pub fn coast(&mut self, frames: usize) {
        coast(&mut self.clock, &mut self.numbers, frames);
    }

    /// Moves to `values` as a parameter's change says.
    pub fn change(&mut self, values: [f64; N], change: Change) {
        match change {
            Change::Ramp => self.set(values),
            Change::Line { frames, corner } => self.follow(values, frames, corner),
        }
    }

    /// The values of the next frame.
    pub fn value(&self) -> [f64; N] {
        let mut values = [0.0; N];
        next(&self.clock, &self.numbers, &mut values);
        values
    }

    /// Writes the values of the next `frames` frames, at most [`CHUNK`], and moves on.
    pub fn fill(&mut self, out: &mut [[f64; CHUNK]; N], frames: usize) {
        fill(&mut self.clock, &mut self.numbers, out, frames);
    }
}

impl Number {
    fn new(value: f64) -> Self {
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
    fn new(frames: u64, is_design: u64) -> Self {
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
    fn is_settled(&self) -> bool {
        self.piece_done == self.piece_frames && self.waits == 0 && self.done == [IDLE; STEPS]
    }

    fn frames_left(&self) -> usize {
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

fn set(clock: &mut Clock, numbers: &mut [Number], values: &[f64]) {
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

fn follow(clock: &mut Clock, numbers: &mut [Number], values: &[f64], frames: usize, corner: bool) {
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

fn coast(clock: &mut Clock, numbers: &mut [Number], frames: usize) {
    let mut target = [0.0; MOST];
    for (target, number) in target.iter_mut().zip(&*numbers) {
        let (now, slope) = number.line(clock);
        *target = now + slope * frames as f64;
    }
    follow(clock, numbers, &target, frames, true);
}

/// Writes the values of the next frame.
fn next(clock: &Clock, numbers: &[Number], values: &mut [f64]) {
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

fn fill(clock: &mut Clock, numbers: &mut [Number], out: &mut [[f64; CHUNK]], frames: usize) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn run(ramp: &mut Ramp<1>, frames: usize) -> alloc::vec::Vec<f64> {
        let mut all = alloc::vec::Vec::new();
        while all.len() < frames {
            let count = (frames - all.len()).min(CHUNK);
            let mut out = [[0.0; CHUNK]];
            ramp.fill(&mut out, count);
            all.extend_from_slice(&out[0][..count]);
        }
        all
    }

    #[test]
    fn a_step_starts_where_it_was_and_lands_exactly() {
        let mut ramp = Ramp::new([0.25], 960);
        ramp.set([0.7]);
        let path = run(&mut ramp, 961);
        assert!((path[0] - 0.25).abs() < 1e-15);
        assert_eq!(path[960], 0.7);
        assert!((path[480] - 0.475).abs() < 1e-12, "half way at half time: {}", path[480]);
        assert!(path.windows(2).all(|w| w[0] <= w[1]), "it never turns back");
        assert!(ramp.is_settled());
    }

    #[test]
    fn back_and_forth_never_leaves_the_range_that_was_set() {
        let mut ramp = Ramp::new([0.0], 960);
        let mut seed = 1u32;
        for _ in 0..2_000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ramp.set([(seed >> 31) as f64]);
            for value in run(&mut ramp, 1 + (seed >> 16) as usize % 300) {
                assert!((0.0..=1.0).contains(&value), "overshoot to {value}");
            }
        }
    }

    #[test]
    fn a_line_set_every_16_frames_is_followed() {
        // 2 s over the range 0 to 1, at 48 kHz
        let mut ramp = Ramp::new([0.0], 960);
        let mut worst: f64 = 0.0;
        for knot in 0..6_000 {
            let target = knot as f64 / 6_000.0;
            ramp.set([target]);
            let path = run(&mut ramp, 16);
            worst = worst.max((path[0] - target).abs());
        }
        assert!(worst < 0.01, "lag of {worst} of the range");
        ramp.set([1.0]);
        assert_eq!(*run(&mut ramp, 1_300).last().unwrap(), 1.0);
    }

    #[test]
    fn a_glide_is_exact_at_its_knots_and_continuous() {
        let mut ramp = Ramp::new([1.0], 960);
        let curve = |t: f64| 1.0 + (t * 0.01).sin();
        let (mut worst, mut low, mut high): (f64, f64, f64) = (0.0, 1.0, 1.0);
        for knot in 0..40 {
            let next = curve((knot + 1) as f64 * 16.0);
            (low, high) = (low.min(next), high.max(next));
            ramp.follow([next], 16, knot == 0);
            for (t, value) in (16 * knot..).zip(run(&mut ramp, 16)) {
                // A peak between two knots is not known; the values stay under the higher one.
                assert!((low..=high).contains(&value), "{value} is outside {low} to {high}");
                worst = worst.max((value - curve(t as f64).clamp(low, high)).abs());
            }
        }
        assert!(ramp.is_settled());
        assert!(worst < 2e-3, "{worst}");
        assert_eq!(ramp.value()[0], curve(640.0));
    }

    #[test]
    fn a_fast_line_under_a_running_step_stays_within_what_was_asked_for() {
        let mut ramp = Ramp::new([0.01], 960);
        ramp.set([1.0]);
        let mut path = run(&mut ramp, 200);
        ramp.follow([0.02], 1, true);
        path.extend(run(&mut ramp, 1));
        ramp.follow([0.03], 16, false);
        path.extend(run(&mut ramp, 2_000));
        let bad = path.iter().find(|value| !(0.01..=1.0).contains(*value));
        assert_eq!(bad, None);
        assert_eq!(path.last(), Some(&0.03));
    }

    #[test]
    fn steps_and_lines_at_random_never_leave_the_range_of_what_was_asked() {
        let mut seed = 1u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let value = |which: u64| [(which % 7) as f64 / 6.0, 1e3 * ((which / 7) as f64 - 2.0)];
        for sequence in 0..3_000 {
            let first = value(random(35));
            let mut ramp = Ramp::new(first, 960 >> (sequence % 5));
            let (mut low, mut high) = (first, first);
            for _ in 0..12 {
                let (asked, change) = (value(random(35)), random(3));
                // From rest nothing counts that was asked before, unless a line continues.
                if ramp.is_settled() && change != 2 {
                    (low, high) = (ramp.target(), ramp.target());
                }
                (low, high) = ([0, 1].map(|i| low[i].min(asked[i])), [0, 1].map(|i| high[i].max(asked[i])));
                match change {
                    0 => ramp.set(asked),
                    _ => ramp.follow(asked, 1 + random(40) as usize, change == 1),
                }
                let mut left = random(300) as usize;
                while left > 0 && !ramp.is_settled() {
                    let count = left.min(CHUNK);
                    let mut out = [[0.0; CHUNK]; 2];
                    let now = ramp.value();
                    ramp.fill(&mut out, count);
                    for i in 0..2 {
                        let inside = |value: &f64| (low[i]..=high[i]).contains(value);
                        assert!(
                            out[i][..count].iter().all(inside) && inside(&now[i]),
                            "{low:?} {high:?} {out:?}"
                        );
                    }
                    left -= count;
                }
            }
        }
    }

    #[test]
    fn a_line_under_running_steps_gives_means_of_what_was_asked() {
        // Shares of a whole: any mean of them is one again, and clamping one of them alone would show.
        let mut seed = 5u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as f64 / (1u64 << 31) as f64
        };
        for _ in 0..300 {
            let mut shares = || {
                let [a, b, c] = [random() * random(), random() * random(), random() * random()];
                [a, b, c].map(|share| share / (a + b + c))
            };
            let mut ramp = Ramp::of_design(shares(), 960);
            for turn in 0..12 {
                if turn % 3 == 0 {
                    ramp.set(shares())
                } else {
                    ramp.follow(shares(), 16, true)
                }
                for _ in 0..16 + turn * turn {
                    let mut out = [[0.0; CHUNK]; 3];
                    ramp.fill(&mut out, 1);
                    let sum: f64 = out.iter().map(|values| values[0]).sum();
                    assert!((sum - 1.0).abs() < 1e-9, "{sum} in turn {turn}");
                }
            }
        }
    }

    #[test]
    fn whatever_is_done_nothing_jumps() {
        let mut seed = 9u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for sequence in 0..600 {
            let start = [0.5, 0.25];
            let mut ramp =
                if sequence % 2 == 0 { Ramp::new(start, 960) } else { Ramp::of_design(start, 960) };
            let mut last = start;
            for _ in 0..30 {
                let asked = [random(3) as f64 / 2.0, random(3) as f64 / 2.0];
                match random(4) {
                    0 => ramp.set(asked),
                    // There and back again.
                    1 => {
                        let target = ramp.target();
                        ramp.set(asked);
                        ramp.follow(asked.map(|value| 1.0 - value), 600, true);
                        ramp.set(target);
                    }
                    change => ramp.follow(asked, 600, change == 2),
                }
                for _ in 0..random(300) {
                    let mut out = [[0.0; CHUNK]; 2];
                    ramp.fill(&mut out, 1);
                    let now = [out[0][0], out[1][0]];
                    // A line moves 1 in 600 frames, a step 1.875 in 960 at its steepest; four of them may run.
                    let most = (0..2).map(|i| (now[i] - last[i]).abs()).fold(0.0, f64::max);
                    assert!(most < 0.02, "a jump of {most} in sequence {sequence}");
                    last = now;
                }
            }
        }
    }

    #[test]
    fn coasting_keeps_the_slope() {
        let mut ramp = Ramp::new([0.0], 960);
        ramp.follow([16.0], 16, true);
        run(&mut ramp, 5);
        ramp.coast(100);
        assert!(run(&mut ramp, 101).iter().enumerate().all(|(n, v)| (v - 5.0 - n as f64).abs() < 1e-9));
        assert!(ramp.is_settled());
    }

    #[test]
    fn value_agrees_with_fill() {
        let mut ramp = Ramp::new([0.0, 5.0], 800);
        ramp.set([1.0, 2.0]);
        for _ in 0..50 {
            ramp.follow([ramp.target()[0] + 0.1, 3.0], 20, false);
            let expected = ramp.value();
            let mut out = [[0.0; CHUNK]; 2];
            ramp.fill(&mut out, 20);
            assert!((out[0][0] - expected[0]).abs() < 1e-12 && (out[1][0] - expected[1]).abs() < 1e-12);
            ramp.set([ramp.target()[0] - 0.2, 4.0]);
        }
    }
}
