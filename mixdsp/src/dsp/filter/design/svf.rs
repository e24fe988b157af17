//! Floor 4: the five numbers of a second-order section, its response, and its exact relation to a biquad.
//!
//! ```text
//! s = (1/g) (z - 1)/(z + 1)          H = m0 + (m1 s + m2) / (s² + k s + 1)
//! ```
//!
//! The structure is the trapezoidal state-variable filter (A. Simper, "Linear Trapezoidal State Variable
//! Filter", Cytomic 2013). A. Wishnick, "Time-Varying Filters for Musical Applications" (DAFx-14) shows that
//! it stays stable while g and k change, as long as both are positive.

use core::f64::consts::PI;

use num_complex::Complex;

/// A second-order section as a trapezoidal state-variable filter: `y = m0 x + m1 band + m2 low`.
///
/// `g` is the tangent of half the natural frequency, tan(π f / rate); `k` is the damping, 1/Q. Both are
/// positive in every design, which is what makes the filter stable. `m0`, `m1`, `m2` mix the input, the
/// band-pass and the low-pass output and cannot make it unstable. All five are plain numbers without a unit.
///
/// The same five numbers, in the order `[g, k, m0, m1, m2]`, convert to and from `[f64; 5]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Svf {
    /// Tangent of half the natural frequency, positive.
    pub g: f64,
    /// Damping, 1/Q, positive.
    pub k: f64,
    /// Gain of the input; also the gain at half the sample rate.
    pub m0: f64,
    /// Gain of the band-pass output.
    pub m1: f64,
    /// Gain of the low-pass output; `m0 + m2` is the gain at 0 Hz.
    pub m2: f64,
}

impl Svf {
    /// Passes everything: the output is the input, to the bit.
    pub const IDENTITY: Self = Self { g: 1.0, k: core::f64::consts::SQRT_2, m0: 1.0, m1: 0.0, m2: 0.0 };

    /// Whether the output is the input, to the bit.
    pub fn is_identity(&self) -> bool {
        self.m0 == 1.0 && self.m1 == 0.0 && self.m2 == 0.0
    }

    /// One that passes everything and keeps its place in frequency, so that it can move there and back silently.
    pub fn bypassed(self) -> Self {
        Self { m0: 1.0, m1: 0.0, m2: 0.0, ..self }
    }

    /// The complex response of these very numbers at `frequency_hz`, for a `sample_rate` in hertz.
    ///
    /// Exact at every frequency, 0 Hz and half the rate included. Costs one sine and one cosine.
    pub fn response(&self, frequency_hz: f64, sample_rate: f64) -> Complex<f64> {
        let (sine, cosine) = libm::sincos(PI * frequency_hz / sample_rate);
        let gc = self.g * cosine;
        // Numerator and denominator times (g cos)², so that nothing is infinite at half the rate.
        let band = Complex::new(0.0, sine * gc);
        let low = gc * gc;
        let denominator = Complex::new(low - sine * sine, 0.0) + band * self.k;
        (band * self.m1 + low * self.m2) / denominator + self.m0
    }

    /// The section whose transfer function is `(b0 + b1/z + b2/z²) / (a0 + a1/z + a2/z²)`.
    ///
    /// `None` unless all coefficients are finite and both poles lie inside the unit circle: exactly the
    /// stable biquads have a state-variable form. The map is exact; measured against the biquad's own
    /// response it differs by less than 1e-9 dB.
    pub fn from_biquad(b: [f64; 3], a: [f64; 3]) -> Option<Self> {
        let at_dc = (a[0] + a[1] + a[2]) / a[0];
        let at_nyquist = (a[0] - a[1] + a[2]) / a[0];
        let difference = (a[0] - a[2]) / a[0];
        if !(at_dc > 0.0 && at_nyquist > 0.0 && difference > 0.0) {
            return None;
        }
        let g = libm::sqrt(at_dc / at_nyquist);
        let scale = a[0] * at_nyquist;
        let high = (b[0] - b[1] + b[2]) / scale;
        let band = 2.0 * (b[0] - b[2]) / (g * scale);
        let low = (b[0] + b[1] + b[2]) / (a[0] * at_dc);
        let k = 2.0 * difference / (g * at_nyquist);
        let svf = Self { g, k, m0: high, m1: band - k * high, m2: low - high };
        svf.is_sound().then_some(svf)
    }

