//! The Fourier transform of two real channels at once, in parts that take about as long as each other.
//!
//! ```text
//! left + i right --> 8 rows, columns of 8 by themselves --> rows by themselves --> left and right apart
//! ```
//!
//! A transform of N = 8 M samples is one of eight samples for each of M columns, a turn of each result, and one of M samples
//! for each of eight rows (W. M. Gentleman and G. Sande, "Fast Fourier transforms: for fun and profit", 1966). So a long
//! transform needs not happen at one moment. Short ones are a single row. Bins stay in the order in which they come out;
//! what is multiplied bin by bin need not know it.
//!
//! Of left and right only the half of the bins is kept that is not the other's mirror image. Their order: row 0 up to half
//! of it, then row 4 up to half of it, then rows 1, 2, 3, then the middle bin of row 0. Real and imaginary parts lie apart.

use crate::base::fft_plan::Plan;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use alloc::boxed::Box;
use alloc::vec;
use core::f64::consts::TAU;
use core::ops::{Add, Range, Sub};
use fearless_simd::Simd;
use fearless_simd::prelude::*;
use num_complex::Complex;

/// Rows of a long transform.
const ROWS: usize = 8;
/// The longest transform of a single row.
const LONGEST_ROW: usize = 1024;
/// Columns that are worked on at once; a transform of eight rows has a multiple of them.
pub(crate) const COLUMNS: usize = 64;

/// Transforms of one length, there and back.
pub(crate) struct PairTransform<T: Sample> {
    rows: usize,
    columns: usize,
    forward: T::Plan,
    inverse: T::Plan,
    /// exp(-2 pi i column row / length), row by row, real and imaginary.
    turns: [Box<[T]>; 2],
    scratch: Box<[Complex<T>]>,
    simd: SimdLevel,
}

impl<T: Sample> core::fmt::Debug for PairTransform<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "PairTransform({} x {})", self.rows, self.columns)
    }
}

/// Some columns of eight rows, real and imaginary.
type Tile<T> = [[[T; COLUMNS]; ROWS]; 2];

impl<T: Sample> PairTransform<T> {
    /// For so many samples, a power of two from 16 on. Allocates.
    pub(crate) fn new(length: usize, simd: SimdLevel) -> Self {
        let rows = if length <= LONGEST_ROW { 1 } else { ROWS };
        let columns = length / rows;
        let (forward, inverse) = (T::Plan::new(columns, false, simd), T::Plan::new(columns, true, simd));
        let scratch = forward.scratch().max(inverse.scratch());
        let turned = if rows == 1 { 0 } else { length };
        let turn = |n: usize| libm::sincos(-TAU * ((n / columns) * (n % columns)) as f64 / length as f64);
        let turns = [
            (0..turned).map(|n| T::from_f64(turn(n).1)).collect(),
            (0..turned).map(|n| T::from_f64(turn(n).0)).collect(),
        ];
        let zero = Complex { re: T::ZERO, im: T::ZERO };
        Self { rows, columns, forward, inverse, turns, scratch: vec![zero; scratch].into(), simd }
    }

