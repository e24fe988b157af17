//! ID3v2: how long a tag is. It stands before the audio or behind it, whatever the format.
//!
//! Source: id3.org, ID3 tag version 2.4.0, main structure, 3.1.

/// Length of the ID3v2 tag that begins with `head`, its header and all.
pub(super) fn tag_bytes(head: &[u8; 10]) -> u64 {
    // Seven bits to a byte, so that it never looks like a frame.
    let length = head[6..].iter().fold(0, |sum, &byte| sum << 7 | u64::from(byte & 0x7f));
    10 + length + if head[5] & 0x10 != 0 { 10 } else { 0 }
}
