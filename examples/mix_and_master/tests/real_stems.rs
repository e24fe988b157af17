//! The program on a folder of real stems, against ffmpeg: loudness, true peaks, memory, the plain sum.
//!
//! `MIXDSP_STEMS` names the folder; otherwise it is `francium` in `MIXDSP_AUDIO`, or in shared/audio beside the
//! checkout. Without any of them, or without ffmpeg, the test says what was not compared. Every change hears the first
//! 40 seconds; with `MIXDSP_DEPTH=long` it is the whole song.

mod support;

#[path = "../../../mixdsp/tests/common/report.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod report;

#[path = "../../../mixdsp/tests/common/depth.rs"]
mod depth;

use mixdsp::files::{AudioFile, AudioStream as _};
use mixdsp::session::{Clip, Session, Track};
use report::{Bound, measured, report, short};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use support::{Folder, program};

const SECTION: &str = "program";
/// What is heard of the stems where not all is swept.
const SECONDS: &str = "40";

/// Says on the terminal, where the test harness would hide it, that a comparison is missing.
fn not_run(what: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "not compared: {what} ({why})");
}

fn has_ffmpeg() -> bool {
    let mut command = Command::new("ffmpeg");
    command.arg("-version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What a run said and took.
struct Run {
    said: String,
    /// The most memory that it held, in MB; 0 where the system does not tell.
    memory: f64,
    /// Processor time of all threads at the end of each stage.
    stages: Vec<(String, f64)>,
}

fn run(arguments: &[&str]) -> Run {
    let mut command = Command::new(program());
    let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let process = PathBuf::from(format!("/proc/{}", child.id()));
    let stat = process.join("stat");
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let stages = std::thread::spawn(move || {
        let seconds = |line: String| {
            let stage = line.strip_suffix(": done")?.to_string();
            let text = fs::read_to_string(&stat).ok()?;
            // Fields 14 and 15, user and system time in hundredths; a name in brackets may hold spaces.
            let fields = text[text.rfind(')')? + 1..].split_whitespace().skip(11).take(2);
            Some((stage, fields.map(|ticks| ticks.parse::<f64>().unwrap_or(0.0) * 0.01).sum()))
        };
        lines.map_while(Result::ok).filter_map(seconds).collect()
    });
    let mut memory = 0.0_f64;
    while child.try_wait().unwrap().is_none() {
        // The kernel keeps the highest value, so that looking now and then is enough.
        let status = fs::read_to_string(process.join("status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        memory = memory.max(kilobytes.unwrap_or(0.0) * 1024.0 / 1e6);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(child.wait().unwrap().success());
    let mut said = String::new();
    child.stdout.unwrap().read_to_string(&mut said).unwrap();
    Run { said, memory, stages: stages.join().unwrap() }
}

/// Integrated loudness and true peak of a file, as ffmpeg's filter tells them.
fn ebur128_of_ffmpeg(path: &Path) -> (f64, f64) {
    let mut command = Command::new("ffmpeg");
    command.args(["-hide_banner", "-nostats", "-i"]).arg(path);
    let output = command.args(["-af", "ebur128=peak=true", "-f", "null", "-"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let summary = &said[said.rfind("Summary:").unwrap()..];
    let number = |key: &str| -> f64 {
        let line = summary.lines().find_map(|line| line.trim().strip_prefix(key)).unwrap();
        line.trim().split(' ').next().unwrap().parse().unwrap()
    };
    (number("I:"), number("Peak:"))
}

/// Highest sample when ffmpeg resamples a file to 192 kHz, in dBFS.
fn peak_at_192_khz(path: &Path) -> f64 {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(path).args(["-ar", "192000", "-f", "f32le", "-"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut stream = BufReader::with_capacity(1 << 20, child.stdout.take().unwrap());
    let (mut bytes, mut most) = (vec![0_u8; 1 << 20], 0.0_f32);
    loop {
        let mut held = 0;
        while held < bytes.len() {
            match stream.read(&mut bytes[held..]).unwrap() {
                0 => break,
                count => held += count,
            }
        }
        if held == 0 {
            break;
        }
        let samples = bytes[..held].chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        most = samples.fold(most, |most, x| most.max(x.abs()));
    }
    assert!(child.wait().unwrap().success());
    20.0 * f64::from(most).log10()
}

/// Greatest difference of `mix` and the sum of the stems in its folder, in dBFS.
fn less_plain_sum_db(mix: &Path, stems: &[PathBuf]) -> f64 {
    const BLOCK: usize = 1 << 16;
    let mut mix = AudioFile::open(mix).unwrap();
    let mut stems: Vec<AudioFile> = stems.iter().map(|stem| AudioFile::open(stem).unwrap()).collect();
    let mut planes = [vec![0.0_f32; BLOCK], vec![0.0_f32; BLOCK]];
    let mut worst = 0.0_f64;
    loop {
        let [left, right] = &mut planes;
        let count = mix.read(&mut [left, right]).unwrap();
        let mut rest = planes.each_ref().map(|plane| plane.iter().map(|x| f64::from(*x)).collect::<Vec<_>>());
        let mut most = 0;
        for stem in &mut stems {
            let [left, right] = &mut planes;
            let read = stem.read(&mut [left, right]).unwrap();
            most = most.max(read);
            for (rest, plane) in rest.iter_mut().zip(&planes) {
                rest.iter_mut().zip(&plane[..read]).for_each(|(rest, x)| *rest -= f64::from(*x));
            }
        }
        assert_eq!(most, count, "as long as the longest stem");
        worst = rest.iter().flat_map(|rest| &rest[..count]).fold(worst, |worst, x| worst.max(x.abs()));
        if count < BLOCK {
            return 20.0 * worst.max(1e-15).log10();
        }
    }
}

/// Processor time of this thread for decoding all files once.
fn decoding_seconds(files: &[PathBuf]) -> f64 {
    let now = || -> f64 {
        let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        text.split(' ').next().unwrap().parse::<f64>().unwrap() * 1e-9
    };
    let start = now();
    let mut planes = [vec![0.0_f32; 512], vec![0.0_f32; 512]];
    for file in files {
        let mut file = AudioFile::open(file).unwrap();
        let [left, right] = &mut planes;
        while file.read(&mut [&mut left[..], &mut right[..]][..file.channels().min(2)]).unwrap() == 512 {}
    }
    now() - start
}

/// The beginnings of the files of a folder, as they were coded.
fn beginnings(stems: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(stems).unwrap().map(|entry| entry.unwrap().path()) {
        let mut command = Command::new("ffmpeg");
        command.args(["-v", "quiet", "-i"]).arg(&file).args(["-t", SECONDS, "-vn", "-c", "copy"]);
        // What is no audio, such as a licence, is left out.
        let _ = command.arg(to.join(file.file_name().unwrap())).status().unwrap();
    }
}

fn read_seconds(path: &Path) -> f64 {
    let info = AudioFile::open(path).unwrap().info();
    info.frames.unwrap() as f64 / f64::from(info.sample_rate)
}

#[test]
fn a_folder_of_real_stems_becomes_a_master() {
    let what = "the program on real stems with ffmpeg's meters";
    let named = std::env::var_os("MIXDSP_STEMS").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/audio");
    let audio = || std::env::var_os("MIXDSP_AUDIO").map_or_else(beside, PathBuf::from);
    let stems = named.unwrap_or_else(|| audio().join("francium"));
    if !stems.is_dir() {
        return not_run(what, "no stems in shared/audio beside the checkout; MIXDSP_STEMS is not set");
    }
    let stems = stems.canonicalize().unwrap();
    if !has_ffmpeg() {
        return not_run(what, "ffmpeg is not installed");
    }
    let folder = Folder::new("real");
    let out = folder.path("out");
    let name = stems.file_name().unwrap().to_string_lossy().into_owned();
    let stems = match depth::is_long() {
        true => stems,
        false => {
            beginnings(&stems, &folder.path(&name));
            folder.path(&name)
        }
    };
    let measured = |requirement: &str, bound, value, unit: &str, oracle: &str| {
        measured(SECTION, &format!("{name}: {requirement}"), bound, value, unit, oracle);
    };

    let text = |path: &Path| path.to_str().unwrap().to_string();
    let Run { said, memory, stages } = run(&[&text(&stems), "-o", &text(&out), "--target", "spotify"]);
    println!("{said}");
    if memory > 0.0 {
        measured("peak memory", Bound::AtMost(300.0), memory, "MB", "the kernel");
    } else {
        not_run("peak memory", "there is no /proc here");
    }
    let written = Session::read(out.join("session.toml")).unwrap();
    let clips = written.tracks.iter().map(|track| (&track.name, out.join(&track.clips[0].file)));
    let files: Vec<PathBuf> = clips.clone().map(|(_, file)| file).collect();
    let seconds = |name: &str| stages.iter().find(|(stage, _)| stage == name).map(|(_, seconds)| *seconds);
    let length = read_seconds(&out.join("mix.wav"));
    if let (Some(from), Some(to)) = (seconds("listening"), seconds("mastering")) {
        let mixes = stages.iter().filter(|(stage, _)| stage == "mixing").count();
        let took = to - from - mixes as f64 * decoding_seconds(&files);
        // Reported, not asserted: what else runs on the machine slows it down.
        let bound = format!("at most {} s", short(length / 20.0));
        let value = format!("{} s of {} s", short(took), short(length));
        let what = format!("{name}: mix, its meters and master, all threads added up, decoding apart");
        println!("{what}: {value}, {bound}");
        // Its bound is that of the whole song.
        if depth::is_long() {
            report(SECTION, &what, &bound, &value, "the kernel");
        }
    }
    let master = out.join("master.wav");
    let (loudness, true_peak) = ebur128_of_ffmpeg(&master);
    measured(
        "integrated loudness of the master",
        Bound::Within(-14.0, 0.1),
        loudness,
        "LUFS",
        "ffmpeg ebur128",
    );
    measured("true peak of the master", Bound::AtMost(-1.0), true_peak, "dBTP", "ffmpeg ebur128");
    let peak = peak_at_192_khz(&master);
    measured("highest sample at 192 kHz", Bound::AtMost(-1.0), peak, "dBFS", "ffmpeg's resampler");

    let mut flat = Session::new(written.sample_rate);
    flat.tracks = clips
        .map(|(name, file)| {
            let clips = vec![Clip { file: text(&file), ..Clip::default() }];
            Track { name: name.clone(), clips, ..Track::default() }
        })
        .collect();
    let session = folder.path("flat.toml");
    flat.write(&session).unwrap();
    let out = folder.path("flat");
    run(&["--session", &text(&session), "-o", &text(&out)]);
    let rest = less_plain_sum_db(&out.join("mix.wav"), &files);
    measured("mix at 0 dB less the plain sum", Bound::AtMost(-120.0), rest, "dBFS", "theory");
}
