//! Floor 4: four frames at once, for a section by itself.
//!
//! ```text
//! y0 y1 y2 y3         s1 s2
//! change of s1   = M  x0 x1 x2 x3        M, 6 by 6, from the steps of filter::svf
//! change of s2
//! ```
//!
//! A section by itself would spend its time waiting: each frame begins when the one before has ended. Here only
//! every fourth does. As in single steps, small coefficients make the changes and these are added to the state.
//!
//! A vector holds four frames of two channels. Frames are counted in fours from where the section came to rest.
//! Four that are not complete at the end of a call are given as far as they go; their input waits, and they are
//! run again from their start when the rest comes. So the bits do not depend on how the audio was cut.
//!
//! The tests compare it with the same sums in plain numbers, to the bit, and with single steps, to rounding.
//!
//! State, in the caller's words: `s1` and `s2` per channel as of the last whole four, and the frames that wait.

use super::svf::{COEFFICIENTS, Place, coefficients, step_one};
use crate::base::audio::Block;
use crate::base::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Frames at once.
const FRAMES: usize = 4;
/// What goes in: the state, then the frames. As much comes out: the frames, then how the state changes.
const SIZE: usize = 2 + FRAMES;

/// What four frames multiply with, a row per number that comes out.
pub(crate) type StepMatrix<T> = [[T; SIZE]; SIZE];

/// Frames of one channel that wait for the rest of their four.
pub(crate) type WaitingFrames<T> = [T; FRAMES];

/// The matrix of a design `[g, k, m0, m1, m2]`: what four steps make of a one in each place.
pub(crate) fn step_matrix(design: [f64; 5]) -> StepMatrix<f64> {
    let [alpha, beta, gamma, h, direct, c1, c2] = coefficients(design);
    let mut matrix = [[0.0; SIZE]; SIZE];
    for place in 0..SIZE {
        let one_at = |at: usize| if at == place { 1.0 } else { 0.0 };
        let mut change = [0.0; 2];
        for frame in 0..FRAMES {
            let (s1, s2, x) = (one_at(0) + change[0], one_at(1) + change[1], one_at(2 + frame));
            matrix[frame][place] = direct * x + (c2 * s2 + c1 * s1);
            let d = x - s2;
            change = [change[0] + (alpha * d - beta * s1), change[1] + (gamma * d + h * s1)];
        }
        [matrix[FRAMES][place], matrix[FRAMES + 1][place]] = change;
    }
    matrix
}

/// Runs a section over all frames of as many channels as there are `waiting`, in place, and returns how many
/// frames wait after it; `waits` is how many did before.
#[inline(always)]
pub(crate) fn run<S: Simd, T: Sample>(
    simd: S,
    matrix: &StepMatrix<T>,
    state: &mut [T],
    place: Place,
    waiting: &mut [WaitingFrames<T>],
    waits: usize,
    block: &mut Block<'_, '_, T>,
) -> usize {
    for (pair, waiting) in waiting.chunks_mut(2).enumerate() {
        let (place, audio) = (place.from(2 * pair), block.channels_from(2 * pair));
        pair_of_channels(simd, matrix, state, place, waiting, waits, audio);
    }
    (waits + block.frames()) % FRAMES
}

/// Brings the state to the present frame, one step for each that waits.
pub(crate) fn catch_up<T: Sample>(
    coefficients: &[T; COEFFICIENTS],
    state: &mut [T],
    place: Place,
    waiting: &[WaitingFrames<T>],
    waits: usize,
) {
    for (channel, waiting) in waiting.iter().enumerate() {
        let at = place.of(channel);
        let mut now = [state[at], state[at + 1]];
        waiting.iter().take(waits).for_each(|x| {
            step_one(coefficients, &mut now, *x);
        });
        [state[at], state[at + 1]] = now;
    }
}

/// The columns of the matrix, as vectors that are alike for both channels.
struct Columns<V> {
    /// For the frames.
    y: [V; SIZE],
    /// For the change of `s1` and for that of `s2`.
    changes: [[V; SIZE]; 2],
}

impl<V> Columns<V> {
    #[inline(always)]
    fn of<S: Simd>(simd: S, matrix: &StepMatrix<V::Element>) -> Self
    where
        V: SimdFloat<S>,
    {
        let zero = V::splat(simd, V::Element::default());
        let mut columns = Self { y: [zero; SIZE], changes: [[zero; SIZE]; 2] };
        for i in 0..SIZE {
            columns.y[i] = V::from_fn(simd, |lane| matrix[lane % FRAMES][i]);
            columns.changes[0][i] = V::splat(simd, matrix[FRAMES][i]);
            columns.changes[1][i] = V::splat(simd, matrix[FRAMES + 1][i]);
        }
        columns
    }
}

