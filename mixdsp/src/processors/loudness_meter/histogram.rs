//! Floor 5: block energies in fixed memory: bins of 0.02 LU, each with a count and the sum of its energies.
//!
//! Means over whole bins are exact, because the energies themselves are added up. Only the bin that a gate
//! cuts is uncertain; it counts when its mean passes the gate.

/// Loudness of the lower edge of the first bin, which is the absolute gate.
pub(crate) const LOWEST: f64 = -70.0;
/// Bins per LU.
const PER_LU: f64 = 50.0;
/// Bins from -70 to +10 LUFS; what is louder falls into the last one.
pub(crate) const BINS: usize = 4_000;
/// How far below the mean the relative gate of the integrated loudness lies.
const INTEGRATED_GATE: f64 = 0.1;
/// The same for the range.
const RANGE_GATE: f64 = 0.01;

/// What is subtracted so that 997 Hz at full scale on one channel reads -3.01.
const OFFSET: f64 = -0.691;

/// Loudness in LUFS of a mean square after K-weighting; minus infinity for silence.
pub fn loudness(energy: f64) -> f64 {
    OFFSET + 10.0 * libm::log10(energy)
}

/// The mean square that has a loudness in LUFS.
pub fn energy(loudness: f64) -> f64 {
    libm::pow(10.0, 0.1 * (loudness - OFFSET))
}

/// Bins, borrowed.
pub(crate) struct Histogram<'a> {
    pub(crate) energy: &'a [f64],
    pub(crate) count: &'a [u32],
}

/// Counts a block into its bin; blocks under the absolute gate have none.
pub(crate) fn add(energies: &mut [f64], counts: &mut [u32], energy: f64) {
    let bin = libm::floor((loudness(energy) - LOWEST) * PER_LU);
    if bin >= 0.0 {
        add_many(energies, counts, (bin as usize).min(BINS - 1), energy, 1);
    }
}

/// Counts blocks into a bin.
pub(crate) fn add_many(energies: &mut [f64], counts: &mut [u32], bin: usize, energy: f64, count: u32) {
    if let (Some(sum), Some(number)) = (energies.get_mut(bin), counts.get_mut(bin)) {
        *sum += energy;
        *number = number.saturating_add(count);
    }
}

/// Whether a sum of energies can be that of so many blocks of a bin.
pub(crate) fn is_plausible(bin: usize, sum: f64, count: u32) -> bool {
    let level = loudness(sum / count as f64);
    let low = LOWEST + bin as f64 / PER_LU;
    level > low - 1e-6 && (level < low + 1.0 / PER_LU + 1e-6 || bin == BINS - 1 && level.is_finite())
}

impl Histogram<'_> {
    /// Bins that hold something: number, sum, count.
    pub(crate) fn filled(&self) -> impl DoubleEndedIterator<Item = (usize, f64, u32)> + '_ {
        let bins = self.energy.iter().zip(self.count).enumerate();
        bins.filter(|(_, (_, count))| **count != 0).map(|(bin, (sum, count))| (bin, *sum, *count))
    }

    /// Mean energy of all blocks; `None` when there are none.
    fn mean_above(&self, gate: f64) -> Option<f64> {
        let passing = self.filled().filter(|(_, sum, count)| sum / *count as f64 > gate);
        let (sum, count) = passing.fold((0.0, 0.0), |(s, n), (_, sum, count)| (s + sum, n + count as f64));
        (count > 0.0).then(|| sum / count)
    }

    /// The relative gate of the integrated loudness, as an energy.
    pub(crate) fn integrated_gate(&self) -> Option<f64> {
        Some(self.mean_above(0.0)? * INTEGRATED_GATE)
    }

    /// Mean energy of the blocks above the relative gate.
    pub(crate) fn integrated(&self) -> Option<f64> {
        self.mean_above(self.integrated_gate()?)
    }

    /// Energies at the 10th and 95th percentile of the blocks above the gate of the range.
    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        let gate = self.mean_above(0.0)? * RANGE_GATE;
        let passing = || self.filled().filter(|(_, sum, count)| sum / *count as f64 >= gate);
        let total: u64 = passing().map(|(.., count)| count as u64).sum();
        let at = |share: f64| {
            let rank = nearest_rank(total, share);
            let mut below = 0;
            passing().find_map(|(_, sum, count)| {
                below += count as u64;
                (below > rank).then(|| sum / count as f64)
            })
        };
        Some((at(LOW_SHARE)?, at(HIGH_SHARE)?))
    }
}

const LOW_SHARE: f64 = 0.10;
const HIGH_SHARE: f64 = 0.95;

