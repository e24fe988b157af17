//! The mixer: arrays as tracks, through strips and buses, into one stereo array.

use crate::array::{Plane, PlaneMut, Scalar, holds};
use crate::automation::Track;
use crate::entry::Build;
use crate::failure::Failure;
use crate::lock::lock;
use crate::rack::{UnitRecipe, refuse_not_finite};
use crate::render::{Course, TrackRecipe, Watch};
use mixdsp::host::automation::Lane;
use mixdsp::host::{Mixer, NodeId, Part, SendId};
use mixdsp::mix::Tap;
use mixdsp::{GainParams, PanParams, Processor as _, Spec};
use numpy::PyUntypedArray;
use pyo3::prelude::*;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How often progress is told.
const TOLD_EVERY: Duration = Duration::from_millis(100);

/// Frames mixed at a time: enough that starting threads costs nothing beside it.
const SLICE: usize = 4096;

/// Which unit a track of automation moves, when it is none of the inserts.
const FADER: usize = 1 << 20;
const PAN: usize = FADER + 1;
/// The first send; the others follow.
const SENDS: usize = FADER + 2;

/// A track, a bus or the master as Python writes it; `channels` is 0 for the last two.
#[derive(FromPyObject)]
pub(crate) struct NodeRecipe<'py> {
    name: String,
    channels: usize,
    units: Vec<UnitRecipe>,
    /// Whether each unit listens to the key.
    keyed: Vec<bool>,
    gain_db: f64,
    pan: f64,
    mute: bool,
    solo: bool,
    invert: bool,
    output: Option<String>,
    key: Option<String>,
    /// To, level, before the fader.
    sends: Vec<(String, f64, bool)>,
    courses: Vec<TrackRecipe<'py>>,
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
    fn build(sample_rate: f64, recipes: &[(NodeRecipe<'_>, Vec<Course>)]) -> Result<Self, Failure> {
        let mut mixer = Mixer::<T>::new(sample_rate)?;
        let mut nodes = Vec::new();
        for (recipe, _) in recipes {
            nodes.push(match (recipe.name.as_str(), recipe.channels) {
                ("master", _) => mixer.master(),
                (name, 0) => mixer.add_bus(name)?,
                (name, channels) => mixer.add_track(name, channels)?,
            });
        }
        for ((recipe, courses), node) in recipes.iter().zip(&nodes) {
            let NodeRecipe { name, .. } = recipe;
            let place = |failure: Failure| match failure {
                Failure::Value(text) => Failure::Value(format!("{name}: {text}")),
                other => other,
            };
            let to = |target: &str| {
                mixer
                    .find(target)
                    .ok_or_else(|| Failure::Value(format!("{name}: no track or bus {target:?}")))
            };
            let output = recipe.output.as_deref().map(to).transpose()?;
            let key = recipe.key.as_deref().map(to).transpose()?;
            let targets: Vec<NodeId> =
                recipe.sends.iter().map(|(target, ..)| to(target)).collect::<Result<_, _>>()?;
            if let Some(output) = output {
                mixer.route(*node, output)?;
            }
            if let Some(key) = key {
                mixer.listen(*node, key)?;
            }
            let mut late = Vec::new();
            let spec = Spec::new(
                sample_rate,
                recipe.channels.clamp(1, 2).max(2 * usize::from(recipe.channels == 0)),
            );
            for (at, (unit, keyed)) in recipe.units.iter().zip(&recipe.keyed).enumerate() {
                let built = insert::<T>(unit, spec.with_sidechain(if *keyed { 2 } else { 0 }), courses, at)
                    .map_err(place)?;
                late.push(built.latency());
                mixer.insert(*node, built);
            }
            let mut sends = Vec::new();
            for (target, (_, gain_db, pre)) in targets.iter().zip(&recipe.sends) {
                let tap = if *pre { Tap::PreFader } else { Tap::PostFader };
                sends.push(mixer.send(*node, *target, tap, *gain_db)?);
            }
            mixer.set_muted(*node, recipe.mute)?;
            mixer.set_soloed(*node, recipe.solo)?;
            let refused = |error: mixdsp::Error| place(Failure::of(&error, ""));
            let strip = mixer.strip(*node);
            strip.fader.set(GainParams::GAIN_DB, recipe.gain_db).map_err(refused)?;
            strip.pan.set(PanParams::PAN, recipe.pan).map_err(refused)?;
            strip.trim.set(GainParams::INVERT, f64::from(u8::from(recipe.invert))).map_err(refused)?;
            for course in courses {
                automate(&mut mixer, *node, recipe, course, (&late, &sends))?;
            }
        }
        mixer.prepare()?;
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        mixer.mix_offline(threads, SLICE);
        mixer.reset();
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

/// Lets a parameter of a strip follow its course; `late` are the latencies of the inserts.
fn automate<T: Scalar>(
    mixer: &mut Mixer<T>,
    node: NodeId,
    recipe: &NodeRecipe<'_>,
    course: &Course,
    (late, sends): (&[usize], &[SendId]),
) -> Result<(), Failure> {
    let Track { unit, id, points, .. } = course.track(mixer.sample_rate(), 0);
    let no_parameter = || Failure::Value(format!("no insert {unit}"));
    let part = |part: Part| part.parameter().map(|(_, row)| row).ok_or_else(no_parameter);
    let lane = |id, row, points| Lane::new((), id, row, points).ok_or_else(no_parameter);
    let done = match unit {
        FADER => mixer.automate(node, lane(id, part(Part::Fader)?, points)?.at(|()| Part::Fader)),
        PAN => mixer.automate(node, lane(id, part(Part::Pan)?, points)?.at(|()| Part::Pan)),
        _ if unit >= SENDS => {
            let send = sends.get(unit - SENDS).ok_or_else(no_parameter)?;
            mixer.automate_send(*send, lane(id, part(Part::Fader)?, points)?)
        }
        _ => {
            let insert = recipe.units.get(unit).ok_or_else(no_parameter)?;
            let place = insert.processor()?.place(id, insert.config()).ok_or_else(no_parameter)?;
            let mut lane = lane(id.in_node(unit as u16), place.row, points)?.at(|()| Part::Inserts);
            lane.delay(late[..unit].iter().sum::<usize>() as u64);
            mixer.automate(node, lane)
        }
    };
    done.map_err(|error| Failure::of(&error, ""))
}

/// An insert of a strip, with the values that its automation begins with checked.
fn insert<T: Scalar>(
    recipe: &UnitRecipe,
    spec: Spec,
    courses: &[Course],
    at: usize,
) -> Result<crate::entry::AnyUnit<T>, Failure> {
    let processor = recipe.processor()?;
    let (config, label) = (recipe.config(), recipe.label());
    let outputs = processor.outputs(&spec, config).map_err(|error| Failure::of(&error, label))?;
    if outputs != spec.inputs {
        let reason = "an insert has as many channels out as in; a mono track has one";
        return Err(Failure::Value(format!("{label}: {reason}")));
    }
    let mut settings = recipe.settings();
    for course in courses.iter().filter(|course| course.unit() == at) {
        settings.extend(course.values().iter().map(|value| (course.id(), *value)));
    }
    Build { spec, config, settings: &settings, label }.unit(processor)
}

#[pymethods]
impl Console {
    /// What automation of a strip names in place of an insert: its fader, its pan, its first send.
    #[classattr]
    const FADER: usize = FADER;
    #[classattr]
    const PAN: usize = PAN;
    #[classattr]
    const SENDS: usize = SENDS;

    /// The order of the nodes is that of the inputs; one is called master. `double` for tracks of float64.
    #[new]
    fn new(sample_rate: f64, nodes: Vec<NodeRecipe<'_>>, double: bool) -> PyResult<Self> {
        Spec::new(sample_rate, 2).check().map_err(|error| Failure::of(&error, ""))?;
        let courses = |node: &NodeRecipe<'_>| node.courses.iter().map(Course::read).collect();
        let recipes: Vec<_> = nodes
            .into_iter()
            .map(|node| {
                let courses = courses(&node);
                (node, courses)
            })
            .collect();
        let engine = match double {
            true => Engine::Double(Desk::build(sample_rate, &recipes)?),
            false => Engine::Single(Desk::build(sample_rate, &recipes)?),
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
