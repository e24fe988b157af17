//! Decoding: any of five kinds of file as planar samples, trimmed to what was encoded.
//!
//! ```text
//!             +- wav   (by hand) ------------------------------+
//! first bytes +- coded (symphonia): FLAC, Ogg, MP4 (`mp4`: cut) +-> frames with numbers -> AudioFile
//!             +-                    MP3 (`mpeg`: cut) ----------+   cut, checked, in blocks of any size
//! ```
//!
//! Lossy codecs put silence before the audio and after it. What belongs to the audio is stated by the file:
//! the edit list or the gapless tag of MP4, the LAME extension of MP3, the granule positions of Ogg. A file
//! that states nothing is given as it decodes.

mod coded;
mod container;
mod mp4;
mod mpeg;
mod sniff;
mod wav;

use core::fmt;
use std::borrow::ToOwned;
use std::boxed::Box;
use std::io;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use super::{
    AudioStream, MAX_CHANNELS, MAX_SAMPLE_RATE, MIN_SAMPLE_RATE, SessionError, block_frames, skip_by_reading,
};

/// A shorter way ahead is decoded rather than sought.
const NEAR_FRAMES: u64 = 65_536;

/// The kinds of file that are decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum FileFormat {
    /// WAV with integers of 8, 16, 24 or 32 bits or floats of 32 or 64; also RF64 and BW64.
    Wav,
    /// FLAC.
    Flac,
    /// MPEG 1, 2 and 2.5, layer III.
    Mp3,
    /// Vorbis in Ogg, mono or stereo.
    OggVorbis,
    /// AAC-LC, mono or stereo, in MP4.
    Mp4Aac,
}

impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wav => "WAV",
            Self::Flac => "FLAC",
            Self::Mp3 => "MP3",
            Self::OggVorbis => "Ogg Vorbis",
            Self::Mp4Aac => "AAC in MP4",
        })
    }
}

/// What a file says of its audio.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct AudioInfo {
    /// The kind of file.
    pub format: FileFormat,
    /// Sample rate in Hz, 8000 to 384000.
    pub sample_rate: u32,
    /// Number of channels, 1 to 24, in the order of the file.
    pub channels: usize,
    /// Length in frames, without what the encoder added; `None` where only the end tells.
    pub frames: Option<u64>,
    /// Bits per sample of a file that keeps every sample.
    pub bits: Option<u32>,
}

/// What is wrong, before the file's name and the time are put to it.
#[derive(Debug)]
enum Fault {
    Io(io::Error),
    /// The file ends where more was promised.
    Ended,
    NotAudio(String),
    Unsupported(String),
    Damaged(String),
    DamagedAt {
        at: f64,
        reason: String,
    },
    Truncated {
        at: f64,
        stated_seconds: Option<f64>,
    },
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Ended,
            _ => Self::Io(error),
        }
    }
}

/// Numbered frames of one file.
trait Source: Send {
    /// Puts the next frames into `planes`, one for each channel, and gives the number of the first of them;
    /// `None` at the end.
    fn next(&mut self, planes: &mut Vec<Vec<f32>>) -> Result<Option<u64>, Fault>;

    /// Goes to `frame` or before it, so that from it on the frames come as if read from the beginning.
    fn seek(&mut self, frame: u64) -> Result<(), Fault>;
}

/// A source and what is known of it.
struct Opened {
    source: Box<dyn Source>,
    format: FileFormat,
    sample_rate: u32,
    channels: usize,
    /// Frames to give, silence and all.
    frames: Option<u64>,
    bits: Option<u32>,
    /// Frames of the source to drop.
    skip: u64,
    /// Frames of silence to give first.
    lead: u64,
}

impl Opened {
    fn new(source: impl Source + 'static, format: FileFormat, sample_rate: u32, channels: usize) -> Self {
        let source = Box::new(source);
        Self { source, format, sample_rate, channels, frames: None, bits: None, skip: 0, lead: 0 }
    }
}

/// `frames` at `sample_rate` in seconds.
fn frames_after(frames: u64, sample_rate: u32) -> f64 {
    frames as f64 / f64::from(sample_rate.max(1))
}

