//! The kernels that meters use, and how they look into a window.

use crate::base::sample::Sample;
use core::f64::consts::PI;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Samples before the newest one that a kernel looks at.
pub(crate) const HISTORY: usize = 47;
/// Intervals that one call looks at.
pub(crate) const INTERVALS: usize = 64;
/// A window: the history, then the samples that complete the intervals.
pub(crate) const WINDOW: usize = HISTORY + INTERVALS;
/// Frames from a sample until the interval that begins with it can be looked at.
pub(crate) const DELAY: usize = 24;

/// Largest sum of magnitudes of the fine kernel's taps at one point, rounded up: its output never exceeds
/// this times the largest sample of the window.
pub(crate) const FINE_GAIN: f64 = 2.611;
/// The same for the ITU kernel.
pub(crate) const ITU_GAIN: f64 = 2.023;
/// The same for both Hann kernels.
pub(super) const HANN_GAIN: f64 = 2.308;

/// Products of a kernel's even and odd parts, row by row from the ends of its window to the middle.
/// Columns: even and odd part of each pair of points, then the point in the middle if there is one.
pub(super) type Rows<T, const ROWS: usize, const COLUMNS: usize> = [[T; COLUMNS]; ROWS];

/// Sinc under a Kaiser window, beta 9, 8 points per interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fine<T>(pub(super) Rows<T, 24, 7>);

/// The 4 points of BS.1770.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Itu<T>(pub(super) Rows<T, 6, 4>);

/// Sinc under a Hann window, 4 points per interval.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hann4<T>(pub(super) Rows<T, 6, 3>);

/// Sinc under a Hann window, 2 points per interval.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hann2<T>(pub(super) Rows<T, 12, 1>);

/// The kernel's rows from its taps: `tap(point, j)` multiplies the sample `j` before the newest, and
/// `points` names one point of each pair, then the middle one.
fn rows<T: Sample, const ROWS: usize, const COLUMNS: usize>(
    points: &[usize],
    gain: f64,
    tap: impl Fn(usize, usize) -> f64,
) -> Rows<T, ROWS, COLUMNS> {
    core::array::from_fn(|j| {
        core::array::from_fn(|column| {
            let point = points[column / 2];
            let (late, early) = (tap(point, j), tap(point, 2 * ROWS - 1 - j));
            let sign = if column % 2 == 0 { 1.0 } else { -1.0 };
            T::from_f64(0.5 * gain * (late + sign * early))
        })
    })
}

pub(super) fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::sin(PI * x) / (PI * x) }
}

/// The modified Bessel function of order 0.
pub(super) fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..40 {
        term *= (0.5 * x / n as f64) * (0.5 * x / n as f64);
        sum += term;
    }
    sum
}

/// Tap of a Hann-windowed sinc of 48 taps at `points` per interval.
pub(super) fn hann_tap(points: usize, point: usize, j: usize) -> f64 {
    let n = (points * j + point) as f64;
    0.5 * (1.0 - libm::cos(PI * n / 24.0)) * sinc((n - 24.0) / points as f64)
}

impl<T: Sample> Fine<T> {
    /// The kernel times `gain`.
    pub(crate) fn new(gain: f64) -> Self {
        const BETA: f64 = 9.0;
        Self(rows(&[1, 2, 3, 4], gain, |point, j| {
            let n = (8 * j + point) as f64 - 192.0;
            let window = bessel(BETA * libm::sqrt(1.0 - (n / 192.0) * (n / 192.0))) / bessel(BETA);
            window * sinc(n / 8.0)
        }))
    }

    /// Writes the largest magnitude at its points for each interval.
    #[cfg(test)]
    pub(super) fn peaks<S: Simd>(
        &self,
        simd: S,
        window: &[T; WINDOW],
        intervals: usize,
        out: &mut [T; INTERVALS],
    ) {
        each(simd, intervals, out, |at| look(simd, &self.0, window, at));
    }
}

impl<T: Sample> Itu<T> {
    pub(crate) fn new() -> Self {
        const TAPS: [[f64; 12]; 2] = [
            [
                0.001708984375,
                0.010986328125,
                -0.0196533203125,
                0.033203125,
                -0.0594482421875,
                0.1373291015625,
                0.97216796875,
                -0.102294921875,
                0.047607421875,
                -0.026611328125,
                0.014892578125,
                -0.00830078125,
            ],
            [
                -0.0291748046875,
                0.029296875,
                -0.0517578125,
                0.089111328125,
                -0.16650390625,
                0.465087890625,
                0.77978515625,
                -0.2003173828125,
                0.1015625,
                -0.0582275390625,
                0.0330810546875,
                -0.0189208984375,
            ],
        ];
        Self(rows(&[0, 1], 1.0, |point, j| TAPS[point][j]))
    }

    /// Writes the largest magnitude at its points for each interval.
    #[inline(always)]
    pub(crate) fn peaks<S: Simd>(
        &self,
        simd: S,
        window: &[T; WINDOW],
        intervals: usize,
        out: &mut [T; INTERVALS],
    ) {
        each(simd, intervals, out, |at| look(simd, &self.0, window, at));
    }
}

impl<T: Sample> Hann4<T> {
    pub(super) fn new() -> Self {
        Self(rows(&[1, 2], 1.0, |point, j| hann_tap(4, point, j)))
    }
}

impl<T: Sample> Hann2<T> {
    pub(super) fn new() -> Self {
        Self(rows(&[1], 1.0, |point, j| hann_tap(2, point, j)))
    }
}

/// Calls `look` for every vector of intervals. The last one may reach beyond `intervals`; what it gives
/// there means nothing.
#[inline(always)]
fn each<S: Simd, T: Sample>(
    simd: S,
    intervals: usize,
    out: &mut [T; INTERVALS],
    look: impl Fn(usize) -> T::Native<S>,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let lanes = T::Native::<S>::LEN;
            for (i, out) in out.chunks_exact_mut(lanes).enumerate().take(intervals.div_ceil(lanes)) {
                look(i * lanes).store_slice(out);
            }
        },
    )
}

/// Largest magnitude at a kernel's points, for as many intervals from `at` on as there are lanes.
#[inline(always)]
pub(super) fn look<S: Simd, T: Sample, const ROWS: usize, const COLUMNS: usize>(
    simd: S,
    rows: &Rows<T, ROWS, COLUMNS>,
    window: &[T; WINDOW],
    at: usize,
) -> T::Native<S> {
    let lanes = T::Native::<S>::LEN;
    let zero = T::Native::<S>::splat(simd, T::ZERO);
    let mut sums = [zero; COLUMNS];
    let window = &window[at..at + HISTORY + lanes];
    // Kernels shorter than 48 taps lie in the middle.
    let first = DELAY - ROWS;
    for (j, row) in rows.iter().enumerate() {
        let late = T::Native::<S>::from_slice(simd, &window[HISTORY - first - j..][..lanes]);
        let early = T::Native::<S>::from_slice(simd, &window[first + j..][..lanes]);
        let (even, odd) = (late + early, late - early);
        for (column, sum) in sums.iter_mut().enumerate() {
            let mirrored = if column % 2 == 0 { even } else { odd };
            *sum = T::Native::<S>::splat(simd, row[column]).mul_add(mirrored, *sum);
        }
    }
    let mut largest = if COLUMNS % 2 == 1 { sums[COLUMNS - 1].abs() } else { zero };
    for pair in sums.chunks_exact(2) {
        largest = largest.max(pair[0].abs() + pair[1].abs());
    }
    largest
}
