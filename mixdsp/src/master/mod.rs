//! Floor 6: what mastering adds: targets, normalise, dither, the limit of limiting, and tone match (feature `fft`).

mod dither;
#[cfg(feature = "alloc")]
mod limiting;
#[cfg(feature = "alloc")]
mod max_limiting;
mod normalise;
mod targets;
#[cfg(feature = "fft")]
mod tone;

pub use dither::{Dither, DitherConfig, DitherCore, DitherKind};
#[cfg(feature = "alloc")]
pub use limiting::Limiting;
#[cfg(feature = "alloc")]
pub use max_limiting::{
    LimitSearch, MAX_LIMITING_DB, MAX_LIMITING_RANGE_DB, TooMuchLimiting, WARNED_LIMITING_DB, is_refused,
    limiting_warning,
};
pub use normalise::{Approach, normalise_db};
pub use targets::{Evidence, Playback, TARGETS, Target};
#[cfg(feature = "fft")]
pub use tone::{Tone, ToneMatch, ToneMeter, ToneOptions};
