//! A band's filter over some frames, with a gain per frame where it moves.

use super::band_detector::LANES;
use super::memory::{DESIGNS, Memory};
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};
use crate::dsp::filter::design::Svf;
use crate::dsp::filter::gain_morph;
use crate::dsp::filter::svf::{self, COEFFICIENTS, SvfCoefficients};
use crate::dsp::filter::svf_states::SvfStates;
use crate::params::ramp::CHUNK;

impl<T: Sample> Memory<'_, T> {
    /// Runs one band over the next frames; `coefficients` is room for those of a gain that moves.
    pub(super) fn filter(
        &mut self,
        band: usize,
        simd: SimdLevel,
        part: &mut Block<'_, '_, T>,
        coefficients: &mut [[T; CHUNK]; COEFFICIENTS],
    ) {
        let frames = part.frames();
        let designs = &mut self.designs[band * DESIGNS..][..DESIGNS];
        let mut sections = SvfStates { states: &mut *self.states, sections: self.detectors.len() };
        let moving = designs.iter().any(|design| !design.is_settled());
        let rest = designs[0].target();
        let morphs = designs.iter().any(|design| design.target() != rest);
        if !moving && !morphs && Svf::from(rest).is_identity() {
            return sections.forget(band);
        }
        let mut shares = [0.0; CHUNK];
        let (rows, lane) = (&self.shares[band / LANES * CHUNK..][..frames], band % LANES);
        shares.iter_mut().zip(rows).for_each(|(share, row)| *share = row[lane]);
        if !moving && (!morphs || shares == [0.0; CHUNK]) {
            let coefficients = svf::coefficients(rest).map(T::from_f64);
            return sections.run(band, SvfCoefficients::Constant(&coefficients), simd, part);
        }
        if moving {
            *coefficients = dispatch!(simd, s => {
                let _ = s;
                svf::moving(&gain_morph::designs(designs, &shares, frames))
            });
        } else {
            let [falls, rises] = [&self.terms[2 * band], &self.terms[2 * band + 1]];
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
                    let frames = to.iter_mut().zip(from).zip(&shares).filter(|(_, share)| **share > 0.0);
                    frames.for_each(|((to, from), _)| *to = *from);
                }
            }
        }
        sections.run(band, SvfCoefficients::Moving(coefficients), simd, part);
    }
}
