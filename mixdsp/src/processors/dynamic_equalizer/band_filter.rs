//! A band's filter over some frames, with a gain per frame where it moves.

use super::band_detector::LANES;
use super::memory::Memory;
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::SimdLevel;
use crate::dsp::filter::morphing_section::{DESIGNS, MorphingSection};
use crate::dsp::filter::svf::COEFFICIENTS;
use crate::dsp::filter::svf_states::SvfStates;
use crate::params::ramp::CHUNK;

impl<T: Sample> Memory<'_, T> {
    /// The section of a band.
    pub(super) fn section(&mut self, band: usize) -> MorphingSection<'_> {
        let designs = &mut self.designs[band * DESIGNS..][..DESIGNS];
        MorphingSection { designs, terms: &mut self.terms[2 * band..][..2] }
    }

    /// Runs one band over the next frames; `coefficients` is room for those of a gain that moves.
    pub(super) fn filter(
        &mut self,
        band: usize,
        simd: SimdLevel,
        part: &mut Block<'_, '_, T>,
        coefficients: &mut [[T; CHUNK]; COEFFICIENTS],
    ) {
        let frames = part.frames();
        let mut shares = [0.0; CHUNK];
        let (rows, lane) = (&self.shares[band / LANES * CHUNK..][..frames], band % LANES);
        shares.iter_mut().zip(rows).for_each(|(share, row)| *share = row[lane]);
        let designs = &mut self.designs[band * DESIGNS..][..DESIGNS];
        let mut section = MorphingSection { designs, terms: &mut self.terms[2 * band..][..2] };
        let mut sections = SvfStates { states: &mut *self.states, sections: self.detectors.len() };
        section.run((&mut sections, band), &shares, simd, part, coefficients);
    }
}
