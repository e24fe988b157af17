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
mod estimate;

use estimate::Estimate;
pub(crate) use estimate::{Sparing, Wanted};

use crate::base::sample::Sample;
use core::f64::consts::PI;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Samples before the newest one that a kernel looks at.
pub(crate) const HISTORY: usize = 47;
/// Intervals that one call looks at.
pub(crate) const INTERVALS: usize = 64;
/// A window: the history, then the samples that complete the intervals.
pub(crate) const WINDOW: usize = HISTORY + INTERVALS;
/// Frames from a sample until the interval that begins with it can be looked at.
pub(crate) const DELAY: usize = 24;

/// Largest sum of magnitudes of the fine kernel's taps at one point, rounded up: its output never exceeds
/// this times the largest sample of the window.
pub(crate) const FINE_GAIN: f64 = 2.611;
/// The same for the ITU kernel.
pub(crate) const ITU_GAIN: f64 = 2.023;

/// Products of a kernel's even and odd parts, row by row from the ends of its window to the middle.
/// Columns: even and odd part of each pair of points, then the point in the middle if there is one.
type Rows<T, const ROWS: usize, const COLUMNS: usize> = [[T; COLUMNS]; ROWS];

/// Sinc under a Kaiser window, beta 9, 8 points per interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fine<T>(Rows<T, 24, 7>);

/// The 4 points of BS.1770.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Itu<T>(Rows<T, 6, 4>);

/// Sinc under a Hann window, 4 points per interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hann4<T>(Rows<T, 6, 3>);

/// Sinc under a Hann window, 2 points per interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hann2<T>(Rows<T, 12, 1>);

/// The kernel's rows from its taps: `tap(point, j)` multiplies the sample `j` before the newest, and
/// `points` names one point of each pair, then the middle one.
fn rows<T: Sample, const ROWS: usize, const COLUMNS: usize>(
    points: &[usize],
    gain: f64,
    tap: impl Fn(usize, usize) -> f64,
) -> Rows<T, ROWS, COLUMNS> {
    core::array::from_fn(|j| {
        core::array::from_fn(|column| {
            let point = points[column / 2];
            let (late, early) = (tap(point, j), tap(point, 2 * ROWS - 1 - j));
            let sign = if column % 2 == 0 { 1.0 } else { -1.0 };
            T::from_f64(0.5 * gain * (late + sign * early))
        })
    })
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::sin(PI * x) / (PI * x) }
}

/// The modified Bessel function of order 0.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..40 {
        term *= (0.5 * x / n as f64) * (0.5 * x / n as f64);
        sum += term;
    }
    sum
}

/// Tap of a Hann-windowed sinc of 48 taps at `points` per interval.
fn hann_tap(points: usize, point: usize, j: usize) -> f64 {
    let n = (points * j + point) as f64;
    0.5 * (1.0 - libm::cos(PI * n / 24.0)) * sinc((n - 24.0) / points as f64)
}

impl<T: Sample> Fine<T> {
    /// The kernel times `gain`.
    pub(crate) fn new(gain: f64) -> Self {
        const BETA: f64 = 9.0;
        Self(rows(&[1, 2, 3, 4], gain, |point, j| {
            let n = (8 * j + point) as f64 - 192.0;
            let window = bessel(BETA * libm::sqrt(1.0 - (n / 192.0) * (n / 192.0))) / bessel(BETA);
            window * sinc(n / 8.0)
        }))
    }

    /// Writes the largest magnitude at its points for each interval.
    #[cfg(test)]
    fn peaks<S: Simd>(&self, simd: S, window: &[T; WINDOW], intervals: usize, out: &mut [T; INTERVALS]) {
        each(simd, intervals, out, |at| look(simd, &self.0, window, at));
    }
}

