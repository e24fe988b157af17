//! Sections that work on a part of two channels: left or right alone, or what both have alike or opposite.
//!
//! ```text
//! d = (H - 1) x for either channel        left  += ll d_left + cross d_right
//!                                         right += rr d_right + cross d_left
//! ```
//!
//! Both channels run through the same filter, whatever its share, so the share can move at any time. The filter
//! itself is the one of `filter::svf` with 1 taken off `m0`, so that what it gives is the change. Changes are
//! added up before they meet the signal, so that what cancels leaves it to the bit.
//!
//! `pair` runs one section, `at_once` eight in a skewed pipeline as in `filter::cascade`.

use super::cascade::{DEPTH, Pipeline, SECTIONS, SKEW};
use super::svf::{COEFFICIENTS, Course, Lanes, step};
use crate::audio::Block;
use crate::ramp::CHUNK;
use crate::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;
use num_complex::Complex;

/// Shares of a section's effect: from left to left, from right to right, and across.
pub(crate) type Share = [f64; 3];

/// Both channels, each by itself.
pub(crate) const EVERYWHERE: Share = [1.0, 1.0, 0.0];

/// What two channels give for two channels: `[out][in]`.
pub(crate) type Matrix = [[Complex<f64>; 2]; 2];

/// The matrix of a section with response `h`, after one with matrix `before`.
pub(crate) fn then(before: &Matrix, [ll, rr, cross]: Share, h: Complex<f64>) -> Matrix {
    let change =
        |out: [f64; 2], from: usize| (h - 1.0) * (before[0][from] * out[0] + before[1][from] * out[1]);
    let row = |out: usize, shares: [f64; 2]| [0, 1].map(|from| before[out][from] + change(shares, from));
    [row(0, [ll, cross]), row(1, [cross, rr])]
}

/// A design whose output is the change that it makes.
#[inline(always)]
pub(crate) fn change_of([g, k, m0, m1, m2]: [f64; 5]) -> [f64; 5] {
    [g, k, m0 - 1.0, m1, m2]
}

/// Runs one section over at most [`CHUNK`] frames of the first two channels, in place. The course is of a
/// [`change_of`] a design; `share` has one value per frame; `state` holds `s1, s2` of channel `c` at `place(c)`.
#[inline(always)]
pub(crate) fn pair<S: Simd, T: Sample>(
    simd: S,
    course: Course<'_, T>,
    share: &[[T; CHUNK]; 3],
    state: &mut [T],
    place: impl Fn(usize) -> [usize; 2],
    block: &mut Block<'_, '_, T>,
) {
    const W: usize = 4;
    simd.vectorize(
        #[inline(always)]
        || {
            let mut lanes = Lanes::<T::Lanes4<S>>::load(simd, state, &place, 2);
            let frames = block.frames().min(CHUNK);
            let mut audio = block.channels_from::<2>(0);
            let mix = |f: usize, x: &[T::Lanes4<S>; W], d: [T::Lanes4<S>; W]| {
                let [ll, rr, cross] =
                    [0, 1, 2].map(|i| T::Lanes4::<S>::from_slice(simd, &share[i][f..f + W]));
                let left = x[0] + cross.mul_add(d[1], ll * d[0]);
                let right = x[1] + cross.mul_add(d[0], rr * d[1]);
                [left, right, d[2], d[3]]
            };
            for f in (0..frames).step_by(W) {
                let count = W.min(frames - f);
                match course {
                    Course::Constant(c) => {
                        let c = c.map(|value| T::Lanes4::<S>::splat(simd, value));
                        lanes.advance::<S, 2, W>(simd, &mut audio, f, count, |_| c, mix);
                    }
                    Course::Moving(c) => {
                        let at = |i| core::array::from_fn(|k| T::Lanes4::<S>::splat(simd, c[k][f + i]));
                        lanes.advance::<S, 2, W>(simd, &mut audio, f, count, at, mix);
                    }
                }
            }
            lanes.store(state, &place, 2);
        },
    )
}

