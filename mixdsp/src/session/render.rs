//! Offline render: a session's tracks and buses as one stereo stream, to the sample and to the bit.
//!
//! ```text
//! Stems (decoded ahead) --> mixer, in blocks that end at every automation point --> latency dropped --> read
//! ```
//!
//! The result does not depend on the size of the blocks, neither the inner ones nor those read. With every
//! fader at 0 dB and no inserts it is the plain sum of the stems.
//!
//! After the longest track the mix goes on as long as its processors may sound, at most [`LONGEST_TAIL`];
//! what is under -120 dBFS at the end is cut off.

use std::format;
use std::path::Path;
use std::string::String;
use std::time::{Duration, Instant};
use std::vec::Vec;

use crate::engine::unit::GRID;
use crate::files::{SessionError, check_rate};
use crate::processors::loudness_meter::LoudnessMeter;
use crate::session::chain::Chain;
use crate::session::format::{SESSION_VERSION, Session, wrong};
use crate::session::measure::loudness_meter;
use crate::session::route::{Routed, refused, route};
use crate::session::stems::{CHUNK, Stems, inspect};

/// Longest tail in seconds.
pub const LONGEST_TAIL: f64 = 20.0;
/// What is quieter at the end is not kept.
const SILENCE: f64 = 1e-6;

/// How a session is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// Threads that decode.
    pub threads: usize,
    /// Frames that are mixed at a time; the result does not depend on it.
    pub block_frames: usize,
    /// Whether the loudness of each track is measured, before and after its strip.
    pub measure_tracks: bool,
}

impl Default for RenderOptions {
    /// As many threads as there are cores, 512 frames, no measuring.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, core::num::NonZero::get);
        Self { threads, block_frames: GRID, measure_tracks: false }
    }
}

/// What was measured of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackReport {
    /// Its name.
    pub name: String,
    /// Gated loudness of its clips; `None` for silence.
    pub before_lufs: Option<f64>,
    /// Gated loudness behind its fader; `None` for silence.
    pub after_lufs: Option<f64>,
}

/// Where the time of a render went, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RenderSeconds {
    /// Decoding, resampling and measuring of files, all threads added up.
    pub decoding: f64,
    /// Mixing.
    pub mixing: f64,
    /// Measuring of tracks behind their faders.
    pub measuring: f64,
    /// Waiting of the mix for decoding.
    pub waiting: f64,
}

/// A mix that is being rendered.
pub struct Render {
    sample_rate: u32,
    notes: Vec<String>,
    routed: Routed,
    stems: Stems,
    options: RenderOptions,
    reports: Vec<TrackReport>,
    meters: Vec<LoudnessMeter<f64>>,
    /// What the tracks play now, and how far it was mixed.
    chunks: Vec<Vec<Vec<f32>>>,
    taken: usize,
    /// Frames put into the mixer.
    clock: u64,
    /// Length of the longest track, once all have ended; before, the longest so far.
    length: u64,
    open: usize,
    expected: Option<u64>,
    /// Frames of the mix that were given.
    given: u64,
    mixed: [Vec<f64>; 2],
    /// The tail, rendered when its turn comes, and what was given of it.
    tail: Option<([Vec<f64>; 2], usize)>,
    mixing: Duration,
    measuring: Duration,
    waiting: Duration,
}

impl core::fmt::Debug for Render {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut out = f.debug_struct("Render");
        out.field("sample_rate", &self.sample_rate).field("given", &self.given).finish_non_exhaustive()
    }
}

