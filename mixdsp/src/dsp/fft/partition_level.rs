//! Convolution of two channels in equal partitions, whose work is spread over time.
//!
//! ```text
//! audio of one partition and the one before --> transform --> the last P spectra --(x) P spectra of the filter--> back
//!                             the next partition's time, in steps of 64 frames: all of that ----------------------'
//! ```
//!
//! Partitions begin every B frames since reset. While one is collected, what the ones before give is computed in as many
//! steps as 64 fits into B; what comes out is due when it is full, 2 B frames after its beginning. Where B is 64 it is
//! computed at once, and due after B.
//!
//! Two filters are there, so that one can be faded to from the other: both are applied to the same spectra.
//! W. Gardner, "Efficient convolution without input-output delay", JAES 43(3), 1995.

use super::pair_transform::{COLUMNS, PairTransform};
use super::transform::bins;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;
use fearless_simd::Simd;
use fearless_simd::prelude::*;
use num_complex::Complex;

/// Frames of a step.
pub(crate) const STEP: usize = 64;
/// Bins that are multiplied at once.
const WIDE: usize = 32;
/// Columns of one part of the work.
const COLUMNS_OF_PART: usize = 4 * COLUMNS;
/// Bins of one part of the work.
const BINS_OF_PART: usize = 8 * WIDE;

/// From which input to which output a filter leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Path {
    pub(crate) input: usize,
    pub(crate) output: usize,
    pub(crate) filter: usize,
}

/// A part of the work of a partition.
#[derive(Clone, Debug)]
enum Part {
    Take,
    Columns(Range<usize>),
    Row(usize),
    Split(usize),
    Multiply(usize, Range<usize>),
    Join(usize),
    RowBack(usize),
    ColumnsBack(Range<usize>),
    Give,
}

/// The audio of the last frames, left and right, in rings of a power of two.
#[derive(Debug)]
pub(crate) struct History<T> {
    pub(crate) rings: [Vec<T>; 2],
}

impl<T: Sample> History<T> {
    /// `count` frames from frame `at` since reset on; they do not go round the ring's end.
    fn from(&self, at: u64, count: usize) -> [&[T]; 2] {
        self.rings.each_ref().map(|ring| &ring[at as usize & (ring.len() - 1)..][..count])
    }
}

/// The way back of one filter.
#[derive(Debug)]
struct Back<T> {
    sums: [Vec<T>; 2],
    work: Vec<Complex<T>>,
    /// Per channel: what comes out now, and what will.
    output: [Vec<T>; 2],
}

/// Filters by number, and where they lead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filters<'a, T> {
    pub(crate) spectra: &'a [Vec<T>],
    pub(crate) paths: &'a [Path],
}

/// Partitions of one length.
#[derive(Debug)]
pub(crate) struct Level<T: Sample> {
    pub(crate) partition: usize,
    partitions: usize,
    transform: PairTransform<T>,
    /// Parts of the work, and the step in which each is done.
    parts: Vec<(Part, usize)>,
    /// Per input, a ring of spectra.
    spectra: [Vec<T>; 2],
    newest: usize,
    work: Vec<Complex<T>>,
    back: [Back<T>; 2],
    now: usize,
    /// Where the window begins that is worked on.
    window: u64,
    both: bool,
}

impl<T: Sample> Level<T> {
    /// Of partitions of `partition` frames, a power of two from 64 on. Allocates.
    pub(crate) fn new(partition: usize, partitions: usize, simd: SimdLevel) -> Self {
        let transform = PairTransform::new(2 * partition, simd);
        let spectrum = 2 * bins(2 * partition);
        let zeros = |count: usize| vec![T::ZERO; count];
        let pair = |count: usize| [zeros(count), zeros(count)];
        let work = || vec![Complex { re: T::ZERO, im: T::ZERO }; 2 * partition];
        let back = || Back { sums: pair(spectrum), work: work(), output: pair(2 * partition) };
        Self {
            partition,
            partitions,
            parts: parts(&transform, partitions, partition / STEP),
            spectra: pair(spectrum * partitions),
            newest: 0,
            work: work(),
            back: [back(), back()],
            now: 0,
            window: 0,
            both: false,
            transform,
        }
    }

    /// Values of one filter.
    pub(crate) fn filter_values(&self) -> usize {
        self.spectra[0].len()
    }

    /// Forgets all audio.
    pub(crate) fn clear(&mut self) {
        self.spectra.iter_mut().for_each(|spectra| spectra.fill(T::ZERO));
        self.back.iter_mut().for_each(|back| back.output.iter_mut().for_each(|output| output.fill(T::ZERO)));
        (self.newest, self.now, self.window, self.both) = (0, 0, 0, false);
    }

