//! Floor 4: K-weighting, the filter through which a loudness meter listens.
//!
//! ```text
//! in --> high shelf, +4 dB above 1.7 kHz --> high-pass, 38 Hz --> square --> sum over a stretch
//! ```
//!
//! Rec. ITU-R BS.1770-5, Annex 1, gives both sections as numbers for 48 kHz; at any other rate their
//! response has to be the same. From 32 kHz on both are bilinear designs from analogue values that give the
//! 48 kHz numbers back to 1e-15. The standard's high-pass has the numerator 1, -2, 1 and so a gain a little
//! above 0 dB; that gain depends on the rate, and a design that keeps the numerator drifts by up to 0.4 dB.
//! Here its gain at 48 kHz is kept. Below 32 kHz the bilinear shelf comes out wrong by up to 0.2 dB: there
//! it is fitted, so that both together follow the 48 kHz curve.
//!
//! Everything is in f64: in f32 a pole at 38 Hz is lost in the rounding. Channels and stages lie across the
//! lanes of one vector: two shelves, and the two high-passes one frame behind.

use crate::base::memory::plain;
use crate::base::sample::Sample;
use core::f64::consts::PI;
use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x2, f64x4};
use num_complex::Complex;

/// The rate for which the standard gives numbers.
const REFERENCE_RATE: f64 = 48_000.0;
/// Lowest rate whose shelf is the bilinear one.
const FITTED_BELOW: f64 = 32_000.0;
/// Top of the fitted range in units of the rate.
const FITTED_TO: f64 = 0.465;

/// A second-order section `(b0 + b1/z + b2/z²) / (1 + a1/z + a2/z²)`.
#[derive(Clone, Copy, Debug)]
struct Section {
    b: [f64; 3],
    a: [f64; 2],
}

impl Section {
    fn response(&self, turns: f64) -> Complex<f64> {
        let w = Complex::cis(-2.0 * PI * turns);
        let numerator = Complex::from(self.b[0]) + w * (Complex::from(self.b[1]) + w * self.b[2]);
        numerator / (Complex::from(1.0) + w * (Complex::from(self.a[0]) + w * self.a[1]))
    }
}

/// The two sections of the filter at one sample rate.
#[derive(Clone, Copy, Debug)]
pub struct KWeighting {
    shelf: Section,
    high_pass: Section,
    sample_rate: f64,
}

impl KWeighting {
    /// The filter at a sample rate in hertz, 8 kHz to 384 kHz. Costs a microsecond, 20 below 32 kHz.
    pub fn new(sample_rate: f64) -> Self {
        let bilinear = Self::bilinear(sample_rate);
        if sample_rate >= FITTED_BELOW {
            return bilinear;
        }
        match fitted_shelf(&bilinear.high_pass, sample_rate) {
            Some(shelf) => Self { shelf, ..bilinear },
            None => bilinear,
        }
    }

    /// The same, but below 32 kHz up to 0.2 dB off near half the rate: for who compares two signals.
    pub(crate) fn bilinear(sample_rate: f64) -> Self {
        Self { shelf: bilinear_shelf(sample_rate), high_pass: high_pass(sample_rate), sample_rate }
    }

    /// The rate that the filter is for, in hertz.
    pub fn sample_rate(&self) -> f64 {
        self.sample_rate
    }

    /// Response to a sine of `frequency_hz`.
    pub fn response(&self, frequency_hz: f64) -> Complex<f64> {
        let turns = frequency_hz / self.sample_rate;
        self.shelf.response(turns) * self.high_pass.response(turns)
    }
}

/// High-pass: analogue frequency and quality.
const HIGH_PASS: (f64, f64) = (38.135_470_876_024_44, 0.500_327_037_323_877_3);

