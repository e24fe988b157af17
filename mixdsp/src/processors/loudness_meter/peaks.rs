//! Floor 5: what one channel's samples tell apart from loudness: peaks with their places, mean, mean square, clipping.

use crate::base::memory::plain;
use crate::base::sample::Sample;
use crate::dsp::true_peak::{DELAY, FINE_GAIN, HISTORY, INTERVALS, ITU_GAIN, Itu, Sparing, WINDOW, Wanted};
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// A sample at or over this is clipped: full scale of 16 bits, which is under that of more bits.
const CLIPPED: f64 = 32_767.0 / 32_768.0;
/// So many clipped samples side by side are a run; a single one may be a peak that just arrived there.
const RUN: u64 = 2;
/// No place yet.
pub(crate) const NOWHERE: u64 = u64::MAX;

plain! {
    /// What a channel's samples add up to.
    pub(crate) struct ChannelPeaks {
        /// Largest magnitude of a sample, and the frame where it first was.
        pub(crate) sample: f64,
        pub(crate) sample_frame: u64,
        /// The same with what lies between the samples. The frame is the one before.
        pub(crate) between: f64,
        pub(crate) between_frame: u64,
        /// Largest true peak since it was taken last.
        pub(crate) recent: f64,
        /// Sums of samples and squares, by frame modulo 4.
        pub(crate) sum: [f64; 4],
        pub(crate) squares: [f64; 4],
        /// Clipped samples side by side at the end of what was heard.
        pub(crate) clipped: u64,
        /// Runs of clipped samples, samples of the longest, and the frame where the first began.
        pub(crate) runs: u64,
        pub(crate) longest_run: u64,
        pub(crate) first_run: u64,
        /// Whether the last interval was over full scale.
        pub(crate) is_over: u64,
        /// Passages between samples over full scale, and the frame before the first.
        pub(crate) overs: u64,
        pub(crate) first_over: u64,
    }
}

impl ChannelPeaks {
    pub(crate) const NONE: Self = Self {
        sample: 0.0,
        sample_frame: NOWHERE,
        between: 0.0,
        between_frame: NOWHERE,
        recent: 0.0,
        sum: [0.0; 4],
        squares: [0.0; 4],
        clipped: 0,
        runs: 0,
        longest_run: 0,
        first_run: NOWHERE,
        is_over: 0,
        overs: 0,
        first_over: NOWHERE,
    };

    /// Largest magnitude of the waveform, and the frame at or before it.
    pub(crate) fn true_peak(&self) -> (f64, u64) {
        if self.between > self.sample {
            (self.between, self.between_frame)
        } else {
            (self.sample, self.sample_frame)
        }
    }

    /// The same, as if it had been heard at another rate, of `ratio` times as many frames.
    pub(crate) fn at_rate(&self, ratio: f64) -> Self {
        if ratio == 1.0 {
            return *self;
        }
        let place =
            |frame: u64| if frame == NOWHERE { NOWHERE } else { libm::round(frame as f64 * ratio) as u64 };
        Self {
            sample_frame: place(self.sample_frame),
            between_frame: place(self.between_frame),
            sum: self.sum.map(|sum| sum * ratio),
            squares: self.squares.map(|sum| sum * ratio),
            first_run: place(self.first_run),
            first_over: place(self.first_over),
            ..*self
        }
    }

    /// Adds what another meter heard; its frames come `shift` later.
    pub(crate) fn merge(&mut self, other: &Self, shift: impl Fn(u64) -> u64) {
        let place = |frame: u64| if frame == NOWHERE { NOWHERE } else { shift(frame) };
        if other.sample > self.sample {
            (self.sample, self.sample_frame) = (other.sample, place(other.sample_frame));
        }
        if other.between > self.between {
            (self.between, self.between_frame) = (other.between, place(other.between_frame));
        }
        for lane in 0..4 {
            self.sum[lane] += other.sum[lane];
            self.squares[lane] += other.squares[lane];
        }
        self.runs = self.runs.saturating_add(other.runs);
        self.longest_run = self.longest_run.max(other.longest_run);
        self.first_run = self.first_run.min(place(other.first_run));
        self.overs = self.overs.saturating_add(other.overs);
        self.first_over = self.first_over.min(place(other.first_over));
    }
}

/// Where a part of the audio lies, and which of it counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Frame of its first sample, as it is reported.
    pub(crate) frame: u64,
    /// Frames that were counted before it.
    pub(crate) counted: u64,
    /// Whether it counts; otherwise only the recent peak goes on.
    pub(crate) counts: bool,
    /// Intervals that lie where nothing counted, a bit each; bit 0 is the one that the first sample completes.
    pub(crate) skips: u64,
    /// Whether intervals count that are not skipped.
    pub(crate) hears: bool,
}

impl ChannelPeaks {
    /// Looks at the magnitude of samples, at most [`INTERVALS`] of them.
    #[inline(always)]
    pub(crate) fn samples<S: Simd, T: Sample>(&mut self, simd: S, samples: &[T], at: Part) {
        let peak = largest(simd, samples).to_f64();
        self.recent = self.recent.max(peak);
        if at.counts && peak > self.sample {
            self.sample = peak;
            self.sample_frame = at.frame + first(samples.iter().map(|x| x.abs().to_f64()), peak);
        }
    }

