//! Mid-side paths: one processor for what both channels share, another for what they differ in.
//!
//! ```text
//! left  --+--> (left + right) / 2 --> mid processor  --> wait --+--> mid + side --> left
//! right --+--> (left - right) / 2 --> side processor --> wait --+--> mid - side --> right
//! ```
//!
//! With nothing in both, what goes in comes out, to one rounding. Latency is that of the slower path. No parameters of
//! its own: the mid processor is node 0. Cost: two additions and a multiplication per sample.

use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::compose::node::{Latencies, Node};
use crate::compose::two_paths::{SHAPE, TwoPaths};
use crate::engine::processor::Processor;

/// A processor of one channel on mid, another on side. The mid path is node 0, the side path follows.
pub type MidSidePaths<T, P, Q, S = crate::base::memory::Storage> = Node<TwoPaths<true>, T, (P, Q), S>;

impl<T: Sample, P: Processor<T>, Q: Processor<T>> MidSidePaths<T, P, Q> {
    /// Words that these paths need.
    pub fn memory(mid: &P, side: &Q) -> usize {
        Latencies::default().and(mid.latency()).and(side.latency()).words::<T>(SHAPE)
    }

    /// Paths that own their memory. The spec has two channels.
    #[cfg(any(feature = "alloc", test))]
    pub fn new(spec: Spec, mid: P, side: Q) -> Result<Self, Error> {
        Node::boxed(spec, TwoPaths::new(&spec)?, (mid, side))
    }
}

impl<T: Sample, P: Processor<T>, Q: Processor<T>, S: Store> MidSidePaths<T, P, Q, S> {
    /// Paths in memory of the caller. The spec has two channels.
    pub fn new_in(spec: Spec, mid: P, side: Q, storage: S) -> Result<Self, Error> {
        Node::build(spec, TwoPaths::new(&spec)?, (mid, side), storage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Align, AlignConfig, Gain, GainParams, NoConfig};
    use alloc::vec::Vec;

    const SPEC: Spec = Spec::new(48_000.0, 2);
    const ONE: Spec = Spec::new(48_000.0, 1);

    fn noise<T: Sample>(frames: usize, mut seed: u64) -> Vec<T> {
        let next = |_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            T::from_f64((seed >> 11) as f64 / (1u64 << 52) as f64 - 1.0)
        };
        (0..frames).map(next).collect()
    }

    /// The largest distance of what comes out from what went in, with nothing but a delay in the side path.
    fn off<T: Sample>(frames: usize) -> f64 {
        const DELAY: usize = 41;
        let align = Align::<T>::new(ONE, AlignConfig { frames: DELAY as u32 }, ()).unwrap();
        let mut node = MidSidePaths::new(SPEC, (), align).unwrap();
        assert_eq!(Processor::<T>::latency(&node), DELAY);
        let input = [noise::<T>(frames, 1), noise::<T>(frames, 2)];
        let [mut left, mut right] = input.clone();
        node.process(&mut [&mut left, &mut right], &[]).unwrap();
        let pairs = input.iter().zip([left, right]);
        let off = pairs.flat_map(|(input, output)| {
            let off = |f: usize| (output[f + DELAY].to_f64() - input[f].to_f64()).abs();
            (0..frames - DELAY).map(off).collect::<Vec<_>>()
        });
        off.fold(0.0, f64::max)
    }

    #[test]
    fn with_nothing_in_both_what_goes_in_comes_out() {
        let (single, double) = (off::<f32>(20_000), off::<f64>(20_000));
        assert!(20.0 * single.log10() <= -140.0, "f32: {single:e}");
        assert!(double <= 1e-15, "f64: {double:e}");
    }

    #[test]
    fn without_side_both_are_the_mid() {
        let mute = GainParams { mute: true, ..Default::default() };
        let side = Gain::<f32>::new(ONE, NoConfig, mute).unwrap();
        let mut node = MidSidePaths::new(SPEC, (), side).unwrap();
        let (mut left, mut right) = ([0.5, 0.25, -1.0], [0.25, -0.25, 0.0]);
        node.process(&mut [&mut left, &mut right], &[]).unwrap();
        assert_eq!((left, right), ([0.375, 0.0, -0.5], [0.375, 0.0, -0.5]));
        assert_eq!(node.get(GainParams::MUTE.any()), Some(1.0), "an empty mid path counts no node");
    }

    #[test]
    fn a_mono_spec_and_members_of_two_channels_are_refused() {
        let refused = MidSidePaths::<f32, _, _>::new(ONE, (), ()).unwrap_err();
        assert_eq!(refused, Error::Channels { what: "inputs", value: 1, minimum: 2, maximum: 2 });
        let stereo = Gain::<f32>::new(SPEC, NoConfig, ()).unwrap();
        let refused = MidSidePaths::new(SPEC, (), stereo).unwrap_err();
        assert_eq!(refused, Error::BlockChannels { what: "audio", needed: 2, given: 1 });
    }
}
