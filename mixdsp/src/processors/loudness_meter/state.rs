//! Sub-blocks of 10 ms: where they end, and sums over the last of them.

use crate::dsp::true_peak::DELAY;

/// Sub-blocks per second.
const RATE: f64 = 100.0;
/// Sub-blocks of the momentary window, 400 ms.
pub(super) const MOMENTARY: usize = 40;
/// Sub-blocks of the short-term window, 3 s.
pub(super) const SHORT_TERM: usize = 300;
/// Sub-blocks from one gating block to the next, 100 ms.
pub(super) const HOP: u64 = 10;

/// Frame at which a sub-block ends, counted since reset.
pub(super) fn boundary(sub_block: u64, sample_rate: f64) -> u64 {
    libm::floor(sub_block as f64 * sample_rate / RATE + 0.5) as u64
}

/// What counts frames and blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// Frames since reset, and of those the ones that were measured.
    pub(super) frames: u64,
    pub(super) counted: u64,
    /// What is added to a frame's number when it is reported, modulo 2^64.
    pub(super) shift: u64,
    /// Whole sub-blocks since reset, and where the present one ends.
    pub(super) sub_blocks: u64,
    pub(super) next: u64,
    /// Whole sub-blocks since the last pause.
    pub(super) run: u64,
    /// Whether the present sub-block has seen a pause.
    pub(super) gap: bool,
    /// Whether this is audio from before the part that is measured.
    pub(super) seeding: bool,
    /// Which of the last 64 frames were not measured, a bit each, the latest lowest.
    pub(super) skipped: u64,
    /// Largest energies, negative when there is none yet.
    pub(super) momentary_max: f64,
    pub(super) short_term_max: f64,
    /// In LU, infinite when there is none yet.
    pub(super) psr_min: f64,
}

impl State {
    pub(super) fn new(sample_rate: f64) -> Self {
        Self {
            frames: 0,
            counted: 0,
            shift: 0,
            sub_blocks: 0,
            next: boundary(1, sample_rate),
            run: 0,
            gap: false,
            seeding: false,
            skipped: 0,
            momentary_max: -1.0,
            short_term_max: -1.0,
            psr_min: f64::INFINITY,
        }
    }
}

impl State {
    /// Which of the next intervals, which lie [`DELAY`] frames back, are in a pause, a bit each.
    pub(super) fn skips(&self, paused: bool) -> u64 {
        let before = self.skipped.reverse_bits() >> (64 - DELAY);
        if paused { before | u64::MAX << DELAY } else { before }
    }

    /// So many frames are over.
    pub(super) fn skip(&mut self, frames: usize, paused: bool) {
        let these = if paused { u64::MAX } else { 0 };
        self.skipped = match frames {
            0 => self.skipped,
            1..64 => self.skipped << frames | these & !(u64::MAX << frames),
            _ => these,
        };
    }

    /// Frames of the measurement, pauses included.
    pub(super) fn length(&self) -> u64 {
        self.frames.wrapping_add(self.shift)
    }

    /// Adds what another one counted; its audio of `length` frames comes after this one's.
    pub(super) fn merge(&mut self, other: &Self, length: u64) {
        let Self { counted, momentary_max, short_term_max, psr_min, .. } = *other;
        self.merge_values(counted, length, momentary_max, short_term_max, psr_min);
    }

    pub(super) fn merge_values(
        &mut self,
        counted: u64,
        length: u64,
        momentary_max: f64,
        short_term_max: f64,
        psr_min: f64,
    ) {
        self.counted = self.counted.saturating_add(counted);
        self.shift = self.shift.wrapping_add(length);
        self.momentary_max = self.momentary_max.max(momentary_max);
        self.short_term_max = self.short_term_max.max(short_term_max);
        self.psr_min = self.psr_min.min(psr_min);
    }
}

/// Mean energy of the last `count` sub-blocks; `None` before there are so many.
pub(super) fn window_energy(ring: &[f64], state: &State, sample_rate: f64, count: usize) -> Option<f64> {
    if ring.len() < SHORT_TERM || state.sub_blocks < count as u64 {
        return None;
    }
    let end = (state.sub_blocks % SHORT_TERM as u64) as usize;
    let sum: f64 = if count == SHORT_TERM {
        sum(&ring[..SHORT_TERM])
    } else {
        (0..count).map(|back| ring[(end + SHORT_TERM - 1 - back) % SHORT_TERM]).sum()
    };
    let frames =
        boundary(state.sub_blocks, sample_rate) - boundary(state.sub_blocks - count as u64, sample_rate);
    Some(sum / frames as f64)
}

/// Sum in eight partial sums.
fn sum(values: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let whole = values.chunks_exact(8);
    let rest: f64 = whole.remainder().iter().sum();
    for values in whole {
        (0..8).for_each(|i| sums[i] += values[i]);
    }
    rest + sums.iter().sum::<f64>()
}
