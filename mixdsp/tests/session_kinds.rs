//! A folder with a file of each kind that ffmpeg can write: each is read equal to ffmpeg's decode, or refused by
//! its name.

#![cfg(feature = "session")]

#[path = "common/report.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod report;

#[path = "common/files.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod files;

use files::{Folder, bytes_of, decoded, ffmpeg, has_ffmpeg, next, planes_of};
use mixdsp::files::{AudioFile, Reading, SessionError};
use report::{Bound, measured};
use std::path::Path;

/// What has to become of a kind.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    /// It is read, as long as ffmpeg's decode.
    Read,
    /// It is read, as long as what was encoded: ffmpeg 5 leaves the start-up or the filling.
    Whole,
    /// It is refused, with this in the message.
    Named(&'static str),
}
use Fate::{Named, Read, Whole};

struct Kind {
    /// What the file is called.
    name: &'static str,
    /// What ffmpeg is told, behind the input.
    coding: &'static [&'static str],
    rate: u32,
    channels: usize,
    fate: Fate,
}

const fn kind(
    name: &'static str,
    coding: &'static [&'static str],
    rate: u32,
    channels: usize,
    fate: Fate,
) -> Kind {
    Kind { name, coding, rate, channels, fate }
}

const FRAMES: usize = 30_011;

