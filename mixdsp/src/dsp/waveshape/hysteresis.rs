//! Hysteresis: a curve whose way down is another than its way up, as tape is magnetised.
//!
//! ```text
//! m += (tanh(x) - m) (1 - exp(-|step| / WIDTH))      where that is the way x goes; otherwise m stays
//! y  = tanh(x) + behind m                            what follows at once, and what stays behind
//! ```
//!
//! The model of D. C. Jiles and D. L. Atherton ("Theory of ferromagnetic hysteresis", Journal of Magnetism and Magnetic
//! Materials 61, 1986) without coupling between domains; J. Chowdhury uses theirs for tape ("Real-time physical modelling
//! for analog tape machines", DAFx 2019). Between two frames its equation is solved exactly for a mean field, so that it is
//! stable for any step, and depends on the way that the field goes and not on its speed. What stays behind is little where
//! the alternating current of a recording head, the bias, makes the rest follow at once. It leaks away in a tenth of a
//! second, so that silence is silent.
//!
//! State, per channel: a [`Magnetisation`].

use crate::base::math::FastMath;
use crate::base::memory::plain;
use crate::base::sample::Sample;
use crate::params::ramp::CHUNK;

/// How far the field goes until what stays behind has come 63 % of its way.
const WIDTH: f64 = 0.5;
/// Time constant of the leak.
pub(crate) const LEAK_SECONDS: f64 = 0.1;
/// So near what stays behind has come to rest.
const NEAR: f64 = 1e-12;

plain! {
    /// What tape keeps.
    pub(crate) struct Magnetisation {
        /// What stays behind, in units of the saturation, beyond what silence leaves.
        behind: f64,
        /// The last field, and what the tape added to it.
        field: f64,
        added: f64,
    }
}

/// Tape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tape<'a, T> {
    /// Weight of what stays behind, for each frame of the low rate.
    pub(crate) behind: &'a [T; CHUNK],
    /// What is added to the audio before.
    pub(crate) biases: &'a [T],
    /// What is left of it after a frame of the high rate.
    pub(crate) kept: f64,
    pub(crate) octaves: usize,
}

#[inline(always)]
fn tanh(x: f64) -> f64 {
    let power = FastMath::exp2(x.clamp(-40.0, 40.0) * (2.0 * core::f64::consts::LOG2_E));
    (power - 1.0) / (power + 1.0)
}

impl<T: Sample> Tape<'_, T> {
    /// Adds to `out` what tape adds to frames of the high rate beyond what it adds to silence, a frame late; of
    /// that a share for each frame of the low rate.
    #[inline(always)]
    pub(crate) fn add(&self, state: &mut Magnetisation, samples: &[T], shares: &[T; CHUNK], out: &mut [T]) {
        let mut silent = [0.0; CHUNK];
        silent.iter_mut().zip(self.biases).for_each(|(silent, bias)| *silent = tanh(bias.to_f64()));
        for (f, (sample, out)) in samples.iter().zip(out).enumerate() {
            let at = f >> self.octaves;
            let field = sample.to_f64() + self.biases[at].to_f64();
            let step = field - state.field;
            let missing = tanh(0.5 * (field + state.field)) - silent[at] - state.behind;
            if missing * step > 0.0 {
                state.behind +=
                    missing * (1.0 - FastMath::exp2(step.abs() * (-core::f64::consts::LOG2_E / WIDTH)));
            }
            state.behind *= self.kept;
            state.field = field;
            *out += shares[at] * T::from_f64(state.added);
            state.added =
                tanh(field) - silent[at] + self.behind[at].to_f64() * state.behind - sample.to_f64();
        }
    }
}

impl Magnetisation {
    /// None.
    pub(crate) const NONE: Self = Self { behind: 0.0, field: 0.0, added: 0.0 };

    /// What is too small to matter becomes zero.
    pub(crate) fn settle(&mut self) {
        if self.behind.abs() < NEAR {
            self.behind = 0.0;
        }
        if self.added.abs() < NEAR * 1e-3 {
            self.added = 0.0;
        }
    }
}
