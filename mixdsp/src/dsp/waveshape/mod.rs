//! Floor 4: audio through a curve, without the aliases that sampling a bent wave makes.
//!
//! ```text
//! x[n-2] ---- x[n-1] ---- x[n]      the course between frames is a straight line
//!         /\                        f(course) - course, weighted by a triangle over two steps, is what leaves: y[n]
//! ```
//!
//! That is antiderivative antialiasing with a triangle for a kernel (J. D. Parker, V. Zavalishin, E. Le Bivic, "Reducing
//! the aliasing of nonlinear waveshaping using continuous-time convolution", DAFx 2016). In place of differences of
//! antiderivatives, which lose their digits where two frames are close to each other, the mean over a step is found as
//! such: for what clips from where the line crosses the edges, in closed form; for smooth curves by Gauss' rule with
//! three points, whose error is under what the straight lines leave. So it needs no double precision, no division by
//! a difference, and no branch.
//!
//! Only what a curve adds is computed, `f(x) - x`. All curves but those through points have slope 1 at 0, so that is
//! nothing for soft sounds, whatever happens to it on its way. What leaves is late by one frame.
//!
//! State, per channel: the last two frames and their bias.

pub(crate) mod clip;
pub mod curve_path;
pub(crate) mod curves;
pub(crate) mod hysteresis;
pub(crate) mod points;

use crate::base::memory::plain;
use crate::base::sample::Sample;
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Frames by which what leaves is late.
pub(crate) const LATENCY: usize = 1;
/// Frames side by side.
const LANES: usize = 8;

/// Frames side by side, for short.
type Lanes<S, T> = <T as Sample>::Lanes8<S>;

/// The same number in all frames. No closure: one would be compiled without the vector instructions.
#[inline(always)]
fn number<S: Simd, T: Sample>(simd: S, value: f64) -> Lanes<S, T> {
    Lanes::<S, T>::splat(simd, T::from_f64(value))
}

plain! {
    /// The last two frames, with their bias, where the later steps begin.
    pub(crate) struct Course {
        last: [f64; 2],
        /// The bias of the last one.
        bias: f64,
    }
}

/// The shares of a step: what it gives to the frame at its beginning, and to that at its end. Both are means of what the
/// curve adds, over a straight line from `from` to `to`: weighted by `1 - t` and by `t`.
pub(crate) struct Shares<V> {
    pub(crate) beginning: V,
    pub(crate) end: V,
}

/// A curve, in as many frames as stand side by side.
pub(crate) trait Curve<T: Sample> {
    /// What it adds to these values.
    fn added<S: Simd>(&self, simd: S, x: Lanes<S, T>) -> Lanes<S, T>;

    /// Whether it adds nothing to any of these steps, where that is soon told.
    #[inline(always)]
    fn is_straight<S: Simd>(&self, _: S, _: Lanes<S, T>, _: Lanes<S, T>) -> bool {
        false
    }

    /// The means over steps of what it adds beyond `silent`.
    #[inline(always)]
    fn shares<S: Simd>(
        &self,
        simd: S,
        from: Lanes<S, T>,
        to: Lanes<S, T>,
        silent: Lanes<S, T>,
    ) -> Shares<Lanes<S, T>> {
        let step = to - from;
        let mut shares = Shares { beginning: number::<S, T>(simd, 0.0), end: number::<S, T>(simd, 0.0) };
        for (place, weight) in GAUSS {
            let added = self.added(simd, step.mul_add(number::<S, T>(simd, place), from)) - silent;
            shares.beginning = added.mul_add(number::<S, T>(simd, weight * (1.0 - place)), shares.beginning);
            shares.end = added.mul_add(number::<S, T>(simd, weight * place), shares.end);
        }
        shares
    }
}

/// Gauss' rule of three points from 0 to 1.
const GAUSS: [(f64, f64); 3] =
    [(0.112_701_665_379_258_3, 5.0 / 18.0), (0.5, 4.0 / 9.0), (0.887_298_334_620_741_7, 5.0 / 18.0)];

/// Places before frames on their way through curves, and behind them, that a [`Shaper`] needs.
pub(crate) const BEFORE: usize = 2;
pub(crate) const BEHIND: usize = 2 * LANES;

/// Frames on their way through curves.
pub(crate) struct Shaper<'a, T> {
    /// The last two frames, these, and what vectors touch behind them; each with its bias.
    x: &'a [T],
    frames: usize,
    octaves: usize,
    bias: Bias<T>,
}

/// A curve's working point.
enum Bias<T> {
    /// The same for all frames.
    Still(T),
    /// That of the last frame, then one for each frame of the low rate.
    Moving([T; CHUNK + LANES]),
}

/// What a curve adds to silence.
enum Silent<V, T> {
    /// The same for all frames.
    Still(V),
    /// With each bias.
    Moving([T; CHUNK + LANES]),
}

