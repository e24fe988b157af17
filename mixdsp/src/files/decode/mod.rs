//! Decoding: many kinds of file as planar samples, trimmed to what was encoded.
//!
//! ```text
//!             +- WAV (`wav`): numbers ---------------------------------------------------+
//!             |      coded: `blocks` ------------------------------------+               +-> frames, numbered
//! first bytes +- FLAC (`flac`: its end), Ogg (`ogg`: its links) -+       |               |        -> AudioFile
//!  (`sniff`)  +- AIFF, CAF, Matroska (`matroska`: cut) ----------+ container + coded ----+
//!             +- MP4 (`mp4`: cut; AAC: `mp4_packets`) -----------+       |     by `codecs`, `opus`
//!             +- MPEG audio, ADTS (`mpeg`: cut) -------------------------+
//!             +- anything else: its name (`others`)
//! ```
//!
//! All of it reads places (`place`) of a file or of bytes in memory.
//!
//! [`AudioFile`] cuts the frames, checks them, and gives them in blocks of any size. An error stands until the
//! file is sought. What is to be known beyond the samples is a note: bytes behind the audio that are no tag
//! (`trailing`), a length that the header does not state.
//!
//! Lossy codecs put silence before the audio and after it. What belongs to the audio is stated by the file:
//! the edit list or the gapless tag of MP4, the LAME extension of MP3, the granule positions of Ogg, the delay and
//! padding of Matroska. A file
//! that states nothing is given as it decodes.

mod blocks;
mod codecs;
mod coded;
mod container;
mod flac;
mod id3;
mod info;
mod matroska;
mod mp4;
mod mp4_boxes;
mod mp4_packets;
mod mpeg;
mod ogg;
mod opus;
mod others;
mod packets;
mod place;
mod sniff;
mod source;
mod trailing;
mod wav;

use core::fmt;
use std::borrow::ToOwned;
use std::boxed::Box;
use std::fs;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::sync::Arc;
use std::vec::Vec;
use std::{format, vec};

use crate::files::{
    AudioStream, MAX_CHANNELS, MAX_SAMPLE_RATE, MIN_SAMPLE_RATE, SessionError, block_frames, skip_by_reading,
};
pub use info::{AudioInfo, FileFormat};
use place::Media;
use source::{Fault, Opened, Source, frames_after, with_place};

/// Packets in a row that may be damaged before a file is given up.
const MOST_FAILURES: usize = 10_000;
/// Parts that are listed as missing.
const MOST_MISSING: usize = 1000;
/// The longest gap that is filled with silence, in frames.
const MOST_GAP: u64 = 1 << 24;
/// A shorter way ahead is decoded rather than sought.
const NEAR_FRAMES: u64 = 65_536;

/// How a file is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading {
    /// Damage is an error (the usual). Without it all that can be decoded is given, silence stands where a part is
    /// missing, and [`AudioFile::missing`] and [`AudioFile::notes`] list what is. In Ogg a part may stand up to a
    /// page (about a second) before its place.
    pub strict: bool,
    /// A sample that is NaN or infinite is an error (the usual). Without it such samples are given as they are.
    pub check_finite: bool,
}

impl Default for Reading {
    fn default() -> Self {
        Self { strict: true, check_finite: true }
    }
}

/// A part of a damaged file that could not be decoded.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Missing {
    /// Where it begins, in seconds.
    pub at_seconds: f64,
    /// How long it is, in seconds; `None` where only its beginning is known.
    pub seconds: Option<f64>,
    /// What is wrong.
    pub reason: String,
}

/// An audio file being decoded.
///
/// Reading gives the frames that were encoded: what an encoder put before and after them is dropped by the
/// file's own data, so that the same take aligns to the sample as WAV, FLAC, MP3, Ogg and M4A. Channels keep
/// their order.
///
/// Memory: a few packets, for MP4 and MP3 an index of 4 bytes a packet, for Ogg of a line for each link of a
/// chain. No header can ask for more.
///
/// ```no_run
/// use mixdsp::files::{AudioFile, AudioStream};
///
/// # fn main() -> Result<(), mixdsp::files::SessionError> {
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
    media: Media,
    reading: Reading,
    missing: Vec<Missing>,
    path: PathBuf,
    info: AudioInfo,
    notes: Vec<String>,
    source: Box<dyn Source>,
    skip: u64,
    lead: u64,
    /// Frames that the source gave last.
    planes: Vec<Vec<f32>>,
    /// How many of them are done with.
    taken: usize,
    /// Number of the frame that the source has to give next, and of the one behind the last that it gave.
    next_frame: u64,
    reached: u64,
    /// Number of the next frame to give.
    position: u64,
    /// What went wrong: until a seek, every read gives it again.
    failed: Option<SessionError>,
}

impl fmt::Debug for AudioFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("AudioFile");
        out.field("path", &self.path).field("info", &self.info).field("position", &self.position);
        out.finish_non_exhaustive()
    }
}

