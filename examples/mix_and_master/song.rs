//! A short song, synthesised: ten stems, the same bits on every run.
//!
//! 92 beats per minute, A minor, F, C, G: pad and arpeggio, then bass and drums, then the lead.

use crate::Failure;
use mixdsp::files::{AudioWriter, BitDepth};
use std::f64::consts::TAU;
use std::path::{Path, PathBuf};

const RATE: f64 = 48_000.0;
const BEAT: f64 = 60.0 / 92.0;
const BARS: usize = 14;
/// What the last notes have to fade, in seconds.
const FADE: f64 = 1.6;

/// Notes of the chords, as MIDI numbers, and their basses.
const CHORDS: [([i32; 4], i32); 4] =
    [([57, 60, 64, 71], 33), ([57, 60, 65, 67], 29), ([55, 60, 64, 67], 36), ([55, 59, 62, 69], 31)];

/// The lead: bar, beat, length in beats, note.
const MELODY: [(usize, f64, f64, i32); 29] = [
    (6, 0.0, 1.5, 76),
    (6, 1.5, 0.5, 74),
    (6, 2.0, 2.0, 72),
    (7, 0.0, 1.0, 72),
    (7, 1.0, 0.5, 74),
    (7, 1.5, 2.5, 69),
    (8, 0.0, 1.5, 67),
    (8, 1.5, 0.5, 72),
    (8, 2.0, 1.0, 76),
    (8, 3.0, 1.0, 74),
    (9, 0.0, 2.5, 74),
    (9, 3.0, 0.5, 71),
    (9, 3.5, 0.5, 72),
    (10, 0.0, 1.5, 76),
    (10, 1.5, 0.5, 79),
    (10, 2.0, 2.0, 81),
    (11, 0.0, 1.0, 79),
    (11, 1.0, 0.5, 76),
    (11, 1.5, 1.5, 77),
    (11, 3.0, 1.0, 76),
    (12, 0.0, 1.5, 74),
    (12, 1.5, 0.5, 72),
    (12, 2.0, 1.0, 76),
    (12, 3.0, 1.0, 79),
    (13, 0.0, 1.0, 74),
    (13, 1.0, 0.5, 76),
    (13, 1.5, 0.5, 74),
    (13, 2.0, 1.0, 71),
    (13, 3.0, 2.0, 69),
];

fn frequency(note: i32) -> f64 {
    440.0 * 2f64.powf(f64::from(note - 69) / 12.0)
}

/// Numbers from -1 to 1 without a pattern.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        f64::from(self.0) / f64::from(u32::MAX) * 2.0 - 1.0
    }
}

/// A low-pass of 12 dB per octave whose corner may move; what it takes away is the high-pass.
#[derive(Default)]
struct Filter {
    low: f64,
    band: f64,
}

impl Filter {
    fn low_pass(&mut self, x: f64, frequency: f64, q: f64) -> f64 {
        let f = 2.0 * (std::f64::consts::PI * (frequency / RATE).min(0.15)).sin();
        let high = x - self.low - self.band / q;
        self.band += f * high;
        self.low += f * self.band;
        self.low
    }

    fn high_pass(&mut self, x: f64, frequency: f64) -> f64 {
        x - self.low_pass(x, frequency, 0.7)
    }
}

/// A saw whose corner is rounded over one sample on either side, so that it hardly aliases.
struct Saw {
    phase: f64,
}

impl Saw {
    fn next(&mut self, frequency: f64) -> f64 {
        let step = frequency / RATE;
        self.phase = (self.phase + step).fract();
        let corner = if self.phase < step {
            let t = self.phase / step;
            t + t - t * t - 1.0
        } else if self.phase > 1.0 - step {
            let t = (self.phase - 1.0) / step;
            t * t + t + t + 1.0
        } else {
            0.0
        };
        2.0 * self.phase - 1.0 - corner
    }
}

/// A stem that is being filled.
struct Stem {
    name: &'static str,
    planes: Vec<Vec<f64>>,
}

impl Stem {
    fn new(name: &'static str, channels: usize) -> Self {
        let frames = ((BARS as f64 * 4.0 * BEAT + FADE) * RATE) as usize;
        Self { name, planes: vec![vec![0.0; frames]; channels] }
    }

    /// Adds a note that begins at a beat; `sound` is told seconds since then and gives left and right.
    fn note(&mut self, beat: f64, seconds: f64, mut sound: impl FnMut(f64) -> [f64; 2]) {
        let start = (beat * BEAT * RATE) as usize;
        let end = (start + (seconds * RATE) as usize).min(self.planes[0].len());
        for frame in start..end {
            let time = (frame - start) as f64 / RATE;
            let left = ((end - frame) as f64 / (0.005 * RATE)).min(1.0);
            let out = sound(time);
            for (plane, x) in self.planes.iter_mut().zip(out) {
                plane[frame] += left * x;
            }
        }
    }

