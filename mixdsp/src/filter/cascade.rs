//! Eight sections at once: a skewed pipeline.
//!
//! Lane k of the vectors runs section k, two frames behind lane k - 1:
//!
//! ```text
//! step t:   lane 0 works on frame t, lane 1 on frame t - 2, ... lane 7 on frame t - 14
//!           each lane's input is what the lane before it gave two steps ago
//! ```
//!
//! Two steps of distance take the shift between lanes off the critical path. The pipeline is filled and
//! drained at every call: lanes whose frame lies outside the call keep their state, so nothing is late
//! and the bits do not depend on how the audio was cut. Sections without effect pass their input on.

use super::svf::{COEFFICIENTS, step};
use crate::audio::Block;
use crate::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Sections side by side.
pub(crate) const SECTIONS: usize = 8;
/// Steps between neighbouring lanes.
pub(super) const SKEW: usize = 2;
/// Steps from a frame's entry to its exit.
pub(super) const DEPTH: usize = SKEW * (SECTIONS - 1);

/// Runs up to eight sections over all frames of the first `channels` channels, in place.
///
/// `coefficients[i][k]` is coefficient `i` of the section in lane `k`; lanes beyond `sections` must pass
/// everything on. `s1` and `s2` of section `n` in channel `c` stand at `state[c * stride + 2 n]`.
#[inline(always)]
pub(crate) fn sections_at_once<S: Simd, T: Sample>(
    simd: S,
    coefficients: &[[T; SECTIONS]; COEFFICIENTS],
    state: &mut [T],
    stride: usize,
    sections: &[u32],
    channels: usize,
    block: &mut Block<'_, '_, T>,
) {
    let mut first = 0;
    while first < channels {
        let state = &mut state[first * stride..];
        if channels - first >= 2 {
            run::<S, T, 2>(simd, coefficients, state, stride, sections, first, block);
            first += 2;
        } else {
            run::<S, T, 1>(simd, coefficients, state, stride, sections, first, block);
            first += 1;
        }
    }
}

/// One channel on its way through the lanes.
pub(super) struct Pipeline<V> {
    pub(super) s1: V,
    pub(super) s2: V,
    /// What the lanes gave in the last steps, the oldest first.
    given: [V; SKEW],
}

impl<V> Pipeline<V> {
    #[inline(always)]
    pub(super) fn load<S: Simd>(simd: S, state: &[V::Element], sections: &[u32]) -> Self
    where
        V: SimdFloat<S>,
    {
        let zero = V::splat(simd, V::Element::default());
        let mut pipe = Self { s1: zero, s2: zero, given: [zero; SKEW] };
        for (lane, section) in sections.iter().enumerate().take(SECTIONS) {
            pipe.s1[lane] = state[2 * *section as usize];
            pipe.s2[lane] = state[2 * *section as usize + 1];
        }
        pipe
    }

    #[inline(always)]
    pub(super) fn store<S: Simd>(&self, state: &mut [V::Element], sections: &[u32])
    where
        V: SimdFloat<S>,
    {
        for (lane, section) in sections.iter().enumerate().take(SECTIONS) {
            state[2 * *section as usize] = self.s1[lane];
            state[2 * *section as usize + 1] = self.s2[lane];
        }
    }

    /// What the lanes get in this step: `x` at lane 0, at the others what came before them two steps ago.
    #[inline(always)]
    pub(super) fn take<S: Simd>(&self, simd: S, x: V::Element) -> V
    where
        V: SimdFloat<S>,
    {
        V::splat(simd, x).slide::<{ SECTIONS - 1 }>(self.given[0])
    }

    /// Keeps what the lanes gave in this step; returns what leaves at the last one.
    #[inline(always)]
    pub(super) fn give<S: Simd>(&mut self, y: V) -> V::Element
    where
        V: SimdFloat<S>,
    {
        self.given = [self.given[1], y];
        y[SECTIONS - 1]
    }

    /// One step: `x` enters at lane 0; returns what leaves at the last lane.
    #[inline(always)]
    fn advance<S: Simd>(&mut self, simd: S, c: &[V; COEFFICIENTS], x: V::Element) -> V::Element
    where
        V: SimdFloat<S>,
    {
        let x = self.take(simd, x);
        let y = step(c, &mut self.s1, &mut self.s2, x);
        self.give(y)
    }

    /// The same while filling or draining: the lanes outside `works` keep their state.
    #[inline(always)]
    fn advance_some<S: Simd>(
        &mut self,
        simd: S,
        c: &[V; COEFFICIENTS],
        x: V::Element,
        works: u64,
    ) -> V::Element
    where
        V: SimdFloat<S>,
    {
        let (s1, s2) = (self.s1, self.s2);
        let y = self.advance(simd, c, x);
        let works = V::Mask::from_bitmask(simd, works);
        self.s1 = works.select(self.s1, s1);
        self.s2 = works.select(self.s2, s2);
        y
    }
}

/// The same for `N` channels from `first` on; two run in each other's shadow.
#[inline(always)]
fn run<S: Simd, T: Sample, const N: usize>(
    simd: S,
    coefficients: &[[T; SECTIONS]; COEFFICIENTS],
    state: &mut [T],
    stride: usize,
    sections: &[u32],
    first: usize,
    block: &mut Block<'_, '_, T>,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let c: [T::Lanes8<S>; COEFFICIENTS] =
                core::array::from_fn(|i| T::Lanes8::<S>::from_slice(simd, &coefficients[i]));
            let frames = block.frames();
            let audio = block.channels_from::<N>(first).map(|channel| &mut channel[..frames]);
            let mut pipes: [Pipeline<T::Lanes8<S>>; N] =
                core::array::from_fn(|n| Pipeline::load(simd, &state[n * stride..], sections));
            // Lane k works at step t when frame t - SKEW k is one of ours: the lanes up to the first bound
            // without those up to the second.
            let up_to = |steps: usize| (2u64 << (steps / SKEW)) - 1;
            let works = |t: usize| up_to(t.min(DEPTH)) & !if t < frames { 0 } else { up_to(t - frames) };
            for t in 0..DEPTH.min(frames) {
                for (pipe, audio) in pipes.iter_mut().zip(&audio) {
                    pipe.advance_some(simd, &c, audio[t], works(t));
                }
            }
            for t in DEPTH..frames {
                for n in 0..N {
                    audio[n][t - DEPTH] = pipes[n].advance(simd, &c, audio[n][t]);
                }
            }
            for t in frames..frames + DEPTH {
                for n in 0..N {
                    let y = pipes[n].advance_some(simd, &c, T::ZERO, works(t));
                    if t >= DEPTH {
                        audio[n][t - DEPTH] = y;
                    }
                }
            }
            for (n, pipe) in pipes.iter().enumerate() {
                pipe.store(&mut state[n * stride..], sections);
            }
        },
    )
}
