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
pub mod delay;
pub mod dynamics;
mod envelope;
pub mod eq;
pub mod error;
pub mod filter;
pub mod gain;
pub mod k_weighting;
pub mod kind;
pub mod limiter;
pub(crate) mod line;
pub mod master;
pub mod math;
pub mod memory;
pub mod meter;
pub mod mix;
pub mod param;
pub mod preset;
pub mod processor;
pub mod ramp;
pub mod reverb;
pub mod sample;
pub mod simd;
pub(crate) mod sinc;
pub mod spec;
pub mod stereo;
mod true_peak;
pub mod unit;
pub mod units;

pub use audio::Interleaved;
pub use delay::{Delay, DelayConfig, DelayParams, DelayReadings, DelaySync};
pub use dynamics::{Compressor, CompressorConfig, CompressorDetector, CompressorParams, CompressorReadings};
pub use eq::{Band, BandKind, Equalizer, EqualizerConfig, EqualizerParams, Slope};
pub use error::Error;
pub use gain::{Gain, GainParams};
pub use kind::Kind;
pub use limiter::{Limiter, LimiterConfig, LimiterParams, LimiterReadings};
pub use master::{Dither, DitherConfig};
pub use meter::{
    ChannelMeasures, History, Layout, LoudnessConfig, LoudnessMeter, LoudnessParams, LoudnessReadings, Peak,
    Speaker, TruePeak,
};
pub use mix::{Align, AlignConfig};
pub use param::{Id, NoConfig};
pub use processor::Processor;
pub use reverb::{Reverb, ReverbConfig, ReverbParams};
pub use sample::Sample;
pub use simd::SimdLevel;
pub use spec::Spec;
pub use stereo::{MidSide, MidSideDirection, MidSideParams, Pan, PanLaw, PanParams, Width, WidthParams};
pub use unit::Unit;
#[cfg(feature = "session")]
pub mod session;
