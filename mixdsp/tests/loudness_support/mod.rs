//! Signals and reference meters for the tests of meter and limiter, all written from the standards' text
//! and from definitions; nothing here comes from the crate.
#![allow(dead_code, reason = "each test file uses its part")]

use crate::common::{Bound, measured};
use std::f64::consts::PI;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// One slice per channel.
pub(crate) type Audio = Vec<Vec<f64>>;

/// Says that a comparison did not run, also where `make test` sums up.
pub(crate) fn absent(what: &str) {
    use std::io::Write;
    eprintln!("NOT RUN: {what}");
    let record = std::env::var_os("MIXDSP_ABSENT").map(PathBuf::from);
    let file = record.and_then(|path| std::fs::OpenOptions::new().append(true).create(true).open(path).ok());
    if let Some(mut file) = file {
        let _ = writeln!(file, "{what}");
    }
}

/// The largest deviations of a requirement, reported and held to the bound at the end.
pub(crate) struct Worst {
    section: &'static str,
    requirement: String,
    value: f64,
    at: String,
}

impl Worst {
    pub(crate) fn new(section: &'static str, requirement: &str) -> Self {
        Self { section, requirement: requirement.to_string(), value: f64::NEG_INFINITY, at: String::new() }
    }
    /// Takes a value; not a number is the worst.
    pub(crate) fn take(&mut self, value: f64, at: impl std::fmt::Display) {
        if !(value <= self.value) && !self.value.is_nan() {
            (self.value, self.at) = (value, at.to_string());
        }
    }
    /// Whether there was anything to measure.
    pub(crate) fn is_taken(&self) -> bool {
        self.value != f64::NEG_INFINITY
    }
    pub(crate) fn hold(self, bound: f64, unit: &str, oracle: &str) {
        println!("{}: worst {:+.5} {unit} at {}", self.requirement, self.value, self.at);
        measured(self.section, &self.requirement, Bound::AtMost(bound), self.value, unit, oracle);
    }
}

/// A repeatable source of numbers.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }
    /// From -1 to 1.
    pub(crate) fn signed(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
    /// From 0 to `end`, without it.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }
}

pub(crate) fn db(gain: f64) -> f64 {
    20.0 * gain.log10()
}

pub(crate) fn gain(db: f64) -> f64 {
    10f64.powf(db / 20.0)
}

/// EBU Tech 3341 and 3342: 1 kHz in phase on all channels, phase-continuous; each segment has a length in
/// seconds and a peak level in dBFS.
pub(crate) fn tone(segments: &[(f64, f64)], rate: f64, channels: usize) -> Audio {
    let mut end = 0.0;
    let mut x = Vec::new();
    for (seconds, level) in segments {
        end += seconds;
        let amplitude = if level.is_finite() { gain(*level) } else { 0.0 };
        while (x.len() as f64) < (end * rate).round() {
            x.push(amplitude * (2.0 * PI * 1_000.0 * x.len() as f64 / rate).sin());
        }
    }
    vec![x; channels]
}

pub(crate) const SILENCE: f64 = f64::NEG_INFINITY;

/// Fades 10 ms in and out.
pub(crate) fn faded(mut x: Vec<f64>, rate: f64) -> Vec<f64> {
    let frames = (0.01 * rate) as usize;
    let last = x.len() - 1;
    for i in 0..frames {
        let gain = i as f64 / frames as f64;
        x[i] *= gain;
        x[last - i] *= gain;
    }
    x
}

/// EBU 3341, 15 to 19: a sine of `rate / divisor`.
pub(crate) fn peak_sine(rate: f64, divisor: f64, amplitude: f64, phase_deg: f64) -> Audio {
    let frames = (3.2 * rate) as usize;
    let x = (0..frames).map(|n| amplitude * (2.0 * PI * n as f64 / divisor + phase_deg.to_radians()).sin());
    vec![faded(x.collect(), rate); 2]
}

