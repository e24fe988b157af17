//! Floor 4: the analogue prototypes: the definition of every curve.
//!
//! From R. Bristow-Johnson, "Audio EQ Cookbook" (w3.org/TR/audio-eq-cookbook), with s in units of the
//! frequency and A = 10^(gain/40).

use num_complex::Complex;

/// The kind of curve. Frequencies are in units of the prototype's frequency, A = 10^(gain/40).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// (s² + s A/Q + 1) / (s² + s/(A Q) + 1): `gain_db` at the frequency, unity far away. Between the two
    /// frequencies where the gain is half (in decibels) lie 1/Q of the frequency.
    Bell,
    /// A (s² + s √A/Q + A) / (A s² + s √A/Q + 1): `gain_db` at 0 Hz, half of it at the frequency.
    LowShelf,
    /// A (A s² + s √A/Q + 1) / (s² + s √A/Q + A): `gain_db` far above, half of it at the frequency.
    HighShelf,
    /// 1 / (s² + s/Q + 1), 12 dB per octave.
    LowPass,
    /// s² / (s² + s/Q + 1), 12 dB per octave.
    HighPass,
    /// (s/Q) / (s² + s/Q + 1): unity at the frequency.
    BandPass,
    /// (s² + 1) / (s² + s/Q + 1): nothing at the frequency.
    Notch,
    /// (s² - s/Q + 1) / (s² + s/Q + 1): turns the phase by 360°, 180° at the frequency.
    AllPass,
    /// 1 / (s + 1), 6 dB per octave; `q` has no meaning.
    LowPass1,
    /// s / (s + 1), 6 dB per octave; `q` has no meaning.
    HighPass1,
    /// (1 - s) / (1 + s): turns the phase by 180°, 90° at the frequency; `q` has no meaning.
    AllPass1,
    /// (A s² + s √A/Q + 1) / (s² + s √A/Q + A): 0 dB at the frequency, half of `gain_db` far above, minus
    /// half of it at 0 Hz: the high shelf turned around its middle.
    Tilt,
}

/// A curve to design: what it should be, independent of any sample rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prototype {
    /// The kind of curve.
    pub shape: Shape,
    /// Centre or corner in hertz, positive. Designs take any value, also above half the sample rate.
    pub frequency_hz: f64,
    /// Quality factor, 0.01 to 1000.
    pub q: f64,
    /// Gain in decibels of bells, shelves and tilts, -96 to 96; the other shapes ignore it.
    pub gain_db: f64,
}

impl Prototype {
    /// The analogue curve at `frequency_hz`: what [`matched`](super::matched) aims at.
    pub fn response(&self, frequency_hz: f64) -> Complex<f64> {
        let curve = self.curve();
        let s = Complex::new(0.0, frequency_hz / self.frequency_hz);
        let polynomial = |p: &[f64; 3]| (s * p[2] + p[1]) * s + p[0];
        polynomial(&curve.numerator) / polynomial(&curve.denominator)
    }

    /// A = 10^(gain/40), the square root of the gain.
    pub(super) fn amplitude(&self) -> f64 {
        libm::exp(self.gain_db * (core::f64::consts::LN_10 / 40.0))
    }

    /// The prototype as a fraction of two polynomials.
    pub(super) fn curve(&self) -> Curve {
        let d = 1.0 / self.q;
        let a = self.amplitude();
        let slope = libm::sqrt(a) * d;
        let resonance = [1.0, d, 1.0];
        let (numerator, denominator) = match self.shape {
            Shape::Bell => ([1.0, d * a, 1.0], [1.0, d / a, 1.0]),
            Shape::LowShelf => ([a * a, a * slope, a], [1.0, slope, a]),
            Shape::HighShelf => ([a, a * slope, a * a], [a, slope, 1.0]),
            Shape::LowPass => ([1.0, 0.0, 0.0], resonance),
            Shape::HighPass => ([0.0, 0.0, 1.0], resonance),
            Shape::BandPass => ([0.0, d, 0.0], resonance),
            Shape::Notch => ([1.0, 0.0, 1.0], resonance),
            Shape::AllPass => ([1.0, -d, 1.0], resonance),
            Shape::LowPass1 => ([1.0, 0.0, 0.0], [1.0, 1.0, 0.0]),
            Shape::HighPass1 => ([0.0, 1.0, 0.0], [1.0, 1.0, 0.0]),
            Shape::AllPass1 => ([1.0, -1.0, 0.0], [1.0, 1.0, 0.0]),
            Shape::Tilt => ([1.0, slope, a], [a, slope, 1.0]),
        };
        Curve { numerator, denominator }
    }

    /// This prototype and rate within the range of the designs, or `None` when a number is not finite.
    pub(super) fn limited(&self, sample_rate: f64) -> Option<Self> {
        let sum = self.frequency_hz + self.q + self.gain_db + sample_rate;
        (sum.is_finite() && sample_rate > 0.0).then(|| Self {
            shape: self.shape,
            frequency_hz: self.frequency_hz.clamp(1e-7 * sample_rate, 10.0 * sample_rate),
            q: self.q.clamp(0.01, 1000.0),
            gain_db: self.gain_db.clamp(-96.0, 96.0),
        })
    }
}

/// A fraction of polynomials in s, lowest power first, s in units of the prototype's frequency.
#[derive(Clone, Copy)]
pub(super) struct Curve {
    pub(super) numerator: [f64; 3],
    pub(super) denominator: [f64; 3],
}

impl Curve {
    /// |H|² where `square` is the square of frequency over the prototype's frequency.
    #[inline]
    pub(super) fn power(&self, square: f64) -> f64 {
        let magnitude = |p: &[f64; 3]| {
            let real = p[0] - p[2] * square;
            real * real + p[1] * p[1] * square
        };
        magnitude(&self.numerator) / magnitude(&self.denominator)
    }
}