    fn write(mut self, folder: &Path) -> Result<PathBuf, Failure> {
        let peak = self.planes.iter().flatten().fold(1e-9_f64, |peak, x| peak.max(x.abs()));
        self.planes.iter_mut().flatten().for_each(|x| *x *= 0.5 / peak);
        let path = folder.join(file_name(self.name));
        let mut writer = AudioWriter::create(&path, RATE as u32, self.planes.len(), BitDepth::Int24)?;
        writer.write(&self.planes)?;
        writer.finish()?;
        Ok(path)
    }
}

fn mono(x: f64) -> [f64; 2] {
    [x, x]
}

/// Attack and release of a held note.
fn held(time: f64, attack: f64, length: f64, release: f64) -> f64 {
    (time / attack).min(1.0) * if time < length { 1.0 } else { (-(time - length) / release).exp() }
}

fn kick(stem: &mut Stem) {
    for bar in 2..BARS {
        for beat in if bar % 2 == 0 { [0.0, 1.75, 2.5].as_slice() } else { &[0.0, 2.5] } {
            let mut phase = 0.0;
            stem.note((bar * 4) as f64 + beat, 0.45, |t| {
                phase += (46.0 + 130.0 * (-t * 32.0).exp()) / RATE;
                let click = (-t * 900.0).exp() * 0.25;
                mono((TAU * phase).sin() * (-t * 8.0).exp() + click)
            });
        }
    }
}

fn snare(stem: &mut Stem) {
    let mut noise = Noise(0x1234_5679);
    for bar in 3..BARS {
        for beat in [1.0, 3.0] {
            let mut filter = Filter::default();
            stem.note((bar * 4) as f64 + beat, 0.35, |t| {
                let rattle = filter.high_pass(noise.next(), 1400.0) * (-t * 15.0).exp();
                let skin = (TAU * 186.0 * t).sin() * (-t * 26.0).exp();
                mono(0.6 * rattle + 0.7 * skin)
            });
        }
    }
}

fn hats(stem: &mut Stem) {
    let mut noise = Noise(0x0bad_cafe);
    for bar in 2..BARS {
        for step in 0..8 {
            let open = step == 7 && bar % 2 == 1;
            let level = if step % 2 == 0 { 0.6 } else { 1.0 };
            let decay = if open { 9.0 } else { 55.0 };
            let mut filter = Filter::default();
            stem.note((bar * 4) as f64 + f64::from(step) * 0.5, 0.3, |t| {
                mono(level * filter.high_pass(noise.next(), 7000.0) * (-t * decay).exp())
            });
        }
    }
}

fn shaker(stem: &mut Stem) {
    let mut noise = Noise(0x5eed_0001);
    for bar in 6..BARS {
        for step in 0..16 {
            let level = [1.0, 0.4, 0.7, 0.4][step % 4];
            let mut filter = Filter::default();
            stem.note((bar * 4) as f64 + step as f64 * 0.25, 0.14, |t| {
                let swell = (t / 0.02).min(1.0) * (-t * 38.0).exp();
                mono(level * swell * filter.high_pass(noise.next(), 4500.0))
            });
        }
    }
}

fn bass(stem: &mut Stem) {
    for bar in 2..BARS {
        let root = CHORDS[bar % 4].1;
        for (beat, length, up) in [(0.0, 1.4, 0), (1.75, 0.6, 0), (2.5, 0.9, 12), (3.5, 0.4, 7)] {
            let hz = frequency(root + up);
            let (mut saw, mut filter) = (Saw { phase: 0.5 }, Filter::default());
            stem.note((bar * 4) as f64 + beat, length * BEAT + 0.2, |t| {
                let open = 180.0 + 900.0 * (-t * 7.0).exp();
                let body = filter.low_pass(saw.next(hz), open, 1.1) + 0.5 * (TAU * hz * t).sin();
                mono(body * held(t, 0.005, length * BEAT, 0.04))
            });
        }
    }
}

fn keys(stem: &mut Stem) {
    for bar in 2..BARS {
        for (beat, length) in [(0.0, 1.4), (1.5, 0.9), (2.5, 1.4)] {
            for (voice, note) in CHORDS[bar % 4].0.iter().enumerate() {
                let hz = frequency(*note);
                stem.note((bar * 4) as f64 + beat + voice as f64 * 0.01, length * BEAT + 0.5, |t| {
                    // Two operators: the tine decays faster than the tone.
                    let tine = (TAU * hz * 14.0 * t).sin() * (-t * 20.0).exp() * 0.25;
                    let bell = (TAU * hz * t).sin() * (-t * 3.0).exp() * 1.2;
                    let tone = (TAU * hz * t + bell + tine).sin() * (-t * 1.6).exp();
                    let sway = 0.25 * (TAU * 4.6 * t).sin();
                    let level = held(t, 0.004, length * BEAT, 0.12);
                    [tone * level * (1.0 + sway), tone * level * (1.0 - sway)]
                });
            }
        }
    }
}

