//! The curve that makes one tone another.
//!
//! ```text
//! reference - target, in dB --> less its loudness --> smoothed --> limited --> x amount --> curve
//! ```

use super::grid::{self, Grid, POINTS, frequency_hz, grid};
use super::meter::Tone;
use crate::base::error::Error;
use crate::dsp::k_weighting::KWeighting;
use crate::params::{Table, params};

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
        /// Most boost and most cut.
        LIMIT_DB = 3, limit_db ("Limit"): linear(0.0..=24.0, "dB") = 12.0;
        /// The same below 60 Hz and above 14 kHz, where recordings hold least that can be trusted.
        EDGE_LIMIT_DB = 4, edge_limit_db ("Limit at the edges"): linear(0.0..=24.0, "dB") = 6.0;
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
        let limited = grid(|point| {
            let at_edge = !(EDGES_HZ[0]..=EDGES_HZ[1]).contains(&frequency_hz(point));
            let limit = if at_edge { options.limit_db.min(options.edge_limit_db) } else { options.limit_db };
            smooth[point].clamp(-limit, limit)
        });
        Ok(Self { curve_db: neutral(&limited.map(|decibels| options.amount * decibels)) })
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