impl<'a, T: Sample> Shaper<'a, T> {
    /// Takes frames, which stand in `x` behind [`BEFORE`] places and before [`BEHIND`] others, of which there are `1 <<
    /// octaves` for each of the low rate, and for each of those a bias: the curve's working point.
    #[inline(always)]
    pub(crate) fn new(course: &mut Course, x: &'a mut [T], octaves: usize, biases: &[T]) -> Self {
        let frames = x.len() - BEFORE - BEHIND;
        [x[0], x[1]] = course.last.map(T::from_f64);
        let last = T::from_f64(course.bias);
        let bias = if biases.iter().all(|bias| *bias == last) {
            Bias::Still(last)
        } else {
            let mut kept = [last; CHUNK + LANES];
            kept[1..=biases.len()].copy_from_slice(biases);
            Bias::Moving(kept)
        };
        match bias {
            Bias::Still(bias) if bias == T::ZERO => (),
            Bias::Still(bias) => x[BEFORE..].iter_mut().for_each(|x| *x += bias),
            Bias::Moving(_) => {
                for (f, x) in x[BEFORE..BEFORE + frames].iter_mut().enumerate() {
                    *x += biases[f >> octaves];
                }
            }
        }
        course.last = [x[frames], x[frames + 1]].map(Sample::to_f64);
        if let [.., bias] = biases {
            course.bias = bias.to_f64();
        }
        Self { x, frames, octaves, bias }
    }

    /// Adds to `out` what a curve adds to the frames beyond what it adds to silence, a frame late; with `smooth` as the
    /// mean of a triangle over two steps. Of that it takes a share for each frame of the low rate, or all. Vectors may write
    /// beyond the frames: `out` has as many places behind them.
    #[inline(always)]
    pub(crate) fn add<S: Simd, C: Curve<T>>(
        &self,
        simd: S,
        curve: &C,
        smooth: bool,
        shares: Option<&[T; CHUNK]>,
        out: &mut [T],
    ) {
        let silent = self.silent(simd, curve);
        let mut step = self.step(simd, curve, smooth, &silent, 0);
        for at in (0..self.frames).step_by(LANES) {
            let next = self.step(simd, curve, smooth, &silent, at + LANES);
            let mut added = step.end + step.beginning.slide::<1>(next.beginning);
            if let Some(shares) = shares {
                added *= self.shares_at(simd, shares, at);
            }
            let out = &mut out[at..at + LANES];
            (Lanes::<S, T>::from_slice(simd, out) + added).store_slice(out);
            step = next;
        }
    }

    /// What the steps from one on share.
    #[inline(always)]
    fn step<S: Simd, C: Curve<T>>(
        &self,
        simd: S,
        curve: &C,
        smooth: bool,
        silent: &Silent<Lanes<S, T>, T>,
        at: usize,
    ) -> Shares<Lanes<S, T>> {
        let silent = match silent {
            Silent::Still(silent) => *silent,
            Silent::Moving(silent) => {
                let mut lanes = [T::ZERO; LANES];
                for (lane, silent_then) in lanes.iter_mut().enumerate() {
                    let frame = (at + lane + (1 << self.octaves) - 1) >> self.octaves;
                    *silent_then = silent[frame.min(CHUNK)];
                }
                Lanes::<S, T>::from_slice(simd, &lanes)
            }
        };
        let from = Lanes::<S, T>::from_slice(simd, &self.x[at..at + LANES]);
        let to = Lanes::<S, T>::from_slice(simd, &self.x[at + 1..at + 1 + LANES]);
        if smooth {
            return if curve.is_straight(simd, from, to) {
                let end = number::<S, T>(simd, 0.0);
                let half = silent * number::<S, T>(simd, -0.5);
                Shares { beginning: end + half, end: end + half }
            } else {
                curve.shares(simd, from, to, silent)
            };
        }
        Shares { beginning: number::<S, T>(simd, 0.0), end: curve.added(simd, to) - silent }
    }

    /// Of the frames from one on, that of each.
    #[inline(always)]
    fn shares_at<S: Simd>(&self, simd: S, shares: &[T; CHUNK], at: usize) -> Lanes<S, T> {
        let mut lanes = [T::ZERO; LANES];
        for (lane, share) in lanes.iter_mut().enumerate() {
            *share = shares[((at + lane) >> self.octaves).min(CHUNK - 1)];
        }
        Lanes::<S, T>::from_slice(simd, &lanes)
    }

    #[inline(always)]
    fn silent<S: Simd, C: Curve<T>>(&self, simd: S, curve: &C) -> Silent<Lanes<S, T>, T> {
        let mut silent = match self.bias {
            Bias::Still(bias) => return Silent::Still(curve.added(simd, Lanes::<S, T>::splat(simd, bias))),
            Bias::Moving(biases) => biases,
        };
        for lanes in silent.chunks_exact_mut(LANES) {
            let biases = Lanes::<S, T>::from_slice(simd, lanes);
            curve.added(simd, biases).store_slice(lanes);
        }
        Silent::Moving(silent)
    }
}

#[cfg(test)]
mod tests;
