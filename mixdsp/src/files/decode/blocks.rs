//! Packets of equal size that follow one another: what is coded block by block in a file without packets.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::vec;

use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use super::packets::Packets;
use super::place::{Place, Window};
use super::source::Fault;

/// Blocks, each of so many bytes that are so many frames.
pub(super) struct Blocks {
    file: BufReader<Window>,
    block_bytes: u64,
    block_frames: u64,
    /// Blocks in a packet.
    together: u64,
    blocks: u64,
    /// The next block.
    next: u64,
}

impl Blocks {
    /// The blocks of a place; what is left of it behind whole ones is not given.
    pub(super) fn new(
        place: &Place,
        block_bytes: u64,
        block_frames: u64,
        together: u64,
    ) -> Result<Self, Fault> {
        let file = BufReader::new(Window::open(place)?);
        let blocks = file.get_ref().length() / block_bytes.max(1);
        Ok(Self { file, block_bytes, block_frames, together, blocks, next: 0 })
    }

    /// Frames of all blocks.
    pub(super) fn frames(&self) -> u64 {
        self.blocks * self.block_frames
    }
}

impl Packets for Blocks {
    fn next(&mut self) -> Result<Option<(Packet, i64)>, Fault> {
        let count = self.together.min(self.blocks - self.next);
        if count == 0 {
            return Ok(None);
        }
        let mut bytes = vec![0; (count * self.block_bytes) as usize];
        self.file.read_exact(&mut bytes)?;
        let start = (self.next * self.block_frames) as i64;
        self.next += count;
        let length = Duration::new(count * self.block_frames);
        Ok(Some((Packet::new(0, Timestamp::new(start), length, bytes), start)))
    }

    fn seek(&mut self, frame: u64) -> Result<(), Fault> {
        self.next = (frame / self.block_frames).min(self.blocks);
        self.file.seek(SeekFrom::Start(self.next * self.block_bytes))?;
        Ok(())
    }
}
