//! Floor 4: pan laws: how loud a sound stays on one side while it moves to the other.
//!
//! ```text
//! away:  how far the sound has gone from this side, 0 to 1
//! gain = cos(away pi / 2)^e, e = fall / 3.0103 dB         or, linear, 1 - away
//! ```
//!
//! `fall` is by how much each side is lower in the centre, where `away` is a half. With 3.0103 dB the power of both
//! sides stays even, with twice that their sum.

use crate::base::math::FastMath;
use crate::params::choices;
use core::f64::consts::FRAC_PI_2;

/// By how much each side of a sound of even power is lower in the centre.
const EVEN_POWER_DB: f64 = 3.010_299_956_639_812;
/// The cosine's exponent of 4.5 dB.
const COMPROMISE: f64 = 4.5 / EVEN_POWER_DB;

choices! {
    /// How far each side's level falls in the centre.
    pub enum PanLaw {
        /// 3 dB: the power stays even. For rooms.
        ConstantPower = "constant_power",
        /// 4.5 dB: between the two.
        Compromise = "compromise",
        /// 6 dB: the sum of both sides stays even. For mono.
        ConstantSum = "constant_sum",
        /// 6 dB: both sides change evenly, so that their sum stays even too.
        Linear = "linear",
        /// As far as `centre_db` says.
        Centre = "centre",
    }
}

/// Laws in numbers: while a law changes, the gain is a mean of those of all laws, so that it never leaves what they ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LawNumbers {
    /// The cosine's exponent of the law that `centre_db` sets.
    pub(crate) exponent: f64,
    /// Shares of the other laws; that one has the rest.
    pub(crate) power: f64,
    pub(crate) compromise: f64,
    pub(crate) sum: f64,
    pub(crate) linear: f64,
}

impl PanLaw {
    /// The law's numbers.
    pub(crate) fn numbers(self, centre_db: f64) -> LawNumbers {
        let share = |law| if self == law { 1.0 } else { 0.0 };
        LawNumbers {
            exponent: -centre_db / EVEN_POWER_DB,
            power: share(Self::ConstantPower),
            compromise: share(Self::Compromise),
            sum: share(Self::ConstantSum),
            linear: share(Self::Linear),
        }
    }
}

impl LawNumbers {
    /// The mean of the laws' gains, by the cosine and by its powers of the compromise and of `centre_db`.
    #[inline(always)]
    fn mean(self, away: f64, cosine: f64, [compromise, centre]: [f64; 2]) -> f64 {
        let rest = 1.0 - (self.power + self.compromise + self.sum + self.linear);
        let curves = self.power * cosine + self.sum * cosine * cosine + self.linear * (1.0 - away);
        curves + self.compromise * compromise + rest * centre
    }

    /// The gain at rest.
    pub(crate) fn gain(self, away: f64) -> f64 {
        // cos(pi / 2) is not exactly 0 in f64, a hard pan is
        if away >= 1.0 {
            return 0.0;
        }
        let cosine = libm::cos(FRAC_PI_2 * away);
        self.mean(away, cosine, [COMPROMISE, self.exponent].map(|exponent| libm::pow(cosine, exponent)))
    }

    /// The same on the way, by polynomials.
    #[inline(always)]
    pub(crate) fn moving_gain(self, away: f64) -> f64 {
        let cosine = (FRAC_PI_2 * (1.0 - away)).sin_quarter();
        let log2 = FastMath::log2(if cosine > 1e-12 { cosine } else { 1e-12 });
        self.mean(away, cosine, [(COMPROMISE * log2).exp2(), (self.exponent * log2).exp2()])
    }
}

/// How far from left and right a place of a mono sound is, -1 to 1.
#[inline(always)]
pub(crate) fn away(pan: f64) -> [f64; 2] {
    [0.5 * (1.0 + pan), 0.5 * (1.0 - pan)]
}
