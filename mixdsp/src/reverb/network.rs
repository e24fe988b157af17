//! The network: sixteen delays, each absorbed, all fed back into each other.
//!
//! ```text
//! in --(+)--> delay --+--> absorption --> Hadamard --+
//!       ^             |                              |
//!       |             +--> out                       |
//!       +--------------------------------------------+
//! ```
//!
//! The matrix keeps energy, so the absorption alone decides how it dies away, and the loop is stable for
//! any lengths (Schlecht and Habets, "On Lossless Feedback Delay Networks", 2017). Four of the lines are
//! read at a place that swings slowly, which breaks up what would ring on; they are read between frames by
//! a polynomial through six samples.
//!
//! State: `rings`, what each delay holds; `position` of each; the places of the moving reads follow from
//! the frames since reset.

use super::hadamard::{LANES, LINES, Stretch, TILE, Tile, load, vectors};
use super::lengths::{self, DIFFUSED};
use crate::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Lines that swing, each a quarter of a turn ahead of the one before.
pub(super) const SWINGING: [usize; 4] = [1, 5, 10, 14];
/// Turns per second.
const SWING_HZ: f64 = 0.7;
/// Frames between places that are computed; between them the swing moves evenly.
const KNOT: usize = 16;
/// Samples that a read between frames looks at.
const TAPS: usize = 6;

/// Samples that the rings take: every line's length, and room around the moving reads.
pub(super) const fn ring_words(delays: &[usize; LINES], sample_rate: f64) -> usize {
    let room = SWINGING.len() * 2 * lengths::margin(sample_rate);
    lengths::sum(delays) + room
}

/// One line's ring.
pub(super) struct Ring<'a, T> {
    samples: &'a mut [T],
    position: &'a mut u32,
    /// Frames from write to read.
    delay: usize,
    /// Which of the swinging lines it is, if it is one.
    swinging: Option<usize>,
}

