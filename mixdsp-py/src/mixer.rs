//! The mixer: arrays and files as tracks, through strips and buses, into one stereo array.
//!
//! It mixes in float64, as sessions do; what leaves it is rounded once where nothing in it is float64.

use crate::array::{PlaneMut, holds};
use crate::failure::Failure;
use crate::lock::lock;
use crate::recipe::PyRecipe;
use crate::render::Watch;
use crate::tracks::{Playing, Tracks};
use mixdsp::Spec;
use mixdsp::host::Mixer;
use mixdsp::host::mix_recipe::{
    Course, GroupRecipe, MixRecipe, MixRecipeError, SendRecipe, StripKind, StripRecipe,
};
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
    trim_db: f64,
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
            trim_db: self.trim_db,
            invert_polarity: self.invert,
            pan: self.pan,
            gain_db: self.gain_db,
            mute: self.mute,
            solo: self.solo,
            output: self.output,
            key: self.key,
            sends: self.sends.into_iter().map(send).collect(),
            automation: courses(self.automation),
        }
    }
}

/// A mixer that was put together.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct MixRender {
    mixer: Mutex<Mixer<f64>>,
    /// What the tracks are called, and how many channels they have.
    tracks: Vec<(String, usize)>,
}

/// Where a mix goes.
enum Target<'a> {
    Single(PlaneMut<'a, f32>),
    Double(PlaneMut<'a, f64>),
}

impl<'a> Target<'a> {
    fn of(out: &'a Bound<'_, PyUntypedArray>) -> Result<Self, Failure> {
        let single = holds::<f32>(out).then(|| PlaneMut::of(out, false)).flatten().map(Self::Single);
        let target = single.or_else(|| PlaneMut::of(out, false).map(Self::Double));
        let stereo = target.filter(|target| target.channels() == 2);
        stereo.ok_or_else(|| Failure::Type("out must be a writeable array of two channels of floats".into()))
    }

    fn channels(&self) -> usize {
        match self {
            Self::Single(plane) => plane.channels(),
            Self::Double(plane) => plane.channels(),
        }
    }

    fn frames(&self) -> usize {
        match self {
            Self::Single(plane) => plane.frames(),
            Self::Double(plane) => plane.frames(),
        }
    }

    fn write(&self, channel: usize, at: usize, samples: &[f64]) {
        match self {
            Self::Single(plane) => {
                let mut rounded = [0.0_f32; SLICE];
                let rounded = &mut rounded[..samples.len()];
                rounded.iter_mut().zip(samples).for_each(|(to, x)| *to = *x as f32);
                plane.write(channel, at, rounded);
            }
            Self::Double(plane) => plane.write(channel, at, samples),
        }
    }
}

/// Mixes the tracks; gives the length of the longest.
fn run(
    mixer: &mut Mixer<f64>,
    tracks: &Tracks<'_>,
    out: &Target<'_>,
    mut tell: impl FnMut(f64) -> Result<(), Failure>,
) -> Result<usize, Failure> {
    mixer.reset();
    let skip = mixer.latency();
    let total = skip + out.frames();
    let mut mixed = [vec![0.0; SLICE], vec![0.0; SLICE]];
    let mut watch = Watch::new();
    let mut at = 0;
    while at < total {
        let count = (total - at).min(SLICE);
        let [left, right] = &mut mixed;
        mixer.process_from(&mut [&mut left[..count], &mut right[..count]], tracks)?;
        tracks.failed()?;
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
    Ok(tracks.length())
}

/// A group as Python writes it.
#[derive(FromPyObject)]
pub(crate) struct Group {
    name: String,
    members: Vec<String>,
    gain_db: f64,
    mute: bool,
    /// Paths, and points of seconds and values.
    automation: Vec<(String, Vec<[f64; 2]>)>,
}

impl Group {
    fn recipe(self) -> GroupRecipe {
        let Self { name, members, gain_db, mute, automation } = self;
        GroupRecipe { name, members, gain_db, mute, automation: courses(automation) }
    }
}

fn courses(automation: Vec<(String, Vec<[f64; 2]>)>) -> Vec<Course> {
    automation.into_iter().map(|(path, points)| Course { path, points }).collect()
}

#[pymethods]
impl MixRender {
    /// The order of the strips is that of the inputs; one is called master. It mixes on so many threads, by default on all
    /// cores; the samples do not depend on it.
    #[new]
    #[pyo3(signature = (sample_rate, strips, groups, threads=None))]
    fn new(
        sample_rate: f64,
        strips: Vec<Strip<'_>>,
        groups: Vec<Group>,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        Spec::new(sample_rate, 2).check().map_err(|error| Failure::of(&error, ""))?;
        let tracks = strips.iter().filter(|strip| strip.channels > 0);
        let tracks = tracks.map(|strip| (strip.name.clone(), strip.channels)).collect();
        let strips = strips.into_iter().map(Strip::recipe).collect();
        let recipe = MixRecipe { strips, groups: groups.into_iter().map(Group::recipe).collect() };
        let mixer = recipe.build(sample_rate).map_err(|MixRecipeError { strip, error }| {
            match (error.error.as_deref(), strip.map(|at| &recipe.strips[at].name)) {
                (Some(mixdsp::Error::Memory { .. }), _) => Failure::Memory,
                (_, Some(name)) => Failure::Value(format!("{name}: {error}")),
                (_, None) => Failure::Value(error.to_string()),
            }
        });
        let mut mixer: Mixer<f64> = mixer?;
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        mixer.mix_offline(threads.unwrap_or_else(cores), TURN);
        Ok(Self { mixer: Mutex::new(mixer), tracks })
    }

    /// Samples by which the mix would be late; rendering makes up for it.
    #[getter]
    fn latency(&self, py: Python<'_>) -> usize {
        lock(py, &self.mixer).latency()
    }

    /// Samples after the end of the tracks until silence; `None` when it never comes.
    #[getter]
    fn tail(&self, py: Python<'_>) -> Option<usize> {
        let mixer = lock(py, &self.mixer);
        Some(mixer.tail()?.saturating_sub(mixer.latency()))
    }

    /// Mixes the tracks into `out`, `(2, samples)`, and gives the length of the longest. A track is an array, `(channels,
    /// samples)`, or a list of files, each with the second at which it begins and its level in dB. `progress` is called now
    /// and then with the share that is done.
    #[pyo3(signature = (inputs, out, check, progress=None))]
    fn render(
        &self,
        py: Python<'_>,
        inputs: Vec<Bound<'_, PyAny>>,
        out: &Bound<'_, PyUntypedArray>,
        check: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<usize> {
        let mut guard = lock(py, &self.mixer);
        let mixer = &mut *guard;
        let mut last = Instant::now();
        let tell = |share: f64| {
            if let Some(progress) = progress.as_ref().filter(|_| last.elapsed() >= TOLD_EVERY || share >= 1.0)
            {
                last = Instant::now();
                Python::attach(|py| progress.call1(py, (share,)))?;
            }
            Ok(())
        };
        let target = Target::of(out)?;
        if inputs.len() != self.tracks.len() {
            let (given, needed) = (inputs.len(), self.tracks.len());
            return Err(Failure::Value(format!("{given} inputs for {needed} tracks")).into());
        }
        let rate = mixer.sample_rate();
        let each = inputs.iter().zip(&self.tracks);
        let each = each.map(|(input, (name, channels))| Playing::of(input, name, *channels, rate));
        let tracks = Tracks::new(each.collect::<PyResult<_>>()?, check);
        Ok(py.detach(|| run(mixer, &tracks, &target, tell))?)
    }
}
