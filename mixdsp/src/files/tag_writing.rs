//! Tags that are new: what a release says of a file, loudness for players among it, beside what the file says already.
//!
//! ```text
//! names and values --names that formats share--> ID3 | comments | iTunes atoms     --> file
//!                  `--names of one's own-------> the same, as free texts
//!                  `--(WAV and AIFF) also the chunks that the oldest readers know
//! ```

use std::borrow::ToOwned;
use std::boxed::Box;
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::string::{String, ToString as _};
use std::vec::Vec;
use std::{format, vec};

use lofty::TextEncoding;
use lofty::config::{ParseOptions, WriteOptions};
use lofty::file::{AudioFile as _, FileType};
use lofty::flac::FlacFile;
use lofty::id3::v2::{ExtendedTextFrame, Frame, Id3v2Tag};
use lofty::iff::aiff::AiffFile;
use lofty::iff::wav::WavFile;
use lofty::mp4::{Atom, AtomData, AtomIdent, Ilst, Mp4File};
use lofty::mpeg::MpegFile;
use lofty::ogg::tag::VorbisComments;
use lofty::ogg::{OggPictureStorage as _, OpusFile, VorbisFile};
use lofty::picture::{Picture, PictureType};
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag, TagExt as _, TagType};

use crate::files::SessionError;

type Told<T> = Result<T, Box<dyn Error>>;

/// Tags that are written to a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NewTags {
    /// Names and values: `title`, `artist`, `album`, `album_artist`, `track`, `tracks`, `disc`, `discs`, `date`, `genre`,
    /// `composer`, `comment`, `copyright`, `label`, `isrc`, `upc`, `replaygain_track_gain` and its kin; others become
    /// texts of that name.
    pub texts: Vec<(String, String)>,
    /// The cover: a JPEG, PNG, GIF, BMP or TIFF.
    pub cover: Option<Vec<u8>>,
}

/// Names that formats share.
const SHARED: &[(&str, ItemKey)] = &[
    ("title", ItemKey::TrackTitle),
    ("artist", ItemKey::TrackArtist),
    ("album", ItemKey::AlbumTitle),
    ("album_artist", ItemKey::AlbumArtist),
    ("track", ItemKey::TrackNumber),
    ("tracks", ItemKey::TrackTotal),
    ("disc", ItemKey::DiscNumber),
    ("discs", ItemKey::DiscTotal),
    ("date", ItemKey::RecordingDate),
    ("genre", ItemKey::Genre),
    ("composer", ItemKey::Composer),
    ("comment", ItemKey::Comment),
    ("copyright", ItemKey::CopyrightMessage),
    ("label", ItemKey::Label),
    ("isrc", ItemKey::Isrc),
    ("upc", ItemKey::Barcode),
    ("replaygain_track_gain", ItemKey::ReplayGainTrackGain),
    ("replaygain_track_peak", ItemKey::ReplayGainTrackPeak),
    ("replaygain_album_gain", ItemKey::ReplayGainAlbumGain),
    ("replaygain_album_peak", ItemKey::ReplayGainAlbumPeak),
];

/// Writes tags to a file, WAV, AIFF, FLAC, MP3, MP4, Opus or Vorbis, beside those that it has; of one name the new one
/// stands.
///
/// # Errors
/// [`SessionError::Damaged`] for a cover that is no picture, [`SessionError::Write`] where the file holds no tags or
/// cannot be written.
pub fn write_tags(path: impl AsRef<Path>, tags: &NewTags) -> Result<(), SessionError> {
    let path = path.as_ref();
    let cover = match &tags.cover {
        None => None,
        Some(bytes) => {
            let picture = Picture::from_reader(&mut bytes.as_slice());
            let mut picture = picture.map_err(|_| SessionError::Session {
                place: "cover".to_owned(),
                reason: "no picture: a JPEG or a PNG is one".to_owned(),
            })?;
            picture.set_pic_type(PictureType::CoverFront);
            Some(picture)
        }
    };
    write(path, tags, cover).map_err(|error| SessionError::Write {
        path: path.to_owned(),
        source: io::Error::other(format!("its tags: {error}")).into(),
    })
}

fn shared(name: &str) -> Option<ItemKey> {
    SHARED.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, key)| *key)
}

/// What a kind of tag has a name for, and the rest.
fn parted(tags: &NewTags, kind: TagType, cover: Option<Picture>) -> (Tag, Vec<(String, String)>) {
    let (mut tag, mut own) = (Tag::new(kind), Vec::new());
    for (name, value) in &tags.texts {
        match shared(name) {
            Some(key) if tag.insert_text(key, value.clone()) => {}
            _ => own.push((name.to_uppercase(), value.clone())),
        }
    }
    if let Some(cover) = cover {
        tag.push_picture(cover);
    }
    (tag, own)
}