    /// Spectra of taps, one partition after the other.
    pub(crate) fn filter(&mut self, taps: &[f64]) -> Vec<T> {
        let (length, bins) = (2 * self.partition, bins(2 * self.partition));
        let zeros = vec![T::ZERO; length];
        // The halves of splitting, and what the transforms there and back multiply by.
        let scale = 0.25 / length as f64;
        let mut spectra = Vec::with_capacity(self.filter_values());
        for taps in taps.chunks(self.partition).take(self.partitions) {
            let mut samples = zeros.clone();
            samples.iter_mut().zip(taps).for_each(|(to, tap)| *to = T::from_f64(scale * tap));
            let mut both = [vec![T::ZERO; 2 * bins], vec![T::ZERO; 2 * bins]];
            self.transform_all(&samples, &zeros, &mut both);
            spectra.extend_from_slice(&both[0]);
        }
        spectra
    }

    fn transform_all(&mut self, left: &[T], right: &[T], into: &mut [Vec<T>; 2]) {
        let Self { transform, work, .. } = self;
        let columns = transform.columns();
        if transform.rows() == 1 {
            let (left, right) = (left.split_at(columns / 2), right.split_at(columns / 2));
            transform.take([[left.0, right.0], [left.1, right.1]], work);
        } else {
            let row = |row: usize| [&left[row * columns..][..columns], &right[row * columns..][..columns]];
            transform.forward_columns(0..columns, row, work);
        }
        (0..transform.rows()).for_each(|row| transform.forward_row(row, work));
        for group in 0..transform.groups() {
            transform.split(group, work, into.each_mut().map(|into| &mut into[..]));
        }
    }

    /// Step of the partition that frame `at` begins; `at` is a multiple of [`STEP`].
    fn step(&self, at: u64) -> usize {
        at as usize / STEP % (self.partition / STEP)
    }

