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
//! Every frame waits for the one before. So four are solved at once: frames in a row make max(m, q + r^n held) with an m and
//! a q that do not depend on what was before. Blocks of four begin where the recursion does, however audio is cut:
//! of a block that is not whole, what was asked for in it is kept.
//!
//! Source: Giannoulis, Massberg, Reiss, "Digital Dynamic
//! Range Compressor Design", JAES 60(6), 2012. Runs in f64: a release of seconds at a high rate is lost in
//! f32.

use super::larger;
use crate::base::memory::plain;
use crate::base::sample::Sample;
use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x2, f64x4};

/// Frames that are worked on at once.
const BLOCK: usize = 4;
/// Less than any reduction.
const NOTHING: f64 = -1e300;

/// The two factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ballistics {
    attack: f64,
    release: f64,
}

plain! {
    /// What one channel remembers.
    pub(crate) struct Memory {
        /// `held` and `out` before the block, in decibels, in all lanes as a block takes them.
        held: [f64; BLOCK],
        out: [f64; BLOCK],
        /// Frames of the block that have been, and what was asked for in them.
        count: u64,
        asked: [f64; BLOCK - 1],
    }
}

impl Memory {
    /// Nothing is reduced.
    pub(crate) const ZERO: Self =
        Self { held: [0.0; BLOCK], out: [0.0; BLOCK], count: 0, asked: [0.0; BLOCK - 1] };

    #[inline(always)]
    fn keep<S: Simd>(&mut self, state: &[f64x4<S>; 2]) {
        state[0].store_slice(&mut self.held);
        state[1].store_slice(&mut self.out);
    }

    /// No reduction to come is larger than this, or than what will be asked for.
    pub(crate) fn largest_db(&self) -> f64 {
        let asked = &self.asked[..(self.count as usize).min(BLOCK - 1)];
        asked.iter().fold(larger(self.held[0], self.out[0]), |largest, asked| larger(largest, *asked))
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self) {
        (self.held, self.out) = (self.held.map(Sample::flushed), self.out.map(Sample::flushed));
        self.asked = self.asked.map(Sample::flushed);
    }
}

/// A factor in all lanes, its square, its first four powers, and what it leaves of 1.
#[derive(Clone, Copy)]
struct Powers<S: Simd> {
    first: f64x4<S>,
    second: f64x4<S>,
    all: f64x4<S>,
    rest: f64x4<S>,
}

impl<S: Simd> Powers<S> {
    #[inline(always)]
    fn new(simd: S, factor: f64) -> Self {
        let second = factor * factor;
        Self {
            first: f64x4::splat(simd, factor),
            second: f64x4::splat(simd, second),
            all: f64x4::from_slice(simd, &[factor, second, second * factor, second * second]),
            rest: f64x4::splat(simd, 1.0 - factor),
        }
    }
}

/// The recursion over a block, as it is computed with.
#[derive(Clone, Copy)]
struct Steps<S: Simd> {
    simd: S,
    attack: Powers<S>,
    release: Powers<S>,
    nothing: f64x4<S>,
    zero: f64x4<S>,
}

impl<S: Simd> Steps<S> {
    #[inline(always)]
    fn new(simd: S, ballistics: &Ballistics) -> Self {
        Self {
            simd,
            attack: Powers::new(simd, ballistics.attack),
            release: Powers::new(simd, ballistics.release),
            nothing: f64x4::splat(simd, NOTHING),
            zero: f64x4::splat(simd, 0.0),
        }
    }

    #[inline(always)]
    fn state(&self, memory: &Memory) -> [f64x4<S>; 2] {
        [f64x4::from_slice(self.simd, &memory.held), f64x4::from_slice(self.simd, &memory.out)]
    }

