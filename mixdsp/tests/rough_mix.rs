//! The rough mix: roles, what every stem gets, what silence and shortness get, and the metric of masking.
#![cfg(all(feature = "session", feature = "fft"))]

use mixdsp::files::{AudioWriter, BitDepth};
use mixdsp::host::Masking;
use mixdsp::session::{Role, Session, Style, listen, roles, rough_mix};
use std::f64::consts::TAU;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

const RATE: u32 = 48_000;
const CONTINUE: ControlFlow<()> = ControlFlow::Continue(());

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mixdsp-rough-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, planes: &[Vec<f32>]) -> PathBuf {
        let path = self.0.join(name);
        let mut writer = AudioWriter::create(&path, RATE, planes.len(), BitDepth::Float32).unwrap();
        writer.write(planes).unwrap();
        writer.finish().unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn wave(seconds: f64, sound: impl FnMut(f64) -> f64) -> Vec<f32> {
    let mut sound = sound;
    (0..(seconds * f64::from(RATE)) as usize).map(|n| sound(n as f64 / f64::from(RATE)) as f32).collect()
}

fn noise(level: f64) -> impl FnMut(f64) -> f64 {
    let mut seed = 9_u32;
    move |_| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        level * (f64::from(seed >> 8) / 16_777_216.0 - 0.5)
    }
}

fn kick(t: f64) -> f64 {
    let since = t % 0.5;
    0.6 * (-since * 14.0).exp() * (TAU * 55.0 * since).sin()
}

fn made(files: &[PathBuf], folder: &Path) -> Session {
    let stems = listen(files, RATE, 2, &|_| CONTINUE).unwrap();
    rough_mix(&stems, Style::Pop, RATE, folder).unwrap()
}

#[test]
fn every_stem_is_listed_with_its_reasons_and_silence_is_left() {
    let folder = Folder::new("list");
    let mut hiss = noise(0.1);
    let files = [
        folder.write("kick.wav", &[wave(4.0, kick)]),
        folder.write("hats.wav", &[wave(4.0, |t| hiss(t) * (-(t % 0.25) * 40.0).exp())]),
        folder.write("nothing.wav", &[vec![0.0; 9_000]]),
        folder.write("one.wav", &[vec![0.25]]),
    ];
    let session = made(&files, &folder.0);
    assert_eq!(session.tracks.len(), 4);
    assert_eq!((session.tracks[2].gain_db, session.tracks[2].trim_db), (0.0, 0.0));
    assert!(session.tracks.iter().all(|track| !track.notes.is_empty()), "a reason for each");
    assert_eq!(session.tracks[0].clips[0].file, "kick.wav");
    let text = session.to_toml().unwrap();
    assert_eq!(Session::parse(&text, "rough").unwrap(), session, "what is written is read");
}

#[test]
fn neither_level_nor_order_changes_the_mix() {
    let folder = Folder::new("level");
    let mut air = noise(0.3);
    let kick = wave(6.0, kick);
    let lead = wave(6.0, |t| 0.2 * (TAU * 440.0 * t).sin() * (0.6 + 0.4 * (TAU * 0.7 * t).sin()));
    let pad = wave(6.0, |t| 0.1 * (TAU * 220.0 * t).sin() + 0.05 * air(t));
    let scaled = |plane: &[f32], gain: f32| vec![plane.iter().map(|x| x * gain).collect::<Vec<f32>>()];
    let write = |kind: &str, gains: [f32; 3]| {
        let stems = [("kick", &kick, gains[0]), ("lead", &lead, gains[1]), ("pad", &pad, gains[2])];
        stems.map(|(name, plane, gain)| folder.write(&format!("{kind} {name}.wav"), &scaled(plane, gain)))
    };
    let usual = made(&write("a", [1.0; 3]), &folder.0);
    let mut files = write("b", [0.1, 1.5, 0.1]);
    files.reverse();
    let other = made(&files, &folder.0);
    for track in &usual.tracks {
        let name = track.name.replace("a ", "b ");
        let twin = other.tracks.iter().find(|twin| twin.name == name).unwrap();
        let gain = [(0, "kick", -20.0), (1, "lead", 3.52), (2, "pad", -20.0)];
        let (.., change) = gain.iter().find(|(_, part, _)| name.contains(part)).unwrap();
        let level = |track: &mixdsp::session::Track| track.gain_db + track.trim_db;
        let off = level(twin) + change - level(track);
        assert!(off.abs() < 0.5, "{name}: {off} dB");
        assert_eq!(twin.inserts.len(), track.inserts.len(), "{name}");
    }
}

#[test]
fn sounds_without_names_are_told_apart() {
    let folder = Folder::new("sounds");
    let (mut a, mut b) = (noise(1.0), noise(1.0));
    let mut last = 0.0;
    let files = [
        folder.write("a.wav", &[wave(4.0, kick)]),
        folder.write("b.wav", &[wave(4.0, |t| 0.3 * (TAU * 55.0 * t).sin())]),
        folder.write(
            "c.wav",
            &[wave(4.0, |t| {
                // Differences of noise: highs.
                let now = a(t);
                let high = now - last;
                last = now;
                0.3 * high * (-(t % 0.25) * 40.0).exp()
            })],
        ),
        folder.write("d.wav", &[wave(4.0, |t| 0.3 * b(t) * (-(t % 1.0) * 30.0).exp())]),
    ];
    let stems = listen(&files, RATE, 2, &|_| CONTINUE).unwrap();
    let found = roles(&stems);
    assert_eq!(found[..3], [Role::Kick, Role::Bass, Role::Cymbals]);
    assert!(matches!(found[3], Role::Snare | Role::Percussion | Role::Cymbals), "{:?}", found[3]);
}

#[test]
fn masking_reaches_further_up_than_down() {
    // Far from the masker Schroeder's function falls by 25 dB per Bark below and 10 dB per Bark above it.
    let bark = |hz: f64| 26.81 * hz / (1960.0 + hz) - 0.53;
    let centres: Vec<f64> = (0..24)
        .map(|n| {
            // A band per Bark, by the inverse of the formula.
            let z = f64::from(n) + 0.5;
            1960.0 * (z + 0.53) / (26.28 - z)
        })
        .collect();
    assert!((bark(centres[5]) - 5.5).abs() < 1e-9);
    let masking = Masking::new(&centres);
    let mut masker = [0.0_f32; 24];
    masker[12] = 1.0;
    let mut threshold = [0.0_f32; 24];
    masking.threshold(&masker, &mut threshold);
    let db = |at: usize| 10.0 * f64::from(threshold[at]).log10();
    assert!((db(12) + 6.0).abs() < 0.2, "6 dB under a masker of noise: {}", db(12));
    assert!((db(20) - db(21) - 10.0).abs() < 0.3, "above: {}", db(20) - db(21));
    assert!((db(4) - db(3) - 25.0).abs() < 0.3, "below: {}", db(4) - db(3));
    // What is as loud as the masker is heard beside it, what is 20 dB under the threshold is masked entirely.
    assert!(Masking::is_heard(&masker, &threshold, 1.0));
    let quiet = masker.map(|power| power * 0.0025);
    assert!(!Masking::is_heard(&quiet, &threshold, 1.0));
    assert!((Masking::ratio(&quiet, &threshold) - 1.0).abs() < 1e-9);
    assert_eq!(Masking::ratio(&masker, &threshold), 0.0);
}
