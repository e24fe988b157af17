//! Floor 5: the processors, one file or folder each. None uses another; what two share lies on the floor below.

pub mod align;
pub mod compressor;
pub mod correlation_meter;
pub mod crossover;
pub mod dc_blocker;
pub mod de_esser;
pub mod delay;
pub mod dither;
pub mod ducker;
pub mod dynamic_equalizer;
pub mod equalizer;
pub mod expander;
#[cfg(feature = "fft")]
pub mod fir;
pub mod gain;
pub mod gate;
pub mod level_meter;
pub mod limiter;
#[cfg(feature = "fft")]
pub mod linear_phase;
pub mod loudness_meter;
pub mod mid_side;
pub mod one_pole;
pub mod pan;
pub mod reverb;
pub mod width;
