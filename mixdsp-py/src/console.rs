//! The mixer: arrays as tracks, through strips and buses, into one stereo array.

use crate::array::{Plane, PlaneMut, Scalar, holds};
use crate::failure::Failure;
use crate::lock::lock;
use crate::rack::refuse_not_finite;
use crate::recipe::PyRecipe;
use crate::render::Watch;
use mixdsp::Spec;
use mixdsp::host::Mixer;
use mixdsp::host::mix_recipe::{Course, MixRecipe, MixRecipeError, SendRecipe, StripKind, StripRecipe};
use mixdsp::mix::Tap;
use numpy::PyUntypedArray;
use pyo3::prelude::*;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How often progress is told.
const TOLD_EVERY: Duration = Duration::from_millis(100);

/// Frames of a turn of the mixer: enough that starting threads costs nothing beside it.
const TURN: usize = 2048;
/// Frames mixed at a time.
const SLICE: usize = 8 * TURN;

/// A track, a bus or the master as Python writes it; `channels` is 0 for the last two.
#[derive(FromPyObject)]
pub(crate) struct Strip<'py> {
    name: String,
    channels: usize,
    inserts: PyRef<'py, PyRecipe>,
    gain_db: f64,
    pan: f64,
    mute: bool,
    solo: bool,
    invert: bool,
    output: Option<String>,
    key: Option<String>,
    /// To, level, before the fader.
    sends: Vec<(String, f64, bool)>,
    /// Paths, and points of seconds and values.
    automation: Vec<(String, Vec<[f64; 2]>)>,
}

impl Strip<'_> {
    fn recipe(self) -> StripRecipe {
        let kind = match (self.name.as_str(), self.channels) {
            ("master", _) => StripKind::Master,
            (_, 0) => StripKind::Bus,
            (_, channels) => StripKind::Track { channels },
        };
        let send = |(to, gain_db, pre_fader)| SendRecipe {
            to,
            gain_db,
            tap: if pre_fader { Tap::PreFader } else { Tap::PostFader },
        };
        StripRecipe {
            name: self.name,
            kind,
            inserts: self.inserts.recipe.clone(),
            trim_db: 0.0,
            invert_polarity: self.invert,
            pan: self.pan,
            gain_db: self.gain_db,
            mute: self.mute,
            solo: self.solo,
            output: self.output,
            key: self.key,
            sends: self.sends.into_iter().map(send).collect(),
            automation: self.automation.into_iter().map(|(path, points)| Course { path, points }).collect(),
        }
    }
}

/// A mixer that was put together.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct Console {
    engine: Mutex<Engine>,
}

enum Engine {
    Single(Desk<f32>),
    Double(Desk<f64>),
}

struct Desk<T: Scalar> {
    mixer: Mixer<T>,
}

impl<T: Scalar> Desk<T> {
    fn build(sample_rate: f64, recipe: &MixRecipe) -> Result<Self, Failure> {
        let mixer = recipe.build(sample_rate).map_err(|MixRecipeError { strip, error }| {
            match (error.error.as_deref(), strip.map(|at| &recipe.strips[at].name)) {
                (Some(mixdsp::Error::Memory { .. }), _) => Failure::Memory,
                (_, Some(name)) => Failure::Value(format!("{name}: {error}")),
                (_, None) => Failure::Value(error.to_string()),
            }
        });
        let mut mixer: Mixer<T> = mixer?;
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        mixer.mix_offline(threads, TURN);
        Ok(Self { mixer })
    }

