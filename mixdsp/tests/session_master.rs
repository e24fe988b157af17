//! Delivery: loudness to 0.1 LU, true peaks under the ceiling.
#![cfg(feature = "session")]

use ebur128::{EbuR128, Mode};
use mixdsp::files::{AudioFile, AudioStream, AudioWriter, BitDepth, SessionError};
use mixdsp::host::MasterSteps;
use mixdsp::session::{Delivered, Goal, Session, deliver};
#[path = "common/report.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod report;

use report::{Bound, measured};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

const RATE: u32 = 48_000;
const CONTINUE: ControlFlow<()> = ControlFlow::Continue(());

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mixdsp-master-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Something like music: a beat, a bass and noise that swell, `seconds` long.
fn music(seconds: f64) -> [Vec<f32>; 2] {
    let mut seed = 9_u32;
    let mut noise = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(seed >> 8) / 16_777_216.0 - 0.5
    };
    let mut planes = [Vec::new(), Vec::new()];
    for n in 0..(seconds * f64::from(RATE)) as usize {
        let t = n as f64 / f64::from(RATE);
        let since = t % 0.5;
        let beat = (-since * 30.0).exp() * (std::f64::consts::TAU * 60.0 * since).sin() * 0.6;
        let bass = 0.2 * (std::f64::consts::TAU * 82.4 * t).sin();
        let swell = 0.15 * (1.0 + (t * 0.9).sin());
        for plane in &mut planes {
            plane.push((beat + bass + swell * noise()) as f32);
        }
    }
    planes
}

fn write(path: &Path, planes: &[Vec<f32>]) {
    let mut writer = AudioWriter::create(path, RATE, planes.len(), BitDepth::Float32).unwrap();
    writer.write(planes).unwrap();
    writer.finish().unwrap();
}

fn read(path: &Path) -> (u32, Vec<Vec<f32>>) {
    let mut file = AudioFile::open(path).unwrap();
    let frames = file.info().frames.unwrap() as usize;
    let mut planes = vec![vec![0.0; frames]; file.channels()];
    let mut block: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..]).collect();
    assert_eq!(file.read(&mut block).unwrap(), frames);
    (file.sample_rate(), planes)
}

/// Integrated loudness and true peak by libebur128's Rust port.
fn oracle(path: &Path) -> (f64, f64) {
    let (rate, planes) = read(path);
    let mut meter = EbuR128::new(2, rate, Mode::I | Mode::TRUE_PEAK).unwrap();
    meter.add_frames_planar_f32(&[&planes[0], &planes[1]]).unwrap();
    let peak = meter.true_peak(0).unwrap().max(meter.true_peak(1).unwrap());
    (meter.loudness_global().unwrap(), 20.0 * peak.log10())
}

#[test]
fn a_master_is_never_its_mix_and_takes_no_name_but_its_own() {
    let folder = Folder::new("harm");
    let mix = folder.0.join("mix.wav");
    write(&mix, &music(1.0));
    let before = std::fs::read(&mix).unwrap();
    let make = |out: &Path| deliver(&mix, out, &Goal::default(), &mut |_, _| CONTINUE);
    let mut same = vec![mix.clone(), folder.0.join("./nowhere/../mix.wav")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("mix.wav", folder.0.join("link.wav")).unwrap();
        same.push(folder.0.join("link.wav"));
    }
    for out in &same {
        let error = make(out).unwrap_err().to_string();
        assert!(error.contains("the master would be written over the mix, "), "{error}");
        assert!(std::fs::read(&mix).unwrap() == before, "the mix stays");
    }
    let error = make(&folder.0.join("m.mp3")).unwrap_err().to_string();
    assert!(error.ends_with("m.mp3: .mp3 is not written, only .wav, .flac and .aiff are"), "{error}");
    // A file with the name of a scratch file, and a name as long as names can be.
    std::fs::write(folder.0.join("m.floats.wav"), b"of the user").unwrap();
    make(&folder.0.join("m.wav")).unwrap();
    make(&folder.0.join("n".repeat(251) + ".wav")).unwrap();
    assert_eq!(std::fs::read(folder.0.join("m.floats.wav")).unwrap(), b"of the user");
    let hidden = |name: &str| name.starts_with('.');
    let names = std::fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!names.into_iter().any(|name| hidden(&name.to_string_lossy())), "nothing hidden is left");
}

