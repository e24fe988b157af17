//! Smooth curves, all with slope 1 at 0.

use super::{Curve, Lanes, number};
use crate::base::sample::Sample;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// `tanh(x)`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Soft;

/// `x - 4/27 x^3` up to 1.5, where it reaches 1 and stays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cubic;

/// `(tanh(x + a) - tanh(a)) / (1 - tanh(a)^2)`: one half of the wave has more room than the other, which brings even
/// harmonics.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tube;

/// How far the tube's working point lies from the middle of its curve, and `tanh` of it.
const WORKING_POINT: f64 = 0.35;
const AT_WORKING_POINT: f64 = 0.336_375_544_334_249_7;
const SLOPE: f64 = 1.0 - AT_WORKING_POINT * AT_WORKING_POINT;

impl Soft {
    /// What comes out.
    pub(crate) fn value(x: f64) -> f64 {
        libm::tanh(x)
    }
}

impl Cubic {
    /// What comes out.
    pub(crate) fn value(x: f64) -> f64 {
        let x = x.clamp(-1.5, 1.5);
        x - 4.0 / 27.0 * x * x * x
    }
}

impl Tube {
    /// What comes out.
    pub(crate) fn value(x: f64) -> f64 {
        (libm::tanh(x + WORKING_POINT) - AT_WORKING_POINT) / SLOPE
    }
}

/// From here on `tanh` is 1 but for 2e-8.
const FAR: f64 = 9.2;
/// `(tanh(x) / x - 1) / x^2` is a quotient of these polynomials of `x^2`, wrong by at most 5e-11 of `tanh`. Found by least
/// squares with weights raised where the error was largest (C. L. Lawson's method).
const ABOVE: [f64; 5] = [
    -2.869_857_429_260_977_6e-9,
    -2.474_214_494_118_043e-6,
    -0.000_457_196_784_406_628_8,
    -0.024_754_707_946_752_965,
    -0.333_333_332_969_376_56,
];
const BELOW: [f64; 6] = [
    2.905_836_251_653_946_4e-9,
    2.584_170_945_469_487_5e-6,
    0.000_499_259_142_480_407_8,
    0.029_172_478_993_512_743,
    0.474_264_121_516_450_9,
    1.0,
];

/// `tanh(x) - x`.
#[inline(always)]
fn tanh_added<S: Simd, T: Sample>(simd: S, x: Lanes<S, T>) -> Lanes<S, T> {
    let near = x.max(number::<S, T>(simd, -FAR)).min(number::<S, T>(simd, FAR));
    let square = near * near;
    let mut above = number::<S, T>(simd, ABOVE[0]);
    for coefficient in &ABOVE[1..] {
        above = above.mul_add(square, number::<S, T>(simd, *coefficient));
    }
    let mut below = number::<S, T>(simd, BELOW[0]);
    for coefficient in &BELOW[1..] {
        below = below.mul_add(square, number::<S, T>(simd, *coefficient));
    }
    (near * square * above) / below + (near - x)
}

impl<T: Sample> Curve<T> for Soft {
    #[inline(always)]
    fn added<S: Simd>(&self, simd: S, x: Lanes<S, T>) -> Lanes<S, T> {
        tanh_added::<S, T>(simd, x)
    }
}

impl<T: Sample> Curve<T> for Cubic {
    #[inline(always)]
    fn added<S: Simd>(&self, simd: S, x: Lanes<S, T>) -> Lanes<S, T> {
        let near = x.max(number::<S, T>(simd, -1.5)).min(number::<S, T>(simd, 1.5));
        (near * near * near).mul_add(number::<S, T>(simd, -4.0 / 27.0), near - x)
    }
}

impl<T: Sample> Curve<T> for Tube {
    #[inline(always)]
    fn added<S: Simd>(&self, simd: S, x: Lanes<S, T>) -> Lanes<S, T> {
        let shifted = x + number::<S, T>(simd, WORKING_POINT);
        // tanh(x + a) is what is added to x + a, and x + a.
        let tanh = tanh_added::<S, T>(simd, shifted) + shifted;
        (tanh - number::<S, T>(simd, AT_WORKING_POINT))
            .mul_add(number::<S, T>(simd, 1.0 / SLOPE), number::<S, T>(simd, 0.0) - x)
    }
}
