//! The settings of a gate and what it reports.

use crate::params::{params, readings};

params! {
    /// Settings of a [`Gate`](crate::Gate).
    pub struct GateParams {
        /// Level at which it opens.
        THRESHOLD_DB = 1, threshold_db ("Threshold"): linear(-80.0..=0.0, "dB") = -40.0;
        /// How far under the threshold the level must fall before it closes.
        HYSTERESIS_DB = 2, hysteresis_db ("Hysteresis"): linear(0.0..=24.0, "dB") = 6.0;
        /// How long the level must stay there before it closes.
        HOLD_MS = 3, hold_ms ("Hold"): linear(0.0..=2000.0, "ms") = 50.0;
        /// What it takes away while it is closed.
        RANGE_DB = 4, range_db ("Range"): linear(0.0..=100.0, "dB") = 60.0;
        /// Time of opening, to 63.2 % of the decibels; 0 is instant.
        ATTACK_MS = 5, attack_ms ("Attack"): linear(0.0..=100.0, "ms") = 1.0;
        /// Time of closing, to 63.2 % of the decibels.
        RELEASE_MS = 6, release_ms ("Release"): log(1.0..=5000.0, "ms") = 100.0;
        /// Share of what all channels together ask for; at 1 all open and close alike.
        LINK = 7, link ("Link"): linear(0.0..=1.0, "") = 1.0;
        /// Lets the filtered sidechain be heard in place of the output.
        LISTEN = 8, listen ("Listen"): switch() = false;
    }
}

params! {
    /// What is fixed when a [`Gate`](crate::Gate) is built.
    pub struct GateConfig {
        /// How far it looks ahead; this is its latency.
        LOOKAHEAD_MS = 1001, lookahead_ms ("Look-ahead"): linear(0.0..=50.0, "ms") = 0.0;
        /// How many bands filter what it listens to.
        SIDECHAIN_BANDS = 1002, sidechain_bands ("Sidechain bands"): whole(0..=8, "") = 0;
    }
}

readings! {
    /// What a [`Gate`](crate::Gate) reports.
    pub struct GateReadings {
        /// Largest gain reduction of all channels at the last frame.
        GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
        /// 1 while the level of all channels holds it open, 0 while it closes or is closed.
        OPEN = 2002, open ("Open"): "";
    }
}

impl GateParams {
    /// Decibels that it takes from a steady level, in decibels, that comes out of silence: nothing at the threshold and
    /// above, the range below it. An open gate stays open down to `hysteresis_db` under the threshold.
    pub fn reduction_db(&self, level_db: f64) -> f64 {
        if level_db >= self.threshold_db { 0.0 } else { self.range_db }
    }
}
