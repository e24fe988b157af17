//! Ready settings: for three places in a production, and in four styles.

use super::{LimiterConfig, LimiterParams};
use crate::engine::kind::Preset;
use crate::params::{Settings, Table};

/// All of them.
pub(super) const ALL: &[Preset] = &[
    Preset {
        key: "mastering",
        doc: "For the last step of a master: 10 ms of look-ahead, clean bass, and what is deeper than 6 dB in a moment.",
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
    Preset {
        key: "transparent",
        doc: "Style: the gain moves slowly, for a few decibels that nobody is to hear.",
        each: |visit| {
            LimiterConfig::transparent().each_at(0, visit);
            LimiterParams::transparent().each(visit);
        },
    },
    Preset {
        key: "punchy",
        doc: "Style: strokes are cut short in a moment, and what lies under and behind them stays up.",
        each: |visit| {
            LimiterConfig::punchy().each_at(0, visit);
            LimiterParams::punchy().each(visit);
        },
    },
    Preset {
        key: "loud",
        doc: "Style: the most loudness for the least drive, at the cost of the cleanest bass.",
        each: |visit| {
            LimiterConfig::loud().each_at(0, visit);
            LimiterParams::loud().each(visit);
        },
    },
    Preset {
        key: "safe",
        doc: "Style: 20 ms of look-ahead, a hold and a slow release for everything: bass stays a tone however it is driven, and loudness is given away.",
        each: |visit| {
            LimiterConfig::safe().each_at(0, visit);
            LimiterParams::safe().each(visit);
        },
    },
];

impl LimiterConfig {
    /// For the last step of a master: 10 ms of look-ahead, clean bass, and what is deeper than 6 dB in a moment.
    pub fn mastering() -> Self {
        Self { lookahead_ms: 10.0, low_frequency_hold_ms: 4.0, fast_lookahead_ms: 1.5, ..Self::default() }
    }

    /// For buses and streams: the default.
    pub fn mix() -> Self {
        Self::default()
    }

    /// For the stage: 1.5 ms of look-ahead, and a hold in its place.
    pub fn live() -> Self {
        Self { lookahead_ms: 1.5, hold_ms: 10.0, low_frequency_hold_ms: 0.0, ..Self::default() }
    }

    /// Style: the gain moves slowly, for a few decibels that nobody is to hear.
    pub fn transparent() -> Self {
        Self { lookahead_ms: 15.0, fast_lookahead_ms: 1.5, ..Self::default() }
    }

    /// Style: strokes are cut short in a moment, and what lies under and behind them stays up.
    pub fn punchy() -> Self {
        Self { lookahead_ms: 6.0, fast_lookahead_ms: 1.0, ..Self::default() }
    }

    /// Style: the most loudness for the least drive, at the cost of the cleanest bass.
    pub fn loud() -> Self {
        Self { lookahead_ms: 5.0, low_frequency_hold_ms: 0.0, fast_lookahead_ms: 1.0, ..Self::default() }
    }

    /// Style: 20 ms of look-ahead, a hold and a slow release for everything: bass stays a tone however it is driven, and loudness is given away.
    pub fn safe() -> Self {
        Self { lookahead_ms: 20.0, hold_ms: 10.0, ..Self::default() }
    }
}

impl LimiterParams {
    /// To [`LimiterConfig::mastering`].
    pub fn mastering() -> Self {
        Self { release_ms: 10.0, ..Self::default() }
    }

    /// To [`LimiterConfig::mix`].
    pub fn mix() -> Self {
        Self::default()
    }

    /// To [`LimiterConfig::live`].
    pub fn live() -> Self {
        Self { release_ms: 50.0, ..Self::default() }
    }

    /// To [`LimiterConfig::transparent`].
    pub fn transparent() -> Self {
        Self { release_ms: 40.0, slow_release_ms: 600.0, slow_range_db: 9.0, ..Self::default() }
    }

    /// To [`LimiterConfig::punchy`].
    pub fn punchy() -> Self {
        Self { release_ms: 15.0, slow_range_db: 2.0, ..Self::default() }
    }

    /// To [`LimiterConfig::loud`].
    pub fn loud() -> Self {
        Self { release_ms: 4.0, slow_range_db: 4.0, ..Self::default() }
    }

    /// To [`LimiterConfig::safe`].
    pub fn safe() -> Self {
        Self { release_ms: 80.0, ..Self::default() }
    }
}
