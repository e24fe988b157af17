//! Floor 4: what processors are made of: filters, envelopes, delay lines, detectors, transforms.

pub mod acoustics;
pub(crate) mod delay_line;
pub mod dynamics;
pub(crate) mod envelope;
#[cfg(feature = "fft")]
pub mod fft;
pub mod filter;
pub mod k_weighting;
pub(crate) mod lfo;
pub(crate) mod modulated_line;
pub(crate) mod noise_shaping;
pub mod note;
pub mod oversample;
pub mod pan_law;
pub(crate) mod play_heads;
pub(crate) mod short_convolution;
pub(crate) mod sinc;
pub(crate) mod stereo_matrix;
pub(crate) mod stereo_means;
pub mod surround;
pub(crate) mod true_peak;
pub mod waveshape;
