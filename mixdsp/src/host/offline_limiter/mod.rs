//! Offline limiting: the smoothest gain under a ceiling, for a programme that is known.
//!
//! ```text
//! in --+--> samples and kernels of meters: p --> c / p, at most 1 --> smallest of the window --> smoothest --> two boxes --> rest --+
//!      `--> wait for the latency ------------------------------------------------------------------------------------------------(x)--> out
//! ```
//!
//! Detector, window, boxes and ceiling are the streaming limiter's, and so is what they guarantee: whatever stands
//! between window and boxes may only turn down further. There it has a release, here the smoothest of all
//! courses under what is allowed, in decibels (`smoothest.rs`), which falls as it rises. All channels are turned down alike.
//!
//! The smoothest gain goes down by 9 dB and no more, which is what a delivery may take unless it is told otherwise. Were it to
//! take all, what is driven harder would hardly get louder any more: each peak would keep down what is around it by all of
//! its depth. What is deeper the rest gain takes (`dsp::dynamics::rest_gain`), within a millisecond and a half.
//!
//! Whoever runs it has the whole programme, so its latency is no matter; and so it runs over arrays and
//! files alike, in blocks of any size, with the same bits.
//!
//! State. Per channel: `windows`, the last 47 samples; `before`, the newest interval but one; `delay`. `minimum`,
//! `smoothest`, `boxes` with `first_ring` and `second_ring`: what of the gain is under way.

mod smoothest;

use crate::base::audio::{Block, check_block, sanitize};
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::base::units::{DECIBELS_PER_OCTAVE, seconds_to_frames};
use crate::dsp::delay_line;
use crate::dsp::dynamics::rest_gain::{self, RestGain};
use crate::dsp::envelope::{BoxStack, CHUNK, SlidingMinimum, UNITY, allow, minimum_words, nearest};
use crate::dsp::true_peak::around::{GUARD, Place, Together, usable};
use crate::dsp::true_peak::{DELAY, TruePeakDetector, WINDOW};
use crate::host::loudness_search::TRUE_PEAK_RANGE_DBTP;
use alloc::vec;
use alloc::vec::Vec;
use fearless_simd::Simd;
use smoothest::Smoothest;

/// What the boxes look ahead: two half waves of 48 Hz, whose peaks then are one reduction.
const LOOK_AHEAD_SECONDS: f64 = 0.021;
/// How fast the slope of the gain may change, in decibels per second and second: a single peak of 4 dB is an arc
/// that begins 32 ms before it.
const CURVATURE_DB: f64 = 8_000.0;
/// The most that the smoothest gain takes, and the look-ahead for what is deeper.
const SMOOTH_RANGE_DB: f64 = 9.0;
const REST_SECONDS: f64 = 0.0015;

/// Limits a programme that is known under a ceiling, by the smoothest gain that holds it. Needs `alloc`.
///
/// What is guaranteed is what a [`Limiter`](crate::Limiter) with `true_peak` guarantees: the ceiling holds on every
/// common true-peak meter, also where the audio begins or ends in the middle of a wave; what is under it comes out
/// bit for bit; and the output is the input times [`gains`](Self::gains). 1 to 24 channels, turned down alike.
///
/// The output is late by [`latency`](Self::latency), an eighth of a second. Memory: that much of the audio, and
/// 1 MB. How the
/// audio is cut into blocks makes no difference.
///
/// ```
/// use mixdsp::Spec;
/// use mixdsp::host::OfflineLimiter;
///
/// let mut limiter = OfflineLimiter::<f32>::new(Spec::new(48_000.0, 1), -1.0)?;
/// let late = limiter.latency();
/// let mut audio = vec![0.99; 48_000];
/// limiter.process(&mut [&mut audio])?;
/// limiter.end();
/// let mut rest = vec![0.0; late];
/// limiter.process(&mut [&mut rest])?;
/// let delivered: Vec<f32> = audio[late..].iter().chain(&rest).copied().collect();
/// assert!(delivered.iter().all(|x| *x <= 0.8913) && delivered[24_000] > 0.87);
/// # Ok::<(), mixdsp::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct OfflineLimiter<T: Sample> {
    spec: Spec,
    ceilings: [f64; CHUNK],
    look_ahead: usize,
    detector: TruePeakDetector<T>,
    windows: Vec<[T; WINDOW]>,
    before: Vec<T>,
    minimum: Vec<u32>,
    smoothest: Smoothest,
    /// The latest allowed gain and its logarithm: gains that are held come often.
    latest: (u32, f64),
    boxes: BoxStack,
    first_ring: Vec<u32>,
    second_ring: Vec<u64>,
    rest: Rest,
    delay: Vec<T>,
    /// Frames that came in, and where the audio ends, once that is known.
    at: u64,
    end: Option<u64>,
    gains: Vec<T>,
}