    /// Samples.
    pub(crate) fn length(&self) -> usize {
        self.rows * self.columns
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// How many parts [`split`](Self::split) and [`join`](Self::join) have.
    pub(crate) fn groups(&self) -> usize {
        if self.rows == 1 { 1 } else { 1 + ROWS / 2 }
    }

    /// The columns of a range, multiples of [`COLUMNS`], of samples whose rows `row` tells, left and right.
    pub(crate) fn forward_columns<'a>(
        &self,
        range: Range<usize>,
        row: impl Fn(usize) -> [&'a [T]; 2],
        work: &mut [Complex<T>],
    ) {
        for from in range.step_by(COLUMNS) {
            let mut tile: Tile<T> = [[[T::ZERO; COLUMNS]; ROWS]; 2];
            for r in 0..ROWS {
                for (tile, samples) in tile.iter_mut().zip(row(r)) {
                    tile[r].copy_from_slice(&samples[from..from + COLUMNS]);
                }
            }
            let [re, im] = &mut tile;
            dispatch!(self.simd, s => eight(s, re, im));
            for r in 0..ROWS {
                let [turn_re, turn_im] =
                    self.turns.each_ref().map(|turns| &turns[r * self.columns + from..][..COLUMNS]);
                let out = &mut work[r * self.columns + from..][..COLUMNS];
                dispatch!(self.simd, s => {
                    let _ = s;
                    for i in 0..COLUMNS {
                        out[i] = Complex {
                            re: re[r][i] * turn_re[i] - im[r][i] * turn_im[i],
                            im: re[r][i] * turn_im[i] + im[r][i] * turn_re[i],
                        };
                    }
                });
            }
        }
    }

    /// The only row of a short transform, from the first and the second half of the samples, left and right.
    pub(crate) fn take(&self, halves: [[&[T]; 2]; 2], work: &mut [Complex<T>]) {
        let half = work.len() / 2;
        for ([left, right], work) in halves.into_iter().zip(work.chunks_exact_mut(half)) {
            for (value, (left, right)) in work.iter_mut().zip(left.iter().zip(right)) {
                *value = Complex { re: *left, im: *right };
            }
        }
    }

    /// Transforms a row.
    pub(crate) fn forward_row(&mut self, row: usize, work: &mut [Complex<T>]) {
        self.forward.run(&mut work[row * self.columns..][..self.columns], &mut self.scratch);
    }

    /// Transforms a row back.
    pub(crate) fn inverse_row(&mut self, row: usize, work: &mut [Complex<T>]) {
        self.inverse.run(&mut work[row * self.columns..][..self.columns], &mut self.scratch);
    }

    /// The last half of the samples of some columns, left and right, times the length.
    pub(crate) fn inverse_columns(
        &self,
        range: Range<usize>,
        work: &[Complex<T>],
        [left, right]: [&mut [T]; 2],
    ) {
        for from in range.step_by(COLUMNS) {
            let mut tile: Tile<T> = [[[T::ZERO; COLUMNS]; ROWS]; 2];
            let [re, im] = &mut tile;
            for r in 0..ROWS {
                let [turn_re, turn_im] =
                    self.turns.each_ref().map(|turns| &turns[r * self.columns + from..][..COLUMNS]);
                let values = &work[r * self.columns + from..][..COLUMNS];
                dispatch!(self.simd, s => {
                    let _ = s;
                    for i in 0..COLUMNS {
                        re[r][i] = values[i].re * turn_re[i] + values[i].im * turn_im[i];
                        im[r][i] = values[i].im * turn_re[i] - values[i].re * turn_im[i];
                    }
                });
            }
            // Backwards is forwards with real and imaginary parts exchanged.
            dispatch!(self.simd, s => eight(s, im, re));
            for r in ROWS / 2..ROWS {
                let at = (r - ROWS / 2) * self.columns + from;
                left[at..at + COLUMNS].copy_from_slice(&re[r]);
                right[at..at + COLUMNS].copy_from_slice(&im[r]);
            }
        }
    }

    /// The last half of the samples of a short transform.
    pub(crate) fn give(&self, work: &[Complex<T>], [left, right]: [&mut [T]; 2]) {
        let last = &work[work.len() / 2..];
        for ((value, left), right) in last.iter().zip(left).zip(right) {
            (*left, *right) = (value.re, value.im);
        }
    }

    /// Rows that are each other's mirror image, the range of bins that they become, and of how many columns.
    fn group(&self, group: usize) -> (usize, usize, Range<usize>) {
        let (columns, half) = (self.columns, self.columns / 2);
        match group {
            0 => (0, 0, 0..half),
            1 => (ROWS / 2, ROWS / 2, half..columns),
            _ => (group - 1, ROWS + 1 - group, (group - 1) * columns..group * columns),
        }
    }

    /// Writes twice the bins of left and right of a group; both are half real and half imaginary parts, of at least
    /// [`bins`](super::bins) values each.
    pub(crate) fn split(&self, group: usize, work: &[Complex<T>], [left, right]: [&mut [T]; 2]) {
        let (row, mirror, range) = self.group(group);
        let (columns, middle) = (self.columns, self.length() / 2);
        let (left_re, left_im) = left.split_at_mut(left.len() / 2);
        let (right_re, right_im) = right.split_at_mut(right.len() / 2);
        let mut out = [left_re, left_im, right_re, right_im];
        let (row, mirror) = (&work[row * columns..][..columns], &work[mirror * columns..][..columns]);
        if group > 0 {
            let out = out.map(|out| &mut out[range.clone()]);
            dispatch!(self.simd, s => { let _ = s; split(&row[..range.len()], &mirror[columns - range.len()..], out); });
            return;
        }
        let half = columns / 2;
        for (bin, at) in [(0, 0), (middle, half)] {
            let one = out.each_mut().map(|out| &mut out[bin..bin + 1]);
            split(&row[at..at + 1], &row[at..at + 1], one);
        }
        let out = out.map(|out| &mut out[1..half]);
        dispatch!(self.simd, s => { let _ = s; split(&row[1..half], &row[half + 1..], out); });
    }

    /// Puts a group's bins of left and right together.
    pub(crate) fn join(&self, group: usize, [left, right]: [&[T]; 2], work: &mut [Complex<T>]) {
        let (row, mirror, range) = self.group(group);
        let (columns, middle) = (self.columns, self.length() / 2);
        let (left_re, left_im) = left.split_at(left.len() / 2);
        let (right_re, right_im) = right.split_at(right.len() / 2);
        let from = [left_re, left_im, right_re, right_im];
        if group > 1 {
            let (low, high) = work.split_at_mut(mirror * columns);
            let (row, mirror) = (&mut low[row * columns..][..columns], &mut high[..columns]);
            let from = from.map(|from| &from[range.clone()]);
            dispatch!(self.simd, s => { let _ = s; join(from, row, mirror); });
            return;
        }
        let row = &mut work[row * columns..][..columns];
        let half = columns / 2;
        if group == 1 {
            let (row, mirror) = row.split_at_mut(half);
            let from = from.map(|from| &from[range.clone()]);
            dispatch!(self.simd, s => { let _ = s; join(from, row, mirror); });
            return;
        }
        for (bin, at) in [(0, 0), (middle, half)] {
            let [lr, li, rr, ri] = from.map(|from| from[bin]);
            row[at] = Complex { re: lr - ri, im: li + rr };
        }
        let (row, mirror) = row.split_at_mut(half + 1);
        let from = from.map(|from| &from[1..half]);
        dispatch!(self.simd, s => { let _ = s; join(from, &mut row[1..half], mirror); });
    }
}

/// Left and right of `left + i right`, twice, from bins and their mirror images, which stand backwards.
#[inline(always)]
fn split<T: Sample>(row: &[Complex<T>], mirror: &[Complex<T>], [lr, li, rr, ri]: [&mut [T]; 4]) {
    let count = row.len();
    let (mirror, lr, li) = (&mirror[..count], &mut lr[..count], &mut li[..count]);
    let (rr, ri) = (&mut rr[..count], &mut ri[..count]);
    for i in 0..count {
        let (z, w) = (row[i], mirror[count - 1 - i]);
        (lr[i], li[i]) = (z.re + w.re, z.im - w.im);
        (rr[i], ri[i]) = (z.im + w.im, w.re - z.re);
    }
}

#[inline(always)]
fn join<T: Sample>([lr, li, rr, ri]: [&[T]; 4], row: &mut [Complex<T>], mirror: &mut [Complex<T>]) {
    let count = row.len();
    let (mirror, lr, li) = (&mut mirror[..count], &lr[..count], &li[..count]);
    let (rr, ri) = (&rr[..count], &ri[..count]);
    for i in 0..count {
        row[i] = Complex { re: lr[i] - ri[i], im: li[i] + rr[i] };
        mirror[count - 1 - i] = Complex { re: lr[i] + ri[i], im: rr[i] - li[i] };
    }
}

/// Transforms of eight samples, column by column.
#[inline(always)]
fn eight<S: Simd, T: Sample>(simd: S, re: &mut [[T; COLUMNS]; ROWS], im: &mut [[T; COLUMNS]; ROWS]) {
    let share = T::Lanes8::<S>::splat(simd, T::from_f64(core::f64::consts::FRAC_1_SQRT_2));
    for i in (0..COLUMNS).step_by(8) {
        let load = |values: &[T; COLUMNS]| T::Lanes8::<S>::from_slice(simd, &values[i..i + 8]);
        let at = |row: usize| [load(&re[row]), load(&im[row])];
        let even = four([at(0), at(2), at(4), at(6)]);
        let [a, b, c, d] = four([at(1), at(3), at(5), at(7)]);
        let odd = [
            a,
            [share * (b[0] + b[1]), share * (b[1] - b[0])],
            [c[1], -c[0]],
            [share * (d[1] - d[0]), -(share * (d[0] + d[1]))],
        ];
        for row in 0..ROWS / 2 {
            for (part, out) in [&mut *re, &mut *im].into_iter().enumerate() {
                (even[row][part] + odd[row][part]).store_slice(&mut out[row][i..i + 8]);
                (even[row][part] - odd[row][part]).store_slice(&mut out[row + ROWS / 2][i..i + 8]);
            }
        }
    }
}

#[inline(always)]
fn four<V: Copy + Add<Output = V> + Sub<Output = V>>([a, b, c, d]: [[V; 2]; 4]) -> [[V; 2]; 4] {
    let (sum, difference) = ([a[0] + c[0], a[1] + c[1]], [a[0] - c[0], a[1] - c[1]]);
    let (other, turned) = ([b[0] + d[0], b[1] + d[1]], [b[1] - d[1], d[0] - b[0]]);
    [
        [sum[0] + other[0], sum[1] + other[1]],
        [difference[0] + turned[0], difference[1] + turned[1]],
        [sum[0] - other[0], sum[1] - other[1]],
        [difference[0] - turned[0], difference[1] - turned[1]],
    ]
}
