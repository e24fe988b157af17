//! Streams: block after block through one chain, with state kept in between.
//!
//! A call with arrays that can be used as they are touches Python only to read their headers. Anything
//! else (another type, a list) goes to the package's conversion first.

use crate::array::{Plane, PlaneMut, Scalar, holds, is_writeable, zeros};
use crate::engine::{Engine, Engined};
use crate::failure::Failure;
use crate::lock::lock;
use crate::render::{Course, Patch, Watch, courses, lanes};
use crate::runner::{Options, Runner, Shape, Trace};
use mixdsp::host::recipe::Recipe;
use mixdsp::{Id, Processor};
use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::Mutex;

/// Blocks of at most so many samples are processed without releasing the interpreter: that costs more.
const SAMPLES_WORTH_RELEASING: usize = 512;

/// Audio through a chain, block by block.
#[pyclass(frozen, subclass, module = "mixdsp._mixdsp")]
pub(crate) struct Stream {
    shape: Shape,
    outputs: usize,
    latency: usize,
    time_first: bool,
    check: bool,
    state: Mutex<State>,
}

struct State {
    recipe: Recipe,
    courses: Vec<Course>,
    engine: Engine,
    /// What was set before the first block told the sample type.
    early: Vec<(Id, f64, Option<usize>)>,
    /// Axes of the latest block: what a flush returns has as many.
    axes: usize,
}

impl State {
    fn build<T: Scalar>(&self, shape: Shape) -> Result<Runner<T>, Failure> {
        let lanes = lanes(&self.recipe, &self.courses, shape.sample_rate, 0)?;
        let mut runner = Runner::<T>::new(&self.recipe, lanes, shape)?;
        for (id, value, frames) in &self.early {
            runner.change(*id, *value, *frames)?;
        }
        Ok(runner)
    }

    /// The runner for samples of `T`; the first block builds it.
    fn runner<T: Engined>(&mut self, shape: Shape) -> Result<&mut Runner<T>, Failure> {
        if let Engine::Fresh = self.engine {
            self.engine = T::engine(self.build(shape)?);
        }
        let runs = match &self.engine {
            Engine::Single(_) => f32::NAME,
            Engine::Double(_) => f64::NAME,
            Engine::Fresh | Engine::Closed => return Err(Failure::Value("the stream is closed".into())),
        };
        T::runner(&mut self.engine).ok_or_else(|| {
            Failure::Type(format!(
                "the stream runs in {runs} since its first block: use block.astype(np.{runs}), not {}",
                T::NAME
            ))
        })
    }
}

#[pymethods]
impl Stream {
    #[new]
    #[pyo3(signature = (patch, channels, keys, time_first, check))]
    fn new(patch: Patch<'_>, channels: usize, keys: usize, time_first: bool, check: bool) -> PyResult<Self> {
        let (recipe, sample_rate, trunners) = patch;
        let shape = Shape { sample_rate, inputs: channels, keys };
        let (recipe, courses) = (recipe.recipe.clone(), courses(trunners));
        let state = State { recipe, courses, engine: Engine::Fresh, early: Vec::new(), axes: 2 };
        let runner = state.build::<f32>(shape)?;
        let (outputs, latency) = (runner.outputs(), runner.latency());
        Ok(Self { shape, outputs, latency, time_first, check, state: Mutex::new(state) })
    }

