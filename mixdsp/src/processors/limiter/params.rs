//! What a limiter can be built for, set to, and asked.

use crate::params::{params, readings};

params! {
    /// What is fixed when a [`Limiter`](crate::Limiter) is built.
    pub struct LimiterConfig {
        /// How far ahead the gain begins to fall; the strongest cure for distorted bass.
        LOOKAHEAD_MS = 1001, lookahead_ms ("Look-ahead"): linear(0.5..=20.0, "ms") = 5.0;
        /// Holds what lies between the samples too; 36 frames of latency.
        TRUE_PEAK = 1002, true_peak ("True peak"): switch() = true;
        /// How long a reduction is held before it is released.
        HOLD_MS = 1003, hold_ms ("Hold"): linear(0.0..=50.0, "ms") = 0.0;
        /// The same for reduction that low frequencies ask for; 0 for none.
        LOW_FREQUENCY_HOLD_MS = 1004, low_frequency_hold_ms ("Low-frequency hold"): linear(0.0..=50.0, "ms") = 13.0;
        /// Gives each channel a gain of its own, which `link` ties together.
        SEPARATE = 1005, separate ("Separate gains"): switch() = false;
        /// Measures the output by the detector's kernels, for the overshoot readings.
        VERIFY = 1006, verify ("Verify"): switch() = false;
        /// How much of the look-ahead is for what is deeper than `slow_range_db`; 0 for none.
        FAST_LOOKAHEAD_MS = 1007, fast_lookahead_ms ("Fast look-ahead"): linear(0.0..=5.0, "ms") = 0.0;
    }
}

params! {
    /// Settings of a [`Limiter`](crate::Limiter).
    pub struct LimiterParams {
        /// What the output stays under.
        CEILING_DB = 1, ceiling_db ("Ceiling"): linear(-40.0..=0.0, "dB") = -1.0;
        /// Gain before the limiter: the drive.
        INPUT_GAIN_DB = 2, input_gain_db ("Input gain"): linear(-24.0..=36.0, "dB") = 0.0;
        /// Time constant of the release.
        RELEASE_MS = 3, release_ms ("Release"): log(1.0..=1000.0, "ms") = 20.0;
        /// Time constant of the average towards which the release is fast, and beyond which it is slow.
        SLOW_RELEASE_MS = 4, slow_release_ms ("Slow release"): log(50.0..=3000.0, "ms") = 300.0;
        /// How much of the release depends on the average: 0 is one time constant, 1 fast after single peaks
        /// and slow after sustained reduction.
        ADAPTIVE = 5, adaptive ("Adaptive"): linear(0.0..=1.0, "") = 0.5;
        /// Weight of the low frequencies in the held path; 0 turns it off, above 1 it reduces by more than the
        /// peaks ask for, at most by twice as many decibels.
        LOW_FREQUENCY_WEIGHT = 6, low_frequency_weight ("Low-frequency weight"): linear(0.0..=1.5, "") = 1.15;
        /// Below this, frequencies are low.
        LOW_FREQUENCY_HZ = 7, low_frequency_hz ("Low frequencies below"): frequency(100.0..=1000.0) = 400.0;
        /// With separate gains: 1 reduces all channels alike, 0 each on its own.
        LINK = 8, link ("Link"): linear(0.0..=1.0, "") = 1.0;
        /// The most that is released slowly: what is deeper comes back within the fast look-ahead, if there is one.
        SLOW_RANGE_DB = 9, slow_range_db ("Slow range"): linear(0.0..=36.0, "dB") = 6.0;
    }
}

readings! {
    /// What a [`Limiter`](crate::Limiter) reports.
    pub struct LimiterReadings {
        /// By how much the last frame was reduced; of the channel that was reduced most. 0 or positive.
        GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
        /// The largest since reset.
        GAIN_REDUCTION_MAX_DB = 2002, gain_reduction_max_db ("Gain reduction max"): "dB";
        /// Intervals of the output over the ceiling by any of the detector's kernels; needs `verify`.
        OVERSHOOTS = 2003, overshoots ("Overshoots"): "";
        /// The highest output against the ceiling by any of the meters' kernels, usually negative; needs
        /// `verify`.
        OVERSHOOT_MAX_DB = 2004, overshoot_max_db ("Overshoot max"): "dB";
    }
}
