//! MPEG audio: where the frames lie, and which part of what they decode to was encoded.
//!
//! Layers I, II and III (MP3), and AAC in ADTS, are frames one behind the other without an index. Their headers
//! are walked once when the file is opened (a few bytes per frame are looked at). That gives the exact length,
//! finds damage before any work is done, and makes it possible to go to any frame.
//!
//! The first frame of layer III may hold no audio but a table (`Xing` or `Info`) with the number of frames. An
//! extension of it states the encoder's start-up and filling. A decoder adds 529 frames of delay of its own.
//! The table may be wrong (a killed encoder leaves 0 in it, files are put one behind the other): a number that
//! is too small gives way to the frames that are there.
//!
//! Source: ISO/IEC 11172-3, 13818-3 and 13818-7 (headers); LAME, "Mp3 Info Tag rev 1".

use std::io::{BufReader, Read, Seek};
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use super::id3::tag_bytes;
use super::packets::Packets;
use super::place::{Place, Window};
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
/// Places of damage that are listed.
const MOST_LOSSES: usize = 100;
/// One in so many frames has its place noted.
const INDEX_STEP: u64 = 64;

/// Kilobits per second, by layer and version: I and II of MPEG 1, III of MPEG 1, I of MPEG 2, II and III of it.
const KILOBITS: [[u16; 16]; 5] = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
];
const RATES: [u32; 3] = [44_100, 48_000, 32_000];
/// Rates of AAC by their index.
const AAC_RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
/// Bytes that every header is known by, and those of the shortest.
const HEAD: usize = 7;
const SHORTEST_HEAD: u64 = 4;

/// What the frames are coded by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layer {
    /// MPEG layer I.
    One,
    /// MPEG layer II.
    Two,
    /// MPEG layer III.
    Three,
    /// AAC in ADTS.
    Adts,
}

/// The header of a frame.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Header {
    pub(super) layer: Layer,
    /// 0 for MPEG 1, 1 for MPEG 2, 2 for MPEG 2.5; of AAC its object type.
    pub(super) version: u8,
    pub(super) sample_rate: u32,
    /// 0 where the data tell.
    pub(super) channels: usize,
    /// Bytes of the frame, its header among them.
    bytes: u64,
    /// Bytes of the header that a decoder does not want.
    head_bytes: u64,
    /// Blocks of AAC in the frame.
    pub(super) blocks: u64,
}

impl Header {
    fn parse(head: [u8; HEAD]) -> Option<Self> {
        if head[0] != 0xff || head[1] & 0xe0 != 0xe0 {
            return None;
        }
        let layer = match head[1] >> 1 & 3 {
            0 => return Self::parse_adts(head),
            1 => Layer::Three,
            2 => Layer::Two,
            _ => Layer::One,
        };
        let version = match head[1] >> 3 & 3 {
            3 => 0,
            2 => 1,
            0 => 2,
            _ => return None,
        };
        let row = match (layer, version) {
            (Layer::One, 0) => 0,
            (Layer::Two, 0) => 1,
            (_, 0) => 2,
            (Layer::One, _) => 3,
            _ => 4,
        };
        let kilobits = u64::from(KILOBITS[row][usize::from(head[2] >> 4)]);
        let sample_rate = RATES.get(usize::from(head[2] >> 2 & 3))? >> version;
        if kilobits == 0 {
            return None;
        }
        let padding = u64::from(head[2] >> 1 & 1);
        let slots = |coefficient: u64| coefficient * kilobits / u64::from(sample_rate) + padding;
        Some(Self {
            layer,
            version,
            sample_rate,
            channels: if head[3] >> 6 == 3 { 1 } else { 2 },
            bytes: match layer {
                Layer::One => 4 * slots(12_000),
                Layer::Three if version > 0 => slots(72_000),
                _ => slots(144_000),
            },
            head_bytes: 0,
            blocks: 1,
        })
    }

