//! The settings of a compressor and what it reports.

use crate::params::{choices, params, readings};

choices! {
    /// What the compressor takes for the level.
    pub enum CompressorDetector {
        /// Every sample's distance from zero.
        Peak = "peak",
        /// The same, and the largest reduction of the last `hold_ms` counts: clean on bass.
        PeakHold = "peak_hold",
    }
}

params! {
    /// Settings of a [`Compressor`](crate::Compressor).
    pub struct CompressorParams {
        /// Level above which it works.
        THRESHOLD_DB = 1, threshold_db ("Threshold"): linear(-80.0..=0.0, "dB") = -18.0;
        /// How many decibels in make one out, above the threshold.
        RATIO = 2, ratio ("Ratio"): log(1.0..=1000.0, "") = 4.0;
        /// Width of the bend around the threshold.
        KNEE_DB = 3, knee_db ("Knee"): linear(0.0..=36.0, "dB") = 6.0;
        /// Time constant of going down; 0 is instant.
        ATTACK_MS = 4, attack_ms ("Attack"): linear(0.0..=250.0, "ms") = 10.0;
        /// Time constant of coming back.
        RELEASE_MS = 5, release_ms ("Release"): log(1.0..=5000.0, "ms") = 100.0;
        /// Gain after compression.
        MAKEUP_DB = 6, makeup_db ("Make-up"): linear(-24.0..=24.0, "dB") = 0.0;
        /// Share of the compressed sound; the rest is dry.
        MIX = 7, mix ("Mix"): linear(0.0..=1.0, "") = 1.0;
        /// 1 turns all channels down alike, 0 each by itself.
        LINK = 8, link ("Link"): linear(0.0..=1.0, "") = 1.0;
        /// What counts as level.
        DETECTOR = 9, detector ("Detector"): choice(CompressorDetector) = CompressorDetector::PeakHold;
    }
}

params! {
    /// What is fixed when a [`Compressor`](crate::Compressor) is built.
    pub struct CompressorConfig {
        /// How far it looks ahead; this is its latency.
        LOOKAHEAD_MS = 1001, lookahead_ms ("Look-ahead"): linear(0.0..=50.0, "ms") = 0.0;
        /// How long the detector holds: half a wave of the lowest bass.
        HOLD_MS = 1002, hold_ms ("Hold"): linear(0.0..=50.0, "ms") = 12.5;
    }
}

readings! {
    /// What a [`Compressor`](crate::Compressor) reports.
    pub struct CompressorReadings {
        /// Largest gain reduction of all channels at the last frame.
        GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
    }
}
