//! What the bands hear: eight of them at once, side by side.
//!
//! ```text
//!                                  +--> all-passes --> ( )² --+
//! input or sidechain --> filter ---+                         (+)--> largest of all channels --> power
//!                                  +--> all-passes --> ( )² --+
//! ```
//!
//! The two chains of three all-passes differ by a quarter of a turn, to 0.5° from a fifth to five times the band's
//! frequency, so the sum of the squares is the level of a sine there without ripple, and its gain does not
//! follow the single waves. Chains of this kind: S. Bedrosian, "Normalized Design of 90° Phase-Difference Networks",
//! IRE Trans. Circuit Theory, 1960; the six corners were fitted for this ratio of 25 by random search for the
//! smallest largest error.
//!
//! State, per listening channel and band: two numbers of the filter, six of the all-passes.

use super::band::BandDetector;
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::dsp::filter::svf::{COEFFICIENTS, coefficients, step};
use crate::params::ramp::CHUNK;
use core::ops::Range;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Bands side by side.
pub(super) const LANES: usize = 8;

/// Corners of the first chain, in units of the band's frequency; the second chain has their inverses.
const CORNERS: [f64; 3] = [0.082_384_432_992_206_77, 0.687_585_115_352_054_1, 3.339_837_833_821_463_4];

/// What eight detectors multiply with: the filter's coefficients, the six all-passes', the share of the sidechain.
pub(super) type DetectorCoefficients<T> = [[T; LANES]; COEFFICIENTS + 7];

/// State of eight detectors in one channel: two numbers of the filter, six of the all-passes.
pub(super) type DetectorState<T> = [[T; LANES]; 8];

/// Gives a lane its filters.
pub(super) fn set_lane<T: Sample>(
    packed: &mut DetectorCoefficients<T>,
    lane: usize,
    detector: &BandDetector,
) {
    let BandDetector { g, k, m0, m1, m2, tangent, sidechain, .. } = *detector;
    let section = coefficients([g, k, m0, m1, m2]);
    let corners = CORNERS.map(|corner| tangent * corner).into_iter();
    let corners = corners.chain(CORNERS.map(|corner| tangent / corner));
    let all = section.into_iter().chain(corners.map(|g| 2.0 * g / (1.0 + g))).chain([sidechain]);
    packed.iter_mut().zip(all).for_each(|(lanes, value)| lanes[lane] = T::from_f64(value));
}

/// What one channel brings to listen to: the input's samples and the sidechain's.
#[derive(Clone, Copy)]
pub(super) struct DetectorInput<T> {
    pub(super) own: [T; CHUNK],
    pub(super) sidechain: [T; CHUNK],
}

impl<T: Sample> DetectorInput<T> {
    /// Of some frames of a block, at most [`CHUNK`]. A channel that is not there is silent; without a sidechain the
    /// input is one.
    pub(super) fn new(channel: usize, inputs: usize, part: &Block<'_, '_, T>, frames: Range<usize>) -> Self {
        let (count, sidechain) = (frames.len(), part.sidechain());
        let mut input = Self { own: [T::ZERO; CHUNK], sidechain: [T::ZERO; CHUNK] };
        if channel < inputs {
            input.own[..count].copy_from_slice(&part.input(channel)[frames.clone()]);
        }
        if sidechain.channels() == 0 {
            input.sidechain = input.own;
        } else if channel < sidechain.channels() {
            let samples = sidechain.part(frames.start, frames.end).samples(channel);
            input.sidechain.iter_mut().zip(samples).for_each(|(to, from)| *to = from);
        }
        input
    }
}

/// Raises the powers of some frames to those of a channel where that is louder.
#[inline(always)]
pub(super) fn detect<S: Simd, T: Sample>(
    simd: S,
    packed: &DetectorCoefficients<T>,
    state: &mut DetectorState<T>,
    input: &DetectorInput<T>,
    powers: &mut [[T; LANES]],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let load = |lanes: &[T; LANES]| T::Lanes8::<S>::from_slice(simd, lanes);
            let c: [T::Lanes8<S>; COEFFICIENTS] = core::array::from_fn(|i| load(&packed[i]));
            let g: [T::Lanes8<S>; 6] = core::array::from_fn(|i| load(&packed[COEFFICIENTS + i]));
            let sidechain = load(&packed[COEFFICIENTS + 6]);
            let [mut s1, mut s2, mut turns @ ..] = state.each_ref().map(load);
            for (f, power) in powers.iter_mut().enumerate() {
                let own = T::Lanes8::<S>::splat(simd, input.own[f]);
                let other = T::Lanes8::<S>::splat(simd, input.sidechain[f]);
                let y = step(&c, &mut s1, &mut s2, sidechain.mul_add(other - own, own));
                let [mut first, mut second] = [y; 2];
                for i in 0..3 {
                    first = all_pass(g[i], &mut turns[i], first);
                    second = all_pass(g[i + 3], &mut turns[i + 3], second);
                }
                let here = first.mul_add(first, second * second);
                here.max(load(power)).store_slice(power);
            }
            for (state, lanes) in state.iter_mut().zip([s1, s2].into_iter().chain(turns)) {
                lanes.store_slice(state);
            }
        },
    )
}

/// One frame of a first-order all-pass per lane, as a trapezoidal one-pole: `twice` is twice its gain, and what
/// comes out is twice the low-pass less the input.
#[inline(always)]
fn all_pass<S: Simd, V: SimdFloat<S>>(twice: V, state: &mut V, x: V) -> V {
    let d = x - *state;
    let y = twice.mul_add(d, *state - d);
    *state = twice.mul_add(d, *state);
    y
}
