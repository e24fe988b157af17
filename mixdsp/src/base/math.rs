//! Floor 1: functions for the audio path, as short polynomials that the compiler turns into vectors.
//!
//! Design uses `libm`; nothing here is exact. Errors are stated per function and tested.

/// Logarithm, power and sine for samples.
pub trait FastMath: Copy {
    /// Binary logarithm. Absolute error at most 2e-8 for f64 and 1.5e-7 (of the result's size) for f32; in
    /// decibels, times 6.02. 0 and denormals read as the smallest normal number.
    fn log2(self) -> Self;
    /// 2 to this power, for -120 to 120 (clamped). Relative error at most 2e-9 for f64 and 2e-7 for f32.
    fn exp2(self) -> Self;
    /// Sine of an angle from 0 to pi / 2. Absolute error at most 1e-9 for f64 and 2e-7 for f32.
    fn sin_quarter(self) -> Self;
}

macro_rules! fast_math {
    ($type:ty, $bits:ty, $mantissa:literal, $half:literal) => {
        impl FastMath for $type {
            #[inline(always)]
            fn log2(self) -> Self {
                // x = 2^e m with m in [1/sqrt 2, sqrt 2); log2 m by the series of artanh in (m - 1)/(m + 1)
                const BIAS: $bits = (<$type>::MAX_EXP - 1) as $bits;
                let bits =
                    (if self > <$type>::MIN_POSITIVE { self } else { <$type>::MIN_POSITIVE }).to_bits();
                let biased = (bits + ((BIAS << $mantissa) - $half)) >> $mantissa;
                let m = <$type>::from_bits(bits.wrapping_sub(biased.wrapping_sub(BIAS) << $mantissa));
                // As the mantissa of 2^mantissa the number needs no conversion, which vectors may not have.
                const WHOLE: $type = (1u64 << $mantissa) as $type;
                let exponent = <$type>::from_bits(WHOLE.to_bits() | biased) - (WHOLE + BIAS as $type);
                let s = (m - 1.0) / (m + 1.0);
                let z = s * s;
                let series = LOG2[0] as $type
                    + z * (LOG2[1] as $type
                        + z * (LOG2[2] as $type + z * (LOG2[3] as $type + z * LOG2[4] as $type)));
                exponent + s * series
            }
            #[inline(always)]
            fn exp2(self) -> Self {
                let x = if self < -120.0 { -120.0 } else { self };
                let x = if x > 120.0 { 120.0 } else { x };
                // Adding 1.5 * 2^mantissa rounds to a whole number and leaves it in the low bits.
                const ROUND: $type = 1.5 * (1u64 << $mantissa) as $type;
                let rounded = x + ROUND;
                let t = (x - (rounded - ROUND)) * core::f64::consts::LN_2 as $type;
                let mut sum = EXP[0] as $type;
                for c in &EXP[1..] {
                    sum = sum * t + *c as $type;
                }
                const BIAS: $bits = (<$type>::MAX_EXP - 1) as $bits;
                sum * <$type>::from_bits(rounded.to_bits().wrapping_add(BIAS) << $mantissa)
            }
            #[inline(always)]
            fn sin_quarter(self) -> Self {
                let z = self * self;
                let mut sum = SIN[0] as $type;
                for c in &SIN[1..] {
                    sum = sum * z + *c as $type;
                }
                sum * self
            }
        }
    };
}
fast_math!(f32, u32, 23, 0x3f35_04f3);
fast_math!(f64, u64, 52, 0x3fe6_a09e_667f_3bcd);

/// 2 / ln 2 * (1, 1/3, 1/5, 1/7, 1/9): the artanh series; |s| <= 0.1716.
const LOG2: [f64; 5] = [
    2.885_390_081_777_927,
    0.961_796_693_925_975_6,
    0.577_078_016_355_585_4,
    0.412_198_583_111_132_4,
    0.320_598_897_975_325_3,
];
/// 1/9!, 1/8!, ... 1: the exponential series; |t| <= ln 2 / 2.
const EXP: [f64; 10] = [
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
    1.0,
];
/// 1/13!, -1/11!, ... 1: the sine series; the angle is at most pi / 2.
const SIN: [f64; 7] = [
    1.0 / 6_227_020_800.0,
    -1.0 / 39_916_800.0,
    1.0 / 362_880.0,
    -1.0 / 5_040.0,
    1.0 / 120.0,
    -1.0 / 6.0,
    1.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm() {
        let mut worst = (0.0f64, 0.0f64);
        for i in 0..200_000 {
            let x = libm::exp2(-100.0 + 0.001 * i as f64);
            worst.0 = worst.0.max((FastMath::log2(x) - libm::log2(x)).abs());
            let exact = libm::log2(x as f32 as f64);
            worst.1 = worst.1.max((FastMath::log2(x as f32) as f64 - exact).abs() / exact.abs().max(1.0));
        }
        std::println!("log2: f64 {:.1e}, f32 {:.1e}", worst.0, worst.1);
        assert!(worst.0 < 2e-8 && worst.1 < 1.5e-7, "{worst:?}");
        assert_eq!(FastMath::log2(1.0f64), 0.0);
        assert!(FastMath::log2(0.0f32) < -125.0 && FastMath::log2(0.0f64) < -1_000.0);
    }

    #[test]
    fn power() {
        let mut worst = (0.0f64, 0.0f64);
        for i in 0..240_000 {
            let x = -120.0 + 0.001 * i as f64;
            worst.0 = worst.0.max((FastMath::exp2(x) / libm::exp2(x) - 1.0).abs());
            let exact = libm::exp2(x as f32 as f64);
            worst.1 = worst.1.max((FastMath::exp2(x as f32) as f64 / exact - 1.0).abs());
        }
        std::println!("exp2: f64 {:.1e}, f32 {:.1e}", worst.0, worst.1);
        assert!(worst.0 < 2e-9 && worst.1 < 2e-7, "{worst:?}");
        assert_eq!(FastMath::exp2(0.0f32), 1.0);
        assert_eq!(FastMath::exp2(-3.0f64), 0.125);
    }

    #[test]
    fn sine() {
        let mut worst = (0.0f64, 0.0f64);
        for i in 0..=10_000 {
            let x = core::f64::consts::FRAC_PI_2 * i as f64 / 10_000.0;
            worst.0 = worst.0.max((FastMath::sin_quarter(x) - libm::sin(x)).abs());
            worst.1 =
                worst.1.max((FastMath::sin_quarter(x as f32) as f64 - libm::sin(x as f32 as f64)).abs());
        }
        std::println!("sin: f64 {:.1e}, f32 {:.1e}", worst.0, worst.1);
        assert!(worst.0 < 1e-9 && worst.1 < 2e-7, "{worst:?}");
    }
}
