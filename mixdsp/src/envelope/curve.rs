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

/// Threshold in decibels, slope, knee in decibels.
pub(crate) type Curve = [f64; 3];

/// The curve of these settings.
pub(crate) fn curve(threshold_db: f64, ratio: f64, knee_db: f64) -> Curve {
    [threshold_db, 1.0 - 1.0 / ratio, knee_db]
}

/// Decibels by which the curve reduces a level: 0 or more.
#[inline(always)]
pub(crate) fn reduction_db([threshold, slope, knee]: Curve, level_db: f64) -> f64 {
    let over = level_db - threshold;
    let into = over + 0.5 * knee;
    let within = if into < 0.0 {
        0.0
    } else if into > knee {
        knee
    } else {
        into
    };
    let above = over - 0.5 * knee;
    let above = if above > 0.0 { above } else { 0.0 };
    let bend = if knee > 0.0 { within * within / (2.0 * knee) } else { 0.0 };
    slope * (bend + above)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_in_and_above_the_knee() {
        let hard = curve(-20.0, 4.0, 0.0);
        assert_eq!(reduction_db(hard, -20.1), 0.0);
        assert_eq!(reduction_db(hard, -8.0), 9.0);
        let soft = curve(-20.0, 4.0, 6.0);
        assert_eq!(reduction_db(soft, -23.0), 0.0);
        assert_eq!(reduction_db(soft, -20.0), 0.75 * 9.0 / 12.0);
        assert_eq!(reduction_db(soft, -17.0), 0.75 * 3.0);
        assert_eq!(reduction_db(soft, -8.0), 9.0);
        assert_eq!(reduction_db(curve(-20.0, 1.0, 6.0), 0.0), 0.0);
    }
}
