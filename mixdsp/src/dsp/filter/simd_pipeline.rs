//! Floor 4: four or eight sections of two channels at once, as a skewed pipeline.
//!
//! A vector holds four sections of both channels, the last section first, so that what a lane gives goes to the
//! lane before it. Section k works two frames behind section k - 1:
//!
//! ```text
//!            one channel                the other
//! lane       0    1    2    3           4    5    6    7
//! section    3    2    1    0           3    2    1    0
//! frame    t-6  t-4  t-2    t         t-6  t-4  t-2    t       at step t
//! ```
//!
//! Two steps of distance take the shift between lanes off the critical path. The pipeline is filled and
//! drained at every call: lanes whose frame lies outside the call keep their state, so nothing is late
//! and the bits do not depend on how the audio was cut. Sections without effect pass their input on.
//!
//! What it computes is one section after the other; the tests compare it with just that, to the bit.
//!
//! State: `s1` and `s2` per section and channel, in the caller's words. In a call: a [`Quad`] per four sections.

use super::svf::{COEFFICIENTS, step};
use crate::base::audio::Block;
use crate::base::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Sections whose coefficients stand side by side.
pub(crate) const SECTIONS: usize = 8;
/// Sections in a vector, and frames that are loaded at once.
const QUAD: usize = 4;
/// Steps between neighbouring sections.
const SKEW: usize = 2;

/// Runs up to eight sections over all frames of the first `channels` channels, in place.
///
/// `coefficients[i][k]` is coefficient `i` of section `k`; places beyond `sections` must pass everything on.
/// `s1` and `s2` of section `n` in channel `c` stand at `state[c * stride + 2 n]`.
#[inline(always)]
pub(crate) fn run_sections<S: Simd, T: Sample>(
    simd: S,
    coefficients: &[[T; SECTIONS]; COEFFICIENTS],
    state: &mut [T],
    stride: usize,
    sections: &[u32],
    channels: usize,
    block: &mut Block<'_, '_, T>,
) {
    for first in (0..channels).step_by(2) {
        let state = &mut state[first * stride..];
        let (audio, count) = (block.channels_from(first), channels - first);
        if sections.len() > QUAD {
            run_quads::<S, T, 2>(simd, coefficients, state, stride, sections, count.min(2), audio);
        } else {
            run_quads::<S, T, 1>(simd, coefficients, state, stride, sections, count.min(2), audio);
        }
    }
}

/// The same for one channel or two, in `Q` vectors.
#[inline(always)]
fn run_quads<S: Simd, T: Sample, const Q: usize>(
    simd: S,
    coefficients: &[[T; SECTIONS]; COEFFICIENTS],
    state: &mut [T],
    stride: usize,
    sections: &[u32],
    channels: usize,
    audio: [&mut [T]; 2],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let c = quads::<S, T, COEFFICIENTS, Q>(simd, coefficients);
            run::<S, T, Q>(
                simd,
                state,
                stride,
                sections,
                channels,
                audio,
                #[inline(always)]
                |q, s1, s2, x| step(&c[q], s1, s2, x),
            );
        },
    )
}

/// Rows of values per section, as vectors that are the same for both channels.
#[inline(always)]
pub(super) fn quads<S: Simd, T: Sample, const ROWS: usize, const Q: usize>(
    simd: S,
    rows: &[[T; SECTIONS]; ROWS],
) -> [[T::Lanes8<S>; ROWS]; Q] {
    let mut quads = [[T::Lanes8::<S>::splat(simd, T::ZERO); ROWS]; Q];
    for q in 0..Q {
        for i in 0..ROWS {
            let half = T::Lanes4::<S>::from_fn(simd, |lane| rows[i][section_in(q, lane)]);
            quads[q][i] = half.combine(half);
        }
    }
    quads
}

/// The section in a lane of a quad.
#[inline(always)]
fn section_in(q: usize, lane: usize) -> usize {
    QUAD * q + QUAD - 1 - lane % QUAD
}

/// Each half moves down by a lane; the lowest lane of `new` takes the place that falls free.
#[inline(always)]
fn shift<S: Simd, T: Sample>(old: T::Lanes8<S>, new: T::Lanes8<S>) -> T::Lanes8<S> {
    let ((a, b), (c, d)) = (old.split(), new.split());
    a.slide::<1>(c).combine(b.slide::<1>(d))
}

/// Four sections of two channels.
#[derive(Clone, Copy)]
struct Quad<V> {
    s1: V,
    s2: V,
    /// What the lanes gave in the last two steps, the older first.
    given: [V; SKEW],
    /// How many frames the lanes are behind.
    behind: V,
}

