//! Where the fine kernel matters, told at a third of its cost.
//!
//! ```text
//! window --> middle of each interval, by 32 of the fine kernel's 48 taps --> samples and middles: a grid of half samples
//!        --> the six other points of an interval, each from eight neighbours on that grid --> estimate
//! ```
//!
//! The weights of the neighbours minimise the sum of the magnitudes of what the taps differ by, so that the
//! estimate is never farther from the fine kernel than [`ERROR`] times the largest sample of the window.
//! Intervals whose estimate stays below a level by more than that are left out; all others are computed in
//! full. What comes out is what the full computation gives.

use super::kernels::{FINE_GAIN, Fine, INTERVALS, WINDOW, look};
use crate::base::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Bound of the estimate's error against the largest sample: 0.0102 by the taps, the rest for rounding.
const ERROR: f64 = 0.0104;

/// Weights of the neighbours for the points at 1/8, 2/8 and 3/8: middle of the interval before the last,
/// sample before, middle before, sample, middle, next sample, next middle, sample after.
const NEAR: [[f64; 8]; 3] = [
    [-0.006716, 0.037511, -0.135697, 0.890854, 0.271199, -0.073515, 0.019052, -0.002866],
    [-0.008891, 0.04818, -0.16154, 0.636946, 0.582306, -0.1229, 0.030064, -0.004411],
    [-0.006045, 0.031936, -0.10106, 0.310235, 0.851734, -0.107972, 0.024483, -0.003485],
];

/// Taps on either side of a middle that count for the estimate, and those beyond, which do not.
const TAPS: usize = 16;
const BEYOND: usize = 24 - TAPS;
/// Intervals on either side whose middles count. With so few taps they need no more than the window.
const BESIDE: usize = 2;
/// Room for middles, with what a vector of 16 lanes writes beyond.
const MIDDLES: usize = INTERVALS + 2 * BESIDE + 16;

/// What tells how high the fine kernel reaches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate<T> {
    /// How far off it is, against the largest sample.
    error: f64,
    gain: T,
    /// Taps of the middle, from the ends inwards.
    middle: [T; TAPS],
    /// Weights of mirrored neighbours: of their sums (five), of their differences (four).
    even: [[T; 5]; 3],
    odd: [[T; 4]; 3],
}

/// The fine kernel, and what tells where it matters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sparing<T> {
    fine: Fine<T>,
    estimate: Estimate<T>,
}

/// What matters about a window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// Its largest sample.
    pub(crate) largest: f64,
    /// What an interval has to exceed.
    pub(crate) least: f64,
    /// Up to where what is found raises that.
    pub(crate) top: f64,
}

impl<T: Sample> Sparing<T> {
    pub(crate) fn new() -> Self {
        let fine = Fine::<T>::new(1.0);
        Self { estimate: Estimate::new(&fine, 1.0), fine }
    }

    /// Writes the largest magnitude at the fine kernel's points for each interval, or 0 where it does not
    /// exceed what is wanted, which is raised by what is found.
    #[inline(always)]
    pub(crate) fn peaks<S: Simd>(
        &self,
        simd: S,
        window: &[T; WINDOW],
        intervals: usize,
        wanted: Wanted,
        out: &mut [T; INTERVALS],
    ) {
        simd.vectorize(
            #[inline(always)]
            || {
                let lanes = T::Native::<S>::LEN;
                let mut estimates = [T::ZERO; INTERVALS];
                self.estimate.write(simd, window, intervals, &mut estimates);
                let Wanted { largest, mut least, top } = wanted;
                let vectors = out.chunks_exact_mut(lanes).zip(estimates.chunks_exact(lanes));
                for (i, (out, estimates)) in vectors.enumerate().take(intervals.div_ceil(lanes)) {
                    let estimate = T::Native::<S>::from_slice(simd, estimates).reduce_max().to_f64();
                    if self.estimate.reach(estimate, largest) <= least {
                        out.fill(T::ZERO);
                        continue;
                    }
                    let peaks = look(simd, &self.fine.0, window, i * lanes);
                    peaks.store_slice(out);
                    let valid = &out[..lanes.min(intervals - i * lanes)];
                    let peak = valid.iter().fold(T::ZERO, |a, b| if *b > a { *b } else { a });
                    least = least.max(peak.to_f64().min(top));
                }
            },
        )
    }
}

