//! A rack: units in series as Python asked for them, fed from numpy arrays.
//!
//! ```text
//! input --read--> slice (at most 1024 frames, planar, in cache) --unit--> ... --unit--> slice --write--> output
//! ```
//!
//! Samples go through a slice of our own memory, so that input and output may be one array, have any
//! strides, and differ in length. Any cut gives the same bits, so the size of a slice is free.

use crate::array::{Plane, PlaneMut, Scalar};
use crate::automation::{Automation, Track};
use crate::entry::{AnyUnit, Build, processor};
use crate::failure::Failure;
use mixdsp::base::audio::{MAX_CHANNELS, is_clean};
use mixdsp::catalogue::Descriptor;
use mixdsp::engine::kind::ResponseAt;
use mixdsp::engine::unit::KNOT;
use mixdsp::{Id, SimdLevel, Spec};
use num_complex::Complex;
use pyo3::prelude::*;

/// Most frames that are worked on at a time.
pub(crate) const SLICE: usize = 1024;

/// One unit as Python writes it: `(kind, config values, ids, values, name in its chain)`.
#[derive(Clone, Debug, FromPyObject)]
pub(crate) struct UnitRecipe(usize, Vec<f64>, Vec<u64>, Vec<f64>, String);

impl UnitRecipe {
    pub(crate) fn processor(&self) -> Result<&'static Descriptor, Failure> {
        processor(self.0)
    }
    pub(crate) fn config(&self) -> &[f64] {
        &self.1
    }
    pub(crate) fn label(&self) -> &str {
        &self.4
    }
    pub(crate) fn settings(&self) -> Vec<(Id, f64)> {
        self.2.iter().map(|raw| Id::from_raw(*raw)).zip(self.3.iter().copied()).collect()
    }
}

/// Units in series, their automation, and the slice they work on.
pub(crate) struct Rack<T> {
    units: Vec<AnyUnit<T>>,
    automation: Automation,
    inputs: usize,
    outputs: usize,
    keys: usize,
    clock: u64,
    /// The clock at which each unit's input ends, once that is known.
    ends: Vec<u64>,
    /// Planes of the slice, one after the other: of the audio, and of the key.
    slice: Vec<T>,
    key_slice: Vec<T>,
    channels: usize,
}

/// How audio is pumped through a rack.
pub(crate) struct Options<'a, T> {
    /// Frames that come out before the first that is kept.
    pub(crate) skip: usize,
    /// Whether a sample that is not finite is refused.
    pub(crate) check: bool,
    /// What is read after every frame.
    pub(crate) trace: Option<Trace<'a, T>>,
}

/// A reading at every frame, written to an array of one channel as long as the output.
pub(crate) struct Trace<'a, T> {
    pub(crate) unit: usize,
    pub(crate) id: Id,
    pub(crate) plane: PlaneMut<'a, T>,
}

/// What a rack is built for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) sample_rate: f64,
    pub(crate) inputs: usize,
    pub(crate) keys: usize,
}

impl<T: Scalar> Rack<T> {
    /// Units at rest. Tracks hold frames of input; their first values are where the units start.
    pub(crate) fn new(recipes: &[UnitRecipe], mut tracks: Vec<Track>, shape: Shape) -> Result<Self, Failure> {
        let Shape { sample_rate, inputs, keys } = shape;
        let mut spec = Spec::new(sample_rate, inputs).with_sidechain(keys);
        spec.check().map_err(|error| Failure::of(&error, ""))?;
        let mut units = Vec::with_capacity(recipes.len());
        let mut channels = inputs;
        let mut late = 0;
        for (at, recipe) in recipes.iter().enumerate() {
            let processor = recipe.processor()?;
            let failed = |error| Failure::of(&error, recipe.label());
            spec.sidechain = if processor.sidechain { keys } else { 0 };
            spec.outputs = processor.outputs(&spec, recipe.config()).map_err(failed)?;
            let mut settings = recipe.settings();
            for track in tracks.iter_mut().filter(|track| track.unit == at) {
                let place = processor.place(track.id, recipe.config());
                track.continuous = place.is_some_and(|place| place.row.is_continuous());
                track.points.iter_mut().for_each(|(frame, _)| *frame += late);
                // Each value is checked; the last to stand is where the unit starts.
                settings.extend(track.points.iter().map(|(_, value)| (track.id, *value)));
                settings.push((track.id, track.initial()));
            }
            let (config, label) = (recipe.config(), recipe.label());
            let unit = Build { spec, config, settings: &settings, label }.unit::<T>(processor)?;
            late += unit.latency() as u64;
            units.push(unit);
            channels = channels.max(spec.channels());
            spec.inputs = spec.outputs;
        }
        Ok(Self {
            units,
            automation: Automation::new(tracks),
            inputs,
            outputs: spec.inputs,
            keys,
            clock: 0,
            ends: Vec::new(),
            slice: vec![T::ZERO; channels * SLICE],
            key_slice: vec![T::ZERO; keys * SLICE],
            channels,
        })
    }

