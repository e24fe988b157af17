//! The matched design: per shape, a closed-form start and the points at which the fit compares.

use core::f64::consts::PI;

use super::bilinear::bilinear;
use super::fit::{POINTS, Points, refine, tangent_squared};
use super::prototype::{Curve, Prototype, Shape};
use super::svf::{Fraction, Svf};

/// Top of the fitted range in hertz.
const AUDIBLE: f64 = 20_000.0;
/// Top of the fitted range in units of the sample rate.
const HIGHEST: f64 = 0.499;
/// Largest angle per sample of a pole pair at the start of the fit.
const HIGHEST_TURN: f64 = 0.97 * PI;
/// Smallest gain that is fitted; below it the section shrinks to the identity along a straight line.
const SMALLEST_GAIN_DB: f64 = 0.01;

/// doc
pub fn matched(prototype: &Prototype, sample_rate: f64) -> Svf {
    let Some(prototype) = prototype.limited(sample_rate) else { return Svf::IDENTITY };
    let fraction = match prototype.shape {
        Shape::Bell | Shape::LowShelf | Shape::HighShelf => equalizer(&prototype, sample_rate),
        Shape::LowPass | Shape::HighPass | Shape::BandPass => pass(&prototype, sample_rate),
        Shape::LowPass1 | Shape::HighPass1 => first_order(&prototype, sample_rate),
        Shape::Notch => notch(&prototype, sample_rate),
        Shape::AllPass => all_pass(&prototype, sample_rate),
        Shape::AllPass1 => return bilinear(&prototype, sample_rate),
    };
    fraction.into()
}

/// Where the fit works: the prototype's frequency and the top of the range.
struct Range {
    /// π f/rate: the prototype's frequency as half an angle per sample.
    half_angle: f64,
    /// Top of the range in units of the prototype's frequency.
    top: f64,
    /// Half the sample rate in units of the prototype's frequency.
    nyquist: f64,
}

impl Range {
    fn new(prototype: &Prototype, sample_rate: f64) -> Self {
        let frequency = prototype.frequency_hz;
        let top = AUDIBLE.max(frequency).min(HIGHEST * sample_rate);
        Self {
            half_angle: PI * frequency / sample_rate,
            top: top / frequency,
            nyquist: 0.5 * sample_rate / frequency,
        }
    }

    /// The curve at eight frequencies `near` the prototype's, and at twelve up to the top, closer towards it.
    fn points(&self, curve: &Curve, near: [f64; 8]) -> Points {
        /// sin(i π/24), i = 1 to 12.
        const SPREAD: [f64; 12] = [
            0.130_526_192_220_051_6,
            0.258_819_045_102_520_74,
            0.382_683_432_365_089_8,
            0.5,
            0.608_761_429_008_720_7,
            0.707_106_781_186_547_5,
            0.793_353_340_291_235_2,
            0.866_025_403_784_438_6,
            0.923_879_532_511_286_7,
            0.965_925_826_289_068_3,
            0.991_444_861_373_810_4,
            1.0,
        ];
        let mut frequencies = [0.0; POINTS];
        for (frequency, near) in frequencies.iter_mut().zip(near) {
            *frequency = near.min(self.top);
        }
        for (frequency, part) in frequencies[8..].iter_mut().zip(SPREAD) {
            *frequency = part * self.top;
        }
        Points::new(curve, &frequencies, self.half_angle)
    }

    /// `g` and `k` of the pole pair that continues the analogue one's ringing (impulse invariance).
    ///
    /// `frequency` in units of the prototype's. A pole z = exp(-p) lies at tanh(p/2) on the axis of the
    /// section. Ringing that the rate cannot hold stops below half of it and turns into damping.
    fn poles(&self, frequency: f64, q: f64) -> (f64, f64) {
        let angle = 2.0 * frequency * self.half_angle;
        let damping = 0.5 / q;
        if damping < 1.0 {
            let turn = angle * libm::sqrt(1.0 - damping * damping);
            let excess = (turn - HIGHEST_TURN).max(0.0);
            let decay = libm::sinh(0.5 * (angle * damping + excess).min(40.0));
            let square = decay * decay;
            let sine = libm::sin(0.5 * (turn - excess));
            let common = 1.0 + square - sine * sine;
            let g = libm::sqrt((square + sine * sine) / common);
            (g, 2.0 * decay * libm::sqrt(1.0 + square) / (common * g))
        } else {
            let spread = damping + libm::sqrt(damping * damping - 1.0);
            let slow = libm::tanh(0.5 * angle / spread);
            let fast = libm::tanh(0.5 * angle * spread);
            let g = libm::sqrt(slow * fast);
            (g, (slow + fast) / g)
        }
    }
}

/// Ratio of the two frequencies 3 dB (of a band-pass) beside the centre to the centre.
fn half_width(q: f64) -> f64 {
    let b = 0.5 / q.clamp(0.3, 20.0);
    b + libm::sqrt(1.0 + b * b)
}

