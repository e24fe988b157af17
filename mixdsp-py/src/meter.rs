//! The loudness meter as an object: audio in, readings out, measurements that merge and travel as bytes.
//!
//! The first block decides whether it runs in f32 or f64; blocks of the other type are converted.

use crate::array::{Plane, Scalar, holds};
use crate::failure::Failure;
use crate::lock::lock;
use crate::render::Watch;
use crate::slices::{SLICE, check_finite};
use mixdsp::params::Table;
use mixdsp::{History, Id, LoudnessConfig, LoudnessMeter, Processor, Sample, Speaker, Spec};
use numpy::{PyArray1, PyUntypedArray};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::Mutex;

/// Loudness and peaks of what is added to it.
#[pyclass(frozen, subclass, module = "mixdsp._mixdsp")]
pub(crate) struct Meter {
    channels: usize,
    state: Mutex<State>,
}

struct State {
    engine: Engine,
    heard: bool,
    /// Momentary and short-term loudness every 100 ms, where that was asked for.
    history: Option<(Vec<f32>, Vec<f32>)>,
}

pub(crate) enum Engine {
    Single(Box<LoudnessMeter<f32>>),
    Double(Box<LoudnessMeter<f64>>),
}

/// The sample types of a meter.
pub(crate) trait Metered: Scalar {
    fn engine(meter: LoudnessMeter<Self>) -> Engine;
}
impl Metered for f32 {
    fn engine(meter: LoudnessMeter<f32>) -> Engine {
        Engine::Single(Box::new(meter))
    }
}
impl Metered for f64 {
    fn engine(meter: LoudnessMeter<f64>) -> Engine {
        Engine::Double(Box::new(meter))
    }
}

/// Does the same with a meter of either type.
macro_rules! with {
    ($engine:expr, $meter:ident => $body:expr) => {
        match $engine {
            Engine::Single($meter) => $body,
            Engine::Double($meter) => $body,
        }
    };
}

/// Where the loudspeakers of a WAVE mask stand: azimuth and elevation in degrees, and whether it is for low-frequency
/// effects.
#[pyfunction]
pub(crate) fn speakers_of_mask(mask: u32) -> Vec<(f64, f64, bool)> {
    let speakers = (0..).map_while(|channel| Speaker::from_wave_mask(mask, channel));
    speakers.map(|s| (s.azimuth_deg, s.elevation_deg, s.low_frequency_effects)).collect()
}

fn refused(error: mixdsp::Error) -> Failure {
    Failure::of(&error, "")
}

#[pymethods]
impl Meter {
    /// `config` in the order of its table; `ids` and `values` of what else is set, the speakers for instance.
    #[new]
    fn new(
        sample_rate: f64,
        channels: usize,
        config: Vec<f64>,
        ids: Vec<u64>,
        values: Vec<f64>,
        history: bool,
    ) -> PyResult<Self> {
        let spec = Spec::new(sample_rate, channels);
        spec.check().map_err(refused)?;
        let settings: Vec<(Id, f64)> = ids.into_iter().map(Id::from_raw).zip(values).collect();
        let meter = LoudnessMeter::<f32>::new(spec, LoudnessConfig::read(&config), &settings[..]);
        let engine = Engine::Single(Box::new(meter.map_err(refused)?));
        let history = history.then(Default::default);
        Ok(Self { channels, state: Mutex::new(State { engine, heard: false, history }) })
    }

    /// Measures a block of any length.
    fn feed(
        &self,
        py: Python<'_>,
        block: &Bound<'_, PyUntypedArray>,
        time_first: bool,
        check: bool,
        seeds: bool,
    ) -> PyResult<()> {
        if holds::<f32>(block) {
            self.run::<f32>(py, block, time_first, check, seeds)
        } else {
            self.run::<f64>(py, block, time_first, check, seeds)
        }
    }

    /// Looks at the last samples as if silence followed.
    fn finish(&self, py: Python<'_>) {
        with!(&mut lock(py, &self.state).engine, meter => meter.finish());
    }

    /// Forgets everything, also what filters and windows hold.
    fn reset(&self, py: Python<'_>) {
        let mut state = lock(py, &self.state);
        with!(&mut state.engine, meter => meter.reset());
        if let Some((momentary, short_term)) = &mut state.history {
            momentary.clear();
            short_term.clear();
        }
    }

    /// Holds the measurement, or goes on with it.
    fn hold(&self, py: Python<'_>, paused: bool) {
        with!(&mut lock(py, &self.state).engine, meter => if paused { meter.pause() } else { meter.resume() });
    }

    /// Adds a measurement that `to_bytes` gave.
    fn merge_bytes(&self, py: Python<'_>, bytes: &[u8]) -> PyResult<()> {
        Ok(with!(&mut lock(py, &self.state).engine, meter => meter.merge_bytes(bytes)).map_err(refused)?)
    }

    /// The measurement as bytes: a few kilobytes, however long the audio was.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let state = lock(py, &self.state);
        let bytes = with!(&state.engine, meter => {
            let mut bytes = vec![0; meter.bytes_needed()];
            meter.write_to(&mut bytes).map(|_| bytes)
        });
        Ok(PyBytes::new(py, &bytes.map_err(refused)?))
    }

    /// A reading; `None` when there is none yet.
    fn value(&self, py: Python<'_>, id: u64) -> Option<f64> {
        with!(&lock(py, &self.state).engine, meter => meter.get(Id::from_raw(id)))
    }

    /// Momentary and short-term loudness every 100 ms; not a number where a window is not whole.
    fn curves<'py>(&self, py: Python<'py>) -> Option<(Bound<'py, PyArray1<f32>>, Bound<'py, PyArray1<f32>>)> {
        let state = lock(py, &self.state);
        let (momentary, short_term) = state.history.as_ref()?;
        Some((PyArray1::from_slice(py, momentary), PyArray1::from_slice(py, short_term)))
    }
}

