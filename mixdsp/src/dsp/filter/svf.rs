//! Floor 4: the trapezoidal state-variable filter that runs every second-order section.
//!
//! With `alpha = 2 g / (1 + g (g + k))` and `beta = alpha (g + k)`, each frame:
//!
//! ```text
//! d   = x - s2
//! y   = (m0 + cd) x + (m2 - cd) s2 + c1 s1     c1 = (m1 + g m2) (1 - beta/2), cd = (m1 + g m2) alpha/2
//! s2 += h s1 + gamma d                  h = g (2 - beta), gamma = g alpha
//! s1 += alpha d - beta s1               the increment is 2 g times the high-pass output
//! ```
//!
//! Small coefficients multiply small increments and nothing like 1 - epsilon is stored, so low
//! frequencies lose no precision in f32. Any `g > 0`, `k > 0` is stable, also when they change every
//! sample (Wishnick, "Time-Varying Filters for Musical Applications", DAFx-14); the `m` only mix outputs.
//!
//! From one state to the next it is two multiply-adds, which is what a single section's speed depends on:
//! everything else can be done before the state is known or after.
//!
//! One step serves both kernels, so a section gives the same bits in either: `across_channels` runs one
//! section with channels side by side, `simd_pipeline` runs eight sections side by side. (`block_of_four` runs a
//! section by itself, four frames at a time, by coefficients of its own.)
//!
//! State: `s1` and `s2` per section and channel, which live in the caller's words.

use core::ops::{Add, Div, Mul, Sub};

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::transpose;
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// What a running section multiplies with: `alpha, beta, gamma, h, direct, c1, c2`.
pub const COEFFICIENTS: usize = 7;

/// The coefficients of a design `[g, k, m0, m1, m2]`.
#[inline(always)]
pub fn coefficients(design: [f64; 5]) -> [f64; COEFFICIENTS] {
    formula(1.0, 0.5, design)
}

/// The same for numbers or vectors of them, given one and a half.
#[inline(always)]
pub(crate) fn formula<N>(one: N, half: N, [g, k, m0, m1, m2]: [N; 5]) -> [N; COEFFICIENTS]
where
    N: Copy + Add<Output = N> + Sub<Output = N> + Mul<Output = N> + Div<Output = N>,
{
    let two = one + one;
    let alpha = two * g / (one + g * (g + k));
    let beta = alpha * (g + k);
    let c = half * (m1 + g * m2);
    [alpha, beta, g * alpha, g * (two - beta), m0 + c * alpha, c * (two - beta), m2 - c * alpha]
}

/// One frame of one section per lane; returns the output.
#[inline(always)]
pub(crate) fn step<S: Simd, V: SimdFloat<S>>(c: &[V; COEFFICIENTS], s1: &mut V, s2: &mut V, x: V) -> V {
    let [alpha, beta, gamma, h, direct, c1, c2] = *c;
    let d = x - *s2;
    let y = direct.mul_add(x, c2.mul_add(*s2, c1 * *s1));
    *s2 = gamma.mul_add(d, h.mul_add(*s1, *s2));
    *s1 = alpha.mul_add(d, (-beta).mul_add(*s1, *s1));
    y
}

/// The same without vectors, on `s1, s2`; returns the output.
#[inline(always)]
pub(crate) fn step_one<T: Sample>(c: &[T; COEFFICIENTS], state: &mut [T; 2], x: T) -> T {
    let [alpha, beta, gamma, h, direct, c1, c2] = *c;
    let [s1, s2] = *state;
    let d = x - s2;
    *state = [alpha * d + (s1 - beta * s1), gamma * d + (h * s1 + s2)];
    direct * x + (c2 * s2 + c1 * s1)
}

/// The coefficients of a section over some frames.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SvfCoefficients<'a, T> {
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
    coefficients: SvfCoefficients<'_, T>,
    state: &mut [T],
    place: impl Fn(usize) -> [usize; 2],
    channels: usize,
    block: &mut Block<'_, '_, T>,
) {
    let mut first = 0;
    while first < channels {
        let count = channels - first;
        macro_rules! lanes {
            ($vector:ident, $w:literal, $n:literal) => {{
                group::<S, T, T::$vector<S>, $n, $w>(simd, coefficients, state, &place, first, block);
                first += $n;
            }};
        }
        match count {
            8.. => lanes!(Lanes8, 8, 8),
            4.. => lanes!(Lanes4, 4, 4),
            3 => lanes!(Lanes4, 4, 3),
            2 => lanes!(Lanes4, 4, 2),
            _ => lanes!(Lanes4, 4, 1),
        }
    }
}

/// The same for `N` channels from `first` on, in `W` lanes, `W` frames at a time.
#[inline(always)]
fn group<S: Simd, T: Sample, V: SimdFloat<S, Element = T>, const N: usize, const W: usize>(
    simd: S,
    coefficients: SvfCoefficients<'_, T>,
    state: &mut [T],
    place: &impl Fn(usize) -> [usize; 2],
    first: usize,
    block: &mut Block<'_, '_, T>,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let place = |lane: usize| place(first + lane);
            let mut lanes = Lanes::<V>::load(simd, state, &place, N);
            let frames = block.frames();
            let whole = frames - frames % W;
            let mut audio = block.channels_from::<N>(first);
            let plain = |_: usize, _: &[V; W], y: [V; W]| y;
            match coefficients {
                SvfCoefficients::Constant(c) => {
                    let c = c.map(|value| V::splat(simd, value));
                    for f in (0..whole).step_by(W) {
                        lanes.advance::<S, N, W>(simd, &mut audio, f, W, |_| c, plain);
                    }
                    lanes.advance::<S, N, W>(simd, &mut audio, whole, frames - whole, |_| c, plain);
                }
                SvfCoefficients::Moving(c) => {
                    let at = |f: usize| move |i: usize| core::array::from_fn(|k| V::splat(simd, c[k][f + i]));
                    for f in (0..whole).step_by(W) {
                        lanes.advance::<S, N, W>(simd, &mut audio, f, W, at(f), plain);
                    }
                    lanes.advance::<S, N, W>(simd, &mut audio, whole, frames - whole, at(whole), plain);
                }
            }
            lanes.store(state, &place, N);
        },
    )
}