impl<T: Sample> Itu<T> {
    pub(crate) fn new() -> Self {
        const TAPS: [[f64; 12]; 2] = [
            [
                0.001708984375,
                0.010986328125,
                -0.0196533203125,
                0.033203125,
                -0.0594482421875,
                0.1373291015625,
                0.97216796875,
                -0.102294921875,
                0.047607421875,
                -0.026611328125,
                0.014892578125,
                -0.00830078125,
            ],
            [
                -0.0291748046875,
                0.029296875,
                -0.0517578125,
                0.089111328125,
                -0.16650390625,
                0.465087890625,
                0.77978515625,
                -0.2003173828125,
                0.1015625,
                -0.0582275390625,
                0.0330810546875,
                -0.0189208984375,
            ],
        ];
        Self(rows(&[0, 1], 1.0, |point, j| TAPS[point][j]))
    }

    /// Writes the largest magnitude at its points for each interval.
    #[inline(always)]
    pub(crate) fn peaks<S: Simd>(
        &self,
        simd: S,
        window: &[T; WINDOW],
        intervals: usize,
        out: &mut [T; INTERVALS],
    ) {
        each(simd, intervals, out, |at| look(simd, &self.0, window, at));
    }
}

impl<T: Sample> Hann4<T> {
    pub(crate) fn new() -> Self {
        Self(rows(&[1, 2], 1.0, |point, j| hann_tap(4, point, j)))
    }
}

impl<T: Sample> Hann2<T> {
    pub(crate) fn new() -> Self {
        Self(rows(&[1], 1.0, |point, j| hann_tap(2, point, j)))
    }
}

/// All kernels of a limiter's detector together: its own, with a guard that covers every finer one if
/// asked, and those of meters as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TruePeakDetector<T> {
    fine: Fine<T>,
    estimate: Estimate<T>,
    /// No short kernel exceeds this times the largest sample of its window.
    short_gain: f64,
    itu: Itu<T>,
    hann: Hann<T>,
}

/// What libebur128 uses at a rate.
#[derive(Clone, Copy, Debug)]
enum Hann<T> {
    Four(Hann4<T>),
    Two(Hann2<T>),
    None,
}

impl<T: Sample> TruePeakDetector<T> {
    /// The kernels at a rate. The guard of the own kernel is what a waveform can rise between two of its
    /// points, sec(pi/16).
    pub(crate) fn new(sample_rate: f64, guarded: bool) -> Self {
        let hann = match sample_rate {
            ..96_000.0 => Hann::Four(Hann4::new()),
            ..192_000.0 => Hann::Two(Hann2::new()),
            _ => Hann::None,
        };
        let guard = if guarded { 1.0 / libm::cos(PI / 16.0) } else { 1.0 };
        let fine = Fine::new(guard);
        let estimate = Estimate::new(&fine, guard);
        let short_gain = match &hann {
            Hann::Four(rows) => most(&rows.0).max(ITU_GAIN),
            Hann::Two(rows) => most(&rows.0).max(ITU_GAIN),
            Hann::None => ITU_GAIN,
        };
        Self { fine, estimate, short_gain, itu: Itu::new(), hann }
    }

    /// Writes the largest magnitude at any kernel's points for each interval. What does not exceed `least` may be written
    /// as less, but for the last interval. A function of its own: it is long, and used in several places.
    #[inline(never)]
    pub(crate) fn peaks<S: Simd>(
        &self,
        simd: S,
        window: &[T; WINDOW],
        intervals: usize,
        least: f64,
        out: &mut [T; INTERVALS],
    ) {
        simd.vectorize(
            #[inline(always)]
            || match &self.hann {
                Hann::Four(rows) => self.union(simd, window, intervals, least, Some(&rows.0), out),
                Hann::Two(rows) => self.union(simd, window, intervals, least, Some(&rows.0), out),
                Hann::None => self.union::<S, 6, 1>(simd, window, intervals, least, None, out),
            },
        );
    }

