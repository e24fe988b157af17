//! Floor 4: a section whose gain moves per sample: its five numbers as polynomials of a share.
//!
//! ```text
//! u = 0 ... 1   -->   g, k, m0, m1, m2 = t0 + u (t1 + u (t2 + ... + u t6))
//! ```
//!
//! The matched design itself is made at seven shares (Chebyshev's, ends included) when a parameter is set, and the
//! polynomials go through them. In between, bells and shelves that change by 24 dB differ from the design by 0.004
//! dB, and by 0.13 dB in the worst corner of all ranges (a wide shelf that goes from -16 to -36 dB).
//! At u = 0 the numbers are the design's to the bit, so a band at rest is the plain one, and one without gain
//! passes everything. While parameters move, the seven designs move by ramps, each within the range of what was
//! asked for, and the polynomials go through them where they are. (Moved themselves, the terms, which are large
//! and cancel, could leave the range of all designs.)
//!
//! State: none; designs and terms are in the words of who uses them.

use super::svf::{COEFFICIENTS, formula};
use crate::base::sample::Sample;
use crate::params::ramp::{CHUNK, Ramp};
use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x4};

/// Designs that a polynomial goes through, and its terms.
pub(crate) const TERMS: usize = 7;

/// Smallest g and k: what rounding may do to a polynomial never reaches zero.
const LEAST: f64 = 1e-9;

/// The designs at the seven shares, or the terms, lowest power first: each of `g, k, m0, m1, m2`.
pub(crate) type GainMorph = [[f64; 5]; TERMS];

/// Half the square root of 3.
const COS_30: f64 = 0.866_025_403_784_438_6;

/// The shares of the designs: (1 - cos(k 30 degrees)) / 2.
const SHARES: [f64; TERMS] = [0.0, 0.5 - 0.5 * COS_30, 0.25, 0.5, 0.75, 0.5 + 0.5 * COS_30, 1.0];

/// Lagrange's polynomials: `BASIS[power][k]` of the one that is 1 at share k and 0 at the others.
const BASIS: [[f64; TERMS]; TERMS] = basis();

const fn basis() -> [[f64; TERMS]; TERMS] {
    let mut basis = [[0.0; TERMS]; TERMS];
    let mut k = 0;
    while k < TERMS {
        // The product of (u - share) for all other shares, and its value at share k.
        let mut product = [0.0; TERMS];
        product[0] = 1.0;
        let mut scale = 1.0;
        let mut j = 0;
        while j < TERMS {
            if j != k {
                let mut power = TERMS - 1;
                while power > 0 {
                    product[power] = product[power - 1] - SHARES[j] * product[power];
                    power -= 1;
                }
                product[0] *= -SHARES[j];
                scale *= SHARES[k] - SHARES[j];
            }
            j += 1;
        }
        let mut power = 0;
        while power < TERMS {
            basis[power][k] = product[power] / scale;
            power += 1;
        }
        k += 1;
    }
    basis
}

/// The designs at the seven shares.
pub(crate) fn gain_morph(design: impl Fn(f64) -> [f64; 5]) -> GainMorph {
    SHARES.map(design)
}

/// The designs of a section that keeps one.
pub(crate) fn constant(design: [f64; 5]) -> GainMorph {
    [design; TERMS]
}

/// Whether the share makes no difference.
pub(crate) fn is_constant(designs: &GainMorph) -> bool {
    designs[1..].iter().all(|design| *design == designs[0])
}

/// The terms of the polynomials through the designs.
pub(crate) fn terms(designs: &GainMorph) -> GainMorph {
    if is_constant(designs) {
        let mut terms = [[0.0; 5]; TERMS];
        terms[0] = designs[0];
        return terms;
    }
    BASIS.map(|weights| {
        core::array::from_fn(|i| weights.iter().zip(designs).map(|(weight, design)| weight * design[i]).sum())
    })
}

/// What each design counts at a share.
#[inline(always)]
fn weights(share: f64) -> [f64; TERMS] {
    let mut weights = BASIS[TERMS - 1];
    for power in (0..TERMS - 1).rev() {
        for (weight, term) in weights.iter_mut().zip(&BASIS[power]) {
            *weight = *weight * share + term;
        }
    }
    weights
}

/// The design at one share.
pub(crate) fn design_at(terms: &GainMorph, share: f64) -> [f64; 5] {
    let mut design = terms[TERMS - 1];
    for power in (0..TERMS - 1).rev() {
        for i in 0..5 {
            design[i] = design[i] * share + terms[power][i];
        }
    }
    positive(design)
}

