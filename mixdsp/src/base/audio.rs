//! Floor 1: views of blocks of audio.
//!
//! Audio is planar, in place: `&mut [&mut [T]]`, one slice per channel, all of one length. A block has as
//! many channels as the larger of inputs and outputs; outputs overwrite from the first channel on.
//! [`Interleaved`](crate::Interleaved) takes frames that lie one after the other.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};

/// Most channels of a block.
pub const MAX_CHANNELS: usize = 24;

/// Some frames of a block: what a processor works on between two points of its grid.
#[derive(Debug)]
pub struct Block<'a, 'b, T> {
    channels: &'a mut [&'b mut [T]],
    start: usize,
    end: usize,
}

impl<'a, 'b, T: Sample> Block<'a, 'b, T> {
    /// Frames `start..end` of every channel. The range must lie within the channels.
    pub(crate) fn new(channels: &'a mut [&'b mut [T]], start: usize, end: usize) -> Self {
        Self { channels, start, end }
    }

    /// How many frames the block has.
    #[inline]
    pub fn frames(&self) -> usize {
        self.end - self.start
    }

    /// How many channels the block has.
    #[inline]
    pub fn channels(&self) -> usize {
        self.channels.len()
    }

    /// One channel.
    #[inline]
    pub fn channel(&mut self, channel: usize) -> &mut [T] {
        &mut self.channels[channel][self.start..self.end]
    }

    /// One channel, to read.
    #[inline]
    pub fn input(&self, channel: usize) -> &[T] {
        &self.channels[channel][self.start..self.end]
    }

    /// `N` channels from `first` on, each once.
    #[inline]
    pub fn channels_from<const N: usize>(&mut self, first: usize) -> [&mut [T]; N] {
        let mut rest = self.channels[first..first + N].iter_mut();
        let (start, end) = (self.start, self.end);
        core::array::from_fn(|_| match rest.next() {
            Some(channel) => &mut channel[start..end],
            None => &mut [],
        })
    }

    /// Frames `from..to` of this block.
    #[inline]
    pub fn part(&mut self, from: usize, to: usize) -> Block<'_, 'b, T> {
        Block { channels: self.channels, start: self.start + from, end: self.start + to }
    }
}

/// Some frames of the key: what dynamics listen to. Samples are cleaned as they are read.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a, T> {
    channels: &'a [&'a [T]],
    start: usize,
    end: usize,
}

impl<'a, T: Sample> Key<'a, T> {
    pub(crate) fn new(channels: &'a [&'a [T]], start: usize, end: usize) -> Self {
        Self { channels, start, end }
    }

    /// How many key channels there are; 0 when the unit listens to its own input.
    #[inline]
    pub fn channels(&self) -> usize {
        self.channels.len()
    }

    /// The samples of one channel, as the input contract wants them.
    #[inline]
    pub fn samples(&self, channel: usize) -> impl Iterator<Item = T> + use<'a, T> {
        self.channels[channel][self.start..self.end].iter().map(|sample| sample.clean())
    }

    /// Frames `from..to` of this key.
    #[inline]
    pub fn part(&self, from: usize, to: usize) -> Key<'a, T> {
        Key { channels: self.channels, start: self.start + from, end: self.start + to }
    }
}

/// Refuses a block with too few channels or with channels of unequal length; tells its frames.
pub(crate) fn frames_of<T, C: AsRef<[T]>>(
    channels: &[C],
    needed: usize,
    what: &'static str,
) -> Result<usize, Error> {
    let given = channels.len();
    if given < needed {
        return Err(Error::BlockChannels { what, needed, given });
    }
    let expected = channels.first().map_or(0, |channel| channel.as_ref().len());
    match channels[..needed].iter().map(|channel| channel.as_ref().len()).find(|given| *given != expected) {
        Some(given) => Err(Error::BlockFrames { expected, given }),
        None => Ok(expected),
    }
}

/// Whether all samples are finite and at most 1e9 from zero, as processors want them.
#[inline]
pub fn is_clean<T: Sample>(simd: SimdLevel, samples: &[T]) -> bool {
    let limit = T::from_f64(crate::base::sample::LIMIT);
    dispatch!(simd, s => {
        let _ = s;
        let mut clean = true;
        for sample in samples {
            clean &= sample.abs() <= limit;
        }
        clean
    })
}

/// Counts the samples that are not finite or beyond the limit. Almost always there are none.
pub(crate) fn count_faults<T: Sample>(simd: SimdLevel, samples: &[T]) -> u64 {
    if is_clean(simd, samples) {
        return 0;
    }
    let limit = T::from_f64(crate::base::sample::LIMIT);
    samples.iter().filter(|sample| !(sample.abs() <= limit)).count() as u64
}

/// Makes every sample finite and at most 1e9 from zero, and counts those that were not.
pub(crate) fn clean<T: Sample>(simd: SimdLevel, samples: &mut [T]) -> u64 {
    let faults = count_faults(simd, samples);
    if faults != 0 {
        samples.iter_mut().for_each(|sample| *sample = sample.clean());
    }
    faults
}
