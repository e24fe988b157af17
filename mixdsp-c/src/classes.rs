//! One accessor per processor. Written by `cargo run -p generate`; do not edit.

use crate::border::accessor;
use crate::class::{Class, RowTexts, Texts};

/// An accessor.
pub type Accessor = extern "C" fn() -> *const Class;

/// Every accessor with its processor's key, in the order of the catalogue.
pub const ALL: &[(&str, Accessor)] = &[
    ("gain", mixdsp_gain),
    ("equalizer", mixdsp_equalizer),
    ("dynamic_equalizer", mixdsp_dynamic_equalizer),
    ("crossover", mixdsp_crossover),
    ("one_pole", mixdsp_one_pole),
    ("dc_blocker", mixdsp_dc_blocker),
    ("compressor", mixdsp_compressor),
    ("gate", mixdsp_gate),
    ("expander", mixdsp_expander),
    ("ducker", mixdsp_ducker),
    ("de_esser", mixdsp_de_esser),
    ("transient_shaper", mixdsp_transient_shaper),
    ("leveler", mixdsp_leveler),
    ("saturator", mixdsp_saturator),
    ("clipper", mixdsp_clipper),
    ("limiter", mixdsp_limiter),
    ("loudness", mixdsp_loudness),
    ("level_meter", mixdsp_level_meter),
    ("correlation_meter", mixdsp_correlation_meter),
    ("delay", mixdsp_delay),
    ("chorus", mixdsp_chorus),
    ("flanger", mixdsp_flanger),
    ("phaser", mixdsp_phaser),
    ("tremolo", mixdsp_tremolo),
    ("reverb", mixdsp_reverb),
    ("pan", mixdsp_pan),
    ("dual_pan", mixdsp_dual_pan),
    ("rotation", mixdsp_rotation),
    ("width", mixdsp_width),
    ("imager", mixdsp_imager),
    ("haas", mixdsp_haas),
    ("decorrelator", mixdsp_decorrelator),
    ("crossfeed", mixdsp_crossfeed),
    ("vbap", mixdsp_vbap),
    ("fold_down", mixdsp_fold_down),
    ("mid_side", mixdsp_mid_side),
    ("align", mixdsp_align),
    ("dither", mixdsp_dither),
];

