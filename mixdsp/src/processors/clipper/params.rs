//! The settings of a clipper and what it reports.

use crate::dsp::oversample::Oversampling;
use crate::dsp::waveshape::curve_path::Antialiasing;
use crate::params::{params, readings};

params! {
    /// Settings of a [`Clipper`](crate::Clipper).
    pub struct ClipperParams {
        /// Gain before clipping.
        DRIVE_DB = 1, drive_db ("Drive"): linear(-24.0..=24.0, "dB") = 0.0;
        /// What leaves stays under this on every common true-peak meter; it clips 0.22 dB lower.
        CEILING_DB = 2, ceiling_db ("Ceiling"): linear(-36.0..=0.0, "dB") = -1.0;
        /// How far below the ceiling the curve begins to bend; 0 clips hard.
        SOFTNESS_DB = 3, softness_db ("Softness"): linear(0.0..=6.0, "dB") = 1.0;
        /// Gain of the high frequencies before the curve, taken back behind it: which frequencies clip first.
        EMPHASIS_DB = 4, emphasis_db ("Emphasis"): linear(-12.0..=12.0, "dB") = 0.0;
        /// Where the emphasis has half of its decibels.
        EMPHASIS_HZ = 5, emphasis_hz ("Emphasis frequency"): frequency(20.0..=20000.0) = 3000.0;
    }
}

params! {
    /// What is fixed when a [`Clipper`](crate::Clipper) is built.
    pub struct ClipperConfig {
        /// How much faster than the audio the curve runs.
        OVERSAMPLING = 1001, oversampling ("Oversampling"): choice(Oversampling) = Oversampling::FourTimes;
        /// What is done against the aliases that oversampling leaves.
        ANTIALIASING = 1002, antialiasing ("Antialiasing"): choice(Antialiasing) = Antialiasing::First;
    }
}

readings! {
    /// What a [`Clipper`](crate::Clipper) reports.
    pub struct ClipperReadings {
        /// By how much the last frame was clipped, of the channel that was clipped most. 0 or positive.
        CLIPPED_DB = 2001, clipped_db ("Clipped"): "dB";
        /// The largest since reset.
        CLIPPED_MAX_DB = 2002, clipped_max_db ("Clipped max"): "dB";
        /// Share of the frames since reset that were clipped in some channel.
        CLIPPED_SHARE = 2003, clipped_share ("Clipped share"): "";
        /// By how much the gain behind the curve turned the last frame down.
        LIMITED_DB = 2004, limited_db ("Limited"): "dB";
        /// The largest since reset.
        LIMITED_MAX_DB = 2005, limited_max_db ("Limited max"): "dB";
    }
}
