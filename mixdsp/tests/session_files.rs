//! Files against ffmpeg, which no one here wrote: decoding, alignment, writing, resampling.
//!
//! Needs `ffmpeg`; without it each test says what was not compared. Real files, in the folders of `MIXDSP_AUDIO`
//! or of shared/audio beside the checkout, are compared too.

#![cfg(feature = "session")]

#[path = "common/report.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod report;

#[path = "common/files.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod files;

use files::{Folder, bytes_of, decoded, decoded_by_ffmpeg, ffmpeg, has_ffmpeg, not_run};
use report::{Bound, measured};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mixdsp::files::{AudioFile, AudioWriter, BitDepth, FileFormat, Resampler, SessionError};

fn energy(samples: impl Iterator<Item = f64>) -> f64 {
    samples.map(|x| x * x).sum::<f64>()
}

fn db(energy: f64) -> f64 {
    10.0 * energy.max(1e-30).log10()
}

/// Level of the difference against the level of the signal, in dB, over the frames that both have.
fn residual_db(ours: &[Vec<f32>], theirs: &[Vec<f32>]) -> f64 {
    let pairs = ours.iter().zip(theirs).flat_map(|(a, b)| a.iter().zip(b));
    let difference = energy(pairs.map(|(a, b)| f64::from(*a) - f64::from(*b)));
    let signal = energy(theirs.iter().flatten().map(|&x| f64::from(x)));
    if signal == 0.0 && difference == 0.0 { -300.0 } else { db(difference / signal.max(1e-30)) }
}

/// By how many frames `late` is later than `reference`, by the greatest correlation of 1500 of them.
fn lag(late: &[f32], reference: &[f32], most: usize) -> isize {
    let from = reference.len() / 3;
    let to = from + 1500;
    let most = most.min(from).min(late.len().saturating_sub(to)) as isize;
    let correlation = |lag: isize| -> f32 {
        let shifted = &late[from.wrapping_add_signed(lag)..];
        reference[from..to].iter().zip(shifted).map(|(a, b)| a * b).sum()
    };
    (-most..=most).max_by(|&a, &b| correlation(a).total_cmp(&correlation(b))).unwrap()
}

