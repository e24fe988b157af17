//! The way through a curve: what it adds, late by whole frames where the filters are of linear phase.
//!
//! ```text
//! in --> emphasis --> up --> what the curve adds --> down --> emphasis back --> out
//! ```
//!
//! State, in the caller's words: `courses`, and per channel what the shelves remember, before and behind.

use super::{BEFORE, BEHIND, Course, LATENCY};
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::dsp::filter::emphasis::Emphasis;
use crate::dsp::oversample::{self, LEAD, Oversample, OversampleRef, Oversampling, Phase};
use crate::params::choices;
use crate::params::smoothed::Frames;
use fearless_simd::Simd;

choices! {
    /// What is done against the aliases that oversampling leaves.
    pub enum Antialiasing {
        /// Nothing.
        Off = "off",
        /// The mean of the curve over two steps, weighted by a triangle, counts.
        First = "first",
        /// The same at twice the rate, to which one more half-band filter leads.
        Second = "second",
    }
}

/// Most shelves.
const SHELVES: usize = 2;

/// Channels and filters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) oversample: oversample::Sizes,
    /// Whether the mean over two steps counts.
    pub(crate) smooth: bool,
}

impl Sizes {
    pub(crate) const fn new(
        channels: usize,
        sample_rate: f64,
        oversampling: Oversampling,
        antialiasing: Antialiasing,
        phase: Phase,
    ) -> Self {
        let octaves = oversampling.octaves() + matches!(antialiasing, Antialiasing::Second) as usize;
        let inner_latency = LATENCY;
        let oversample = oversample::Sizes { channels, octaves, phase, inner_latency, sample_rate };
        Self { oversample, smooth: !matches!(antialiasing, Antialiasing::Off) }
    }

    /// Frames by which what the curve adds is late.
    pub(crate) const fn latency(&self) -> usize {
        self.oversample.latency()
    }
}

layout! {
    /// The words of a way through a curve.
    pub(crate) struct CurvePath<T>, read as CurvePathRef (sizes: Sizes) {
        courses: [Course; sizes.oversample.channels],
        shelves: [[[f64; 2]; 2 * SHELVES]; sizes.oversample.channels],
    } with {
        oversample: Oversample / OversampleRef by sizes.oversample,
    }
}

/// Frames of a channel at the high rate, and what a curve adds to them.
pub(crate) struct HighFrames<'a, T> {
    pub(crate) course: &'a mut Course,
    /// Behind [`BEFORE`] places and before [`BEHIND`] others, as a [`Shaper`](super::Shaper) wants it.
    pub(crate) x: &'a mut [T],
    /// With [`BEHIND`] places more.
    pub(crate) added: &'a mut [T],
}

impl<T: Sample> CurvePath<'_, T> {
    /// Nothing was heard yet.
    pub(crate) fn start(&mut self, sizes: &Sizes) {
        self.oversample.start(&sizes.oversample);
    }

    /// Puts what the curve adds, which `bend` says, in place of the frames of a channel, at most [`CHUNK`].
    #[inline(always)]
    pub(crate) fn run<S: Simd>(
        &mut self,
        simd: S,
        sizes: &Sizes,
        channel: usize,
        emphasis: &[Frames<Emphasis>],
        samples: &mut [T],
        bend: impl FnOnce(HighFrames<'_, T>),
    ) {
        let sizes = &sizes.oversample;
        let (before, behind) = self.shelves[channel].split_at_mut(SHELVES);
        for (emphasis, kept) in emphasis.iter().zip(before) {
            for (f, sample) in samples.iter_mut().enumerate() {
                *sample = T::from_f64(emphasis.at(f).put(kept, sample.to_f64()).flushed());
            }
        }
        let oversample = &mut self.oversample;
        oversample.up(simd, sizes, channel, samples);
        let high_frames = samples.len() << sizes.octaves;
        let x = &mut oversample.high[LEAD - BEFORE..LEAD + high_frames + BEHIND];
        let added = &mut oversample.other[LEAD..LEAD + high_frames + BEHIND];
        added.fill(T::ZERO);
        bend(HighFrames { course: &mut self.courses[channel], x, added });
        oversample.down(simd, sizes, channel, samples);
        for (emphasis, kept) in emphasis.iter().zip(behind).rev() {
            for (f, sample) in samples.iter_mut().enumerate() {
                // What shelves at high frequencies leave is gone before the grid looks after it.
                *sample = T::from_f64(emphasis.at(f).take(kept, sample.to_f64()).flushed());
            }
        }
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self, sizes: &Sizes) {
        let shelves = self.shelves.as_flattened_mut().as_flattened_mut();
        shelves.iter_mut().for_each(|kept| *kept = kept.flushed());
        self.oversample.flush_denormals(&sizes.oversample);
    }
}
