//! The settings of an expander and what it reports.

use super::curve;
use crate::params::{params, readings};

params! {
    /// Settings of an [`Expander`](crate::Expander).
    pub struct ExpanderParams {
        /// Level under which it turns down.
        THRESHOLD_DB = 1, threshold_db ("Threshold"): linear(-80.0..=0.0, "dB") = -40.0;
        /// How many decibels under the threshold come out for one that comes in.
        RATIO = 2, ratio ("Ratio"): log(1.0..=100.0, "") = 2.0;
        /// Width of the bend around the threshold.
        KNEE_DB = 3, knee_db ("Knee"): linear(0.0..=36.0, "dB") = 6.0;
        /// Most that it takes away.
        RANGE_DB = 4, range_db ("Range"): linear(0.0..=100.0, "dB") = 40.0;
        /// Time of coming up, to 63.2 % of the decibels; 0 is instant.
        ATTACK_MS = 5, attack_ms ("Attack"): linear(0.0..=100.0, "ms") = 2.0;
        /// Time of going down, to 63.2 % of the decibels.
        RELEASE_MS = 6, release_ms ("Release"): log(1.0..=5000.0, "ms") = 100.0;
        /// Share of what all channels together ask for; at 1 all are turned down alike.
        LINK = 7, link ("Link"): linear(0.0..=1.0, "") = 1.0;
        /// Lets the filtered sidechain be heard in place of the output.
        LISTEN = 8, listen ("Listen"): switch() = false;
    }
}

params! {
    /// What is fixed when an [`Expander`](crate::Expander) is built.
    pub struct ExpanderConfig {
        /// How far it looks ahead; this is its latency.
        LOOKAHEAD_MS = 1001, lookahead_ms ("Look-ahead"): linear(0.0..=50.0, "ms") = 0.0;
        /// For how long a level counts: half a wave of the lowest bass, or longer to keep tails.
        HOLD_MS = 1002, hold_ms ("Hold"): linear(0.0..=500.0, "ms") = 12.5;
        /// How many bands filter what it listens to.
        SIDECHAIN_BANDS = 1003, sidechain_bands ("Sidechain bands"): whole(0..=8, "") = 0;
    }
}

readings! {
    /// What an [`Expander`](crate::Expander) reports.
    pub struct ExpanderReadings {
        /// Largest gain reduction of all channels at the last frame.
        GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
    }
}

impl ExpanderParams {
    /// Decibels by which it reduces a steady level, in decibels.
    pub fn reduction_db(&self, level_db: f64) -> f64 {
        curve(self.threshold_db, self.ratio - 1.0, self.knee_db).reduction_db(-level_db).min(self.range_db)
    }
}
