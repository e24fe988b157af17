//! From the reductions that the curve asks for to those that happen, and to factors.
//!
//! ```text
//! asked --> largest of the hold --> largest ahead --> attack, release --> window --> factor
//! ```
//!
//! The largest reduction is the smallest whole number.

use super::course::Course;
use super::detector::DECIBELS_PER_OCTAVE;
use super::{CompressorCore, Lengths, Memory};
use crate::base::math::FastMath;
use crate::base::sample::Sample;
use crate::dsp::envelope::{Boxes, SlidingMinimum, UNITY, minimum_words, nearest, smaller};
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;

/// Whole numbers per decibel of reduction: up to 128 dB fit below unity.
const PER_DECIBEL: f64 = (1 << 23) as f64;
/// Largest reduction: the whole number 0 is not reached.
const LARGEST_DB: f64 = 127.0;

/// Reductions of some frames as whole numbers below unity.
pub(super) type Whole = [u32; CHUNK];

/// Frames that are worked on at a time: a number that the compiler knows needs no rest beside the vectors, and
/// while one group's recursion waits for itself, the factors of the group before are computed.
pub(super) const GROUP: usize = 16;

/// Reductions in decibels, 0 or more, as whole numbers.
#[inline(always)]
pub(super) fn to_whole<const N: usize>(reductions: &[f64; N]) -> [u32; N] {
    let mut whole = [UNITY; N];
    for f in 0..N {
        whole[f] = UNITY - nearest(smaller(reductions[f], LARGEST_DB) * PER_DECIBEL);
    }
    whole
}

#[inline(always)]
fn to_decibels(whole: u32) -> f64 {
    // By way of i32, which vectors can convert.
    (UNITY - whole) as i32 as f64 * (1.0 / PER_DECIBEL)
}

impl CompressorCore {
    /// Turns the reductions that are asked for on `N` channels from `first` on, one or two, into factors.
    /// Returns them and the largest reduction of the last frame, in decibels.
    #[inline(always)]
    pub(super) fn shape<S: Simd, T: Sample, const N: usize>(
        &mut self,
        simd: S,
        course: &Course,
        memory: &mut Memory<'_, T>,
        first: usize,
        mut asked: [Whole; N],
        count: usize,
    ) -> ([[T; CHUNK]; N], f64) {
        for (lane, asked) in asked.iter_mut().enumerate() {
            self.hold(course, memory, first + lane, &mut asked[..count]);
        }
        let mut factors = [[T::ONE; CHUNK]; N];
        let mut last = 0.0;
        for group in 0..count.min(CHUNK).div_ceil(GROUP) {
            let from = group * GROUP;
            let frames = (count - from).min(GROUP);
            let mut reductions = [[0.0; GROUP]; N];
            for lane in 0..N {
                for i in 0..GROUP {
                    reductions[lane][i] = to_decibels(asked[lane][from + i]);
                }
            }
            if let Some(states) = memory.ballistics[first..].first_chunk_mut::<N>() {
                if frames == GROUP {
                    self.ballistics.run(simd, states, reductions.each_mut().map(|lane| &mut lane[..]));
                } else {
                    self.ballistics.run(simd, states, reductions.each_mut().map(|lane| &mut lane[..frames]));
                }
            }
            if self.lengths.lookahead > 0 {
                for (lane, reductions) in reductions.iter_mut().enumerate() {
                    self.window(memory, first + lane, self.at + from as u64, reductions, frames);
                }
            }
            for lane in 0..N {
                for i in 0..GROUP {
                    let gain = FastMath::exp2(reductions[lane][i] * (-1.0 / DECIBELS_PER_OCTAVE));
                    factors[lane][from + i] = T::from_f64(course.dry[from + i] + course.wet[from + i] * gain);
                }
            }
            last = reductions.iter().map(|lane| lane[frames - 1]).fold(0.0, f64::max);
        }
        (factors, last)
    }

    /// The largest reductions of the hold and ahead.
    #[inline(always)]
    fn hold<T: Sample>(
        &self,
        course: &Course,
        memory: &mut Memory<'_, T>,
        channel: usize,
        whole: &mut [u32],
    ) {
        let Lengths { lookahead, hold } = self.lengths;
        if hold > 0 {
            let mut own = [UNITY; CHUNK];
            if !course.uniform.held {
                own.iter_mut().zip(&*whole).for_each(|(own, whole)| *own = *whole);
            }
            let words = minimum_words(hold + 1);
            let held = &mut memory.held[channel * words..][..words];
            SlidingMinimum::new(held, hold + 1).run(whole, self.at);
            if !course.uniform.held {
                for ((whole, own), share) in whole.iter_mut().zip(&own).zip(&course.hold) {
                    // Exactly what is held at 1, exactly its own at 0.
                    *whole = nearest(*own as f64 * (1.0 - share) + *whole as f64 * share);
                }
            }
        }
        if lookahead > 0 {
            let words = minimum_words(lookahead + 1);
            let ahead = &mut memory.ahead[channel * words..][..words];
            SlidingMinimum::new(ahead, lookahead + 1).run(whole, self.at);
        }
    }

    /// Moves reductions in the window of the look-ahead. `at` counts the frames before these.
    #[inline(always)]
    fn window<T: Sample>(
        &mut self,
        memory: &mut Memory<'_, T>,
        channel: usize,
        at: u64,
        reductions: &mut [f64; GROUP],
        frames: usize,
    ) {
        let (first, second) = Boxes::lengths(self.lengths.lookahead);
        let whole = to_whole(reductions);
        let mut sums = [0; GROUP];
        let first = &mut memory.first[channel * first..][..first];
        let second = &mut memory.second[channel * second..][..second];
        let boxes = &mut self.boxes[channel];
        boxes.run(first, second, &whole[..frames], &mut sums[..frames], at);
        let scale = UNITY as f64 / boxes.whole();
        for (reduction, sum) in reductions.iter_mut().zip(sums) {
            *reduction = (UNITY as f64 - sum as f64 * scale) * (1.0 / PER_DECIBEL);
        }
    }
}
