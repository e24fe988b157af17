//! Dynamic equalizer: bands whose gain gives way to what is loud in them.

mod band;
mod ear;
mod unit;

pub use band::{DynamicBand, DynamicKey, DynamicKind};
pub use unit::{
    DynamicEqualizer, DynamicEqualizerConfig, DynamicEqualizerCore, DynamicEqualizerKind,
    DynamicEqualizerParams, DynamicEqualizerReadings,
};
