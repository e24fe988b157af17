//! Folders and signals for tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::vec::Vec;
use std::{format, process, vec};

use crate::files::{AudioFile, AudioStream, SessionError};

/// A folder that is gone when the test is over.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mixdsp-{}-{name}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(super) fn names(&self) -> Vec<PathBuf> {
        let mut names: Vec<_> = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file of tests/data/session.
pub(super) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/session").join(name)
}

/// Reads a stream to its end in blocks of `sizes`, over and over.
pub(super) fn read_all(stream: &mut dyn AudioStream, sizes: &[usize]) -> Result<Vec<Vec<f32>>, SessionError> {
    let mut all = vec![Vec::new(); stream.channels()];
    for &size in sizes.iter().cycle() {
        let mut planes = vec![vec![0.0; size]; all.len()];
        let mut block: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..]).collect();
        let frames = stream.read(&mut block)?;
        all.iter_mut().zip(&planes).for_each(|(to, from)| to.extend_from_slice(&from[..frames]));
        if frames < size {
            break;
        }
    }
    Ok(all)
}

/// Opens a file and reads it to its end.
pub(super) fn decode(path: impl AsRef<Path>) -> Result<Vec<Vec<f32>>, SessionError> {
    read_all(&mut AudioFile::open(path)?, &[1000])
}

/// The signal of tests/data/session/take.*, which its README describes.
pub(super) fn take() -> [Vec<f32>; 2] {
    const FRAMES: usize = 11_042;
    let seconds = FRAMES as f64 / 44_100.0;
    let sine = |frame: usize, from: f64, to: f64, level: f64| {
        let t = frame as f64 / 44_100.0;
        let fade = ((frame + 1).min(FRAMES - frame) as f64 / 441.0).min(1.0);
        let cycles = from * t + (to - from) / (2.0 * seconds) * t * t;
        (level * fade * libm::sin(core::f64::consts::TAU * cycles)) as f32
    };
    [
        (0..FRAMES).map(|frame| sine(frame, 100.0, 4000.0, 0.5)).collect(),
        (0..FRAMES).map(|frame| sine(frame, 3000.0, 200.0, 0.25)).collect(),
    ]
}

/// By how many frames, up to `most`, `late` is later than `reference`: the place of the greatest correlation
/// over the middle third.
pub(super) fn lag(late: &[f32], reference: &[f32], most: usize) -> isize {
    let (from, to) = (reference.len() / 3, reference.len() * 2 / 3);
    assert!(from > most && to + most <= late.len());
    let correlation = |lag: isize| {
        let shifted = &late[from.wrapping_add_signed(lag)..];
        reference[from..to].iter().zip(shifted).fold(0.0, |sum, (a, b)| sum + a * b)
    };
    let most = most as isize;
    (-most..=most).max_by(|&a, &b| f32::total_cmp(&correlation(a), &correlation(b))).unwrap()
}

/// Energy of the difference against that of `reference`, in dB.
pub(super) fn residual_db(signal: &[f32], reference: &[f32]) -> f64 {
    let energy = |sum: f64, x: f64| sum + x * x;
    let pairs = signal.iter().zip(reference);
    let difference = pairs.map(|(a, b)| f64::from(*a) - f64::from(*b)).fold(1e-30, energy);
    10.0 * libm::log10(difference / reference.iter().map(|&x| f64::from(x)).fold(1e-30, energy))
}
