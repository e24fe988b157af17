//! Floor 1: which vector instructions a unit runs with.
//!
//! One kernel source serves every level. A unit keeps the level of its [`Spec`](crate::Spec) for life,
//! because levels differ in the last bits (fused multiply-add or not): results are the same to the bit
//! for any block cut at one level, and the same to rounding across levels.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd};

/// A set of vector instructions that this machine has.
///
/// Safe code can take the best level, the baseline, or lower one; it cannot claim one. Where the crate is
/// built without `std` and so cannot look, [`SimdLevel::from`] takes a level that the caller has proved.
#[derive(Clone, Copy)]
pub struct SimdLevel(Option<Level>);

impl SimdLevel {
    /// The best level for recursive audio kernels, looked up when a unit is built: AVX2 on x86 where the
    /// machine has it, NEON on 64-bit ARM, otherwise the baseline. Without `std` it is the baseline.
    pub const BEST: Self = Self(None);

    /// What every machine of this target has: SSE2 on 64-bit x86, NEON on 64-bit ARM, scalar elsewhere.
    pub const fn baseline() -> Self {
        Self(Some(Level::baseline()))
    }

    /// AVX-512 where the machine has it. Recursive kernels run slower there than with AVX2, so this is
    /// never chosen by itself. Feature `avx512`: every kernel is compiled once more.
    #[cfg(all(feature = "avx512", any(target_arch = "x86", target_arch = "x86_64")))]
    pub fn avx512() -> Option<Self> {
        Level::new().as_avx512().map(|token| Self(Some(Level::Avx512(token))))
    }

    /// The level that a unit built with this runs: never [`SimdLevel::BEST`] itself.
    pub fn resolve(self) -> Self {
        Self(Some(self.level()))
    }

    /// Short name: `AVX2`, `SSE2`, `NEON`, `scalar`.
    pub fn name(self) -> &'static str {
        dispatch!(self, s => name(s))
    }

    #[doc(hidden)]
    pub fn level(self) -> Level {
        match self.0 {
            Some(level) => level,
            #[cfg(feature = "std")]
            None => Self::from(Level::new()).level(),
            #[cfg(not(feature = "std"))]
            None => Level::baseline(),
        }
    }
}

/// Lowers a proved level to the best for recursive kernels: AVX2 or the baseline on x86.
impl From<Level> for SimdLevel {
    fn from(level: Level) -> Self {
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        return Self(Some(level.as_avx2().map_or(Level::baseline(), Level::Avx2)));
        #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
        Self(Some(level))
    }
}

impl Default for SimdLevel {
    fn default() -> Self {
        Self::BEST
    }
}

impl core::fmt::Debug for SimdLevel {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(if self.0.is_none() { "best" } else { self.name() })
    }
}

/// Runs `$op` compiled for the level, with `$s` as its proof. Only the levels that a [`SimdLevel`] can
/// hold are compiled, which keeps the code small.
macro_rules! dispatch {
    ($level:expr, $s:ident => $op:expr) => {
        match $level.level() {
            // Only `avx512` makes one.
            #[cfg(all(feature = "avx512", any(target_arch = "x86", target_arch = "x86_64")))]
            fearless_simd::Level::Avx512(token) => $crate::base::simd::dispatch!(@run token, $s => $op),
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            fearless_simd::Level::Avx2(token) => $crate::base::simd::dispatch!(@run token, $s => $op),
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            fearless_simd::Level::Sse2(token) => $crate::base::simd::dispatch!(@run token, $s => $op),
            #[cfg(target_arch = "aarch64")]
            fearless_simd::Level::Neon(token) => $crate::base::simd::dispatch!(@run token, $s => $op),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            fearless_simd::Level::WasmSimd128(token) => $crate::base::simd::dispatch!(@run token, $s => $op),
            #[cfg(not(any(
                target_arch = "aarch64",
                all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2"),
                all(target_arch = "wasm32", target_feature = "simd128"),
            )))]
            fearless_simd::Level::Fallback(token) => $crate::base::simd::dispatch!(@run token, $s => $op),
            _ => unreachable!(),
        }
    };
    (@run $token:expr, $s:ident => $op:expr) => {{
        let $s = $token;
        fearless_simd::Simd::vectorize($s, #[inline(always)] || $op)
    }};
}
pub(crate) use dispatch;

/// Rows become columns: channels of frames become frames of channels, and back.
///
/// Seen as bits, a round moves the highest bit of the row's number to the lowest of the lane's; after as
/// many rounds as there are bits, row and lane have changed places.
#[inline(always)]
pub(crate) fn transpose<S: Simd, V: SimdFloat<S>, const W: usize>(mut rows: [V; W]) -> [V; W] {
    for _ in 0..W.ilog2() {
        let before = rows;
        for i in 0..W {
            let (low, high) = (before[i / 2], before[i / 2 + W / 2]);
            rows[i] = if i % 2 == 0 { low.zip_low(high) } else { low.zip_high(high) };
        }
    }
    rows
}

#[inline(always)]
fn name<S: Simd>(s: S) -> &'static str {
    match s.level() {
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Level::Avx512(_) => "AVX-512",
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Level::Avx2(_) => "AVX2",
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Level::Sse2(_) => "SSE2",
        #[cfg(target_arch = "aarch64")]
        Level::Neon(_) => "NEON",
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Level::WasmSimd128(_) => "SIMD128",
        _ => "scalar",
    }
}
