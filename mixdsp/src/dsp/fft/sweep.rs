//! Impulse responses from recordings of a sweep.
//!
//! ```text
//! sweep --> loudspeaker, room, microphone --> recording --> transform --(x) conjugate / (energy + little)--> response
//! sweep ----------------------------------> transform --------------------'
//! ```
//!
//! An exponential sweep spends as long in each octave, which is where rooms are noisy, and puts what a loudspeaker distorts
//! before the response, where it is left out. A. Farina, "Simultaneous measurement of impulse response and distortion with
//! a swept-sine technique", AES 108, 2000. What divides is never less than -80 dB of the sweep's strongest bin, so that
//! nothing is made of what the sweep does not have.

use super::transform::{Transform, bins};
use crate::base::error::Error;
use crate::base::simd::SimdLevel;
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::{PI, TAU};
use num_complex::Complex;

/// Least divisor: energy as a share of the strongest bin's.
const LEAST: f64 = 1e-8;
/// Time in which the sweep comes and goes.
const FADE_SECONDS: f64 = 0.005;

/// A sweep from one frequency to another, as strong in each octave. Feature `fft`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sweep {
    sample_rate: f64,
    seconds: f64,
    from_hz: f64,
    to_hz: f64,
}

impl Sweep {
    /// Of `seconds`, 0.1 to 60, between two frequencies, from 1 Hz to half the sample rate.
    ///
    /// # Errors
    /// For a rate that no processor takes, and for what is outside its range.
    pub fn new(sample_rate: f64, seconds: f64, from_hz: f64, to_hz: f64) -> Result<Self, Error> {
        crate::Spec::new(sample_rate, 1).check()?;
        let check = |key, value: f64, minimum, maximum, unit| {
            let is_inside = value >= minimum && value <= maximum;
            let error = Error::Range { key, item: None, value, minimum, maximum, unit, choices: &[] };
            if is_inside { Ok(()) } else { Err(error) }
        };
        check("seconds", seconds, 0.1, 60.0, "s")?;
        check("from_hz", from_hz, 1.0, 0.25 * sample_rate, "Hz")?;
        check("to_hz", to_hz, 2.0 * from_hz, 0.5 * sample_rate, "Hz")?;
        Ok(Self { sample_rate, seconds, from_hz, to_hz })
    }

    /// The sweep itself, at full scale. Allocates.
    pub fn samples(&self) -> Vec<f64> {
        let Self { sample_rate, seconds, from_hz, to_hz } = *self;
        let frames = libm::round(seconds * sample_rate) as usize;
        let octaves = libm::log(to_hz / from_hz);
        let fade = libm::round(FADE_SECONDS * sample_rate).max(1.0);
        let one = |n: usize| {
            let share = n as f64 / frames as f64;
            let phase = TAU * from_hz * seconds / octaves * (libm::exp(share * octaves) - 1.0);
            let edge = (n.min(frames - 1 - n) as f64 / fade).min(1.0);
            libm::sin(phase) * 0.5 * (1.0 - libm::cos(PI * edge))
        };
        (0..frames).map(one).collect()
    }

    /// The impulse response, of so many frames, that made the recording of the sweep. The recording begins with the sweep,
    /// or earlier than what is heard of it. Allocates; cost: three transforms of both lengths together.
    pub fn response(&self, recording: &[f64], frames: usize) -> Vec<f64> {
        let sweep = self.samples();
        let length = (recording.len() + sweep.len()).next_power_of_two();
        let mut transform = Transform::<f64>::new(length, SimdLevel::BEST.resolve());
        let mut work = vec![Complex::ZERO; length / 2];
        let mut spectrum = |samples: &[f64]| {
            let mut padded = samples.to_vec();
            padded.resize(length, 0.0);
            let (mut re, mut im) = (vec![0.0; bins(length)], vec![0.0; bins(length)]);
            transform.forward(&padded, &mut work, &mut re, &mut im);
            (re, im)
        };
        let ((sweep_re, sweep_im), (mut re, mut im)) = (spectrum(&sweep), spectrum(recording));
        let energies = sweep_re.iter().zip(&sweep_im).map(|(re, im)| re * re + im * im);
        let least = LEAST * energies.fold(0.0, f64::max);
        for bin in 0..re.len() {
            let (x, y) = (Complex::new(sweep_re[bin], sweep_im[bin]), Complex::new(re[bin], im[bin]));
            let response = y * x.conj() / x.norm_sqr().max(least).max(f64::MIN_POSITIVE);
            (re[bin], im[bin]) = (response.re, response.im);
        }
        let mut samples = vec![0.0; length];
        transform.inverse(&re, &im, &mut work, &mut samples);
        let scale = 2.0 / length as f64;
        samples.resize(frames.max(length), 0.0);
        samples[length..].fill(0.0);
        samples.truncate(frames);
        samples.iter_mut().for_each(|sample| *sample *= scale);
        samples
    }
}
