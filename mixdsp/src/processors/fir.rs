//! Fir: any filter given by its taps, without latency of its own. Feature `fft`.
//!
//! ```text
//! in --+--> the first 256 taps, sample by sample -----------------(+)--> out
//!      `--> the others, in partitions of 256 frames --------------'
//! ```
//!
//! The partitions give what their taps make of the audio 256 frames and more ago, which is just in time. Not in
//! the catalogue, because taps are no parameters; all contracts of a [`Processor`] hold, and it allocates when it
//! is built.
//!
//! State: `history`, the last 255 samples of each channel; the rest see `fft::convolver`. Cost: 256 multiply-adds
//! per sample in vectors of eight, and the convolver.

use crate::base::audio::{Block, MAX_CHANNELS, frames_of, sanitize};
use crate::base::error::Error;
use crate::base::memory::Word;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::dsp::fft::{Convolver, Memory, Sizes};
use crate::engine::kind::ResponseAt;
use crate::engine::processor::Processor;
use crate::params::Id;
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::TAU;
use fearless_simd::Simd;
use fearless_simd::prelude::*;
use num_complex::Complex;

/// Taps that are applied sample by sample; frames of a partition.
const HEAD: usize = 256;
/// Frames that are worked on at once.
const FRAMES: usize = 64;

/// Filters all channels by the same taps. As many channels out as in.
///
/// `response` is the Fourier sum of the taps; `tail` their number. There is nothing to set.
#[derive(Debug)]
pub struct Fir<T: Sample> {
    spec: Spec,
    taps: Vec<f64>,
    /// The first taps, backwards.
    head: Vec<T>,
    history: Vec<T>,
    convolver: Option<Convolver<T>>,
    words: Vec<Word>,
    sanitized_samples: u64,
}

impl<T: Sample> Fir<T> {
    /// A filter with these taps, at most 2 097 152. Taps that are not finite, or none, are an error. Allocates.
    pub fn new(mut spec: Spec, taps: &[f64]) -> Result<Self, Error> {
        const MOST: usize = 1 << 21;
        spec.check()?;
        spec.check_same_channels()?;
        let range = |key, value, minimum, maximum| Error::Range {
            key,
            item: None,
            value,
            minimum,
            maximum,
            unit: "",
            choices: &[],
        };
        if !(1..=MOST).contains(&taps.len()) {
            return Err(range("taps", taps.len() as f64, 1.0, MOST as f64));
        }
        if let Some(tap) = taps.iter().find(|tap| !(tap.abs() <= 1e9)) {
            return Err(range("tap", *tap, -1e9, 1e9));
        }
        spec.simd = spec.simd.resolve();
        let mut head = vec![T::ZERO; HEAD];
        for (to, tap) in head.iter_mut().rev().zip(taps) {
            *to = T::from_f64(*tap);
        }
        let rest = taps.get(HEAD..).filter(|rest| !rest.is_empty());
        let mut words = Vec::new();
        let convolver = rest.map(|rest| {
            let sizes = Sizes::new(spec.inputs, HEAD, rest.len());
            words = vec![0; Memory::<T>::words(sizes)];
            let mut convolver = Convolver::new(sizes, spec.simd);
            convolver.load(&mut words, 0, rest);
            convolver
        });
        let history = vec![T::ZERO; spec.inputs * (HEAD - 1)];
        Ok(Self { spec, taps: taps.to_vec(), head, history, convolver, words, sanitized_samples: 0 })
    }

    /// The taps.
    pub fn taps(&self) -> &[f64] {
        &self.taps
    }

    /// At most [`FRAMES`] frames, within which no partition ends.
    fn run(&mut self, block: &mut Block<'_, '_, T>) {
        let count = block.frames();
        let mut near = [[T::ZERO; FRAMES]; MAX_CHANNELS];
        for (channel, near) in near.iter_mut().enumerate().take(self.spec.inputs) {
            let history = &mut self.history[channel * (HEAD - 1)..][..HEAD - 1];
            let mut heard = [T::ZERO; HEAD - 1 + FRAMES];
            heard[..HEAD - 1].copy_from_slice(history);
            heard[HEAD - 1..][..count].copy_from_slice(block.input(channel));
            history.copy_from_slice(&heard[count..][..HEAD - 1]);
            dispatch!(self.spec.simd, s => convolve(s, &self.head, &heard, &mut near[..count]));
        }
        let Some(convolver) = &mut self.convolver else {
            for (channel, near) in near.iter().enumerate().take(self.spec.inputs) {
                block.channel(channel).copy_from_slice(&near[..count]);
            }
            return;
        };
        convolver.exchange(&mut self.words, block, 0, None);
        for (channel, near) in near.iter().enumerate().take(self.spec.inputs) {
            block.channel(channel).iter_mut().zip(near).for_each(|(far, near)| *far += *near);
        }
        if convolver.frames_left() == 0 {
            convolver.turn(&mut self.words, self.spec.simd, 0, false);
        }
    }

