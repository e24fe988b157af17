//! Where bytes come from: a file or memory, and a part of it that seems to be a whole one.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use symphonia::core::io::MediaSource;

/// What is decoded: it can be opened as often as one likes.
#[derive(Clone, Debug)]
pub(super) enum Media {
    Path(PathBuf),
    Bytes(Arc<[u8]>),
}

/// An open [`Media`].
enum Reader {
    File(File),
    Bytes(Cursor<Arc<[u8]>>),
}

/// The part of a media that is decoded.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) media: Media,
    /// Byte where it begins.
    pub(super) start: u64,
    /// Byte behind it.
    pub(super) end: u64,
}

impl Place {
    /// All of a media.
    pub(super) fn whole(media: Media) -> io::Result<Self> {
        let end = match &media {
            Media::Path(path) => File::open(path)?.metadata()?.len(),
            Media::Bytes(bytes) => bytes.len() as u64,
        };
        Ok(Self { media, start: 0, end })
    }

    /// The part from byte `start` of this one up to byte `end` of it.
    pub(super) fn part(&self, start: u64, end: u64) -> Self {
        let at = |byte: u64| self.start.saturating_add(byte).min(self.end);
        Self { media: self.media.clone(), start: at(start), end: at(end) }
    }
}

/// The bytes of a place, counted from its beginning.
pub(super) struct Window {
    reader: Reader,
    start: u64,
    end: u64,
    /// Where the next byte is read, counted from `start`.
    at: u64,
}

impl Window {
    /// Opens the media and goes to the beginning of the place.
    pub(super) fn open(place: &Place) -> io::Result<Self> {
        let reader = match &place.media {
            Media::Path(path) => Reader::File(File::open(path)?),
            Media::Bytes(bytes) => Reader::Bytes(Cursor::new(bytes.clone())),
        };
        let mut window = Self { reader, start: place.start, end: place.end, at: 0 };
        window.seek(SeekFrom::Start(0))?;
        Ok(window)
    }

    /// Bytes of the place.
    pub(super) fn length(&self) -> u64 {
        self.end - self.start
    }
}

impl Read for Window {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = self.length().saturating_sub(self.at);
        let count = (bytes.len() as u64).min(left) as usize;
        let read = match &mut self.reader {
            Reader::File(file) => file.read(&mut bytes[..count])?,
            Reader::Bytes(memory) => memory.read(&mut bytes[..count])?,
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        // Behind the end there is nothing to read, and no system goes further than this.
        let to = SeekFrom::Start(self.start.saturating_add(self.at).min(i64::MAX as u64));
        match &mut self.reader {
            Reader::File(file) => file.seek(to)?,
            Reader::Bytes(memory) => memory.seek(to)?,
        };
        Ok(self.at)
    }
}

impl MediaSource for Window {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length())
    }
}
