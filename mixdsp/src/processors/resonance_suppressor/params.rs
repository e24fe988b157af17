//! The settings of a resonance suppressor and what it reports.

use crate::params::{params, readings};

params! {
    /// Settings of a [`ResonanceSuppressor`](crate::ResonanceSuppressor).
    pub struct ResonanceSuppressorParams {
        /// Share of what sticks out that is taken away.
        DEPTH = 1, depth ("Depth"): linear(0.0..=1.0, "") = 1.0;
        /// How far something must stick out of its neighbourhood at 1 kHz; less finds more, and takes tones for resonances.
        THRESHOLD_DB = 2, threshold_db ("Threshold"): linear(1.0..=24.0, "dB") = 7.0;
        /// How much more sensitive it is to highs, and less to lows.
        TILT_DB_PER_OCTAVE = 3, tilt_db_per_octave ("Tilt"): linear(-3.0..=3.0, "dB/oct") = 0.0;
        /// Q of what is looked for; half and twice as narrow is found too.
        SELECTIVITY = 4, selectivity ("Selectivity"): log(5.0..=40.0, "") = 20.0;
        /// Time constant of what is remembered; nothing is turned down before a third of it was heard.
        PERSISTENCE_SECONDS = 5, persistence_seconds ("Persistence"): log(1.0..=120.0, "s") = 30.0;
        /// Time constant of going down.
        ATTACK_MS = 6, attack_ms ("Attack"): log(10.0..=10000.0, "ms") = 500.0;
        /// Time constant of coming back.
        RELEASE_MS = 7, release_ms ("Release"): log(10.0..=60000.0, "ms") = 3000.0;
        /// Most that it takes from one resonance.
        RANGE_DB = 8, range_db ("Range"): linear(0.0..=24.0, "dB") = 18.0;
        /// Resonances below this frequency are left alone: bass notes look like them.
        LOW_HZ = 9, low_hz ("From"): frequency(80.0..=14000.0) = 200.0;
        /// Resonances above this frequency are left alone.
        HIGH_HZ = 10, high_hz ("To"): frequency(80.0..=14000.0) = 9000.0;
    }
}

params! {
    /// What is fixed when a [`ResonanceSuppressor`](crate::ResonanceSuppressor) is built.
    pub struct ResonanceSuppressorConfig {
        /// How many resonances it can turn down at a time.
        RESONANCES = 1001, resonances ("Resonances"): whole(1..=16, "") = 8;
    }
}

readings! {
    /// What a [`ResonanceSuppressor`](crate::ResonanceSuppressor) reports.
    pub struct ResonanceSuppressorReadings {
        /// Largest reduction of all resonances at the last frame.
        GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
        /// Where a resonance is that is turned down; the id's item counts them.
        FREQUENCY_HZ = 2002, frequency_hz ("Frequency"): "Hz";
        /// By how much it is turned down.
        REDUCTION_DB = 2003, reduction_db ("Reduction"): "dB";
    }
}

impl ResonanceSuppressorParams {
    /// How far something must stick out at a frequency, in decibels.
    pub fn threshold_db_at(&self, frequency_hz: f64) -> f64 {
        self.threshold_db - self.tilt_db_per_octave * libm::log2(frequency_hz / 1_000.0)
    }
}
