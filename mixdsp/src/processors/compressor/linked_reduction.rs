//! From samples to the reductions that are asked for.
//!
//! ```text
//! level of each channel --> dB --> curve --> own      own (1 - link) + largest link --> fixed gain
//! largest level of all  --> dB --> curve --> largest
//! ```
//!
//! The largest reduction is what the curve asks for at the largest level, so linked channels take one logarithm.

use super::smoothed_params::SmoothedParams;
use crate::base::sample::Sample;
use crate::base::units::DECIBELS_PER_OCTAVE;
use crate::dsp::dynamics::detector::Key;
use crate::dsp::dynamics::fixed_gain::{FixedGain, GROUP, to_fixed};
use crate::dsp::dynamics::peaks;
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;

/// What the loudest of all channels asks for.
pub(super) struct LinkedReduction {
    /// Whether this is what every channel gets.
    pub(super) linked: bool,
    /// The reductions in decibels; zeros where no channel has a share in them.
    largest_db: [f64; CHUNK],
    pub(super) together: FixedGain,
}

impl LinkedReduction {
    /// Looks at all channels of the key.
    #[inline(always)]
    pub(super) fn detect<S: Simd, T: Sample>(
        simd: S,
        params: &SmoothedParams,
        key: &Key<'_, T>,
        channels: usize,
    ) -> Self {
        // A sidechain of another width turns all channels down alike.
        let linked = params.uniform.linked || key.channels != channels;
        let mut largest_db = [0.0; CHUNK];
        if linked || !params.uniform.unlinked {
            reductions(simd, &peaks::of_all(simd, key), params, key.frames, &mut largest_db);
        }
        Self { linked, largest_db, together: to_fixed(&largest_db) }
    }

    /// What a channel gets.
    #[inline(always)]
    pub(super) fn of_channel<S: Simd, T: Sample>(
        &self,
        simd: S,
        params: &SmoothedParams,
        key: &Key<'_, T>,
        channel: usize,
    ) -> FixedGain {
        if self.linked { self.together } else { self.own(simd, params, key, channel) }
    }

    /// What a channel gets that has a share in its own level. A function of its own: it is used in two places.
    #[inline(never)]
    fn own<S: Simd, T: Sample>(
        &self,
        simd: S,
        params: &SmoothedParams,
        key: &Key<'_, T>,
        channel: usize,
    ) -> FixedGain {
        let peaks = peaks::of_channel(simd, key, channel);
        let mut own_db = [0.0; CHUNK];
        reductions(simd, &peaks, params, key.frames, &mut own_db);
        simd.vectorize(
            #[inline(always)]
            || {
                for f in 0..CHUNK {
                    // Exactly the largest at 1, exactly its own at 0.
                    own_db[f] = own_db[f] * (1.0 - params.link[f]) + self.largest_db[f] * params.link[f];
                }
                to_fixed(&own_db)
            },
        )
    }
}

/// Decibels that the curve asks for at these peaks. A function of its own: it is used in three places.
#[inline(never)]
fn reductions<S: Simd, T: Sample>(
    simd: S,
    peaks: &[T; CHUNK],
    params: &SmoothedParams,
    count: usize,
    reductions_db: &mut [f64; CHUNK],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            if params.uniform.downward {
                curve::<T, true>(peaks, params, count, reductions_db);
            } else {
                curve::<T, false>(peaks, params, count, reductions_db);
            }
        },
    );
}

#[inline(always)]
fn curve<T: Sample, const DOWNWARD: bool>(
    peaks: &[T; CHUNK],
    params: &SmoothedParams,
    count: usize,
    reductions_db: &mut [f64; CHUNK],
) {
    for group in 0..count.min(CHUNK).div_ceil(GROUP) {
        let from = group * GROUP;
        // By themselves, so that as many logarithms as fit into a vector of T are taken at once.
        let mut octaves = [T::ZERO; GROUP];
        for i in 0..GROUP {
            octaves[i] = peaks[from + i].log2();
        }
        for i in 0..GROUP {
            let level_db = octaves[i].to_f64() * DECIBELS_PER_OCTAVE;
            reductions_db[from + i] = params.reduction_db::<DOWNWARD>(from + i, level_db);
        }
    }
}
