//! Alignment: how one recording of a source stands to another.

use mixdsp::Alignment;
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Delay in frames, whether inverted, correlation; of each octave its middle, delay and correlation.
type Found = (f64, bool, f64, Vec<(f64, f64, f64)>);

/// `None` where one of both is silent.
#[pyfunction]
pub(crate) fn alignment(
    py: Python<'_>,
    track: PyReadonlyArray1<'_, f64>,
    reference: PyReadonlyArray1<'_, f64>,
    sample_rate: f64,
    most_ms: f64,
) -> PyResult<Option<Found>> {
    let (track, reference) = (track.as_array().to_vec(), reference.as_array().to_vec());
    let found = py.detach(move || Alignment::of(&track, &reference, sample_rate, most_ms));
    let found = found.map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(found.map(|Alignment { delay_frames, inverted, correlation, bands }| {
        let bands = bands.iter().map(|band| (band.frequency_hz, band.delay_frames, band.correlation));
        (delay_frames, inverted, correlation, bands.collect())
    }))
}

/// A track moved by a delay, and turned round.
#[pyfunction]
pub(crate) fn aligned<'py>(
    py: Python<'py>,
    track: PyReadonlyArray1<'py, f64>,
    delay_frames: f64,
    inverted: bool,
) -> Bound<'py, PyArray1<f64>> {
    let track = track.as_array().to_vec();
    let found = Alignment { delay_frames, inverted, correlation: 1.0, bands: Vec::new() };
    py.detach(move || found.apply(&track)).into_pyarray(py)
}
