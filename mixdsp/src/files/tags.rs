//! Tags: what a file says of itself goes to the file that was made of it, by lofty.
//!
//! ```text
//! file --all its tags--> names that formats share, and names of the file's own --without what is stale--> file
//! ```
//!
//! What is no longer true is left out: loudness (ReplayGain, R128, Sound Check) and what the encoder said of its
//! start-up.

use std::borrow::ToOwned;
use std::boxed::Box;
use std::collections::BTreeSet;
use std::error::Error;
use std::format;
use std::io;
use std::path::Path;
use std::string::{String, ToString as _};
use std::vec::Vec;

use lofty::TextEncoding;
use lofty::config::{ParseOptions, WriteOptions};
use lofty::file::{AudioFile as _, FileType, TaggedFileExt as _};
use lofty::flac::FlacFile;
use lofty::id3::v2::{ExtendedTextFrame, Frame, Id3v2Tag};
use lofty::mp4::{Atom, AtomData, AtomIdent, Ilst, Mp4File};
use lofty::mpeg::MpegFile;
use lofty::ogg::tag::VorbisComments;
use lofty::ogg::{OpusFile, VorbisFile};
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag, TagExt as _, TagType};

use crate::files::SessionError;

/// lofty has an error for each kind of file.
type Told<T> = Result<T, Box<dyn Error>>;

/// Parts of the names of what is no longer true of another file.
const STALE: [&str; 6] = ["replaygain", "r128_", "itunnorm", "itunsmpb", "encodersettings", MASK];
/// Where the channels of a FLAC file stand: of the file that is made, not of the one it was made of.
const MASK: &str = "waveformatextensible_channel_mask";

/// Puts the tags of `source` to `made`, which is WAV, AIFF, FLAC, MP3, MP4, Opus or Vorbis by its ending: text, pictures, and names that only one format
/// has. Gives the number of tags that were kept.
///
/// # Errors
/// [`SessionError::Damaged`] where the tags of a file cannot be read, [`SessionError::Write`] where they cannot be
/// written.
pub fn keep_tags(source: impl AsRef<Path>, made: impl AsRef<Path>) -> Result<usize, SessionError> {
    let (source, made) = (source.as_ref(), made.as_ref());
    let unreadable = |error: Box<dyn Error>| SessionError::Damaged {
        path: source.to_owned(),
        at_seconds: None,
        reason: format!("its tags: {error}"),
    };
    let Some(found) = Found::read(source).map_err(unreadable)? else { return Ok(0) };
    if found.is_empty() {
        return Ok(0);
    }
    let kept = found.kept();
    let unwritable = |error: Box<dyn Error>| SessionError::Write {
        path: made.to_owned(),
        source: io::Error::other(error.to_string()).into(),
    };
    let ending = made.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let written = match &*ending {
        "flac" | "opus" | "ogg" | "oga" => found.write_comments(made),
        "m4a" | "mp4" => found.write_atoms(made),
        _ => found.write_id3(made),
    };
    written.map_err(unwritable)?;
    Ok(kept)
}

/// What a file says of itself.
struct Found {
    /// What formats have in common, and the pictures.
    shared: Tag,
    /// Names that are the file's own.
    own: Vec<(String, String)>,
}

impl Found {
    /// The tags of a file; `None` where it is of no kind that has any.
    fn read(path: &Path) -> Told<Option<Self>> {
        let options = ParseOptions::new().read_properties(false);
        let probe = Probe::open(path)?.options(options).guess_file_type()?;
        let Some(kind) = probe.file_type() else { return Ok(None) };
        let tagged = probe.read()?;
        let mut shared = Tag::new(TagType::Id3v2);
        let mut seen = BTreeSet::new();
        for tag in tagged.tags() {
            for item in tag.items() {
                let name = format!("{:?}", item.key());
                // The first tag that has it; each of its values.
                if !is_stale(&name) && seen.insert((name.clone(), format!("{:?}", item.value()))) {
                    shared.push_unchecked(item.clone());
                }
            }
            if shared.pictures().is_empty() {
                tag.pictures().iter().for_each(|picture| shared.push_picture(picture.clone()));
            }
        }
        let mut own = own_names(path, kind, options).unwrap_or_default();
        own.retain(|(name, _)| !is_stale(name));
        Ok(Some(Self { shared, own }))
    }

