//! MP4: boxes in memory, and the numbers and tables in them.
//!
//! Source: ISO/IEC 14496-12, 4.2.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::source::Fault;

/// A box's name, fit to be shown.
pub(super) fn letters(kind: [u8; 4]) -> String {
    kind.iter().flat_map(|&byte| char::from(byte).escape_default()).collect()
}

/// A box in memory: its four letters and its content.
pub(super) type Inner<'a> = ([u8; 4], &'a [u8]);

/// The boxes in `content`, each of which has to fit it.
pub(super) fn boxes(content: &[u8]) -> Result<Vec<Inner<'_>>, Fault> {
    let mut found = Vec::new();
    let mut rest = content;
    while let Some((head, _)) = rest.split_first_chunk::<8>() {
        let kind = [head[4], head[5], head[6], head[7]];
        let (header, length) = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
            0 => (8, rest.len() as u64),
            1 => (16, u64::from(word(rest, 8)?) << 32 | u64::from(word(rest, 12)?)),
            length => (8, u64::from(length)),
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Some(inside) = rest.get(header..length) else {
            return Err(Fault::Damaged(format!("box {} does not fit its parent", letters(kind))));
        };
        found.push((kind, inside));
        rest = &rest[length..];
    }
    Ok(found)
}

/// The content of the first box of this kind.
pub(super) fn find<'a>(boxes: &[Inner<'a>], kind: &[u8; 4]) -> Option<&'a [u8]> {
    boxes.iter().find(|part| &part.0 == kind).map(|part| part.1)
}

/// Four bytes at `at`.
pub(super) fn word(content: &[u8], at: usize) -> Result<u32, Fault> {
    let bytes = content.get(at..).and_then(|rest| rest.first_chunk());
    bytes
        .map(|bytes| u32::from_be_bytes(*bytes))
        .ok_or_else(|| Fault::Damaged("a box is too short".to_string()))
}

/// Eight bytes at `at`.
pub(super) fn long(content: &[u8], at: usize) -> Result<u64, Fault> {
    Ok(u64::from(word(content, at)?) << 32 | u64::from(word(content, at + 4)?))
}

/// A table of `count` rows of `width` bytes behind the first `at` bytes.
pub(super) fn rows(
    content: &[u8],
    at: usize,
    count: u32,
    width: usize,
) -> Result<impl Iterator<Item = &[u8]>, Fault> {
    let rest = content.get(at..).unwrap_or_default();
    if rest.len() / width < count as usize {
        return Err(Fault::Damaged(format!("a table of {count} rows has room for {}", rest.len() / width)));
    }
    Ok(rest.chunks_exact(width).take(count as usize))
}
