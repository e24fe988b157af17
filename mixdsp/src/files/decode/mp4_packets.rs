//! MP4: where the packets of a track lie, by its tables or by the fragments of the movie.
//!
//! ```text
//! moov/trak/mdia/minf/stbl: stts (durations), stsz (sizes), stsc (packets per chunk), stco or co64 (places)
//! moof/traf: tfhd (defaults, which moov/mvex/trex gives too) + trun (place, sizes, durations)
//! ```
//!
//! What the tables claim is taken only as far as the file has bytes for it: a count is a few bytes, and could
//! keep a decoder busy for hours.
//!
//! Source: ISO/IEC 14496-12, 8.7 (tables) and 8.8 (fragments).

use std::io::{BufReader, Read};
use std::string::ToString;
use std::vec::Vec;
use std::{format, vec};

use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use super::mp4_boxes::{boxes, find, letters, long, rows, word};
use super::packets::Packets;
use super::place::{Place, Window};
use super::source::Fault;

/// Frames in a packet of AAC-LC, the only kind that is decoded.
const AAC_FRAMES: u64 = 1024;
/// Packets decoded before the one that is sought, since each overlaps the one before it.
const PREROLL: u64 = 16;

/// Duration and size of a packet where none is stated.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Defaults {
    ticks: u32,
    size: u32,
}

impl Defaults {
    /// Those of `track` in the content of `mvex`.
    pub(super) fn of(content: &[u8], track: u32) -> Result<Self, Fault> {
        for (kind, trex) in boxes(content)? {
            if &kind == b"trex" && word(trex, 4)? == track {
                return Ok(Self { ticks: word(trex, 12)?, size: word(trex, 16)? });
            }
        }
        Ok(Self::default())
    }
}

/// Where the packets lie.
#[derive(Default, Debug)]
pub(super) struct PacketTable {
    sizes: Vec<u32>,
    /// Packets that follow one another: the number of the first, and its place.
    runs: Vec<(usize, u64)>,
    /// Place behind the last packet.
    behind: u64,
    /// Bytes of all packets, and of the file.
    bytes: u64,
    file_bytes: u64,
    /// Length of all packets in the track's time scale.
    pub(super) ticks: u64,
    /// More packets are stated than the file has bytes for.
    pub(super) cut: bool,
}

impl PacketTable {
    pub(super) fn new(file_bytes: u64) -> Self {
        Self { file_bytes, ..Self::default() }
    }

    /// The next packets begin at `place`.
    fn begin(&mut self, place: u64) {
        if self.runs.is_empty() || place != self.behind {
            self.runs.pop_if(|run| run.0 == self.sizes.len());
            self.runs.push((self.sizes.len(), place));
            self.behind = place;
        }
    }

    /// Adds a packet; `false` when the file has no bytes for it, nor for any that follows.
    fn push(&mut self, size: u32) -> Result<bool, Fault> {
        let end = self.behind.saturating_add(u64::from(size));
        self.cut |= end > self.file_bytes;
        if !self.cut {
            self.sizes.push(size);
            self.behind = end;
            self.bytes += u64::from(size);
            if self.bytes > self.file_bytes {
                return Err(Fault::Damaged("its packets have more bytes than the file".to_string()));
            }
        }
        Ok(!self.cut)
    }

    /// Adds what the content of a sample table (`stbl`) states.
    pub(super) fn add_table(&mut self, content: &[u8]) -> Result<(), Fault> {
        let parts = boxes(content)?;
        let part = |kind: &[u8; 4]| {
            let missing = || Fault::Damaged(format!("box {} is missing", letters(*kind)));
            find(&parts, kind).ok_or_else(missing)
        };
        let (times, sizes, groups) = (part(b"stts")?, part(b"stsz")?, part(b"stsc")?);
        for row in rows(times, 8, word(times, 4)?, 8)? {
            let ticks = u64::from(word(row, 0)?) * u64::from(word(row, 4)?);
            self.ticks = self.ticks.saturating_add(ticks);
        }
        let (size, count) = (word(sizes, 4)?, word(sizes, 8)?);
        let mut sizes = match size {
            0 => Some(rows(sizes, 12, count, 4)?),
            _ => None,
        };
        let mut groups = rows(groups, 8, word(groups, 4)?, 12)?.peekable();
        let wide = find(&parts, b"co64");
        let chunks = wide.map_or_else(|| part(b"stco"), Ok)?;
        let width = if wide.is_some() { 8 } else { 4 };
        let (mut left, mut per_chunk) = (count, 0);
        for (chunk, place) in rows(chunks, 8, word(chunks, 4)?, width)?.enumerate() {
            while let Some(group) = groups.peek()
                && u64::from(word(group, 0)?) <= chunk as u64 + 1
            {
                per_chunk = word(group, 4)?;
                groups.next();
            }
            self.begin(if width == 8 { long(place, 0)? } else { u64::from(word(place, 0)?) });
            for _ in 0..per_chunk.min(left) {
                let size = match sizes.as_mut().map(Iterator::next) {
                    Some(row) => word(row.unwrap_or_default(), 0)?,
                    None => size,
                };
                if !self.push(size)? {
                    return Ok(());
                }
            }
            left -= per_chunk.min(left);
        }
        match left {
            0 => Ok(()),
            _ => Err(Fault::Damaged(format!("its index has no place for {left} of {count} packets"))),
        }
    }

