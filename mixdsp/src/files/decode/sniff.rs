//! Finding out what a file is by its first bytes. Its name does not matter.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::string::ToString;
use std::vec::Vec;

use super::source::{Fault, Opened};
use super::{coded, id3, ogg, others, wav};

/// Finds out by the first bytes what a file is, and opens it.
pub(super) fn open(path: &Path) -> Result<Opened, Fault> {
    let mut file = File::open(path)?;
    let mut start = 0;
    let head = loop {
        let mut head = Vec::with_capacity(64);
        file.seek(SeekFrom::Start(start))?;
        Read::by_ref(&mut file).take(64).read_to_end(&mut head)?;
        // Tags stand before MP3 and sometimes before FLAC.
        if let (true, Some(tag)) = (head.starts_with(b"ID3"), head.first_chunk()) {
            start += id3::tag_bytes(tag);
        } else {
            break head;
        }
    };
    let at = |bytes: &[u8], offset: usize| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    if head.is_empty() {
        return Err(Fault::NotAudio("there is nothing in it".to_string()));
    }
    if let Some(name) = others::name(&head) {
        return Err(Fault::Unsupported(name.to_string()));
    }
    if start == 0 && (at(b"RIFF", 0) || at(b"RF64", 0) || at(b"BW64", 0)) {
        return match at(b"WAVE", 8) {
            true => {
                file.seek(SeekFrom::Start(0))?;
                wav::Wav::open(file)
            }
            false => Err(Fault::NotAudio("a RIFF file that is not WAV".to_string())),
        };
    }
    if at(b"fLaC", 0) {
        return coded::open_flac(path, start);
    }
    if start == 0 && at(b"OggS", 0) {
        return ogg::open(path);
    }
    if start == 0 && at(b"ftyp", 4) {
        return coded::open_mp4(path);
    }
    match head[..] {
        [0xff, byte, ..] if byte & 0xf6 == 0xf0 => {
            return Err(Fault::Unsupported("AAC outside MP4".to_string()));
        }
        [0xff, byte, next, ..] if byte & 0xe4 == 0xe4 && next >> 4 != 15 && next >> 2 & 3 != 3 => {
            return Err(Fault::Unsupported("MPEG layer I or II".to_string()));
        }
        _ => {}
    }
    coded::open_mp3(file, start)
}
