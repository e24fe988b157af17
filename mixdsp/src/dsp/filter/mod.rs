//! Floor 3: filters. Design is done in f64, processing in the sample type.

pub mod band;
mod biquad;
pub(crate) mod cascade;
pub(crate) mod crossover;
pub mod design;
pub(crate) mod flexible;
pub(crate) mod four;
pub(crate) mod placed;
pub mod placement;
pub(crate) mod series;
pub mod svf;

pub use biquad::{Biquad, Coefficients, Section};
