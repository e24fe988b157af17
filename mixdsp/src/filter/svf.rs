//! The trapezoidal state-variable filter that runs every second-order section.
//!
//! With `d = 1 / (1 + g (g + k))`, `alpha = 2 g d`, `beta = 2 g d (g + k)`:
//!
//! ```text
//! t   = alpha x - beta s1 - alpha s2          the increment of s1: 2 g times the high-pass output
//! y   = m0 x + c1 s1 + c2 s2 + ct t           c1 = m1 + g m2, c2 = m2, ct = c1 / 2
//! s2 += 2 g s1 + g t
//! s1 += t
//! ```
//!
//! Small coefficients multiply small increments and nothing like 1 - epsilon is stored, so low
//! frequencies lose no precision in f32. Any `g > 0`, `k > 0` is stable, also when they change every
//! sample (Wishnick, "Time-Varying Filters for Musical Applications", DAFx-14); the `m` only mix outputs.
//!
//! One step serves both kernels, so a section gives the same bits in either: `across_channels` runs one
//! section with channels side by side, `cascade` runs eight sections side by side.

use crate::audio::Block;
use crate::ramp::CHUNK;
use crate::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// What a running section multiplies with: `alpha, beta, g, 2 g, m0, c1, c2, ct`.
pub const COEFFICIENTS: usize = 8;

/// The coefficients of a design `[g, k, m0, m1, m2]`.
#[inline(always)]
pub fn coefficients([g, k, m0, m1, m2]: [f64; 5]) -> [f64; COEFFICIENTS] {
    let alpha = 2.0 * g / (1.0 + g * (g + k));
    let c1 = m1 + g * m2;
    [alpha, alpha * (g + k), g, 2.0 * g, m0, c1, m2, 0.5 * c1]
}

/// One frame of one section per lane; returns the output.
#[inline(always)]
pub(crate) fn step<S: Simd, V: SimdFloat<S>>(c: &[V; COEFFICIENTS], s1: &mut V, s2: &mut V, x: V) -> V {
    let [alpha, beta, g, g2, m0, c1, c2, ct] = *c;
    let t = (-alpha).mul_add(*s2, (-beta).mul_add(*s1, alpha * x));
    let y = ct.mul_add(t, c2.mul_add(*s2, c1.mul_add(*s1, m0 * x)));
    *s2 = g.mul_add(t, g2.mul_add(*s1, *s2));
    *s1 += t;
    y
}

/// The coefficients of a section over some frames: constant, or one per frame.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Course<'a, T> {
    /// The same for every frame.
    Constant(&'a [T; COEFFICIENTS]),
    /// One value per frame, for at most [`CHUNK`] frames.
    Moving(&'a [[T; CHUNK]; COEFFICIENTS]),
}

/// The coefficients, frame by frame, of the designs that a ramp has written.
#[inline(always)]
pub(crate) fn moving<T: Sample>(designs: &[[f64; CHUNK]; 5]) -> [[T; CHUNK]; COEFFICIENTS] {
    let mut moving = [[T::ZERO; CHUNK]; COEFFICIENTS];
    for frame in 0..CHUNK {
        let now = coefficients(core::array::from_fn(|i| designs[i][frame]));
        for (coefficient, now) in moving.iter_mut().zip(now) {
            coefficient[frame] = T::from_f64(now);
        }
    }
    moving
}

/// Runs one section over all frames of the first `channels` channels, in place, channels side by side.
///
/// `state` holds `s1, s2` of channel `c` at `state(c)` and the next place.
#[inline(always)]
pub(crate) fn across_channels<S: Simd, T: Sample>(
    simd: S,
    course: Course<'_, T>,
    state: &mut [T],
    place: impl Fn(usize) -> [usize; 2],
    channels: usize,
    block: &mut Block<'_, '_, T>,
) {
    let mut first = 0;
    while first < channels {
        let count = channels - first;
        macro_rules! lanes {
            ($vector:ident, $n:literal) => {{
                group::<S, T, T::$vector<S>, $n>(simd, course, state, &place, first, block);
                first += $n;
            }};
        }
        match count {
            8.. => lanes!(Lanes8, 8),
            4.. => lanes!(Lanes4, 4),
            3 => lanes!(Lanes4, 3),
            2 => lanes!(Lanes4, 2),
            _ => lanes!(Lanes4, 1),
        }
    }
}

/// The same for `N` channels from `first` on, in the lanes of one vector.
#[inline(always)]
fn group<S: Simd, T: Sample, V: SimdFloat<S, Element = T>, const N: usize>(
    simd: S,
    course: Course<'_, T>,
    state: &mut [T],
    place: &impl Fn(usize) -> [usize; 2],
    first: usize,
    block: &mut Block<'_, '_, T>,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let mut s1 = V::splat(simd, T::ZERO);
            let mut s2 = s1;
            for lane in 0..N {
                let [a, b] = place(first + lane);
                s1[lane] = state[a];
                s2[lane] = state[b];
            }
            let frames = block.frames();
            let audio = block.channels_from::<N>(first).map(|channel| &mut channel[..frames]);
            let mut frame = |f: usize, c: &[V; COEFFICIENTS]| {
                let mut x = V::splat(simd, audio[0][f]);
                for lane in 1..N {
                    x[lane] = audio[lane][f];
                }
                let y = step(c, &mut s1, &mut s2, x);
                for lane in 0..N {
                    audio[lane][f] = y[lane];
                }
            };
            match course {
                Course::Constant(c) => {
                    let c = c.map(|value| V::splat(simd, value));
                    (0..frames).for_each(|f| frame(f, &c));
                }
                Course::Moving(c) => {
                    for f in 0..frames.min(CHUNK) {
                        frame(f, &core::array::from_fn(|i| V::splat(simd, c[i][f])));
                    }
                }
            }
            for lane in 0..N {
                let [a, b] = place(first + lane);
                state[a] = s1[lane];
                state[b] = s2[lane];
            }
        },
    )
}
