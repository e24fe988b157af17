//! Floor 9: files of audio: streams that decode, resample and write, and where a result may go. Feature `session`,
//! needs std.
//!
//! ```text
//! file -> AudioFile -> Resampled -> (mix, master) -> Resampler -> AudioWriter -> file
//!         decode        one rate                    delivery      written aside,
//!         and trim      for all                     rate          then renamed
//! ```
//!
//! Everything streams: a decoder holds a few packets, a resampler a few blocks, a writer one block.
//! All of it is [`Send`], so that files can be decoded on as many threads as there are cores.
//!
//! * [`AudioFile`] decodes what [`FileFormat`] lists, trimmed to the frames that were encoded: the same take aligns to the sample in every format.
//! * [`Resampler`] (pushed) and [`Resampled`] (pulled) change the rate without delay.
//! * [`AudioWriter`] and [`AsideFile`] write so that a file is there whole or not at all.
//! * [`check_outputs`] keeps outputs from inputs, and from what is there, before any work.
//! * [`SessionError`] is the one error type.

mod aside;
mod decode;
mod disc;
mod error;
mod outputs;
mod resample;
#[cfg(test)]
pub(crate) mod scratch;
mod tag_writing;
mod tags;
mod write;

use std::boxed::Box;
use std::vec;
use std::vec::Vec;

pub use aside::{Aside, AsideFile};
pub use decode::{AudioFile, AudioInfo, FileFormat, Missing, Reading};
pub use disc::{CueSheet, CueTrack, MIN_TRACK_SECTORS, SECTOR_FRAMES, check_isrc, check_upc, sector_cuts};
pub(crate) use error::OneLine;
pub use error::SessionError;
pub use outputs::{InputFile, OutputFile, check_ending, check_outputs};
pub use resample::{Resampled, Resampler, resampled_frames};
pub use tag_writing::{NewTags, write_opus_gain, write_tags};
pub use tags::keep_tags;
pub use write::{AudioWriter, BitDepth, Broadcast, BroadcastLoudness, WRITTEN_ENDINGS, WrittenFormat};

/// Lowest sample rate of a stream in Hz.
pub const MIN_SAMPLE_RATE: u32 = *crate::base::spec::SAMPLE_RATES.start() as u32;
/// Highest sample rate of a stream in Hz.
pub const MAX_SAMPLE_RATE: u32 = *crate::base::spec::SAMPLE_RATES.end() as u32;
pub use crate::base::spec::MAX_CHANNELS;

/// Audio that is read once, from its beginning to its end, in blocks of any size.
pub trait AudioStream: core::marker::Send {
    /// Sample rate in Hz, 8000 to 384000.
    fn sample_rate(&self) -> u32;

    /// Number of channels, 1 to 24.
    fn channels(&self) -> usize;

    /// Length of the whole stream in frames, where it is known before the end.
    fn frames(&self) -> Option<u64>;

    /// Fills `output`, one slice of equal length per channel, with the next frames.
    ///
    /// Gives the number of frames written from the start of the slices. It is less than their length only
    /// at the end of the stream, 0 from then on; what lies behind is left as it was. Samples are finite and
    /// full scale is ±1. The samples do not depend on the sizes of the blocks.
    ///
    /// # Errors
    /// [`SessionError::Shape`] for a block that is not one slice of equal length per channel; otherwise
    /// whatever is wrong with the file. After an error the stream gives the same kind of error again.
    fn read(&mut self, output: &mut [&mut [f32]]) -> Result<usize, SessionError>;

    /// Passes over `frames` frames. Gives the number passed over, less at the end of the stream.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn skip(&mut self, frames: u64) -> Result<u64, SessionError> {
        skip_by_reading(self, frames)
    }
}

impl<S: AudioStream + ?Sized> AudioStream for Box<S> {
    fn sample_rate(&self) -> u32 {
        (**self).sample_rate()
    }

    fn channels(&self) -> usize {
        (**self).channels()
    }

    fn frames(&self) -> Option<u64> {
        (**self).frames()
    }

    fn read(&mut self, output: &mut [&mut [f32]]) -> Result<usize, SessionError> {
        (**self).read(output)
    }

    fn skip(&mut self, frames: u64) -> Result<u64, SessionError> {
        (**self).skip(frames)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A sample: `f32` or `f64`.
pub trait Real: Copy + sealed::Sealed {
    /// The sample as f64.
    fn to_f64(self) -> f64;
    /// The nearest sample.
    fn from_f64(value: f64) -> Self;
}

impl Real for f32 {
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn from_f64(value: f64) -> Self {
        value as f32
    }
}

impl Real for f64 {
    fn to_f64(self) -> f64 {
        self
    }

    fn from_f64(value: f64) -> Self {
        value
    }
}

pub(crate) fn check_rate(name: &'static str, rate: u32) -> Result<(), SessionError> {
    check_range(name, rate, MIN_SAMPLE_RATE, MAX_SAMPLE_RATE)
}

fn check_channels(channels: usize) -> Result<(), SessionError> {
    check_range("channels", u32::try_from(channels).unwrap_or(u32::MAX), 1, MAX_CHANNELS as u32)
}

fn check_range(name: &'static str, value: u32, minimum: u32, maximum: u32) -> Result<(), SessionError> {
    if (minimum..=maximum).contains(&value) {
        return Ok(());
    }
    let (value, minimum, maximum) = (f64::from(value), f64::from(minimum), f64::from(maximum));
    Err(SessionError::OutOfRange { name, value, minimum, maximum })
}

/// The common length of a block's channels, or what is wrong with its shape.
pub(crate) fn block_frames<P: core::ops::Deref<Target = [T]>, T>(
    block: &[P],
    channels: usize,
) -> Result<usize, SessionError> {
    if block.len() != channels {
        return Err(SessionError::Shape { name: "channels", expected: channels, given: block.len() });
    }
    let frames = block.first().map_or(0, |plane| plane.len());
    match block.iter().find(|plane| plane.len() != frames) {
        Some(plane) => Err(SessionError::Shape { name: "frames", expected: frames, given: plane.len() }),
        None => Ok(frames),
    }
}

/// Passes over `frames` frames by reading them.
fn skip_by_reading<S: AudioStream + ?Sized>(stream: &mut S, frames: u64) -> Result<u64, SessionError> {
    const BLOCK: usize = 1024;
    let mut scratch = vec![0.0_f32; BLOCK * stream.channels()];
    let mut skipped = 0;
    while skipped < frames {
        let wanted = (frames - skipped).min(BLOCK as u64) as usize;
        let planes = scratch.chunks_exact_mut(BLOCK);
        let mut block: Vec<&mut [f32]> = planes.map(|plane| &mut plane[..wanted]).collect();
        let read = stream.read(&mut block)?;
        skipped += read as u64;
        if read < wanted {
            break;
        }
    }
    Ok(skipped)
}
