//! Why a call could not be done, and which exception that is in Python.

use mixdsp::Error;
use pyo3::PyErr;
use pyo3::exceptions::{PyMemoryError, PyTypeError, PyValueError};

/// Why a call could not be done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A value, shape or range: `ValueError`.
    Value(String),
    /// A kind of thing: `TypeError`.
    Type(String),
    /// No memory for so long a delay, for instance.
    Memory,
    /// Raised by Python itself: an interrupt.
    Python(PyErr),
}

impl Failure {
    /// Says which member of a chain the error is about; `label` is empty for a processor alone.
    pub(crate) fn of(error: &Error, label: &str) -> Self {
        Self::Value(if label.is_empty() { error.to_string() } else { format!("{label}: {error}") })
    }

    /// The same for a message that begins with the name of a parameter.
    pub(crate) fn of_parameter(message: &str, label: &str) -> Self {
        Self::Value(if label.is_empty() { message.to_string() } else { format!("{label}.{message}") })
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Value(text) => PyValueError::new_err(text),
            Failure::Type(text) => PyTypeError::new_err(text),
            Failure::Memory => PyMemoryError::new_err("not enough memory for this processor"),
            Failure::Python(error) => error,
        }
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}
