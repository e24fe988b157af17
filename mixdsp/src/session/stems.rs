//! Stems: the clips of every track, decoded where they are mixed.
//!
//! ```text
//! any thread of the mixer --> track: clips, read and resampled --> sum --> meter --> its strip --> meter
//! ```
//!
//! A track is fetched in the order of its frames; whichever thread does it holds its lock meanwhile.

use std::boxed::Box;
use std::collections::VecDeque;
use std::format;
use std::path::{Path, PathBuf};
use std::string::String;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::vec;
use std::vec::Vec;

use crate::base::units::decibels_to_gain;
use crate::files::{AudioFile, AudioStream, OneLine, Resampled, SessionError, resampled_frames};
use crate::host::{Inserts, Sources};
use crate::processors::loudness_meter::LoudnessMeter;
use crate::session::format::{Track, wrong};
use crate::session::measure::loudness_meter;
use crate::session::reductions::Reductions;

/// Frames read at a time.
const PIECE: usize = 512;

/// A clip, before it is opened, while it plays, and when it is done.
struct ClipState {
    path: PathBuf,
    start: u64,
    gain: f32,
    stream: Option<Box<dyn AudioStream>>,
    done: bool,
}

/// The clips of a track as one stream, at the rate of the mix: what is decoded is what is read, in the order of its frames.
pub struct Clips {
    sample_rate: u32,
    channels: usize,
    frames: Option<u64>,
    clips: Vec<ClipState>,
    position: u64,
    /// Behind the last frame that was read.
    end: u64,
}

impl core::fmt::Debug for Clips {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut out = f.debug_struct("Clips");
        out.field("channels", &self.channels).field("position", &self.position).finish_non_exhaustive()
    }
}

/// The sum of a track's clips, and what is measured of it.
struct Stem {
    clips: Clips,
    before: Option<LoudnessMeter<f32>>,
    after: Option<LoudnessMeter<f64>>,
    /// Frames that are looked at, in order, and what the track gave there.
    looked_at: Vec<(u64, [f64; 2])>,
    /// Frames that it gave.
    given: u64,
    /// Frames of that which are not part of the mix.
    early: usize,
    /// What it gave, where that is kept, and the silence behind that.
    kept: Option<([VecDeque<f64>; 2], usize)>,
    /// What went wrong; the track is silent from there on.
    failed: Option<SessionError>,
}

/// Frame of a time.
fn frame_at(seconds: f64, sample_rate: f64) -> u64 {
    libm::round(seconds * sample_rate) as u64
}

/// Channels of a track and its length in frames, where the files tell: every clip is opened to see that it can be played.
/// Adds what is to be known of the files to `notes`.
fn inspect(
    track: &Track,
    folder: &Path,
    sample_rate: u32,
    notes: &mut Vec<String>,
) -> Result<(usize, Option<u64>), SessionError> {
    let (mut channels, mut frames) = (1, Some(0));
    for clip in &track.clips {
        let place = format!("track {:?}: clip {:?}", track.name, clip.file);
        if !(clip.offset_seconds >= 0.0 && clip.offset_seconds <= 1e6) {
            return wrong(place, format!("offset_seconds = {} is outside 0 to 1000000", clip.offset_seconds));
        }
        if !(clip.gain_db >= -96.0 && clip.gain_db <= 24.0) {
            return wrong(place, format!("gain_db = {} is outside -96 to 24", clip.gain_db));
        }
        let path = folder.join(&clip.file);
        let file = match AudioFile::open(&path) {
            Err(SessionError::NotFound { path }) => {
                return wrong(place, format!("no such file: {}", path.display()));
            }
            result => result?,
        };
        for note in file.notes().iter().map(|note| format!("{}: {note}", OneLine(&path))) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        let info = file.info();
        if info.channels > 2 {
            return wrong(place, format!("{} channels; tracks have 1 or 2", info.channels));
        }
        channels = channels.max(info.channels);
        let start = frame_at(clip.offset_seconds, f64::from(sample_rate));
        let end = info.frames.map(|frames| start + resampled_frames(frames, info.sample_rate, sample_rate));
        frames = frames.zip(end).map(|(a, b): (u64, u64)| a.max(b));
    }
    Ok((channels, frames))
}

/// A file at one rate.
pub(super) fn open(path: &Path, sample_rate: u32) -> Result<Box<dyn AudioStream>, SessionError> {
    let file = AudioFile::open(path)?;
    if file.info().sample_rate == sample_rate {
        return Ok(Box::new(file));
    }
    Ok(Box::new(Resampled::new(file, sample_rate)?))
}

