//! Floor 3: a processor that runs: the contracts that are the same for all, around a kind.
//!
//! ```text
//! process: check shape -> clean input -> for each stretch up to the next grid point or knot:
//!              plan the glides' next knot -> kind's process -> at a grid point: flush denormals
//! ```
//!
//! Words: parameter values and lines (see `automation`), then the kind's own.

use crate::base::audio::{self, Block};
use crate::base::error::Error;
#[cfg(any(feature = "alloc", test))]
use crate::base::memory::Storage;
use crate::base::memory::{Store, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
pub use crate::engine::automation::KNOT;
use crate::engine::automation::{Automation, Values, words_for_params};
use crate::engine::kind::{Has, Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::engine::processor::Processor;
use crate::params::smoothed::Smoother;
use crate::params::{Id, Items, Settings, Table};
use num_complex::Complex;

/// State is looked after every so many frames since reset.
pub const GRID: usize = 512;
/// Six of these tails reach over a point of the grid after the two and a half in which state decays by
/// 300 dB, with 180 dB to spare for hot input and gain.
const SHORTEST_TAIL: usize = GRID / 2;
/// The input does not end.
const NEVER: u64 = u64::MAX;

/// A processor of kind `K` for samples `T`, with its memory in `S`.
///
/// Each kind has a name of its own for this, like [`Gain`](crate::Gain); there stands what it does.
#[derive(Debug)]
pub struct Unit<K: ProcessorKind, T: Sample, S> {
    spec: Spec,
    config: K::Config,
    sizes: K::Sizes,
    moving: Smoother<K::Moving>,
    state: K::State<T>,
    automation: Automation,
    sanitized_samples: u64,
    /// The frame since reset before which the input ends; [`NEVER`] when it does not.
    ends_at: u64,
    /// Words that are the unit's; storage may be longer.
    needed: usize,
    words: S,
}

fn items<K: ProcessorKind>(config: &K::Config) -> Items {
    K::PARAMS.items(K::Config::ROWS, |at| config.get(at))
}

impl<K: ProcessorKind, T: Sample, S> Unit<K, T, S> {
    /// How many words of 8 bytes a unit needs. Fails as building would.
    pub fn words_needed(spec: &Spec, config: &K::Config) -> Result<usize, Error> {
        spec.check()?;
        config.check(spec.sample_rate)?;
        K::check(spec, config)?;
        let own = K::words::<T>(&K::sizes(spec, config));
        Ok(words_for_params(K::PARAMS.count(&items::<K>(config))).saturating_add(own))
    }

    /// Makes of audio, given as [`Assets`](crate::params::Assets), what [`replace`](Unit::replace) hands over. Allocates:
    /// not for the audio thread. `spec` and `config` are the unit's.
    ///
    /// # Errors
    /// For audio that the asset's limits exclude.
    pub fn prepare(
        spec: &Spec,
        config: &K::Config,
        settings: &dyn Settings,
    ) -> Result<K::Prepared<T>, Error> {
        for (at, asset) in K::ASSETS.iter().enumerate() {
            asset.check(settings, at)?;
        }
        let spec = Spec { simd: spec.simd.resolve(), ..*spec };
        K::prepare(&spec, config, settings)
    }

    /// What the unit was built for.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// What was fixed when the unit was built.
    pub fn config(&self) -> &K::Config {
        &self.config
    }
}

#[cfg(any(feature = "alloc", test))]
impl<K: ProcessorKind, T: Sample> Unit<K, T, Storage> {
    /// A unit that owns its memory. `params` may be the kind's params struct, `&[(id, value)][..]`, or
    /// `()` for the defaults.
    pub fn new(spec: Spec, config: K::Config, params: impl Settings) -> Result<Self, Error> {
        let needed = Self::words_needed(&spec, &config)?;
        Self::new_in(spec, config, params, alloc::vec![0; needed].into_boxed_slice())
    }
}

impl<K: ProcessorKind, T: Sample, S: Store> Unit<K, T, S> {
    /// A unit in memory of the caller: [`words_needed`](Unit::words_needed) words or more.
    pub fn new_in(spec: Spec, config: K::Config, settings: impl Settings, storage: S) -> Result<Self, Error> {
        Self::build(spec, config, &settings, storage)
    }

    fn build(
        mut spec: Spec,
        config: K::Config,
        settings: &dyn Settings,
        mut words: S,
    ) -> Result<Self, Error> {
        let needed = Self::words_needed(&spec, &config)?;
        let given = words.as_mut().len();
        if given < needed {
            return Err(Error::Memory { needed, given });
        }
        let own = &mut words.as_mut()[..needed];
        own.fill(0);
        spec.simd = spec.simd.resolve();
        let sizes = K::sizes(&spec, &config);
        let automation = Automation::new(&K::PARAMS, items::<K>(&config));
        let Values { values, own, .. } = automation.carve(own);
        automation.start(values, settings, &|place| K::range(place.row, &spec, &config))?;
        let setup = Setup { spec: &spec, config: &config, sizes: &sizes, values };
        let mut moving = Smoother::new(K::design(&setup), spec.sample_rate);
        let mut state = K::start::<T>(&setup, K::carve::<T>(own, &sizes));
        if !K::ASSETS.is_empty() {
            let prepared = Self::prepare(&spec, &config, settings)?;
            let memory = K::carve::<T>(own, &sizes);
            // At first there is nothing to give back.
            let _ = K::take_assets(Run { setup, moving: &mut moving, state: &mut state, memory }, prepared);
        }
        let (sanitized_samples, ends_at) = (0, NEVER);
        Ok(Self { spec, config, sizes, moving, state, automation, sanitized_samples, ends_at, needed, words })
    }

    /// Everything that is the kind's own, to write, beside the unit's lines.
    #[inline]
    fn parts(&mut self) -> (Parts<'_, K, T>, &mut Automation, Values<'_>) {
        let words = self.words.as_mut();
        let needed = self.needed.min(words.len());
        let mut values = self.automation.carve(&mut words[..needed]);
        let own = core::mem::take(&mut values.own);
        let (spec, config, sizes) = (&self.spec, &self.config, &self.sizes);
        let parts = Parts { spec, config, sizes, moving: &mut self.moving, state: &mut self.state, own };
        (parts, &mut self.automation, values)
    }

    /// Runs `act` on everything that is the kind's own.
    #[inline]
    pub(crate) fn run_with<R>(&mut self, act: impl FnOnce(Run<'_, K, T>) -> R) -> R {
        let (mut parts, _, values) = self.parts();
        act(parts.run(values.values))
    }

    /// Runs `look` on the same, shared.
    pub(crate) fn look<R>(&self, look: impl FnOnce(Look<'_, K, T>) -> R) -> R {
        let (values, _, own) = self.automation.read(self.own_words());
        let Self { spec, config, sizes, moving, state, .. } = self;
        let setup = Setup { spec, config, sizes, values };
        look(Look { setup, moving, state, memory: K::read::<T>(own, sizes) })
    }

    fn own_words(&self) -> &[Word] {
        let words = self.words.as_ref();
        &words[..self.needed.min(words.len())]
    }

    /// Gives every parameter a value: those that `settings` names get theirs, all others their defaults.
    /// The sound moves there silently, as after [`set`](Processor::set); glides end. When one value is
    /// refused, nothing changes. Cost: one design per band or tap that changes.
    pub fn set_all(&mut self, settings: impl Settings) -> Result<(), Error> {
        self.set_all_of(&settings)
    }

    fn set_all_of(&mut self, settings: &dyn Settings) -> Result<(), Error> {
        let (mut parts, automation, mut values) = self.parts();
        let (spec, config) = (parts.spec, parts.config);
        let range = |place: &crate::params::Place| K::range(place.row, spec, config);
        let mut result = Ok(());
        settings.each(&mut |id, value| {
            if result.is_ok() {
                result = automation.check(id, value, &range).map(|_| ());
            }
        });
        result?;
        automation.set_all(&mut values, settings, &range, &mut |values, id, change| {
            K::change(parts.run(values), id, change);
        });
        Ok(())
    }

    /// Hands over assets that were [prepared](Unit::prepare), to be crossfaded to, and gives back those that are no longer
    /// heard: of the replacement before, so that they are dropped elsewhere. Real time. Where the new ones cannot be taken
    /// now, because a replacement is still going on or they are larger than those that the unit was built with, they
    /// come back as the error.
    pub fn replace(&mut self, new: K::Prepared<T>) -> Result<K::Prepared<T>, K::Prepared<T>> {
        self.run_with(|run| K::take_assets(run, new))
    }

    /// Sets a parameter: [`Processor::set`] for ids whose table is known; the compiler refuses that of another kind.
    pub fn set<P>(&mut self, id: Id<P>, value: f64) -> Result<(), Error>
    where
        K: Has<P>,
    {
        Processor::set(self, id.any(), value)
    }

    /// Moves a parameter along a line: [`Processor::glide`] for ids whose table is known.
    pub fn glide<P>(&mut self, id: Id<P>, target: f64, frames: usize) -> Result<(), Error>
    where
        K: Has<P>,
    {
        Processor::glide(self, id.any(), target, frames)
    }

    /// The present value of a parameter, or a reading: [`Processor::get`] for ids whose table is known.
    pub fn get<P>(&self, id: Id<P>) -> Option<f64>
    where
        K: Has<P>,
    {
        Processor::get(self, id.any())
    }

    /// The course of a reading: [`Processor::trace`] for ids whose table is known.
    pub fn trace<P>(&self, id: Id<P>, out: &mut [f64]) -> usize
    where
        K: Has<P>,
    {
        Processor::trace(self, id.any(), out)
    }

    /// Frames until the input ends. Where that is now, the kind is told.
    #[inline]
    fn frames_to_end(&mut self) -> usize {
        if self.ends_at == self.automation.clock {
            self.ends_at = NEVER;
            K::end(&mut self.state);
        }
        usize::try_from(self.ends_at - self.automation.clock).unwrap_or(usize::MAX)
    }

    fn run(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]], frames: usize) {
        let mut done = 0;
        while done < frames {
            let to_end = self.frames_to_end();
            let (mut parts, automation, mut values) = self.parts();
            if automation.is_at_knot() {
                automation.plan_knot(&mut values, &mut |values, id, change| {
                    K::change(parts.run(values), id, change);
                });
            }
            let to_grid = GRID - (automation.clock % GRID as u64) as usize;
            let count = automation.stretch((frames - done).min(to_grid).min(to_end));
            let block = Block::new(audio, sidechain, done, done + count);
            K::process(parts.run(values.values), block);
            if count == to_grid {
                K::flush_denormals(parts.run(values.values));
            }
            automation.advance(&mut values, count);
            done += count;
        }
    }
}

/// What is the kind's own, before its words are carved.
struct Parts<'a, K: ProcessorKind, T: Sample> {
    spec: &'a Spec,
    config: &'a K::Config,
    sizes: &'a K::Sizes,
    moving: &'a mut Smoother<K::Moving>,
    state: &'a mut K::State<T>,
    own: &'a mut [Word],
}

impl<K: ProcessorKind, T: Sample> Parts<'_, K, T> {
    #[inline]
    fn run<'b>(&'b mut self, values: &'b [f64]) -> Run<'b, K, T> {
        Run {
            setup: Setup { spec: self.spec, config: self.config, sizes: self.sizes, values },
            moving: self.moving,
            state: self.state,
            memory: K::carve::<T>(self.own, self.sizes),
        }
    }
}

