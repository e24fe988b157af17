//! The curve that makes one tone another.
//!
//! ```text
//! reference - target, in dB --> less its loudness --> smoothed --+--> tilt ------------------------(+)--> flanks --> x amount --> curve
//!                                                                `--> what is left of it, limited --^
//! ```
//!
//! A tilt is what a listener takes for the tone of a recording, and what no arrangement explains; it comes first. What stands
//! beside it is small, wide, and has no cliffs.

use super::grid::{self, Grid, POINTS, frequency_hz, grid};
use super::meter::Tone;
use crate::base::error::Error;
use crate::dsp::k_weighting::KWeighting;
use crate::params::{Table, params};
use alloc::vec::Vec;

/// Under 60 Hz and above 14 kHz little is known of what a room or a codec left.
const EDGES_HZ: [f64; 2] = [60.0, 14_000.0];
/// What is so far under the strongest, per third of an octave, is as good as silent, in decibels.
const SILENT_DB: f64 = -100.0;
/// Rate at which loudness is weighed; the curve of K-weighting is the same at all.
const WEIGHTING_RATE: f64 = 48_000.0;

params! {
    /// How a tone is matched.
    pub struct ToneOptions {
        /// How much of the difference is taken: 0 for none, 1 for all.
        AMOUNT = 1, amount ("Amount"): linear(0.0..=1.0, "") = 1.0;
        /// Width of the smoothing; the wider, the more of the music's own lines is left.
        SMOOTHING_OCTAVES = 2, smoothing_octaves ("Smoothing"): linear(0.0..=2.0, "octaves") = 0.16666666666666666;
        /// Most boost and most cut beside the tilt.
        LIMIT_DB = 3, limit_db ("Limit"): linear(0.0..=24.0, "dB") = 6.0;
        /// The same below 60 Hz and above 14 kHz, where recordings hold least that can be trusted.
        EDGE_LIMIT_DB = 4, edge_limit_db ("Limit at the edges"): linear(0.0..=24.0, "dB") = 6.0;
        /// Steepest tilt of all, up or down.
        TILT_LIMIT_DB = 5, tilt_limit_db ("Steepest tilt"): linear(0.0..=6.0, "dB per octave") = 1.5;
        /// Steepest flank.
        FLANK_LIMIT_DB = 6, flank_limit_db ("Steepest flank"): linear(1.0..=144.0, "dB per octave") = 18.0;
        /// Highest Q of a band.
        Q_LIMIT = 7, q_limit ("Highest Q"): linear(0.3..=8.0, "") = 2.0;
    }
}

impl ToneOptions {
    /// As near to the reference as an equalizer comes, whatever that takes.
    pub fn lifted() -> Self {
        Self {
            limit_db: 24.0,
            edge_limit_db: 24.0,
            tilt_limit_db: 6.0,
            flank_limit_db: 144.0,
            q_limit: 8.0,
            ..Self::default()
        }
    }
}

/// What turns one tone into another: a curve over frequency. It changes no loudness: what it adds in one place it
/// takes in another, by K-weighted power of the target.
///
/// ```
/// use mixdsp::host::{ToneMatch, ToneMeter, ToneOptions};
/// use mixdsp::{Equalizer, EqualizerConfig, EqualizerParams, Fir, Spec};
///
/// # let mut seed = 1u32;
/// # let mut noise = || { seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223); seed as f32 / 5e9 };
/// # let reference: Vec<f32> = (0..96_000).map(|_| noise() - 0.4).collect();
/// # let song: Vec<f32> = reference.windows(2).map(|pair| pair[0] + 0.5 * pair[1]).collect();
/// let mut meter = ToneMeter::new(48_000.0, 1)?;
/// meter.measure(&[&reference])?;
/// let wanted = meter.tone().expect("it is loud enough");
/// meter.restart();
/// meter.measure(&[&song])?;
/// let has = meter.tone().expect("it is loud enough");
///
/// let options = ToneOptions { amount: 0.7, ..ToneOptions::default() };
/// let found = ToneMatch::new(&has, &wanted, &options)?;
/// let bands = found.bands(10);
/// let config = EqualizerConfig::bands(10);
/// let equalizer = Equalizer::<f32>::new(Spec::new(48_000.0, 1), config, EqualizerParams { bands: &bands })?;
/// // or as a filter
/// let filter = Fir::<f32>::with_taps(Spec::new(48_000.0, 1), &found.taps(48_000.0, 8_192)?)?;
/// # Ok::<(), mixdsp::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ToneMatch {
    pub(super) curve_db: Grid,
    pub(super) q_limit: f64,
}