impl<T: Sample> Estimate<T> {
    /// For this kernel, which has that gain.
    pub(super) fn new(fine: &Fine<T>, gain: f64) -> Self {
        let half = |value: f64| T::from_f64(0.5 * value);
        // The middle is a column of its own in the fine kernel, there already for sums of mirrored samples.
        let middle = core::array::from_fn(|j| fine.0[BEYOND + j][6]);
        let (mut even, mut odd) = ([[T::ZERO; 5]; 3], [[T::ZERO; 4]; 3]);
        for (w, (even, odd)) in NEAR.iter().zip(even.iter_mut().zip(&mut odd)) {
            *even = [half(w[0]), half(w[1] + w[7]), half(w[2] + w[6]), half(w[3] + w[5]), T::from_f64(w[4])];
            *odd = [half(w[0]), half(w[1] - w[7]), half(w[2] - w[6]), half(w[3] - w[5])];
        }
        // Samples count with the kernel's gain, as its middles do.
        Self { error: gain * ERROR, middle, even, odd, gain: T::from_f64(gain) }
    }

    /// The most that the kernel makes of a window with that largest sample.
    pub(super) fn most(&self, largest: f64) -> f64 {
        self.gain.to_f64() * FINE_GAIN * 1.000_01 * largest
    }

    /// How high the kernel may reach where the estimate is that high, with the largest sample of the window.
    #[inline(always)]
    pub(super) fn reach(&self, estimate: f64, largest: f64) -> f64 {
        estimate + self.error * largest
    }

