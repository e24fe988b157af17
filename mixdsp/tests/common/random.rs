//! Random numbers that repeat: SplitMix64 (Steele, Lea and Flood, 2014).

/// A source of random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 to `count` - 1.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.bits() % count.max(1) as u64) as usize
    }

    /// Evenly from 0 up to, not including, 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// White noise: evenly from -1 up to 1.
    pub(crate) fn noise(&mut self) -> f64 {
        2.0 * self.share() - 1.0
    }

    /// Pink noise by P. Kellet's filter, within 0.05 dB of 3 dB per octave above 9 Hz.
    pub(crate) fn pink(&mut self, frames: usize) -> Vec<f64> {
        let poles = [0.99886, 0.99332, 0.96900, 0.86650, 0.55000, -0.7616];
        let gains = [0.0555179, 0.0750759, 0.1538520, 0.3104856, 0.5329522, -0.0168980];
        let (mut states, mut last) = ([0.0; 6], 0.0);
        let mut next = || {
            let white = self.noise();
            for ((state, pole), gain) in states.iter_mut().zip(poles).zip(gains) {
                *state = pole * *state + gain * white;
            }
            let sum = states.iter().sum::<f64>() + last + 0.5362 * white;
            last = 0.115926 * white;
            0.05 * sum
        };
        (0..frames).map(|_| next()).collect()
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub(crate) fn pick<E: Copy>(&mut self, of: &[E]) -> E {
        of[self.below(of.len())]
    }
}

/// A seed from words and a number: the same in every run and on every machine.
pub(crate) fn seed_of(words: &[&str], number: usize) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
    });
    Random::new(hash ^ number as u64).bits()
}
