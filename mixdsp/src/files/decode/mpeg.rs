//! MP3: where the frames lie, and which part of what they decode to was encoded.
//!
//! An MP3 file has no index, so its frame headers are walked once when it is opened (a few bytes per frame
//! are looked at). That gives the exact length, finds damage before any work is done, and makes it possible
//! to go to any frame.
//!
//! The first frame may hold no audio but a table (`Xing` or `Info`) with the number of frames. An extension
//! of it states the encoder's start-up and filling. A decoder adds 529 frames of delay of its own.
//!
//! Source: ISO/IEC 11172-3 and 13818-3 (headers); LAME, "Mp3 Info Tag rev 1".

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use super::id3::tag_bytes;
use super::packets::Packets;
use super::source::{Fault, frames_after};
use super::trailing;

/// Delay of the synthesis filter bank in any decoder, in frames.
const DECODER_DELAY: u64 = 529;
/// Bytes searched for the first frame behind the tags at the start.
const MOST_LEADING_BYTES: u64 = 1 << 17;
/// Bytes searched for a next frame where one was expected.
const MOST_LOST_BYTES: u64 = 1 << 24;
/// Frames decoded before the one that is sought. Its data may begin up to 511 bytes earlier, and a frame
/// carries at least 20 bytes of its own at the lowest rates.
const PREROLL: u64 = 32;
/// One in so many frames has its place noted.
const INDEX_STEP: u64 = 64;

/// Kilobits per second, by version and layer III's index.
const KILOBITS: [[u16; 16]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
];
const RATES: [u32; 3] = [44_100, 48_000, 32_000];

/// The header of a layer III frame.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Header {
    /// 0 for MPEG 1, 1 for MPEG 2, 2 for MPEG 2.5.
    version: u8,
    sample_rate: u32,
    channels: usize,
    /// Bytes of the frame, its header among them.
    bytes: u64,
}

impl Header {
    fn parse(head: [u8; 4]) -> Option<Self> {
        if head[0] != 0xff || head[1] & 0xe0 != 0xe0 || head[1] & 6 != 2 {
            return None;
        }
        let version = match head[1] >> 3 & 3 {
            3 => 0,
            2 => 1,
            0 => 2,
            _ => return None,
        };
        let kilobits = u64::from(KILOBITS[usize::from(version.min(1))][usize::from(head[2] >> 4)]);
        let sample_rate = RATES.get(usize::from(head[2] >> 2 & 3))? >> version;
        if kilobits == 0 {
            return None;
        }
        let padding = u64::from(head[2] >> 1 & 1);
        let coefficient = if version == 0 { 144_000 } else { 72_000 };
        Some(Self {
            version,
            sample_rate,
            channels: if head[3] >> 6 == 3 { 1 } else { 2 },
            bytes: coefficient * kilobits / u64::from(sample_rate) + padding,
        })
    }

    /// Frames (one sample on each channel) that it decodes to.
    fn frames(&self) -> u64 {
        if self.version == 0 { 1152 } else { 576 }
    }

    fn continues(&self, first: &Self) -> bool {
        self.version == first.version && self.sample_rate == first.sample_rate
    }

    /// Where the table lies in the first frame.
    fn table_offset(&self) -> usize {
        4 + match (self.version, self.channels) {
            (0, 1) => 17,
            (0, _) => 32,
            (_, 1) => 9,
            (_, _) => 17,
        }
    }
}

/// What the first frame's table says.
#[derive(Default, Debug, PartialEq)]
struct Table {
    /// Frames with audio.
    packets: Option<u64>,
    /// Start-up and filling in frames.
    gapless: Option<(u64, u64)>,
}