/// Noise below a fifth of the rate, fading in and out.
fn take(channels: usize, frames: usize) -> Vec<Vec<f32>> {
    (0..channels)
        .map(|channel| {
            let mut state = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(channel as u64 + 1);
            let mut smooth = [0.0_f64; 4];
            (0..frames)
                .map(|n| {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    let mut x = (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
                    for stage in &mut smooth {
                        *stage += 0.4 * (x - *stage);
                        x = *stage;
                    }
                    let fade = ((n + 1).min(frames - n) as f64 / 600.0).min(1.0);
                    (x * fade * (1.0 + (n as f64 * 1e-4).sin()) * 0.6) as f32
                })
                .collect()
        })
        .collect()
}

#[test]
fn the_same_take_aligns_in_every_format_and_matches_ffmpeg() {
    if !has_ffmpeg("decoding of WAV, FLAC, MP3, Ogg and M4A with ffmpeg's") {
        return;
    }
    let folder = Folder::new("formats");
    // Ending, what the encoder is told, and the greatest difference to ffmpeg's decoder in dB.
    let codings: [(&str, &[&str], f64); 10] = [
        ("f.wav", &["-c:a", "pcm_f32le"], -290.0),
        ("d.wav", &["-c:a", "pcm_f64le", "-rf64", "always"], -290.0),
        ("i.wav", &["-c:a", "pcm_s24le"], -290.0),
        ("flac", &["-c:a", "flac", "-sample_fmt", "s32"], -290.0),
        ("cbr.mp3", &["-c:a", "libmp3lame", "-b:a", "64k"], -105.0),
        ("vbr.mp3", &["-c:a", "libmp3lame", "-q:a", "1"], -105.0),
        ("ogg", &["-c:a", "libvorbis", "-q:a", "8"], -125.0),
        ("m4a", &["-c:a", "aac", "-aac_pns", "0", "-b:a", "96k"], -125.0),
        ("front.m4a", &["-c:a", "aac", "-aac_pns", "0", "-b:a", "96k", "-movflags", "faststart"], -125.0),
        ("mov", &["-c:a", "aac", "-aac_pns", "0", "-b:a", "96k"], -125.0),
    ];
    // MP3 at 24 kHz is left out: there ffmpeg 5 decodes wrongly (dr_mp3 agrees with us to 16 bits).
    for (rate, channels, frames) in [(44_100, 2, 100_003), (48_000, 1, 5_000), (22_050, 1, 30_001)] {
        let take = take(channels, frames);
        let input = bytes_of(&take);
        let (rate, channels_text) = (rate.to_string(), channels.to_string());
        for (ending, coding, bound) in codings {
            let path = folder.0.join(format!("{rate}-{channels}-{frames}.{ending}"));
            let mut arguments = vec!["-f", "f32le", "-ar", &rate, "-ac", &channels_text, "-i", "-"];
            arguments.extend_from_slice(coding);
            arguments.push(path.to_str().unwrap());
            ffmpeg(&arguments, &input);
            let ours = decoded(&path).unwrap();
            let theirs = decoded_by_ffmpeg(&path, channels);
            let residual = residual_db(&ours, &theirs);
            let name = path.file_name().unwrap().to_str().unwrap();
            println!("{name}: residual {residual:.1} dB, ffmpeg gives {} frames", theirs[0].len());
            assert_eq!(ours.len(), channels, "{name}");
            for (plane, reference) in ours.iter().zip(&take) {
                assert_eq!(plane.len(), frames, "{name}");
                assert_eq!(lag(plane, reference, 1200), 0, "{name}");
            }
            // ffmpeg 5 leaves the filling at the end of AAC, and of Ogg files with a single page.
            let more = theirs[0].len() as isize - frames as isize;
            assert!((0..1024).contains(&more), "{name}: ffmpeg gives {more} frames more");
            let what = format!("decoding of {ending}, {rate} Hz, {channels} channels: residual");
            measured("sessions", &what, Bound::AtMost(bound), residual, "dB", "ffmpeg's decoder");
        }
    }
}

#[test]
fn real_files_match_ffmpeg() {
    let what = "real files with ffmpeg's decoding";
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/audio");
    let folder = std::env::var_os("MIXDSP_AUDIO").map_or_else(beside, PathBuf::from);
    if !folder.is_dir() {
        return not_run(what, "no folder shared/audio beside the checkout, and MIXDSP_AUDIO is not set");
    }
    if !has_ffmpeg(what) {
        return;
    }
    let inside = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let folders = inside(folder.clone()).filter(|path| path.is_dir()).chain([folder.clone()]);
    let mut paths: Vec<_> = folders.flat_map(inside).filter(|path| path.is_file()).collect();
    paths.sort();
    let mut compared = 0;
    let mut worst = f64::NEG_INFINITY;
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let format = match AudioFile::open(&path) {
            Ok(file) => file.info().format,
            Err(error) => {
                println!("{error}");
                continue;
            }
        };
        let ours = decoded(&path).unwrap();
        let theirs = decoded_by_ffmpeg(&path, ours.len());
        let residual = residual_db(&ours, &theirs);
        let more = theirs[0].len() as isize - ours[0].len() as isize;
        println!("{name}: {} frames, ffmpeg {more:+}, residual {residual:.1} dB", ours[0].len());
        assert!((0..1152).contains(&more), "{name}: ffmpeg gives {more} frames more");
        assert!(residual < if format == FileFormat::Mp3 { -100.0 } else { -120.0 }, "{name}: {residual} dB");
        compared += 1;
        worst = worst.max(residual);
    }
    assert!(compared > 0, "no audio in the folder");
    let what = format!("decoding of {compared} real files, to the sample: largest residual");
    measured("sessions", &what, Bound::AtMost(-100.0), worst, "dB", "ffmpeg's decoder");
}

#[test]
fn what_is_written_is_what_ffmpeg_reads() {
    if !has_ffmpeg("written WAV with ffmpeg's reading") {
        return;
    }
    let folder = Folder::new("written");
    for (depth, name) in
        [(BitDepth::Int16, "pcm_s16le"), (BitDepth::Int24, "pcm_s24le"), (BitDepth::Float32, "pcm_f32le")]
    {
        for channels in [1, 2, 6, 24] {
            let take = take(channels, 1_001);
            let path = folder.0.join(format!("{name}-{channels}.wav"));
            let mut writer = AudioWriter::create(&path, 96_000, channels, depth).unwrap();
            let halves = [0..500, 500..1_001];
            for part in halves {
                let block: Vec<&[f32]> = take.iter().map(|plane| &plane[part.clone()]).collect();
                writer.write(&block).unwrap();
            }
            writer.finish().unwrap();
            let theirs = decoded_by_ffmpeg(&path, channels);
            for (read, written) in theirs.iter().zip(&take) {
                assert_eq!(read.len(), 1_001);
                let most = depth.step().map_or(0.0, |step| 0.5 * step);
                let error = read.iter().zip(written).map(|(a, b)| f64::from(a - b).abs());
                assert!(error.fold(0.0, f64::max) <= most, "{name} in {channels} channels");
            }
            let text = path.to_str().unwrap();
            let arguments =
                ["-v", "error", "-show_entries", "stream=codec_name,sample_rate", "-of", "csv=p=0"];
            if let Ok(output) = Command::new("ffprobe").args(arguments).arg(text).output() {
                assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), format!("{name},96000"));
            }
        }
    }
}