    /// Writes the estimated magnitude for each interval. Vectors may write beyond `intervals`.
    #[inline(always)]
    pub(super) fn write<S: Simd>(
        &self,
        simd: S,
        window: &[T; WINDOW],
        intervals: usize,
        out: &mut [T; INTERVALS],
    ) {
        let lanes = T::Native::<S>::LEN;
        let (zero, gain) = (T::Native::<S>::splat(simd, T::ZERO), T::Native::<S>::splat(simd, self.gain));
        let mut middles = [T::ZERO; MIDDLES];
        // Where vectors end with the window; the last one may do again what the one before did.
        let last = WINDOW - (BEYOND - BESIDE + 2 * TAPS - 1) - lanes;
        let count = intervals + 2 * BESIDE;
        let load = |place: usize| T::Native::<S>::from_slice(simd, &window[place..place + lanes]);
        let mut at = 0;
        while at < count {
            let (mut first, mut second) = (zero, zero);
            let is_pair = at + lanes < count && at + lanes <= last;
            let begin = at.min(last);
            let early = begin + BEYOND - BESIDE;
            let late = early + 2 * TAPS - 1;
            if is_pair {
                // Two vectors share the taps.
                for (j, tap) in self.middle.iter().enumerate() {
                    let tap = T::Native::<S>::splat(simd, *tap);
                    first = tap.mul_add(load(late - j) + load(early + j), first);
                    second = tap.mul_add(load(late - j + lanes) + load(early + j + lanes), second);
                }
                second.store_slice(&mut middles[begin + lanes..begin + 2 * lanes]);
            } else {
                for (j, tap) in self.middle.iter().enumerate() {
                    let tap = T::Native::<S>::splat(simd, *tap);
                    first = tap.mul_add(load(late - j) + load(early + j), first);
                }
            }
            first.store_slice(&mut middles[begin..begin + lanes]);
            at += if is_pair { 2 * lanes } else { lanes };
        }
        for (at, out) in out.chunks_exact_mut(lanes).enumerate().take(intervals.div_ceil(lanes)) {
            let at = at * lanes;
            let sample = |m: usize| gain * T::Native::<S>::from_slice(simd, &window[at + 22 + m..][..lanes]);
            let middle = |m: usize| T::Native::<S>::from_slice(simd, &middles[at + m..][..lanes]);
            let own = middle(2);
            let (mut p, mut q) = ([zero; 3], [zero; 3]);
            for (p, even) in p.iter_mut().zip(&self.even) {
                *p = T::Native::<S>::splat(simd, even[4]) * own;
            }
            for i in 0..4 {
                // Mirror images of each other: middles and samples in turn, from outside inwards.
                let m = i / 2;
                let (a, b) = if i % 2 == 0 { (middle(m), middle(4 - m)) } else { (sample(m), sample(3 - m)) };
                let (sum, difference) = (a + b, a - b);
                for point in 0..3 {
                    p[point] = T::Native::<S>::splat(simd, self.even[point][i]).mul_add(sum, p[point]);
                    q[point] = T::Native::<S>::splat(simd, self.odd[point][i]).mul_add(difference, q[point]);
                }
            }
            let mut largest = own.abs();
            for (p, q) in p.iter().zip(&q) {
                largest = largest.max(p.abs() + q.abs());
            }
            largest.store_slice(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kernels::HISTORY;
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};

    /// The largest difference that any window within ±1 can cause is the sum over its samples of what their
    /// taps differ by.
    #[test]
    fn the_estimate_keeps_to_its_bound() {
        let (sparing, fine) = (Sparing::<f64>::new(), Fine::<f64>::new(1.0));
        let difference = |point, place| (tap(&fine, point, place) - estimated(&sparing, point, place)).abs();
        let of_point = |point| (0..48).map(|place| difference(point, place)).sum::<f64>();
        let worst = (1..8).map(of_point).fold(0.0, f64::max);
        std::println!("the estimate is off by at most {worst:.6} of the largest sample");
        assert!(worst < 0.99 * ERROR, "{worst}");
    }

    /// Tap of the fine kernel at a point for the sample at a place of its 48, oldest first.
    fn tap(fine: &Fine<f64>, point: usize, place: usize) -> f64 {
        let (row, is_late) = if place < 24 { (place, false) } else { (47 - place, true) };
        let column = 2 * (point.min(8 - point) - 1);
        let even = fine.0[row][column];
        let odd = if column == 6 { 0.0 } else { fine.0[row][column + 1] };
        // Points beyond the middle mirror those before it.
        let late = if point > 4 { !is_late } else { is_late };
        if late { even + odd } else { even - odd }
    }

    /// What the sample at a place of the interval's 48 counts in the estimate of a point.
    fn estimated(sparing: &Sparing<f64>, point: usize, place: usize) -> f64 {
        let place = place as i64;
        let middle = |interval: i64| {
            let place = place - interval;
            let row = place.min(47 - place) - BEYOND as i64;
            if row >= 0 { sparing.estimate.middle[row as usize] } else { 0.0 }
        };
        let of_sample = |m: i64| if place == 23 + m { 1.0 } else { 0.0 };
        if point == 4 {
            return middle(0);
        }
        let mut neighbours = [
            middle(-2),
            of_sample(-1),
            middle(-1),
            of_sample(0),
            middle(0),
            of_sample(1),
            middle(1),
            of_sample(2),
        ];
        if point > 4 {
            neighbours = [
                middle(2),
                of_sample(2),
                middle(1),
                of_sample(1),
                middle(0),
                of_sample(0),
                middle(-1),
                of_sample(-1),
            ];
        }
        let weights = NEAR[point.min(8 - point) - 1];
        weights.iter().zip(neighbours).map(|(weight, neighbour)| weight * neighbour).sum()
    }

    #[test]
    fn nothing_that_matters_is_left_out_and_the_estimate_is_near() {
        let mut seed = 5u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let (sparing, fine) = (Sparing::<f32>::new(), Fine::<f32>::new(1.0));
        let mut left_out = 0;
        for round in 0..400 {
            let window: [f32; WINDOW] =
                core::array::from_fn(
                    |n| if round % 2 == 0 { random() } else { libm::sinf(n as f32 * random()) },
                );
            let intervals = 1 + round % INTERVALS;
            for level in [SimdLevel::BEST, SimdLevel::baseline()] {
                let (mut all, mut some, mut near) = ([0.0; INTERVALS], [0.0; INTERVALS], [0.0; INTERVALS]);
                let least = 0.9 + 0.5 * random().abs();
                let known = window[..HISTORY + intervals].iter().fold(0.0, |a: f32, x| a.max(x.abs()));
                let wanted = Wanted { largest: known as f64, least: least as f64, top: f64::INFINITY };
                dispatch!(level.resolve(), s => {
                    fine.peaks(s, &window, intervals, &mut all);
                    sparing.peaks(s, &window, intervals, wanted, &mut some);
                    sparing.estimate.write(s, &window, intervals, &mut near);
                });
                let mut highest = least;
                for i in 0..intervals {
                    assert!(
                        (near[i] - all[i]).abs() <= (ERROR * known as f64) as f32,
                        "{} {}",
                        near[i],
                        all[i]
                    );
                    assert!(
                        some[i] == all[i] || some[i] == 0.0 && all[i] <= highest,
                        "{} {}",
                        some[i],
                        all[i]
                    );
                    left_out += (some[i] == 0.0) as usize;
                    highest = highest.max(some[i]);
                }
            }
        }
        assert!(left_out > 5_000, "{left_out}");
    }
}