    /// `out` of a block, from `held` and `out` before it in all lanes, which become those after it. What a frame becomes does
    /// not depend on those after it.
    #[inline(always)]
    fn block(&self, asked: f64x4<S>, [held, out]: &mut [f64x4<S>; 2]) -> f64x4<S> {
        let Self { simd, attack: a, release: r, nothing, zero } = self;
        let last = |values: f64x4<S>| f64x4::splat(*simd, values.as_slice()[BLOCK - 1]);
        // Some frames in a row make max(least, sum + r^n held); first two, then four.
        let part = r.rest * asked;
        let least = asked.max(r.first.mul_add(nothing.slide::<3>(asked), part));
        let sum = r.first.mul_add(zero.slide::<3>(part), part);
        let least = least.max(r.second.mul_add(nothing.slide::<2>(least), sum));
        let sum = r.second.mul_add(zero.slide::<2>(sum), sum);
        let now = least.max(r.all.mul_add(*held, sum));
        // What the next block waits for takes the shortest way to the same bits.
        *held = last(least).max(last(r.all).mul_add(*held, last(sum)));
        let part = a.rest * now;
        let sum = a.first.mul_add(zero.slide::<3>(part), part);
        let sum = a.second.mul_add(zero.slide::<2>(sum), sum);
        let now = a.all.mul_add(*out, sum);
        *out = last(a.all).mul_add(*out, last(sum));
        now
    }
}

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

    /// Lets a block begin here: before the factors change.
    pub(crate) fn begin_block(&self, memory: &mut Memory) {
        for asked in &memory.asked[..(memory.count as usize).min(BLOCK - 1)] {
            let released = self.release * memory.held[0] + (1.0 - self.release) * asked;
            memory.held = [larger(*asked, released); BLOCK];
            memory.out = [self.attack * memory.out[0] + (1.0 - self.attack) * memory.held[0]; BLOCK];
        }
        memory.count = 0;
    }

    /// Smooths the reductions of one channel or two in place, two side by side: so many frames, at most `F`.
    /// A block of four waits for the one before, eight cycles with fused multiply-add.
    #[inline(never)]
    pub(crate) fn run<S: Simd, const N: usize, const F: usize>(
        &self,
        simd: S,
        memory: &mut [Memory; N],
        reductions: &mut [[f64; F]; N],
        frames: usize,
    ) {
        const { assert!(F.is_multiple_of(BLOCK)) }
        if frames != F || memory[0].count != 0 {
            return self.run_some(simd, memory, reductions, frames);
        }
        simd.vectorize(
            #[inline(always)]
            || {
                let steps = Steps::new(simd, self);
                let mut state = memory.map(|memory| steps.state(&memory));
                for from in (0..F).step_by(BLOCK) {
                    for lane in 0..N {
                        let block = &mut reductions[lane][from..from + BLOCK];
                        steps.block(f64x4::from_slice(simd, block), &mut state[lane]).store_slice(block);
                    }
                }
                for lane in 0..N {
                    memory[lane].keep(&state[lane]);
                }
            },
        );
    }

    /// The same where blocks are cut. A function of its own: it is rare.
    #[inline(never)]
    fn run_some<S: Simd, const N: usize, const F: usize>(
        &self,
        simd: S,
        memory: &mut [Memory; N],
        reductions: &mut [[f64; F]; N],
        frames: usize,
    ) {
        simd.vectorize(
            #[inline(always)]
            || {
                let steps = Steps::new(simd, self);
                for (memory, reductions) in memory.iter_mut().zip(reductions) {
                    let mut rest = &mut reductions[..frames.min(F)];
                    while !rest.is_empty() {
                        let from = (memory.count as usize).min(BLOCK - 1);
                        let (now, then) = rest.split_at_mut(rest.len().min(BLOCK - from));
                        let to = from + now.len();
                        let mut asked = [0.0; BLOCK];
                        asked[..from].copy_from_slice(&memory.asked[..from]);
                        asked[from..to].copy_from_slice(now);
                        let mut state = steps.state(memory);
                        let out = steps.block(f64x4::from_slice(simd, &asked), &mut state);
                        now.copy_from_slice(&out.as_slice()[from..to]);
                        if to == BLOCK {
                            memory.keep(&state);
                            memory.count = 0;
                        } else {
                            memory.asked[from..to].copy_from_slice(&asked[from..to]);
                            memory.count = to as u64;
                        }
                        rest = then;
                    }
                }
            },
        );
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
    /// The same as [`run`](Ballistics::run) with feedback and auto release, a frame at a time.
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
        memory.iter_mut().for_each(|memory| self.begin_block(memory));
        let mut held = both([memory[0].held[0], memory[1].held[0]]);
        let mut out = both([memory[0].out[0], memory[1].out[0]]);
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
            (memory[lane].held, memory[lane].out) = ([held[lane]; BLOCK], [out[lane]; BLOCK]);
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
                let mut memory = [Memory::ZERO];
                let run = |memory: &mut [Memory; 1], reductions: &mut [f64]| {
                    for value in reductions {
                        let mut one = [[*value; BLOCK]];
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
