//! Floor 5: what a convolution reverb can be set to and built for.

use crate::params::params;

params! {
    /// Settings of a [`ConvolutionReverb`](crate::ConvolutionReverb).
    pub struct ConvolutionReverbParams {
        /// Share of the reverb; the rest is dry.
        MIX = 1, mix ("Mix"): linear(0.0..=1.0, "") = 0.3;
    }
}

params! {
    /// What is fixed when a [`ConvolutionReverb`](crate::ConvolutionReverb) is built.
    pub struct ConvolutionReverbConfig {
        /// Time before the reverb begins.
        PRE_DELAY_MS = 1001, pre_delay_ms ("Pre-delay"): linear(0.0..=500.0, "ms") = 0.0;
        /// Decay time as a factor of the impulse response's own.
        DECAY = 1002, decay ("Decay"): linear(0.05..=1.0, "") = 1.0;
        /// Cuts off what the impulse response has before its beginning, 60 dB under its peak, and behind its end, 100 dB.
        TRIM = 1003, trim ("Trim"): switch() = true;
        /// Scales the impulse response so that no frequency comes out louder than it goes in.
        NORMALISE = 1004, normalise ("Normalise"): switch() = true;
        /// How many bands filter the reverb.
        BANDS = 1005, bands ("Bands"): whole(0..=8, "") = 0;
    }
}