const KINDS: &[Kind] = &[
    // WAV.
    kind("u8.wav", &["-c:a", "pcm_u8"], 44_100, 1, Read),
    kind("s16.wav", &["-c:a", "pcm_s16le"], 44_100, 2, Read),
    kind("s24.wav", &["-c:a", "pcm_s24le"], 96_000, 6, Read),
    kind("s32.wav", &["-c:a", "pcm_s32le"], 48_000, 8, Read),
    kind("s64.wav", &["-c:a", "pcm_s64le"], 48_000, 2, Read),
    kind("f32.wav", &["-c:a", "pcm_f32le"], 192_000, 2, Read),
    kind("f64.wav", &["-c:a", "pcm_f64le"], 8_000, 3, Read),
    kind("rf64.wav", &["-c:a", "pcm_s24le", "-rf64", "always"], 48_000, 2, Read),
    kind("alaw.wav", &["-c:a", "pcm_alaw"], 8_000, 1, Read),
    kind("mulaw.wav", &["-c:a", "pcm_mulaw"], 16_000, 2, Read),
    kind("ms.wav", &["-c:a", "adpcm_ms"], 44_100, 2, Read),
    kind("ms-mono.wav", &["-c:a", "adpcm_ms"], 22_050, 1, Read),
    kind("ima.wav", &["-c:a", "adpcm_ima_wav"], 44_100, 1, Read),
    kind("ima-stereo.wav", &["-c:a", "adpcm_ima_wav"], 48_000, 2, Read),
    kind("mp3.wav", &["-c:a", "libmp3lame"], 44_100, 2, Read),
    kind("mp2.wav", &["-c:a", "mp2"], 48_000, 2, Read),
    kind("gsm.wav", &["-c:a", "libgsm_ms"], 8_000, 1, Named("GSM 6.10 in WAV")),
    kind("yamaha.wav", &["-c:a", "adpcm_yamaha"], 44_100, 2, Named("Yamaha ADPCM in WAV")),
    kind("g726.wav", &["-c:a", "g726"], 8_000, 1, Named("G.726 ADPCM in WAV")),
    kind("ac3.wav", &["-c:a", "ac3"], 48_000, 2, Named("AC-3 in WAV")),
    kind("wma.wav", &["-c:a", "wmav2"], 44_100, 2, Named("Windows Media Audio in WAV")),
    kind("aac.wav", &["-c:a", "aac"], 44_100, 2, Named("AAC in WAV")),
    // FLAC.
    kind("16.flac", &["-c:a", "flac", "-sample_fmt", "s16"], 44_100, 1, Read),
    kind("24.flac", &["-c:a", "flac", "-sample_fmt", "s32"], 96_000, 6, Read),
    kind("fast.flac", &["-c:a", "flac", "-compression_level", "0"], 48_000, 8, Read),
    // MPEG audio.
    kind("128.mp3", &["-c:a", "libmp3lame", "-b:a", "128k"], 44_100, 2, Whole),
    kind("vbr.mp3", &["-c:a", "libmp3lame", "-q:a", "4"], 48_000, 1, Whole),
    kind("mpeg2.mp3", &["-c:a", "libmp3lame", "-b:a", "64k"], 22_050, 2, Whole),
    kind("shine.mp3", &["-c:a", "libshine", "-b:a", "128k"], 44_100, 2, Read),
    kind("bare.mp3", &["-c:a", "libmp3lame", "-write_xing", "0"], 32_000, 2, Read),
    kind("48.mp2", &["-c:a", "mp2", "-b:a", "192k"], 48_000, 2, Read),
    kind("mono.mp2", &["-c:a", "libtwolame", "-b:a", "64k"], 32_000, 1, Read),
    kind("low.mp2", &["-c:a", "mp2", "-b:a", "64k"], 22_050, 2, Read),
    kind("44.aac", &["-c:a", "aac", "-aac_pns", "0"], 44_100, 2, Read),
    kind("48.aac", &["-c:a", "aac", "-aac_pns", "0"], 48_000, 1, Read),
    kind(
        "six.aac",
        &["-c:a", "aac", "-aac_pns", "0"],
        48_000,
        6,
        Named("AAC other than AAC-LC in mono or stereo"),
    ),
    // Ogg.
    kind("2.ogg", &["-c:a", "libvorbis", "-q:a", "5"], 44_100, 2, Whole),
    kind("1.ogg", &["-c:a", "libvorbis", "-q:a", "1"], 22_050, 1, Whole),
    kind("6.ogg", &["-c:a", "libvorbis"], 48_000, 6, Named("Vorbis in 6 channels")),
    kind("opus.ogg", &["-c:a", "libopus", "-b:a", "96k"], 48_000, 2, Read),
    kind("mono.opus", &["-c:a", "libopus", "-b:a", "24k", "-application", "voip"], 48_000, 1, Read),
    kind("six.opus", &["-c:a", "libopus", "-b:a", "320k"], 48_000, 6, Named("Opus in 6 channels")),
    kind("short.opus", &["-c:a", "libopus", "-frame_duration", "2.5"], 48_000, 2, Read),
    kind("flac.oga", &["-c:a", "flac"], 44_100, 2, Read),
    kind("speex.ogg", &["-c:a", "libspeex"], 16_000, 1, Named("Speex")),
    // MP4 and QuickTime.
    kind("aac.m4a", &["-c:a", "aac", "-aac_pns", "0"], 44_100, 2, Whole),
    kind("six.m4a", &["-c:a", "aac", "-aac_pns", "0"], 48_000, 6, Named("AAC other than AAC-LC")),
    kind("alac.m4a", &["-c:a", "alac"], 44_100, 2, Read),
    kind("alac24.m4a", &["-c:a", "alac", "-sample_fmt", "s32p"], 96_000, 1, Read),
    kind("alac6.m4a", &["-c:a", "alac"], 48_000, 6, Read),
    kind("mp3.mp4", &["-c:a", "libmp3lame"], 44_100, 2, Whole),
    kind("flac.mp4", &["-c:a", "flac", "-strict", "-2"], 48_000, 2, Read),
    kind("opus.mp4", &["-c:a", "libopus", "-strict", "-2"], 48_000, 2, Whole),
    kind("ac3.mp4", &["-c:a", "ac3"], 48_000, 2, Named("AC-3")),
    kind("s16.mov", &["-c:a", "pcm_s16le"], 48_000, 2, Read),
    kind("s24.mov", &["-c:a", "pcm_s24be"], 48_000, 2, Read),
    kind("f32.mov", &["-c:a", "pcm_f32le"], 48_000, 1, Read),
    kind("ima.mov", &["-c:a", "adpcm_ima_qt"], 44_100, 2, Named("IMA ADPCM in MP4")),
    // AIFF, CAF.
    kind("s16.aiff", &["-c:a", "pcm_s16be"], 44_100, 2, Read),
    kind("s24.aiff", &["-c:a", "pcm_s24be"], 96_000, 6, Read),
    kind("s8.aiff", &["-c:a", "pcm_s8"], 22_050, 1, Read),
    kind("sowt.aiff", &["-c:a", "pcm_s16le"], 44_100, 2, Read),
    kind("f32.aiff", &["-c:a", "pcm_f32be"], 48_000, 2, Read),
    kind("f64.aiff", &["-c:a", "pcm_f64be"], 48_000, 2, Read),
    kind("alaw.aiff", &["-c:a", "pcm_alaw"], 8_000, 1, Read),
    kind("ima.aiff", &["-c:a", "adpcm_ima_qt"], 44_100, 2, Named("IMA ADPCM in AIFF")),
    kind("s16.caf", &["-c:a", "pcm_s16le"], 44_100, 2, Read),
    kind("s24.caf", &["-c:a", "pcm_s24be"], 48_000, 4, Read),
    kind("f32.caf", &["-c:a", "pcm_f32le"], 48_000, 2, Read),
    kind("alac.caf", &["-c:a", "alac"], 44_100, 2, Read),
    kind("mulaw.caf", &["-c:a", "pcm_mulaw"], 8_000, 2, Read),
    kind("opus.caf", &["-c:a", "libopus", "-frame_duration", "20"], 48_000, 2, Read),
    // Matroska.
    kind("flac.mka", &["-c:a", "flac"], 44_100, 2, Read),
    kind("vorbis.mka", &["-c:a", "libvorbis"], 44_100, 2, Read),
    kind("opus.mka", &["-c:a", "libopus"], 48_000, 2, Whole),
    kind("opus.webm", &["-c:a", "libopus"], 48_000, 1, Whole),
    kind("s16.mka", &["-c:a", "pcm_s16le"], 44_100, 2, Read),
    kind("f32.mka", &["-c:a", "pcm_f32le"], 48_000, 6, Read),
    kind("mp3.mka", &["-c:a", "libmp3lame"], 44_100, 2, Read),
    kind("aac.mka", &["-c:a", "aac", "-aac_pns", "0"], 44_100, 2, Read),
    kind("alac.mka", &["-c:a", "alac"], 44_100, 2, Read),
    kind("ac3.mka", &["-c:a", "ac3"], 48_000, 2, Named("AC-3 in Matroska")),
    // Known by name.
    kind("a.w64", &["-c:a", "pcm_s16le"], 44_100, 2, Named("Wave64")),
    kind("a.au", &["-c:a", "pcm_s16be"], 44_100, 2, Named("Sun AU")),
    kind("a.wv", &["-c:a", "wavpack"], 44_100, 2, Named("WavPack")),
    kind("a.tta", &["-c:a", "tta"], 44_100, 2, Named("True Audio")),
    kind("a.ac3", &["-c:a", "ac3"], 48_000, 2, Named("AC-3")),
    kind("a.eac3", &["-c:a", "eac3"], 48_000, 2, Named("AC-3")),
    kind("a.dts", &["-c:a", "dca", "-strict", "-2"], 48_000, 2, Named("DTS")),
    kind("a.thd", &["-c:a", "truehd", "-strict", "-2"], 48_000, 2, Named("TrueHD")),
    kind("a.wma", &["-c:a", "wmav2"], 44_100, 2, Named("Windows Media")),
    kind("a.voc", &["-c:a", "pcm_u8"], 44_100, 1, Named("Creative Voice")),
    kind("a.flv", &["-c:a", "libmp3lame"], 44_100, 2, Named("Flash video")),
    kind("a.avi", &["-c:a", "pcm_s16le"], 44_100, 2, Named("AVI")),
    kind("a.nut", &["-c:a", "pcm_s16le"], 44_100, 2, Named("NUT")),
    kind("a.ts", &["-c:a", "mp2"], 48_000, 2, Named("MPEG transport stream")),
    kind("a.mpg", &["-c:a", "mp2"], 48_000, 2, Named("MPEG programme stream")),
    kind("a.sbc", &["-c:a", "sbc"], 44_100, 2, Named("SBC")),
    kind("a.adx", &["-c:a", "adpcm_adx"], 44_100, 2, Named("ADX")),
    kind("a.latm", &["-c:a", "aac"], 44_100, 2, Named("AAC in LATM")),
    kind("a.sox", &["-c:a", "pcm_s32le"], 44_100, 2, Named("SoX")),
    kind("a.rm", &["-c:a", "ac3"], 44_100, 2, Named("RealMedia")),
    kind("a.sf", &["-c:a", "pcm_s16le", "-f", "ircam"], 44_100, 2, Named("IRCAM")),
];

