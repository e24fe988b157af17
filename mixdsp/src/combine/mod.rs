//! Floor 5: processors made of processors.

pub mod chain;
