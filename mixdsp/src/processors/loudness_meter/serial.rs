//! A meter's measurement as bytes: for many machines that measure parts of one programme.
//!
//! ```text
//! "mxlm", version, what is measured, channels, 0
//! rate, length, counted, maxima of momentary and short-term energy, smallest PSR      8 bytes each
//! per channel: share, peaks with frames, sums, clipping, overs                        12 times 8 bytes
//! per histogram: number of bins, then per bin: its place (2), blocks (4), energy (8)
//! checksum: FNV-1a of all before
//! ```
//!
//! Numbers are little endian. Integers that name no place are all ones. Filters and windows are not part of
//! it: they belong to audio that goes on.

use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::params::Value;
use crate::processors::loudness_meter::histogram::{self, BINS};
use crate::processors::loudness_meter::peaks::ChannelPeaks;
use crate::processors::loudness_meter::tables::LoudnessConfig;
use crate::processors::loudness_meter::{LoudnessMeter, carve, read};

const MAGIC: [u8; 4] = *b"mxlm";
const VERSION: u8 = 1;
const HEADER: usize = 56;
const PER_CHANNEL: usize = 96;
const PER_BIN: usize = 14;
const CHECKSUM: usize = 4;

fn flags(config: &LoudnessConfig) -> u8 {
    let LoudnessConfig { measure_integrated, measure_range, measure_statistics, true_peak_kernel, .. } =
        *config;
    config.filters() as u8
        | (measure_integrated as u8) << 1
        | (measure_range as u8) << 2
        | (measure_statistics as u8) << 3
        | (true_peak_kernel.to_number() as u8) << 4
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ *byte as u32).wrapping_mul(0x0100_0193))
}

/// Writes one after the other.
struct Writer<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl Writer<'_> {
    fn put(&mut self, bytes: &[u8]) {
        if let Some(room) = self.bytes.get_mut(self.at..self.at + bytes.len()) {
            room.copy_from_slice(bytes);
        }
        self.at += bytes.len();
    }
}

/// Reads one after the other; what is missing is an error.
#[derive(Clone, Copy)]
struct Reader<'a> {
    bytes: &'a [u8],
}

const TOO_SHORT: Error = Error::Data { reason: "it ends too early" };

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (head, rest) = self.bytes.split_first_chunk::<N>().ok_or(TOO_SHORT)?;
        self.bytes = rest;
        Ok(*head)
    }
    fn whole(&mut self) -> Result<u64, Error> {
        Ok(u64::from_le_bytes(self.take()?))
    }
    fn number(&mut self) -> Result<f64, Error> {
        Ok(f64::from_le_bytes(self.take()?))
    }
    /// A magnitude or an energy.
    fn magnitude(&mut self) -> Result<f64, Error> {
        let value = self.number()?;
        if value >= 0.0 && value.is_finite() { Ok(value) } else { Err(IMPOSSIBLE) }
    }
}

const IMPOSSIBLE: Error = Error::Data { reason: "it holds a number that no meter writes" };

impl<T: Sample, S: Store> LoudnessMeter<T, S> {
    /// Bytes that [`write_to`](LoudnessMeter::write_to) needs now: 350 and 14 per loudness that occurred,
    /// in steps of 0.02 LU; typically a few kilobytes, at most 113 000 (stereo).
    pub fn bytes_needed(&self) -> usize {
        self.look_core(|_, setup, words| {
            let memory = read::<T>(setup, words);
            let bins = |counts: &[u32]| match counts.len() {
                0 => 0,
                _ => 4 + PER_BIN * counts.iter().filter(|count| **count != 0).count(),
            };
            let bins = bins(memory.integrated_count) + bins(memory.range_count);
            HEADER + PER_CHANNEL * memory.peaks.len() + bins + CHECKSUM
        })
    }

    /// Writes the measurement, in a form that any version from this one on reads, and tells how many bytes
    /// it took. Fails when there is too little room.
    pub fn write_to(&self, bytes: &mut [u8]) -> Result<usize, Error> {
        let needed = self.bytes_needed();
        if bytes.len() < needed {
            return Err(Error::Bytes { needed, given: bytes.len() });
        }
        self.look_core(|core, setup, words| {
            let memory = read::<T>(setup, words);
            let mut out = Writer { bytes: &mut bytes[..needed], at: 0 };
            out.put(&MAGIC);
            out.put(&[VERSION, flags(setup.config), setup.spec.inputs as u8, 0]);
            let state = &core.state;
            out.put(&setup.spec.sample_rate.to_le_bytes());
            out.put(&state.length().to_le_bytes());
            out.put(&state.counted.to_le_bytes());
            for value in [state.momentary_max, state.short_term_max, state.psr_min] {
                out.put(&value.to_le_bytes());
            }
            for (peaks, share) in memory.peaks.iter().zip(memory.share) {
                let p = peaks;
                let (sum, squares) = (p.sum.iter().sum::<f64>(), p.squares.iter().sum::<f64>());
                for value in [share.to_bits(), p.sample.to_bits(), p.sample_frame] {
                    out.put(&value.to_le_bytes());
                }
                for value in [p.between.to_bits(), p.between_frame, sum.to_bits(), squares.to_bits()] {
                    out.put(&value.to_le_bytes());
                }
                for value in [p.runs, p.longest_run, p.first_run, p.overs, p.first_over] {
                    out.put(&value.to_le_bytes());
                }
            }
            for histogram in [memory.integrated(), memory.range()] {
                if histogram.count.is_empty() {
                    continue;
                }
                out.put(&(histogram.filled().count() as u32).to_le_bytes());
                for (bin, energy, count) in histogram.filled() {
                    out.put(&(bin as u16).to_le_bytes());
                    out.put(&count.to_le_bytes());
                    out.put(&energy.to_le_bytes());
                }
            }
            let end = out.at;
            let sum = checksum(&bytes[..end]);
            bytes[end..end + CHECKSUM].copy_from_slice(&sum.to_le_bytes());
            Ok(needed)
        })
    }