/// One sum per lane: a row of the matrix with the state and the frames.
#[inline(always)]
fn row<S: Simd, V: SimdFloat<S>>(simd: S, row: &[V; SIZE], [s1, s2]: [V; 2], x: &[V; FRAMES]) -> V {
    // From zero on, and the last frame first: what is yet to come never changes the sign of a zero.
    let mut sum = V::splat(simd, V::Element::default());
    for i in (0..FRAMES).rev() {
        sum = row[2 + i].mul_add(x[i], sum);
    }
    row[0].mul_add(s1, row[1].mul_add(s2, sum))
}

/// The state after four frames.
#[inline(always)]
fn next<S: Simd, V: SimdFloat<S>>(simd: S, c: &Columns<V>, now: [V; 2], x: &[V; FRAMES]) -> [V; 2] {
    let [s1, s2] = &c.changes;
    [now[0] + row(simd, s1, now, x), now[1] + row(simd, s2, now, x)]
}

/// A frame of two channels, or of one twice, each in all lanes of a half.
#[inline(always)]
fn frame<S: Simd, T: Sample>(simd: S, first: T, last: T) -> T::Lanes8<S> {
    T::Lanes4::<S>::splat(simd, first).combine(T::Lanes4::<S>::splat(simd, last))
}

/// Four frames of two channels.
#[inline(always)]
fn frames<S: Simd, T: Sample>(simd: S, first: &[T], second: &[T]) -> [T::Lanes8<S>; FRAMES] {
    let (first, second) = (&first[..FRAMES], &second[..FRAMES]);
    let mut x = [frame::<S, T>(simd, T::ZERO, T::ZERO); FRAMES];
    for i in 0..FRAMES {
        x[i] = frame::<S, T>(simd, first[i], second[i]);
    }
    x
}

/// Runs whole fours of one channel or two.
#[inline(always)]
fn whole_fours<S: Simd, T: Sample>(
    simd: S,
    columns: &Columns<T::Lanes8<S>>,
    mut now: [T::Lanes8<S>; 2],
    first: &mut [T],
    mut second: Option<&mut [T]>,
) -> [T::Lanes8<S>; 2] {
    for f in (0..first.len()).step_by(FRAMES) {
        let x = frames::<S, T>(simd, &first[f..], &second.as_deref().unwrap_or(first)[f..]);
        let (a, b) = row(simd, &columns.y, now, &x).split();
        now = next(simd, columns, now, &x);
        a.store_slice(&mut first[f..f + FRAMES]);
        if let Some(second) = &mut second {
            b.store_slice(&mut second[f..f + FRAMES]);
        }
    }
    now
}

