//! Ready settings: five rooms by their size, decay and first reflections.

use super::{ReverbConfig, ReverbParams};
use crate::engine::kind::Preset;
use crate::params::{Settings, Table};

/// All of them.
pub(super) const ALL: &[Preset] = &[
    Preset {
        key: "room",
        doc: "A small room with hard walls close by, 0.4 s: puts dry tracks in one place.",
        each: |visit| {
            ReverbConfig::room().each_at(0, visit);
            ReverbParams::room().each(visit);
        },
    },
    Preset {
        key: "chamber",
        doc: "An echo chamber, 1.1 s and even from bass to treble: for voices and snares.",
        each: |visit| {
            ReverbConfig::chamber().each_at(0, visit);
            ReverbParams::chamber().each(visit);
        },
    },
    Preset {
        key: "hall",
        doc: "A concert hall, 2.2 s, warm in the bass and dark in the treble.",
        each: |visit| {
            ReverbConfig::hall().each_at(0, visit);
            ReverbParams::hall().each(visit);
        },
    },
    Preset {
        key: "plate",
        doc: "A plate, 1.8 s: dense at once, bright, without walls and with little bass.",
        each: |visit| {
            ReverbConfig::plate().each_at(0, visit);
            ReverbParams::plate().each(visit);
        },
    },
    Preset {
        key: "cathedral",
        doc: "A cathedral, 5.5 s: far walls, and treble that the air takes.",
        each: |visit| {
            ReverbConfig::cathedral().each_at(0, visit);
            ReverbParams::cathedral().each(visit);
        },
    },
];

impl ReverbConfig {
    /// A small room with hard walls close by.
    pub fn room() -> Self {
        Self { size: 0.5, pre_delay_ms: 0.0, distance: 0.3 }
    }

    /// An echo chamber.
    pub fn chamber() -> Self {
        Self { size: 0.75, pre_delay_ms: 4.0, distance: 0.5 }
    }

    /// A concert hall.
    pub fn hall() -> Self {
        Self { size: 1.1, pre_delay_ms: 18.0, distance: 0.6 }
    }

    /// A plate.
    pub fn plate() -> Self {
        Self { size: 0.9, pre_delay_ms: 0.0, distance: 0.5 }
    }

    /// A cathedral.
    pub fn cathedral() -> Self {
        Self { size: 1.8, pre_delay_ms: 30.0, distance: 0.8 }
    }
}

impl ReverbParams {
    /// A small room with hard walls close by, 0.4 s.
    pub fn room() -> Self {
        Self { decay_seconds: 0.4, bass_ratio: 1.1, treble_ratio: 0.7, modulation: 0.2, ..Self::default() }
    }

    /// An echo chamber, 1.1 s.
    pub fn chamber() -> Self {
        Self { decay_seconds: 1.1, bass_ratio: 1.0, treble_ratio: 0.7, modulation: 0.2, ..Self::default() }
    }

    /// A concert hall, 2.2 s.
    pub fn hall() -> Self {
        Self { decay_seconds: 2.2, bass_ratio: 1.25, treble_ratio: 0.45, early: 0.6, ..Self::default() }
    }

    /// A plate, 1.8 s.
    pub fn plate() -> Self {
        Self {
            decay_seconds: 1.8,
            bass_ratio: 0.8,
            treble_ratio: 0.7,
            treble_hz: 6_000.0,
            modulation: 0.2,
            early: 0.0,
            ..Self::default()
        }
    }

    /// A cathedral, 5.5 s.
    pub fn cathedral() -> Self {
        Self {
            decay_seconds: 5.5,
            bass_ratio: 1.2,
            treble_ratio: 0.3,
            treble_hz: 3_000.0,
            early: 0.3,
            ..Self::default()
        }
    }
}
