//! Floor 4: sections that work on a part of two channels: left or right alone, or what both have alike or opposite.
//!
//! ```text
//! d = (H - 1) x for either channel        left  += ll d_left + cross d_right
//!                                         right += rr d_right + cross d_left
//! ```
//!
//! Both channels run through the same filter, whatever its placement, so the placement can move at any time. The filter
//! itself is the one of `filter::svf` with 1 taken off `m0`, so that what it gives is the change. Changes are
//! added up before they meet the signal, so that what cancels leaves it to the bit.
//!
//! [`run_section`] runs one section, [`run_pipeline`] eight at once as in `filter::simd_pipeline`.
//!
//! State: `s1` and `s2` per section and channel, in the caller's words; what moves is a [`StereoPlacement`].

use super::simd_pipeline::{self, SECTIONS};
use super::svf::{COEFFICIENTS, Lanes, SvfCoefficients, step};
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::params::ramp::CHUNK;
use crate::params::smoothed::smoothed;
use fearless_simd::Simd;
use fearless_simd::prelude::*;
use num_complex::Complex;

smoothed! {
    /// How much of a section's change goes where.
    pub(crate) design struct StereoPlacement {
        /// From left to left.
        ll,
        /// From right to right.
        rr,
        /// From either to the other.
        cross,
    }
}

/// Both channels, each by itself.
pub(crate) const EVERYWHERE: StereoPlacement = StereoPlacement { ll: 1.0, rr: 1.0, cross: 0.0 };

/// What two channels give for two channels: `[out][in]`.
pub(crate) type Matrix = [[Complex<f64>; 2]; 2];

/// The matrix of a section with response `h`, after one with matrix `before`.
pub(crate) fn then(before: &Matrix, placement: StereoPlacement, h: Complex<f64>) -> Matrix {
    let StereoPlacement { ll, rr, cross } = placement;
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

/// Runs one section over at most [`CHUNK`] frames of the first two channels, in place. The coefficients are of a
/// [`change_of`] a design; `placement` has one value per frame, in the order of [`StereoPlacement`]; `state` holds
/// `s1, s2` of channel `c` at `place(c)`.
#[inline(always)]
pub(crate) fn run_section<S: Simd, T: Sample>(
    simd: S,
    coefficients: SvfCoefficients<'_, T>,
    placement: &[[T; CHUNK]; 3],
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
                    [0, 1, 2].map(|i| T::Lanes4::<S>::from_slice(simd, &placement[i][f..f + W]));
                let left = x[0] + cross.mul_add(d[1], ll * d[0]);
                let right = x[1] + cross.mul_add(d[0], rr * d[1]);
                [left, right, d[2], d[3]]
            };
            for f in (0..frames).step_by(W) {
                let count = W.min(frames - f);
                match coefficients {
                    SvfCoefficients::Constant(c) => {
                        let c = c.map(|value| T::Lanes4::<S>::splat(simd, value));
                        lanes.advance::<S, 2, W>(simd, &mut audio, f, count, |_| c, mix);
                    }
                    SvfCoefficients::Moving(c) => {
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
/// changes; places beyond `sections` must give none. Otherwise as
/// [`run_sections`](super::simd_pipeline::run_sections).
#[inline(always)]
pub(crate) fn run_pipeline<S: Simd, T: Sample>(
    simd: S,
    coefficients: &[[T; SECTIONS]; COEFFICIENTS],
    placement: &[[T; SECTIONS]; 3],
    state: &mut [T],
    stride: usize,
    sections: &[u32],
    block: &mut Block<'_, '_, T>,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let c = simd_pipeline::quads::<S, T, COEFFICIENTS, 2>(simd, coefficients);
            let placement = simd_pipeline::quads::<S, T, 3, 2>(simd, placement).map(|[ll, rr, cross]| {
                let ((ll, _), (_, rr)) = (ll.split(), rr.split());
                [ll.combine(rr), cross]
            });
            simd_pipeline::run::<S, T, 2, 2>(
                simd,
                state,
                stride,
                sections,
                block.channels_from::<2>(0),
                #[inline(always)]
                |q, s1, s2, x| {
                    let d = step(&c[q], s1, s2, x);
                    let (left, right) = d.split();
                    let [own, cross] = placement[q];
                    x + cross.mul_add(right.combine(left), own * d)
                },
            );
        },
    )
}