    #[inline(always)]
    fn union<S: Simd, const ROWS: usize, const COLUMNS: usize>(
        &self,
        simd: S,
        window: &[T; WINDOW],
        intervals: usize,
        least: f64,
        hann: Option<&Rows<T, ROWS, COLUMNS>>,
        out: &mut [T; INTERVALS],
    ) {
        let lanes = T::Native::<S>::LEN;
        let largest = largest(simd, window);
        let mut estimates = [T::ZERO; INTERVALS];
        if least > 0.0 && self.estimate.most(largest) > least {
            self.estimate.write(simd, window, intervals, &mut estimates);
        }
        for (i, out) in out.chunks_exact_mut(lanes).enumerate().take(intervals.div_ceil(lanes)) {
            let at = i * lanes;
            let is_last = at + lanes >= intervals;
            let mut peaks = T::Native::<S>::splat(simd, T::ZERO);
            let beside = self::largest(simd, &window[at + DELAY - ROWS..at + DELAY + ROWS + lanes - 1]);
            if is_last || beside * self.short_gain > least {
                peaks = look(simd, &self.itu.0, window, at);
                if let Some(hann) = hann {
                    peaks = peaks.max(look(simd, hann, window, at));
                }
            }
            let estimate = T::Native::<S>::from_slice(simd, &estimates[at..at + lanes]).reduce_max();
            if is_last || self.estimate.reach(estimate.to_f64(), largest) > least {
                peaks = peaks.max(look(simd, &self.fine.0, window, at));
            }
            peaks.store_slice(out);
        }
    }
}

/// The most that a kernel makes of samples up to 1, rounded up.
fn most<T: Sample, const ROWS: usize, const COLUMNS: usize>(rows: &Rows<T, ROWS, COLUMNS>) -> f64 {
    let of = |column: usize, row: &[T; COLUMNS]| row.get(column).map_or(0.0, |tap| tap.to_f64());
    let sum = |column: usize| -> f64 {
        rows.iter()
            .map(|row| {
                let (even, odd) = (of(column, row), of(column + 1, row));
                (even + odd).abs() + (even - odd).abs()
            })
            .sum()
    };
    (0..COLUMNS).step_by(2).map(sum).fold(0.0, f64::max) * 1.001
}

/// The largest of samples, of which there is a vector or more.
#[inline(always)]
fn largest<S: Simd, T: Sample>(simd: S, samples: &[T]) -> f64 {
    let mut largest = T::Native::<S>::splat(simd, T::ZERO);
    let lanes = T::Native::<S>::LEN;
    for at in (0..samples.len()).step_by(lanes) {
        // The last vector ends with the samples.
        let from = at.min(samples.len() - lanes);
        largest = largest.max(T::Native::<S>::from_slice(simd, &samples[from..from + lanes]).abs());
    }
    largest.reduce_max().to_f64()
}

/// Calls `look` for every vector of intervals. The last one may reach beyond `intervals`; what it gives
/// there means nothing.
#[inline(always)]
fn each<S: Simd, T: Sample>(
    simd: S,
    intervals: usize,
    out: &mut [T; INTERVALS],
    look: impl Fn(usize) -> T::Native<S>,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let lanes = T::Native::<S>::LEN;
            for (i, out) in out.chunks_exact_mut(lanes).enumerate().take(intervals.div_ceil(lanes)) {
                look(i * lanes).store_slice(out);
            }
        },
    )
}

