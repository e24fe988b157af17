//! Floor 4: audio at 2, 4, 8 or 16 times its rate, and back.
//!
//! ```text
//! low --> half-band, x2 --> half-band, x2 ... --> high --> (what happens there) --> half-band, /2 ... --> low
//! ```
//!
//! Each octave is a half-band filter up and one down. Linear phase: whole frames of latency and a flat pass band. Low
//! latency: all-passes, under 12 frames, whose phase turns towards the top. What happens between the two may be late by
//! whole frames of the high rate: `inner_latency`; it is counted, and for linear phase the sum is whole again.
//!
//! State, in the caller's words: `numbers`, taps or coefficients of each octave; `histories`, per channel and octave the
//! samples that a filter still needs, or what its all-passes keep. `high` and `other` are two workbenches for one channel at
//! a time: frames lie behind a lead, where a filter puts what it heard before them.

mod linear;
mod low_latency;
mod numbers;
mod settings;
mod workbench;

pub use settings::{Oversampling, Phase};
pub(crate) use workbench::LEAD;

use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;
use workbench::MARGIN;

/// Most octaves: 16 times.
pub(crate) const MOST_OCTAVES: usize = 4;

/// Octaves, filters and channels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) channels: usize,
    pub(crate) octaves: usize,
    pub(crate) phase: Phase,
    /// Frames of the high rate by which what happens there is late.
    pub(crate) inner_latency: usize,
    pub(crate) sample_rate: f64,
}

impl Sizes {
    /// The numbers of an octave.
    const fn numbers(&self, octave: usize) -> &'static [f64] {
        numbers::numbers(self.phase, octave, self.sample_rate)
    }

    /// How many numbers an octave keeps.
    const fn kept(&self, octave: usize) -> usize {
        match self.phase {
            Phase::Linear => 2 * self.numbers(octave).len(),
            Phase::LowLatency => self.numbers(octave).len(),
        }
    }

    /// What a channel of an octave keeps, up and down.
    const fn history(&self, octave: usize) -> [usize; 2] {
        let numbers = self.numbers(octave).len();
        match self.phase {
            Phase::Linear => linear::history(numbers),
            Phase::LowLatency => low_latency::history(numbers),
        }
    }

    /// Places of a workbench: for a chunk at the high rate, or for two halves of it.
    const fn room(&self) -> usize {
        (CHUNK << self.octaves) + 2 * (LEAD + MARGIN)
    }

    const fn all_numbers(&self) -> usize {
        let (mut sum, mut octave) = (0, 0);
        while octave < self.octaves {
            sum += self.kept(octave);
            octave += 1;
        }
        sum
    }

    const fn all_history(&self) -> usize {
        let (mut sum, mut octave) = (0, 0);
        while octave < self.octaves {
            let [up, down] = self.history(octave);
            sum += up + down;
            octave += 1;
        }
        sum
    }

    /// Frames of the rate above an octave by which what happens above it is late.
    const fn late_above(&self, octave: usize) -> usize {
        let (mut late, mut above) = (self.inner_latency, self.octaves);
        while above > octave + 1 {
            above -= 1;
            late = linear::latency(self.numbers(above).len(), late);
        }
        late
    }

    /// Frames by which what goes up and comes down again is late: whole for linear phase, else
    /// rounded down, at low frequencies: where an impulse begins.
    pub(crate) const fn latency(&self) -> usize {
        match (self.phase, self.octaves) {
            (_, 0) => self.inner_latency,
            (Phase::Linear, _) => linear::latency(self.numbers(0).len(), self.late_above(0)),
            (Phase::LowLatency, _) => {
                let (mut late, mut octave) = (self.inner_latency as f64, self.octaves);
                while octave > 0 {
                    octave -= 1;
                    late = 0.5 * late + low_latency::latency(self.numbers(octave));
                }
                late as usize
            }
        }
    }

    /// Frames until what went in is gone: -120 dB.
    pub(crate) const fn tail(&self) -> usize {
        match self.phase {
            Phase::Linear => 2 * self.latency() + 2,
            Phase::LowLatency => self.latency() + 400,
        }
    }
}

