//! Floor 6: what mastering adds: delivery.

mod dither;
mod targets;

pub use dither::{Dither, DitherConfig, DitherCore, DitherKind};
pub use targets::{Evidence, Playback, TARGETS, Target};