fn write(path: &Path, tags: &NewTags, cover: Option<Picture>) -> Told<()> {
    let options = ParseOptions::new().read_properties(false);
    let kind = Probe::open(path)?.guess_file_type()?.file_type().ok_or("no kind of file that holds any")?;
    let mut file = File::open(path)?;
    match kind {
        FileType::Wav => {
            let found = WavFile::read_from(&mut file, options)?;
            save_id3(path, found.id3v2().cloned(), tags, cover)?;
            save_plain(path, tags, TagType::RiffInfo)
        }
        FileType::Aiff => {
            let found = AiffFile::read_from(&mut file, options)?;
            save_id3(path, found.id3v2().cloned(), tags, cover)?;
            save_plain(path, tags, TagType::AiffText)
        }
        FileType::Mpeg => {
            let found = MpegFile::read_from(&mut file, options)?;
            save_id3(path, found.id3v2().cloned(), tags, cover)
        }
        FileType::Flac => {
            let found = FlacFile::read_from(&mut file, options)?;
            let mut comments = found.vorbis_comments().cloned().unwrap_or_default();
            // FLAC keeps pictures beside its comments.
            for (picture, facts) in found.pictures() {
                if cover.is_none() || picture.pic_type() != PictureType::CoverFront {
                    comments.insert_picture(picture.clone(), Some(*facts))?;
                }
            }
            save_comments(path, comments, tags, cover)
        }
        FileType::Opus => {
            let found = OpusFile::read_from(&mut file, options)?;
            save_comments(path, found.vorbis_comments().clone(), tags, cover)
        }
        FileType::Vorbis => {
            let found = VorbisFile::read_from(&mut file, options)?;
            save_comments(path, found.vorbis_comments().clone(), tags, cover)
        }
        FileType::Mp4 => {
            let found = Mp4File::read_from(&mut file, options)?;
            let mut all = found.ilst().cloned().unwrap_or_default();
            let (tag, own) = parted(tags, TagType::Mp4Ilst, None);
            for atom in Ilst::from(tag) {
                all.replace_atom(atom);
            }
            for (name, value) in own {
                let ident = AtomIdent::Freeform { mean: "com.apple.iTunes".into(), name: name.into() };
                all.replace_atom(Atom::new(ident, AtomData::UTF8(value)));
            }
            if let Some(cover) = cover {
                all.remove_pictures();
                all.insert_picture(cover);
            }
            Ok(all.save_to_path(path, WriteOptions::default())?)
        }
        _ => Err("no kind of file that holds any".into()),
    }
}

fn save_id3(path: &Path, found: Option<Id3v2Tag>, tags: &NewTags, cover: Option<Picture>) -> Told<()> {
    let mut all = found.unwrap_or_default();
    if cover.is_some() {
        all.remove_picture_type(PictureType::CoverFront);
    }
    let (tag, own) = parted(tags, TagType::Id3v2, cover);
    for frame in Id3v2Tag::from(tag) {
        all.insert(frame);
    }
    for (name, value) in own {
        all.insert(Frame::UserText(ExtendedTextFrame::new(TextEncoding::UTF8, name, value)));
    }
    Ok(all.save_to_path(path, WriteOptions::default())?)
}

/// The texts that WAV and AIFF had before ID3, as far as they have them. They are of no alphabet that readers agree on: of
/// anything but ASCII there is ID3 alone, which all readers take where nothing else is.
fn save_plain(path: &Path, tags: &NewTags, kind: TagType) -> Told<()> {
    let (tag, _) = parted(tags, kind, None);
    if tag.item_count() == 0 {
        return Ok(());
    }
    if tags.texts.iter().all(|(_, text)| text.is_ascii()) {
        return Ok(tag.save_to_path(path, WriteOptions::default())?);
    }
    Ok(kind.remove_from_path(path, WriteOptions::default())?)
}

fn save_comments(path: &Path, mut all: VorbisComments, tags: &NewTags, cover: Option<Picture>) -> Told<()> {
    let (tag, own) = parted(tags, TagType::VorbisComments, None);
    let new = VorbisComments::from(tag);
    for (name, value) in new.items().map(|(name, value)| (name.to_string(), value.to_string())).chain(own) {
        all.insert(name, value);
    }
    if let Some(cover) = cover {
        all.remove_picture_type(PictureType::CoverFront);
        all.insert_picture(cover, None)?;
    }
    Ok(all.save_to_path(path, WriteOptions::default())?)
}

/// Sets the gain in the header of an Opus file, which every decoder applies (RFC 7845, 5.1): -128 to 128 dB in steps of
/// 1/256 dB. R128 tags count from behind it.
///
/// # Errors
/// [`SessionError::OutOfRange`], [`SessionError::NotAudio`] for a file that is no Opus, [`SessionError::Write`].
pub fn write_opus_gain(path: impl AsRef<Path>, gain_db: f64) -> Result<(), SessionError> {
    let path = path.as_ref();
    let steps = (256.0 * gain_db).round_ties_even();
    if !(-32_768.0..=32_767.0).contains(&steps) {
        let (minimum, maximum) = (-128.0, 127.996);
        return Err(SessionError::OutOfRange { name: "gain_db", value: gain_db, minimum, maximum });
    }
    let failed = |source: io::Error| SessionError::Write { path: path.to_owned(), source: source.into() };
    let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
    let mut page = vec![0; 282 + 255];
    let read = file.read(&mut page).map_err(failed)?;
    page.truncate(read);
    let segments = usize::from(page.get(26).copied().unwrap_or(0));
    let body = 27 + segments;
    let length: usize = page.get(27..body).unwrap_or_default().iter().map(|n| usize::from(*n)).sum();
    let head = page.get(body..body + length).unwrap_or_default();
    if !page.starts_with(b"OggS") || !head.starts_with(b"OpusHead") || head.len() < 19 {
        return Err(SessionError::NotAudio {
            path: path.to_owned(),
            found: "it does not begin as Opus in Ogg".into(),
        });
    }
    page.truncate(body + length);
    page[body + 16..body + 18].copy_from_slice(&(steps as i16).to_le_bytes());
    page[22..26].fill(0);
    let sum = ogg_checksum(&page);
    page[22..26].copy_from_slice(&sum.to_le_bytes());
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    file.write_all(&page).map_err(failed)?;
    file.sync_all().map_err(failed)
}

/// The checksum of an Ogg page (RFC 3533, 6).
fn ogg_checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum: u32, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 24, |sum, _| {
            if sum >> 31 == 1 { sum << 1 ^ 0x04c1_1db7 } else { sum << 1 }
        })
    })
}
