//! What stands behind the audio: tags that programs append to any format, or bytes that are nothing.
//!
//! Known are ID3v1 (128 bytes at the very end, with the extension of 227 before it), ID3v2 (at the place where
//! the audio ends), APE with and without a header, and Lyrics3v2.

use std::format;
use std::io::{self, Read, Seek, SeekFrom};
use std::string::{String, ToString};

use super::id3;

/// More tags behind one file are not tags.
const MOST_TAGS: usize = 64;

/// The `N` bytes that end at `end`, if they begin at `start` or behind it.
fn ending<const N: usize>(
    file: &mut (impl Read + Seek),
    start: u64,
    end: u64,
) -> io::Result<Option<[u8; N]>> {
    match end.checked_sub(N as u64) {
        Some(place) if place >= start => {
            let mut bytes = [0; N];
            file.seek(SeekFrom::Start(place))?;
            file.read_exact(&mut bytes)?;
            Ok(Some(bytes))
        }
        _ => Ok(None),
    }
}

/// Bytes of the tag that ends at `end`, 0 if there is none.
fn tag_before(file: &mut (impl Read + Seek), start: u64, end: u64) -> io::Result<u64> {
    if ending::<128>(file, start, end)?.is_some_and(|tag| tag.starts_with(b"TAG")) {
        return Ok(128);
    }
    if ending::<227>(file, start, end)?.is_some_and(|tag| tag.starts_with(b"TAG+")) {
        return Ok(227);
    }
    if let Some(footer) = ending::<32>(file, start, end)?.filter(|footer| footer.starts_with(b"APETAGEX")) {
        let word =
            |at: usize| u32::from_le_bytes([footer[at], footer[at + 1], footer[at + 2], footer[at + 3]]);
        // The length counts the footer but not the header, which a flag announces.
        return Ok(u64::from(word(12)) + if word(20) >> 31 == 1 { 32 } else { 0 });
    }
    if let Some(footer) = ending::<15>(file, start, end)?.filter(|footer| footer.ends_with(b"LYRICS200")) {
        let length = footer[..6]
            .iter()
            .try_fold(0_u64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0')));
        return Ok(length.map_or(0, |length| length + 15));
    }
    Ok(0)
}

/// Where the tags at the end of `start..end` begin; `end` if there are none.
pub(super) fn before_tags(file: &mut (impl Read + Seek), start: u64, mut end: u64) -> io::Result<u64> {
    for _ in 0..MOST_TAGS {
        let bytes = tag_before(file, start, end)?;
        if bytes == 0 || bytes > end - start {
            break;
        }
        end -= bytes;
    }
    Ok(end)
}

/// Where the tags that begin at `start` end, those that are read from their beginning.
fn behind_tags(file: &mut (impl Read + Seek), mut start: u64, end: u64) -> io::Result<u64> {
    for _ in 0..MOST_TAGS {
        let Some(head) = ending::<10>(file, start, (start + 10).min(end))? else { break };
        let bytes = if head.starts_with(b"ID3") { id3::tag_bytes(&head) } else { 0 };
        if bytes == 0 || bytes > end - start {
            break;
        }
        start += bytes;
    }
    Ok(start)
}

/// A line about the bytes from `start` to `end`, which stand behind the audio; `None` if there are none, or
/// nothing but tags.
pub(super) fn note(file: &mut (impl Read + Seek), start: u64, end: u64) -> io::Result<Option<String>> {
    let begin = behind_tags(file, start, end)?;
    let end = before_tags(file, begin, end)?;
    Ok((begin < end).then(|| left_out(end - begin)))
}

/// The line about bytes that are neither audio nor a tag.
pub(super) fn left_out(bytes: u64) -> String {
    let (bytes, are) =
        if bytes == 1 { ("1 byte".to_string(), "is") } else { (format!("{bytes} bytes"), "are") };
    format!("{bytes} behind the audio {are} no tag and {are} left out")
}
