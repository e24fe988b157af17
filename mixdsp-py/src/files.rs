//! Audio files: read block by block, written block by block.
//!
//! ```text
//! file --AudioFile--> planes of f32 --> numpy array            numpy array --> f64 --dither--> AudioWriter
//! ```
//!
//! Decoding and writing release the interpreter and listen for an interrupt.

use crate::array::{Plane, PlaneMut, Scalar, holds};
use crate::failure::Failure;
use crate::lock::lock;
use crate::render::Watch;
use crate::slices::{SLICE, check_finite};
use mixdsp::files::{
    AudioFile, AudioInfo, AudioStream, AudioWriter, BitDepth, Broadcast, BroadcastLoudness, FileFormat,
    Reading as How, WrittenFormat,
};
use mixdsp::{Dither, DitherConfig, Noise, Processor, Spec};
use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Frames decoded at a time.
const BLOCK: usize = 8192;

fn closed() -> Failure {
    Failure::Value("the file is closed".into())
}

/// An audio file being read, of a path or of bytes in memory.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct FileReader {
    info: AudioInfo,
    notes: Vec<String>,
    state: Mutex<Option<Reading>>,
}

struct Reading {
    file: AudioFile,
    planes: Vec<Vec<f32>>,
}

#[pymethods]
impl FileReader {
    #[new]
    #[pyo3(signature = (path, data=None, strict=true, check_finite=true))]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        data: Option<&[u8]>,
        strict: bool,
        check_finite: bool,
    ) -> PyResult<Self> {
        let how = How { strict, check_finite };
        let data: Option<Arc<[u8]>> = data.map(Arc::from);
        let open = || match data {
            Some(data) => AudioFile::from_bytes(data, path, how),
            None => AudioFile::open_as(path, how),
        };
        let file = py.detach(open).map_err(Failure::from)?;
        let info = file.info();
        let notes = file.notes().to_vec();
        let planes = vec![Vec::new(); info.channels];
        Ok(Self { info, notes, state: Mutex::new(Some(Reading { file, planes })) })
    }

    /// The kind of file: wav, flac, mp3, ogg, mp4, aiff, caf, matroska, aac, mp1, mp2.
    #[getter]
    fn format(&self) -> &'static str {
        match self.info.format {
            FileFormat::Wav => "wav",
            FileFormat::Flac => "flac",
            FileFormat::Mp3 => "mp3",
            FileFormat::OggVorbis | FileFormat::OggOpus | FileFormat::OggFlac => "ogg",
            FileFormat::Mp4Aac | FileFormat::Mp4Alac | FileFormat::Mp4 => "mp4",
            FileFormat::Aiff => "aiff",
            FileFormat::Caf => "caf",
            FileFormat::Matroska => "matroska",
            FileFormat::AdtsAac => "aac",
            FileFormat::Mp1 => "mp1",
            FileFormat::Mp2 => "mp2",
            _ => "other",
        }
    }

    /// Sample rate in hertz.
    #[getter]
    fn sample_rate(&self) -> u32 {
        self.info.sample_rate
    }

    /// Number of channels.
    #[getter]
    fn channels(&self) -> usize {
        self.info.channels
    }

    /// Length in samples per channel; `None` where only the end tells.
    #[getter]
    fn frames(&self) -> Option<u64> {
        self.info.frames
    }

    /// Bits per sample of a file that keeps every sample.
    #[getter]
    fn bits(&self) -> Option<u32> {
        self.info.bits
    }

    /// Where the channels stand, as bits of WAVE's speaker mask; `None` where the file does not say.
    #[getter]
    fn mask(&self) -> Option<u32> {
        self.info.mask
    }

    /// What could not be decoded of the part that was read: where and how long, in seconds, and why.
    #[getter]
    fn missing(&self, py: Python<'_>) -> PyResult<Vec<(f64, Option<f64>, String)>> {
        let state = lock(py, &self.state);
        let missing = state.as_ref().ok_or_else(closed)?.file.missing();
        Ok(missing.iter().map(|part| (part.at_seconds, part.seconds, part.reason.clone())).collect())
    }

    /// What is to be known of the file beyond its samples, one line each.
    #[getter]
    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }

    /// Number of the next sample to be read.
    #[getter]
    fn position(&self, py: Python<'_>) -> PyResult<u64> {
        Ok(lock(py, &self.state).as_ref().ok_or_else(closed)?.file.position())
    }

    /// Fills a float32 array, `(channels, samples)` or the other way round with `time_first`, and gives the
    /// number of samples per channel: less than there is room for only at the end.
    fn read_into(
        &self,
        py: Python<'_>,
        out: &Bound<'_, PyUntypedArray>,
        time_first: bool,
    ) -> PyResult<usize> {
        let plane = PlaneMut::<f32>::of(out, time_first).filter(|out| out.channels() == self.info.channels);
        let out =
            plane.ok_or_else(|| Failure::Type("out must be writeable float32 of the channels".into()))?;
        let mut state = lock(py, &self.state);
        let Reading { file, planes } = state.as_mut().ok_or_else(closed)?;
        Ok(py.detach(|| {
            let mut watch = Watch::new();
            let mut done = 0;
            while done < out.frames() {
                let count = BLOCK.min(out.frames() - done);
                planes.iter_mut().for_each(|plane| plane.resize(BLOCK.max(plane.len()), 0.0));
                let mut block: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..count]).collect();
                let read = file.read(&mut block)?;
                for (channel, plane) in planes.iter().enumerate() {
                    out.write(channel, done, &plane[..read]);
                }
                done += read;
                if read < count {
                    break;
                }
                watch.look()?;
            }
            Ok::<usize, Failure>(done)
        })?)
    }

    /// Goes to a sample; beyond the end is the end.
    fn seek(&self, py: Python<'_>, frame: u64) -> PyResult<()> {
        let mut state = lock(py, &self.state);
        let file = &mut state.as_mut().ok_or_else(closed)?.file;
        Ok(py.detach(|| file.seek(frame)).map_err(Failure::from)?)
    }

    /// Closes the file.
    fn close(&self, py: Python<'_>) {
        *lock(py, &self.state) = None;
    }
}