impl<K: ProcessorKind, T: Sample, S: Store> Processor<T> for Unit<K, T, S> {
    fn process(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error> {
        let (frames, given) = audio::check_block(&self.spec, audio, sidechain)?;
        let (audio, sidechain) = (&mut audio[..self.spec.channels()], &sidechain[..given]);
        self.sanitized_samples += audio::sanitize(&self.spec, audio, sidechain);
        self.run(audio, sidechain, frames);
        Ok(())
    }

    fn reset(&mut self) {
        self.ends_at = NEVER;
        let (mut parts, automation, mut values) = self.parts();
        automation.reset(&mut values);
        parts.own.fill(0);
        let Run { setup, moving, state, memory } = parts.run(values.values);
        moving.jump(K::design(&setup));
        K::restart(&setup, state, memory);
    }

    fn end_after(&mut self, frames: usize) {
        self.ends_at = self.automation.clock.saturating_add(frames as u64);
        self.frames_to_end();
    }

    fn latency(&self) -> usize {
        self.look(|look| K::latency(&look.setup))
    }

    fn tail(&self) -> Option<usize> {
        // What is left of a short tail waits for the next point of the grid to become zero.
        self.look(K::tail).map(|frames| if frames == 0 { 0 } else { frames.max(SHORTEST_TAIL) })
    }

    fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
        let (mut parts, automation, mut values) = self.parts();
        let (spec, config) = (parts.spec, parts.config);
        let place = automation.check(id, value, &|place| K::range(place.row, spec, config))?;
        if automation.set(&mut values, place.index, value) {
            K::change(parts.run(values.values), id, crate::params::ramp::Change::Ramp);
        }
        Ok(())
    }

    fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
        let (parts, automation, mut values) = self.parts();
        let place = automation.check(id, target, &|place| K::range(place.row, parts.spec, parts.config))?;
        automation.glide(&mut values, &place, target, frames)
    }

    fn get(&self, id: Id) -> Option<f64> {
        if let Some(place) = self.automation.find(id) {
            let (values, lines, _) = self.automation.read(self.own_words());
            return Some(self.automation.value(values, lines, place.index));
        }
        K::READINGS.iter().find(|row| row.id() == id.at(0))?;
        self.look(|look| K::reading(look, id))
    }

    fn trace(&self, id: Id, out: &mut [f64]) -> usize {
        if !K::READINGS.iter().any(|row| row.id() == id.at(0)) {
            return 0;
        }
        self.look(|look| K::trace(look, id, out))
    }

    fn static_curve_db(&self, level_db: f64) -> Option<f64> {
        self.look(|look| K::static_curve_db(look, level_db))
    }

    fn response(&self, frequency_hz: f64, at: ResponseAt) -> Option<Complex<f64>> {
        self.look(|look| K::response(look, frequency_hz, at))
    }

    fn sanitized_samples(&self) -> u64 {
        self.sanitized_samples
    }
}
