//! The settings of a ducker and what it reports.

use crate::params::{params, readings};

params! {
    /// Settings of a [`Ducker`](crate::Ducker).
    pub struct DuckerParams {
        /// By how much it turns down.
        DEPTH_DB = 1, depth_db ("Depth"): linear(0.0..=100.0, "dB") = 12.0;
        /// Level of the sidechain at which it does.
        THRESHOLD_DB = 2, threshold_db ("Threshold"): linear(-80.0..=0.0, "dB") = -40.0;
        /// How far under the threshold the level must fall before it comes back.
        HYSTERESIS_DB = 3, hysteresis_db ("Hysteresis"): linear(0.0..=24.0, "dB") = 6.0;
        /// Time of going down, to 63.2 % of the decibels; 0 is instant.
        ATTACK_MS = 4, attack_ms ("Attack"): linear(0.0..=250.0, "ms") = 30.0;
        /// How long the level must stay there before it comes back: pauses that are shorter change nothing.
        HOLD_MS = 5, hold_ms ("Hold"): linear(0.0..=5000.0, "ms") = 400.0;
        /// Time of coming back, to 63.2 % of the decibels.
        RELEASE_MS = 6, release_ms ("Release"): log(1.0..=10000.0, "ms") = 500.0;
        /// Lets the filtered sidechain be heard in place of the output.
        LISTEN = 7, listen ("Listen"): switch() = false;
    }
}

params! {
    /// What is fixed when a [`Ducker`](crate::Ducker) is built.
    pub struct DuckerConfig {
        /// How far it looks ahead; this is its latency.
        LOOKAHEAD_MS = 1001, lookahead_ms ("Look-ahead"): linear(0.0..=50.0, "ms") = 0.0;
        /// How many bands filter what it listens to.
        SIDECHAIN_BANDS = 1002, sidechain_bands ("Sidechain bands"): whole(0..=8, "") = 0;
    }
}

readings! {
    /// What a [`Ducker`](crate::Ducker) reports.
    pub struct DuckerReadings {
        /// Gain reduction at the last frame.
        GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
        /// 1 while the sidechain holds it down, 0 while it comes back or is back.
        DUCKING = 2002, ducking ("Ducking"): "";
    }
}

impl DuckerParams {
    /// Decibels that it takes while the sidechain has a steady level, in decibels, that comes out of silence: the depth
    /// at the threshold and above, nothing below it. Once down it stays down to `hysteresis_db` under the threshold.
    pub fn reduction_db(&self, level_db: f64) -> f64 {
        if level_db >= self.threshold_db { self.depth_db } else { 0.0 }
    }
}
