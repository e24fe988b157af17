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
pub(crate) use crate::params::ramp_numbers::keep;
pub use crate::params::ramp_numbers::{CHUNK, STEPS};
use crate::params::ramp_numbers::{Clock, MOST, Number, coast, fill, follow, next, set};

/// How long a change takes to arrive, in seconds.
pub const RAMP_SECONDS: f64 = 0.020;

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

    /// The same where there is somewhere to go.
    pub(crate) fn change_to(&mut self, values: [f64; N], change: Change) {
        if !self.is_settled() || self.target() != values {
            self.change(values, change);
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
