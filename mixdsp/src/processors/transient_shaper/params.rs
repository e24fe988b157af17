//! The settings of a transient shaper and what it reports.

use crate::params::{params, readings};

params! {
    /// Settings of a [`TransientShaper`](crate::TransientShaper).
    pub struct TransientShaperParams {
        /// Change of the level while it rises.
        ATTACK_DB = 1, attack_db ("Attack"): linear(-15.0..=15.0, "dB") = 0.0;
        /// Change of the level while it falls.
        SUSTAIN_DB = 2, sustain_db ("Sustain"): linear(-15.0..=15.0, "dB") = 0.0;
        /// How long attacks last: time constant by which a new level stops being one.
        ATTACK_MS = 3, attack_ms ("Attack length"): log(2.0..=100.0, "ms") = 15.0;
        /// How long sustain lasts: time constant by which an old level is forgotten.
        SUSTAIN_MS = 4, sustain_ms ("Sustain length"): log(50.0..=2000.0, "ms") = 300.0;
    }
}

params! {
    /// What is fixed when a [`TransientShaper`](crate::TransientShaper) is built.
    pub struct TransientShaperConfig {
        /// How far it looks ahead; this is its latency.
        LOOKAHEAD_MS = 1001, lookahead_ms ("Look-ahead"): linear(0.0..=10.0, "ms") = 0.0;
    }
}

readings! {
    /// What a [`TransientShaper`](crate::TransientShaper) reports.
    pub struct TransientShaperReadings {
        /// Change of the level at the last frame.
        CHANGE_DB = 2001, change_db ("Change"): "dB";
    }
}
