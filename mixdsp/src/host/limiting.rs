//! Limiting: how hard the limiter at the end of a master works.
//!
//! ```text
//! delivered audio --> LoudnessMeter --> loudness of a block of 400 ms, every 100 ms --+
//!                                                                                     v
//! reduction of the limiter, every frame --> counted, 100 ms --> loudest of its four blocks --> rows
//! ```
//!
//! What counts is the 99th percentile of the reduction: it says what the limiter does to the sound as a whole,
//! where the largest reduction may be that of one stroke. Silence must not dilute it, so only the frames count
//! that the integrated loudness hears: a frame counts when one of the blocks of BS.1770-5 that hold it passes
//! both of its gates.
//!
//! State. `hops`: the reductions of the 100 ms that run and of the three before, whose blocks are not all whole
//! yet, each with its loudest block so far. `rows`: one histogram per 0.02 LU of the loudest block; the relative
//! gate is only known at the end. `unblocked`: programmes without a whole block.

use crate::base::audio::{MAX_CHANNELS, frames_of};
use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::processors::loudness_meter::{History, LoudnessMeter};
use alloc::vec::Vec;

/// Reduction per bin, in dB.
const BIN_DB: f64 = 0.04;
/// The last bin holds whatever is more than the highest limit.
const BINS: usize = 1_502;
/// Rows per LU, from the absolute gate up to +10 LUFS; what is louder falls into the last one.
const ROWS_PER_LU: f64 = 50.0;
const ROWS: usize = 4_000;
/// The absolute gate of BS.1770, in LUFS.
const ABSOLUTE_GATE: f64 = -70.0;
/// Steps of 100 ms in a block of 400 ms.
const HOPS: usize = 4;

/// How often each reduction occurred; as long as the largest of them needs.
#[derive(Clone, Debug, Default)]
struct Counts(Vec<u64>);

impl Counts {
    fn add(&mut self, reduction_db: f64) {
        let bin = ((reduction_db / BIN_DB + 0.5) as usize).min(BINS - 1);
        if bin >= self.0.len() {
            self.0.resize(bin + 1, 0);
        }
        self.0[bin] += 1;
    }

    fn add_all(&mut self, other: &Self) {
        if other.0.len() > self.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(sum, count)| *sum += count);
    }

    /// The least reduction that 99 of 100 frames do not exceed, in dB; 0 without frames.
    fn p99_db(&self) -> f64 {
        let total: u64 = self.0.iter().sum();
        let mut within = 0;
        let bin = self.0.iter().position(|count| {
            within += count;
            within > 0 && 100 * u128::from(within) >= 99 * u128::from(total)
        });
        bin.map_or(0.0, |bin| bin as f64 * BIN_DB)
    }
}

/// Reductions of 100 ms.
#[derive(Clone, Debug)]
struct Hop {
    counts: Counts,
    /// Loudness in LUFS of the loudest whole block that holds it.
    loudest: f32,
}

impl Hop {
    const NEW: Self = Self { counts: Counts(Vec::new()), loudest: f32::NEG_INFINITY };
}

/// Measures by how much a limiter reduced a programme: the largest reduction, and the 99th percentile over the
/// frames that BS.1770-5 gates in. Needs `alloc`.
///
/// Reductions are counted in steps of 0.04 dB, and the relative gate of the loudness cuts between steps of
/// 0.02 LU. Memory does not grow with the length of a programme: a few MB for music, never more than 50 MB.
#[derive(Clone, Debug)]
pub struct Limiting {
    /// The latest first.
    hops: [Hop; HOPS],
    rows: Vec<Counts>,
    unblocked: Counts,
    has_blocks: bool,
    max_db: f64,
}

impl Default for Limiting {
    fn default() -> Self {
        Self::new()
    }
}

impl Limiting {
    /// Nothing measured yet.
    pub fn new() -> Self {
        let rows = alloc::vec![Counts::default(); ROWS];
        let unblocked = Counts::default();
        Self { hops: [Hop::NEW; HOPS], rows, unblocked, has_blocks: false, max_db: 0.0 }
    }

    /// Measures a block of any length: the audio behind the limiter, and the limiter's reduction in dB at each
    /// of its frames. `meter` measures the audio, which it leaves as it is, and tells the loudness of blocks;
    /// it is fresh at the beginning, of the audio's rate, and hears nothing else.
    ///
    /// # Errors
    /// As [`LoudnessMeter::process_into`], and when audio and reduction differ in length; nothing is measured
    /// then.
    pub fn measure<T: Sample, S: Store>(
        &mut self,
        meter: &mut LoudnessMeter<T, S>,
        audio: &mut [&mut [T]],
        reduction_db: &[f64],
    ) -> Result<(), Error> {
        measure(meter, audio, &mut [(self, reduction_db)])
    }

    /// So many frames that are in one hop.
    fn count(&mut self, reduction_db: &[f64]) {
        for reduction in reduction_db {
            self.max_db = self.max_db.max(*reduction);
            self.hops[0].counts.add(*reduction);
        }
    }

