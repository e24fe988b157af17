//! MP4: which track holds the audio, and which part of what it decodes to was encoded.
//!
//! An AAC encoder puts 1024 to 2112 frames of start-up before the audio and fills its last packet. The file
//! says how many in one of two places, read in this order:
//!
//! 1. the edit list (`moov/trak/edts/elst`): an empty edit delays the audio, then one edit names its first
//!    frame (in the track's time scale) and its length (in the movie's time scale);
//! 2. the tag `iTunSMPB` (`moov/udta/meta/ilst/----`): start-up, filling and length in frames. It also
//!    serves when the edit list begins at frame 0, as software that copies a file writes it.
//!
//! Lengths in the movie's time scale, often milliseconds, are only near. Where the packets or the tag give
//! a length within one such tick of it, theirs is taken.
//!
//! Source: ISO/IEC 14496-12, 8.6.5 and 8.6.6; QuickTime File Format, appendix G (audio priming).

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use super::mp4_boxes::letters;
use super::mp4_packets::{Defaults, PacketTable};
use super::place::{Place, Window};
use super::source::Fault;
use super::trailing;

/// Boxes in one parent, and edits in one list: more are not a file that an audio program wrote.
const MOST_BOXES: usize = 1 << 20;
const MOST_EDITS: usize = 4096;
/// Kinds of the boxes that stand behind one another in a file, those that programs write.
const OUTER: [&[u8; 4]; 13] = [
    b"mdat", b"moof", b"moov", b"free", b"skip", b"wide", b"uuid", b"meta", b"udta", b"mfra", b"sidx",
    b"styp", b"emsg",
];
/// Bytes read of a tag.
const MOST_TAG_BYTES: u64 = 1024;

/// One line of the edit list.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Edit {
    /// Length in the movie's time scale, 0 for "to the end".
    duration: u64,
    /// First moment in the track's time scale, -1 for silence.
    media_time: i64,
    /// Speed, 1 for as recorded.
    rate: i32,
}

/// The tag's numbers, in frames.
#[derive(Clone, Copy, Debug, PartialEq)]
struct GaplessTag {
    delay: u64,
    frames: u64,
}

/// What the file says of its first audio track.
#[derive(Default, Debug)]
pub(super) struct Mp4Info {
    /// The track's number.
    pub(super) track: u32,
    /// Four letters naming the coding.
    pub(super) coding: [u8; 4],
    /// Ticks per second of the track.
    pub(super) timescale: u32,
    /// Sample rate that the container states, in Hz; 0 when it cannot hold it.
    pub(super) container_rate: u32,
    /// Channels that the container states.
    pub(super) container_channels: u16,
    /// A box says that numbers are little-endian.
    pub(super) little_endian: bool,
    /// Where the track's packets lie.
    pub(super) packets: PacketTable,
    /// The file's first box and its index, which tell a decoder all else.
    pub(super) index: Vec<u8>,
    /// What is to be known of the bytes behind the last box.
    pub(super) note: Option<String>,
    movie_timescale: u32,
    edits: Vec<Edit>,
    tag: Option<GaplessTag>,
}

/// The part that is heard, in frames.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub(super) struct Trim {
    /// Silence before it.
    pub(super) lead: u64,
    /// Decoded frames to drop before it.
    pub(super) skip: u64,
    /// Frames of it, without the silence; `None` for all there are.
    pub(super) frames: Option<u64>,
}

/// `ticks` at `timescale` per second, in frames at `rate` per second, to the nearest.
fn rescale(ticks: u64, timescale: u32, rate: u32) -> u64 {
    let (ticks, timescale, rate) = (u128::from(ticks), u128::from(timescale.max(1)), u128::from(rate));
    u64::try_from((ticks * rate + timescale / 2) / timescale).unwrap_or(u64::MAX)
}

