//! Floor 4: from what a rule asks for to channels that are turned down: the way of a gate, an expander, a ducker.
//!
//! ```text
//! key --> peaks of all channels --> rule --> asked --+--> own (1 - link) + asked link --> attack, release --> factor
//!   +---> peaks of a channel -----> rule --> own ----+                                                         |
//! in --> wait for the look-ahead -----------------------------------------------------------------------------(x)--> out
//! ```
//!
//! While all channels have always been linked (`alike`), the first stands for all; a link below 1 parts them for good.
//! A gain that has arrived where it was sent takes no time, and one that has arrived at 1 leaves audio as it is.
//!
//! State: the words of [`GainPath`] and a [`State`]. `position` is the place in the look-ahead's delay; `latest` has the
//! largest reductions of all channels.

use super::detector::{self, Detector, DetectorRef, Listening};
use super::factors::apply;
use super::fixed_gain::GROUP;
use super::latest::Latest;
use super::peaks;
use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::math::FastMath;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::{DECIBELS_PER_OCTAVE, milliseconds_to_frames, seconds_to_frames};
use crate::dsp::delay_line;
use crate::dsp::envelope::larger;
use crate::dsp::envelope::smooth_ballistics::{Memory, POLES, SmoothBallistics};
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;

/// A gain this near to what is asked for has arrived: 1e-8 of it, -159 dB.
const NEAR_DB: f64 = 1e-7;

/// What is asked for where peaks are known.
pub(crate) trait Rule<T> {
    /// Whether attack is the time in which a reduction goes, as in a gate; otherwise it is that in which it comes.
    const OPENS: bool;

    /// Writes the reductions in decibels for the peaks that one listener hears: 0 hears all channels, 1 the first, and
    /// so on. What stands beyond the frames means nothing.
    fn asked<S: Simd>(
        &mut self,
        simd: S,
        listener: usize,
        peaks: &[T; CHUNK],
        frames: usize,
        asked_db: &mut [f64; CHUNK],
    );
}

/// Channels and frames.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    channels: usize,
    pub(crate) lookahead: usize,
    detector: detector::Sizes,
}

impl Sizes {
    pub(crate) const fn new(spec: &Spec, lookahead_ms: f64, bands: u32) -> Self {
        let lookahead = seconds_to_frames(lookahead_ms * 1e-3, spec.sample_rate);
        Self { channels: spec.inputs, lookahead, detector: detector::Sizes::new(spec, bands) }
    }

    /// Frames of a hold that lasts until what the look-ahead saw has passed.
    pub(crate) fn hold(&self, hold_ms: f64, sample_rate: f64) -> usize {
        self.lookahead + milliseconds_to_frames(hold_ms, sample_rate)
    }
}

layout! {
    /// The words of a gain path.
    pub(crate) struct GainPath<T>, read as GainPathRef (sizes: Sizes) {
        /// What attack and release of each channel remember, and what was asked for last.
        ballistics: [Memory; sizes.channels],
        asked: [f64; sizes.channels],
        /// What waits for the look-ahead, channel by channel.
        delay: [T; sizes.channels * sizes.lookahead],
    } with {
        detector: Detector / DetectorRef by sizes.detector,
    }
}

/// What a gain path keeps beside its words.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) detector: detector::State,
    pub(crate) ballistics: SmoothBallistics,
    pub(crate) latest: Latest,
    sizes: Sizes,
    position: usize,
    alike: bool,
}

impl State {
    /// Nothing was heard yet.
    pub(crate) fn new(
        sizes: Sizes,
        detector: detector::State,
        ballistics: SmoothBallistics,
        alike: bool,
    ) -> Self {
        Self { detector, ballistics, latest: Latest::EMPTY, sizes, position: 0, alike }
    }

    /// Whether the channels part here: they are no longer always linked. Then every listener goes on from the first's
    /// state.
    pub(crate) fn part<T: Sample>(&mut self, path: &mut GainPath<'_, T>, link: f64) -> bool {
        if !self.alike || link == 1.0 {
            return false;
        }
        self.alike = false;
        let first = (path.ballistics[0], path.asked[0]);
        path.ballistics.fill(first.0);
        path.asked.fill(first.1);
        true
    }
}