impl<T: Sample> OfflineLimiter<T> {
    /// For rate and channels, and a ceiling of -40 to 0 dBTP.
    ///
    /// # Errors
    /// As a processor's `new` for a spec that cannot be; [`Error::Range`] for the ceiling.
    pub fn new(spec: Spec, ceiling_db: f64) -> Result<Self, Error> {
        spec.check()?;
        spec.check_same_channels()?;
        if !TRUE_PEAK_RANGE_DBTP.contains(&ceiling_db) {
            let (minimum, maximum) = (*TRUE_PEAK_RANGE_DBTP.start(), *TRUE_PEAK_RANGE_DBTP.end());
            let (key, unit) = ("ceiling_db", "dB");
            return Err(Error::Range {
                key,
                item: None,
                value: ceiling_db,
                minimum,
                maximum,
                unit,
                choices: &[],
            });
        }
        let (rate, channels) = (spec.sample_rate, spec.inputs);
        let look_ahead = seconds_to_frames(LOOK_AHEAD_SECONDS, rate);
        let smoothest = Smoothest::new(
            CURVATURE_DB / DECIBELS_PER_OCTAVE / (rate * rate),
            SMOOTH_RANGE_DB / DECIBELS_PER_OCTAVE,
        );
        let (first, second) = BoxStack::lengths(look_ahead);
        let (mut first_ring, mut second_ring) = (vec![0; first], vec![0; second]);
        let boxes = BoxStack::new(look_ahead, &mut first_ring, &mut second_ring);
        let mut limiter = Self {
            spec,
            ceilings: [usable(ceiling_db); CHUNK],
            look_ahead,
            detector: TruePeakDetector::new(rate, true),
            windows: vec![[T::ZERO; WINDOW]; channels],
            before: vec![T::ZERO; channels],
            minimum: vec![UNITY; minimum_words(look_ahead + 1 + 2 * GUARD)],
            rest: Rest::new(rate, look_ahead + GUARD + smoothest.reach()),
            smoothest,
            latest: (UNITY, 0.0),
            boxes,
            first_ring,
            second_ring,
            delay: Vec::new(),
            at: 0,
            end: None,
            gains: Vec::new(),
        };
        limiter.delay = vec![T::ZERO; channels * limiter.latency()];
        Ok(limiter)
    }

    /// Frames by which the output is late.
    pub fn latency(&self) -> usize {
        DELAY + self.rest.sizes.wait() + self.rest.sizes.latency()
    }

    /// The audio has ended: what comes now brings out what is still inside, and counts for silence.
    pub fn end(&mut self) {
        self.end.get_or_insert(self.at);
    }

    /// Limits a block of any length in place. What is not finite counts for 0.
    ///
    /// # Errors
    /// [`Error::BlockChannels`] or [`Error::BlockFrames`] for a block of another shape; nothing happens then.
    pub fn process(&mut self, audio: &mut [&mut [T]]) -> Result<(), Error> {
        let (frames, _) = check_block(&self.spec, audio, &[])?;
        let audio = &mut audio[..self.spec.inputs];
        sanitize(&self.spec, audio, &[]);
        self.gains.clear();
        self.gains.reserve(frames);
        for from in (0..frames).step_by(CHUNK) {
            let mut block = Block::new(audio, &[], from, frames.min(from + CHUNK));
            dispatch!(self.spec.simd, s => self.chunk(s, &mut block));
        }
        Ok(())
    }

    /// The gain of each frame of the latest block, from 0 to 1.
    pub fn gains(&self) -> &[T] {
        &self.gains
    }

