//! A curve through points: cubic pieces that rise where the points do and never overshoot.
//!
//! ```text
//! f(x) = y of the first point + sum over the pieces of p(clamp(x, left, right) - left),   p(t) = t (a + t (b + t c))
//! ```
//!
//! Slopes at the points are those of F. N. Fritsch and J. Butland ("A method for constructing local monotone piecewise cubic
//! interpolants", SIAM Journal on Scientific and Statistical Computing 5(2), 1984), as scipy's `PchipInterpolator` has
//! them. Beyond the first and the last point the curve stays level. Without points it is straight.

use super::{Curve, Lanes, number};
use crate::base::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Most points.
pub(crate) const MOST_POINTS: usize = 16;
/// Points nearer to each other than this are one.
const NEAR: f64 = 1e-6;

/// One piece, from its left end.
#[derive(Clone, Copy, Debug)]
struct Piece {
    left: f64,
    right: f64,
    /// Of `t`, its square and its cube.
    factors: [f64; 3],
}

/// A curve through points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Points {
    count: usize,
    first: f64,
    pieces: [Piece; MOST_POINTS],
}

impl Points {
    /// Straight.
    pub(crate) const STRAIGHT: Self = Self {
        count: 0,
        first: 0.0,
        pieces: [Piece { left: 0.0, right: 0.0, factors: [0.0; 3] }; MOST_POINTS],
    };

    /// Through `[input, output]` each, in any order; of two at one input the first counts.
    pub(crate) fn new(points: impl Iterator<Item = [f64; 2]>) -> Self {
        let mut sorted = [[0.0; 2]; MOST_POINTS];
        let mut count = 0;
        for [x, y] in points.take(MOST_POINTS) {
            let at = sorted[..count].iter().position(|[other, _]| x < *other).unwrap_or(count);
            let is_there = |at: usize| (sorted[at][0] - x).abs() < NEAR;
            if at < count && is_there(at) || at > 0 && is_there(at - 1) {
                continue;
            }
            sorted.copy_within(at..count, at + 1);
            sorted[at] = [x, y];
            count += 1;
        }
        let sorted = &sorted[..count];
        if sorted.is_empty() {
            return Self::STRAIGHT;
        }
        let mut curve = Self { count: count - 1, first: sorted[0][1], ..Self::STRAIGHT };
        let slopes = slopes(sorted);
        for (at, ends) in sorted.windows(2).enumerate() {
            let [[left, from], [right, to]] = [ends[0], ends[1]];
            let (width, rise) = (right - left, (to - from) / (right - left));
            let b = (3.0 * rise - 2.0 * slopes[at] - slopes[at + 1]) / width;
            let c = (slopes[at] + slopes[at + 1] - 2.0 * rise) / (width * width);
            curve.pieces[at] = Piece { left, right, factors: [slopes[at], b, c] };
        }
        curve.is_level(count)
    }

    /// One point alone is a level line: it counts as a piece of no width.
    fn is_level(mut self, points: usize) -> Self {
        self.count = self.count.max(usize::from(points > 0));
        self
    }

    /// What comes out.
    pub(crate) fn value(&self, x: f64) -> f64 {
        if self.count == 0 {
            return x;
        }
        self.pieces[..self.count].iter().fold(self.first, |y, Piece { left, right, factors: [a, b, c] }| {
            let t = x.clamp(*left, *right) - left;
            y + t * (a + t * (b + t * c))
        })
    }
}

/// Slopes at the points.
fn slopes(points: &[[f64; 2]]) -> [f64; MOST_POINTS] {
    let width = |at: usize| points[at + 1][0] - points[at][0];
    let rise = |at: usize| (points[at + 1][1] - points[at][1]) / width(at);
    let mut slopes = [0.0; MOST_POINTS];
    let last = points.len() - 1;
    if last == 0 {
        return slopes;
    }
    if last == 1 {
        slopes[..2].fill(rise(0));
        return slopes;
    }
    for at in 1..last {
        let (before, after) = (rise(at - 1), rise(at));
        if before * after > 0.0 {
            let (w1, w2) = (2.0 * width(at) + width(at - 1), width(at) + 2.0 * width(at - 1));
            slopes[at] = (w1 + w2) / (w1 / before + w2 / after);
        }
    }
    // At the ends a parabola through three points, kept from turning.
    let end = |h0: f64, h1: f64, m0: f64, m1: f64| {
        let slope = ((2.0 * h0 + h1) * m0 - h0 * m1) / (h0 + h1);
        match slope {
            slope if slope * m0 <= 0.0 => 0.0,
            slope if m0 * m1 <= 0.0 && slope.abs() > 3.0 * m0.abs() => 3.0 * m0,
            slope => slope,
        }
    };
    slopes[0] = end(width(0), width(1), rise(0), rise(1));
    slopes[last] = end(width(last - 1), width(last - 2), rise(last - 1), rise(last - 2));
    slopes
}

impl<T: Sample> Curve<T> for Points {
    #[inline(always)]
    fn added<S: Simd>(&self, simd: S, x: Lanes<S, T>) -> Lanes<S, T> {
        if self.count == 0 {
            return number::<S, T>(simd, 0.0);
        }
        let mut y = number::<S, T>(simd, self.first);
        for Piece { left, right, factors: [a, b, c] } in &self.pieces[..self.count] {
            let left = number::<S, T>(simd, *left);
            let t = x.max(left).min(number::<S, T>(simd, *right)) - left;
            y = t.mul_add(
                t.mul_add(
                    t.mul_add(number::<S, T>(simd, *c), number::<S, T>(simd, *b)),
                    number::<S, T>(simd, *a),
                ),
                y,
            );
        }
        y - x
    }
}
