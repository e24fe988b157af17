//! Noise shaping: the filter that puts the error of rounding where it is heard least.
//!
//! ```text
//! hearing threshold --> weight of each frequency --> autocorrelation --Levinson-Durbin--> c
//!
//! error behind it: e(n) - c1 e(n-1) - c2 e(n-2) - ...
//! ```
//!
//! The power of the weighted error is least where the filter predicts a process that has the weight as its spectrum:
//! linear prediction, solved at any rate (Gerzon and Craven, "Optimal Noise Shaping and Dither of Digital Signals", AES
//! 87th convention, 1989). The weight is the inverse of the threshold in quiet of Terhardt ("Calculating virtual pitch",
//! Hearing Research 1, 1979), and nowhere less than [`FLOOR_DB`] under its maximum: without that the last decibels would
//! cost so much noise beyond hearing that amplifiers and further processing notice.

use core::f64::consts::PI;

/// Coefficients of the filter.
pub(crate) const ORDER: usize = 9;
/// How far the weight goes down: what it costs in total noise.
const FLOOR_DB: f64 = -30.0;
/// Frequencies at which the weight is taken.
const POINTS: usize = 512;

/// The threshold of hearing in quiet, in dB SPL.
fn hearing_threshold_db(frequency_hz: f64) -> f64 {
    // Below 20 Hz no one has measured it.
    let khz = frequency_hz.max(20.0) / 1000.0;
    let ear = 6.5 * libm::exp(-0.6 * (khz - 3.3) * (khz - 3.3));
    3.64 * libm::pow(khz, -0.8) - ear + 1e-3 * khz * khz * khz * khz
}

fn power(decibels: f64) -> f64 {
    libm::pow(10.0, 0.1 * decibels)
}

/// The coefficients for a rate.
pub(crate) fn coefficients(sample_rate: f64) -> [f64; ORDER] {
    let frequency = |point: usize| (point as f64 + 0.5) / POINTS as f64 * 0.5 * sample_rate;
    let threshold = |point: usize| hearing_threshold_db(frequency(point));
    let lowest = (0..POINTS).map(threshold).fold(f64::MAX, f64::min);
    let mut correlation = [0.0; ORDER + 1];
    for point in 0..POINTS {
        let weight = power(lowest - threshold(point)) + power(FLOOR_DB);
        for (lag, sum) in correlation.iter_mut().enumerate() {
            let turn = PI * (point as f64 + 0.5) / POINTS as f64;
            *sum += weight * libm::cos(turn * lag as f64);
        }
    }
    levinson_durbin(&correlation)
}

/// The best prediction of a process from its last values.
fn levinson_durbin(correlation: &[f64; ORDER + 1]) -> [f64; ORDER] {
    let mut found = [0.0; ORDER];
    let mut left = correlation[0];
    for at in 0..ORDER {
        let known: f64 = (0..at).map(|k| found[k] * correlation[at - k]).sum();
        let reflection = (correlation[at + 1] - known) / left;
        let before = found;
        for (k, value) in found.iter_mut().enumerate().take(at) {
            *value = before[k] - reflection * before[at - 1 - k];
        }
        found[at] = reflection;
        left *= 1.0 - reflection * reflection;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::println;

    /// Weighted and total power of the noise against that of white noise, in decibels.
    fn against_white(c: &[f64], rate: f64) -> (f64, f64) {
        let (mut weighted, mut weights, mut total) = (0.0, 0.0, 0.0);
        for point in 0..4096 {
            let f = (f64::from(point) + 0.5) / 4096.0 * 0.5 * rate;
            let turn = 2.0 * PI * f / rate;
            let (mut re, mut im) = (1.0, 0.0);
            for (k, c) in c.iter().enumerate() {
                let angle = turn * (k + 1) as f64;
                re -= c * libm::cos(angle);
                im += c * libm::sin(angle);
            }
            let weight = power(-hearing_threshold_db(f));
            weighted += weight * (re * re + im * im);
            weights += weight;
            total += (re * re + im * im) / 4096.0;
        }
        (10.0 * libm::log10(weighted / weights), 10.0 * libm::log10(total))
    }

    #[test]
    fn the_weighting_reads_what_is_published_of_known_filters() {
        // Wannamaker, "Psychoacoustically Optimal Noise Shaping", JAES 40, 1992: 3 and 9 coefficients, at 44.1 kHz.
        let (weighted, total) = against_white(&[1.623, -0.982, 0.109], 44_100.0);
        assert!((weighted + 9.8).abs() < 0.05 && (total - 6.6).abs() < 0.05, "{weighted} {total}");
        let nine = [2.412, -3.370, 3.937, -4.174, 3.353, -2.205, 1.281, -0.569, 0.0847];
        let (weighted, total) = against_white(&nine, 44_100.0);
        assert!((weighted + 11.4).abs() < 0.05 && (total - 18.4).abs() < 0.05, "{weighted} {total}");
    }

    #[test]
    fn it_is_better_than_known_filters_for_less_noise_and_works_at_any_rate() {
        for (rate, weighted_db, total_db) in [
            (8_000.0, -2.0, 4.0),
            (32_000.0, -7.5, 10.0),
            (44_100.0, -12.0, 8.0),
            (48_000.0, -13.0, 7.6),
            (96_000.0, -18.0, 4.5),
            (384_000.0, -18.0, 2.0),
        ] {
            let c = coefficients(rate);
            let (weighted, total) = against_white(&c, rate);
            println!("{rate} Hz: weighted {weighted:.2} dB, total {total:+.2} dB");
            assert!(weighted < weighted_db && total < total_db, "{rate}: {weighted} {total}");
        }
    }
}