/// An audio file being decoded.
///
/// Reading gives the frames that were encoded: what an encoder put before and after them is dropped by the
/// file's own data, so that the same take aligns to the sample as WAV, FLAC, MP3, Ogg and M4A. Channels keep
/// their order.
///
/// Memory: a few packets, and for MP4 and MP3 an index of 4 bytes a packet.
///
/// ```no_run
/// use mixdsp::session::{AudioFile, AudioStream};
///
/// # fn main() -> Result<(), mixdsp::session::SessionError> {
/// let mut file = AudioFile::open("stems/kick.m4a")?;
/// let mut planes = vec![vec![0.0; 512]; file.channels()];
/// loop {
///     let mut block: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..]).collect();
///     match file.read(&mut block)? {
///         0 => break,
///         frames => println!("{frames} frames, first {}", planes[0][0]),
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct AudioFile {
    path: PathBuf,
    info: AudioInfo,
    source: Box<dyn Source>,
    skip: u64,
    lead: u64,
    /// Frames that the source gave last.
    planes: Vec<Vec<f32>>,
    /// How many of them are done with.
    taken: usize,
    /// Number of the frame that the source has to give next.
    next_frame: u64,
    /// Frames given so far.
    position: u64,
}

impl fmt::Debug for AudioFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("AudioFile");
        out.field("path", &self.path).field("info", &self.info).field("position", &self.position);
        out.finish_non_exhaustive()
    }
}

impl AudioFile {
    /// Opens a file. Its content decides what it is, not its name.
    ///
    /// Cost: the headers are read; of an MP3 file a few bytes of each packet.
    ///
    /// # Errors
    /// [`SessionError::NotFound`], [`Read`](SessionError::Read), [`NotAudio`](SessionError::NotAudio),
    /// [`Unsupported`](SessionError::Unsupported), and what the headers tell of damage:
    /// [`Damaged`](SessionError::Damaged), [`Truncated`](SessionError::Truncated).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SessionError> {
        let path = path.as_ref();
        let opened = sniff::open(path).map_err(|fault| match fault {
            Fault::Ended => {
                let reason = "it ends within its header".to_string();
                SessionError::Damaged { path: path.to_owned(), at_seconds: None, reason }
            }
            Fault::Damaged(reason) => {
                SessionError::Damaged { path: path.to_owned(), at_seconds: None, reason }
            }
            fault => with_place(fault, path, 0.0, None),
        })?;
        let unsupported = |what| Err(SessionError::Unsupported { path: path.to_owned(), what });
        if !(1..=MAX_CHANNELS).contains(&opened.channels) {
            return unsupported(format!("{} channels, only 1 to {MAX_CHANNELS} are", opened.channels));
        }
        if !(MIN_SAMPLE_RATE..=MAX_SAMPLE_RATE).contains(&opened.sample_rate) {
            let rate = opened.sample_rate;
            return unsupported(format!("{rate} Hz, only {MIN_SAMPLE_RATE} to {MAX_SAMPLE_RATE} Hz are"));
        }
        let info = AudioInfo {
            format: opened.format,
            sample_rate: opened.sample_rate,
            channels: opened.channels,
            frames: opened.frames,
            bits: opened.bits,
        };
        Ok(Self {
            path: path.to_owned(),
            info,
            source: opened.source,
            skip: opened.skip,
            lead: opened.lead,
            planes: vec![Vec::new(); opened.channels],
            taken: 0,
            next_frame: opened.skip,
            position: 0,
        })
    }

    /// The file's path, as given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the file says of its audio.
    pub fn info(&self) -> AudioInfo {
        self.info
    }

    /// Number of the next frame to be read.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Goes to a frame; beyond the end is the end.
    ///
    /// What is read from there is bit for bit what reading from the beginning gives (but for the noise that
    /// AAC fills bands with, where an encoder used it). Cost: WAV none, otherwise up to 0.4 s of decoding;
    /// containers that cannot be sought are decoded from the beginning.
    ///
    /// # Errors
    /// As [`read`](AudioStream::read).
    pub fn seek(&mut self, frame: u64) -> Result<(), SessionError> {
        let frame = frame.min(self.info.frames.unwrap_or(u64::MAX));
        let wanted = self.skip.saturating_add(frame.saturating_sub(self.lead));
        let ahead = wanted.wrapping_sub(self.next_frame);
        if ahead >= NEAR_FRAMES {
            let at = frames_after(frame, self.info.sample_rate);
            let stated = self.info.frames.map(|frames| frames_after(frames, self.info.sample_rate));
            self.source.seek(wanted).map_err(|fault| with_place(fault, &self.path, at, stated))?;
            self.planes.iter_mut().for_each(Vec::clear);
            self.taken = 0;
        } else {
            self.taken += (ahead as usize).min(self.buffered());
        }
        self.next_frame = wanted;
        self.position = frame;
        Ok(())
    }

    /// Frames that the source gave and that are still to be read.
    fn buffered(&self) -> usize {
        self.planes.first().map_or(0, Vec::len) - self.taken
    }

    /// Decodes until there is something to give. `false` at the end.
    fn refill(&mut self) -> Result<bool, SessionError> {
        while self.buffered() == 0 {
            let place = frames_after(self.position, self.info.sample_rate);
            let stated = self.info.frames.map(|frames| frames_after(frames, self.info.sample_rate));
            let next = self.source.next(&mut self.planes);
            let start = match next.map_err(|fault| with_place(fault, &self.path, place, stated))? {
                Some(start) => start,
                None if self.info.frames.is_some_and(|frames| self.position < frames) => {
                    self.planes.iter_mut().for_each(Vec::clear);
                    self.taken = 0;
                    return Err(with_place(Fault::Ended, &self.path, place, stated));
                }
                None => return Ok(false),
            };
            let given = self.planes[0].len();
            if start > self.next_frame {
                let missing = frames_after(start - self.next_frame, self.info.sample_rate);
                let reason = format!("{missing:.3} s are missing");
                return Err(with_place(Fault::Damaged(reason), &self.path, place, stated));
            }
            self.taken = ((self.next_frame - start) as usize).min(given);
            self.check_finite()?;
        }
        Ok(true)
    }

    /// Whether all that is buffered and will be given is finite.
    fn check_finite(&self) -> Result<(), SessionError> {
        let rest = self.info.frames.map_or(u64::MAX, |frames| frames - self.position);
        let end = self.taken + (self.buffered() as u64).min(rest) as usize;
        // Without a way out of the loop it takes several samples at a time.
        let finite =
            |plane: &Vec<f32>| plane[self.taken..end].iter().fold(true, |all, x| all & x.is_finite());
        if self.planes.iter().all(finite) {
            return Ok(());
        }
        let first = |plane: &Vec<f32>| plane[self.taken..end].iter().position(|x| !x.is_finite());
        let places = self.planes.iter().enumerate().filter_map(|(channel, p)| Some((first(p)?, channel)));
        match places.min() {
            None => Ok(()),
            Some((offset, channel)) => Err(SessionError::NonFinite {
                path: self.path.clone(),
                channel,
                at_seconds: frames_after(self.position + offset as u64, self.info.sample_rate),
                value: self.planes[channel][self.taken + offset],
            }),
        }
    }
}