/// Where the state of a lane stands; `None` when there is none.
#[inline(always)]
fn place(stride: usize, sections: &[u32], channels: usize, q: usize, lane: usize) -> Option<usize> {
    let channel = lane / QUAD;
    let section = *sections.get(section_in(q, lane)).filter(|_| channel < channels)?;
    Some(channel * stride + 2 * section as usize)
}

/// One step: what is in the lowest lane of each half of `x` enters; what leaves is there in the result.
#[inline(always)]
fn advance<S: Simd, T: Sample, const Q: usize>(
    quads: &mut [Quad<T::Lanes8<S>>; Q],
    x: T::Lanes8<S>,
    work: &impl Fn(usize, &mut T::Lanes8<S>, &mut T::Lanes8<S>, T::Lanes8<S>) -> T::Lanes8<S>,
) -> T::Lanes8<S> {
    let (mut next, mut y) = (x, x);
    for q in 0..Q {
        let quad = &mut quads[q];
        let [given, last] = quad.given;
        y = work(q, &mut quad.s1, &mut quad.s2, shift::<S, T>(given, next));
        quad.given = [last, y];
        next = given;
    }
    y
}

/// The same while filling or draining: the lanes that have no frame of ours keep their state.
#[inline(always)]
fn advance_some<S: Simd, T: Sample, const Q: usize>(
    simd: S,
    quads: &mut [Quad<T::Lanes8<S>>; Q],
    x: T::Lanes8<S>,
    t: usize,
    frames: usize,
    work: &impl Fn(usize, &mut T::Lanes8<S>, &mut T::Lanes8<S>, T::Lanes8<S>) -> T::Lanes8<S>,
) -> T::Lanes8<S> {
    let before = *quads;
    let y = advance::<S, T, Q>(quads, x, work);
    let now = T::Lanes8::<S>::splat(simd, T::from_f64(t as f64));
    let over = T::Lanes8::<S>::splat(simd, T::from_f64(t as f64 - frames as f64));
    for q in 0..Q {
        let (quad, Quad { s1, s2, behind, .. }) = (&mut quads[q], before[q]);
        let works = now.simd_ge(behind) & over.simd_lt(behind);
        quad.s1 = works.select(quad.s1, s1);
        quad.s2 = works.select(quad.s2, s2);
    }
    y
}

/// A frame of one channel or two, each in the lowest lane of its half; silence beyond the end.
#[inline(always)]
fn frame<S: Simd, T: Sample>(simd: S, audio: &[&mut [T]; 2], channels: usize, t: usize) -> T::Lanes8<S> {
    let mut x = T::Lanes8::<S>::splat(simd, T::ZERO);
    if t < audio[0].len() {
        for n in 0..channels {
            x[n * QUAD] = audio[n][t];
        }
    }
    x
}

/// Runs the steps `from..to`, at which every lane has a frame of ours, four at a time.
#[inline(always)]
fn run_full<S: Simd, T: Sample, const Q: usize>(
    simd: S,
    quads: &mut [Quad<T::Lanes8<S>>; Q],
    from: usize,
    to: usize,
    first: &mut [T],
    mut second: Option<&mut [T]>,
    work: &impl Fn(usize, &mut T::Lanes8<S>, &mut T::Lanes8<S>, T::Lanes8<S>) -> T::Lanes8<S>,
) {
    for t in (from..to).step_by(QUAD) {
        let a = T::Lanes4::<S>::from_slice(simd, &first[t..t + QUAD]);
        // A channel by itself is in both halves; the first has its state.
        let b = match &second {
            Some(second) => T::Lanes4::<S>::from_slice(simd, &second[t..t + QUAD]),
            None => a,
        };
        let mut x = a.combine(b);
        let mut y = x;
        for _ in 0..QUAD {
            y = shift::<S, T>(y, advance::<S, T, Q>(quads, x, work));
            x = shift::<S, T>(x, x);
        }
        let (a, b) = y.split();
        a.store_slice(&mut first[t - from..t - from + QUAD]);
        if let Some(second) = &mut second {
            b.store_slice(&mut second[t - from..t - from + QUAD]);
        }
    }
}

