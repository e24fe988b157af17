//! Floor 6: what mastering adds: delivery, and tone match (feature `fft`).

mod dither;
mod targets;
#[cfg(feature = "fft")]
mod tone;

pub use dither::{Dither, DitherConfig, DitherCore, DitherKind};
pub use targets::{Evidence, Playback, TARGETS, Target};
#[cfg(feature = "fft")]
pub use tone::{Tone, ToneMatch, ToneMeter, ToneOptions};