    /// Adds what the fragment at `place` whose box (`moof`) has this content states of `track`.
    pub(super) fn add_fragment(
        &mut self,
        place: u64,
        content: &[u8],
        track: u32,
        defaults: Defaults,
    ) -> Result<(), Fault> {
        for (_, part) in boxes(content)?.iter().filter(|part| &part.0 == b"traf") {
            let parts = boxes(part)?;
            let Some(header) = find(&parts, b"tfhd") else {
                return Err(Fault::Damaged("box tfhd is missing".to_string()));
            };
            if word(header, 4)? != track {
                continue;
            }
            let (flags, mut at) = (word(header, 0)?, 8);
            let mut base = place;
            if flags & 1 != 0 {
                base = long(header, at)?;
                at += 8;
            }
            at += if flags & 2 != 0 { 4 } else { 0 };
            let mut defaults = defaults;
            for (flag, value) in [(8, &mut defaults.ticks), (16, &mut defaults.size)] {
                if flags & flag != 0 {
                    *value = word(header, at)?;
                    at += 4;
                }
            }
            self.begin(base);
            for (_, run) in parts.iter().filter(|part| &part.0 == b"trun") {
                self.add_run(base, run, defaults)?;
            }
        }
        Ok(())
    }

    /// Adds a run of packets, the content of `trun`.
    fn add_run(&mut self, base: u64, run: &[u8], defaults: Defaults) -> Result<(), Fault> {
        let (flags, count) = (word(run, 0)?, word(run, 4)?);
        let mut at = 8;
        if flags & 1 != 0 {
            self.begin(base.saturating_add_signed(i64::from(word(run, at)? as i32)));
            at += 4;
        }
        at += if flags & 4 != 0 { 4 } else { 0 };
        let (ticks_at, size_at) = (0, if flags & 0x100 != 0 { 4 } else { 0 });
        let width = 4 * (flags & 0xf00).count_ones() as usize;
        let (own_ticks, own_size) = (flags & 0x100 != 0, flags & 0x200 != 0);
        if !own_ticks {
            self.ticks = self.ticks.saturating_add(u64::from(count) * u64::from(defaults.ticks));
        }
        if !own_size && defaults.size == 0 && count > 0 {
            return Err(Fault::Damaged(format!("{count} packets without a size")));
        }
        if width == 0 {
            for _ in 0..count {
                if !self.push(defaults.size)? {
                    break;
                }
            }
            return Ok(());
        }
        for row in rows(run, at, count, width)? {
            if own_ticks {
                self.ticks = self.ticks.saturating_add(u64::from(word(row, ticks_at)?));
            }
            self.push(if own_size { word(row, size_at)? } else { defaults.size })?;
        }
        Ok(())
    }

    /// The run that packet `number` is in, and the packet's place.
    fn find(&self, number: usize) -> (usize, u64) {
        let run = self.runs.partition_point(|run| run.0 <= number).max(1) - 1;
        let Some(&(first, place)) = self.runs.get(run) else { return (0, 0) };
        let before = self.sizes[first..number].iter().map(|&size| u64::from(size));
        (run, place + before.sum::<u64>())
    }
}

/// The packets of a track, counted.
pub(super) struct Mp4Packets {
    file: BufReader<Window>,
    table: PacketTable,
    /// Place of the file's next byte.
    at: u64,
    next: usize,
    run: usize,
    place: u64,
}

impl Mp4Packets {
    pub(super) fn new(place: &Place, table: PacketTable) -> Result<Self, Fault> {
        let file = Window::open(place)?;
        let (run, place) = table.find(0);
        Ok(Self { file: BufReader::with_capacity(1 << 15, file), table, at: 0, next: 0, run, place })
    }
}

impl Packets for Mp4Packets {
    fn next(&mut self) -> Result<Option<(Packet, i64)>, Fault> {
        let Some(&size) = self.table.sizes.get(self.next) else {
            return if self.table.cut { Err(Fault::Ended) } else { Ok(None) };
        };
        if let Some(&(_, place)) = self.table.runs.get(self.run + 1).filter(|run| run.0 == self.next) {
            self.run += 1;
            self.place = place;
        }
        // A relative move keeps what is buffered.
        self.file.seek_relative(self.place as i64 - self.at as i64)?;
        self.at = self.place;
        let mut bytes = vec![0; size as usize];
        self.file.read_exact(&mut bytes)?;
        self.place += u64::from(size);
        self.at = self.place;
        let start = self.next as i64 * AAC_FRAMES as i64;
        self.next += 1;
        Ok(Some((Packet::new(0, Timestamp::new(start), Duration::new(AAC_FRAMES), bytes), start)))
    }

    fn seek(&mut self, frame: u64) -> Result<(), Fault> {
        let wanted = (frame / AAC_FRAMES).saturating_sub(PREROLL).min(self.table.sizes.len() as u64);
        self.next = wanted as usize;
        (self.run, self.place) = self.table.find(self.next);
        Ok(())
    }
}