#[test]
fn a_master_meets_loudness_and_ceiling() {
    let folder = Folder::new("deliver");
    let mix = folder.0.join("mix.wav");
    write(&mix, &music(5.0));
    for (loudness, ceiling, rate, bits) in [
        (-14.0, -1.0, None, "24"),
        (-9.0, -1.0, None, "16"),
        (-23.0, -2.0, Some(44_100), "24"),
        (-16.0, -1.0, Some(96_000), "32f"),
    ] {
        let out = folder.0.join("master.wav");
        let goal = Goal {
            loudness_lufs: loudness,
            true_peak_dbtp: ceiling,
            sample_rate: rate,
            bits: bits.into(),
            ..Goal::default()
        };
        let delivered = deliver(&mix, &out, &goal, &mut |_, _| CONTINUE).unwrap();
        let (lufs, peak) = oracle(&out);
        println!(
            "{loudness} LUFS at {ceiling} dBTP, {rate:?}, {bits}: {lufs:.3} LUFS, {peak:.3} dBTP, {delivered:?}"
        );
        let what = format!("master of {bits} bits at {} Hz", rate.unwrap_or(RATE));
        let (wanted, highest) = (Bound::Within(loudness, 0.1), Bound::AtMost(ceiling));
        measured("sessions", &format!("{what}: loudness"), wanted, lufs, "LUFS", "ebur128 crate");
        measured("sessions", &format!("{what}: true peak"), highest, peak, "dBTP", "ebur128 crate");
        let expected = u64::from(rate.unwrap_or(RATE)) * 5;
        assert_eq!((delivered.frames, delivered.sample_rate), (expected, rate.unwrap_or(RATE)));
        let left = std::fs::read_dir(&folder.0).unwrap().count();
        assert_eq!(left, 2, "nothing else is left");
    }
}

#[test]
fn a_master_of_silence_is_silence_and_one_of_a_click_keeps_the_ceiling() {
    let folder = Folder::new("silence");
    let (mix, out) = (folder.0.join("mix.wav"), folder.0.join("master.wav"));
    write(&mix, &[vec![0.0; 48_000], vec![0.0; 48_000]]);
    let goal = Goal::default();
    assert_eq!(deliver(&mix, &out, &goal, &mut |_, _| CONTINUE).unwrap().loudness_lufs, None);
    assert!(read(&out).1.iter().flatten().all(|x| *x == 0.0));
    let mut click = vec![0.0; 48_000];
    click[24_000] = 0.5;
    write(&mix, &[click.clone(), click]);
    // Its few blocks are all limiter.
    let goal = Goal { max_limiting_db: 60.0, ..goal };
    let delivered = deliver(&mix, &out, &goal, &mut |_, _| CONTINUE).unwrap();
    assert!(delivered.loudness_lufs.unwrap() < -14.1, "one sample cannot be that loud");
    assert!(oracle(&out).1 <= -1.0);
}

fn deliver_at(folder: &Folder, loudness_lufs: f64, max_limiting_db: f64) -> Result<Delivered, SessionError> {
    // The limiter has to take all.
    let chain = MasterSteps::LIMITER_ALONE;
    let goal = Goal { loudness_lufs, max_limiting_db, chain, ..Goal::default() };
    let (mix, out) = (folder.0.join("mix.wav"), folder.0.join("master.wav"));
    deliver(&mix, &out, &goal, &mut |_, _| CONTINUE)
}

