//! What goes past the curve, as late as what goes through it.
//!
//! ```text
//! linear phase    wait for the latency
//! low latency     up --> one frame, as the curve takes --> down: the same filters, so that both turn alike
//! ```

use super::memory::{Memory, Sizes};
use crate::base::sample::Sample;
use crate::dsp::delay_line;
use crate::dsp::oversample::LEAD;
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
    let companions = &mut memory.companions;
    companions.up(simd, &sizes.companions, signal, samples);
    let frames = samples.len() << sizes.companions.octaves;
    let (high, late) = (&companions.high[LEAD..][..frames], &mut companions.other[LEAD..][..frames]);
    late[1..].copy_from_slice(&high[..frames - 1]);
    (late[0], ring[0]) = (ring[0], high[frames - 1]);
    companions.down(simd, &sizes.companions, signal, samples);
}
