//! Sample rates: audio at one rate becomes audio at another.

use crate::array::{Plane, PlaneMut, Scalar, holds, zeros};
use crate::failure::Failure;
use crate::lock::lock;
use crate::render::Watch;
use crate::slices::{SLICE, check_finite};
use mixdsp::files::{Real, Resampler, resampled_frames};
use numpy::PyUntypedArray;
use pyo3::prelude::*;
use std::sync::Mutex;

/// Length after resampling, in samples per channel.
#[pyfunction]
pub(crate) fn resampled_length(frames: u64, input_rate: u32, output_rate: u32) -> u64 {
    resampled_frames(frames, input_rate, output_rate)
}

/// Takes audio from one rate to another, block by block, without delay.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct RateChanger {
    channels: usize,
    state: Mutex<Resampler>,
}

#[pymethods]
impl RateChanger {
    #[new]
    fn new(input_rate: u32, output_rate: u32, channels: usize) -> PyResult<Self> {
        let resampler = Resampler::new(input_rate, output_rate, channels).map_err(Failure::from)?;
        Ok(Self { channels, state: Mutex::new(resampler) })
    }

    /// Takes a block, and gives what comes out: float32 for float32. After the last block nothing more goes in.
    fn push<'py>(
        &self,
        py: Python<'py>,
        block: &Bound<'py, PyUntypedArray>,
        last: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        if holds::<f32>(block) { self.run::<f32>(py, block, last) } else { self.run::<f64>(py, block, last) }
    }
}

impl RateChanger {
    fn run<'py, T: Scalar + Real>(
        &self,
        py: Python<'py>,
        block: &Bound<'py, PyUntypedArray>,
        last: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let plane = Plane::<T>::of(block, false).filter(|plane| plane.channels() == self.channels);
        let input = plane.ok_or_else(|| Failure::Value(format!("{} channels are needed", self.channels)))?;
        let mut guard = lock(py, &self.state);
        let resampler = &mut *guard;
        let planes = py.detach(|| {
            check_finite(&input, "")?;
            push(resampler, &input, last)
        })?;
        let frames = planes.first().map_or(0, Vec::len);
        let out = zeros::<T>(py, &[self.channels, frames]);
        let target = PlaneMut::<T>::of(&out, false).ok_or(Failure::Memory)?;
        for (channel, plane) in planes.iter().enumerate() {
            target.write(channel, 0, plane);
        }
        Ok(out.into_any())
    }
}

/// Pushes all of the input, and gives all that came out.
fn push<T: Scalar + Real>(
    resampler: &mut Resampler,
    input: &Plane<'_, T>,
    last: bool,
) -> Result<Vec<Vec<T>>, Failure> {
    let mut watch = Watch::new();
    let mut slice = vec![vec![T::ZERO; SLICE]; input.channels()];
    let mut given = vec![Vec::new(); input.channels()];
    for start in (0..input.frames()).step_by(SLICE) {
        let count = SLICE.min(input.frames() - start);
        for (channel, plane) in slice.iter_mut().enumerate() {
            input.read(channel, start, &mut plane[..count]);
        }
        let mut taken = 0;
        while taken < count {
            let block: Vec<&[T]> = slice.iter().map(|plane| &plane[taken..count]).collect();
            taken += resampler.push(&block)?;
            pull(resampler, &mut given)?;
        }
        watch.look()?;
    }
    if last {
        resampler.finish();
        pull(resampler, &mut given)?;
    }
    Ok(given)
}

fn pull<T: Scalar + Real>(resampler: &mut Resampler, given: &mut [Vec<T>]) -> Result<(), Failure> {
    let mut slice = vec![vec![T::ZERO; SLICE]; given.len()];
    loop {
        let mut block: Vec<&mut [T]> = slice.iter_mut().map(|plane| &mut plane[..]).collect();
        let count = resampler.pull(&mut block)?;
        if count == 0 {
            return Ok(());
        }
        for (given, plane) in given.iter_mut().zip(&slice) {
            given.extend_from_slice(&plane[..count]);
        }
    }
}