#[test]
fn a_loudness_that_takes_too_much_limiting_is_refused_and_the_one_named_is_reached() {
    let folder = Folder::new("limiting");
    let quiet = music(6.0).map(|plane| plane.iter().map(|x| x * 0.01).collect::<Vec<f32>>());
    write(&folder.0.join("mix.wav"), &quiet);
    let out = folder.0.join("master.wav");
    std::fs::write(&out, "what was there").unwrap();
    for limit in [9.0, 3.0, 0.0] {
        let error = deliver_at(&folder, -1.0, limit).unwrap_err();
        let line = error.to_string();
        println!("{line}");
        let SessionError::TooMuchLimiting(refused) = error else { panic!("{line}") };
        assert!(line.starts_with("-1.0 LUFS would take at least ") && !line.contains('\n'), "{line}");
        assert!(refused.limit.limiting_p99_db > limit && refused.limit.max_limiting_db == limit);
        assert!(!refused.costs.is_empty() && refused.table().contains("the highest peaks are made by"));
        assert_eq!(std::fs::read(&out).unwrap(), b"what was there");
        assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 2, "nothing else is left");

        let named = refused.limit.reachable_lufs.unwrap();
        assert!(line.ends_with(&format!("{named:.1} LUFS is reachable within the limit")), "{line}");
        let reached = deliver_at(&folder, named, limit).unwrap();
        println!("{named} LUFS: {} dB, largest {} dB", reached.limiting_p99_db, reached.limiting_max_db);
        assert!((oracle(&out).0 - named).abs() <= 0.1 && reached.limiting_p99_db <= limit);
        // It is the limit that is reached, not something far below: half an LU more is refused.
        assert!(deliver_at(&folder, named + 0.5, limit).is_err(), "{named} LUFS is too careful");
        std::fs::write(&out, "what was there").unwrap();
    }
    assert_eq!(Goal::default().max_limiting_db, 9.0);
    let allowed = deliver_at(&folder, -5.0, 60.0).unwrap();
    assert!(allowed.limiting_p99_db > 9.0 && allowed.warnings().len() == 1);
    assert!(deliver_at(&folder, -20.0, 9.0).unwrap().warnings().is_empty());
}

#[test]
fn a_delivery_that_is_ended_leaves_nothing() {
    let folder = Folder::new("ended");
    write(&folder.0.join("mix.wav"), &music(2.0));
    let (mix, out) = (folder.0.join("mix.wav"), folder.0.join("master.wav"));
    std::fs::write(&out, "what was there").unwrap();
    let goal = Goal { loudness_lufs: -9.0, ..Goal::default() };
    // In the chain, in the first pass, and in the second.
    for last in 0..3 {
        let mut told = 0;
        let result = deliver(&mix, &out, &goal, &mut |pass, share| {
            assert!(told == 0, "nothing is told after the end");
            if (pass, share >= 0.5) < (last, true) {
                return CONTINUE;
            }
            told += 1;
            ControlFlow::Break(())
        });
        assert!(matches!(result, Err(SessionError::Interrupted)), "{last}: {result:?}");
        assert_eq!(std::fs::read(&out).unwrap(), b"what was there");
        assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 2, "nothing else is left");
    }
}

#[test]
fn rare_peaks_may_be_far_over_the_limit() {
    let folder = Folder::new("peaks");
    let mut planes = music(20.0).map(|plane| plane.iter().map(|x| x * 0.05).collect::<Vec<f32>>());
    // One stroke, 20 dB over the ceiling when the rest is at -14 LUFS.
    planes.iter_mut().for_each(|plane| plane[480_000] = 2.0);
    write(&folder.0.join("mix.wav"), &planes);
    let delivered = deliver_at(&folder, -14.0, 9.0).unwrap();
    println!("{} dB, largest {} dB", delivered.limiting_p99_db, delivered.limiting_max_db);
    assert!((delivered.loudness_lufs.unwrap() + 14.0).abs() <= 0.1);
    assert!(delivered.limiting_max_db > 20.0 && delivered.limiting_p99_db < 3.0);
    assert!(delivered.warnings().is_empty());
    let largest = delivered.limiter_db.iter().fold(0.0_f32, |a, b| a.max(*b));
    assert!((f64::from(largest) - delivered.limiting_max_db).abs() < 1e-4, "the curve shows it");
}

#[test]
fn the_limit_stands_in_sessions() {
    let head = "version = 1\nsample_rate = 48000\n";
    let old = Session::parse(&format!("{head}[target]\nloudness_lufs = -16.0\n"), "old").unwrap();
    assert_eq!(old.target.max_limiting_db, 9.0);
    let mut session = Session::new(48_000);
    session.target.max_limiting_db = 12.5;
    let text = session.to_toml().unwrap();
    assert!(text.contains("\nmax_limiting_db = 12.5\n"), "{text}");
    assert_eq!(Session::parse(&text, "text").unwrap(), session);
    let folder = Folder::new("range");
    write(&folder.0.join("mix.wav"), &music(1.0));
    for limit in [-0.1, 60.1, f64::NAN] {
        let line = deliver_at(&folder, -14.0, limit).unwrap_err().to_string();
        assert_eq!(line, format!("target: max_limiting_db = {limit} is outside 0 to 60 dB"));
    }
}
