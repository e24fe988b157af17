//! The smallest of the last W values, whatever they are, in the same time for each frame.
//!
//! Windows up to 64 frames double: the minimum of 2 s frames is the smaller of two minima of s frames, and that of W the
//! smaller of two that overlap. Longer ones are made of blocks of 64 frames, which begin where the recursion does:
//!
//! ```text
//! |------ block ------|------ block ------|------ block ------|-- block of now --
//!          |<--------------------------- window ------------------->|
//!           end of one |     smallest of those between         | beginning
//! ```
//!
//! A block that is full turns into the minima from each of its values to its end (van Herk, "A fast algorithm for local
//! minimum and maximum filters on rectangular and octagonal kernels", 1992, whose blocks are as long as the window and
//! take all that time in one frame).

use super::{CHUNK, UNITY};
use fearless_simd::prelude::*;
use fearless_simd::{Simd, u32x8};

/// Frames of history in front of a chunk.
const HISTORY: usize = 63;
/// History and a chunk, up to whole vectors.
const WHOLE: usize = HISTORY + CHUNK + 1;
/// The same and what the longest doubling looks at beyond.
const ROOM: usize = WHOLE + LONGEST;
/// Frames of a block.
const BLOCK: usize = HISTORY + 1;
/// No value is larger; some are larger than unity.
const NEUTRAL: u32 = u32::MAX;
/// The longest doubling.
const LONGEST: usize = BLOCK / 2;
/// What stands before the blocks.
const HEAD: usize = 3;

/// Values that a window of so many frames keeps.
#[inline]
pub(crate) const fn minimum_words(window: usize) -> usize {
    if window <= BLOCK { BLOCK } else { HEAD + blocks(window) * (1 + BLOCK) + BLOCK }
}

/// Blocks that a window may touch.
#[inline]
const fn blocks(window: usize) -> usize {
    (window - 1).div_ceil(BLOCK) + 1
}

/// A sliding minimum in borrowed values.
#[derive(Debug)]
pub(crate) struct SlidingMinimum<'a> {
    window: usize,
    values: &'a mut [u32],
}

impl<'a> SlidingMinimum<'a> {
    /// Over `window` frames, 1 or more, in [`minimum_words`] values.
    #[inline]
    pub(crate) fn new(values: &'a mut [u32], window: usize) -> Self {
        Self { window, values }
    }

    /// Forgets: all was unity.
    pub(crate) fn clear(values: &mut [u32]) {
        values.fill(UNITY);
    }

    /// Replaces each value, at most [`CHUNK`] of them, by the smallest of itself and those before it in the
    /// window. `at` is the number of values before these.
    #[inline(always)]
    pub(crate) fn run<S: Simd>(&mut self, simd: S, values: &mut [u32], at: u64) {
        let count = values.len().min(CHUNK);
        let values = &mut values[..count];
        if self.window <= BLOCK {
            return self.double(values);
        }
        let (mut rest, mut at) = (values, at);
        while !rest.is_empty() {
            let place = (at % BLOCK as u64) as usize;
            let count = rest.len().min(BLOCK - place);
            let (now, then) = rest.split_at_mut(count);
            self.in_block(simd, now, at / BLOCK as u64, place);
            at += count as u64;
            rest = then;
        }
    }

    /// Each minimum stands where its window begins, so that a doubling only looks ahead of what it writes.
    #[inline(always)]
    fn double(&mut self, values: &mut [u32]) {
        let (count, doublings) = (values.len(), self.window.max(1).ilog2());
        let mut minima = [UNITY; ROOM];
        minima[..HISTORY].copy_from_slice(&self.values[..HISTORY]);
        copy(&mut minima[HISTORY..HISTORY + count], values);
        self.values[..HISTORY].copy_from_slice(&minima[count..count + HISTORY]);
        double::<1>(&mut minima, doublings > 0);
        double::<2>(&mut minima, doublings > 1);
        double::<4>(&mut minima, doublings > 2);
        double::<8>(&mut minima, doublings > 3);
        double::<16>(&mut minima, doublings > 4);
        double::<32>(&mut minima, doublings > 5);
        let first = HISTORY + 1 - self.window;
        let last = HISTORY + 1 - (1 << doublings);
        let both = minima[first..first + count].iter().zip(&minima[last..last + count]);
        for (value, (first, last)) in values.iter_mut().zip(both) {
            *value = (*first).min(*last);
        }
    }

    /// Values of one block from a place in it on. A function of its own: it is long.
    #[inline(never)]
    fn in_block<S: Simd>(&mut self, simd: S, values: &mut [u32], block: u64, place: usize) {
        simd.vectorize(
            #[inline(always)]
            || self.of_block(simd, values, block, place),
        );
    }

