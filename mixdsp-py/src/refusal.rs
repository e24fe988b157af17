//! The exception of a loudness that takes too much limiting.

use mixdsp::host::Refusal;
use pyo3::prelude::*;

mod exception {
    #![allow(missing_docs, reason = "the macro writes the type")]
    pyo3::create_exception!(
        mixdsp,
        TooMuchLimiting,
        pyo3::exceptions::PyValueError,
        "A loudness takes more limiting than is allowed. ``limiting_p99_db`` is what it takes at least, and \
         ``reachable_lufs`` a loudness within the limit; ``None`` where there is none. ``table`` tells, as text, what \
         loudness costs and what makes the peaks."
    );
}
pub(crate) use exception::TooMuchLimiting as TooMuchLimitingError;

/// The exception of a refused loudness; `place` stands at its head.
pub(crate) fn refusal(refused: &Refusal, place: &str) -> PyErr {
    let text =
        if place.is_empty() { refused.limit.to_string() } else { format!("{place}: {}", refused.limit) };
    Python::attach(|py| {
        let error = TooMuchLimitingError::new_err(text);
        let value = error.value(py);
        value.setattr("limiting_p99_db", refused.limit.limiting_p99_db)?;
        value.setattr("reachable_lufs", refused.limit.reachable_lufs)?;
        value.setattr("clipping_p99_db", refused.limit.clipping_p99_db)?;
        value.setattr("table", refused.table())?;
        Ok(error)
    })
    .unwrap_or_else(|failed: PyErr| failed)
}
