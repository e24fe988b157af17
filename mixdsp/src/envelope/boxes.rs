//! Two moving averages in a row: a ramp that arrives in time and never goes where its input was not.
//!
//! The averages are sums of whole numbers, and one division at the end: multiplying by 1/n would leave unity
//! a rounding below 1 for some n. Together they weigh the last n1 + n2 - 1 values, all weights positive.

use super::UNITY;
use crate::memory::plain;

/// Share of the first box: the split of G. Luff's Signalsmith limiter, whose two boxes leave less to the
/// side than two equal ones.
const SPLIT: f64 = 0.582_241_9;

/// Lengths of the two boxes that weigh `look_ahead + 1` values.
pub(crate) const fn lengths(look_ahead: usize) -> (usize, usize) {
    let first = (look_ahead as f64 * SPLIT + 0.5) as usize + 1;
    (first, look_ahead + 2 - first)
}

plain! {
    /// The sums of two boxes. Their rings are lent: as long as the boxes.
    pub(crate) struct Boxes {
        first: u64,
        second: u64,
    }
}

impl Boxes {
    /// At unity; the rings are filled to match.
    pub(crate) fn new(first_ring: &mut [u32], second_ring: &mut [u64]) -> Self {
        let first = first_ring.len() as u64 * UNITY as u64;
        first_ring.fill(UNITY);
        second_ring.fill(first);
        Self { first, second: second_ring.len() as u64 * first }
    }

    /// Averages values: writes sums, which are gains when they are divided by [`whole`]. `at` is the number
    /// of values before these.
    #[inline(always)]
    pub(crate) fn run(
        &mut self,
        first_ring: &mut [u32],
        second_ring: &mut [u64],
        values: &[u32],
        sums: &mut [u64],
        at: u64,
    ) {
        let mut first_at = (at % first_ring.len() as u64) as usize;
        let mut second_at = (at % second_ring.len() as u64) as usize;
        for (value, sum) in values.iter().zip(sums) {
            self.first = self.first + *value as u64 - first_ring[first_at] as u64;
            first_ring[first_at] = *value;
            self.second = self.second + self.first - second_ring[second_at];
            second_ring[second_at] = self.first;
            first_at = if first_at + 1 == first_ring.len() { 0 } else { first_at + 1 };
            second_at = if second_at + 1 == second_ring.len() { 0 } else { second_at + 1 };
            *sum = self.second;
        }
    }
}

/// What the sum is at unity: a whole number that f64 holds.
pub(crate) fn whole(first_ring: &[u32], second_ring: &[u64]) -> f64 {
    first_ring.len() as f64 * second_ring.len() as f64 * UNITY as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unity_stays_unity_and_every_weight_counts_once() {
        for look_ahead in [2, 8, 49, 72, 240, 480, 1_920] {
            let (first, second) = lengths(look_ahead);
            assert_eq!(first + second - 1, look_ahead + 1);
            let (mut a, mut b) = (alloc::vec![0; first], alloc::vec![0; second]);
            let mut boxes = Boxes::new(&mut a, &mut b);
            // A dip of one frame to 0, in the middle of unity
            let mut values = alloc::vec![UNITY; 3 * look_ahead + 10];
            values[5] = 0;
            let mut sums = alloc::vec![0; values.len()];
            boxes.run(&mut a, &mut b, &values, &mut sums, 0);
            let gains: alloc::vec::Vec<f64> = sums.iter().map(|sum| *sum as f64 / whole(&a, &b)).collect();
            assert!(gains[..5].iter().chain(&gains[6 + look_ahead..]).all(|gain| *gain == 1.0));
            let missing: f64 = gains.iter().map(|gain| 1.0 - gain).sum();
            assert!((missing - 1.0).abs() < 1e-9, "{look_ahead}: {missing}");
        }
    }
}
