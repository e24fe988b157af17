//! What a linear-phase equalizer keeps in the caller's words: the cascade of the bands below the limit, the design of
//! filters, and their convolution.

use super::params::LinearPhaseConfig;
use super::zero_phase::{Memory as Design, MemoryRef as DesignRef, Size};
use crate::base::layout::layout;
use crate::base::memory::Word;
use crate::base::spec::Spec;
use crate::dsp::fft;
use crate::dsp::filter::svf_cascade::{self, SvfCascade, SvfCascadeRef};

/// What follows from spec and config.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Of the sections with their natural phase.
    pub(super) cascade: svf_cascade::Sizes,
    /// Of a filter.
    pub(super) size: Size,
    /// Of its partitions.
    pub(super) convolution: fft::Sizes,
}

impl Sizes {
    /// Partitions are about a sixteenth of the filter.
    pub(super) const fn new(spec: &Spec, config: &LinearPhaseConfig) -> Self {
        let most_sections = config.bands as usize * config.steepest_slope.sections();
        let sections = if config.minimum_phase_below_hz > 0.0 { most_sections } else { 0 };
        let size = Size::new(spec.sample_rate, config.bandwidth_hz, most_sections);
        let length = size.length;
        let channels = spec.inputs;
        Self {
            cascade: svf_cascade::Sizes { sections, channels, placed: false, block_of_four: false },
            size,
            convolution: fft::Sizes::new(channels, length.partition(), length.taps()),
        }
    }
}

layout! {
    /// The words of a linear-phase equalizer.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// Of the convolution.
        convolver: [Word; fft::Memory::<T>::words(sizes.convolution)],
    } with {
        /// The sections with their natural phase.
        cascade: SvfCascade / SvfCascadeRef by sizes.cascade,
        /// The curve that is sampled, and the taps of both filters.
        design: Design / DesignRef by sizes.size,
    }
}
