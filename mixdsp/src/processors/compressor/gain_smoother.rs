//! From the reductions that the curve asks for to those that happen, and to factors.
//!
//! ```text
//! asked --> largest of the hold --> largest ahead --> attack, release --> window --> factor
//! ```
//!
//! With feedback, attack and release are shorter the steeper the curve is at that reduction; with auto release a slow
//! stage holds what has lasted (`dsp::envelope::ballistics`).
//!
//! State: `ballistics`, the factors of attack and release; `slow`, those of the slow stage; `boxes`, the sums of each
//! channel's window; `at`, frames since reset.

use super::memory::{Memory, Sizes};
use super::smoothed_params::SmoothedParams;
use crate::base::math::FastMath;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::base::spec::MAX_CHANNELS;
use crate::base::units::DECIBELS_PER_OCTAVE;
use crate::dsp::dynamics::fixed_gain::{FixedGain, GROUP, PER_DECIBEL, to_decibels, to_fixed};
use crate::dsp::envelope::ballistics::{Ballistics, Memory as BallisticsMemory, SlowStage, Varied};
use crate::dsp::envelope::{BoxStack, SlidingMinimum, UNITY, larger, minimum_words, nearest};
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;

/// Hold, look-ahead, attack and release of every channel.
#[derive(Debug)]
pub(super) struct GainSmoother {
    pub(super) ballistics: Ballistics,
    pub(super) slow: SlowStage,
    /// Whether what is listened to is what is turned down, so that there may be feedback.
    pub(super) own: bool,
    boxes: [BoxStack; MAX_CHANNELS],
    sizes: Sizes,
    simd: SimdLevel,
    pub(super) at: u64,
}

impl GainSmoother {
    /// At unity.
    pub(super) fn new<T: Sample>(
        (sizes, simd): (Sizes, SimdLevel),
        (ballistics, slow): (Ballistics, SlowStage),
        memory: &mut Memory<'_, T>,
    ) -> Self {
        let (first, second) = BoxStack::lengths(sizes.lookahead);
        let mut boxes = [BoxStack::new(sizes.lookahead, &mut [], &mut []); MAX_CHANNELS];
        let rings = memory.first.chunks_exact_mut(first).zip(memory.second.chunks_exact_mut(second));
        for (boxes, (first, second)) in boxes.iter_mut().zip(rings) {
            *boxes = BoxStack::new(sizes.lookahead, first, second);
        }
        SlidingMinimum::clear(memory.held);
        SlidingMinimum::clear(memory.ahead);
        Self { ballistics, slow, own: true, boxes, sizes, simd, at: 0 }
    }

    /// Gives every channel the first one's state.
    pub(super) fn part<T: Sample>(&mut self, memory: &mut Memory<'_, T>) {
        let channels = self.sizes.channels;
        repeat_first(memory.held, channels);
        repeat_first(memory.ahead, channels);
        repeat_first(memory.first, channels);
        repeat_first(memory.second, channels);
        repeat_first(memory.ballistics, channels);
        repeat_first(memory.slow, channels);
        self.boxes = [self.boxes[0]; MAX_CHANNELS];
    }

    /// Turns the reductions that are asked for on `N` channels from `first` on, one or two, into factors.
    /// Raises `largest_db` to the reductions in decibels.
    #[inline(always)]
    pub(super) fn run<S: Simd, T: Sample, const N: usize>(
        &mut self,
        simd: S,
        params: &SmoothedParams,
        memory: &mut Memory<'_, T>,
        first: usize,
        (asked, count): (&mut [FixedGain; N], usize),
        (factors, largest_db): (&mut [[T; CHUNK]; N], &mut [f64; CHUNK]),
    ) {
        for (lane, asked) in asked.iter_mut().enumerate() {
            self.hold(simd, params, memory, first + lane, &mut asked[..count]);
        }
        for group in 0..count.min(CHUNK).div_ceil(GROUP) {
            let from = group * GROUP;
            let frames = (count - from).min(GROUP);
            let mut reductions = [[0.0; GROUP]; N];
            for lane in 0..N {
                for i in 0..GROUP {
                    reductions[lane][i] = to_decibels(asked[lane][from + i]);
                }
            }
            if !params.uniform.fixed_times {
                let states = (&mut memory.ballistics[first..], &mut memory.slow[first..]);
                self.run_varied(params, states, (from, frames), &mut reductions);
            } else if let Some(states) = memory.ballistics[first..].first_chunk_mut::<N>() {
                if frames == GROUP {
                    self.ballistics.run(simd, states, &mut reductions, GROUP);
                } else {
                    self.ballistics.run_some(simd, states, &mut reductions, frames);
                }
            }
            if self.sizes.lookahead > 0 {
                for (lane, reductions) in reductions.iter_mut().enumerate() {
                    self.window(memory, first + lane, self.at + from as u64, reductions, frames);
                }
            }
            for lane in 0..N {
                for i in 0..GROUP {
                    let gain = FastMath::exp2(reductions[lane][i] * (-1.0 / DECIBELS_PER_OCTAVE));
                    factors[lane][from + i] = T::from_f64(params.dry[from + i] + params.wet[from + i] * gain);
                }
            }
            for lane in &reductions {
                for i in 0..GROUP {
                    largest_db[from + i] = larger(largest_db[from + i], lane[i]);
                }
            }
        }
    }

