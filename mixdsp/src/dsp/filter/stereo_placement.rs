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
use super::svf::{COEFFICIENTS, Lanes, Place, SvfCoefficients, read_rows, step, write_rows};
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
/// [`change_of`] a design; `placement` has one value per frame, in the order of [`StereoPlacement`].
#[inline(always)]
pub(crate) fn run_section<S: Simd, T: Sample>(
    simd: S,
    coefficients: SvfCoefficients<'_, T>,
    placement: &[[T; CHUNK]; 3],
    state: &mut [T],
    place: Place,
    block: &mut Block<'_, '_, T>,
) {
    const W: usize = 4;
    simd.vectorize(
        #[inline(always)]
        || {
            let mut lanes = Lanes::<T::Lanes4<S>>::load(simd, state, place, 2);
            let frames = block.frames().min(CHUNK);
            let mut audio = block.channels_from::<W>(0);
            let constant = coefficients.in_lanes(simd, 0);
            for f in (0..frames).step_by(W) {
                let count = W.min(frames - f);
                let x = read_rows::<S, T::Lanes4<S>, W>(simd, &audio, 2, f, count);
                let d = match coefficients {
                    SvfCoefficients::Constant(_) => lanes.advance(f, count, x, &|_| constant),
                    SvfCoefficients::Moving(_) => {
                        lanes.advance(f, count, x, &|f| coefficients.in_lanes(simd, f))
                    }
                };
                let gains = |i: usize| T::Lanes4::<S>::from_slice(simd, &placement[i][f..f + W]);
                let (ll, rr, cross) = (gains(0), gains(1), gains(2));
                let left = x[0] + cross.mul_add(d[1], ll * d[0]);
                let right = x[1] + cross.mul_add(d[0], rr * d[1]);
                write_rows(&mut audio, 2, f, count, [left, right, d[2], d[3]]);
            }
            lanes.store(state, place, 2);
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
            let placement = simd_pipeline::quads::<S, T, 3, 2>(simd, placement);
            simd_pipeline::run::<S, T, 2>(
                simd,
                state,
                stride,
                sections,
                2,
                block.channels_from(0),
                #[inline(always)]
                |q, s1, s2, x| {
                    let d = step(&c[q], s1, s2, x);
                    let (left, right) = d.split();
                    let [ll, rr, cross] = placement[q];
                    let own = ll.split().0.combine(rr.split().1);
                    x + cross.mul_add(right.combine(left), own * d)
                },
            );
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};
    use crate::dsp::filter::svf::{coefficients, reference};
    use std::vec::Vec;

    /// What a section makes of a frame of two channels, in plain numbers.
    fn step_scalar(
        mul_add: reference::MulAdd,
        c: &[f64; COEFFICIENTS],
        [ll, rr, cross]: [f64; 3],
        state: &mut [[f64; 2]; 2],
        x: [f64; 2],
    ) -> [f64; 2] {
        let d = [0, 1].map(|channel| reference::step(mul_add, c, &mut state[channel], x[channel]));
        [x[0] + mul_add(cross, d[1], ll * d[0]), x[1] + mul_add(cross, d[0], rr * d[1])]
    }

    #[test]
    fn sections_by_themselves_and_in_a_pipeline_are_the_plain_sums_to_the_bit() {
        const COUNT: usize = 7;
        let placements: [[f64; 3]; 4] = [[1.0, 0.0, 0.0], [0.5, 0.5, -0.5], [1.0, 1.0, 0.0], [0.3, 0.6, 0.2]];
        let each: [_; COUNT] = core::array::from_fn(|k| {
            let g = 0.02 + 0.03 * k as f64;
            coefficients(change_of([g, 0.5 + 0.1 * k as f64, 1.0, 0.8, -0.3]))
        });
        let of = |k: usize| placements[k % placements.len()];
        let mut packed = [[0.0; SECTIONS]; COEFFICIENTS];
        let mut packed_placements = [[0.0; SECTIONS]; 3];
        for k in 0..COUNT {
            (0..COEFFICIENTS).for_each(|i| packed[i][k] = each[k][i]);
            (0..3).for_each(|i| packed_placements[i][k] = of(k)[i]);
        }
        let sections: Vec<u32> = (0..COUNT as u32).collect();
        let stride = 2 * COUNT;
        for simd in [SimdLevel::BEST.resolve(), SimdLevel::baseline()] {
            let mut noise = reference::noise(11);
            let mut plain_states = [[[0.0; 2]; 2]; COUNT];
            let mut states: [Vec<f64>; 2] = [(); 2].map(|()| std::vec![0.0; 2 * stride]);
            for frames in [1, 3, 14, 37, CHUNK] {
                let input: [Vec<f64>; 2] = [(); 2].map(|()| (0..frames).map(|_| noise()).collect());
                let mut plain = input.clone();
                for (k, state) in plain_states.iter_mut().enumerate() {
                    for f in 0..frames {
                        let x = [plain[0][f], plain[1][f]];
                        let mul_add = reference::mul_add_of(simd);
                        [plain[0][f], plain[1][f]] = step_scalar(mul_add, &each[k], of(k), state, x);
                    }
                }
                let [by_one, piped] = &mut states;
                let mut one = input.clone();
                let mut slices = one.each_mut().map(|channel| &mut channel[..]);
                let mut block = Block::new(&mut slices, &[], 0, frames);
                for k in 0..COUNT {
                    let placement = of(k).map(|gain| [gain; CHUNK]);
                    let place = Place { first: 2 * k, stride };
                    let c = SvfCoefficients::Constant(&each[k]);
                    dispatch!(simd, s => run_section(s, c, &placement, by_one, place, &mut block));
                }
                let mut pipe = input;
                let mut slices = pipe.each_mut().map(|channel| &mut channel[..]);
                let mut block = Block::new(&mut slices, &[], 0, frames);
                dispatch!(simd, s => {
                    run_pipeline(s, &packed, &packed_placements, piped, stride, &sections, &mut block);
                });
                let bits = |audio: &[Vec<f64>; 2]| {
                    audio.each_ref().map(|x| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>())
                };
                assert_eq!(bits(&plain), bits(&one), "by themselves, {simd:?}");
                assert_eq!(bits(&plain), bits(&pipe), "in a pipeline, {simd:?}");
            }
        }
    }
}
