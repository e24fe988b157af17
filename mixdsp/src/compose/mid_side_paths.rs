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
