//! Aside: a file is made under a hidden name beside its own, and takes its own when it is whole.
//!
//! ```text
//! path --through links--> target
//!                         hidden name beside it --what is written--> mode of the target --rename--> target
//! ```

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::borrow::ToOwned;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::string::String;
use std::{format, process};

use crate::files::SessionError;

/// Bytes given to the system at a time.
const BUFFER_BYTES: usize = 1 << 17;
/// Hidden names that are tried.
const MOST_NAMES: u64 = 10_000;
/// Links that are followed, as on Linux.
const MOST_LINKS: usize = 40;

static NAMES: AtomicU64 = AtomicU64::new(0);

/// Where a path leads: through links, also where nothing is there yet.
pub(super) fn real(path: &Path) -> io::Result<PathBuf> {
    follow(&std::path::absolute(path)?, MOST_LINKS)
}

fn follow(path: &Path, links: usize) -> io::Result<PathBuf> {
    if let Ok(whole) = path.canonicalize() {
        return Ok(whole);
    }
    let Some(parent) = path.parent() else { return Ok(path.to_owned()) };
    if let Ok(to) = fs::read_link(path) {
        let Some(links) = links.checked_sub(1) else {
            return Err(io::Error::other("too many links lead on from it"));
        };
        return follow(&parent.join(to), links);
    }
    let mut folder = follow(parent, links)?;
    match path.file_name() {
        Some(name) => folder.push(name),
        // A folder that is not there, and out of it again.
        None => drop(folder.pop()),
    }
    Ok(folder)
}

/// Makes something under a hidden name in a folder: `.mixdsp-`, the process, a number, and `ending`.
pub(super) fn hidden<T>(
    folder: &Path,
    ending: &str,
    make: impl Fn(&Path) -> io::Result<T>,
) -> io::Result<(PathBuf, T)> {
    for _ in 0..MOST_NAMES {
        let number = NAMES.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".mixdsp-{}-{number}{ending}", process::id()));
        match make(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => return result.map(|made| (path, made)),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "no hidden name is free"))
}

/// What has the name now; `None` where it is free. An error when it may not be replaced.
pub(super) fn replaceable(target: &Path) -> io::Result<Option<fs::Metadata>> {
    let found = match fs::metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found?,
    };
    if !found.is_file() {
        let kind = io::ErrorKind::AlreadyExists;
        return Err(io::Error::new(kind, "the name belongs to something that is not a file"));
    }
    // A rename asks only the folder. Who may not write the file may not replace it either.
    if found.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    OpenOptions::new().write(true).open(target)?;
    Ok(Some(found))
}

/// A hidden file beside another one, whose name and mode it takes with [`commit`](Self::commit).
///
/// A link at the name is written through: it stays, and what it leads to is replaced. Dropped before it is
/// committed, nothing is left of it, and what had the name stays. A process that is killed leaves a file
/// `.mixdsp-*`.
#[derive(Debug)]
pub struct Aside {
    path: PathBuf,
    target: PathBuf,
    temporary: PathBuf,
}

impl Aside {
    /// Makes the hidden file, empty; it ends as `path` does.
    ///
    /// # Errors
    /// [`SessionError::Write`] when the folder is missing or cannot be written, when the name belongs to
    /// something that is not a file (a folder, a device), and when the file there is read-only.
    pub fn new(path: impl AsRef<Path>) -> Result<Self, SessionError> {
        Self::begin(path.as_ref()).map(|(aside, _)| aside)
    }

    fn begin(path: &Path) -> Result<(Self, File), SessionError> {
        let begun = || {
            let (Some(_), false) = (path.file_name(), ends_as_folder(path)) else {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is not the name of a file"));
            };
            let target = real(path)?;
            let found = replaceable(&target)?;
            let ending = target.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            // A long one would not fit.
            let ending = if (1..=8).contains(&ending.len()) { format!(".{ending}") } else { String::new() };
            let folder = target.parent().unwrap_or(Path::new(""));
            let create = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
            let (temporary, file) = hidden(folder, &ending, create)?;
            if let Some(found) = found {
                // From the beginning, so that no one reads meanwhile what only some may. Some file systems
                // have no modes to be kept.
                let _ = file.set_permissions(found.permissions());
            }
            Ok((Self { path: path.to_owned(), target, temporary }, file))
        };
        begun().map_err(|source| SessionError::Write { path: path.to_owned(), source: source.into() })
    }

