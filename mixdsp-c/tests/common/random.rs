//! Seeded random numbers.

use mixdsp::Sample;
use mixdsp::params::{Row, Scaling};

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// 0 up to, not including, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.share() * end as f64) as usize
    }

    /// 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A value of a row, in a range.
    pub fn value(&mut self, row: &Row, (low, high): (f64, f64)) -> f64 {
        let share = self.share();
        match row.scaling {
            Scaling::Linear => low + share * (high - low),
            Scaling::Logarithmic | Scaling::Frequency => (low * (high / low).powf(share)).clamp(low, high),
            _ => low + self.below((high - low) as usize + 1) as f64,
        }
    }

    /// Noise of full scale.
    pub fn noise<T: Sample>(&mut self, frames: usize) -> Vec<T> {
        (0..frames).map(|_| T::from_f64(self.share() * 2.0 - 1.0)).collect()
    }
}
