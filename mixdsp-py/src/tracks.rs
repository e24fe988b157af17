//! What the tracks of a mix play: arrays, or files that are decoded where they are mixed.

use crate::array::{Plane, Scalar};
use crate::failure::Failure;
use crate::rack::{SLICE, refuse_not_finite};
use mixdsp::host::Sources;
use mixdsp::session::{Clip, Clips, Track};
use numpy::PyUntypedArray;
use pyo3::prelude::*;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

enum Source<'a> {
    Single(Plane<'a, f32>),
    Double(Plane<'a, f64>),
    Files(Clips),
}

/// A track that is being played.
pub(crate) struct Playing<'a> {
    name: &'a str,
    source: Source<'a>,
    at: usize,
    /// What went wrong; the track is silent from there on.
    failed: Option<Failure>,
}

/// A file, the second at which it begins, and its level in dB.
type File = (String, f64, f64);

impl<'a> Playing<'a> {
    /// An array, `(channels, samples)`, or a list of files.
    pub(crate) fn of(
        input: &'a Bound<'_, PyAny>,
        name: &'a str,
        channels: usize,
        sample_rate: f64,
    ) -> PyResult<Self> {
        let source = match input.cast::<PyUntypedArray>() {
            Ok(array) => {
                let single = Plane::<f32>::of(array, false).map(Source::Single);
                let source = single.or_else(|| Plane::<f64>::of(array, false).map(Source::Double));
                source
                    .ok_or_else(|| Failure::Type(format!("{name} must be an array of float32 or float64")))?
            }
            Err(_) => Source::Files(files(input, name, sample_rate)?),
        };
        let given = match &source {
            Source::Single(plane) => plane.channels(),
            Source::Double(plane) => plane.channels(),
            Source::Files(clips) => clips.channels(),
        };
        if given != channels {
            return Err(
                Failure::Value(format!("{name} has {given} channels where {channels} are mixed")).into()
            );
        }
        Ok(Self { name, source, at: 0, failed: None })
    }

    fn fetch(&mut self, audio: &mut [&mut [f64]], check: bool) -> Result<(), Failure> {
        let what = format!("{}: ", self.name);
        let what = check.then_some(what.as_str());
        match &mut self.source {
            Source::Single(plane) => copy(plane, self.at, audio, what, |from, to| {
                to.iter_mut().zip(from).for_each(|(to, x)| *to = f64::from(*x));
            })?,
            Source::Double(plane) => copy(plane, self.at, audio, what, |from, to| to.copy_from_slice(from))?,
            Source::Files(clips) => {
                clips.read(audio)?;
                for (channel, plane) in audio.iter().enumerate() {
                    what.map_or(Ok(()), |what| refuse_not_finite(plane, what, channel, self.at))?;
                }
            }
        }
        self.at += audio.first().map_or(0, |plane| plane.len());
        Ok(())
    }
}

fn files(input: &Bound<'_, PyAny>, name: &str, sample_rate: f64) -> PyResult<Clips> {
    let clips = input.extract::<Vec<File>>()?.into_iter();
    let clips = clips.map(|(file, offset_seconds, gain_db)| Clip { file, offset_seconds, gain_db });
    let track = Track { name: name.into(), clips: clips.collect(), ..Track::default() };
    // What is to be known of the files was told when the track was made.
    let mut notes = Vec::new();
    Ok(Clips::open(&track, Path::new(""), sample_rate as u32, &mut notes).map_err(Failure::from)?)
}

/// Copies frames of an array; silence behind its end.
fn copy<T: Scalar>(
    plane: &Plane<'_, T>,
    at: usize,
    audio: &mut [&mut [f64]],
    check: Option<&str>,
    convert: impl Fn(&[T], &mut [f64]),
) -> Result<(), Failure> {
    let mut samples = [T::ZERO; SLICE];
    for (channel, audio) in audio.iter_mut().enumerate() {
        let there = plane.frames().saturating_sub(at).min(audio.len());
        audio[there..].fill(0.0);
        for from in (0..there).step_by(SLICE) {
            let part = &mut samples[..SLICE.min(there - from)];
            plane.read(channel, at + from, part);
            check.map_or(Ok(()), |what| refuse_not_finite(part, what, channel, at + from))?;
            convert(part, &mut audio[from..from + part.len()]);
        }
    }
    Ok(())
}

/// All tracks of a mix.
pub(crate) struct Tracks<'a> {
    each: Vec<Mutex<Playing<'a>>>,
    /// Whether a sample that is not finite is refused.
    check: bool,
}

impl<'a> Tracks<'a> {
    pub(crate) fn new(each: Vec<Playing<'a>>, check: bool) -> Self {
        Self { each: each.into_iter().map(Mutex::new).collect(), check }
    }

    /// What went wrong in a track since this was asked last.
    pub(crate) fn failed(&self) -> Result<(), Failure> {
        self.each.iter().find_map(|track| lock(track).failed.take()).map_or(Ok(()), Err)
    }

    /// Length of the longest track that has ended.
    pub(crate) fn length(&self) -> usize {
        let length = |track: &Mutex<Playing<'_>>| match &lock(track).source {
            Source::Single(plane) => plane.frames(),
            Source::Double(plane) => plane.frames(),
            Source::Files(clips) => clips.length().or(clips.frames()).unwrap_or(0) as usize,
        };
        self.each.iter().map(length).max().unwrap_or(0)
    }
}

/// A track whose thread has ended early has nothing that would be wrong to read.
fn lock<'l, 'a>(track: &'l Mutex<Playing<'a>>) -> std::sync::MutexGuard<'l, Playing<'a>> {
    track.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sources<f64> for Tracks<'_> {
    fn fetch(&self, track: usize, _: usize, audio: &mut [&mut [f64]]) {
        let mut playing = lock(&self.each[track]);
        if playing.failed.is_none()
            && let Err(failure) = playing.fetch(audio, self.check)
        {
            playing.failed = Some(failure);
        }
        if playing.failed.is_some() {
            audio.iter_mut().for_each(|plane| plane.fill(0.0));
        }
    }
}
