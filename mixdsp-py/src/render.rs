//! One-shot calls: a batch of arrays, each through a rack of its own, on one thread or several.
//!
//! The interpreter is released for the whole of the work. Every 20 ms the calling thread asks Python
//! whether it was interrupted; a batch on several threads stops at the next slice.

use crate::array::{Plane, PlaneMut, Scalar, holds};
use crate::failure::Failure;
use crate::recipe::PyRecipe;
use crate::runner::{Options, Runner, Shape, Trace};
use crate::slices::check_finite;
use mixdsp::host::automation::Lane;
use mixdsp::host::recipe::Recipe;
use mixdsp::{Error, Id, Processor};
use numpy::{PyReadonlyArray1, PyUntypedArray};
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

const SIGNAL_INTERVAL: Duration = Duration::from_millis(20);

/// One automated parameter, read. Without times the values are spread evenly from the first frame to the last.
#[derive(Debug)]
pub(crate) struct Course {
    id: Id,
    seconds: Option<Vec<f64>>,
    values: Vec<f64>,
}

impl Course {
    /// Frames and values for an input of so many frames.
    fn points(&self, sample_rate: f64, frames: usize) -> Vec<(u64, f64)> {
        let spacing = frames.saturating_sub(1) as f64 / self.values.len().saturating_sub(1).max(1) as f64;
        let frame = |at: usize| match &self.seconds {
            Some(seconds) => (seconds[at] * sample_rate).round() as u64,
            None => (at as f64 * spacing).round() as u64,
        };
        let count = self.seconds.as_ref().map_or(self.values.len(), |all| all.len().min(self.values.len()));
        (0..count).map(|at| (frame(at), self.values[at])).collect()
    }
}

/// One automated parameter of a call: `(id, seconds or None, values)`.
pub(crate) type LaneRecipe<'py> = (u64, Option<PyReadonlyArray1<'py, f64>>, PyReadonlyArray1<'py, f64>);

/// What runs, as Python writes it: `(recipe, sample rate, automated parameters)`.
pub(crate) type Patch<'py> = (PyRef<'py, PyRecipe>, f64, Vec<LaneRecipe<'py>>);

/// Automated parameters, read.
pub(crate) fn courses(lanes: Vec<LaneRecipe<'_>>) -> Vec<Course> {
    let read = |array: PyReadonlyArray1<'_, f64>| array.as_array().to_vec();
    let course = |(id, seconds, values): LaneRecipe<'_>| Course {
        id: Id::from_raw(id),
        seconds: seconds.map(read),
        values: read(values),
    };
    lanes.into_iter().map(course).collect()
}

/// Their lanes for an input of so many frames.
pub(crate) fn lanes(
    recipe: &Recipe,
    courses: &[Course],
    sample_rate: f64,
    frames: usize,
) -> Result<Vec<Lane<()>>, Failure> {
    let lane = |course: &Course| {
        let id = course.id;
        let unknown = || Failure::of(&Error::Unknown { id }, "");
        let place = recipe.leaves_at(id.node()).iter().find_map(|leaf| leaf.row(id.in_node(0)));
        let points = course.points(sample_rate, frames);
        Lane::new((), id, place.ok_or_else(unknown)?, points).ok_or_else(unknown)
    };
    courses.iter().map(lane).collect()
}

/// Asks Python now and then whether the work was interrupted.
pub(crate) struct Watch {
    last: Instant,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self { last: Instant::now() }
    }

    pub(crate) fn look(&mut self) -> Result<(), Failure> {
        if self.last.elapsed() >= SIGNAL_INTERVAL {
            Python::attach(|py| py.check_signals())?;
            self.last = Instant::now();
        }
        Ok(())
    }
}

/// One array to process.
enum Job<'a> {
    Single(Work<'a, f32>),
    Double(Work<'a, f64>),
}

struct Work<'a, T> {
    input: Plane<'a, T>,
    output: PlaneMut<'a, T>,
    key: Option<Plane<'a, T>>,
    trace: Option<PlaneMut<'a, T>>,
}

type Array<'py> = Bound<'py, PyUntypedArray>;

