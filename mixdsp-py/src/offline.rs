//! Offline limiting, block by block.

use crate::array::{Plane, PlaneMut, Scalar, holds, zeros};
use crate::failure::Failure;
use crate::lock::lock;
use crate::render::Watch;
use crate::slices::SLICE;
use mixdsp::{Spec, host};
use numpy::PyUntypedArray;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::Mutex;

type Array<'py> = Bound<'py, PyUntypedArray>;

/// Gain and offline limiter at work on audio of one type; late.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct OfflineLimiter {
    channels: usize,
    gain: f64,
    state: Mutex<State>,
}

enum State {
    Single(Box<host::OfflineLimiter<f32>>),
    Double(Box<host::OfflineLimiter<f64>>),
}

fn refused(error: mixdsp::Error) -> Failure {
    Failure::of(&error, "")
}

#[pymethods]
impl OfflineLimiter {
    #[new]
    fn new(
        sample_rate: f64,
        channels: usize,
        ceiling_db: f64,
        input_gain_db: f64,
        double: bool,
    ) -> PyResult<Self> {
        let spec = Spec::new(sample_rate, channels);
        let state = match double {
            false => State::Single(Box::new(host::OfflineLimiter::new(spec, ceiling_db).map_err(refused)?)),
            true => State::Double(Box::new(host::OfflineLimiter::new(spec, ceiling_db).map_err(refused)?)),
        };
        let gain = mixdsp::base::units::decibels_to_gain(input_gain_db);
        Ok(Self { channels, gain, state: Mutex::new(state) })
    }

    /// Samples by which the output is late.
    #[getter]
    fn latency(&self, py: Python<'_>) -> usize {
        match &*lock(py, &self.state) {
            State::Single(limiter) => limiter.latency(),
            State::Double(limiter) => limiter.latency(),
        }
    }

    /// Limits a block `(channels, samples)`; the reduction in decibels at each sample comes with it.
    fn process<'py>(&self, py: Python<'py>, block: &Array<'py>) -> PyResult<(Array<'py>, Array<'py>)> {
        match &mut *lock(py, &self.state) {
            State::Single(limiter) => self.run(py, limiter, block),
            State::Double(limiter) => self.run(py, limiter, block),
        }
    }

    /// The audio has ended.
    fn end(&self, py: Python<'_>) {
        match &mut *lock(py, &self.state) {
            State::Single(limiter) => limiter.end(),
            State::Double(limiter) => limiter.end(),
        }
    }
}

impl OfflineLimiter {
    fn run<'py, T: Scalar>(
        &self,
        py: Python<'py>,
        limiter: &mut host::OfflineLimiter<T>,
        block: &Array<'py>,
    ) -> PyResult<(Array<'py>, Array<'py>)> {
        let fits = Plane::<T>::of(block, false).filter(|plane| plane.channels() == self.channels);
        let input = fits.filter(|_| holds::<T>(block)).ok_or_else(|| {
            PyValueError::new_err(format!("a block of {} channels of one type is needed", self.channels))
        })?;
        let array = zeros::<T>(py, &[self.channels, input.frames()]);
        let course = zeros::<f32>(py, &[1, input.frames()]);
        let out = PlaneMut::<T>::of(&array, false).ok_or_else(|| PyValueError::new_err("no output"))?;
        let told = PlaneMut::<f32>::of(&course, false).ok_or_else(|| PyValueError::new_err("no output"))?;
        py.detach(|| {
            let mut watch = Watch::new();
            let mut planes = vec![[T::ZERO; SLICE]; self.channels];
            let gain = T::from_f64(self.gain);
            for start in (0..input.frames()).step_by(SLICE) {
                let count = SLICE.min(input.frames() - start);
                for (channel, plane) in planes.iter_mut().enumerate() {
                    input.read(channel, start, &mut plane[..count]);
                    plane[..count].iter_mut().for_each(|x| *x *= gain);
                }
                let mut slices: Vec<&mut [T]> = planes.iter_mut().map(|plane| &mut plane[..count]).collect();
                limiter.process(&mut slices).map_err(refused)?;
                for (channel, slice) in slices.iter().enumerate() {
                    out.write(channel, start, slice);
                }
                let mut reduction = [0.0_f32; SLICE];
                for (reduction, gain) in reduction.iter_mut().zip(limiter.gains()) {
                    *reduction = host::reduction_db(gain.to_f64()) as f32;
                }
                told.write(0, start, &reduction[..count]);
                watch.look()?;
            }
            Ok::<(), Failure>(())
        })?;
        Ok((array, course))
    }
}
