//! Packets out of containers, by symphonia, numbered.
//!
//! The numbers come from the file's own time stamps, so that lost packets show as a gap. symphonia sees a
//! window of the file (`place`): what stands before and behind the audio would disturb it.

use std::boxed::Box;
use std::string::ToString;

use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};
use symphonia::default::formats::{AiffReader, CafReader, FlacReader, IsoMp4Reader, MkvReader, OggReader};

use super::flac::JOINED;
use super::info::FileFormat;
use super::packets::{Packets, guarded, signed};
use super::place::{Place, Window};
use super::source::Fault;

/// Frames decoded before the one that is sought, where a packet overlaps the one before it. Twice the
/// longest block of Vorbis.
const PREROLL: u64 = 16_384;

/// Packets as symphonia takes them out of a container.
pub(super) struct Contained {
    place: Place,
    format: FileFormat,
    reader: Box<dyn FormatReader>,
    track: u32,
    /// Time stamp of frame 0.
    origin: i64,
    /// A packet that was taken out already.
    pending: Option<Packet>,
    /// Number of the frame behind the last packet that was given.
    reached: i64,
    /// Where the packets have to end, if that is known.
    ends_at: Option<i64>,
    /// Frames of the last packet that are filling.
    pub(super) filling: u64,
}

impl Contained {
    /// Reads the headers.
    pub(super) fn open(place: Place, format: FileFormat) -> Result<Self, Fault> {
        let reader = container(&place, format)?;
        Ok(Self {
            place,
            format,
            reader,
            track: 0,
            origin: 0,
            pending: None,
            reached: 0,
            ends_at: None,
            filling: 0,
        })
    }

    /// The track that is taken.
    pub(super) fn track(&self) -> u32 {
        self.track
    }

    /// What the container holds.
    pub(super) fn tracks(&self) -> &[Track] {
        self.reader.tracks()
    }

    /// Takes the packets of `track`, numbered by their time stamps, from 0 on. Gives the first time stamp.
    pub(super) fn take_track(&mut self, track: u32) -> Result<u64, Fault> {
        self.track = track;
        // A file cut out of a longer one begins at a later time stamp, but it begins.
        if let Some((packet, first)) = self.next()? {
            self.origin = first.max(0);
            self.pending = Some(packet);
            self.reached = 0;
        }
        Ok(self.origin as u64)
    }

    /// The packets have to end at `frame`, which is `None` for a file that is known to be cut.
    pub(super) fn ends_at(&mut self, frame: Option<u64>) {
        self.ends_at = Some(frame.map_or(i64::MAX, signed));
    }

    fn take(&mut self) -> Result<Option<Packet>, Fault> {
        if let Some(packet) = self.pending.take() {
            return Ok(Some(packet));
        }
        loop {
            let reader = &mut self.reader;
            match guarded(|| reader.next_packet())? {
                Some(packet) if packet.track_id != self.track => {}
                None if self.ends_at.is_some_and(|end| end != self.reached) => return Err(Fault::Ended),
                packet => return Ok(packet),
            }
        }
    }

    fn restart(&mut self) -> Result<(), Fault> {
        self.reader = container(&self.place, self.format)?;
        self.pending = None;
        self.reached = 0;
        Ok(())
    }

    /// Lets symphonia go to the packet that holds `stamp`; whether it could.
    fn go_to(&mut self, stamp: i64) -> bool {
        let to = SeekTo::Timestamp { ts: Timestamp::new(stamp), track_id: self.track };
        let reader = &mut self.reader;
        self.pending = None;
        self.reached = 0;
        guarded(|| reader.seek(SeekMode::Accurate, to)).is_ok()
    }
}

impl Packets for Contained {
    fn next(&mut self) -> Result<Option<(Packet, i64)>, Fault> {
        let Some(mut packet) = self.take()? else { return Ok(None) };
        if self.filling > 0 {
            self.pending = self.take()?;
            if self.pending.is_none() {
                packet.trim_end = Duration::new(self.filling);
            }
        }
        let start = packet.pts.get().saturating_add(packet.trim_start.get() as i64);
        let start = start.saturating_sub(self.origin);
        if self.format == FileFormat::Flac && start < self.reached {
            return Err(Fault::Unsupported(JOINED.to_string()));
        }
        self.reached = start.saturating_add(packet.dur.get() as i64);
        Ok(Some((packet, start)))
    }

    fn seek(&mut self, frame: u64) -> Result<(), Fault> {
        let from = frame.saturating_sub(PREROLL);
        if from > 0 && self.go_to(signed(from).saturating_add(self.origin)) {
            return Ok(());
        }
        self.restart()
    }
}

fn container(place: &Place, format: FileFormat) -> Result<Box<dyn FormatReader>, Fault> {
    let stream = MediaSourceStream::new(Box::new(Window::open(place)?), Default::default());
    let options = FormatOptions::default();
    guarded(|| {
        Ok(match format {
            FileFormat::Flac => Box::new(FlacReader::try_new(stream, options)?) as Box<dyn FormatReader>,
            FileFormat::Aiff => Box::new(AiffReader::try_new(stream, options)?),
            FileFormat::Caf => Box::new(CafReader::try_new(stream, options)?),
            FileFormat::Matroska => Box::new(MkvReader::try_new(stream, options)?),
            FileFormat::Mp4 | FileFormat::Mp4Alac => Box::new(IsoMp4Reader::try_new(stream, options)?),
            _ => Box::new(OggReader::try_new(stream, options)?),
        })
    })
}
