//! Floor 4: true peak: how high the waveform goes between the samples.
//!
//! ```text
//! window of 48 samples --> values at points between its two middle samples --> largest magnitude
//! ```
//!
//! A meter interpolates with a finite kernel, and every kernel reads a little differently; a claim about
//! true peaks has to name one. Here are those that meters use, all laid over one window of 48 samples, so
//! that they look into the same interval at the same time:
//!
//! | kernel | points per interval | taps | who uses it |
//! | --- | --- | --- | --- |
//! | fine | 7, with the sample itself every 1/8 | 48 | this crate: sinc under a Kaiser window, beta 9 |
//! | ITU | 4, at 1/8, 3/8, 5/8, 7/8 | 12 | Rec. ITU-R BS.1770-5 Annex 2, broadcast meters |
//! | Hann 4 | 3 | 12 | libebur128 and its ports under 96 kHz |
//! | Hann 2 | 1 | 24 | the same from 96 kHz to 192 kHz |
//!
//! The fine kernel is flat to 0.001 dB up to 0.43 of the rate. A tone that peaks between two of its points
//! is read up to 0.17 dB too low; no band-limited signal is read lower than that, because between points
//! 1/8 apart a signal can rise by at most sec(pi/16) (Ehlich and Zeller's theorem).
//!
//! Points left and right of the middle share their taps in mirror order. So the sums and differences of
//! mirrored samples are formed once, and a pair of points costs as many products as one: with p and q the
//! even and odd parts, max(|p + q|, |p - q|) = |p| + |q|. Lanes are neighbouring intervals.

pub(crate) mod around;
mod detector;
mod estimate;
mod kernels;

pub(crate) use detector::TruePeakDetector;
pub(crate) use estimate::{Sparing, Wanted};
pub(crate) use kernels::{DELAY, FINE_GAIN, HISTORY, INTERVALS, ITU_GAIN, Itu, WINDOW};

#[cfg(test)]
mod tests;
