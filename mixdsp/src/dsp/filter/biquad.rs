//! Floor 4: biquad: a second-order filter on its own, for those who want no more than that.
//!
//! ```text
//! H(z) = (b0 + b1/z + b2/z²) / (1 + a1/z + a2/z²)
//!
//! transposed direct form II:  y = b0 x + s1,   s1 = b1 x - a1 y + s2,   s2 = b2 x - a2 y
//! ```
//!
//! [`Coefficients`] are designed from a [`Prototype`] by the cookbook or by the matched fit, and from an order
//! and a corner as Butterworth sections. [`Biquad`] runs them in transposed direct form II; [`Section`] runs the
//! same curve as a state-variable filter, which is quieter at low frequencies in single precision and stays stable
//! while it is changed. Both take one channel, keep no more than two numbers of state, and change at once when
//! told to: what has to move silently is an [`Equalizer`](crate::Equalizer).
//!
//! ```
//! use mixdsp::dsp::filter::{Biquad, Coefficients, Section};
//! use mixdsp::dsp::filter::design::{Prototype, Shape};
//!
//! let bell = Prototype { shape: Shape::Bell, frequency_hz: 8_000.0, q: 1.0, gain_db: 6.0 };
//! let coefficients = Coefficients::matched(&bell, 48_000.0);
//! assert!(coefficients.is_stable());
//! assert!((coefficients.response(8_000.0, 48_000.0).norm() - 1.9953).abs() < 0.02);
//!
//! let mut audio = [0.0f32; 64];
//! audio[0] = 1.0;
//! Biquad::<f32>::new(coefficients).process(&mut audio);
//! // The same curve as a state-variable filter; `None` only for what is not stable.
//! let mut section = Section::<f32>::new(coefficients.to_svf().expect("it is stable"));
//! assert!((section.run(1.0) - audio[0]).abs() < 1e-6);
//! ```

use core::f64::consts::PI;

use super::design::{Pass, Prototype, Shape, Svf, bilinear, butterworth, matched};
use super::svf::{COEFFICIENTS, coefficients, step_one};
use crate::base::sample::Sample;
use num_complex::Complex;

/// The coefficients of a biquad, `a0` divided out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficients {
    /// `b0, b1, b2`: the numerator in powers of 1/z.
    pub b: [f64; 3],
    /// `a1, a2`: the denominator in powers of 1/z, after 1.
    pub a: [f64; 2],
}

impl Coefficients {
    /// Passes everything.
    pub const IDENTITY: Self = Self { b: [1.0, 0.0, 0.0], a: [0.0; 2] };

    /// From a fraction with any `a0`; `None` when `a0` is 0 or a coefficient comes out not finite.
    pub fn new(b: [f64; 3], a: [f64; 3]) -> Option<Self> {
        let scaled = |x: f64| x / a[0];
        let all = Self { b: b.map(scaled), a: [scaled(a[1]), scaled(a[2])] };
        all.b.iter().chain(&all.a).all(|x| x.is_finite()).then_some(all)
    }

    /// The Audio EQ Cookbook's design (R. Bristow-Johnson): the prototype through the bilinear transform, exact
    /// at its frequency and squeezed towards half the rate.
    ///
    /// `sample_rate` in hertz. Every prototype gives a stable biquad; see
    /// [`bilinear`] for what happens to numbers out of range. About 50 ns.
    pub fn cookbook(prototype: &Prototype, sample_rate: f64) -> Self {
        match prototype.shape {
            Shape::LowPass1 | Shape::HighPass1 | Shape::AllPass1 => first_order(prototype, sample_rate),
            _ => bilinear(prototype, sample_rate).into(),
        }
    }

    /// The design whose magnitude follows the analogue curve up to 20 kHz: see [`matched`] for its errors.
    /// About 2 µs.
    pub fn matched(prototype: &Prototype, sample_rate: f64) -> Self {
        matched(prototype, sample_rate).into()
    }

    /// The sections of a Butterworth filter of `order` 1 or more, 6 dB per octave each, to run one after the
    /// other: each a [matched](Self::matched) design.
    pub fn butterworth(
        pass: Pass,
        order: usize,
        frequency_hz: f64,
        sample_rate: f64,
    ) -> impl Iterator<Item = Self> + Clone {
        butterworth(pass, order, frequency_hz).map(move |section| Self::matched(&section, sample_rate))
    }

    /// The complex response at `frequency_hz`, for a `sample_rate` in hertz.
    ///
    /// Near 0 Hz the coefficients of a low filter cancel; [`Svf::response`] keeps the digits that are lost here.
    pub fn response(&self, frequency_hz: f64, sample_rate: f64) -> Complex<f64> {
        let z = Complex::from_polar(1.0, -2.0 * PI * frequency_hz / sample_rate);
        let ([b0, b1, b2], [a1, a2]) = (self.b, self.a);
        (z * (z * b2 + b1) + b0) / (z * (z * a2 + a1) + 1.0)
    }