impl Meter {
    pub(crate) fn channels(&self) -> usize {
        self.channels
    }

    /// A meter of the same settings that has heard nothing.
    pub(crate) fn fresh<T: Scalar>(&self, py: Python<'_>) -> Result<LoudnessMeter<T>, Failure> {
        with!(&lock(py, &self.state).engine, meter => fresh(meter))
    }

    /// Takes the place of what it has heard.
    pub(crate) fn take<T: Metered>(&self, py: Python<'_>, heard: LoudnessMeter<T>) {
        let mut state = lock(py, &self.state);
        state.engine = T::engine(heard);
        state.heard = true;
    }

    fn run<T: Scalar>(
        &self,
        py: Python<'_>,
        block: &Bound<'_, PyUntypedArray>,
        time_first: bool,
        check: bool,
        seeds: bool,
    ) -> PyResult<()> {
        let plane = Plane::<T>::of(block, time_first).filter(|plane| plane.channels() == self.channels);
        let plane = plane.ok_or_else(|| {
            Failure::Value(format!("the meter takes {} channels: (channels, samples)", self.channels))
        })?;
        let mut guard = lock(py, &self.state);
        let state = &mut *guard;
        Ok(py.detach(|| {
            if check {
                check_finite(&plane, "")?;
            }
            state.begin::<T>()?;
            let State { engine, history, .. } = state;
            match engine {
                Engine::Single(meter) => feed(meter, history, &plane, seeds),
                Engine::Double(meter) => feed(meter, history, &plane, seeds),
            }
        })?)
    }
}

impl State {
    /// Turns to f64 when the first block is.
    fn begin<T: Scalar>(&mut self) -> Result<(), Failure> {
        if let (false, true, Engine::Single(meter)) = (self.heard, T::NAME == f64::NAME, &self.engine) {
            let mut double = fresh::<f64, f32>(meter)?;
            double.merge(meter).map_err(refused)?;
            self.engine = Engine::Double(Box::new(double));
        }
        self.heard = true;
        Ok(())
    }
}

/// A meter of the same settings that has heard nothing.
fn fresh<T: Sample, M: Sample>(meter: &LoudnessMeter<M>) -> Result<LoudnessMeter<T>, Failure> {
    let config = *meter.config();
    let mut other = LoudnessMeter::<T>::new(*meter.spec(), config, ()).map_err(refused)?;
    for id in ids(config.speakers as usize) {
        if let Some(value) = meter.get(id) {
            other.set(id, value).map_err(refused)?;
        }
    }
    Ok(other)
}

/// Every parameter of a meter with so many speakers.
fn ids(speakers: usize) -> Vec<Id> {
    let own = mixdsp::LoudnessParams::ROWS.iter().map(|row| row.id());
    let items =
        (0..speakers as u16).flat_map(|item| mixdsp::Speaker::ROWS.iter().map(move |row| row.id().at(item)));
    own.chain(items).collect()
}

/// Values of a history that one slice can bring, at the lowest rate.
const MOST_VALUES: usize = 4;

fn feed<T: Scalar, M: Sample>(
    meter: &mut LoudnessMeter<M>,
    history: &mut Option<(Vec<f32>, Vec<f32>)>,
    input: &Plane<'_, T>,
    seeds: bool,
) -> Result<(), Failure> {
    let mut samples = [T::ZERO; SLICE];
    let mut planes = vec![vec![M::ZERO; SLICE]; input.channels()];
    let mut watch = Watch::new();
    let seed_frames = if seeds { input.frames() } else { 0 };
    let step = if seeds { seed_frames.max(1) } else { SLICE };
    for start in (0..input.frames()).step_by(step) {
        let count = step.min(input.frames() - start);
        for (channel, plane) in planes.iter_mut().enumerate() {
            plane.resize(count.max(SLICE), M::ZERO);
            for from in (0..count).step_by(SLICE) {
                let part = &mut samples[..SLICE.min(count - from)];
                input.read(channel, start + from, part);
                let target = plane[from..].iter_mut().zip(part);
                target.for_each(|(to, from)| *to = M::from_f64(from.to_f64()));
            }
        }
        let mut block: Vec<&mut [M]> = planes.iter_mut().map(|plane| &mut plane[..count]).collect();
        match history {
            _ if seeds => {
                let block: Vec<&[M]> = block.iter().map(|plane| &**plane).collect();
                meter.seed(&block).map_err(refused)?;
            }
            Some((momentary, short_term)) => {
                let (mut first, mut second) = ([0.0; MOST_VALUES], [0.0; MOST_VALUES]);
                let mut curves = History::new(&mut first, &mut second);
                meter.process_into(&mut block, &mut curves).map_err(refused)?;
                momentary.extend_from_slice(curves.momentary());
                short_term.extend_from_slice(curves.short_term());
            }
            None => meter.process(&mut block, &[]).map_err(refused)?,
        }
        watch.look()?;
    }
    Ok(())
}
