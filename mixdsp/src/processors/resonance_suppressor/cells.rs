//! Cells: the spectrum in steps of a 48th of an octave.
//!
//! ```text
//! power of the bins of a cell --> median --> level in decibels
//!                             --> mean   --> power
//! ```
//!
//! The median of its bins is what a cell has: a steady tone fills a few bins and does not count where a cell has many.
//! A resonance fills several cells. Wide cells look at every second, third, ... of their bins.

use crate::base::memory::plain;

/// Cells per octave.
pub(super) const PER_OCTAVE: usize = 48;
/// So many, over eight octaves.
pub(super) const CELLS: usize = 8 * PER_OCTAVE;
/// Middle of the first cell.
const LOWEST_HZ: f64 = 62.5;
/// A cell has at least this many bins, where they are far apart.
const FEWEST: f64 = 3.0;
/// And looks at no more than these.
const MOST: usize = 15;
/// Cells end at this share of the rate.
const HIGHEST: f64 = 0.47;
/// Power that does not count.
const NOTHING: f64 = 1e-13;

plain! {
    /// The bins of a cell: the first, how many, and from one to the next.
    pub(crate) struct Cell {
        first: u32,
        count: u32,
        stride: u32,
    }
}

/// What the cells have in a window.
pub(super) struct Levels {
    pub(super) decibels: [f64; CELLS],
    pub(super) power: [f64; CELLS],
}

/// Middle of a cell; also between cells.
pub(super) fn frequency_hz(cell: f64) -> f64 {
    LOWEST_HZ * libm::exp2(cell / PER_OCTAVE as f64)
}

/// The cell of a frequency; also between cells.
pub(super) fn cell_of(frequency_hz: f64) -> f64 {
    libm::log2(frequency_hz / LOWEST_HZ) * PER_OCTAVE as f64
}

/// Finds the bins of the cells, `width_hz` apart; tells how many cells there are below half the rate.
pub(super) fn lay_out(cells: &mut [Cell], width_hz: f64, sample_rate: f64) -> usize {
    let half = libm::exp2(0.5 / PER_OCTAVE as f64);
    let mut used = 0;
    for (number, cell) in cells.iter_mut().enumerate() {
        let middle = frequency_hz(number as f64);
        if middle * half > HIGHEST * sample_rate {
            break;
        }
        let reach = (middle * (half - 1.0 / half) / width_hz).max(FEWEST) * 0.5;
        let (low, high) = (libm::ceil(middle / width_hz - reach), libm::floor(middle / width_hz + reach));
        let bins = (high - low) as usize + 1;
        let stride = bins.div_ceil(MOST);
        *cell = Cell { first: low as u32, count: bins.div_ceil(stride) as u32, stride: stride as u32 };
        used = number + 1;
    }
    used
}

/// What the cells have, where these are the powers of the bins.
pub(super) fn levels(cells: &[Cell], power: &[f64]) -> Levels {
    let mut levels = Levels { decibels: [0.0; CELLS], power: [0.0; CELLS] };
    for (number, cell) in cells.iter().enumerate() {
        let mut bins = [0.0; MOST];
        let bins = &mut bins[..cell.count as usize];
        let from = power.iter().skip(cell.first as usize).step_by(cell.stride as usize);
        bins.iter_mut().zip(from).for_each(|(bin, power)| *bin = *power);
        levels.power[number] = bins.iter().sum::<f64>() / f64::from(cell.count);
        levels.decibels[number] = 10.0 * libm::log10(median(bins) + NOTHING);
    }
    levels
}

/// The median; sorts what it is given.
pub(super) fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) { 0.5 * (values[middle - 1] + values[middle]) } else { values[middle] }
}

/// Mean of each value and of `reach` values on either side, where there are any.
pub(super) fn means(values: &[f64], reach: usize) -> [f64; CELLS] {
    let mut sums = [0.0; CELLS + 1];
    for (at, value) in values.iter().enumerate() {
        sums[at + 1] = sums[at] + value;
    }
    let mut means = [0.0; CELLS];
    for (at, mean) in means.iter_mut().enumerate().take(values.len()) {
        let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(values.len()));
        *mean = (sums[to] - sums[from]) / (to - from) as f64;
    }
    means
}
