//! Ready settings for three places in a production.

use super::{LimiterConfig, LimiterParams};

impl LimiterConfig {
    /// For the last step of a master: 10 ms of look-ahead, the cleanest bass.
    pub fn mastering() -> Self {
        Self { lookahead_ms: 10.0, low_frequency_hold_ms: 0.0, ..Self::default() }
    }

    /// For buses and streams: 5 ms of look-ahead, and a hold for low frequencies.
    pub fn mix() -> Self {
        Self::default()
    }

    /// For the stage: 1.5 ms of look-ahead, and a hold in its place.
    pub fn live() -> Self {
        Self { lookahead_ms: 1.5, hold_ms: 10.0, low_frequency_hold_ms: 0.0, ..Self::default() }
    }
}

impl LimiterParams {
    /// To [`LimiterConfig::mastering`].
    pub fn mastering() -> Self {
        Self::default()
    }

    /// To [`LimiterConfig::mix`].
    pub fn mix() -> Self {
        Self::default()
    }

    /// To [`LimiterConfig::live`].
    pub fn live() -> Self {
        Self { release_ms: 50.0, ..Self::default() }
    }
}
