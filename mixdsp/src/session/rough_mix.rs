//! Rough mix: a session that a person can start from, made from stems alone.
//!
//! ```text
//! every stem: decode once --> loudness while active, shares of low and high, peaks every 10 ms
//! name, spectrum --> role --> level against the other roles, pan, high-pass, reverb send
//! all peaks --> one gain for all, so that the mix stays under -6 dBFS
//! ```
//!
//! Loudness while active is the gated loudness of BS.1770: pauses do not count. Silent stems are left at
//! 0 dB. The peaks of all stems in each 10 ms add up to what the mix cannot exceed, but for what filters
//! and reverb do to the phase, so the real peak is mostly some decibels lower.

use core::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::vec::Vec;
use std::{format, thread, vec};

use crate::base::units::{decibels_to_gain, gain_to_decibels};
use crate::files::{AudioStream as _, SessionError};
use crate::host::recipe::{Recipe, RecipeError};
use crate::params::Given;
use crate::session::format::{Bus, Clip, Send, Session, Track, wrong};
use crate::session::measure::loudness_meter;
use crate::session::stems::open;

/// What the mix stays under, in dBFS.
const PEAK_DB: f64 = -6.0;
/// Room for what filters and reverb add to the peaks, in dB.
const MARGIN_DB: f64 = 1.0;
/// Loudest stem over the second loudest, at most, in LU.
const MOST_OVER_SECOND_LU: f64 = 5.0;
/// Peaks per second.
const PEAKS_PER_SECOND: u32 = 100;

/// What a stem is in the song.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// The bass drum alone.
    Kick,
    /// Snare and claps.
    Snare,
    /// Hats and cymbals.
    Cymbals,
    /// Other percussion, fills.
    Percussion,
    /// A whole drum kit or loop.
    Drums,
    /// The lowest melodic line.
    Bass,
    /// The voice or the instrument in front.
    Lead,
    /// Other voices.
    Backing,
    /// Chords and melodies.
    Chords,
    /// What holds and fills.
    Pad,
    /// Effects, risers, noises.
    Effect,
}

/// What a role gets: loudness against the lead in LU, place, high-pass in Hz, send in dB.
struct Treatment {
    level_lu: f64,
    pan: f64,
    high_pass_hz: f64,
    send_db: Option<f64>,
}

impl Role {
    /// The role that a name and the shares of energy under 150 Hz and over 6 kHz tell.
    pub fn guess(name: &str, low_share: f64, high_share: f64) -> Self {
        let name = name.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if has(&["bgv", "bg_", "backing", "bgvox", "choir", "harmon", "backvox", "double"]) {
            Role::Backing
        } else if has(&["vox", "vocal", "voice", "lead", "sing", "rap"]) && !has(&["wrap", "scrap"]) {
            Role::Lead
        } else if has(&["kick", "bass drum", "bassdrum", "bd_", "kik"]) {
            Role::Kick
        } else if has(&["snare", "clap", "snr", "rim"]) {
            Role::Snare
        } else if has(&["hat", "cymbal", "crash", "ride", "overhead", "shaker"]) {
            Role::Cymbals
        } else if has(&["beat", "drum", "loop", "break", "kit"]) && !has(&["fill", "scratch"]) {
            Role::Drums
        } else if has(&["perc", "tom", "conga", "bongo", "fill", "tamb", "scratch", "cowbell"]) {
            Role::Percussion
        } else if has(&["bass", "808", "sub"]) {
            Role::Bass
        } else if has(&["pad", "string", "texture", "atmos", "ambien", "drone"]) {
            Role::Pad
        } else if has(&["fx", "effect", "riser", "noise", "sweep", "impact", "foley"]) {
            Role::Effect
        } else if has(&[
            "gtr", "guitar", "key", "piano", "synth", "chord", "organ", "melod", "arp", "pluck", "rhodes",
        ]) {
            Role::Chords
        } else if low_share > 0.6 {
            Role::Bass
        } else if high_share > 0.4 {
            Role::Cymbals
        } else {
            Role::Chords
        }
    }

