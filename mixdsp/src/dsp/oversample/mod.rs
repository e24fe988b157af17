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
//! samples that a filter still needs, or what its all-passes keep.

mod linear;
mod low_latency;
mod numbers;
mod settings;

pub use settings::{Oversampling, Phase};

use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;

/// Most octaves: 16 times.
pub(crate) const MOST_OCTAVES: usize = 4;
/// Room for a chunk at the highest rate.
pub(crate) const MOST_HIGH: usize = CHUNK << MOST_OCTAVES;

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
    }
}

/// What one octave of one channel works with.
struct Octave<'a, T> {
    numbers: &'a [T],
    up: &'a mut [T],
    down: &'a mut [T],
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

    fn octave(&mut self, sizes: &Sizes, channel: usize, octave: usize) -> Octave<'_, T> {
        let (mut numbers, mut history) = (0, channel * sizes.all_history());
        for before in 0..octave {
            numbers += sizes.kept(before);
            history += sizes.history(before).iter().sum::<usize>();
        }
        let [up, down] = sizes.history(octave);
        let (up, rest) = self.histories[history..].split_at_mut(up);
        Octave { numbers: &self.numbers[numbers..][..sizes.kept(octave)], up, down: &mut rest[..down] }
    }

    /// Brings frames of a channel, at most [`CHUNK`], to the high rate, where they are `samples.len() << octaves`.
    #[inline(always)]
    pub(crate) fn up<S: Simd>(
        &mut self,
        simd: S,
        sizes: &Sizes,
        channel: usize,
        samples: &[T],
        high: &mut [T; MOST_HIGH],
    ) {
        let mut frames = samples.len();
        high[..frames].copy_from_slice(samples);
        for at in 0..sizes.octaves {
            let octave = self.octave(sizes, channel, at);
            let mut low = [T::ZERO; MOST_HIGH / 2];
            low[..frames].copy_from_slice(&high[..frames]);
            let (low, high) = (&low[..frames], &mut high[..2 * frames]);
            match sizes.phase {
                Phase::Linear => linear::up(simd, octave.numbers, octave.up, low, high),
                Phase::LowLatency => low_latency::up(octave.numbers, octave.up, low, high),
            }
            frames *= 2;
        }
    }

    /// Brings frames of a channel back. `high` is used up.
    #[inline(always)]
    pub(crate) fn down<S: Simd>(
        &mut self,
        simd: S,
        sizes: &Sizes,
        channel: usize,
        high: &mut [T; MOST_HIGH],
        samples: &mut [T],
    ) {
        let mut frames = samples.len() << sizes.octaves;
        for at in (0..sizes.octaves).rev() {
            let is_odd = sizes.late_above(at) % 2 == 1;
            let octave = self.octave(sizes, channel, at);
            frames /= 2;
            let mut low = [T::ZERO; MOST_HIGH / 2];
            match sizes.phase {
                Phase::Linear => {
                    linear::down(
                        simd,
                        octave.numbers,
                        octave.down,
                        is_odd,
                        &high[..2 * frames],
                        &mut low[..frames],
                    );
                }
                Phase::LowLatency => {
                    low_latency::down(octave.numbers, octave.down, &high[..2 * frames], &mut low[..frames]);
                }
            }
            high[..frames].copy_from_slice(&low[..frames]);
        }
        samples.copy_from_slice(&high[..samples.len()]);
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self, sizes: &Sizes) {
        if sizes.phase == Phase::LowLatency {
            self.histories.iter_mut().for_each(|value| *value = value.flushed());
        }
    }
}

#[cfg(test)]
mod tests;
