//! Outputs: what keeps them from inputs, and the hidden files in which they are made.

use crate::failure::Failure;
use crate::lock::lock;
use mixdsp::files::{Aside, InputFile, OutputFile, SessionError};
use mixdsp::session::Session;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Mutex;

/// Raises `ValueError` for the ending of a name that no written file has.
#[pyfunction]
pub(crate) fn check_ending(path: PathBuf) -> PyResult<()> {
    Ok(mixdsp::files::check_ending(path).map_err(Failure::from)?)
}

/// Puts the tags of a file to the one that was made of it; the number of those that were kept.
#[pyfunction]
pub(crate) fn keep_tags(py: Python<'_>, source: PathBuf, made: PathBuf) -> PyResult<usize> {
    Ok(py.detach(|| mixdsp::files::keep_tags(source, made)).map_err(Failure::from)?)
}

/// Checks that work on `inputs` (path, what it is) may write `outputs` (path, what it is, whether it may replace
/// a file). Raises `ValueError` where an output is an input or another output, `FileExistsError` where one is
/// there, ended by the words of `way_out`, and `OSError` where one cannot be written.
#[pyfunction]
pub(crate) fn check_outputs(
    py: Python<'_>,
    inputs: Vec<(PathBuf, String)>,
    outputs: Vec<(PathBuf, String, bool)>,
    way_out: &str,
) -> PyResult<()> {
    let inputs: Vec<_> = inputs.into_iter().map(|(path, role)| InputFile { path, role }).collect();
    let output = |(path, role, replace)| OutputFile { path, role, replace };
    let outputs: Vec<_> = outputs.into_iter().map(output).collect();
    match py.detach(|| mixdsp::files::check_outputs(&inputs, &outputs)) {
        Err(SessionError::Exists { path, others }) => {
            let more =
                if others > 0 { format!(", and {others} more of the outputs do") } else { String::new() };
            Err(Failure::Exists(path.into(), format!("the file exists{more}; {way_out}")).into())
        }
        result => Ok(result.map_err(Failure::from)?),
    }
}

/// The files that the session at a path reads.
#[pyfunction]
pub(crate) fn session_files(path: PathBuf) -> PyResult<Vec<PathBuf>> {
    let session = Session::read(&path).map_err(Failure::from)?;
    let folder = path.parent().map(PathBuf::from).unwrap_or_default();
    Ok(session.files(&folder).collect())
}

/// A hidden file beside another one, which takes its name, and its mode, when it is committed. It goes when it
/// is discarded, or no longer held.
#[pyclass(frozen, name = "Aside", module = "mixdsp._mixdsp")]
pub(crate) struct AsidePath {
    path: PathBuf,
    aside: Mutex<Option<Aside>>,
}

#[pymethods]
impl AsidePath {
    #[new]
    fn new(path: PathBuf) -> PyResult<Self> {
        let aside = Aside::new(path).map_err(Failure::from)?;
        Ok(Self { path: aside.temporary().to_path_buf(), aside: Mutex::new(Some(aside)) })
    }

    /// The hidden name.
    #[getter]
    fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// Gives the file its name.
    fn commit(&self, py: Python<'_>) -> PyResult<()> {
        let Some(aside) = lock(py, &self.aside).take() else { return Ok(()) };
        Ok(py.detach(|| aside.commit()).map_err(Failure::from)?)
    }

    /// Leaves nothing behind.
    fn discard(&self, py: Python<'_>) {
        drop(lock(py, &self.aside).take());
    }
}
