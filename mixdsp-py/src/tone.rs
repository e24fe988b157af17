//! Tone: the tonal balance of recordings, and the equalizer that turns one into another.

use crate::array::{Plane, Scalar, holds};
use crate::failure::Failure;
use crate::lock::lock;
use crate::render::Watch;
use crate::slices::{SLICE, check_finite};
use mixdsp::host::{Tone, ToneMatch, ToneMeter, ToneOptions};
use mixdsp::params::Table;
use numpy::PyUntypedArray;
use pyo3::prelude::*;
use std::sync::Mutex;

/// Measures the tone of what it hears.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct ToneListener {
    channels: usize,
    meter: Mutex<ToneMeter>,
}

#[pymethods]
impl ToneListener {
    #[new]
    fn new(sample_rate: f64, channels: usize) -> PyResult<Self> {
        let meter = ToneMeter::new(sample_rate, channels).map_err(|error| Failure::of(&error, ""))?;
        Ok(Self { channels, meter: Mutex::new(meter) })
    }

    /// Hears a block, `(channels, samples)`.
    fn feed(&self, py: Python<'_>, block: &Bound<'_, PyUntypedArray>) -> PyResult<()> {
        if holds::<f32>(block) { self.hear::<f32>(py, block) } else { self.hear::<f64>(py, block) }
    }

    /// Power per hertz in decibels at each frequency; `None` before anything above -70 LUFS was heard.
    fn density_db(&self, py: Python<'_>, frequencies: Vec<f64>) -> Option<Vec<f64>> {
        let tone = self.tone(py)?;
        Some(frequencies.iter().map(|frequency| tone.density_db(*frequency)).collect())
    }
}

impl ToneListener {
    fn tone(&self, py: Python<'_>) -> Option<Tone> {
        lock(py, &self.meter).tone()
    }

    fn hear<T: Scalar>(&self, py: Python<'_>, block: &Bound<'_, PyUntypedArray>) -> PyResult<()> {
        let plane = Plane::<T>::of(block, false).filter(|plane| plane.channels() == self.channels);
        let plane = plane.ok_or_else(|| Failure::Value(format!("{} channels are needed", self.channels)))?;
        let mut guard = lock(py, &self.meter);
        let meter = &mut *guard;
        Ok(py.detach(|| {
            check_finite(&plane, "")?;
            let mut watch = Watch::new();
            let mut planes = vec![vec![T::ZERO; SLICE]; plane.channels()];
            for start in (0..plane.frames()).step_by(SLICE) {
                let count = SLICE.min(plane.frames() - start);
                for (channel, samples) in planes.iter_mut().enumerate() {
                    plane.read(channel, start, &mut samples[..count]);
                }
                let block: Vec<&[T]> = planes.iter().map(|samples| &samples[..count]).collect();
                meter.measure(&block).map_err(|error| Failure::of(&error, ""))?;
                watch.look()?;
            }
            Ok::<(), Failure>(())
        })?)
    }
}

/// Options of a match as the table has them: key, smallest, largest, default.
#[pyfunction]
pub(crate) fn tone_options() -> Vec<(&'static str, f64, f64, f64)> {
    ToneOptions::ROWS.iter().map(|row| (row.key, row.minimum, row.maximum, row.default)).collect()
}

/// The bands, in the order of their table, that give `target` the tone of the mean of `references`; `None` where one
/// of them is silent.
#[pyfunction]
pub(crate) fn match_tone(
    py: Python<'_>,
    target: &Bound<'_, ToneListener>,
    references: Vec<Bound<'_, ToneListener>>,
    options: Vec<f64>,
    bands: usize,
) -> PyResult<Option<Vec<Vec<f64>>>> {
    let tones: Option<Vec<Tone>> = references.iter().map(|reference| reference.get().tone(py)).collect();
    let (Some(target), Some(reference)) = (target.get().tone(py), tones.and_then(|tones| Tone::mean(&tones)))
    else {
        return Ok(None);
    };
    let found = py.detach(|| {
        let found = ToneMatch::new(&target, &reference, &ToneOptions::read(&options))?;
        Ok::<_, mixdsp::Error>(found.bands(bands))
    });
    let found = found.map_err(|error| Failure::of(&error, ""))?;
    Ok(Some(numbers(&found)))
}

/// Bands in the order of their table.
fn numbers(bands: &[mixdsp::Band]) -> Vec<Vec<f64>> {
    bands.iter().map(|band| (0..mixdsp::Band::ROWS.len()).map(|at| band.get(at)).collect()).collect()
}

/// The bands for the sides of `target` that make it as wide as the mean of `references`: listeners of middle and side of
/// each; `None` where one of them is silent.
#[pyfunction]
pub(crate) fn match_width(
    py: Python<'_>,
    target: (Bound<'_, ToneListener>, Bound<'_, ToneListener>),
    references: Vec<(Bound<'_, ToneListener>, Bound<'_, ToneListener>)>,
    options: Vec<f64>,
    bands: usize,
) -> PyResult<Option<Vec<Vec<f64>>>> {
    let mean = |tones: Option<Vec<Tone>>| tones.and_then(|tones| Tone::mean(&tones));
    let middles = mean(references.iter().map(|(middle, _)| middle.get().tone(py)).collect());
    let sides = mean(references.iter().map(|(_, side)| side.get().tone(py)).collect());
    let own = [target.0.get().tone(py), target.1.get().tone(py)];
    let ([Some(middle), Some(side)], Some(middles), Some(sides)) = (&own, &middles, &sides) else {
        return Ok(None);
    };
    let found = py.detach(|| {
        let options = ToneOptions::read(&options);
        let found = ToneMatch::of_width([middle, side], [middles, sides], &options)?;
        let placed = |band: mixdsp::Band| band.with_placement(mixdsp::Placement::Side);
        Ok::<_, mixdsp::Error>(found.bands(bands).into_iter().map(placed).collect::<Vec<_>>())
    });
    Ok(Some(numbers(&found.map_err(|error| Failure::of(&error, ""))?)))
}