impl AudioFile {
    /// Opens a file. Its content decides what it is, not its name. A pipe is read to its end, into memory.
    ///
    /// Cost: the headers are read; of an MP3 file a few bytes of each packet, of an Ogg file of each page, of a
    /// FLAC file the last frames.
    ///
    /// # Errors
    /// [`SessionError::NotFound`], [`Read`](SessionError::Read), [`NotAudio`](SessionError::NotAudio),
    /// [`Unsupported`](SessionError::Unsupported), and what the headers tell of damage:
    /// [`Damaged`](SessionError::Damaged), [`Truncated`](SessionError::Truncated).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SessionError> {
        Self::open_as(path, Reading::default())
    }

    /// As [`open`](Self::open), read otherwise than usual.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_as(path: impl AsRef<Path>, reading: Reading) -> Result<Self, SessionError> {
        let path = path.as_ref();
        // Of a pipe there is no way back: all of it is read first.
        let media = match fs::metadata(path) {
            Ok(found) if !found.is_file() && !found.is_dir() => {
                let failed = |source: std::io::Error| SessionError::Read {
                    path: path.to_owned(),
                    source: source.into(),
                };
                Media::Bytes(fs::read(path).map_err(failed)?.into())
            }
            _ => Media::Path(path.to_owned()),
        };
        Self::open_media(media, path, reading)
    }

    /// Opens a file that is in memory. `name` stands for it in errors.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_bytes(
        bytes: impl Into<Arc<[u8]>>,
        name: impl AsRef<Path>,
        reading: Reading,
    ) -> Result<Self, SessionError> {
        Self::open_media(Media::Bytes(bytes.into()), name.as_ref(), reading)
    }

    fn open_media(media: Media, path: &Path, reading: Reading) -> Result<Self, SessionError> {
        let opened = open_source(&media, path, reading.strict)?;
        Ok(Self {
            media,
            reading,
            missing: Vec::new(),
            path: path.to_owned(),
            info: opened.info(),
            notes: opened.notes,
            source: opened.source,
            skip: opened.skip,
            lead: opened.lead,
            planes: vec![Vec::new(); opened.channels],
            taken: 0,
            next_frame: opened.skip,
            reached: 0,
            position: 0,
            failed: None,
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

    /// What is to be known of the file beyond its samples, one line each: that its header does not say how
    /// long it is, that bytes behind the audio were left out. Empty for a file that is as it should be.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What could not be decoded of the part that was read so far; always empty for a file read strictly.
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// Number of the next frame to be read.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Goes to a frame; beyond the end is the end.
    ///
    /// What is read from there is bit for bit what reading from the beginning gives (but for the noise that
    /// AAC fills bands with, where an encoder used it, and Opus, whose decoder takes a while to forget). Cost: WAV none,
    /// otherwise up to 0.4 s of decoding; Matroska, CAF with start-up and what is not AAC in MP4 are decoded from
    /// the beginning.
    ///
    /// After an error it opens the file anew, so that what is good before or behind the damage can be read.
    ///
    /// # Errors
    /// As [`read`](AudioStream::read).
    pub fn seek(&mut self, frame: u64) -> Result<(), SessionError> {
        let frame = frame.min(self.info.frames.unwrap_or(u64::MAX));
        self.failed = self.go_to(frame).err();
        self.not_failed()
    }

    fn go_to(&mut self, frame: u64) -> Result<(), SessionError> {
        let wanted = self.skip.saturating_add(frame.saturating_sub(self.lead));
        let ahead = wanted.wrapping_sub(self.next_frame);
        if self.failed.is_some() {
            self.reopen()?;
        }
        if self.failed.is_some() || ahead >= NEAR_FRAMES {
            self.clear();
            let place = self.place(frame);
            self.source.seek(wanted).map_err(|fault| with_place(fault, &self.path, place, self.length()))?;
        } else {
            self.taken += (ahead as usize).min(self.buffered());
        }
        self.next_frame = wanted;
        self.position = frame;
        Ok(())
    }

    /// Takes a new source: one that failed may be in any state.
    fn reopen(&mut self) -> Result<(), SessionError> {
        let opened = open_source(&self.media, &self.path, self.reading.strict)?;
        if (opened.info(), opened.skip, opened.lead) != (self.info, self.skip, self.lead) {
            let reason = "the file changed while it was read".to_string();
            return Err(SessionError::Damaged { path: self.path.clone(), at_seconds: None, reason });
        }
        self.source = opened.source;
        Ok(())
    }

    /// The error that stands until a seek, if there is one.
    fn not_failed(&self) -> Result<(), SessionError> {
        self.failed.as_ref().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Time of a frame in seconds.
    fn place(&self, frame: u64) -> f64 {
        frames_after(frame, self.info.sample_rate)
    }

    /// Length in seconds, where it is known.
    fn length(&self) -> Option<f64> {
        self.info.frames.map(|frames| self.place(frames))
    }

    fn clear(&mut self) {
        self.planes.iter_mut().for_each(Vec::clear);
        self.taken = 0;
    }

    /// Frames that the source gave and that are still to be read.
    fn buffered(&self) -> usize {
        self.planes.first().map_or(0, Vec::len) - self.taken
    }

    /// Decodes until there is something to give. `false` at the end.
    fn refill(&mut self) -> Result<bool, SessionError> {
        let mut failures = 0;
        while self.buffered() == 0 {
            self.taken = 0;
            let (place, stated) = (self.place(self.position), self.length());
            let next = self.source.next(&mut self.planes);
            let next = match next {
                Err(fault) if self.can_go_on(&fault, &mut failures) => {
                    self.planes.resize_with(self.info.channels, Vec::new);
                    self.clear();
                    let ends = matches!(fault, Fault::Ended | Fault::Truncated { .. });
                    self.miss(place, None, with_place(fault, &self.path, place, stated));
                    // What follows an end is no more than its end.
                    match ends {
                        true => Ok(None),
                        false => continue,
                    }
                }
                next => next,
            };
            let start = match next.map_err(|fault| with_place(fault, &self.path, place, stated))? {
                Some(start) => start,
                None if !self.reading.strict
                    && self.info.frames.is_some_and(|frames| self.position < frames) =>
                {
                    let end = with_place(Fault::Ended, &self.path, place, stated);
                    self.miss(place, stated.map(|stated| stated - place), end);
                    self.clear();
                    return Ok(false);
                }
                None if self.info.frames.is_some_and(|frames| self.position < frames) => {
                    return Err(with_place(Fault::Ended, &self.path, place, stated));
                }
                None => {
                    // Only now is it known where the end is that a seek may have gone beyond.
                    self.next_frame = self.next_frame.min(self.reached);
                    let end = self.reached.saturating_sub(self.skip).saturating_add(self.lead);
                    self.position = self.position.min(end);
                    self.clear();
                    return Ok(false);
                }
            };
            let given = self.planes[0].len();
            self.reached = start.saturating_add(given as u64);
            if start > self.next_frame && !self.reading.strict {
                let gap = (start - self.next_frame).min(MOST_GAP) as usize;
                let reason = "these packets are missing".to_string();
                let fault = with_place(Fault::Damaged(reason), &self.path, place, stated);
                self.miss(place, Some(self.place(gap as u64)), fault);
                self.planes
                    .iter_mut()
                    .for_each(|plane| drop(plane.splice(0..0, core::iter::repeat_n(0.0, gap))));
                return Ok(true);
            }
            if start > self.next_frame {
                let missing = self.place(start - self.next_frame);
                let reason = format!("{missing:.3} s are missing");
                return Err(with_place(Fault::Damaged(reason), &self.path, place, stated));
            }
            self.taken = ((self.next_frame - start) as usize).min(given);
        }
        Ok(true)
    }

    /// Whether a file that is not read strictly may go on behind a fault.
    fn can_go_on(&self, fault: &Fault, failures: &mut usize) -> bool {
        *failures += 1;
        let damage = matches!(
            fault,
            Fault::Damaged(_) | Fault::DamagedAt { .. } | Fault::Truncated { .. } | Fault::Ended
        );
        !self.reading.strict && damage && *failures < MOST_FAILURES
    }

    /// Notes a part that is missing; one that goes on is one.
    fn miss(&mut self, at_seconds: f64, seconds: Option<f64>, error: SessionError) {
        let reason = match error {
            SessionError::Damaged { reason, .. } => reason,
            SessionError::Truncated { .. } => "the file ends here".to_string(),
            other => other.to_string(),
        };
        if let Some(last) = self.missing.last_mut().filter(|last| last.at_seconds == at_seconds) {
            last.seconds = last.seconds.or(seconds);
        } else if self.missing.len() < MOST_MISSING {
            self.missing.push(Missing { at_seconds, seconds, reason });
        }
    }

    /// Puts up to `asked` frames into `output`, fewer only at the end.
    fn fill(&mut self, output: &mut [&mut [f32]], asked: usize) -> Result<usize, SessionError> {
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
            if self.reading.check_finite {
                self.check_finite(count)?;
            }
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

    /// Whether the next `count` frames that are buffered are finite.
    fn check_finite(&self, count: usize) -> Result<(), SessionError> {
        let end = self.taken + count;
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
                at_seconds: self.place(self.position + offset as u64),
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
        self.not_failed()?;
        self.fill(output, asked).inspect_err(|error| {
            self.clear();
            self.failed = Some(error.clone());
        })
    }

    fn skip(&mut self, frames: u64) -> Result<u64, SessionError> {
        let Some(length) = self.info.frames else {
            // Without a length only decoding finds the end.
            return skip_by_reading(self, frames);
        };
        self.not_failed()?;
        let before = self.position;
        self.seek(before.saturating_add(frames).min(length))?;
        Ok(self.position - before)
    }
}

/// Opens a file whose rate and channels are within what a stream may have.
fn open_source(media: &Media, path: &Path, strict: bool) -> Result<Opened, SessionError> {
    let in_header = |reason| SessionError::Damaged { path: path.to_owned(), at_seconds: None, reason };
    let opened = sniff::open(media.clone(), strict).map_err(|fault| match fault {
        Fault::Ended => in_header("it ends within its header".to_string()),
        Fault::Damaged(reason) => in_header(reason),
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
    Ok(opened)
}

#[cfg(test)]
mod tests;
