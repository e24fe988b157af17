//! A curve as bands of an equalizer: no latency, and no length.
//!
//! ```text
//! what is left of the curve --> its highest peak becomes a band --> all bands move to where least is left --.
//!            ^                                                                                              |
//!            `--------------------------------- until there are enough -------------------------------------'
//! ```
//!
//! The bands move by Levenberg-Marquardt steps over gain, logarithm of frequency and logarithm of Q, on the
//! bands' analogue curves, so the result is the same at every sample rate.

use super::curve::ToneMatch;
use super::grid::{Grid, POINTS, frequency_hz, grid};
use crate::dsp::filter::band::{Band, BandKind};
use alloc::vec;
use alloc::vec::Vec;

/// Steps after each new band, and at the end.
const STEPS: usize = 6;
const LAST_STEPS: usize = 30;
/// Nothing is added for less than this, in decibels.
const ENOUGH_DB: f64 = 0.05;
/// Ranges of a band.
const LOWEST_Q: f64 = 0.3;
/// A band may be so much higher than the curve, where others take away from it.
const HIGHER_DB: f64 = 3.0;
const FREQUENCY_HZ: [f64; 2] = [20.0, 20_000.0];
/// Unknowns of a band.
const UNKNOWNS: usize = 3;

impl ToneMatch {
    /// The curve as at most so many bands, 1 to 64: settings of an [`Equalizer`](crate::Equalizer). Eight to
    /// twelve follow most curves to 0.3 dB. Takes some milliseconds and allocates.
    pub fn bands(&self, count: usize) -> Vec<Band> {
        let highest_db = self.curve_db.iter().fold(0.0, |most: f64, decibels| most.max(decibels.abs()));
        let limits = Limits { gain_db: (highest_db + HIGHER_DB).min(24.0), q: self.q_limit };
        let mut bands: Vec<Band> = Vec::new();
        for _ in 0..count.clamp(1, 64) {
            let left = left_over(&self.curve_db, &bands);
            let Some(band) = highest(&left, limits) else { break };
            bands.push(band);
            settle(&self.curve_db, &mut bands, limits, STEPS);
        }
        settle(&self.curve_db, &mut bands, limits, LAST_STEPS);
        bands
    }
}

/// The most of a band.
#[derive(Clone, Copy, Debug)]
struct Limits {
    gain_db: f64,
    q: f64,
}

/// What the bands leave of the curve.
fn left_over(curve_db: &Grid, bands: &[Band]) -> Grid {
    grid(|point| {
        let curves = bands.iter().map(|band| band.curve(frequency_hz(point)).norm_sqr());
        curve_db[point] - 10.0 * libm::log10(curves.product::<f64>())
    })
}

/// A band for the highest peak; a shelf where it goes on to an end. `None` when nothing is high enough.
fn highest(left: &Grid, limits: Limits) -> Option<Band> {
    let peak = (0..POINTS).max_by(|a, b| left[*a].abs().total_cmp(&left[*b].abs()))?;
    let gain_db = left[peak];
    if gain_db.abs() < ENOUGH_DB {
        return None;
    }
    let is_low = |point: &usize| left[*point] / gain_db < 0.5;
    let below = (0..peak).rev().find(is_low);
    let above = (peak..POINTS).find(is_low);
    let middle = core::f64::consts::FRAC_1_SQRT_2;
    Some(match (below, above) {
        (Some(below), Some(above)) => {
            let octaves = (above - below) as f64 / super::grid::PER_OCTAVE;
            let half = libm::exp2(0.5 * octaves);
            Band::bell(frequency_hz(peak), gain_db, (1.0 / (half - 1.0 / half)).clamp(LOWEST_Q, limits.q))
        }
        (None, Some(above)) => Band::low_shelf(frequency_hz(above), gain_db, middle),
        (Some(below), None) => Band::high_shelf(frequency_hz(below), gain_db, middle),
        (None, None) => Band::low_shelf(FREQUENCY_HZ[1], gain_db, middle),
    })
}