    fn parse_adts(head: [u8; HEAD]) -> Option<Self> {
        let bytes = u64::from(head[3] & 3) << 11 | u64::from(head[4]) << 3 | u64::from(head[5] >> 5);
        let head_bytes = if head[1] & 1 != 0 { 7 } else { 9 };
        let channels = usize::from((head[2] & 1) << 2 | head[3] >> 6);
        (head[1] & 0xf0 == 0xf0 && bytes > head_bytes).then_some(Self {
            layer: Layer::Adts,
            version: (head[2] >> 6) + 1,
            sample_rate: *AAC_RATES.get(usize::from(head[2] >> 2 & 15))?,
            channels: if channels == 7 { 8 } else { channels },
            bytes,
            head_bytes,
            blocks: u64::from(head[6] & 3) + 1,
        })
    }

    /// Frames (one sample on each channel) that it decodes to.
    fn frames(&self) -> u64 {
        match self.layer {
            Layer::One => 384,
            Layer::Two => 1152,
            Layer::Three => 1152 >> self.version.min(1),
            Layer::Adts => 1024 * self.blocks,
        }
    }

    fn continues(&self, first: &Self) -> bool {
        (self.layer, self.version, self.sample_rate) == (first.layer, first.version, first.sample_rate)
            && self.blocks == first.blocks
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
        if header.layer != Layer::Three {
            return None;
        }
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

/// A file of MPEG audio whose frames have been walked.
pub(super) struct Mpeg {
    walk: Walk,
    pub(super) first: Header,
    /// Place of the first packet.
    begin: u64,
    /// Place of every 64th packet.
    index: Vec<u64>,
    /// Packets that a tag stands before, and where they are.
    breaks: Vec<(u64, u64)>,
    packets: u64,
    next_packet: u64,
    next_place: u64,
    /// Frames to drop at the start.
    pub(super) skip: u64,
    /// Frames that were encoded.
    pub(super) frames: u64,
    /// What is to be known of the bytes behind the last packet.
    pub(super) note: Option<String>,
    /// What is damaged, in a file that is not read strictly.
    pub(super) losses: Vec<String>,
}

impl Mpeg {
    /// Walks the frames.
    pub(super) fn open(place: &Place, strict: bool) -> Result<Self, Fault> {
        let mut walk = Walk::new(Window::open(place)?);
        let end = walk.end;
        let Some((place, first)) = walk.find(0, MOST_LEADING_BYTES, None)? else {
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
            breaks: Vec::new(),
            packets: 0,
            next_packet: 0,
            next_place: begin,
            skip: 0,
            frames: 0,
            note: None,
            losses: Vec::new(),
        };
        mpeg.walk_frames(&table.unwrap_or_default(), strict)?;
        Ok(mpeg)
    }

    /// Counts the packets and compares their number to what the table states.
    fn walk_frames(&mut self, table: &Table, strict: bool) -> Result<(), Fault> {
        let (first, end) = (self.first, self.walk.end);
        let seconds = |packets: u64| frames_after(packets * first.frames(), first.sample_rate);
        // Encoders that were killed leave 0.
        let stated = table.packets.filter(|&packets| packets > 0);
        let stated_seconds = stated.map(seconds);
        let (mut place, mut parts) = (self.begin, 1);
        while place < end {
            let Some(header) = self.walk.header(place)?.filter(|header| header.continues(&first)) else {
                let tag = self.walk.tag_at(place)?;
                let behind = tag.unwrap_or(place);
                let next = self.walk.find(behind, behind.saturating_add(MOST_LOST_BYTES), Some(&first))?;
                match next {
                    Some((next, _))
                        if tag.is_some() || stated.is_some_and(|stated| self.packets >= stated) =>
                    {
                        (place, parts) = (next, parts + 1);
                        self.breaks.push((self.packets, place));
                        continue;
                    }
                    Some((next, _)) => {
                        let reason = format!("{} bytes are not {}", next - place, self.name());
                        let at = seconds(self.packets);
                        if strict {
                            return Err(Fault::DamagedAt { at, reason });
                        }
                        if self.losses.len() < MOST_LOSSES {
                            self.losses.push(format!("{reason} at {at:.3} s and are left out"));
                        }
                        place = next;
                        self.breaks.push((self.packets, place));
                        continue;
                    }
                    None => {}
                }
                if let Some(other) = self.walk.other_at(behind, &first)? {
                    let what = format!("{} Hz to {} Hz", first.sample_rate, other.sample_rate);
                    let at = seconds(self.packets);
                    let kind = self.name();
                    return Err(Fault::Unsupported(format!("{kind} that changes from {what} at {at:.3} s")));
                }
                break;
            };
            if header.channels != first.channels {
                let what = format!("{} that changes its number of channels", self.name());
                return Err(Fault::Unsupported(what));
            }
            if place + header.bytes > end {
                if stated.is_some_and(|stated| self.packets >= stated) {
                    break;
                }
                if !strict {
                    self.losses.push(format!("the last frame is cut, at {:.3} s", seconds(self.packets)));
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
        if let Some(stated) = stated.filter(|&stated| self.packets + slack < stated) {
            let stated_seconds = Some(seconds(stated));
            if !strict {
                let [at, of] = [seconds(self.packets), seconds(stated)];
                self.losses.push(format!("it ends at {at:.3} s of {of:.3} s"));
                self.skip = table.gapless.unwrap_or_default().0;
                self.frames = (self.packets * first.frames()).saturating_sub(self.skip);
                return Ok(());
            }
            return Err(Fault::Truncated { at: seconds(self.packets), stated_seconds });
        }
        self.note = trailing::note(&mut self.walk.file, place.min(end), end)?;
        self.walk.place = self.walk.file.stream_position()?;
        let (skip, mut padding) = table.gapless.unwrap_or_default();
        let counted = stated.map_or(self.packets, |stated| stated.min(self.packets));
        let there = [seconds(counted), seconds(self.packets)].map(|seconds| format!("{seconds:.3} s"));
        let wrong = if parts > 1 {
            Some(format!("{parts} {} files joined in one: all of it is read", self.name()))
        } else if counted < self.packets {
            Some(format!("its header counts {}, but {} are there: all of it is read", there[0], there[1]))
        } else {
            None
        };
        let mut packets = counted;
        if wrong.is_some() {
            // What the first of several says of its end is not true of the end of all.
            (packets, padding) = (self.packets, 0);
        }
        self.note = wrong.or(self.note.take());
        self.skip = skip;
        self.frames = (packets * first.frames()).saturating_sub(skip + padding);
        Ok(())
    }

    /// What it is, in words.
    fn name(&self) -> &'static str {
        match self.first.layer {
            Layer::One => "MPEG layer I",
            Layer::Two => "MPEG layer II",
            Layer::Three => "MP3",
            Layer::Adts => "AAC",
        }
    }

    /// Goes on behind a tag that stands before packet `next_packet`.
    fn over_break(&mut self) {
        if let Ok(found) = self.breaks.binary_search_by_key(&self.next_packet, |&(packet, _)| packet) {
            self.next_place = self.breaks[found].1;
        }
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
        self.over_break();
        let header = self.header_here()?;
        let mut bytes = vec![0; (header.bytes - header.head_bytes) as usize];
        self.walk.read(self.next_place + header.head_bytes, &mut bytes)?;
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
            self.over_break();
            self.next_place += self.header_here()?.bytes;
            self.next_packet += 1;
        }
        Ok(())
    }
}

/// Looks at a file's bytes at any place.
struct Walk {
    file: BufReader<Window>,
    place: u64,
    end: u64,
}

impl Walk {
    fn new(file: Window) -> Self {
        let end = file.length();
        Self { file: BufReader::with_capacity(1 << 15, file), place: 0, end }
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
        let mut head = [0; HEAD];
        let there = self.end.saturating_sub(place).min(HEAD as u64);
        if there < SHORTEST_HEAD {
            return Ok(None);
        }
        self.read(place, &mut head[..there as usize])?;
        Ok(Header::parse(head))
    }

    /// The header of a frame at `place` that does not go on with what `first` began.
    fn other_at(&mut self, place: u64, first: &Header) -> Result<Option<Header>, Fault> {
        let found = self.find(place, place.saturating_add(MOST_LEADING_BYTES), None)?;
        Ok(found.map(|(_, header)| header).filter(|header| header.layer == first.layer))
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
