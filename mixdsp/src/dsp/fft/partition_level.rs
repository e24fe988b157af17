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
/// Bins that are multiplied at once: those of all partitions lie one behind the other.
const WIDE: usize = 24;
/// Columns of one part of the work.
const COLUMNS_OF_PART: usize = 2 * COLUMNS;
/// Times as many bins are one part of the work.
const TILES_OF_PART: usize = 8;

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
    Store,
    /// Tiles of an output.
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
    /// Per input, the latest spectrum, and a ring of them, tile by tile.
    latest: [Vec<T>; 2],
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
        let spectrum = 2 * WIDE * tiles(partition);
        let zeros = |count: usize| vec![T::ZERO; count];
        let pair = |count: usize| [zeros(count), zeros(count)];
        let work = || vec![Complex { re: T::ZERO, im: T::ZERO }; 2 * partition];
        let back = || Back { sums: pair(spectrum), work: work(), output: pair(2 * partition) };
        Self {
            partition,
            partitions,
            parts: parts(&transform, partitions, partition / STEP),
            latest: pair(spectrum),
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

    /// Partitions of a filter with so many values.
    pub(crate) fn partitions_in(partition: usize, values: usize) -> usize {
        values / (2 * WIDE * tiles(partition))
    }

    /// Values of the longest filter.
    pub(crate) fn filter_values(&self) -> usize {
        self.spectra[0].len()
    }

    /// Forgets all audio.
    pub(crate) fn clear(&mut self) {
        self.spectra.iter_mut().for_each(|spectra| spectra.fill(T::ZERO));
        self.back.iter_mut().for_each(|back| back.output.iter_mut().for_each(|output| output.fill(T::ZERO)));
        (self.newest, self.now, self.window, self.both) = (0, 0, 0, false);
    }

    /// Spectra of taps, tile by tile, of each the partitions.
    pub(crate) fn filter(&mut self, taps: &[f64]) -> Vec<T> {
        let length = 2 * self.partition;
        let zeros = vec![T::ZERO; length];
        let partitions = taps.len().div_ceil(self.partition).min(self.partitions);
        // The halves of splitting, and what the transforms there and back multiply by.
        let scale = 0.25 / length as f64;
        let mut spectra = vec![T::ZERO; partitions * self.latest[0].len()];
        for (number, taps) in taps.chunks(self.partition).take(partitions).enumerate() {
            let mut samples = zeros.clone();
            samples.iter_mut().zip(taps).for_each(|(to, tap)| *to = T::from_f64(scale * tap));
            let mut both = [vec![T::ZERO; self.latest[0].len()], vec![T::ZERO; self.latest[0].len()]];
            self.transform_all(&samples, &zeros, &mut both);
            store(&both[0], number, &mut spectra);
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
        let columns = transform.columns();
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
                transform.split(*group, work, self.latest.each_mut().map(|latest| &mut latest[..]));
            }
            Part::Store => {
                for (latest, spectra) in self.latest.iter().zip(&mut self.spectra) {
                    store(latest, self.newest, spectra);
                }
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
                let (all, Filters { spectra: filters, paths }) = (sum.len() / 2, filters[filter]);
                let bins = range.start * WIDE..range.end * WIDE;
                sum[bins.clone()].fill(T::ZERO);
                sum[all + bins.start..all + bins.end].fill(T::ZERO);
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

/// Tiles of a spectrum.
const fn tiles(partition: usize) -> usize {
    bins(2 * partition).div_ceil(WIDE)
}

/// Puts a spectrum where that of a number lies, tile by tile.
fn store<T: Sample>(spectrum: &[T], number: usize, spectra: &mut [T]) {
    let (re, im) = spectrum.split_at(spectrum.len() / 2);
    let of_tile = spectra.len() / (re.len() / WIDE);
    let tiles = spectra.chunks_exact_mut(of_tile).zip(re.chunks_exact(WIDE).zip(im.chunks_exact(WIDE)));
    for (tile, (re, im)) in tiles {
        let (to_re, to_im) = tile[2 * WIDE * number..][..2 * WIDE].split_at_mut(WIDE);
        to_re.copy_from_slice(re);
        to_im.copy_from_slice(im);
    }
}

/// Adds the sum over all partitions of spectrum times filter, in a range of tiles. The spectrum at `newest` meets the first
/// partition of the filter, the one before it the second, and so on round the ring. A filter may be shorter.
#[inline(always)]
fn multiply<S: Simd, T: Sample>(
    simd: S,
    heard: &[T],
    filter: &[T],
    newest: usize,
    range: Range<usize>,
    sum: &mut [T],
) {
    const LANES: usize = WIDE / 8;
    let bins = sum.len() / 2;
    let [of_heard, of_filter] = [heard, filter].map(|spectra| spectra.len() / (bins / WIDE));
    for tile in range {
        let heard = &heard[tile * of_heard..][..of_heard];
        let filter = &filter[tile * of_filter..][..of_filter];
        let (recent, old) = heard.split_at((newest + 1) * 2 * WIDE);
        let (to_recent, to_old) = filter.split_at(recent.len().min(of_filter));
        let load = |values: &[T], at: usize| T::Lanes8::<S>::from_slice(simd, &values[8 * at..8 * at + 8]);
        let (sum_re, sum_im) = sum.split_at_mut(bins);
        let (sum_re, sum_im) = (&mut sum_re[tile * WIDE..][..WIDE], &mut sum_im[tile * WIDE..][..WIDE]);
        let zero = T::Lanes8::<S>::splat(simd, T::ZERO);
        let (mut re, mut im) = ([zero; LANES], [zero; LANES]);
        for n in 0..LANES {
            (re[n], im[n]) = (load(sum_re, n), load(sum_im, n));
        }
        for (heard, filter) in [(recent, to_recent), (old, to_old)] {
            for (x, h) in heard.chunks_exact(2 * WIDE).rev().zip(filter.chunks_exact(2 * WIDE)) {
                for n in 0..LANES {
                    let (xr, xi) = (load(x, n), load(x, LANES + n));
                    let (hr, hi) = (load(h, n), load(h, LANES + n));
                    re[n] = (-xi).mul_add(hi, xr.mul_add(hr, re[n]));
                    im[n] = xi.mul_add(hr, xr.mul_add(hi, im[n]));
                }
            }
        }
        for n in 0..LANES {
            re[n].store_slice(&mut sum_re[8 * n..8 * n + 8]);
            im[n].store_slice(&mut sum_im[8 * n..8 * n + 8]);
        }
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
                .map(|range| (Part::Columns(range), 60 * COLUMNS_OF_PART)),
        );
    }
    let group = 3 * length / 2 / transform.groups();
    work.extend((0..rows).map(|at| (Part::Row(at), row)));
    work.extend((0..transform.groups()).map(|at| (Part::Split(at), group)));
    work.push((Part::Store, length / 2));
    for channel in 0..2 {
        let ranges = ranges(tiles(length / 2), TILES_OF_PART).into_iter();
        let takes = |range: &Range<usize>| range.len() * WIDE * (partitions + 1);
        work.extend(ranges.map(|range| (Part::Multiply(channel, range.clone()), takes(&range))));
    }
    work.extend((0..transform.groups()).map(|at| (Part::Join(at), group)));
    work.extend((0..rows).map(|at| (Part::RowBack(at), row)));
    if rows == 1 {
        work.push((Part::Give, length));
    } else {
        let ranges = ranges(columns, COLUMNS_OF_PART).into_iter();
        work.extend(ranges.map(|range| (Part::ColumnsBack(range), 60 * COLUMNS_OF_PART)));
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
