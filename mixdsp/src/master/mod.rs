//! Floor 6: what mastering adds: targets, normalise, dither, and tone match (feature `fft`).

mod dither;
mod normalise;
mod targets;
#[cfg(feature = "fft")]
mod tone;

pub use dither::{Dither, DitherConfig, DitherCore, DitherKind};
pub use normalise::{Approach, normalise_db};
pub use targets::{Evidence, Playback, TARGETS, Target};
#[cfg(feature = "fft")]
pub use tone::{Tone, ToneMatch, ToneMeter, ToneOptions};