impl Mp4Info {
    /// Reads the boxes.
    pub(super) fn read(place: &Place) -> Result<Self, Fault> {
        let mut boxes = Boxes { file: BufReader::new(Window::open(place)?) };
        let length = boxes.file.get_ref().length();
        // What stands behind the boxes looks like a box that is cut.
        let end = trailing::before_tags(&mut boxes.file, 0, length)?;
        let parts = boxes.children(0, end, false)?;
        let Some(movie) = parts.iter().find(|part| &part.kind == b"moov") else {
            return Err(Fault::Damaged("its index (moov) is missing, so it is not whole".to_string()));
        };
        let mut info = Self { packets: PacketTable::new(length), ..Self::default() };
        let known = |part: &&Part| part.end <= end && part.kind.iter().all(u8::is_ascii_graphic);
        let last = parts.iter().take_while(known).last().map_or(end, |part| part.end);
        // A box of a kind that belongs here is no rubbish but cut.
        let cut = parts.iter().any(|part| part.end > end && OUTER.contains(&&part.kind));
        info.note = trailing::note(&mut boxes.file, last, end)?.filter(|_| !cut);
        for part in [&parts[0], movie] {
            info.index.extend(boxes.content(part.at, part.end)?);
        }
        let (mut found, mut extends, mut table) = (false, None, None);
        for part in boxes.children(movie.start, movie.end, true)? {
            match &part.kind {
                b"mvhd" => info.movie_timescale = boxes.timescale(&part)?,
                b"mvex" => extends = Some(part),
                b"trak" if !found => {
                    table = boxes.audio_track(&part, &mut info)?;
                    found = table.is_some();
                }
                b"udta" if info.tag.is_none() => info.tag = boxes.gapless_tag(&part)?,
                _ => {}
            }
        }
        let Some(table) = table else {
            return Err(Fault::NotAudio("an MP4 file without an audio track".to_string()));
        };
        info.packets.add_table(&boxes.content(table.start, table.end)?)?;
        if let Some(extends) = extends {
            let defaults = Defaults::of(&boxes.content(extends.start, extends.end)?, info.track)?;
            for part in parts.iter().filter(|part| &part.kind == b"moof") {
                if part.end > length {
                    info.packets.cut = true;
                    break;
                }
                let content = boxes.content(part.start, part.end)?;
                info.packets.add_fragment(part.at, &content, info.track, defaults)?;
            }
        }
        Ok(info)
    }

    /// What the coding is called.
    pub(super) fn coding_name(&self) -> String {
        match &self.coding {
            b"ac-3" => "AC-3".to_string(),
            b"ec-3" => "E-AC-3".to_string(),
            b"ac-4" => "AC-4".to_string(),
            b"dtsc" | b"dtse" | b"dtsh" | b"dtsl" => "DTS".to_string(),
            b"samr" | b"sawb" => "AMR".to_string(),
            b"mlpa" => "TrueHD".to_string(),
            b"ima4" => "IMA ADPCM".to_string(),
            b"QDM2" | b"QDMC" => "QDesign Music".to_string(),
            b"agsm" => "GSM".to_string(),
            coding => format!("coding {}", letters(*coding)),
        }
    }

    /// The part that is heard of `media_ticks` in packets, at `rate` Hz.
    pub(super) fn trim(&self, media_ticks: Option<u64>, rate: u32) -> Result<Trim, Fault> {
        let media = media_ticks.map(|ticks| rescale(ticks, self.timescale, rate));
        let lead_ticks = self.edits.iter().take_while(|e| e.media_time < 0).map(|e| e.duration);
        let lead = rescale(lead_ticks.fold(0, u64::saturating_add), self.movie_timescale, rate);
        let heard: Vec<&Edit> = self.edits.iter().skip_while(|e| e.media_time < 0).collect();
        let edit = match heard[..] {
            [] => None,
            [edit] if edit.rate == 1 << 16 => Some(edit),
            [_] => return Err(Fault::Unsupported("an edit list that changes the speed".to_string())),
            _ => return Err(Fault::Unsupported("an edit list of several parts".to_string())),
        };
        let trivial = edit.is_none_or(|edit| edit.media_time == 0);
        if let (true, Some(tag)) = (trivial, self.tag) {
            let available = media.map_or(u64::MAX, |media| media.saturating_sub(tag.delay));
            return Ok(Trim { lead, skip: tag.delay, frames: Some(tag.frames.min(available)) });
        }
        let Some(edit) = edit else {
            return Ok(Trim { lead, skip: 0, frames: media });
        };
        let skip = rescale(edit.media_time.unsigned_abs(), self.timescale, rate);
        let available = media.map(|media| media.saturating_sub(skip));
        if edit.duration == 0 || self.movie_timescale == 0 {
            return Ok(Trim { lead, skip, frames: available });
        }
        let stated = rescale(edit.duration, self.movie_timescale, rate);
        let tick = rescale(1, self.movie_timescale, rate).max(1);
        let exact = [self.tag.filter(|tag| tag.delay == skip).map(|tag| tag.frames), available];
        let near = exact.into_iter().flatten().find(|frames| frames.abs_diff(stated) <= tick);
        let frames = near.unwrap_or(stated).min(available.unwrap_or(u64::MAX));
        Ok(Trim { lead, skip, frames: Some(frames) })
    }
}