    fn render(
        &mut self,
        inputs: &[Plane<'_, T>],
        out: &PlaneMut<'_, T>,
        check: bool,
        mut tell: impl FnMut(f64) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.mixer.reset();
        let skip = self.mixer.latency();
        let total = skip + out.frames();
        let mut slices: Vec<Vec<Vec<T>>> =
            inputs.iter().map(|input| vec![vec![T::ZERO; SLICE]; input.channels()]).collect();
        let mut mixed = [vec![T::ZERO; SLICE], vec![T::ZERO; SLICE]];
        let mut watch = Watch::new();
        let mut at = 0;
        while at < total {
            let count = (total - at).min(SLICE);
            for (slice, input) in slices.iter_mut().zip(inputs) {
                let there = input.frames().saturating_sub(at).min(count);
                for (channel, plane) in slice.iter_mut().enumerate() {
                    plane[there..count].fill(T::ZERO);
                    if there > 0 {
                        input.read(channel, at, &mut plane[..there]);
                        if check {
                            refuse_not_finite(&plane[..there], "", channel, at)?;
                        }
                    }
                }
            }
            let planes: Vec<Vec<&[T]>> =
                slices.iter().map(|slice| slice.iter().map(|plane| &plane[..count]).collect()).collect();
            let tracks: Vec<&[&[T]]> = planes.iter().map(|planes| &planes[..]).collect();
            let [left, right] = &mut mixed;
            self.mixer.process(&tracks, &mut [&mut left[..count], &mut right[..count]])?;
            let first = skip.clamp(at, at + count) - at;
            for (channel, plane) in mixed.iter().enumerate() {
                if first < count {
                    out.write(channel, at + first - skip, &plane[first..count]);
                }
            }
            at += count;
            watch.look()?;
            tell(at as f64 / total as f64)?;
        }
        Ok(())
    }
}

#[pymethods]
impl Console {
    /// The order of the strips is that of the inputs; one is called master. `double` for tracks of float64.
    #[new]
    fn new(sample_rate: f64, strips: Vec<Strip<'_>>, double: bool) -> PyResult<Self> {
        Spec::new(sample_rate, 2).check().map_err(|error| Failure::of(&error, ""))?;
        let strips = strips.into_iter().map(Strip::recipe).collect();
        let recipe = MixRecipe { strips, groups: Vec::new() };
        let engine = match double {
            true => Engine::Double(Desk::build(sample_rate, &recipe)?),
            false => Engine::Single(Desk::build(sample_rate, &recipe)?),
        };
        Ok(Self { engine: Mutex::new(engine) })
    }

    /// Samples by which the mix would be late; rendering makes up for it.
    #[getter]
    fn latency(&self, py: Python<'_>) -> usize {
        match &*lock(py, &self.engine) {
            Engine::Single(desk) => desk.mixer.latency(),
            Engine::Double(desk) => desk.mixer.latency(),
        }
    }

    /// Samples after the end of the tracks until silence; `None` when it never comes.
    #[getter]
    fn tail(&self, py: Python<'_>) -> Option<usize> {
        let (tail, latency) = match &*lock(py, &self.engine) {
            Engine::Single(desk) => (desk.mixer.tail()?, desk.mixer.latency()),
            Engine::Double(desk) => (desk.mixer.tail()?, desk.mixer.latency()),
        };
        Some(tail.saturating_sub(latency))
    }

    /// Mixes the tracks, `(channels, samples)` each, into `out`, `(2, samples)`. `progress` is called now and then
    /// with the share that is done.
    #[pyo3(signature = (inputs, out, check, progress=None))]
    fn render(
        &self,
        py: Python<'_>,
        inputs: Vec<Bound<'_, PyUntypedArray>>,
        out: &Bound<'_, PyUntypedArray>,
        check: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let mut engine = lock(py, &self.engine);
        let mut last = Instant::now();
        let tell = |share: f64| {
            if let Some(progress) = progress.as_ref().filter(|_| last.elapsed() >= TOLD_EVERY || share >= 1.0)
            {
                last = Instant::now();
                Python::attach(|py| progress.call1(py, (share,)))?;
            }
            Ok(())
        };
        match &mut *engine {
            Engine::Single(desk) => run(py, desk, &inputs, out, check, tell),
            Engine::Double(desk) => run(py, desk, &inputs, out, check, tell),
        }
    }
}

fn run<T: Scalar>(
    py: Python<'_>,
    desk: &mut Desk<T>,
    inputs: &[Bound<'_, PyUntypedArray>],
    out: &Bound<'_, PyUntypedArray>,
    check: bool,
    tell: impl FnMut(f64) -> Result<(), Failure> + Send,
) -> PyResult<()> {
    let wrong = || Failure::Type(format!("tracks and out must be arrays of {}", T::NAME));
    debug_assert!(inputs.iter().all(holds::<T>));
    let planes: Option<Vec<_>> = inputs.iter().map(|input| Plane::<T>::of(input, false)).collect();
    let planes = planes.ok_or_else(wrong)?;
    let target = PlaneMut::<T>::of(out, false).filter(|out| out.channels() == 2).ok_or_else(wrong)?;
    Ok(py.detach(|| desk.render(&planes, &target, check, tell))?)
}