/// One section in several channels, one per lane.
pub(super) struct Lanes<V> {
    s1: V,
    s2: V,
}

impl<V> Lanes<V> {
    /// With the state of `count` channels; that of channel `c` stands at `place(c)`.
    #[inline(always)]
    pub(super) fn load<S: Simd>(
        simd: S,
        state: &[V::Element],
        place: &impl Fn(usize) -> [usize; 2],
        count: usize,
    ) -> Self
    where
        V: SimdFloat<S>,
    {
        let zero = V::splat(simd, V::Element::default());
        let mut lanes = Self { s1: zero, s2: zero };
        for lane in 0..count {
            let [a, b] = place(lane);
            lanes.s1[lane] = state[a];
            lanes.s2[lane] = state[b];
        }
        lanes
    }

    #[inline(always)]
    pub(super) fn store<S: Simd>(
        &self,
        state: &mut [V::Element],
        place: &impl Fn(usize) -> [usize; 2],
        count: usize,
    ) where
        V: SimdFloat<S>,
    {
        for lane in 0..count {
            let [a, b] = place(lane);
            state[a] = self.s1[lane];
            state[b] = self.s2[lane];
        }
    }

    /// Runs `count` frames from frame `f` on, at most `W`, in place. `finish` makes what is written, a row per
    /// channel, of the first frame's place, the inputs and the outputs.
    #[inline(always)]
    pub(super) fn advance<S: Simd, const N: usize, const W: usize>(
        &mut self,
        simd: S,
        audio: &mut [&mut [V::Element]; N],
        f: usize,
        count: usize,
        c: impl Fn(usize) -> [V; COEFFICIENTS],
        finish: impl Fn(usize, &[V; W], [V; W]) -> [V; W],
    ) where
        V: SimdFloat<S>,
    {
        let zero = V::Element::default();
        let mut rows = [V::splat(simd, zero); W];
        for (row, channel) in rows.iter_mut().zip(&*audio) {
            if count == W {
                *row = V::from_slice(simd, &channel[f..f + W]);
            } else {
                let mut padded = [zero; W];
                padded[..count].copy_from_slice(&channel[f..f + count]);
                *row = V::from_slice(simd, &padded);
            }
        }
        let inputs = rows;
        let mut rows = transpose(rows);
        for (i, row) in rows.iter_mut().enumerate().take(count) {
            *row = step(&c(i), &mut self.s1, &mut self.s2, *row);
        }
        let rows = finish(f, &inputs, transpose(rows));
        for (row, channel) in rows.iter().zip(audio) {
            if count == W {
                row.store_slice(&mut channel[f..f + W]);
            } else {
                channel[f..f + count].copy_from_slice(&row.as_slice()[..count]);
            }
        }
    }
}

/// The kernels in plain numbers, for the tests beside each of them.
#[cfg(test)]
pub(crate) mod reference {
    use super::COEFFICIENTS;
    use crate::base::simd::{SimdLevel, dispatch};
    use fearless_simd::prelude::*;
    use fearless_simd::{Simd, f64x4};

    /// `a b + c` as vectors of a level round it: once where they fuse, else twice.
    pub(crate) type MulAdd = fn(f64, f64, f64) -> f64;

    pub(crate) fn mul_add_of(simd: SimdLevel) -> MulAdd {
        let a = 1.0 + f64::EPSILON;
        let rest = dispatch!(simd, s => rest_of_square(s, a));
        if rest != 0.0 { libm::fma } else { |a, b, c| a * b + c }
    }

    /// What rounding takes from `a²`: nothing unless the product is fused.
    fn rest_of_square<S: Simd>(simd: S, a: f64) -> f64 {
        let lanes = |value| f64x4::splat(simd, value);
        lanes(a).mul_add(lanes(a), lanes(-(a * a)))[0]
    }

    /// One frame of one section on `s1, s2`; returns the output.
    pub(crate) fn step(mul_add: MulAdd, c: &[f64; COEFFICIENTS], state: &mut [f64; 2], x: f64) -> f64 {
        let [alpha, beta, gamma, h, direct, c1, c2] = *c;
        let [s1, s2] = *state;
        let d = x - s2;
        *state = [mul_add(alpha, d, mul_add(-beta, s1, s1)), mul_add(gamma, d, mul_add(h, s1, s2))];
        mul_add(direct, x, mul_add(c2, s2, c1 * s1))
    }

    /// Noise from -1 to 1, and zeros of both signs.
    pub(crate) fn noise(seed: u32) -> impl FnMut() -> f64 {
        let mut seed = seed;
        move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            match seed >> 29 {
                0 => 0.0,
                1 => -0.0,
                _ => f64::from(seed >> 8) / f64::from(1 << 23) - 1.0,
            }
        }
    }
}
