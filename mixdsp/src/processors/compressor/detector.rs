//! From samples to the reductions that are asked for.
//!
//! ```text
//! |x| of each channel --> dB --> curve --> own      own (1 - link) + largest link --> whole number
//! largest |x| of all  --> dB --> curve --> largest
//! ```
//!
//! The largest reduction is what the curve asks for at the largest level, so linked channels take one logarithm.

use super::course::Course;
use super::path::{GROUP, Whole, to_whole};
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::dsp::envelope::larger;
use crate::engine::old::Key;
use crate::params::ramp::CHUNK;

/// Decibels of a doubling.
pub(super) const DECIBELS_PER_OCTAVE: f64 = 6.020_599_913_279_624;

/// What the loudest of all channels asks for.
pub(super) struct Asked {
    /// Whether this is what every channel gets.
    pub(super) linked: bool,
    /// The reductions in decibels; zeros where no channel has a share in them.
    largest: [f64; CHUNK],
    pub(super) together: Whole,
}

impl Asked {
    /// Listens to all channels of the key, or to those of the block.
    #[inline(always)]
    pub(super) fn hear<T: Sample>(
        course: &Course,
        block: &Block<'_, '_, T>,
        key: Key<'_, T>,
        channels: usize,
    ) -> Self {
        let listening = if key.channels() > 0 { key.channels() } else { channels };
        // A key of another width turns all channels down alike.
        let linked = course.uniform.linked || listening != channels;
        let mut largest = [0.0; CHUNK];
        if linked || !course.uniform.unlinked {
            let mut peaks = [T::ZERO; CHUNK];
            for channel in 0..listening {
                peaks = raised(&peaks, &hear(block, key, channel));
            }
            largest = reductions(&peaks, course, block.frames());
        }
        Self { linked, largest, together: to_whole(&largest) }
    }

    /// What a channel gets.
    #[inline(always)]
    pub(super) fn by<T: Sample>(
        &self,
        course: &Course,
        block: &Block<'_, '_, T>,
        key: Key<'_, T>,
        channel: usize,
    ) -> Whole {
        if self.linked {
            return self.together;
        }
        let peaks = raised(&[T::ZERO; CHUNK], &hear(block, key, channel));
        let mut own = reductions(&peaks, course, block.frames());
        for f in 0..CHUNK {
            // Exactly the largest at 1, exactly its own at 0.
            own[f] = own[f] * (1.0 - course.link[f]) + self.largest[f] * course.link[f];
        }
        to_whole(&own)
    }
}

/// Samples of a channel of the key, or of the block where there is none, and zeros up to a whole chunk.
#[inline(always)]
fn hear<T: Sample>(block: &Block<'_, '_, T>, key: Key<'_, T>, channel: usize) -> [T; CHUNK] {
    let mut heard = [T::ZERO; CHUNK];
    if key.channels() > 0 {
        heard.iter_mut().zip(key.samples(channel)).for_each(|(heard, sample)| *heard = sample);
    } else {
        let samples = block.input(channel);
        match samples.first_chunk() {
            Some(whole) => heard = *whole,
            None => heard[..samples.len()].copy_from_slice(samples),
        }
    }
    heard
}

/// The larger of peaks and these samples' distances from zero. (Written over the peaks themselves it would be
/// a store under a mask, which takes longer than all the rest.)
#[inline(always)]
fn raised<T: Sample>(peaks: &[T; CHUNK], samples: &[T; CHUNK]) -> [T; CHUNK] {
    let mut raised = [T::ZERO; CHUNK];
    for f in 0..CHUNK {
        raised[f] = larger(peaks[f], samples[f].abs());
    }
    raised
}

/// Decibels that the curve asks for at these peaks.
#[inline(always)]
fn reductions<T: Sample>(peaks: &[T; CHUNK], course: &Course, count: usize) -> [f64; CHUNK] {
    let mut reductions = [0.0; CHUNK];
    for group in 0..count.min(CHUNK).div_ceil(GROUP) {
        let from = group * GROUP;
        // By themselves, so that as many logarithms as fit into a vector of T are taken at once.
        let mut octaves = [T::ZERO; GROUP];
        for i in 0..GROUP {
            octaves[i] = peaks[from + i].log2();
        }
        for i in 0..GROUP {
            let level = octaves[i].to_f64() * DECIBELS_PER_OCTAVE;
            reductions[from + i] = course.curve(from + i).reduction_db(level);
        }
    }
    reductions
}
