//! Releases: destinations, tags, discs, and what is wrong with a premaster.

use crate::array::{Plane, Scalar, holds};
use crate::failure::Failure;
use crate::lock::lock;
use crate::render::Watch;
use crate::slices::SLICE;
use mixdsp::files::{CueSheet, CueTrack, NewTags};
use mixdsp::host::{Container, DESTINATIONS, Evidence, PremasterMeter};
use numpy::PyUntypedArray;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::path::PathBuf;
use std::sync::Mutex;

/// Every destination as a dictionary.
#[pyfunction]
pub(crate) fn destinations(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let list = PyList::empty(py);
    for row in DESTINATIONS {
        let dict = PyDict::new(py);
        dict.set_item("key", row.key)?;
        dict.set_item("name", row.name)?;
        dict.set_item("target", row.target)?;
        dict.set_item("true_peak_db", row.true_peak_dbtp)?;
        dict.set_item("format", if row.container == Container::Flac { "flac" } else { "wav" })?;
        dict.set_item("broadcast", row.container == Container::BroadcastWave)?;
        dict.set_item("sample_rates", row.sample_rates.to_vec())?;
        dict.set_item("bits", row.bits)?;
        dict.set_item("channels", row.channels)?;
        dict.set_item("noise", mixdsp::Noise::TEXTS[row.noise as usize])?;
        dict.set_item("sectors", row.sectors)?;
        dict.set_item("official", row.evidence == Evidence::Official)?;
        dict.set_item("as_of", row.as_of)?;
        dict.set_item("source", row.source)?;
        list.append(dict)?;
    }
    Ok(list)
}

/// Writes tags to a file, beside those that it has.
#[pyfunction]
pub(crate) fn write_tags(
    py: Python<'_>,
    path: PathBuf,
    texts: Vec<(String, String)>,
    cover: Option<Vec<u8>>,
) -> PyResult<()> {
    let tags = NewTags { texts, cover };
    Ok(py.detach(|| mixdsp::files::write_tags(path, &tags)).map_err(Failure::from)?)
}

/// Sets the gain in the header of an Opus file.
#[pyfunction]
pub(crate) fn write_opus_gain(path: PathBuf, gain_db: f64) -> PyResult<()> {
    Ok(mixdsp::files::write_opus_gain(path, gain_db).map_err(Failure::from)?)
}

/// An ISRC without its hyphens, or `ValueError`.
#[pyfunction]
pub(crate) fn check_isrc(text: &str) -> PyResult<String> {
    Ok(mixdsp::files::check_isrc(text).map_err(Failure::from)?)
}

/// The 13 digits of a UPC or EAN, or `ValueError`.
#[pyfunction]
pub(crate) fn check_upc(text: &str) -> PyResult<String> {
    Ok(mixdsp::files::check_upc(text).map_err(Failure::from)?)
}

/// Where a programme is cut at sectors: the first frame of each track, and the one behind its last.
#[pyfunction]
pub(crate) fn sector_cuts(starts: Vec<u64>, end: u64) -> Vec<(u64, u64)> {
    mixdsp::files::sector_cuts(&starts, end).into_iter().map(|cut| (cut.start, cut.end)).collect()
}

/// A cue sheet; tracks are (file, performer, title, isrc).
#[pyfunction]
pub(crate) fn cue_sheet(
    performer: String,
    title: String,
    upc: Option<String>,
    tracks: Vec<(String, String, String, Option<String>)>,
) -> PyResult<String> {
    let track = |(file, performer, title, isrc)| CueTrack { file, performer, title, isrc };
    let sheet = CueSheet { performer, title, upc, tracks: tracks.into_iter().map(track).collect() };
    Ok(sheet.text().map_err(Failure::from)?)
}

/// Listens for what is wrong with a premaster.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct PremasterListener {
    channels: usize,
    meter: Mutex<PremasterMeter>,
}

#[pymethods]
impl PremasterListener {
    #[new]
    fn new(sample_rate: f64, channels: usize) -> PyResult<Self> {
        let meter = PremasterMeter::new(sample_rate, channels).map_err(|error| Failure::of(&error, ""))?;
        Ok(Self { channels, meter: Mutex::new(meter) })
    }

    /// Hears a block, `(channels, samples)`.
    fn feed(&self, py: Python<'_>, block: &Bound<'_, PyUntypedArray>) -> PyResult<()> {
        if holds::<f32>(block) { self.hear::<f32>(py, block) } else { self.hear::<f64>(py, block) }
    }

    /// What was found.
    fn result<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let found = lock(py, &self.meter).result();
        let dict = PyDict::new(py);
        dict.set_item("bandwidth_hz", found.bandwidth_hz)?;
        dict.set_item("bass_correlation", found.bass_correlation)?;
        dict.set_item("lag_samples", found.lag_frames)?;
        dict.set_item("floor_db", found.floor_db)?;
        dict.set_item("loudest_db", found.loudest_db)?;
        Ok(dict)
    }
}

impl PremasterListener {
    fn hear<T: Scalar>(&self, py: Python<'_>, block: &Bound<'_, PyUntypedArray>) -> PyResult<()> {
        let plane = Plane::<T>::of(block, false).filter(|plane| plane.channels() == self.channels);
        let plane = plane.ok_or_else(|| Failure::Value(format!("{} channels are needed", self.channels)))?;
        let mut guard = lock(py, &self.meter);
        let meter = &mut *guard;
        Ok(py.detach(|| {
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
