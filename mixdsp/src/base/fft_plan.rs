//! Floor 1: the Fourier transform that a sample type has: rustfft's. Feature `fft`.
//!
//! It is planned for the unit's vector instructions, so that a level gives the same bits on every machine. (realfft
//! always plans for the best instructions of the machine.)

use crate::base::simd::SimdLevel;
use alloc::sync::Arc;
use fearless_simd::Level;
use num_complex::Complex;
use rustfft::{FftDirection, FftNum, FftPlannerScalar};

/// A complex transform of one length and direction, made for one level of vector instructions.
pub trait Plan<T>: Send {
    /// Plans; allocates.
    fn new(length: usize, inverse: bool, simd: SimdLevel) -> Self;
    /// Scratch that a run needs.
    fn scratch(&self) -> usize;
    /// Transforms in place, without a factor.
    fn run(&self, values: &mut [Complex<T>], scratch: &mut [Complex<T>]);
}

/// rustfft's transform of one sample type.
pub struct RustFft<T>(Arc<dyn rustfft::Fft<T>>);

impl<T: FftNum> Plan<T> for RustFft<T> {
    fn new(length: usize, inverse: bool, simd: SimdLevel) -> Self {
        let direction = if inverse { FftDirection::Inverse } else { FftDirection::Forward };
        Self(plan(length, direction, simd.level()))
    }

    fn scratch(&self) -> usize {
        self.0.get_inplace_scratch_len()
    }

    fn run(&self, values: &mut [Complex<T>], scratch: &mut [Complex<T>]) {
        self.0.process_with_scratch(values, scratch);
    }
}

#[allow(clippy::allow_attributes, unused_variables, reason = "the scalar planner knows no level")]
fn plan<T: FftNum>(length: usize, direction: FftDirection, level: Level) -> Arc<dyn rustfft::Fft<T>> {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    if level.as_avx2().is_some()
        && let Ok(mut planner) = rustfft::FftPlannerAvx::new()
    {
        return planner.plan_fft(length, direction);
    }
    #[cfg(target_arch = "aarch64")]
    if let Ok(mut planner) = rustfft::FftPlannerNeon::new() {
        return planner.plan_fft(length, direction);
    }
    FftPlannerScalar::new().plan_fft(length, direction)
}
