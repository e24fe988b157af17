//! What a compressor keeps, and how long it is.

use super::params::CompressorConfig;
use crate::base::layout::layout;
use crate::base::spec::Spec;
use crate::base::units::seconds_to_frames;
use crate::dsp::dynamics::detector::{self, Detector, DetectorRef};
use crate::dsp::dynamics::loudness_match::{LoudnessMatch, LoudnessMatchRef};
use crate::dsp::envelope::ballistics::Memory as BallisticsMemory;
use crate::dsp::envelope::{BoxStack, minimum_words};

/// Frames and channels.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub(super) channels: usize,
    pub(super) lookahead: usize,
    pub(super) hold: usize,
    pub(super) detector: detector::Sizes,
}

impl Sizes {
    pub(super) const fn new(spec: &Spec, config: &CompressorConfig) -> Self {
        Self {
            channels: spec.inputs,
            lookahead: seconds_to_frames(config.lookahead_ms * 1e-3, spec.sample_rate),
            hold: seconds_to_frames(config.hold_ms * 1e-3, spec.sample_rate),
            detector: detector::Sizes::new(spec, config.sidechain_bands),
        }
    }
}

layout! {
    /// The words of a compressor: the same for every channel, one after the other.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// What attack and release remember.
        ballistics: [BallisticsMemory; sizes.channels],
        /// The reduction that has lasted, in decibels.
        slow: [f64; sizes.channels],
        /// Reductions of the hold and of the look-ahead, as whole numbers.
        held: [u32; sizes.channels * minimum_words(sizes.hold + 1)],
        ahead: [u32; sizes.channels * minimum_words(sizes.lookahead + 1)],
        /// The window's two boxes.
        first: [u32; sizes.channels * BoxStack::lengths(sizes.lookahead).0],
        second: [u64; sizes.channels * BoxStack::lengths(sizes.lookahead).1],
        /// What waits for the look-ahead.
        delay: [T; sizes.channels * sizes.lookahead],
    } with {
        detector: Detector / DetectorRef by sizes.detector,
        loudness: LoudnessMatch / LoudnessMatchRef by sizes.channels,
    }
}
