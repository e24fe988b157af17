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
    Amount, EndsSettings, LoudnessGoal, MAX_CLIPPING_RANGE_DB, MAX_LIMITING_RANGE_DB, MasterLimiter,
    MasterStep, MasterSteps, PassResult, PassSettings, limiting_warning,
};
use numpy::PyUntypedArray;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::ops::ControlFlow;
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

/// The most clipping of a master: default, least and greatest value in decibels.
#[pyfunction]
pub(crate) fn max_clipping() -> (f64, f64, f64) {
    (host::MAX_CLIPPING_DB, *MAX_CLIPPING_RANGE_DB.start(), *MAX_CLIPPING_RANGE_DB.end())
}

/// How much a step takes, as Python writes it: `auto`, `off`, or decibels.
pub(crate) fn amount_of(name: &str, text: &str) -> Result<Amount, Failure> {
    Amount::parse(text).map_err(|error| Failure::Value(format!("{name} = {error}")))
}

/// What is cut off both ends and how they fade, in seconds: `((start, end), (start, end))`.
pub(crate) fn ends_of((trim, fade): ((f64, f64), (f64, f64))) -> Result<EndsSettings, Failure> {
    let ends = EndsSettings {
        trim_start_seconds: trim.0,
        trim_end_seconds: trim.1,
        fade_in_seconds: fade.0,
        fade_out_seconds: fade.1,
    };
    ends.check().map_err(refused)?;
    Ok(ends)
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

    /// The share of what is above a relative gate in LUFS that is reduced at all.
    fn share(&self, py: Python<'_>, relative_gate: Option<f64>) -> f64 {
        lock(py, &self.state).share(relative_gate)
    }

    /// The 99th percentile in decibels, above a relative gate in LUFS.
    fn p99_db(&self, py: Python<'_>, relative_gate: Option<f64>) -> f64 {
        lock(py, &self.state).p99_db(relative_gate)
    }
}

/// The loudest passages of a programme.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct Excerpts {
    state: Mutex<host::Excerpts>,
}

#[pymethods]
impl Excerpts {
    /// Of what a meter like this one measures.
    #[new]
    fn new(py: Python<'_>, meter: &Meter) -> PyResult<Self> {
        let meter = meter.fresh::<f32>(py)?;
        Ok(Self { state: Mutex::new(host::Excerpts::new(*meter.spec(), *meter.config())) })
    }

    /// Hears a block, `(channels, samples)`.
    fn feed<'py>(&self, py: Python<'py>, block: &Array<'py>) -> PyResult<()> {
        if holds::<f32>(block) { self.hear::<f32>(py, block) } else { self.hear::<f64>(py, block) }
    }

    /// The programme has ended.
    fn finish(&self, py: Python<'_>) {
        lock(py, &self.state).finish();
    }
}

impl Excerpts {
    fn hear<'py, T: Passed>(&self, py: Python<'py>, block: &Array<'py>) -> PyResult<()> {
        let mut state = lock(py, &self.state);
        let channels = state.spec().channels();
        let input = Plane::<T>::of(block, false).filter(|block| block.channels() == channels);
        let input = input
            .ok_or_else(|| PyValueError::new_err(format!("a block of {channels} channels is needed")))?;
        let mut planes = vec![vec![T::ZERO; input.frames()]; channels];
        planes.iter_mut().enumerate().for_each(|(channel, plane)| input.read(channel, 0, plane));
        Ok(state.hear(&planes).map_err(refused)?)
    }
}

/// Cuts and fades both ends of a programme.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct Ends {
    channels: usize,
    state: Mutex<(host::Ends<f32>, host::Ends<f64>, bool)>,
}

#[pymethods]
impl Ends {
    #[new]
    fn new(sample_rate: f64, channels: usize, trim: (f64, f64), fade: (f64, f64)) -> PyResult<Self> {
        let settings = ends_of((trim, fade))?;
        let single = host::Ends::new(sample_rate, channels, &settings).map_err(refused)?;
        let double = host::Ends::new(sample_rate, channels, &settings).map_err(refused)?;
        Ok(Self { channels, state: Mutex::new((single, double, false)) })
    }

