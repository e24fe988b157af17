//! Equalizers: tone.

mod band;
mod crossover;
mod dynamic;
mod equalizer;
#[cfg(feature = "fft")]
mod linear_phase;
mod placement;
#[cfg(feature = "fft")]
mod zero_phase;

pub use band::{Band, BandKind, ShelfBy, Slope};
pub use crossover::{
    Crossover, CrossoverConfig, CrossoverCore, CrossoverKind, CrossoverParams, CrossoverSlope, Split,
};
pub use dynamic::{
    DynamicBand, DynamicEqualizer, DynamicEqualizerConfig, DynamicEqualizerCore, DynamicEqualizerKind,
    DynamicEqualizerParams, DynamicEqualizerReadings, DynamicKey, DynamicKind,
};
pub use equalizer::{Equalizer, EqualizerConfig, EqualizerCore, EqualizerKind, EqualizerParams};
#[cfg(feature = "fft")]
pub use linear_phase::{LinearPhase, LinearPhaseConfig, LinearPhaseCore, LinearPhaseKind};
pub use placement::Placement;
