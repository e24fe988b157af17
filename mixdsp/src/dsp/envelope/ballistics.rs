//! Attack and release of a gain reduction in decibels: the smooth decoupled form.
//!
//! ```text
//! held = max(c, r held + (1 - r) c)        r = exp(-1 / (release frames)):  falls by the release
//! out  = a out + (1 - a) held              a = exp(-1 / (attack frames)):   rises by the attack
//! ```
//!
//! Times are time constants: 63.2 % of the way in decibels. The attack's smoother also slows the release,
//! so the release is shortened by the attack's time. Source: Giannoulis, Massberg, Reiss, "Digital Dynamic
//! Range Compressor Design", JAES 60(6), 2012. Runs in f64: a release of seconds at a high rate is lost in
//! f32.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x2};

/// The two factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ballistics {
    attack: f64,
    release: f64,
}

/// What one channel remembers: `held` and `out`, in decibels.
pub(crate) type Memory = [f64; 2];

impl Ballistics {
    /// For these times at this sample rate. An attack of 0 is instant.
    pub(crate) fn new(attack_ms: f64, release_ms: f64, sample_rate: f64) -> Self {
        let factor = |milliseconds: f64| {
            let frames = milliseconds * 1e-3 * sample_rate;
            if frames > 0.0 { libm::exp(-1.0 / frames) } else { 0.0 }
        };
        let shortest = 1e3 / sample_rate;
        Self { attack: factor(attack_ms), release: factor((release_ms - attack_ms).max(shortest)) }
    }

    /// The factors of attack and release, for recursions that run several times side by side.
    pub(crate) fn factors(&self) -> [f64; 2] {
        [self.attack, self.release]
    }

    /// Smooths the first `frames` reductions of one channel or two in place, two side by side. A frame waits for the
    /// one before, six cycles with fused multiply-add.
    #[inline(always)]
    pub(crate) fn run<S: Simd, const N: usize>(
        &self,
        simd: S,
        memory: &mut [Memory; N],
        reductions: &mut [impl AsMut<[f64]>; N],
        frames: usize,
    ) {
        const { assert!(N == 1 || N == 2) }
        let lanes = |value| f64x2::splat(simd, value);
        let (a, r) = (lanes(self.attack), lanes(self.release));
        let (b, s) = (lanes(1.0 - self.attack), lanes(1.0 - self.release));
        let both = |value: [f64; 2]| f64x2::from_slice(simd, &value);
        let mut held = both([memory[0][0], memory[N - 1][0]]);
        let mut out = both([memory[0][1], memory[N - 1][1]]);
        for f in 0..frames {
            let c = both([reductions[0].as_mut()[f], reductions[N - 1].as_mut()[f]]);
            held = c.max(r.mul_add(held, s * c));
            out = a.mul_add(out, b * held);
            for n in 0..N {
                reductions[n].as_mut()[f] = out[n];
            }
        }
        for n in 0..N {
            memory[n] = [held[n], out[n]];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};

    #[test]
    fn times_are_what_they_say() {
        for rate in [44_100.0, 192_000.0] {
            for (attack_ms, release_ms) in [(10.0, 100.0), (1.0, 50.0), (30.0, 1_000.0)] {
                let ballistics = Ballistics::new(attack_ms, release_ms, rate);
                let mut memory = [[0.0; 2]];
                let run = |memory: &mut [Memory; 1], reductions: &mut [f64]| {
                    dispatch!(SimdLevel::BEST, s => ballistics.run(s, memory, &mut [&mut *reductions], reductions.len()));
                };
                let settle = (rate * 0.02 * attack_ms) as usize;
                let mut up = alloc::vec![10.0; settle];
                run(&mut memory, &mut up);
                let reached = 10.0 * (1.0 - libm::exp(-1.0));
                let attack = up.iter().position(|y| *y >= reached).unwrap() as f64 / rate * 1e3;
                let mut down = alloc::vec![0.0; (rate * 0.005 * release_ms) as usize];
                run(&mut memory, &mut down);
                let left = 10.0 * libm::exp(-1.0);
                let release = down.iter().position(|y| *y <= left).unwrap() as f64 / rate * 1e3;
                std::println!(
                    "{rate}: attack {attack:.3} of {attack_ms} ms, release {release:.2} of {release_ms} ms"
                );
                assert!((attack / attack_ms - 1.0).abs() < 0.02, "{attack} ms for {attack_ms}");
                assert!((release / release_ms - 1.0).abs() < 0.02, "{release} ms for {release_ms}");
            }
        }
    }
}
