//! Floor 4: a short gain that holds a ceiling on every common true-peak meter, for what is hardly over it.
//!
//! ```text
//! in --+--> samples and kernels of meters: p --> ceiling / p, at most 1 --> smallest --> two boxes --+
//!      `--> wait for the latency ----------------------------------------------------------------(x)--> out
//! ```
//!
//! All channels are turned down alike. There is no release: the gain goes down and comes back within the look-ahead of
//! a millisecond, so it is for single peaks. The detector and what it guarantees are those of the limiter: the gain is
//! exactly 1 where nothing is over.
//!
//! State, in the caller's words: per channel `window`, the last 47 samples, `before`, the newest interval but one, `delay`;
//! `minimum`, `first_ring` and `second_ring` of the gain.

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::seconds_to_frames;
use crate::dsp::delay_line;
use crate::dsp::envelope::{BoxStack, CHUNK, SlidingMinimum, allow, larger, minimum_words};
use crate::dsp::true_peak::around::{self, GUARD, Place, Together};
use crate::dsp::true_peak::{DELAY, TruePeakDetector, WINDOW};
use fearless_simd::Simd;

/// Kept under the ceiling beside what [`around::usable`] leaves: a gain that goes down and comes back within two
/// milliseconds moves under the kernels, which costs up to 0.026 dB.
const MARGIN_DB: f64 = 0.03;
/// The look-ahead: shorter ones let kernels read over while the gain moves.
const SECONDS: f64 = 0.001;
const SHORTEST: usize = 48;

/// Channels and frames.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    channels: usize,
    look_ahead: usize,
}

impl Sizes {
    pub(crate) const fn new(spec: &Spec) -> Self {
        let look_ahead = seconds_to_frames(SECONDS, spec.sample_rate);
        Self { channels: spec.inputs, look_ahead: if look_ahead < SHORTEST { SHORTEST } else { look_ahead } }
    }

    pub(crate) const fn latency(&self) -> usize {
        self.look_ahead + GUARD + DELAY
    }

    const fn window(&self) -> usize {
        self.look_ahead + 1 + 2 * GUARD
    }

    /// Frames without anything over, after which all that minimum and boxes keep is unity.
    const fn memory(&self) -> usize {
        4 * self.window() + self.look_ahead + 2 * CHUNK
    }
}

layout! {
    /// The words of a ceiling gain.
    pub(crate) struct CeilingGain<T>, read as CeilingGainRef (sizes: Sizes) {
        window: [[T; WINDOW]; sizes.channels],
        before: [T; sizes.channels],
        delay: [T; sizes.channels * sizes.latency()],
        minimum: [u32; minimum_words(sizes.window())],
        first_ring: [u32; BoxStack::lengths(sizes.look_ahead).0],
        second_ring: [u64; BoxStack::lengths(sizes.look_ahead).1],
    }
}

/// What a ceiling gain keeps beside its words.
#[derive(Debug)]
pub(crate) struct State<T> {
    detector: TruePeakDetector<T>,
    boxes: BoxStack,
    /// Frames since reset, and where the audio ends, once that is known.
    at: u64,
    end: Option<u64>,
    /// Frames since something was over.
    since_over: usize,
}

impl<T> State<T> {
    /// The audio ends here.
    pub(crate) fn end(&mut self) {
        self.end.get_or_insert(self.at);
    }
}

/// The amplitude up to which a ceiling in decibels may be used.
pub(crate) fn usable(ceiling_db: f64) -> f64 {
    around::usable(ceiling_db - MARGIN_DB)
}

impl<T: Sample> CeilingGain<'_, T> {
    /// At unity.
    pub(crate) fn start(&mut self, sizes: &Sizes, sample_rate: f64) -> State<T> {
        SlidingMinimum::clear(self.minimum);
        let boxes = BoxStack::new(sizes.look_ahead, self.first_ring, self.second_ring);
        State { detector: TruePeakDetector::new(sample_rate, true), boxes, at: 0, end: None, since_over: 0 }
    }

    /// Turns down some frames, at most [`CHUNK`], to [`usable`] ceilings; returns the gains.
    #[inline(always)]
    pub(crate) fn run<S: Simd>(
        &mut self,
        simd: S,
        sizes: &Sizes,
        state: &mut State<T>,
        ceilings: &[f64; CHUNK],
        block: &mut Block<'_, '_, T>,
    ) -> [f64; CHUNK] {
        let frames = block.frames();
        let place = Place { at: state.at, since_end: state.end.map(|end| state.at - end) };
        let least = ceilings[..frames].iter().fold(f64::MAX, |a, b| if *b < a { *b } else { a });
        let (windows, before) = (&mut *self.window, &mut *self.before);
        let peaks = Together { detector: &state.detector, windows, before }.peaks(simd, place, least, block);
        let highest = peaks.iter().fold(T::ZERO, |a, b| larger(a, *b));
        let is_over = highest.to_f64() > least;
        state.since_over = if is_over { 0 } else { state.since_over.saturating_add(frames) };
        // What has come to rest at unity stays there, wherever its rings stand.
        let rests = state.since_over > sizes.memory();
        let mut gains = [1.0; CHUNK];
        if !rests {
            self.smooth(sizes, state, &peaks[..frames], ceilings, &mut gains);
        }
        let position = (state.at % sizes.latency() as u64) as usize;
        for (channel, ring) in self.delay.chunks_exact_mut(sizes.latency()).enumerate() {
            delay_line::wait(ring, position, block.channel(channel));
            if rests {
                continue;
            }
            for (sample, gain) in block.channel(channel).iter_mut().zip(&gains) {
                *sample *= T::from_f64(*gain);
            }
        }
        state.at += frames as u64;
        gains
    }

    /// Writes the gains that peaks allow.
    #[inline(always)]
    fn smooth(
        &mut self,
        sizes: &Sizes,
        state: &mut State<T>,
        peaks: &[T],
        ceilings: &[f64; CHUNK],
        gains: &mut [f64; CHUNK],
    ) {
        let frames = peaks.len();
        let mut allowed = [0; CHUNK];
        allow(ceilings, peaks, &mut allowed);
        SlidingMinimum::new(self.minimum, sizes.window()).run(&mut allowed[..frames], state.at);
        let mut sums = [0; CHUNK];
        state.boxes.run(self.first_ring, self.second_ring, &allowed[..frames], &mut sums[..frames], state.at);
        let whole = state.boxes.whole();
        gains.iter_mut().zip(&sums[..frames]).for_each(|(gain, sum)| *gain = *sum as f64 / whole);
    }
}