    /// The numerator and denominator of the same transfer function in powers of 1/z, with `a[0] = 1`.
    ///
    /// Good for export and comparison. Do not run it in single precision: a biquad at low frequencies loses
    /// what the state-variable form keeps.
    pub fn to_biquad(&self) -> ([f64; 3], [f64; 3]) {
        let (g, g2) = (self.g, self.g * self.g);
        let high = self.m0;
        let band = (self.m1 + self.k * self.m0) * g;
        let low = (self.m0 + self.m2) * g2;
        let damping = self.k * g;
        let scale = 1.0 / (1.0 + damping + g2);
        let b = [(high + band + low) * scale, 2.0 * (low - high) * scale, (high - band + low) * scale];
        (b, [1.0, 2.0 * (g2 - 1.0) * scale, (1.0 - damping + g2) * scale])
    }

    /// Frames until the free decay has fallen by `decibels` (positive), an upper bound for tails.
    ///
    /// "Fallen" means against the largest output that a state of the same energy can give. The bound is the
    /// radius of the slower pole, plus the factor 1 + n/τ by which close or repeated poles can exceed the
    /// plain exponential exp(-n/τ), plus 6 dB for the turn between the two states. Zero when the output does
    /// not depend on the state (`m1 = m2 = 0`), infinite when `g` or `k` is not positive. Measured, the true
    /// length is 0.66 to 0.93 of the bound for 120 dB.
    pub fn decay_frames(&self, decibels: f64) -> f64 {
        if self.m1 == 0.0 && self.m2 == 0.0 {
            return 0.0;
        }
        if !self.is_sound() {
            return f64::INFINITY;
        }
        let target = (decibels + 6.0206).max(0.0) * (core::f64::consts::LN_10 / 20.0);
        // (1 + x) exp(-x) = exp(-target). The iteration starts above the solution and falls towards it, so
        // that it may stop anywhere and still give a bound.
        let mut x = 2.0 * target + 2.0;
        for _ in 0..4 {
            x = target + libm::log1p(x);
        }
        libm::ceil(x / self.decay_rate()) + 1.0
    }

    /// -ln of the larger pole radius: nepers per frame.
    fn decay_rate(&self) -> f64 {
        let (g, k) = (self.g, self.k);
        if k < 2.0 {
            return libm::atanh((g * k / (1.0 + g * g)).min(1.0 - f64::EPSILON));
        }
        // Two real poles at -slow and -1/slow; a fast one maps towards z = -1, where it is slow again.
        let slow = 2.0 / (k + libm::sqrt(k * k - 4.0));
        let rate = |x: f64| 2.0 * libm::atanh(x.min(1.0 / x).min(1.0 - f64::EPSILON));
        rate(g * slow).min(rate(g / slow))
    }

    /// Whether all five numbers are finite and the filter is stable.
    pub(super) fn is_sound(&self) -> bool {
        self.g > 0.0 && self.k > 0.0 && <[f64; 5]>::from(*self).iter().all(|x| x.is_finite())
    }
}

impl From<Svf> for [f64; 5] {
    fn from(svf: Svf) -> Self {
        [svf.g, svf.k, svf.m0, svf.m1, svf.m2]
    }
}

impl From<[f64; 5]> for Svf {
    fn from([g, k, m0, m1, m2]: [f64; 5]) -> Self {
        Self { g, k, m0, m1, m2 }
    }
}

/// A section as a fraction `(high s² + band s + low) / (s² + k s + 1)`, the form in which designs are made.
///
/// With `s = j t/g` and `t = tan(π f/rate)` it is the analogue form of the section on the warped axis `t`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fraction {
    pub(super) g: f64,
    pub(super) k: f64,
    pub(super) high: f64,
    pub(super) band: f64,
    pub(super) low: f64,
}

impl Fraction {
    /// One over this section. Needs `high`, `band` and `low` positive, and is then stable.
    pub(super) fn inverse(&self) -> Self {
        let centre = libm::sqrt(self.low / self.high);
        let scale = 1.0 / (self.high * centre);
        Self {
            g: self.g * centre,
            k: self.band * scale,
            high: 1.0 / self.high,
            band: self.k * scale,
            low: 1.0 / self.low,
        }
    }

    /// The same section, louder by the factor `gain`.
    pub(super) fn scaled(&self, gain: f64) -> Self {
        Self { high: self.high * gain, band: self.band * gain, low: self.low * gain, ..*self }
    }
}

impl From<Fraction> for Svf {
    fn from(x: Fraction) -> Self {
        Self { g: x.g, k: x.k, m0: x.high, m1: x.band - x.k * x.high, m2: x.low - x.high }
    }
}
