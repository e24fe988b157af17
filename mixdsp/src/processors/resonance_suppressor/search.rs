//! Finds resonances among the cells' levels.
//!
//! ```text
//! level - level of the neighbourhood = excess --> peaks --> wide enough? alone? --> score
//! ```
//!
//! The neighbourhood is the median on either side, so that other peaks in it do not count: the mean of both sides, but
//! at most 3 dB below the higher one, so that what ends at a steep slope is no peak. Distances are in units of the
//! width that is looked for.
//!
//! A tone sticks out as well. Two things tell it from a resonance. It is narrower: a peak counts at most 4 dB more
//! than its flanks. And it has company: a peak loses what sticks out at simple ratios of its frequency (2, 3, 4, 8)
//! beyond 3 dB, one and a half times.

use super::cells::PER_OCTAVE;
use super::cells::{CELLS, cell_of, frequency_hz, median};
use super::params::ResonanceSuppressorParams;

/// Most peaks that are told.
pub(super) const MOST: usize = 16;
/// A neighbourhood lies at most so far below its higher side.
const SLOPE_DB: f64 = 3.0;
/// A peak counts at most so much more than its flanks.
const FLANKS_DB: f64 = 4.0;
/// What may stick out at simple ratios.
const COMPANY_DB: f64 = 3.0;
/// What it costs beyond that.
const COMPANY_COSTS: f64 = 1.5;
/// Cells from a peak to where its company is: octaves, and an octave and a fifth.
const COMPANY: [usize; 4] = [PER_OCTAVE, 76, 2 * PER_OCTAVE, 3 * PER_OCTAVE];
/// Excess of a cell that has no neighbourhood.
const NONE_DB: f64 = -9.0;
/// Most cells of one side of a neighbourhood.
const WIDEST: usize = 32;

/// A peak.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Peak {
    pub(super) frequency_hz: f64,
    pub(super) q: f64,
    /// How far it sticks out.
    pub(super) excess_db: f64,
    /// What counts of that.
    pub(super) score_db: f64,
    /// The cell at its top.
    pub(super) cell: usize,
}

/// Distances in cells.
#[derive(Clone, Copy)]
struct Distances {
    /// From the top to a flank.
    flank: usize,
    /// To where the neighbourhood begins.
    from: usize,
    /// To where it ends.
    to: usize,
}

impl Distances {
    fn new(selectivity: f64) -> Self {
        let cells = |of_twenty: f64| libm::round(of_twenty * 20.0 / selectivity) as usize;
        let from = cells(4.0).max(3);
        Self { flank: cells(1.0).max(1), from, to: cells(10.0).max(from + 4) }
    }
}

/// Writes how far each cell sticks out.
fn fill_excess(levels: &[f64], distances: Distances, excess: &mut [f64]) {
    let Distances { from, to, .. } = distances;
    excess.fill(NONE_DB);
    for cell in to..levels.len().saturating_sub(to) {
        let mut side = [0.0; WIDEST];
        let side = &mut side[..to - from + 1];
        let count = side.len();
        side.copy_from_slice(&levels[cell - to..][..count]);
        let below = median(side);
        side.copy_from_slice(&levels[cell + from..][..count]);
        let above = median(side);
        let under = (0.5 * (below - above).abs()).min(SLOPE_DB);
        excess[cell] = levels[cell] - (below.max(above) - under);
    }
}

/// What sticks out most at simple ratios of a cell's frequency.
fn company(excess: &[f64], cell: usize, lowest: usize, end: usize) -> f64 {
    let near = |at: usize| {
        let inside = (lowest + 1..end.saturating_sub(1)).contains(&at);
        if inside { excess[at - 1..at + 2].iter().copied().fold(0.0, f64::max) } else { 0.0 }
    };
    let pairs =
        COMPANY.into_iter().map(|away| near(cell + away).max(cell.checked_sub(away).map_or(0.0, near)));
    pairs.fold(0.0, f64::max)
}

/// Where the top of a peak is, from its three highest cells.
fn top(excess: &[f64], cell: usize) -> f64 {
    let [before, at, after] = [excess[cell - 1], excess[cell], excess[cell + 1]];
    let bend = before - 2.0 * at + after;
    let away = if bend < 0.0 { 0.5 * (before - after) / bend } else { 0.0 };
    cell as f64 + away.clamp(-0.5, 0.5)
}

/// Q of a peak, from where half of it is left.
fn q_of(excess: &[f64], cell: usize, furthest: usize) -> f64 {
    let half = 0.5 * excess[cell];
    let reach = |step: isize| {
        let at = |n: usize| excess[cell.wrapping_add_signed(step * n as isize)];
        let far = (1..furthest).find(|n| at(*n) < half).unwrap_or(furthest);
        far as f64 - (half - at(far)) / (at(far - 1) - at(far)).max(1e-3)
    };
    let octaves = (reach(-1) + reach(1)).max(0.5) / PER_OCTAVE as f64;
    0.5 / libm::sinh(0.5 * core::f64::consts::LN_2 * octaves)
}

/// Finds peaks between the frequencies of the settings, the highest score first; tells how many.
pub(super) fn search(
    levels: &[f64],
    params: &ResonanceSuppressorParams,
    excess: &mut [f64],
    peaks: &mut [Peak; MOST],
) -> usize {
    let distances = Distances::new(params.selectivity);
    let Distances { flank, from, to } = distances;
    fill_excess(levels, distances, &mut excess[..levels.len()]);
    let excess = &excess[..levels.len()];
    let inside = |frequency_hz: f64| libm::ceil(cell_of(frequency_hz)).clamp(0.0, CELLS as f64) as usize;
    let end = inside(params.high_hz).min(levels.len().saturating_sub(to));
    let mut found = 0;
    for cell in inside(params.low_hz).max(to)..end {
        let height = excess[cell];
        let is_top = excess[cell - from..=cell + from].iter().all(|other| *other <= height);
        if !is_top {
            continue;
        }
        let flanks = excess[cell - flank..=cell + flank].iter().copied().fold(f64::INFINITY, f64::min);
        let costs = COMPANY_COSTS * (company(excess, cell, to, end) - COMPANY_DB).max(0.0);
        let peak = Peak {
            frequency_hz: frequency_hz(top(excess, cell)),
            q: q_of(excess, cell, from).clamp(0.5 * params.selectivity, 2.0 * params.selectivity),
            excess_db: height,
            score_db: height.min(flanks + FLANKS_DB) - costs,
            cell,
        };
        let place = peaks[..found].iter().position(|other| other.score_db < peak.score_db).unwrap_or(found);
        if place < MOST {
            found = (found + 1).min(MOST);
            peaks[place..found].rotate_right(1);
            peaks[place] = peak;
        }
    }
    found
}
