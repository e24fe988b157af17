//! Characters: settings that behave as well-known kinds of compressor do. They are behaviour, not circuits; threshold and
//! make-up remain to be set.

use super::params::{CompressorDetector, CompressorParams, CompressorTopology};
use crate::engine::kind::Preset;
use crate::params::Settings;

/// All of them.
pub(super) const ALL: &[Preset] = &[
    Preset {
        key: "clean",
        doc: "As little sound of its own as possible: the default.",
        each: |visit| CompressorParams::clean().each(visit),
    },
    Preset {
        key: "bus_glue",
        doc: "For a bus: root mean square, 2:1, slow attack, and a release that follows the music.",
        each: |visit| CompressorParams::bus_glue().each(visit),
    },
    Preset {
        key: "opto",
        doc: "As an optical cell: feedback, a wide knee, and a release that takes the longer the longer it has worked.",
        each: |visit| CompressorParams::opto().each(visit),
    },
    Preset {
        key: "fet",
        doc: "As a field-effect transistor: feedback, an attack under a millisecond, and a ratio that rises with the level.",
        each: |visit| CompressorParams::fet().each(visit),
    },
];

impl CompressorParams {
    /// As little sound of its own as possible: the default, whose detector holds, so that bass stays clean.
    pub fn clean() -> Self {
        Self::default()
    }

    /// For a bus: root mean square, 2:1, an attack that lets transients through, and a release that follows the music.
    /// As bus compressors by voltage-controlled amplifiers do.
    pub fn bus_glue() -> Self {
        Self {
            ratio: 2.0,
            knee_db: 6.0,
            attack_ms: 30.0,
            release_ms: 120.0,
            detector: CompressorDetector::Rms,
            auto_release: true,
            slow_release_ms: 1200.0,
            slow_charge_ms: 500.0,
            ..Self::default()
        }
    }

    /// As an optical cell behaves: feedback, a wide knee, 10 ms of attack, a release that begins within 60 ms and takes
    /// seconds for the rest, the more so the longer it has been lit.
    pub fn opto() -> Self {
        Self {
            ratio: 4.0,
            knee_db: 18.0,
            attack_ms: 10.0,
            release_ms: 60.0,
            topology: CompressorTopology::Feedback,
            detector: CompressorDetector::Rms,
            auto_release: true,
            slow_release_ms: 3000.0,
            slow_charge_ms: 2500.0,
            ..Self::default()
        }
    }

    /// As a field-effect transistor behaves: feedback, an attack under a millisecond, and a ratio that rises with the
    /// level through a wide knee.
    pub fn fet() -> Self {
        Self {
            ratio: 8.0,
            knee_db: 20.0,
            attack_ms: 0.5,
            release_ms: 150.0,
            topology: CompressorTopology::Feedback,
            detector: CompressorDetector::Peak,
            ..Self::default()
        }
    }
}
