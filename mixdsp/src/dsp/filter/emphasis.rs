//! Floor 4: emphasis and its inverse: a shelf of first order before something, taken back after it.
//!
//! ```text
//! in --> (b0 + b1 z) / (1 + a1 z) --> something --> (1 + a1 z) / (b0 + b1 z) --> out
//! ```
//!
//! The shelf is bilinear: 1 at one end of the spectrum, its gain at the other, the root of it at its frequency. Both it and
//! its inverse are stable for any gain. Where they are the same numbers, one takes back the other to rounding.
//!
//! State, per channel and direction: the last frame in and the last one out.

use crate::base::units::decibels_to_gain;
use crate::params::smoothed::smoothed;
use core::f64::consts::PI;

smoothed! {
    /// The numbers of an emphasis.
    pub(crate) design struct Emphasis { b0, b1, a1 }
}

impl Emphasis {
    /// Changes nothing.
    pub(crate) const NONE: Self = Self { b0: 1.0, b1: 0.0, a1: 0.0 };

    /// 1 at 0 Hz, `gain` far above the frequency.
    pub(crate) fn high(gain: f64, frequency_hz: f64, sample_rate: f64) -> Self {
        let k = libm::tan(PI * (frequency_hz / sample_rate).min(0.49));
        let root = libm::sqrt(gain);
        let scale = 1.0 / (1.0 / root + k);
        Self { b0: (root + k) * scale, b1: (k - root) * scale, a1: (k - 1.0 / root) * scale }
    }

    /// The same in decibels; exactly nothing for 0.
    pub(crate) fn high_db(gain_db: f64, frequency_hz: f64, sample_rate: f64) -> Self {
        if gain_db == 0.0 {
            return Self::NONE;
        }
        Self::high(decibels_to_gain(gain_db), frequency_hz, sample_rate)
    }

    /// `gain` at 0 Hz, 1 far above the frequency.
    pub(crate) fn low(gain: f64, frequency_hz: f64, sample_rate: f64) -> Self {
        let high = Self::high(1.0 / gain, frequency_hz, sample_rate);
        Self { b0: gain * high.b0, b1: gain * high.b1, a1: high.a1 }
    }

    /// A frame with the emphasis.
    #[inline(always)]
    pub(crate) fn put(&self, [x1, y1]: &mut [f64; 2], x: f64) -> f64 {
        let y = self.b0 * x + self.b1 * *x1 - self.a1 * *y1;
        (*x1, *y1) = (x, y);
        y
    }

    /// A frame without it.
    #[inline(always)]
    pub(crate) fn take(&self, [x1, y1]: &mut [f64; 2], x: f64) -> f64 {
        let y = (x + self.a1 * *x1 - self.b1 * *y1) / self.b0;
        (*x1, *y1) = (x, y);
        y
    }

    /// Upper bound of the frames until both are silent.
    pub(crate) fn tail(&self) -> usize {
        let pole = self.a1.abs().max((self.b1 / self.b0).abs());
        if pole < 1e-9 { 0 } else { (libm::log(1e-6) / libm::log(pole.min(1.0 - 1e-9))) as usize * 2 + 2 }
    }
}
