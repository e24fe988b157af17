//! Attack and release of a gain reduction in decibels: the smooth decoupled form.
//!
//! ```text
//! held = max(c, r held + (1 - r) c)        r = exp(-1 / (release frames)):  falls by the release
//! out  = a out + (1 - a) held              a = exp(-1 / (attack frames)):   rises by the attack
//! ```
//!
//! Times are time constants: 63.2 % of the way in decibels. The attack's smoother also slows the release, so the
//! release's own is shortened, just so that both together take the time. No release is shorter than the attack.
//!
//! A detector that hears what was turned down sees less of a change of level the steeper the curve is. For a slope of
//! the curve s = 1 - 1/ratio that is solved exactly by the same recursion with shorter times: a (1 - s) / (1 - a s) in
//! place of a. Auto release keeps, beside that, a reduction that has lasted:
//!
//! ```text
//! slow = slow + c (out - slow)             c of the charge where out is larger, of the slow release where it is not
//! out  = max(out, 0.7 slow)
//! ```
//!
//! Source: Giannoulis, Massberg, Reiss, "Digital Dynamic
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
        Self {
            attack: factor(attack_ms),
            release: factor(release_behind(attack_ms, release_ms).max(shortest)),
        }
    }

    /// The factors of attack and release, for recursions that run several times side by side.
    pub(crate) fn factors(&self) -> [f64; 2] {
        [self.attack, self.release]
    }

    /// The same for part of a group: a function of its own, since it is rare.
    #[inline(never)]
    pub(crate) fn run_some<S: Simd, const N: usize, const F: usize>(
        &self,
        simd: S,
        memory: &mut [Memory; N],
        reductions: &mut [[f64; F]; N],
        frames: usize,
    ) {
        simd.vectorize(
            #[inline(always)]
            || self.run(simd, memory, reductions, frames),
        );
    }

    /// Smooths the reductions of one channel or two in place, two side by side: so many frames, at most `F`. A frame
    /// waits for the one before, six cycles with fused multiply-add.
    #[inline(always)]
    pub(crate) fn run<S: Simd, const N: usize, const F: usize>(
        &self,
        simd: S,
        memory: &mut [Memory; N],
        reductions: &mut [[f64; F]; N],
        frames: usize,
    ) {
        const { assert!(N == 1 || N == 2) }
        let lanes = |value| f64x2::splat(simd, value);
        let (a, r) = (lanes(self.attack), lanes(self.release));
        let (b, s) = (lanes(1.0 - self.attack), lanes(1.0 - self.release));
        let both = |value: [f64; 2]| f64x2::from_slice(simd, &value);
        let mut held = both([memory[0][0], memory[N - 1][0]]);
        let mut out = both([memory[0][1], memory[N - 1][1]]);
        for f in 0..frames.min(F) {
            let c = both([reductions[0][f], reductions[N - 1][f]]);
            held = c.max(r.mul_add(held, s * c));
            out = a.mul_add(out, b * held);
            let now = out.as_slice();
            for lane in 0..N {
                reductions[lane][f] = now[lane];
            }
        }
        let (held, out) = (held.as_slice(), out.as_slice());
        for lane in 0..N {
            memory[lane] = [held[lane], out[lane]];
        }
    }
}

/// The time constant which, with the attack's smoother behind it, takes `release_ms` to fall by 63.2 %; in the same unit.
fn release_behind(attack_ms: f64, release_ms: f64) -> f64 {
    if attack_ms <= 0.0 {
        return release_ms;
    }
    let left = |own_ms: f64| {
        let decay = |constant: f64| libm::exp(-release_ms / constant);
        let apart = own_ms - attack_ms;
        if apart.abs() < 1e-6 * attack_ms {
            return (1.0 + release_ms / attack_ms) * decay(attack_ms);
        }
        (own_ms * decay(own_ms) - attack_ms * decay(attack_ms)) / apart
    };
    // What is left after that time grows with the constant.
    let (mut low, mut high) = (0.0, release_ms);
    for _ in 0..30 {
        let middle = 0.5 * (low + high);
        if left(middle) < libm::exp(-1.0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// How attack and release of two channels differ from frame to frame.
#[derive(Debug)]
pub(crate) struct Varied<const F: usize> {
    /// Slope of the curve that feedback goes around, 0 to 1; 0 without feedback.
    pub(crate) slopes: [[f64; F]; 2],
    /// Share of auto release.
    pub(crate) auto_release: [f64; F],
}

/// The factors of the slow stage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlowStage {
    charge: f64,
    release: f64,
}

/// Share of the reduction that has lasted.
const LASTING: f64 = 0.7;

impl SlowStage {
    /// For these times at this sample rate.
    pub(crate) fn new(charge_ms: f64, release_ms: f64, sample_rate: f64) -> Self {
        let share = |milliseconds: f64| 1.0 - libm::exp(-1e3 / (milliseconds * sample_rate));
        Self { charge: share(charge_ms), release: share(release_ms) }
    }

    /// Keeps what lasts of a reduction, and holds that; forgets it where it has no share.
    #[inline(always)]
    fn step(&self, slow: &mut f64, share: f64, reduction: f64) -> f64 {
        if share == 0.0 {
            *slow = 0.0;
            return reduction;
        }
        *slow += (reduction - *slow) * if reduction > *slow { self.charge } else { self.release };
        let lasting = share * LASTING * *slow;
        if lasting > reduction && lasting > 0.0 { lasting } else { reduction }
    }
}

impl Ballistics {
    /// The same as [`run`](Ballistics::run) with feedback and auto release; where neither has a share, to the bit.
    #[inline(always)]
    pub(crate) fn run_varied<S: Simd, const F: usize>(
        &self,
        simd: S,
        varied: &Varied<F>,
        slow_stage: &SlowStage,
        (memory, slow): (&mut [Memory; 2], &mut [f64; 2]),
        reductions: &mut [[f64; F]; 2],
        frames: usize,
    ) {
        let factors = |factor: f64, f: usize| {
            let of = |lane: usize| {
                let slope = varied.slopes[lane][f];
                factor * (1.0 - slope) / (1.0 - factor * slope)
            };
            f64x2::from_slice(simd, &[of(0), of(1)])
        };
        let one = f64x2::splat(simd, 1.0);
        let both = |value: [f64; 2]| f64x2::from_slice(simd, &value);
        let mut held = both([memory[0][0], memory[1][0]]);
        let mut out = both([memory[0][1], memory[1][1]]);
        for f in 0..frames.min(F) {
            let (a, r) = (factors(self.attack, f), factors(self.release, f));
            let c = both([reductions[0][f], reductions[1][f]]);
            held = c.max(r.mul_add(held, (one - r) * c));
            out = a.mul_add(out, (one - a) * held);
            let now = out.as_slice();
            for lane in 0..2 {
                reductions[lane][f] = slow_stage.step(&mut slow[lane], varied.auto_release[f], now[lane]);
            }
        }
        let (held, out) = (held.as_slice(), out.as_slice());
        for lane in 0..2 {
            memory[lane] = [held[lane], out[lane]];
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
                    for value in reductions {
                        let mut one = [[*value]];
                        dispatch!(SimdLevel::BEST, s => ballistics.run(s, memory, &mut one, 1));
                        *value = one[0][0];
                    }
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
