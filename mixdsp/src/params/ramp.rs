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
    /// N values on the move. Lives in the caller's words or in a unit.
    pub struct Ramp<const N: usize> {
        /// Where the line ends: the value when nothing moves.
        target: [f64; N],
        /// The line's cubic piece: value and slope per frame at its start, slope at its end.
        from: [f64; N],
        from_slope: [f64; N],
        to_slope: [f64; N],
        /// Frames of the piece, and how many of them are over.
        piece_frames: u64,
        piece_done: u64,
        /// Size of each running step, and frames that it has run; `IDLE` when it does not.
        steps: [[f64; N]; STEPS],
        done: [u64; STEPS],
        /// Where the line was when the youngest step began.
        base: [f64; N],
        /// Whether the values belong together.
        is_design: u64,
        /// Values that each running step moves, a bit each.
        moves: [u64; STEPS],
        /// Size of what waits for a place, where the line was when it was set, and the values that wait, a bit
        /// each; the highest bit is set when anything waits.
        waiting: [f64; N],
        waiting_base: [f64; N],
        waits: u64,
        /// Frames since the youngest step began.
        since: u64,
        /// Frames of a whole step.
        frames: u64,
        /// Smallest and largest of what was set and passed since the last rest.
        low: [f64; N],
        high: [f64; N],
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
        const { assert!(N < 63, "a bit for each value") }
        let zero = [0.0; N];
        Self {
            target: values,
            from: values,
            from_slope: zero,
            to_slope: zero,
            piece_frames: 0,
            piece_done: 0,
            steps: [zero; STEPS],
            done: [IDLE; STEPS],
            base: values,
            is_design: 0,
            moves: [0; STEPS],
            waiting: zero,
            waiting_base: values,
            waits: 0,
            since: IDLE,
            frames: (frames as u64).max(STEPS as u64),
            low: values,
            high: values,
        }
    }

    /// The same for values that belong together, as a filter's numbers do: whatever is done to them, they are a mean
    /// of what was asked for.
    pub fn of_design(values: [f64; N], frames: usize) -> Self {
        Self { is_design: 1, ..Self::new(values, frames) }
    }

    /// Puts the values where they are going, or to `values`, at once.
    pub fn jump(&mut self, values: [f64; N]) {
        *self = Self { is_design: self.is_design, ..Self::new(values, self.frames as usize) };
    }

    /// Where the values are going.
    pub fn target(&self) -> [f64; N] {
        self.target
    }

    /// Whether the values stay where they are.
    #[inline]
    pub fn is_settled(&self) -> bool {
        self.piece_done == self.piece_frames && self.waits == 0 && self.done == [IDLE; STEPS]
    }

    /// Frames until the values stay where they are, if nothing else is set.
    pub fn frames_left(&self) -> usize {
        let running = self.done.iter().filter(|done| **done != IDLE).map(|done| self.frames - done);
        let waiting =
            if self.waits != 0 { self.spacing().saturating_sub(self.since) + self.frames } else { 0 };
        let line = self.piece_frames - self.piece_done;
        running.fold(waiting.max(line), u64::max) as usize
    }

    /// Moves to `values` by a step.
    pub fn set(&mut self, values: [f64; N]) {
        self.widen(values, false);
        let before = self.before_steps();
        for i in 0..N {
            if self.is_design == 0 && values[i] == self.target[i] {
                continue;
            }
            // The line ends here; what it has brought in is where the step begins.
            self.waiting[i] = values[i] - before[i];
            self.waiting_base[i] = values[i];
            self.from[i] = values[i];
            self.from_slope[i] = 0.0;
            self.to_slope[i] = 0.0;
            self.waits |= 1 << i;
        }
        self.target = values;
        self.waits |= WAITS;
        self.start_waiting();
    }

    /// Follows a line that reaches `values` in `frames`, from where the line is now. At a `corner` the line
    /// begins or bends; elsewhere the slope continues.
    pub fn follow(&mut self, values: [f64; N], frames: usize, corner: bool) {
        self.widen(values, !corner);
        let (now, slope) = self.line();
        let frames = frames.max(1) as u64;
        for i in 0..N {
            let secant = (values[i] - now[i]) / frames as f64;
            self.from[i] = now[i];
            self.from_slope[i] = if corner { secant } else { slope[i] };
            self.to_slope[i] = secant;
            self.target[i] = values[i];
        }
        self.piece_frames = frames;
        self.piece_done = 0;
    }

    /// Takes `values` into the range that is kept. From rest the range begins anew, unless a line continues.
    fn widen(&mut self, values: [f64; N], continues: bool) {
        if self.is_settled() && !continues {
            self.low = self.target;
            self.high = self.target;
        }
        for i in 0..N {
            self.low[i] = self.low[i].min(values[i]);
            self.high[i] = self.high[i].max(values[i]);
        }
    }

    /// Goes on at the present slope of the line for so many frames, and stays there.
    pub fn coast(&mut self, frames: usize) {
        let (now, slope) = self.line();
        let target = core::array::from_fn(|i| now[i] + slope[i] * frames as f64);
        self.follow(target, frames, true);
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
        let mut value = self.before_steps();
        let left = |done| 1.0 - smooth(done as f64 / self.frames as f64);
        if let Some(youngest) = self.youngest() {
            let left = left(self.done[youngest]);
            for i in (0..N).filter(|i| self.brings_in(youngest, *i)) {
                value[i] += (self.base[i] - value[i]) * left;
            }
        }
        for (step, done) in self.steps.iter().zip(self.done).filter(|(_, done)| *done != IDLE) {
            (0..N).for_each(|i| value[i] -= step[i] * left(done));
        }
        core::array::from_fn(|i| keep(value[i], self.low[i], self.high[i]))
    }

    /// Writes the values of the next `frames` frames, at most [`CHUNK`], and moves on.
    pub fn fill(&mut self, out: &mut [[f64; CHUNK]; N], frames: usize) {
        let mut from = 0;
        while from < frames {
            let count = self.undisturbed(frames - from);
            self.fill_undisturbed(out, from, count);
            self.advance(count as u64);
            from += count;
        }
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

    #[inline(always)]
    fn fill_undisturbed(&self, out: &mut [[f64; CHUNK]; N], from: usize, count: usize) {
        let range = from..from + count;
        let on_line = self.piece_done < self.piece_frames;
        for (i, out) in out.iter_mut().enumerate() {
            let out = &mut out[range.clone()];
            if self.is_held(i) {
                out.fill(self.waiting_base[i] - self.waiting[i]);
            } else if on_line {
                let [c0, c1, c2, c3] = self.cubic(i);
                for (j, value) in out.iter_mut().enumerate() {
                    let t = self.piece_done as f64 + j as i32 as f64;
                    *value = c0 + t * (c1 + t * (c2 + t * c3)) - self.waiting[i];
                }
            } else {
                out.fill(self.target[i] - self.waiting[i]);
            }
        }
        let step_length = 1.0 / self.frames as f64;
        let left_of = |done: u64| {
            let mut left = [0.0; CHUNK];
            for (j, left) in left[..count].iter_mut().enumerate() {
                *left = 1.0 - smooth((done as f64 + j as i32 as f64) * step_length);
            }
            left
        };
        if let Some(youngest) = self.youngest() {
            let left = left_of(self.done[youngest]);
            for i in (0..N).filter(|i| self.brings_in(youngest, *i)) {
                let base = self.base[i];
                for (value, left) in out[i][range.clone()].iter_mut().zip(&left) {
                    *value += (base - *value) * left;
                }
            }
        }
        for (step, done) in self.steps.iter().zip(self.done) {
            if done == IDLE {
                continue;
            }
            let left = left_of(done);
            for (i, out) in out.iter_mut().enumerate() {
                for (value, left) in out[range.clone()].iter_mut().zip(&left) {
                    *value -= step[i] * left;
                }
            }
        }
        for (i, out) in out.iter_mut().enumerate() {
            let (low, high) = (self.low[i], self.high[i]);
            out[range.clone()].iter_mut().for_each(|value| *value = keep(*value, low, high));
        }
    }

    fn advance(&mut self, frames: u64) {
        self.since = self.since.saturating_add(frames);
        for done in &mut self.done {
            if *done != IDLE {
                *done += frames;
                if *done >= self.frames {
                    *done = IDLE;
                }
            }
        }
        self.piece_done = (self.piece_done + frames).min(self.piece_frames);
        self.start_waiting();
    }

    fn start_waiting(&mut self) {
        if self.waits == 0 || self.since < self.spacing() {
            return;
        }
        if let Some(free) = self.done.iter().position(|done| *done == IDLE) {
            let before = self.before_steps();
            if let Some(youngest) = self.youngest() {
                // What the line has brought in stays on the way of the step that brought it.
                for i in 0..N {
                    if self.brings_in(youngest, i) {
                        self.steps[youngest][i] += before[i] - self.base[i];
                    }
                }
            }
            self.base = core::array::from_fn(|i| before[i] + self.waiting[i]);
            self.steps[free] = self.waiting;
            self.moves[free] = self.waits;
            self.done[free] = 0;
            self.waiting = [0.0; N];
            self.waits = 0;
            self.since = 0;
        }
    }

    /// Whether the line of value `i` waits for a step to bring it in.
    #[inline(always)]
    fn is_held(&self, i: usize) -> bool {
        self.waits >> i & 1 != 0
    }

    /// The line, as far as it counts, before the running steps.
    fn before_steps(&self) -> [f64; N] {
        let (line, _) = self.line();
        let line = |i: usize| if self.is_held(i) { self.waiting_base[i] } else { line[i] };
        core::array::from_fn(|i| line(i) - self.waiting[i])
    }

    /// The step that began last, of those that run.
    #[inline(always)]
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

    /// Coefficients of the piece in frames since its start.
    #[inline(always)]
    fn cubic(&self, i: usize) -> [f64; 4] {
        let n = self.piece_frames as f64;
        let rise = (self.target[i] - self.from[i]) / n;
        let (a, b) = (self.from_slope[i], self.to_slope[i]);
        [self.from[i], a, (3.0 * rise - 2.0 * a - b) / n, (a + b - 2.0 * rise) / (n * n)]
    }

    /// Value and slope of the line now.
    fn line(&self) -> ([f64; N], [f64; N]) {
        if self.piece_done == self.piece_frames {
            return (self.target, self.to_slope);
        }
        let t = self.piece_done as f64;
        let mut value = [0.0; N];
        let mut slope = [0.0; N];
        for i in 0..N {
            let [c0, c1, c2, c3] = self.cubic(i);
            value[i] = c0 + t * (c1 + t * (c2 + t * c3));
            slope[i] = c1 + t * (2.0 * c2 + t * 3.0 * c3);
        }
        (value, slope)
    }
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
