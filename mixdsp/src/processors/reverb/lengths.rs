//! Floor 5: how long the delays are.
//!
//! The network's sixteen lie evenly by ratio from 30 to 190 ms times the size, each at the nearest prime
//! above that no other has: without common factors no echo falls on another's. They begin where the diffuser ends,
//! and are as long together as it takes for its modes to lie close enough to be heard as one. The diffuser's lie each
//! in its own eighth of 25, 12.5, 6.25 and 3.125 ms, at places drawn once for all; they grow by the root of
//! the size, so that a small room is as dense.

use crate::base::units::{seconds_to_frames, square_root};
use crate::processors::reverb::hadamard::{LINES, TILE};
use crate::processors::reverb::walls::Reflections;

/// Steps of the diffuser.
pub(super) const STEPS: usize = 4;
/// Lines of the diffuser.
pub(super) const DIFFUSED: usize = 8;
/// The diffuser's longest delay at size 1.
const DIFFUSER_SECONDS: f64 = 0.025;
/// How far a modulated line moves either way at full depth, in seconds: 8 frames at 48 kHz.
pub(super) const EXCURSION_SECONDS: f64 = 8.0 / 48_000.0;
/// Frames around a moving read.
pub(super) const READ_MARGIN: usize = 4;

/// 30 (190 / 30)^(i / 15) ms.
const MILLISECONDS: [f64; LINES] = [
    30.000, 33.928, 38.371, 43.396, 49.078, 55.505, 62.773, 70.993, 80.289, 90.803, 102.693, 116.141,
    131.349, 148.549, 168.001, 190.000,
];

const fn is_prime(n: usize) -> bool {
    if n < 4 {
        return n > 1;
    }
    if n.is_multiple_of(2) || n.is_multiple_of(3) {
        return false;
    }
    // Every other prime is one more or one less than a multiple of six.
    let mut divisor = 5;
    while divisor * divisor <= n {
        if n.is_multiple_of(divisor) || n.is_multiple_of(divisor + 2) {
            return false;
        }
        divisor += 6;
    }
    true
}

/// All lengths of a room, searched once when it is built.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delays {
    pub pre_delay: usize,
    pub diffuser: [[usize; DIFFUSED]; STEPS],
    pub network: [usize; LINES],
    /// Seconds by which the middle of what the diffuser gives is late.
    pub middle_seconds: f64,
    pub early: Reflections,
}

impl Delays {
    pub(super) const fn of(sample_rate: f64, size: f64, distance: f64, pre_delay_ms: f64) -> Self {
        Self {
            pre_delay: seconds_to_frames(pre_delay_ms * 1e-3, sample_rate),
            diffuser: diffuser(sample_rate, size),
            network: network(sample_rate, size),
            middle_seconds: 0.5 * DIFFUSER_SECONDS * square_root(size) * (1.0 + 0.5 + 0.25 + 0.125),
            early: Reflections::of(sample_rate, size, distance),
        }
    }

    /// The longest way from an input to its first echoes.
    pub(super) const fn latest_echo(&self) -> usize {
        let [left, right] = [longest(&self.early.delays[0]), longest(&self.early.delays[1])];
        longest(&[left, right, longest(&self.diffuser[0])])
    }
}

/// Frames of the network's delays.
const fn network(sample_rate: f64, size: f64) -> [usize; LINES] {
    let mut lengths = [0; LINES];
    let mut line = 0;
    let mut last = 0;
    while line < LINES {
        let wanted = (MILLISECONDS[line] * 1e-3 * size * sample_rate) as usize;
        // A tile must have left a line before the next comes in, at low rates too.
        let least = TILE + 2 * margin(sample_rate);
        let wanted = if wanted > least { wanted } else { least };
        let mut length = if wanted > last { wanted } else { last + 1 };
        while !is_prime(length) {
            length += 1;
        }
        lengths[line] = length;
        last = length;
        line += 1;
    }
    lengths
}

/// Frames in front of a modulated line's read, at full depth.
pub(super) const fn margin(sample_rate: f64) -> usize {
    (EXCURSION_SECONDS * sample_rate) as usize + 1 + READ_MARGIN
}

/// Frames of the diffuser's delays, at least 1 each.
const fn diffuser(sample_rate: f64, size: f64) -> [[usize; DIFFUSED]; STEPS] {
    let mut lengths = [[0; DIFFUSED]; STEPS];
    let mut seed = 0x9e37_79b9u32;
    let mut step = 0;
    while step < STEPS {
        let range = DIFFUSER_SECONDS * square_root(size) / (1 << step) as f64 * sample_rate;
        let mut line = 0;
        while line < DIFFUSED {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let within = (seed >> 8) as f64 / (1 << 24) as f64;
            // Slots are dealt out so that neighbours in the matrix are no neighbours in time.
            let slot = (line * 3 + step * 3) % DIFFUSED;
            lengths[step][line] = (range * (slot as f64 + within) / DIFFUSED as f64) as usize + 1;
            line += 1;
        }
        step += 1;
    }
    lengths
}

/// The longest of some lengths.
pub(super) const fn longest(lengths: &[usize]) -> usize {
    let (mut longest, mut line) = (0, 0);
    while line < lengths.len() {
        if lengths[line] > longest {
            longest = lengths[line];
        }
        line += 1;
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_different_primes_and_longer_than_a_tile() {
        for (rate, size) in [(8_000.0, 0.2), (48_000.0, 1.0), (384_000.0, 2.0)] {
            let lengths = network(rate, size);
            assert!(lengths.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(lengths.iter().all(|length| is_prime(*length)));
            assert!(lengths[0] >= TILE + 2 * margin(rate), "{} at {rate}", lengths[0]);
        }
        // Enough for the density of modes: Smith, PASP, asks for 0.15 T60 fs, here for 8 s
        assert!(network(48_000.0, 1.0).iter().sum::<usize>() as f64 > 0.15 * 8.0 * 48_000.0);
    }
}
