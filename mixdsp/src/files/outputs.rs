//! Outputs: nothing that is read is written over, and nothing else that is there without being asked to.
//!
//! ```text
//! outputs --> names of files? --> none is an input, none is another output --> none is there, or may be replaced
//!         --> rehearsal: every name is made once in a hidden folder beside, which is taken away again
//! ```
//!
//! It is asked before any work. Files are the same when the system says so, whatever their paths look like:
//! links, `..`, folders that are links. Whether two names that are not there yet would be one file (by case,
//! by the form of an accent) only the file system knows, and it answers by the rehearsal. So it does whether
//! the folder can be written, and whether a name is too long.

use std::borrow::ToOwned;
use std::collections::HashMap;
use std::format;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;

use crate::files::aside::{ends_as_folder, hidden, real, replaceable};
use crate::files::{SessionError, WrittenFormat};

/// A file that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it is, in words: `the input`, `a clip of the session`.
    pub role: String,
}

/// A file that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Where it goes.
    pub path: PathBuf,
    /// What it is, in words: `the master`, `the page`.
    pub role: String,
    /// Whether it may replace a file. An input is never replaced.
    pub replace: bool,
}

/// Checks that the ending of a name is one of a file that is written
/// ([`WRITTEN_ENDINGS`](crate::files::WRITTEN_ENDINGS)), or none.
///
/// # Errors
/// [`SessionError::Ending`].
pub fn check_ending(path: impl AsRef<Path>) -> Result<(), SessionError> {
    WrittenFormat::of(path).map(|_| ())
}

/// Checks that work which reads `inputs` may write `outputs`. Nothing is left changed by it.
///
/// Folders that are missing are no error: whoever writes makes them, or fails. On Windows a hard link is not
/// seen to be the file that it is.
///
/// # Errors
/// [`SessionError::Harm`] when an output is an input, or two outputs are one file;
/// [`SessionError::Exists`] when an output is there that may not be replaced;
/// [`SessionError::Write`] when an output cannot be written.
pub fn check_outputs(inputs: &[InputFile], outputs: &[OutputFile]) -> Result<(), SessionError> {
    let mut read: HashMap<Identity, &InputFile> = HashMap::new();
    for input in inputs {
        // What leads nowhere is no file that could be lost; who reads it says so.
        if let Ok(identity) = Identity::of(&input.path) {
            read.entry(identity).or_insert(input);
        }
    }
    let mut written: HashMap<Identity, &OutputFile> = HashMap::new();
    let mut there: Vec<&OutputFile> = Vec::new();
    for output in outputs {
        let failed =
            |source: io::Error| SessionError::Write { path: output.path.clone(), source: source.into() };
        if output.path.file_name().is_none() || ends_as_folder(&output.path) {
            let kind = io::ErrorKind::InvalidInput;
            return Err(failed(io::Error::new(kind, "this is not the name of a file")));
        }
        let identity = Identity::of(&output.path).map_err(failed)?;
        if let Some(input) = read.get(&identity) {
            return harm(output, &format!("would be written over {}, {}", input.role, input.path.display()));
        }
        if let Some(other) = written.insert(identity, output) {
            return harm(output, &format!("and {}, {}, would be one file", other.role, other.path.display()));
        }
        let target = real(&output.path).map_err(failed)?;
        match fs::metadata(&target) {
            Ok(found) if found.is_file() && !output.replace => there.push(output),
            _ => {
                replaceable(&target).map_err(failed)?;
            }
        }
    }
    if let Some(first) = there.first() {
        return Err(SessionError::Exists { path: first.path.clone(), others: there.len() - 1 });
    }
    rehearse(outputs)
}

fn harm<R>(output: &OutputFile, what: &str) -> Result<R, SessionError> {
    let reason = format!("{} {what}: give another name", output.role);
    Err(SessionError::Harm { path: output.path.clone(), reason })
}

/// What makes two paths one file.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    /// Of a file that is there: its device, and its number on it.
    #[cfg(unix)]
    Number(u64, u64),
    /// Where a path leads in the end.
    Path(PathBuf),
}