    /// Whether both poles lie inside the unit circle, by the stability triangle: |a2| < 1 and |a1| < 1 + a2.
    /// False when a coefficient is not finite.
    pub fn is_stable(&self) -> bool {
        let [a1, a2] = self.a;
        self.b.iter().all(|x| x.is_finite()) && a2.abs() < 1.0 && a1.abs() < 1.0 + a2
    }

    /// The poles, the one with the larger imaginary part (or the larger real one) first.
    pub fn poles(&self) -> [Complex<f64>; 2] {
        let [a1, a2] = self.a;
        let root = Complex::new(0.25 * a1 * a1 - a2, 0.0).sqrt();
        [root - 0.5 * a1, -root - 0.5 * a1]
    }

    /// The same transfer function as a state-variable filter; `None` when it is not stable.
    pub fn to_svf(&self) -> Option<Svf> {
        Svf::from_biquad(self.b, [1.0, self.a[0], self.a[1]])
    }
}

impl From<Svf> for Coefficients {
    fn from(svf: Svf) -> Self {
        let (b, [_, a1, a2]) = svf.to_biquad();
        Self { b, a: [a1, a2] }
    }
}

/// First order has one pole and one zero; the other coefficients are 0.
fn first_order(prototype: &Prototype, sample_rate: f64) -> Coefficients {
    let svf = bilinear(prototype, sample_rate);
    // g is the tangent of half the angle that the corner has per sample.
    let pole = (svf.g - 1.0) / (svf.g + 1.0);
    let (low, high) = (0.5 * (1.0 + pole), 0.5 * (1.0 - pole));
    let b = match prototype.shape {
        Shape::LowPass1 => [low, low, 0.0],
        Shape::HighPass1 => [high, -high, 0.0],
        _ => [pole, 1.0, 0.0],
    };
    Coefficients { b, a: [pole, 0.0] }
}

/// One channel through a biquad in transposed direct form II.
///
/// State and coefficients are of the sample type. In `f32`, filters below a few hundred hertz are noisy (-63 dBFS
/// for a bell at 20 Hz and 192 kHz); a [`Section`] is not. Change the coefficients only where a click may be heard.
#[derive(Clone, Copy, Debug)]
pub struct Biquad<T> {
    b: [T; 3],
    a: [T; 2],
    state: [T; 2],
}

impl<T: Sample> Biquad<T> {
    /// In silence.
    pub fn new(coefficients: Coefficients) -> Self {
        let mut biquad = Self { b: [T::ZERO; 3], a: [T::ZERO; 2], state: [T::ZERO; 2] };
        biquad.set(coefficients);
        biquad
    }

    /// Goes on with other coefficients from the next sample on; the state stays.
    pub fn set(&mut self, coefficients: Coefficients) {
        self.b = coefficients.b.map(T::from_f64);
        self.a = coefficients.a.map(T::from_f64);
    }

    /// Forgets what it heard.
    pub fn reset(&mut self) {
        self.state = [T::ZERO; 2];
    }

    /// One sample.
    #[inline]
    pub fn run(&mut self, x: T) -> T {
        let ([b0, b1, b2], [a1, a2], [s1, s2]) = (self.b, self.a, self.state);
        let y = b0 * x + s1;
        self.state = [b1 * x - a1 * y + s2, b2 * x - a2 * y];
        y
    }

    /// Some samples, in place. State too small to matter (-300 dBFS) becomes zero at the end.
    pub fn process(&mut self, audio: &mut [T]) {
        audio.iter_mut().for_each(|sample| *sample = self.run(*sample));
        self.state = self.state.map(T::flushed);
    }
}

/// One channel through a second-order section as a trapezoidal state-variable filter: the form that the
/// equalizers run, see [`filter::svf`](crate::dsp::filter::svf).
///
/// Quiet in `f32` at any frequency, and stable for any designs, even another one at every sample: with its cutoff
/// redrawn at random per sample, a resonance of Q 20 stays below its peak at rest.
#[derive(Clone, Copy, Debug)]
pub struct Section<T> {
    coefficients: [T; COEFFICIENTS],
    state: [T; 2],
}

impl<T: Sample> Section<T> {
    /// In silence.
    pub fn new(svf: Svf) -> Self {
        let mut section = Self { coefficients: [T::ZERO; COEFFICIENTS], state: [T::ZERO; 2] };
        section.set(svf);
        section
    }

    /// Goes on with another design from the next sample on; the state stays.
    pub fn set(&mut self, svf: Svf) {
        self.coefficients = coefficients(svf.into()).map(T::from_f64);
    }

    /// Forgets what it heard.
    pub fn reset(&mut self) {
        self.state = [T::ZERO; 2];
    }

    /// One sample.
    #[inline]
    pub fn run(&mut self, x: T) -> T {
        step_one(&self.coefficients, &mut self.state, x)
    }

    /// Some samples, in place. State too small to matter (-300 dBFS) becomes zero at the end.
    pub fn process(&mut self, audio: &mut [T]) {
        audio.iter_mut().for_each(|sample| *sample = self.run(*sample));
        self.state = self.state.map(T::flushed);
    }
}