    /// Attack and release with feedback or auto release, of one channel or two. It is compiled once, for all samples.
    #[inline(never)]
    fn run_varied(
        &self,
        params: &SmoothedParams,
        (states, slow): (&mut [BallisticsMemory], &mut [f64]),
        (from, frames): (usize, usize),
        reductions: &mut [[f64; GROUP]],
    ) {
        let last = reductions.len() - 1;
        let mut both = [reductions[0], reductions[last]];
        let mut memory = [states[0], states[last]];
        let mut slows = [slow[0], slow[last]];
        let mut varied = Varied { slopes: [[0.0; GROUP]; 2], auto_release: [0.0; GROUP] };
        varied.auto_release.copy_from_slice(&params.auto_release[from..from + GROUP]);
        for (lane, slopes) in varied.slopes.iter_mut().enumerate().filter(|_| self.own) {
            for (i, slope) in slopes.iter_mut().enumerate() {
                *slope = params.feedback[from + i] * params.slope_at(from + i, both[lane][i]);
            }
        }
        let (ballistics, stage) = (&self.ballistics, &self.slow);
        dispatch!(self.simd, s => {
            ballistics.run_varied(s, &varied, stage, (&mut memory, &mut slows), &mut both, frames);
        });
        for lane in 0..=last {
            (reductions[lane], states[lane], slow[lane]) = (both[lane], memory[lane], slows[lane]);
        }
    }

    /// The largest reductions of the hold and ahead.
    #[inline(always)]
    fn hold<S: Simd, T: Sample>(
        &self,
        simd: S,
        params: &SmoothedParams,
        memory: &mut Memory<'_, T>,
        channel: usize,
        asked: &mut [u32],
    ) {
        let Sizes { lookahead, hold, .. } = self.sizes;
        if hold > 0 {
            if params.uniform.held {
                largest_of(simd, memory.held, channel, hold, asked, self.at);
            } else {
                let mut own = [UNITY; CHUNK];
                own[..asked.len()].copy_from_slice(asked);
                largest_of(simd, memory.held, channel, hold, asked, self.at);
                share(&own, &params.hold, asked);
            }
        }
        if lookahead > 0 {
            largest_of(simd, memory.ahead, channel, lookahead, asked, self.at);
        }
    }

    /// Moves reductions in the window of the look-ahead. `at` counts the frames before these.
    #[inline(never)]
    fn window<T: Sample>(
        &mut self,
        memory: &mut Memory<'_, T>,
        channel: usize,
        at: u64,
        reductions: &mut [f64; GROUP],
        frames: usize,
    ) {
        let (first, second) = BoxStack::lengths(self.sizes.lookahead);
        let fixed = to_fixed(reductions);
        let mut sums = [0; GROUP];
        let first = &mut memory.first[channel * first..][..first];
        let second = &mut memory.second[channel * second..][..second];
        let boxes = &mut self.boxes[channel];
        boxes.run(first, second, &fixed[..frames], &mut sums[..frames], at);
        let scale = UNITY as f64 / boxes.whole();
        for (reduction, sum) in reductions.iter_mut().zip(sums) {
            *reduction = (UNITY as f64 - sum as f64 * scale) * (1.0 / PER_DECIBEL);
        }
    }
}

/// Replaces each reduction of a channel by the largest of it and so many frames before. A function of its own: it is long,
/// and used in several places.
#[inline(never)]
fn largest_of<S: Simd>(simd: S, all: &mut [u32], channel: usize, before: usize, asked: &mut [u32], at: u64) {
    simd.vectorize(
        #[inline(always)]
        || {
            let words = minimum_words(before + 1);
            SlidingMinimum::new(&mut all[channel * words..][..words], before + 1).run(asked, at);
        },
    );
}

/// Draws what is held towards what is asked by itself: exactly what is held at a share of 1, exactly its own at 0.
fn share(own: &[u32; CHUNK], shares: &[f64; CHUNK], held: &mut [u32]) {
    for ((held, own), share) in held.iter_mut().zip(own).zip(shares) {
        *held = nearest(*own as f64 * (1.0 - share) + *held as f64 * share);
    }
}

/// The first part of `values`, of as many equal parts as channels, in every other.
fn repeat_first<E: Copy>(values: &mut [E], channels: usize) {
    let length = values.len() / channels.max(1);
    for channel in 1..channels {
        values.copy_within(..length, channel * length);
    }
}
