//! Places in a mix where saturation is usual.

use super::params::{Focus, SaturatorConfig, SaturatorParams, SaturatorShape};
use crate::engine::kind::Preset;
use crate::params::Settings;

/// All of them.
pub(super) const ALL: &[Preset] = &[
    Preset {
        key: "warm",
        doc: "A little of everything, the low frequencies first: for buses and masters.",
        each: |visit| SaturatorParams::warm().each(visit),
    },
    Preset {
        key: "tube",
        doc: "Even harmonics for voices and bass.",
        each: |visit| SaturatorParams::tube().each(visit),
    },
    Preset {
        key: "tape",
        doc: "Density and a head bump, for drums, buses and masters.",
        each: |visit| SaturatorParams::tape().each(visit),
    },
    Preset {
        key: "fet",
        doc: "The odd harmonics of a field-effect transistor: behind the compressor's preset of that name.",
        each: |visit| SaturatorParams::fet().each(visit),
    },
    Preset {
        key: "exciter",
        doc: "Harmonics of what lies above 4 kHz, added to the input.",
        each: |visit| {
            SaturatorConfig::exciter().each(visit);
            SaturatorParams::exciter().each(visit);
        },
    },
];

impl SaturatorParams {
    /// A little of everything, the low frequencies first: for buses and masters.
    pub fn warm() -> Self {
        Self { drive_db: 3.0, shape: SaturatorShape::Transformer, ..Self::default() }
    }

    /// Even harmonics for voices and bass.
    pub fn tube() -> Self {
        Self { drive_db: 9.0, shape: SaturatorShape::Tube, ..Self::default() }
    }

    /// Density and a head bump, for drums, buses and masters.
    pub fn tape() -> Self {
        Self { drive_db: 6.0, shape: SaturatorShape::Tape, ..Self::default() }
    }

    /// The harmonics of a field-effect transistor, for what comes out of [`CompressorParams::fet`](crate::CompressorParams::fet):
    /// of a sine of -10 dBFS the third at -50.5 dB and the second at -62 dB.
    pub fn fet() -> Self {
        Self { drive_db: 0.0, shape: SaturatorShape::Cubic, bias: 0.014, mix: 0.8, ..Self::default() }
    }

    /// Harmonics of what lies above 4 kHz, added to the input; needs [`SaturatorConfig::exciter`].
    pub fn exciter() -> Self {
        Self { drive_db: 18.0, shape: SaturatorShape::Tube, focus_hz: 4000.0, mix: 0.25, ..Self::default() }
    }
}

impl SaturatorConfig {
    /// Saturates the highs and adds what comes of them.
    pub fn exciter() -> Self {
        Self { focus: Focus::Highs, ..Self::default() }
    }
}
