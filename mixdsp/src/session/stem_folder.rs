//! The stems of a folder: what is mixed, and what is passed over.

use std::path::{Component, Path, PathBuf};
use std::string::String;
use std::vec::Vec;
use std::{format, fs};

use crate::files::{AudioFile, SessionError};
use crate::session::format::wrong;

/// Endings of audio. Some kinds are not decoded: such a stem is refused by its name, not left out.
const ENDINGS: [&str; 25] = [
    "wav", "wave", "rf64", "bw64", "flac", "mp3", "ogg", "oga", "m4a", "m4b", "mp4", "mov", "aac", "ac3",
    "aif", "aiff", "aifc", "alac", "ape", "caf", "opus", "w64", "wma", "wv", "weba",
];
/// What stands in a folder of results, and nowhere else.
const MARKS: [&str; 3] = ["session.toml", "report.html", "report.json"];
/// What sounds in a folder of results: no stems.
const SOUNDS: [&str; 2] = ["mix.wav", "master.wav"];

/// What is in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StemFolder {
    /// The stems, by name.
    pub stems: Vec<PathBuf>,
    /// What is not taken, a line each that names the folder.
    pub notes: Vec<String>,
}

/// The stems of a folder: all that has the name of audio, but for results of an earlier run. Folders in it are not
/// looked into.
///
/// # Errors
/// [`SessionError::NotFound`], [`SessionError::Read`], and [`SessionError::Session`] where there is no stem.
pub fn stems_in(folder: &Path) -> Result<StemFolder, SessionError> {
    let refuse = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => SessionError::NotFound { path: folder.to_path_buf() },
        _ => SessionError::Read { path: folder.to_path_buf(), source: source.into() },
    };
    let has_results = MARKS.iter().any(|name| folder.join(name).is_file());
    let (mut results, mut passed) = (Vec::new(), Vec::new());
    let mut stems = Vec::new();
    for entry in fs::read_dir(folder).map_err(refuse)? {
        let path = entry.map_err(refuse)?.path();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_audio = ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()));
        if has_results && SOUNDS.contains(&name.as_str()) {
            results.push(name);
        } else if path.is_file() && !name.starts_with('.') && is_audio {
            stems.push(path);
        } else {
            passed.push(name);
        }
    }
    let mut notes = Vec::new();
    for (what, mut names) in
        [("results of an earlier run, left out", results), ("no audio by name, passed over", passed)]
    {
        names.sort();
        if !names.is_empty() {
            notes.push(format!("{}: {what}: {}", folder.display(), names.join(", ")));
        }
    }
    if stems.is_empty() {
        let more = notes.iter().filter_map(|note| note.split_once(": ")).map(|(_, note)| note);
        let more = more.fold(String::new(), |all, note| format!("{all}; {note}"));
        return wrong(folder.display(), format!("no audio in it{more}"));
    }
    stems.sort();
    Ok(StemFolder { stems, notes })
}

/// The rate that most of the files have; of two, the one that comes first.
///
/// # Errors
/// What is wrong with the first file that cannot be opened.
pub fn common_rate(files: &[PathBuf]) -> Result<u32, SessionError> {
    let mut counts: Vec<(u32, usize)> = Vec::new();
    for file in files {
        let rate = AudioFile::open(file)?.info().sample_rate;
        match counts.iter_mut().find(|(known, _)| *known == rate) {
            Some((_, count)) => *count += 1,
            None => counts.push((rate, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    Ok(counts.iter().find(|(_, count)| *count == most).map_or(48_000, |(rate, _)| *rate))
}

/// How `file` is named as seen from `folder`, so that a session there finds it; links are followed. As it is where the
/// system does not know it, or where the two have nothing in common.
pub fn seen_from(folder: &Path, file: &Path) -> PathBuf {
    let (Ok(folder), Ok(whole)) = (folder.canonicalize(), file.canonicalize()) else {
        return file.to_path_buf();
    };
    let same = folder.components().zip(whole.components()).take_while(|(a, b)| a == b).count();
    if same == 0 {
        return whole;
    }
    let up = folder.components().skip(same).map(|_| Component::ParentDir);
    up.chain(whole.components().skip(same)).collect()
}