#[test]
fn resampling_matches_soxr() {
    let what = "resampling with soxr in ffmpeg";
    if !has_ffmpeg(what) {
        return;
    }
    let probe =
        ["-f", "lavfi", "-i", "sine=r=8000:d=0.1", "-af", "aresample=9000:resampler=soxr", "-f", "null"];
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "quiet"]).args(probe).arg("-").stdin(Stdio::null());
    if !command.status().is_ok_and(|status| status.success()) {
        return not_run(what, "this ffmpeg is built without soxr");
    }
    for (from, to) in [(44_100_u32, 48_000_u32), (48_000, 44_100), (96_000, 48_000), (22_050, 48_000)] {
        // Tones up to 0.22 of the lower rate. Above, soxr begins to fall off (0.001 dB at 0.4); there the unit
        // tests compare with theory.
        let frames = from as usize * 2;
        let lower = f64::from(from.min(to));
        let input: Vec<f64> = (0..frames)
            .map(|n| {
                let tones = [0.003, 0.01, 0.03, 0.05, 0.09, 0.13, 0.22];
                let fade = ((n + 1).min(frames - n) as f64 / 8000.0).min(1.0);
                let phase = std::f64::consts::TAU * lower * n as f64 / f64::from(from);
                fade * fade
                    * (3.0 - 2.0 * fade)
                    * tones.map(|part| (part * phase).sin() * 0.1).iter().sum::<f64>()
            })
            .collect();
        let mut resampler = Resampler::new(from, to, 1).unwrap();
        let (mut ours, mut taken, mut block) = (Vec::new(), 0, vec![0.0_f64; 4096]);
        while {
            taken += resampler.push(&[&input[taken..]]).unwrap();
            if taken == frames {
                resampler.finish();
            }
            let count = resampler.pull(&mut [&mut block[..]]).unwrap();
            ours.extend_from_slice(&block[..count]);
            taken < frames || count == block.len()
        } {}
        let bytes: Vec<u8> = input.iter().flat_map(|x| x.to_le_bytes()).collect();
        let (rate, filter) = (from.to_string(), format!("aresample={to}:resampler=soxr:precision=33"));
        let arguments =
            ["-f", "f64le", "-ar", &rate, "-ac", "1", "-i", "-", "-af", &filter, "-f", "f64le", "-"];
        let theirs = ffmpeg(&arguments, &bytes);
        let theirs: Vec<f64> =
            theirs.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect();
        let difference = energy(ours.iter().zip(&theirs).map(|(a, b)| a - b));
        let residual = db(difference / energy(theirs.iter().copied()));
        println!("{from} to {to}: {} frames, soxr {}, residual {residual:.1} dB", ours.len(), theirs.len());
        assert_eq!(ours.len(), theirs.len());
        let what = format!("resampling from {from} to {to} Hz: residual");
        measured("sessions", &what, Bound::AtMost(-130.0), residual, "dB", "soxr");
    }
}

/// Run by the next test in a process that may not write long files.
#[test]
fn writes_where_there_is_too_little_room() {
    let Ok(path) = std::env::var("MIXDSP_LITTLE_ROOM") else { return };
    let path = Path::new(&path);
    let mut writer = AudioWriter::create(path, 48_000, 2, BitDepth::Float32).unwrap();
    let plane = [0.5_f32; 48_000];
    let error = (0..100).find_map(|_| writer.write(&[&plane[..], &plane[..]]).err());
    let error = error.expect("a hundred seconds fit into 256 KiB");
    println!("{error}");
    assert!(matches!(error, SessionError::Write { .. }));
    assert!(error.to_string().contains("cannot be written"));
    drop(writer);
}

#[test]
#[cfg(unix)]
fn a_full_disk_gives_an_error_and_leaves_nothing() {
    let folder = Folder::new("full");
    let path = folder.0.join("mix.wav");
    fs::write(&path, "what was there").unwrap();
    // The limit stands for a disk that is full: the system refuses the write in the same way.
    let program = std::env::current_exe().unwrap();
    let script = "trap '' XFSZ; ulimit -f 512; exec \"$0\" --exact writes_where_there_is_too_little_room";
    let mut command = Command::new("sh");
    command.args(["-c", script]).arg(program).env("MIXDSP_LITTLE_ROOM", &path);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(fs::read(&path).unwrap(), b"what was there");
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
}
