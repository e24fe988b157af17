//! Floor 4: low-frequency oscillators: what moves a modulation.
//!
//! ```text
//! rate --> step --> phase += step, per frame --> (+ offset) --> sine
//! ```
//!
//! The phase is a whole number of 64 bits that wraps around with the turn: it never drifts, whatever the rate, and is the
//! same however audio is cut. Where the rate is 0 the oscillator stands.

use crate::base::math::FastMath;
use crate::params::ramp::CHUNK;
use core::f64::consts::TAU;

/// 2^64: the steps of a turn.
const TURN: f64 = 18_446_744_073_709_551_616.0;
/// 2^52 and a half of it: adding this rounds to a whole number.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// Where the oscillator is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lfo {
    phase: u64,
}

/// Turns per frame.
pub(crate) fn turns_per_frame(rate_hz: f64, sample_rate: f64) -> f64 {
    rate_hz / sample_rate
}

impl Lfo {
    /// The phase of the next frame in turns.
    #[inline(always)]
    pub(crate) fn turns(&self) -> f64 {
        f64::from((self.phase >> 32) as u32) * (1.0 / 4_294_967_296.0)
    }

    /// Writes the phase of each of some frames in turns, 0 to 1, and moves on.
    #[inline(always)]
    pub(crate) fn fill(&mut self, step: impl Fn(usize) -> f64, frames: usize, phases: &mut [f64; CHUNK]) {
        for (f, to) in phases.iter_mut().enumerate().take(frames) {
            *to = self.turns();
            self.phase = self.phase.wrapping_add((step(f) * TURN) as u64);
        }
    }
}

/// The sine of an angle in turns, of a few turns either way. Wrong by at most 1e-9.
#[inline(always)]
pub(crate) fn sine(turns: f64) -> f64 {
    let rest = turns - ((turns + ROUND) - ROUND);
    let size = rest.abs();
    let quarter = (TAU * (0.25 - (size - 0.25).abs())).sin_quarter();
    if rest < 0.0 { -quarter } else { quarter }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_sine_and_keeps_its_rate() {
        for n in -3_000..=3_000 {
            let turns = f64::from(n) / 997.0;
            assert!((sine(turns) - libm::sin(TAU * turns)).abs() < 2e-9, "{turns}");
        }
        // An hour at 48 kHz, cut in parts of different lengths.
        let step = turns_per_frame(0.37, 48_000.0);
        let (mut lfo, mut phases, mut frame) = (Lfo::default(), [0.0; CHUNK], 0u64);
        while frame < 172_800_000 {
            lfo.phase = lfo.phase.wrapping_add(((step * TURN) as u64).wrapping_mul(999_937));
            frame += 999_937;
            lfo.fill(|_| step, 63, &mut phases);
            let turns = libm::fmod(frame as f64 * step, 1.0);
            assert!((phases[0] - turns).abs() < 1e-6, "{frame}: {} for {turns}", phases[0]);
            frame += 63;
        }
    }
}