/// Runs up to eight sections over all frames of the first two channels, in place. The coefficients are of
/// changes; lanes beyond `sections` must give none. Otherwise as
/// [`sections_at_once`](super::cascade::sections_at_once).
#[inline(always)]
pub(crate) fn at_once<S: Simd, T: Sample>(
    simd: S,
    coefficients: &[[T; SECTIONS]; COEFFICIENTS],
    share: &[[T; SECTIONS]; 3],
    state: &mut [T],
    stride: usize,
    sections: &[u32],
    block: &mut Block<'_, '_, T>,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let c: [T::Lanes8<S>; COEFFICIENTS] =
                core::array::from_fn(|i| T::Lanes8::<S>::from_slice(simd, &coefficients[i]));
            let share = share.each_ref().map(|share| T::Lanes8::<S>::from_slice(simd, share));
            let frames = block.frames();
            let [left, right] = block.channels_from::<2>(0);
            let (left, right) = (&mut left[..frames], &mut right[..frames]);
            let pipes = core::array::from_fn(|n| Pipeline::load(simd, &state[n * stride..], sections));
            let mut pair = Pair { c, share, pipes };
            for t in 0..DEPTH.min(frames) {
                pair.advance_some(simd, [left[t], right[t]], works(t, frames));
            }
            for t in DEPTH..frames {
                let y = pair.advance(simd, [left[t], right[t]]);
                [left[t - DEPTH], right[t - DEPTH]] = y;
            }
            for t in frames..frames + DEPTH {
                let y = pair.advance_some(simd, [T::ZERO; 2], works(t, frames));
                if t >= DEPTH {
                    [left[t - DEPTH], right[t - DEPTH]] = y;
                }
            }
            for (n, pipe) in pair.pipes.iter().enumerate() {
                pipe.store(&mut state[n * stride..], sections);
            }
        },
    )
}

/// The lanes whose frame at step `t` is one of `frames`.
#[inline(always)]
fn works(t: usize, frames: usize) -> u64 {
    let up_to = |steps: usize| (2u64 << (steps / SKEW)) - 1;
    up_to(t.min(DEPTH)) & !if t < frames { 0 } else { up_to(t - frames) }
}

/// Two channels on their way through the lanes.
struct Pair<V> {
    c: [V; COEFFICIENTS],
    share: [V; 3],
    pipes: [Pipeline<V>; 2],
}

impl<V> Pair<V> {
    /// One step: `x` enters at lane 0 of either channel; returns what leaves at the last lanes.
    #[inline(always)]
    fn advance<S: Simd>(&mut self, simd: S, x: [V::Element; 2]) -> [V::Element; 2]
    where
        V: SimdFloat<S>,
    {
        let [ll, rr, cross] = self.share;
        let [a, b] = &mut self.pipes;
        let (xa, xb) = (a.take(simd, x[0]), b.take(simd, x[1]));
        let da = step(&self.c, &mut a.s1, &mut a.s2, xa);
        let db = step(&self.c, &mut b.s1, &mut b.s2, xb);
        [a.give(xa + cross.mul_add(db, ll * da)), b.give(xb + cross.mul_add(da, rr * db))]
    }

    /// The same while filling or draining: the lanes outside `works` keep their state.
    #[inline(always)]
    fn advance_some<S: Simd>(&mut self, simd: S, x: [V::Element; 2], works: u64) -> [V::Element; 2]
    where
        V: SimdFloat<S>,
    {
        let before = self.pipes.each_ref().map(|pipe| (pipe.s1, pipe.s2));
        let y = self.advance(simd, x);
        let works = V::Mask::from_bitmask(simd, works);
        for (pipe, (s1, s2)) in self.pipes.iter_mut().zip(before) {
            pipe.s1 = works.select(pipe.s1, s1);
            pipe.s2 = works.select(pipe.s2, s2);
        }
        y
    }
}