    /// The name that the file will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The hidden name.
    pub fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// Puts everything on the disk and gives the file its name.
    ///
    /// # Errors
    /// [`SessionError::Write`]; then nothing is left, and what had the name stays.
    pub fn commit(mut self) -> Result<(), SessionError> {
        self.take_name()
            .map_err(|source| SessionError::Write { path: self.path.clone(), source: source.into() })
    }

    fn take_name(&mut self) -> io::Result<()> {
        // Closed again at once: some systems do not rename an open file.
        OpenOptions::new().write(true).open(&self.temporary)?.sync_all()?;
        fs::rename(&self.temporary, &self.target)?;
        self.temporary.clear();
        Ok(())
    }

    fn discard(&mut self) {
        if !self.temporary.as_os_str().is_empty() {
            // There is nothing more to do if this fails.
            let _ = fs::remove_file(&self.temporary);
            self.temporary.clear();
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.discard();
    }
}

/// Whether a path says that it names a folder: by a slash at its end.
pub(super) fn ends_as_folder(path: &Path) -> bool {
    let last = path.as_os_str().as_encoded_bytes().last();
    last.is_some_and(|last| std::path::is_separator(char::from(*last)))
}

/// A file that is written under a hidden name in the same folder and takes its own name, replacing what had
/// it, only when it is finished; see [`Aside`].
///
/// Dropped before that, or after a write that failed, it leaves nothing behind and what had the name stays.
pub struct AsideFile {
    aside: Aside,
    file: Option<BufWriter<File>>,
}

impl fmt::Debug for AsideFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsideFile").field("path", &self.aside.path).finish_non_exhaustive()
    }
}

impl AsideFile {
    /// Begins a file.
    ///
    /// # Errors
    /// As [`Aside::new`].
    pub fn create(path: impl AsRef<Path>) -> Result<Self, SessionError> {
        let (aside, file) = Aside::begin(path.as_ref())?;
        Ok(Self { aside, file: Some(BufWriter::with_capacity(BUFFER_BYTES, file)) })
    }

    /// The name that the file will have.
    pub fn path(&self) -> &Path {
        &self.aside.path
    }

    /// Puts everything on the disk and gives the file its name.
    ///
    /// # Errors
    /// [`SessionError::Write`]; then nothing is left.
    pub fn finish(mut self) -> Result<(), SessionError> {
        self.commit()
            .map_err(|source| SessionError::Write { path: self.aside.path.clone(), source: source.into() })
    }

    fn commit(&mut self) -> io::Result<()> {
        self.with_file(|file| file.flush())?;
        self.file = None;
        self.aside.take_name()
    }

    /// Does something with the file; when that fails, nothing of the file is left.
    fn with_file<T>(&mut self, work: impl FnOnce(&mut BufWriter<File>) -> io::Result<T>) -> io::Result<T> {
        let file = self.file.as_mut().ok_or_else(|| io::Error::other("the file is given up"))?;
        work(file).inspect_err(|error| {
            // An interruption is tried again by whoever writes.
            if error.kind() != io::ErrorKind::Interrupted {
                self.discard();
            }
        })
    }

    fn discard(&mut self) {
        if let Some(file) = self.file.take() {
            // What is still buffered is not wanted.
            let _ = file.into_parts();
        }
        self.aside.discard();
    }
}

impl Write for AsideFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with_file(|file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with_file(|file| file.flush())
    }
}

impl Seek for AsideFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.with_file(|file| file.seek(to))
    }
}

impl Drop for AsideFile {
    fn drop(&mut self) {
        self.discard();
    }
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Folder;
    use super::*;

    fn put(path: &Path, bytes: &[u8]) -> Result<(), SessionError> {
        let mut file = AsideFile::create(path)?;
        file.write_all(bytes).unwrap();
        file.finish()
    }