    fn treatment(self) -> Treatment {
        let (level_lu, pan, high_pass_hz, send_db) = match self {
            Role::Kick => (-3.0, 0.0, 25.0, None),
            Role::Snare => (-5.0, 0.08, 100.0, Some(-17.0)),
            Role::Cymbals => (-13.0, 0.35, 250.0, Some(-22.0)),
            Role::Percussion => (-9.0, 0.4, 120.0, Some(-16.0)),
            Role::Drums => (-3.0, 0.0, 30.0, Some(-26.0)),
            Role::Bass => (-4.0, 0.0, 30.0, None),
            Role::Lead => (0.0, 0.0, 90.0, Some(-16.0)),
            Role::Backing => (-6.0, 0.4, 120.0, Some(-13.0)),
            Role::Chords => (-6.0, 0.3, 100.0, Some(-17.0)),
            Role::Pad => (-10.0, 0.0, 130.0, Some(-13.0)),
            Role::Effect => (-9.0, 0.3, 80.0, Some(-15.0)),
        };
        Treatment { level_lu, pan, high_pass_hz, send_db }
    }
}

/// What was heard of a stem.
#[derive(Clone, Debug, PartialEq)]
pub struct Stem {
    /// The file.
    pub path: PathBuf,
    /// The file's name without its ending.
    pub name: String,
    /// Channels, 1 or 2.
    pub channels: usize,
    /// Gated loudness; `None` for silence.
    pub loudness_lufs: Option<f64>,
    /// What it is taken for.
    pub role: Role,
    /// Largest sample of every 10 ms.
    peaks: Vec<f32>,
}

/// Whoever listens is told how many stems are done, often, and from every thread; `Break` ends the work.
type Progress<'a> = dyn Fn(usize) -> ControlFlow<()> + Sync + 'a;