impl Identity {
    fn of(path: &Path) -> io::Result<Self> {
        let real = real(path)?;
        #[cfg(unix)]
        if let Ok(found) = fs::metadata(&real) {
            use std::os::unix::fs::MetadataExt as _;
            return Ok(Self::Number(found.dev(), found.ino()));
        }
        Ok(Self::Path(real))
    }
}

/// A hidden folder in which names are tried.
struct Stage(PathBuf);

impl Drop for Stage {
    fn drop(&mut self) {
        // There is no one left to tell if this fails.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Makes every output once, empty, in a hidden folder beside it.
fn rehearse(outputs: &[OutputFile]) -> Result<(), SessionError> {
    let mut stages: HashMap<PathBuf, (Stage, Vec<(PathBuf, &OutputFile)>)> = HashMap::new();
    for output in outputs {
        let failed =
            |source: io::Error| SessionError::Write { path: output.path.clone(), source: source.into() };
        let target = real(&output.path).map_err(failed)?;
        // The innermost folder that is there already.
        let there = target.ancestors().skip(1).find(|folder| fs::symlink_metadata(folder).is_ok());
        let folder = there.unwrap_or(Path::new("/")).to_owned();
        let name = target.strip_prefix(&folder).unwrap_or(&target);
        if !stages.contains_key(&folder) {
            let (path, ()) = hidden(&folder, "", |path| fs::create_dir(path)).map_err(failed)?;
            stages.insert(folder.clone(), (Stage(path), Vec::new()));
        }
        let Some((stage, made)) = stages.get_mut(&folder) else { continue };
        let place = stage.0.join(name);
        place.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
        match OpenOptions::new().write(true).create_new(true).open(&place) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let this = Identity::of(&place).ok();
                let is_this = |(path, _): &&(PathBuf, &OutputFile)| Identity::of(path).ok() == this;
                let Some((_, other)) = made.iter().find(is_this) else { return Err(failed(error)) };
                return harm(
                    output,
                    &format!("and {}, {}, would be one file", other.role, other.path.display()),
                );
            }
            result => drop(result.map_err(failed)?),
        }
        made.push((place, output));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Folder;
    use super::*;
    use std::string::ToString;

    fn input(path: &Path) -> InputFile {
        InputFile { path: path.to_owned(), role: "the input".to_owned() }
    }

    fn output(path: &Path, replace: bool) -> OutputFile {
        OutputFile { path: path.to_owned(), role: "the result".to_owned(), replace }
    }

    /// What is said of one input and some outputs, after the head with the output's path.
    fn told(from: &Path, to: &[&Path], replace: bool) -> Option<String> {
        let outputs: Vec<OutputFile> = to.iter().map(|path| output(path, replace)).collect();
        let error = check_outputs(&[input(from)], &outputs).err()?.to_string();
        Some(error.split_once(": ").unwrap().1.to_owned())
    }

    #[test]
    fn an_output_is_never_an_input_whatever_the_path_looks_like() {
        let folder = Folder::new("outputs-input");
        fs::create_dir(folder.path("a")).unwrap();
        let source = folder.write("s.wav", b"samples");
        let gone = folder.path("gone.wav");
        let mut same = std::vec![
            source.clone(),
            folder.path("a/../s.wav"),
            folder.path("./s.wav"),
            folder.path("no/../s.wav")
        ];
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink("s.wav", folder.path("link.wav")).unwrap();
            symlink("link.wav", folder.path("chain.wav")).unwrap();
            symlink(".", folder.path("here")).unwrap();
            fs::hard_link(&source, folder.path("hard.wav")).unwrap();
            same.extend(["link.wav", "chain.wav", "here/s.wav", "hard.wav"].map(|name| folder.path(name)));
            // Not there yet, by two paths.
            assert!(told(&gone, &[&folder.path("here/gone.wav")], true).unwrap().contains("the input"));
        }
        let before = folder.names();
        for path in &same {
            let said = told(&source, &[path], true).unwrap();
            let expected = "the result would be written over the input, ";
            assert!(said.starts_with(expected) && said.ends_with("s.wav: give another name"), "{said}");
        }
        assert!(told(&gone, &[&gone], true).unwrap().contains("would be written over the input"));
        assert_eq!(told(&source, &[&folder.path("other.wav")], false), None);
        assert_eq!(folder.names(), before, "nothing is left of the rehearsal");
        assert_eq!(fs::read(source).unwrap(), b"samples");
    }