/// A box: its four letters and where its content lies.
struct Part {
    kind: [u8; 4],
    /// Where the box itself begins.
    at: u64,
    start: u64,
    end: u64,
}

struct Boxes {
    file: BufReader<Window>,
}

impl Boxes {
    fn bytes<const N: usize>(&mut self, at: u64) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The bytes from `start` to `end`, which the file has.
    fn content(&mut self, start: u64, end: u64) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(start))?;
        Read::by_ref(&mut self.file).take(end - start).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == end - start { Ok(bytes) } else { Err(Fault::Ended) }
    }

    fn u32(&mut self, part: &Part, offset: u64) -> Result<u32, Fault> {
        if part.start + offset + 4 > part.end {
            return Err(Fault::Damaged(format!("box {} is too short", letters(part.kind))));
        }
        Ok(u32::from_be_bytes(self.bytes(part.start + offset)?))
    }

    fn u64(&mut self, part: &Part, offset: u64) -> Result<u64, Fault> {
        Ok(u64::from(self.u32(part, offset)?) << 32 | u64::from(self.u32(part, offset + 4)?))
    }

    /// The boxes from `start` to `end`. One that runs past the end is the last; outside the index it means
    /// no more than that a file was cut short or a tag is damaged.
    fn children(&mut self, start: u64, end: u64, strict: bool) -> Result<Vec<Part>, Fault> {
        let mut parts = Vec::new();
        let mut at = start;
        while at + 8 <= end {
            if parts.len() == MOST_BOXES {
                return Err(Fault::Damaged(format!("more than {MOST_BOXES} boxes in one")));
            }
            let head: [u8; 8] = self.bytes(at)?;
            let kind = [head[4], head[5], head[6], head[7]];
            let (header, length) = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
                0 => (8, end - at),
                1 if at + 16 <= end => (16, u64::from_be_bytes(self.bytes(at + 8)?)),
                length => (8, u64::from(length)),
            };
            let fits = length >= header && length <= end - at;
            if !fits && (strict || &kind == b"moov") {
                return Err(Fault::Damaged(format!("box {} does not fit its parent", letters(kind))));
            }
            let part = Part { kind, at, start: at + header, end: at.saturating_add(length.max(header)) };
            at = part.end;
            parts.push(part);
            if !fits {
                break;
            }
        }
        Ok(parts)
    }

    fn child(&mut self, part: &Part, kind: &[u8; 4]) -> Result<Option<Part>, Fault> {
        Ok(self.children(part.start, part.end, true)?.into_iter().find(|b| &b.kind == kind))
    }

    /// Ticks per second out of `mvhd` or `mdhd`, which are laid out alike up to there.
    fn timescale(&mut self, part: &Part) -> Result<u32, Fault> {
        let wide = self.u32(part, 0)? >> 24 == 1;
        self.u32(part, if wide { 20 } else { 12 })
    }

    /// Fills `info` from a track and gives its sample table; `None` when it is not audio.
    fn audio_track(&mut self, track: &Part, info: &mut Mp4Info) -> Result<Option<Part>, Fault> {
        let Some(media) = self.child(track, b"mdia")? else { return Ok(None) };
        let Some(handler) = self.child(&media, b"hdlr")? else { return Ok(None) };
        if self.u32(&handler, 8)?.to_be_bytes() != *b"soun" {
            return Ok(None);
        }
        if let Some(header) = self.child(track, b"tkhd")? {
            let wide = self.u32(&header, 0)? >> 24 == 1;
            info.track = self.u32(&header, if wide { 20 } else { 12 })?;
        }
        if let Some(header) = self.child(&media, b"mdhd")? {
            info.timescale = self.timescale(&header)?;
        }
        if info.timescale == 0 {
            return Err(Fault::Damaged("the track states no time scale".to_string()));
        }
        let mut inside = |part: &Part, kind: &[u8; 4]| {
            let missing = || Fault::Damaged(format!("box {} is missing", letters(*kind)));
            self.child(part, kind)?.ok_or_else(missing)
        };
        let table = inside(&media, b"minf").and_then(|part| inside(&part, b"stbl"))?;
        let part = inside(&table, b"stsd")?;
        // The first sample entry: length, four letters, 16 bytes, channels, bits, 4 bytes, rate in 16.16.
        info.coding = self.u32(&part, 12)?.to_be_bytes();
        info.container_rate = self.u32(&part, 40)? >> 16;
        info.container_channels = (self.u32(&part, 32)? >> 16) as u16;
        let entry = self.content(part.start, part.end.min(part.start + MOST_TAG_BYTES))?;
        info.little_endian = entry.windows(6).any(|bytes| bytes == b"enda\0\x01");
        if let Some(edits) = self.child(track, b"edts")?
            && let Some(list) = self.child(&edits, b"elst")?
        {
            info.edits = self.edit_list(&list)?;
        }
        Ok(Some(table))
    }

    fn edit_list(&mut self, list: &Part) -> Result<Vec<Edit>, Fault> {
        let wide = self.u32(list, 0)? >> 24 == 1;
        let count = self.u32(list, 4)? as usize;
        if count > MOST_EDITS {
            return Err(Fault::Damaged(format!("an edit list of {count} lines")));
        }
        let mut edits = Vec::with_capacity(count);
        let mut at = 8;
        for _ in 0..count {
            edits.push(if wide {
                let (duration, time) = (self.u64(list, at)?, self.u64(list, at + 8)?);
                Edit { duration, media_time: time as i64, rate: self.u32(list, at + 16)? as i32 }
            } else {
                let (duration, time) = (self.u32(list, at)?, self.u32(list, at + 4)?);
                let rate = self.u32(list, at + 8)? as i32;
                Edit { duration: u64::from(duration), media_time: i64::from(time as i32), rate }
            });
            at += if wide { 20 } else { 12 };
        }
        Ok(edits)
    }

    fn gapless_tag(&mut self, user_data: &Part) -> Result<Option<GaplessTag>, Fault> {
        let Some(mut meta) = self.child_lenient(user_data, b"meta")? else { return Ok(None) };
        // ISO files begin this box with version and flags, QuickTime files do not.
        if meta.start + 8 <= meta.end && self.u32(&meta, 4)?.to_be_bytes() != *b"hdlr" {
            meta.start += 4;
        }
        let Some(list) = self.child_lenient(&meta, b"ilst")? else { return Ok(None) };
        for item in self.children(list.start, list.end, false)? {
            if &item.kind != b"----" {
                continue;
            }
            let (mut named, mut value) = (false, None);
            for part in self.children(item.start, item.end, false)? {
                match &part.kind {
                    b"name" => named = self.text(&part, 4)? == "iTunSMPB",
                    b"data" => value = Some(self.text(&part, 8)?),
                    _ => {}
                }
            }
            if let (true, Some(value)) = (named, value) {
                return Ok(parse_gapless_tag(&value));
            }
        }
        Ok(None)
    }

    /// As [`child`](Self::child), for tags, where damage costs nothing.
    fn child_lenient(&mut self, part: &Part, kind: &[u8; 4]) -> Result<Option<Part>, Fault> {
        Ok(self.children(part.start, part.end, false)?.into_iter().find(|b| &b.kind == kind))
    }

    fn text(&mut self, part: &Part, offset: u64) -> Result<String, Fault> {
        let length = (part.end - part.start).saturating_sub(offset).min(MOST_TAG_BYTES);
        let mut bytes = vec![0; length as usize];
        self.file.seek(SeekFrom::Start(part.start + offset))?;
        self.file.read_exact(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Numbers in hexadecimal: nothing, start-up, filling, length.
fn parse_gapless_tag(text: &str) -> Option<GaplessTag> {
    let mut fields = text.split_whitespace().skip(1).map(|field| u64::from_str_radix(field, 16).ok());
    let (delay, padding, frames) = (fields.next()??, fields.next()??, fields.next()??);
    // No AAC encoder starts up for longer than a second; then the tag is something else.
    (delay <= 1 << 16 && padding <= 1 << 16 && frames > 0).then_some(GaplessTag { delay, frames })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(edits: &[(u64, i64)], tag: Option<(u64, u64)>) -> Mp4Info {
        Mp4Info {
            timescale: 48_000,
            movie_timescale: 1000,
            edits: edits.iter().map(|&(d, t)| Edit { duration: d, media_time: t, rate: 1 << 16 }).collect(),
            tag: tag.map(|(delay, frames)| GaplessTag { delay, frames }),
            ..Mp4Info::default()
        }
    }

    #[test]
    fn a_length_in_milliseconds_gives_way_to_one_in_frames() {
        // 100 000 frames of 48 kHz last 2083.3 ms.
        let packets = Some(1024 + 100_000);
        let trim = info(&[(2084, 1024)], None).trim(packets, 48_000).ok();
        assert_eq!(trim, Some(Trim { lead: 0, skip: 1024, frames: Some(100_000) }));
        let filled = Some(1024 + 100_000 + 352);
        let trim = info(&[(2083, 1024)], Some((1024, 100_000))).trim(filled, 48_000).ok();
        assert_eq!(trim, Some(Trim { lead: 0, skip: 1024, frames: Some(100_000) }));
    }

    #[test]
    fn an_edit_that_ends_early_ends_the_audio() {
        let trim = info(&[(1000, 2112)], None).trim(Some(200_000), 48_000).ok();
        assert_eq!(trim, Some(Trim { lead: 0, skip: 2112, frames: Some(48_000) }));
    }

    #[test]
    fn an_empty_edit_is_silence_and_the_tag_replaces_a_trivial_edit() {
        let trim = info(&[(500, -1), (1000, 0)], Some((2112, 47_000))).trim(Some(50_000), 48_000).ok();
        assert_eq!(trim, Some(Trim { lead: 24_000, skip: 2112, frames: Some(47_000) }));
    }

    #[test]
    fn lengths_beyond_the_packets_end_with_them() {
        let trim = info(&[], Some((2112, u64::MAX))).trim(Some(50_000), 48_000).ok();
        assert_eq!(trim, Some(Trim { lead: 0, skip: 2112, frames: Some(50_000 - 2112) }));
        let trim = info(&[(u64::MAX, i64::MAX)], None).trim(Some(50_000), 48_000).ok();
        assert_eq!(trim.and_then(|trim| trim.frames), Some(0));
    }

    #[test]
    fn several_parts_are_refused() {
        assert!(matches!(info(&[(5, 0), (5, 9)], None).trim(None, 48_000), Err(Fault::Unsupported(_))));
    }

    #[test]
    fn the_tag_is_read_as_its_encoder_wrote_it() {
        let tag = parse_gapless_tag(" 00000000 00000840 00000070 0000000000D79B50 00000000 00000000");
        assert_eq!(tag, Some(GaplessTag { delay: 2112, frames: 14_130_000 }));
        assert_eq!(parse_gapless_tag("00000000 zz"), None);
        assert_eq!(parse_gapless_tag(""), None);
    }
}
