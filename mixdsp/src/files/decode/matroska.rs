//! Matroska: the start-up of a coding, and the filling of its last packet, which symphonia leaves out.
//!
//! Elements have a number, a length and a content, some of them of elements again. They are walked once when a
//! file is opened, a few bytes of each.
//!
//! Source: RFC 9559, Matroska Media Container Format, 5.1.4.1 (CodecDelay) and 5.1.3.5 (DiscardPadding).

use std::io::{BufReader, Read};

use super::place::{Place, Window};
use super::source::Fault;

/// Elements of a file: more are not looked at.
const MOST_ELEMENTS: usize = 1 << 24;
/// Segment, Tracks, TrackEntry, Cluster, BlockGroup: what is gone into.
const PARENTS: [u32; 5] = [0x1853_8067, 0x1654_ae6b, 0xae, 0x1f43_b675, 0xa0];
const TRACK_ENTRY: u32 = 0xae;
const TRACK_NUMBER: u32 = 0xd7;
const CODEC_DELAY: u32 = 0x56aa;
const BLOCK: u32 = 0xa1;
const DISCARD_PADDING: u32 = 0x75a2;

/// Start-up and filling, in nanoseconds.
#[derive(Clone, Copy, Default, Debug, PartialEq)]
pub(super) struct Trimmed {
    pub(super) delay: u64,
    pub(super) padding: u64,
}

/// What belongs to a track.
pub(super) fn trimmed(place: &Place, track: u64) -> Result<Trimmed, Fault> {
    let window = Window::open(place)?;
    let end = window.length();
    let mut walk = Walk { file: BufReader::new(window), place: 0 };
    let (mut found, mut at) = (Trimmed::default(), 0);
    // Number and delay of the track that is described, track of the block that is looked at.
    let (mut number, mut delay, mut block) = (0, 0, 0);
    for _ in 0..MOST_ELEMENTS {
        let mut head = [0; 12];
        let there = (end - at).min(12) as usize;
        walk.read(at, &mut head[..there])?;
        let Some((id, id_bytes)) = element_id(&head[..there]) else { break };
        let Some((length, length_bytes)) = variable(&head[id_bytes..there]) else { break };
        let content = at + (id_bytes + length_bytes) as u64;
        if id == TRACK_ENTRY {
            (number, delay) = (0, 0);
        }
        if PARENTS.contains(&id) {
            at = content;
        } else {
            // One of unknown length that is not gone into is the last.
            let Some(length) = length else { break };
            let bytes = walk.number(content, length.min(8).min(end.saturating_sub(content)))?;
            match id {
                TRACK_NUMBER => number = bytes,
                CODEC_DELAY => delay = bytes,
                // The number of its track comes first.
                BLOCK => {
                    block =
                        bytes.checked_shr(8 * (length.min(8) as u32).saturating_sub(1)).unwrap_or(0) & 0x7f
                }
                DISCARD_PADDING if block == track => found.padding = bytes,
                _ => {}
            }
            at = content.saturating_add(length);
        }
        if number == track && delay > 0 {
            found.delay = delay;
        }
        if at >= end {
            break;
        }
    }
    Ok(found)
}

/// Looks at the bytes of a file.
struct Walk {
    file: BufReader<Window>,
    /// Place of the file's next byte.
    place: u64,
}

impl Walk {
    fn read(&mut self, at: u64, bytes: &mut [u8]) -> Result<(), Fault> {
        // A relative move keeps what is buffered.
        self.file.seek_relative(at as i64 - self.place as i64)?;
        self.place = at;
        self.file.read_exact(bytes)?;
        self.place += bytes.len() as u64;
        Ok(())
    }

    /// A whole number of up to eight bytes.
    fn number(&mut self, at: u64, length: u64) -> Result<u64, Fault> {
        let mut bytes = [0; 8];
        let bytes = &mut bytes[..length as usize];
        if !bytes.is_empty() {
            self.read(at, bytes)?;
        }
        Ok(bytes.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)))
    }
}

/// The number of an element, with its marker, and its bytes.
fn element_id(bytes: &[u8]) -> Option<(u32, usize)> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    let id = bytes.get(..length).filter(|_| length <= 4)?;
    Some((id.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte)), length))
}

/// A length, `None` for one that is not known, and its bytes.
fn variable(bytes: &[u8]) -> Option<(Option<u64>, usize)> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    let all = bytes.get(..length).filter(|_| length <= 8)?;
    let value = all.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
    let ones = (1_u64 << (7 * length)) - 1;
    Some((Some(value & ones).filter(|&value| value != ones), length))
}
