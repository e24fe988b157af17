//! Floor 4: how loud a key is, frame by frame: the largest distance from zero of a channel or of all.

use super::detector::Key;
use crate::base::sample::Sample;
use crate::base::units::DECIBELS_PER_OCTAVE;
use crate::dsp::envelope::larger;
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;

/// The largest of all channels.
#[inline(always)]
pub(crate) fn of_all<S: Simd, T: Sample>(simd: S, key: &Key<'_, T>) -> [T; CHUNK] {
    let (mut peaks, mut raised) = ([T::ZERO; CHUNK], [T::ZERO; CHUNK]);
    let (mut peaks, mut raised) = (&mut peaks, &mut raised);
    for channel in 0..key.channels {
        raise(simd, peaks, key, channel, raised);
        core::mem::swap(&mut peaks, &mut raised);
    }
    *peaks
}

/// Those of one channel.
#[inline(always)]
pub(crate) fn of_channel<S: Simd, T: Sample>(simd: S, key: &Key<'_, T>, channel: usize) -> [T; CHUNK] {
    let mut peaks = [T::ZERO; CHUNK];
    raise(simd, &[T::ZERO; CHUNK], key, channel, &mut peaks);
    peaks
}

/// Writes the larger of peaks and the distances from zero of a channel of the key. A function of its own: it is used in
/// two places. (Written over the peaks themselves it would be a store under a mask, which takes longer than all the rest.)
#[inline(never)]
fn raise<S: Simd, T: Sample>(
    simd: S,
    peaks: &[T; CHUNK],
    key: &Key<'_, T>,
    channel: usize,
    raised: &mut [T; CHUNK],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let mut room = [T::ZERO; CHUNK];
            let samples = key.chunk(channel, &mut room);
            for f in 0..CHUNK {
                raised[f] = larger(peaks[f], samples[f].abs());
            }
        },
    );
}

/// Peaks in decibels. A function of its own: it is used in several places.
#[inline(never)]
pub(crate) fn decibels<S: Simd, T: Sample>(simd: S, peaks: &[T; CHUNK]) -> [f64; CHUNK] {
    let mut levels_db = [0.0; CHUNK];
    simd.vectorize(
        #[inline(always)]
        || {
            // By themselves, so that as many logarithms as fit into a vector of T are taken at once.
            let mut octaves = [T::ZERO; CHUNK];
            for f in 0..CHUNK {
                octaves[f] = peaks[f].log2();
            }
            for f in 0..CHUNK {
                levels_db[f] = octaves[f].to_f64() * DECIBELS_PER_OCTAVE;
            }
        },
    );
    levels_db
}
