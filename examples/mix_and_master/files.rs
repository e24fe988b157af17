//! Folders and files of a run.

use crate::Failure;
use mixdsp::session::AsideFile;
use std::fs;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};

/// Endings of audio. Some kinds are not decoded: such a stem is refused by its name, not left out.
const ENDINGS: [&str; 25] = [
    "wav", "wave", "rf64", "bw64", "flac", "mp3", "ogg", "oga", "m4a", "m4b", "mp4", "mov", "aac", "ac3",
    "aif", "aiff", "aifc", "alac", "ape", "caf", "opus", "w64", "wma", "wv", "weba",
];
/// What a run writes.
const RESULTS: [&str; 5] = ["mix.wav", "master.wav", "session.toml", "report.html", "report.json"];

/// The stems of a folder, by name.
pub(crate) fn stems_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(format!("{}: no audio in it", folder.display()).into());
    }
    files.sort();
    Ok(files)
}

/// Writes a file aside, then renames it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = AsideFile::create(path)?;
    file.write_all(bytes).map_err(|error| format!("{}: cannot be written: {error}", path.display()))?;
    Ok(file.finish()?)
}

/// How `to` is named as seen from the folder `from`; both whole paths.
pub(crate) fn relative(from: &Path, to: &Path) -> PathBuf {
    let same = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if same == 0 {
        return to.to_path_buf();
    }
    let up = from.components().skip(same).map(|_| Component::ParentDir);
    up.chain(to.components().skip(same)).collect()
}

/// Refuses a clip that the results would overwrite.
pub(crate) fn refuse_inputs_among_results(
    mut clips: impl Iterator<Item = PathBuf>,
    out: &Path,
) -> Result<(), Failure> {
    let Ok(out) = out.canonicalize() else { return Ok(()) };
    let is_result = |file: &PathBuf| {
        let file = file.canonicalize();
        file.is_ok_and(|file| RESULTS.iter().any(|result| file == out.join(result)))
    };
    match clips.find(is_result) {
        Some(file) => Err(format!("{}: the results would overwrite this clip", file.display()).into()),
        None => Ok(()),
    }
}

/// Exit code of a program that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// A folder beside the results in which they are made.
pub(crate) struct Aside {
    out: PathBuf,
    folder: PathBuf,
    /// Folders that this run made, the innermost first: a failed one takes them away again.
    made: Vec<PathBuf>,
}

impl Aside {
    pub(crate) fn new(out: &Path) -> Result<Self, Failure> {
        let refuse = |error| format!("{}: cannot be written: {error}", out.display());
        let missing = out.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists());
        let made = missing.map(Path::to_path_buf).collect();
        let folder = out.join(format!(".mix_and_master-{}", std::process::id()));
        let aside = Self { out: out.to_path_buf(), folder, made };
        let (folder, made) = (aside.folder.clone(), aside.made.clone());
        ctrlc::set_handler(move || {
            take_away(&folder, &made);
            std::process::exit(INTERRUPTED);
        })?;
        fs::create_dir_all(out).map_err(refuse)?;
        for result in RESULTS.map(|result| out.join(result)) {
            if result.exists() && !result.is_file() {
                return Err(format!("{}: cannot be written: not a file", result.display()).into());
            }
        }
        fs::create_dir(&aside.folder).map_err(refuse)?;
        Ok(aside)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Moves what was made to where it belongs, replacing what was there.
    pub(crate) fn put_in_place(mut self) -> Result<(), Failure> {
        self.made.clear();
        put(&self.folder, &self.out)
    }
}

fn put(from: &Path, to: &Path) -> Result<(), Failure> {
    let refuse = |path: &Path, error| format!("{}: cannot be written: {error}", path.display());
    fs::create_dir_all(to).map_err(|error| refuse(to, error))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            put(&entry.path(), &place)?;
        } else {
            fs::rename(entry.path(), &place).map_err(|error| refuse(&place, error))?;
        }
    }
    Ok(())
}

impl Drop for Aside {
    fn drop(&mut self) {
        take_away(&self.folder, &self.made);
    }
}

/// There is no one left to tell if this fails.
fn take_away(folder: &Path, made: &[PathBuf]) {
    let _ = fs::remove_dir_all(folder);
    for folder in made {
        let _ = fs::remove_dir(folder);
    }
}
