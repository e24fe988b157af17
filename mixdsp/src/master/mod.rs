//! Floor 6: what mastering adds: delivery.

mod dither;

pub use dither::{Dither, DitherConfig, DitherCore, DitherKind};
