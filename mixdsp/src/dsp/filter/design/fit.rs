//! Floor 4: fits the magnitude of a section to an analogue curve: Gauss-Newton on the ratio of the two, at 20 points.
//!
//! ```text
//! start --> 3 steps, least squares --> 2 steps, weights moved to where the error is largest --> keep if better
//! ```
//!
//! The unknowns are the logarithms of g, k, band/k and high. In them every step gives a stable section with a
//! minimum-phase numerator, so nothing has to be checked or repaired, and a curve that shrinks to 0 dB
//! shrinks its columns evenly and keeps a definite solution. On the axis v = tan²(π f/rate)/g² the magnitude
//! is
//!
//! ```text
//! |H|² = N/D     N = (low - high v)² + band² v     D = (1 - v)² + k² v
//! ```
//!
//! which loses no digits at 1 Hz and 384 kHz, where a fit of biquad coefficients does.

use super::prototype::Curve;
use super::svf::{Fraction, Svf};

/// Number of points at which a curve is compared.
pub(super) const POINTS: usize = 20;

/// Plain least-squares steps. Two already reach the final error to a few percent.
const PLAIN_STEPS: usize = 3;
/// Steps after which the weights have moved far enough towards equal ripple; more gain less than 3 %.
const WEIGHTED_STEPS: usize = 2;
/// Share of the weight that a point keeps when its error is zero.
const WEIGHT_FLOOR: f64 = 0.05;
/// Levenberg-Marquardt damping, relative to each unknown's own curvature. A tenth of this makes wide curves
/// jump to another solution, three times this leaves them short of it.
const DAMPING: f64 = 3e-3;
/// Least damping of poles and zeros relative to the start. Fits of usual curves stay above 0.87; the limit
/// keeps a sharp one from growing a resonance between two points or above the range.
const LEAST_DAMPING: f64 = 0.75;
/// Power at which the importance of a point is halfway between near and far: -17 dB.
const MIDDLE_POWER: f64 = 0.02;
/// Power below which a point loses its weight: -70 dB.
const NEGLIGIBLE_POWER: f64 = 1e-7;

/// The curve at the points of comparison.
pub(super) struct Points {
    /// tan²(π f/rate).
    tangent: [f64; POINTS],
    /// |H|² of the analogue curve.
    power: [f64; POINTS],
    /// 1 where the curve matters, falling to 0 under -70 dB.
    importance: [f64; POINTS],
}

impl Points {
    /// Samples `curve` at `frequencies`, in units of the prototype's frequency; `half_angle` is π times that
    /// frequency over the sample rate. `far` is the importance of a point far below unity gain, 0 to 1.
    pub(super) fn new(curve: &Curve, frequencies: &[f64; POINTS], half_angle: f64, far: f64) -> Self {
        let mut points = Self { tangent: [0.0; POINTS], power: [0.0; POINTS], importance: [0.0; POINTS] };
        for (i, &frequency) in frequencies.iter().enumerate() {
            let power = curve.power(frequency * frequency);
            let relative = NEGLIGIBLE_POWER / power.max(1e-30);
            points.tangent[i] = tangent_squared(frequency * half_angle);
            points.power[i] = power;
            let level = (power + far * MIDDLE_POWER) / (power + MIDDLE_POWER);
            points.importance[i] = level / (1.0 + relative * relative);
        }
        points
    }
}

/// tan²(x) for x from 0 to π/2, to 1e-13 of its value: a series is several times faster than the library's.
pub(super) fn tangent_squared(x: f64) -> f64 {
    let complement = core::f64::consts::FRAC_PI_2 - x;
    let small = x.min(complement);
    let y = small * small;
    // The Taylor series of the sine up to x^15, on 0 to π/4.
    let mut series = -1.0 / 1_307_674_368_000.0;
    for term in [
        1.0 / 6_227_020_800.0,
        -1.0 / 39_916_800.0,
        1.0 / 362_880.0,
        -1.0 / 5_040.0,
        1.0 / 120.0,
        -1.0 / 6.0,
        1.0,
    ] {
        series = series * y + term;
    }
    let sine = y * series * series;
    if x <= complement { sine / (1.0 - sine) } else { (1.0 - sine) / sine }
}

/// What the fit may do to the numerator.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Zeros {
    /// Coefficients that are not zero at the start move; `high` stays above a limit.
    Free { least_high: f64 },
    /// The zero stays on its frequency: `high` follows the square of `g`.
    Fixed,
}

/// Refines `start` and returns it, or `start` itself should the steps have made it worse.
pub(super) fn refine(start: Fraction, points: &Points, zeros: Zeros) -> Fraction {
    let fixed = zeros == Zeros::Fixed;
    let mut best = start;
    let mut pass = Pass::new(&best, points, fixed);
    let first = pass.largest;
    let mut weight = points.importance;
    for step in 0..PLAIN_STEPS + WEIGHTED_STEPS {
        if step >= PLAIN_STEPS {
            pass.reweight(&mut weight, points);
        }
        let change = pass.step(&weight).map(positive_exponential);
        best.g *= change[0];
        best.k = (best.k * change[1]).max(LEAST_DAMPING * start.k);
        best.band *= change[1] * change[2];
        best.high = match zeros {
            Zeros::Free { least_high } => (best.high * change[3]).max(least_high),
            Zeros::Fixed => best.high * change[0] * change[0],
        };
        if best.low > 0.0 {
            best.band = best.band.max(LEAST_DAMPING * start.band * libm::sqrt(best.high / start.high));
        }
        pass = Pass::new(&best, points, fixed);
    }
    if pass.largest <= first && Svf::from(best).is_sound() { best } else { start }
}

