//! Where the parts of a unit lie in the caller's memory.
//!
//! ```text
//! head | config values | cells | marks | shared readings | the unit | the unit's words
//! ```
//!
//! Every part begins at a word of 8 bytes.

use crate::mailbox::{Cell, Number};
use core::sync::atomic::AtomicU32;

/// What a unit consists of.
pub(crate) struct Parts {
    /// Bytes of what stands in front.
    pub(crate) head: usize,
    /// How many config values.
    pub(crate) configs: usize,
    /// How many parameters.
    pub(crate) params: usize,
    /// How many readings, each channel's counted.
    pub(crate) readings: usize,
    /// Bytes of the unit itself.
    pub(crate) unit: usize,
    /// Words that the unit keeps beside itself.
    pub(crate) words: usize,
}

/// Counts of what stands before the unit, and places in words from the front. The config values stand right behind the
/// head.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) configs: usize,
    pub(crate) params: usize,
    pub(crate) readings: usize,
    pub(crate) cells: usize,
    pub(crate) marks: usize,
    pub(crate) shared: usize,
    pub(crate) unit: usize,
}

/// Marks that a word of them holds.
const MARKS: usize = 32;

impl Layout {
    /// The layout and the words from front to end; the unit's own are the last of them. `None` when no address space
    /// holds it.
    pub(crate) fn new(parts: &Parts) -> Option<(Self, usize)> {
        const { assert!(align_of::<Cell>() <= 8 && align_of::<Number>() <= 8) };
        let &Parts { head, configs, params, readings, unit, words } = parts;
        let mut end = 0usize;
        let mut put = |count: usize, size: usize| {
            let from = end;
            end = from.checked_add(count.checked_mul(size)?.div_ceil(8))?;
            Some(from)
        };
        put(1, head)?;
        put(configs, size_of::<f64>())?;
        let cells = put(params, size_of::<Cell>())?;
        let marks = put(params.div_ceil(MARKS), size_of::<AtomicU32>())?;
        let shared = put(readings, size_of::<Number>())?;
        let unit = put(1, unit)?;
        put(words, 8)?;
        let fits = end <= isize::MAX as usize / 8;
        fits.then_some((Self { configs, params, readings, cells, marks, shared, unit }, end))
    }

    /// Words of marks.
    pub(crate) fn marks_len(&self) -> usize {
        self.params.div_ceil(MARKS)
    }
}