#[inline(always)]
fn positive([g, k, m0, m1, m2]: [f64; 5]) -> [f64; 5] {
    [if g > LEAST { g } else { LEAST }, if k > LEAST { k } else { LEAST }, m0, m1, m2]
}

/// Writes the coefficients of the next `frames` frames, one share each, while the terms stay.
#[inline(always)]
pub(crate) fn coefficients_at<S: Simd, T: Sample>(
    simd: S,
    terms: &GainMorph,
    shares: &[f64; CHUNK],
    frames: usize,
    coefficients: &mut [[T; CHUNK]; COEFFICIENTS],
) {
    const W: usize = 4;
    simd.vectorize(
        #[inline(always)]
        || {
            let number = |value: f64| f64x4::splat(simd, value);
            let least = number(LEAST);
            for f in (0..frames).step_by(W) {
                let share = f64x4::from_slice(simd, &shares[f..f + W]);
                let mut design = [least; 5];
                for i in 0..5 {
                    design[i] = number(terms[TERMS - 1][i]);
                    for power in (0..TERMS - 1).rev() {
                        design[i] = design[i].mul_add(share, number(terms[power][i]));
                    }
                }
                let [g, k, m0, m1, m2] = design;
                let now = formula(number(1.0), number(0.5), [g.max(least), k.max(least), m0, m1, m2]);
                for i in 0..COEFFICIENTS {
                    for lane in 0..W {
                        coefficients[i][f + lane] = T::from_f64(now[i][lane]);
                    }
                }
            }
        },
    )
}

/// The designs of the next `frames` frames, one share each, while `moving` moves on where it moves: the designs
/// of shares below zero, then those above.
#[inline(always)]
pub(crate) fn designs(moving: &mut [Ramp<5>], shares: &[f64; CHUNK], frames: usize) -> [[f64; CHUNK]; 5] {
    let mut counts = [[0.0; CHUNK]; 2 * TERMS];
    for (f, share) in shares[..frames].iter().enumerate() {
        let side = if *share < 0.0 { 0 } else { TERMS };
        let weights = weights(share.abs());
        counts[side..side + TERMS].iter_mut().zip(weights).for_each(|(count, weight)| count[f] = weight);
    }
    let mut designs = [[0.0; CHUNK]; 5];
    let mut values = [[0.0; CHUNK]; 5];
    for (ramp, counts) in moving.iter_mut().zip(&counts) {
        if ramp.is_settled() {
            values.iter_mut().zip(ramp.target()).for_each(|(values, target)| values[..frames].fill(target));
        } else {
            ramp.fill(&mut values, frames);
        }
        for (design, values) in designs.iter_mut().zip(&values) {
            for ((sum, value), count) in design[..frames].iter_mut().zip(values).zip(counts) {
                *sum += value * count;
            }
        }
    }
    let [g, k, ..] = &mut designs;
    for value in g.iter_mut().chain(k) {
        *value = if *value > LEAST { *value } else { LEAST };
    }
    designs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::filter::design::{Prototype, Shape, Svf, matched};

    #[test]
    fn it_is_the_design_at_every_gain() {
        let mut worst = 0.0f64;
        for (shape, frequency_hz, q, from_db, range_db) in [
            (Shape::Bell, 1_000.0, 1.0, 0.0, -24.0),
            (Shape::Bell, 12_000.0, 4.0, 6.0, -24.0),
            (Shape::Bell, 60.0, 8.0, -3.0, 24.0),
            (Shape::LowShelf, 200.0, 0.7, 0.0, 24.0),
            (Shape::HighShelf, 9_000.0, 0.7, 4.0, -24.0),
        ] {
            let design = |share: f64| -> [f64; 5] {
                let gain_db = from_db + range_db * share;
                matched(&Prototype { shape, frequency_hz, q, gain_db }, 48_000.0).into()
            };
            let terms = terms(&gain_morph(design));
            assert_eq!(design_at(&terms, 0.0), design(0.0));
            for step in 0..=40 {
                let share = step as f64 / 40.0;
                for f in [30.0, 100.0, 300.0, 1_000.0, 3_000.0, 10_000.0, 19_000.0, frequency_hz] {
                    let here = Svf::from(design_at(&terms, share)).response(f, 48_000.0).norm();
                    let there = Svf::from(design(share)).response(f, 48_000.0).norm();
                    worst = worst.max((20.0 * libm::log10(here / there)).abs());
                }
            }
        }
        std::println!("polynomials against designs: {worst:.1e} dB");
        assert!(worst < 0.005, "{worst} dB");
    }
}
