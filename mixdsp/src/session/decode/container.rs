//! Packets out of FLAC, Ogg and MP4, by symphonia, numbered.
//!
//! For FLAC and Ogg the numbers come from the file's own time stamps, so that lost packets show as a gap; AAC
//! packets in MP4 are counted.

use std::boxed::Box;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;
use symphonia::default::formats::{FlacReader, IsoMp4Reader, OggReader};

use super::coded::{Packets, guarded, signed};
use super::FileFormat;
use super::source::Fault;

/// Frames in a packet of AAC-LC, the only kind that is decoded.
const AAC_FRAMES: u64 = 1024;
/// Frames decoded before the one that is sought, where a packet overlaps the one before it. Twice the
/// longest block of Vorbis.
const PREROLL: u64 = 16_384;

/// How packets are numbered.
#[derive(Clone, Copy)]
enum Numbering {
    /// By the container's time stamps, which count frames.
    Stamped,
    /// One after the other, `AAC_FRAMES` each.
    Counted {
        /// Number of the next packet's first frame.
        next: u64,
        /// The container's time stamps count frames too, so that they find a packet.
        seekable: bool,
    },
}

/// Packets as symphonia takes them out of a container.
pub(super) struct Contained {
    path: PathBuf,
    start: u64,
    stated_bytes: Option<u64>,
    format: FileFormat,
    reader: Box<dyn FormatReader>,
    track: u32,
    numbering: Numbering,
    /// Time stamp of frame 0.
    origin: i64,
    /// A packet that was taken out already.
    pending: Option<Packet>,
}

impl Contained {
    /// Reads the headers from byte `start` on; `stated_bytes` is the file's length, where it may be cut.
    pub(super) fn open(
        path: &Path,
        start: u64,
        stated_bytes: Option<u64>,
        format: FileFormat,
    ) -> Result<Self, Fault> {
        Ok(Self {
            path: path.to_path_buf(),
            start,
            stated_bytes,
            format,
            reader: container(path, start, stated_bytes, format)?,
            track: 0,
            numbering: Numbering::Stamped,
            origin: 0,
            pending: None,
        })
    }

    /// What the container holds.
    pub(super) fn tracks(&self) -> &[Track] {
        self.reader.tracks()
    }

    /// Takes the packets of `track`, numbered by their time stamps, from 0 on. Gives the first time stamp.
    pub(super) fn take_stamped(&mut self, track: u32) -> Result<u64, Fault> {
        self.track = track;
        // A file cut out of a longer one begins at a later time stamp, but it begins.
        if let Some((packet, first)) = self.next()? {
            self.origin = first.max(0);
            self.pending = Some(packet);
        }
        Ok(self.origin as u64)
    }

    /// Takes the packets of `track`, counted. `seekable`: its time stamps count frames.
    pub(super) fn take_counted(&mut self, track: u32, seekable: bool) {
        self.track = track;
        self.numbering = Numbering::Counted { next: 0, seekable };
    }

    fn take(&mut self) -> Result<Option<Packet>, Fault> {
        if let Some(packet) = self.pending.take() {
            return Ok(Some(packet));
        }
        loop {
            let reader = &mut self.reader;
            match guarded(|| reader.next_packet())? {
                Some(packet) if packet.track_id != self.track => {}
                packet => return Ok(packet),
            }
        }
    }

    fn restart(&mut self) -> Result<(), Fault> {
        self.reader = container(&self.path, self.start, self.stated_bytes, self.format)?;
        self.pending = None;
        if let Numbering::Counted { next, .. } = &mut self.numbering {
            *next = 0;
        }
        Ok(())
    }

    /// Lets symphonia go to the packet that holds `stamp`; gives the time stamp where that begins.
    fn go_to(&mut self, stamp: i64) -> Option<i64> {
        let to = SeekTo::Timestamp { ts: Timestamp::new(stamp), track_id: self.track };
        let reader = &mut self.reader;
        let went = guarded(|| reader.seek(SeekMode::Accurate, to)).ok()?;
        self.pending = None;
        Some(went.actual_ts.get())
    }
}

impl Packets for Contained {
    fn next(&mut self) -> Result<Option<(Packet, i64)>, Fault> {
        let Some(packet) = self.take()? else { return Ok(None) };
        let start = match &mut self.numbering {
            Numbering::Stamped => packet.pts.get() + packet.trim_start.get() as i64 - self.origin,
            Numbering::Counted { next, .. } => {
                let start = *next;
                *next += AAC_FRAMES;
                start as i64
            }
        };
        Ok(Some((packet, start)))
    }

    fn seek(&mut self, frame: u64) -> Result<(), Fault> {
        let from = frame.saturating_sub(PREROLL);
        let found = match self.numbering {
            _ if from == 0 => None,
            Numbering::Counted { seekable: false, .. } => None,
            _ => self.go_to(signed(from).saturating_add(self.origin)),
        };
        match (&mut self.numbering, found) {
            (Numbering::Stamped, Some(_)) => Ok(()),
            (Numbering::Counted { next, .. }, Some(at))
                if at >= 0 && (at as u64).is_multiple_of(AAC_FRAMES) =>
            {
                *next = at as u64;
                Ok(())
            }
            _ => self.restart(),
        }
    }
}

/// A file that seems to have the length that it states, so that one cut short ends where its data ends.
struct Stated {
    file: File,
    bytes: u64,
}

impl Read for Stated {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.file.read(bytes)
    }
}

impl Seek for Stated {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::End(offset) => SeekFrom::Start(self.bytes.saturating_add_signed(offset)),
            to => to,
        };
        // Behind the end there is nothing to read, and no system goes further than this.
        self.file.seek(match to {
            SeekFrom::Start(place) => SeekFrom::Start(place.min(i64::MAX as u64)),
            to => to,
        })
    }
}

impl MediaSource for Stated {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}

fn container(
    path: &Path,
    start: u64,
    stated_bytes: Option<u64>,
    format: FileFormat,
) -> Result<Box<dyn FormatReader>, Fault> {
    let file = File::open(path)?;
    let bytes = stated_bytes.map_or_else(|| file.metadata().map(|data| data.len()), Ok)?;
    let mut stream = MediaSourceStream::new(Box::new(Stated { file, bytes }), Default::default());
    stream.seek(SeekFrom::Start(start))?;
    let options = FormatOptions::default();
    guarded(|| {
        Ok(match format {
            FileFormat::Flac => Box::new(FlacReader::try_new(stream, options)?) as Box<dyn FormatReader>,
            FileFormat::OggVorbis => Box::new(OggReader::try_new(stream, options)?),
            _ => Box::new(IsoMp4Reader::try_new(stream, options)?),
        })
    })
}
