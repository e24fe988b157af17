//! A curve as taps of least phase: no latency.
//!
//! ```text
//! ln |H| --> cepstrum --> its second half folded over the first --> ln H, with phase --> H --> taps
//! ```
//!
//! A. Oppenheim and R. Schafer, "Discrete-Time Signal Processing": the logarithm of a response without zeros
//! outside the unit circle is causal.

use super::curve::ToneMatch;
use crate::base::error::Error;
use crate::base::simd::SimdLevel;
use crate::base::spec::Spec;
use crate::dsp::fft::{Transform, bins};
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::PI;
use num_complex::Complex;

/// Taps that can be asked for.
const TAPS: [usize; 2] = [16, 1 << 20];
/// Times that the transform is longer than the taps.
const ROOM: usize = 8;
/// Share of the taps that fades out.
const FADE: f64 = 0.25;

impl ToneMatch {
    /// The curve as so many taps for a sample rate, 16 to 1 048 576: for a [`Fir`](crate::Fir). It begins at
    /// once and has the least phase. A sixth of a second (8192 taps at 48 kHz) follows any curve to 0.1 dB.
    /// Takes some milliseconds and allocates.
    pub fn taps(&self, sample_rate: f64, count: usize) -> Result<Vec<f64>, Error> {
        Spec::new(sample_rate, 1).check()?;
        if !(TAPS[0]..=TAPS[1]).contains(&count) {
            let [minimum, maximum] = TAPS.map(|taps| taps as f64);
            return Err(Error::Range {
                key: "taps",
                item: None,
                value: count as f64,
                minimum,
                maximum,
                unit: "",
                choices: &[],
            });
        }
        let length = (ROOM * count).next_power_of_two();
        let half = length / 2;
        let mut transform = Transform::<f64>::new(length, SimdLevel::BEST.resolve());
        let (mut re, mut im) = (vec![0.0; bins(length)], vec![0.0; bins(length)]);
        let mut work = vec![Complex::ZERO; half];
        let mut samples = vec![0.0; length];
        let width = sample_rate / length as f64;
        for (bin, value) in re.iter_mut().enumerate().take(half + 1) {
            *value = self.curve_db(bin as f64 * width) * (core::f64::consts::LN_10 / 20.0);
        }
        transform.inverse(&re, &im, &mut work, &mut samples);
        let scale = 1.0 / half as f64;
        for (n, sample) in samples.iter_mut().enumerate() {
            let fold = if n == 0 || n == half { 1.0 } else { 2.0 };
            *sample *= if n <= half { scale * fold } else { 0.0 };
        }
        transform.forward(&samples, &mut work, &mut re, &mut im);
        for (re, im) in re.iter_mut().zip(&mut im).take(half + 1) {
            let (sine, cosine) = libm::sincos(*im);
            let magnitude = libm::exp(*re);
            (*re, *im) = (magnitude * cosine, magnitude * sine);
        }
        transform.inverse(&re, &im, &mut work, &mut samples);
        let fade = |n: usize| {
            let beyond = n as f64 / count as f64 - (1.0 - FADE);
            if beyond > 0.0 { 0.5 + 0.5 * libm::cos(PI * beyond / FADE) } else { 1.0 }
        };
        Ok(samples[..count].iter().enumerate().map(|(n, sample)| scale * fade(n) * sample).collect())
    }
}
