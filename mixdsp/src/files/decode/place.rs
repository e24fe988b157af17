//! A part of a file that seems to be a whole one.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;

use symphonia::core::io::MediaSource;

/// The part of a file that is decoded.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    /// Byte where it begins.
    pub(super) start: u64,
    /// Byte behind it.
    pub(super) end: u64,
}

/// The bytes of a place.
pub(super) struct Window {
    file: File,
    start: u64,
    end: u64,
    /// Where the next byte is read, counted from `start`.
    at: u64,
}

impl Window {
    /// Opens the file and goes to the beginning of the place.
    pub(super) fn open(place: &Place) -> io::Result<Self> {
        let mut window = Self { file: File::open(&place.path)?, start: place.start, end: place.end, at: 0 };
        window.seek(SeekFrom::Start(0))?;
        Ok(window)
    }
}

impl Read for Window {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = (self.end - self.start).saturating_sub(self.at);
        let count = (bytes.len() as u64).min(left) as usize;
        let read = self.file.read(&mut bytes[..count])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => (self.end - self.start).checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        // Behind the end there is nothing to read, and no system goes further than this.
        self.file.seek(SeekFrom::Start(self.start.saturating_add(self.at).min(i64::MAX as u64)))?;
        Ok(self.at)
    }
}

impl MediaSource for Window {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.end - self.start)
    }
}