/// An audio file being written beside its name, which it gets when it is finished.
#[pyclass(frozen, module = "mixdsp._mixdsp")]
pub(crate) struct FileWriter {
    channels: usize,
    state: Mutex<State>,
}

struct State {
    writer: Option<AudioWriter>,
    dither: Option<Dither<f64>>,
    /// Where integers end, upwards.
    most: f64,
    planes: Vec<Vec<f64>>,
    frames: u64,
    clipped: u64,
}

impl State {
    fn write<T: Scalar>(&mut self, input: &Plane<'_, T>) -> Result<(), Failure> {
        check_finite(input, "")?;
        let mut watch = Watch::new();
        let mut samples = [T::ZERO; SLICE];
        for start in (0..input.frames()).step_by(SLICE) {
            let count = SLICE.min(input.frames() - start);
            for (channel, plane) in self.planes.iter_mut().enumerate() {
                input.read(channel, start, &mut samples[..count]);
                plane.clear();
                plane.extend(samples[..count].iter().map(|sample| sample.to_f64()));
                let over = plane.iter().filter(|sample| **sample > self.most || **sample < -1.0).count();
                self.clipped += if self.most < f64::MAX { over as u64 } else { 0 };
            }
            if let Some(dither) = &mut self.dither {
                let mut block: Vec<&mut [f64]> = self.planes.iter_mut().map(|plane| &mut plane[..]).collect();
                dither.process(&mut block, &[]).map_err(|error| Failure::of(&error, ""))?;
            }
            self.writer.as_mut().ok_or_else(closed)?.write(&self.planes)?;
            self.frames += count as u64;
            watch.look()?;
        }
        Ok(())
    }
}