/// Listens to stems on so many threads. `progress` is told how many are done, with every block of one and from all the
/// threads; where it returns [`ControlFlow::Break`], the work ends.
///
/// # Errors
/// What is wrong with the first file that is wrong; [`SessionError::Interrupted`].
pub fn listen(
    files: &[PathBuf],
    sample_rate: u32,
    threads: usize,
    progress: &Progress<'_>,
) -> Result<Vec<Stem>, SessionError> {
    let (next, done, failed) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let heard: Mutex<Vec<Option<Result<Stem, SessionError>>>> =
        Mutex::new(files.iter().map(|_| None).collect());
    thread::scope(|scope| {
        for _ in 0..threads.min(files.len()).max(1) {
            scope.spawn(|| {
                while !failed.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(at) else { break };
                    let stem = hear(file, sample_rate, &|| progress(done.load(Ordering::Relaxed)));
                    // When one is wrong, the others need not go on.
                    failed.fetch_or(stem.is_err(), Ordering::Relaxed);
                    if let Ok(mut heard) = heard.lock() {
                        heard[at] = Some(stem);
                    }
                    if progress(done.fetch_add(1, Ordering::Relaxed) + 1).is_break() {
                        failed.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let heard = heard.into_inner().unwrap_or_default();
    let stems: Vec<Stem> = heard.into_iter().flatten().collect::<Result<_, _>>()?;
    if stems.len() != files.len() {
        return Err(SessionError::Interrupted);
    }
    Ok(stems)
}

/// A low-pass of 12 dB per octave: two poles at one place.
struct LowPass {
    share: f64,
    state: [f64; 2],
}

impl LowPass {
    fn new(frequency_hz: f64, sample_rate: f64) -> Self {
        let share = 1.0 - libm::exp(-core::f64::consts::TAU * frequency_hz / sample_rate);
        Self { share, state: [0.0; 2] }
    }

    fn next(&mut self, x: f64) -> f64 {
        self.state[0] += self.share * (x - self.state[0]);
        self.state[1] += self.share * (self.state[0] - self.state[1]);
        self.state[1]
    }
}

/// Largest sample, found in eight lanes.
fn peak(samples: &[f32]) -> f32 {
    let (eights, rest) = samples.as_chunks::<8>();
    let mut most = [0.0_f32; 8];
    for eight in eights {
        for (most, sample) in most.iter_mut().zip(eight) {
            *most = if sample.abs() > *most { sample.abs() } else { *most };
        }
    }
    most.iter().chain(rest).fold(0.0, |most, sample| most.max(sample.abs()))
}

fn hear(path: &Path, sample_rate: u32, progress: &dyn Fn() -> ControlFlow<()>) -> Result<Stem, SessionError> {
    const BLOCK: usize = 2048;
    let mut stream = open(path, sample_rate)?;
    let channels = stream.channels();
    if channels > 2 {
        let what = format!("{channels} channels; a stem has 1 or 2");
        return Err(SessionError::Unsupported { path: path.to_path_buf(), what });
    }
    let rate = f64::from(sample_rate);
    let mut meter = loudness_meter::<f32>(sample_rate, channels)?;
    let mut planes = vec![vec![0.0_f32; BLOCK]; channels];
    let mut low_pass = [LowPass::new(150.0, rate), LowPass::new(6000.0, rate)];
    let (mut low, mut high, mut all) = (0.0, 0.0, 1e-30);
    let mut peaks: Vec<f32> = Vec::new();
    let mut frame = 0_u64;
    loop {
        let mut block: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..]).collect();
        let count = stream.read(&mut block)?;
        if count == 0 {
            break;
        }
        if progress().is_break() {
            return Err(SessionError::Interrupted);
        }
        let heard: Vec<&[f32]> = planes.iter().map(|plane| &plane[..count]).collect();
        meter.measure(&heard).or_else(|error| wrong("meter", error))?;
        let mut done = 0;
        while done < count {
            // The frames of this block up to the end of the present 10 ms.
            let at = frame * u64::from(PEAKS_PER_SECOND) / u64::from(sample_rate);
            let next = ((at + 1) * u64::from(sample_rate)).div_ceil(u64::from(PEAKS_PER_SECOND));
            let frames = (count - done).min((next - frame) as usize);
            let part = done..done + frames;
            let loudest = heard.iter().fold(0.0_f32, |most, plane| most.max(peak(&plane[part.clone()])));
            peaks.resize(at as usize + 1, 0.0);
            peaks[at as usize] = peaks[at as usize].max(loudest);
            for n in part {
                let x: f64 = heard.iter().map(|plane| f64::from(plane[n])).sum();
                let (bass, rest) = (low_pass[0].next(x), x - low_pass[1].next(x));
                low += bass * bass;
                high += rest * rest;
                all += x * x;
            }
            done += frames;
            frame += frames as u64;
        }
    }
    let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let role = Role::guess(&name, low / all, high / all);
    let loudness_lufs = meter.integrated().filter(|lufs| lufs.is_finite());
    Ok(Stem { path: path.to_path_buf(), name, channels, loudness_lufs, role, peaks })
}

/// The loudness against each other that stems of these roles get; the loudest stays near the second.
fn levels(stems: &[Stem]) -> Vec<f64> {
    let mut levels: Vec<f64> = stems.iter().map(|stem| stem.role.treatment().level_lu).collect();
    let audible = |at: &usize| stems[*at].loudness_lufs.is_some();
    let mut order: Vec<usize> = (0..stems.len()).filter(audible).collect();
    order.sort_by(|a, b| levels[*b].total_cmp(&levels[*a]));
    if let [first, second, ..] = order[..] {
        levels[first] = levels[first].min(levels[second] + MOST_OVER_SECOND_LU);
    }
    levels
}

/// Lowers the loudest stem where the faders of the others end before they come near it.
fn hold_back(stems: &[Stem], gains: &mut [f64]) {
    let loudness = |at: usize| stems[at].loudness_lufs.map(|lufs| (lufs + gains[at], at));
    let mut order: Vec<(f64, usize)> = (0..stems.len()).filter_map(loudness).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    if let [(first, at), (second, _), ..] = order[..] {
        let over = first - second - MOST_OVER_SECOND_LU;
        if over > 0.0 {
            gains[at] = round(gains[at] - over).max(-96.0);
        }
    }
}

fn high_pass(frequency_hz: f64) -> Result<Recipe, RecipeError> {
    Recipe::processor(
        "equalizer",
        &[
            ("steepest_slope", Given::Choice("12")),
            ("bands[0].kind", Given::Choice("high_pass")),
            ("bands[0].frequency_hz", Given::Number(frequency_hz)),
            ("bands[0].slope_db_per_octave", Given::Choice("12")),
        ],
    )
}

/// Makes the session. Clips name their files relative to `folder` where they lie in it.
///
/// # Errors
/// [`SessionError::Session`] for an insert that cannot be.
pub fn rough_mix(stems: &[Stem], sample_rate: u32, folder: &Path) -> Result<Session, SessionError> {
    made(stems, sample_rate, folder).or_else(|error| wrong("rough mix", error))
}

fn made(stems: &[Stem], sample_rate: u32, folder: &Path) -> Result<Session, RecipeError> {
    const ROOM: &str = "Room";
    let mut session = Session::new(sample_rate);
    let gains: Vec<f64> = stems
        .iter()
        .zip(levels(stems))
        .map(|(stem, level)| stem.loudness_lufs.map_or(0.0, |lufs| (level - 20.0 - lufs).clamp(-60.0, 60.0)))
        .collect();
    let length = stems.iter().map(|stem| stem.peaks.len()).max().unwrap_or(0);
    let mut together = vec![0.0_f64; length];
    for (stem, gain) in stems.iter().zip(&gains) {
        let gain = decibels_to_gain(*gain);
        together.iter_mut().zip(&stem.peaks).for_each(|(sum, peak)| *sum += gain * f64::from(*peak));
    }
    let peak = together.iter().fold(0.0_f64, |most, sum| most.max(*sum));
    let shift = if peak > 0.0 { PEAK_DB - MARGIN_DB - gain_to_decibels(peak) } else { 0.0 };

    let shifted = stems.iter().zip(&gains).map(|(stem, gain)| match stem.loudness_lufs {
        Some(_) => round((gain + shift).clamp(-96.0, 24.0)),
        None => 0.0,
    });
    let mut gains: Vec<f64> = shifted.collect();
    hold_back(stems, &mut gains);

    let mut side = 1.0;
    let mut energy = 0.0;
    for (stem, gain) in stems.iter().zip(&gains) {
        let treatment = stem.role.treatment();
        let audible = stem.loudness_lufs.is_some();
        if let Some(lufs) = stem.loudness_lufs {
            energy += libm::pow(10.0, (lufs + *gain) / 10.0);
        }
        let mut track = Track { gain_db: *gain, ..Track::default() };
        track.name = unlike(&stem.name, &session);
        let file = stem.path.strip_prefix(folder).unwrap_or(&stem.path);
        track.clips.push(Clip { file: file.to_string_lossy().into_owned(), ..Clip::default() });
        // A stereo stem has places of its own: it is moved half as far.
        if treatment.pan != 0.0 && audible {
            track.pan = side * treatment.pan * if stem.channels == 1 { 1.0 } else { 0.5 };
            side = -side;
        }
        track.inserts.push(high_pass(treatment.high_pass_hz)?);
        if let Some(gain_db) = treatment.send_db.filter(|_| audible) {
            track.sends.push(Send { to: ROOM.to_string(), gain_db, pre_fader: false });
        }
        session.tracks.push(track);
    }
    if session.tracks.iter().any(|track| !track.sends.is_empty()) {
        let values = [("mix", 1.0), ("decay_seconds", 1.6), ("pre_delay_ms", 20.0)];
        let room = Recipe::processor("reverb", &values.map(|(key, value)| (key, Given::Number(value))))?;
        let name = unlike(ROOM, &session);
        let sends = session.tracks.iter_mut().flat_map(|track| &mut track.sends);
        sends.for_each(|send| send.to.clone_from(&name));
        session.buses.push(Bus { name, inserts: vec![room], ..Bus::default() });
    }
    session.master.inserts.push(high_pass(22.0)?);
    if energy > 0.0 {
        let threshold = round((10.0 * libm::log10(energy) + 5.0).clamp(-80.0, 0.0));
        let glue = [
            ("threshold_db", threshold),
            ("ratio", 1.6),
            ("knee_db", 10.0),
            ("attack_ms", 30.0),
            ("release_ms", 180.0),
        ];
        let glue = glue.map(|(key, value)| (key, Given::Number(value)));
        session.master.inserts.push(Recipe::processor("compressor", &glue)?);
    }
    Ok(session)
}

/// To a tenth of a decibel: numbers that a person reads.
fn round(decibels: f64) -> f64 {
    libm::floor(decibels * 10.0) / 10.0
}

/// A name that no track has yet.
fn unlike(name: &str, session: &Session) -> String {
    let name = if name.is_empty() { "track" } else { name };
    let taken = |name: &str| name == "master" || session.tracks.iter().any(|track| track.name == name);
    let mut names = core::iter::once(name.to_string()).chain((2_u64..).map(|n| format!("{name} {n}")));
    names.find(|name| !taken(name)).unwrap_or_default()
}
