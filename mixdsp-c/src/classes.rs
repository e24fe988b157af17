//! One accessor per processor. Written by `cargo run -p generate`; do not edit.

use crate::border::accessor;
use crate::class::{Class, RowTexts, Texts};

/// An accessor.
pub type Accessor = extern "C" fn() -> *const Class;

/// Every accessor with its processor's key, in the order of the catalogue.
pub const ALL: &[(&str, Accessor)] = &[
    ("gain", mixdsp_gain),
    ("equalizer", mixdsp_equalizer),
    ("compressor", mixdsp_compressor),
    ("delay", mixdsp_delay),
    ("pan", mixdsp_pan),
    ("width", mixdsp_width),
    ("mid_side", mixdsp_mid_side),
    ("align", mixdsp_align),
    ("dither", mixdsp_dither),
];

accessor! {
    /// Changes the level, turns the polarity, or silences.
    mixdsp_gain: mixdsp::gain::GainKind, Texts {
        key: c"gain",
        name: c"Gain",
        doc: c"Changes the level, turns the polarity, or silences.",
        rows: &[
            RowTexts { group: None, key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Change of level.", choices: &[] },
            RowTexts { group: None, key: c"invert", name: c"Invert", unit: c"", doc: c"Turns the polarity round.", choices: &[] },
            RowTexts { group: None, key: c"mute", name: c"Mute", unit: c"", doc: c"Silences the output.", choices: &[] },
        ],
    }
}

accessor! {
    /// Shapes tone by bells, shelves and passes that follow the analogue curve up to 20 kHz.
    mixdsp_equalizer: mixdsp::eq::EqualizerKind, Texts {
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
    }
}

accessor! {
    /// Turns down what is louder than a threshold.
    mixdsp_compressor: mixdsp::dynamics::CompressorKind, Texts {
        key: c"compressor",
        name: c"Compressor",
        doc: c"Turns down what is louder than a threshold.",
        rows: &[
            RowTexts { group: None, key: c"lookahead_ms", name: c"Look-ahead", unit: c"ms", doc: c"How far it looks ahead; this is its latency.", choices: &[] },
            RowTexts { group: None, key: c"hold_ms", name: c"Hold", unit: c"ms", doc: c"How long the detector holds: half a wave of the lowest bass.", choices: &[] },
            RowTexts { group: None, key: c"threshold_db", name: c"Threshold", unit: c"dB", doc: c"Level above which it works.", choices: &[] },
            RowTexts { group: None, key: c"ratio", name: c"Ratio", unit: c"", doc: c"How many decibels in make one out, above the threshold.", choices: &[] },
            RowTexts { group: None, key: c"knee_db", name: c"Knee", unit: c"dB", doc: c"Width of the bend around the threshold.", choices: &[] },
            RowTexts { group: None, key: c"attack_ms", name: c"Attack", unit: c"ms", doc: c"Time constant of going down; 0 is instant.", choices: &[] },
            RowTexts { group: None, key: c"release_ms", name: c"Release", unit: c"ms", doc: c"Time constant of coming back.", choices: &[] },
            RowTexts { group: None, key: c"makeup_db", name: c"Make-up", unit: c"dB", doc: c"Gain after compression.", choices: &[] },
            RowTexts { group: None, key: c"mix", name: c"Mix", unit: c"", doc: c"Share of the compressed sound; the rest is dry.", choices: &[] },
            RowTexts { group: None, key: c"link", name: c"Link", unit: c"", doc: c"1 turns all channels down alike, 0 each by itself.", choices: &[] },
            RowTexts { group: None, key: c"detector", name: c"Detector", unit: c"", doc: c"What counts as level.", choices: &[c"peak", c"peak_hold"] },
            RowTexts { group: None, key: c"gain_reduction_db", name: c"Gain reduction", unit: c"dB", doc: c"Largest gain reduction of all channels at the last frame.", choices: &[] },
        ],
    }
}

accessor! {
    /// Repeats what was heard after a time, ever softer.
    mixdsp_delay: mixdsp::delay::DelayKind, Texts {
        key: c"delay",
        name: c"Delay",
        doc: c"Repeats what was heard after a time, ever softer.",
        rows: &[
            RowTexts { group: None, key: c"maximum_seconds", name: c"Maximum", unit: c"s", doc: c"The longest time that can be set; at least 16 frames are kept.", choices: &[] },
            RowTexts { group: None, key: c"time_ms", name: c"Time", unit: c"ms", doc: c"Time to the first echo, and between echoes; at least 16 frames, at most what was built for.", choices: &[] },
            RowTexts { group: None, key: c"feedback", name: c"Feedback", unit: c"", doc: c"Level of each echo against the one before, as an amplitude factor.", choices: &[] },
            RowTexts { group: None, key: c"mix", name: c"Mix", unit: c"", doc: c"Share of the echoes in the output; the rest is the dry sound.", choices: &[] },
        ],
    }
}

accessor! {
    /// Places a mono sound between left and right, or balances a stereo one.
    mixdsp_pan: mixdsp::stereo::PanKind, Texts {
        key: c"pan",
        name: c"Pan",
        doc: c"Places a mono sound between left and right, or balances a stereo one.",
        rows: &[
            RowTexts { group: None, key: c"pan", name: c"Pan", unit: c"", doc: c"From -1, left, over 0, centre, to 1, right.", choices: &[] },
            RowTexts { group: None, key: c"law", name: c"Law", unit: c"", doc: c"How far each side falls in the centre.", choices: &[c"constant_power", c"compromise", c"constant_sum"] },
        ],
    }
}

accessor! {
    /// Makes a stereo sound narrower or wider.
    mixdsp_width: mixdsp::stereo::WidthKind, Texts {
        key: c"width",
        name: c"Width",
        doc: c"Makes a stereo sound narrower or wider.",
        rows: &[
            RowTexts { group: None, key: c"width", name: c"Width", unit: c"", doc: c"Factor of the side: 0 is mono, 1 leaves the sound as it is.", choices: &[] },
        ],
    }
}

accessor! {
    /// Turns left and right into mid and side, or back.
    mixdsp_mid_side: mixdsp::stereo::MidSideKind, Texts {
        key: c"mid_side",
        name: c"Mid-side",
        doc: c"Turns left and right into mid and side, or back.",
        rows: &[
            RowTexts { group: None, key: c"direction", name: c"Direction", unit: c"", doc: c"Which way.", choices: &[c"encode", c"decode"] },
        ],
    }
}

accessor! {
    /// Makes a path wait by whole frames, so that it meets a slower one.
    mixdsp_align: mixdsp::mix::AlignKind, Texts {
        key: c"align",
        name: c"Align",
        doc: c"Makes a path wait by whole frames, so that it meets a slower one.",
        rows: &[
            RowTexts { group: None, key: c"frames", name: c"Frames", unit: c"frames", doc: c"How long the path waits.", choices: &[] },
        ],
    }
}

accessor! {
    /// Quantises to the bits of a delivery with triangular noise.
    mixdsp_dither: mixdsp::master::DitherKind, Texts {
        key: c"dither",
        name: c"Dither",
        doc: c"Quantises to the bits of a delivery with triangular noise.",
        rows: &[
            RowTexts { group: None, key: c"bits", name: c"Bits", unit: c"bit", doc: c"Bits of the delivery.", choices: &[] },
            RowTexts { group: None, key: c"seed", name: c"Seed", unit: c"", doc: c"Which of the possible noises.", choices: &[] },
        ],
    }
}