/// EBU 3341, 20 to 23: at four times the rate, a sine of rate/6 at 0.5 with one period of rate/4 at 1.0,
/// band limited, every fourth sample from `offset` on.
pub(crate) fn peak_burst(rate: f64, offset: usize) -> Audio {
    let frames = (0.4 * rate) as usize * 4;
    let before = frames / 2 / 24 * 24;
    let sine = |n: usize| match n {
        _ if n < before => 0.5 * (2.0 * PI * n as f64 / 24.0).sin(),
        _ if n < before + 16 => (2.0 * PI * (n - before) as f64 / 16.0).sin(),
        _ => 0.5 * (2.0 * PI * (n - before - 16) as f64 / 24.0).sin(),
    };
    let x: Vec<f64> = faded((0..frames).map(sine).collect(), 4.0 * rate);
    // Anti-alias: a windowed sinc of 2001 taps just under half the rate.
    let half = 1_000;
    let cut = 0.125 * 0.985;
    let taps: Vec<f64> = (0..=2 * half)
        .map(|n| {
            let m = n as f64 - half as f64;
            let window = bessel(12.0 * (1.0 - (m / half as f64).powi(2)).sqrt()) / bessel(12.0);
            2.0 * cut * sinc(2.0 * cut * m) * window
        })
        .collect();
    let at = |i: usize| -> f64 {
        let taps = taps.iter().enumerate();
        taps.filter(|(k, _)| i + half >= *k && i + half - k < frames).map(|(k, h)| h * x[i + half - k]).sum()
    };
    let y: Vec<f64> = (offset..frames).step_by(4).map(at).collect();
    vec![y; 2]
}

pub(crate) fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

pub(crate) fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..60 {
        term *= (x / (2 * n) as f64).powi(2);
        sum += term;
    }
    sum
}

/// A polyphase kernel: `phases[k][j]` multiplies the sample j before the newest.
pub(crate) type Phases = Vec<Vec<f64>>;

/// The 48 taps of BS.1770-5 Annex 2.
pub(crate) fn itu() -> Phases {
    let p0 = [
        0.0017089843750,
        0.0109863281250,
        -0.0196533203125,
        0.0332031250000,
        -0.0594482421875,
        0.1373291015625,
        0.9721679687500,
        -0.1022949218750,
        0.0476074218750,
        -0.0266113281250,
        0.0148925781250,
        -0.0083007812500,
    ];
    let p1 = [
        -0.0291748046875,
        0.0292968750000,
        -0.0517578125000,
        0.0891113281250,
        -0.1665039062500,
        0.4650878906250,
        0.7797851562500,
        -0.2003173828125,
        0.1015625000000,
        -0.0582275390625,
        0.0330810546875,
        -0.0189208984375,
    ];
    let mirrored = |p: &[f64; 12]| p.iter().rev().copied().collect();
    vec![p0.to_vec(), p1.to_vec(), mirrored(&p1), mirrored(&p0)]
}

/// Sinc under a Kaiser window: `factor` points per sample, `taps` samples each.
pub(crate) fn kaiser(factor: usize, taps: usize, beta: f64) -> Phases {
    let half = (factor * taps / 2) as f64;
    let tap = |k: usize, j: usize| {
        let m = (factor * j + k) as f64 - half;
        bessel(beta * (1.0 - (m / half).powi(2)).sqrt()) / bessel(beta) * sinc(m / factor as f64)
    };
    (0..factor).map(|k| (0..taps).map(|j| tap(k, j)).collect()).collect()
}

