//! Delivery: the search for a loudness, the passes that it asks for, and how hard their limiter works.

use crate::array::{Plane, PlaneMut, holds, zeros};
use crate::failure::Failure;
use crate::lock::lock;
use crate::meter::{Meter, Metered};
use crate::refusal::refusal;
use crate::render::Watch;
use crate::slices::SLICE;
use mixdsp::host;
use mixdsp::host::{
    LoudnessGoal, MAX_LIMITING_RANGE_DB, MasterLimiter, PassResult, PassSettings, Step, limiting_warning,
};
use numpy::PyUntypedArray;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::Mutex;

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

/// What may be asked for: least and greatest loudness in LUFS, and ceiling in dBTP.
#[pyfunction]
pub(crate) fn delivery_ranges() -> ((f64, f64), (f64, f64)) {
    let (loudness, peak) = (host::LOUDNESS_RANGE_LUFS, host::TRUE_PEAK_RANGE_DBTP);
    ((*loudness.start(), *loudness.end()), (*peak.start(), *peak.end()))
}

/// The limiters that a delivery may have.
#[pyfunction]
pub(crate) fn master_limiters() -> Vec<&'static str> {
    MasterLimiter::ALL.map(MasterLimiter::key).to_vec()
}

/// A limiter by its name.
pub(crate) fn limiter_of(key: &str) -> Result<MasterLimiter, Failure> {
    MasterLimiter::find(key)
        .ok_or_else(|| Failure::Value(format!("limiter = {key:?} is none of offline, streaming")))
}

/// Whether a loudness is met.
#[pyfunction]
pub(crate) fn is_met(integrated: Option<f64>, lufs: f64) -> bool {
    LoudnessGoal { loudness_lufs: lufs, ..LoudnessGoal::default() }.is_met(integrated)
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

/// Looks for the gain that gives a programme, or an album, its loudness.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct LoudnessSearch {
    /// The file or item that a refusal names, or nothing.
    place: String,
    state: Mutex<host::LoudnessSearch>,
}

#[pymethods]
impl LoudnessSearch {
    /// Begins with loudness and true peak of the programme as it is.
    #[new]
    fn new(
        lufs: f64,
        true_peak_db: f64,
        limit: bool,
        max_limiting_db: f64,
        integrated: Option<f64>,
        true_peak: Option<f64>,
        place: String,
    ) -> PyResult<Self> {
        let goal = LoudnessGoal {
            loudness_lufs: lufs,
            true_peak_dbtp: true_peak_db,
            max_limiting_db,
            limits: limit,
        };
        let search = host::LoudnessSearch::new(&goal, integrated, true_peak);
        let search = search.map_err(|error| Failure::of(&error, &place))?;
        Ok(Self { place, state: Mutex::new(search) })
    }

    /// Gain in decibels of the pass that is to be made, and whether there is a limiter behind it; `None` when the
    /// latest pass is the delivery. Raises `TooMuchLimiting` where the loudness is refused.
    fn step(&self, py: Python<'_>) -> PyResult<Option<(f64, bool)>> {
        match lock(py, &self.state).step() {
            Step::Pass { gain_db, limits } => Ok(Some((gain_db, limits))),
            Step::Done => Ok(None),
            Step::TooMuch(refused) => Err(refusal(&refused, &self.place)),
        }
    }

    /// Takes what a pass came to.
    fn add(&self, py: Python<'_>, integrated: Option<f64>, limiting_p99_db: f64) {
        lock(py, &self.state).add(PassResult { loudness_lufs: integrated, limiting_p99_db });
    }

    /// Passes that were made.
    #[getter]
    fn passes(&self, py: Python<'_>) -> usize {
        lock(py, &self.state).passes()
    }
}

/// A pass over a programme: gain, limiter, and what is measured behind them.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct MasterPass {
    meter: Py<Meter>,
    settings: PassSettings,
    state: Mutex<State>,
}

enum State {
    /// No block yet: the first decides on the sample type.
    Fresh,
    Single(Box<host::MasterPass<f32>>),
    Double(Box<host::MasterPass<f64>>),
    Ended(host::Limiting),
}

/// The sample types of a pass.
trait Passed: Metered {
    fn state(pass: host::MasterPass<Self>) -> State;
    fn pass(state: &mut State) -> Option<&mut host::MasterPass<Self>>;
}
impl Passed for f32 {
    fn state(pass: host::MasterPass<f32>) -> State {
        State::Single(Box::new(pass))
    }
    fn pass(state: &mut State) -> Option<&mut host::MasterPass<f32>> {
        if let State::Single(pass) = state { Some(pass) } else { None }
    }
}
impl Passed for f64 {
    fn state(pass: host::MasterPass<f64>) -> State {
        State::Double(Box::new(pass))
    }
    fn pass(state: &mut State) -> Option<&mut host::MasterPass<f64>> {
        if let State::Double(pass) = state { Some(pass) } else { None }
    }
}

type Array<'py> = Bound<'py, PyUntypedArray>;

fn refused(error: mixdsp::Error) -> Failure {
    Failure::of(&error, "")
}

