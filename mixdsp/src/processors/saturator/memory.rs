//! What a saturator keeps in the caller's words.

use super::params::{Focus, SaturatorConfig};
use crate::base::layout::layout;
use crate::base::spec::Spec;
use crate::dsp::dynamics::loudness_match::{LoudnessMatch, LoudnessMatchRef};
use crate::dsp::filter::plain_cascade;
use crate::dsp::oversample::{self, Oversample, OversampleRef, Phase};
use crate::dsp::waveshape::curve_path::{self, CurvePath, CurvePathRef};
use crate::dsp::waveshape::hysteresis::Magnetisation;
use crate::params::ramp::{CHUNK, Ramp};

/// Channels, rates, delays.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub(super) channels: usize,
    pub(super) path: curve_path::Sizes,
    /// The same way for what is not to be changed, where that turns its phase; without octaves where it does not.
    pub(super) companions: oversample::Sizes,
    /// Signals beside the curve: the input, and with a focus what is driven.
    pub(super) beside: usize,
    pub(super) has_focus: bool,
    pub(super) points: usize,
}

impl Sizes {
    /// From spec and config.
    pub const fn new(spec: &Spec, config: &SaturatorConfig) -> Self {
        let has_focus = matches!(config.focus, Focus::Highs);
        let beside = 1 + has_focus as usize;
        let SaturatorConfig { oversampling, antialiasing, phase, .. } = *config;
        let path = curve_path::Sizes::new(spec.inputs, spec.sample_rate, oversampling, antialiasing, phase);
        let turns = matches!(phase, Phase::LowLatency);
        let companions = oversample::Sizes {
            channels: if turns { spec.inputs * beside } else { 0 },
            octaves: if turns { path.oversample.octaves } else { 0 },
            ..path.oversample
        };
        Self { channels: spec.inputs, path, companions, beside, has_focus, points: config.points as usize }
    }

    /// Frames by which the output is late.
    pub(super) const fn latency(&self) -> usize {
        self.path.latency()
    }

    /// Frames that a delay beside the curve has: where its phase turns they are the filters'.
    const fn waits(&self) -> usize {
        if self.turns() { 0 } else { self.latency() }
    }

    /// Whether what stands beside the curve goes through filters of its own.
    pub(super) const fn turns(&self) -> bool {
        matches!(self.path.oversample.phase, Phase::LowLatency)
    }

    const fn focus_sections(&self) -> usize {
        if self.has_focus { plain_cascade::SECTIONS } else { 0 }
    }
}

layout! {
    /// The words of a saturator.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// The constant in what a curve adds.
        constant: [f64; sizes.channels],
        /// Drives that wait for the output.
        drives: [T; sizes.latency()],
        /// What waits beside the curve, and where its phase turns the frame that it waits for at the high rate.
        beside: [T; sizes.channels * sizes.beside * if sizes.turns() { 1 } else { sizes.waits() }],
        magnetisation: [Magnetisation; sizes.channels],
        /// Saturated frames of each channel, and in the filter of the head bump.
        saturated: [[T; CHUNK]; sizes.channels],
        bumped: [[f64; CHUNK]; sizes.channels],
        bump: [Ramp<5>; plain_cascade::SECTIONS],
        bump_states: [[f64; 2]; plain_cascade::SECTIONS * sizes.channels],
        points: [Ramp<2>; sizes.points],
        focus: [Ramp<5>; sizes.focus_sections()],
        focus_states: [[f64; 2]; sizes.focus_sections() * sizes.channels],
        /// What lies above the focus in some frames.
        highs: [[f64; CHUNK]; if sizes.has_focus { sizes.channels } else { 0 }],
    } with {
        path: CurvePath / CurvePathRef by sizes.path,
        companions: Oversample / OversampleRef by sizes.companions,
        loudness: LoudnessMatch / LoudnessMatchRef by sizes.channels,
    }
}