/// Largest magnitude of samples and kernel outputs, with silence around the audio.
///
/// Of many phases some are looked at first. At the same place another phase differs from its neighbour by at
/// most the sum of what their taps differ by, times the largest sample; where that cannot reach the largest
/// value, it is spared.
pub(crate) fn true_peak(audio: &[Vec<f64>], phases: &Phases) -> f64 {
    let taps = phases[0].len();
    let step = if phases.len() < 16 { 1 } else { 4 };
    let first: Vec<usize> = (step / 2..phases.len()).step_by(step).collect();
    let rest: Vec<usize> = (0..phases.len()).filter(|k| !first.contains(k)).collect();
    let distance = |k: &usize| {
        let near = k / step * step + step / 2;
        phases[*k].iter().zip(&phases[near]).map(|(a, b)| (a - b).abs()).sum::<f64>()
    };
    let farthest = rest.iter().map(distance).fold(0.0, f64::max);
    let oldest_first: Phases = phases.iter().map(|phase| phase.iter().rev().copied().collect()).collect();
    let value = |window: &[f64], phase: usize| {
        // Four partial sums, so that the compiler can use vectors.
        let mut sums = [0.0; 4];
        for (x, h) in window.chunks_exact(4).zip(oldest_first[phase].chunks_exact(4)) {
            (0..4).for_each(|i| sums[i] += x[i] * h[i]);
        }
        (sums[0] + sums[1] + sums[2] + sums[3]).abs()
    };
    let highest = |window: &[f64], phases: &[usize]| {
        phases.iter().map(|phase| value(window, *phase)).fold(0.0, f64::max)
    };
    let mut largest: f64 = 0.0;
    for channel in audio {
        let mut padded = vec![0.0; taps];
        padded.extend_from_slice(channel);
        padded.extend(vec![0.0; taps]);
        let loudest = channel.iter().fold(0.0, |a: f64, x| a.max(x.abs()));
        let seen: Vec<f64> = padded.windows(taps).map(|window| highest(window, &first)).collect();
        largest = seen.iter().fold(largest.max(loudest), |a, b| a.max(*b));
        for (window, seen) in padded.windows(taps).zip(seen) {
            if seen + farthest * loudest > largest {
                largest = largest.max(highest(window, &rest));
            }
        }
    }
    largest
}

/// The meters on which a limiter's ceiling is measured.
pub(crate) const METERS: [&str; 6] = [
    "samples",
    "ITU FIR",
    "ebur128 crate (libebur128's kernel)",
    "libebur128",
    "32 x 48 taps",
    "ffmpeg to 192 kHz",
];

/// Over the ceiling in decibels on each of the [`METERS`]; `None` for one that is not here.
pub(crate) fn overs(audio: &Audio, rate: f64, ceiling_db: f64) -> [Option<f64>; 6] {
    let samples = audio.iter().flatten().fold(0.0, |a: f64, x| a.max(x.abs()));
    let peaks = [
        Some(samples),
        Some(true_peak(audio, &itu())),
        Some(peak_libebur128(audio, rate)),
        libebur128(audio, rate).map(|[.., peak]| peak),
        Some(true_peak(audio, &kaiser(32, 48, 9.0))),
        peak_at_192k(audio, rate),
    ];
    peaks.map(|peak| peak.map(|peak| db(peak) - ceiling_db))
}

/// The worst on each of the [`METERS`].
pub(crate) struct WorstOvers([Worst; 6]);

impl WorstOvers {
    pub(crate) fn new(title: &str) -> Self {
        Self(METERS.map(|meter| Worst::new("limiter", &format!("{title} on {meter}"))))
    }
    pub(crate) fn take(&mut self, overs: [Option<f64>; 6], at: &str) {
        for (worst, over) in self.0.iter_mut().zip(overs) {
            if let Some(over) = over {
                worst.take(over, at);
            }
        }
    }
    /// Holds all to 0.000 dB. What is not here was said so by [`absent`].
    pub(crate) fn hold(self) {
        for (worst, meter) in self.0.into_iter().zip(METERS) {
            if !worst.at.is_empty() {
                worst.hold(0.0, "dB", meter);
            }
        }
    }
}

/// Music that lies beside the checkout, or where `MIXDSP_AUDIO` says; empty when there is none.
pub(crate) fn audio_folder() -> Option<PathBuf> {
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/audio");
    let folder = std::env::var_os("MIXDSP_AUDIO").map(PathBuf::from).unwrap_or(beside);
    if folder.is_dir() {
        return Some(folder);
    }
    absent("tests on music: no folder shared/audio beside the checkout, and MIXDSP_AUDIO is not set");
    None
}

