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

impl<T: Sample> SvfCoefficients<'_, T> {
    /// Those of one frame, the same in every lane.
    #[inline(always)]
    pub(super) fn in_lanes<S: Simd, V: SimdFloat<S, Element = T>>(
        self,
        simd: S,
        frame: usize,
    ) -> [V; COEFFICIENTS] {
        let mut lanes = [V::splat(simd, T::ZERO); COEFFICIENTS];
        for i in 0..COEFFICIENTS {
            lanes[i] = match self {
                Self::Constant(c) => V::splat(simd, c[i]),
                Self::Moving(c) => V::splat(simd, c[i][frame]),
            };
        }
        lanes
    }
}

/// The coefficients, frame by frame, of the designs that a ramp has written.
#[inline(always)]
pub(crate) fn moving<T: Sample>(designs: &[[f64; CHUNK]; 5]) -> [[T; CHUNK]; COEFFICIENTS] {
    let mut moving = [[T::ZERO; CHUNK]; COEFFICIENTS];
    for frame in 0..CHUNK {
        let [g, k, m0, m1, m2] = designs;
        let now = coefficients([g[frame], k[frame], m0[frame], m1[frame], m2[frame]]);
        for i in 0..COEFFICIENTS {
            moving[i][frame] = T::from_f64(now[i]);
        }
    }
    moving
}

/// Where `s1` of a section stands in each of several channels; `s2` is next to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// In the first channel.
    pub(crate) first: usize,
    /// From one channel to the next.
    pub(crate) stride: usize,
}

impl Place {
    /// Where it stands in one channel.
    #[inline(always)]
    pub(crate) fn of(self, channel: usize) -> usize {
        self.first + channel * self.stride
    }

    /// The same for the channels from one on.
    #[inline(always)]
    pub(crate) fn from(self, channel: usize) -> Self {
        Self { first: self.of(channel), ..self }
    }
}

/// Runs one section over all frames of the first `channels` channels, in place, channels side by side.
#[inline(always)]
pub(crate) fn across_channels<S: Simd, T: Sample>(
    simd: S,
    coefficients: SvfCoefficients<'_, T>,
    state: &mut [T],
    place: Place,
    channels: usize,
    block: &mut Block<'_, '_, T>,
) {
    let mut first = 0;
    while first < channels {
        let (count, place) = (channels - first, place.from(first));
        if count >= 8 {
            let audio = block.channels_from::<8>(first);
            group::<S, T, T::Lanes8<S>, 8>(simd, coefficients, state, place, 8, audio);
        } else {
            let audio = block.channels_from::<4>(first);
            group::<S, T, T::Lanes4<S>, 4>(simd, coefficients, state, place, count.min(4), audio);
        }
        first += if count >= 8 { 8 } else { 4 };
    }
}

/// The same for up to `W` channels, `W` frames at a time.
#[inline(always)]
fn group<S: Simd, T: Sample, V: SimdFloat<S, Element = T>, const W: usize>(
    simd: S,
    coefficients: SvfCoefficients<'_, T>,
    state: &mut [T],
    place: Place,
    channels: usize,
    mut audio: [&mut [T]; W],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let mut lanes = Lanes::<V>::load(simd, state, place, channels);
            match coefficients {
                SvfCoefficients::Constant(_) => {
                    let c = coefficients.in_lanes(simd, 0);
                    lanes.run::<S, W>(
                        simd,
                        &mut audio,
                        channels,
                        #[inline(always)]
                        |_| c,
                    );
                }
                SvfCoefficients::Moving(_) => lanes.run::<S, W>(
                    simd,
                    &mut audio,
                    channels,
                    #[inline(always)]
                    |f| coefficients.in_lanes(simd, f),
                ),
            }
            lanes.store(state, place, channels);
        },
    )
}

/// `count` frames from frame `f` on, at most `W`: a row per channel, zeros beyond them.
#[inline(always)]
pub(super) fn read_rows<S: Simd, V: SimdFloat<S>, const W: usize>(
    simd: S,
    audio: &[&mut [V::Element]; W],
    channels: usize,
    f: usize,
    count: usize,
) -> [V; W] {
    let zero = V::Element::default();
    let mut rows = [V::splat(simd, zero); W];
    for n in 0..W {
        if n == channels {
            break;
        }
        if count == W {
            rows[n] = V::from_slice(simd, &audio[n][f..f + W]);
        } else {
            let mut padded = [zero; W];
            padded[..count].copy_from_slice(&audio[n][f..f + count]);
            rows[n] = V::from_slice(simd, &padded);
        }
    }
    rows
}

/// Writes as many.
#[inline(always)]
pub(super) fn write_rows<S: Simd, V: SimdFloat<S>, const W: usize>(
    audio: &mut [&mut [V::Element]; W],
    channels: usize,
    f: usize,
    count: usize,
    rows: [V; W],
) {
    for n in 0..W {
        if n == channels {
            break;
        }
        if count == W {
            rows[n].store_slice(&mut audio[n][f..f + W]);
        } else {
            audio[n][f..f + count].copy_from_slice(&rows[n].as_slice()[..count]);
        }
    }
}

/// One section in several channels, one per lane.
pub(super) struct Lanes<V> {
    s1: V,
    s2: V,
}

impl<V> Lanes<V> {
    /// With the state of so many channels.
    #[inline(always)]
    pub(super) fn load<S: Simd>(simd: S, state: &[V::Element], place: Place, channels: usize) -> Self
    where
        V: SimdFloat<S>,
    {
        let zero = V::splat(simd, V::Element::default());
        let mut lanes = Self { s1: zero, s2: zero };
        for lane in 0..channels {
            let at = place.of(lane);
            lanes.s1[lane] = state[at];
            lanes.s2[lane] = state[at + 1];
        }
        lanes
    }

    #[inline(always)]
    pub(super) fn store<S: Simd>(&self, state: &mut [V::Element], place: Place, channels: usize)
    where
        V: SimdFloat<S>,
    {
        for lane in 0..channels {
            let at = place.of(lane);
            state[at] = self.s1[lane];
            state[at + 1] = self.s2[lane];
        }
    }

    /// Runs all frames of the first `channels`, in place; `c` gives the coefficients of each frame.
    #[inline(always)]
    fn run<S: Simd, const W: usize>(
        &mut self,
        simd: S,
        audio: &mut [&mut [V::Element]; W],
        channels: usize,
        c: impl Fn(usize) -> [V; COEFFICIENTS],
    ) where
        V: SimdFloat<S>,
    {
        let frames = audio[0].len();
        let whole = frames - frames % W;
        for f in (0..whole).step_by(W) {
            let rows = read_rows::<S, V, W>(simd, audio, channels, f, W);
            let rows = self.advance(f, W, rows, &c);
            write_rows(audio, channels, f, W, rows);
        }
        let rest = frames - whole;
        let rows = read_rows::<S, V, W>(simd, audio, channels, whole, rest);
        let rows = self.advance(whole, rest, rows, &c);
        write_rows(audio, channels, whole, rest, rows);
    }

    /// Runs `count` frames from frame `f` on, at most `W`. Rows are channels.
    #[inline(always)]
    pub(super) fn advance<S: Simd, const W: usize>(
        &mut self,
        f: usize,
        count: usize,
        rows: [V; W],
        c: &impl Fn(usize) -> [V; COEFFICIENTS],
    ) -> [V; W]
    where
        V: SimdFloat<S>,
    {
        let mut rows = transpose(rows);
        for i in 0..W {
            if i == count {
                break;
            }
            rows[i] = step(&c(f + i), &mut self.s1, &mut self.s2, rows[i]);
        }
        transpose(rows)
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
