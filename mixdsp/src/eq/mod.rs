//! Equalizers: tone.

mod band;
mod crossover;
mod equalizer;
#[cfg(feature = "fft")]
mod linear_phase;
#[cfg(feature = "fft")]
mod zero_phase;

pub use band::{Band, BandKind, Slope};
pub use crossover::{
    Crossover, CrossoverConfig, CrossoverCore, CrossoverKind, CrossoverParams, CrossoverSlope, Split,
};
pub use equalizer::{Equalizer, EqualizerConfig, EqualizerCore, EqualizerKind, EqualizerParams};
#[cfg(feature = "fft")]
pub use linear_phase::{LinearPhase, LinearPhaseConfig, LinearPhaseCore, LinearPhaseKind};