/// One evaluation of the fit.
struct Pass {
    /// Relative difference of the powers, nearly its logarithm: 2 (N - D·power)/(N + D·power).
    residual: [f64; POINTS],
    /// Its derivative by the four unknowns.
    slope: [[f64; POINTS]; 4],
    /// Largest residual where the curve matters.
    largest: f64,
}

#[expect(clippy::needless_range_loop, reason = "the index runs over several arrays")]
impl Pass {
    #[inline]
    fn new(section: &Fraction, points: &Points, fixed_zero: bool) -> Self {
        let mut pass = Self { residual: [0.0; POINTS], slope: [[0.0; POINTS]; 4], largest: 0.0 };
        let scale = 1.0 / (section.g * section.g);
        let (k2, band2) = (section.k * section.k, section.band * section.band);
        let (high, low) = (section.high, section.low);
        for i in 0..POINTS {
            let v = points.tangent[i] * scale;
            let (damping, band, top) = (k2 * v, band2 * v, high * v);
            let d = (1.0 - v) * (1.0 - v) + damping;
            let n = (low - top) * (low - top) + band;
            let target = d * points.power[i];
            let inverse = 1.0 / (n + target).max(1e-300);
            pass.residual[i] = 2.0 * (n - target) * inverse;
            // The residual's derivative is 4 power (D dN - N dD) / (N + D·power)².
            let outer = 4.0 * points.power[i] * inverse * inverse;
            let d_by_v = damping - 2.0 * v + 2.0 * v * v;
            let n_by_v = band - 2.0 * low * top + 2.0 * top * top;
            let by_high = outer * d * 2.0 * top * (top - low);
            let by_band = outer * d * 2.0 * band;
            pass.slope[0][i] = -2.0 * outer * (d * n_by_v - n * d_by_v);
            pass.slope[1][i] = by_band - outer * n * 2.0 * damping;
            pass.slope[2][i] = by_band;
            pass.slope[3][i] = by_high;
            if fixed_zero {
                pass.slope[0][i] += 2.0 * by_high;
                pass.slope[3][i] = 0.0;
            }
        }
        for i in 0..POINTS {
            let error = pass.residual[i].abs() * points.importance[i];
            pass.largest = pass.largest.max(error);
        }
        pass
    }

    /// Moves weight to the points with the largest error (Lawson's way to equal ripple).
    fn reweight(&self, weight: &mut [f64; POINTS], points: &Points) {
        let scale = 1.0 / self.largest.max(1e-300);
        let mut sum = 0.0;
        for i in 0..POINTS {
            weight[i] *= WEIGHT_FLOOR + self.residual[i].abs() * points.importance[i] * scale;
            sum += weight[i];
        }
        let scale = POINTS as f64 / sum;
        for w in weight {
            *w *= scale;
        }
    }

    /// The damped Gauss-Newton step of the four unknowns, at most 1 each.
    fn step(&self, weight: &[f64; POINTS]) -> [f64; 4] {
        // Lower triangle of the normal equations, the right side in the last column.
        let mut m = [[0.0; 5]; 4];
        for row in 0..4 {
            let mut weighted = [0.0; POINTS];
            for i in 0..POINTS {
                weighted[i] = self.slope[row][i] * weight[i];
            }
            for column in 0..=row {
                m[row][column] = dot(&weighted, &self.slope[column]);
            }
            m[row][4] = -dot(&weighted, &self.residual);
            m[row][row] += m[row][row] * DAMPING + 1e-18;
        }
        let mut step = solve(&mut m);
        let largest = step.iter().fold(1.0, |largest: f64, x| largest.max(x.abs()));
        for x in &mut step {
            *x /= largest;
        }
        step
    }
}

/// Sum of products in four partial sums, which the compiler can keep in vector registers.
fn dot(a: &[f64; POINTS], b: &[f64; POINTS]) -> f64 {
    let mut sums = [0.0; 4];
    for (a, b) in a.chunks_exact(4).zip(b.chunks_exact(4)) {
        for i in 0..4 {
            sums[i] += a[i] * b[i];
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}

/// Solves a symmetric positive system of four given by its lower triangle, with the right side in column 4.
#[expect(clippy::needless_range_loop, reason = "the index runs over several arrays")]
fn solve(m: &mut [[f64; 5]; 4]) -> [f64; 4] {
    // L D Lᵀ; the upper triangle takes D L.
    for j in 0..4 {
        for i in j..4 {
            let mut sum = m[i][j];
            for p in 0..j {
                sum -= m[i][p] * m[p][j];
            }
            if i == j {
                m[j][j] = sum;
            } else {
                m[j][i] = sum;
                m[i][j] = sum / m[j][j];
            }
        }
    }
    let mut x = [0.0; 4];
    for i in 0..4 {
        let mut sum = m[i][4];
        for p in 0..i {
            sum -= m[i][p] * x[p];
        }
        x[i] = sum;
    }
    for i in 0..4 {
        x[i] /= m[i][i];
    }
    for i in (0..4).rev() {
        for p in i + 1..4 {
            x[i] -= m[p][i] * x[p];
        }
    }
    x
}

/// exp(x) for a step within -1 to 1, to 0.2 %: always positive, and steps need no more.
fn positive_exponential(x: f64) -> f64 {
    let even = 1.0 + x * x / 12.0;
    (even + 0.5 * x) / (even - 0.5 * x)
}
