//! The chain of a master on music: loudness, ceiling on six meters, and what its gain does against a streaming limiter alone.
#![cfg(feature = "session")]

mod common;
mod loudness_support;

use common::{Bound, depth, measured};
use loudness_support::*;
use mixdsp::files::{AudioFile, AudioStream as _, AudioWriter, BitDepth, SessionError};
use mixdsp::host::{Amount, EndsSettings, MasterLimiter, MasterSteps};
use mixdsp::session::{Delivered, Goal, deliver};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

const SECTION: &str = "mastering";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mixdsp-mastering-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn write(path: &Path, audio: &Audio, rate: f64) {
    let mut writer = AudioWriter::create(path, rate as u32, audio.len(), BitDepth::Float32).unwrap();
    writer.write(audio).unwrap();
    writer.finish().unwrap();
}

fn read(path: &Path) -> (Audio, f64) {
    let mut file = AudioFile::open(path).unwrap();
    let frames = file.info().frames.unwrap() as usize;
    let mut planes = vec![vec![0.0_f32; frames]; file.channels()];
    file.read(&mut planes.iter_mut().map(|plane| &mut plane[..]).collect::<Vec<_>>()).unwrap();
    let audio = planes.iter().map(|plane| plane.iter().map(|x| f64::from(*x)).collect()).collect();
    (audio, f64::from(file.sample_rate()))
}

fn make(mix: &Path, out: &Path, goal: &Goal) -> Result<Delivered, SessionError> {
    deliver(mix, out, goal, &mut |_, _| ControlFlow::Continue(()))
}

/// Loudness by the `ebur128` crate.
fn loudness(audio: &Audio, rate: f64) -> f64 {
    let mut meter = ebur128::EbuR128::new(2, rate as u32, ebur128::Mode::I).unwrap();
    meter.add_frames_f32(&interleaved(audio)).unwrap();
    meter.loudness_global().unwrap()
}

/// Programmes: something like music, and music where it is there; of each only a part where not all is swept.
fn pieces() -> Vec<(String, Audio, f64)> {
    let mut found = vec![("a synthetic programme".to_string(), programme(20.0, 48_000.0, 1), 48_000.0)];
    found.extend(music(None));
    if let Some((audio, rate)) = francium() {
        found.push(("Francium".to_string(), audio, rate));
    }
    if !depth::is_long() {
        for (_, audio, rate) in &mut found {
            let frames = (24.0 * *rate) as usize;
            let from = if audio[0].len() > 5 * frames { 3 * frames } else { 0 };
            let to = audio[0].len().min(from + frames);
            audio.iter_mut().for_each(|plane| *plane = plane[from..to].to_vec());
        }
    }
    found
}

#[test]
fn a_master_is_as_loud_as_asked_for_or_refused() {
    let folder = Folder::new("pieces");
    let (mix, out) = (folder.0.join("mix.wav"), folder.0.join("master.wav"));
    let mut worst = WorstOvers::new("masters at -1 dBTP, -14 to -9 LUFS: over the ceiling");
    let mut off = Worst::new(SECTION, "masters that were reached, or named as reachable: off the loudness");
    let mut motion = Worst::new(SECTION, "at -11 LUFS and louder: power of the limiter's gain above 30 Hz against streaming alone");
    let mut deepest = Worst::new(SECTION, "the same: largest reduction of the limiter against streaming's");
    let mut clipped = Worst::new(SECTION, "the same: share of the samples that are clipped");
    let mut reached = [0; 3];
    let pieces = pieces();
    for (name, audio, rate) in &pieces {
        write(&mix, audio, *rate);
        for (at, lufs) in [-14.0, -11.0, -9.0].into_iter().enumerate() {
            let goal = Goal { loudness_lufs: lufs, bits: "32f".into(), ..Goal::default() };
            let delivered = match make(&mix, &out, &goal) {
                Ok(delivered) => delivered,
                Err(SessionError::TooMuchLimiting(refused)) => {
                    println!("{name} {lufs}: {}\n{}", refused.limit, refused.table());
                    let named = refused.limit.reachable_lufs.unwrap();
                    let goal = Goal { loudness_lufs: named, ..goal };
                    make(&mix, &out, &goal).unwrap();
                    let (made, rate) = read(&out);
                    off.take((loudness(&made, rate) - named).abs(), format!("{name} {named}"));
                    worst.take(overs(&made, rate, -1.0), &format!("{name} {named}"));
                    continue;
                }
                Err(error) => panic!("{error}"),
            };
            reached[at] += 1;
            let (made, rate) = read(&out);
            println!(
                "{name} {lufs}: {:.2} LUFS, gain {:.2}, compression {} dB, clips over {:?} dB, {} passes\n{}",
                loudness(&made, rate),
                delivered.gain_db,
                delivered.plan.compression_db,
                delivered.plan.clips_over_db,
                delivered.passes,
                delivered.cost
            );
            off.take((loudness(&made, rate) - lufs).abs(), format!("{name} {lufs}"));
            worst.take(overs(&made, rate, -1.0), &format!("{name} {lufs}"));
            if lufs < -11.0 {
                continue;
            }
            let alone = Goal {
                limiter: MasterLimiter::Streaming,
                chain: MasterSteps::LIMITER_ALONE,
                max_limiting_db: 60.0,
                ..goal
            };
            let alone = make(&mix, &out, &alone).unwrap();
            println!("  streaming alone: {}", alone.cost);
            motion.take(db(delivered.cost.fast_db / alone.cost.fast_db), format!("{name} {lufs}"));
            deepest.take(delivered.limiting_max_db / alone.limiting_max_db, format!("{name} {lufs}"));
            clipped.take(delivered.cost.clipped_share, format!("{name} {lufs}"));
        }
    }
    println!("reached {reached:?} of {}", pieces.len());
    off.hold(0.1, "LU", "ebur128 crate");
    worst.hold();
    if motion.is_taken() {
        motion.hold(-12.0, "dB", "theory");
        deepest.hold(2.0 / 3.0, "", "theory");
        clipped.hold(0.1, "", "theory");
    }
    measured(SECTION, "programmes that reach -14 LUFS", Bound::Equals(pieces.len() as f64), f64::from(reached[0]), "", "");
}
