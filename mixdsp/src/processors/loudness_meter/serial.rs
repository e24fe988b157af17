//! Floor 5: a meter's measurement as bytes: for many machines that measure parts of one programme.
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
use crate::base::spec::{SAMPLE_RATES, Spec};
use crate::params::Value;
use crate::processors::loudness_meter::histogram::{self, BINS, Histogram};
use crate::processors::loudness_meter::measuring::Measuring;
use crate::processors::loudness_meter::params::LoudnessConfig;
use crate::processors::loudness_meter::peaks::ChannelPeaks;
use crate::processors::loudness_meter::report::Measured;
use crate::processors::loudness_meter::timeline::{Timeline, Totals};

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

/// Bytes that a measurement takes.
pub(super) fn bytes_needed(measured: &Measured<'_>) -> usize {
    let bins = |histogram: &Histogram<'_>| match histogram.count.len() {
        0 => 0,
        _ => 4 + PER_BIN * histogram.filled().count(),
    };
    let bins = bins(&measured.integrated) + bins(&measured.range);
    HEADER + PER_CHANNEL * measured.peaks.len() + bins + CHECKSUM
}

/// Writes a measurement and tells how many bytes it took.
pub(super) fn write(measured: &Measured<'_>, bytes: &mut [u8]) -> Result<usize, Error> {
    let needed = bytes_needed(measured);
    if bytes.len() < needed {
        return Err(Error::Bytes { needed, given: bytes.len() });
    }
    let mut out = Writer { bytes: &mut bytes[..needed], at: 0 };
    out.put(&MAGIC);
    out.put(&[VERSION, flags(measured.config), measured.peaks.len() as u8, 0]);
    let totals = measured.timeline.totals();
    out.put(&measured.sample_rate.to_le_bytes());
    out.put(&totals.length.to_le_bytes());
    out.put(&totals.counted.to_le_bytes());
    for value in [totals.momentary_max, totals.short_term_max, totals.psr_min] {
        out.put(&value.to_le_bytes());
    }
    for (p, share) in measured.peaks.iter().zip(measured.share) {
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
    for histogram in [&measured.integrated, &measured.range] {
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
}

/// Adds a measurement that another meter wrote. Fails, with nothing added, when it was damaged, or when it is of
/// more channels, or measures something else.
pub(super) fn merge(
    spec: &Spec,
    config: &LoudnessConfig,
    timeline: &mut Timeline,
    measuring: &mut Measuring<'_>,
    bytes: &[u8],
) -> Result<(), Error> {
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
    if channels as usize > spec.inputs {
        return Err(Error::Mismatch { what: "numbers of channels" });
    }
    if measured != flags(config) {
        return Err(Error::Mismatch { what: "measurements" });
    }
    let rate = reader.number()?;
    if !SAMPLE_RATES.contains(&rate) {
        return Err(IMPOSSIBLE);
    }
    let of = Of { channels: channels as usize, ratio: spec.sample_rate / rate };
    // Once to look whether all of it is sound, and once to add it.
    read(timeline, measuring, reader, of, false)?;
    read(timeline, measuring, reader, of, true)
}

/// Whose measurement it is: of how many channels, and how many frames of this meter one of its frames is.
#[derive(Clone, Copy)]
struct Of {
    channels: usize,
    ratio: f64,
}

/// Reads what follows the rate, and adds it where `adds` says so.
fn read(
    timeline: &mut Timeline,
    measuring: &mut Measuring<'_>,
    mut reader: Reader<'_>,
    of: Of,
    adds: bool,
) -> Result<(), Error> {
    let totals = Totals {
        length: reader.whole()?,
        counted: reader.whole()?,
        momentary_max: reader.number()?,
        short_term_max: reader.number()?,
        psr_min: reader.number()?,
    };
    let extremes = [totals.momentary_max, totals.short_term_max, totals.psr_min];
    if extremes.iter().any(|value| value.is_nan()) || totals.counted > 1 << 60 || totals.length > 1 << 60 {
        return Err(IMPOSSIBLE);
    }
    let before = timeline.length();
    for (into, shares) in measuring.peaks.iter_mut().zip(measuring.share.iter_mut()).take(of.channels) {
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
            *shares += share;
            into.merge(&peaks.at_rate(of.ratio), |frame| frame.saturating_add(before));
        }
    }
    let histograms = [
        (&mut measuring.integrated_energy, &mut measuring.integrated_count),
        (&mut measuring.range_energy, &mut measuring.range_count),
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
        timeline.merge(&totals.at_rate(of.ratio));
    }
    Ok(())
}