/// The unknowns of a band, each about as large as the others.
fn unknowns(band: &Band) -> [f64; UNKNOWNS] {
    [band.gain_db, 4.0 * libm::log2(band.frequency_hz), 4.0 * libm::log2(band.q)]
}

/// The same band elsewhere, within its ranges.
fn with_unknowns(band: &Band, limits: Limits, [gain_db, frequency, q]: [f64; UNKNOWNS]) -> Band {
    let highest_q = if band.kind == BandKind::Bell { limits.q } else { limits.q.min(1.0) };
    Band {
        gain_db: gain_db.clamp(-limits.gain_db, limits.gain_db),
        frequency_hz: libm::exp2(0.25 * frequency).clamp(FREQUENCY_HZ[0], FREQUENCY_HZ[1]),
        q: libm::exp2(0.25 * q).clamp(LOWEST_Q, highest_q),
        ..*band
    }
}

fn square_sum(left: &Grid) -> f64 {
    left.iter().map(|decibels| decibels * decibels).sum()
}

/// Moves all bands to where the sum of squares of what they leave is least.
fn settle(curve_db: &Grid, bands: &mut [Band], limits: Limits, steps: usize) {
    const NUDGE: f64 = 1e-4;
    let decibels = |band: &Band, point: usize| 10.0 * libm::log10(band.curve(frequency_hz(point)).norm_sqr());
    let size = UNKNOWNS * bands.len();
    let mut damping = 1e-2;
    let mut left = left_over(curve_db, bands);
    for _ in 0..steps {
        let mut slopes = vec![[0.0; POINTS]; size];
        for (band, slopes) in bands.iter().zip(slopes.chunks_exact_mut(UNKNOWNS)) {
            let place = unknowns(band);
            for (at, slope) in slopes.iter_mut().enumerate() {
                let nudged = |nudge: f64| {
                    let mut place = place;
                    place[at] += nudge;
                    with_unknowns(band, limits, place)
                };
                let (more, less) = (nudged(NUDGE), nudged(-NUDGE));
                *slope = grid(|point| (decibels(&more, point) - decibels(&less, point)) / (2.0 * NUDGE));
            }
        }
        let dot = |a: &Grid, b: &Grid| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let normal: Vec<Vec<f64>> =
            slopes.iter().map(|a| slopes.iter().map(|b| dot(a, b)).collect()).collect();
        let right: Vec<f64> = slopes.iter().map(|slope| dot(slope, &left)).collect();
        // More damping until the step makes it better.
        for _ in 0..8 {
            let step = solve(&normal, &right, damping);
            let moved: Vec<Band> = bands
                .iter()
                .zip(step.chunks_exact(UNKNOWNS))
                .map(|(band, step)| {
                    let mut place = unknowns(band);
                    place.iter_mut().zip(step).for_each(|(place, step)| *place += step.clamp(-4.0, 4.0));
                    with_unknowns(band, limits, place)
                })
                .collect();
            let after = left_over(curve_db, &moved);
            if square_sum(&after) < square_sum(&left) {
                bands.copy_from_slice(&moved);
                left = after;
                damping = (damping * 0.3).max(1e-6);
                break;
            }
            damping *= 4.0;
        }
    }
}

/// Solves the damped normal equations by elimination.
fn solve(normal: &[Vec<f64>], right: &[f64], damping: f64) -> Vec<f64> {
    let size = right.len();
    let mut rows: Vec<Vec<f64>> = normal.to_vec();
    for (at, (row, right)) in rows.iter_mut().zip(right).enumerate() {
        row[at] += damping * row[at] + 1e-6;
        row.push(*right);
    }
    for column in 0..size {
        let pivot = rows[column].clone();
        for row in rows.iter_mut().skip(column + 1) {
            let factor = row[column] / pivot[column];
            row.iter_mut().zip(&pivot).skip(column).for_each(|(value, above)| *value -= factor * above);
        }
    }
    let mut solution = vec![0.0; size];
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|at| rows[row][at] * solution[at]).sum();
        solution[row] = (rows[row][size] - known) / rows[row][row];
    }
    solution
}