/// Shares, frame by frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shares<'a> {
    /// Of what all channels together ask for.
    pub(crate) link: &'a [f64; CHUNK],
    /// Of the key in what is heard. `None` for nothing of it.
    pub(crate) monitor: Option<&'a [f64; CHUNK]>,
}

impl<T: Sample> GainPath<'_, T> {
    /// Every channel is turned down by this much.
    pub(crate) fn start<R: Rule<T>>(&mut self, reduction_db: f64) {
        let value = if R::OPENS { 0.0 - reduction_db } else { reduction_db };
        self.ballistics.fill([value; POLES + 1]);
        self.asked.fill(value);
    }

    /// What has nearly arrived does, so that nothing small remains.
    pub(crate) fn flush_denormals(&mut self) {
        for (memory, asked) in self.ballistics.iter_mut().zip(&*self.asked) {
            if memory.iter().all(|value| (value - asked).abs() < NEAR_DB) {
                memory.fill(*asked);
            }
        }
        self.detector.flush_denormals();
    }

    /// Some frames, at most [`CHUNK`].
    #[inline(always)]
    pub(crate) fn run<S: Simd, R: Rule<T>>(
        &mut self,
        simd: S,
        state: &mut State,
        rule: &mut R,
        shares: Shares<'_>,
        block: &mut Block<'_, '_, T>,
    ) {
        let (channels, frames) = (state.sizes.channels, block.frames());
        let listening = Listening { root_mean_square: None, monitor: shares.monitor };
        self.detector.listen(&mut state.detector, block, listening);
        let key = self.detector.key(&state.detector, block);
        // A sidechain of another width turns all channels down alike.
        let linked = key.channels != channels;
        let all = peaks::of_all(simd, &key);
        let mut together = [[0.0; CHUNK]];
        rule.asked(simd, 0, &all, frames, &mut together[0]);
        let mut largest_db = [0.0; CHUNK];
        let mut first = 0;
        while !state.alike && first < channels {
            let mut asked = [together[0]; 2];
            let lanes = (channels - first).min(2);
            for (lane, own_db) in asked.iter_mut().enumerate().take(lanes) {
                let key = self.detector.key(&state.detector, block);
                let listener = first + lane + 1;
                if linked {
                    // It goes on listening, for when it is on its own again.
                    rule.asked(simd, listener, &all, frames, &mut [0.0; CHUNK]);
                } else {
                    rule.asked(simd, listener, &peaks::of_channel(simd, &key, first + lane), frames, own_db);
                    for f in 0..CHUNK {
                        // Exactly that of all at 1, exactly its own at 0.
                        own_db[f] = own_db[f] * (1.0 - shares.link[f]) + together[0][f] * shares.link[f];
                    }
                }
            }
            if lanes == 2 {
                self.turn_down::<S, R, 2>(simd, state, first, &mut asked, shares, block, &mut largest_db);
            } else if let Some(asked) = asked.first_chunk_mut() {
                self.turn_down::<S, R, 1>(simd, state, first, asked, shares, block, &mut largest_db);
            }
            first += lanes;
        }
        if state.alike {
            self.turn_down::<S, R, 1>(simd, state, 0, &mut together, shares, block, &mut largest_db);
        }
        state.latest.keep(&largest_db[..frames]);
        state.position = (state.position + frames) % state.sizes.lookahead.max(1);
    }

    /// Turns down `N` channels from `first` on, each by what it asks for itself; all by the first while they are alike.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "each is another thing")]
    fn turn_down<S: Simd, R: Rule<T>, const N: usize>(
        &mut self,
        simd: S,
        state: &State,
        first: usize,
        values: &mut [[f64; CHUNK]; N],
        shares: Shares<'_>,
        block: &mut Block<'_, '_, T>,
        largest_db: &mut [f64; CHUNK],
    ) {
        let frames = block.frames();
        let mut factors = [[T::ONE; CHUNK]; N];
        if self.has_arrived::<R, N>(first, values, frames) {
            let mut rests = shares.monitor.is_none();
            for lane in 0..N {
                let reduction = values[lane][0];
                raise(largest_db, &[reduction; CHUNK], first + lane == 0);
                factors[lane].fill(factor(reduction));
                rests &= reduction == 0.0;
            }
            return self.apply(simd, state, first, &mut factors, shares, (block, rests));
        }
        for group in 0..frames.min(CHUNK).div_ceil(GROUP) {
            let from = group * GROUP;
            let count = (frames - from).min(GROUP);
            let mut reductions = [[0.0; GROUP]; N];
            for lane in 0..N {
                for i in 0..GROUP {
                    let asked = values[lane][from + i];
                    reductions[lane][i] = if R::OPENS { 0.0 - asked } else { asked };
                }
            }
            if let Some(memory) = self.ballistics[first..].first_chunk_mut::<N>() {
                if count == GROUP {
                    state.ballistics.run(simd, memory, &mut reductions, GROUP);
                } else {
                    state.ballistics.run_some(simd, memory, &mut reductions, count);
                }
            }
            for lane in 0..N {
                for i in 0..GROUP {
                    let reduction = reductions[lane][i];
                    let reduction = if R::OPENS { 0.0 - reduction } else { reduction };
                    values[lane][from + i] = reduction;
                    factors[lane][from + i] = factor(reduction);
                }
            }
        }
        for lane in 0..N {
            raise(largest_db, &values[lane], first + lane == 0);
        }
        self.apply(simd, state, first, &mut factors, shares, (block, false));
    }

    /// Whether every frame asks for what all of these channels have arrived at. Remembers what is asked for last.
    #[inline(always)]
    fn has_arrived<R: Rule<T>, const N: usize>(
        &mut self,
        first: usize,
        values: &[[f64; CHUNK]; N],
        frames: usize,
    ) -> bool {
        let mut arrived = true;
        for lane in 0..N {
            let last = values[lane][frames.clamp(1, CHUNK) - 1];
            for value in &values[lane][..frames] {
                arrived &= *value == last;
            }
            let last = if R::OPENS { 0.0 - last } else { last };
            arrived &= self.ballistics[first + lane].iter().all(|value| *value == last);
            self.asked[first + lane] = last;
        }
        arrived
    }

    /// Makes channels wait for the look-ahead and multiplies them, unless all factors are 1.
    #[inline(always)]
    fn apply<S: Simd, const N: usize>(
        &mut self,
        simd: S,
        state: &State,
        first: usize,
        factors: &mut [[T; CHUNK]; N],
        shares: Shares<'_>,
        (block, are_ones): (&mut Block<'_, '_, T>, bool),
    ) {
        if let Some(monitor) = shares.monitor {
            // What is listened to is heard as it is.
            for factors in &mut *factors {
                for (factor, share) in factors.iter_mut().zip(monitor) {
                    *factor = T::from_f64(factor.to_f64() * (1.0 - share) + share);
                }
            }
        }
        let turned_down = if state.alike { state.sizes.channels } else { N };
        for channel in first..first + turned_down {
            let lookahead = state.sizes.lookahead;
            let audio = block.channel(channel);
            if lookahead > 0 {
                delay_line::wait(&mut self.delay[channel * lookahead..][..lookahead], state.position, audio);
            }
            if !are_ones {
                apply(simd, &factors[(channel - first).min(N - 1)], audio);
            }
        }
    }
}

/// Takes the larger of both, or the first channel's as they are.
#[inline(always)]
fn raise(largest_db: &mut [f64; CHUNK], reductions_db: &[f64; CHUNK], is_first: bool) {
    if is_first {
        return *largest_db = *reductions_db;
    }
    let before = *largest_db;
    for f in 0..CHUNK {
        largest_db[f] = larger(before[f], reductions_db[f]);
    }
}

/// The amplitude factor of a reduction in decibels.
#[inline(always)]
fn factor<T: Sample>(reduction_db: f64) -> T {
    T::from_f64(FastMath::exp2(reduction_db * (-1.0 / DECIBELS_PER_OCTAVE)))
}

impl<T: Sample> GainPathRef<'_, T> {
    /// Frames until what was heard is gone; `monitors` where the key may be heard.
    pub(crate) fn tail(&self, state: &State, monitors: bool) -> usize {
        state.sizes.lookahead + if monitors { self.detector.tail() } else { 0 }
    }
}
