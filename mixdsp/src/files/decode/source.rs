//! What a decoder of one format gives: numbered frames, or what is wrong.

use std::borrow::ToOwned;
use std::boxed::Box;
use std::io;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::info::{AudioInfo, FileFormat};
use crate::files::SessionError;

/// What is wrong, before the file's name and the time are put to it.
#[derive(Debug)]
pub(super) enum Fault {
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
pub(super) trait Source: Send {
    /// Puts the next frames into `planes`, one for each channel, and gives the number of the first of them;
    /// `None` at the end.
    fn next(&mut self, planes: &mut Vec<Vec<f32>>) -> Result<Option<u64>, Fault>;

    /// Goes to `frame` or before it, so that from it on the frames come as if read from the beginning.
    fn seek(&mut self, frame: u64) -> Result<(), Fault>;
}

/// A source and what is known of it.
pub(super) struct Opened {
    pub(super) source: Box<dyn Source>,
    pub(super) format: FileFormat,
    pub(super) sample_rate: u32,
    pub(super) channels: usize,
    /// Frames to give, silence and all.
    pub(super) frames: Option<u64>,
    pub(super) bits: Option<u32>,
    /// Speakers of the channels.
    pub(super) mask: Option<u32>,
    /// Frames of the source to drop.
    pub(super) skip: u64,
    /// Frames of silence to give first.
    pub(super) lead: u64,
    /// What is to be known of the file beyond its samples, one line each.
    pub(super) notes: Vec<String>,
}

impl Opened {
    pub(super) fn new(
        source: impl Source + 'static,
        format: FileFormat,
        sample_rate: u32,
        channels: usize,
    ) -> Self {
        let source = Box::new(source);
        Self {
            source,
            format,
            sample_rate,
            channels,
            frames: None,
            bits: None,
            mask: None,
            skip: 0,
            lead: 0,
            notes: Vec::new(),
        }
    }

    pub(super) fn info(&self) -> AudioInfo {
        AudioInfo {
            format: self.format,
            sample_rate: self.sample_rate,
            channels: self.channels,
            frames: self.frames,
            bits: self.bits,
            mask: self.mask,
        }
    }
}

/// `frames` at `sample_rate` in seconds.
pub(super) fn frames_after(frames: u64, sample_rate: u32) -> f64 {
    frames as f64 / f64::from(sample_rate.max(1))
}

/// Puts the file's name and the time to what is wrong.
pub(super) fn with_place(
    fault: Fault,
    path: &Path,
    at_seconds: f64,
    stated_seconds: Option<f64>,
) -> SessionError {
    let path = path.to_owned();
    match fault {
        Fault::Io(source) if source.kind() == io::ErrorKind::NotFound => SessionError::NotFound { path },
        Fault::Io(source) => SessionError::Read { path, source: source.into() },
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
