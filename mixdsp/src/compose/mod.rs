//! Floor 6: processors made of processors, without a heap.

pub mod chain;
