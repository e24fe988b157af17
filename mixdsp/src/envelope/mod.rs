//! Floor 3: envelopes: what a level asks for, and how a gain gets there.
//!
//! [`curve`] and [`ballistics`] work in decibels; the sliding minimum and the boxes on a gain in whole
//! numbers.
//!
//! A gain from 0 to 1 is a whole number from 0 to [`UNITY`]. Sums of whole numbers do not drift, and a gain
//! at unity stays exactly there, however long it runs.

pub(crate) mod ballistics;
mod boxes;
pub(crate) mod curve;
mod minimum;

pub(crate) use boxes::Boxes;
pub(crate) use minimum::{SlidingMinimum, minimum_words};

/// A gain of 1.
pub(crate) const UNITY: u32 = 1 << 30;

/// Frames that one call works on at most.
pub(crate) const CHUNK: usize = 64;
