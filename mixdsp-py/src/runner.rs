//! A chain of the host fed from numpy arrays.
//!
//! ```text
//! input --read--> slice (at most 1024 frames, planar, in cache) --chain--> slice --write--> output
//! ```
//!
//! Samples go through a slice of our own memory, so that input and output may be one array, have any
//! strides, and differ in length. Any cut gives the same bits, so the size of a slice is free.

use crate::array::{Plane, PlaneMut, Scalar};
use crate::failure::Failure;
use crate::slices::{SLICE, load};
use mixdsp::base::audio::MAX_CHANNELS;
use mixdsp::engine::kind::ResponseAt;
use mixdsp::engine::unit::KNOT;
use mixdsp::host::Chain;
use mixdsp::host::automation::Lane;
use mixdsp::host::recipe::{Listens, Recipe};
use mixdsp::{Id, Processor, Spec};
use num_complex::Complex;

/// What a runner is built for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape {
    pub(crate) sample_rate: f64,
    pub(crate) inputs: usize,
    pub(crate) keys: usize,
}

/// How audio is pumped through.
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
    pub(crate) id: Id,
    pub(crate) plane: PlaneMut<'a, T>,
}

/// A chain and the slice it works on.
pub(crate) struct Runner<T: Scalar> {
    chain: Chain<T>,
    shape: Shape,
    /// Frames since the start.
    clock: u64,
    /// Planes of the slice, one after the other: of the audio, and of the key.
    slice: Vec<T>,
    key_slice: Vec<T>,
}

impl<T: Scalar> Runner<T> {
    /// Everything at rest. Lanes hold frames of input.
    pub(crate) fn new(recipe: &Recipe, lanes: Vec<Lane<()>>, shape: Shape) -> Result<Self, Failure> {
        let spec = Spec::new(shape.sample_rate, shape.inputs).with_sidechain(shape.keys);
        let chain = recipe.build::<T>(spec, Listens::All, lanes)?;
        let slice = vec![T::ZERO; chain.channels() * SLICE];
        Ok(Self { chain, shape, clock: 0, slice, key_slice: vec![T::ZERO; shape.keys * SLICE] })
    }

    pub(crate) fn shape(&self) -> Shape {
        self.shape
    }

    pub(crate) fn chain(&mut self) -> &mut Chain<T> {
        &mut self.chain
    }

    pub(crate) fn outputs(&self) -> usize {
        self.chain.spec().outputs
    }

    /// Frames by which the output is late.
    pub(crate) fn latency(&self) -> usize {
        self.chain.latency()
    }

    /// Upper bound of the frames until silence; `None` when it never comes.
    pub(crate) fn tail(&self) -> Option<usize> {
        self.chain.tail()
    }

    /// Samples that had to be cleaned.
    pub(crate) fn sanitized_samples(&self) -> u64 {
        self.chain.sanitized_samples()
    }

    /// Response once everything has come to rest; `None` when a processor has none.
    pub(crate) fn response(&self, frequency_hz: f64) -> Option<Complex<f64>> {
        self.chain.response(frequency_hz, ResponseAt::Settled)
    }

    /// The static curve; `None` where a processor has none.
    pub(crate) fn static_curve_db(&self, level_db: f64) -> Option<f64> {
        self.chain.static_curve_db(level_db)
    }

    /// As freshly built. Parameters keep what was set by hand.
    pub(crate) fn reset(&mut self) -> Result<(), Failure> {
        self.clock = 0;
        self.chain.rewind().map_err(|error| Failure::of(&error, ""))
    }

    /// The audio ends here.
    pub(crate) fn end(&mut self) {
        self.chain.end();
    }

    /// Sets a parameter, or moves it in a line of so many frames.
    pub(crate) fn change(&mut self, id: Id, value: f64, frames: Option<usize>) -> Result<(), Failure> {
        let done = match frames {
            Some(frames) => self.chain.glide(id, value, frames),
            None => self.chain.set(id, value),
        };
        done.map_err(|error| Failure::of(&error, ""))
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
        let Shape { inputs, keys, .. } = self.shape;
        let outputs = self.outputs();
        let total = skip + output.frames();
        let mut at = 0;
        loop {
            let frames = (total - at).min(SLICE);
            load(&mut self.slice, inputs, input, at, frames, check.then_some(""))?;
            load(&mut self.key_slice, keys, key, at, frames, check.then_some("sidechain "))?;
            match &trace {
                None => self.run(0, frames, frames, key.is_some())?,
                Some(trace) => self.run_traced(trace, at, skip, frames, key.is_some())?,
            }
            let first = skip.clamp(at, at + frames) - at;
            for (channel, plane) in self.slice.chunks_exact(frames.max(1)).take(outputs).enumerate() {
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

    /// Runs all frames of a slice that begins `at` frames after the start, and writes the reading at each. What keeps
    /// the course of the reading runs in pieces between knots, anything else frame by frame.
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
            let longest = if kept { to_knot.min(self.chain.undisturbed()).max(1) } else { 1 };
            let count = longest.min(frames - done);
            self.run(done, done + count, frames, has_key)?;
            let mut course = [0.0; KNOT];
            let course = &mut course[..count];
            let known = self.chain.trace(trace.id, course);
            if known < count {
                if kept {
                    return Err(Failure::Value("the course of a reading has a gap".into()));
                }
                // 0 while there is nothing to read.
                course[0] = Processor::get(&self.chain, trace.id).unwrap_or(0.0);
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

    /// Runs the chain over frames `from..to` of the slice, which holds `frames`.
    fn run(&mut self, from: usize, to: usize, frames: usize, has_key: bool) -> Result<(), Failure> {
        let mut planes: [&mut [T]; MAX_CHANNELS] = std::array::from_fn(|_| <&mut [T]>::default());
        for (place, plane) in planes.iter_mut().zip(self.slice.chunks_exact_mut(frames.max(1))) {
            *place = plane.get_mut(from..to).unwrap_or_default();
        }
        let mut keys: [&[T]; MAX_CHANNELS] = [&[]; MAX_CHANNELS];
        for (place, plane) in keys.iter_mut().zip(self.key_slice.chunks_exact(frames.max(1))) {
            *place = plane.get(from..to).unwrap_or_default();
        }
        let keys = if has_key { &keys[..self.shape.keys] } else { &[] };
        let channels = self.chain.channels();
        self.chain.process(&mut planes[..channels], keys).map_err(|error| Failure::of(&error, ""))?;
        self.clock += (to - from) as u64;
        Ok(())
    }
}

/// A runner with as many channels as asked for, or with the first number that every processor takes.
pub(crate) fn probe(
    recipe: &Recipe,
    sample_rate: f64,
    channels: Option<usize>,
) -> Result<Runner<f32>, Failure> {
    let build = |inputs| Runner::<f32>::new(recipe, Vec::new(), Shape { sample_rate, inputs, keys: 0 });
    if let Some(channels) = channels {
        return build(channels);
    }
    let refused = match build(2) {
        Ok(runner) => return Ok(runner),
        Err(refused) => refused,
    };
    let others = std::iter::once(1).chain(3..=MAX_CHANNELS);
    others.map(build).find_map(Result::ok).ok_or(refused)
}
