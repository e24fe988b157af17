//! Clipping, hard or with a knee, and its means over a step in closed form.
//!
//! ```text
//! f(x) = x                             up to 1 - knee
//!        x - (x - 1 + knee)^2 / 4 knee    within the knee
//!        1                             from 1 + knee on              and the same for negative values
//! ```
//!
//! What it adds is `bend + excess`: within the knee `-(x - 1 + knee)^2 / 4 knee`, which stays at `-knee` beyond it, and
//! `-(x - 1 - knee)`. On a straight line each is one piece of a parabola or of a line, and constant beside it.

use super::{Curve, Lanes, Shares, number};
use crate::base::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// The narrowest knee: one without has a hundred thousandth of the ceiling.
pub(crate) const NARROWEST: f64 = 1e-5;

/// Clips at 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clip {
    /// Half the width of the knee: how far below 1 the bend begins.
    knee: f64,
}

impl Clip {
    /// Without a knee.
    pub(crate) const HARD: Self = Self { knee: NARROWEST };

    /// With a knee of this half width, below 1.
    pub(crate) fn new(knee: f64) -> Self {
        Self { knee: knee.max(NARROWEST) }
    }

    /// What comes out.
    pub(crate) fn value(&self, x: f64) -> f64 {
        let into = (x.abs() - 1.0 + self.knee).clamp(0.0, 2.0 * self.knee);
        let y = x.abs().min(1.0 + self.knee) - into * into / (4.0 * self.knee);
        if x < 0.0 { -y } else { y }
    }
}

impl Clip {
    /// What it adds to what stands above the knee.
    #[inline(always)]
    fn added_above<S: Simd, T: Sample>(&self, simd: S, x: Lanes<S, T>) -> Lanes<S, T> {
        let (zero, width) = (number::<S, T>(simd, 0.0), number::<S, T>(simd, 2.0 * self.knee));
        let into = x - number::<S, T>(simd, 1.0 - self.knee);
        let bend = into.max(zero).min(width);
        (bend * bend).mul_add(number::<S, T>(simd, -0.25 / self.knee), zero - (into - width).max(zero))
    }

    /// The means of what it takes from a step above the knee.
    #[inline(always)]
    fn shares_above<S: Simd, T: Sample>(
        &self,
        simd: S,
        [from, to]: [Lanes<S, T>; 2],
        rises: Lanes<S, T>,
        inverse: Lanes<S, T>,
    ) -> Shares<Lanes<S, T>> {
        let (zero, width) = (number::<S, T>(simd, 0.0), number::<S, T>(simd, 2.0 * self.knee));
        let edge = number::<S, T>(simd, 1.0 - self.knee);
        let (into, into_to) = (from - edge, to - edge);
        let side = Side {
            from: into.max(zero).min(width),
            to: into_to.max(zero).min(width),
            over_from: (into - width).max(zero),
            over_to: (into_to - width).max(zero),
            into,
            rises,
        };
        let (bend, over) = (bend::<S, T>(simd, &side, inverse), excess::<S, T>(simd, &side, inverse));
        let scale = number::<S, T>(simd, 0.25 / self.knee);
        Shares {
            beginning: bend.beginning.mul_add(scale, over.beginning),
            end: bend.end.mul_add(scale, over.end),
        }
    }
}

/// One side: what stands above `1 - knee`.
struct Side<V> {
    /// Into the knee, at both ends of the step, 0 to 2 knee.
    from: V,
    to: V,
    /// Over the knee, 0 or more.
    over_from: V,
    over_to: V,
    /// Into the knee at the beginning if it had no ends.
    into: V,
    rises: V,
}

impl<T: Sample> Curve<T> for Clip {
    #[inline(always)]
    fn added<S: Simd>(&self, simd: S, x: Lanes<S, T>) -> Lanes<S, T> {
        self.added_above::<S, T>(simd, x) - self.added_above::<S, T>(simd, number::<S, T>(simd, 0.0) - x)
    }

    #[inline(always)]
    fn is_straight<S: Simd>(&self, simd: S, from: Lanes<S, T>, to: Lanes<S, T>) -> bool {
        let bends = from.abs().max(to.abs()).simd_gt(number::<S, T>(simd, 1.0 - self.knee));
        !bends.any_true()
    }

    #[inline(always)]
    fn shares<S: Simd>(
        &self,
        simd: S,
        from: Lanes<S, T>,
        to: Lanes<S, T>,
        silent: Lanes<S, T>,
    ) -> Shares<Lanes<S, T>> {
        let zero = number::<S, T>(simd, 0.0);
        let step = to - from;
        // So small a step stays where it is.
        let inverse = number::<S, T>(simd, 1.0) / step.abs().max(number::<S, T>(simd, 1e-25));
        // 1 where the step rises.
        let rises = (step * number::<S, T>(simd, 1e30)).max(zero).min(number::<S, T>(simd, 1.0));
        let above = self.shares_above::<S, T>(simd, [from, to], rises, inverse);
        let below = self.shares_above::<S, T>(
            simd,
            [zero - from, zero - to],
            number::<S, T>(simd, 1.0) - rises,
            inverse,
        );
        let silent = silent * number::<S, T>(simd, 0.5);
        Shares { beginning: below.beginning - above.beginning - silent, end: below.end - above.end - silent }
    }
}

/// Means of the square of what stands in the knee: constant, a parabola, constant.
#[inline(always)]
fn bend<S: Simd, T: Sample>(simd: S, side: &Side<Lanes<S, T>>, inverse: Lanes<S, T>) -> Shares<Lanes<S, T>> {
    let one = number::<S, T>(simd, 1.0);
    let (p, q) = (side.from, side.to);
    // Shares of the step: until it moves, and while it does.
    let before = ((p - side.into).abs() * inverse).min(one);
    let moving = ((q - p).abs() * inverse).min(one - before);
    let (squares, product) = ((p * p, q * q), p * q);
    let whole = (squares.0 + product + squares.1) * number::<S, T>(simd, 1.0 / 3.0);
    let late = (squares.1.mul_add(number::<S, T>(simd, 3.0), squares.0) + product + product)
        * number::<S, T>(simd, 1.0 / 12.0);
    let after = before + moving;
    let half = number::<S, T>(simd, 0.5);
    let moving_end = moving * before.mul_add(whole, moving * late);
    let end = (before * before * half)
        .mul_add(squares.0, ((one - after * after) * half).mul_add(squares.1, moving_end));
    let all = before.mul_add(squares.0, moving.mul_add(whole, (one - after) * squares.1));
    Shares { beginning: all - end, end }
}

/// Means of what stands over the knee: nothing, a line.
#[inline(always)]
fn excess<S: Simd, T: Sample>(
    simd: S,
    side: &Side<Lanes<S, T>>,
    inverse: Lanes<S, T>,
) -> Shares<Lanes<S, T>> {
    let one = number::<S, T>(simd, 1.0);
    let (p, q) = (side.over_from, side.over_to);
    let share = (p.max(q) * inverse).min(one);
    let before = (one - share) * side.rises;
    let mean = (p + q) * number::<S, T>(simd, 0.5);
    let late = q.mul_add(number::<S, T>(simd, 1.0 / 3.0), p * number::<S, T>(simd, 1.0 / 6.0));
    let end = share * before.mul_add(mean, share * late);
    Shares { beginning: share * mean - end, end }
}
