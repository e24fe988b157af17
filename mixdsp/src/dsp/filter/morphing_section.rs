//! Floor 4: a section whose gain moves per frame, falling or rising from where it rests: designs on the move, their
//! polynomials once they have come to rest, and the way that is shortest for the frames at hand.
//!
//! State, in the caller's words: per section [`DESIGNS`] designs on the move, downwards and upwards, and two sets of
//! terms; the filter's own state stands in [`SvfStates`].

use super::design::Svf;
use super::gain_morph::{self, GainMorph, TERMS};
use super::svf::{self, COEFFICIENTS, SvfCoefficients};
use super::svf_states::SvfStates;
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};

/// Designs of a section: downwards and upwards.
pub(crate) const DESIGNS: usize = 2 * TERMS;

/// One section's words.
pub(crate) struct MorphingSection<'a> {
    /// [`DESIGNS`] of them.
    pub(crate) designs: &'a mut [Ramp<5>],
    /// Of the falling side and of the rising side.
    pub(crate) terms: &'a mut [GainMorph],
}

impl MorphingSection<'_> {
    /// At rest with the designs of both sides.
    pub(crate) fn start(&mut self, sides: &[GainMorph; 2], sample_rate: f64) {
        let frames = ramp_frames(sample_rate);
        for (ramp, design) in self.designs.iter_mut().zip(sides.as_flattened()) {
            *ramp = Ramp::of_design(*design, frames);
        }
        self.set_terms(sides);
    }

    /// Moves to other designs.
    pub(crate) fn change(&mut self, sides: &[GainMorph; 2], change: Change) {
        for (ramp, design) in self.designs.iter_mut().zip(sides.as_flattened()) {
            ramp.change_to(*design, change);
        }
        self.set_terms(sides);
    }

    fn set_terms(&mut self, sides: &[GainMorph; 2]) {
        self.terms.copy_from_slice(&sides.each_ref().map(gain_morph::terms));
    }

    /// Runs section `at` of `sections` over a block of at most [`CHUNK`] frames, by shares of the reach: below zero it
    /// falls, above it rises. No design comes to rest within the frames. `coefficients` is room.
    pub(crate) fn run<T: Sample>(
        &mut self,
        (sections, at): (&mut SvfStates<'_, T>, usize),
        shares: &[f64; CHUNK],
        simd: SimdLevel,
        block: &mut Block<'_, '_, T>,
        coefficients: &mut [[T; CHUNK]; COEFFICIENTS],
    ) {
        let frames = block.frames();
        let designs = &mut *self.designs;
        let moving = designs.iter().any(|design| !design.is_settled());
        let rest = designs[0].target();
        let morphs = designs.iter().any(|design| design.target() != rest);
        if !moving && !morphs && Svf::from(rest).is_identity() {
            return sections.forget(at);
        }
        if !moving && (!morphs || shares[..frames].iter().all(|share| *share == 0.0)) {
            let coefficients = svf::coefficients(rest).map(T::from_f64);
            return sections.run(at, SvfCoefficients::Constant(&coefficients), simd, block);
        }
        if moving {
            *coefficients = dispatch!(simd, s => {
                let _ = s;
                svf::moving(&gain_morph::designs(designs, shares, frames))
            });
        } else {
            let [falls, rises] = [&self.terms[0], &self.terms[1]];
            let sizes = shares.map(f64::abs);
            let run = |terms, to: &mut [[T; CHUNK]; COEFFICIENTS]| {
                dispatch!(simd, s => gain_morph::coefficients_at(s, terms, &sizes, frames, to));
            };
            let downwards = shares[..frames].iter().any(|share| *share < 0.0);
            run(if downwards { falls } else { rises }, coefficients);
            if downwards && shares[..frames].iter().any(|share| *share > 0.0) {
                // The range passes zero just here.
                let mut upwards = [[T::ZERO; CHUNK]; COEFFICIENTS];
                run(rises, &mut upwards);
                for (to, from) in coefficients.iter_mut().zip(&upwards) {
                    let frames = to.iter_mut().zip(from).zip(shares).filter(|(_, share)| **share > 0.0);
                    frames.for_each(|((to, from), _)| *to = *from);
                }
            }
        }
        sections.run(at, SvfCoefficients::Moving(coefficients), simd, block);
    }
}

/// Frames until a section has fallen silent by 120 dB, at any share up to `reach`.
pub(crate) fn decay_frames(sides: &[GainMorph], reach: f64) -> f64 {
    let at = |terms: &GainMorph, step: usize| {
        let design = gain_morph::design_at(terms, reach * step as f64 / TERMS as f64);
        Svf::from(design).decay_frames(120.0)
    };
    sides.iter().flat_map(|terms| (0..=TERMS).map(move |step| at(terms, step))).fold(0.0, f64::max)
}