impl Render {
    /// Prepares a session whose clips lie in `folder`, and begins to decode.
    ///
    /// # Errors
    /// [`SessionError::Session`] for whatever the session says wrong, and what is wrong with a file.
    pub fn new(session: &Session, folder: &Path, options: RenderOptions) -> Result<Self, SessionError> {
        if session.version != SESSION_VERSION {
            return wrong("session", format!("version {}; only {SESSION_VERSION} is read", session.version));
        }
        check_rate("sample_rate", session.sample_rate)?;
        let rate = session.sample_rate;
        let mut notes = Vec::new();
        let shapes = session.tracks.iter().map(|track| inspect(track, folder, rate, &mut notes));
        let shapes = shapes.collect::<Result<Vec<_>, _>>()?;
        let channels: Vec<usize> = shapes.iter().map(|shape| shape.channels).collect();
        let routed = route(session, &channels)?;
        // What is wrong with the master's chain is told now, not when the mix is done.
        Chain::new(&session.master, f64::from(rate))?;

        let metered = if options.measure_tracks { session.tracks.len() } else { 0 };
        let meters = (0..metered).map(|_| loudness_meter(rate, 2)).collect::<Result<Vec<_>, _>>()?;
        let reports = session.tracks.iter().map(|track| TrackReport {
            name: track.name.clone(),
            before_lufs: None,
            after_lufs: None,
        });
        let stems =
            Stems::start(&session.tracks, &shapes, folder, rate, options.threads, options.measure_tracks)?;
        Ok(Self {
            sample_rate: rate,
            notes,
            stems,
            options: RenderOptions { block_frames: options.block_frames.max(1), ..options },
            reports: reports.collect(),
            meters,
            chunks: channels.iter().map(|count| std::vec![std::vec![0.0; CHUNK]; *count]).collect(),
            taken: CHUNK,
            clock: 0,
            length: 0,
            open: session.tracks.len(),
            expected: shapes.iter().try_fold(0, |most: u64, shape| Some(most.max(shape.frames?))),
            given: 0,
            mixed: [Vec::new(), Vec::new()],
            tail: None,
            mixing: Duration::ZERO,
            measuring: Duration::ZERO,
            waiting: Duration::ZERO,
            routed,
        })
    }

    /// Rate of the mix in Hz.
    pub fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// What is to be known of the clips' files, a line each that names the file:
    /// [`AudioFile::notes`](crate::files::AudioFile::notes).
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Length of the longest track in frames, where the files tell.
    pub fn expected_frames(&self) -> Option<u64> {
        self.expected
    }

    /// Frames given so far.
    pub fn position(&self) -> u64 {
        self.given
    }

    /// Fills the two slices of `output` with the next frames of the mix and gives their number: less than
    /// their length only at the end.
    ///
    /// # Errors
    /// [`SessionError::Shape`], and whatever is wrong with a file.
    pub fn read(&mut self, output: &mut [&mut [f64]]) -> Result<usize, SessionError> {
        let frames = crate::files::block_frames(output, 2)?;
        let mut done = 0;
        while done < frames {
            let count = match &mut self.tail {
                Some((tail, at)) => {
                    let count = (tail[0].len() - *at).min(frames - done);
                    for (output, tail) in output.iter_mut().zip(tail) {
                        output[done..done + count].copy_from_slice(&tail[*at..*at + count]);
                    }
                    *at += count;
                    if count == 0 {
                        break;
                    }
                    count
                }
                None => {
                    // The part under the tracks is known to be before the tail only chunk by chunk.
                    let late = self.routed.mixer.latency() as u64;
                    self.fetch()?;
                    if self.open == 0 && self.clock >= self.length + late {
                        self.render_tail()?;
                        continue;
                    }
                    let most = if self.open == 0 { self.length + late - self.clock } else { u64::MAX };
                    let count = self.mix((frames - done).min(usize::try_from(most).unwrap_or(usize::MAX)))?;
                    let dropped = late.saturating_sub(self.clock - count as u64).min(count as u64) as usize;
                    for (output, mixed) in output.iter_mut().zip(&self.mixed) {
                        output[done..done + count - dropped].copy_from_slice(&mixed[dropped..count]);
                    }
                    count - dropped
                }
            };
            done += count;
        }
        self.given += done as u64;
        Ok(done)
    }