/// Decodes a file to stereo by ffmpeg, at `rate` or at its own.
pub(crate) fn decode(path: &std::path::Path, rate: Option<f64>) -> Option<(Audio, f64)> {
    let own = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-select_streams",
            "a:0",
            "-show_entries",
            "stream=sample_rate",
            "-of",
            "csv=p=0",
        ])
        .arg(path)
        .output()
        .ok()?;
    let own: f64 = String::from_utf8_lossy(&own.stdout).trim().trim_end_matches(',').parse().ok()?;
    let rate = rate.unwrap_or(own);
    let out = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args(["-ac", "2", "-ar", &rate.to_string(), "-f", "f32le", "-"])
        .output()
        .ok()?;
    Some((planar(&out.stdout, 2), rate))
}

fn planar(bytes: &[u8], channels: usize) -> Audio {
    let mut audio = vec![Vec::new(); channels];
    for (i, b) in bytes.chunks_exact(4).enumerate() {
        audio[i % channels].push(f32::from_le_bytes([b[0], b[1], b[2], b[3]]) as f64);
    }
    audio
}

/// Interleaved 32-bit floats.
pub(crate) fn interleaved(audio: &[Vec<f64>]) -> Vec<f32> {
    (0..audio[0].len()).flat_map(|n| audio.iter().map(move |channel| channel[n] as f32)).collect()
}

/// The music pieces: name and stereo audio at the rate, or at their own.
pub(crate) fn music(rate: Option<f64>) -> Vec<(String, Audio, f64)> {
    let Some(folder) = audio_folder() else { return Vec::new() };
    let names = ["music/hungarian_dance_5.ogg", "music/vibe_ace.ogg"];
    let found = names.iter().filter_map(|name| {
        let (audio, rate) = decode(&folder.join(name), rate)?;
        Some((name.to_string(), audio, rate))
    });
    let found: Vec<_> = found.filter(|(_, audio, _)| !audio[0].is_empty()).collect();
    if found.len() < names.len() {
        absent("tests on some music: ffmpeg or a file is missing");
    }
    found
}

/// Pipes interleaved floats into ffmpeg and returns what it says and what it writes.
pub(crate) fn ffmpeg(audio: &[Vec<f64>], rate: f64, arguments: &[&str]) -> Option<(String, Vec<u8>)> {
    use std::io::Write;
    let mut child = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostats", "-f", "f32le", "-ar", &rate.to_string()])
        .args(["-ac", &audio.len().to_string(), "-i", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(child) = &mut child else {
        absent("comparison with ffmpeg: it is not installed");
        return None;
    };
    let bytes: Vec<u8> = interleaved(audio).iter().flat_map(|x| x.to_le_bytes()).collect();
    let mut stdin = child.stdin.take()?;
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let mut errors = child.stderr.take()?;
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = std::io::Read::read_to_end(&mut errors, &mut text);
        text
    });
    let mut out = Vec::new();
    std::io::Read::read_to_end(child.stdout.as_mut()?, &mut out).ok()?;
    let _ = writer.join();
    let text = reader.join().ok()?;
    let _ = child.wait();
    Some((String::from_utf8_lossy(&text).into_owned(), out))
}

/// Largest sample after ffmpeg has resampled to 192 kHz.
pub(crate) fn peak_at_192k(audio: &[Vec<f64>], rate: f64) -> Option<f64> {
    let (_, bytes) = ffmpeg(audio, rate, &["-ar", "192000", "-f", "f32le", "-"])?;
    let samples = planar(&bytes, 1);
    Some(samples[0].iter().fold(0.0, |a: f64, x| a.max(x.abs())))
}

/// Largest true peak by the `ebur128` crate, which takes libebur128's kernel.
pub(crate) fn peak_libebur128(audio: &[Vec<f64>], rate: f64) -> f64 {
    let mut meter = ebur128::EbuR128::new(audio.len() as u32, rate as u32, ebur128::Mode::TRUE_PEAK).unwrap();
    meter.add_frames_f32(&interleaved(audio)).unwrap();
    // What is still on its way through the kernel.
    meter.add_frames_f32(&vec![0.0; 64 * audio.len()]).unwrap();
    (0..audio.len() as u32).map(|channel| meter.true_peak(channel).unwrap()).fold(0.0, f64::max)
}

