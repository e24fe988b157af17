//! Floor 4: the bilinear transform: the analogue prototype on a squeezed frequency axis, exact at its frequency.

use core::f64::consts::PI;

use super::prototype::{Prototype, Shape};
use super::svf::{Fraction, Svf};

/// Highest frequency, in units of the sample rate, at which the tangent is still a usable number.
const HIGHEST: f64 = 0.4999;

/// The section by the plain bilinear transform with its frequency kept: for crossovers and their all-passes.
///
/// Identities between prototypes of one frequency (low-pass + high-pass = all-pass, complementary sums) hold
/// for the sections as well, to rounding. The curve is squeezed towards half the sample rate: 10 dB wrong for
/// a bell of 18 dB at 15 kHz and 44.1 kHz, 0.4 dB up to 1.5 kHz. First-order shapes come out as a
/// second-order section with one pole cancelled, `k = 2`, so that they run in the same kernel.
///
/// `sample_rate` in hertz. Frequencies above 0.4999 of it are taken as that; numbers that are not finite give
/// [`Svf::IDENTITY`]. Costs one tangent, one exponential and two roots, about 30 ns.
pub fn bilinear(prototype: &Prototype, sample_rate: f64) -> Svf {
    let Some(prototype) = prototype.limited(sample_rate) else { return Svf::IDENTITY };
    let tangent = libm::tan(PI * (prototype.frequency_hz / sample_rate).min(HIGHEST));
    let curve = prototype.curve();
    let (mut b, mut a) = (curve.numerator, curve.denominator);
    if matches!(prototype.shape, Shape::LowPass1 | Shape::HighPass1 | Shape::AllPass1) {
        // Times (s + 1) above and below.
        b = [b[0], b[1] + b[0], b[1]];
        a = [1.0, 2.0, 1.0];
    }
    let centre = libm::sqrt(a[0] / a[2]);
    let scale = 1.0 / (a[2] * centre);
    Fraction { g: tangent * centre, k: a[1] * scale, high: b[2] / a[2], band: b[1] * scale, low: b[0] / a[0] }
        .into()
}