    fn is_empty(&self) -> bool {
        self.kept() == 0
    }

    fn kept(&self) -> usize {
        self.shared.item_count() as usize + self.shared.picture_count() as usize + self.own.len()
    }

    /// As an ID3 tag, which WAV and AIFF have a chunk for.
    fn write_id3(mut self, path: &Path) -> Told<()> {
        self.shared.re_map(TagType::Id3v2);
        let mut tag = Id3v2Tag::from(self.shared);
        for (name, value) in self.own {
            let frame = ExtendedTextFrame::new(TextEncoding::UTF8, name, value);
            tag.insert(Frame::UserText(frame));
        }
        Ok(tag.save_to_path(path, WriteOptions::default())?)
    }

    /// As the atoms of iTunes.
    fn write_atoms(mut self, path: &Path) -> Told<()> {
        self.shared.re_map(TagType::Mp4Ilst);
        let mut tag = Ilst::from(self.shared);
        for (name, value) in self.own {
            let ident = AtomIdent::Freeform { mean: "com.apple.iTunes".into(), name: name.into() };
            tag.insert(Atom::new(ident, AtomData::UTF8(value)));
        }
        Ok(tag.save_to_path(path, WriteOptions::default())?)
    }

    /// As the comments of FLAC, Opus and Vorbis.
    fn write_comments(mut self, path: &Path) -> Told<()> {
        self.shared.re_map(TagType::VorbisComments);
        let mut tag = VorbisComments::from(self.shared);
        for (name, value) in self.own {
            tag.push(name, value);
        }
        let options = ParseOptions::new().read_properties(false);
        if let Ok(made) = FlacFile::read_from(&mut std::fs::File::open(path)?, options) {
            let mask = made.vorbis_comments().and_then(|comments| comments.get(MASK));
            mask.into_iter().for_each(|mask| tag.push(MASK.to_uppercase(), mask.to_owned()));
        }
        Ok(tag.save_to_path(path, WriteOptions::default())?)
    }
}

fn is_stale(name: &str) -> bool {
    let name = name.to_lowercase();
    STALE.iter().any(|stale| name.contains(stale))
}

/// The names that only this file's format, or this file, knows.
fn own_names(path: &Path, kind: FileType, options: ParseOptions) -> Told<Vec<(String, String)>> {
    let mut file = std::fs::File::open(path)?;
    let of_comments = |tag: &VorbisComments| {
        let pairs =
            tag.items().filter(|(name, _)| ItemKey::from_key(TagType::VorbisComments, name).is_none());
        pairs.map(|(name, value)| (name.to_string(), value.to_string())).collect()
    };
    Ok(match kind {
        FileType::Flac => {
            FlacFile::read_from(&mut file, options)?.vorbis_comments().map(of_comments).unwrap_or_default()
        }
        FileType::Vorbis => of_comments(VorbisFile::read_from(&mut file, options)?.vorbis_comments()),
        FileType::Opus => of_comments(OpusFile::read_from(&mut file, options)?.vorbis_comments()),
        FileType::Mpeg => {
            let file = MpegFile::read_from(&mut file, options)?;
            let texts =
                file.id3v2().into_iter().flat_map(|tag| tag.into_iter()).filter_map(|frame| match frame {
                    Frame::UserText(text) => Some((text.description.to_string(), text.content.to_string())),
                    _ => None,
                });
            texts.filter(|(name, _)| ItemKey::from_key(TagType::Id3v2, name).is_none()).collect()
        }
        FileType::Mp4 => {
            let file = Mp4File::read_from(&mut file, options)?;
            let mut found = Vec::new();
            for atom in file.ilst().into_iter().flat_map(|tag| tag.into_iter()) {
                let AtomIdent::Freeform { mean, name } = atom.ident() else { continue };
                if ItemKey::from_key(TagType::Mp4Ilst, &format!("----:{mean}:{name}")).is_some() {
                    continue;
                }
                for data in atom.data() {
                    if let AtomData::UTF8(text) = data {
                        found.push((name.to_string(), text.clone()));
                    }
                }
            }
            found
        }
        _ => Vec::new(),
    })
}