    pub(crate) fn units(&mut self) -> &mut [AnyUnit<T>] {
        &mut self.units
    }

    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    /// Frames by which the output is late.
    pub(crate) fn latency(&self) -> usize {
        self.units.iter().map(|unit| unit.latency()).sum()
    }

    /// Upper bound of the frames until silence; `None` when it never comes.
    pub(crate) fn tail(&self) -> Option<usize> {
        self.units.iter().try_fold(0usize, |sum, unit| Some(sum.saturating_add(unit.tail()?)))
    }

    /// Samples that had to be cleaned.
    pub(crate) fn sanitized_samples(&self) -> u64 {
        self.units.iter().map(|unit| unit.sanitized_samples()).sum()
    }

    /// Response once everything has come to rest; `Err` tells the unit that has none.
    pub(crate) fn response(&self, frequency_hz: f64) -> Result<Complex<f64>, usize> {
        self.units.iter().enumerate().try_fold(Complex::from(1.0), |product, (at, unit)| {
            unit.response(frequency_hz, ResponseAt::Settled).map(|one| product * one).ok_or(at)
        })
    }

    /// As freshly built. Parameters keep what was set by hand.
    pub(crate) fn reset(&mut self) -> Result<(), Failure> {
        for track in self.automation.tracks() {
            self.units[track.unit].set(track.id, track.initial()).map_err(|error| Failure::of(&error, ""))?;
        }
        self.units.iter_mut().for_each(|unit| unit.reset());
        self.automation.rewind();
        self.clock = 0;
        self.ends.clear();
        Ok(())
    }

    /// The audio ends here: for the first unit, for the others later by the latency before them.
    pub(crate) fn end(&mut self) {
        let mut end = self.clock;
        let next = |unit: &AnyUnit<T>| {
            let own = end;
            end += unit.latency() as u64;
            own
        };
        self.ends = self.units.iter().map(next).collect();
    }

    /// Tells units that their input ends now.
    fn end_units(&mut self) {
        let clock = self.clock;
        let ending = self.units.iter_mut().zip(&self.ends).filter(|(_, end)| **end == clock);
        ending.for_each(|(unit, _)| unit.end());
    }

    /// Frames to where something is done between two: a point of the automation, or the end of a unit's input.
    fn undisturbed(&self) -> usize {
        let ends = self.ends.iter().filter_map(|end| end.checked_sub(self.clock)).filter(|left| *left > 0);
        ends.fold(self.automation.frames_left(self.clock), |least, left| {
            usize::try_from(left).map_or(least, |left| least.min(left))
        })
    }

    /// Feeds `input`, then silence, and writes what comes out from frame `skip` on until `output` is full.
    /// `between` is called between two slices and may end the work.
    pub(crate) fn pump(
        &mut self,
        input: Option<&Plane<'_, T>>,
        key: Option<&Plane<'_, T>>,
        output: &PlaneMut<'_, T>,
        options: Options<'_, T>,
        mut between: impl FnMut() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Options { skip, check, trace } = options;
        let total = skip + output.frames();
        let mut at = 0;
        loop {
            let frames = (total - at).min(SLICE);
            load(&mut self.slice, self.inputs, input, at, frames, check.then_some(""))?;
            load(&mut self.key_slice, self.keys, key, at, frames, check.then_some("sidechain "))?;
            match &trace {
                None => self.run(0, frames, frames, key.is_some())?,
                Some(trace) => self.run_traced(trace, at, skip, frames, key.is_some())?,
            }
            let first = skip.clamp(at, at + frames) - at;
            for (channel, plane) in self.slice.chunks_exact(frames.max(1)).take(self.outputs).enumerate() {
                if first < frames {
                    output.write(channel, at + first - skip, &plane[first..frames]);
                }
            }
            at += frames;
            if at == total {
                return Ok(());
            }
            between()?;
        }
    }