    /// Processes one block of any length and returns as many frames, late by the latency.
    #[pyo3(signature = (block, out=None, sidechain=None))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        block: &Bound<'py, PyAny>,
        out: Option<&Bound<'py, PyAny>>,
        sidechain: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let block = usable(block)?;
        let key = sidechain.map(usable).transpose()?;
        if holds::<f32>(&block) {
            Ok(self.block::<f32>(py, &block, out, key.as_ref(), None)?.0)
        } else {
            Ok(self.block::<f64>(py, &block, out, key.as_ref(), None)?.0)
        }
    }

    /// Processes one block as a call does, and gives a reading at each of its frames beside it, `(samples,)`.
    #[pyo3(signature = (block, id))]
    fn traced<'py>(
        &self,
        py: Python<'py>,
        block: &Bound<'py, PyAny>,
        id: u64,
    ) -> PyResult<(Bound<'py, PyAny>, Option<Bound<'py, PyAny>>)> {
        let block = usable(block)?;
        let trace = Some(Id::from_raw(id));
        if holds::<f32>(&block) {
            self.block::<f32>(py, &block, None, None, trace)
        } else {
            self.block::<f64>(py, &block, None, None, trace)
        }
    }

    /// Tells the units that the audio ends here, and only silence follows.
    fn end(&self, py: Python<'_>) {
        match &mut lock(py, &self.state).engine {
            Engine::Single(runner) => runner.end(),
            Engine::Double(runner) => runner.end(),
            Engine::Fresh | Engine::Closed => {}
        }
    }

    /// Feeds so many frames of silence, returns what comes out, and starts afresh.
    #[pyo3(signature = (frames))]
    fn drain<'py>(&self, py: Python<'py>, frames: usize) -> PyResult<Bound<'py, PyAny>> {
        let mut state = lock(py, &self.state);
        match state.engine {
            Engine::Double(_) => self.silence::<f64>(py, &mut state, frames),
            Engine::Fresh => {
                let silence = self.silence::<f32>(py, &mut state, frames);
                state.engine = Engine::Fresh;
                silence
            }
            _ => self.silence::<f32>(py, &mut state, frames),
        }
    }

    /// Clears audio state and goes back to the start of the automation; parameters stay.
    fn reset(&self, py: Python<'_>) -> PyResult<()> {
        match &mut lock(py, &self.state).engine {
            Engine::Single(runner) => runner.reset()?,
            Engine::Double(runner) => runner.reset()?,
            Engine::Fresh => {}
            Engine::Closed => return Err(Failure::Value("the stream is closed".into()).into()),
        }
        Ok(())
    }

    /// Frees the memory; the stream takes no more blocks.
    fn close(&self, py: Python<'_>) {
        lock(py, &self.state).engine = Engine::Closed;
    }

    /// Sets a parameter, silently, or moves it in a line of so many frames.
    #[pyo3(signature = (id, value, frames=None))]
    fn change(&self, py: Python<'_>, id: u64, value: f64, frames: Option<usize>) -> PyResult<()> {
        let mut state = lock(py, &self.state);
        let id = Id::from_raw(id);
        match &mut state.engine {
            Engine::Single(runner) => runner.change(id, value, frames)?,
            Engine::Double(runner) => runner.change(id, value, frames)?,
            Engine::Fresh => {
                // A trial run, so that a wrong value is refused here and not at the first block.
                state.build::<f32>(self.shape)?.change(id, value, frames)?;
                state.early.push((id, value, frames));
            }
            Engine::Closed => return Err(Failure::Value("the stream is closed".into()).into()),
        }
        Ok(())
    }

    /// The present value of a parameter, or a reading; `None` when there is none yet.
    fn value(&self, py: Python<'_>, id: u64) -> PyResult<Option<f64>> {
        let mut state = lock(py, &self.state);
        let id = Id::from_raw(id);
        match &mut state.engine {
            Engine::Single(runner) => Ok(Processor::get(runner.chain(), id)),
            Engine::Double(runner) => Ok(Processor::get(runner.chain(), id)),
            Engine::Fresh => {
                let mut runner = state.build::<f32>(self.shape)?;
                Ok(Processor::get(runner.chain(), id))
            }
            Engine::Closed => Err(Failure::Value("the stream is closed".into()).into()),
        }
    }

    /// Upper bound of the frames until silence at the present parameters; `None` when it never comes.
    #[getter]
    fn tail_samples(&self, py: Python<'_>) -> PyResult<Option<usize>> {
        let state = lock(py, &self.state);
        match &state.engine {
            Engine::Single(runner) => Ok(runner.tail()),
            Engine::Double(runner) => Ok(runner.tail()),
            Engine::Fresh => Ok(state.build::<f32>(self.shape)?.tail()),
            Engine::Closed => Err(Failure::Value("the stream is closed".into()).into()),
        }
    }

    /// Samples of input that were not finite, or beyond 1e9, and had to be cleaned.
    #[getter]
    fn faults(&self, py: Python<'_>) -> u64 {
        match &lock(py, &self.state).engine {
            Engine::Single(runner) => runner.sanitized_samples(),
            Engine::Double(runner) => runner.sanitized_samples(),
            Engine::Fresh | Engine::Closed => 0,
        }
    }

    /// Frames by which the output is late.
    #[getter]
    fn latency_samples(&self) -> usize {
        self.latency
    }

    /// Frames per second.
    #[getter]
    fn sample_rate(&self) -> f64 {
        self.shape.sample_rate
    }

    /// Channels of a block.
    #[getter]
    fn channels(&self) -> usize {
        self.shape.inputs
    }

    /// Channels that come out.
    #[getter]
    fn output_channels(&self) -> usize {
        self.outputs
    }
}

