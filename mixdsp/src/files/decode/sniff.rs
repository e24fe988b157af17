//! Finding out what a file is by its first bytes. Its name does not matter.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::string::ToString;
use std::vec::Vec;

use super::source::{Fault, Opened};
use super::{coded, mpeg, ogg, wav};

/// Kinds of file that a person may well have but that are not decoded.
const OTHERS: [(&[u8], usize, &str); 12] = [
    (b"AIF", 8, "AIFF"),
    (b"caff", 0, "CAF"),
    (b"riff", 0, "Wave64"),
    (b"wvpk", 0, "WavPack"),
    (b"MAC ", 0, "Monkey's Audio"),
    (b"TTA1", 0, "True Audio"),
    (b"DSD ", 0, "DSD"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", 0, "Windows Media"),
    (b"\x1a\x45\xdf\xa3", 0, "Matroska or WebM"),
    (b"OpusHead", 28, "Opus"),
    (b"Speex   ", 28, "Speex"),
    (b"\x7fFLAC", 28, "FLAC in Ogg"),
];

/// The name of a kind that is not decoded, by the first bytes of it.
pub(super) fn other(head: &[u8]) -> Option<&'static str> {
    let at = |bytes: &[u8], offset: usize| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    OTHERS.iter().find(|(magic, offset, _)| at(magic, *offset)).map(|(.., name)| *name)
}

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
            start += mpeg::tag_bytes(tag);
        } else {
            break head;
        }
    };
    let at = |bytes: &[u8], offset: usize| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    if head.is_empty() {
        return Err(Fault::NotAudio("there is nothing in it".to_string()));
    }
    if let Some(name) = other(&head) {
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
