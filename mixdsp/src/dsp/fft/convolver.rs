//! Convolution in equal partitions, by overlap and save.
//!
//! ```text
//! in --> window of 2 B samples --> transform --> the last P spectra --(x) P spectra of the filter--> sum
//!        (the last B and the B before)                                                               |
//! out <-- the second half <-------------------- inverse transform <----------------------------------'
//! ```
//!
//! Partitions of B frames are counted since reset, so no cut of the audio changes a bit. The output is late
//! by B frames. There are two filters, so that one can be faded to from the other: both are applied to the
//! same spectra. T. Stockham, "High-speed convolution and correlation", AFIPS 1966; W. Gardner, "Efficient
//! Convolution without Input-Output Delay", JAES 43, 1995, for what grows out of it.
//!
//! State: `filled`, frames of the present partition, per frame; `newest`, the place of the newest of P
//! spectra, per partition. Words per channel: the window, the spectra, and what comes out next of either
//! filter. Cost: per partition and channel one transform, P products per bin, one inverse transform per
//! filter that is heard.

use super::transform::{Transform, bins};
use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::memory::Word;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use alloc::vec::Vec;
use fearless_simd::Simd;
use fearless_simd::prelude::*;
use num_complex::Complex;

/// How large a convolution is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// Channels, all with the same filter.
    pub(crate) channels: usize,
    /// Frames of a partition, an even number; the latency.
    pub(crate) partition: usize,
    /// Partitions of a filter.
    pub(crate) partitions: usize,
    /// Filters in the words: two, or none where they are kept elsewhere.
    pub(crate) filters: usize,
}

impl Sizes {
    /// For filters of so many taps.
    pub(crate) const fn new(channels: usize, partition: usize, taps: usize) -> Self {
        Self { channels, partition, partitions: taps.div_ceil(partition), filters: 2 }
    }

    /// The same; filters are kept elsewhere.
    pub(crate) const fn without_filters(self) -> Self {
        Self { filters: 0, ..self }
    }

    /// Values of a spectrum.
    const fn spectrum(&self) -> usize {
        2 * bins(2 * self.partition)
    }

    /// Values of a whole filter, and of the spectra of a channel.
    const fn spectra(&self) -> usize {
        self.spectrum().saturating_mul(self.partitions)
    }
}

layout! {
    /// The words of a convolution.
    pub(crate) struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        window: [T; sizes.channels * 2 * sizes.partition],
        output: [T; sizes.channels * 2 * sizes.partition],
        spectra: [T; sizes.channels.saturating_mul(sizes.spectra())],
        filters: [T; sizes.spectra().saturating_mul(sizes.filters)],
        sum: [T; sizes.spectrum()],
        samples: [T; 2 * sizes.partition],
        work: [Complex<T>; sizes.partition],
    }
}

/// A convolution at work; its large parts lie in the caller's words.
#[derive(Debug)]
pub(crate) struct Convolver<T: Sample> {
    sizes: Sizes,
    transform: Transform<T>,
    filled: usize,
    newest: usize,
}

impl<T: Sample> Convolver<T> {
    /// At rest in words of zeros; both filters are silent. Allocates.
    pub(crate) fn new(sizes: Sizes, simd: SimdLevel) -> Self {
        Self { sizes, transform: Transform::new(2 * sizes.partition, simd), filled: 0, newest: 0 }
    }

