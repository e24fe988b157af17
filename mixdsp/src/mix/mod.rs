//! Floor 6: mixing. Strips, buses, sends, and the delays that keep parallel paths aligned to the sample.
//!
//! [`Strip`], [`EffectSend`], [`Align`](crate::Align) and [`plan`] need no heap: a mixer can be laid out by hand on a
//! microcontroller. With `alloc`, [`Mixer`](crate::host::Mixer) puts them together under names.

pub mod plan;
mod strip;

pub use strip::{EffectSend, Strip, Tap, strip_words};