/// How often each file is struck.
const BLOWS: u64 = 4;

/// The largest residual to ffmpeg's decode, in dB.
const MOST_DB: f64 = -96.0;

/// A different tone and some noise on each channel, within half of full scale.
fn take(channels: usize, rate: u32) -> Vec<Vec<f32>> {
    (0..channels)
        .map(|channel| {
            let mut state = 0x9e37_79b9_u32.wrapping_mul(channel as u32 + 1);
            let turn = core::f32::consts::TAU * (150.0 + 90.0 * channel as f32) / rate as f32;
            (0..FRAMES)
                .map(|n| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let noise = (state >> 8) as f32 / (1 << 23) as f32 - 1.0;
                    0.4 * (turn * n as f32).sin() + 0.05 * noise
                })
                .collect()
        })
        .collect()
}

/// What ffmpeg decodes, channels in their order in the file.
fn by_ffmpeg(path: &Path, channels: usize) -> Vec<Vec<f32>> {
    let path = path.to_str().unwrap();
    let arguments = ["-request_sample_fmt", "flt", "-i", path, "-map", "0:a:0", "-f", "f32le", "-"];
    // libopus rather than ffmpeg's own, and MPEG layer II in floats rather than in 16 bits.
    let decoders = [("opus", "libopus"), ("mp2", "mp2float")];
    let name = decoders.iter().find(|(kind, _)| path.contains(kind));
    let decoder = name.map_or(vec![], |(_, decoder)| vec!["-c:a", decoder]);
    planes_of(&ffmpeg(&[&decoder[..], &arguments].concat(), &[]), channels)
}

