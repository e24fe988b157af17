//! Floor 4: filters. Design is done in f64, processing in the sample type.
//!
//! ```text
//! band, placement    what an equalizer's band does, and where            design/   from there to five numbers
//! svf                a section: its step, its coefficients               svf_states   several of them in words
//! simd_pipeline, block_of_four, stereo_placement                         kernels for sections at rest
//! svf_cascade, cascade_response   sections in series                     band_cascade   bands in series
//! plain_cascade   the same for a sidechain, in f64          emphasis   a shelf before something, taken back after it
//! gain_morph   a section of moving gain; morphing_section runs it
//! crossover          the sections of all bands, side by side             moving_splits   and where its splits are
//! biquad             a filter on its own
//! ```

pub mod band;
pub(crate) mod band_cascade;
mod biquad;
pub(crate) mod block_of_four;
mod cascade_response;
pub(crate) mod crossover;
pub mod design;
pub(crate) mod emphasis;
pub(crate) mod gain_morph;
pub(crate) mod morphing_section;
pub(crate) mod moving_splits;
pub mod placement;
pub(crate) mod plain_cascade;
pub(crate) mod simd_pipeline;
pub(crate) mod stereo_placement;
pub mod svf;
pub(crate) mod svf_cascade;
pub(crate) mod svf_states;

pub use biquad::{Biquad, Coefficients, Section};