    #[test]
    fn a_hidden_file_goes_whichever_way_it_is_left() {
        let folder = Folder::new("aside-left");
        let path = folder.write("m.wav", b"what was there");
        let aside = Aside::new(&path).unwrap();
        let name = aside.temporary().file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.starts_with(".mixdsp-") && name.ends_with(".wav"), "{name}");
        drop(aside);
        let thrown = std::panic::catch_unwind(|| {
            let _aside = Aside::new(&path).unwrap();
            panic!("midway");
        });
        assert!(thrown.is_err());
        // The neighbours that other ways of making such names would take.
        folder.write("m.floats.wav", b"of the user");
        assert_eq!(folder.names().len(), 2, "nothing hidden is left");
        let aside = Aside::new(&path).unwrap();
        fs::write(aside.temporary(), b"new").unwrap();
        aside.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(folder.names().len(), 2);
    }

    #[test]
    fn a_name_of_255_bytes_is_written() {
        let folder = Folder::new("aside-long");
        for ending in [".wav", ""] {
            let path = folder.path(&format!("{}{ending}", "n".repeat(255 - ending.len())));
            put(&path, b"long").unwrap();
            put(&path, b"again").unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"again");
        }
        assert_eq!(folder.names().len(), 2);
        assert!(put(&folder.path(&"n".repeat(256)), b"too long").is_err());
        assert_eq!(folder.names().len(), 2);
    }

    #[test]
    fn a_folder_that_vanishes_takes_nothing_else_along() {
        let folder = Folder::new("aside-vanished");
        fs::create_dir(folder.path("old")).unwrap();
        let path = folder.path("old/m.wav");
        fs::write(&path, b"what was there").unwrap();
        let mut file = AsideFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        fs::rename(folder.path("old"), folder.path("moved")).unwrap();
        let error = std::string::ToString::to_string(&file.finish().unwrap_err());
        assert!(error.contains("m.wav: cannot be written: "), "{error}");
        assert_eq!(fs::read(folder.path("moved/m.wav")).unwrap(), b"what was there");
        assert!(!folder.path("old").exists());
    }

    #[test]
    fn a_name_with_a_slash_at_its_end_is_no_file() {
        let folder = Folder::new("aside-slash");
        assert!(put(&folder.path("m.wav/"), b"").is_err());
        assert!(folder.names().is_empty());
    }

    #[cfg(unix)]
    mod unix {
        use super::*;
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        #[test]
        fn links_are_written_through() {
            let folder = Folder::new("aside-links");
            fs::create_dir(folder.path("deep")).unwrap();
            fs::write(folder.path("deep/real.wav"), b"what was there").unwrap();
            symlink("deep/real.wav", folder.path("first.wav")).unwrap();
            symlink(folder.path("first.wav"), folder.path("second.wav")).unwrap();
            symlink("deep/new.wav", folder.path("dangling.wav")).unwrap();
            put(&folder.path("second.wav"), b"new").unwrap();
            assert_eq!(fs::read(folder.path("deep/real.wav")).unwrap(), b"new");
            put(&folder.path("dangling.wav"), b"more").unwrap();
            assert_eq!(fs::read(folder.path("deep/new.wav")).unwrap(), b"more");
            for link in ["first.wav", "second.wav", "dangling.wav"] {
                assert!(folder.path(link).symlink_metadata().unwrap().is_symlink(), "{link} stays a link");
            }
            assert_eq!(folder.path("deep").read_dir().unwrap().count(), 2, "nothing else is left");
            symlink("loop.wav", folder.path("loop.wav")).unwrap();
            assert!(put(&folder.path("loop.wav"), b"").is_err());
        }

        #[test]
        fn the_mode_stays() {
            let folder = Folder::new("aside-mode");
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o7777;
            put(&folder.path("usual.wav"), b"").unwrap();
            fs::write(folder.path("other"), b"").unwrap();
            assert_eq!(mode(&folder.path("usual.wav")), mode(&folder.path("other")), "that of the system");
            for wanted in [0o600, 0o640, 0o755, 0o666] {
                let path = folder.write("m.wav", b"what was there");
                fs::set_permissions(&path, fs::Permissions::from_mode(wanted)).unwrap();
                let aside = Aside::new(&path).unwrap();
                assert_eq!(mode(aside.temporary()), wanted, "already while it is made");
                drop(aside);
                put(&path, b"new").unwrap();
                assert_eq!(mode(&path), wanted);
            }
        }

        #[test]
        fn a_file_that_is_read_only_is_not_replaced() {
            let folder = Folder::new("aside-read-only");
            let path = folder.write("m.wav", b"what was there");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
            let error = std::string::ToString::to_string(&put(&path, b"new").unwrap_err());
            assert!(error.ends_with("cannot be written: the file is read-only"), "{error}");
            assert_eq!(fs::read(&path).unwrap(), b"what was there");
            assert_eq!(folder.names(), [path]);
        }
    }
}
