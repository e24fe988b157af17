//! Floor 4: reductions as whole numbers below unity: the largest reduction is the smallest number, and sums of them are
//! exact. What is raised is a negative reduction and lies above unity.

use crate::dsp::envelope::{UNITY, nearest, smaller};
use crate::params::ramp::CHUNK;

/// Whole numbers per decibel of reduction: up to 128 dB fit below unity.
pub(crate) const PER_DECIBEL: f64 = (1 << 23) as f64;
/// Largest reduction: the whole number 0 is not reached.
const LARGEST_DB: f64 = 127.0;

/// Frames that are worked on at a time: a number that the compiler knows needs no rest beside the vectors, and
/// while one group's recursion waits for itself, the factors of the group before are computed.
pub(crate) const GROUP: usize = 16;

/// Reductions of some frames.
pub(crate) type FixedGain = [u32; CHUNK];

/// Reductions in decibels as whole numbers.
#[inline(always)]
pub(crate) fn to_fixed<const N: usize>(reductions_db: &[f64; N]) -> [u32; N] {
    let mut fixed = [UNITY; N];
    for f in 0..N {
        fixed[f] = UNITY.wrapping_sub(nearest(smaller(reductions_db[f], LARGEST_DB) * PER_DECIBEL));
    }
    fixed
}

/// A whole number in decibels.
#[inline(always)]
pub(crate) fn to_decibels(fixed: u32) -> f64 {
    // By way of i32, which vectors can convert.
    UNITY.wrapping_sub(fixed) as i32 as f64 * (1.0 / PER_DECIBEL)
}

/// Reductions in decibels, 0 or more, as whole numbers of which the least is the least reduction.
#[inline(always)]
pub(crate) fn to_whole<const N: usize>(reductions_db: &[f64; N]) -> [u32; N] {
    let mut whole = [0; N];
    for f in 0..N {
        whole[f] = nearest(smaller(reductions_db[f], LARGEST_DB) * PER_DECIBEL);
    }
    whole
}

/// Such a whole number in decibels.
#[inline(always)]
pub(crate) fn from_whole(whole: u32) -> f64 {
    whole as i32 as f64 * (1.0 / PER_DECIBEL)
}
