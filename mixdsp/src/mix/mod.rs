//! Floor 6: mixing. Strips, buses, sends, and the delays that keep parallel paths aligned to the sample.
//!
//! [`Strip`], [`EffectSend`], [`Align`] and [`plan`] need no heap: a mixer can be laid out by hand on a
//! microcontroller. With `alloc`, [`Mixer`] puts them together under names.

mod align;
#[cfg(feature = "alloc")]
mod mixer;
pub mod plan;
mod strip;

pub use align::{Align, AlignConfig, AlignCore, AlignKind};
#[cfg(feature = "alloc")]
pub use mixer::{Inserts, MixError, Mixer, NodeId, SendId};
pub use strip::{EffectSend, Strip, Tap, strip_words};
