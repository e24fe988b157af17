//! Stems: the clips of every track decoded on the cores there are, some chunks ahead of the mix.
//!
//! ```text
//! thread 0: track 0, track 2, ... chunk by chunk --> bounded channels -+
//! thread 1: track 1, track 3, ... chunk by chunk --> bounded channels -+--> Stems::chunk, all in step
//! ```
//!
//! A thread gives one chunk of each of its tracks in turn, and so does the reader take them: no one waits
//! in a circle. Memory: `AHEAD` + 2 chunks per track, whatever the length.

use std::borrow::ToOwned;
use std::boxed::Box;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::vec::Vec;
use std::{format, vec};

use crate::base::units::decibels_to_gain;
use crate::files::{AudioFile, AudioStream, OneLine, Resampled, SessionError, resampled_frames};
use crate::processors::loudness_meter::LoudnessMeter;
use crate::session::automation::frame_at;
use crate::session::format::{Track, wrong};
use crate::session::measure::loudness_meter;

/// Frames of a chunk.
pub(super) const CHUNK: usize = 4096;
/// Chunks that wait in a channel.
const AHEAD: usize = 2;

/// Some frames of a track.
pub(super) struct Chunk {
    /// One plane per channel, [`CHUNK`] frames each, silent behind the end.
    pub(super) planes: Vec<Vec<f32>>,
    /// With the last chunk: the track's length in frames and what was measured.
    pub(super) end: Option<End>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) frames: u64,
    pub(super) loudness_lufs: Option<f64>,
}

/// A clip, before it is opened, while it plays, and when it is done.
struct ClipState {
    path: PathBuf,
    start: u64,
    gain: f32,
    stream: Option<Box<dyn AudioStream>>,
    done: bool,
}

/// The sum of a track's clips.
struct TrackStream {
    sample_rate: u32,
    clips: Vec<ClipState>,
    position: u64,
    end: u64,
    scratch: [Vec<f32>; 2],
    planes: Vec<Vec<f32>>,
    meter: Option<LoudnessMeter<f32>>,
}

/// What is known of a track before it plays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) channels: usize,
    pub(super) frames: Option<u64>,
}

/// Opens every clip to see that it can be played. Gives channels and length, and adds what is to be known of
/// the files to `notes`.
pub(super) fn inspect(
    track: &Track,
    folder: &Path,
    sample_rate: u32,
    notes: &mut Vec<String>,
) -> Result<Shape, SessionError> {
    let mut shape = Shape { channels: 1, frames: Some(0) };
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
        shape.channels = shape.channels.max(info.channels);
        let start = frame_at(clip.offset_seconds, f64::from(sample_rate));
        let end = info.frames.map(|frames| start + resampled_frames(frames, info.sample_rate, sample_rate));
        shape.frames = shape.frames.zip(end).map(|(a, b)| a.max(b));
    }
    Ok(shape)
}

/// A file at one rate.
pub(super) fn open(path: &Path, sample_rate: u32) -> Result<Box<dyn AudioStream>, SessionError> {
    let file = AudioFile::open(path)?;
    if file.info().sample_rate == sample_rate {
        return Ok(Box::new(file));
    }
    Ok(Box::new(Resampled::new(file, sample_rate)?))
}

impl TrackStream {
    fn new(
        track: &Track,
        folder: &Path,
        shape: Shape,
        sample_rate: u32,
        measure: bool,
    ) -> Result<Self, SessionError> {
        let clips = track.clips.iter().map(|clip| ClipState {
            path: folder.join(&clip.file),
            start: frame_at(clip.offset_seconds, f64::from(sample_rate)),
            gain: decibels_to_gain(clip.gain_db) as f32,
            stream: None,
            done: false,
        });
        let meter = loudness_meter(sample_rate, shape.channels)?;
        Ok(Self {
            sample_rate,
            clips: clips.collect(),
            position: 0,
            end: 0,
            scratch: [vec![0.0; CHUNK], vec![0.0; CHUNK]],
            planes: vec![vec![0.0; CHUNK]; shape.channels],
            meter: measure.then_some(meter),
        })
    }

