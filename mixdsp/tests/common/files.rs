//! Files for tests: folders, bytes, what ffmpeg makes of them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mixdsp::files::{AudioFile, AudioStream, SessionError};

/// What a file that does not tell its length is said to be.
pub(crate) const UNFINISHED: &str =
    "the header does not say how long the audio is: read to the end of the file (unfinished recording?)";

/// A folder that is gone when the test is over.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mixdsp-files-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Says on the terminal, where the test harness would hide it, that a comparison is missing.
pub(crate) fn not_run(what: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "not compared: {what} ({why})");
}

pub(crate) fn has_ffmpeg(what: &str) -> bool {
    let found = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        not_run(what, "ffmpeg is not installed");
    }
    found
}

/// What ffmpeg writes to its standard output.
pub(crate) fn ffmpeg(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y"]).args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = feeder.join().unwrap();
    assert!(output.status.success(), "ffmpeg {arguments:?}");
    output.stdout
}

pub(crate) fn bytes_of(planes: &[Vec<f32>]) -> Vec<u8> {
    let frames = 0..planes[0].len();
    frames.flat_map(|n| planes.iter().flat_map(move |plane| plane[n].to_le_bytes())).collect()
}

pub(crate) fn planes_of(bytes: &[u8], channels: usize) -> Vec<Vec<f32>> {
    let samples: Vec<f32> =
        bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    (0..channels).map(|channel| samples.iter().skip(channel).step_by(channels).copied().collect()).collect()
}

pub(crate) fn decoded_by_ffmpeg(path: &Path, channels: usize) -> Vec<Vec<f32>> {
    let path = path.to_str().unwrap();
    planes_of(&ffmpeg(&["-i", path, "-map", "0:a:0", "-f", "f32le", "-"], &[]), channels)
}

pub(crate) fn decoded(path: &Path) -> Result<Vec<Vec<f32>>, SessionError> {
    let mut file = AudioFile::open(path)?;
    let mut all = vec![Vec::new(); file.channels()];
    let mut planes = vec![vec![0.0; 4096]; file.channels()];
    loop {
        let mut block: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..]).collect();
        let frames = file.read(&mut block)?;
        all.iter_mut().zip(&planes).for_each(|(to, from)| to.extend_from_slice(&from[..frames]));
        if frames == 0 {
            return Ok(all);
        }
    }
}

/// What a program writes to its standard output, and whether it is there and did it.
pub(crate) fn piped(program: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = feeder.join().unwrap();
    output.status.success().then_some(output.stdout)
}

/// The bytes of a file of tests/data/session.
pub(crate) fn data(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/session").join(name)).unwrap()
}

/// The next frames of a stream, up to `frames`.
pub(crate) fn next(file: &mut AudioFile, frames: usize) -> Result<Vec<Vec<f32>>, SessionError> {
    let mut planes = vec![vec![0.0; frames]; file.channels()];
    let mut block: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..]).collect();
    let read = file.read(&mut block)?;
    planes.iter_mut().for_each(|plane| plane.truncate(read));
    Ok(planes)
}

/// The reason of an error, behind the name of the file.
pub(crate) fn reason<T>(result: Result<T, SessionError>) -> String {
    let text = result.err().expect("an error").to_string();
    assert!(!text.contains('\n'), "{text}");
    text.split_once(": ").unwrap().1.to_string()
}
