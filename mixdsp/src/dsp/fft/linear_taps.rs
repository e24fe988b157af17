//! Floor 4: the taps of a filter of a magnitude without phase.
//!
//! ```text
//! |H(f)| on K/2 + 1 bins --> inverse transform --> the middle N + 1 samples x window --> symmetric taps
//! ```
//!
//! What is cut off is where the response has almost died away. The window is flat over three quarters of the length and
//! falls by a cosine to the ends. (A Kaiser window over the whole length also weakens what has not died away, and takes
//! three times as many frames for the same error.)

use super::transform::{Transform, bins};
use crate::base::layout::layout;
use crate::base::simd::SimdLevel;
use core::f64::consts::PI;
use num_complex::Complex;

/// Share of the window that falls at each end.
const TAPER: f64 = 0.25;

/// How long a filter is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length {
    /// Frames from the first tap to the middle one.
    pub(crate) half: usize,
    /// Length of the transform that the taps come from.
    pub(crate) transform: usize,
}

impl Length {
    /// With at least so many frames on either side of the middle tap.
    pub(crate) const fn new(half: usize) -> Self {
        let half = half + 1;
        Self { half, transform: (4 * half).next_power_of_two() }
    }

    pub(crate) const fn taps(&self) -> usize {
        2 * self.half + 1
    }

    /// Frames of a partition for convolution with it: about a sixteenth of the filter.
    pub(crate) const fn partition(&self) -> usize {
        let share = self.half / 8;
        let partition = if share < 64 { 64 } else { 1 << share.ilog2() };
        if partition > 2_048 { 2_048 } else { partition }
    }

    /// The magnitude's samples: bin 0 to half the rate.
    pub(crate) const fn samples(&self) -> usize {
        self.transform / 2 + 1
    }

    /// Transforms of the length that it takes. Allocates.
    pub(crate) fn transform(&self, simd: SimdLevel) -> Transform<f64> {
        Transform::new(self.transform, simd)
    }
}

layout! {
    /// The words of a design.
    pub(crate) struct Design<T>, read as DesignRef (length: Length) {
        /// The curve's samples.
        magnitude: [f64; bins(length.transform)],
        /// Zeros: the imaginary part of a spectrum without phase.
        nothing: [f64; bins(length.transform)],
        /// Room for the transform.
        work: [Complex<f64>; length.transform / 2],
        /// What the transform makes of the samples.
        response: [f64; length.transform],
    }
}

/// Makes the taps of the sampled magnitude.
pub(crate) fn finish<T: crate::Sample>(
    design: &mut Design<'_, T>,
    length: Length,
    transform: &mut Transform<f64>,
    taps: &mut [f64],
) {
    transform.inverse(design.magnitude, design.nothing, design.work, design.response);
    let Length { half, .. } = length;
    let scale = 2.0 / length.transform as f64;
    for distance in 0..=half {
        let beyond = distance as f64 / half as f64 - (1.0 - TAPER);
        let window = if beyond > 0.0 { 0.5 + 0.5 * libm::cos(PI * beyond / TAPER) } else { 1.0 };
        let tap = scale * window * design.response[distance];
        taps[half - distance] = tap;
        taps[half + distance] = tap;
    }
}

/// The magnitude, with its sign, of symmetric taps at a frequency in units of the sample rate.
pub(crate) fn response(taps: &[f64], frequency: f64) -> f64 {
    let (half, turn) = (taps.len() / 2, 2.0 * PI * frequency);
    let sides = taps[half + 1..].iter().enumerate().map(|(n, tap)| tap * libm::cos(turn * (n + 1) as f64));
    taps[half] + 2.0 * sides.sum::<f64>()
}
