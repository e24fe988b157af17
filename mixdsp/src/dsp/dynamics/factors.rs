//! Floor 4: multiplies audio by a factor per frame.

use crate::base::sample::Sample;
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;

/// Multiplies a channel. A function of its own: it is used in several places.
#[inline(never)]
pub(crate) fn apply<S: Simd, T: Sample>(simd: S, factors: &[T; CHUNK], audio: &mut [T]) {
    simd.vectorize(
        #[inline(always)]
        || audio.iter_mut().zip(factors).for_each(|(sample, factor)| *sample *= *factor),
    );
}
