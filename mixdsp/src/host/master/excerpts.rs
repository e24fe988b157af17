//! The loudest passages of a programme, kept while it goes by: what candidates for a master are tried on.
//!
//! ```text
//! in --> windows of three seconds --> the six of the most power stay --> joined, in the order of time
//! ```
//!
//! Memory does not grow with the programme, and how it is cut into blocks makes no difference.
//!
//! State. `filling`: the window that goes on. `kept`: the loudest whole ones, in the order of time.

use crate::base::audio::frames_of;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::seconds_to_frames;
use crate::processors::loudness_meter::LoudnessConfig;
use alloc::vec;
use alloc::vec::Vec;

const WINDOW_SECONDS: f64 = 3.0;
const WINDOWS: usize = 6;
/// Where two windows meet each fades so long.
const JOIN_SECONDS: f64 = 0.005;

#[derive(Clone, Debug)]
struct Window {
    first: u64,
    power: f64,
    planes: Vec<Vec<f32>>,
}

/// The loudest passages of a programme. Needs `alloc`; 4 MB for stereo at 48 kHz.
#[derive(Clone, Debug)]
pub struct Excerpts {
    spec: Spec,
    config: LoudnessConfig,
    frames: usize,
    filling: Window,
    kept: Vec<Window>,
}

impl Excerpts {
    /// Of a programme of this rate and channels, whose loudness a meter of this configuration measures.
    pub fn new(spec: Spec, config: LoudnessConfig) -> Self {
        let frames = seconds_to_frames(WINDOW_SECONDS, spec.sample_rate);
        let filling = Window { first: 0, power: 0.0, planes: vec![Vec::new(); spec.inputs] };
        Self { spec, config, frames, filling, kept: Vec::new() }
    }

    /// Hears a block of any length.
    ///
    /// # Errors
    /// [`Error::BlockChannels`] or [`Error::BlockFrames`] for a block of another shape; nothing is heard then.
    pub fn hear<T: Sample, C: AsRef<[T]>>(&mut self, audio: &[C]) -> Result<(), Error> {
        let frames = frames_of(audio, self.spec.inputs, "audio")?;
        let mut done = 0;
        while done < frames {
            let count = (self.frames - self.filling.planes[0].len()).min(frames - done);
            for (plane, channel) in self.filling.planes.iter_mut().zip(audio) {
                let heard = &channel.as_ref()[done..done + count];
                plane.extend(heard.iter().map(|x| x.clean().to_f64() as f32));
            }
            done += count;
            if self.filling.planes[0].len() == self.frames {
                self.end_window();
            }
        }
        Ok(())
    }

    /// The programme has ended: a last window that is not whole counts only where there is no other.
    pub fn finish(&mut self) {
        if self.kept.is_empty() {
            self.end_window();
        }
    }

    fn end_window(&mut self) {
        let next = Window {
            first: self.filling.first + self.filling.planes[0].len() as u64,
            power: 0.0,
            planes: vec![Vec::new(); self.spec.inputs],
        };
        let mut window = core::mem::replace(&mut self.filling, next);
        let samples = window.planes.iter().flatten();
        window.power = samples.map(|x| f64::from(*x) * f64::from(*x)).sum();
        self.kept.push(window);
        if self.kept.len() > WINDOWS {
            let quietest = self.kept.iter().enumerate().min_by(|a, b| a.1.power.total_cmp(&b.1.power));
            if let Some((at, _)) = quietest {
                self.kept.remove(at);
            }
        }
    }

    /// Rate and channels.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// What a meter of it measures.
    pub(super) fn config(&self) -> LoudnessConfig {
        self.config
    }

    /// The passages as one programme.
    pub(super) fn joined(&self) -> Vec<Vec<f32>> {
        let fade = seconds_to_frames(JOIN_SECONDS, self.spec.sample_rate);
        let mut joined = vec![Vec::new(); self.spec.inputs];
        for (at, window) in self.kept.iter().enumerate() {
            // Windows that follow each other in the programme do so here.
            let follows = at > 0 && self.kept[at - 1].first + self.frames as u64 == window.first;
            let goes_on =
                self.kept.get(at + 1).is_some_and(|next| next.first == window.first + self.frames as u64);
            for (joined, plane) in joined.iter_mut().zip(&window.planes) {
                let frames = plane.len();
                joined.extend(plane.iter().enumerate().map(|(n, x)| {
                    let from = if follows { fade } else { n.min(fade) };
                    let to = if goes_on { fade } else { (frames - 1 - n).min(fade) };
                    *x * from.min(to) as f32 / fade.max(1) as f32
                }));
            }
        }
        joined
    }

    /// The frame of the programme that a frame of the joined passages is.
    pub(super) fn frame_of(&self, joined: usize) -> u64 {
        let at = joined / self.frames.max(1);
        self.kept.get(at).map_or(0, |window| window.first + (joined - at * self.frames) as u64)
    }
}