    /// The next chunk.
    fn chunk(&mut self) -> Result<Chunk, SessionError> {
        self.planes.iter_mut().for_each(|plane| plane.fill(0.0));
        let (from, to) = (self.position, self.position + CHUNK as u64);
        for clip in self.clips.iter_mut().filter(|clip| !clip.done && clip.start < to) {
            let stream = match &mut clip.stream {
                Some(stream) => stream,
                empty => empty.insert(open(&clip.path, self.sample_rate)?),
            };
            let at = clip.start.saturating_sub(from) as usize;
            let channels = stream.channels().min(2);
            let mut block: Vec<&mut [f32]> =
                self.scratch[..channels].iter_mut().map(|plane| &mut plane[at..]).collect();
            let read = stream.read(&mut block)?;
            for (channel, plane) in self.planes.iter_mut().enumerate() {
                // One channel on a track of two sounds on both.
                let source = &self.scratch[channel.min(channels - 1)][at..at + read];
                plane[at..].iter_mut().zip(source).for_each(|(sum, x)| *sum += clip.gain * x);
            }
            self.end = self.end.max(from + (at + read) as u64);
            if read < CHUNK - at {
                clip.done = true;
                clip.stream = None;
            }
        }
        self.position = to;
        let last = self.clips.iter().all(|clip| clip.done);
        if let Some(meter) = &mut self.meter {
            let count = self.end.clamp(from, to) - from;
            let heard: Vec<&[f32]> = self.planes.iter().map(|plane| &plane[..count as usize]).collect();
            meter.measure(&heard).or_else(|error| wrong("meter", error))?;
        }
        let planes = self.planes.clone();
        let loudness_lufs = self.meter.as_ref().and_then(LoudnessMeter::integrated);
        Ok(Chunk { planes, end: last.then_some(End { frames: self.end, loudness_lufs }) })
    }
}

type Sent = Result<Chunk, SessionError>;

/// All tracks of a session, decoded ahead.
pub(super) struct Stems {
    /// One per track, in order; `None` once it has ended.
    channels: Vec<Option<Receiver<Sent>>>,
    threads: Vec<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
    busy: Arc<Mutex<Duration>>,
}

impl Stems {
    /// Starts to decode on `threads` threads.
    pub(super) fn start(
        tracks: &[Track],
        shapes: &[Shape],
        folder: &Path,
        sample_rate: u32,
        threads: usize,
        measure: bool,
    ) -> Result<Self, SessionError> {
        let stop = Arc::new(AtomicBool::new(false));
        let busy = Arc::new(Mutex::new(Duration::ZERO));
        let count = threads.clamp(1, tracks.len().max(1));
        let mut work: Vec<(u64, Vec<(TrackStream, SyncSender<Sent>)>)> = Vec::new();
        work.resize_with(count, Default::default);
        let mut channels = Vec::new();
        for (track, shape) in tracks.iter().zip(shapes) {
            let (sender, receiver) = sync_channel(AHEAD);
            channels.push(Some(receiver));
            let sizes = track.clips.iter().map(|clip| std::fs::metadata(folder.join(&clip.file)));
            let cost: u64 = sizes.map(|size| size.map_or(0, |size| size.len())).sum();
            let stream = TrackStream::new(track, folder, *shape, sample_rate, measure)?;
            // To the thread that has least to do.
            if let Some((sum, list)) = work.iter_mut().min_by_key(|(sum, _)| *sum) {
                *sum += cost.max(1);
                list.push((stream, sender));
            }
        }
        let start = |(_, list): (u64, Vec<(TrackStream, SyncSender<Sent>)>)| {
            let (stop, busy) = (Arc::clone(&stop), Arc::clone(&busy));
            let builder = thread::Builder::new().name("decode".to_owned());
            builder.spawn(move || decode(list, &stop, &busy))
        };
        let threads: Result<Vec<_>, _> = work.into_iter().map(start).collect();
        let threads = threads.or_else(|error| wrong("threads", error.to_string()))?;
        Ok(Self { channels, threads, stop, busy })
    }

    /// The next chunk of a track; `None` when it has ended.
    pub(super) fn chunk(&mut self, track: usize) -> Result<Option<Chunk>, SessionError> {
        let Some(receiver) = &self.channels[track] else { return Ok(None) };
        let chunk = match receiver.recv() {
            Ok(sent) => sent?,
            Err(_) => return wrong("decoding", "a thread ended early"),
        };
        if chunk.end.is_some() {
            self.channels[track] = None;
        }
        Ok(Some(chunk))
    }

    /// Seconds that the threads spent decoding and resampling, added up.
    pub(super) fn busy_seconds(&self) -> f64 {
        self.busy.lock().map_or(0.0, |busy| busy.as_secs_f64())
    }
}

impl Drop for Stems {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Threads that wait to send find no receiver.
        self.channels.clear();
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing to tell.
            let _ = thread.join();
        }
    }
}

fn decode(mut list: Vec<(TrackStream, SyncSender<Sent>)>, stop: &AtomicBool, busy: &Mutex<Duration>) {
    while !list.is_empty() && !stop.load(Ordering::Relaxed) {
        list.retain_mut(|(stream, sender)| {
            let start = Instant::now();
            let sent = stream.chunk();
            if let Ok(mut busy) = busy.lock() {
                *busy += start.elapsed();
            }
            let more = matches!(&sent, Ok(chunk) if chunk.end.is_none());
            sender.send(sent).is_ok() && more
        });
    }
}
