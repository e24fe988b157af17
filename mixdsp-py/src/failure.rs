//! Why a call could not be done, and which exception that is in Python.

use crate::refusal::refusal;
use mixdsp::Error;
use mixdsp::files::SessionError;
use mixdsp::host::MixError;
use mixdsp::host::Refusal;
use pyo3::PyErr;
use pyo3::exceptions::{
    PyFileExistsError, PyFileNotFoundError, PyMemoryError, PyOSError, PyTypeError, PyValueError,
};
use std::ffi::OsString;
use std::sync::Arc;

/// Why a call could not be done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A value, shape or range: `ValueError`.
    Value(String),
    /// A kind of thing: `TypeError`.
    Type(String),
    /// No memory for so long a delay, for instance.
    Memory,
    /// There is no such file: `FileNotFoundError`.
    NotFound(OsString),
    /// There is such a file, and replacing it was not asked for: `FileExistsError`.
    Exists(OsString, String),
    /// The system refused: `OSError`.
    System(OsString, Arc<std::io::Error>),
    /// A loudness takes too much limiting: `TooMuchLimiting`, a `ValueError`.
    TooMuchLimiting(Box<Refusal>),
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
            Failure::NotFound(path) => PyFileNotFoundError::new_err((2, "no such file", path)),
            Failure::Exists(path, text) => PyFileExistsError::new_err((17, text, path)),
            // Python finds the exception of the number: `PermissionError` for instance.
            Failure::System(path, error) => match number(&error) {
                Some(number) => PyOSError::new_err((number, error.to_string(), path)),
                None => PyOSError::new_err(format!("{}: {error}", path.to_string_lossy())),
            },
            Failure::TooMuchLimiting(refused) => refusal(&refused, ""),
            Failure::Python(error) => error,
        }
    }
}

/// The number that the system gives such an error.
fn number(error: &std::io::Error) -> Option<i32> {
    let is_denied = error.kind() == std::io::ErrorKind::PermissionDenied;
    error.raw_os_error().or(is_denied.then_some(13))
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound { path } => Self::NotFound(path.into()),
            SessionError::Read { path, source } | SessionError::Write { path, source } => {
                Self::System(path.into(), source)
            }
            SessionError::TooMuchLimiting(refused) => Self::TooMuchLimiting(refused),
            other => Self::Value(other.to_string()),
        }
    }
}

impl From<MixError> for Failure {
    fn from(error: MixError) -> Self {
        Self::Value(error.to_string())
    }
}
