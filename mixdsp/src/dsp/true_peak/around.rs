//! Per frame, how high the waveform of a channel goes around it: what holds a ceiling listens to that.

use super::{DELAY, HISTORY, INTERVALS, TruePeakDetector, WINDOW};
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::units::decibels_to_gain;
use crate::dsp::envelope::larger;
use core::ops::Range;
use fearless_simd::Simd;

/// Frames on either side of a peak over which its gain holds: half of the kernels' main part.
pub(crate) const GUARD: usize = 12;
/// Kept under the ceiling, in decibels: the gain moves while a kernel looks, which costs up to 0.0012 dB
/// with a look-ahead of 48 frames or more; rounding and noise-shaped dither take less than the rest.
const MARGIN_DB: f64 = 0.01;
/// The amplitude up to which a ceiling in decibels may be used.
pub(crate) fn usable(ceiling_db: f64) -> f64 {
    decibels_to_gain(ceiling_db - MARGIN_DB)
}

/// Where the samples that are added lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Number of the first since reset.
    pub(crate) at: u64,
    /// Frames of silence behind the audio before the first of them, once it has ended.
    pub(crate) since_end: Option<u64>,
}

/// Writes the peak at each frame: the largest magnitude of its sample and of both intervals beside it. The
/// frames are [`DELAY`] behind the samples that are added. `before` is what the interval before the newest
/// held. What does not exceed `least` may be written as less.
///
/// At both ends of the audio silence beyond them counts, and also what meters make of it that mirror the edges of
/// a file.
#[inline(always)]
pub(crate) fn peaks_around<S: Simd, T: Sample>(
    simd: S,
    detector: &TruePeakDetector<T>,
    window: &[T; WINDOW],
    place: Place,
    before: &mut T,
    least: f64,
    peaks: &mut [T],
) {
    let frames = peaks.len();
    let mut between = [T::ZERO; INTERVALS];
    detector.peaks(simd, window, frames, least, &mut between);
    let mut raise = |mirrored: &[T; WINDOW], intervals: Range<usize>| {
        let mut other = [T::ZERO; INTERVALS];
        detector.peaks(simd, mirrored, frames, least, &mut other);
        for i in intervals {
            between[i] = larger(between[i], other[i]);
        }
    };
    if place.at < HISTORY as u64 {
        let at = place.at as usize;
        // Intervals before the first sample are not heard, and their mirror images not yet known.
        raise(&with_mirrored_beginning(window, at, frames), DELAY.saturating_sub(at)..frames);
    }
    if let Some(beyond) = place.since_end.filter(|beyond| *beyond < DELAY as u64) {
        let beyond = beyond as usize;
        raise(&with_mirrored_end(window, beyond, frames), 0..frames.min(DELAY - beyond));
    }
    let samples = &window[HISTORY - DELAY..];
    let mut earlier = [*before; INTERVALS];
    earlier[1..].copy_from_slice(&between[..INTERVALS - 1]);
    *before = between[peaks.len() - 1];
    for (((peak, sample), between), earlier) in peaks.iter_mut().zip(samples).zip(&between).zip(&earlier) {
        *peak = larger(larger(*earlier, *between), sample.abs());
    }
}

/// What listens to channels that are turned down alike.
#[derive(Debug)]
pub(crate) struct Together<'a, T> {
    pub(crate) detector: &'a TruePeakDetector<T>,
    /// Of each channel.
    pub(crate) windows: &'a mut [[T; WINDOW]],
    pub(crate) before: &'a mut [T],
}

impl<T: Sample> Together<'_, T> {
    /// The peak at each frame of a block of at most [`INTERVALS`] frames, in the channel where it is highest. What does not
    /// exceed `least` may be written as less.
    #[inline(always)]
    pub(crate) fn peaks<S: Simd>(
        &mut self,
        simd: S,
        place: Place,
        least: f64,
        block: &Block<'_, '_, T>,
    ) -> [T; INTERVALS] {
        let frames = block.frames();
        let mut peaks = [T::ZERO; INTERVALS];
        for (channel, (window, before)) in self.windows.iter_mut().zip(self.before.iter_mut()).enumerate() {
            let mut own = [T::ZERO; INTERVALS];
            add(window, block.input(channel));
            peaks_around(simd, self.detector, window, place, before, least, &mut own[..frames]);
            advance(window, frames);
            peaks.iter_mut().zip(&own).for_each(|(peak, own)| *peak = larger(*peak, *own));
        }
        peaks
    }
}

/// The window as if the audio before its beginning were the mirror image of what follows, as ffmpeg's resampler
/// has it: x[-n] = x[n].
fn with_mirrored_beginning<T: Sample>(window: &[T; WINDOW], at: usize, frames: usize) -> [T; WINDOW] {
    let mut mirrored = *window;
    let first = HISTORY - at;
    for n in (1..=first).take_while(|n| *n < at + frames) {
        mirrored[first - n] = window[first + n];
    }
    mirrored
}

/// The window as if the audio behind its end were the mirror image of what comes before, as ffmpeg's resampler has
/// it: x[end + n] = x[end - 1 - n]. The end lies `beyond` frames before the newest samples.
fn with_mirrored_end<T: Sample>(window: &[T; WINDOW], beyond: usize, frames: usize) -> [T; WINDOW] {
    let mut mirrored = *window;
    let end = HISTORY - beyond;
    for n in (0..end).take_while(|n| *n < beyond + frames) {
        mirrored[end + n] = window[end - 1 - n];
    }
    mirrored
}

/// Adds samples behind the history of a window.
#[inline(always)]
pub(crate) fn add<T: Sample>(window: &mut [T; WINDOW], samples: &[T]) {
    window[HISTORY..HISTORY + samples.len()].copy_from_slice(samples);
}

/// Makes the newest samples the history.
#[inline(always)]
pub(crate) fn advance<T: Sample>(window: &mut [T; WINDOW], frames: usize) {
    window.copy_within(frames..frames + HISTORY, 0);
}