/// Bells and shelves. The boost is designed, the cut is its inverse; a high shelf is gain over a low shelf.
fn equalizer(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let range = Range::new(prototype, sample_rate);
    let boost_db = prototype.gain_db.abs();
    let bell = prototype.shape == Shape::Bell;
    let shape = if bell { Shape::Bell } else { Shape::LowShelf };
    let fitted = Prototype { shape, gain_db: boost_db.max(SMALLEST_GAIN_DB), ..*prototype };
    let curve = fitted.curve();
    let a = if bell { curve.numerator[1] / fitted.q.recip() } else { curve.denominator[2] };

    let r = libm::sqrt(a);
    let ((g, k), (zero_g, zero_k), near) = if bell {
        let w = half_width(a * fitted.q);
        let root = libm::sqrt(w);
        let near = [1.0, w, 1.0 / w, w * w, 1.0 / (w * w), root, 1.0 / root, 1.0 / (w * w * w * w)];
        (range.poles(1.0, a * fitted.q), range.poles(1.0, fitted.q / a), near)
    } else {
        let w = libm::sqrt(half_width(fitted.q));
        let near = [1.0, r, 1.0 / r, r * w, r / w, w / r, 1.0 / (r * w), 1.0 / (a * w * w)];
        (range.poles(1.0 / r, fitted.q), range.poles(r, fitted.q), near)
    };
    let low = curve.numerator[0];
    let ratio = g / zero_g;
    let mut high = low * ratio * ratio;
    if !bell {
        // A zero near or above half the rate tells little; the gain there tells more.
        let outside = ((2.0 * r * range.half_angle / PI - 0.7) / 0.27).clamp(0.0, 1.0);
        let end = libm::sqrt(curve.power(range.nyquist * range.nyquist));
        high *= libm::exp(libm::log(end / high) * outside);
    }
    let band = zero_k * libm::sqrt(low * high);
    let points = range.points(&curve, near);
    let mut boost = refine(Fraction { g, k, high, band, low }, &points, false);

    if boost_db < SMALLEST_GAIN_DB {
        let part = boost_db / SMALLEST_GAIN_DB;
        boost.band = boost.k * libm::exp(libm::log(boost.band / boost.k) * part);
        boost.high = libm::exp(libm::log(boost.high) * part);
        boost.low = libm::exp(libm::log(boost.low) * part);
    }
    match (prototype.shape, prototype.gain_db < 0.0) {
        (Shape::HighShelf, false) => {
            let gain = boost.low;
            boost.inverse().scaled(gain)
        }
        (Shape::HighShelf, true) => {
            let gain = 1.0 / boost.low;
            boost.scaled(gain)
        }
        (_, false) => boost,
        (_, true) => boost.inverse(),
    }
}

/// Low-pass, high-pass and band-pass of second order.
fn pass(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let range = Range::new(prototype, sample_rate);
    let curve = prototype.curve();
    let q = prototype.q;
    let (g, k) = range.poles(1.0, q);
    let nyquist = libm::sqrt(curve.power(range.nyquist * range.nyquist));
    // The section's axis runs as s g/half_angle at low frequencies.
    let stretch = g / range.half_angle;
    let (high, band, low) = match prototype.shape {
        Shape::LowPass => (nyquist, libm::sqrt(2.0 * nyquist + 1.5 * g * g), 1.0),
        Shape::HighPass => (stretch * stretch, 0.0, 0.0),
        _ => (nyquist, stretch / q, 0.0),
    };
    let w = half_width(q);
    let near = match prototype.shape {
        Shape::LowPass => [1.0, w, 1.0 / w, w * w, 1.0 / (w * w), 2.0, 4.0, 8.0],
        Shape::HighPass => [1.0, w, 1.0 / w, w * w, 1.0 / (w * w), 0.03, 0.1, 0.3],
        _ => [1.0, w, 1.0 / w, w * w, 1.0 / (w * w), libm::sqrt(w), 1.0 / libm::sqrt(w), 0.03],
    };
    refine(Fraction { g, k, high, band, low }, &range.points(&curve, near), false)
}

/// First-order low-pass and high-pass: the second pole and zero of the section serve the fit.
fn first_order(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let range = Range::new(prototype, sample_rate);
    let curve = prototype.curve();
    let slow = libm::tanh(range.half_angle.min(2.0));
    let fast = 2.4;
    let g = libm::sqrt(slow * fast);
    let k = (slow + fast) / g;
    let (high, band, low) = if prototype.shape == Shape::LowPass1 {
        (0.27 * g * g, 1.17 * g, 1.0)
    } else {
        (libm::sqrt(curve.power(range.nyquist * range.nyquist)), g / range.half_angle, 0.0)
    };
    let near = [0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 4.0, 8.0];
    refine(Fraction { g, k, high, band, low }, &range.points(&curve, near), false)
}

/// The notch: its zero stays on the frequency and the poles are fitted. Above half the rate, where no zero can
/// follow, all is fitted.
fn notch(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let range = Range::new(prototype, sample_rate);
    let curve = prototype.curve();
    let (g, k) = range.poles(1.0, prototype.q);
    let w = half_width(prototype.q);
    let root = libm::sqrt(w);
    let near = [w, 1.0 / w, w * w, 1.0 / (w * w), root, 1.0 / root, 0.25, 0.03];
    let points = range.points(&curve, near);
    if prototype.frequency_hz < HIGHEST * sample_rate {
        let high = g * g / tangent_squared(range.half_angle);
        refine(Fraction { g, k, high, band: 0.0, low: 1.0 }, &points, true)
    } else {
        let (zero_g, zero_k) = range.poles(1.0, 1e3);
        let ratio = g / zero_g;
        refine(Fraction { g, k, high: ratio * ratio, band: zero_k * ratio, low: 1.0 }, &points, false)
    }
}

/// The all-pass: its half turn and the slope of the phase there are those of the prototype.
fn all_pass(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let half_angle = PI * (prototype.frequency_hz / sample_rate).min(HIGHEST);
    let (sine, cosine) = libm::sincos(half_angle);
    let k = half_angle / (prototype.q * sine * cosine);
    Fraction { g: sine / cosine, k, high: 1.0, band: -k, low: 1.0 }
}