    #[test]
    fn two_outputs_are_never_one_file() {
        let folder = Folder::new("outputs-two");
        let source = folder.write("s.wav", b"samples");
        let (one, other) = (folder.path("new/m.wav"), folder.path("new/deep/../m.wav"));
        for outputs in [[&*one, &*one], [&*one, &*other]] {
            let said = told(&source, &outputs, true).unwrap();
            assert!(said.starts_with("the result and the result, ") && said.contains("one file"), "{said}");
        }
        assert_eq!(told(&source, &[&one, &folder.path("new/n.wav")], true), None);
        #[cfg(unix)]
        {
            let (one, other) = (folder.write("one.wav", b"both"), folder.path("other.wav"));
            fs::hard_link(&one, &other).unwrap();
            assert!(told(&source, &[&one, &other], true).unwrap().contains("one file"));
            fs::remove_file(one).unwrap();
            fs::remove_file(other).unwrap();
        }
        // Only the file system knows whether these are one.
        let (lower, upper) = (folder.path("case.wav"), folder.path("CASE.wav"));
        fs::write(&lower, b"").unwrap();
        let is_one = upper.exists();
        fs::remove_file(&lower).unwrap();
        assert_eq!(told(&source, &[&lower, &upper], true).is_some(), is_one);
        assert_eq!(folder.names(), [source]);
    }

    #[test]
    fn what_is_there_is_replaced_only_when_asked() {
        let folder = Folder::new("outputs-there");
        let source = folder.write("s.wav", b"samples");
        let (one, two) = (folder.write("1.wav", b"1"), folder.write("2.wav", b"2"));
        assert_eq!(told(&source, &[&one], false).unwrap(), "the file exists");
        let said = told(&source, &[&folder.path("new.wav"), &one, &two], false).unwrap();
        assert_eq!(said, "the file exists, and 1 more of the outputs do");
        assert_eq!(told(&source, &[&one, &two], true), None);
        assert_eq!((fs::read(one).unwrap(), fs::read(two).unwrap()), (b"1".to_vec(), b"2".to_vec()));
    }

    #[test]
    fn what_cannot_be_written_is_known_before() {
        let folder = Folder::new("outputs-cannot");
        let source = folder.write("s.wav", b"samples");
        fs::create_dir(folder.path("folder.wav")).unwrap();
        let long = "n".repeat(252) + ".wav";
        for (path, words) in [
            (folder.path("folder.wav"), "not a file"),
            (folder.path("m.wav/"), "not the name of a file"),
            (folder.path(".."), "not the name of a file"),
            (folder.path("s.wav/m.wav"), "cannot be written"),
            (folder.path(&long), "cannot be written"),
            // Known only to who tries.
            (folder.path("new").join(&long), "cannot be written"),
        ] {
            let said = told(&source, &[&path], true).unwrap_or_default();
            assert!(said.contains(words), "{}: {said}", path.display());
        }
        #[cfg(unix)]
        {
            assert!(told(&source, &[Path::new("/dev/null")], true).unwrap().contains("not a file"));
            use std::os::unix::fs::PermissionsExt as _;
            let fixed = folder.write("fixed.wav", b"");
            fs::set_permissions(&fixed, fs::Permissions::from_mode(0o444)).unwrap();
            assert!(told(&source, &[&fixed], true).unwrap().contains("the file is read-only"));
        }
        assert_eq!(told(&source, &[&folder.path(&long[1..])], true), None);
    }

    #[test]
    fn endings_that_are_not_written_are_named() {
        for name in ["m.wav", "m.WAV", "m.Wave", "m", ".hidden", "a.mp3/m", "m.flac", "m.AIF", "m.aiff"] {
            check_ending(name).unwrap();
        }
        for (name, ending) in [("m.xyz", "xyz"), ("a.wav.mp3", "mp3"), ("m.", ""), ("v1.2", "2")] {
            let said = check_ending(name).unwrap_err().to_string();
            assert_eq!(said, format!("{name}: .{ending} is not written, only .wav, .flac and .aiff are"));
        }
    }
}