fn high_pass(sample_rate: f64) -> Section {
    let (frequency, q) = HIGH_PASS;
    let divisor = |rate: f64| {
        let k = libm::tan(PI * frequency / rate);
        (k, 1.0 + k / q + k * k)
    };
    let (k, d) = divisor(sample_rate);
    let gain = divisor(REFERENCE_RATE).1 / d;
    Section { b: [gain, -2.0 * gain, gain], a: [2.0 * (k * k - 1.0) / d, (1.0 - k / q + k * k) / d] }
}

fn bilinear_shelf(sample_rate: f64) -> Section {
    let (frequency, decibels, q) = (1_681.974_450_955_533, 3.999_843_853_973_347, 0.707_175_236_955_419_6);
    let k = libm::tan(PI * frequency / sample_rate);
    let high = libm::pow(10.0, decibels / 20.0);
    let band = libm::pow(high, 0.499_666_774_154_541_6);
    let d = 1.0 + k / q + k * k;
    Section {
        b: [(high + band * k / q + k * k) / d, 2.0 * (k * k - high) / d, (high - band * k / q + k * k) / d],
        a: [2.0 * (k * k - 1.0) / d, (1.0 - k / q + k * k) / d],
    }
}

/// Points at which the fit compares.
const POINTS: usize = 48;
/// Solutions of the fit, each with the weights of the one before. The last ones move weight to where the
/// error is largest.
const PLAIN_STEPS: usize = 6;
const WEIGHTED_STEPS: usize = 24;

/// The shelf that, with `high_pass` behind it, has the magnitude of the filter at 48 kHz.
///
/// With p = sin²(w/2) the squared magnitude of a section is a fraction of `1 - p`, `p` and `4 p (1 - p)`.
/// Its four free numbers follow from linear equations when the denominator of the step before weighs them
/// (Sanathanan and Koerner); Lawson's weights then lead to equal ripple. `None` if no stable section has
/// that magnitude.
fn fitted_shelf(high_pass: &Section, sample_rate: f64) -> Option<Section> {
    let reference = KWeighting::new(REFERENCE_RATE);
    let mut points = [[0.0; 4]; POINTS];
    for (i, point) in points.iter_mut().enumerate() {
        let turns = FITTED_TO * (i + 1) as f64 / POINTS as f64;
        let wanted = reference.response(turns * sample_rate).norm_sqr();
        let p = libm::pow(libm::sin(PI * turns), 2.0);
        *point = [1.0 - p, p, 4.0 * p * (1.0 - p), wanted / high_pass.response(turns).norm_sqr()];
    }
    // Denominator (1, x0, x1), numerator (1, x2, x3).
    let mut x = [1.0, 0.0, 1.0, 0.0];
    let mut weight = [1.0; POINTS];
    let mut best = (f64::INFINITY, x);
    for step in 0..PLAIN_STEPS + WEIGHTED_STEPS {
        let mut m = [[0.0; 5]; 4];
        for ([p0, p1, p2, wanted], weight) in points.iter().zip(&weight) {
            let d = wanted * (p0 + x[0] * p1 + x[1] * p2);
            let row = [-wanted * p1, -wanted * p2, *p1, *p2];
            let right = (wanted - 1.0) * p0;
            for i in 0..4 {
                let scaled = row[i] * weight / (d * d);
                (0..4).for_each(|j| m[i][j] += scaled * row[j]);
                m[i][4] += scaled * right;
            }
        }
        x = solve(m)?;
        let mut errors = [0.0; POINTS];
        for ([p0, p1, p2, wanted], error) in points.iter().zip(&mut errors) {
            let is = (p0 + x[2] * p1 + x[3] * p2) / (p0 + x[0] * p1 + x[1] * p2);
            *error = (is / wanted - 1.0).abs();
        }
        let largest = errors.iter().fold(0.0, |a: f64, b| a.max(*b));
        if largest < best.0 {
            best = (largest, x);
        }
        if step >= PLAIN_STEPS {
            let scale = 1.0 / largest.max(1e-12);
            weight.iter_mut().zip(&errors).for_each(|(weight, error)| *weight *= 0.2 + error * scale);
            let sum: f64 = weight.iter().sum();
            weight.iter_mut().for_each(|weight| *weight *= POINTS as f64 / sum);
        }
    }
    let [a1, a2, b1, b2] = best.1;
    let [a, b] = [minimum_phase(a1, a2)?, minimum_phase(b1, b2)?];
    Some(Section { b: b.map(|b| b / a[0]), a: [a[1] / a[0], a[2] / a[0]] })
}

