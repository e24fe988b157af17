//! Floor 3: filters. Design is done in f64, processing in the sample type.

pub(crate) mod cascade;
pub(crate) mod crossover;
pub mod design;
pub(crate) mod series;
pub mod svf;
