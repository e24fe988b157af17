//! Floor 1: conversions between the units of the field, in `f64`.

use libm::{exp, log10};

const NEPERS_PER_DECIBEL: f64 = core::f64::consts::LN_10 / 20.0;

/// Decibels of a doubling of amplitude.
pub const DECIBELS_PER_OCTAVE: f64 = 6.020_599_913_279_624;

/// Amplitude factor of a level in decibels: 0 dB is 1, 20 dB is 10.
pub fn decibels_to_gain(decibels: f64) -> f64 {
    if decibels == 0.0 { 1.0 } else { exp(decibels * NEPERS_PER_DECIBEL) }
}

/// Level in decibels of an amplitude factor; minus infinity for 0.
pub fn gain_to_decibels(gain: f64) -> f64 {
    20.0 * log10(gain)
}

/// Whole frames nearest to a time in milliseconds.
pub fn milliseconds_to_frames(milliseconds: f64, sample_rate: f64) -> usize {
    seconds_to_frames(milliseconds * 1e-3, sample_rate)
}

/// Whole frames nearest to a time in seconds. Const, so that memory can be sized at compile time.
pub const fn seconds_to_frames(seconds: f64, sample_rate: f64) -> usize {
    (seconds * sample_rate + 0.5) as usize
}

/// A square root by Newton's method. Const, so that memory can be sized at compile time; elsewhere libm's is quicker.
pub(crate) const fn square_root(square: f64) -> f64 {
    let mut root = if square > 1.0 { square } else { 1.0 };
    let mut step = 0;
    while step < 64 {
        root = 0.5 * (root + square / root);
        step += 1;
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_abs_diff_eq;

    #[test]
    fn decibels() {
        assert_eq!(decibels_to_gain(0.0), 1.0);
        assert_abs_diff_eq!(decibels_to_gain(20.0), 10.0, epsilon = 1e-14);
        assert_abs_diff_eq!(gain_to_decibels(0.5), -6.020599913279624, epsilon = 1e-13);
    }

    #[test]
    fn square_roots() {
        for square in [1e-12, 0.3, 1.0, 2.0, 1e9] {
            assert!((square_root(square) / libm::sqrt(square) - 1.0).abs() < 1e-15, "{square}");
        }
    }

    #[test]
    fn frames() {
        assert_eq!(milliseconds_to_frames(20.0, 48_000.0), 960);
        assert_eq!(seconds_to_frames(0.5, 44_100.0), 22_050);
    }
}
