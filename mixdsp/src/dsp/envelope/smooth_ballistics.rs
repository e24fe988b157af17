//! Attack and release of a gain in decibels that begin and end smoothly.
//!
//! ```text
//! held = max(c, r held + (1 - r) c)              falls by the release, rises at once
//! out  = four one-poles in a row of held         each n / (1 + n), n = attack frames / 4.352
//! ```
//!
//! Times are the way to 63.2 %, as a time constant's is. A single pole starts with a corner, which clicks: opened in 1 ms,
//! a 200 Hz sine is left with up to -70 dB above 2 kHz. Four in a row start with value, slope and two more derivatives at
//! zero, and leave -91 dB; where it rises by 40 to 90 dB less than -103 dB, since the steepest part then lies where it is
//! still quiet. (More poles would be steeper there, and leave more of such a rise.) The four also slow the release, so
//! that is shortened by their delay. It never goes where its input was not.
//!
//! State, per channel: `held` and the four poles, in decibels, in f64.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x2};

/// Poles in a row.
pub(crate) const POLES: usize = 4;
/// Four poles of time constant 1 are 63.2 % of the way after so long: where Q(4, t) = 1 / e.
const TIME_TO_63: f64 = 4.351_992_687_802_34;

/// What one channel remembers: `held`, then the poles.
pub(crate) type Memory = [f64; 1 + POLES];

/// The two factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SmoothBallistics {
    attack: f64,
    release: f64,
}

impl SmoothBallistics {
    /// For these times at this sample rate. An attack of 0 is instant.
    pub(crate) fn new(attack_ms: f64, release_ms: f64, sample_rate: f64) -> Self {
        let frames = |milliseconds: f64| milliseconds * 1e-3 * sample_rate;
        // A pole's delay: so that the four are late by as much as they were with continuous time.
        let pole = frames(attack_ms) / TIME_TO_63;
        let release = (frames(release_ms) - POLES as f64 * pole).max(1.0);
        Self { attack: pole / (1.0 + pole), release: libm::exp(-1.0 / release) }
    }

    /// Smooths the values of one channel or two in place, side by side: so many frames, at most `F`.
    #[inline(always)]
    pub(crate) fn run<S: Simd, const N: usize, const F: usize>(
        &self,
        simd: S,
        memory: &mut [Memory; N],
        values: &mut [[f64; F]; N],
        frames: usize,
    ) {
        const { assert!(N == 1 || N == 2) }
        let lanes = |value| f64x2::splat(simd, value);
        let (a, r) = (lanes(self.attack), lanes(self.release));
        let (b, s) = (lanes(1.0 - self.attack), lanes(1.0 - self.release));
        let both = |value: [f64; 2]| f64x2::from_slice(simd, &value);
        let mut held = both([memory[0][0], memory[N - 1][0]]);
        let mut poles = [held; POLES];
        for p in 0..POLES {
            poles[p] = both([memory[0][1 + p], memory[N - 1][1 + p]]);
        }
        for f in 0..frames.min(F) {
            let c = both([values[0][f], values[N - 1][f]]);
            held = c.max(r.mul_add(held, s * c));
            let mut x = held;
            for p in 0..POLES {
                x = a.mul_add(poles[p], b * x);
                poles[p] = x;
            }
            let now = x.as_slice();
            for lane in 0..N {
                values[lane][f] = now[lane];
            }
        }
        for lane in 0..N {
            memory[lane][0] = held.as_slice()[lane];
            for p in 0..POLES {
                memory[lane][1 + p] = poles[p].as_slice()[lane];
            }
        }
    }

    /// The same for part of a group: a function of its own, since it is rare.
    #[inline(never)]
    pub(crate) fn run_some<S: Simd, const N: usize, const F: usize>(
        &self,
        simd: S,
        memory: &mut [Memory; N],
        values: &mut [[f64; F]; N],
        frames: usize,
    ) {
        simd.vectorize(
            #[inline(always)]
            || self.run(simd, memory, values, frames),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};

    /// Where it is this share of the way from one value to another, in frames between two.
    fn crossing(path: &[f64], level: f64) -> f64 {
        let at = path.windows(2).position(|pair| (pair[0] - level) * (pair[1] - level) <= 0.0).unwrap();
        at as f64 + (level - path[at]) / (path[at + 1] - path[at])
    }

    #[test]
    fn times_are_what_they_say() {
        for rate in [44_100.0, 192_000.0] {
            for (attack_ms, release_ms) in [(1.0, 20.0), (1.0, 100.0), (10.0, 100.0), (30.0, 1_000.0)] {
                let ballistics = SmoothBallistics::new(attack_ms, release_ms, rate);
                let mut memory = [[-60.0; 5]];
                let mut run = |from: f64, to: f64, frames: usize| {
                    let step = |value| {
                        let mut one = [[value]];
                        dispatch!(SimdLevel::BEST, s => ballistics.run(s, &mut memory, &mut one, 1));
                        one[0][0]
                    };
                    let path = core::iter::once(from).chain(core::iter::repeat_n(to, frames).map(step));
                    path.collect::<alloc::vec::Vec<f64>>()
                };
                let way = 1.0 - libm::exp(-1.0);
                let up = run(-60.0, 0.0, (rate * 0.02 * attack_ms) as usize);
                let down = run(0.0, -60.0, (rate * 0.005 * release_ms) as usize);
                let attack = crossing(&up, -60.0 * (1.0 - way)) / rate * 1e3;
                let release = crossing(&down, -60.0 * way) / rate * 1e3;
                std::println!(
                    "{rate}: attack {attack:.4} of {attack_ms} ms, release {release:.3} of {release_ms} ms"
                );
                assert!((attack / attack_ms - 1.0).abs() < 0.02, "{attack} ms for {attack_ms}");
                assert!((release / release_ms - 1.0).abs() < 0.02, "{release} ms for {release_ms}");
                assert!(up.windows(2).all(|pair| pair[1] >= pair[0]), "it never turns back");
            }
        }
    }
}
