//! What a resonance suppressor keeps in the caller's words.

use super::bells::Bell;
use super::cells::{CELLS, Cell};
use super::history::BINS;
use super::params::ResonanceSuppressorConfig;
use crate::base::layout::layout;
use crate::base::spec::Spec;
use crate::dsp::filter::svf_cascade::{self, SvfCascade, SvfCascadeRef};
use num_complex::Complex;

/// The shortest window, in seconds; it has a power of two frames.
const WINDOW_SECONDS: f64 = 0.25;
const SHORTEST_WINDOW: usize = 2_048;
/// Parts of a hop: between two of them a part of the work on the latest window is done.
pub(super) const PARTS: usize = 16;

/// What follows from spec and config.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Channels that are listened to, at most.
    pub(super) heard: usize,
    /// Frames of a window.
    pub(super) window: usize,
    pub(super) resonances: usize,
    channels: usize,
}

impl Sizes {
    pub(super) const fn new(spec: &Spec, config: &ResonanceSuppressorConfig) -> Self {
        let mut window = SHORTEST_WINDOW;
        while (window as f64) < WINDOW_SECONDS * spec.sample_rate {
            window *= 2;
        }
        let heard = if spec.sidechain > spec.inputs { spec.sidechain } else { spec.inputs };
        Self { heard, window, resonances: config.resonances as usize, channels: spec.inputs }
    }

    /// Frames from one window to the next: half of one.
    pub(super) const fn hop(&self) -> usize {
        self.window / 2
    }

    const fn cascade(&self) -> svf_cascade::Sizes {
        svf_cascade::Sizes {
            sections: self.resonances,
            channels: self.channels,
            placed: false,
            block_of_four: false,
        }
    }
}

layout! {
    /// The words of a resonance suppressor.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// Per channel the last two hops that are whole, and the one that comes in.
        heard: [T; sizes.heard * 3 * sizes.hop()],
        /// The window's shape.
        shape: [T; sizes.window],
        /// Two channels as one complex signal, and its transform.
        work: [Complex<T>; sizes.window],
        /// Power of all channels, per bin.
        power: [f64; sizes.hop()],
        cells: [Cell; CELLS],
        /// Per cell how often each level was heard.
        histograms: [[f32; BINS]; CELLS],
        /// Per cell how many windows count.
        counts: [f64; CELLS],
        /// Per cell the sum of the powers around it.
        around: [f64; CELLS],
        /// Per cell how far it sticks out, in decibels.
        excess: [f64; CELLS],
        /// The resonances that are turned down.
        bells: [Bell; sizes.resonances],
    } with {
        cascade: SvfCascade / SvfCascadeRef by sizes.cascade(),
    }
}