impl ToneMatch {
    /// The curve that gives `target` the tone of `reference`. An option out of its range is an error.
    pub fn new(target: &Tone, reference: &Tone, options: &ToneOptions) -> Result<Self, Error> {
        options.check(WEIGHTING_RATE)?;
        let (wanted, has) = (audible(&reference.density), audible(&target.density));
        let difference = grid(|point| 10.0 * libm::log10(wanted[point] / has[point]));
        let neutral = |curve: &Grid| {
            let more = loudness_change_db(&has, target.above, curve);
            curve.map(|decibels| decibels - more)
        };
        let smooth = neutral(&grid::smooth(&neutral(&difference), options.smoothing_octaves));
        let shaped = shaped(&smooth, options);
        let curve_db = neutral(&shaped.map(|decibels| options.amount * decibels));
        Ok(Self { curve_db, q_limit: options.q_limit })
    }

    /// The curve for the sides of `target`, beside what its middle gets, that makes it as wide as `reference` at every
    /// frequency: tones of middle and side of each. The same options limit it.
    pub fn of_width(target: [&Tone; 2], reference: [&Tone; 2], options: &ToneOptions) -> Result<Self, Error> {
        options.check(WEIGHTING_RATE)?;
        let width = |[middle, side]: [&Tone; 2]| {
            let (middle, side) = (audible(&middle.density), audible(&side.density));
            grid(|point| 10.0 * libm::log10(side[point] / middle[point]))
        };
        let (has, wanted) = (width(target), width(reference));
        let smooth = grid::smooth(&grid(|point| wanted[point] - has[point]), options.smoothing_octaves);
        let curve_db = shaped(&smooth, options).map(|decibels| options.amount * decibels);
        Ok(Self { curve_db, q_limit: options.q_limit })
    }

    /// Frequency and decibels of every point of the curve, twelve per octave from 20 Hz to 20 kHz.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.curve_db.iter().enumerate().map(|(point, decibels)| (frequency_hz(point), *decibels))
    }

    /// The curve in decibels at a frequency; level below 20 Hz and above 20 kHz.
    pub fn curve_db(&self, frequency_hz: f64) -> f64 {
        grid::at(&self.curve_db, frequency_hz)
    }
}

/// Densities whose quotients mean something everywhere: what is silent is raised to a floor.
fn audible(density: &Grid) -> Grid {
    let per_octave = |point: usize| density[point] * frequency_hz(point);
    let strongest = (0..POINTS).map(per_octave).fold(0.0, f64::max);
    let floor = (strongest * libm::exp10(0.1 * SILENT_DB)).max(1e-30);
    grid(|point| density[point] + floor / frequency_hz(point))
}

/// By how much a curve raises the K-weighted loudness of a tone, a share of which lies above the highest point.
fn loudness_change_db(density: &Grid, above: f64, curve_db: &Grid) -> f64 {
    let filter = KWeighting::new(WEIGHTING_RATE);
    let (mut before, mut after) = (0.0, 0.0);
    for point in 0..POINTS {
        let frequency_hz = frequency_hz(point);
        let power = density[point] * frequency_hz * filter.response(frequency_hz).norm_sqr();
        before += power;
        after += power * libm::exp10(0.1 * curve_db[point]);
    }
    let highest = libm::exp10(0.1 * curve_db[POINTS - 1]);
    10.0 * libm::log10((1.0 - above) * after / before + above * highest)
}

/// A curve within its limits: its tilt, what is left beside it, and no flank that is steeper than allowed.
fn shaped(curve: &Grid, options: &ToneOptions) -> Grid {
    let trusted = |point: &usize| (EDGES_HZ[0]..=EDGES_HZ[1]).contains(&frequency_hz(*point));
    let octaves = |point: usize| point as f64 / grid::PER_OCTAVE;
    let points: Vec<usize> = (0..POINTS).filter(trusted).collect();
    let mean =
        |of: &dyn Fn(usize) -> f64| points.iter().map(|point| of(*point)).sum::<f64>() / points.len() as f64;
    let (middle, level) = (mean(&octaves), mean(&|point| curve[point]));
    let product = mean(&|point| (octaves(point) - middle) * (curve[point] - level));
    let tilt = product / mean(&|point| (octaves(point) - middle) * (octaves(point) - middle));
    let tilt = tilt.clamp(-options.tilt_limit_db, options.tilt_limit_db);
    let line = grid(|point| level + tilt * (octaves(point) - middle));
    let limited = grid(|point| {
        let limit =
            if trusted(&point) { options.limit_db } else { options.limit_db.min(options.edge_limit_db) };
        line[point] + (curve[point] - line[point]).clamp(-limit, limit)
    });
    // Between the highest course under the curve and the lowest over it that are nowhere too steep: neither is the mean.
    let step = options.flank_limit_db / grid::PER_OCTAVE;
    let (mut under, mut over) = (limited, limited);
    let mut ease = |at: usize, from: usize| {
        under[at] = under[at].min(under[from] + step);
        over[at] = over[at].max(over[from] - step);
    };
    (1..POINTS).for_each(|at| ease(at, at - 1));
    (0..POINTS - 1).rev().for_each(|at| ease(at, at + 1));
    grid(|point| 0.5 * (under[point] + over[point]))
}
