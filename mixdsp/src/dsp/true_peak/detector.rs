//! All kernels together: what holds a ceiling on every meter listens through them.

use super::estimate::Estimate;
use super::kernels::{DELAY, Fine, Hann2, Hann4, INTERVALS, ITU_GAIN, Itu, Rows, WINDOW, look};
use crate::base::sample::Sample;
use core::f64::consts::PI;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// All kernels of a limiter's detector together: its own, with a guard that covers every finer one if
/// asked, and those of meters as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TruePeakDetector<T> {
    fine: Fine<T>,
    estimate: Estimate<T>,
    /// No short kernel exceeds this times the largest sample of its window.
    short_gain: f64,
    itu: Itu<T>,
    hann: Hann<T>,
}

/// What libebur128 uses at a rate.
#[derive(Clone, Copy, Debug)]
enum Hann<T> {
    Four(Hann4<T>),
    Two(Hann2<T>),
    None,
}

impl<T: Sample> TruePeakDetector<T> {
    /// The kernels at a rate. The guard of the own kernel is what a waveform can rise between two of its
    /// points, sec(pi/16).
    pub(crate) fn new(sample_rate: f64, guarded: bool) -> Self {
        let hann = match sample_rate {
            ..96_000.0 => Hann::Four(Hann4::new()),
            ..192_000.0 => Hann::Two(Hann2::new()),
            _ => Hann::None,
        };
        let guard = if guarded { 1.0 / libm::cos(PI / 16.0) } else { 1.0 };
        let fine = Fine::new(guard);
        let estimate = Estimate::new(&fine, guard);
        let short_gain = match &hann {
            Hann::Four(rows) => most(&rows.0).max(ITU_GAIN),
            Hann::Two(rows) => most(&rows.0).max(ITU_GAIN),
            Hann::None => ITU_GAIN,
        };
        Self { fine, estimate, short_gain, itu: Itu::new(), hann }
    }

    /// Writes the largest magnitude at any kernel's points for each interval. What does not exceed `least` may be written
    /// as less, but for the last interval. A function of its own: it is long, and used in several places.
    #[inline(never)]
    pub(crate) fn peaks<S: Simd>(
        &self,
        simd: S,
        window: &[T; WINDOW],
        intervals: usize,
        least: f64,
        out: &mut [T; INTERVALS],
    ) {
        simd.vectorize(
            #[inline(always)]
            || match &self.hann {
                Hann::Four(rows) => self.union(simd, window, intervals, least, Some(&rows.0), out),
                Hann::Two(rows) => self.union(simd, window, intervals, least, Some(&rows.0), out),
                Hann::None => self.union::<S, 6, 1>(simd, window, intervals, least, None, out),
            },
        );
    }

    #[inline(always)]
    fn union<S: Simd, const ROWS: usize, const COLUMNS: usize>(
        &self,
        simd: S,
        window: &[T; WINDOW],
        intervals: usize,
        least: f64,
        hann: Option<&Rows<T, ROWS, COLUMNS>>,
        out: &mut [T; INTERVALS],
    ) {
        let lanes = T::Native::<S>::LEN;
        let largest = largest(simd, window);
        let mut estimates = [T::ZERO; INTERVALS];
        if least > 0.0 && self.estimate.most(largest) > least {
            self.estimate.write(simd, window, intervals, &mut estimates);
        }
        for (i, out) in out.chunks_exact_mut(lanes).enumerate().take(intervals.div_ceil(lanes)) {
            let at = i * lanes;
            let is_last = at + lanes >= intervals;
            let mut peaks = T::Native::<S>::splat(simd, T::ZERO);
            let beside = self::largest(simd, &window[at + DELAY - ROWS..at + DELAY + ROWS + lanes - 1]);
            if is_last || beside * self.short_gain > least {
                peaks = look(simd, &self.itu.0, window, at);
                if let Some(hann) = hann {
                    peaks = peaks.max(look(simd, hann, window, at));
                }
            }
            let estimate = T::Native::<S>::from_slice(simd, &estimates[at..at + lanes]).reduce_max();
            if is_last || self.estimate.reach(estimate.to_f64(), largest) > least {
                peaks = peaks.max(look(simd, &self.fine.0, window, at));
            }
            peaks.store_slice(out);
        }
    }
}

/// The most that a kernel makes of samples up to 1, rounded up.
fn most<T: Sample, const ROWS: usize, const COLUMNS: usize>(rows: &Rows<T, ROWS, COLUMNS>) -> f64 {
    let of = |column: usize, row: &[T; COLUMNS]| row.get(column).map_or(0.0, |tap| tap.to_f64());
    let sum = |column: usize| -> f64 {
        rows.iter()
            .map(|row| {
                let (even, odd) = (of(column, row), of(column + 1, row));
                (even + odd).abs() + (even - odd).abs()
            })
            .sum()
    };
    (0..COLUMNS).step_by(2).map(sum).fold(0.0, f64::max) * 1.001
}

/// The largest of samples, of which there is a vector or more.
#[inline(always)]
fn largest<S: Simd, T: Sample>(simd: S, samples: &[T]) -> f64 {
    let mut largest = T::Native::<S>::splat(simd, T::ZERO);
    let lanes = T::Native::<S>::LEN;
    for at in (0..samples.len()).step_by(lanes) {
        // The last vector ends with the samples.
        let from = at.min(samples.len() - lanes);
        largest = largest.max(T::Native::<S>::from_slice(simd, &samples[from..from + lanes]).abs());
    }
    largest.reduce_max().to_f64()
}
