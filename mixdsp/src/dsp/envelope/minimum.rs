//! The smallest value of the last frames, at the same cost every frame.
//!
//! ```text
//! minima of 1 -> 2 -> 4 -> ... -> 2^k frames, each from the one before and itself 1, 2, 4 ... frames ago
//! minimum of W = 2^k + d frames: that of the last 2^k, and that of 2^k frames d frames ago
//! ```
//!
//! Nothing in it depends on the values, and nothing waits for the frame before: lanes are neighbouring
//! frames. (A monotonic queue has a worst frame that takes W steps; van Herk's scheme a frame in W that
//! does.) Minima up to 64 frames are formed in a window with 63 frames of history, longer ones against rings
//! of their own length.

use super::{CHUNK, UNITY};

/// Frames of history in front of a chunk.
const HISTORY: usize = 63;
/// History and a chunk, up to whole vectors.
const WHOLE: usize = HISTORY + CHUNK + 1;
/// The same and what the longest doubling looks at beyond.
const ROOM: usize = WHOLE + 32;
/// Doublings that happen in the window.
const IN_WINDOW: u32 = 6;

/// Values that a window of so many frames keeps.
#[inline]
pub(crate) const fn minimum_words(window: usize) -> usize {
    if doublings(window) < IN_WINDOW { HISTORY + 1 } else { HISTORY + 1 + ring_values(window) }
}

#[inline]
const fn doublings(window: usize) -> u32 {
    if window < 2 { 0 } else { window.ilog2() }
}

/// The rings of 64, 128 ... 2^(k-1) frames, and one of 2^(k+1) for the shift.
const fn ring_values(window: usize) -> usize {
    let top = 1usize << doublings(window);
    top - (1 << IN_WINDOW) + 2 * top
}

/// A sliding minimum in borrowed values.
#[derive(Debug)]
pub(crate) struct SlidingMinimum<'a> {
    window: usize,
    history: &'a mut [u32],
    rings: &'a mut [u32],
}

impl<'a> SlidingMinimum<'a> {
    /// Over `window` frames, 1 or more, in [`minimum_words`] values.
    #[inline]
    pub(crate) fn new(values: &'a mut [u32], window: usize) -> Self {
        let (history, rings) = values.split_at_mut(HISTORY + 1);
        Self { window, history, rings }
    }

    /// Forgets: all was unity.
    pub(crate) fn clear(values: &mut [u32]) {
        values.fill(UNITY);
    }

    /// Replaces each value, at most [`CHUNK`] of them, by the smallest of itself and those before it in the
    /// window. `at` is the number of values before these.
    #[inline(always)]
    pub(crate) fn run(&mut self, values: &mut [u32], at: u64) {
        let count = values.len().min(CHUNK);
        let values = &mut values[..count];
        let doublings = doublings(self.window);
        // Each minimum stands where its window begins, so that a doubling only looks ahead of what it writes.
        let mut minima = [UNITY; ROOM];
        minima[..HISTORY].copy_from_slice(&self.history[..HISTORY]);
        copy(&mut minima[HISTORY..HISTORY + count], values);
        self.history[..HISTORY].copy_from_slice(&minima[count..count + HISTORY]);
        double::<1>(&mut minima, doublings > 0);
        double::<2>(&mut minima, doublings > 1);
        double::<4>(&mut minima, doublings > 2);
        double::<8>(&mut minima, doublings > 3);
        double::<16>(&mut minima, doublings > 4);
        double::<32>(&mut minima, doublings > 5);
        if doublings < IN_WINDOW {
            let first = HISTORY + 1 - self.window;
            let last = HISTORY + 1 - (1 << doublings);
            let both = minima[first..first + count].iter().zip(&minima[last..last + count]);
            for (value, (first, last)) in values.iter_mut().zip(both) {
                *value = (*first).min(*last);
            }
            return;
        }
        let mut span = 1 << IN_WINDOW;
        let shift = self.window - (1 << doublings);
        copy(values, &minima[..count]);
        let mut rings = &mut *self.rings;
        for _ in IN_WINDOW..doublings {
            let (ring, rest) = rings.split_at_mut(span);
            each_segment(at, span, count, |place, from, to| {
                for (old, value) in ring[place..].iter_mut().zip(&mut values[from..to]) {
                    let minimum = (*value).min(*old);
                    *old = *value;
                    *value = minimum;
                }
            });
            rings = rest;
            span *= 2;
        }
        let size = 2 * span;
        each_segment(at, size, count, |place, from, to| {
            copy(&mut rings[place..place + to - from], &values[from..to]);
        });
        each_segment(at + (size - shift) as u64, size, count, |place, from, to| {
            for (value, earlier) in values[from..to].iter_mut().zip(&rings[place..]) {
                *value = (*value).min(*earlier);
            }
        });
    }
}

/// Makes minima of `SPAN` frames into such of twice as many. Always of a whole chunk and its history: for a
/// number of values that the compiler knows it needs no rest beside the vectors.
#[inline(always)]
fn double<const SPAN: usize>(minima: &mut [u32; ROOM], wanted: bool) {
    if wanted {
        for i in 0..WHOLE {
            minima[i] = minima[i].min(minima[i + SPAN]);
        }
    }
}

/// Copies values; a whole chunk of them without asking how many there are.
#[inline(always)]
fn copy(to: &mut [u32], from: &[u32]) {
    match (to.first_chunk_mut::<CHUNK>(), from.first_chunk::<CHUNK>()) {
        (Some(to), Some(from)) => *to = *from,
        _ => to.copy_from_slice(from),
    }
}

/// Calls `act` with a place in a ring of `size`, a power of two, and the range of values that lie from there
/// on.
#[inline(always)]
fn each_segment(at: u64, size: usize, count: usize, mut act: impl FnMut(usize, usize, usize)) {
    let mut from = 0;
    while from < count {
        let place = (at as usize).wrapping_add(from) & (size - 1);
        let to = count.min(from + size - place);
        act(place, from, to);
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn it_is_the_minimum_of_the_window_for_every_cut() {
        let mut seed = 3u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 8
        };
        let input: Vec<u32> = (0..3_000)
            .map(|_| if random() % 50 == 0 { random() % 1_000 } else { UNITY - random() % 9 })
            .collect();
        for window in [1, 2, 3, 5, 31, 32, 63, 64, 65, 100, 127, 128, 129, 200, 255, 256, 500, 1_000, 1_023] {
            let mut memory = alloc::vec![UNITY; minimum_words(window)];
            let mut output = input.clone();
            let mut at = 0;
            while at < input.len() {
                let end = input.len().min(at + 1 + random() as usize % CHUNK);
                SlidingMinimum::new(&mut memory, window).run(&mut output[at..end], at as u64);
                at = end;
            }
            for (i, value) in output.iter().enumerate() {
                let from = (i + 1).saturating_sub(window);
                assert_eq!(Some(value), input[from..=i].iter().min(), "window {window}, frame {i}");
            }
        }
    }
}
