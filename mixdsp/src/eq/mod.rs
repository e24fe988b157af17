//! Equalizers: tone.

mod band;
mod equalizer;

pub use band::{Band, BandKind, Slope};
pub use equalizer::{Equalizer, EqualizerConfig, EqualizerCore, EqualizerKind, EqualizerParams};