    #[inline(always)]
    fn of_block<S: Simd>(&mut self, simd: S, values: &mut [u32], block: u64, place: usize) {
        let blocks = blocks(self.window);
        let (behind, offset) = ((self.window - 1) / BLOCK, (self.window - 1) % BLOCK);
        let slot = (block % blocks as u64) as usize;
        let before = |count: usize| if slot < count { slot + blocks - count } else { slot - count };
        let Some(([beginning, near, far], rest)) = self.values.split_first_chunk_mut::<HEAD>() else {
            return;
        };
        let (smallest, ring) = rest.split_at_mut(blocks);
        if place == 0 {
            *beginning = NEUTRAL;
            *near = (1..behind).fold(NEUTRAL, |minimum, count| minimum.min(smallest[before(count)]));
            *far = (*near).min(smallest[before(behind)]);
        }
        let count = values.len();
        copy(&mut ring[slot * BLOCK + place..][..count], values);

        let mut beginnings = [UNITY; BLOCK];
        copy(&mut beginnings[..count], values);
        beginnings[0] = beginnings[0].min(*beginning);
        from_beginning(simd, &mut beginnings);
        *beginning = beginnings[count - 1];
        // Windows of the first begin one block earlier; the blocks lie one behind the other.
        let earlier = offset.saturating_sub(place);
        let from = if offset > 0 { before(behind + 1) + 1 } else { before(behind) } * BLOCK + place - offset;
        let mut ends = [UNITY; BLOCK];
        copy(&mut ends[..count], &ring[from..from + count]);
        let mut between = [*near; BLOCK];
        between[..earlier.min(BLOCK)].fill(*far);
        for i in 0..BLOCK {
            ends[i] = ends[i].min(beginnings[i]).min(between[i]);
        }
        copy(values, &ends[..count]);

        if place + count == BLOCK {
            let mut minima = [UNITY; BLOCK];
            copy(&mut minima, &ring[slot * BLOCK..][..BLOCK]);
            to_end(simd, &mut minima);
            smallest[slot] = minima[0];
            copy(&mut ring[slot * BLOCK..][..BLOCK], &minima);
            if slot == 0 {
                copy(&mut ring[blocks * BLOCK..][..BLOCK], &minima);
            }
        }
    }
}

/// Replaces each value by the smallest of those up to it.
#[inline(always)]
fn from_beginning<S: Simd>(simd: S, values: &mut [u32; BLOCK]) {
    let neutral = u32x8::splat(simd, NEUTRAL);
    let mut before = neutral;
    for values in values.as_chunks_mut::<8>().0 {
        let now = u32x8::from_slice(simd, values);
        let now = now.min(neutral.slide::<7>(now));
        let now = now.min(neutral.slide::<6>(now));
        let now = now.min(neutral.slide::<4>(now)).min(before);
        now.store_slice(values);
        before = u32x8::splat(simd, now.as_slice()[7]);
    }
}

/// Replaces each value by the smallest of those from it on.
#[inline(always)]
fn to_end<S: Simd>(simd: S, values: &mut [u32; BLOCK]) {
    let neutral = u32x8::splat(simd, NEUTRAL);
    let mut behind = neutral;
    for values in values.as_chunks_mut::<8>().0.iter_mut().rev() {
        let now = u32x8::from_slice(simd, values);
        let now = now.min(now.slide::<1>(neutral));
        let now = now.min(now.slide::<2>(neutral));
        let now = now.min(now.slide::<4>(neutral)).min(behind);
        now.store_slice(values);
        behind = u32x8::splat(simd, now.as_slice()[0]);
    }
}

/// Makes minima of `SPAN` frames into such of twice as many. Always of a whole number of vectors, which needs no rest beside
/// them.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};
    use alloc::vec::Vec;

    #[test]
    fn it_is_the_minimum_of_the_window_for_every_cut() {
        let mut seed = 3u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 8
        };
        let input: Vec<u32> = (0..3_000)
            .map(|_| if random() % 50 == 0 { random() % 1_000 } else { UNITY + 4 - random() % 9 })
            .collect();
        for window in
            [1, 2, 3, 5, 31, 32, 63, 64, 65, 66, 100, 127, 128, 129, 200, 255, 256, 500, 1_000, 1_023]
        {
            let mut memory = alloc::vec![UNITY; minimum_words(window)];
            let mut output = input.clone();
            let mut at = 0;
            while at < input.len() {
                let end = input.len().min(at + 1 + random() as usize % CHUNK);
                let part = &mut output[at..end];
                dispatch!(SimdLevel::BEST, s => SlidingMinimum::new(&mut memory, window).run(s, part, at as u64));
                at = end;
            }
            for (i, value) in output.iter().enumerate() {
                let from = (i + 1).saturating_sub(window);
                let before = if i + 1 < window { UNITY } else { NEUTRAL };
                let least = input[from..=i].iter().min().map(|least| before.min(*least));
                assert_eq!(Some(*value), least, "window {window}, frame {i}");
            }
        }
    }
}
