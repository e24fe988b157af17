//! Compares the output with the ceiling, for the overshoot readings.

/// What was measured since reset.
#[derive(Clone, Copy, Debug)]
pub(super) struct CeilingCheck {
    /// The ceiling that the output may still be under, and the frames for which that one counts.
    ceiling: f64,
    frames: u64,
    /// Intervals over the ceiling.
    pub(super) over: u64,
    /// Largest ratio of output to ceiling.
    pub(super) highest: f64,
}

impl CeilingCheck {
    pub(super) fn new(ceiling: f64) -> Self {
        Self { ceiling, frames: 0, over: 0, highest: 0.0 }
    }

    /// The ceiling moves: for so many frames the output may still be under the higher of both.
    pub(super) fn change(&mut self, ceiling: f64, frames: usize) {
        self.ceiling = self.ceiling.max(ceiling);
        self.frames = frames as u64;
    }

    /// Takes the highest point of each of the next intervals.
    pub(super) fn add(&mut self, highest: &[f64], ceiling: f64) {
        for highest in highest {
            if self.frames == 0 {
                self.ceiling = ceiling;
            }
            self.frames = self.frames.saturating_sub(1);
            let ratio = highest / self.ceiling;
            self.over += (ratio > 1.0) as u64;
            self.highest = self.highest.max(ratio);
        }
    }
}
