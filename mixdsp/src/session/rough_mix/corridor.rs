//! The tonal corridor: how power lies over frequency in popular recordings.
//!
//! Long-term average spectra of published recordings fall by 4 to 5 dB per octave in power per hertz from 100 Hz to 4 kHz:
//! P. D. Pestana, Z. Ma, J. D. Reiss, A. Barbosa and D. A. A. Black, "Spectral characteristics of popular commercial recordings
//! 1950-2010", AES 135, 2013 (number-one singles: about 5 dB), and A. Elowsson and A. Friberg, "Long-term average spectrum in
//! popular music and its relation to the level of the percussion", AES 142, 2017. The corridor is a straight line of -4.5 dB per
//! octave from 63 Hz to 10 kHz, which is -1.5 dB per octave in bands of a third of an octave, and [`WIDTH_DB`] to both sides of it.
//! It was fixed before any mix was made by it.

use crate::session::rough_mix::bands::{BANDS, Bands, band_at};

/// Slope of power per hertz, in dB per octave.
pub(super) const SLOPE_DB_PER_OCTAVE: f64 = -4.5;
/// How far the mix may be from the line after smoothing over an octave.
pub(super) const WIDTH_DB: f64 = 4.0;
/// Where the corridor begins and ends, in Hz.
const FROM_HZ: f64 = 63.0;
const TO_HZ: f64 = 10_000.0;

/// The bands of the corridor.
pub(super) fn range() -> core::ops::RangeInclusive<usize> {
    band_at(FROM_HZ)..=band_at(TO_HZ)
}

/// The line, in dB, in third octaves; only differences mean something.
pub(super) fn line_db(band: usize) -> f64 {
    // A third octave is wider the higher it lies: 3 dB per octave.
    (SLOPE_DB_PER_OCTAVE + 10.0 * libm::log10(2.0)) * band as f64 / 3.0
}

/// How far powers by band are from the line, smoothed over an octave, in dB; where it stands is that of the least largest distance.
pub(super) fn distances_db(power: &Bands) -> Bands {
    let smooth: Bands = core::array::from_fn(|band| {
        // Three third octaves.
        let near = band.saturating_sub(1)..(band + 2).min(BANDS);
        let sum: f64 = near.map(|near| libm::exp10(-line_db(near) / 10.0) * power[near]).sum();
        10.0 * libm::log10((sum / 3.0).max(1e-30))
    });
    let within = &smooth[range()];
    let (low, high) = within.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
    smooth.map(|x| x - 0.5 * (low + high))
}