#[pymethods]
impl MasterPass {
    /// `meter` is fresh; it has heard what came out once the pass has ended.
    #[new]
    fn new(meter: Py<Meter>, gain_db: f64, limits: bool, ceiling_db: f64, limiter: &str) -> PyResult<Self> {
        let limiter = limiter_of(limiter)?;
        let settings = PassSettings { gain_db, limits, limiter, ceiling_db, dither: None };
        Ok(Self { meter, settings, state: Mutex::new(State::Fresh) })
    }

    /// Runs a block `(channels, samples)`, all of one type, and returns the next samples of the delivery.
    fn push<'py>(&self, py: Python<'py>, block: &Array<'py>) -> PyResult<Array<'py>> {
        if holds::<f32>(block) { self.run::<f32>(py, block) } else { self.run::<f64>(py, block) }
    }

    /// Ends the audio and returns what is left of it; `None` when there was none.
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Option<Array<'py>>> {
        let mut state = lock(py, &self.state);
        let found = std::mem::replace(&mut *state, State::Ended(host::Limiting::new()));
        let (rest, limiting) = match found {
            State::Fresh => return Ok(None),
            State::Single(pass) => self.rest(py, *pass)?,
            State::Double(pass) => self.rest(py, *pass)?,
            State::Ended(limiting) => {
                *state = State::Ended(limiting);
                return Ok(None);
            }
        };
        *state = State::Ended(limiting);
        Ok(Some(rest))
    }

    /// How hard the limiter works, once the pass has ended.
    #[getter]
    fn limiting(&self, py: Python<'_>) -> Limiting {
        let limiting = match &*lock(py, &self.state) {
            State::Ended(limiting) => limiting.clone(),
            State::Single(pass) => pass.limiting().clone(),
            State::Double(pass) => pass.limiting().clone(),
            State::Fresh => host::Limiting::new(),
        };
        Limiting { state: Mutex::new(limiting) }
    }
}

impl MasterPass {
    fn run<'py, T: Passed>(&self, py: Python<'py>, block: &Array<'py>) -> PyResult<Array<'py>> {
        let meter = self.meter.get();
        let input = Plane::<T>::of(block, false).filter(|block| block.channels() == meter.channels());
        let input = input.ok_or_else(|| {
            PyValueError::new_err(format!("a block of {} channels is needed", meter.channels()))
        })?;
        let mut state = lock(py, &self.state);
        if let State::Fresh = *state {
            let pass = host::MasterPass::new(meter.fresh::<T>(py)?, &self.settings).map_err(refused)?;
            *state = T::state(pass);
        }
        let pass = T::pass(&mut state).ok_or_else(|| {
            PyValueError::new_err("the pass runs in the type of its first block, until it ends")
        })?;
        let kept = input.frames().saturating_sub(pass.late());
        let array = zeros::<T>(py, &[input.channels(), kept]);
        let out = PlaneMut::<T>::of(&array, false).ok_or_else(|| PyValueError::new_err("no output"))?;
        py.detach(|| {
            let mut watch = Watch::new();
            let mut planes = vec![[T::ZERO; SLICE]; input.channels()];
            let mut done = 0;
            for start in (0..input.frames()).step_by(SLICE) {
                let count = SLICE.min(input.frames() - start);
                for (channel, plane) in planes.iter_mut().enumerate() {
                    input.read(channel, start, &mut plane[..count]);
                }
                let mut slices: Vec<&mut [T]> = planes.iter_mut().map(|plane| &mut plane[..count]).collect();
                let kept = pass.push(&mut slices).map_err(refused)?;
                for (channel, slice) in slices.iter().enumerate() {
                    out.write(channel, done, &slice[kept.clone()]);
                }
                done += kept.len();
                watch.look()?;
            }
            Ok::<(), Failure>(())
        })?;
        Ok(array)
    }

    /// What a pass still holds, and its measure; the meter gets what it has heard.
    fn rest<'py, T: Passed>(
        &self,
        py: Python<'py>,
        mut pass: host::MasterPass<T>,
    ) -> PyResult<(Array<'py>, host::Limiting)> {
        let meter = self.meter.get();
        let left = pass.latency() - pass.late().min(pass.latency());
        let array = zeros::<T>(py, &[meter.channels(), left]);
        let out = PlaneMut::<T>::of(&array, false).ok_or_else(|| PyValueError::new_err("no output"))?;
        py.detach(|| {
            let mut planes = vec![[T::ZERO; SLICE]; out.channels()];
            let mut done = 0;
            loop {
                let mut slices: Vec<&mut [T]> = planes.iter_mut().map(|plane| &mut plane[..]).collect();
                let kept = pass.end(&mut slices).map_err(refused)?;
                if kept.is_empty() {
                    return Ok::<(), Failure>(());
                }
                for (channel, slice) in slices.iter().enumerate() {
                    out.write(channel, done, &slice[kept.clone()]);
                }
                done += kept.len();
            }
        })?;
        let (heard, limiting) = pass.into_measures();
        meter.take(py, heard);
        Ok((array, limiting))
    }
}