    /// A hop is whole, and the block of the last four with it; `loudness` is not a number before there are four.
    fn end_hop(&mut self, loudness: f32) {
        self.has_blocks |= !loudness.is_nan();
        self.hops.iter_mut().for_each(|hop| hop.loudest = hop.loudest.max(loudness));
        // No later block holds the oldest. Its room serves the next.
        let [.., oldest] = &mut self.hops;
        if let Some(row) = row(oldest.loudest) {
            self.rows[row].add_all(&oldest.counts);
        }
        oldest.counts.0.clear();
        oldest.loudest = f32::NEG_INFINITY;
        self.hops.rotate_right(1);
    }

    /// Adds what was measured of another programme: for albums, whose blocks are gated together.
    pub fn merge(&mut self, other: &Self) {
        self.max_db = self.max_db.max(other.max_db);
        self.has_blocks |= other.has_blocks;
        self.unblocked.add_all(&other.unblocked);
        self.rows.iter_mut().zip(&other.rows).for_each(|(row, from)| row.add_all(from));
        for hop in &other.hops {
            match row(hop.loudest) {
                _ if !other.has_blocks => self.unblocked.add_all(&hop.counts),
                Some(row) => self.rows[row].add_all(&hop.counts),
                None => {}
            }
        }
    }

    /// What counts of all frames.
    fn counted(&self, relative_gate: Option<f64>) -> Counts {
        let mut counted = Counts::default();
        if !self.has_blocks {
            counted.add_all(&self.unblocked);
            self.hops.iter().for_each(|hop| counted.add_all(&hop.counts));
        } else if let Some(gate) = relative_gate {
            let first = (gate - ABSOLUTE_GATE) * ROWS_PER_LU;
            let passes = |row: usize| row as f64 + 0.5 > first;
            let rows = self.rows.iter().enumerate().filter(|(at, _)| passes(*at)).map(|(_, row)| row);
            rows.for_each(|row| counted.add_all(row));
            let hops = self.hops.iter().filter(|hop| row(hop.loudest).is_some_and(passes));
            hops.for_each(|hop| counted.add_all(&hop.counts));
        }
        counted
    }

    /// The share of the frames that count in which there is any reduction, 0 to 1: of a clipper, the clipped share.
    pub fn share(&self, relative_gate: Option<f64>) -> f64 {
        let counted = self.counted(relative_gate).0;
        let all: u64 = counted.iter().sum();
        let still = counted.first().copied().unwrap_or(0);
        if all == 0 { 0.0 } else { (all - still) as f64 / all as f64 }
    }

    /// The largest reduction of all frames, gated or not, in dB.
    pub fn max_db(&self) -> f64 {
        self.max_db
    }

    /// The 99th percentile of the reduction in dB; 0 for silence. `relative_gate` is that of all the audio in
    /// LUFS, as the meter reads it ([`LoudnessReadings::RELATIVE_GATE`](crate::LoudnessReadings::RELATIVE_GATE)).
    /// All frames count of a programme that is shorter than a block.
    pub fn p99_db(&self, relative_gate: Option<f64>) -> f64 {
        let counted = self.counted(relative_gate);
        // A bin reaches a little beyond its value.
        counted.p99_db().min(self.max_db)
    }
}

/// Measures several reductions of the same audio, each by its own measure; see [`Limiting::measure`].
pub(super) fn measure<T: Sample, S: Store>(
    meter: &mut LoudnessMeter<T, S>,
    audio: &mut [&mut [T]],
    reductions: &mut [(&mut Limiting, &[f64])],
) -> Result<(), Error> {
    let channels = meter.spec().channels();
    let frames = frames_of(audio, channels, "audio")?;
    for (_, reduction_db) in reductions.iter() {
        if frames != reduction_db.len() {
            return Err(Error::BlockFrames { expected: frames, given: reduction_db.len() });
        }
    }
    let mut done = 0;
    while done < frames {
        let count = meter.frames_to_block().min(frames - done);
        let mut rest = audio.iter_mut();
        let mut part: [&mut [T]; MAX_CHANNELS] = core::array::from_fn(|_| match rest.next() {
            Some(channel) => &mut channel[done..done + count],
            None => &mut [],
        });
        let mut block = [0.0];
        let mut history = History::new(&mut block, &mut []);
        meter.process_into(&mut part[..channels], &mut history)?;
        let is_hop = !history.momentary().is_empty();
        for (limiting, reduction_db) in reductions.iter_mut() {
            limiting.count(&reduction_db[done..done + count]);
            if is_hop {
                limiting.end_hop(block[0]);
            }
        }
        done += count;
    }
    Ok(())
}

/// The row of a loudness in LUFS; none at the absolute gate and under it.
fn row(loudness: f32) -> Option<usize> {
    let above = (f64::from(loudness) - ABSOLUTE_GATE) * ROWS_PER_LU;
    (above > 0.0).then(|| (above as usize).min(ROWS - 1))
}
