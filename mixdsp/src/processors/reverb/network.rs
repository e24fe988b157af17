//! Floor 5: the network: sixteen delays, each absorbed, all fed back into each other.
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
//! read at a place that moves slowly to and fro, which breaks up what would ring on. They are read between frames,
//! by a polynomial through six samples.
//!
//! State: `rings`, what each delay holds, and their `positions`; the places of the moving reads follow from
//! the frames since reset.

use crate::base::sample::Sample;
use crate::processors::reverb::hadamard::{LANES, LINES, LaneBlock, Tile, load, mix, scale, vectors};
use crate::processors::reverb::lengths::{self, DIFFUSED};
use crate::processors::reverb::modulation::{MODULATED, Modulation};
use crate::processors::reverb::ring::{self, Ring};
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Lines whose reads move.
const MODULATED_LINES: [usize; MODULATED] = [1, 5, 10, 14];
/// Samples that a read between frames looks at.
const TAPS: usize = 6;

/// Frames back that a line is read.
const fn reach(line: usize, delay: usize, sample_rate: f64) -> usize {
    if modulated(line).is_some() { delay + lengths::margin(sample_rate) } else { delay }
}

/// Which of the modulated lines a line is, if it is one.
const fn modulated(line: usize) -> Option<usize> {
    let mut number = 0;
    while number < MODULATED_LINES.len() {
        if MODULATED_LINES[number] == line {
            return Some(number);
        }
        number += 1;
    }
    None
}

/// Samples that the rings take.
pub(super) const fn words(delays: &[usize; LINES], sample_rate: f64) -> usize {
    let (mut words, mut line) = (0, 0);
    while line < LINES {
        words += ring::words(reach(line, delays[line], sample_rate));
        line += 1;
    }
    words
}

/// What all the delays hold.
pub(super) struct Network<'a, T> {
    rings: [Ring<'a, T>; LINES],
    delays: &'a [usize; LINES],
}

impl<'a, T: Sample> Network<'a, T> {
    /// Takes the rings apart, line by line.
    #[inline(always)]
    pub(super) fn new(
        mut rings: &'a mut [T],
        positions: &'a mut [u32],
        delays: &'a [usize; LINES],
        sample_rate: f64,
    ) -> Self {
        let mut positions = positions.iter_mut();
        let rings = core::array::from_fn(
            #[inline(always)]
            |line| Ring::take(&mut rings, &mut positions, reach(line, delays[line], sample_rate)),
        );
        Self { rings, delays }
    }

    /// What lies each line's delay before each of `frames` frames; on a modulated line, at the place that it
    /// has then. `moved` is room for what those lines give.
    #[inline(always)]
    pub(super) fn read<'b, S: Simd>(
        &'b self,
        simd: S,
        modulation: &Modulation<T>,
        moved: &'b mut Modulation<T>,
        frames: usize,
    ) -> [&'b LaneBlock<T>; LINES] {
        for ((line, late), moved) in MODULATED_LINES.into_iter().zip(modulation).zip(&mut *moved) {
            read_between(simd, &self.rings[line], self.delays[line], late, moved, frames);
        }
        let moved = &*moved;
        core::array::from_fn(
            #[inline(always)]
            |line| match modulated(line) {
                None => self.rings[line].tile(self.delays[line]),
                Some(number) => &moved[number],
            },
        )
    }

    /// Mixes what comes back, adds what enters at its level, and stores it; every diffused line goes into two.
    /// What is too small to matter becomes zero here, so that the rings never hold it.
    #[inline(always)]
    pub(super) fn feed<S: Simd>(
        &mut self,
        simd: S,
        back: &Tile<T>,
        entering: &[LaneBlock<T>; DIFFUSED],
        level: &LaneBlock<T>,
        frames: usize,
    ) {
        let scale = T::Lanes8::<S>::splat(simd, scale(LINES));
        let next = self.rings.each_mut().map(Ring::next);
        for v in vectors(frames) {
            let mut lines = [scale; LINES];
            for (line, back) in lines.iter_mut().zip(back) {
                *line = load(simd, &back[v]);
            }
            let mixed = mix(lines);
            let level = load(simd, &level[v]);
            // In two parts, which the compiler unrolls.
            for line in 0..DIFFUSED {
                let sum = with::<S, T>(simd, mixed[line], scale, level, &entering[line][v]);
                sum.store_slice(&mut next[line][v]);
            }
            for line in DIFFUSED..LINES {
                let level = if TURNED >> line & 1 == 1 { -level } else { level };
                let sum = with::<S, T>(simd, mixed[line], scale, level, &entering[line % DIFFUSED][v]);
                sum.store_slice(&mut next[line][v]);
            }
        }
        self.rings.iter_mut().for_each(|ring| ring.advance(frames));
    }
}

