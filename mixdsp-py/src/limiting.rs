//! How hard a limiter works, and the most that it may: the measure, the search, the words.

use crate::array::{Plane, Scalar, holds};
use crate::lock::lock;
use crate::meter::Meter;
use crate::refusal::refusal;
use mixdsp::host;
use mixdsp::host::{MAX_LIMITING_RANGE_DB, TooMuchLimiting, limiting_warning};
use numpy::PyUntypedArray;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::Mutex;

/// The exception of a loudness that takes so much limiting; `place` is the file or item, or empty.
#[pyfunction]
pub(crate) fn too_much_limiting(
    place: &str,
    lufs: f64,
    limiting_p99_db: f64,
    max_limiting_db: f64,
    reachable_lufs: Option<f64>,
) -> PyErr {
    let refused = TooMuchLimiting { loudness_lufs: lufs, limiting_p99_db, max_limiting_db, reachable_lufs };
    refusal(&refused, place)
}

/// Whether a pass with so much limiting means that the loudness is refused.
#[pyfunction]
pub(crate) fn is_refused(
    limiting_p99_db: f64,
    max_limiting_db: f64,
    is_last: bool,
    is_too_quiet: bool,
) -> bool {
    host::is_refused(limiting_p99_db, max_limiting_db, is_last, is_too_quiet)
}

/// What is said of a delivery with so much limiting: a line for each warning.
#[pyfunction]
pub(crate) fn limiting_warnings(limiting_p99_db: f64) -> Vec<String> {
    limiting_warning(limiting_p99_db).into_iter().collect()
}

/// The most limiting of a delivery: default, least and greatest value in decibels.
#[pyfunction]
pub(crate) fn max_limiting() -> (f64, f64, f64) {
    (host::MAX_LIMITING_DB, *MAX_LIMITING_RANGE_DB.start(), *MAX_LIMITING_RANGE_DB.end())
}

/// The reduction of a limiter over a programme, counted where the loudness is gated in.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct Limiting {
    state: Mutex<host::Limiting>,
}

#[pymethods]
impl Limiting {
    #[new]
    fn new() -> Self {
        Self { state: Mutex::new(host::Limiting::new()) }
    }

    /// Measures a block `(channels, samples)`, with `meter` too, and the reduction at each of its samples: an
    /// array `(samples,)` of the same type.
    fn measure(
        &self,
        py: Python<'_>,
        meter: &Meter,
        block: &Bound<'_, PyUntypedArray>,
        reduction_db: &Bound<'_, PyUntypedArray>,
    ) -> PyResult<()> {
        if holds::<f32>(block) {
            self.run::<f32>(py, meter, block, reduction_db)
        } else {
            self.run::<f64>(py, meter, block, reduction_db)
        }
    }

    /// Adds what was measured of another programme.
    fn merge(&self, py: Python<'_>, other: &Self) {
        // A copy first: whoever merges one with itself holds one lock at a time.
        let other = lock(py, &other.state).clone();
        lock(py, &self.state).merge(&other);
    }

    /// The largest reduction in decibels.
    #[getter]
    fn max_db(&self, py: Python<'_>) -> f64 {
        lock(py, &self.state).max_db()
    }

    /// The 99th percentile in decibels, above a relative gate in LUFS.
    fn p99_db(&self, py: Python<'_>, relative_gate: Option<f64>) -> f64 {
        lock(py, &self.state).p99_db(relative_gate)
    }
}

impl Limiting {
    fn run<T: Scalar>(
        &self,
        py: Python<'_>,
        meter: &Meter,
        block: &Bound<'_, PyUntypedArray>,
        reduction_db: &Bound<'_, PyUntypedArray>,
    ) -> PyResult<()> {
        let block = Plane::<T>::of(block, false).filter(|block| block.channels() == meter.channels());
        let reduction = Plane::<T>::of(reduction_db, false).filter(|reduction| reduction.channels() == 1);
        let (Some(block), Some(reduction)) = (block, reduction) else {
            return Err(PyValueError::new_err("a block and a reduction of its type are needed"));
        };
        let mut limiting = lock(py, &self.state);
        Ok(meter.with_limiting(py, &mut limiting, &block, &reduction)?)
    }
}

/// Looks for the loudness that takes as much limiting as is allowed.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct LimitSearch {
    state: Mutex<host::LimitSearch>,
}

#[pymethods]
impl LimitSearch {
    /// Begins at a pass that took too much.
    #[new]
    fn new(max_limiting_db: f64, gain_db: f64, limiting_p99_db: f64) -> Self {
        Self { state: Mutex::new(host::LimitSearch::new(max_limiting_db, gain_db, limiting_p99_db)) }
    }

    /// Gain of the next pass in decibels; `None` when no more are needed.
    fn next_gain_db(&self, py: Python<'_>) -> Option<f64> {
        lock(py, &self.state).next_gain_db()
    }

    /// Takes what a pass came to.
    fn add(&self, py: Python<'_>, gain_db: f64, limiting_p99_db: f64, lufs: Option<f64>) {
        lock(py, &self.state).add(gain_db, limiting_p99_db, lufs);
    }

    /// The loudness found; `None` when there is none.
    fn reachable_lufs(&self, py: Python<'_>) -> Option<f64> {
        lock(py, &self.state).reachable_lufs()
    }

    /// Lowers the loudness found.
    fn lower(&self, py: Python<'_>) {
        lock(py, &self.state).lower();
    }
}