impl Table {
    fn parse(frame: &[u8], header: &Header) -> Option<Self> {
        if frame.get(36..40) == Some(b"VBRI") {
            let packets = frame.get(50..54).and_then(|b| b.try_into().ok()).map(u32::from_be_bytes);
            return Some(Self { packets: packets.map(u64::from), gapless: None });
        }
        let table = frame.get(header.table_offset()..)?;
        if !matches!(table.get(..4)?, b"Xing" | b"Info") {
            return None;
        }
        let flags = *table.get(7)?;
        let mut at = 8;
        let mut packets = None;
        if flags & 1 != 0 {
            packets = Some(u64::from(u32::from_be_bytes(table.get(at..at + 4)?.try_into().ok()?)));
            at += 4;
        }
        at += usize::from(flags >> 1 & 1) * 4 + usize::from(flags >> 2 & 1) * 100;
        at += usize::from(flags >> 3 & 1) * 4;
        let gapless = table.get(at..at + 24).and_then(|extension| {
            let known = matches!(&extension[..4], b"LAME" | b"Lavf" | b"Lavc");
            let (a, b, c) = (extension[21], extension[22], extension[23]);
            let delay = u64::from(a) << 4 | u64::from(b >> 4);
            let padding = u64::from(b & 15) << 8 | u64::from(c);
            known.then_some((delay + DECODER_DELAY, padding.saturating_sub(DECODER_DELAY)))
        });
        Some(Self { packets, gapless })
    }
}

/// An MP3 file whose frames have been walked.
pub(super) struct Mpeg {
    walk: Walk,
    first: Header,
    /// Place of the first packet.
    begin: u64,
    /// Place of every 64th packet.
    index: Vec<u64>,
    packets: u64,
    next_packet: u64,
    next_place: u64,
    /// Frames to drop at the start.
    pub(super) skip: u64,
    /// Frames that were encoded.
    pub(super) frames: u64,
    /// What is to be known of the bytes behind the last packet.
    pub(super) note: Option<String>,
}

impl Mpeg {
    /// Walks the frames from byte `start` on.
    pub(super) fn open(file: File, start: u64) -> Result<Self, Fault> {
        let end = file.metadata()?.len();
        let mut walk = Walk::new(file, end)?;
        let Some((place, first)) = walk.find(start, start + MOST_LEADING_BYTES, None)? else {
            return Err(Fault::NotAudio("the content is of no known format".to_string()));
        };
        let mut bytes = vec![0; first.bytes.min(end - place) as usize];
        walk.read(place, &mut bytes)?;
        let table = Table::parse(&bytes, &first);
        let begin = if table.is_some() { place + first.bytes } else { place };
        let mut mpeg = Self {
            walk,
            first,
            begin,
            index: Vec::new(),
            packets: 0,
            next_packet: 0,
            next_place: begin,
            skip: 0,
            frames: 0,
            note: None,
        };
        mpeg.walk_frames(&table.unwrap_or_default())?;
        Ok(mpeg)
    }

    pub(super) fn sample_rate(&self) -> u32 {
        self.first.sample_rate
    }

    pub(super) fn channels(&self) -> usize {
        self.first.channels
    }

    /// Counts the packets and compares their number to what the table states.
    fn walk_frames(&mut self, table: &Table) -> Result<(), Fault> {
        let (first, end) = (self.first, self.walk.end);
        let seconds = |packets: u64| frames_after(packets * first.frames(), first.sample_rate);
        let stated = table.packets.unwrap_or(u64::MAX);
        let stated_seconds = table.packets.map(seconds);
        let mut place = self.begin;
        while place < end {
            let Some(header) = self.walk.header(place)?.filter(|header| header.continues(&first)) else {
                let tag = self.walk.tag_at(place)?;
                let behind = tag.unwrap_or(place);
                let next = self.walk.find(behind, behind.saturating_add(MOST_LOST_BYTES), None)?;
                match next {
                    Some(_) if tag.is_some() || self.packets >= stated => return Err(joined()),
                    Some((next, _)) => {
                        let reason = format!("{} bytes are not MP3", next - place);
                        return Err(Fault::DamagedAt { at: seconds(self.packets), reason });
                    }
                    None => {}
                }
                break;
            };
            if header.channels != first.channels {
                let what = "an MP3 file that changes its number of channels".to_string();
                return Err(Fault::Unsupported(what));
            }
            if place + header.bytes > end {
                if self.packets >= stated {
                    break;
                }
                return Err(Fault::Truncated { at: seconds(self.packets), stated_seconds });
            }
            if self.packets.is_multiple_of(INDEX_STEP) {
                self.index.push(place);
            }
            self.packets += 1;
            place += header.bytes;
        }
        // Tables without the extension sometimes count their own frame.
        let slack = u64::from(table.gapless.is_none());
        if let Some(stated) = table.packets {
            if self.packets + slack < stated {
                return Err(Fault::Truncated { at: seconds(self.packets), stated_seconds });
            }
            if self.packets > stated + 2 {
                return Err(joined());
            }
        }
        self.note = trailing::note(&mut self.walk.file, place.min(end), end)?;
        self.walk.place = self.walk.file.stream_position()?;
        let (skip, padding) = table.gapless.unwrap_or_default();
        let decoded = stated.min(self.packets) * first.frames();
        self.skip = skip;
        self.frames = decoded.saturating_sub(skip + padding);
        Ok(())
    }

