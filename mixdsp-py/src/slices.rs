//! Slices: samples of numpy arrays in memory of our own, at most 1024 frames, planar, in cache.
//!
//! So input and output may be one array, have any strides, and differ in length. Any cut gives the same bits, so the
//! size of a slice is free.

use crate::array::{Plane, Scalar};
use crate::failure::Failure;
use mixdsp::SimdLevel;
use mixdsp::base::audio::is_clean;

/// Most frames that are worked on at a time.
pub(crate) const SLICE: usize = 1024;

/// Refuses a view with a sample that is not finite.
pub(crate) fn check_finite<T: Scalar>(input: &Plane<'_, T>, what: &str) -> Result<(), Failure> {
    let mut samples = [T::ZERO; SLICE];
    for channel in 0..input.channels() {
        for frame in (0..input.frames()).step_by(SLICE) {
            let part = &mut samples[..SLICE.min(input.frames() - frame)];
            input.read(channel, frame, part);
            refuse_not_finite(part, what, channel, frame)?;
        }
    }
    Ok(())
}

/// Copies frames of every channel into the slice; silence after the input's end.
pub(crate) fn load<T: Scalar>(
    slice: &mut [T],
    channels: usize,
    input: Option<&Plane<'_, T>>,
    at: usize,
    frames: usize,
    check: Option<&str>,
) -> Result<(), Failure> {
    let there = input.map_or(0, |input| input.frames().saturating_sub(at).min(frames));
    for (channel, plane) in slice.chunks_exact_mut(frames.max(1)).take(channels).enumerate() {
        let (sound, silence) = plane.split_at_mut(there);
        silence.fill(T::ZERO);
        if let Some(input) = input.filter(|_| there > 0) {
            input.read(channel, at, sound);
            if let Some(what) = check {
                refuse_not_finite(sound, what, channel, at)?;
            }
        }
    }
    Ok(())
}

#[inline]
pub(crate) fn refuse_not_finite<T: Scalar>(
    samples: &[T],
    what: &str,
    channel: usize,
    at: usize,
) -> Result<(), Failure> {
    if is_clean(SimdLevel::BEST, samples) {
        return Ok(());
    }
    let Some(found) = samples.iter().position(|sample| !sample.is_finite()) else { return Ok(()) };
    let (value, frame) = (samples[found].to_f64(), at + found);
    Err(Failure::Value(format!(
        "{what}sample {frame} of channel {channel} is {value}: only finite values have a sound \
         (check_finite=False reads them as 0)"
    )))
}
