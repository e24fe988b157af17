//! Equalizers: tone.

mod band;
mod equalizer;

pub use band::{Band, BandKind};
pub use equalizer::{Equalizer, EqualizerConfig, EqualizerCore, EqualizerKind, EqualizerParams};
