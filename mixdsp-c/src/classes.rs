//! One accessor per processor. Written by `cargo run -p generate`; do not edit.

use crate::class::{Class, RowTexts, Texts};

/// An accessor.
pub type Accessor = extern "C" fn() -> *const Class;

/// Every accessor with its processor's key, in the order of the catalogue.
pub const ALL: &[(&str, Accessor)] = &[
    ("gain", mixdsp_gain),
    ("equalizer", mixdsp_equalizer),
];

/// Changes the level, turns the polarity, or silences.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_gain() -> *const Class {
    static CLASS: Class = Class::of::<mixdsp::gain::GainKind>(&Texts {
        key: c"gain",
        name: c"Gain",
        doc: c"Changes the level, turns the polarity, or silences.",
        rows: &[
            RowTexts { group: None, key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Change of level.", choices: &[] },
            RowTexts { group: None, key: c"invert", name: c"Invert", unit: c"", doc: c"Turns the polarity round.", choices: &[] },
            RowTexts { group: None, key: c"mute", name: c"Mute", unit: c"", doc: c"Silences the output.", choices: &[] },
        ],
    });
    &raw const CLASS
}

/// Shapes tone by bells, shelves and passes that follow the analogue curve up to 20 kHz.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_equalizer() -> *const Class {
    static CLASS: Class = Class::of::<mixdsp::eq::EqualizerKind>(&Texts {
        key: c"equalizer",
        name: c"Equalizer",
        doc: c"Shapes tone by bells, shelves and passes that follow the analogue curve up to 20 kHz.",
        rows: &[
            RowTexts { group: None, key: c"bands", name: c"Bands", unit: c"", doc: c"How many bands there are.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"enabled", name: c"Enabled", unit: c"", doc: c"Whether the band works.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"kind", name: c"Kind", unit: c"", doc: c"What the band does.", choices: &[c"bell", c"low_shelf", c"high_shelf", c"high_pass", c"low_pass"] },
            RowTexts { group: Some(c"bands"), key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Centre of a bell, middle of a shelf's slope, corner of a pass.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Gain of a bell or a shelf; passes have none.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"q", name: c"Q", unit: c"", doc: c"Narrowness of a bell, steepness of a shelf, resonance of a pass.", choices: &[] },
        ],
    });
    &raw const CLASS
}