/// Takes the rings apart, line by line.
#[inline(always)]
pub(super) fn each_ring<T: Sample>(
    mut samples: &mut [T],
    positions: &mut [u32],
    delays: &[usize; LINES],
    margin: usize,
    mut act: impl FnMut(usize, Ring<'_, T>),
) {
    for ((line, position), delay) in positions.iter_mut().enumerate().zip(delays) {
        let swinging = SWINGING.iter().position(|swinging| *swinging == line);
        let length = if swinging.is_some() { delay + 2 * margin } else { *delay };
        let (ring, rest) = core::mem::take(&mut samples).split_at_mut(length);
        samples = rest;
        act(line, Ring { samples: ring, position, delay: *delay, swinging });
    }
}

/// How many frames later than at rest each swinging line is read, for the frames of a tile whose first is
/// frame `at` since reset. `depth` moves from frame to frame.
#[inline(always)]
pub(super) fn swing<T: Sample>(
    at: u64,
    depth: &Stretch<T>,
    frames: usize,
    sample_rate: f64,
) -> [Stretch<T>; SWINGING.len()] {
    let excursion = lengths::EXCURSION_SECONDS * sample_rate;
    // The knots lie on the frames since reset, so that the cut does not matter.
    let since_knot = (at % KNOT as u64) as usize;
    let places = |knot: usize| {
        let frame = at - since_knot as u64 + (knot * KNOT) as u64;
        let turn = frame as f64 * (SWING_HZ / sample_rate);
        let (sine, cosine) = libm::sincos(core::f64::consts::TAU * (turn - libm::floor(turn)));
        [sine, cosine, -sine, -cosine].map(|place| T::from_f64(excursion * place))
    };
    let mut tracks = [[[T::ZERO; KNOT]; TILE / KNOT + 1]; SWINGING.len()];
    let mut from = places(0);
    for knot in 0..(since_knot + frames).div_ceil(KNOT) {
        let to = places(knot + 1);
        for (line, track) in tracks.iter_mut().enumerate() {
            let step = (to[line] - from[line]) * T::from_f64(1.0 / KNOT as f64);
            for (i, place) in track[knot].iter_mut().enumerate() {
                *place = from[line] + step * T::from_f64(i as f64);
            }
        }
        from = to;
    }
    let mut swing = [*depth; SWINGING.len()];
    for (swing, track) in swing.iter_mut().zip(&tracks) {
        let places = &track.as_flattened()[since_knot..][..TILE];
        swing.as_flattened_mut().iter_mut().zip(places).for_each(|(swing, place)| *swing *= *place);
    }
    swing
}

impl<T: Sample> Ring<'_, T> {
    /// What lies its delay before each of `frames` frames; on a swinging line, at the place that it has then.
    #[inline(always)]
    pub(super) fn read<S: Simd>(
        &self,
        simd: S,
        swing: &[Stretch<T>; SWINGING.len()],
        frames: usize,
        out: &mut Stretch<T>,
    ) {
        let Some(swinging) = self.swinging else {
            return self.copy_back(self.delay, &mut out.as_flattened_mut()[..frames]);
        };
        for v in vectors(frames) {
            let late = load(simd, &swing[swinging][v]);
            let whole = late.floor();
            let samples = self.around(simd, v * LANES, whole);
            // Place of the read on an axis on which the samples lie at 0, 1, ... 5, oldest first.
            let place = T::Lanes8::<S>::splat(simd, T::from_f64(3.0)) - (late - whole);
            between::<S, T, _>(simd, samples, place).store_slice(&mut out[v]);
        }
    }

    /// The six samples around each read, oldest first: from whole + 3 frames back to whole - 2.
    #[inline(always)]
    fn around<S: Simd>(&self, simd: S, frame: usize, whole: T::Lanes8<S>) -> [T::Lanes8<S>; TAPS] {
        let back = |lane: usize| (self.delay as isize + whole[lane].to_f64() as isize) as usize + TAPS / 2;
        if whole.simd_eq(whole[0]).all_true() {
            let first = self.index(back(0) - frame);
            if let Some(window) = self.samples.get(first..first + TAPS - 1 + LANES) {
                return core::array::from_fn(
                    #[inline(always)]
                    |tap| T::Lanes8::<S>::from_slice(simd, &window[tap..tap + LANES]),
                );
            }
        }
        let mut samples = [whole; TAPS];
        for (tap, samples) in samples.iter_mut().enumerate() {
            for lane in 0..LANES {
                samples[lane] = self.samples[self.index(back(lane) - (frame + lane) - tap)];
            }
        }
        samples
    }

    /// Where the sample lies that was written `back` frames before the tile's first frame.
    #[inline(always)]
    fn index(&self, back: usize) -> usize {
        let length = self.samples.len();
        let from = *self.position as usize + length - back.min(length);
        if from >= length { from - length } else { from }
    }

    #[inline(always)]
    fn copy_back(&self, back: usize, out: &mut [T]) {
        let from = self.index(back);
        let first = out.len().min(self.samples.len() - from);
        let (head, tail) = out.split_at_mut(first);
        head.copy_from_slice(&self.samples[from..from + first]);
        tail.copy_from_slice(&self.samples[..tail.len()]);
    }

    /// Stores a tile and moves on.
    #[inline(always)]
    pub(super) fn write(self, tile: &[T]) {
        let (length, position) = (self.samples.len(), *self.position as usize);
        let (head, tail) = tile.split_at(tile.len().min(length - position));
        self.samples[position..position + head.len()].copy_from_slice(head);
        self.samples[..tail.len()].copy_from_slice(tail);
        let next = position + tile.len();
        *self.position = if next >= length { next - length } else { next } as u32;
    }
}

