//! Floor 1: the sample types, `f32` and `f64`.
//!
//! Every processor is generic over [`Sample`]. Design is always done in `f64`; audio, state and
//! coefficients are of the sample type.

use crate::base::math::FastMath;
use crate::base::memory::Plain;
use fearless_simd::prelude::*;
use fearless_simd::{f32x4, f32x8, f64x4, f64x8};

/// What full-scale-safe input is: finite and at most this far from zero. Larger values are clamped on entry.
pub const LIMIT: f64 = 1e9;

/// A floating-point audio sample: `f32` or `f64`. Sealed.
pub trait Sample: Plain + SimdFloatElement + Send + Sync + FastMath {
    /// Digital silence.
    const ZERO: Self;
    /// Full scale.
    const ONE: Self;
    /// Filter state smaller than this becomes zero on the grid: -300 dBFS, far above the denormals.
    const SMALLEST: Self;
    /// Four samples side by side.
    type Lanes4<S: Simd>: SimdFloat<S, Element = Self> + SimdCombine<S, Combined = Self::Lanes8<S>>;
    /// Eight samples side by side.
    type Lanes8<S: Simd>: SimdFloat<S, Element = Self> + SimdSplit<S, Split = Self::Lanes4<S>>;
    /// Fourier transforms of these samples.
    #[cfg(feature = "fft")]
    #[doc(hidden)]
    type Plan: crate::base::fft_plan::Plan<Self>;

    /// The nearest sample.
    fn from_f64(value: f64) -> Self;
    /// The same value in double precision.
    fn to_f64(self) -> f64;
    /// Whether the value is a number and not infinite.
    fn is_finite(self) -> bool;
    /// Distance from zero.
    fn abs(self) -> Self;
    /// The value as the input contract wants it: non-finite reads as 0, the rest is clamped to ±1e9.
    fn clean(self) -> Self;
    /// Zero when the value is too small to matter, so that recursion never dwells in denormals.
    fn flushed(self) -> Self;
}

macro_rules! sample {
    ($type:ty, $lanes4:ident, $lanes8:ident) => {
        impl Sample for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const SMALLEST: Self = 1e-15;
            type Lanes4<S: Simd> = $lanes4<S>;
            type Lanes8<S: Simd> = $lanes8<S>;
            #[cfg(feature = "fft")]
            type Plan = crate::base::fft_plan::RustFft<$type>;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as Self
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                <$type>::is_finite(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                <$type>::abs(self)
            }
            #[inline(always)]
            fn clean(self) -> Self {
                if <$type>::is_finite(self) { self.clamp(-LIMIT as Self, LIMIT as Self) } else { 0.0 }
            }
            #[inline(always)]
            fn flushed(self) -> Self {
                if <$type>::abs(self) < Self::SMALLEST { 0.0 } else { self }
            }
        }
    };
}
sample!(f32, f32x4, f32x8);
sample!(f64, f64x4, f64x8);
