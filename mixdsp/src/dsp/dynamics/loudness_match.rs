//! Floor 4: makes what comes out as loud as what came in, over the last seconds.
//!
//! ```text
//! in  --> K-weighting --> energy of the last seconds --+
//! out --> K-weighting --> energy of the last seconds --+--> in / out in dB, at most 12 --> smoothed --> gain
//! ```
//!
//! The energies decay with a time constant of 3 s and pause while the input is under -70 LUFS. They begin alike at
//! -40 LUFS, so that the gain leaves 0 dB only as fast as there is something to go by. The gain is known at points,
//! every 10 ms since it began, and moves along a line between two of them.
//!
//! State: [`Pair`]s of channels, those of the input before those of the output, and a [`State`].

use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::base::units::{decibels_to_gain, seconds_to_frames};
use crate::dsp::k_weighting::{self, KWeighting, Pair};
use crate::params::ramp::CHUNK;

/// From one point to the next.
const INTERVAL_SECONDS: f64 = 0.01;
/// Time constants of the energies and of the gain.
const ENERGY_SECONDS: f64 = 3.0;
const GAIN_SECONDS: f64 = 0.4;
/// The gain is at most this, up or down.
const LARGEST_DB: f64 = 12.0;
/// Mean squares of -70 and -40 LUFS, about.
const SILENCE: f64 = 1e-7;
const BEGINNING: f64 = 1e-4;

layout! {
    /// The words of a loudness match.
    pub(crate) struct LoudnessMatch<T>, read as LoudnessMatchRef (channels: usize) {
        pairs: [Pair; 2 * channels.div_ceil(2)],
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
    gain_db: f64,
    /// Gains at the last point and at the next.
    gains: [f64; 2],
}

impl State {
    /// Nothing was heard yet.
    pub(crate) fn new(sample_rate: f64) -> Self {
        let interval = seconds_to_frames(INTERVAL_SECONDS, sample_rate).max(1);
        let filter = KWeighting::new(sample_rate);
        Self { filter, interval, since: 0, energies: [BEGINNING; 2], gain_db: 0.0, gains: [1.0; 2] }
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
    /// Forgets what was heard.
    pub(crate) fn restart(&mut self, state: &mut State) {
        self.pairs.fill(Pair::SILENT);
        *state = State { since: 0, energies: [BEGINNING; 2], gain_db: 0.0, gains: [1.0; 2], ..*state };
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self) {
        self.pairs.iter_mut().for_each(Pair::flush_denormals);
    }

    /// Hears a channel, or two of them, from an even one on.
    #[inline(never)]
    pub(crate) fn hear(
        &mut self,
        state: &State,
        simd: SimdLevel,
        side: Side,
        first_channel: usize,
        [first, second]: [&[T]; 2],
    ) {
        let at = if side == Side::In { 0 } else { self.pairs.len() / 2 };
        let pair = &mut self.pairs[at + first_channel / 2];
        dispatch!(simd, s => k_weighting::run(s, &state.filter, pair, first, second));
    }

    /// Moves on by the frames that were heard.
    pub(crate) fn advance(&mut self, state: &mut State, frames: usize, channels: usize) {
        state.since += frames;
        if state.since < state.interval {
            return;
        }
        state.since = 0;
        let mut heard = [0.0; 2];
        for (side, pairs) in self.pairs.chunks_exact_mut(channels.div_ceil(2)).enumerate() {
            for (pair, first) in pairs.iter_mut().zip((0..channels).step_by(2)) {
                let [one, other] = pair.take_energy();
                // A last channel by itself was heard twice.
                heard[side] += one + if first + 1 < channels { other } else { 0.0 };
            }
        }
        let frames = state.interval as f64;
        if heard[0] > SILENCE * frames {
            let share = 1.0 - libm::exp(-INTERVAL_SECONDS / ENERGY_SECONDS);
            for (energy, heard) in state.energies.iter_mut().zip(heard) {
                *energy += (heard / frames - *energy) * share;
            }
        }
        let [from, to] = state.energies;
        let target_db = (10.0 * libm::log10(from / to.max(1e-30))).clamp(-LARGEST_DB, LARGEST_DB);
        state.gain_db += (target_db - state.gain_db) * (1.0 - libm::exp(-INTERVAL_SECONDS / GAIN_SECONDS));
        state.gains = [state.gains[1], decibels_to_gain(state.gain_db)];
    }
}