impl AudioStream for AudioFile {
    fn sample_rate(&self) -> u32 {
        self.info.sample_rate
    }

    fn channels(&self) -> usize {
        self.info.channels
    }

    fn frames(&self) -> Option<u64> {
        self.info.frames
    }

    fn read(&mut self, output: &mut [&mut [f32]]) -> Result<usize, SessionError> {
        let asked = block_frames(output, self.info.channels)?;
        let rest = self.info.frames.map_or(u64::MAX, |frames| frames.saturating_sub(self.position));
        let wanted = (asked as u64).min(rest) as usize;
        let silent = (self.lead.saturating_sub(self.position)).min(wanted as u64) as usize;
        for plane in output.iter_mut() {
            plane[..silent].fill(0.0);
        }
        self.position += silent as u64;
        let mut done = silent;
        while done < wanted && self.refill()? {
            let count = self.buffered().min(wanted - done);
            for (plane, decoded) in output.iter_mut().zip(&self.planes) {
                plane[done..done + count].copy_from_slice(&decoded[self.taken..self.taken + count]);
            }
            self.taken += count;
            self.next_frame += count as u64;
            self.position += count as u64;
            done += count;
        }
        Ok(done)
    }

    fn skip(&mut self, frames: u64) -> Result<u64, SessionError> {
        let Some(length) = self.info.frames else {
            // Without a length only decoding finds the end.
            return skip_by_reading(self, frames);
        };
        let before = self.position;
        self.seek(before.saturating_add(frames).min(length))?;
        Ok(self.position - before)
    }
}

/// Puts the file's name and the time to what is wrong.
fn with_place(fault: Fault, path: &Path, at_seconds: f64, stated_seconds: Option<f64>) -> SessionError {
    let path = path.to_owned();
    match fault {
        Fault::Io(source) if source.kind() == io::ErrorKind::NotFound => SessionError::NotFound { path },
        Fault::Io(source) => SessionError::Read { path, source },
        Fault::NotAudio(found) => SessionError::NotAudio { path, found },
        Fault::Unsupported(what) => SessionError::Unsupported { path, what },
        Fault::Damaged(reason) => SessionError::Damaged { path, at_seconds: Some(at_seconds), reason },
        Fault::DamagedAt { at, reason } => SessionError::Damaged { path, at_seconds: Some(at), reason },
        Fault::Truncated { at, stated_seconds } => {
            SessionError::Truncated { path, at_seconds: at, stated_seconds }
        }
        Fault::Ended => SessionError::Truncated { path, at_seconds, stated_seconds },
    }
}

#[cfg(test)]
mod tests;
