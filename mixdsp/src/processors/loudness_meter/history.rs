//! Floor 5: loudness over time, in room of the caller.

use crate::processors::loudness_meter::histogram::{self, loudness};

/// Room of the caller for values every 100 ms; see [`LoudnessMeter::process_into`](crate::LoudnessMeter::process_into).
#[derive(Debug)]
pub struct History<'a> {
    momentary: &'a mut [f32],
    short_term: &'a mut [f32],
    written: usize,
    missed: usize,
}

impl<'a> History<'a> {
    /// Writes momentary and short-term loudness into two slices of the caller, 10 values per second each.
    /// One of them may be empty. 10 hours of both take 2.9 MB.
    pub fn new(momentary: &'a mut [f32], short_term: &'a mut [f32]) -> Self {
        Self { momentary, short_term, written: 0, missed: 0 }
    }

    /// Momentary loudness in LUFS, one per 100 ms: the gating blocks, so that [`integrated`] of them is
    /// exact. Not a number where the window is not whole.
    ///
    /// [`integrated`]: crate::processors::loudness_meter::integrated
    pub fn momentary(&self) -> &[f32] {
        &self.momentary[..self.written.min(self.momentary.len())]
    }

    /// Short-term loudness in LUFS, one per 100 ms; not a number where the window is not whole.
    pub fn short_term(&self) -> &[f32] {
        &self.short_term[..self.written.min(self.short_term.len())]
    }

    /// Values for which there was no room in the longer of the two.
    pub fn missed(&self) -> usize {
        self.missed
    }

    /// Gating exact: integrated loudness of what is held, in LUFS.
    pub fn integrated(&self) -> Option<f64> {
        histogram::integrated(self.momentary().iter().copied())
    }

    /// Adds the energies of both windows, where they are whole.
    pub(super) fn push(&mut self, momentary: Option<f64>, short_term: Option<f64>) {
        let value = |energy: Option<f64>| energy.map_or(f32::NAN, |energy| loudness(energy) as f32);
        if let Some(slot) = self.momentary.get_mut(self.written) {
            *slot = value(momentary);
        }
        if let Some(slot) = self.short_term.get_mut(self.written) {
            *slot = value(short_term);
        }
        if self.written < self.momentary.len().max(self.short_term.len()) {
            self.written += 1;
        } else {
            self.missed += 1;
        }
    }
}
