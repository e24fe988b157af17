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
use crate::dsp::oversample::MOST_HIGH;
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

/// Most frames at a time.
const MOST: usize = MOST_HIGH;
const ROOM: usize = MOST + 2 * LANES;

/// Frames on their way through curves.
pub(crate) struct Shaper<T> {
    /// The last two frames, then these, each with its bias.
    x: [T; ROOM],
    frames: usize,
    octaves: usize,
    /// The bias of the last frame, then one for each frame of the low rate.
    biases: [T; CHUNK + LANES],
    has_bias: bool,
}

impl<T: Sample> Shaper<T> {
    /// Takes frames, at most [`MOST_HIGH`], of which there are `1 << octaves` for each of the low rate, and for each of
    /// those a bias: the curve's working point.
    #[inline(always)]
    pub(crate) fn new(course: &mut Course, samples: &[T], octaves: usize, biases: &[T]) -> Self {
        let frames = samples.len();
        let mut x = [T::ZERO; ROOM];
        [x[0], x[1]] = course.last.map(T::from_f64);
        let mut kept = [T::ZERO; CHUNK + LANES];
        kept[0] = T::from_f64(course.bias);
        kept[1..=biases.len()].copy_from_slice(biases);
        let has_bias = kept != [T::ZERO; CHUNK + LANES];
        if has_bias {
            for (f, (x, sample)) in x[2..].iter_mut().zip(samples).enumerate() {
                *x = *sample + biases[f >> octaves];
            }
        } else {
            x[2..2 + frames].copy_from_slice(samples);
        }
        course.last = [x[frames], x[frames + 1]].map(Sample::to_f64);
        course.bias = kept[(frames + (1 << octaves) - 1) >> octaves].to_f64();
        Self { x, frames, octaves, biases: kept, has_bias }
    }

    /// Adds to `out` what a curve adds to the frames beyond what it adds to silence, a frame late; with `smooth` as the
    /// mean of a triangle over two steps. Of that it takes a share for each frame of the low rate, or all.
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
        let is_silent = silent == [T::ZERO; CHUNK + LANES];
        let [mut beginnings, mut ends] = [[T::ZERO; ROOM]; 2];
        for i in (0..=self.frames).step_by(LANES) {
            let from = Lanes::<S, T>::from_slice(simd, &self.x[i..i + LANES]);
            let to = Lanes::<S, T>::from_slice(simd, &self.x[i + 1..i + 1 + LANES]);
            if smooth {
                let shares = curve.shares(simd, from, to, self.silent_at(simd, &silent, is_silent, i));
                shares.beginning.store_slice(&mut beginnings[i..i + LANES]);
                shares.end.store_slice(&mut ends[i..i + LANES]);
            } else {
                (curve.added(simd, to) - self.silent_at(simd, &silent, is_silent, i))
                    .store_slice(&mut ends[i..i + LANES]);
            }
        }
        let added = ends.iter().zip(&beginnings[1..]).map(|(end, beginning)| *end + *beginning);
        match shares {
            None => out[..self.frames].iter_mut().zip(added).for_each(|(out, added)| *out += added),
            Some(shares) => {
                for (f, (out, added)) in out[..self.frames].iter_mut().zip(added).enumerate() {
                    *out += shares[f >> self.octaves] * added;
                }
            }
        }
    }

    /// The same at the steps from one on.
    #[inline(always)]
    fn silent_at<S: Simd>(
        &self,
        simd: S,
        silent: &[T; CHUNK + LANES],
        is_silent: bool,
        step: usize,
    ) -> Lanes<S, T> {
        if is_silent {
            return number::<S, T>(simd, 0.0);
        }
        let mut lanes = [T::ZERO; LANES];
        for (lane, silent_then) in lanes.iter_mut().enumerate() {
            *silent_then = silent[((step + lane + (1 << self.octaves) - 1) >> self.octaves).min(CHUNK)];
        }
        Lanes::<S, T>::from_slice(simd, &lanes)
    }

    /// What a curve adds to silence, with each bias.
    #[inline(always)]
    fn silent<S: Simd, C: Curve<T>>(&self, simd: S, curve: &C) -> [T; CHUNK + LANES] {
        let mut silent = self.biases;
        if !self.has_bias {
            let mut lanes = [T::ZERO; LANES];
            curve.added(simd, Lanes::<S, T>::splat(simd, T::ZERO)).store_slice(&mut lanes);
            return [lanes[0]; CHUNK + LANES];
        }
        for lanes in silent.chunks_exact_mut(LANES) {
            let biases = Lanes::<S, T>::from_slice(simd, lanes);
            curve.added(simd, biases).store_slice(lanes);
        }
        silent
    }
}

#[cfg(test)]
mod tests;
