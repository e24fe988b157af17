//! Two moving averages in a row: a ramp that arrives in time and never goes where its input was not.
//!
//! The averages are sums of whole numbers, and one division at the end: multiplying by 1/n would leave unity
//! a rounding below 1 for some n. Together they weigh the last n1 + n2 - 1 values, all weights positive.

use super::UNITY;
use crate::base::memory::plain;

/// Share of the first box: the split of G. Luff's Signalsmith limiter, whose two boxes leave less to the
/// side than two equal ones.
const SPLIT: f64 = 0.582_241_9;

plain! {
    /// Lengths and sums of two boxes. Their rings lie in the caller's words.
    pub(crate) struct BoxStack {
        first: u64,
        second: u64,
        first_sum: u64,
        second_sum: u64,
    }
}

impl BoxStack {
    /// Lengths of the two boxes that weigh `look_ahead + 1` values.
    pub(crate) const fn lengths(look_ahead: usize) -> (usize, usize) {
        let first = (look_ahead as f64 * SPLIT + 0.5) as usize + 1;
        (first, look_ahead + 2 - first)
    }

    /// At unity; the rings are filled to match.
    pub(crate) fn new(look_ahead: usize, first_ring: &mut [u32], second_ring: &mut [u64]) -> Self {
        let (first, second) = Self::lengths(look_ahead);
        let (first, second) = (first as u64, second as u64);
        let first_sum = first * UNITY as u64;
        first_ring.fill(UNITY);
        second_ring.fill(first_sum);
        Self { first, second, first_sum, second_sum: second * first_sum }
    }

    /// What the sum is at unity.
    pub(crate) fn whole(&self) -> f64 {
        self.first as f64 * self.second as f64 * UNITY as f64
    }

    /// Averages values: writes sums, which divided by [`whole`](BoxStack::whole) are gains. `at` is the number
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
        let (first, second) = (self.first as usize, self.second as usize);
        let (first_ring, second_ring) = (&mut first_ring[..first], &mut second_ring[..second]);
        let mut first_at = (at % self.first) as usize;
        let mut second_at = (at % self.second) as usize;
        let mut done = 0;
        // In stretches that end where a ring does.
        while done < values.len() {
            let count = (values.len() - done).min(first - first_at).min(second - second_at);
            let rings = first_ring[first_at..].iter_mut().zip(&mut second_ring[second_at..]);
            let stretch = values[done..done + count].iter().zip(&mut sums[done..done + count]);
            for ((value, sum), (first_old, second_old)) in stretch.zip(rings) {
                self.first_sum = self.first_sum + *value as u64 - *first_old as u64;
                *first_old = *value;
                self.second_sum = self.second_sum + self.first_sum - *second_old;
                *second_old = self.first_sum;
                *sum = self.second_sum;
            }
            done += count;
            first_at = if first_at + count == first { 0 } else { first_at + count };
            second_at = if second_at + count == second { 0 } else { second_at + count };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unity_stays_unity_and_every_weight_counts_once() {
        for look_ahead in [2, 8, 49, 72, 240, 480, 1_920] {
            let (first, second) = BoxStack::lengths(look_ahead);
            assert_eq!(first + second - 1, look_ahead + 1);
            let (mut a, mut b) = (alloc::vec![0; first], alloc::vec![0; second]);
            let mut boxes = BoxStack::new(look_ahead, &mut a, &mut b);
            // A dip of one frame to 0, in the middle of unity
            let mut values = alloc::vec![UNITY; 3 * look_ahead + 10];
            values[5] = 0;
            let mut sums = alloc::vec![0; values.len()];
            boxes.run(&mut a, &mut b, &values, &mut sums, 0);
            let gains: alloc::vec::Vec<f64> = sums.iter().map(|sum| *sum as f64 / boxes.whole()).collect();
            assert!(gains[..5].iter().chain(&gains[6 + look_ahead..]).all(|gain| *gain == 1.0));
            let missing: f64 = gains.iter().map(|gain| 1.0 - gain).sum();
            assert!((missing - 1.0).abs() < 1e-9, "{look_ahead}: {missing}");
        }
    }
}
