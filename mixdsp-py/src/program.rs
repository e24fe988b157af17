//! Sessions: a mix that stands in a file.

use crate::failure::Failure;
use crate::recipe::{plain_of, value_of};
use crate::song::{Asked, Places, Teller, make};
use mixdsp::session::Session;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;

/// The session at a path as plain values; what inserts are built with is read.
#[pyfunction]
pub(crate) fn read_session(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyAny>> {
    let read = || {
        let mut session = Session::read(&path)?;
        session.read_assets(path.parent().unwrap_or(std::path::Path::new("")))?;
        session.to_value()
    };
    let value = py.detach(read).map_err(Failure::from)?;
    plain_of(py, &value)
}

/// Writes the session that plain values tell of; what is at the path is replaced.
#[pyfunction]
pub(crate) fn write_session(py: Python<'_>, plain: &Bound<'_, PyAny>, path: PathBuf) -> PyResult<()> {
    let value = value_of(plain, 0)?;
    Ok(py.detach(|| Session::from_value(&value)?.write(&path)).map_err(Failure::from)?)
}

/// Mixes and masters the session at a path, in whose folder its clips lie. `progress` is called with a word for the work
/// and the share of it that is done, and may raise.
#[pyfunction]
pub(crate) fn mix_session<'py>(
    py: Python<'py>,
    title: String,
    path: PathBuf,
    places: Places,
    asked: Asked,
    threads: usize,
    progress: Py<PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut teller = Teller::new(progress);
    let song = py.detach(|| {
        let mut session = Session::read(&path)?;
        asked.change(&mut session)?;
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        make(title, session, &folder, false, &places, threads, &mut teller)
    })?;
    song.told(py)
}
