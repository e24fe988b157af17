//! Floor 4: makes what comes out as loud as what came in, over the last seconds.
//!
//! ```text
//! in  --> K-weighting --> energy of the last seconds --+
//! out --> K-weighting --> energy of the last seconds --+--> in / out in dB, limited --> smoothed --> gain
//! ```
//!
//! The energies decay with a time constant of 3 s and pause while the input is under -70 LUFS. They begin alike, so that the gain leaves 0 dB only as fast as there is something to go by. The gain is known at points,
//! every 10 ms since it began, and moves along a line between two of them.
//!
//! State: [`Channel`]s, those of the input before those of the output, and a [`State`].

use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::units::{decibels_to_gain, seconds_to_frames};
use crate::dsp::k_weighting::{Channel, KWeighting};
use crate::params::ramp::CHUNK;

/// From one point to the next.
const INTERVAL_SECONDS: f64 = 0.01;
/// Time constants of the energies and of the gain.
const ENERGY_SECONDS: f64 = 3.0;
const GAIN_SECONDS: f64 = 0.4;
/// Mean square of -70 LUFS, about.
const SILENCE: f64 = 1e-7;

layout! {
    /// The words of a loudness match.
    pub(crate) struct LoudnessMatch<T>, read as LoudnessMatchRef (channels: usize) {
        sides: [Channel; 2 * channels],
    }
}

/// Which side of the processor is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    In,
    Out,
}

/// What a loudness match keeps beside its words.
#[derive(Debug)]
pub(crate) struct State {
    filter: KWeighting,
    /// Frames from one point to the next, and those since the last one.
    interval: usize,
    since: usize,
    /// Of the input and of the output, per frame.
    energies: [f64; 2],
    /// Where they begin.
    beginning: f64,
    gain_db: f64,
    /// The gain is at most this, up or down.
    largest_db: f64,
    /// Gains at the last point and at the next.
    gains: [f64; 2],
}

impl State {
    /// Nothing was heard yet. The gain is at most `largest_db`; both sides begin with the mean square `beginning`: where the
    /// gain may be large with a small one, so that what is far softer on one side is soon believed.
    pub(crate) fn new(sample_rate: f64, largest_db: f64, beginning: f64) -> Self {
        let interval = seconds_to_frames(INTERVAL_SECONDS, sample_rate).max(1);
        let filter = KWeighting::bilinear(sample_rate);
        Self {
            filter,
            interval,
            since: 0,
            energies: [beginning; 2],
            beginning,
            gain_db: 0.0,
            largest_db,
            gains: [1.0; 2],
        }
    }

    /// Frames to the next point. No chunk may reach beyond it.
    pub(crate) fn frames_to_point(&self) -> usize {
        self.interval - self.since
    }

    /// Writes the gains of the next frames.
    pub(crate) fn fill(&self, gains: &mut [f64; CHUNK], frames: usize) {
        let [from, to] = self.gains;
        let step = (to - from) / self.interval as f64;
        for (f, gain) in gains[..frames].iter_mut().enumerate() {
            *gain = from + step * (self.since + f) as f64;
        }
    }
}

impl<T: Sample> LoudnessMatch<'_, T> {
    /// Forgets what was heard, `at` frames after the beginning: the points stay where they are counted from there.
    pub(crate) fn restart(&mut self, state: &mut State, at: u64) {
        self.sides.fill(Channel::SILENT);
        let since = (at % state.interval as u64) as usize;
        *state = State { since, energies: [state.beginning; 2], gain_db: 0.0, gains: [1.0; 2], ..*state };
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self) {
        self.sides.iter_mut().for_each(Channel::flush_denormals);
    }

    /// Hears some frames of a channel.
    #[inline(never)]
    pub(crate) fn hear(&mut self, state: &State, side: Side, channel: usize, samples: &[T]) {
        let at = if side == Side::In { 0 } else { self.sides.len() / 2 };
        let mut heard = [0.0; CHUNK];
        heard.iter_mut().zip(samples).for_each(|(to, from)| *to = from.to_f64());
        state.filter.hear(&mut self.sides[at + channel], &heard[..samples.len()]);
    }

    /// Moves on by the frames that were heard.
    pub(crate) fn advance(&mut self, state: &mut State, frames: usize) {
        state.advance(self.sides, frames);
    }
}

impl State {
    #[inline(never)]
    fn advance(&mut self, sides: &mut [Channel], frames: usize) {
        self.since += frames;
        if self.since < self.interval {
            return;
        }
        self.since = 0;
        let mut heard = [0.0; 2];
        let channels = (sides.len() / 2).max(1);
        for (heard, side) in heard.iter_mut().zip(sides.chunks_exact_mut(channels)) {
            *heard = side.iter_mut().map(|channel| core::mem::take(&mut channel.energy)).sum();
        }
        let frames = self.interval as f64;
        if heard[0] > SILENCE * frames {
            let share = 1.0 - libm::exp(-INTERVAL_SECONDS / ENERGY_SECONDS);
            for (energy, heard) in self.energies.iter_mut().zip(heard) {
                *energy += (heard / frames - *energy) * share;
            }
        }
        let [from, to] = self.energies;
        let target_db = (10.0 * libm::log10(from / to.max(1e-30))).clamp(-self.largest_db, self.largest_db);
        self.gain_db += (target_db - self.gain_db) * (1.0 - libm::exp(-INTERVAL_SECONDS / GAIN_SECONDS));
        self.gains = [self.gains[1], decibels_to_gain(self.gain_db)];
    }
}
