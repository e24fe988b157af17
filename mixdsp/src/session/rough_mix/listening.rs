//! Listening: every stem is decoded once, and what is decided later is decided from what is kept of it.
//!
//! ```text
//! file --> power of 30 bands every 0.1 s --> loudness, activity, spectrum
//!      --> both sides and what they have in common, by band --> width
//!      --> largest sample every 10 ms --> peaks, onsets
//! ```

use core::ops::ControlFlow;
use std::format;
use std::path::{Path, PathBuf};
use std::string::String;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::vec::Vec;
use std::{thread, vec};

use crate::files::{AudioStream as _, SessionError};
use crate::session::rough_mix::bands::{Analyser, BANDS, Bands, Window, k_weights, lufs};
use crate::session::stems::open;

/// Peaks per second.
pub(super) const PEAKS_PER_SECOND: u64 = 100;
/// Peaks of a window.
pub(super) const PEAKS_PER_WINDOW: usize = 10;
/// What is quieter than this is silence: the absolute gate of BS.1770. What a recorder leaves in pauses is no stem.
const SILENCE_LUFS: f64 = -70.0;
/// Windows of a block of BS.1770.
const BLOCK_WINDOWS: usize = 4;
/// A window counts as active down to here under the loudness of the stem.
const ACTIVE_LU: f64 = 15.0;

/// What was heard of a stem.
#[derive(Clone, Debug, PartialEq)]
pub struct Stem {
    /// The file.
    pub path: PathBuf,
    /// The file's name without its ending.
    pub name: String,
    /// Channels, 1 or 2.
    pub channels: usize,
    /// Loudness while it sounds, gated as in BS.1770; `None` for silence.
    pub loudness_lufs: Option<f64>,
    pub(super) heard: Heard,
}

/// What is kept of a stem.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Heard {
    /// Power of both channels together, by band, every 0.1 s.
    pub(super) windows: Vec<[f32; BANDS]>,
    /// Whether it sounds in each window.
    pub(super) active: Vec<bool>,
    /// Largest sample of every 10 ms.
    pub(super) peaks: Vec<f32>,
    /// Energy of left, of right and of what they have in common, by band.
    pub(super) sides: [Bands; 3],
}

impl Heard {
    fn take(&mut self, window: &Window) {
        self.windows.push(core::array::from_fn(|band| window.left[band] + window.right[band]));
        let [left, right, common] = &mut self.sides;
        for band in 0..BANDS {
            left[band] += f64::from(window.left[band]);
            right[band] += f64::from(window.right[band]);
            common[band] += f64::from(window.common[band]);
        }
    }

    /// Power of each window as a loudness meter weighs it.
    pub(super) fn loud(&self) -> Vec<f64> {
        let weights = k_weights();
        let power = |window: &[f32; BANDS]| {
            window.iter().zip(&weights).map(|(power, weight)| f64::from(*power) * weight).sum()
        };
        self.windows.iter().map(power).collect()
    }

    /// Finds its loudness, and when it is active.
    fn judge(&mut self) -> Option<f64> {
        let loud = self.loud();
        let loudness = gated(&loud)?;
        let floor = libm::exp10((loudness - ACTIVE_LU + 0.691) / 10.0);
        self.active = loud.iter().map(|power| *power >= floor).collect();
        Some(loudness)
    }
}

/// Loudness of windows of 0.1 s, gated as in BS.1770.
pub(super) fn gated(loud: &[f64]) -> Option<f64> {
    let blocks: Vec<f64> = match loud.len() {
        0 => return None,
        1..BLOCK_WINDOWS => vec![loud.iter().sum::<f64>() / loud.len() as f64],
        _ => loud
            .windows(BLOCK_WINDOWS)
            .map(|block| block.iter().sum::<f64>() / BLOCK_WINDOWS as f64)
            .collect(),
    };
    let mean = |floor: f64| {
        let (sum, count) = blocks
            .iter()
            .filter(|power| lufs(**power) > floor)
            .fold((0.0, 0), |(sum, n), x| (sum + x, n + 1));
        (count > 0).then(|| lufs(sum / f64::from(count)))
    };
    let first = mean(SILENCE_LUFS)?;
    mean((first - 10.0).max(SILENCE_LUFS))
}

impl Stem {
    /// Mean power by band while it is active.
    pub(super) fn spectrum(&self) -> Bands {
        let mut spectrum = [0.0; BANDS];
        let windows = self.heard.windows.iter().zip(&self.heard.active).filter(|(_, active)| **active);
        let mut count = 0.0;
        for (window, _) in windows {
            count += 1.0;
            spectrum.iter_mut().zip(window).for_each(|(sum, power)| *sum += f64::from(*power));
        }
        spectrum.map(|sum| sum / f64::max(count, 1.0))
    }

    /// Share of the song in which it is active.
    pub(super) fn activity(&self, windows: usize) -> f64 {
        self.heard.active.iter().filter(|active| **active).count() as f64 / windows.max(1) as f64
    }
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
    let mut planes = vec![vec![0.0_f32; BLOCK]; channels];
    let mut analyser = Analyser::new(sample_rate, channels);
    let mut heard = Heard::default();
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
        // What is no number is silence, as for the processors.
        let plain = |x: &mut f32| *x = if x.is_finite() { x.clamp(-1e9, 1e9) } else { 0.0 };
        planes.iter_mut().for_each(|plane| plane[..count].iter_mut().for_each(plain));
        let block: Vec<&[f32]> = planes.iter().map(|plane| &plane[..count]).collect();
        analyser.add(&block, |window| heard.take(window));
        let mut done = 0;
        while done < count {
            // The frames of this block up to the end of the present 10 ms.
            let at = frame * PEAKS_PER_SECOND / u64::from(sample_rate);
            let next = ((at + 1) * u64::from(sample_rate)).div_ceil(PEAKS_PER_SECOND);
            let frames = (count - done).min((next - frame) as usize);
            let part = done..done + frames;
            let loudest = block.iter().fold(0.0_f32, |most, plane| most.max(peak(&plane[part.clone()])));
            heard.peaks.resize(at as usize + 1, 0.0);
            heard.peaks[at as usize] = heard.peaks[at as usize].max(loudest);
            done += frames;
            frame += frames as u64;
        }
    }
    analyser.end(frame, |window| heard.take(window));
    heard.peaks.resize(heard.windows.len() * PEAKS_PER_WINDOW, 0.0);
    let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let loudness_lufs = heard.judge();
    Ok(Stem { path: path.to_path_buf(), name, channels, loudness_lufs, heard })
}
