//! Floor 5: time as a loudness meter counts it: frames, and sub-blocks of 10 ms with sums over the last of them.
//!
//! State: [`Timeline`], per frame.

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

/// What counts frames and blocks, and the extremes since the measurement began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeline {
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

impl Timeline {
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

    /// A new measurement on running audio: frames count from here, and windows that reach back do not count.
    pub(super) fn restarted(&self, sample_rate: f64) -> Self {
        let Self { frames, sub_blocks, next, seeding, .. } = *self;
        Self {
            frames,
            sub_blocks,
            next,
            seeding,
            gap: true,
            skipped: u64::MAX,
            shift: 0u64.wrapping_sub(frames),
            ..Self::new(sample_rate)
        }
    }

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

    /// Frames until the next 100 ms are whole, at least 1.
    pub(super) fn frames_to_hop(&self, sample_rate: f64) -> usize {
        (boundary((self.sub_blocks / HOP + 1) * HOP, sample_rate) - self.frames) as usize
    }

    /// What this one adds to another.
    pub(super) fn totals(&self) -> Totals {
        let Self { counted, momentary_max, short_term_max, psr_min, .. } = *self;
        Totals { length: self.length(), counted, momentary_max, short_term_max, psr_min }
    }

    /// Adds what another one counted; its audio comes after this one's.
    pub(super) fn merge(&mut self, other: &Totals) {
        self.counted = self.counted.saturating_add(other.counted);
        self.shift = self.shift.wrapping_add(other.length);
        self.momentary_max = self.momentary_max.max(other.momentary_max);
        self.short_term_max = self.short_term_max.max(other.short_term_max);
        self.psr_min = self.psr_min.min(other.psr_min);
    }
}

/// What one meter adds to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Totals {
    /// Frames, pauses included, and those that were measured.
    pub(super) length: u64,
    pub(super) counted: u64,
    /// As in [`Timeline`].
    pub(super) momentary_max: f64,
    pub(super) short_term_max: f64,
    pub(super) psr_min: f64,
}

impl Totals {
    /// The same at another rate, of `ratio` times as many frames.
    pub(super) fn at_rate(&self, ratio: f64) -> Self {
        let frames = |count: u64| if ratio == 1.0 { count } else { libm::round(count as f64 * ratio) as u64 };
        Self { length: frames(self.length), counted: frames(self.counted), ..*self }
    }
}

/// Mean energy of the last `count` sub-blocks; `None` before there are so many.
pub(super) fn window_energy(
    ring: &[f64],
    timeline: &Timeline,
    sample_rate: f64,
    count: usize,
) -> Option<f64> {
    if ring.len() < SHORT_TERM || timeline.sub_blocks < count as u64 {
        return None;
    }
    let end = (timeline.sub_blocks % SHORT_TERM as u64) as usize;
    let sum: f64 = if count == SHORT_TERM {
        sum(&ring[..SHORT_TERM])
    } else {
        (0..count).map(|back| ring[(end + SHORT_TERM - 1 - back) % SHORT_TERM]).sum()
    };
    let frames = boundary(timeline.sub_blocks, sample_rate)
        - boundary(timeline.sub_blocks - count as u64, sample_rate);
    Some(sum / frames as f64)
}

/// The same where no pause lies within the window.
pub(super) fn whole_window_energy(
    ring: &[f64],
    timeline: &Timeline,
    sample_rate: f64,
    count: usize,
) -> Option<f64> {
    window_energy(ring, timeline, sample_rate, count).filter(|_| timeline.run >= count as u64)
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
