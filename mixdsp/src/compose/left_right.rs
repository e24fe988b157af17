//! Left-right: one processor for each side of a stereo pair.
//!
//! ```text
//! left  --> left processor  --> wait --> left
//! right --> right processor --> wait --> right
//! ```
//!
//! Latency is that of the slower path. No parameters of its own: the left processor is node 0.

use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::compose::node::{Latencies, Node};
use crate::compose::two_paths::{SHAPE, TwoPaths};
use crate::engine::processor::Processor;

/// A processor of one channel for each side. The left one is node 0, the right one follows.
pub type LeftRight<T, P, Q, S = crate::base::memory::Storage> = Node<TwoPaths<false>, T, (P, Q), S>;

impl<T: Sample, P: Processor<T>, Q: Processor<T>> LeftRight<T, P, Q> {
    /// Words that these paths need.
    pub fn memory(left: &P, right: &Q) -> usize {
        Latencies::default().and(left.latency()).and(right.latency()).words::<T>(SHAPE)
    }

    /// Paths that own their memory. The spec has two channels.
    #[cfg(any(feature = "alloc", test))]
    pub fn new(spec: Spec, left: P, right: Q) -> Result<Self, Error> {
        Node::boxed(spec, TwoPaths::new(&spec)?, (left, right))
    }
}

impl<T: Sample, P: Processor<T>, Q: Processor<T>, S: Store> LeftRight<T, P, Q, S> {
    /// Paths in memory of the caller. The spec has two channels.
    pub fn new_in(spec: Spec, left: P, right: Q, storage: S) -> Result<Self, Error> {
        Node::build(spec, TwoPaths::new(&spec)?, (left, right), storage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::kind::ResponseAt;
    use crate::{Align, AlignConfig, Gain, GainParams, NoConfig};

    #[test]
    fn each_side_has_its_own_and_both_meet() {
        let one = Spec::new(48_000.0, 1);
        let params = GainParams { gain_db: -20.0, ..Default::default() };
        let left = Gain::<f64>::new(one, NoConfig, params).unwrap();
        let right = Align::<f64>::new(one, AlignConfig { frames: 2 }, ()).unwrap();
        let mut node = LeftRight::new(Spec::new(48_000.0, 2), left, right).unwrap();
        let (mut l, mut r) = ([1.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.0, 0.0]);
        node.process(&mut [&mut l, &mut r], &[]).unwrap();
        assert!((l[2] - 0.1).abs() < 1e-15 && l[0] == 0.0);
        assert_eq!(r, [0.0, 0.0, 0.5, 0.0]);
        assert!(node.response(1_000.0, ResponseAt::Now).is_none(), "the sides differ");
        node.set(GainParams::GAIN_DB.in_node(0), 0.0).unwrap();
        let both = node.response(6_000.0, ResponseAt::Settled).unwrap();
        assert!((both - num_complex::Complex::new(0.0, -1.0)).norm() < 1e-12, "two frames of 6 kHz: {both}");
    }
}
