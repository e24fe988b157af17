//! Finding out what a file is by its first bytes. Its name does not matter.

use std::io::{Read, Seek, SeekFrom};
use std::string::ToString;
use std::vec::Vec;

use super::info::FileFormat;
use super::place::{Media, Place, Window};
use super::source::{Fault, Opened};
use super::{coded, id3, ogg, others, wav};

/// Bytes looked at.
const HEAD: u64 = 600;

/// Finds out by the first bytes what a file is, and opens it.
pub(super) fn open(media: Media, strict: bool) -> Result<Opened, Fault> {
    let whole = Place::whole(media)?;
    let mut file = Window::open(&whole)?;
    let mut start = 0;
    let head = loop {
        let mut head = Vec::with_capacity(HEAD as usize);
        file.seek(SeekFrom::Start(start))?;
        Read::by_ref(&mut file).take(HEAD).read_to_end(&mut head)?;
        // Tags stand before MP3 and sometimes before others.
        if let (true, Some(tag)) = (head.starts_with(b"ID3"), head.first_chunk()) {
            start += id3::tag_bytes(tag);
        } else {
            break head;
        }
    };
    let place = whole.part(start, u64::MAX);
    let at = |bytes: &[u8], offset: usize| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    if head.is_empty() {
        return Err(Fault::NotAudio("there is nothing in it".to_string()));
    }
    if let Some(name) = others::name(&head) {
        return Err(Fault::Unsupported(name.to_string()));
    }
    if at(b"RIFF", 0) || at(b"RF64", 0) || at(b"BW64", 0) {
        return match at(b"WAVE", 8) {
            true => wav::open(&place, strict),
            false => Err(Fault::NotAudio("a RIFF file that is not WAV".to_string())),
        };
    }
    if at(b"fLaC", 0) {
        return coded::open_flac(&place, strict);
    }
    if at(b"OggS", 0) {
        return ogg::open(&place, strict);
    }
    if at(b"ftyp", 4) || at(b"moov", 4) || at(b"mdat", 4) || at(b"wide", 4) {
        // Places in it are counted from the beginning of the file.
        return coded::open_mp4(&whole);
    }
    if at(b"FORM", 0) && (at(b"AIFF", 8) || at(b"AIFC", 8)) {
        return coded::open_other(&place, FileFormat::Aiff).map_err(|fault| {
            match (fault, others::in_aiff(&head)) {
                (Fault::Unsupported(_), Some(name)) => Fault::Unsupported(name),
                (fault, _) => fault,
            }
        });
    }
    if at(b"caff", 0) {
        return coded::open_other(&place, FileFormat::Caf);
    }
    if at(b"\x1a\x45\xdf\xa3", 0) {
        return coded::open_other(&place, FileFormat::Matroska);
    }
    coded::open_mpeg(&place, strict).map_err(|fault| match (fault, others::likely(&head)) {
        (Fault::NotAudio(_), Some(name)) => Fault::Unsupported(name.to_string()),
        (fault, _) => fault,
    })
}
