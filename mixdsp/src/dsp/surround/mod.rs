//! Floor 4: surround layouts: which loudspeakers there are, where they stand, and how a sound is placed among them.
//!
//! ```text
//! layout      the loudspeakers in the order of the channels (Rec. ITU-R BS.2051)
//! vbap        the gains that place a sound between them
//! ```

mod layout;
pub(crate) mod vbap;

pub use layout::SurroundLayout;
pub(crate) use layout::{Loudspeaker, MOST_CHANNELS, Side};