    /// Runs all frames of a slice that begins `at` frames after the start, and writes the reading at each. A unit
    /// that keeps the course of the reading runs in pieces between knots, any other frame by frame.
    fn run_traced(
        &mut self,
        trace: &Trace<'_, T>,
        at: usize,
        skip: usize,
        frames: usize,
        has_key: bool,
    ) -> Result<(), Failure> {
        let (mut done, mut kept) = (0, false);
        while done < frames {
            let to_knot = KNOT - (self.clock % KNOT as u64) as usize;
            let longest = if kept { to_knot.min(self.undisturbed()).max(1) } else { 1 };
            let count = longest.min(frames - done);
            self.run(done, done + count, frames, has_key)?;
            let mut course = [0.0; KNOT];
            let course = &mut course[..count];
            let unit = self.units.get(trace.unit);
            let known = unit.map_or(0, |unit| unit.trace(trace.id, course));
            if known < count {
                if kept {
                    return Err(Failure::Value("the course of a reading has a gap".into()));
                }
                // 0 while there is nothing to read.
                course[0] = unit.and_then(|unit| unit.get(trace.id)).unwrap_or(0.0);
            }
            kept = known == count;
            for (frame, value) in course.iter().enumerate() {
                if let Some(place) = (at + done + frame).checked_sub(skip) {
                    trace.plane.write(0, place, &[T::from_f64(*value)]);
                }
            }
            done += count;
        }
        Ok(())
    }

    /// Runs the units over frames `from..to` of the slice, which holds `frames`.
    fn run(&mut self, from: usize, to: usize, frames: usize, has_key: bool) -> Result<(), Failure> {
        let mut done = from;
        while done < to {
            self.automation.run(self.clock, &mut self.units)?;
            self.end_units();
            let count = (to - done).min(self.undisturbed());
            let mut planes: [&mut [T]; MAX_CHANNELS] = std::array::from_fn(|_| <&mut [T]>::default());
            for (place, plane) in planes.iter_mut().zip(self.slice.chunks_exact_mut(frames)) {
                *place = &mut plane[done..done + count];
            }
            let mut keys: [&[T]; MAX_CHANNELS] = [&[]; MAX_CHANNELS];
            for (place, plane) in keys.iter_mut().zip(self.key_slice.chunks_exact(frames)) {
                *place = &plane[done..done + count];
            }
            let keys = if has_key { &keys[..self.keys] } else { &[] };
            for unit in &mut self.units {
                unit.process(&mut planes[..self.channels], keys).map_err(|error| Failure::of(&error, ""))?;
            }
            done += count;
            self.clock += count as u64;
        }
        Ok(())
    }
}

/// Refuses a view with a sample that is not finite.
pub(crate) fn check_finite<T: Scalar>(input: &Plane<'_, T>, what: &str) -> Result<(), Failure> {
    let mut samples = [T::ZERO; SLICE];
    for channel in 0..input.channels() {
        for frame in (0..input.frames()).step_by(SLICE) {
            let part = &mut samples[..SLICE.min(input.frames() - frame)];
            input.read(channel, frame, part);
            refuse_not_finite(part, what, channel, frame)?;
        }
    }
    Ok(())
}

/// Copies frames of every channel into the slice; silence after the input's end.
fn load<T: Scalar>(
    slice: &mut [T],
    channels: usize,
    input: Option<&Plane<'_, T>>,
    at: usize,
    frames: usize,
    check: Option<&str>,
) -> Result<(), Failure> {
    let there = input.map_or(0, |input| input.frames().saturating_sub(at).min(frames));
    for (channel, plane) in slice.chunks_exact_mut(frames.max(1)).take(channels).enumerate() {
        let (sound, silence) = plane.split_at_mut(there);
        silence.fill(T::ZERO);
        if let Some(input) = input.filter(|_| there > 0) {
            input.read(channel, at, sound);
            if let Some(what) = check {
                refuse_not_finite(sound, what, channel, at)?;
            }
        }
    }
    Ok(())
}

#[inline]
pub(crate) fn refuse_not_finite<T: Scalar>(
    samples: &[T],
    what: &str,
    channel: usize,
    at: usize,
) -> Result<(), Failure> {
    if is_clean(SimdLevel::BEST, samples) {
        return Ok(());
    }
    let Some(found) = samples.iter().position(|sample| !sample.is_finite()) else { return Ok(()) };
    let (value, frame) = (samples[found].to_f64(), at + found);
    Err(Failure::Value(format!(
        "{what}sample {frame} of channel {channel} is {value}: only finite values have a sound \
         (check_finite=False reads them as 0)"
    )))
}
