//! A rack: units in series as Python asked for them, fed from numpy arrays.
//!
//! ```text
//! input --read--> slice (at most 1024 frames, planar, in cache) --unit--> ... --unit--> slice --write--> output
//! ```
//!
//! Samples go through a slice of our own memory, so that input and output may be one array, have any
//! strides, and differ in length. Any cut gives the same bits, so the size of a slice is free.

use crate::array::{Plane, PlaneMut, Scalar};
use crate::automation::{Automation, Track};
use crate::entry::{AnyUnit, Build, processor};
use crate::failure::Failure;
use mixdsp::base::audio::{MAX_CHANNELS, is_clean};
use mixdsp::catalogue::Descriptor;
use mixdsp::engine::kind::ResponseAt;
use mixdsp::engine::unit::KNOT;
use mixdsp::{Id, SimdLevel, Spec};
use num_complex::Complex;
use pyo3::prelude::*;

/// Most frames that are worked on at a time.
pub(crate) const SLICE: usize = 1024;

/// One unit as Python writes it: `(kind, config values, ids, values, name in its chain)`.
#[derive(Clone, Debug, FromPyObject)]
pub(crate) struct UnitRecipe(usize, Vec<f64>, Vec<u64>, Vec<f64>, String);

impl UnitRecipe {
    pub(crate) fn processor(&self) -> Result<&'static Descriptor, Failure> {
        processor(self.0)
    }
    pub(crate) fn config(&self) -> &[f64] {
        &self.1
    }
    pub(crate) fn label(&self) -> &str {
        &self.4
    }
    pub(crate) fn settings(&self) -> Vec<(Id, f64)> {
        self.2.iter().map(|raw| Id::from_raw(*raw)).zip(self.3.iter().copied()).collect()
    }
}

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
