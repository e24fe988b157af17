//! Floor 3: filters. Design is done in f64, processing in the sample type.

mod biquad;
pub(crate) mod cascade;
pub(crate) mod crossover;
pub mod design;
pub(crate) mod flexible;
pub(crate) mod four;
pub(crate) mod placed;
pub(crate) mod series;
pub mod svf;

pub use biquad::{Biquad, Coefficients, Section};