fn residual_db(ours: &[Vec<f32>], theirs: &[Vec<f32>]) -> f64 {
    let energy = |samples: &mut dyn Iterator<Item = f64>| samples.map(|x| x * x).sum::<f64>();
    let pairs = ours.iter().zip(theirs).flat_map(|(a, b)| a.iter().zip(b));
    let difference = energy(&mut pairs.map(|(a, b)| f64::from(*a) - f64::from(*b)));
    let signal = energy(&mut theirs.iter().flatten().map(|&x| f64::from(x)));
    10.0 * (difference / signal.max(1e-30)).max(1e-30).log10()
}

/// Bytes that were struck here and there; where depends on `seed`.
fn struck(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + random(5) {
        // Half of the blows fall on the headers.
        let near = random(400).min(bytes.len() - 1);
        let place = [random(bytes.len()), near][random(2)];
        match random(4) {
            0 => bytes[place] = [0, 0xff, 0x7f, 0x80][random(4)],
            1 => bytes[place] ^= 1 << random(8),
            2 => drop(bytes.drain(place..(place + 1 + random(8)).min(bytes.len() - 1).max(place))),
            _ if random(4) == 0 => bytes.truncate(place.max(16)),
            _ => bytes[place] = random(256) as u8,
        }
    }
    bytes
}

/// Reads what was struck, strictly and not, with a seek. Nothing may panic, hang, or give what is not finite.
fn survives(bytes: &[u8], name: &str) -> Result<(), String> {
    for seed in 0..BLOWS {
        let bytes = struck(bytes, seed + bytes.len() as u64);
        for strict in [true, false] {
            let begun = std::time::Instant::now();
            let reading = Reading { strict, check_finite: true };
            let read = || -> Result<(), SessionError> {
                let mut file = AudioFile::from_bytes(bytes.clone(), name, reading)?;
                while !next(&mut file, 4096)?[0].is_empty() {}
                file.seek(FRAMES as u64 / 2)?;
                next(&mut file, 100).map(drop)
            };
            // What is wrong has to be an error.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
                .map_err(|_| format!("panics, struck by {seed}"))?;
            if begun.elapsed().as_secs() >= 20 {
                return Err(format!("takes {:?}, struck by {seed}", begun.elapsed()));
            }
        }
    }
    Ok(())
}

/// What is wrong with how a kind is read; the residual where it is read.
fn tried(folder: &Folder, kind: &Kind) -> Result<Option<f64>, String> {
    let path = folder.0.join(kind.name);
    let (rate, channels) = (kind.rate.to_string(), kind.channels.to_string());
    let mut arguments = vec!["-f", "f32le", "-ar", &rate, "-ac", &channels, "-i", "-"];
    arguments.extend_from_slice(kind.coding);
    arguments.push(path.to_str().unwrap());
    ffmpeg(&arguments, &bytes_of(&take(kind.channels, kind.rate)));
    survives(&std::fs::read(&path).unwrap(), kind.name)?;
    let ours = decoded(&path);
    if let Named(name) = kind.fate {
        return match ours {
            Err(error @ SessionError::Unsupported { .. }) if error.to_string().contains(name) => Ok(None),
            Err(error) => Err(format!("says {error}")),
            Ok(_) => Err("is read".to_string()),
        };
    }
    let ours = ours.map_err(|error| error.to_string())?;
    let theirs = by_ffmpeg(&path, kind.channels);
    let (length, other) = (ours[0].len(), theirs[0].len());
    let expected = if kind.fate == Whole { FRAMES } else { other };
    if length != expected {
        return Err(format!("{length} frames, {expected} expected, ffmpeg gives {other}"));
    }
    let residual = residual_db(&ours, &theirs);
    if residual > MOST_DB { Err(format!("residual {residual:.1} dB")) } else { Ok(Some(residual)) }
}

#[test]
fn a_file_of_each_kind_is_read_or_named() {
    if !has_ffmpeg("files of every kind that ffmpeg writes") {
        return;
    }
    let folder = Folder::new("kinds");
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(kind) = KINDS.get(at) else { break };
                    let result = tried(&folder, kind);
                    results.lock().unwrap().push((kind.name, result));
                }
            });
        }
    });
    let results = results.into_inner().unwrap();
    let mut worst = f64::NEG_INFINITY;
    let mut wrong = Vec::new();
    for (name, result) in &results {
        match result {
            Ok(residual) => worst = worst.max(residual.unwrap_or(worst)),
            Err(what) => wrong.push(format!("{name}: {what}")),
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let what =
        format!("a file of each of {} kinds that ffmpeg writes: largest residual of those read", KINDS.len());
    measured("sessions", &what, Bound::AtMost(MOST_DB), worst, "dB", "ffmpeg's decoder");
}