/// The polynomial of fifth degree through six samples (Lagrange), between the third and the fourth. On the
/// fourth, at 3, it is that sample to the bit.
#[inline(always)]
fn between<S: Simd, T: Sample, V: SimdFloat<S, Element = T>>(simd: S, s: [V; TAPS], place: V) -> V {
    let number = |value: f64| T::from_f64(value);
    let from: [V; TAPS] = core::array::from_fn(|tap| place - V::splat(simd, number(tap as f64)));
    let left = from[0] * from[1] * number(1.0 / 6.0);
    let middle = from[2] * from[3];
    let right = from[4] * from[5] * number(0.5);
    let of_left = from[0].mul_sub(s[1], from[1] * (s[0] * number(1.0 / 5.0)));
    let of_middle = from[2].mul_sub(s[3], from[3] * s[2]);
    let of_right = from[4].mul_sub(s[5] * number(1.0 / 5.0), from[5] * s[4]);
    let sides = of_left.mul_add(right * number(1.0 / 12.0), of_right * (left * number(1.0 / 4.0)));
    of_middle.mul_add(left * right, middle * sides)
}

/// Lines into which what enters goes turned round, so that no two lines get the same.
const TURNED: u16 = 0b0110_1100_0000_0000;

/// Adds what enters to what comes back; every diffused line goes into two. What is too small to matter becomes
/// zero here, so that the rings never hold it.
#[inline(always)]
pub(super) fn add<S: Simd, T: Sample>(
    simd: S,
    back: &mut Tile<T>,
    entering: &[Stretch<T>; DIFFUSED],
    frames: usize,
) {
    let zero = T::Lanes8::<S>::splat(simd, T::ZERO);
    let small = T::Lanes8::<S>::splat(simd, T::SNAP);
    for (line, back) in back.iter_mut().enumerate() {
        let sign = if TURNED >> line & 1 == 1 { -T::ONE } else { T::ONE };
        for v in vectors(frames) {
            let sum = load(simd, &back[v]) + load(simd, &entering[line % DIFFUSED][v]) * sign;
            sum.abs().simd_lt(small).select(zero, sum).store_slice(&mut back[v]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{SimdLevel, dispatch};

    #[test]
    fn a_polynomial_is_read_exactly_between_frames() {
        let curve = |x: f64| 1.0 + x * (0.5 - x * (0.25 - x * (0.1 + 0.02 * x)));
        for fraction in [0.0, 0.3, 0.9, 1.0] {
            let read = dispatch!(SimdLevel::baseline(), s => {
                let lanes = |value: f64| <f64 as Sample>::Lanes8::splat(s, value);
                let samples = core::array::from_fn(|tap| lanes(curve(tap as f64)));
                between::<_, f64, _>(s, samples, lanes(3.0 - fraction))[0]
            });
            assert!((read - curve(3.0 - fraction)).abs() < 1e-12, "{fraction}: {read}");
        }
    }

    #[test]
    fn a_swinging_line_reads_a_sine_where_it_should() {
        let (rate, delay) = (48_000.0, 1_447);
        let margin = lengths::margin(rate);
        let mut samples = alloc::vec![0.0f64; delay + 2 * margin];
        let mut position = 0u32;
        let wave = |t: f64| libm::sin(0.13 * t);
        let mut worst = 0.0f64;
        for tile in 0..4_000u64 {
            let at = tile * 50;
            let ring = Ring { samples: &mut samples, position: &mut position, delay, swinging: Some(0) };
            let mut out = [[0.0; LANES]; TILE / LANES];
            dispatch!(SimdLevel::baseline(), s => {
                ring.read(s, &swing(at, &[[1.0; LANES]; TILE / LANES], 50, rate), 50, &mut out);
            });
            if at > 2_000 {
                for (i, y) in out.as_flattened()[..50].iter().enumerate() {
                    let t = (at + i as u64) as f64;
                    let swing = 8.0 * libm::sin(core::f64::consts::TAU * SWING_HZ * t / rate);
                    worst = worst.max((y - wave(t - delay as f64 - swing)).abs());
                }
            }
            let written: [f64; 50] = core::array::from_fn(|i| wave((at + i as u64) as f64));
            ring.write(&written);
        }
        std::println!("swinging read of 1 kHz: {worst:.1e}");
        assert!(worst < 1e-5, "{worst}");
    }
}