    fn carve<'a>(&self, words: &'a mut [Word]) -> Memory<'a, T> {
        Memory::carve(words, self.sizes)
    }

    /// Forgets all audio; filters stay.
    pub(crate) fn clear(&mut self, words: &mut [Word]) {
        let memory = self.carve(words);
        memory.window.fill(T::ZERO);
        memory.output.fill(T::ZERO);
        memory.spectra.fill(T::ZERO);
        self.filled = 0;
        self.newest = 0;
    }

    /// Puts taps in place of filter 0 or 1. Cost: a transform per partition.
    pub(crate) fn load(&mut self, words: &mut [Word], filter: usize, taps: &[f64]) {
        let Sizes { partition, .. } = self.sizes;
        let (spectra, spectrum) = (self.sizes.spectra(), self.sizes.spectrum());
        let memory = self.carve(words);
        // What the transforms there and back multiply by is taken out here.
        let scale = 1.0 / partition as f64;
        let filter = &mut memory.filters[filter * spectra..][..spectra];
        for (part, spectrum) in filter.chunks_exact_mut(spectrum).enumerate() {
            for (n, sample) in memory.samples.iter_mut().enumerate() {
                let tap = if n < partition { taps.get(part * partition + n) } else { None };
                *sample = T::from_f64(scale * tap.copied().unwrap_or(0.0));
            }
            let (re, im) = spectrum.split_at_mut(spectrum.len() / 2);
            self.transform.forward(memory.samples, memory.work, re, im);
        }
    }

    /// Taps as [`turn_by`](Self::turn_by) takes them. Allocates.
    pub(crate) fn filter(partition: usize, taps: &[f64], simd: SimdLevel) -> Vec<T> {
        let sizes = Sizes { filters: 1, ..Sizes::new(1, partition, taps.len()) };
        let mut words = alloc::vec![0; Memory::<T>::words(sizes)];
        let mut convolver = Self::new(sizes, simd);
        convolver.load(&mut words, 0, taps);
        convolver.carve(&mut words).filters.to_vec()
    }

    /// How many values a filter may have at most.
    pub(crate) fn most(&self) -> usize {
        self.sizes.spectra()
    }

    /// Frames until the present partition is full.
    pub(crate) fn frames_left(&self) -> usize {
        self.sizes.partition - self.filled
    }

    /// Takes the block in and gives what filter `live` made of the partition before, in place. Where `shares`
    /// are given, so much of it is replaced, frame by frame, by what the other filter made. The block has at
    /// most [`frames_left`](Self::frames_left) frames; when it fills the partition, [`turn`](Self::turn) comes
    /// next.
    pub(crate) fn exchange(
        &mut self,
        words: &mut [Word],
        block: &mut Block<'_, '_, T>,
        live: usize,
        shares: Option<&[T]>,
    ) {
        let Sizes { channels, partition, .. } = self.sizes;
        let (filled, count) = (self.filled, block.frames());
        let memory = self.carve(words);
        for channel in 0..channels {
            let both = 2 * partition * channel;
            let audio = block.channel(channel);
            memory.window[both + partition + filled..][..count].copy_from_slice(audio);
            let output = |filter: usize| &memory.output[both + filter * partition + filled..][..count];
            match shares {
                None => audio.copy_from_slice(output(live)),
                Some(shares) => {
                    let pairs = output(live).iter().zip(output(1 - live)).zip(shares);
                    for (sample, ((from, to), share)) in audio.iter_mut().zip(pairs) {
                        *sample = *from + (*to - *from) * *share;
                    }
                }
            }
        }
        self.filled += count;
    }

    /// The partition is full: makes what comes out in the next one, of filter `live` or of `both`.
    pub(crate) fn turn(&mut self, words: &mut [Word], simd: SimdLevel, live: usize, both: bool) {
        let spectra = self.sizes.spectra();
        let mut memory = self.carve(words);
        let filters = core::mem::take(&mut memory.filters);
        let (first, second) = filters.split_at(spectra);
        self.turn_memory(memory, simd, [first, second], live, both);
    }

    /// The same with filters that are kept elsewhere, each as long or shorter.
    pub(crate) fn turn_by(
        &mut self,
        words: &mut [Word],
        simd: SimdLevel,
        filters: [&[T]; 2],
        live: usize,
        both: bool,
    ) {
        let memory = self.carve(words);
        self.turn_memory(memory, simd, filters, live, both);
    }

    fn turn_memory(
        &mut self,
        memory: Memory<'_, T>,
        simd: SimdLevel,
        filters: [&[T]; 2],
        live: usize,
        both: bool,
    ) {
        let sizes @ Sizes { channels, partition, partitions, .. } = self.sizes;
        let (spectra, spectrum) = (sizes.spectra(), sizes.spectrum());
        self.filled = 0;
        self.newest = (self.newest + 1) % partitions;
        let newest = self.newest;
        for channel in 0..channels {
            let window = &mut memory.window[2 * partition * channel..][..2 * partition];
            let heard = &mut memory.spectra[spectra * channel..][..spectra];
            let (re, im) = heard[newest * spectrum..][..spectrum].split_at_mut(spectrum / 2);
            self.transform.forward(window, memory.work, re, im);
            window.copy_within(partition.., 0);
            for filter in [live, 1 - live].into_iter().take(if both { 2 } else { 1 }) {
                dispatch!(simd, s => multiply(s, heard, filters[filter], newest, memory.sum));
                let (re, im) = memory.sum.split_at(spectrum / 2);
                self.transform.inverse(re, im, memory.work, memory.samples);
                let output = &mut memory.output[(2 * channel + filter) * partition..][..partition];
                output.copy_from_slice(&memory.samples[partition..]);
            }
        }
    }
}