/// What libebur128 itself measures: integrated loudness, range, true peak. `None`, said aloud, when the
/// library or a C compiler is missing.
pub(crate) fn libebur128(audio: &[Vec<f64>], rate: f64) -> Option<[f64; 3]> {
    use std::io::Write;
    use std::sync::OnceLock;
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/loudness_support/libebur128.c");
        let program = std::env::temp_dir().join(format!("mixdsp-libebur128-{}", std::process::id()));
        let compiled =
            Command::new("cc").args([source, "-O2", "-lebur128", "-o"]).arg(&program).output().ok()?;
        compiled.status.success().then_some(program)
    });
    let Some(program) = program else {
        absent("comparison with libebur128: no compiler or no library (Debian: libebur128-dev)");
        return None;
    };
    let mut child = Command::new(program)
        .args([audio.len().to_string(), rate.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let bytes: Vec<u8> = interleaved(audio).iter().flat_map(|x| x.to_le_bytes()).collect();
    child.stdin.take()?.write_all(&bytes).ok()?;
    let out = child.wait_with_output().ok()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let mut values = text.split_whitespace().map(|value| value.parse().unwrap_or(f64::NAN));
    Some([values.next()?, values.next()?, values.next()?])
}

/// Music-like audio where there is no music: notes, hits and pauses of changing level, stereo.
pub(crate) fn programme(seconds: f64, rate: f64, seed: u64) -> Audio {
    let mut random = Random(seed);
    let frames = (seconds * rate) as usize;
    let mut audio = vec![vec![0.0; frames]; 2];
    let mut start = 0usize;
    while start < frames {
        let section = (2.0 + 6.0 * random.signed().abs()) * rate;
        let end = frames.min(start + section as usize);
        let level = gain(-10.0 - 22.0 * random.signed().abs());
        let mut at = start;
        while at < end {
            let length = ((0.1 + 0.4 * random.signed().abs()) * rate) as usize;
            let frequency = 60.0 * 2f64.powf(5.0 * random.signed().abs());
            let pan = random.signed();
            for n in 0..length.min(frames - at) {
                let time = n as f64 / rate;
                let decay = (-4.0 * time).exp();
                let tone: f64 =
                    (1..=4).map(|k| (2.0 * PI * frequency * k as f64 * time).sin() / k as f64).sum::<f64>();
                let noise = random.signed() * (-60.0 * time).exp();
                let x = level * decay * (0.6 * tone + 0.7 * noise);
                audio[0][at + n] += x * (1.0 - 0.5 * pan);
                audio[1][at + n] += x * (1.0 + 0.5 * pan);
            }
            at += length / 2 + 1;
        }
        start = end;
    }
    audio
}

/// The plain sum of the stems of Francium; `None`, said aloud, when they are not there.
pub(crate) fn francium() -> Option<(Audio, f64)> {
    let folder = audio_folder()?.join("francium");
    let mut stems: Vec<PathBuf> =
        std::fs::read_dir(&folder).ok()?.filter_map(|e| Some(e.ok()?.path())).collect();
    stems.retain(|path| path.extension().is_some_and(|e| e == "m4a"));
    stems.sort();
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error"]);
    for stem in &stems {
        command.arg("-i").arg(stem);
    }
    let mix = format!("amix=inputs={}:normalize=0", stems.len());
    let out =
        command.args(["-filter_complex", &mix, "-ac", "2", "-ar", "48000", "-f", "f32le", "-"]).output();
    match out {
        Ok(out) if !out.stdout.is_empty() => Some((planar(&out.stdout, 2), 48_000.0)),
        _ => {
            absent("limiter on Francium: stems or ffmpeg are missing");
            None
        }
    }
}