#[pymethods]
impl FileWriter {
    /// `bits` is 16, 24 or 32 (floats); integers get dither of a seed unless that is `None`. `format` is wav,
    /// flac or aiff; without it the ending decides. `mask` says where the channels stand, `noise` what the dither is like.
    #[new]
    #[pyo3(signature = (path, sample_rate, channels, bits, seed, format=None, mask=None, noise="white"))]
    #[allow(clippy::too_many_arguments, reason = "Python names them")]
    fn new(
        path: PathBuf,
        sample_rate: u32,
        channels: usize,
        bits: u32,
        seed: Option<u32>,
        format: Option<&str>,
        mask: Option<u32>,
        noise: &str,
    ) -> PyResult<Self> {
        let noise = Noise::TEXTS.iter().position(|text| *text == noise).map(|at| Noise::ALL[at]);
        let noise =
            noise.ok_or_else(|| Failure::Value(format!("noise is none of {}", Noise::TEXTS.join(", "))))?;
        let (depth, most) = match bits {
            16 => (BitDepth::Int16, 1.0 - 1.0 / 32_768.0),
            24 => (BitDepth::Int24, 1.0 - 1.0 / 8_388_608.0),
            _ => (BitDepth::Float32, f64::MAX),
        };
        let format = match format {
            Some("flac") => WrittenFormat::Flac,
            Some("aiff") => WrittenFormat::Aiff,
            Some(_) => WrittenFormat::Wav,
            None => WrittenFormat::of(&path).map_err(Failure::from)?,
        };
        let writer = AudioWriter::create_as(path, format, sample_rate, channels, depth, mask);
        let writer = writer.map_err(Failure::from)?;
        let dither = match (seed, depth) {
            (None, _) | (_, BitDepth::Float32) => None,
            (Some(seed), _) => {
                let spec = Spec::new(f64::from(sample_rate), channels);
                let dither = Dither::new(spec, DitherConfig { bits, seed, noise }, ());
                Some(dither.map_err(|error| Failure::of(&error, ""))?)
            }
        };
        let planes = vec![Vec::with_capacity(SLICE); channels];
        let state = State { writer: Some(writer), dither, most, planes, frames: 0, clipped: 0 };
        Ok(Self { channels, state: Mutex::new(state) })
    }

    /// Appends a block.
    fn write(&self, py: Python<'_>, block: &Bound<'_, PyUntypedArray>, time_first: bool) -> PyResult<()> {
        let mut state = lock(py, &self.state);
        if state.writer.is_none() {
            return Err(closed().into());
        }
        if holds::<f32>(block) {
            self.append::<f32>(py, &mut state, block, time_first)
        } else {
            self.append::<f64>(py, &mut state, block, time_first)
        }
    }

    /// Says what Broadcast Wave says: texts (description, originator, reference, date, time, history, project, note), frames
    /// since midnight, and loudness (integrated, range, true peak, momentary and short-term maximum).
    fn describe(
        &self,
        py: Python<'_>,
        texts: [String; 8],
        time_reference: u64,
        loudness: [Option<f64>; 5],
    ) -> PyResult<()> {
        let [
            description,
            originator,
            originator_reference,
            origination_date,
            origination_time,
            coding_history,
            project,
            note,
        ] = texts;
        let [integrated_lufs, range_lu, true_peak_dbtp, momentary_max_lufs, short_term_max_lufs] = loudness;
        let broadcast = Broadcast {
            description,
            originator,
            originator_reference,
            origination_date,
            origination_time,
            time_reference,
            loudness: BroadcastLoudness {
                integrated_lufs,
                range_lu,
                true_peak_dbtp,
                momentary_max_lufs,
                short_term_max_lufs,
            },
            coding_history,
            project,
            note,
        };
        let mut state = lock(py, &self.state);
        let writer = state.writer.as_mut().ok_or_else(closed)?;
        Ok(writer.describe(broadcast).map_err(Failure::from)?)
    }

    /// Samples per channel written so far.
    #[getter]
    fn frames(&self, py: Python<'_>) -> u64 {
        lock(py, &self.state).frames
    }

    /// Samples beyond full scale so far; always 0 for floats.
    #[getter]
    fn clipped(&self, py: Python<'_>) -> u64 {
        lock(py, &self.state).clipped
    }

    /// Completes the file and gives it its name.
    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        let writer = lock(py, &self.state).writer.take().ok_or_else(closed)?;
        Ok(py.detach(|| writer.finish()).map_err(Failure::from)?)
    }

    /// Leaves nothing behind; what had the name before keeps it.
    fn abandon(&self, py: Python<'_>) {
        lock(py, &self.state).writer = None;
    }
}

impl FileWriter {
    fn append<T: Scalar>(
        &self,
        py: Python<'_>,
        state: &mut State,
        block: &Bound<'_, PyUntypedArray>,
        time_first: bool,
    ) -> PyResult<()> {
        let plane = Plane::<T>::of(block, time_first).filter(|plane| plane.channels() == self.channels);
        let plane = plane.ok_or_else(|| {
            let (shape, channels) = (block.shape(), self.channels);
            Failure::Value(format!("block has the shape {shape:?}, {channels} channels are needed"))
        })?;
        Ok(py.detach(|| state.write(&plane))?)
    }
}
