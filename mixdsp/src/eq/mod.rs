//! Equalizers: tone.

mod band;
mod crossover;
mod equalizer;

pub use band::{Band, BandKind, Slope};
pub use crossover::{
    Crossover, CrossoverConfig, CrossoverCore, CrossoverKind, CrossoverParams, CrossoverSlope, Split,
};
pub use equalizer::{Equalizer, EqualizerConfig, EqualizerCore, EqualizerKind, EqualizerParams};
