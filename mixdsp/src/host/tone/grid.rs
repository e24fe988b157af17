//! The frequencies at which tone is looked at: twelve per octave from 20 Hz to 20 kHz.

/// Points per octave.
pub(super) const PER_OCTAVE: f64 = 12.0;
/// Points from 20 Hz to 20 kHz, both within.
pub(super) const POINTS: usize = 121;
const LOWEST_HZ: f64 = 20.0;

/// A value for every point.
pub(super) type Grid = [f64; POINTS];

/// The frequency of a point.
pub(super) fn frequency_hz(point: usize) -> f64 {
    LOWEST_HZ * libm::exp2(point as f64 / PER_OCTAVE)
}

/// A value for every point.
pub(super) fn grid(value: impl Fn(usize) -> f64) -> Grid {
    core::array::from_fn(value)
}

/// The value at any frequency: a straight line over the logarithm of frequency between two points, level
/// beyond the ends.
pub(super) fn at(values: &Grid, frequency_hz: f64) -> f64 {
    let place = PER_OCTAVE * libm::log2((frequency_hz / LOWEST_HZ).max(1e-9));
    let place = place.max(0.0).min((POINTS - 1) as f64);
    let below = (place as usize).min(POINTS - 2);
    let share = place - below as f64;
    values[below] + (values[below + 1] - values[below]) * share
}

/// The mean under a bell of this width in octaves, between the points where it is half as high.
pub(super) fn smooth(values: &Grid, width_octaves: f64) -> Grid {
    let spread = width_octaves * PER_OCTAVE / 2.354_82;
    if spread < 1e-3 {
        return *values;
    }
    grid(|point| {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (other, value) in values.iter().enumerate() {
            let distance = (other as f64 - point as f64) / spread;
            let weight = libm::exp(-0.5 * distance * distance);
            sum += weight * value;
            weights += weight;
        }
        sum / weights
    })
}
