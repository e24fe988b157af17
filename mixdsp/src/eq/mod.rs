//! Equalizers: tone.

mod band;
mod dynamic;
mod equalizer;
mod placement;

pub use band::{Band, BandKind, ShelfBy, Slope};
pub use dynamic::{
    DynamicBand, DynamicEqualizer, DynamicEqualizerConfig, DynamicEqualizerCore, DynamicEqualizerKind,
    DynamicEqualizerParams, DynamicEqualizerReadings, DynamicKey, DynamicKind,
};
pub use equalizer::{Equalizer, EqualizerConfig, EqualizerCore, EqualizerKind, EqualizerParams};
pub use placement::Placement;
