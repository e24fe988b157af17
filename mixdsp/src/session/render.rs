//! Offline render: a session's tracks and buses as one stereo stream, to the sample and to the bit.
//!
//! ```text
//! Stems --> mixer, on all threads --> latency dropped --> read
//! ```
//!
//! A track is decoded by the thread that mixes it. The result depends neither on the number of threads nor on the
//! size of the blocks, be they the inner ones or those read. With every fader at 0 dB and no inserts it is the plain sum of the stems.
//!
//! After the longest track the mix goes on as long as its processors may sound, at most [`LONGEST_TAIL`];
//! what is under -120 dBFS at the end is cut off.

use std::format;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use crate::engine::unit::GRID;
use crate::files::{SessionError, check_rate};
use crate::host::Mixer;
use crate::session::format::{SESSION_VERSION, Session, wrong};
use crate::session::reductions::Reductions;
use crate::session::route::route;
use crate::session::stems::{Clips, Stems};

/// Longest tail in seconds.
pub const LONGEST_TAIL: f64 = 20.0;
/// Most frames mixed in a turn: enough that starting threads costs nothing beside it.
const BLOCK: usize = 4096;
/// Turns that are mixed at a time.
const TURNS: usize = 16;
/// Most frames of all strips together: with very many, memory counts more.
const STRIP_FRAMES: usize = 1 << 20;
/// What is quieter at the end is not kept.
const SILENCE: f64 = 1e-6;

/// How a session is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// Threads that decode, mix and measure; the one that reads is among them.
    pub threads: usize,
    /// Frames that are mixed at a time, at most 4096; the result does not depend on it.
    pub block_frames: usize,
    /// Whether the loudness of each track is measured, before and after its strip.
    pub measure_tracks: bool,
}