    /// At most [`CHUNK`] frames.
    #[inline(always)]
    fn chunk<S: Simd>(&mut self, simd: S, block: &mut Block<'_, '_, T>) {
        let frames = block.frames();
        let place = Place { at: self.at, since_end: self.end.map(|end| self.at - end) };
        let (windows, before) = (&mut self.windows[..], &mut self.before[..]);
        let peaks = Together { detector: &self.detector, windows, before }.peaks(
            simd,
            place,
            self.ceilings[0],
            block,
        );
        let mut gains = [UNITY; CHUNK];
        allow(&self.ceilings, &peaks, &mut gains);
        let gains = &mut gains[..frames];
        let mut by_peaks = [UNITY; CHUNK];
        by_peaks[..frames].copy_from_slice(gains);
        SlidingMinimum::new(&mut self.minimum, self.look_ahead + 1 + 2 * GUARD).run(gains, self.at);
        for gain in gains.iter_mut() {
            *gain = self.smooth(*gain);
        }
        let mut sums = [0; CHUNK];
        let sums = &mut sums[..frames];
        self.boxes.run(&mut self.first_ring, &mut self.second_ring, gains, sums, self.at);
        let whole = self.boxes.whole();
        let mut whole_gains = [1.0; CHUNK];
        whole_gains.iter_mut().zip(&*sums).for_each(|(gain, sum)| *gain = *sum as f64 / whole);
        self.rest.run(&mut by_peaks[..frames], &mut whole_gains[..frames], self.at);
        let first = self.gains.len();
        self.gains.extend(whole_gains[..frames].iter().map(|gain| T::from_f64(*gain)));
        let latency = self.latency();
        let position = (self.at % latency as u64) as usize;
        for (channel, ring) in self.delay.chunks_exact_mut(latency).enumerate() {
            delay_line::wait(ring, position, block.channel(channel));
            for (sample, gain) in block.channel(channel).iter_mut().zip(&self.gains[first..]) {
                *sample *= *gain;
            }
        }
        self.at += frames as u64;
    }

    /// The smoothest gain under what is allowed, in its range: in logarithms, and late.
    #[inline(always)]
    fn smooth(&mut self, allowed: u32) -> u32 {
        if allowed != self.latest.0 {
            let bound = libm::log2(f64::from(allowed) / f64::from(UNITY));
            let least = -SMOOTH_RANGE_DB / DECIBELS_PER_OCTAVE;
            self.latest = (allowed, if bound > least { bound } else { least });
        }
        match self.smoothest.next(self.latest.1) {
            0.0 => UNITY,
            course => nearest(libm::exp2(course) * f64::from(UNITY)),
        }
    }
}

/// The gain for what is deeper, with its words.
#[derive(Clone, Debug)]
struct Rest {
    sizes: rest_gain::Sizes,
    boxes: BoxStack,
    allowed: Vec<u32>,
    slow: Vec<f64>,
    minimum: Vec<u32>,
    first_ring: Vec<u32>,
    second_ring: Vec<u64>,
}

impl Rest {
    fn new(sample_rate: f64, wait: usize) -> Self {
        let look_ahead = rest_gain::Sizes::look_ahead(REST_SECONDS, sample_rate, usize::MAX);
        let sizes = rest_gain::Sizes::new(look_ahead, GUARD, wait);
        let (first, second) = sizes.rings();
        let (mut first_ring, mut second_ring) = (vec![0; first], vec![0; second]);
        let boxes = BoxStack::new(look_ahead, &mut first_ring, &mut second_ring);
        let (allowed, slow) = (vec![UNITY; wait], vec![1.0; sizes.latency()]);
        Self { sizes, boxes, allowed, slow, minimum: vec![UNITY; sizes.minimum()], first_ring, second_ring }
    }

    #[inline(always)]
    fn run(&mut self, allowed: &mut [u32], gains: &mut [f64], at: u64) {
        let Self { sizes, boxes, allowed: waiting, slow, minimum, first_ring, second_ring } = self;
        let mut gain = RestGain { boxes, allowed: waiting, slow, minimum, first_ring, second_ring };
        gain.run(sizes, allowed, gains, at);
    }
}
