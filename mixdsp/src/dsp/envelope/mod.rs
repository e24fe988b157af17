//! Floor 4: envelopes: what a level asks for, and how a gain gets there.
//!
//! [`curve`], [`ballistics`] and [`smooth_ballistics`] work in decibels; the sliding minimum and the boxes on a gain in
//! whole numbers.
//!
//! A gain from 0 to 1 is a whole number from 0 to [`UNITY`]. Sums of whole numbers do not drift, and a gain
//! at unity stays exactly there, however long it runs.

pub(crate) mod ballistics;
mod box_stack;
pub(crate) mod curve;
mod minimum;
pub(crate) mod smooth_ballistics;

pub(crate) use box_stack::BoxStack;
pub(crate) use minimum::{SlidingMinimum, minimum_words};

use crate::base::sample::Sample;

/// A gain of 1.
pub(crate) const UNITY: u32 = 1 << 30;

/// Frames that one call works on at most.
pub(crate) use crate::params::ramp::CHUNK;

/// Around here neighbouring numbers of f64 differ by 1, so that adding it rounds, also just below zero, and
/// leaves the whole number in the low bits: a conversion that vectors can do.
const WHOLE: f64 = 1.5 * (1u64 << 52) as f64;

/// A gain from 0 to 1 as a whole number, rounded down (an odd whole number may come out one lower).
#[inline(always)]
pub(crate) fn floor(gain: f64) -> u32 {
    nearest(gain * UNITY as f64 - 0.5)
}

/// The nearest whole number to one from -0.5 to [`UNITY`].
#[inline(always)]
pub(crate) fn nearest(value: f64) -> u32 {
    (value + WHOLE).to_bits() as u32
}

/// The gain that each peak allows under its ceiling, rounded down.
#[inline(always)]
pub(crate) fn allow<P: Sample>(ceiling: &[f64; CHUNK], peaks: &[P], allowed: &mut [u32; CHUNK]) {
    for ((allowed, peak), ceiling) in allowed.iter_mut().zip(peaks).zip(ceiling) {
        let ratio = ceiling / peak.to_f64();
        let gain = if ratio < 1.0 { ratio } else { 1.0 };
        *allowed = floor(gain);
    }
}

/// The larger of two numbers that are numbers: one vector instruction.
#[inline(always)]
pub(crate) fn larger<T: Sample>(a: T, b: T) -> T {
    if a > b { a } else { b }
}

/// The smaller of two numbers that are numbers.
#[inline(always)]
pub(crate) fn smaller<T: Sample>(a: T, b: T) -> T {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions() {
        assert_eq!([floor(0.0), floor(1.0), floor(0.5)], [0, UNITY, UNITY / 2]);
        assert_eq!(floor(1.0 - 1e-12), UNITY - 1);
        assert_eq!([nearest(0.0), nearest(0.4), nearest(7.0), nearest(6.6)], [0, 0, 7, 7]);
        assert_eq!(nearest(UNITY as f64 - 1e-6), UNITY);
        for i in 0..100_000 {
            let gain = i as f64 / 99_999.0;
            assert!(
                floor(gain) as f64 <= gain * UNITY as f64 && floor(gain) as f64 >= gain * UNITY as f64 - 1.0
            );
        }
    }
}