/// The polynomial with its zeros inside the unit circle whose squared magnitude is
/// `(1 - p) + x1 p + 4 x2 p (1 - p)`.
fn minimum_phase(x1: f64, x2: f64) -> Option<[f64; 3]> {
    let root = libm::sqrt(x1);
    let w = 0.5 * (1.0 + root);
    let first = 0.5 * (w + libm::sqrt(w * w + x2));
    let polynomial = [first, 0.5 * (1.0 - root), -x2 / (4.0 * first)];
    polynomial.iter().all(|x| x.is_finite()).then_some(polynomial)
}

/// Solves four linear equations, the right side in column 4; `None` when they say nothing.
fn solve(mut m: [[f64; 5]; 4]) -> Option<[f64; 4]> {
    for column in 0..4 {
        let pivot = (column..4).max_by(|a, b| m[*a][column].abs().total_cmp(&m[*b][column].abs()))?;
        m.swap(column, pivot);
        if !(m[column][column].abs() > 1e-300) {
            return None;
        }
        for row in 0..4 {
            if row != column {
                let factor = m[row][column] / m[column][column];
                (column..5).for_each(|j| m[row][j] -= factor * m[column][j]);
            }
        }
    }
    Some(core::array::from_fn(|i| m[i][4] / m[i][i]))
}

plain! {
    /// Two channels on their way through the filter. Lanes: shelf of the first and second channel, then
    /// their high-passes.
    pub(crate) struct Pair {
        s1: [f64; 4],
        s2: [f64; 4],
        /// Sum of squares of what has come out; only the last two lanes mean something.
        energy: [f64; 4],
    }
}

impl Pair {
    pub(crate) const SILENT: Self = Self { s1: [0.0; 4], s2: [0.0; 4], energy: [0.0; 4] };

    /// The sums of squares of both channels since they were taken last.
    pub(crate) fn take_energy(&mut self) -> [f64; 2] {
        let [_, _, first, second] = core::mem::take(&mut self.energy);
        [first, second]
    }

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self) {
        self.s1.iter_mut().chain(&mut self.s2).for_each(|s| *s = s.flushed());
    }
}

plain! {
    /// One channel on its way through the filter without vectors, and the sum of squares of what has come out.
    pub(crate) struct Channel {
        states: [[f64; 2]; 2],
        pub(crate) energy: f64,
    }
}

impl Channel {
    pub(crate) const SILENT: Self = Self { states: [[0.0; 2]; 2], energy: 0.0 };

    /// State too small to matter becomes zero.
    pub(crate) fn flush_denormals(&mut self) {
        self.states.iter_mut().flatten().for_each(|state| *state = state.flushed());
    }
}

impl KWeighting {
    /// Filters some frames of a channel and adds up the squares: for who measures now and then, without vectors. The states
    /// come only through `s1`, so that a frame waits for one product and one sum.
    pub(crate) fn hear(&self, channel: &mut Channel, samples: &[f64]) {
        let sections = [&self.shelf, &self.high_pass];
        let inputs = sections.map(|Section { b, a }| [b[1] - a[0] * b[0], b[2] - a[1] * b[0]]);
        let Channel { mut states, mut energy } = *channel;
        for sample in samples {
            let mut x = *sample;
            for at in 0..2 {
                let Section { b, a } = sections[at];
                let ([c1, c2], [s1, s2]) = (inputs[at], states[at]);
                states[at] = [(c1 * x + s2) - a[0] * s1, c2 * x - a[1] * s1];
                x = b[0] * x + s1;
            }
            energy += x * x;
        }
        *channel = Channel { states, energy };
    }
}

