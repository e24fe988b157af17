//! Floor 4: the matched design: per shape, a closed-form start and the points at which the fit compares.

use core::f64::consts::PI;

use super::bilinear::bilinear;
use super::fit::{POINTS, Points, Zeros, refine, tangent_squared};
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

/// The section whose magnitude follows the analogue prototype up to 20 kHz.
///
/// Largest error in decibels between 20 Hz and 20 kHz where the prototype is above -60 dB, over thousands of
/// designs with the ends of the ranges among them (`tests/filter_design.rs`):
///
/// | shape | range | 44.1 kHz | 48 kHz | 96 kHz |
/// |---|---|---|---|---|
/// | bell | to 15 kHz, ±18 dB, Q 0.5 to 10 | 0.22 | 0.12 | 0.005 |
/// | bell | to 20 kHz, ±24 dB, Q 0.1 to 40 | 0.27 | 0.15 | 0.006 |
/// | shelves and tilts | to 20 kHz, ±24 dB, Q 0.5 to 1 | 0.11 | 0.05 | 0.003 |
/// | shelves | the same, Q to 1.5 / 2 / 4 | 0.21 / 0.36 / 0.92 | | |
/// | low-pass | to 20 kHz, Q 0.1 to 1 | 0.15 | 0.07 | 0.001 |
/// | high-pass | to 20 kHz, Q 0.5 to 1 | 0.15 | 0.08 | 0.003 |
/// | high-pass | to 20 kHz, Q 0.1 to 0.5 | 0.28 | | |
/// | band-pass | to 20 kHz, Q 0.3 to 10 | 0.39 | 0.22 | 0.009 |
/// | notch | to 20 kHz, Q 0.3 to 10 | 0.46 | 0.25 | 0.007 |
/// | first-order low-pass, high-pass | to 20 kHz | 0.02 | 0.01 | 0.001 |
///
/// Beyond that, at 44.1 kHz: a high-pass with Q 10 is up to 1.5 dB off below 18 kHz and 2.4 dB at 20 kHz, a
/// shelf with Q 10 up to 3.3 dB. At rates under 40 kHz the fit ends at 0.499 of the rate, where the error is
/// largest: 0.9 dB for a bell with Q to 10. Between 20 kHz and half the rate a section rises at most 3 dB
/// above the highest point of its prototype (Q to 10, ±18 dB). Only the magnitude is fitted: the phase of
/// bells and shelves is up to 43° off at 44.1 kHz, as no section of this order can follow both. Butterworth
/// cascades ([`butterworth_q`](super::butterworth_q)) up to 96 dB per octave stay within 0.8 dB at 44.1 kHz
/// for corners to 12 kHz.
///
/// * **Exact**: gain at 0 Hz; the zero of a notch; boost and cut cancel (1e-10 dB); 0 dB gives `m0 = 1`,
///   `m1 = m2 = 0` exactly, and small gains lead there smoothly.
/// * **Second-order all-pass**: its phase is exact at the frequency and so is the slope there; the largest
///   error elsewhere is 5° for 1 kHz and 42° for 10 kHz at 48 kHz and Q 0.7 (1° and 7° at 96 kHz), since
///   every digital all-pass has turned by 360° at half the rate. The first-order one is the bilinear section,
///   which is exact at its frequency.
/// * **First-order shapes** are real second-order sections; their second pole and zero serve the fit.
/// * **Range**: any finite numbers and any rate. The frequency may lie above half the rate: what is audible
///   of the curve is then fitted, except that all-passes are designed for 0.499 of the rate. Limits of the
///   numbers: frequency 1e-7 to 10 times the rate, q 0.01 to 1000, gain ±96 dB; beyond them the nearest one
///   is designed. A number that is not finite gives [`Svf::IDENTITY`].
/// * **Always**: `g > 0` and `k > 0`, so the section is stable, and everything is finite.
/// * **Smooth**: a small change of a parameter is a small change of the five numbers. Along sweeps of
///   frequency, Q and gain of usual curves the error moves by less than a third of what the analogue curve
///   moves by, so a glide through designs has no steps of its own.
///
/// Costs about 2 µs (all-passes 50 ns).
pub fn matched(prototype: &Prototype, sample_rate: f64) -> Svf {
    let Some(prototype) = prototype.limited(sample_rate) else { return Svf::IDENTITY };
    let fraction = match prototype.shape {
        Shape::Bell | Shape::LowShelf | Shape::HighShelf | Shape::Tilt => equalizer(&prototype, sample_rate),
        Shape::LowPass | Shape::HighPass | Shape::BandPass => pass(&prototype, sample_rate),
        Shape::LowPass1 | Shape::HighPass1 => first_order(&prototype, sample_rate),
        Shape::Notch => notch(&prototype, sample_rate),
        Shape::AllPass => all_pass(&prototype, sample_rate),
        Shape::AllPass1 => return bilinear(&prototype, sample_rate),
    };
    let svf = Svf::from(fraction);
    if svf.is_sound() { svf } else { bilinear(&prototype, sample_rate) }
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
    /// Up to 20 kHz, or up to the frequency times `extent` where that is higher.
    fn new(prototype: &Prototype, sample_rate: f64, extent: f64) -> Self {
        let frequency = prototype.frequency_hz;
        let top = AUDIBLE.max(extent * frequency).min(HIGHEST * sample_rate);
        Self {
            half_angle: PI * frequency / sample_rate,
            top: top / frequency,
            nyquist: 0.5 * sample_rate / frequency,
        }
    }

    /// The curve at eight frequencies `near` the prototype's, and at twelve up to the top, closer towards it.
    /// `far` is the importance of points far below unity gain, 0 to 1.
    fn points(&self, curve: &Curve, near: [f64; 8], far: f64) -> Points {
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
        Points::new(curve, &frequencies, self.half_angle, far)
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

    /// Magnitude of the curve at half the sample rate.
    fn end(&self, curve: &Curve) -> f64 {
        libm::sqrt(curve.power(self.nyquist * self.nyquist))
    }
}

/// How far a resonance reaches: its upper half-power frequency in units of its centre.
fn reach(q: f64) -> f64 {
    let b = 0.5 / q.clamp(0.3, 20.0);
    b + libm::sqrt(1.0 + b * b)
}

/// Bells and shelves: the boost is designed, the cut is its inverse, a high shelf is gain over a low shelf,
/// a tilt a high shelf without half of that gain.
/// So boost and cut cancel exactly, and the one shelf that is fitted is the one that fits well.
fn equalizer(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let gain_db = prototype.gain_db.abs();
    let fitted = Prototype { gain_db: gain_db.max(SMALLEST_GAIN_DB), ..*prototype };
    let mut boost = if prototype.shape == Shape::Bell {
        bell_boost(&fitted, sample_rate)
    } else {
        low_shelf_boost(&Prototype { shape: Shape::LowShelf, ..fitted }, sample_rate)
    };
    if gain_db < SMALLEST_GAIN_DB {
        // Poles and zeros meet and all gains go to exactly 1.
        let part = gain_db / SMALLEST_GAIN_DB;
        let power = |x: f64| libm::exp(libm::log(x) * part);
        boost.band = boost.k * power(boost.band / boost.k);
        boost.high = power(boost.high);
        boost.low = power(boost.low);
    }
    match (prototype.shape, prototype.gain_db < 0.0) {
        (Shape::HighShelf, false) => boost.inverse().scaled(boost.low),
        (Shape::HighShelf, true) => boost.scaled(1.0 / boost.low),
        (Shape::Tilt, false) => boost.inverse().scaled(libm::sqrt(boost.low)),
        (Shape::Tilt, true) => boost.scaled(1.0 / libm::sqrt(boost.low)),
        (_, false) => boost,
        (_, true) => boost.inverse(),
    }
}

fn bell_boost(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let range = Range::new(prototype, sample_rate, 1.0);
    let a = prototype.amplitude();
    let (g, k) = range.poles(1.0, a * prototype.q);
    let (zero_g, zero_k) = range.poles(1.0, prototype.q / a);
    let ratio = g / zero_g;
    let w = reach(a * prototype.q);
    let (w2, root) = (w * w, libm::sqrt(w));
    let near = [1.0, w, 1.0 / w, w2, 1.0 / w2, root, 1.0 / root, 1.0 / (w2 * w2)];
    let start = Fraction { g, k, high: ratio * ratio, band: zero_k * ratio, low: 1.0 };
    refine(start, &range.points(&prototype.curve(), near, 1.0), Zeros::Free { least_high: 0.0 })
}

fn low_shelf_boost(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let a = prototype.amplitude();
    let r = libm::sqrt(a);
    // A sharp zero above the audible range becomes a peak of the cut, so it has to be in sight of the fit.
    let sharp = (0.5 * prototype.q - 1.0).clamp(0.0, 1.0);
    let range = Range::new(prototype, sample_rate, 1.0 + sharp * (1.1 * r - 1.0));
    let curve = prototype.curve();
    let (g, k) = range.poles(1.0 / r, prototype.q);
    let (zero_g, zero_k) = range.poles(r, prototype.q);
    let low = a * a;
    // A zero near or above half the rate tells little about the curve below; the gain at that end tells more.
    let end = range.end(&curve);
    let outside = ((2.0 * r * range.half_angle / PI - 0.7) / 0.27).clamp(0.0, 1.0);
    let by_zero = low * (g / zero_g) * (g / zero_g);
    let high = by_zero * libm::exp(libm::log(end / by_zero) * outside);
    let w = libm::sqrt(reach(prototype.q));
    let near = [1.0, r, 1.0 / r, r * w, r / w, w / r, 1.0 / (r * w), 1.0 / (a * w * w)];
    let start = Fraction { g, k, high, band: zero_k * libm::sqrt(low * high), low };
    refine(start, &range.points(&curve, near, 1.0), Zeros::Free { least_high: 0.5 * end })
}

/// Low-pass, high-pass and band-pass of second order.
fn pass(prototype: &Prototype, sample_rate: f64) -> Fraction {
    // The peak of a sharp high-pass has to be in sight of the fit from both sides.
    let sharp = if prototype.shape == Shape::HighPass { (prototype.q - 1.0).clamp(0.0, 1.0) } else { 0.0 };
    let range = Range::new(prototype, sample_rate, 1.0 + 0.1 * sharp);
    let curve = prototype.curve();
    let (g, k) = range.poles(1.0, prototype.q);
    // s of the prototype is s times this on the section's axis, at low frequencies.
    let stretch = g / range.half_angle;
    let w = reach(prototype.q);
    let (w2, root) = (w * w, libm::sqrt(w));
    let ((high, band, low), [x, y, z], far) = match prototype.shape {
        // The numerator is what the fit arrives at for low corners. In a cascade the errors of the pass bands
        // add up, so that is where the fit shall be best.
        Shape::LowPass => {
            let high = range.end(&curve) * (1.51 - 0.41 * range.top / range.nyquist).min(1.34);
            ((high, libm::sqrt(2.0 * high + 4.0 / 3.0 * g * g), 1.0), [2.0, 4.0, 8.0], 0.7)
        }
        Shape::HighPass => ((stretch * stretch, 0.0, 0.0), [0.03, 0.1, 0.3], 1.0),
        _ => ((range.end(&curve), stretch / prototype.q, 0.0), [root, 1.0 / root, 0.03], 1.0),
    };
    let points = range.points(&curve, [1.0, w, 1.0 / w, w2, 1.0 / w2, x, y, z], far);
    refine(Fraction { g, k, high, band, low }, &points, Zeros::Free { least_high: 0.0 })
}

/// First-order low-pass and high-pass: the section's second pole and zero serve the fit.
fn first_order(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let range = Range::new(prototype, sample_rate, 1.0);
    let curve = prototype.curve();
    let (slow, fast) = (libm::tanh(range.half_angle.min(2.0)), 2.4);
    let g = libm::sqrt(slow * fast);
    let k = (slow + fast) / g;
    let (high, band, low) = if prototype.shape == Shape::LowPass1 {
        (0.27 * g * g, 1.17 * g, 1.0)
    } else {
        (range.end(&curve), g / range.half_angle, 0.0)
    };
    let points = range.points(&curve, [0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 4.0, 8.0], 1.0);
    refine(Fraction { g, k, high, band, low }, &points, Zeros::Free { least_high: 0.0 })
}

/// The notch: its zero stays on the frequency and the poles are fitted. Above half the rate, where no zero
/// can follow, all is fitted.
fn notch(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let range = Range::new(prototype, sample_rate, 1.0);
    let (g, k) = range.poles(1.0, prototype.q);
    let w = reach(prototype.q);
    let (w2, root) = (w * w, libm::sqrt(w));
    let near = [w, 1.0 / w, w2, 1.0 / w2, root, 1.0 / root, 0.25, 0.03];
    let points = range.points(&prototype.curve(), near, 1.0);
    if prototype.frequency_hz < HIGHEST * sample_rate {
        let high = g * g / tangent_squared(range.half_angle);
        refine(Fraction { g, k, high, band: 0.0, low: 1.0 }, &points, Zeros::Fixed)
    } else {
        let (zero_g, zero_k) = range.poles(1.0, 1000.0);
        let ratio = g / zero_g;
        let start = Fraction { g, k, high: ratio * ratio, band: zero_k * ratio, low: 1.0 };
        refine(start, &points, Zeros::Free { least_high: 0.0 })
    }
}

/// The all-pass: its half turn and the slope of the phase there are those of the prototype.
fn all_pass(prototype: &Prototype, sample_rate: f64) -> Fraction {
    let half_angle = PI * (prototype.frequency_hz / sample_rate).min(HIGHEST);
    let (sine, cosine) = libm::sincos(half_angle);
    let k = half_angle / (prototype.q * sine * cosine);
    Fraction { g: sine / cosine, k, high: 1.0, band: -k, low: 1.0 }
}
