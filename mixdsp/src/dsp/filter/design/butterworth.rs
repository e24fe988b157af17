//! Floor 4: Butterworth filters: the flattest passes, as products of sections.
//!
//! |H|² = 1 / (1 + w^2n), w the frequency in units of the corner for a low-pass, its inverse for a high-pass
//! (S. Butterworth, "On the Theory of Filter Amplifiers", 1930). -3 dB at the corner, 6 n dB per octave beyond.

use super::prototype::{Prototype, Shape};

/// Which side passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pass {
    /// What lies below the corner.
    Low,
    /// What lies above the corner.
    High,
}

/// The sections of a Butterworth filter of `order` 1 or more, 6 dB per octave each: of an odd order first the
/// one of first order, then those of second order, lowest Q first. That order keeps the levels between the
/// sections small.
///
/// ```
/// use mixdsp::dsp::filter::design::{Pass, butterworth};
///
/// let fifth_order: f64 = butterworth(Pass::Low, 5, 1_000.0).map(|p| p.response(2_000.0).norm()).product();
/// assert!((fifth_order - 1.0 / (1.0f64 + 2f64.powi(10)).sqrt()).abs() < 1e-12);
/// ```
pub fn butterworth(pass: Pass, order: usize, frequency_hz: f64) -> impl Iterator<Item = Prototype> + Clone {
    let (first, second) = match pass {
        Pass::Low => (Shape::LowPass1, Shape::LowPass),
        Pass::High => (Shape::HighPass1, Shape::HighPass),
    };
    let odd = order % 2;
    (0..order.div_ceil(2)).map(move |section| Prototype {
        shape: if section < odd { first } else { second },
        frequency_hz,
        q: butterworth_q(order, section.saturating_sub(odd)),
        gain_db: 0.0,
    })
}

/// The Q of one second-order section of a Butterworth filter, the section with the lowest Q first.
///
/// A filter of `order` n has n/2 sections, `index` 0 to n/2 - 1, and when n is odd one more of first order
/// ([`Shape::LowPass1`], [`Shape::HighPass1`]). Q = 1 / (2 sin((2i - 1) π / 2n)), i = n/2 - index. Running
/// the lowest Q first keeps the levels between the sections small. An `index` beyond the last counts as the
/// last.
pub fn butterworth_q(order: usize, index: usize) -> f64 {
    let sections = order / 2;
    let i = sections.saturating_sub(index).max(1);
    let angle = (2 * i - 1) as f64 * core::f64::consts::PI / (2 * order.max(2)) as f64;
    0.5 / libm::sin(angle)
}
