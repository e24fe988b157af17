//! Floor 1: views of blocks of audio.
//!
//! Audio is planar, in place: `&mut [&mut [T]]`, one slice per channel, all of one length. A block has as
//! many channels as the larger of inputs and outputs; outputs overwrite from the first channel on.
//! [`Interleaved`](crate::Interleaved) takes frames that lie one after the other.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::base::spec::Spec;

pub use crate::base::spec::MAX_CHANNELS;

/// Some frames of a block, and of the sidechain: what a processor works on between two points of its grid.
#[derive(Debug)]
pub struct Block<'a, 'b, T> {
    channels: &'a mut [&'b mut [T]],
    sidechain: Sidechain<'a, T>,
    start: usize,
    end: usize,
}

impl<'a, 'b, T: Sample> Block<'a, 'b, T> {
    /// Frames `start..end` of every channel. The range must lie within the channels and the sidechain's.
    pub(crate) fn new(
        channels: &'a mut [&'b mut [T]],
        sidechain: &'a [&'a [T]],
        start: usize,
        end: usize,
    ) -> Self {
        Self { channels, sidechain: Sidechain { channels: sidechain, start, end }, start, end }
    }

    /// What dynamics listen to.
    #[inline]
    pub fn sidechain(&self) -> Sidechain<'a, T> {
        self.sidechain
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

    /// All channels, and the frame in them at which the block begins, to read.
    #[inline]
    pub(crate) fn inputs(&self) -> (&[&'b mut [T]], usize) {
        (self.channels, self.start)
    }

    /// `N` channels from `first` on, each once; empty where there are no more.
    #[inline]
    pub fn channels_from<const N: usize>(&mut self, first: usize) -> [&mut [T]; N] {
        let mut rest = self.channels[first..].iter_mut();
        let (start, end) = (self.start, self.end);
        core::array::from_fn(|_| match rest.next() {
            Some(channel) => &mut channel[start..end],
            None => &mut [],
        })
    }

    /// Every channel in turn.
    #[inline(always)]
    pub fn each_channel(&mut self, mut act: impl FnMut(&mut [T])) {
        let (start, end) = (self.start, self.end);
        self.channels.iter_mut().for_each(|channel| act(&mut channel[start..end]));
    }

    /// Frames `from..to` of this block.
    #[inline]
    pub fn part(&mut self, from: usize, to: usize) -> Block<'_, 'b, T> {
        let (start, end) = (self.start + from, self.start + to);
        Block { channels: self.channels, sidechain: Sidechain { start, end, ..self.sidechain }, start, end }
    }
}

/// Some frames of the sidechain: what dynamics listen to. Samples are cleaned as they are read.
#[derive(Clone, Copy, Debug)]
pub struct Sidechain<'a, T> {
    channels: &'a [&'a [T]],
    start: usize,
    end: usize,
}

impl<'a, T: Sample> Sidechain<'a, T> {
    /// How many channels it has; 0 when the unit listens to its own input.
    #[inline]
    pub fn channels(&self) -> usize {
        self.channels.len()
    }

    /// The samples of one channel, as the input contract wants them.
    #[inline]
    pub fn samples(&self, channel: usize) -> impl Iterator<Item = T> + use<'a, T> {
        self.channels[channel][self.start..self.end].iter().map(|sample| sample.clean())
    }

    /// Frames `from..to` of these.
    #[inline]
    pub fn part(&self, from: usize, to: usize) -> Self {
        Self { start: self.start + from, end: self.start + to, ..*self }
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

/// Refuses a block that does not fit a spec; tells its frames, and how many channels of the sidechain count.
pub(crate) fn check_block<T>(
    spec: &Spec,
    audio: &[&mut [T]],
    sidechain: &[&[T]],
) -> Result<(usize, usize), Error> {
    let frames = frames_of(audio, spec.channels(), "audio")?;
    let channels = if sidechain.is_empty() { 0 } else { spec.sidechain };
    if channels != 0 {
        let given = frames_of(sidechain, channels, "sidechain")?;
        if given != frames {
            return Err(Error::BlockFrames { expected: frames, given });
        }
    }
    Ok((frames, channels))
}

/// Makes every input sample finite and at most 1e9 from zero; counts those that were not, in the sidechain too.
pub(crate) fn sanitize<T: Sample>(spec: &Spec, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> u64 {
    let of_inputs: u64 = audio[..spec.inputs].iter_mut().map(|input| clean(spec.simd, input)).sum();
    of_inputs + sidechain.iter().map(|channel| count_faults(spec.simd, channel)).sum::<u64>()
}

/// Counts the samples that are not finite or beyond the limit. Almost always there are none.
fn count_faults<T: Sample>(simd: SimdLevel, samples: &[T]) -> u64 {
    if is_clean(simd, samples) {
        return 0;
    }
    let limit = T::from_f64(crate::base::sample::LIMIT);
    samples.iter().filter(|sample| !(sample.abs() <= limit)).count() as u64
}

/// Makes every sample finite and at most 1e9 from zero, and counts those that were not.
fn clean<T: Sample>(simd: SimdLevel, samples: &mut [T]) -> u64 {
    let faults = count_faults(simd, samples);
    if faults != 0 {
        samples.iter_mut().for_each(|sample| *sample = sample.clean());
    }
    faults
}