/// Runs `Q` quads over all frames (fewer than a million) of one channel or two, in place. `work` is one step of a
/// quad: its number, `s1`, `s2` and input make its output.
#[inline(always)]
pub(super) fn run<S: Simd, T: Sample, const Q: usize>(
    simd: S,
    state: &mut [T],
    stride: usize,
    sections: &[u32],
    channels: usize,
    mut audio: [&mut [T]; 2],
    work: impl Fn(usize, &mut T::Lanes8<S>, &mut T::Lanes8<S>, T::Lanes8<S>) -> T::Lanes8<S>,
) {
    let zero = T::Lanes8::<S>::splat(simd, T::ZERO);
    let mut quads = [Quad { s1: zero, s2: zero, given: [zero; SKEW], behind: zero }; Q];
    for q in 0..Q {
        let quad = &mut quads[q];
        for lane in 0..2 * QUAD {
            quad.behind[lane] = T::from_f64((SKEW * section_in(q, lane)) as f64);
            if let Some(place) = place(stride, sections, channels, q, lane) {
                (quad.s1[lane], quad.s2[lane]) = (state[place], state[place + 1]);
            }
        }
    }
    let depth = SKEW * (QUAD * Q - 1);
    let frames = audio[0].len();
    let whole = depth + frames.saturating_sub(depth) / QUAD * QUAD;
    for t in 0..depth {
        let x = frame::<S, T>(simd, &audio, channels, t);
        advance_some::<S, T, Q>(simd, &mut quads, x, t, frames, &work);
    }
    let [first, second] = &mut audio;
    match channels {
        1 => run_full::<S, T, Q>(simd, &mut quads, depth, whole, first, None, &work),
        _ => run_full::<S, T, Q>(simd, &mut quads, depth, whole, first, Some(second), &work),
    }
    for t in whole..frames + depth {
        let x = frame::<S, T>(simd, &audio, channels, t);
        let y = advance_some::<S, T, Q>(simd, &mut quads, x, t, frames, &work);
        for n in 0..channels {
            audio[n][t - depth] = y[n * QUAD];
        }
    }
    for q in 0..Q {
        for lane in 0..2 * QUAD {
            if let Some(place) = place(stride, sections, channels, q, lane) {
                (state[place], state[place + 1]) = (quads[q].s1[lane], quads[q].s2[lane]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};
    use crate::dsp::filter::svf::{coefficients, reference};
    use std::vec::Vec;

    /// Sections in the words, of which some run.
    const ALL: usize = 11;

    /// What the pipeline computes: one section after the other, one channel after the other.
    fn run_scalar(
        mul_add: reference::MulAdd,
        coefficients: &[[f64; COEFFICIENTS]],
        state: &mut [f64],
        stride: usize,
        sections: &[u32],
        audio: &mut [Vec<f64>],
    ) {
        for (channel, audio) in audio.iter_mut().enumerate() {
            for (section, c) in sections.iter().zip(coefficients) {
                let at = channel * stride + 2 * *section as usize;
                let mut now = [state[at], state[at + 1]];
                audio.iter_mut().for_each(|x| *x = reference::step(mul_add, c, &mut now, *x));
                [state[at], state[at + 1]] = now;
            }
        }
    }

    #[test]
    fn it_is_one_section_after_the_other_to_the_bit() {
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        for simd in [SimdLevel::BEST.resolve(), SimdLevel::baseline()] {
            for (channels, count) in [1, 2, 3].into_iter().flat_map(|n| (1..=SECTIONS).map(move |k| (n, k))) {
                let mut noise = reference::noise((channels * 100 + count) as u32);
                let sections: Vec<u32> = (0..count as u32).map(|k| k + k / 3).collect();
                let design = |k: usize| [0.01 + 0.03 * k as f64, 0.4 + 0.2 * k as f64, 1.0, 0.9, -0.4];
                let each: Vec<_> = (0..count).map(|k| coefficients(design(k))).collect();
                let mut packed = [[0.0; SECTIONS]; COEFFICIENTS];
                packed[4] = [1.0; SECTIONS];
                for (k, c) in each.iter().enumerate() {
                    (0..COEFFICIENTS).for_each(|i| packed[i][k] = c[i]);
                }
                let stride = 2 * ALL;
                let mut states: [Vec<f64>; 2] = [(); 2].map(|_| std::vec![0.0; channels * stride]);
                for frames in [0, 1, 2, 5, 6, 7, 13, 14, 15, 64, 100] {
                    let input: Vec<Vec<f64>> =
                        (0..channels).map(|_| (0..frames).map(|_| noise()).collect()).collect();
                    let (mut plain, mut fast) = (input.clone(), input);
                    let [of_plain, of_fast] = &mut states;
                    run_scalar(reference::mul_add_of(simd), &each, of_plain, stride, &sections, &mut plain);
                    let mut slices: Vec<&mut [f64]> =
                        fast.iter_mut().map(|channel| &mut channel[..]).collect();
                    let mut block = Block::new(&mut slices, &[], 0, frames);
                    dispatch!(simd, s => {
                        run_sections(s, &packed, of_fast, stride, &sections, channels, &mut block);
                    });
                    for (plain, fast) in plain.iter().zip(&fast) {
                        assert_eq!(
                            bits(plain),
                            bits(fast),
                            "{channels} channels, {count} sections, {simd:?}"
                        );
                    }
                    assert_eq!(bits(of_plain), bits(of_fast), "state of {count} sections");
                }
            }
        }
    }
}
