//! Folders and files of a run.

use crate::Failure;
use mixdsp::files::{Aside as AsideName, AsideFile, InputFile, OutputFile, SessionError, check_outputs};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What a run writes.
const RESULTS: [&str; 5] = ["mix.wav", "master.wav", "session.toml", "report.html", "report.json"];

/// Writes a file aside, then renames it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = AsideFile::create(path)?;
    file.write_all(bytes).map_err(|error| format!("{}: cannot be written: {error}", path.display()))?;
    Ok(file.finish()?)
}

/// What a run reads: clips or stems, and the session.
pub(crate) fn input(path: impl Into<PathBuf>, role: &str) -> InputFile {
    InputFile { path: path.into(), role: role.to_string() }
}

/// Refuses results that would cost a stem or the session, or what is there when that was not asked for. `more` is
/// written besides the usual results.
pub(crate) fn refuse_harm(
    inputs: &[InputFile],
    out: &Path,
    more: Vec<PathBuf>,
    replace: bool,
) -> Result<(), Failure> {
    let there = out.ancestors().find(|path| path.exists());
    if there.is_some_and(|path| !path.is_dir()) {
        return Err(format!("{}: cannot be written: not a folder", out.display()).into());
    }
    let paths = RESULTS.iter().map(|name| out.join(name)).chain(more);
    let output = |path| OutputFile { path, role: "the result".to_string(), replace };
    let outputs: Vec<OutputFile> = paths.map(output).collect();
    match check_outputs(inputs, &outputs) {
        Err(error @ SessionError::Exists { .. }) => Err(format!("{error}; --overwrite replaces it").into()),
        result => Ok(result?),
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
            // Through a link, and with the mode of what was there; on another disk by a copy.
            let aside = AsideName::new(&place)?;
            let mode = fs::metadata(aside.temporary())?.permissions();
            fs::set_permissions(entry.path(), mode).map_err(|error| refuse(&place, error))?;
            let moved = fs::rename(entry.path(), aside.temporary());
            moved
                .or_else(|_| fs::copy(entry.path(), aside.temporary()).map(|_| ()))
                .map_err(|error| refuse(&place, error))?;
            aside.commit()?;
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