/// Largest magnitude at a kernel's points, for as many intervals from `at` on as there are lanes.
#[inline(always)]
fn look<S: Simd, T: Sample, const ROWS: usize, const COLUMNS: usize>(
    simd: S,
    rows: &Rows<T, ROWS, COLUMNS>,
    window: &[T; WINDOW],
    at: usize,
) -> T::Native<S> {
    let lanes = T::Native::<S>::LEN;
    let zero = T::Native::<S>::splat(simd, T::ZERO);
    let mut sums = [zero; COLUMNS];
    let window = &window[at..at + HISTORY + lanes];
    // Kernels shorter than 48 taps lie in the middle.
    let first = DELAY - ROWS;
    for (j, row) in rows.iter().enumerate() {
        let late = T::Native::<S>::from_slice(simd, &window[HISTORY - first - j..][..lanes]);
        let early = T::Native::<S>::from_slice(simd, &window[first + j..][..lanes]);
        let (even, odd) = (late + early, late - early);
        for (column, sum) in sums.iter_mut().enumerate() {
            let mirrored = if column % 2 == 0 { even } else { odd };
            *sum = T::Native::<S>::splat(simd, row[column]).mul_add(mirrored, *sum);
        }
    }
    let mut largest = if COLUMNS % 2 == 1 { sums[COLUMNS - 1].abs() } else { zero };
    for pair in sums.chunks_exact(2) {
        largest = largest.max(pair[0].abs() + pair[1].abs());
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};

    /// Kernel of `points` per interval by definition, at one point, of the 48 samples `x`, newest last.
    fn direct(x: &[f64], tap: impl Fn(usize) -> f64, taps: usize) -> f64 {
        let newest = 47 - (24 - taps / 2);
        (0..taps).map(|j| tap(j) * x[newest - j]).sum()
    }

    #[test]
    fn every_kernel_gives_what_its_taps_say() {
        let mut seed = 1u32;
        let window: [f64; WINDOW] = core::array::from_fn(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed as f64 / (1u32 << 31) as f64 - 1.0
        });
        let mut out = [[0.0; INTERVALS]; 5];
        let union = [TruePeakDetector::<f64>::new(48_000.0, true), TruePeakDetector::new(96_000.0, true)];
        dispatch!(SimdLevel::BEST, s => {
            Fine::new(1.0).peaks(s, &window, INTERVALS, &mut out[0]);
            Itu::new().peaks(s, &window, INTERVALS, &mut out[1]);
            union[0].peaks(s, &window, INTERVALS, 0.0, &mut out[2]);
            union[1].peaks(s, &window, INTERVALS, 0.0, &mut out[3]);
            TruePeakDetector::new(192_000.0, true).peaks(s, &window, INTERVALS, 0.0, &mut out[4]);
        });
        let kaiser =
            |n: f64| bessel(9.0 * f64::sqrt(1.0 - (n / 192.0).powi(2))) / bessel(9.0) * sinc(n / 8.0);
        const ITU: [[f64; 12]; 4] = [
            [
                0.0017089843750,
                0.0109863281250,
                -0.0196533203125,
                0.0332031250000,
                -0.0594482421875,
                0.1373291015625,
                0.9721679687500,
                -0.1022949218750,
                0.0476074218750,
                -0.0266113281250,
                0.0148925781250,
                -0.0083007812500,
            ],
            [
                -0.0291748046875,
                0.0292968750000,
                -0.0517578125000,
                0.0891113281250,
                -0.1665039062500,
                0.4650878906250,
                0.7797851562500,
                -0.2003173828125,
                0.1015625000000,
                -0.0582275390625,
                0.0330810546875,
                -0.0189208984375,
            ],
            [
                -0.0189208984375,
                0.0330810546875,
                -0.0582275390625,
                0.1015625000000,
                -0.2003173828125,
                0.7797851562500,
                0.4650878906250,
                -0.1665039062500,
                0.0891113281250,
                -0.0517578125000,
                0.0292968750000,
                -0.0291748046875,
            ],
            [
                -0.0083007812500,
                0.0148925781250,
                -0.0266113281250,
                0.0476074218750,
                -0.1022949218750,
                0.9721679687500,
                0.1373291015625,
                -0.0594482421875,
                0.0332031250000,
                -0.0196533203125,
                0.0109863281250,
                0.0017089843750,
            ],
        ];
        for at in 0..INTERVALS {
            let x = &window[at..at + 48];
            let largest =
                |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, |a: f64, b| a.max(b.abs()));
            let fine = largest(&mut (1..8).map(|k| direct(x, |j| kaiser((8 * j + k) as f64 - 192.0), 48)));
            let itu = largest(&mut (0..4).map(|k| direct(x, |j| ITU[k][j], 12)));
            let hann4 = largest(&mut (1..4).map(|k| direct(x, |j| hann_tap(4, k, j), 12)));
            let hann2 = direct(x, |j| hann_tap(2, 1, j), 24).abs();
            let guarded = (fine / f64::cos(PI / 16.0)).max(itu);
            let expected = [fine, itu, guarded.max(hann4), guarded.max(hann2), guarded];
            for (out, expected) in out.iter().zip(expected) {
                assert!((out[at] - expected).abs() < 1e-12, "{} {expected}", out[at]);
            }
            let loudest = largest(&mut x.iter().copied());
            assert!(fine <= FINE_GAIN * loudest && itu <= ITU_GAIN * loudest);
        }
    }

    #[test]
    fn what_exceeds_a_level_is_found_whatever_is_left_out() {
        let mut seed = 9u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let mut left_out = 0;
        for round in 0..600 {
            let rate = [48_000.0, 96_000.0, 192_000.0][round % 3];
            let loud = (round % 7 == 0) as u8 as f32;
            let window: [f32; WINDOW] = core::array::from_fn(|n| {
                let size = if n / 20 % 3 == 0 { 1.0 } else { loud.max(0.3) };
                size * if round % 2 == 0 { random() } else { libm::sinf(n as f32 * 0.7 * random()) }
            });
            let intervals = 1 + round % INTERVALS;
            let detector = TruePeakDetector::<f32>::new(rate, true);
            for level in [SimdLevel::BEST, SimdLevel::baseline()] {
                let least = 1.4 * random().abs();
                let (mut all, mut some) = ([0.0; INTERVALS], [0.0; INTERVALS]);
                dispatch!(level.resolve(), s => {
                    detector.peaks(s, &window, intervals, 0.0, &mut all);
                    detector.peaks(s, &window, intervals, least as f64, &mut some);
                });
                for (i, (some, all)) in some.iter().zip(&all).enumerate().take(intervals) {
                    let is_bound = *all <= least && *some <= *all && i + 1 < intervals;
                    assert!(some == all || is_bound, "{i} of {intervals}: {some} for {all}, {least}");
                    left_out += (some != all) as usize;
                }
            }
        }
        assert!(left_out > 1_000, "{left_out} intervals spared");
    }

    #[test]
    fn the_bounds_are_just_above_the_sums_of_the_taps() {
        fn worst<const R: usize, const C: usize>(rows: &Rows<f64, R, C>) -> f64 {
            let sum = |column: usize| -> f64 {
                let odd = |row: &[f64; C]| if column + 1 < C { row[column + 1] } else { 0.0 };
                rows.iter().map(|row| (row[column] + odd(row)).abs() + (row[column] - odd(row)).abs()).sum()
            };
            (0..C).step_by(2).map(sum).fold(0.0, f64::max)
        }
        let (fine, itu) = (worst(&Fine::<f64>::new(1.0).0), worst(&Itu::<f64>::new().0));
        std::println!("{fine} {itu}");
        assert!(fine < FINE_GAIN && fine > 0.999 * FINE_GAIN, "{fine}");
        assert!(itu < ITU_GAIN && itu > 0.99 * ITU_GAIN, "{itu}");
    }

    #[test]
    fn the_fine_kernel_is_flat() {
        // A sine at every phase: the largest reading at any point is the kernel's gain there.
        for (turns, error_db) in [(0.02, 0.001), (0.2, 0.001), (0.4, 0.001), (0.43, 0.002)] {
            let fine = Fine::<f64>::new(1.0);
            for step in 0..16 {
                let phase = step as f64 / 16.0;
                let window: [f64; WINDOW] =
                    core::array::from_fn(|n| libm::sin(2.0 * PI * (turns * n as f64 + phase)));
                let mut out = [0.0; INTERVALS];
                dispatch!(SimdLevel::BEST, s => fine.peaks(s, &window, INTERVALS, &mut out));
                let peak = out.iter().fold(0.0, |a: f64, b| a.max(*b));
                let over = 20.0 * libm::log10(peak);
                assert!(over < error_db && over > -0.17, "{turns}: {over} dB");
            }
        }
    }
}
