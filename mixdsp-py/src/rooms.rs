//! Rooms: sweeps, the responses that recordings of them hold, and what a response says of its room.

use mixdsp::{Acoustics, Error, Sweep};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

fn refused(error: Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The samples of an exponential sweep.
#[pyfunction]
pub(crate) fn sweep(
    py: Python<'_>,
    sample_rate: f64,
    seconds: f64,
    from_hz: f64,
    to_hz: f64,
) -> PyResult<Bound<'_, PyArray1<f64>>> {
    let sweep = Sweep::new(sample_rate, seconds, from_hz, to_hz).map_err(refused)?;
    Ok(sweep.samples().into_pyarray(py))
}

/// The impulse response, of so many frames, behind a recording of that sweep.
#[pyfunction]
pub(crate) fn sweep_response<'py>(
    py: Python<'py>,
    recording: PyReadonlyArray1<'py, f64>,
    sweep: (f64, f64, f64, f64),
    frames: usize,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let (sample_rate, seconds, from_hz, to_hz) = sweep;
    let sweep = Sweep::new(sample_rate, seconds, from_hz, to_hz).map_err(refused)?;
    let recording = recording.as_array().to_vec();
    let response = py.detach(move || sweep.response(&recording, frames));
    Ok(response.into_pyarray(py))
}

/// T30, T20 and early decay time in seconds, C50 and C80 in decibels.
#[pyfunction]
pub(crate) fn acoustics(channels: Vec<PyReadonlyArray1<'_, f64>>, sample_rate: f64) -> [Option<f64>; 5] {
    let channels: Vec<Vec<f64>> = channels.iter().map(|channel| channel.as_array().to_vec()).collect();
    let slices: Vec<&[f64]> = channels.iter().map(Vec::as_slice).collect();
    let found = Acoustics::of(&slices, sample_rate);
    [
        found.t30_seconds,
        found.t20_seconds,
        found.early_decay_seconds,
        found.clarity_50_db,
        found.clarity_80_db,
    ]
}
