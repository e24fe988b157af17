//! Ready settings for three places in a production.

use super::{LimiterConfig, LimiterParams};
use crate::engine::kind::Preset;
use crate::params::{Settings, Table};

/// All of them.
pub(super) const ALL: &[Preset] = &[
    Preset {
        key: "mastering",
        doc: "For the last step of a master: 10 ms of look-ahead, the cleanest bass.",
        each: |visit| {
            LimiterConfig::mastering().each_at(0, visit);
            LimiterParams::mastering().each(visit);
        },
    },
    Preset {
        key: "mix",
        doc: "For buses and streams: the default.",
        each: |visit| {
            LimiterConfig::mix().each_at(0, visit);
            LimiterParams::mix().each(visit);
        },
    },
    Preset {
        key: "live",
        doc: "For the stage: 1.5 ms of look-ahead, and a hold in its place.",
        each: |visit| {
            LimiterConfig::live().each_at(0, visit);
            LimiterParams::live().each(visit);
        },
    },
];

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