/// Place of a percentile among so many sorted values.
fn nearest_rank(count: u64, share: f64) -> u64 {
    libm::floor(count.saturating_sub(1) as f64 * share + 0.5) as u64
}

/// Integrated loudness of a history of momentary loudness values 100 ms apart, in LUFS: the exact mode.
///
/// Takes what [`LoudnessMeter::process_into`](crate::LoudnessMeter::process_into) writes; values that are
/// not numbers are left out. `None` when nothing is above -70 LUFS.
pub fn integrated(momentary: impl Iterator<Item = f32> + Clone) -> Option<f64> {
    let mean_above = |gate: f64| {
        let passing = momentary.clone().map(|l| energy(l as f64)).filter(|energy| *energy > gate);
        let (sum, count) = passing.fold((0.0, 0.0), |(sum, count), energy| (sum + energy, count + 1.0));
        (count > 0.0).then(|| sum / count)
    };
    let absolute = energy(LOWEST);
    let gate = mean_above(absolute)? * INTEGRATED_GATE;
    mean_above(gate.max(absolute)).map(loudness)
}

/// Loudness range of a history of short-term loudness values 100 ms apart, in LUFS: low and high value, of
/// which the range is the difference. The values are sorted in place: O(n log n).
///
/// `None` when nothing is above -70 LUFS.
pub fn range(short_term: &mut [f32]) -> Option<(f64, f64)> {
    short_term.sort_unstable_by(|a, b| b.total_cmp(a));
    // Descending, and what is not a number at either end.
    let start = short_term.iter().take_while(|value| value.is_nan()).count();
    let sorted = &short_term[start..];
    let above = |gate: f64| &sorted[..sorted.iter().take_while(|value| **value as f64 >= gate).count()];
    let gated = above(LOWEST);
    if gated.is_empty() {
        return None;
    }
    let mean = gated.iter().map(|l| energy(*l as f64)).sum::<f64>() / gated.len() as f64;
    let kept = above((loudness(mean) - 20.0).max(LOWEST));
    let at = |share: f64| {
        let rank = nearest_rank(kept.len() as u64, share) as usize;
        kept[kept.len() - 1 - rank] as f64
    };
    Some((at(LOW_SHARE), at(HIGH_SHARE)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn binned(levels: &[f32]) -> (Vec<f64>, Vec<u32>) {
        let (mut energies, mut counts) = (alloc::vec![0.0; BINS], alloc::vec![0; BINS]);
        levels.iter().for_each(|level| add(&mut energies, &mut counts, energy(*level as f64)));
        (energies, counts)
    }

    #[test]
    fn histogram_against_exact_over_random_programmes() {
        let mut seed = 7u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 24) as f32
        };
        let (mut worst_integrated, mut worst_range): (f64, f64) = (0.0, 0.0);
        for _ in 0..100 {
            let (centre, spread, bed) = (-40.0 + 30.0 * random(), 30.0 * random(), random() < 0.3);
            let level = |x: f32| centre + spread * (x - 0.5);
            // A steady bed near the gate is where bins are weakest.
            let mut levels: Vec<f32> = (0..600)
                .map(|n| if bed && n % 2 == 0 { centre - 10.0 + 0.01 * random() } else { level(random()) })
                .collect();
            levels.push(-200.0);
            let (energies, counts) = binned(&levels);
            let histogram = Histogram { energy: &energies, count: &counts };
            let exact = integrated(levels.iter().copied()).unwrap();
            worst_integrated =
                worst_integrated.max((loudness(histogram.integrated().unwrap()) - exact).abs());
            let (low, high) = range(&mut levels).unwrap();
            let (binned_low, binned_high) = histogram.range().unwrap();
            let difference = loudness(binned_high) - loudness(binned_low) - (high - low);
            worst_range = worst_range.max(difference.abs());
        }
        std::println!("worst difference: integrated {worst_integrated:.5} LU, range {worst_range:.5} LU");
        assert!(worst_range < 0.05);
        // A gate within a bin of the bed's own loudness decides about the whole bed; the mean decides right
        // unless the bin mixes two things.
        assert!(worst_integrated < 0.05);
    }

    #[test]
    fn loud_blocks_fall_into_the_last_bin_and_keep_their_energy() {
        let (energies, counts) = binned(&[14.0, 16.0]);
        let histogram = Histogram { energy: &energies, count: &counts };
        let mean = loudness(histogram.integrated().unwrap());
        assert!((mean - loudness(0.5 * (energy(14.0) + energy(16.0)))).abs() < 1e-9);
    }
}