    /// Adds up mean and mean square, and looks for clipped runs.
    #[inline(always)]
    pub(crate) fn statistics<S: Simd, T: Sample>(&mut self, simd: S, samples: &[T], at: Part) {
        // Four sums by frame modulo 4, whatever the cut: samples that are not here count as 0.
        let phase = (at.counted % 4) as usize;
        let mut padded = [0.0; INTERVALS + 8];
        for (padded, sample) in padded[phase..].iter_mut().zip(samples) {
            *padded = sample.to_f64();
        }
        for four in padded[..(phase + samples.len()).next_multiple_of(4)].chunks_exact(4) {
            for lane in 0..4 {
                self.sum[lane] += four[lane];
                self.squares[lane] += four[lane] * four[lane];
            }
        }
        if self.clipped == 0 && largest(simd, samples).to_f64() < CLIPPED {
            return;
        }
        for (i, sample) in samples.iter().enumerate() {
            if sample.abs().to_f64() < CLIPPED {
                self.clipped = 0;
                continue;
            }
            self.clipped += 1;
            if self.clipped == RUN {
                self.runs += 1;
                self.first_run = self.first_run.min((at.frame + i as u64 + 1).saturating_sub(RUN));
            }
            if self.clipped >= RUN {
                self.longest_run = self.longest_run.max(self.clipped);
            }
        }
    }

    /// Looks at the intervals that the newest samples of the window complete.
    #[inline(always)]
    pub(crate) fn intervals<S: Simd, T: Sample>(
        &mut self,
        simd: S,
        kernel: &Interpolation<T>,
        window: &[T; WINDOW],
        count: usize,
        at: Part,
        statistics: bool,
    ) {
        // What cannot change anything that is reported need not be computed.
        let known = self.between.max(self.sample);
        let all = u64::MAX >> (INTERVALS - count);
        let skips = if at.hears { at.skips & all } else { all };
        let counts = skips != all;
        let matters = match (statistics, counts) {
            (true, true) => known.min(self.recent).min(1.0),
            // A passage over full scale that began while nothing counts is not one that begins later.
            (true, false) => self.recent.min(1.0),
            (false, true) => known,
            (false, false) => return,
        };
        let loudest = largest(simd, &window[..HISTORY + count]).to_f64();
        if loudest * kernel.gain() <= matters {
            self.is_over = 0;
            return;
        }
        let mut out = [T::ZERO; INTERVALS];
        match kernel {
            Interpolation::Off => return,
            Interpolation::Itu(itu) => itu.peaks(simd, window, count, &mut out),
            Interpolation::Fine(fine) => {
                // Over full scale, how high does not matter to the count of overs, but that it is.
                // What is skipped must not hide what counts.
                let top = if statistics { 1.0 } else { f64::INFINITY };
                let top = if counts && skips != 0 { matters } else { top };
                fine.peaks(simd, window, count, Wanted { largest: loudest, least: matters, top }, &mut out);
            }
        }
        let out = &mut out[..count];
        let highest = largest(simd, out).to_f64();
        self.recent = self.recent.max(highest);
        let frame = |i: u64| (at.frame + i).saturating_sub(DELAY as u64);
        if statistics && (highest > 1.0 || self.is_over != 0) {
            self.count_overs(out, skips, frame);
        }
        if !counts {
            return;
        }
        let mut peak = highest;
        if skips != 0 {
            for (_, value) in out.iter_mut().enumerate().filter(|(i, _)| skips >> i & 1 != 0) {
                *value = T::ZERO;
            }
            peak = largest(simd, out).to_f64();
        }
        if peak > self.between {
            self.between = peak;
            self.between_frame = frame(first(out.iter().map(|x| x.to_f64()), peak));
        }
    }

    /// Counts passages over full scale that begin where it counts.
    fn count_overs<T: Sample>(&mut self, intervals: &[T], skips: u64, frame: impl Fn(u64) -> u64) {
        for (i, value) in intervals.iter().enumerate() {
            let is_over = value.to_f64() > 1.0;
            if is_over && self.is_over == 0 && skips >> i & 1 == 0 {
                self.overs += 1;
                self.first_over = self.first_over.min(frame(i as u64));
            }
            self.is_over = is_over as u64;
        }
    }
}

/// Which kernel looks between the samples.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Interpolation<T> {
    Off,
    Itu(Itu<T>),
    Fine(Sparing<T>),
}

impl<T> Interpolation<T> {
    /// Bound of the output for samples within ±1, with room for rounding.
    fn gain(&self) -> f64 {
        match self {
            Self::Off => 0.0,
            Self::Itu(_) => ITU_GAIN * 1.0001,
            Self::Fine(_) => FINE_GAIN * 1.0001,
        }
    }
}

/// Where the peak first is.
fn first(mut values: impl Iterator<Item = f64>, peak: f64) -> u64 {
    values.position(|value| value == peak).unwrap_or(0) as u64
}

/// Largest magnitude.
#[inline(always)]
pub(crate) fn largest<S: Simd, T: Sample>(simd: S, samples: &[T]) -> T {
    let lanes = T::Native::<S>::LEN;
    let mut largest = T::Native::<S>::splat(simd, T::ZERO);
    let whole = samples.chunks_exact(lanes);
    let rest = whole.remainder();
    for samples in whole {
        largest = largest.max(T::Native::<S>::from_slice(simd, samples).abs());
    }
    rest.iter().fold(largest.reduce_max(), |a, x| if x.abs() > a { x.abs() } else { a })
}
