//! Floor 6: processors made of processors, without a heap.
//!
//! ```text
//! chain:         in --> a --> b --> c --> out                     tuples, slices, vectors
//! Parallel:      in --+--> a --+--> out                           the same input for all, summed, beside the dry
//!                     |--> b --|
//!                     `--------'
//! MidSidePaths:  left, right --> mid, side --> a on mid, b on side --> left, right
//! LeftRight:     a on left, b on right
//! Bands:         in --> crossover --> a, b, c on a band each --> out
//! Delta:         in --> delay --> minus a --> out                 what a processor takes away
//! Oversampled:   in --> up --> a --> down --> out                 a processor at a multiple of the rate
//! ```
//!
//! A member may be any of these again. Paths side by side wait for the slowest, so that all meet to the sample.

pub mod bands;
pub mod blend;
pub mod chain;
pub mod delta;
pub mod left_right;
pub mod members;
pub mod mid_side_paths;
pub mod node;
pub mod oversampled;
pub mod parallel;
pub mod two_paths;
