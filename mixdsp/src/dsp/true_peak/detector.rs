//! All kernels together: what holds a ceiling on every meter listens through them.

use super::estimate::Estimate;
use super::kernels::{DELAY, Fine, HANN_GAIN, HISTORY, Hann2, Hann4, INTERVALS, ITU_GAIN, Itu, WINDOW, look};
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
    itu: Itu<T>,
    hann: Hann<T>,
}

/// Half of the most taps that a short kernel has, and what none exceeds times the largest sample that it hears.
const SHORT: usize = 12;
const SHORT_GAIN: f64 = ITU_GAIN.max(HANN_GAIN);

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
        Self { fine, estimate, itu: Itu::new(), hann }
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
            || self.union(simd, window, intervals, least, out),
        );
    }

    #[inline(always)]
    fn union<S: Simd>(
        &self,
        simd: S,
        window: &[T; WINDOW],
        intervals: usize,
        least: f64,
        out: &mut [T; INTERVALS],
    ) {
        let lanes = T::Native::<S>::LEN;
        let largest = largest(simd, window);
        // Where most of it is over, an estimate spares nothing.
        let (mut over, mut at) = (0, 0);
        while at < intervals {
            over += (self::largest(simd, &window[HISTORY - DELAY + at..][..lanes]) > least) as usize;
            at += lanes;
        }
        let is_dense = 2 * over * lanes > intervals;
        let mut estimates = [T::ZERO; INTERVALS];
        if !is_dense && self.estimate.most(largest) > least {
            self.estimate.write(simd, window, intervals, &mut estimates);
        }
        let mut at = 0;
        while at < intervals {
            let is_last = at + lanes >= intervals;
            let mut peaks = T::Native::<S>::splat(simd, T::ZERO);
            let beside = self::largest(simd, &window[at + DELAY - SHORT..at + DELAY + SHORT + lanes - 1]);
            if is_last || beside * SHORT_GAIN > least {
                peaks = look(simd, &self.itu.0, window, at);
                peaks = match &self.hann {
                    Hann::Four(rows) => peaks.max(look(simd, &rows.0, window, at)),
                    Hann::Two(rows) => peaks.max(look(simd, &rows.0, window, at)),
                    Hann::None => peaks,
                };
            }
            let estimate = T::Native::<S>::from_slice(simd, &estimates[at..at + lanes]).reduce_max();
            if is_last || is_dense || self.estimate.reach(estimate.to_f64(), largest) > least {
                peaks = peaks.max(look(simd, &self.fine.0, window, at));
            }
            peaks.store_slice(&mut out[at..at + lanes]);
            at += lanes;
        }
    }
}

/// The largest of samples, of which there is a vector or more.
#[inline(always)]
fn largest<S: Simd, T: Sample>(simd: S, samples: &[T]) -> f64 {
    let mut largest = T::Native::<S>::splat(simd, T::ZERO);
    let lanes = T::Native::<S>::LEN;
    let mut at = 0;
    while at < samples.len() {
        // The last vector ends with the samples.
        let from = if at + lanes > samples.len() { samples.len() - lanes } else { at };
        largest = largest.max(T::Native::<S>::from_slice(simd, &samples[from..from + lanes]).abs());
        at += lanes;
    }
    largest.reduce_max().to_f64()
}