impl Default for RenderOptions {
    /// As many threads as there are cores, 4096 frames, no measuring.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, core::num::NonZero::get);
        Self { threads, block_frames: BLOCK, measure_tracks: false }
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

/// A mix that is being rendered.
pub struct Render {
    sample_rate: u32,
    notes: Vec<String>,
    mixer: Mixer<f64>,
    stems: Stems,
    block_frames: usize,
    names: Vec<String>,
    /// Frames put into the mixer.
    clock: u64,
    /// Length of the longest track, once all have ended.
    length: Option<u64>,
    expected: Option<u64>,
    /// Frames of the mix that were given.
    given: u64,
    /// What was mixed last, and how much of it was taken.
    mixed: [Vec<f64>; 2],
    taken: usize,
    /// The tail, rendered when its turn comes, and what was given of it.
    tail: Option<([Vec<f64>; 2], usize)>,
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
            return wrong("session", format!("version {}; it is {SESSION_VERSION}", session.version));
        }
        check_rate("sample_rate", session.sample_rate)?;
        let rate = session.sample_rate;
        let mut notes = Vec::new();
        let tracks = session.tracks.iter().map(|track| Clips::open(track, folder, rate, &mut notes));
        let tracks = tracks.collect::<Result<Vec<_>, _>>()?;
        let channels: Vec<usize> = tracks.iter().map(Clips::channels).collect();
        let expected = tracks.iter().try_fold(0, |most: u64, clips| Some(most.max(clips.frames()?)));
        let mut mixer = route(session, &channels, folder)?;
        let strips = 1 + session.tracks.len() + session.buses.len();
        let block_frames = options.block_frames.clamp(1, BLOCK.min(STRIP_FRAMES / strips).max(GRID));
        mixer.mix_offline(options.threads, block_frames);
        let compressors = session.master.compressors();
        let stems = Stems::new(tracks, options.measure_tracks, Reductions::new(rate, compressors))?;
        Ok(Self {
            sample_rate: rate,
            notes,
            stems,
            block_frames,
            names: session.tracks.iter().map(|track| track.name.clone()).collect(),
            clock: 0,
            length: session.tracks.is_empty().then_some(0),
            expected,
            given: 0,
            mixed: [Vec::new(), Vec::new()],
            taken: 0,
            tail: None,
            mixer,
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
                    if self.taken == self.mixed[0].len() {
                        self.mix()?;
                    }
                    // Of what was mixed, the beginning is early and is dropped, and the end may be tail already.
                    let late = self.mixer.latency() as u64;
                    let start = self.clock - self.mixed[0].len() as u64;
                    let end =
                        self.length.map_or(self.clock, |length| (length + late).clamp(start, self.clock));
                    let early = (late.clamp(start, self.clock) - start) as usize;
                    self.taken = self.taken.max(early.min((end - start) as usize));
                    let count = ((end - start) as usize - self.taken).min(frames - done);
                    for (output, mixed) in output.iter_mut().zip(&self.mixed) {
                        output[done..done + count].copy_from_slice(&mixed[self.taken..self.taken + count]);
                    }
                    self.taken += count;
                    if self.length.is_some() && end < self.clock && start + self.taken as u64 == end {
                        self.render_tail()?;
                    }
                    count
                }
            };
            done += count;
        }
        self.given += done as u64;
        Ok(done)
    }

    /// Mixes the next frames.
    fn mix(&mut self) -> Result<(), SessionError> {
        // Many turns of the mixer as long as the tracks are known to sound, one where they end.
        let sounding = self.expected.map_or(u64::MAX, |frames| frames.saturating_sub(self.clock));
        let most = TURNS * self.block_frames;
        let count = usize::try_from(sounding).map_or(most, |frames| frames.clamp(self.block_frames, most));
        self.mixed.iter_mut().for_each(|plane| plane.resize(count, 0.0));
        let [left, right] = &mut self.mixed;
        let mixed = self.mixer.process_from(&mut [left, right], &self.stems);
        mixed.or_else(|error| wrong("mix", error))?;
        self.length = self.stems.length()?;
        self.taken = 0;
        self.clock += count as u64;
        Ok(())
    }

    /// Takes what is left of what was mixed last, and mixes on as long as the mix may sound.
    fn render_tail(&mut self) -> Result<(), SessionError> {
        let longest = (LONGEST_TAIL * f64::from(self.sample_rate)) as usize;
        let mixer = &self.mixer;
        let frames = mixer.tail().map_or(longest, |tail| (tail - mixer.latency()).min(longest));
        let mut tail = [Vec::new(), Vec::new()];
        loop {
            for (tail, mixed) in tail.iter_mut().zip(&self.mixed) {
                tail.extend_from_slice(&mixed[self.taken..]);
            }
            if tail[0].len() >= frames {
                break;
            }
            self.mix()?;
        }
        let loud = |plane: &Vec<f64>| {
            let heard = &plane[..frames];
            heard.iter().rposition(|x| libm::fabs(*x) > SILENCE).map_or(0, |at| at + 1)
        };
        let end = loud(&tail[0]).max(loud(&tail[1]));
        tail.iter_mut().for_each(|plane| plane.truncate(end));
        self.tail = Some((tail, 0));
        Ok(())
    }

    /// Keeps what the tracks that go to the master give, to be called before anything is read; tells which these are.
    pub(super) fn keep_tracks(&mut self) -> Vec<usize> {
        let late = self.mixer.latency();
        let waits = (0..self.names.len()).map(|track| (track, self.mixer.wait_at_master(track)));
        // What waits on its way to the master was given earlier.
        let kept: Vec<(usize, usize)> =
            waits.filter_map(|(track, wait)| Some((track, late - wait?.min(late)))).collect();
        self.stems.keep(&kept);
        kept.into_iter().map(|(track, _)| track).collect()
    }

    /// What these tracks gave at the frames that were read last.
    pub(super) fn take_tracks(&self, tracks: &[usize], frames: usize) -> Vec<[Vec<f64>; 2]> {
        tracks.iter().map(|track| self.stems.take(*track, frames)).collect()
    }

    /// Looks at what each track gives at these frames of the mix; to be called before anything is read.
    pub(super) fn look_at(&mut self, frames: &[u64]) {
        let late = self.mixer.latency() as u64;
        self.stems.look_at(&frames.iter().map(|frame| frame + late).collect::<Vec<_>>());
    }

    /// What each track, by its name, gave at the frames that were looked at.
    pub(super) fn looked_at(&self) -> Vec<(String, Vec<[f64; 2]>)> {
        self.names.iter().cloned().zip(self.stems.looked_at()).collect()
    }

    /// Largest gain reduction in dB of the compressors on the master, added up, every
    /// [`REPORT_SECONDS`](super::REPORT_SECONDS) so far.
    pub fn master_reduction_db(&self) -> Vec<f32> {
        self.stems.reductions().values(self.mixer.latency() as u64, self.given)
    }

    /// What was measured of each track so far; whole after the last [`read`](Self::read).
    pub fn tracks(&self) -> Vec<TrackReport> {
        let loudness = self.stems.loudness_lufs();
        let named = self.names.iter().zip(loudness);
        named
            .map(|(name, [before_lufs, after_lufs])| TrackReport {
                name: name.clone(),
                before_lufs,
                after_lufs,
            })
            .collect()
    }
}
