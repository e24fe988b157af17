//! One accessor per processor. Written by `cargo run -p generate`; do not edit.

use crate::class::{Class, RowTexts, Texts};

/// An accessor.
pub type Accessor = extern "C" fn() -> *const Class;

/// Every accessor with its processor's key, in the order of the catalogue.
pub const ALL: &[(&str, Accessor)] = &[
    ("gain", mixdsp_gain),
    ("equalizer", mixdsp_equalizer),
    ("delay", mixdsp_delay),
    ("pan", mixdsp_pan),
    ("width", mixdsp_width),
    ("mid_side", mixdsp_mid_side),
    ("align", mixdsp_align),
    ("dither", mixdsp_dither),
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
            RowTexts { group: None, key: c"steepest_slope", name: c"Steepest slope", unit: c"", doc: c"The steepest slope that a band may have; each 12 dB per octave take memory.", choices: &[c"6", c"12", c"18", c"24", c"36", c"48", c"72", c"96"] },
            RowTexts { group: Some(c"bands"), key: c"enabled", name: c"Enabled", unit: c"", doc: c"Whether the band works.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"kind", name: c"Kind", unit: c"", doc: c"What the band does.", choices: &[c"bell", c"low_shelf", c"high_shelf", c"high_pass", c"low_pass"] },
            RowTexts { group: Some(c"bands"), key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Centre of a bell, middle of a shelf's slope, corner of a pass.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Gain of a bell or a shelf; passes have none.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"q", name: c"Q", unit: c"", doc: c"Narrowness of a bell, steepness of a shelf, resonance of a pass of 12 dB per octave.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"slope_db_per_octave", name: c"Slope", unit: c"", doc: c"How fast a pass falls; bells and shelves have none.", choices: &[c"6", c"12", c"18", c"24", c"36", c"48", c"72", c"96"] },
        ],
    });
    &raw const CLASS
}

/// Repeats what was heard after a time, ever softer.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_delay() -> *const Class {
    static CLASS: Class = Class::of::<mixdsp::delay::DelayKind>(&Texts {
        key: c"delay",
        name: c"Delay",
        doc: c"Repeats what was heard after a time, ever softer.",
        rows: &[
            RowTexts { group: None, key: c"maximum_seconds", name: c"Maximum", unit: c"s", doc: c"The longest time that can be set; at least 16 frames are kept.", choices: &[] },
            RowTexts { group: None, key: c"time_ms", name: c"Time", unit: c"ms", doc: c"Time to the first echo, and between echoes; at least 16 frames, at most what was built for.", choices: &[] },
            RowTexts { group: None, key: c"feedback", name: c"Feedback", unit: c"", doc: c"Level of each echo against the one before, as an amplitude factor.", choices: &[] },
            RowTexts { group: None, key: c"mix", name: c"Mix", unit: c"", doc: c"Share of the echoes in the output; the rest is the dry sound.", choices: &[] },
        ],
    });
    &raw const CLASS
}

/// Places a mono sound between left and right, or balances a stereo one.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_pan() -> *const Class {
    static CLASS: Class = Class::of::<mixdsp::stereo::PanKind>(&Texts {
        key: c"pan",
        name: c"Pan",
        doc: c"Places a mono sound between left and right, or balances a stereo one.",
        rows: &[
            RowTexts { group: None, key: c"pan", name: c"Pan", unit: c"", doc: c"From -1, left, over 0, centre, to 1, right.", choices: &[] },
            RowTexts { group: None, key: c"law", name: c"Law", unit: c"", doc: c"How far each side falls in the centre.", choices: &[c"constant_power", c"compromise", c"constant_sum"] },
        ],
    });
    &raw const CLASS
}

/// Makes a stereo sound narrower or wider.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_width() -> *const Class {
    static CLASS: Class = Class::of::<mixdsp::stereo::WidthKind>(&Texts {
        key: c"width",
        name: c"Width",
        doc: c"Makes a stereo sound narrower or wider.",
        rows: &[
            RowTexts { group: None, key: c"width", name: c"Width", unit: c"", doc: c"Factor of the side: 0 is mono, 1 leaves the sound as it is.", choices: &[] },
        ],
    });
    &raw const CLASS
}

/// Turns left and right into mid and side, or back.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_mid_side() -> *const Class {
    static CLASS: Class = Class::of::<mixdsp::stereo::MidSideKind>(&Texts {
        key: c"mid_side",
        name: c"Mid-side",
        doc: c"Turns left and right into mid and side, or back.",
        rows: &[
            RowTexts { group: None, key: c"direction", name: c"Direction", unit: c"", doc: c"Which way.", choices: &[c"encode", c"decode"] },
        ],
    });
    &raw const CLASS
}

/// Makes a path wait by whole frames, so that it meets a slower one.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_align() -> *const Class {
    static CLASS: Class = Class::of::<mixdsp::mix::AlignKind>(&Texts {
        key: c"align",
        name: c"Align",
        doc: c"Makes a path wait by whole frames, so that it meets a slower one.",
        rows: &[
            RowTexts { group: None, key: c"frames", name: c"Frames", unit: c"frames", doc: c"How long the path waits.", choices: &[] },
        ],
    });
    &raw const CLASS
}

/// Quantises to the bits of a delivery with triangular noise.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_dither() -> *const Class {
    static CLASS: Class = Class::of::<mixdsp::master::DitherKind>(&Texts {
        key: c"dither",
        name: c"Dither",
        doc: c"Quantises to the bits of a delivery with triangular noise.",
        rows: &[
            RowTexts { group: None, key: c"bits", name: c"Bits", unit: c"bit", doc: c"Bits of the delivery.", choices: &[] },
            RowTexts { group: None, key: c"seed", name: c"Seed", unit: c"", doc: c"Which of the possible noises.", choices: &[] },
        ],
    });
    &raw const CLASS
}