    /// So many frames since reset are in the history, a multiple of [`STEP`]: does the work that is due. With `both`, also
    /// that of the other filter, from the next partition on.
    pub(crate) fn work(
        &mut self,
        simd: SimdLevel,
        history: &History<T>,
        at: u64,
        filters: [Filters<'_, T>; 2],
        (live, both): (usize, bool),
    ) {
        let step = self.step(at);
        if step == 0 {
            // What was computed comes out.
            self.now = 1 - self.now;
            self.newest = (self.newest + 1) % self.partitions;
            self.window = at.wrapping_sub(2 * self.partition as u64);
            self.both = both;
        }
        let parts = core::mem::take(&mut self.parts);
        for (part, _) in parts.iter().filter(|(_, when)| *when == step) {
            self.forward(history, part);
            self.backward(simd, filters, live, part);
            if self.both {
                self.backward(simd, filters, 1 - live, part);
            }
        }
        self.parts = parts;
        if self.partition == STEP {
            // It is due at once.
            self.now = 1 - self.now;
        }
    }

    fn forward(&mut self, history: &History<T>, part: &Part) {
        let Self { transform, work, window, partition, .. } = self;
        let (columns, spectrum) = (transform.columns(), 2 * bins(2 * *partition));
        match part {
            Part::Take => {
                let second = window.wrapping_add(*partition as u64);
                transform.take([history.from(*window, *partition), history.from(second, *partition)], work);
            }
            Part::Columns(range) => {
                let row = |row: usize| history.from(window.wrapping_add((row * columns) as u64), columns);
                transform.forward_columns(range.clone(), row, work);
            }
            Part::Row(row) => transform.forward_row(*row, work),
            Part::Split(group) => {
                let from = self.newest * spectrum;
                let into = self.spectra.each_mut().map(|spectra| &mut spectra[from..from + spectrum]);
                transform.split(*group, work, into);
            }
            _ => {}
        }
    }

    fn backward(&mut self, simd: SimdLevel, filters: [Filters<'_, T>; 2], filter: usize, part: &Part) {
        let Self { transform, spectra, newest, partition, .. } = self;
        let Back { sums, work, output } = &mut self.back[filter];
        let then = (1 - self.now) * *partition;
        let output = output.each_mut().map(|output| &mut output[then..then + *partition]);
        match part {
            Part::Multiply(channel, range) => {
                let sum = &mut sums[*channel];
                let bins = sum.len() / 2;
                sum[range.clone()].fill(T::ZERO);
                sum[bins + range.start..bins + range.end].fill(T::ZERO);
                let Filters { spectra: filters, paths } = filters[filter];
                for path in paths.iter().filter(|path| path.output == *channel) {
                    let (heard, filter) = (&spectra[path.input], &filters[path.filter]);
                    dispatch!(simd, s => multiply(s, heard, filter, *newest, range.clone(), sum));
                }
            }
            Part::Join(group) => transform.join(*group, sums.each_ref().map(|sum| &sum[..]), work),
            Part::RowBack(row) => transform.inverse_row(*row, work),
            Part::ColumnsBack(range) => transform.inverse_columns(range.clone(), work, output),
            Part::Give => transform.give(work, output),
            _ => {}
        }
    }

    /// What a filter gives at frame `at` since reset and `count` - 1 behind it, within a step.
    pub(crate) fn output(&self, filter: usize, channel: usize, at: u64, count: usize) -> &[T] {
        let from = self.now * self.partition + at as usize % self.partition;
        &self.back[filter].output[channel][from..from + count]
    }
}

/// Adds the sum over all partitions of spectrum times filter, in a range of bins. The spectrum at `newest` meets the first
/// partition of the filter, the one before it the second, and so on round the ring.
#[inline(always)]
fn multiply<S: Simd, T: Sample>(
    simd: S,
    heard: &[T],
    filter: &[T],
    newest: usize,
    range: Range<usize>,
    sum: &mut [T],
) {
    let spectrum = sum.len();
    let (recent, old) = heard.split_at((newest + 1) * spectrum);
    // A filter may be shorter than what was heard.
    let (to_recent, to_old) = filter.split_at(recent.len().min(filter.len()));
    let mut first = range.start;
    while first + WIDE <= range.end {
        add::<S, T, { WIDE / 8 }>(simd, [(recent, to_recent), (old, to_old)], first, sum);
        first += WIDE;
    }
    while first < range.end {
        add::<S, T, 1>(simd, [(recent, to_recent), (old, to_old)], first, sum);
        first += 8;
    }
}

/// Adds the sum in `N` vectors of bins.
#[inline(always)]
fn add<S: Simd, T: Sample, const N: usize>(simd: S, parts: [(&[T], &[T]); 2], first: usize, sum: &mut [T]) {
    let (spectrum, bins) = (sum.len(), sum.len() / 2);
    let zero = T::Lanes8::<S>::splat(simd, T::ZERO);
    let (mut re, mut im) = ([zero; N], [zero; N]);
    for n in 0..N {
        re[n] = T::Lanes8::<S>::from_slice(simd, &sum[first + 8 * n..][..8]);
        im[n] = T::Lanes8::<S>::from_slice(simd, &sum[bins + first + 8 * n..][..8]);
    }
    for (heard, filter) in parts {
        for (x, h) in heard.chunks_exact(spectrum).rev().zip(filter.chunks_exact(spectrum)) {
            let (xr, xi) = (&x[first..][..8 * N], &x[bins + first..][..8 * N]);
            let (hr, hi) = (&h[first..][..8 * N], &h[bins + first..][..8 * N]);
            for n in 0..N {
                let load = |values: &[T]| T::Lanes8::<S>::from_slice(simd, &values[8 * n..8 * n + 8]);
                let (xr, xi, hr, hi) = (load(xr), load(xi), load(hr), load(hi));
                re[n] = (-xi).mul_add(hi, xr.mul_add(hr, re[n]));
                im[n] = xi.mul_add(hr, xr.mul_add(hi, im[n]));
            }
        }
    }
    for n in 0..N {
        re[n].store_slice(&mut sum[first + 8 * n..][..8]);
        im[n].store_slice(&mut sum[bins + first + 8 * n..][..8]);
    }
}

/// The work of a partition in its order, spread over steps by how long it takes.
fn parts<T: Sample>(transform: &PairTransform<T>, partitions: usize, steps: usize) -> Vec<(Part, usize)> {
    let (rows, columns, length) = (transform.rows(), transform.columns(), transform.length());
    let ranges = |count: usize, of: usize| {
        (0..count).step_by(of).map(move |from| from..(from + of).min(count)).collect::<Vec<_>>()
    };
    // Each with what it takes, in instructions or nearly so.
    let mut work: Vec<(Part, usize)> = Vec::new();
    let row = 8 * columns;
    if rows == 1 {
        work.push((Part::Take, 2 * length));
    } else {
        work.extend(
            ranges(columns, COLUMNS_OF_PART)
                .into_iter()
                .map(|range| (Part::Columns(range), 16 * COLUMNS_OF_PART)),
        );
    }
    let group = 3 * length / 2 / transform.groups();
    work.extend((0..rows).map(|at| (Part::Row(at), row)));
    work.extend((0..transform.groups()).map(|at| (Part::Split(at), group)));
    for channel in 0..2 {
        let ranges = ranges(bins(length), BINS_OF_PART).into_iter();
        work.extend(
            ranges.map(|range| (Part::Multiply(channel, range.clone()), range.len() * (partitions + 1))),
        );
    }
    work.extend((0..transform.groups()).map(|at| (Part::Join(at), group)));
    work.extend((0..rows).map(|at| (Part::RowBack(at), row)));
    if rows == 1 {
        work.push((Part::Give, length));
    } else {
        let ranges = ranges(columns, COLUMNS_OF_PART).into_iter();
        work.extend(ranges.map(|range| (Part::ColumnsBack(range), 16 * COLUMNS_OF_PART)));
    }
    let whole: usize = work.iter().map(|(_, takes)| takes).sum();
    let mut done = 0;
    let spread = work.into_iter().map(|(part, takes)| {
        // By its middle.
        let step = (done + takes / 2) * steps / whole;
        done += takes;
        (part, step.min(steps - 1))
    });
    spread.collect()
}