/// The same for two channels, or for one, which is in both halves of the vectors then.
#[inline(always)]
fn pair_of_channels<S: Simd, T: Sample>(
    simd: S,
    matrix: &StepMatrix<T>,
    state: &mut [T],
    place: Place,
    waiting: &mut [WaitingFrames<T>],
    mut waits: usize,
    mut audio: [&mut [T]; 2],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let columns = Columns::<T::Lanes8<S>>::of(simd, matrix);
            let last = waiting.len() - 1;
            let (first_at, last_at) = (place.of(0), place.of(last));
            let mut now = [
                frame::<S, T>(simd, state[first_at], state[last_at]),
                frame::<S, T>(simd, state[first_at + 1], state[last_at + 1]),
            ];
            let (end, mut f) = (audio[0].len(), 0);
            while f < end {
                if waits == 0 {
                    let whole = f..f + (end - f) / FRAMES * FRAMES;
                    f = whole.end;
                    let [first, second] = &mut audio;
                    let first = &mut first[whole.clone()];
                    now = match last {
                        0 => whole_fours::<S, T>(simd, &columns, now, first, None),
                        _ => whole_fours::<S, T>(simd, &columns, now, first, Some(&mut second[whole])),
                    };
                }
                let count = (FRAMES - waits).min(end - f);
                if count == 0 {
                    break;
                }
                for n in 0..=last {
                    waiting[n][waits..].fill(T::ZERO);
                    waiting[n][waits..waits + count].copy_from_slice(&audio[n][f..f + count]);
                }
                let x = frames::<S, T>(simd, &waiting[0], &waiting[last]);
                let y = row(simd, &columns.y, now, &x);
                for n in 0..=last {
                    let y = &y.as_slice()[n * FRAMES + waits..][..count];
                    audio[n][f..f + count].copy_from_slice(y);
                }
                f += count;
                waits += count;
                if waits == FRAMES {
                    now = next(simd, &columns, now, &x);
                    waits = 0;
                }
            }
            for n in 0..=last {
                let at = place.of(n);
                (state[at], state[at + 1]) = (now[0][n * FRAMES], now[1][n * FRAMES]);
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};
    use crate::dsp::filter::svf::{self, reference};
    use std::vec::Vec;

    const DESIGN: [f64; 5] = [0.02, 0.7, 1.0, 1.9, -0.4];

    fn input() -> [Vec<f32>; 3] {
        let mut seed = 1u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Zeros of both signs are among them.
            if seed >> 30 == 0 {
                if seed >> 29 & 1 == 0 { 0.0 } else { -0.0 }
            } else {
                (seed >> 8) as f32 - 8e6
            }
        };
        core::array::from_fn(|_| (0..1_000).map(|_| next()).collect())
    }

    /// Runs in blocks of a length that is drawn below a bound, then once more as single steps.
    fn play(simd: SimdLevel, below: usize) -> [Vec<f32>; 3] {
        let matrix = step_matrix(DESIGN).map(|row| row.map(|x| x as f32));
        let (mut state, mut waiting, mut waits) = ([0.0; 6], [[0.0; FRAMES]; 3], 0);
        let place = Place { first: 0, stride: 2 };
        let mut audio = input();
        let [a, b, c] = &mut audio;
        let (mut f, mut seed) = (0, 7u32);
        while f < 900 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let to = (f + (seed >> 8) as usize % below).min(900);
            let mut channels = [&mut a[..], &mut b[..], &mut c[..]];
            let mut block = Block::new(&mut channels, &[], f, to);
            waits = dispatch!(simd, s => run(s, &matrix, &mut state, place, &mut waiting, waits, &mut block));
            f = to;
        }
        let coefficients = svf::coefficients(DESIGN).map(|x| x as f32);
        catch_up(&coefficients, &mut state, place, &waiting, waits);
        for (channel, audio) in audio.iter_mut().enumerate() {
            let mut now = [state[2 * channel], state[2 * channel + 1]];
            audio[900..].iter_mut().for_each(|x| *x = step_one(&coefficients, &mut now, *x));
        }
        audio
    }

    /// What a block of four computes, in plain numbers: six sums, each over the state and the frames.
    fn run_scalar(
        mul_add: reference::MulAdd,
        matrix: &StepMatrix<f64>,
        state: &mut [f64; 2],
        frames: &mut [f64],
    ) {
        let [s1, s2] = *state;
        let all = matrix.map(|row| {
            let frames = row[2..].iter().zip(&*frames).rev();
            let sum = frames.fold(0.0, |sum, (factor, x)| mul_add(*factor, *x, sum));
            mul_add(row[0], s1, mul_add(row[1], s2, sum))
        });
        *state = [s1 + all[FRAMES], s2 + all[FRAMES + 1]];
        frames.copy_from_slice(&all[..FRAMES]);
    }

    #[test]
    fn it_is_the_sums_of_the_matrix_to_the_bit() {
        for simd in [SimdLevel::BEST.resolve(), SimdLevel::baseline()] {
            let mut noise = reference::noise(3);
            let matrix = step_matrix(DESIGN);
            let input: [Vec<f64>; 3] = core::array::from_fn(|_| (0..400).map(|_| noise()).collect());
            let (mut plain, mut fast) = (input.clone(), input);
            let mut states = [[0.0; 2]; 3];
            for (state, audio) in states.iter_mut().zip(&mut plain) {
                for frames in audio.chunks_exact_mut(FRAMES) {
                    run_scalar(reference::mul_add_of(simd), &matrix, state, frames);
                }
            }
            let (mut state, mut waiting, mut waits) = ([0.0; 6], [[0.0; FRAMES]; 3], 0);
            let mut channels = fast.each_mut().map(|channel| &mut channel[..]);
            let mut from = 0;
            for count in [1, 2, 4, 3, 5, 8, 0, 7, 100, 270] {
                let mut block = Block::new(&mut channels, &[], from, from + count);
                let place = Place { first: 0, stride: 2 };
                waits = dispatch!(simd, s => {
                    run(s, &matrix, &mut state, place, &mut waiting, waits, &mut block)
                });
                from += count;
            }
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!((from, waits), (400, 0));
            assert_eq!(plain.each_ref().map(|x| bits(x)), fast.each_ref().map(|x| bits(x)), "{simd:?}");
            assert_eq!(bits(states.as_flattened()), bits(&state), "state, {simd:?}");
        }
    }

    #[test]
    fn no_cut_changes_a_bit() {
        for simd in [SimdLevel::BEST, SimdLevel::baseline()] {
            let bits = |below| play(simd, below).map(|x| x.into_iter().map(f32::to_bits).collect::<Vec<_>>());
            let whole = bits(100_000);
            for below in [2, 3, 6, 14] {
                assert!(bits(below) == whole, "blocks shorter than {below} at {simd:?}");
            }
        }
    }

    #[test]
    fn four_frames_are_four_steps() {
        let coefficients = svf::coefficients(DESIGN);
        for (four, input) in play(SimdLevel::BEST, 14).iter().zip(input()) {
            let mut now = [0.0f64; 2];
            let steps = input.iter().map(|x| step_one(&coefficients, &mut now, f64::from(*x)));
            let worst = steps.zip(four).map(|(a, b)| (a - f64::from(*b)).abs()).fold(0.0, f64::max);
            // -120 dB of what comes in, which reaches 8e6.
            assert!(worst < 8.0, "{worst}");
        }
    }
}