/// The sum over all partitions of spectrum times filter. The spectrum at `newest` meets the first partition
/// of the filter, the one before it the second, and so on round the ring.
#[inline(always)]
fn multiply<S: Simd, T: Sample>(simd: S, heard: &[T], filter: &[T], newest: usize, sum: &mut [T]) {
    let spectrum = sum.len();
    let bins = spectrum / 2;
    let (sum_re, sum_im) = sum.split_at_mut(bins);
    let load = |values: &[T], at: usize| T::Lanes8::<S>::from_slice(simd, &values[at..at + 8]);
    for first in (0..bins).step_by(8) {
        let mut re = T::Lanes8::<S>::splat(simd, T::ZERO);
        let mut im = re;
        let mut add = |heard: &[T], filter: &[T]| {
            for (x, h) in heard.chunks_exact(spectrum).rev().zip(filter.chunks_exact(spectrum)) {
                let (xr, xi) = (load(x, first), load(x, bins + first));
                let (hr, hi) = (load(h, first), load(h, bins + first));
                re = (-xi).mul_add(hi, xr.mul_add(hr, re));
                im = xi.mul_add(hr, xr.mul_add(hi, im));
            }
        };
        let (recent, old) = heard.split_at((newest + 1) * spectrum);
        // A filter may be shorter than what was heard.
        let (to_recent, to_old) = filter.split_at(recent.len().min(filter.len()));
        add(recent, to_recent);
        add(old, to_old);
        re.store_slice(&mut sum_re[first..first + 8]);
        im.store_slice(&mut sum_im[first..first + 8]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn it_is_the_convolution_late_by_a_partition() {
        let mut seed = 7u32;
        let mut noise = move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed as f64 / f64::from(u32::MAX) - 0.5
        };
        let taps: Vec<f64> = (0..77).map(|_| noise()).collect();
        let input: Vec<f64> = (0..400).map(|_| noise()).collect();
        for simd in [SimdLevel::BEST.resolve(), SimdLevel::baseline()] {
            let sizes = Sizes::new(2, 16, taps.len());
            let mut words = vec![0; Memory::<f64>::words(sizes)];
            let mut convolver = Convolver::<f64>::new(sizes, simd);
            convolver.load(&mut words, 1, &taps);
            let mut audio = [input.clone(), input.iter().map(|x| -2.0 * x).collect()];
            let [left, right] = &mut audio;
            let (mut slices, mut done) = ([&mut left[..], &mut right[..]], 0);
            while done < input.len() {
                let count = convolver.frames_left().min(5).min(input.len() - done);
                let mut block = Block::new(&mut slices, &[], done, done + count);
                convolver.exchange(&mut words, &mut block, 1, None);
                if convolver.frames_left() == 0 {
                    convolver.turn(&mut words, simd, 1, false);
                }
                done += count;
            }
            for n in 0..input.len() {
                let at = |k: usize| n.checked_sub(16 + k).map_or(0.0, |n| input[n]);
                let expected: f64 = taps.iter().enumerate().map(|(k, tap)| tap * at(k)).sum();
                assert!((audio[0][n] - expected).abs() < 1e-13, "frame {n}");
                assert!((audio[1][n] + 2.0 * expected).abs() < 1e-13, "frame {n}");
            }
        }
    }
}