fn pad(stem: &mut Stem) {
    for bar in 0..BARS {
        for note in CHORDS[bar % 4].0 {
            let hz = frequency(note);
            let mut saws: Vec<Saw> = (0..4).map(|n| Saw { phase: f64::from(n) * 0.27 }).collect();
            let mut filters = [Filter::default(), Filter::default()];
            stem.note((bar * 4) as f64, 4.0 * BEAT + 1.2, |t| {
                let open = 700.0 + 500.0 * (TAU * 0.11 * (t + bar as f64)).sin();
                let level = held(t, 0.5, 4.0 * BEAT, 0.35);
                let [a, b, c, d] = [0.9962, 1.0031, 0.9985, 1.0049].map(|detune| hz * detune);
                let left = saws[0].next(a) + saws[1].next(b);
                let right = saws[2].next(c) + saws[3].next(d);
                [filters[0].low_pass(left, open, 0.8) * level, filters[1].low_pass(right, open, 0.8) * level]
            });
        }
    }
}

/// A plucked string: a delay line that loses its treble as it goes round (Karplus and Strong, 1983).
fn arpeggio(stem: &mut Stem) {
    let mut noise = Noise(0x00c0_ffee);
    for bar in 0..BARS {
        for step in 0..16 {
            let note = CHORDS[bar % 4].0[[0, 2, 1, 3, 2, 1, 3, 2][step % 8]] + if step >= 8 { 12 } else { 0 };
            let period = RATE / frequency(note);
            let mut line: Vec<f64> = (0..period as usize).map(|_| noise.next()).collect();
            let (mut at, mut before) = (0, 0.0);
            let level = if step % 4 == 0 { 1.0 } else { 0.65 };
            stem.note((bar * 4) as f64 + step as f64 * 0.25, 0.8, |_| {
                let out = line[at];
                line[at] = 0.4975 * (out + before);
                before = out;
                at = (at + 1) % line.len();
                mono(out * level)
            });
        }
    }
}

fn lead(stem: &mut Stem) {
    for (bar, beat, length, note) in MELODY {
        let hz = frequency(note);
        let (mut saw, mut filter) = (Saw { phase: 0.0 }, Filter::default());
        stem.note((bar * 4) as f64 + beat, length * BEAT + 0.3, |t| {
            let vibrato = 1.0 + 0.006 * (t / 0.4).min(1.0) * (TAU * 5.3 * t).sin();
            let open = 900.0 + 2600.0 * (-t * 2.2).exp();
            let level = held(t, 0.02, length * BEAT * 0.95, 0.07);
            mono(filter.low_pass(saw.next(hz * vibrato), open, 1.4) * level)
        });
    }
}

fn bells(stem: &mut Stem) {
    for bar in (10..BARS).chain([0, 4]) {
        for (beat, voice) in [(0.0, 3), (1.5, 1), (3.0, 2)] {
            let hz = frequency(CHORDS[bar % 4].0[voice] + 24);
            stem.note((bar * 4) as f64 + beat, 1.6, |t| {
                let strike = (TAU * hz * 3.51 * t).sin() * (-t * 5.0).exp() * 0.8;
                mono((TAU * hz * t + strike).sin() * (-t * 3.2).exp())
            });
        }
    }
}

type Player = fn(&mut Stem);

/// Name, channels and player of every stem.
const STEMS: [(&str, usize, Player); 10] = [
    ("arpeggio", 1, arpeggio),
    ("bass", 1, bass),
    ("bells_fx", 1, bells),
    ("hats", 1, hats),
    ("keys", 2, keys),
    ("kick", 1, kick),
    ("lead", 1, lead),
    ("pad", 2, pad),
    ("shaker_perc", 1, shaker),
    ("snare", 1, snare),
];

fn file_name(stem: &str) -> String {
    format!("{stem}.wav")
}

/// What [`write_stems`] writes below a folder.
pub(crate) fn stem_files(folder: &Path) -> Vec<PathBuf> {
    STEMS.iter().map(|(name, ..)| folder.join("stems").join(file_name(name))).collect()
}

/// Writes the stems into `folder/stems`.
pub(crate) fn write_stems(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let folder = folder.join("stems");
    std::fs::create_dir_all(&folder)?;
    let write = |(name, channels, play): (&'static str, usize, Player)| {
        let mut stem = Stem::new(name, channels);
        play(&mut stem);
        stem.write(&folder)
    };
    STEMS.into_iter().map(write).collect()
}
