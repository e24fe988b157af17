//! Floor 5: absorption: what each line loses at each frequency.
//!
//! ```text
//! each line: gain -> low shelves at 1/2, 1, 2 bass_hz -> high shelves at 1/2, 1, 2 treble_hz
//! ```
//!
//! A shelf, trapezoidal, runs as a one-pole low-pass beside the straight way, whose part of a step ahead is in
//! the line's gain. Small coefficients make the changes, and a shelf of no gain passes every bit on:
//!
//! ```text
//! y = x + h s;  s += b (x - s)
//! ```
//!
//! State, per line: `s` of every shelf. Lines lie side by side in a vector.

use crate::base::sample::Sample;
use crate::base::simd::transpose;
use crate::processors::reverb::hadamard::{LANES, LINES, LaneBlock, Tile, load, vectors};
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// The low shelves and the high ones of each line.
pub(super) const BANKS: usize = 2;
/// Shelves of a bank.
pub(super) const SHELVES: usize = 3;
/// What a bank multiplies with: a gain, which is 1 in the second, then `b` and `h` of every shelf.
pub(super) const NUMBERS: usize = 1 + 2 * SHELVES;

/// Coefficients of every line's banks.
pub(super) type Coefficients<T> = [[[T; LINES]; NUMBERS]; BANKS];
/// Values of state of every line's banks.
pub(super) type Filters<T> = [[[T; LINES]; SHELVES]; BANKS];

/// Vectors that hold one frame of all lines.
const HALVES: usize = LINES / LANES;

/// Filters `frames` frames of all lines. With `steps` the coefficients move by them at every frame.
#[inline(always)]
pub(super) fn run<S: Simd, T: Sample>(
    simd: S,
    lines: &[&LaneBlock<T>; LINES],
    out: &mut Tile<T>,
    coefficients: &mut Coefficients<T>,
    steps: Option<&Coefficients<T>>,
    filters: &mut Filters<T>,
    frames: usize,
) {
    // Arrays of vectors are filled by loops: what the library builds by closures is not always inlined, and then copied.
    let zero = T::Lanes8::<S>::splat(simd, T::ZERO);
    for v in vectors(frames) {
        let mut turned: [[[T; LANES]; HALVES]; LANES] = [[[T::ZERO; LANES]; HALVES]; LANES];
        for half in 0..HALVES {
            let mut rows = [zero; LANES];
            for (row, line) in rows.iter_mut().zip(&lines[half * LANES..]) {
                *row = load(simd, &line[v]);
            }
            let columns = transpose::<S, T::Lanes8<S>, LANES>(rows);
            columns.iter().zip(&mut turned).for_each(|(column, frame)| column.store_slice(&mut frame[half]));
        }
        let now = &mut turned[..LANES.min(frames - v * LANES)];
        // A bank at a time, so that its state stays in registers.
        for (bank, (c, s)) in coefficients.iter_mut().zip(&mut *filters).enumerate() {
            match steps {
                None => run_bank(simd, now, c, None, s),
                Some(steps) => run_bank(simd, now, c, Some(&steps[bank]), s),
            }
        }
        for half in 0..HALVES {
            let mut columns = [zero; LANES];
            for (column, frame) in columns.iter_mut().zip(&turned) {
                *column = load(simd, &frame[half]);
            }
            let rows = transpose::<S, T::Lanes8<S>, LANES>(columns);
            let out = out[half * LANES..].iter_mut();
            rows.iter().zip(out).for_each(|(row, line)| row.store_slice(&mut line[v]));
        }
    }
}

