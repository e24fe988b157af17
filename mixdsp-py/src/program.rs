//! Sessions: a mix that stands in a file, rendered and delivered as files.

use crate::array::PlaneMut;
use crate::failure::Failure;
use crate::lock::lock;
use crate::recipe::{plain_of, value_of};
use crate::render::Watch;
use mixdsp::session::{Master, Render, RenderOptions, Session};
use numpy::PyUntypedArray;
use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::ffi::CString;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Mutex;

/// Frames mixed at a time.
const BLOCK: usize = 4096;

/// A session being rendered: tracks, buses and the master's inserts as one stereo stream.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct SessionMix {
    session: Session,
    render: Mutex<Render>,
}

#[pymethods]
impl SessionMix {
    /// Clips lie in the folder of the session's file. What is to be known of their files is warned of.
    #[new]
    fn new(py: Python<'_>, path: PathBuf, threads: Option<usize>, measure: bool) -> PyResult<Self> {
        let mix = py.detach(|| {
            let session = Session::read(&path)?;
            let folder = path.parent().map(PathBuf::from).unwrap_or_default();
            let usual = RenderOptions::default();
            let options = RenderOptions {
                threads: threads.unwrap_or(usual.threads),
                measure_tracks: measure,
                master_inserts: true,
                ..usual
            };
            let render = Mutex::new(Render::new(&session, &folder, options)?);
            Ok::<_, Failure>(Self { session, render })
        })?;
        for note in lock(py, &mix.render).notes() {
            PyErr::warn(py, &py.get_type::<PyUserWarning>(), &CString::new(note.as_str())?, 1)?;
        }
        Ok(mix)
    }

    /// Rate of the mix in hertz.
    #[getter]
    fn sample_rate(&self) -> u32 {
        self.session.sample_rate
    }

    /// Length of the longest track in samples, where the files tell.
    #[getter]
    fn expected_frames(&self, py: Python<'_>) -> Option<u64> {
        lock(py, &self.render).expected_frames()
    }

    /// What the session asks for: name, lufs, true_peak_db, max_limiting_db, sample_rate, bits.
    #[getter]
    fn goal<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let goal = &self.session.target;
        let dict = PyDict::new(py);
        dict.set_item("name", goal.name.as_deref())?;
        dict.set_item("lufs", goal.loudness_lufs)?;
        dict.set_item("true_peak_db", goal.true_peak_dbtp)?;
        dict.set_item("max_limiting_db", goal.max_limiting_db)?;
        dict.set_item("sample_rate", goal.sample_rate)?;
        dict.set_item("bits", &goal.bits)?;
        Ok(dict)
    }

    /// Fills a float64 array `(2, samples)` and gives the number of samples: less only at the end.
    fn read_into(&self, py: Python<'_>, out: &Bound<'_, PyUntypedArray>) -> PyResult<usize> {
        let plane = PlaneMut::<f64>::of(out, false).filter(|out| out.channels() == 2);
        let out =
            plane.ok_or_else(|| Failure::Type("out must be writeable float64 of two channels".into()))?;
        let mut guard = lock(py, &self.render);
        let render = &mut *guard;
        Ok(py.detach(|| {
            let mut watch = Watch::new();
            let mut planes = [vec![0.0; BLOCK], vec![0.0; BLOCK]];
            let mut done = 0;
            while done < out.frames() {
                let count = BLOCK.min(out.frames() - done);
                let [left, right] = &mut planes;
                let read = render.read(&mut [&mut left[..count], &mut right[..count]])?;
                for (channel, plane) in planes.iter().enumerate() {
                    out.write(channel, done, &plane[..read]);
                }
                done += read;
                if read < count {
                    break;
                }
                watch.look()?;
            }
            Ok::<usize, Failure>(done)
        })?)
    }

    /// What was measured: name, loudness of the clips, loudness behind the fader.
    #[getter]
    fn tracks(&self, py: Python<'_>) -> Vec<(String, Option<f64>, Option<f64>)> {
        let reports = lock(py, &self.render).tracks();
        reports.into_iter().map(|one| (one.name, one.before_lufs, one.after_lufs)).collect()
    }
}

/// The session at a path as plain values.
#[pyfunction]
pub(crate) fn read_session(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyAny>> {
    let value = py.detach(|| Session::read(&path)?.to_value()).map_err(Failure::from)?;
    plain_of(py, &value)
}

/// Writes the session that plain values tell of; what is at the path is replaced.
#[pyfunction]
pub(crate) fn write_session(py: Python<'_>, plain: &Bound<'_, PyAny>, path: PathBuf) -> PyResult<()> {
    let value = value_of(plain, 0)?;
    Ok(py.detach(|| Session::from_value(&value)?.write(&path)).map_err(Failure::from)?)
}

/// Makes a master of a mix, in which the master's inserts are, as the session at `path` asks; `progress` is called with the pass and the share of it
/// that is done, and may raise. `max_limiting_db` stands in place of the session's. Returns gain_db, lufs, passes,
/// sample_rate, frames, limiting_max_db, limiting_p99_db and warnings.
#[pyfunction]
pub(crate) fn deliver<'py>(
    py: Python<'py>,
    path: PathBuf,
    mix: PathBuf,
    out: PathBuf,
    max_limiting_db: Option<f64>,
    progress: Py<PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let delivered = py.detach(|| {
        let mut session = Session::read(&path)?;
        session.target.max_limiting_db = max_limiting_db.unwrap_or(session.target.max_limiting_db);
        let mut watch = Watch::new();
        let mut stopped = None;
        let mut tell = |pass: usize, share: f64| {
            let told =
                watch.look().and_then(|()| Ok(Python::attach(|py| progress.call1(py, (pass, share)))?));
            match told {
                Ok(_) => ControlFlow::Continue(()),
                Err(failure) => {
                    stopped = Some(failure);
                    ControlFlow::Break(())
                }
            }
        };
        let delivered = mixdsp::session::deliver(&mix, &out, &session.target, &Master::default(), &mut tell);
        delivered.map_err(|error| stopped.unwrap_or_else(|| error.into()))
    })?;
    let dict = PyDict::new(py);
    dict.set_item("gain_db", delivered.gain_db)?;
    dict.set_item("lufs", delivered.loudness_lufs)?;
    dict.set_item("passes", delivered.passes)?;
    dict.set_item("sample_rate", delivered.sample_rate)?;
    dict.set_item("frames", delivered.frames)?;
    dict.set_item("limiting_max_db", delivered.limiting_max_db)?;
    dict.set_item("limiting_p99_db", delivered.limiting_p99_db)?;
    dict.set_item("warnings", delivered.warnings())?;
    Ok(dict)
}