/// Input, output, key, and where the trace goes.
type Item<'py> = (Array<'py>, Array<'py>, Option<Array<'py>>, Option<Array<'py>>);

impl<'a, T: Scalar> Work<'a, T> {
    fn of((input, output, key, trace): &'a Item<'_>) -> Option<Self> {
        let key = match key {
            Some(key) => Some(Plane::of(key, false)?),
            None => None,
        };
        let (input, output) = (Plane::of(input, false)?, PlaneMut::of(output, false)?);
        let trace = match trace {
            Some(trace) => {
                Some(PlaneMut::of(trace, false).filter(|trace| trace.frames() == output.frames())?)
            }
            None => None,
        };
        Some(Self { input, output, key, trace })
    }

    fn shape(&self, sample_rate: f64) -> Shape {
        let keys = self.key.as_ref().map_or(0, Plane::channels);
        Shape { sample_rate, inputs: self.input.channels(), keys }
    }

    fn check(&self) -> Result<(), Failure> {
        check_finite(&self.input, "")?;
        self.key.as_ref().map_or(Ok(()), |key| check_finite(key, "sidechain "))
    }
}

impl<'a> Job<'a> {
    fn of(item: &'a Item<'_>) -> Option<Self> {
        if holds::<f32>(&item.0) { Work::of(item).map(Job::Single) } else { Work::of(item).map(Job::Double) }
    }

    fn check(&self) -> Result<(), Failure> {
        match self {
            Job::Single(work) => work.check(),
            Job::Double(work) => work.check(),
        }
    }
}

/// What every job of a call shares.
struct Call {
    recipe: Recipe,
    sample_rate: f64,
    courses: Vec<Course>,
    readings: Vec<Id>,
    /// What is read after every frame.
    trace: Id,
    check: bool,
}

/// What came of a job: samples that had to be cleaned, and the readings asked for.
type Outcome = (u64, Vec<Option<f64>>);

/// The runners of one thread, kept from job to job.
#[derive(Default)]
struct Bench {
    single: Option<Runner<f32>>,
    double: Option<Runner<f64>>,
}

impl Bench {
    fn run(
        &mut self,
        call: &Call,
        job: &Job<'_>,
        between: &mut dyn FnMut() -> Result<(), Failure>,
    ) -> Result<Outcome, Failure> {
        match job {
            Job::Single(work) => run(&mut self.single, call, work, between),
            Job::Double(work) => run(&mut self.double, call, work, between),
        }
    }
}

fn run<T: Scalar>(
    kept: &mut Option<Runner<T>>,
    call: &Call,
    work: &Work<'_, T>,
    between: &mut dyn FnMut() -> Result<(), Failure>,
) -> Result<Outcome, Failure> {
    let shape = work.shape(call.sample_rate);
    let spread = call.courses.iter().any(|course| course.seconds.is_none());
    let mut runner = match kept.take() {
        Some(mut runner) if !spread && runner.shape() == shape => {
            runner.reset()?;
            runner
        }
        _ => {
            let lanes = lanes(&call.recipe, &call.courses, call.sample_rate, work.input.frames())?;
            Runner::<T>::new(&call.recipe, lanes, shape)?
        }
    };
    if runner.outputs() != work.output.channels() {
        let (needed, given) = (runner.outputs(), work.output.channels());
        return Err(Failure::Value(format!("out has {given} channels, {needed} come out")));
    }
    let before = runner.sanitized_samples();
    let trace = work.trace.map(|plane| Trace { id: call.trace, plane });
    let options = Options { skip: runner.latency(), check: call.check, trace };
    runner.pump(Some(&work.input), work.key.as_ref(), &work.output, options, between)?;
    let readings = call.readings.iter().map(|id| Processor::get(runner.chain(), *id)).collect();
    let outcome = (runner.sanitized_samples() - before, readings);
    *kept = Some(runner);
    Ok(outcome)
}

