//! The settings of a de-esser and what it reports.

use crate::dsp::envelope::curve::Curve;
use crate::params::{choices, params, readings};

choices! {
    /// How a de-esser takes highs away.
    pub enum DeEsserMode {
        /// By a high shelf whose gain moves: what has no highs passes unchanged, phase too.
        Shelf = "shelf",
        /// By turning down what lies above a crossover of 24 dB per octave, whose phase is always there.
        Split = "split",
    }
}

params! {
    /// Settings of a [`DeEsser`](crate::DeEsser).
    pub struct DeEsserParams {
        /// Where highs begin: the middle of the shelf's slope, or the crossover.
        FREQUENCY_HZ = 1, frequency_hz ("Frequency"): frequency(1000.0..=16000.0) = 5000.0;
        /// Share of the highs in the energy of all, above which they are turned down; it does not depend on the level.
        THRESHOLD_DB = 2, threshold_db ("Threshold"): linear(-40.0..=0.0, "dB") = -9.0;
        /// By how many decibels for each decibel above the threshold.
        SLOPE = 3, slope ("Slope"): linear(0.0..=4.0, "") = 1.0;
        /// Width of the bend around the threshold.
        KNEE_DB = 4, knee_db ("Knee"): linear(0.0..=24.0, "dB") = 6.0;
        /// Most that it takes away.
        RANGE_DB = 5, range_db ("Range"): linear(0.0..=24.0, "dB") = 9.0;
        /// Time constant of going down; 0 is instant.
        ATTACK_MS = 6, attack_ms ("Attack"): linear(0.0..=20.0, "ms") = 0.7;
        /// Time constant of coming back.
        RELEASE_MS = 7, release_ms ("Release"): log(1.0..=500.0, "ms") = 40.0;
        /// Lets what counts as highs be heard in place of the output.
        LISTEN = 8, listen ("Listen"): switch() = false;
        /// How it takes highs away.
        MODE = 9, mode ("Mode"): choice(DeEsserMode) = DeEsserMode::Shelf;
    }
}

readings! {
    /// What a [`DeEsser`](crate::DeEsser) reports.
    pub struct DeEsserReadings {
        /// Reduction of the highs at the last frame.
        GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
    }
}

impl DeEsserParams {
    /// Decibels by which highs are turned down whose steady share in the energy of all is this, in decibels.
    pub fn reduction_db(&self, share_db: f64) -> f64 {
        Curve::new(self.threshold_db, self.slope, self.knee_db).reduction_db(share_db).min(self.range_db)
    }
}