    /// Hears a block `(channels, samples)`, all of one type, and returns what comes out.
    fn push<'py>(&self, py: Python<'py>, block: &Array<'py>) -> PyResult<Array<'py>> {
        let mut state = lock(py, &self.state);
        let (single, double, is_double) = &mut *state;
        *is_double = !holds::<f32>(block);
        if *is_double {
            self.through(py, block, |x| double.push(x))
        } else {
            self.through(py, block, |x| single.push(x))
        }
    }

    /// Ends the audio, and returns what is left of it.
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Array<'py>> {
        let mut state = lock(py, &self.state);
        let (single, double, is_double) = &mut *state;
        if *is_double {
            given(py, &double.finish().map_err(refused)?)
        } else {
            given(py, &single.finish().map_err(refused)?)
        }
    }
}

impl Ends {
    fn through<'py, T: Passed>(
        &self,
        py: Python<'py>,
        block: &Array<'py>,
        push: impl FnOnce(&[Vec<T>]) -> Result<Vec<Vec<T>>, mixdsp::Error>,
    ) -> PyResult<Array<'py>> {
        let input = Plane::<T>::of(block, false).filter(|block| block.channels() == self.channels);
        let input = input.ok_or_else(|| {
            PyValueError::new_err(format!("a block of {} channels is needed", self.channels))
        })?;
        let mut planes = vec![vec![T::ZERO; input.frames()]; self.channels];
        planes.iter_mut().enumerate().for_each(|(channel, plane)| input.read(channel, 0, plane));
        given(py, &push(&planes).map_err(refused)?)
    }
}

/// Planes as an array.
fn given<'py, T: Passed>(py: Python<'py>, planes: &[Vec<T>]) -> PyResult<Array<'py>> {
    let array = zeros::<T>(py, &[planes.len(), planes.first().map_or(0, Vec::len)]);
    let out = PlaneMut::<T>::of(&array, false).ok_or_else(|| PyValueError::new_err("no output"))?;
    planes.iter().enumerate().for_each(|(channel, plane)| out.write(channel, 0, plane));
    Ok(array)
}

/// Looks for chain and gain that give a programme, or an album, its loudness.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct MasterSearch {
    /// The file or item that a refusal names, or nothing.
    place: String,
    state: Mutex<host::MasterSearch>,
}

/// What a pass does.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct MasterSettings {
    settings: PassSettings,
}

#[pymethods]
impl MasterSettings {
    /// Gain before the limiter in decibels.
    #[getter]
    fn gain_db(&self) -> f64 {
        self.settings.gain_db
    }
}

#[pymethods]
impl MasterSearch {
    /// Begins with loudness and true peak of the programme as it is. Without passages there is a gain and a limiter.
    #[new]
    #[pyo3(signature = (lufs, true_peak_db, limit, max_limiting_db, max_clipping_db, limiter, chain, excerpts, integrated, true_peak, place))]
    #[allow(clippy::too_many_arguments, reason = "called by one place, by position")]
    fn new(
        py: Python<'_>,
        lufs: f64,
        true_peak_db: f64,
        limit: bool,
        max_limiting_db: f64,
        max_clipping_db: f64,
        limiter: &str,
        chain: (String, String),
        excerpts: Option<&Excerpts>,
        integrated: Option<f64>,
        true_peak: Option<f64>,
        place: String,
    ) -> PyResult<Self> {
        let goal = LoudnessGoal {
            loudness_lufs: lufs,
            true_peak_dbtp: true_peak_db,
            max_limiting_db,
            max_clipping_db,
            limits: limit,
        };
        let steps = match excerpts {
            None => MasterSteps::LIMITER_ALONE,
            Some(_) => MasterSteps {
                compression_db: amount_of("compression_db", &chain.0)?,
                clipping_over_db: amount_of("clipping_over_db", &chain.1)?,
            },
        };
        let excerpts = excerpts.map(|excerpts| lock(py, &excerpts.state).clone());
        let limiter = limiter_of(limiter)?;
        let search = host::MasterSearch::new(&goal, &steps, limiter, excerpts, integrated, true_peak);
        let search = search.map_err(|error| Failure::of(&error, &place))?;
        Ok(Self { place, state: Mutex::new(search) })
    }