impl Clips {
    /// The clips of a track, whose files lie in `folder`. Every one is opened to see that it can be played; what is to be
    /// known of them is added to `notes`.
    ///
    /// # Errors
    /// [`SessionError::Session`] for a clip that cannot be, and what is wrong with a file.
    pub fn open(
        track: &Track,
        folder: &Path,
        sample_rate: u32,
        notes: &mut Vec<String>,
    ) -> Result<Self, SessionError> {
        let (channels, frames) = inspect(track, folder, sample_rate, notes)?;
        let clips = track.clips.iter().map(|clip| ClipState {
            path: folder.join(&clip.file),
            start: frame_at(clip.offset_seconds, f64::from(sample_rate)),
            gain: decibels_to_gain(clip.gain_db) as f32,
            stream: None,
            done: false,
        });
        Ok(Self { sample_rate, channels, frames, clips: clips.collect(), position: 0, end: 0 })
    }

    /// 1 or 2.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Length in frames, where the files tell.
    pub fn frames(&self) -> Option<u64> {
        self.frames
    }

    /// Length in frames, once all clips have ended.
    pub fn length(&self) -> Option<u64> {
        self.clips.iter().all(|clip| clip.done).then_some(self.end)
    }

    /// The next frames, as many as there is room for in each of the channels; silence behind the end.
    ///
    /// # Errors
    /// [`SessionError::Shape`], and what is wrong with a file.
    pub fn read(&mut self, audio: &mut [&mut [f64]]) -> Result<(), SessionError> {
        self.read_pieces(audio, |_| Ok(()))
    }

    /// The same; `heard` is told what was decoded.
    fn read_pieces(
        &mut self,
        audio: &mut [&mut [f64]],
        mut heard: impl FnMut(&[&[f32]]) -> Result<(), SessionError>,
    ) -> Result<(), SessionError> {
        let frames = crate::files::block_frames(audio, self.channels)?;
        for from in (0..frames).step_by(PIECE) {
            let count = (frames - from).min(PIECE);
            let mut planes = [[0.0_f32; PIECE]; 2];
            let [left, right] = planes.each_mut().map(|plane| &mut plane[..count]);
            let before = self.position;
            self.read_piece(&mut [left, right][..self.channels])?;
            let sounding = (self.end.clamp(before, self.position) - before) as usize;
            let [left, right] = planes.each_ref().map(|plane| &plane[..sounding]);
            heard(&[left, right][..self.channels])?;
            for (audio, plane) in audio.iter_mut().zip(&planes) {
                audio[from..].iter_mut().zip(&plane[..count]).for_each(|(to, x)| *to = f64::from(*x));
            }
        }
        Ok(())
    }

    /// The next frames, at most [`PIECE`], into planes of zeros.
    fn read_piece(&mut self, planes: &mut [&mut [f32]]) -> Result<(), SessionError> {
        let frames = planes.first().map_or(0, |plane| plane.len());
        let (from, to) = (self.position, self.position + frames as u64);
        let mut scratch = [[0.0_f32; PIECE]; 2];
        for clip in self.clips.iter_mut().filter(|clip| !clip.done && clip.start < to) {
            let stream = match &mut clip.stream {
                Some(stream) => stream,
                empty => empty.insert(open(&clip.path, self.sample_rate)?),
            };
            let at = clip.start.saturating_sub(from) as usize;
            let channels = stream.channels().min(2);
            let [left, right] = scratch.each_mut().map(|plane| &mut plane[at..frames]);
            let read = stream.read(&mut [left, right][..channels])?;
            for (channel, plane) in planes.iter_mut().enumerate() {
                // One channel on a track of two sounds on both.
                let source = &scratch[channel.min(channels - 1)][at..at + read];
                plane[at..].iter_mut().zip(source).for_each(|(sum, x)| *sum += clip.gain * x);
            }
            self.end = self.end.max(from + (at + read) as u64);
            if read < frames - at {
                clip.done = true;
                clip.stream = None;
            }
        }
        self.position = to;
        Ok(())
    }
}

impl Stem {
    fn new(clips: Clips, measure: bool) -> Result<Self, SessionError> {
        let (rate, channels) = (clips.sample_rate, clips.channels);
        Ok(Self {
            clips,
            before: measure.then(|| loudness_meter(rate, channels)).transpose()?,
            after: measure.then(|| loudness_meter(rate, 2)).transpose()?,
            looked_at: Vec::new(),
            given: 0,
            early: 0,
            kept: None,
            failed: None,
        })
    }

    fn fetch(&mut self, audio: &mut [&mut [f64]]) -> Result<(), SessionError> {
        let before = &mut self.before;
        self.clips.read_pieces(audio, |heard| match before {
            Some(meter) => meter.measure(heard).or_else(|error| wrong("meter", error)),
            None => Ok(()),
        })
    }
}

/// All tracks of a session.
pub(super) struct Stems {
    each: Vec<Mutex<Stem>>,
    reductions: Mutex<Reductions>,
}

impl Stems {
    pub(super) fn new(
        tracks: Vec<Clips>,
        measure: bool,
        reductions: Reductions,
    ) -> Result<Self, SessionError> {
        let stems = tracks.into_iter().map(|clips| Ok(Mutex::new(Stem::new(clips, measure)?)));
        let each = stems.collect::<Result<_, SessionError>>()?;
        Ok(Self { each, reductions: Mutex::new(reductions) })
    }

