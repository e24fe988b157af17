//! What goes past the curve, as late as what goes through it.
//!
//! ```text
//! linear phase    wait for the latency
//! low latency     up --> one frame, as the curve takes --> down: the same filters, so that both turn alike
//! ```

use super::memory::{Memory, Sizes};
use crate::base::sample::Sample;
use crate::dsp::delay_line;
use crate::dsp::oversample::MOST_HIGH;
use fearless_simd::Simd;

/// Makes one of the signals beside the curve as late as that.
#[inline(always)]
pub(super) fn wait<S: Simd, T: Sample>(
    simd: S,
    sizes: &Sizes,
    memory: &mut Memory<'_, T>,
    signal: usize,
    position: usize,
    samples: &mut [T],
) {
    let length = memory.beside.len() / (sizes.channels * sizes.beside);
    let ring = &mut memory.beside[signal * length..][..length];
    if !sizes.turns() {
        delay_line::wait(ring, position, samples);
        return;
    }
    let mut high = [T::ZERO; MOST_HIGH];
    memory.companions.up(simd, &sizes.companions, signal, samples, &mut high);
    let frames = samples.len() << sizes.companions.octaves;
    let last = high[frames - 1];
    high.copy_within(..frames - 1, 1);
    (high[0], ring[0]) = (ring[0], last);
    memory.companions.down(simd, &sizes.companions, signal, &mut high, samples);
}
