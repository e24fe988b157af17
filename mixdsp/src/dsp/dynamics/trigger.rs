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
use crate::params::ramp::CHUNK;

plain! {
    /// One switch; zeros are off.
    pub(crate) struct Trigger {
        is_on: u32,
        quiet: u32,
    }
}

/// The levels of some frames in decibels, and how many frames it stays on under the lower one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thresholds<'a> {
    pub(crate) on_db: &'a [f64; CHUNK],
    pub(crate) off_db: &'a [f64; CHUNK],
    pub(crate) hold: u32,
}

impl Trigger {
    /// Writes 1 where it is on, 0 where it is off. What stands beyond the frames must be under every level.
    #[inline(always)]
    pub(crate) fn run(
        &mut self,
        levels_db: &[f64; CHUNK],
        thresholds: Thresholds<'_>,
        count: usize,
        on: &mut [f64; CHUNK],
    ) {
        let Thresholds { on_db, off_db, hold } = thresholds;
        let frames = count as u32;
        if self.is_on == 0 {
            let mut turns_on = 0u64;
            for f in 0..CHUNK {
                turns_on |= u64::from(levels_db[f] >= on_db[f]);
            }
            if turns_on == 0 {
                return on.fill(0.0);
            }
        } else if self.quiet.saturating_add(frames) <= hold {
            // It cannot turn off within these frames.
            let loud = (0..count).rev().find(|f| levels_db[*f] >= off_db[*f]);
            self.quiet = loud.map_or(self.quiet + frames, |f| frames - 1 - f as u32);
            return on.fill(1.0);
        }
        for f in 0..count.min(CHUNK) {
            let is_on = self.is_on != 0;
            self.quiet = if levels_db[f] >= off_db[f] { 0 } else { self.quiet.saturating_add(1) };
            let stays_on = is_on && self.quiet <= hold;
            self.is_on = u32::from(stays_on || levels_db[f] >= on_db[f]);
            on[f] = f64::from(self.is_on);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(levels_db: &[f64], cut: usize, hold: u32) -> alloc::vec::Vec<f64> {
        let mut trigger = Trigger { is_on: 0, quiet: 0 };
        let mut out = alloc::vec::Vec::new();
        for part in levels_db.chunks(cut) {
            let mut levels = [-1e4; CHUNK];
            levels[..part.len()].copy_from_slice(part);
            let mut on = [0.0; CHUNK];
            let thresholds = Thresholds { on_db: &[-40.0; CHUNK], off_db: &[-46.0; CHUNK], hold };
            trigger.run(&levels, thresholds, part.len(), &mut on);
            out.extend_from_slice(&on[..part.len()]);
        }
        out
    }

    #[test]
    fn it_holds_for_so_many_frames_and_no_cut_matters() {
        let mut levels = alloc::vec![-60.0; 1_000];
        levels[100] = -40.0;
        levels[150] = -46.0;
        levels[700] = -40.1;
        for hold in [0, 10, 60, 300] {
            let whole = run(&levels, CHUNK, hold);
            let until = if hold >= 50 { 151 + hold as usize } else { 101 + hold as usize };
            for (f, on) in whole.iter().enumerate() {
                assert_eq!(*on == 1.0, (100..until).contains(&f), "hold {hold}, frame {f}");
            }
            for cut in [1, 7, 33] {
                assert_eq!(run(&levels, cut, hold), whole);
            }
        }
    }
}