    fn header_here(&mut self) -> Result<Header, Fault> {
        let changed = || Fault::Damaged("the file changed while it was read".to_string());
        self.walk.header(self.next_place)?.ok_or_else(changed)
    }
}

impl Packets for Mpeg {
    fn next(&mut self) -> Result<Option<(Packet, i64)>, Fault> {
        if self.next_packet >= self.packets {
            return Ok(None);
        }
        let header = self.header_here()?;
        let mut bytes = vec![0; header.bytes as usize];
        self.walk.read(self.next_place, &mut bytes)?;
        let start = (self.next_packet * header.frames()) as i64;
        self.next_packet += 1;
        self.next_place += header.bytes;
        Ok(Some((Packet::new(0, Timestamp::new(start), Duration::new(header.frames()), bytes), start)))
    }

    fn seek(&mut self, frame: u64) -> Result<(), Fault> {
        let wanted = (frame / self.first.frames()).min(self.packets).saturating_sub(PREROLL);
        let noted = (wanted / INDEX_STEP).min((self.index.len() as u64).saturating_sub(1));
        self.next_packet = noted * INDEX_STEP;
        self.next_place = self.index.get(noted as usize).copied().unwrap_or(self.begin);
        while self.next_packet < wanted {
            self.next_place += self.header_here()?.bytes;
            self.next_packet += 1;
        }
        Ok(())
    }
}

fn joined() -> Fault {
    Fault::Unsupported("several MP3 files joined in one".to_string())
}

/// Looks at a file's bytes at any place.
struct Walk {
    file: BufReader<File>,
    place: u64,
    end: u64,
}

impl Walk {
    fn new(mut file: File, end: u64) -> Result<Self, Fault> {
        file.seek(SeekFrom::Start(0))?;
        Ok(Self { file: BufReader::with_capacity(1 << 15, file), place: 0, end })
    }

    fn read(&mut self, place: u64, bytes: &mut [u8]) -> Result<(), Fault> {
        // A relative move keeps what is buffered, which is most of what a walk looks at.
        self.file.seek_relative(place as i64 - self.place as i64)?;
        self.place = place;
        self.file.read_exact(bytes)?;
        self.place = place + bytes.len() as u64;
        Ok(())
    }

    fn header(&mut self, place: u64) -> Result<Option<Header>, Fault> {
        let mut head = [0; 4];
        if place + 4 > self.end {
            return Ok(None);
        }
        self.read(place, &mut head)?;
        Ok(Header::parse(head))
    }

    /// The first place before `limit` where a frame begins that two more follow, or one and the end.
    fn find(&mut self, from: u64, limit: u64, like: Option<&Header>) -> Result<Option<(u64, Header)>, Fault> {
        for place in from..limit.min(self.end) {
            let Some(first) = self.header(place)? else { continue };
            if like.is_some_and(|like| !first.continues(like)) {
                continue;
            }
            let (mut next, mut followed) = (place + first.bytes, 0);
            while followed < 2 {
                match self.header(next)? {
                    Some(header) if header.continues(&first) => next += header.bytes,
                    _ => break,
                }
                followed += 1;
            }
            if followed == 2 || next == self.end || (followed == 1 && next > self.end) {
                return Ok(Some((place, first)));
            }
        }
        Ok(None)
    }

    /// Whether one of the tags that stand behind the last frame begins here; the place behind it, where that
    /// is easily told.
    fn tag_at(&mut self, place: u64) -> Result<Option<u64>, Fault> {
        let mut head = [0; 10];
        if place + 10 > self.end {
            return Ok(None);
        }
        self.read(place, &mut head)?;
        Ok(match &head[..3] {
            b"ID3" => Some(place + tag_bytes(&head)),
            b"TAG" => Some(place + 128),
            _ if matches!(&head[..8], b"APETAGEX" | b"LYRICSBE") => Some(place),
            _ => None,
        })
    }
}
