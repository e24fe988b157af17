//! The chain of a master on music: loudness, ceiling on six meters, and what its gain does against a streaming limiter alone.
#![cfg(feature = "session")]

mod common;
mod loudness_support;

use common::{Bound, depth, measured};
use loudness_support::*;
use mixdsp::files::{AudioFile, AudioStream as _, AudioWriter, BitDepth, SessionError};
use mixdsp::host::{Amount, MasterLimiter, MasterSteps};
use mixdsp::session::{Clip, Delivered, Goal, RenderOptions, Session, Track, deliver, mix_down, write_stems};
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
            let frames = (10.0 * *rate) as usize;
            let from = if audio[0].len() > 12 * frames { 6 * frames } else { 0 };
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
    let mut motion = Worst::new(
        SECTION,
        "at -11 LUFS and louder: power of the limiter's gain above 30 Hz against streaming alone",
    );
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
    measured(
        SECTION,
        "programmes that reach -14 LUFS",
        Bound::Equals(pieces.len() as f64),
        f64::from(reached[0]),
        "",
        "",
    );
}

/// Stems of a session with a filter and a compressor on its master, summed against the master by what is in the files.
#[test]
fn stems_and_remainder_sum_to_the_master() {
    let folder = Folder::new("stems");
    let audio = programme(6.0, 48_000.0, 5);
    let mut session = Session::new(48_000);
    for track in 0..6 {
        let name = format!("part {track}");
        // Every sixth of a second is another's.
        let part: Audio = audio
            .iter()
            .map(|plane| {
                let own = |n: usize| n / 8_000 % 6 == track;
                plane.iter().enumerate().map(|(n, x)| if own(n) { *x } else { 0.1 * x }).collect()
            })
            .collect();
        write(&folder.0.join(format!("{name}.wav")), &part, 48_000.0);
        let clips = vec![Clip { file: format!("{name}.wav"), ..Clip::default() }];
        session.tracks.push(Track { name, clips, ..Track::default() });
    }
    let read_back = Session::parse(
        &session.to_toml().unwrap().replace(
            "[master]",
            "[master]\ninserts = [{ processor = \"equalizer\", bands = [{ kind = \"high_pass\", frequency_hz = 30.0 }] }, \
             { processor = \"compressor\", threshold_db = -24.0, ratio = 2.0, detector = \"rms\" }]",
        ),
        "stems",
    );
    session = read_back.unwrap();
    assert_eq!(session.master.inserts.len(), 2);
    for (clipping, title, bound) in [
        (
            Amount::Off,
            "stems of 6 tracks at 32f: remainder without steps that are not linear, against the master",
            -120.0,
        ),
        (Amount::Pinned(2.0), "the same with a clipper from 2 dB over the ceiling on", -25.0),
    ] {
        let steps = MasterSteps { compression_db: Amount::Pinned(1.0), clipping_over_db: clipping };
        session.target = Goal {
            loudness_lufs: -11.0,
            max_limiting_db: 60.0,
            chain: steps,
            bits: "32f".into(),
            ..Goal::default()
        };
        let (mix, out, stems) = (folder.0.join("mix.wav"), folder.0.join("master.wav"), folder.0.join("out"));
        std::fs::create_dir_all(&stems).unwrap();
        mix_down(&session, &folder.0, &mix, RenderOptions::default(), &mut |_| ControlFlow::Continue(()))
            .unwrap();
        let delivered = make(&mix, &out, &session.target).unwrap();
        let written =
            write_stems(&session, &folder.0, &out, &delivered, &stems, RenderOptions::default(), &mut |_| {
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(written.files.len(), 8, "tracks, buses, remainder");
        let (mut rest, _) = read(&out);
        let power = |audio: &Audio| audio.iter().flatten().map(|x| x * x).sum::<f64>();
        let whole = power(&rest);
        let mut last = 0.0;
        for file in &written.files {
            let (stem, _) = read(file);
            last = power(&stem);
            for (rest, stem) in rest.iter_mut().zip(&stem) {
                assert_eq!(rest.len(), stem.len());
                rest.iter_mut().zip(stem).for_each(|(rest, x)| *rest -= x);
            }
        }
        let level = |power: f64| 10.0 * (power.max(1e-300) / whole).log10();
        let sum = "stems and remainder of 6 tracks at 32f: sum against the master";
        measured(SECTION, sum, Bound::AtMost(-120.0), level(power(&rest)), "dB", "theory");
        measured(SECTION, title, Bound::AtMost(bound), level(last), "dB", "theory");
    }
}