/// Frames that are laid side by side at a time. Any cut gives the same bits.
const AT_A_TIME: usize = 64;

/// Filters two channels and adds up the squares.
#[inline(always)]
pub(crate) fn run<S: Simd, T: Sample>(
    simd: S,
    filter: &KWeighting,
    pair: &mut Pair,
    first: &[T],
    second: &[T],
) {
    let mut frames = [[0.0; 2]; AT_A_TIME];
    for (first, second) in first.chunks(AT_A_TIME).zip(second.chunks(AT_A_TIME)) {
        for ((frame, first), second) in frames.iter_mut().zip(first).zip(second) {
            *frame = [first.to_f64(), second.to_f64()];
        }
        run_frames(simd, filter, pair, &frames[..first.len()]);
    }
}

#[inline(always)]
fn run_frames<S: Simd>(simd: S, filter: &KWeighting, pair: &mut Pair, frames: &[[f64; 2]]) {
    let Some((head, rest)) = frames.split_first() else { return };
    let lanes = |at: fn(&Section) -> f64| {
        let (shelf, high_pass) = (at(&filter.shelf), at(&filter.high_pass));
        f64x4::simd_from(simd, [shelf, shelf, high_pass, high_pass])
    };
    let b0 = lanes(|s| s.b[0]);
    let c1 = lanes(|s| s.b[1] - s.a[0] * s.b[0]);
    let c2 = lanes(|s| s.b[2] - s.a[1] * s.b[0]);
    let a1 = lanes(|s| -s.a[0]);
    let a2 = lanes(|s| -s.a[1]);
    let load = |values: &[f64; 4]| f64x4::simd_from(simd, *values);
    let (mut s1, mut s2, mut energy) = (load(&pair.s1), load(&pair.s2), load(&pair.energy));
    // One frame; the states come only through s1, so that a frame costs two steps of waiting.
    let step = |x: f64x4<S>, s1: &mut f64x4<S>, s2: &mut f64x4<S>, energy: &mut f64x4<S>| {
        let y = b0.mul_add(x, *s1);
        let next = a1.mul_add(*s1, c1.mul_add(x, *s2));
        *s2 = a2.mul_add(*s1, c2 * x);
        *s1 = next;
        *energy = y.mul_add(y, *energy);
        y.split().0
    };
    let merge = |low: f64x4<S>, high: f64x4<S>| low.split().0.combine(high.split().1);
    let zero = f64x2::splat(simd, 0.0);
    // The shelves start one frame ahead of the high-passes, which keep their state meanwhile.
    let (held1, held2, held_energy) = (s1, s2, energy);
    let x: f64x4<S> = f64x2::simd_from(simd, *head).combine(zero);
    let mut shelved = step(x, &mut s1, &mut s2, &mut energy);
    (s1, s2, energy) = (merge(s1, held1), merge(s2, held2), merge(energy, held_energy));
    for frame in rest {
        let x: f64x4<S> = f64x2::simd_from(simd, *frame).combine(shelved);
        shelved = step(x, &mut s1, &mut s2, &mut energy);
    }
    let (held1, held2) = (s1, s2);
    step(zero.combine(shelved), &mut s1, &mut s2, &mut energy);
    pair.s1 = merge(held1, s1).into();
    pair.s2 = merge(held2, s2).into();
    pair.energy = energy.into();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};

    fn decibels(filter: &KWeighting, frequency: f64) -> f64 {
        10.0 * libm::log10(filter.response(frequency).norm_sqr())
    }

    #[test]
    fn at_48_khz_it_is_the_standard() {
        let filter = KWeighting::new(48_000.0);
        let expected = [
            (filter.shelf.b[0], 1.53512485958697),
            (filter.shelf.b[1], -2.69169618940638),
            (filter.shelf.b[2], 1.19839281085285),
            (filter.shelf.a[0], -1.69065929318241),
            (filter.shelf.a[1], 0.73248077421585),
            (filter.high_pass.b[0], 1.0),
            (filter.high_pass.b[1], -2.0),
            (filter.high_pass.b[2], 1.0),
            (filter.high_pass.a[0], -1.99004745483398),
            (filter.high_pass.a[1], 0.99007225036621),
        ];
        for (is, wanted) in expected {
            assert!((is - wanted).abs() < 1e-14, "{is} {wanted}");
        }
    }

    #[test]
    fn the_curve_is_the_same_at_every_rate() {
        let reference = KWeighting::new(48_000.0);
        let mut rates: alloc::vec::Vec<f64> = (0..121).map(|i| 8_000.0 + 200.0 * i as f64).collect();
        rates.extend([11_025.0, 22_050.0, 31_999.0, 32_000.0, 44_100.0, 88_200.0, 96_000.0, 176_400.0]);
        rates.extend([192_000.0, 352_800.0, 384_000.0]);
        for rate in rates {
            let filter = KWeighting::new(rate);
            let mut worst = (0.0, 0.0);
            for i in 0..400 {
                let top = f64::min(0.45 * rate, 20_000.0);
                let frequency = 20.0 * libm::pow(top / 20.0, i as f64 / 399.0);
                let error = decibels(&filter, frequency) - decibels(&reference, frequency);
                if error.abs() > f64::abs(worst.0) {
                    worst = (error, frequency);
                }
            }
            if [8_000.0, 11_025.0, 16_000.0, 22_050.0, 32_000.0, 44_100.0, 96_000.0, 192_000.0, 384_000.0]
                .contains(&rate)
            {
                std::println!("{rate} Hz: worst {:+.4} dB at {:.0} Hz", worst.0, worst.1);
            }
            assert!(worst.0.abs() < 0.02, "{rate} Hz: {:+.4} dB at {:.0} Hz", worst.0, worst.1);
        }
    }

    #[test]
    fn the_energy_is_that_of_the_response_and_no_cut_changes_a_bit() {
        let rate = 44_100.0;
        let filter = KWeighting::new(rate);
        let frames = 44_100;
        let sine = |frequency: f64, n: usize| libm::sin(2.0 * PI * frequency * n as f64 / rate);
        let left: alloc::vec::Vec<f64> = (0..frames).map(|n| sine(997.0, n)).collect();
        let right: alloc::vec::Vec<f64> = (0..frames).map(|n| sine(5_000.0, n)).collect();
        for level in [SimdLevel::BEST, SimdLevel::baseline()] {
            let level = level.resolve();
            let mut whole = Pair::SILENT;
            dispatch!(level, s => run(s, &filter, &mut whole, &left[..4_410], &right[..4_410]));
            whole.take_energy();
            dispatch!(level, s => run(s, &filter, &mut whole, &left[4_410..], &right[4_410..]));
            let mut cut = Pair::SILENT;
            let (mut at, mut size) = (0, 1);
            while at < frames {
                let end = (at + size).min(if at < 4_410 { 4_410 } else { frames });
                dispatch!(level, s => run(s, &filter, &mut cut, &left[at..end], &right[at..end]));
                at = end;
                size = size * 7 % 131;
                if at == 4_410 {
                    cut.take_energy();
                }
            }
            assert_eq!(whole.s1, cut.s1);
            assert_eq!(whole.energy[2..], cut.energy[2..]);
            let energies = whole.take_energy();
            for (energy, frequency) in energies.iter().zip([997.0, 5_000.0]) {
                let expected = 0.5 * (frames - 4_410) as f64 * filter.response(frequency).norm_sqr();
                let error = 10.0 * libm::log10(energy / expected);
                assert!(error.abs() < 0.001, "{frequency} Hz: {error} dB");
            }
        }
    }
}
