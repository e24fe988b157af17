//! The Fourier transform of real samples.
//!
//! ```text
//! forward:  pairs of samples as complex numbers --> half-length transform --> even and odd apart --> bins
//! inverse:  the same backwards
//! ```
//!
//! The half-length transform is [`Plan`]'s. Real and imaginary parts of the bins lie apart, which is how they are
//! multiplied fastest.

use crate::base::fft_plan::Plan;
use crate::base::sample::Sample;
use crate::base::simd::SimdLevel;
use alloc::boxed::Box;
use core::f64::consts::TAU;
use num_complex::Complex;

/// Transforms of one even length, there and back.
pub(crate) struct Transform<T: Sample> {
    half: usize,
    forward: T::Plan,
    inverse: T::Plan,
    /// exp(-2 pi i k / length), one per bin.
    turns: Box<[Complex<T>]>,
    scratch: Box<[Complex<T>]>,
}

impl<T: Sample> core::fmt::Debug for Transform<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Transform({})", 2 * self.half)
    }
}

/// Where real and imaginary parts of the bins of a transform of `length` samples stand: so many places each,
/// a multiple of eight; those beyond `length / 2` are zero.
pub(crate) const fn bins(length: usize) -> usize {
    length / 2 / 8 * 8 + 8
}

impl<T: Sample> Transform<T> {
    /// For so many samples, an even number. Allocates.
    pub(crate) fn new(length: usize, simd: SimdLevel) -> Self {
        let half = length / 2;
        let (forward, inverse) = (T::Plan::new(half, false, simd), T::Plan::new(half, true, simd));
        let scratch = forward.scratch().max(inverse.scratch());
        let zero = Complex { re: T::ZERO, im: T::ZERO };
        let turn = |k: usize| {
            let (sine, cosine) = libm::sincos(TAU * k as f64 / length as f64);
            Complex { re: T::from_f64(cosine), im: T::from_f64(-sine) }
        };
        let turns = (0..=half).map(turn).collect();
        Self { half, forward, inverse, turns, scratch: alloc::vec![zero; scratch].into_boxed_slice() }
    }

    /// The bins of `samples`; `work` has half as many values as there are samples.
    pub(crate) fn forward(&mut self, samples: &[T], work: &mut [Complex<T>], re: &mut [T], im: &mut [T]) {
        for (value, pair) in work.iter_mut().zip(samples.chunks_exact(2)) {
            *value = Complex { re: pair[0], im: pair[1] };
        }
        self.forward.run(work, &mut self.scratch);
        let (half, share) = (self.half, T::from_f64(0.5));
        for k in 0..=half {
            let (a, b) = (work[k % half], work[(half - k) % half]);
            let even = [share * (a.re + b.re), share * (a.im - b.im)];
            let odd = [share * (a.im + b.im), share * (b.re - a.re)];
            let turn = self.turns[k];
            re[k] = even[0] + turn.re * odd[0] - turn.im * odd[1];
            im[k] = even[1] + turn.re * odd[1] + turn.im * odd[0];
        }
        re[half + 1..].fill(T::ZERO);
        im[half + 1..].fill(T::ZERO);
    }

    /// The samples whose bins these are, times half their number.
    pub(crate) fn inverse(&mut self, re: &[T], im: &[T], work: &mut [Complex<T>], samples: &mut [T]) {
        let (half, share) = (self.half, T::from_f64(0.5));
        for (k, value) in work.iter_mut().enumerate().take(half) {
            let (a, b) = ([re[k], im[k]], [re[half - k], -im[half - k]]);
            let even = [share * (a[0] + b[0]), share * (a[1] + b[1])];
            let rest = [share * (a[0] - b[0]), share * (a[1] - b[1])];
            let turn = self.turns[k];
            let odd = [rest[0] * turn.re + rest[1] * turn.im, rest[1] * turn.re - rest[0] * turn.im];
            *value = Complex { re: even[0] - odd[1], im: even[1] + odd[0] };
        }
        self.inverse.run(work, &mut self.scratch);
        for (pair, value) in samples.chunks_exact_mut(2).zip(work) {
            (pair[0], pair[1]) = (value.re, value.im);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    #[test]
    fn bins_are_fourier_sums_and_the_way_back_is_exact() {
        for level in [SimdLevel::BEST, SimdLevel::baseline()] {
            for length in [4usize, 16, 96, 512] {
                let mut seed = 1u32;
                let mut noise = || {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    seed as f64 / f64::from(u32::MAX) - 0.5
                };
                let samples: Vec<f64> = (0..length).map(|_| noise()).collect();
                let mut transform = Transform::<f64>::new(length, level);
                let mut work = vec![Complex::ZERO; length / 2];
                let (mut re, mut im) = (vec![1.0; bins(length)], vec![1.0; bins(length)]);
                transform.forward(&samples, &mut work, &mut re, &mut im);
                for k in 0..=length / 2 {
                    let turn = |n: usize| -TAU * (k * n % length) as f64 / length as f64;
                    let terms = samples.iter().enumerate().map(|(n, x)| Complex::from_polar(*x, turn(n)));
                    let sum: Complex<f64> = terms.sum();
                    assert!((sum - Complex::new(re[k], im[k])).norm() < 1e-12, "bin {k} of {length}");
                }
                let mut back = vec![0.0; length];
                transform.inverse(&re, &im, &mut work, &mut back);
                let scale = 2.0 / length as f64;
                assert!(samples.iter().zip(&back).all(|(a, b)| (a - b * scale).abs() < 1e-14));
            }
        }
    }
}
