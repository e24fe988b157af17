//! The static curve of a compressor: how many decibels a level is reduced by.
//!
//! ```text
//! over = level - threshold
//! reduction = slope * (0                          below the knee
//!                      (over + knee / 2)^2 / (2 knee)    in it
//!                      over)                      above it           slope = 1 - 1 / ratio
//! ```
//!
//! Source: Giannoulis, Massberg, Reiss, JAES 60(6), 2012.

use super::{larger, smaller};

/// A curve as it is computed with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Curve {
    /// Where the knee begins, and how wide it is, in decibels.
    pub(crate) start: f64,
    pub(crate) knee: f64,
    /// What the square of the way into the knee counts: slope / (2 knee), 0 without a knee.
    pub(crate) bend: f64,
    /// What the way beyond the knee counts.
    pub(crate) slope: f64,
}

impl Curve {
    /// The curve of a threshold in decibels, a slope and a knee in decibels.
    #[inline(always)]
    pub(crate) fn new(threshold: f64, slope: f64, knee: f64) -> Self {
        let bend = if knee > 0.0 { slope / (2.0 * knee) } else { 0.0 };
        Self { start: threshold - 0.5 * knee, knee, bend, slope }
    }

    /// Decibels by which the curve reduces a level: 0 or more.
    #[inline(always)]
    pub(crate) fn reduction_db(&self, level_db: f64) -> f64 {
        let into = larger(level_db - self.start, 0.0);
        let within = smaller(into, self.knee);
        within * within * self.bend + (into - within) * self.slope
    }
}

/// The slope of a ratio.
pub(crate) fn slope(ratio: f64) -> f64 {
    1.0 - 1.0 / ratio
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_in_and_above_the_knee() {
        let curve = |ratio, knee| Curve::new(-20.0, slope(ratio), knee);
        let hard = curve(4.0, 0.0);
        assert_eq!(hard.reduction_db(-20.1), 0.0);
        assert_eq!(hard.reduction_db(-8.0), 9.0);
        let soft = curve(4.0, 6.0);
        assert_eq!(soft.reduction_db(-23.0), 0.0);
        assert_eq!(soft.reduction_db(-20.0), 0.75 * 9.0 / 12.0);
        assert_eq!(soft.reduction_db(-17.0), 0.75 * 3.0);
        assert_eq!(soft.reduction_db(-8.0), 9.0);
        assert_eq!(curve(1.0, 6.0).reduction_db(0.0), 0.0);
    }
}
