//! Floor 4: a switch that a level turns on and off.
//!
//! ```text
//! level >= threshold                                       --> on
//! level <  threshold - hysteresis for longer than the hold --> off
//! ```
//!
//! Between the two levels it stays what it is, so that a level near the threshold does not make it chatter.
//!
//! State: whether it is on; `quiet`, frames since the level was last at or above the lower of the two.

use crate::base::memory::plain;
use crate::base::sample::Sample;
use crate::params::ramp::CHUNK;

plain! {
    /// One switch; zeros are off.
    pub(crate) struct Trigger {
        is_on: u32,
        quiet: u32,
    }
}

/// The levels of some frames as amplitudes above 0, and how many frames it stays on under the lower one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thresholds<'a, T> {
    pub(crate) on: &'a [T; CHUNK],
    pub(crate) off: &'a [T; CHUNK],
    pub(crate) hold: u32,
}

impl Trigger {
    /// Writes 1 where it is on, 0 where it is off, by the peaks of so many frames.
    #[inline(always)]
    pub(crate) fn run<T: Sample>(
        &mut self,
        peaks: &[T; CHUNK],
        thresholds: Thresholds<'_, T>,
        count: usize,
        is_on: &mut [f64; CHUNK],
    ) {
        let Thresholds { on, off, hold } = thresholds;
        let frames = count as u32;
        if self.is_on == 0 {
            let mut turns_on = 0u32;
            for f in 0..count.min(CHUNK) {
                turns_on |= u32::from(peaks[f] >= on[f]);
            }
            if turns_on == 0 {
                return is_on.fill(0.0);
            }
        } else if self.quiet.saturating_add(frames) <= hold {
            // It cannot turn off within these frames.
            let loud = (0..count.min(CHUNK)).rev().find(|f| peaks[*f] >= off[*f]);
            self.quiet = loud.map_or(self.quiet + frames, |f| frames - 1 - f as u32);
            return is_on.fill(1.0);
        }
        for f in 0..count.min(CHUNK) {
            let was_on = self.is_on != 0;
            self.quiet = if peaks[f] >= off[f] { 0 } else { self.quiet.saturating_add(1) };
            let stays_on = was_on && self.quiet <= hold;
            self.is_on = u32::from(stays_on || peaks[f] >= on[f]);
            is_on[f] = f64::from(self.is_on);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(peaks: &[f64], cut: usize, hold: u32) -> alloc::vec::Vec<f64> {
        let mut trigger = Trigger { is_on: 0, quiet: 0 };
        let mut out = alloc::vec::Vec::new();
        for part in peaks.chunks(cut) {
            let mut peaks = [9.0; CHUNK];
            peaks[..part.len()].copy_from_slice(part);
            let mut on = [0.0; CHUNK];
            let thresholds = Thresholds { on: &[0.01; CHUNK], off: &[0.005; CHUNK], hold };
            trigger.run(&peaks, thresholds, part.len(), &mut on);
            out.extend_from_slice(&on[..part.len()]);
        }
        out
    }

    #[test]
    fn it_holds_for_so_many_frames_and_no_cut_matters() {
        let mut peaks = alloc::vec![0.001; 1_000];
        peaks[100] = 0.01;
        peaks[150] = 0.005;
        peaks[700] = 0.0099;
        for hold in [0, 10, 60, 300] {
            let whole = run(&peaks, CHUNK, hold);
            let until = if hold >= 50 { 151 + hold as usize } else { 101 + hold as usize };
            for (f, on) in whole.iter().enumerate() {
                assert_eq!(*on == 1.0, (100..until).contains(&f), "hold {hold}, frame {f}");
            }
            for cut in [1, 7, 33] {
                assert_eq!(run(&peaks, cut, hold), whole);
            }
        }
    }
}
