//! Floor 5: the Hadamard matrix: every line into every other, energy unchanged.

use crate::base::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Lines of the network.
pub(super) const LINES: usize = 16;
/// Frames side by side in a vector.
pub(super) const LANES: usize = 8;
/// Vectors of a tile's line.
const VECTORS: usize = 8;
/// Frames worked on at a time: fewer than the shortest delay of any size at any rate.
pub(super) const TILE: usize = LANES * VECTORS;

/// A tile's frames of one line, vector by vector.
pub(super) type LaneBlock<T> = [[T; LANES]; VECTORS];
/// A tile's frames of all lines, line by line.
pub(super) type Tile<T> = [LaneBlock<T>; LINES];

/// Vectors that hold so many frames of a tile. What lies in the last one beyond them is worked on and left.
#[inline(always)]
pub(super) fn vectors(frames: usize) -> core::ops::Range<usize> {
    0..frames.div_ceil(LANES).min(VECTORS)
}

/// Mixes lines, a power of two up to 16, into each other: a round of sums and differences for every doubling.
/// Energy is unchanged once what comes out is multiplied by [`scale`].
#[inline(always)]
pub(super) fn mix<S: Simd, V: SimdFloat<S>, const N: usize>(lines: [V; N]) -> [V; N] {
    let lines = round::<S, _, N, 1>(lines);
    let lines = round::<S, _, N, 2>(lines);
    let lines = round::<S, _, N, 4>(lines);
    round::<S, _, N, 8>(lines)
}

/// What so many mixed lines are to be multiplied by.
#[inline(always)]
pub(super) fn scale<T: Sample>(lines: usize) -> T {
    T::from_f64(1.0 / libm::sqrt(lines as f64))
}

/// Sums and differences of the lines that lie `SPAN` apart.
#[inline(always)]
fn round<S: Simd, V: SimdFloat<S>, const N: usize, const SPAN: usize>(mut lines: [V; N]) -> [V; N] {
    if SPAN < N {
        for pair in 0..N / 2 {
            let line = pair / SPAN * 2 * SPAN + pair % SPAN;
            let (a, b) = (lines[line], lines[line + SPAN]);
            (lines[line], lines[line + SPAN]) = (a + b, a - b);
        }
    }
    lines
}

#[inline(always)]
pub(super) fn load<S: Simd, T: Sample>(simd: S, samples: &[T; LANES]) -> T::Lanes8<S> {
    T::Lanes8::<S>::from_slice(simd, samples)
}

/// What two patterns of signs hear of the lines: bit n of a pattern turns line n round. Patterns with as many signs alike
/// as unlike have nothing in common.
#[inline(always)]
pub(super) fn hear<S: Simd, T: Sample, const N: usize>(
    simd: S,
    lines: [&LaneBlock<T>; N],
    patterns: [u16; 2],
    frames: usize,
) -> [LaneBlock<T>; 2] {
    let scale: T = scale(N);
    let mut heard = [[[T::ZERO; LANES]; VECTORS]; 2];
    for v in vectors(frames) {
        let mut sums = [T::Lanes8::<S>::splat(simd, T::ZERO); 2];
        for (line, samples) in lines.iter().enumerate() {
            let samples = load(simd, &samples[v]);
            for (sum, pattern) in sums.iter_mut().zip(patterns) {
                *sum = if pattern >> line & 1 == 0 { *sum + samples } else { *sum - samples };
            }
        }
        for (heard, sum) in heard.iter_mut().zip(sums) {
            (sum * scale).store_slice(&mut heard[v]);
        }
    }
    heard
}

/// The signs of a row of the matrix, as a pattern.
pub(super) const fn row(row: usize) -> u16 {
    let (mut pattern, mut column) = (0, 0);
    while column < LINES {
        if sign(row, column) < 0.0 {
            pattern |= 1 << column;
        }
        column += 1;
    }
    pattern
}

/// Sign of the matrix at a row and a column.
const fn sign(row: usize, column: usize) -> f64 {
    if (row & column).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};

    #[test]
    fn energy_stays_and_the_signs_are_those_of_the_matrix() {
        for line in 0..LINES {
            let mixed: [f64; LINES] = dispatch!(SimdLevel::baseline(), s => {
                let lines: [_; LINES] = core::array::from_fn(|at| {
                    <f64 as Sample>::Lanes8::splat(s, if at == line { 1.0 } else { 0.0 })
                });
                mix(lines).map(|mixed| (mixed * scale::<f64>(LINES))[3])
            });
            for (row, y) in mixed.iter().enumerate() {
                assert_eq!(*y, 0.25 * sign(row, line));
            }
        }
    }
}
