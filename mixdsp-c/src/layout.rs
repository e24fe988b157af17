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

/// Counts, and places in words from the front.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) configs: usize,
    pub(crate) params: usize,
    pub(crate) readings: usize,
    pub(crate) config: usize,
    pub(crate) cells: usize,
    pub(crate) marks: usize,
    pub(crate) shared: usize,
    pub(crate) unit: usize,
    pub(crate) storage: usize,
    pub(crate) words: usize,
}

/// Marks that a word of them holds.
const MARKS: usize = 32;

impl Layout {
    /// `None` when no address space holds it.
    pub(crate) fn new(parts: &Parts) -> Option<Self> {
        const { assert!(align_of::<Cell>() <= 8 && align_of::<Number>() <= 8) };
        let &Parts { head, configs, params, readings, unit, words } = parts;
        let mut end = 0usize;
        let mut put = |count: usize, size: usize| {
            let from = end;
            end = from.checked_add(count.checked_mul(size)?.div_ceil(8))?;
            Some(from)
        };
        put(1, head)?;
        let layout = Self {
            configs,
            params,
            readings,
            config: put(configs, size_of::<f64>())?,
            cells: put(params, size_of::<Cell>())?,
            marks: put(params.div_ceil(MARKS), size_of::<AtomicU32>())?,
            shared: put(readings, size_of::<Number>())?,
            unit: put(1, unit)?,
            storage: put(words, 8)?,
            words,
        };
        (end <= isize::MAX as usize / 8).then_some(layout)
    }

    /// Words from front to end.
    pub(crate) fn total(&self) -> usize {
        self.storage + self.words
    }

    /// Bytes from front to end.
    pub(crate) fn bytes(&self) -> usize {
        self.total() * 8
    }

    /// Words of marks.
    pub(crate) fn marks_len(&self) -> usize {
        self.params.div_ceil(MARKS)
    }
}