/// What comes back, as it leaves the matrix, with what enters.
#[inline(always)]
fn with<S: Simd, T: Sample>(
    simd: S,
    back: T::Lanes8<S>,
    scale: T::Lanes8<S>,
    level: T::Lanes8<S>,
    entering: &[T; LANES],
) -> T::Lanes8<S> {
    let sum = scale.mul_add(back, level * load(simd, entering));
    let zero = T::Lanes8::<S>::splat(simd, T::ZERO);
    let small = T::Lanes8::<S>::splat(simd, T::SMALLEST);
    sum.abs().simd_lt(small).select(zero, sum)
}

/// Lines into which what enters goes turned round, so that no two lines get the same.
const TURNED: u16 = 0b0110_1100_0000_0000;

/// Reads so many frames later than the delay as `late` says, frame by frame.
#[inline(always)]
fn read_between<S: Simd, T: Sample>(
    simd: S,
    ring: &Ring<'_, T>,
    delay: usize,
    late: &LaneBlock<T>,
    out: &mut LaneBlock<T>,
    frames: usize,
) {
    // The six samples around a read, oldest first: from whole + 3 frames back to whole - 2.
    let back = |whole: T| (delay as isize + whole.to_f64() as isize) as usize + TAPS / 2;
    let first = load(simd, &late[0]).floor()[0];
    let window = ring.window(back(first));
    for v in vectors(frames) {
        let late = load(simd, &late[v]);
        let whole = late.floor();
        let mut samples = [whole; TAPS];
        for (tap, samples) in samples.iter_mut().enumerate() {
            *samples = T::Lanes8::<S>::from_slice(simd, &window[v * LANES + tap..][..LANES]);
        }
        // The whole part seldom changes.
        if !whole.simd_eq(first).all_true() {
            for lane in 0..LANES {
                let window = ring.window(back(whole[lane]) - (v * LANES + lane));
                samples.iter_mut().zip(window).for_each(|(samples, sample)| samples[lane] = *sample);
            }
        }
        // Place of the read on an axis on which the samples lie at 0, 1, ... 5.
        let place = T::Lanes8::<S>::splat(simd, T::from_f64(3.0)) - (late - whole);
        between::<S, T, _>(simd, samples, place).store_slice(&mut out[v]);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};
    use crate::processors::reverb::hadamard::TILE;
    use crate::processors::reverb::modulation;

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
    fn a_modulated_line_reads_a_sine_where_it_should() {
        let (rate, delay) = (48_000.0, 1_447);
        let longest = delay + lengths::margin(rate);
        let mut samples = alloc::vec![0.0f64; ring::words(longest)];
        let mut position = [0u32];
        let wave = |t: f64| libm::sin(0.13 * t);
        let mut worst = 0.0f64;
        for tile in 0..4_000u64 {
            let at = tile * 50;
            let mut rest = &mut samples[..];
            let mut ring = Ring::take(&mut rest, &mut position.iter_mut(), longest);
            let mut out = [[0.0; LANES]; TILE / LANES];
            dispatch!(SimdLevel::baseline(), s => {
                let late = modulation::reads(s, at, &[[1.0; LANES]; TILE / LANES], 50, rate);
                read_between(s, &ring, delay, &late[0], &mut out, 50);
            });
            if at > 2_000 {
                for (i, y) in out.as_flattened()[..50].iter().enumerate() {
                    let t = (at + i as u64) as f64;
                    let late = 8.0 * libm::sin(core::f64::consts::TAU * 2.0 * t / rate);
                    worst = worst.max((y - wave(t - delay as f64 - late)).abs());
                }
            }
            let frames = ring.next().as_flattened_mut().iter_mut().enumerate().take(50);
            frames.for_each(|(i, sample)| *sample = wave((at + i as u64) as f64));
            ring.advance(50);
        }
        std::println!("moving read of 1 kHz: {worst:.1e}");
        assert!(worst < 1e-5, "{worst}");
    }
}
