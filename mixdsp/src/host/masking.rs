//! Masking: what of a sound is covered by others, by band.
//!
//! ```text
//! masker, power by band --> spread over neighbours, steeper below than above --> less 6 dB --> threshold
//! sound, power by band -----------------------------------------------------------------> under it: masked
//! ```
//!
//! The masker-to-signal ratio of D. Ronan, Z. Ma, P. Mc Namara, H. Gunes and J. D. Reiss, "Automatic minimisation of masking
//! in multitrack audio using subgroups", 2018, arXiv 1803.09960: the masker is everything else in the mix, and a band in
//! which its threshold lies above the sound is masked, at 20 dB above entirely. The spreading function over critical bands is
//! that of M. R. Schroeder, B. S. Atal and J. L. Hall, 1979, which MPEG's second psychoacoustic model uses too. Its two offsets
//! (6 dB where noise masks, 18 dB where a tone does) need spectral lines; of bands there is the first alone, so that rather too much
//! counts as masked.

use alloc::vec;
use alloc::vec::Vec;

/// By how much the threshold lies under a masker, in dB.
const OFFSET_DB: f64 = 6.0;
/// What is so far under everything that sounds is not heard, masked or not.
const FLOOR_DB: f64 = -60.0;
/// A masker so many dB above the sound covers it entirely.
const MOST_DB: f64 = 20.0;

/// Thresholds of masking over bands of the spectrum.
#[derive(Clone, Debug)]
pub struct Masking {
    bands: usize,
    /// What each band receives from each, row by row: power, the offset taken off.
    spread: Vec<f64>,
}

/// Critical-band rate in Bark (H. Traunmüller, 1990).
fn bark(frequency_hz: f64) -> f64 {
    26.81 * frequency_hz / (1960.0 + frequency_hz) - 0.53
}

impl Masking {
    /// For bands in these places.
    pub fn new(centres_hz: &[f64]) -> Self {
        let bands = centres_hz.len();
        let mut spread = vec![0.0; bands * bands];
        for (to, row) in spread.chunks_mut(bands.max(1)).enumerate() {
            for (from, share) in row.iter_mut().enumerate() {
                let distance = bark(centres_hz[to]) - bark(centres_hz[from]) + 0.474;
                let decibels = 15.81 + 7.5 * distance - 17.5 * libm::sqrt(1.0 + distance * distance);
                *share = libm::exp10((decibels.min(0.0) - OFFSET_DB) / 10.0);
            }
        }
        Self { bands, spread }
    }

    /// The power in each band under which nothing is heard beside a masker of these powers. Of two maskers together it is
    /// the sum of theirs.
    pub fn threshold(&self, masker: &[f32], threshold: &mut [f32]) {
        for (row, threshold) in self.spread.chunks(self.bands.max(1)).zip(threshold) {
            let sum: f64 = row.iter().zip(masker).map(|(share, power)| share * f64::from(*power)).sum();
            *threshold = sum as f32;
        }
    }

    /// Whether any band of a sound stands out of this threshold; `loudest` is the most power that any band of the whole has.
    pub fn is_heard(sound: &[f32], threshold: &[f32], loudest: f32) -> bool {
        let floor = loudest * libm::exp10(FLOOR_DB / 10.0) as f32;
        sound.iter().zip(threshold).any(|(power, threshold)| *power > *threshold && *power > floor)
    }

    /// How far a sound is masked: the masker-to-signal ratios of the bands in which it sounds, each 0 where it stands out and 1
    /// from 20 dB on, as their mean. 0 for silence.
    pub fn ratio(sound: &[f32], threshold: &[f32]) -> f64 {
        let most = sound.iter().fold(0.0_f32, |most, power| most.max(*power));
        let (mut sum, mut bands) = (0.0, 0);
        for (power, threshold) in sound.iter().zip(threshold) {
            if *power > most * 1e-4 {
                let ratio_db = 10.0 * libm::log10(f64::from(*threshold) / f64::from(*power));
                sum += (ratio_db / MOST_DB).clamp(0.0, 1.0);
                bands += 1;
            }
        }
        if bands == 0 { 0.0 } else { sum / f64::from(bands) }
    }
}
