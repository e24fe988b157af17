//! What the tests of the program share: running it, folders that go away, stems, and measures by ebur128.
#![allow(clippy::allow_attributes, dead_code, reason = "no test uses all of it")]

use ebur128::{EbuR128, Mode};
use mixdsp::files::{AudioFile, AudioStream as _, AudioWriter, BitDepth};
use std::f64::consts::TAU;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that is gone when the test is over.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mix-and-master-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a stem of floats and gives its path.
    pub(crate) fn stem(&self, name: &str, rate: u32, planes: &[Vec<f32>]) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut writer = AudioWriter::create(&path, rate, planes.len(), BitDepth::Float32).unwrap();
        writer.write(planes).unwrap();
        writer.finish().unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The program, which is built beside this test.
pub(crate) fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples/mix_and_master")
}

pub(crate) fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>, folder: &Path) -> Output {
    Command::new(program()).args(arguments).current_dir(folder).output().unwrap()
}

/// Runs the program, which has to succeed, and gives what it says at the end.
pub(crate) fn succeed<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>, folder: &Path) -> String {
    let output = run(arguments, folder);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs the program, which has to refuse with one line, and gives it.
pub(crate) fn refuse<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>, folder: &Path) -> String {
    let output = run(arguments, folder);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(matches!(output.status.code(), Some(1 | 2)), "{:?}: {told}", output.status);
    let errors: Vec<&str> = told.lines().filter(|line| line.starts_with("mix_and_master: ")).collect();
    assert_eq!(errors.len(), 1, "{told}");
    assert!(told.ends_with(&format!("{}\n", errors[0])), "one line, the last: {told}");
    errors[0]["mix_and_master: ".len()..].to_string()
}

/// Every file below a folder, by name.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Rate and samples of a file.
pub(crate) fn read(path: &Path) -> (u32, Vec<Vec<f32>>) {
    let mut file = AudioFile::open(path).unwrap();
    let frames = file.info().frames.unwrap() as usize;
    let mut planes = vec![vec![0.0; frames]; file.channels()];
    let mut block: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..]).collect();
    assert_eq!(file.read(&mut block).unwrap(), frames);
    (file.sample_rate(), planes)
}

pub(crate) fn peak_db(planes: &[Vec<f32>]) -> f64 {
    20.0 * planes.iter().flatten().fold(0.0_f64, |most, x| most.max(f64::from(x.abs()))).log10()
}

/// Integrated loudness and true peak by libebur128's Rust port.
pub(crate) fn ebur128(path: &Path) -> (f64, f64) {
    let (rate, planes) = read(path);
    let mut meter = EbuR128::new(2, rate, Mode::I | Mode::TRUE_PEAK).unwrap();
    meter.add_frames_planar_f32(&[&planes[0], &planes[1]]).unwrap();
    let peak = meter.true_peak(0).unwrap().max(meter.true_peak(1).unwrap());
    (meter.loudness_global().unwrap(), 20.0 * peak.log10())
}

/// Noise from -0.5 to 0.5 times `level`, another for every seed.
pub(crate) fn noise(frames: usize, level: f32, mut seed: u32) -> Vec<f32> {
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / 16_777_216.0 - 0.5
    };
    (0..frames).map(|_| level * next()).collect()
}

/// A note that is struck twice a second.
pub(crate) fn notes(frames: usize, rate: u32, frequency: f64, level: f64) -> Vec<f32> {
    let sample = |n: usize| {
        let t = n as f64 / f64::from(rate);
        (level * (-6.0 * (t % 0.5)).exp() * (TAU * frequency * t).sin()) as f32
    };
    (0..frames).map(sample).collect()
}
