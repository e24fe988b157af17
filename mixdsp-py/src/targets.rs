//! What platforms ask for.

use mixdsp::host::{Evidence, Playback, TARGETS};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// Every loudness target as a dictionary.
#[pyfunction]
pub(crate) fn targets(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let list = PyList::empty(py);
    for target in TARGETS {
        let dict = PyDict::new(py);
        dict.set_item("key", target.key)?;
        dict.set_item("name", target.name)?;
        dict.set_item("lufs", target.loudness_lufs)?;
        dict.set_item("tolerance_lu", target.tolerance_lu)?;
        dict.set_item("true_peak_db", target.true_peak_dbtp)?;
        dict.set_item("short_term_max_lufs", target.short_term_maximum_lufs)?;
        let playback = match target.playback {
            Playback::DownOnly => "down_only",
            Playback::UpToPeak => "up_to_peak",
            Playback::UpWithLimiter => "up_with_limiter",
            Playback::Delivery => "delivery",
        };
        dict.set_item("playback", playback)?;
        dict.set_item("official", target.evidence == Evidence::Official)?;
        dict.set_item("as_of", target.as_of)?;
        dict.set_item("source", target.source)?;
        list.append(dict)?;
    }
    Ok(list)
}

/// By how many decibels a platform changes the level of a master.
#[pyfunction]
pub(crate) fn playback_gain_db(key: &str, lufs: f64, true_peak_db: f64) -> Option<f64> {
    mixdsp::host::Target::find(key).map(|target| target.playback_gain_db(lufs, true_peak_db))
}
