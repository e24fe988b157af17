//! What a report measures, and the folder that a rough mix takes its stems from.
#![cfg(all(feature = "session", feature = "fft"))]

use ebur128::{EbuR128, Mode};
use mixdsp::files::{AudioWriter, BitDepth, SessionError};
use mixdsp::session::{common_rate, listen, measure, seen_from, stems_in};
use std::f64::consts::TAU;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

const RATE: u32 = 48_000;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mixdsp-report-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    fn write(&self, name: &str, rate: u32, planes: &[Vec<f32>]) -> PathBuf {
        let path = self.0.join(name);
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

fn sine(frequency: f64, frames: usize, level: f64) -> Vec<f32> {
    (0..frames).map(|n| (level * (TAU * frequency * n as f64 / f64::from(RATE)).sin()) as f32).collect()
}

#[test]
fn a_file_is_measured_as_ebur128_does_and_its_spectrum_stands_where_its_sine_is() {
    let folder = Folder::new("measure");
    // The shortest is shorter than a transform.
    for (frames, frequency) in [(4_800, 1_000.0), (480_000, 1_000.0), (480_000, 100.0)] {
        let left = sine(frequency, frames, 0.5);
        let right: Vec<f32> = left.iter().map(|x| -0.5 * x).collect();
        let path = folder.write("sine.wav", RATE, &[left.clone(), right.clone()]);
        let found = measure(&path, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((found.frames, found.sample_rate), (frames as u64, RATE));
        // 0.5 is -6.0206 dBFS.
        assert!((found.sample_peak_dbfs.unwrap() + 6.0206).abs() < 0.001);
        let loudest = found.spectrum.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        let octaves = (loudest.0 / frequency).log2().abs();
        assert!(octaves <= 1.0 / 12.0, "{frames} frames: {} Hz, {octaves} octaves off", loudest.0);
        // A sixth of an octave around a sine holds nearly all of its power; two octaves off there is none.
        assert!(loudest.1 > -1.0, "{frames} frames: {} dB", loudest.1);
        let far = found.spectrum.iter().filter(|band| (band.0 / frequency).log2().abs() > 2.0);
        let far = far.map(|band| band.1).fold(f64::NEG_INFINITY, f64::max);
        assert!(far < -30.0, "{frames} frames: {far} dB far from the sine");
        if frames > 4_800 {
            let mut meter = EbuR128::new(2, RATE, Mode::I | Mode::TRUE_PEAK).unwrap();
            meter.add_frames_planar_f32(&[&left, &right]).unwrap();
            let expected = meter.loudness_global().unwrap();
            assert!((found.loudness_lufs.unwrap() - expected).abs() < 0.05, "{expected}");
            assert!(found.correlation.iter().all(|x| (x + 1.0).abs() < 1e-6), "right is left turned round");
            assert!(found.short_term.iter().skip(30).all(|x| (f64::from(*x) - expected).abs() < 0.1));
        } else {
            assert_eq!(found.loudness_lufs, None);
        }
    }
}

#[test]
fn what_cannot_be_measured_is_named_and_the_work_ends_when_it_is_told_to() {
    let folder = Folder::new("refused");
    let mono = folder.write("mono.wav", RATE, &[sine(100.0, 4_800, 0.5)]);
    let error = measure(&mono, &mut |_| ControlFlow::Continue(())).unwrap_err().to_string();
    assert!(error.contains("mono.wav") && error.contains("1 channels"), "{error}");
    let stereo = folder.write("stereo.wav", RATE, &[sine(100.0, 48_000, 0.5), sine(100.0, 48_000, 0.5)]);
    let ended = measure(&stereo, &mut |_| ControlFlow::Break(()));
    assert!(matches!(ended, Err(SessionError::Interrupted)));
    // From within a stem, not only between two.
    for threads in [1, 2] {
        let ended = listen(&[stereo.clone(), mono.clone()], RATE, threads, &|done| match done {
            0 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        });
        assert!(matches!(ended, Err(SessionError::Interrupted)));
    }
}

#[test]
fn the_stems_of_a_folder() {
    let folder = Folder::new("stems");
    let plane = vec![sine(100.0, 480, 0.5)];
    for (name, rate) in [("b.WAV", 44_100), ("a.wav", 48_000), ("c.wav", 44_100), ("mix.wav", 96_000)] {
        folder.write(name, rate, &plane);
    }
    folder.write(".hidden.wav", RATE, &plane);
    folder.write("takes/d.wav", RATE, &plane);
    fs::write(folder.0.join("words.txt"), "words").unwrap();
    let names = |found: &[PathBuf]| -> Vec<String> {
        found.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    };
    let found = stems_in(&folder.0).unwrap();
    assert_eq!(names(&found.stems), ["a.wav", "b.WAV", "c.wav", "mix.wav"]);
    assert_eq!(found.notes.len(), 1);
    assert!(found.notes[0].ends_with("no audio by name, passed over: .hidden.wav, takes, words.txt"));
    assert_eq!(common_rate(&found.stems).unwrap(), 44_100);
    // Of two that as many have, the one that comes first.
    assert_eq!(common_rate(&found.stems[..2]).unwrap(), 48_000);
    // Beside a session it is a result.
    fs::write(folder.0.join("session.toml"), "version = 1").unwrap();
    let found = stems_in(&folder.0).unwrap();
    assert_eq!(names(&found.stems), ["a.wav", "b.WAV", "c.wav"]);
    assert!(found.notes[0].ends_with("results of an earlier run, left out: mix.wav"), "{:?}", found.notes);

    let from = |folder: &Path, file: &str, expected: &str| {
        assert_eq!(seen_from(folder, Path::new(file)), Path::new(expected));
    };
    let file = folder.0.join("takes/d.wav");
    let file = file.to_str().unwrap();
    from(&folder.0, file, "takes/d.wav");
    from(&folder.0.join("takes"), file, "d.wav");
    fs::create_dir_all(folder.0.join("other/deep")).unwrap();
    from(&folder.0.join("other/deep"), file, "../../takes/d.wav");
    from(&folder.0, "gone.wav", "gone.wav");
    assert!(matches!(stems_in(&folder.0.join("gone")), Err(SessionError::NotFound { .. })));
    let error = stems_in(&folder.0.join("other")).unwrap_err().to_string();
    assert!(error.contains("no audio in it; no audio by name, passed over: deep"), "{error}");
}
