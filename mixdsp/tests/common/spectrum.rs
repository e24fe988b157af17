//! Energy above a frequency, seen through a window whose side lobes lie under -180 dB.

use num_complex::Complex;
use std::f64::consts::TAU;

/// Blackman-Harris window of seven terms (Albrecht, "A family of cosine-sum windows", ICASSP 2001): its
/// main lobe ends seven bins from the middle.
const TERMS: [f64; 7] = [
    0.27105140069342,
    0.43329793923448,
    0.21812299954311,
    0.06592544638803,
    0.01081174209837,
    0.00077658482522,
    0.00001388721735,
];

/// The window at each of `length` samples; about 1 in the middle.
pub(crate) fn window(length: usize) -> Vec<f64> {
    let at = |n: usize| TAU * (n as f64 + 0.5) / length as f64;
    let terms = |phase: f64| {
        let signed = TERMS.iter().enumerate().map(|(k, a)| a * (k as f64 * phase).cos() * [1.0, -1.0][k % 2]);
        signed.sum()
    };
    (0..length).map(|n| terms(at(n))).collect()
}

/// Discrete Fourier transform in place; the length is a power of two.
pub(crate) fn fft(values: &mut [Complex<f64>]) {
    let length = values.len();
    assert!(length.is_power_of_two());
    let bits = length.trailing_zeros();
    for i in 0..length {
        let j = i.reverse_bits() >> (usize::BITS - bits.max(1));
        if i < j && bits > 0 {
            values.swap(i, j);
        }
    }
    let mut size = 2;
    while size <= length {
        let turns: Vec<_> =
            (0..size / 2).map(|k| Complex::from_polar(1.0, -TAU * k as f64 / size as f64)).collect();
        for part in values.chunks_exact_mut(size) {
            let (low, high) = part.split_at_mut(size / 2);
            for ((a, b), turn) in low.iter_mut().zip(high).zip(&turns) {
                let t = *b * turn;
                (*a, *b) = (*a + t, *a - t);
            }
        }
        size *= 2;
    }
}

/// Energy (sum of squares) above a frequency, of samples weighted by the window. An event in the middle
/// counts in full.
pub(crate) fn energy_above(samples: &[f64], window: &[f64], sample_rate: f64, frequency_hz: f64) -> f64 {
    let length = samples.len().next_power_of_two();
    let weighted = samples.iter().zip(window).map(|(sample, weight)| Complex::from(sample * weight));
    let mut bins: Vec<_> = weighted.chain(std::iter::repeat(Complex::ZERO)).take(length).collect();
    fft(&mut bins);
    let first = (frequency_hz / sample_rate * length as f64).ceil() as usize;
    2.0 * bins[first..length / 2].iter().map(|bin| bin.norm_sqr()).sum::<f64>() / length as f64
}

/// Decibels of a ratio of energies.
pub(crate) fn decibels_of_energy(ratio: f64) -> f64 {
    10.0 * ratio.log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_below_leaves_nothing_above() {
        let sine =
            |f: f64| -> Vec<f64> { (0..4_800).map(|n| (TAU * f * n as f64 / 48_000.0).sin()).collect() };
        let window = window(4_800);
        let share = |f| decibels_of_energy(energy_above(&sine(f), &window, 48_000.0, 2_000.0) / 2_400.0);
        assert!(share(200.0) < -140.0, "{}", share(200.0));
        // above, all of it, seen through the window: its mean square is -7.14 dB
        assert!((share(5_000.0) + 7.14).abs() < 0.01, "{}", share(5_000.0));
    }

    #[test]
    fn an_impulse_counts_in_full() {
        let mut samples = vec![0.0; 4_800];
        samples[2_400] = 1.0;
        let above = energy_above(&samples, &window(4_800), 48_000.0, 12_000.0);
        assert!((above - 0.5).abs() < 0.001, "{above}");
    }
}
