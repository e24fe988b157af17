//! Floor 5: how long the delays are.
//!
//! The network's sixteen lie evenly by ratio from 30 to 70 ms times the size, each at the nearest prime
//! above that no other has: without common factors no echo falls on another's. The diffuser's lie each
//! in its own eighth of 25, 12.5 and 6.25 ms, at places drawn once for all.

use crate::base::units::seconds_to_frames;
use crate::processors::reverb::hadamard::LINES;

/// Steps of the diffuser.
pub(super) const STEPS: usize = 3;
/// Lines of the diffuser.
pub(super) const DIFFUSED: usize = 8;
/// How far a modulated line moves either way at full depth, in seconds: 8 frames at 48 kHz.
pub(super) const EXCURSION_SECONDS: f64 = 8.0 / 48_000.0;
/// Frames around a moving read.
pub(super) const READ_MARGIN: usize = 4;

/// 30 (70 / 30)^(i / 15) ms.
const MILLISECONDS: [f64; LINES] = [
    30.0, 31.743_5, 33.588_3, 35.540_3, 37.605_7, 39.791_2, 42.103_7, 44.550_6, 47.139_6, 49.879_2, 52.777_9,
    55.845_1, 59.090_5, 62.524_6, 66.158_2, 70.0,
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
}

impl Delays {
    pub(super) const fn of(sample_rate: f64, size: f64, pre_delay_ms: f64) -> Self {
        Self {
            pre_delay: seconds_to_frames(pre_delay_ms * 1e-3, sample_rate),
            diffuser: diffuser(sample_rate),
            network: network(sample_rate, size),
        }
    }
}

/// Frames of the network's delays.
const fn network(sample_rate: f64, size: f64) -> [usize; LINES] {
    let mut lengths = [0; LINES];
    let mut line = 0;
    let mut last = 0;
    while line < LINES {
        let wanted = (MILLISECONDS[line] * 1e-3 * size * sample_rate) as usize;
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
const fn diffuser(sample_rate: f64) -> [[usize; DIFFUSED]; STEPS] {
    let mut lengths = [[0; DIFFUSED]; STEPS];
    let mut seed = 0x9e37_79b9u32;
    let mut step = 0;
    while step < STEPS {
        let range = 0.025 / (1 << step) as f64 * sample_rate;
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

/// Sum of some lengths.
pub(super) const fn sum(lengths: &[usize]) -> usize {
    let mut total = 0;
    let mut line = 0;
    while line < lengths.len() {
        total += lengths[line];
        line += 1;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processors::reverb::hadamard::TILE;

    #[test]
    fn lengths_are_different_primes_and_longer_than_a_tile() {
        for (rate, size) in [(8_000.0, 0.5), (48_000.0, 1.0), (384_000.0, 2.0)] {
            let lengths = network(rate, size);
            assert!(lengths.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(lengths.iter().all(|length| is_prime(*length)));
            assert!(lengths[0] >= TILE + 2 * margin(rate), "{} at {rate}", lengths[0]);
        }
        // Enough for the density of modes: Smith, PASP, asks for 0.15 T60 fs
        assert!(sum(&network(48_000.0, 1.0)) as f64 > 0.15 * 2.0 * 48_000.0);
    }
}
