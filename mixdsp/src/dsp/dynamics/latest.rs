//! Floor 4: a reading at each of the latest frames, for those who ask after a call.

use crate::params::ramp::CHUNK;

/// The latest values, newest last.
#[derive(Debug)]
pub(crate) struct Latest {
    values: [f64; CHUNK],
    known: usize,
}

impl Latest {
    /// Nothing yet.
    pub(crate) const EMPTY: Self = Self { values: [0.0; CHUNK], known: 0 };

    /// Keeps values, at most [`CHUNK`] of them.
    pub(crate) fn keep(&mut self, values: &[f64]) {
        let count = values.len();
        self.values.copy_within(count.., 0);
        self.values[CHUNK - count..].copy_from_slice(values);
        self.known = CHUNK.min(self.known + count);
    }

    /// The newest.
    pub(crate) fn newest(&self) -> Option<f64> {
        (self.known > 0).then(|| self.values[CHUNK - 1])
    }

    /// Writes what is known to the end of `out`; returns how many.
    pub(crate) fn write(&self, out: &mut [f64]) -> usize {
        let known = self.known.min(out.len());
        let newest = out.len() - known;
        out[newest..].copy_from_slice(&self.values[CHUNK - known..]);
        known
    }
}
