//! What has been heard: per cell, how often each level was there.
//!
//! ```text
//! level - mean level of the octave around it --> histogram that fades --> what nine windows of ten have
//! ```
//!
//! Notes come and go, a resonance stays: what a cell has almost always tells them apart. A window in which the
//! octave around a cell is more than 25 dB under its mean does not count there.

use super::cells::{CELLS, Levels, PER_OCTAVE, means};

/// Steps of a decibel in a histogram.
pub(super) const BINS: usize = 96;
/// Level of the first.
const LOWEST_DB: f64 = -48.0;
/// Share of the windows that may have less.
const SHARE: f64 = 0.1;
/// Power under the mean, from which a window counts.
const COUNTS: f64 = 0.003_162_277_660_168_379_4;

/// The part of the words that this file writes.
pub(super) struct History<'a> {
    pub(super) histograms: &'a mut [[f32; BINS]],
    pub(super) counts: &'a mut [f64],
    pub(super) around: &'a mut [f64],
}

impl History<'_> {
    /// Takes in a window. `weight` is the sum of the weights of all windows, this one with 1; those before count
    /// `keep` times what they did.
    pub(super) fn observe(&mut self, levels: &Levels, used: usize, keep: f64, weight: f64) {
        let octave_db = means(&levels.decibels[..used], PER_OCTAVE / 2);
        let octave = means(&levels.power[..used], PER_OCTAVE / 2);
        for cell in 0..used {
            let around = &mut self.around[cell];
            *around = *around * keep + octave[cell];
            if octave[cell] <= *around / weight * COUNTS {
                continue;
            }
            self.counts[cell] = self.counts[cell] * keep + 1.0;
            let histogram = &mut self.histograms[cell];
            histogram.iter_mut().for_each(|often| *often *= keep as f32);
            let level = (levels.decibels[cell] - octave_db[cell] - LOWEST_DB).clamp(0.0, BINS as f64 - 1.001);
            let (bin, above) = (level as usize, level - libm::floor(level));
            histogram[bin] += (1.0 - above) as f32;
            histogram[bin + 1] += above as f32;
        }
    }

    /// The level that a cell has almost always, against the octave around it.
    pub(super) fn levels_db(&self, used: usize) -> [f64; CELLS] {
        let mut levels = [0.0; CELLS];
        for (level, histogram) in levels.iter_mut().zip(&*self.histograms).take(used) {
            let share = SHARE * histogram.iter().map(|often| f64::from(*often)).sum::<f64>();
            let mut below = 0.0;
            for (bin, often) in histogram.iter().enumerate() {
                let often = f64::from(*often);
                if below + often > share {
                    *level = LOWEST_DB + bin as f64 - 0.5 + (share - below) / often;
                    break;
                }
                below += often;
            }
        }
        levels
    }
}
