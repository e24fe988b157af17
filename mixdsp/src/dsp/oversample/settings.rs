//! What is chosen of oversampling.

use crate::params::choices;

choices! {
    /// How much faster than the audio something runs.
    pub enum Oversampling {
        /// Not at all.
        Off = "1",
        /// Twice.
        Twice = "2",
        /// Four times.
        FourTimes = "4",
        /// Eight times.
        EightTimes = "8",
    }
}

impl Oversampling {
    /// Octaves between the two rates.
    pub const fn octaves(self) -> usize {
        self as usize
    }
}

choices! {
    /// Which half-band filters oversampling uses.
    pub enum Phase {
        /// Linear phase: flat to 20 kHz, late by about a millisecond.
        Linear = "linear",
        /// All-passes: late by a few frames; the phase turns towards the highest frequencies.
        LowLatency = "low_latency",
    }
}