impl Stream {
    fn block<'py, T: Engined>(
        &self,
        py: Python<'py>,
        block: &Bound<'py, PyUntypedArray>,
        out: Option<&Bound<'py, PyAny>>,
        key: Option<&Bound<'py, PyUntypedArray>>,
        trace: Option<Id>,
    ) -> PyResult<(Bound<'py, PyAny>, Option<Bound<'py, PyAny>>)> {
        let input = self.plane::<T>(block, "block", self.shape.inputs)?;
        let given = match out {
            Some(out) => self.given_out::<T>(out, block, input.frames())?,
            None => zeros::<T>(py, self.out_shape(block.ndim(), input.frames()).as_slice()),
        };
        let output = PlaneMut::<T>::of(&given, self.time_first).ok_or(Failure::Memory)?;
        let key = match key {
            Some(key) => Some(self.plane::<T>(key, "sidechain", self.shape.keys)?),
            None => None,
        };
        if let Some(key) = key.as_ref().filter(|key| key.frames() != input.frames()) {
            let (block, key) = (input.frames(), key.frames());
            return Err(Failure::Value(format!("block of {block} samples, sidechain of {key}")).into());
        }
        let mut state = lock(py, &self.state);
        state.axes = block.ndim();
        let runner = state.runner::<T>(self.shape)?;
        let (input, key) = (Some(&input), key.as_ref());
        let course = trace.map(|_| zeros::<T>(py, &[input.map_or(0, Plane::frames)]));
        let trace = match (trace, &course) {
            (Some(id), Some(course)) => {
                let plane = PlaneMut::<T>::of(course, false).ok_or(Failure::Memory)?;
                Some(Trace { id, plane })
            }
            _ => None,
        };
        let options = Options { skip: 0, check: self.check, trace };
        if output.frames() * self.shape.inputs <= SAMPLES_WORTH_RELEASING {
            runner.pump(input, key, &output, options, || Ok(()))?;
        } else {
            py.detach(|| {
                let mut watch = Watch::new();
                runner.pump(input, key, &output, options, || watch.look())
            })?;
        }
        Ok((given.into_any(), course.map(Bound::into_any)))
    }

    /// A view of a block, or why its shape is wrong.
    fn plane<'a, T: Scalar>(
        &self,
        array: &'a Bound<'_, PyUntypedArray>,
        what: &str,
        channels: usize,
    ) -> Result<Plane<'a, T>, Failure> {
        if !holds::<T>(array) {
            return Err(Failure::Type(format!("{what} must be {} like the block", T::NAME)));
        }
        let plane = Plane::<T>::of(array, self.time_first);
        plane.filter(|plane| plane.channels() == channels).ok_or_else(|| {
            let axes = if self.time_first { "(samples, channels)" } else { "(channels, samples)" };
            let shape = array.shape();
            Failure::Value(format!(
                "{what} has the shape {shape:?}, {axes} with {channels} channels is needed"
            ))
        })
    }

    /// Shape of what comes out: as many axes as the block where one channel comes out.
    fn out_shape(&self, axes: usize, frames: usize) -> OutShape {
        match (axes, self.outputs, self.time_first) {
            (1, 1, _) => OutShape([frames, 0], 1),
            (_, channels, true) => OutShape([frames, channels], 2),
            (_, channels, false) => OutShape([channels, frames], 2),
        }
    }

    fn given_out<'py, T: Scalar>(
        &self,
        out: &Bound<'py, PyAny>,
        block: &Bound<'py, PyUntypedArray>,
        frames: usize,
    ) -> Result<Bound<'py, PyUntypedArray>, Failure> {
        let out = out.cast::<PyUntypedArray>().ok().filter(|out| holds::<T>(out));
        let out = out.ok_or_else(|| {
            Failure::Type(format!("out must be an array of native, aligned {} like the block", T::NAME))
        })?;
        let needed = self.out_shape(block.ndim(), frames);
        if out.shape() != needed.as_slice() {
            let (given, needed) = (out.shape(), needed.as_slice());
            return Err(Failure::Value(format!("out has the shape {given:?}, {needed:?} is needed")));
        }
        if !is_writeable(out) {
            return Err(Failure::Value("out is read-only".into()));
        }
        Ok(out.clone())
    }

    fn silence<'py, T: Engined>(
        &self,
        py: Python<'py>,
        state: &mut State,
        frames: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let axes = state.axes;
        let runner = state.runner::<T>(self.shape)?;
        let out = zeros::<T>(py, self.out_shape(axes, frames).as_slice());
        let output = PlaneMut::<T>::of(&out, self.time_first).ok_or(Failure::Memory)?;
        py.detach(|| {
            let mut watch = Watch::new();
            let options = Options { skip: 0, check: false, trace: None };
            runner.pump(None, None, &output, options, || watch.look())?;
            runner.reset()
        })?;
        Ok(out.into_any())
    }
}

struct OutShape([usize; 2], usize);

impl OutShape {
    fn as_slice(&self) -> &[usize] {
        &self.0[..self.1]
    }
}

/// The array itself where processors can read it, else what the package makes of it.
fn usable<'py>(block: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyUntypedArray>> {
    if let Ok(array) = block.cast::<PyUntypedArray>()
        && (holds::<f32>(array) || holds::<f64>(array))
    {
        return Ok(array.clone());
    }
    static CONVERT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let convert = CONVERT.import(block.py(), "mixdsp.engine._arrays", "as_audio")?;
    Ok(convert.call1((block,))?.cast_into::<PyUntypedArray>()?)
}
