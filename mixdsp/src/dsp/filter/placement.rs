//! Floor 4: what a band works on.
//!
//! A band is a filter H for both channels alike; what it changes, (H - 1) x, is let through to where it belongs:
//!
//! ```text
//! out = x + P (H - 1) x      all: P = 1   left, right: that channel alone
//!                            mid, side: the half of both channels that is alike, or opposite
//! ```
//!
//! So a placement can move to another one by moving P, the filters hear the same throughout, and a channel that
//! is not worked on comes out to the bit.

use crate::dsp::filter::stereo_placement::{EVERYWHERE, StereoPlacement};
use crate::params::choices;

choices! {
    /// What a band works on; anything but all needs a unit of two channels.
    pub enum Placement {
        /// All channels.
        All = "all",
        /// The left of two channels.
        Left = "left",
        /// The right of two channels.
        Right = "right",
        /// What two channels have alike: half of their sum.
        Mid = "mid",
        /// What two channels have opposite: half of their difference.
        Side = "side",
    }
}

impl Placement {
    /// How much of a band's change goes where.
    pub(crate) const fn stereo(self) -> StereoPlacement {
        match self {
            Placement::All => EVERYWHERE,
            Placement::Left => StereoPlacement { ll: 1.0, rr: 0.0, cross: 0.0 },
            Placement::Right => StereoPlacement { ll: 0.0, rr: 1.0, cross: 0.0 },
            Placement::Mid => StereoPlacement { ll: 0.5, rr: 0.5, cross: 0.5 },
            Placement::Side => StereoPlacement { ll: 0.5, rr: 0.5, cross: -0.5 },
        }
    }
}