    /// Keeps what these tracks give, from so many frames on.
    pub(super) fn keep(&mut self, tracks: &[(usize, usize)]) {
        for (track, early) in tracks {
            let stem = self.each[*track].get_mut().unwrap_or_else(PoisonError::into_inner);
            stem.kept = Some(Default::default());
            stem.early = *early;
        }
    }

    /// The next frames of a track that is kept.
    pub(super) fn take(&self, track: usize, frames: usize) -> [Vec<f64>; 2] {
        let mut stem = lock(&self.each[track]);
        let mut early = core::mem::take(&mut stem.early);
        let Some((kept, silence)) = &mut stem.kept else { return [vec![0.0; frames], vec![0.0; frames]] };
        let dropped = early.min(kept[0].len());
        kept.iter_mut().for_each(|kept| drop(kept.drain(..dropped)));
        early -= dropped;
        *silence -= early.min(*silence);
        let sounding = frames.min(kept[0].len());
        *silence -= (frames - sounding).min(*silence);
        kept.each_mut().map(|kept| {
            let mut plane: Vec<f64> = kept.drain(..sounding).collect();
            plane.resize(frames, 0.0);
            plane
        })
    }

    /// Looks at what the tracks give at these frames, which are in order.
    pub(super) fn look_at(&mut self, frames: &[u64]) {
        for stem in &mut self.each {
            let stem = stem.get_mut().unwrap_or_else(PoisonError::into_inner);
            stem.looked_at = frames.iter().map(|frame| (*frame, [0.0; 2])).collect();
        }
    }

    /// What each track gave at the frames that were looked at.
    pub(super) fn looked_at(&self) -> Vec<Vec<[f64; 2]>> {
        self.each.iter().map(|stem| lock(stem).looked_at.iter().map(|(_, gave)| *gave).collect()).collect()
    }

    /// How far the compressors on the master turned down.
    pub(super) fn reductions(&self) -> MutexGuard<'_, Reductions> {
        lock(&self.reductions)
    }

    /// Length of the longest track in frames, when all have ended.
    pub(super) fn length(&mut self) -> Result<Option<u64>, SessionError> {
        let mut length = Some(0);
        for stem in &mut self.each {
            let stem = stem.get_mut().unwrap_or_else(PoisonError::into_inner);
            if let Some(error) = stem.failed.take() {
                return Err(error);
            }
            length = length.zip(stem.clips.length()).map(|(a, b): (u64, u64)| a.max(b));
        }
        Ok(length)
    }

    /// Gated loudness of each track's clips, and behind its fader.
    pub(super) fn loudness_lufs(&self) -> Vec<[Option<f64>; 2]> {
        let loudness = |stem: MutexGuard<'_, Stem>| {
            let before = stem.before.as_ref().and_then(LoudnessMeter::integrated);
            let after = stem.after.as_ref().and_then(LoudnessMeter::integrated);
            [before, after].map(|lufs| lufs.filter(|lufs| lufs.is_finite()))
        };
        self.each.iter().map(|stem| loudness(lock(stem))).collect()
    }
}

/// A stem whose thread has ended early has nothing that would be wrong to read.
fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sources<f64> for Stems {
    fn fetch(&self, track: usize, _: usize, audio: &mut [&mut [f64]]) {
        let mut stem = lock(&self.each[track]);
        if stem.failed.is_none()
            && let Err(error) = stem.fetch(audio)
        {
            stem.failed = Some(error);
        }
        if stem.failed.is_some() {
            audio.iter_mut().for_each(|plane| plane.fill(0.0));
        }
    }

    fn mastered(&self, inserts: &Inserts<f64>, frames: usize) {
        lock(&self.reductions).hear(inserts, frames);
    }

    fn heard(&self, track: usize, given: [&[f64]; 2]) {
        let mut stem = lock(&self.each[track]);
        let (from, to) = (stem.given, stem.given + given[0].len() as u64);
        stem.given = to;
        if let Some((kept, silence)) = &mut stem.kept {
            // The tail of a mix is long, and most tracks are silent in it.
            if given.iter().all(|channel| channel.iter().all(|x| *x == 0.0)) {
                *silence += given[0].len();
            } else {
                let silent = core::mem::take(silence);
                for (kept, channel) in kept.iter_mut().zip(given) {
                    kept.resize(kept.len() + silent, 0.0);
                    kept.extend(channel);
                }
            }
        }
        for (frame, gave) in stem.looked_at.iter_mut().filter(|(frame, _)| (from..to).contains(frame)) {
            *gave = given.map(|channel| channel[(*frame - from) as usize]);
        }
        if let Some(Err(error)) = stem.after.as_mut().map(|meter| meter.measure(&given)) {
            stem.failed = wrong::<()>("meter", error).err();
        }
    }
}
