//! The signal processing of mixing and mastering, without a heap.
#![no_std]
#![deny(unsafe_code)]

#[cfg(any(feature = "alloc", test))]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod audio;
pub mod catalogue;
pub mod combine;
mod envelope;
pub mod eq;
pub mod error;
pub mod filter;
pub mod gain;
pub mod k_weighting;
pub mod kind;
pub mod limiter;
pub mod memory;
pub mod meter;
pub mod param;
pub mod processor;
pub mod ramp;
pub mod sample;
pub mod simd;
pub mod spec;
mod true_peak;
pub mod unit;
pub mod units;

pub use audio::Interleaved;
pub use eq::{Band, BandKind, Equalizer, EqualizerConfig, EqualizerParams};
pub use error::Error;
pub use gain::{Gain, GainParams};
pub use kind::Kind;
pub use limiter::{Limiter, LimiterConfig, LimiterParams, LimiterReadings};
pub use meter::{
    ChannelMeasures, History, Layout, LoudnessConfig, LoudnessMeter, LoudnessParams, LoudnessReadings, Peak,
    Speaker, TruePeak,
};
pub use param::{Id, NoConfig};
pub use processor::Processor;
pub use sample::Sample;
pub use simd::SimdLevel;
pub use spec::Spec;
pub use unit::Unit;
