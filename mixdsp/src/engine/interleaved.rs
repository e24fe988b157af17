//! Floor 3: frames that lie one after the other, for processors, which take channels apart.

use crate::base::audio::MAX_CHANNELS;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::engine::processor::Processor;

/// Frames that lie one after the other: left, right, left, right.
#[derive(Debug)]
pub struct Interleaved<'a, T> {
    samples: &'a mut [T],
    channels: usize,
}

/// Frames that are taken apart at a time. Any cut gives the same bits, so the number is free.
const FRAMES_AT_A_TIME: usize = 64;

impl<'a, T: Sample> Interleaved<'a, T> {
    /// A view of `samples` as frames of `channels` samples each, 1 to 24. A rest that does not fill a
    /// frame is an error.
    pub fn new(samples: &'a mut [T], channels: usize) -> Result<Self, Error> {
        if !(1..=MAX_CHANNELS).contains(&channels) {
            return Err(Error::Channels {
                what: "channels",
                value: channels,
                minimum: 1,
                maximum: MAX_CHANNELS,
            });
        }
        if !samples.len().is_multiple_of(channels) {
            let given = samples.len() % channels;
            return Err(Error::BlockFrames { expected: channels, given });
        }
        Ok(Self { samples, channels })
    }

    /// Runs a processor over the frames, in place, without a key.
    pub fn process_with<P: Processor<T> + ?Sized>(&mut self, processor: &mut P) -> Result<(), Error> {
        let mut planes = [[T::ZERO; FRAMES_AT_A_TIME]; MAX_CHANNELS];
        for part in self.samples.chunks_mut(FRAMES_AT_A_TIME * self.channels) {
            let frames = part.len() / self.channels;
            for (f, frame) in part.chunks_exact(self.channels).enumerate() {
                frame.iter().zip(&mut planes).for_each(|(sample, plane)| plane[f] = *sample);
            }
            let mut slices = planes.each_mut().map(|plane| &mut plane[..frames]);
            processor.process(&mut slices[..self.channels], &[])?;
            for (f, frame) in part.chunks_exact_mut(self.channels).enumerate() {
                frame.iter_mut().zip(&planes).for_each(|(sample, plane)| *sample = plane[f]);
            }
        }
        Ok(())
    }
}