    /// Takes the next chunks when the present ones are used up.
    fn fetch(&mut self) -> Result<(), SessionError> {
        if self.taken < CHUNK {
            return Ok(());
        }
        let start = Instant::now();
        for (track, planes) in self.chunks.iter_mut().enumerate() {
            match self.stems.chunk(track)? {
                None => planes.iter_mut().for_each(|plane| plane.fill(0.0)),
                Some(chunk) => {
                    *planes = chunk.planes;
                    if let Some(end) = chunk.end {
                        self.open -= 1;
                        self.length = self.length.max(end.frames);
                        self.reports[track].before_lufs = end.loudness_lufs.filter(|lufs| lufs.is_finite());
                    }
                }
            }
        }
        self.taken = 0;
        self.waiting += start.elapsed();
        Ok(())
    }

    /// Mixes up to `most` frames into `mixed`; at least one.
    fn mix(&mut self, most: usize) -> Result<usize, SessionError> {
        let start = Instant::now();
        let mut count = most.min(CHUNK - self.taken).min(self.options.block_frames);
        if !self.meters.is_empty() {
            count = count.min(GRID);
        }
        self.routed.automate(self.clock)?;
        if let Some(next) = self.routed.next_event(self.clock) {
            count = count.min(usize::try_from(next - self.clock).unwrap_or(usize::MAX));
        }
        let (chunks, from) = (&self.chunks, self.taken);
        let mut fetch = |track: usize, start: usize, audio: &mut [&mut [f64]]| {
            for (audio, plane) in audio.iter_mut().zip(&chunks[track]) {
                audio.iter_mut().zip(&plane[from + start..]).for_each(|(to, x)| *to = f64::from(*x));
            }
        };
        self.mixed.iter_mut().for_each(|plane| plane.resize(count.max(plane.len()), 0.0));
        let [left, right] = &mut self.mixed;
        let mixer = &mut self.routed.mixer;
        mixer.process_from(&mut [&mut left[..count], &mut right[..count]], &mut fetch).or_else(refused)?;
        let mixed = Instant::now();
        for (meter, node) in self.meters.iter_mut().zip(&self.routed.tracks) {
            meter.measure(&mixer.given(*node, count)).or_else(|error| wrong("meter", error))?;
        }
        self.taken += count;
        self.clock += count as u64;
        self.mixing += mixed - start;
        self.measuring += mixed.elapsed();
        Ok(count)
    }

    fn render_tail(&mut self) -> Result<(), SessionError> {
        let longest = (LONGEST_TAIL * f64::from(self.sample_rate)) as usize;
        let mixer = &self.routed.mixer;
        let frames = mixer.tail().map_or(longest, |tail| (tail - mixer.latency()).min(longest));
        let mut tail = [Vec::new(), Vec::new()];
        while tail[0].len() < frames {
            self.fetch()?;
            let count = self.mix(frames - tail[0].len())?;
            for (tail, mixed) in tail.iter_mut().zip(&self.mixed) {
                tail.extend_from_slice(&mixed[..count]);
            }
        }
        let loud =
            |plane: &Vec<f64>| plane.iter().rposition(|x| libm::fabs(*x) > SILENCE).map_or(0, |at| at + 1);
        let end = loud(&tail[0]).max(loud(&tail[1]));
        tail.iter_mut().for_each(|plane| plane.truncate(end));
        self.tail = Some((tail, 0));
        Ok(())
    }

    /// What was measured of each track so far; whole after the last [`read`](Self::read).
    pub fn tracks(&self) -> Vec<TrackReport> {
        let mut reports = self.reports.clone();
        for (report, meter) in reports.iter_mut().zip(&self.meters) {
            report.after_lufs = meter.integrated().filter(|lufs| lufs.is_finite());
        }
        reports
    }

    /// Where the time went so far.
    pub fn seconds(&self) -> RenderSeconds {
        RenderSeconds {
            decoding: self.stems.busy_seconds(),
            mixing: self.mixing.as_secs_f64(),
            measuring: self.measuring.as_secs_f64(),
            waiting: self.waiting.as_secs_f64(),
        }
    }
}