    /// The pass that is to be made; `None` when the latest pass is the delivery. Raises `TooMuchLimiting` where the
    /// loudness is refused.
    fn step(&self, py: Python<'_>) -> PyResult<Option<MasterSettings>> {
        let mut state = lock(py, &self.state);
        let search = &mut *state;
        let step = py.detach(|| {
            let (mut watch, mut ended) = (Watch::new(), None);
            let step = search.step(&mut |_| match watch.look() {
                Ok(()) => ControlFlow::Continue(()),
                Err(failure) => {
                    ended = Some(failure);
                    ControlFlow::Break(())
                }
            });
            ended.map_or(step.map_err(refused), Err)
        })?;
        match step {
            MasterStep::Pass(settings) => Ok(Some(MasterSettings { settings })),
            MasterStep::Done | MasterStep::Interrupted => Ok(None),
            MasterStep::TooMuch(refused) => Err(refusal(&refused, &self.place)),
        }
    }

    /// Takes what a pass came to.
    fn add(&self, py: Python<'_>, integrated: Option<f64>, limiting_p99_db: f64, clipping_p99_db: f64) {
        lock(py, &self.state).add(PassResult { loudness_lufs: integrated, limiting_p99_db, clipping_p99_db });
    }

    /// Passes that were made.
    #[getter]
    fn passes(&self, py: Python<'_>) -> usize {
        lock(py, &self.state).passes()
    }

    /// How the load is shared: bus compression in decibels, and over how many decibels the clipper takes, if it does.
    #[getter]
    fn plan(&self, py: Python<'_>) -> (f64, Option<f64>) {
        let plan = lock(py, &self.state).plan();
        (plan.compression_db, plan.clips_over_db)
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
    Ended(Box<Measures>),
}

/// What was measured of a pass: limiting, clipping, and pumping and fast motion of the gain.
#[derive(Default)]
struct Measures {
    limiting: host::Limiting,
    clipping: host::Limiting,
    motion_db: (f64, f64),
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
    fn new(meter: Py<Meter>, settings: &MasterSettings) -> Self {
        Self { meter, settings: settings.settings, state: Mutex::new(State::Fresh) }
    }

    /// Runs a block `(channels, samples)`, all of one type, and returns the next samples of the delivery.
    fn push<'py>(&self, py: Python<'py>, block: &Array<'py>) -> PyResult<Array<'py>> {
        if holds::<f32>(block) { self.run::<f32>(py, block) } else { self.run::<f64>(py, block) }
    }

    /// Ends the audio and returns what is left of it; `None` when there was none.
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Option<Array<'py>>> {
        let mut state = lock(py, &self.state);
        let found = std::mem::replace(&mut *state, State::Ended(Box::default()));
        let (rest, measures) = match found {
            State::Fresh => return Ok(None),
            State::Single(pass) => self.rest(py, *pass)?,
            State::Double(pass) => self.rest(py, *pass)?,
            State::Ended(measures) => {
                *state = State::Ended(measures);
                return Ok(None);
            }
        };
        *state = State::Ended(Box::new(measures));
        Ok(Some(rest))
    }

    /// How hard the limiter works, once the pass has ended.
    #[getter]
    fn limiting(&self, py: Python<'_>) -> Limiting {
        self.measure(py, |measures| &measures.limiting)
    }

    /// How hard the clipper works, once the pass has ended.
    #[getter]
    fn clipping(&self, py: Python<'_>) -> Limiting {
        self.measure(py, |measures| &measures.clipping)
    }

    /// Pumping and fast motion of the gain in decibels, once the pass has ended.
    #[getter]
    fn motion_db(&self, py: Python<'_>) -> (f64, f64) {
        if let State::Ended(measures) = &*lock(py, &self.state) { measures.motion_db } else { (0.0, 0.0) }
    }
}

impl MasterPass {
    fn measure(&self, py: Python<'_>, of: fn(&Measures) -> &host::Limiting) -> Limiting {
        let measure = match &*lock(py, &self.state) {
            State::Ended(measures) => of(measures).clone(),
            _ => host::Limiting::new(),
        };
        Limiting { state: Mutex::new(measure) }
    }

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
    ) -> PyResult<(Array<'py>, Measures)> {
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
        let host::PassMeasures { meter: heard, limiting, clipping, motion } = pass.into_measures();
        meter.take(py, heard);
        let motion_db = (motion.pumping_db(), motion.fast_db());
        Ok((array, Measures { limiting, clipping, motion_db }))
    }
}
