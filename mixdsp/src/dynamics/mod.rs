//! Dynamics: what a sound does to its own level, or another's.

mod compressor;

pub use compressor::{
    Compressor, CompressorConfig, CompressorCore, CompressorDetector, CompressorKind, CompressorParams,
    CompressorReadings,
};
