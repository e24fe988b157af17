//! The Hadamard matrix of 16: every line into every other, energy unchanged.

use crate::sample::Sample;

/// Lines of the network.
pub(super) const LINES: usize = 16;
/// Frames worked on at a time: fewer than the shortest delay of any size at any rate.
pub(super) const TILE: usize = 64;

/// A stretch of all lines, line by line.
pub(super) type Tile<T> = [[T; TILE]; LINES];

/// Mixes all lines into each other, frame by frame: four rounds of sums and differences, times a quarter.
#[inline(always)]
pub(super) fn mix<T: Sample>(tile: &mut Tile<T>) {
    let quarter = T::from_f64(0.25);
    let mut span = 1;
    while span < LINES {
        for pair in (0..LINES).filter(|line| line & span == 0) {
            let (low, high) = tile.split_at_mut(pair + span);
            for (a, b) in low[pair].iter_mut().zip(&mut high[0]) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
        span *= 2;
    }
    tile.iter_mut().flatten().for_each(|sample| *sample *= quarter);
}

/// Sign of the matrix at a row and a column.
pub(super) fn sign(row: usize, column: usize) -> f64 {
    if (row & column).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energy_stays_and_the_signs_are_those_of_the_matrix() {
        for line in 0..LINES {
            let mut tile = [[0.0f64; TILE]; LINES];
            tile[line].fill(1.0);
            mix(&mut tile);
            for (row, samples) in tile.iter().enumerate() {
                assert!(samples.iter().all(|y| *y == 0.25 * sign(row, line)));
            }
        }
    }
}
