//! What is fixed when a linear-phase equalizer is built. Its parameters are the equalizer's bands.

use super::zero_phase;
use crate::dsp::filter::band::{Band, Slope};
use crate::params::params;

params! {
    /// What is fixed when a [`LinearPhase`](crate::LinearPhase) is built.
    pub struct LinearPhaseConfig {
        /// How many bands there are.
        BANDS = 1001, bands ("Bands"): whole(1..=64, "") = 8;
        /// The narrowest bandwidth that is followed to 0.1 dB; it sets length and latency.
        BANDWIDTH_HZ = 1002, bandwidth_hz ("Bandwidth"): log(2.0..=2000.0, "Hz") = 25.0;
        /// Bands at lower frequencies run with their natural phase and without latency.
        MINIMUM_PHASE_BELOW_HZ = 1003, minimum_phase_below_hz ("Minimum phase below"): linear(0.0..=20000.0, "Hz") = 0.0;
        /// The steepest slope that a band may have; each 12 dB per octave take memory.
        STEEPEST_SLOPE = 1004, steepest_slope ("Steepest slope"): choice(Slope) = Slope::Db48;
    }
}

impl LinearPhaseConfig {
    /// For these bands: as many, and as long as the narrowest of them needs.
    pub fn for_bands(bands: &[Band]) -> Self {
        Self::mixed(bands, 0.0)
    }

    /// The same where bands below a frequency keep their natural phase.
    pub fn mixed(bands: &[Band], minimum_phase_below_hz: f64) -> Self {
        let linear = bands.iter().filter(|band| band.frequency_hz >= minimum_phase_below_hz);
        let narrowest = linear.map(zero_phase::bandwidth_hz).fold(f64::INFINITY, f64::min);
        let steepest = bands.iter().map(|band| band.slope_db_per_octave).max_by_key(|slope| slope.order());
        Self {
            bands: bands.len().clamp(1, 64) as u32,
            bandwidth_hz: narrowest.clamp(2.0, 2_000.0),
            minimum_phase_below_hz,
            steepest_slope: steepest.unwrap_or(Slope::Db12),
        }
    }
}
