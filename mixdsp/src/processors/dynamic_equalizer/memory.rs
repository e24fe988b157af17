//! What a dynamic equalizer keeps in the caller's words.

use super::band::BandDetector;
use super::band_detector::{DetectorCoefficients, DetectorState, LANES};
use super::gain_computer::GainComputer;
use super::params::DynamicEqualizerConfig;
use crate::base::layout::layout;
use crate::base::spec::Spec;
use crate::dsp::filter::gain_morph::GainMorph;
use crate::dsp::filter::morphing_section::DESIGNS;
use crate::dsp::filter::svf_states::STATE;
use crate::params::ramp::{CHUNK, Ramp};
use crate::params::smoothed::Smoothed;

/// What follows from spec and config.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub(super) bands: usize,
    /// Of eight bands.
    pub(super) groups: usize,
    pub(super) inputs: usize,
    /// Channels that are listened to: the larger of sidechain and input, so that the unit may also run without
    /// a sidechain.
    pub(super) listeners: usize,
}

impl Sizes {
    pub(super) const fn new(spec: &Spec, config: &DynamicEqualizerConfig) -> Self {
        let (bands, inputs) = (config.bands as usize, spec.inputs);
        let listeners = if spec.sidechain > inputs { spec.sidechain } else { inputs };
        Self { bands, groups: bands.div_ceil(LANES), inputs, listeners }
    }
}

layout! {
    /// The words of a dynamic equalizer.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// Per band the designs of its section, on the move.
        designs: [Ramp<5>; sizes.bands * DESIGNS],
        /// Per band their polynomials downwards and upwards, once all has come to rest.
        terms: [GainMorph; sizes.bands * 2],
        /// Per band its [`BandDetector`], on the move.
        detectors: [<BandDetector as Smoothed>::Movement; sizes.bands],
        /// What eight detectors at once multiply with.
        packed: [DetectorCoefficients<T>; sizes.groups],
        /// What eight bands make of what they hear.
        gain_computers: [GainComputer; sizes.groups],
        /// State of eight detectors, per group and channel.
        detector_states: [DetectorState<T>; sizes.groups * sizes.listeners],
        /// Of the reach, in the frames at hand.
        shares: [[f64; LANES]; sizes.groups * CHUNK],
        /// `s1` and `s2` per channel and band.
        states: [T; sizes.bands * sizes.inputs * STATE],
    }
}
