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