layout! {
    /// The words of an oversampling.
    pub(crate) struct Oversample<T>, read as OversampleRef (sizes: Sizes) {
        numbers: [T; sizes.all_numbers()],
        histories: [T; sizes.channels * sizes.all_history()],
        high: [T; if sizes.channels > 0 { sizes.room() } else { 0 }],
        other: [T; if sizes.channels > 0 { sizes.room() } else { 0 }],
    }
}

impl<T: Sample> Oversample<'_, T> {
    /// Nothing was heard yet.
    pub(crate) fn start(&mut self, sizes: &Sizes) {
        self.histories.fill(T::ZERO);
        let mut kept = self.numbers.iter_mut();
        for octave in 0..sizes.octaves {
            let numbers = sizes.numbers(octave);
            let mirrored = numbers.iter().rev().take(sizes.kept(octave) - numbers.len());
            numbers
                .iter()
                .chain(mirrored)
                .zip(&mut kept)
                .for_each(|(number, kept)| *kept = T::from_f64(*number));
        }
    }

    /// Brings frames of a channel, at most [`CHUNK`], to the high rate: they are `samples.len() << octaves`, and stand
    /// behind the lead of `high`.
    #[inline(always)]
    pub(crate) fn up<S: Simd>(&mut self, simd: S, sizes: &Sizes, channel: usize, samples: &[T]) {
        let (mut from, mut to) = (&mut *self.high, &mut *self.other);
        if sizes.octaves % 2 == 1 {
            core::mem::swap(&mut from, &mut to);
        }
        let mut frames = samples.len();
        from[LEAD..LEAD + frames].copy_from_slice(samples);
        let mut numbers = &*self.numbers;
        let mut histories = of_channel(self.histories, sizes.channels, channel);
        for at in 0..sizes.octaves {
            let [up, down] = sizes.history(at);
            let numbers = numbers.split_off(..sizes.kept(at)).unwrap_or_default();
            let up = &mut histories.split_off_mut(..up + down).unwrap_or_default()[..up];
            match sizes.phase {
                Phase::Linear => linear::up(simd, numbers, up, frames, from, to),
                Phase::LowLatency => {
                    low_latency::up(numbers, up, &from[LEAD..LEAD + frames], &mut to[LEAD..]);
                }
            }
            core::mem::swap(&mut from, &mut to);
            frames *= 2;
        }
    }

    /// Brings frames of a channel back, which stand behind the lead of `other`. `high` is used up, too.
    #[inline(always)]
    pub(crate) fn down<S: Simd>(&mut self, simd: S, sizes: &Sizes, channel: usize, samples: &mut [T]) {
        let mut frames = samples.len() << sizes.octaves;
        let mut numbers = &*self.numbers;
        let mut histories = of_channel(self.histories, sizes.channels, channel);
        for at in (0..sizes.octaves).rev() {
            let is_odd = sizes.late_above(at) % 2 == 1;
            let [up, down] = sizes.history(at);
            let numbers = numbers.split_off(numbers.len() - sizes.kept(at)..).unwrap_or_default();
            let from = histories.len() - up - down;
            let down = &mut histories.split_off_mut(from..).unwrap_or_default()[up..];
            let (from, with) = (&mut *self.other, &mut *self.high);
            frames /= 2;
            match sizes.phase {
                Phase::Linear => linear::down(simd, numbers, down, is_odd, frames, from, with),
                Phase::LowLatency => low_latency::down(numbers, down, &mut from[LEAD..], frames),
            }
        }
        samples.copy_from_slice(&self.other[LEAD..LEAD + samples.len()]);
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self, sizes: &Sizes) {
        if sizes.phase == Phase::LowLatency {
            self.histories.iter_mut().for_each(|value| *value = value.flushed());
        }
    }
}

/// The part of one of some channels.
fn of_channel<T>(values: &mut [T], channels: usize, channel: usize) -> &mut [T] {
    let length = values.len() / channels;
    &mut values[channel * length..(channel + 1) * length]
}

#[cfg(test)]
mod tests;