    /// Adds a measurement that another meter wrote, as [`merge`](LoudnessMeter::merge) does. Fails, with
    /// nothing added, when it was damaged, or when it is of another rate, other channels, or measures
    /// something else.
    pub fn merge_bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let body = bytes.len().checked_sub(CHECKSUM).ok_or(TOO_SHORT)?;
        let (bytes, sum) = bytes.split_at(body);
        let mut reader = Reader { bytes };
        let [a, b, c, d, version, measured, channels, _] = reader.take::<8>()?;
        if [a, b, c, d] != MAGIC {
            return Err(Error::Data { reason: "it is not a loudness measurement" });
        }
        if version != VERSION {
            return Err(Error::Data { reason: "it was written by another version" });
        }
        if checksum(bytes).to_le_bytes() != *sum {
            return Err(Error::Data { reason: "its checksum is wrong" });
        }
        if channels as usize != self.spec().inputs {
            return Err(Error::Mismatch { what: "numbers of channels" });
        }
        if measured != flags(self.config()) {
            return Err(Error::Mismatch { what: "measurements" });
        }
        if reader.number()? != self.spec().sample_rate {
            return Err(Error::Mismatch { what: "sample rates" });
        }
        self.with_core(|core, setup, words| {
            let mut memory = carve::<T>(setup, words);
            // Once to look whether all of it is sound, and once to add it.
            for adds in [false, true] {
                let mut reader = reader;
                let (length, counted) = (reader.whole()?, reader.whole()?);
                let maxima = [reader.number()?, reader.number()?, reader.number()?];
                if maxima.iter().any(|value| value.is_nan()) || counted > 1 << 60 || length > 1 << 60 {
                    return Err(IMPOSSIBLE);
                }
                let before = core.state.length();
                for channel in 0..memory.peaks.len() {
                    let share = reader.magnitude()?;
                    let mut peaks = ChannelPeaks::NONE;
                    (peaks.sample, peaks.sample_frame) = (reader.magnitude()?, reader.whole()?);
                    (peaks.between, peaks.between_frame) = (reader.magnitude()?, reader.whole()?);
                    peaks.sum[0] = reader.number()?;
                    peaks.squares[0] = reader.magnitude()?;
                    if !peaks.sum[0].is_finite() {
                        return Err(IMPOSSIBLE);
                    }
                    (peaks.runs, peaks.longest_run) = (reader.whole()?, reader.whole()?);
                    peaks.first_run = reader.whole()?;
                    (peaks.overs, peaks.first_over) = (reader.whole()?, reader.whole()?);
                    if adds {
                        memory.share[channel] += share;
                        memory.peaks[channel].merge(&peaks, |frame| frame.saturating_add(before));
                    }
                }
                let histograms = [
                    (&mut memory.integrated_energy, &mut memory.integrated_count),
                    (&mut memory.range_energy, &mut memory.range_count),
                ];
                for (energies, counts) in histograms {
                    if counts.is_empty() {
                        continue;
                    }
                    let filled = u32::from_le_bytes(reader.take()?);
                    let mut first_free = 0;
                    for _ in 0..filled.min(BINS as u32 + 1) {
                        let bin = u16::from_le_bytes(reader.take()?) as usize;
                        let count = u32::from_le_bytes(reader.take()?);
                        let energy = reader.magnitude()?;
                        let sound = bin >= first_free && bin < BINS && count > 0;
                        if !sound || !histogram::is_plausible(bin, energy, count) {
                            return Err(IMPOSSIBLE);
                        }
                        first_free = bin + 1;
                        if adds {
                            histogram::add_many(energies, counts, bin, energy, count);
                        }
                    }
                }
                if !reader.bytes.is_empty() {
                    return Err(Error::Data { reason: "something follows its end" });
                }
                if adds {
                    let [momentary_max, short_term_max, psr_min] = maxima;
                    core.state.merge_values(counted, length, momentary_max, short_term_max, psr_min);
                }
            }
            Ok(())
        })
    }
}