/// Processes items `(input, output, key or None, trace or None)`, each `(channels, frames)`, output compensated
/// for latency and with silence fed after the input's end where it is longer. `check` looks for samples that are
/// not finite: 0 never, 1 on the way, 2 before anything is written. A trace takes the reading `trace` at every
/// frame. `progress` is called with the number of items that are done. Returns a pair for every item: how many
/// samples had to be cleaned, and the readings.
#[pyfunction]
#[pyo3(signature = (patch, items, readings, trace, threads, check, progress=None))]
#[allow(clippy::too_many_arguments, reason = "one call of the package")]
pub(crate) fn render(
    py: Python<'_>,
    patch: Patch<'_>,
    items: Vec<Item<'_>>,
    readings: Vec<u64>,
    trace: u64,
    threads: usize,
    check: u8,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<Outcome>> {
    let jobs: Option<Vec<Job<'_>>> = items.iter().map(Job::of).collect();
    let jobs = jobs.ok_or_else(|| {
        Failure::Type("arrays must be float32 or float64, native and aligned, out writeable".into())
    })?;
    let readings = readings.into_iter().map(Id::from_raw).collect();
    let (recipe, sample_rate, tracks) = patch;
    let (recipe, courses) = (recipe.recipe.clone(), courses(tracks));
    let call = Call { recipe, sample_rate, courses, readings, trace: Id::from_raw(trace), check: check == 1 };
    let outcomes = py.detach(|| {
        if check == 2 {
            jobs.iter().try_for_each(Job::check)?;
        }
        if threads.min(jobs.len()) <= 1 {
            let mut bench = Bench::default();
            let mut watch = Watch::new();
            let each = jobs.iter().enumerate().map(|(at, job)| {
                let outcome = bench.run(&call, job, &mut || watch.look())?;
                tell(progress.as_ref(), at + 1)?;
                Ok(outcome)
            });
            each.collect()
        } else {
            on_threads(&call, &jobs, threads.min(jobs.len()), progress.as_ref())
        }
    })?;
    Ok(outcomes)
}

/// Tells how many items are done.
fn tell(progress: Option<&Py<PyAny>>, done: usize) -> Result<(), Failure> {
    if let Some(progress) = progress {
        Python::attach(|py| progress.call1(py, (done,)))?;
    }
    Ok(())
}

/// Runs the jobs on several threads; this one waits and listens for an interrupt.
fn on_threads(
    call: &Call,
    jobs: &[Job<'_>],
    threads: usize,
    progress: Option<&Py<PyAny>>,
) -> Result<Vec<Outcome>, Failure> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, receiver) = mpsc::channel();
    let work = |sender: mpsc::Sender<(usize, Result<Outcome, Failure>)>| {
        let mut bench = Bench::default();
        let mut between = || match stop.load(Ordering::Relaxed) {
            true => Err(Failure::Value("stopped".into())),
            false => Ok(()),
        };
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(at).filter(|_| !stop.load(Ordering::Relaxed)) else { return };
            if sender.send((at, bench.run(call, job, &mut between))).is_err() {
                return;
            }
        }
    };
    let mut outcomes: Vec<Outcome> = jobs.iter().map(|_| (0, Vec::new())).collect();
    let mut failed: Option<(usize, Failure)> = None;
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            // Without a thread more the others take its share.
            let _ = std::thread::Builder::new().spawn_scoped(scope, || work(sender));
        }
        drop(sender);
        let mut watch = Watch::new();
        let mut done = 0;
        loop {
            match receiver.recv_timeout(SIGNAL_INTERVAL) {
                Ok((at, Ok(outcome))) => {
                    outcomes[at] = outcome;
                    done += 1;
                    if let Err(failure) = tell(progress, done) {
                        stop.store(true, Ordering::Relaxed);
                        failed.get_or_insert((at, failure));
                    }
                }
                Ok((at, Err(failure))) => {
                    stop.store(true, Ordering::Relaxed);
                    failed.get_or_insert((at, failure));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            if let Err(failure) = watch.look() {
                stop.store(true, Ordering::Relaxed);
                failed.get_or_insert((0, failure));
            }
        }
    });
    match failed {
        Some((_, failure)) => Err(failure),
        None if next.load(Ordering::Relaxed) < jobs.len() => {
            Err(Failure::Value("no thread could start".into()))
        }
        None => Ok(outcomes),
    }
}