    fn forget(&mut self) {
        self.history.fill(T::ZERO);
        if let Some(convolver) = &mut self.convolver {
            convolver.clear(&mut self.words);
        }
    }
}

/// `out[n]` is the sum of head times what was heard from frame `n` on.
#[inline(always)]
fn convolve<S: Simd, T: Sample>(simd: S, head: &[T], heard: &[T], out: &mut [T]) {
    for (n, out) in out.iter_mut().enumerate() {
        let zero = T::Lanes8::<S>::splat(simd, T::ZERO);
        let (mut even, mut odd) = (zero, zero);
        for (taps, heard) in head.chunks_exact(16).zip(heard[n..].chunks_exact(16)) {
            let load = |values: &[T]| T::Lanes8::<S>::from_slice(simd, values);
            even = load(&taps[..8]).mul_add(load(&heard[..8]), even);
            odd = load(&taps[8..]).mul_add(load(&heard[8..]), odd);
        }
        *out = (even + odd).as_slice().iter().fold(T::ZERO, |sum, lane| sum + *lane);
    }
}

impl<T: Sample> Processor<T> for Fir<T> {
    fn process(&mut self, audio: &mut [&mut [T]], _sidechain: &[&[T]]) -> Result<(), Error> {
        let channels = self.spec.inputs;
        let frames = frames_of(audio, channels, "audio")?;
        let audio = &mut audio[..channels];
        self.sanitized_samples += sanitize(&self.spec, audio, &[]);
        let mut done = 0;
        while done < frames {
            let left = self.convolver.as_ref().map_or(FRAMES, Convolver::frames_left);
            let count = (frames - done).min(left).min(FRAMES);
            self.run(&mut Block::new(audio, &[], done, done + count));
            done += count;
        }
        Ok(())
    }

    fn reset(&mut self) {
        self.forget();
    }

    fn latency(&self) -> usize {
        0
    }

    fn tail(&self) -> Option<usize> {
        Some(self.taps.len() + HEAD)
    }

    fn set(&mut self, id: Id, _value: f64) -> Result<(), Error> {
        Err(Error::Unknown { id })
    }

    fn glide(&mut self, id: Id, _target: f64, _frames: usize) -> Result<(), Error> {
        Err(Error::Unknown { id })
    }

    fn get(&self, _id: Id) -> Option<f64> {
        None
    }

    fn response(&self, frequency_hz: f64, _: ResponseAt) -> Option<Complex<f64>> {
        let turn = -TAU * frequency_hz / self.spec.sample_rate;
        let terms = self.taps.iter().enumerate().map(|(n, tap)| Complex::from_polar(*tap, turn * n as f64));
        Some(terms.sum())
    }

    fn sanitized_samples(&self) -> u64 {
        self.sanitized_samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_convolution_at_once_however_it_is_cut() {
        let mut seed = 3u32;
        let mut noise = move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed as f64 / f64::from(u32::MAX) - 0.5
        };
        let input: Vec<f64> = (0..1_500).map(|_| noise()).collect();
        for count in [1, 255, 256, 257, 1_000] {
            let taps: Vec<f64> = (0..count).map(|_| noise()).collect();
            let mut unit = Fir::<f64>::new(Spec::new(48_000.0, 2), &taps).unwrap();
            let mut whole = [input.clone(), input.iter().map(|x| -x).collect()];
            let [left, right] = &mut whole;
            unit.process(&mut [left, right], &[]).unwrap();
            for (n, y) in whole[0].iter().enumerate() {
                let heard = taps.iter().take(n + 1).enumerate();
                let expected: f64 = heard.map(|(k, tap)| tap * input[n - k]).sum();
                assert!((y - expected).abs() < 1e-12, "frame {n} of {count} taps");
            }
            unit.reset();
            let mut cut = [input.clone(), input.iter().map(|x| -x).collect()];
            for from in (0..1_500).step_by(37) {
                let to = (from + 37).min(1_500);
                let [left, right] = &mut cut;
                unit.process(&mut [&mut left[from..to], &mut right[from..to]], &[]).unwrap();
            }
            assert!(cut == whole);
        }
    }

    #[test]
    fn taps_that_are_none_are_refused() {
        let spec = Spec::new(48_000.0, 1);
        assert!(Fir::<f32>::new(spec, &[]).is_err());
        assert!(Fir::<f32>::new(spec, &[1.0, f64::NAN]).is_err());
    }
}