/// Frames of all lines through one bank. Both halves run in each other's shadow.
#[inline(always)]
fn run_bank<S: Simd, T: Sample>(
    simd: S,
    frames: &mut [[[T; LANES]; HALVES]],
    coefficients: &mut [[T; LINES]; NUMBERS],
    steps: Option<&[[T; LINES]; NUMBERS]>,
    state: &mut [[T; LINES]; SHELVES],
) {
    let zero = T::Lanes8::<S>::splat(simd, T::ZERO);
    let mut c = [[zero; NUMBERS]; HALVES];
    let mut states = [[zero; SHELVES]; HALVES];
    for half in 0..HALVES {
        fill(simd, &mut c[half], coefficients, half);
        fill(simd, &mut states[half], state, half);
    }
    for frame in frames {
        for half in 0..HALVES {
            if let Some(steps) = steps {
                let mut by = [zero; NUMBERS];
                fill(simd, &mut by, steps, half);
                c[half].iter_mut().zip(by).for_each(|(c, by)| *c += by);
            }
            let c = &c[half];
            let mut x = load(simd, &frame[half]) * c[0];
            for (shelf, s) in states[half].iter_mut().enumerate() {
                let away = x - *s;
                x = c[2 + 2 * shelf].mul_add(*s, x);
                *s = c[1 + 2 * shelf].mul_add(away, *s);
            }
            x.store_slice(&mut frame[half]);
        }
    }
    for half in 0..HALVES {
        let lanes = half * LANES..(half + 1) * LANES;
        for (lines, s) in state.iter_mut().zip(&states[half]) {
            s.store_slice(&mut lines[lanes.clone()]);
        }
        if steps.is_some() {
            for (lines, c) in coefficients.iter_mut().zip(&c[half]) {
                c.store_slice(&mut lines[lanes.clone()]);
            }
        }
    }
}

/// One half of the lines, number by number.
#[inline(always)]
fn fill<S: Simd, T: Sample, const N: usize>(
    simd: S,
    into: &mut [T::Lanes8<S>; N],
    numbers: &[[T; LINES]; N],
    half: usize,
) {
    for (into, lanes) in into.iter_mut().zip(numbers) {
        *into = T::Lanes8::<S>::from_slice(simd, &lanes[half * LANES..(half + 1) * LANES]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};
    use crate::processors::reverb::hadamard::TILE;

    /// One line, shelf after shelf.
    fn one_line(
        samples: &mut [f64],
        mut numbers: [[f64; NUMBERS]; BANKS],
        steps: Option<[[f64; NUMBERS]; BANKS]>,
    ) {
        let mut state = [[0.0; SHELVES]; BANKS];
        for sample in samples {
            for bank in 0..BANKS {
                if let Some(steps) = steps {
                    numbers[bank].iter_mut().zip(steps[bank]).for_each(|(number, step)| *number += step);
                }
                let [gain, shelves @ ..] = &numbers[bank];
                *sample *= gain;
                for (s, shelf) in state[bank].iter_mut().zip(shelves.chunks_exact(2)) {
                    let x = *sample;
                    *sample = x + shelf[1] * *s;
                    *s += shelf[0] * (x - *s);
                }
            }
        }
    }

    #[test]
    fn lines_side_by_side_are_each_line_by_itself() {
        let mut seed = 3u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(seed >> 8) / f64::from(1 << 24) - 0.5
        };
        for (frames, moves) in [(TILE, false), (TILE, true), (37, false), (8, true)] {
            let mut tile: Tile<f64> = [[[0.0; LANES]; TILE / LANES]; LINES];
            let mut coefficients: Coefficients<f64> = [[[0.0; LINES]; NUMBERS]; BANKS];
            let mut steps = coefficients;
            tile.iter_mut().flatten().flatten().for_each(|x| *x = random());
            coefficients.iter_mut().flatten().flatten().for_each(|x| *x = random());
            steps.iter_mut().flatten().flatten().for_each(|x| *x = 1e-3 * random());
            let of = |all: &Coefficients<f64>, line: usize| all.map(|bank| bank.map(|lanes| lanes[line]));
            let mut expected = tile;
            for (line, samples) in expected.iter_mut().enumerate() {
                let steps = moves.then(|| of(&steps, line));
                one_line(&mut samples.as_flattened_mut()[..frames], of(&coefficients, line), steps);
            }
            let (mut out, mut filters) = (tile, [[[0.0; LINES]; SHELVES]; BANKS]);
            let lines = tile.each_ref();
            dispatch!(SimdLevel::baseline(), s => {
                run(s, &lines, &mut out, &mut coefficients, moves.then_some(&steps), &mut filters, frames);
            });
            for (line, expected) in out.iter().zip(&expected) {
                let pairs = line.as_flattened().iter().zip(expected.as_flattened()).take(frames);
                pairs.for_each(|(y, expected)| assert!((y - expected).abs() < 1e-12, "{y} {expected}"));
            }
        }
    }
}