accessor! {
    /// Changes the level, turns the polarity, or silences.
    mixdsp_gain: mixdsp::processors::gain::GainKind, Texts {
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
    /// Shapes tone by bands that follow the analogue curve up to 20 kHz.
    mixdsp_equalizer: mixdsp::processors::equalizer::EqualizerKind, Texts {
        key: c"equalizer",
        name: c"Equalizer",
        doc: c"Shapes tone by bands that follow the analogue curve up to 20 kHz.",
        rows: &[
            RowTexts { group: None, key: c"bands", name: c"Bands", unit: c"", doc: c"How many bands there are.", choices: &[] },
            RowTexts { group: None, key: c"steepest_slope", name: c"Steepest slope", unit: c"", doc: c"The steepest slope that a band may have; each 12 dB per octave take memory.", choices: &[c"6", c"12", c"18", c"24", c"36", c"48", c"72", c"96"] },
            RowTexts { group: Some(c"bands"), key: c"enabled", name: c"Enabled", unit: c"", doc: c"Whether the band works.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"kind", name: c"Kind", unit: c"", doc: c"What the band does.", choices: &[c"bell", c"low_shelf", c"high_shelf", c"high_pass", c"low_pass", c"band_pass", c"notch", c"all_pass", c"tilt"] },
            RowTexts { group: Some(c"bands"), key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Gain of a bell, shelf or tilt; the others have none.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"q", name: c"Q", unit: c"", doc: c"Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"slope_db_per_octave", name: c"Slope", unit: c"", doc: c"How fast a pass falls; 6 makes an all-pass one of first order, the others have none.", choices: &[c"6", c"12", c"18", c"24", c"36", c"48", c"72", c"96"] },
            RowTexts { group: Some(c"bands"), key: c"shelf_by", name: c"Shelf by", unit: c"", doc: c"What says how steep a shelf is.", choices: &[c"q", c"slope"] },
            RowTexts { group: Some(c"bands"), key: c"shelf_slope", name: c"Shelf slope", unit: c"", doc: c"Steepness of a shelf by slope: 1 is the steepest without overshoot.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"placement", name: c"Placement", unit: c"", doc: c"What the band works on; anything but all needs a unit of two channels.", choices: &[c"all", c"left", c"right", c"mid", c"side"] },
            RowTexts { group: Some(c"bands"), key: c"proportional_q", name: c"Proportional Q", unit: c"", doc: c"Whether a bell grows narrower with its gain: `q` then holds at 12 dB.", choices: &[] },
        ],
    }
}

accessor! {
    /// Bells and shelves whose gain changes with the level in them.
    mixdsp_dynamic_equalizer: mixdsp::processors::dynamic_equalizer::DynamicEqualizerKind, Texts {
        key: c"dynamic_equalizer",
        name: c"Dynamic equalizer",
        doc: c"Bells and shelves whose gain changes with the level in them.",
        rows: &[
            RowTexts { group: None, key: c"bands", name: c"Bands", unit: c"", doc: c"How many bands there are.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"enabled", name: c"Enabled", unit: c"", doc: c"Whether the band works.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"kind", name: c"Kind", unit: c"", doc: c"What the band does.", choices: &[c"bell", c"low_shelf", c"high_shelf"] },
            RowTexts { group: Some(c"bands"), key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Centre of a bell, middle of a shelf's slope.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Gain at levels below the threshold.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"q", name: c"Q", unit: c"", doc: c"Narrowness of a bell and of what it listens to, steepness of a shelf.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"threshold_db", name: c"Threshold", unit: c"dB", doc: c"Level in the band, as a sine's peak, above which the gain changes.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"ratio", name: c"Ratio", unit: c"", doc: c"How many decibels above the threshold leave one, before the range ends it.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"range_db", name: c"Range", unit: c"dB", doc: c"Largest change of the gain: negative turns down what is loud, positive up, and 0 nothing.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"attack_ms", name: c"Attack", unit: c"ms", doc: c"Time constant of the change; 0 is instant.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"release_ms", name: c"Release", unit: c"ms", doc: c"Time constant of coming back.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"key", name: c"Key", unit: c"", doc: c"What the band listens to.", choices: &[c"own", c"external"] },
            RowTexts { group: None, key: c"change_db", name: c"Change", unit: c"dB", doc: c"Change of a band's gain at the last frame; the id's item is the band.", choices: &[] },
        ],
    }
}

accessor! {
    /// Cuts audio into bands that come out separately and add up flat.
    mixdsp_crossover: mixdsp::processors::crossover::CrossoverKind, Texts {
        key: c"crossover",
        name: c"Crossover",
        doc: c"Cuts audio into bands that come out separately and add up flat.",
        rows: &[
            RowTexts { group: None, key: c"splits", name: c"Splits", unit: c"", doc: c"How many frequencies there are at which audio is split; the bands are one more.", choices: &[] },
            RowTexts { group: None, key: c"slope_db_per_octave", name: c"Slope", unit: c"", doc: c"How fast the bands fall beyond their splits.", choices: &[c"12", c"24", c"48"] },
            RowTexts { group: None, key: c"phase", name: c"Phase", unit: c"", doc: c"What the bands do to the phase.", choices: &[c"minimum", c"linear"] },
            RowTexts { group: None, key: c"lowest_hz", name: c"Lowest split", unit: c"Hz", doc: c"The lowest split that linear phase is built for: the lower, the longer are filters and latency.", choices: &[] },
            RowTexts { group: Some(c"splits"), key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Where the band below ends and the band above begins: both are 6 dB down.", choices: &[] },
        ],
    }
}

accessor! {
    /// Takes away above a frequency, gently: 6 dB per octave.
    mixdsp_one_pole: mixdsp::processors::one_pole::OnePoleKind, Texts {
        key: c"one_pole",
        name: c"One-pole low-pass",
        doc: c"Takes away above a frequency, gently: 6 dB per octave.",
        rows: &[
            RowTexts { group: None, key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Corner, where the level has fallen by 3 dB.", choices: &[] },
        ],
    }
}

accessor! {
    /// Takes away a constant offset and leaves the bass.
    mixdsp_dc_blocker: mixdsp::processors::dc_blocker::DcBlockerKind, Texts {
        key: c"dc_blocker",
        name: c"DC blocker",
        doc: c"Takes away a constant offset and leaves the bass.",
        rows: &[
            RowTexts { group: None, key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Corner, where the level has fallen by 3 dB.", choices: &[] },
        ],
    }
}

accessor! {
    /// Turns down what is louder than a threshold.
    mixdsp_compressor: mixdsp::processors::compressor::CompressorKind, Texts {
        key: c"compressor",
        name: c"Compressor",
        doc: c"Turns down what is louder than a threshold.",
        rows: &[
            RowTexts { group: None, key: c"lookahead_ms", name: c"Look-ahead", unit: c"ms", doc: c"How far it looks ahead; this is its latency.", choices: &[] },
            RowTexts { group: None, key: c"hold_ms", name: c"Hold", unit: c"ms", doc: c"How long the detector holds: half a wave of the lowest bass.", choices: &[] },
            RowTexts { group: None, key: c"sidechain_bands", name: c"Sidechain bands", unit: c"", doc: c"How many bands filter what it listens to.", choices: &[] },
            RowTexts { group: None, key: c"threshold_db", name: c"Threshold", unit: c"dB", doc: c"Level above which it works; below which, upward.", choices: &[] },
            RowTexts { group: None, key: c"ratio", name: c"Ratio", unit: c"", doc: c"How many decibels in make one out, beyond the threshold.", choices: &[] },
            RowTexts { group: None, key: c"knee_db", name: c"Knee", unit: c"dB", doc: c"Width of the bend around the threshold.", choices: &[] },
            RowTexts { group: None, key: c"attack_ms", name: c"Attack", unit: c"ms", doc: c"Time constant of going down; 0 is instant.", choices: &[] },
            RowTexts { group: None, key: c"release_ms", name: c"Release", unit: c"ms", doc: c"Time constant of coming back.", choices: &[] },
            RowTexts { group: None, key: c"makeup_db", name: c"Make-up", unit: c"dB", doc: c"Gain after compression.", choices: &[] },
            RowTexts { group: None, key: c"mix", name: c"Mix", unit: c"", doc: c"Share of the compressed sound; the rest is dry.", choices: &[] },
            RowTexts { group: None, key: c"link", name: c"Link", unit: c"", doc: c"1 turns all channels down alike, 0 each by itself.", choices: &[] },
            RowTexts { group: None, key: c"detector", name: c"Detector", unit: c"", doc: c"What counts as level.", choices: &[c"peak", c"peak_hold", c"rms"] },
            RowTexts { group: None, key: c"range_db", name: c"Range", unit: c"dB", doc: c"Most gain reduction.", choices: &[] },
            RowTexts { group: None, key: c"direction", name: c"Direction", unit: c"", doc: c"Which levels it changes.", choices: &[c"downward", c"upward"] },
            RowTexts { group: None, key: c"max_boost_db", name: c"Largest boost", unit: c"dB", doc: c"Most gain upward.", choices: &[] },
            RowTexts { group: None, key: c"topology", name: c"Topology", unit: c"", doc: c"Whether the detector hears the input or the output; a sidechain is always heard as it is.", choices: &[c"feed_forward", c"feedback"] },
            RowTexts { group: None, key: c"auto_release", name: c"Auto release", unit: c"", doc: c"Whether a reduction that has lasted comes back slowly, while short peaks come back by the release.", choices: &[] },
            RowTexts { group: None, key: c"slow_release_ms", name: c"Slow release", unit: c"ms", doc: c"Time constant of coming back from a reduction that has lasted, with auto release.", choices: &[] },
            RowTexts { group: None, key: c"slow_charge_ms", name: c"Slow charge", unit: c"ms", doc: c"Time constant by which a reduction counts as lasting, with auto release.", choices: &[] },
            RowTexts { group: None, key: c"auto_makeup", name: c"Auto make-up", unit: c"", doc: c"How make-up gain is found.", choices: &[c"off", c"static", c"loudness"] },
            RowTexts { group: None, key: c"rms_window_ms", name: c"RMS window", unit: c"ms", doc: c"Time constant of the detector's window, for `rms`.", choices: &[] },
            RowTexts { group: None, key: c"listen", name: c"Listen", unit: c"", doc: c"Lets the filtered sidechain be heard in place of the output.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"enabled", name: c"Enabled", unit: c"", doc: c"Whether the band works.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"kind", name: c"Kind", unit: c"", doc: c"What the band does.", choices: &[c"bell", c"low_shelf", c"high_shelf", c"high_pass", c"low_pass", c"band_pass", c"notch", c"all_pass", c"tilt"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Gain of a bell, shelf or tilt; the others have none.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"q", name: c"Q", unit: c"", doc: c"Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"slope_db_per_octave", name: c"Slope", unit: c"", doc: c"How fast a pass falls; 6 makes an all-pass one of first order, the others have none.", choices: &[c"6", c"12", c"18", c"24", c"36", c"48", c"72", c"96"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"shelf_by", name: c"Shelf by", unit: c"", doc: c"What says how steep a shelf is.", choices: &[c"q", c"slope"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"shelf_slope", name: c"Shelf slope", unit: c"", doc: c"Steepness of a shelf by slope: 1 is the steepest without overshoot.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"placement", name: c"Placement", unit: c"", doc: c"What the band works on; anything but all needs a unit of two channels.", choices: &[c"all", c"left", c"right", c"mid", c"side"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"proportional_q", name: c"Proportional Q", unit: c"", doc: c"Whether a bell grows narrower with its gain: `q` then holds at 12 dB.", choices: &[] },
            RowTexts { group: None, key: c"gain_reduction_db", name: c"Gain reduction", unit: c"dB", doc: c"Largest gain reduction of all channels at the last frame; negative where it raises.", choices: &[] },
        ],
    }
}

accessor! {
    /// Takes away what is softer than a threshold.
    mixdsp_gate: mixdsp::processors::gate::GateKind, Texts {
        key: c"gate",
        name: c"Gate",
        doc: c"Takes away what is softer than a threshold.",
        rows: &[
            RowTexts { group: None, key: c"lookahead_ms", name: c"Look-ahead", unit: c"ms", doc: c"How far it looks ahead; this is its latency.", choices: &[] },
            RowTexts { group: None, key: c"sidechain_bands", name: c"Sidechain bands", unit: c"", doc: c"How many bands filter what it listens to.", choices: &[] },
            RowTexts { group: None, key: c"threshold_db", name: c"Threshold", unit: c"dB", doc: c"Level at which it opens.", choices: &[] },
            RowTexts { group: None, key: c"hysteresis_db", name: c"Hysteresis", unit: c"dB", doc: c"How far under the threshold the level must fall before it closes.", choices: &[] },
            RowTexts { group: None, key: c"hold_ms", name: c"Hold", unit: c"ms", doc: c"How long the level must stay there before it closes.", choices: &[] },
            RowTexts { group: None, key: c"range_db", name: c"Range", unit: c"dB", doc: c"What it takes away while it is closed.", choices: &[] },
            RowTexts { group: None, key: c"attack_ms", name: c"Attack", unit: c"ms", doc: c"Time of opening, to 63.2 % of the decibels; 0 is instant.", choices: &[] },
            RowTexts { group: None, key: c"release_ms", name: c"Release", unit: c"ms", doc: c"Time of closing, to 63.2 % of the decibels.", choices: &[] },
            RowTexts { group: None, key: c"link", name: c"Link", unit: c"", doc: c"Share of what all channels together ask for; at 1 all open and close alike.", choices: &[] },
            RowTexts { group: None, key: c"listen", name: c"Listen", unit: c"", doc: c"Lets the filtered sidechain be heard in place of the output.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"enabled", name: c"Enabled", unit: c"", doc: c"Whether the band works.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"kind", name: c"Kind", unit: c"", doc: c"What the band does.", choices: &[c"bell", c"low_shelf", c"high_shelf", c"high_pass", c"low_pass", c"band_pass", c"notch", c"all_pass", c"tilt"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Gain of a bell, shelf or tilt; the others have none.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"q", name: c"Q", unit: c"", doc: c"Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"slope_db_per_octave", name: c"Slope", unit: c"", doc: c"How fast a pass falls; 6 makes an all-pass one of first order, the others have none.", choices: &[c"6", c"12", c"18", c"24", c"36", c"48", c"72", c"96"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"shelf_by", name: c"Shelf by", unit: c"", doc: c"What says how steep a shelf is.", choices: &[c"q", c"slope"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"shelf_slope", name: c"Shelf slope", unit: c"", doc: c"Steepness of a shelf by slope: 1 is the steepest without overshoot.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"placement", name: c"Placement", unit: c"", doc: c"What the band works on; anything but all needs a unit of two channels.", choices: &[c"all", c"left", c"right", c"mid", c"side"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"proportional_q", name: c"Proportional Q", unit: c"", doc: c"Whether a bell grows narrower with its gain: `q` then holds at 12 dB.", choices: &[] },
            RowTexts { group: None, key: c"gain_reduction_db", name: c"Gain reduction", unit: c"dB", doc: c"Largest gain reduction of all channels at the last frame.", choices: &[] },
            RowTexts { group: None, key: c"open", name: c"Open", unit: c"", doc: c"1 while the level of all channels holds it open, 0 while it closes or is closed.", choices: &[] },
        ],
    }
}

accessor! {
    /// Turns down what is softer than a threshold, the more the softer it is.
    mixdsp_expander: mixdsp::processors::expander::ExpanderKind, Texts {
        key: c"expander",
        name: c"Expander",
        doc: c"Turns down what is softer than a threshold, the more the softer it is.",
        rows: &[
            RowTexts { group: None, key: c"lookahead_ms", name: c"Look-ahead", unit: c"ms", doc: c"How far it looks ahead; this is its latency.", choices: &[] },
            RowTexts { group: None, key: c"hold_ms", name: c"Hold", unit: c"ms", doc: c"For how long a level counts: half a wave of the lowest bass, or longer to keep tails.", choices: &[] },
            RowTexts { group: None, key: c"sidechain_bands", name: c"Sidechain bands", unit: c"", doc: c"How many bands filter what it listens to.", choices: &[] },
            RowTexts { group: None, key: c"threshold_db", name: c"Threshold", unit: c"dB", doc: c"Level under which it turns down.", choices: &[] },
            RowTexts { group: None, key: c"ratio", name: c"Ratio", unit: c"", doc: c"How many decibels under the threshold come out for one that comes in.", choices: &[] },
            RowTexts { group: None, key: c"knee_db", name: c"Knee", unit: c"dB", doc: c"Width of the bend around the threshold.", choices: &[] },
            RowTexts { group: None, key: c"range_db", name: c"Range", unit: c"dB", doc: c"Most that it takes away.", choices: &[] },
            RowTexts { group: None, key: c"attack_ms", name: c"Attack", unit: c"ms", doc: c"Time of coming up, to 63.2 % of the decibels; 0 is instant.", choices: &[] },
            RowTexts { group: None, key: c"release_ms", name: c"Release", unit: c"ms", doc: c"Time of going down, to 63.2 % of the decibels.", choices: &[] },
            RowTexts { group: None, key: c"link", name: c"Link", unit: c"", doc: c"Share of what all channels together ask for; at 1 all are turned down alike.", choices: &[] },
            RowTexts { group: None, key: c"listen", name: c"Listen", unit: c"", doc: c"Lets the filtered sidechain be heard in place of the output.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"enabled", name: c"Enabled", unit: c"", doc: c"Whether the band works.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"kind", name: c"Kind", unit: c"", doc: c"What the band does.", choices: &[c"bell", c"low_shelf", c"high_shelf", c"high_pass", c"low_pass", c"band_pass", c"notch", c"all_pass", c"tilt"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Gain of a bell, shelf or tilt; the others have none.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"q", name: c"Q", unit: c"", doc: c"Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"slope_db_per_octave", name: c"Slope", unit: c"", doc: c"How fast a pass falls; 6 makes an all-pass one of first order, the others have none.", choices: &[c"6", c"12", c"18", c"24", c"36", c"48", c"72", c"96"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"shelf_by", name: c"Shelf by", unit: c"", doc: c"What says how steep a shelf is.", choices: &[c"q", c"slope"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"shelf_slope", name: c"Shelf slope", unit: c"", doc: c"Steepness of a shelf by slope: 1 is the steepest without overshoot.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"placement", name: c"Placement", unit: c"", doc: c"What the band works on; anything but all needs a unit of two channels.", choices: &[c"all", c"left", c"right", c"mid", c"side"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"proportional_q", name: c"Proportional Q", unit: c"", doc: c"Whether a bell grows narrower with its gain: `q` then holds at 12 dB.", choices: &[] },
            RowTexts { group: None, key: c"gain_reduction_db", name: c"Gain reduction", unit: c"dB", doc: c"Largest gain reduction of all channels at the last frame.", choices: &[] },
        ],
    }
}

accessor! {
    /// Turns down by a depth while the sidechain is loud.
    mixdsp_ducker: mixdsp::processors::ducker::DuckerKind, Texts {
        key: c"ducker",
        name: c"Ducker",
        doc: c"Turns down by a depth while the sidechain is loud.",
        rows: &[
            RowTexts { group: None, key: c"lookahead_ms", name: c"Look-ahead", unit: c"ms", doc: c"How far it looks ahead; this is its latency.", choices: &[] },
            RowTexts { group: None, key: c"sidechain_bands", name: c"Sidechain bands", unit: c"", doc: c"How many bands filter what it listens to.", choices: &[] },
            RowTexts { group: None, key: c"depth_db", name: c"Depth", unit: c"dB", doc: c"By how much it turns down.", choices: &[] },
            RowTexts { group: None, key: c"threshold_db", name: c"Threshold", unit: c"dB", doc: c"Level of the sidechain at which it does.", choices: &[] },
            RowTexts { group: None, key: c"hysteresis_db", name: c"Hysteresis", unit: c"dB", doc: c"How far under the threshold the level must fall before it comes back.", choices: &[] },
            RowTexts { group: None, key: c"attack_ms", name: c"Attack", unit: c"ms", doc: c"Time of going down, to 63.2 % of the decibels; 0 is instant.", choices: &[] },
            RowTexts { group: None, key: c"hold_ms", name: c"Hold", unit: c"ms", doc: c"How long the level must stay there before it comes back: pauses that are shorter change nothing.", choices: &[] },
            RowTexts { group: None, key: c"release_ms", name: c"Release", unit: c"ms", doc: c"Time of coming back, to 63.2 % of the decibels.", choices: &[] },
            RowTexts { group: None, key: c"listen", name: c"Listen", unit: c"", doc: c"Lets the filtered sidechain be heard in place of the output.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"enabled", name: c"Enabled", unit: c"", doc: c"Whether the band works.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"kind", name: c"Kind", unit: c"", doc: c"What the band does.", choices: &[c"bell", c"low_shelf", c"high_shelf", c"high_pass", c"low_pass", c"band_pass", c"notch", c"all_pass", c"tilt"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Gain of a bell, shelf or tilt; the others have none.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"q", name: c"Q", unit: c"", doc: c"Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"slope_db_per_octave", name: c"Slope", unit: c"", doc: c"How fast a pass falls; 6 makes an all-pass one of first order, the others have none.", choices: &[c"6", c"12", c"18", c"24", c"36", c"48", c"72", c"96"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"shelf_by", name: c"Shelf by", unit: c"", doc: c"What says how steep a shelf is.", choices: &[c"q", c"slope"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"shelf_slope", name: c"Shelf slope", unit: c"", doc: c"Steepness of a shelf by slope: 1 is the steepest without overshoot.", choices: &[] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"placement", name: c"Placement", unit: c"", doc: c"What the band works on; anything but all needs a unit of two channels.", choices: &[c"all", c"left", c"right", c"mid", c"side"] },
            RowTexts { group: Some(c"sidechain_bands"), key: c"proportional_q", name: c"Proportional Q", unit: c"", doc: c"Whether a bell grows narrower with its gain: `q` then holds at 12 dB.", choices: &[] },
            RowTexts { group: None, key: c"gain_reduction_db", name: c"Gain reduction", unit: c"dB", doc: c"Gain reduction at the last frame.", choices: &[] },
            RowTexts { group: None, key: c"ducking", name: c"Ducking", unit: c"", doc: c"1 while the sidechain holds it down, 0 while it comes back or is back.", choices: &[] },
        ],
    }
}

accessor! {
    /// Turns highs down while they are too large a share of the sound.
    mixdsp_de_esser: mixdsp::processors::de_esser::DeEsserKind, Texts {
        key: c"de_esser",
        name: c"De-esser",
        doc: c"Turns highs down while they are too large a share of the sound.",
        rows: &[
            RowTexts { group: None, key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Where highs begin: the middle of the shelf's slope, or the crossover.", choices: &[] },
            RowTexts { group: None, key: c"threshold_db", name: c"Threshold", unit: c"dB", doc: c"Share of the highs in the energy of all, above which they are turned down; it does not depend on the level.", choices: &[] },
            RowTexts { group: None, key: c"slope", name: c"Slope", unit: c"", doc: c"By how many decibels for each decibel above the threshold.", choices: &[] },
            RowTexts { group: None, key: c"knee_db", name: c"Knee", unit: c"dB", doc: c"Width of the bend around the threshold.", choices: &[] },
            RowTexts { group: None, key: c"range_db", name: c"Range", unit: c"dB", doc: c"Most that it takes away.", choices: &[] },
            RowTexts { group: None, key: c"attack_ms", name: c"Attack", unit: c"ms", doc: c"Time constant of going down; 0 is instant.", choices: &[] },
            RowTexts { group: None, key: c"release_ms", name: c"Release", unit: c"ms", doc: c"Time constant of coming back.", choices: &[] },
            RowTexts { group: None, key: c"listen", name: c"Listen", unit: c"", doc: c"Lets what counts as highs be heard in place of the output.", choices: &[] },
            RowTexts { group: None, key: c"mode", name: c"Mode", unit: c"", doc: c"How it takes highs away.", choices: &[c"shelf", c"split"] },
            RowTexts { group: None, key: c"gain_reduction_db", name: c"Gain reduction", unit: c"dB", doc: c"Reduction of the highs at the last frame.", choices: &[] },
        ],
    }
}

accessor! {
    /// Raises or lowers what begins and what rings, at any level.
    mixdsp_transient_shaper: mixdsp::processors::transient_shaper::TransientShaperKind, Texts {
        key: c"transient_shaper",
        name: c"Transient shaper",
        doc: c"Raises or lowers what begins and what rings, at any level.",
        rows: &[
            RowTexts { group: None, key: c"lookahead_ms", name: c"Look-ahead", unit: c"ms", doc: c"How far it looks ahead; this is its latency.", choices: &[] },
            RowTexts { group: None, key: c"attack_db", name: c"Attack", unit: c"dB", doc: c"Change of the level while it rises.", choices: &[] },
            RowTexts { group: None, key: c"sustain_db", name: c"Sustain", unit: c"dB", doc: c"Change of the level while it falls.", choices: &[] },
            RowTexts { group: None, key: c"attack_ms", name: c"Attack length", unit: c"ms", doc: c"How long attacks last: time constant by which a new level stops being one.", choices: &[] },
            RowTexts { group: None, key: c"sustain_ms", name: c"Sustain length", unit: c"ms", doc: c"How long sustain lasts: time constant by which an old level is forgotten.", choices: &[] },
            RowTexts { group: None, key: c"change_db", name: c"Change", unit: c"dB", doc: c"Change of the level at the last frame.", choices: &[] },
        ],
    }
}

accessor! {
    /// Rides the level of a voice or a programme to a loudness.
    mixdsp_leveler: mixdsp::processors::leveler::LevelerKind, Texts {
        key: c"leveler",
        name: c"Leveler",
        doc: c"Rides the level of a voice or a programme to a loudness.",
        rows: &[
            RowTexts { group: None, key: c"lookahead_ms", name: c"Look-ahead", unit: c"ms", doc: c"How far it looks ahead, which is its latency: a second for whole programmes, 0 for what is live.", choices: &[] },
            RowTexts { group: None, key: c"target_lufs", name: c"Target", unit: c"LUFS", doc: c"Loudness that it rides to.", choices: &[] },
            RowTexts { group: None, key: c"max_boost_db", name: c"Largest boost", unit: c"dB", doc: c"Most gain.", choices: &[] },
            RowTexts { group: None, key: c"max_cut_db", name: c"Largest cut", unit: c"dB", doc: c"Most reduction.", choices: &[] },
            RowTexts { group: None, key: c"response_ms", name: c"Response", unit: c"ms", doc: c"Time constant of the gain; far from where it should be it is eight times as fast.", choices: &[] },
            RowTexts { group: None, key: c"silence_lufs", name: c"Silence", unit: c"LUFS", doc: c"Momentary loudness under which it does not listen.", choices: &[] },
            RowTexts { group: None, key: c"brake_db", name: c"Brake", unit: c"dB", doc: c"Most gain in silence.", choices: &[] },
            RowTexts { group: None, key: c"gain_db", name: c"Gain", unit: c"dB", doc: c"Gain at the last frame.", choices: &[] },
            RowTexts { group: None, key: c"level_lufs", name: c"Level", unit: c"LUFS", doc: c"The level that it rides, before its gain.", choices: &[] },
        ],
    }
}

accessor! {
    /// Bends loud sounds by a curve, without audible aliases.
    mixdsp_saturator: mixdsp::processors::saturator::SaturatorKind, Texts {
        key: c"saturator",
        name: c"Saturator",
        doc: c"Bends loud sounds by a curve, without audible aliases.",
        rows: &[
            RowTexts { group: None, key: c"oversampling", name: c"Oversampling", unit: c"", doc: c"How much faster than the audio the curve runs.", choices: &[c"1", c"2", c"4", c"8"] },
            RowTexts { group: None, key: c"antialiasing", name: c"Antialiasing", unit: c"", doc: c"What is done against the aliases that oversampling leaves.", choices: &[c"off", c"first", c"second"] },
            RowTexts { group: None, key: c"phase", name: c"Phase", unit: c"", doc: c"The filters of oversampling, which set the latency.", choices: &[c"linear", c"low_latency"] },
            RowTexts { group: None, key: c"focus", name: c"Focus", unit: c"", doc: c"What it changes.", choices: &[c"all", c"highs"] },
            RowTexts { group: None, key: c"points", name: c"Points", unit: c"", doc: c"How many points the shape `curve` has.", choices: &[] },
            RowTexts { group: None, key: c"drive_db", name: c"Drive", unit: c"dB", doc: c"Gain before the curve.", choices: &[] },
            RowTexts { group: None, key: c"shape", name: c"Shape", unit: c"", doc: c"The curve.", choices: &[c"soft", c"hard", c"cubic", c"tube", c"transformer", c"tape", c"curve"] },
            RowTexts { group: None, key: c"bias", name: c"Bias", unit: c"", doc: c"What is added before the curve: its working point, which brings even harmonics.", choices: &[] },
            RowTexts { group: None, key: c"emphasis_db", name: c"Emphasis", unit: c"dB", doc: c"Gain of the high frequencies before the curve, taken back behind it: which frequencies saturate first.", choices: &[] },
            RowTexts { group: None, key: c"emphasis_hz", name: c"Emphasis frequency", unit: c"Hz", doc: c"Where the emphasis has half of its decibels.", choices: &[] },
            RowTexts { group: None, key: c"focus_hz", name: c"Focus frequency", unit: c"Hz", doc: c"Above this it saturates, where the config's focus is the highs.", choices: &[] },
            RowTexts { group: None, key: c"compensation", name: c"Compensation", unit: c"", doc: c"As loud after as before: the drive is taken back, and what is missing then found by the loudness of the last 3 s, by at most 30 dB.", choices: &[] },
            RowTexts { group: None, key: c"dc_removed", name: c"DC removed", unit: c"", doc: c"Takes out the constant that a curve brings which is not symmetric, below 5 Hz.", choices: &[] },
            RowTexts { group: None, key: c"output_db", name: c"Output", unit: c"dB", doc: c"Gain of the output.", choices: &[] },
            RowTexts { group: None, key: c"mix", name: c"Mix", unit: c"", doc: c"Share of the saturated sound; the rest is dry.", choices: &[] },
            RowTexts { group: None, key: c"tape_bias", name: c"Tape bias", unit: c"", doc: c"How much of a tape's magnetisation follows at once: 1 leaves no hysteresis.", choices: &[] },
            RowTexts { group: None, key: c"head_bump_db", name: c"Head bump", unit: c"dB", doc: c"Gain of the low frequencies that a tape's head raises.", choices: &[] },
            RowTexts { group: None, key: c"head_bump_hz", name: c"Head bump frequency", unit: c"Hz", doc: c"Where that is: lower for a slower tape.", choices: &[] },
            RowTexts { group: Some(c"points"), key: c"input", name: c"Input", unit: c"", doc: c"The driven sample.", choices: &[] },
            RowTexts { group: Some(c"points"), key: c"output", name: c"Output", unit: c"", doc: c"What comes out for it.", choices: &[] },
            RowTexts { group: None, key: c"compensation_db", name: c"Compensation", unit: c"dB", doc: c"Gain by which the compensation makes it as loud as before, the drive that it takes back included.", choices: &[] },
        ],
    }
}

accessor! {
    /// Cuts peaks off at a ceiling, without audible aliases.
    mixdsp_clipper: mixdsp::processors::clipper::ClipperKind, Texts {
        key: c"clipper",
        name: c"Clipper",
        doc: c"Cuts peaks off at a ceiling, without audible aliases.",
        rows: &[
            RowTexts { group: None, key: c"oversampling", name: c"Oversampling", unit: c"", doc: c"How much faster than the audio the curve runs.", choices: &[c"1", c"2", c"4", c"8"] },
            RowTexts { group: None, key: c"antialiasing", name: c"Antialiasing", unit: c"", doc: c"What is done against the aliases that oversampling leaves.", choices: &[c"off", c"first", c"second"] },
            RowTexts { group: None, key: c"drive_db", name: c"Drive", unit: c"dB", doc: c"Gain before clipping.", choices: &[] },
            RowTexts { group: None, key: c"ceiling_db", name: c"Ceiling", unit: c"dB", doc: c"What leaves stays under this on every common true-peak meter; it clips 0.22 dB lower.", choices: &[] },
            RowTexts { group: None, key: c"softness_db", name: c"Softness", unit: c"dB", doc: c"How far below the ceiling the curve begins to bend; 0 clips hard.", choices: &[] },
            RowTexts { group: None, key: c"emphasis_db", name: c"Emphasis", unit: c"dB", doc: c"Gain of the high frequencies before the curve, taken back behind it: which frequencies clip first.", choices: &[] },
            RowTexts { group: None, key: c"emphasis_hz", name: c"Emphasis frequency", unit: c"Hz", doc: c"Where the emphasis has half of its decibels.", choices: &[] },
            RowTexts { group: None, key: c"clipped_db", name: c"Clipped", unit: c"dB", doc: c"By how much the last frame was clipped, of the channel that was clipped most. 0 or positive.", choices: &[] },
            RowTexts { group: None, key: c"clipped_max_db", name: c"Clipped max", unit: c"dB", doc: c"The largest since reset.", choices: &[] },
            RowTexts { group: None, key: c"clipped_share", name: c"Clipped share", unit: c"", doc: c"Share of the frames since reset that were clipped in some channel.", choices: &[] },
            RowTexts { group: None, key: c"limited_db", name: c"Limited", unit: c"dB", doc: c"By how much the gain behind the curve turned the last frame down.", choices: &[] },
            RowTexts { group: None, key: c"limited_max_db", name: c"Limited max", unit: c"dB", doc: c"The largest since reset.", choices: &[] },
        ],
    }
}

accessor! {
    /// Keeps the output under a ceiling that holds on every common true-peak meter.
    mixdsp_limiter: mixdsp::processors::limiter::LimiterKind, Texts {
        key: c"limiter",
        name: c"Limiter",
        doc: c"Keeps the output under a ceiling that holds on every common true-peak meter.",
        rows: &[
            RowTexts { group: None, key: c"lookahead_ms", name: c"Look-ahead", unit: c"ms", doc: c"How far ahead the gain begins to fall; the strongest cure for distorted bass.", choices: &[] },
            RowTexts { group: None, key: c"true_peak", name: c"True peak", unit: c"", doc: c"Holds what lies between the samples too; 36 frames of latency.", choices: &[] },
            RowTexts { group: None, key: c"hold_ms", name: c"Hold", unit: c"ms", doc: c"How long a reduction is held before it is released.", choices: &[] },
            RowTexts { group: None, key: c"low_frequency_hold_ms", name: c"Low-frequency hold", unit: c"ms", doc: c"The same for reduction that low frequencies ask for; 0 for none.", choices: &[] },
            RowTexts { group: None, key: c"separate", name: c"Separate gains", unit: c"", doc: c"Gives each channel a gain of its own, which `link` ties together.", choices: &[] },
            RowTexts { group: None, key: c"verify", name: c"Verify", unit: c"", doc: c"Measures the output by the detector's kernels, for the overshoot readings.", choices: &[] },
            RowTexts { group: None, key: c"fast_lookahead_ms", name: c"Fast look-ahead", unit: c"ms", doc: c"How much of the look-ahead is for what is deeper than `slow_range_db`; 0 for none.", choices: &[] },
            RowTexts { group: None, key: c"ceiling_db", name: c"Ceiling", unit: c"dB", doc: c"What the output stays under.", choices: &[] },
            RowTexts { group: None, key: c"input_gain_db", name: c"Input gain", unit: c"dB", doc: c"Gain before the limiter: the drive.", choices: &[] },
            RowTexts { group: None, key: c"release_ms", name: c"Release", unit: c"ms", doc: c"Time constant of the release.", choices: &[] },
            RowTexts { group: None, key: c"slow_release_ms", name: c"Slow release", unit: c"ms", doc: c"Time constant of the average towards which the release is fast, and beyond which it is slow.", choices: &[] },
            RowTexts { group: None, key: c"adaptive", name: c"Adaptive", unit: c"", doc: c"How much of the release depends on the average: 0 is one time constant, 1 fast after single peaks and slow after sustained reduction.", choices: &[] },
            RowTexts { group: None, key: c"low_frequency_weight", name: c"Low-frequency weight", unit: c"", doc: c"Weight of the low frequencies in the held path; 0 turns it off, above 1 it reduces by more than the peaks ask for, at most by twice as many decibels.", choices: &[] },
            RowTexts { group: None, key: c"low_frequency_hz", name: c"Low frequencies below", unit: c"Hz", doc: c"Below this, frequencies are low.", choices: &[] },
            RowTexts { group: None, key: c"link", name: c"Link", unit: c"", doc: c"With separate gains: 1 reduces all channels alike, 0 each on its own.", choices: &[] },
            RowTexts { group: None, key: c"slow_range_db", name: c"Slow range", unit: c"dB", doc: c"The most that is released slowly: what is deeper comes back within the fast look-ahead, if there is one.", choices: &[] },
            RowTexts { group: None, key: c"gain_reduction_db", name: c"Gain reduction", unit: c"dB", doc: c"By how much the last frame was reduced; of the channel that was reduced most. 0 or positive.", choices: &[] },
            RowTexts { group: None, key: c"gain_reduction_max_db", name: c"Gain reduction max", unit: c"dB", doc: c"The largest since reset.", choices: &[] },
            RowTexts { group: None, key: c"overshoots", name: c"Overshoots", unit: c"", doc: c"Intervals of the output over the ceiling by any of the detector's kernels; needs `verify`.", choices: &[] },
            RowTexts { group: None, key: c"overshoot_max_db", name: c"Overshoot max", unit: c"dB", doc: c"The highest output against the ceiling by any of the meters' kernels, usually negative; needs `verify`.", choices: &[] },
        ],
    }
}

accessor! {
    /// Measures loudness (BS.1770-5, EBU R 128), loudness range and true peak.
    mixdsp_loudness: mixdsp::processors::loudness_meter::LoudnessKind, Texts {
        key: c"loudness",
        name: c"LoudnessMeter",
        doc: c"Measures loudness (BS.1770-5, EBU R 128), loudness range and true peak.",
        rows: &[
            RowTexts { group: None, key: c"layout", name: c"Layout", unit: c"", doc: c"Where the loudspeakers stand, and so what each channel weighs.", choices: &[c"auto", c"mono", c"dual_mono", c"stereo", c"surround_5_0", c"surround_5_1", c"surround_7_1", c"surround_7_1_wave", c"surround_5_1_4", c"surround_7_1_4", c"surround_7_1_4_wave", c"surround_9_1_6", c"surround_22_2", c"custom"] },
            RowTexts { group: None, key: c"measure_loudness", name: c"Measure loudness", unit: c"", doc: c"Momentary and short-term loudness; integrated loudness and range bring them too.", choices: &[] },
            RowTexts { group: None, key: c"measure_integrated", name: c"Measure integrated", unit: c"", doc: c"Integrated loudness.", choices: &[] },
            RowTexts { group: None, key: c"measure_range", name: c"Measure range", unit: c"", doc: c"Loudness range.", choices: &[] },
            RowTexts { group: None, key: c"true_peak_kernel", name: c"True-peak kernel", unit: c"", doc: c"True peak, and which kernel looks for it.", choices: &[c"off", c"itu", c"fine"] },
            RowTexts { group: None, key: c"measure_statistics", name: c"Measure statistics", unit: c"", doc: c"Mean, mean square, clipped runs, overs between samples, and peak to short-term loudness.", choices: &[] },
            RowTexts { group: None, key: c"speakers", name: c"Speakers", unit: c"", doc: c"Loudspeakers of a custom layout; as many as there are channels.", choices: &[] },
            RowTexts { group: None, key: c"paused", name: c"Paused", unit: c"", doc: c"Holds everything but momentary and short-term loudness; windows across the pause do not count.", choices: &[] },
            RowTexts { group: Some(c"speakers"), key: c"azimuth_deg", name: c"Azimuth", unit: c"°", doc: c"To the left positive: 0 is in front, 110 a left surround.", choices: &[] },
            RowTexts { group: Some(c"speakers"), key: c"elevation_deg", name: c"Elevation", unit: c"°", doc: c"Above ear height positive.", choices: &[] },
            RowTexts { group: Some(c"speakers"), key: c"low_frequency_effects", name: c"LFE", unit: c"", doc: c"Low-frequency effects: does not count.", choices: &[] },
            RowTexts { group: None, key: c"momentary", name: c"Momentary", unit: c"LUFS", doc: c"Loudness of the last 400 ms; silence has none.", choices: &[] },
            RowTexts { group: None, key: c"short_term", name: c"Short-term", unit: c"LUFS", doc: c"Loudness of the last 3 s; silence has none.", choices: &[] },
            RowTexts { group: None, key: c"integrated", name: c"Integrated", unit: c"LUFS", doc: c"Gated loudness of all that was measured.", choices: &[] },
            RowTexts { group: None, key: c"range", name: c"Range", unit: c"LU", doc: c"Loudness range: from the 10th to the 95th percentile of the gated short-term loudness.", choices: &[] },
            RowTexts { group: None, key: c"range_low", name: c"Range low", unit: c"LUFS", doc: c"The lower of the two.", choices: &[] },
            RowTexts { group: None, key: c"range_high", name: c"Range high", unit: c"LUFS", doc: c"The higher of the two.", choices: &[] },
            RowTexts { group: None, key: c"momentary_max", name: c"Momentary max", unit: c"LUFS", doc: c"Largest momentary loudness.", choices: &[] },
            RowTexts { group: None, key: c"short_term_max", name: c"Short-term max", unit: c"LUFS", doc: c"Largest short-term loudness.", choices: &[] },
            RowTexts { group: None, key: c"true_peak_db", name: c"True peak", unit: c"dBTP", doc: c"Largest true peak of any channel.", choices: &[] },
            RowTexts { group: None, key: c"sample_peak_db", name: c"Sample peak", unit: c"dBFS", doc: c"Largest sample of any channel.", choices: &[] },
            RowTexts { group: None, key: c"plr", name: c"PLR", unit: c"LU", doc: c"Peak to loudness ratio: true peak less integrated loudness.", choices: &[] },
            RowTexts { group: None, key: c"psr", name: c"PSR", unit: c"LU", doc: c"Peak to short-term loudness ratio of the last 3 s.", choices: &[] },
            RowTexts { group: None, key: c"psr_min", name: c"PSR min", unit: c"LU", doc: c"Its smallest value.", choices: &[] },
            RowTexts { group: None, key: c"rms_db", name: c"RMS", unit: c"dBFS", doc: c"Root mean square over all channels; a full-scale sine reads -3.01.", choices: &[] },
            RowTexts { group: None, key: c"crest_db", name: c"Crest factor", unit: c"dB", doc: c"Sample peak over root mean square.", choices: &[] },
            RowTexts { group: None, key: c"dc", name: c"DC offset", unit: c"", doc: c"The mean farthest from 0 of any channel, in full scales.", choices: &[] },
            RowTexts { group: None, key: c"clipped_runs", name: c"Clipped runs", unit: c"", doc: c"Runs of two or more samples at full scale, over all channels.", choices: &[] },
            RowTexts { group: None, key: c"overs", name: c"Overs", unit: c"", doc: c"Passages between samples over full scale, over all channels.", choices: &[] },
            RowTexts { group: None, key: c"relative_gate", name: c"Relative gate", unit: c"LUFS", doc: c"The relative gate of the integrated loudness.", choices: &[] },
            RowTexts { group: None, key: c"measured_seconds", name: c"Measured", unit: c"s", doc: c"How much audio was measured.", choices: &[] },
            RowTexts { group: None, key: c"channel_momentary", name: c"Momentary of a channel", unit: c"LUFS", doc: c"Momentary loudness of a channel alone, with its weight.", choices: &[] },
            RowTexts { group: None, key: c"channel_short_term", name: c"Short-term of a channel", unit: c"LUFS", doc: c"Short-term loudness of a channel alone, with its weight.", choices: &[] },
            RowTexts { group: None, key: c"channel_share", name: c"Share of a channel", unit: c"", doc: c"Share of a channel, 0 to 1, in the weighted energy of all blocks above -70 LUFS.", choices: &[] },
            RowTexts { group: None, key: c"channel_true_peak_db", name: c"True peak of a channel", unit: c"dBTP", doc: c"True peak of a channel.", choices: &[] },
            RowTexts { group: None, key: c"channel_true_peak_frame", name: c"True peak at", unit: c"frames", doc: c"Frame of that peak, or before it.", choices: &[] },
            RowTexts { group: None, key: c"channel_sample_peak_db", name: c"Sample peak of a channel", unit: c"dBFS", doc: c"Largest sample of a channel.", choices: &[] },
            RowTexts { group: None, key: c"channel_sample_peak_frame", name: c"Sample peak at", unit: c"frames", doc: c"Frame where it first was.", choices: &[] },
            RowTexts { group: None, key: c"channel_rms_db", name: c"RMS of a channel", unit: c"dBFS", doc: c"Root mean square of a channel.", choices: &[] },
            RowTexts { group: None, key: c"channel_dc", name: c"DC offset of a channel", unit: c"", doc: c"Mean of a channel in full scales.", choices: &[] },
            RowTexts { group: None, key: c"channel_clipped_runs", name: c"Clipped runs of a channel", unit: c"", doc: c"Runs of two or more samples at full scale.", choices: &[] },
            RowTexts { group: None, key: c"channel_longest_clipped_run", name: c"Longest clipped run", unit: c"", doc: c"Samples of the longest of them.", choices: &[] },
            RowTexts { group: None, key: c"channel_first_clipped_run", name: c"First clipped run at", unit: c"frames", doc: c"Frame where the first of them began.", choices: &[] },
            RowTexts { group: None, key: c"channel_overs", name: c"Overs of a channel", unit: c"", doc: c"Passages between samples over full scale.", choices: &[] },
            RowTexts { group: None, key: c"channel_first_over", name: c"First over at", unit: c"frames", doc: c"Frame before the first of them.", choices: &[] },
        ],
    }
}

accessor! {
    /// Measures peak and RMS with ballistics and peak hold.
    mixdsp_level_meter: mixdsp::processors::level_meter::LevelMeterKind, Texts {
        key: c"level_meter",
        name: c"LevelMeter",
        doc: c"Measures peak and RMS with ballistics and peak hold.",
        rows: &[
            RowTexts { group: None, key: c"attack_ms", name: c"Attack", unit: c"ms", doc: c"Time constant with which the peak rises; 0 reads every sample in full.", choices: &[] },
            RowTexts { group: None, key: c"fall_db_per_second", name: c"Fall", unit: c"dB/s", doc: c"How fast the peak falls.", choices: &[] },
            RowTexts { group: None, key: c"hold_seconds", name: c"Hold", unit: c"s", doc: c"How long the held peak stays before it falls.", choices: &[] },
            RowTexts { group: None, key: c"average_ms", name: c"Average", unit: c"ms", doc: c"Time constant of the mean square.", choices: &[] },
            RowTexts { group: None, key: c"peak_db", name: c"Peak", unit: c"dBFS", doc: c"Peak of the channel whose peak is highest.", choices: &[] },
            RowTexts { group: None, key: c"held_peak_db", name: c"Held peak", unit: c"dBFS", doc: c"Held peak of the channel whose held peak is highest.", choices: &[] },
            RowTexts { group: None, key: c"peak_max_db", name: c"Peak max", unit: c"dBFS", doc: c"Highest peak of any channel since reset.", choices: &[] },
            RowTexts { group: None, key: c"rms_db", name: c"RMS", unit: c"dBFS", doc: c"Root mean square of the channel where it is highest; a full-scale sine reads -3.01.", choices: &[] },
            RowTexts { group: None, key: c"rms_max_db", name: c"RMS max", unit: c"dBFS", doc: c"Highest root mean square of any channel since reset.", choices: &[] },
            RowTexts { group: None, key: c"channel_peak_db", name: c"Peak of a channel", unit: c"dBFS", doc: c"Peak of a channel.", choices: &[] },
            RowTexts { group: None, key: c"channel_held_peak_db", name: c"Held peak of a channel", unit: c"dBFS", doc: c"Held peak of a channel.", choices: &[] },
            RowTexts { group: None, key: c"channel_peak_max_db", name: c"Peak max of a channel", unit: c"dBFS", doc: c"Highest peak of a channel since reset.", choices: &[] },
            RowTexts { group: None, key: c"channel_rms_db", name: c"RMS of a channel", unit: c"dBFS", doc: c"Root mean square of a channel.", choices: &[] },
            RowTexts { group: None, key: c"channel_rms_max_db", name: c"RMS max of a channel", unit: c"dBFS", doc: c"Highest root mean square of a channel since reset.", choices: &[] },
        ],
    }
}

accessor! {
    /// Measures how alike left and right are, and which is louder.
    mixdsp_correlation_meter: mixdsp::processors::correlation_meter::CorrelationMeterKind, Texts {
        key: c"correlation_meter",
        name: c"CorrelationMeter",
        doc: c"Measures how alike left and right are, and which is louder.",
        rows: &[
            RowTexts { group: None, key: c"average_ms", name: c"Average", unit: c"ms", doc: c"Time constant of the averages.", choices: &[] },
            RowTexts { group: None, key: c"correlation", name: c"Correlation", unit: c"", doc: c"From 1, mono, over 0, unrelated, to -1, where a mono sum cancels. `None` while a channel is under -120 dBFS.", choices: &[] },
            RowTexts { group: None, key: c"correlation_min", name: c"Correlation min", unit: c"", doc: c"The lowest since reset.", choices: &[] },
            RowTexts { group: None, key: c"balance", name: c"Balance", unit: c"", doc: c"From -1, all of the energy on the left, to 1, all on the right. `None` while both are under -120 dBFS.", choices: &[] },
            RowTexts { group: None, key: c"mono_loss_db", name: c"Loss in mono", unit: c"dB", doc: c"By how much the mono sum is quieter than both channels together: 0 for mono, 3 for unrelated channels, at most 120. `None` while both are under -120 dBFS.", choices: &[] },
        ],
    }
}

accessor! {
    /// Repeats what was heard after a time, ever softer.
    mixdsp_delay: mixdsp::processors::delay::DelayKind, Texts {
        key: c"delay",
        name: c"Delay",
        doc: c"Repeats what was heard after a time, ever softer.",
        rows: &[
            RowTexts { group: None, key: c"maximum_seconds", name: c"Maximum", unit: c"s", doc: c"The longest time that can be set; at least 16 frames are kept.", choices: &[] },
            RowTexts { group: None, key: c"time_ms", name: c"Time", unit: c"ms", doc: c"Time to the first echo, and between echoes; at least 16 frames, at most what was built for.", choices: &[] },
            RowTexts { group: None, key: c"feedback", name: c"Feedback", unit: c"", doc: c"Level of each echo against the one before, as an amplitude factor.", choices: &[] },
            RowTexts { group: None, key: c"mix", name: c"Mix", unit: c"", doc: c"Share of the echoes in the output; the rest is the dry sound.", choices: &[] },
            RowTexts { group: None, key: c"ping_pong", name: c"Ping-pong", unit: c"", doc: c"Sends the middle of the input to the left and crosses the feedback, so that echoes go left, right, left; with two channels only.", choices: &[] },
            RowTexts { group: None, key: c"low_cut", name: c"Low cut", unit: c"", doc: c"Whether each echo loses lows against the one before.", choices: &[] },
            RowTexts { group: None, key: c"low_cut_hz", name: c"Low cut frequency", unit: c"Hz", doc: c"Where the low cut begins: -3 dB per echo, 12 dB per octave.", choices: &[] },
            RowTexts { group: None, key: c"high_cut", name: c"High cut", unit: c"", doc: c"Whether each echo loses highs against the one before.", choices: &[] },
            RowTexts { group: None, key: c"high_cut_hz", name: c"High cut frequency", unit: c"Hz", doc: c"Where the high cut begins: -3 dB per echo, 12 dB per octave.", choices: &[] },
            RowTexts { group: None, key: c"sync", name: c"Sync", unit: c"", doc: c"A note value that sets the time in place of `time_ms`; one too long for the delay is halved until it fits.", choices: &[c"off", c"sixty_fourth", c"sixty_fourth_dotted", c"sixty_fourth_triplet", c"thirty_second", c"thirty_second_dotted", c"thirty_second_triplet", c"sixteenth", c"sixteenth_dotted", c"sixteenth_triplet", c"eighth", c"eighth_dotted", c"eighth_triplet", c"quarter", c"quarter_dotted", c"quarter_triplet", c"half", c"half_dotted", c"half_triplet", c"whole", c"whole_dotted", c"whole_triplet"] },
            RowTexts { group: None, key: c"tempo_bpm", name: c"Tempo", unit: c"bpm", doc: c"Quarter notes per minute, for `sync`.", choices: &[] },
            RowTexts { group: None, key: c"freeze", name: c"Freeze", unit: c"", doc: c"Repeats what the delay holds for ever, unchanged, and lets nothing in; the time is held too, as whole frames.", choices: &[] },
            RowTexts { group: None, key: c"time_change", name: c"Time change", unit: c"", doc: c"How a time that is set is come to.", choices: &[c"crossfade", c"glide"] },
            RowTexts { group: None, key: c"glide_ms", name: c"Glide", unit: c"ms", doc: c"How long a change of the time takes where it glides.", choices: &[] },
            RowTexts { group: None, key: c"delay_ms", name: c"Time now", unit: c"ms", doc: c"The time of what is heard now: while it glides, when a note value sets it, when it is frozen.", choices: &[] },
        ],
    }
}

accessor! {
    /// Adds copies whose pitch wavers, as when several play the same.
    mixdsp_chorus: mixdsp::processors::chorus::ChorusKind, Texts {
        key: c"chorus",
        name: c"Chorus",
        doc: c"Adds copies whose pitch wavers, as when several play the same.",
        rows: &[
            RowTexts { group: None, key: c"rate_hz", name: c"Rate", unit: c"Hz", doc: c"How often the pitch wavers.", choices: &[] },
            RowTexts { group: None, key: c"depth_ms", name: c"Depth", unit: c"ms", doc: c"By how much the delay swings, from its shortest to its longest.", choices: &[] },
            RowTexts { group: None, key: c"delay_ms", name: c"Delay", unit: c"ms", doc: c"The shortest delay.", choices: &[] },
            RowTexts { group: None, key: c"voices", name: c"Voices", unit: c"", doc: c"How many copies there are.", choices: &[] },
            RowTexts { group: None, key: c"stereo_deg", name: c"Stereo", unit: c"°", doc: c"By how much of its period each channel swings later than the one before.", choices: &[] },
            RowTexts { group: None, key: c"mix", name: c"Mix", unit: c"", doc: c"Share of the copies; the rest is dry.", choices: &[] },
            RowTexts { group: None, key: c"phase_deg", name: c"Phase", unit: c"°", doc: c"Where in its period the oscillator begins.", choices: &[] },
            RowTexts { group: None, key: c"sync", name: c"Sync", unit: c"", doc: c"A note value that sets the rate in place of `rate_hz`.", choices: &[c"off", c"sixty_fourth", c"sixty_fourth_dotted", c"sixty_fourth_triplet", c"thirty_second", c"thirty_second_dotted", c"thirty_second_triplet", c"sixteenth", c"sixteenth_dotted", c"sixteenth_triplet", c"eighth", c"eighth_dotted", c"eighth_triplet", c"quarter", c"quarter_dotted", c"quarter_triplet", c"half", c"half_dotted", c"half_triplet", c"whole", c"whole_dotted", c"whole_triplet"] },
            RowTexts { group: None, key: c"tempo_bpm", name: c"Tempo", unit: c"bpm", doc: c"Quarter notes per minute, for `sync`.", choices: &[] },
            RowTexts { group: None, key: c"hold", name: c"Hold", unit: c"", doc: c"Lets the oscillator stand where it is.", choices: &[] },
        ],
    }
}

accessor! {
    /// Sweeps a comb of notches through a sound, by a short delay against it.
    mixdsp_flanger: mixdsp::processors::flanger::FlangerKind, Texts {
        key: c"flanger",
        name: c"Flanger",
        doc: c"Sweeps a comb of notches through a sound, by a short delay against it.",
        rows: &[
            RowTexts { group: None, key: c"through_zero_ms", name: c"Through zero", unit: c"ms", doc: c"How long the dry sound waits so that the delayed one can pass it; this is the latency.", choices: &[] },
            RowTexts { group: None, key: c"rate_hz", name: c"Rate", unit: c"Hz", doc: c"How often the comb sweeps.", choices: &[] },
            RowTexts { group: None, key: c"depth_ms", name: c"Depth", unit: c"ms", doc: c"By how much the delay swings, from its shortest to its longest.", choices: &[] },
            RowTexts { group: None, key: c"delay_ms", name: c"Delay", unit: c"ms", doc: c"The shortest delay; at least 3 frames.", choices: &[] },
            RowTexts { group: None, key: c"feedback", name: c"Feedback", unit: c"", doc: c"What comes back into the line, as an amplitude factor; negative turned round.", choices: &[] },
            RowTexts { group: None, key: c"stereo_deg", name: c"Stereo", unit: c"°", doc: c"By how much of its period each channel swings later than the one before.", choices: &[] },
            RowTexts { group: None, key: c"mix", name: c"Mix", unit: c"", doc: c"Share of the delayed sound; the rest is dry.", choices: &[] },
            RowTexts { group: None, key: c"invert", name: c"Invert", unit: c"", doc: c"Turns the delayed sound round.", choices: &[] },
            RowTexts { group: None, key: c"phase_deg", name: c"Phase", unit: c"°", doc: c"Where in its period the oscillator begins.", choices: &[] },
            RowTexts { group: None, key: c"sync", name: c"Sync", unit: c"", doc: c"A note value that sets the rate in place of `rate_hz`.", choices: &[c"off", c"sixty_fourth", c"sixty_fourth_dotted", c"sixty_fourth_triplet", c"thirty_second", c"thirty_second_dotted", c"thirty_second_triplet", c"sixteenth", c"sixteenth_dotted", c"sixteenth_triplet", c"eighth", c"eighth_dotted", c"eighth_triplet", c"quarter", c"quarter_dotted", c"quarter_triplet", c"half", c"half_dotted", c"half_triplet", c"whole", c"whole_dotted", c"whole_triplet"] },
            RowTexts { group: None, key: c"tempo_bpm", name: c"Tempo", unit: c"bpm", doc: c"Quarter notes per minute, for `sync`.", choices: &[] },
            RowTexts { group: None, key: c"hold", name: c"Hold", unit: c"", doc: c"Lets the oscillator stand where it is.", choices: &[] },
        ],
    }
}

accessor! {
    /// Sweeps notches through a sound, by all-passes against it.
    mixdsp_phaser: mixdsp::processors::phaser::PhaserKind, Texts {
        key: c"phaser",
        name: c"Phaser",
        doc: c"Sweeps notches through a sound, by all-passes against it.",
        rows: &[
            RowTexts { group: None, key: c"stages", name: c"Stages", unit: c"", doc: c"How many all-passes there are; two make a notch.", choices: &[] },
            RowTexts { group: None, key: c"rate_hz", name: c"Rate", unit: c"Hz", doc: c"How often the notches sweep.", choices: &[] },
            RowTexts { group: None, key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"The middle of the sweep, where each all-pass turns the phase by 90 degrees.", choices: &[] },
            RowTexts { group: None, key: c"range_octaves", name: c"Range", unit: c"", doc: c"From the lowest to the highest, in octaves; near 0.45 of the sample rate the sweep is held back.", choices: &[] },
            RowTexts { group: None, key: c"feedback", name: c"Feedback", unit: c"", doc: c"What comes back, as an amplitude factor; negative turned round.", choices: &[] },
            RowTexts { group: None, key: c"stereo_deg", name: c"Stereo", unit: c"°", doc: c"By how much of its period each channel sweeps later than the one before.", choices: &[] },
            RowTexts { group: None, key: c"mix", name: c"Mix", unit: c"", doc: c"Share of what was turned; the rest is dry.", choices: &[] },
            RowTexts { group: None, key: c"phase_deg", name: c"Phase", unit: c"°", doc: c"Where in its period the oscillator begins.", choices: &[] },
            RowTexts { group: None, key: c"sync", name: c"Sync", unit: c"", doc: c"A note value that sets the rate in place of `rate_hz`.", choices: &[c"off", c"sixty_fourth", c"sixty_fourth_dotted", c"sixty_fourth_triplet", c"thirty_second", c"thirty_second_dotted", c"thirty_second_triplet", c"sixteenth", c"sixteenth_dotted", c"sixteenth_triplet", c"eighth", c"eighth_dotted", c"eighth_triplet", c"quarter", c"quarter_dotted", c"quarter_triplet", c"half", c"half_dotted", c"half_triplet", c"whole", c"whole_dotted", c"whole_triplet"] },
            RowTexts { group: None, key: c"tempo_bpm", name: c"Tempo", unit: c"bpm", doc: c"Quarter notes per minute, for `sync`.", choices: &[] },
            RowTexts { group: None, key: c"hold", name: c"Hold", unit: c"", doc: c"Lets the oscillator stand where it is.", choices: &[] },
        ],
    }
}

accessor! {
    /// Lets the level waver, or a sound go from side to side.
    mixdsp_tremolo: mixdsp::processors::tremolo::TremoloKind, Texts {
        key: c"tremolo",
        name: c"Tremolo",
        doc: c"Lets the level waver, or a sound go from side to side.",
        rows: &[
            RowTexts { group: None, key: c"rate_hz", name: c"Rate", unit: c"Hz", doc: c"How often the level wavers.", choices: &[] },
            RowTexts { group: None, key: c"depth", name: c"Depth", unit: c"", doc: c"How deep the level goes: 0.5 is 3 dB, 1 silence.", choices: &[] },
            RowTexts { group: None, key: c"edge", name: c"Edge", unit: c"", doc: c"From a sine to nearly a square.", choices: &[] },
            RowTexts { group: None, key: c"stereo_deg", name: c"Stereo", unit: c"°", doc: c"By how much of its period each channel wavers later than the one before.", choices: &[] },
            RowTexts { group: None, key: c"phase_deg", name: c"Phase", unit: c"°", doc: c"Where in its period the oscillator begins.", choices: &[] },
            RowTexts { group: None, key: c"sync", name: c"Sync", unit: c"", doc: c"A note value that sets the rate in place of `rate_hz`.", choices: &[c"off", c"sixty_fourth", c"sixty_fourth_dotted", c"sixty_fourth_triplet", c"thirty_second", c"thirty_second_dotted", c"thirty_second_triplet", c"sixteenth", c"sixteenth_dotted", c"sixteenth_triplet", c"eighth", c"eighth_dotted", c"eighth_triplet", c"quarter", c"quarter_dotted", c"quarter_triplet", c"half", c"half_dotted", c"half_triplet", c"whole", c"whole_dotted", c"whole_triplet"] },
            RowTexts { group: None, key: c"tempo_bpm", name: c"Tempo", unit: c"bpm", doc: c"Quarter notes per minute, for `sync`.", choices: &[] },
            RowTexts { group: None, key: c"hold", name: c"Hold", unit: c"", doc: c"Lets the oscillator stand where it is.", choices: &[] },
        ],
    }
}

accessor! {
    /// Adds a room whose decay is what it says at every frequency.
    mixdsp_reverb: mixdsp::processors::reverb::ReverbKind, Texts {
        key: c"reverb",
        name: c"Reverb",
        doc: c"Adds a room whose decay is what it says at every frequency.",
        rows: &[
            RowTexts { group: None, key: c"size", name: c"Size", unit: c"", doc: c"Size of the room: factor of a box of 17 by 12 by 7 m, and of the network's delays of 30 to 190 ms.", choices: &[] },
            RowTexts { group: None, key: c"pre_delay_ms", name: c"Pre-delay", unit: c"ms", doc: c"Time before the reverb begins.", choices: &[] },
            RowTexts { group: None, key: c"distance", name: c"Distance", unit: c"", doc: c"How far away the sound stands in the room: 0 near, its reflections late and apart; 1 far, they come close behind it.", choices: &[] },
            RowTexts { group: None, key: c"decay_seconds", name: c"Decay", unit: c"s", doc: c"Time in which the middle frequencies lose 60 dB.", choices: &[] },
            RowTexts { group: None, key: c"bass_ratio", name: c"Bass decay", unit: c"", doc: c"Decay of the bass as a factor of the middle's.", choices: &[] },
            RowTexts { group: None, key: c"treble_ratio", name: c"Treble decay", unit: c"", doc: c"Decay of the treble as a factor of the middle's.", choices: &[] },
            RowTexts { group: None, key: c"bass_hz", name: c"Bass below", unit: c"Hz", doc: c"Frequency below which the bass ratio holds.", choices: &[] },
            RowTexts { group: None, key: c"treble_hz", name: c"Treble above", unit: c"Hz", doc: c"Frequency above which the treble ratio holds.", choices: &[] },
            RowTexts { group: None, key: c"mix", name: c"Mix", unit: c"", doc: c"Level of the reverb, of which 1 is as loud as steady noise that comes in; the dry sound gives way, so that a mix is as loud as the dry sound, or up to 1 dB softer.", choices: &[] },
            RowTexts { group: None, key: c"width", name: c"Width", unit: c"", doc: c"Width of the reverb: 0 is mono, 1 is two channels that have nothing in common.", choices: &[] },
            RowTexts { group: None, key: c"modulation", name: c"Modulation", unit: c"", doc: c"How far the reads of the modulated lines move.", choices: &[] },
            RowTexts { group: None, key: c"freeze", name: c"Freeze", unit: c"", doc: c"Holds what sounds for ever and lets nothing new in.", choices: &[] },
            RowTexts { group: None, key: c"early", name: c"Early reflections", unit: c"", doc: c"How much of the sound before the late reverb are single reflections of walls; the rest is diffuse.", choices: &[] },
        ],
    }
}

accessor! {
    /// Places a mono sound between left and right, or balances a stereo one.
    mixdsp_pan: mixdsp::processors::pan::PanKind, Texts {
        key: c"pan",
        name: c"Pan",
        doc: c"Places a mono sound between left and right, or balances a stereo one.",
        rows: &[
            RowTexts { group: None, key: c"pan", name: c"Pan", unit: c"", doc: c"From -1, left, over 0, centre, to 1, right.", choices: &[] },
            RowTexts { group: None, key: c"law", name: c"Law", unit: c"", doc: c"How far each side falls in the centre.", choices: &[c"constant_power", c"compromise", c"constant_sum", c"linear", c"centre"] },
            RowTexts { group: None, key: c"centre_db", name: c"Centre", unit: c"dB", doc: c"Level of each side in the centre, where the law is `centre`.", choices: &[] },
        ],
    }
}

accessor! {
    /// Places the left and the right of a stereo sound, each by itself.
    mixdsp_dual_pan: mixdsp::processors::dual_pan::DualPanKind, Texts {
        key: c"dual_pan",
        name: c"Dual pan",
        doc: c"Places the left and the right of a stereo sound, each by itself.",
        rows: &[
            RowTexts { group: None, key: c"left_pan", name: c"Left", unit: c"", doc: c"Where the left channel stands, from -1, left, to 1, right.", choices: &[] },
            RowTexts { group: None, key: c"right_pan", name: c"Right", unit: c"", doc: c"Where the right channel stands, from -1, left, to 1, right.", choices: &[] },
            RowTexts { group: None, key: c"law", name: c"Law", unit: c"", doc: c"How far each side falls in the centre.", choices: &[c"constant_power", c"compromise", c"constant_sum", c"linear", c"centre"] },
            RowTexts { group: None, key: c"centre_db", name: c"Centre", unit: c"dB", doc: c"Level of each side in the centre, where the law is `centre`.", choices: &[] },
        ],
    }
}

accessor! {
    /// Turns the stereo field, and keeps its power.
    mixdsp_rotation: mixdsp::processors::rotation::RotationKind, Texts {
        key: c"rotation",
        name: c"Rotation",
        doc: c"Turns the stereo field, and keeps its power.",
        rows: &[
            RowTexts { group: None, key: c"angle_deg", name: c"Angle", unit: c"°", doc: c"To the right positive: 45 brings what stands in the centre to the right.", choices: &[] },
        ],
    }
}

accessor! {
    /// Makes a stereo sound narrower or wider.
    mixdsp_width: mixdsp::processors::width::WidthKind, Texts {
        key: c"width",
        name: c"Width",
        doc: c"Makes a stereo sound narrower or wider.",
        rows: &[
            RowTexts { group: None, key: c"width", name: c"Width", unit: c"", doc: c"Factor of the side: 0 is mono, 1 leaves the sound as it is.", choices: &[] },
        ],
    }
}

accessor! {
    /// Makes a stereo sound mono below a frequency, and narrower or wider by band above.
    mixdsp_imager: mixdsp::processors::imager::ImagerKind, Texts {
        key: c"imager",
        name: c"Imager",
        doc: c"Makes a stereo sound mono below a frequency, and narrower or wider by band above.",
        rows: &[
            RowTexts { group: None, key: c"bands", name: c"Bands", unit: c"", doc: c"How many bands have a width of their own, each from its frequency on.", choices: &[] },
            RowTexts { group: None, key: c"mono_below_hz", name: c"Mono below", unit: c"Hz", doc: c"Where the lows end, whose width is `low_width`: 6 dB down, 48 dB per octave.", choices: &[] },
            RowTexts { group: None, key: c"low_width", name: c"Low width", unit: c"", doc: c"Factor of the side in the lows: 0 is mono.", choices: &[] },
            RowTexts { group: None, key: c"width", name: c"Width", unit: c"", doc: c"Factor of the side above the lows, up to the first band: 0 is mono, 1 leaves the sound as it is.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"from_hz", name: c"From", unit: c"Hz", doc: c"Where the band begins; it goes up to the next one's beginning.", choices: &[] },
            RowTexts { group: Some(c"bands"), key: c"width", name: c"Width", unit: c"", doc: c"Factor of the side in the band: 0 is mono, 1 leaves the sound as it is.", choices: &[] },
        ],
    }
}

accessor! {
    /// Puts a sound on one side by delaying the other.
    mixdsp_haas: mixdsp::processors::haas::HaasKind, Texts {
        key: c"haas",
        name: c"Haas",
        doc: c"Puts a sound on one side by delaying the other.",
        rows: &[
            RowTexts { group: None, key: c"delay_ms", name: c"Delay", unit: c"ms", doc: c"By how much the other side comes later, to the nearest frame; at least 16 frames.", choices: &[] },
            RowTexts { group: None, key: c"level_db", name: c"Level", unit: c"dB", doc: c"Level of the side that comes later.", choices: &[] },
            RowTexts { group: None, key: c"side", name: c"Side", unit: c"", doc: c"Where the sound is heard: the side that leads.", choices: &[c"left", c"right"] },
            RowTexts { group: None, key: c"comb_loss_db", name: c"Comb in mono", unit: c"dB", doc: c"By how much the mono sum of what left and right have alike is lower at the comb's bottoms than at its tops, at most 120.", choices: &[] },
            RowTexts { group: None, key: c"mono_loss_db", name: c"Loss in mono", unit: c"dB", doc: c"By how much the mono sum of the present sound is quieter than both channels together, averaged over 300 ms: 0 for mono, 3 for unrelated channels.", choices: &[] },
        ],
    }
}

accessor! {
    /// Makes the middle of a sound wide, without a trace of it in mono.
    mixdsp_decorrelator: mixdsp::processors::decorrelator::DecorrelatorKind, Texts {
        key: c"decorrelator",
        name: c"Decorrelator",
        doc: c"Makes the middle of a sound wide, without a trace of it in mono.",
        rows: &[
            RowTexts { group: None, key: c"amount", name: c"Amount", unit: c"", doc: c"Side against mid of what left and right had alike: 1 makes them unrelated, 0 leaves them.", choices: &[] },
            RowTexts { group: None, key: c"from_hz", name: c"From", unit: c"Hz", doc: c"Above which the sound is made wide: 3 dB down, 6 dB per octave.", choices: &[] },
            RowTexts { group: None, key: c"mono_loss_db", name: c"Loss in mono", unit: c"dB", doc: c"By how much the mono sum of the present sound is quieter than both channels together, averaged over 300 ms: 0 for mono, 3 for unrelated channels.", choices: &[] },
        ],
    }
}

accessor! {
    /// Lets each ear hear some of the other side's lows, for headphones.
    mixdsp_crossfeed: mixdsp::processors::crossfeed::CrossfeedKind, Texts {
        key: c"crossfeed",
        name: c"Crossfeed",
        doc: c"Lets each ear hear some of the other side's lows, for headphones.",
        rows: &[
            RowTexts { group: None, key: c"frequency_hz", name: c"Frequency", unit: c"Hz", doc: c"Below which the sides are mixed.", choices: &[] },
            RowTexts { group: None, key: c"feed_db", name: c"Feed", unit: c"dB", doc: c"How far the other side is below the own one at the lowest frequencies: the less, the narrower.", choices: &[] },
        ],
    }
}

accessor! {
    /// Places a sound among the loudspeakers of a surround layout.
    mixdsp_vbap: mixdsp::processors::vbap::VbapKind, Texts {
        key: c"vbap",
        name: c"Vbap",
        doc: c"Places a sound among the loudspeakers of a surround layout.",
        rows: &[
            RowTexts { group: None, key: c"layout", name: c"Layout", unit: c"", doc: c"Which loudspeakers there are; as many channels come out.", choices: &[c"surround_5_1", c"surround_7_1", c"surround_5_1_4", c"surround_7_1_4"] },
            RowTexts { group: None, key: c"azimuth_deg", name: c"Azimuth", unit: c"°", doc: c"To the left positive: 0 is in front, 110 a left surround.", choices: &[] },
            RowTexts { group: None, key: c"elevation_deg", name: c"Elevation", unit: c"°", doc: c"Above ear height positive; what is below it is placed at ear height.", choices: &[] },
            RowTexts { group: None, key: c"spread_deg", name: c"Spread", unit: c"°", doc: c"The angle of the cone that the sound comes from.", choices: &[] },
        ],
    }
}

accessor! {
    /// Folds a surround mix down to stereo, mono or 5.1.
    mixdsp_fold_down: mixdsp::processors::fold_down::FoldDownKind, Texts {
        key: c"fold_down",
        name: c"Fold-down",
        doc: c"Folds a surround mix down to stereo, mono or 5.1.",
        rows: &[
            RowTexts { group: None, key: c"to", name: c"To", unit: c"", doc: c"What comes out.", choices: &[c"stereo", c"mono", c"surround_5_1"] },
            RowTexts { group: None, key: c"centre_db", name: c"Centre", unit: c"dB", doc: c"Level of the centre in left and right.", choices: &[] },
            RowTexts { group: None, key: c"surround_db", name: c"Surrounds", unit: c"dB", doc: c"Level of the surrounds in left and right.", choices: &[] },
            RowTexts { group: None, key: c"lfe_db", name: c"LFE", unit: c"dB", doc: c"Level of the low-frequency effects in left and right; cinemas play them 10 dB louder.", choices: &[] },
            RowTexts { group: None, key: c"back_db", name: c"Backs", unit: c"dB", doc: c"Level of the backs of 7.1 in the surrounds.", choices: &[] },
            RowTexts { group: None, key: c"height_db", name: c"Heights", unit: c"dB", doc: c"Level of the heights in what they stand above.", choices: &[] },
            RowTexts { group: None, key: c"normalise", name: c"Normalise", unit: c"", doc: c"Turns everything down until no output can be louder than its inputs all together at full scale.", choices: &[] },
        ],
    }
}

accessor! {
    /// Turns left and right into mid and side, or back.
    mixdsp_mid_side: mixdsp::processors::mid_side::MidSideKind, Texts {
        key: c"mid_side",
        name: c"Mid-side matrix",
        doc: c"Turns left and right into mid and side, or back.",
        rows: &[
            RowTexts { group: None, key: c"direction", name: c"Direction", unit: c"", doc: c"Which way.", choices: &[c"encode", c"decode"] },
        ],
    }
}

accessor! {
    /// Makes a path wait by whole frames, so that it meets a slower one.
    mixdsp_align: mixdsp::processors::align::AlignKind, Texts {
        key: c"align",
        name: c"Align",
        doc: c"Makes a path wait by whole frames, so that it meets a slower one.",
        rows: &[
            RowTexts { group: None, key: c"frames", name: c"Frames", unit: c"frames", doc: c"How long the path waits.", choices: &[] },
        ],
    }
}

accessor! {
    /// Quantises to the bits of a delivery with triangular noise, plain or shaped.
    mixdsp_dither: mixdsp::processors::dither::DitherKind, Texts {
        key: c"dither",
        name: c"Dither",
        doc: c"Quantises to the bits of a delivery with triangular noise, plain or shaped.",
        rows: &[
            RowTexts { group: None, key: c"bits", name: c"Bits", unit: c"bit", doc: c"Bits of the delivery.", choices: &[] },
            RowTexts { group: None, key: c"seed", name: c"Seed", unit: c"", doc: c"Which of the possible noises.", choices: &[] },
            RowTexts { group: None, key: c"noise", name: c"Noise", unit: c"", doc: c"What the noise is like.", choices: &[c"white", c"high_pass", c"shaped"] },
        ],
    }
}
