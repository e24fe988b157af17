//! Floor 4: the state of several sections in several channels, and one of them at a time over some frames.
//!
//! State, in the caller's words: channel after channel, section after section, `s1` and `s2`.

use super::svf::{self, Place, SvfCoefficients};
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::{SimdLevel, dispatch};

/// Values per section and channel.
pub(crate) const STATE: usize = 2;

/// Where the state of one of so many sections stands.
pub(crate) fn place_of(sections: usize, section: usize) -> Place {
    Place { first: section * STATE, stride: sections * STATE }
}

/// The states of so many sections.
pub(crate) struct SvfStates<'a, T> {
    pub(crate) states: &'a mut [T],
    pub(crate) sections: usize,
}

impl<T: Sample> SvfStates<'_, T> {
    /// A section that has no effect forgets what it heard.
    pub(crate) fn forget(&mut self, section: usize) {
        for channel in self.states.chunks_exact_mut(self.sections * STATE) {
            channel[section * STATE..][..STATE].fill(T::ZERO);
        }
    }

    /// Runs a section over the block, in place.
    pub(crate) fn run(
        &mut self,
        section: usize,
        coefficients: SvfCoefficients<'_, T>,
        simd: SimdLevel,
        block: &mut Block<'_, '_, T>,
    ) {
        let place = place_of(self.sections, section);
        let (states, channels) = (&mut *self.states, block.channels());
        dispatch!(simd, s => svf::across_channels(s, coefficients, states, place, channels, block));
    }
}

/// State too small to matter becomes zero.
pub(crate) fn flush_denormals<T: Sample>(states: &mut [T]) {
    states.iter_mut().for_each(|state| *state = state.flushed());
}
