//! Floor 1: what everything stands on: samples, vector instructions, mathematics, units, errors, ids, specs, blocks of
//! audio, and the caller's memory.

pub mod audio;
pub mod error;
#[cfg(feature = "fft")]
pub mod fft_plan;
pub mod id;
pub(crate) mod layout;
pub mod math;
pub mod memory;
pub mod sample;
pub mod simd;
pub mod spec;
pub mod units;
