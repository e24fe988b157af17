//! Floor 2: a processor that runs: the contracts that are the same for all, around a core.
//!
//! ```text
//! process: check shape -> clean input -> for each stretch up to the next grid point or knot:
//!              plan the glides' next knot -> core.run -> at a grid point: core.snap
//! ```
//!
//! Words: parameter values, one line per parameter (where it glides), then the core's own.
//!
//! State: `clock`, frames since reset; `knot`, the frame up to which the running glides are planned;
//! `gliding`, how many parameters glide; `faults`, samples that had to be cleaned.

use crate::base::audio::{self, Block, Key};
use crate::base::error::Error;
#[cfg(any(feature = "alloc", test))]
use crate::base::memory::Storage;
use crate::base::memory::{Carver, Reader, Store, Word, plain, words};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::engine::kind::{Core, Kind, Moment, Setup};
use crate::engine::processor::Processor;
use crate::params::ramp::{Change, keep};
use crate::params::{Id, Place, Row, Settings, Table};
use num_complex::Complex;

/// State is looked after every so many frames since reset.
pub const GRID: usize = 512;
/// Six of these tails reach over a point of the grid after the two and a half in which state decays by
/// 300 dB, with 180 dB to spare for hot input and gain.
const SHORTEST_TAIL: usize = GRID / 2;
/// Glides design anew every so many frames since reset.
pub const KNOT: usize = 16;

plain! {
    /// Where a parameter glides.
    struct Line {
        from: f64,
        to: f64,
        /// Clock at its start; at its end, once it has ended.
        start: u64,
        /// Length; 0 when the parameter does not glide.
        frames: u64,
    }
}

impl Line {
    const NONE: Self = Self { from: 0.0, to: 0.0, start: 0, frames: 0 };

    fn end(&self) -> u64 {
        self.start.saturating_add(self.frames)
    }

    /// The value at a clock from start to end; exactly `to` at the end.
    fn at(&self, clock: u64) -> f64 {
        if clock >= self.end() {
            return self.to;
        }
        let value = self.from + (self.to - self.from) * ((clock - self.start) as f64 / self.frames as f64);
        // Rounding may carry the sum an ulp beyond the end.
        keep(value, self.from.min(self.to), self.from.max(self.to))
    }
}

/// Words that a unit with so many parameters needs beside its core's.
pub(crate) const fn words_for_params(params: usize) -> usize {
    words::<f64>(params).saturating_add(words::<Line>(params))
}

/// A processor of kind `K` for samples `T`, with its memory in `S`.
///
/// Each kind has a name of its own for this, like [`Gain`](crate::Gain); there stands what it does.
#[derive(Debug)]
pub struct Unit<K: Kind, T: Sample, S> {
    spec: Spec,
    config: K::Config,
    core: K::Core<T>,
    params: usize,
    clock: u64,
    knot: u64,
    gliding: usize,
    faults: u64,
    /// Words that are the unit's; storage may be longer.
    needed: usize,
    words: S,
}

/// A unit's words, taken apart.
struct Parts<'a> {
    values: &'a mut [f64],
    lines: &'a mut [Line],
    core: &'a mut [Word],
}

fn parts(words: &mut impl Store, needed: usize, params: usize) -> Parts<'_> {
    let words = words.as_mut();
    let own = needed.min(words.len());
    let mut carver = Carver::new(&mut words[..own]);
    Parts { values: carver.take(params), lines: carver.take(params), core: carver.rest() }
}

impl<K: Kind, T: Sample, S> Unit<K, T, S> {
    /// How many words of 8 bytes a unit needs. Fails as building would.
    pub fn words_needed(spec: &Spec, config: &K::Config) -> Result<usize, Error> {
        spec.check()?;
        config.check(spec.sample_rate)?;
        K::check(spec, config)?;
        Ok(K::memory::<T>(spec, config))
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
impl<K: Kind, T: Sample> Unit<K, T, Storage> {
    /// A unit that owns its memory. `params` may be the kind's params struct, `&[(id, value)][..]`, or
    /// `()` for the defaults.
    pub fn new(spec: Spec, config: K::Config, params: impl Settings) -> Result<Self, Error> {
        let needed = Self::words_needed(&spec, &config)?;
        Self::new_in(spec, config, params, alloc::vec![0; needed].into_boxed_slice())
    }
}

impl<K: Kind, T: Sample, S: Store> Unit<K, T, S> {
    /// A unit in memory of the caller: [`words_needed`](Unit::words_needed) words or more.
    pub fn new_in(
        mut spec: Spec,
        config: K::Config,
        settings: impl Settings,
        mut storage: S,
    ) -> Result<Self, Error> {
        let needed = Self::words_needed(&spec, &config)?;
        let words = storage.as_mut();
        let given = words.len();
        if given < needed {
            return Err(Error::Memory { needed, given });
        }
        words[..needed].fill(0);
        spec.simd = spec.simd.resolve();
        let params = K::PARAMS.count(&config);
        let parts = parts(&mut storage, needed, params);
        initial_values::<K>(&spec, &config, &settings, parts.values)?;
        let setup = Setup { spec: &spec, config: &config, values: parts.values };
        let core = K::core::<T>(&setup, parts.core);
        let (clock, knot, gliding, faults) = (0, 0, 0, 0);
        Ok(Self { spec, config, core, params, clock, knot, gliding, faults, needed, words: storage })
    }

    /// Runs `act` on the core with its setup and words.
    pub(crate) fn with_core<R>(
        &mut self,
        act: impl FnOnce(&mut K::Core<T>, &Setup<'_, K::Config>, &mut [Word]) -> R,
    ) -> R {
        let parts = parts(&mut self.words, self.needed, self.params);
        let setup = Setup { spec: &self.spec, config: &self.config, values: parts.values };
        act(&mut self.core, &setup, parts.core)
    }

    /// Runs `look` on the core with its setup and words, shared.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&K::Core<T>, &Setup<'_, K::Config>, &[Word]) -> R) -> R {
        let mut reader = Reader::new(self.own_words());
        let values = reader.take::<f64>(self.params);
        let _ = reader.take::<Line>(self.params);
        let setup = Setup { spec: &self.spec, config: &self.config, values };
        look(&self.core, &setup, reader.rest())
    }

    /// Finds a parameter and checks a value for it.
    pub(crate) fn place(&self, id: Id, value: f64) -> Result<Place, Error> {
        let place =
            K::PARAMS.find(id, &self.config).filter(|_| id.unit() == 0).ok_or(Error::Unknown { id })?;
        place.row.check_within(place.item, value, K::range(place.row, &self.spec, &self.config))?;
        Ok(place)
    }

    /// Gives every parameter a value: those that `settings` names get theirs, all others their defaults.
    /// The sound moves there silently, as after [`set`](Processor::set); glides end. When one value is
    /// refused, nothing changes. Cost: one design per band or tap that changes.
    pub fn set_all(&mut self, settings: impl Settings) -> Result<(), Error> {
        let mut result = Ok(());
        settings.each(&mut |id, value| {
            if result.is_ok() {
                result = self.place(id, value).map(|_| ());
            }
        });
        result?;
        let parts = parts(&mut self.words, self.needed, self.params);
        // A line that is not followed has room for the new value, so that all are there before the core
        // is told of the first. What glides has no value that could stay.
        K::PARAMS.each(&self.config, |_, place| {
            let line = &mut parts.lines[place.index];
            let from = if line.frames != 0 { f64::NAN } else { parts.values[place.index] };
            let to = default_value::<K>(place.row, &self.spec, &self.config);
            *line = Line { from, to, ..Line::NONE };
        });
        self.gliding = 0;
        settings.each(&mut |id, value| {
            if let Some(place) = K::PARAMS.find(id, &self.config) {
                parts.lines[place.index].to = value;
            }
        });
        parts.values.iter_mut().zip(parts.lines.iter()).for_each(|(value, line)| *value = line.to);
        let setup = Setup { spec: &self.spec, config: &self.config, values: parts.values };
        let mut told = None;
        K::PARAMS.each(&self.config, |id, place| {
            let line = core::mem::replace(&mut parts.lines[place.index], Line::NONE);
            if line.from != line.to && (told.is_none() || told != place.item) {
                told = place.item;
                self.core.change(&setup, parts.core, id, Change::Ramp);
            }
        });
        Ok(())
    }

    fn own_words(&self) -> &[Word] {
        let words = self.words.as_ref();
        &words[..self.needed.min(words.len())]
    }

    fn lines(&self) -> &[Line] {
        let mut reader = Reader::new(self.own_words());
        let _ = reader.take::<f64>(self.params);
        reader.take(self.params)
    }

    /// The present value of the parameter at `index`.
    fn value(&self, index: usize) -> f64 {
        let line = self.lines()[index];
        if line.frames != 0 { line.at(self.clock) } else { self.look(|_, setup, _| setup.values[index]) }
    }

    /// Tells the core where the gliding parameters are at the next knot.
    fn plan_knot(&mut self) {
        let clock = self.clock;
        let parts = parts(&mut self.words, self.needed, self.params);
        let running = parts.lines.iter().filter(|line| line.frames != 0);
        let grid = clock + KNOT as u64 - clock % KNOT as u64;
        self.knot = running.map(Line::end).fold(grid, u64::min);
        let frames = (self.knot - clock) as usize;
        for (value, line) in parts.values.iter_mut().zip(parts.lines.iter()) {
            if line.frames != 0 {
                *value = line.at(self.knot);
            }
        }
        let setup = Setup { spec: &self.spec, config: &self.config, values: parts.values };
        let core = &mut self.core;
        let mut tell = |id, corner| core.change(&setup, parts.core, id, Change::Line { frames, corner });
        // A line bends where it begins, and where another that moves the same thing begins or ends.
        let bends = |line: &Line| line.start == clock && (line.frames != 0 || clock != 0);
        let corner = parts.lines.iter().take(K::PARAMS.rows.len()).any(bends);
        // Rows of one band are told together.
        let mut item = None;
        let mut first = None;
        let mut item_bends = false;
        K::PARAMS.each(&self.config, |id, place| {
            let line = &parts.lines[place.index];
            let glides = line.frames != 0;
            if place.item.is_none() {
                if glides {
                    tell(id, corner);
                }
                return;
            }
            if item != place.item {
                if let Some(first) = first.take() {
                    tell(first, item_bends);
                }
                item = place.item;
                item_bends = false;
            }
            item_bends |= bends(line);
            if glides && first.is_none() {
                first = Some(id);
            }
        });
        if let Some(first) = first {
            tell(first, item_bends);
        }
    }

    /// Ends the glides that have arrived.
    fn end_glides(&mut self) {
        let clock = self.clock;
        let parts = parts(&mut self.words, self.needed, self.params);
        for line in parts.lines.iter_mut().filter(|line| line.frames != 0 && line.end() <= clock) {
            *line = Line { start: line.end(), ..Line::NONE };
            self.gliding -= 1;
        }
    }

    fn run(&mut self, audio: &mut [&mut [T]], key: &[&[T]], frames: usize) {
        let mut done = 0;
        while done < frames {
            if self.gliding != 0 && self.clock >= self.knot {
                self.plan_knot();
            }
            let to_grid = GRID - (self.clock % GRID as u64) as usize;
            let mut count = (frames - done).min(to_grid);
            if self.gliding != 0 {
                count = count.min((self.knot - self.clock) as usize);
            }
            self.with_core(|core, setup, words| {
                let block = Block::new(audio, done, done + count);
                core.run(setup, words, block, Key::new(key, done, done + count));
                if count == to_grid {
                    core.snap(setup, words);
                }
            });
            done += count;
            self.clock += count as u64;
            if self.gliding != 0 && self.clock == self.knot {
                self.end_glides();
            }
        }
    }
}

/// The value of a fresh unit: the row's default, or what is nearest in the unit's range.
fn default_value<K: Kind>(row: &Row, spec: &Spec, config: &K::Config) -> f64 {
    let (minimum, maximum) = K::range(row, spec, config);
    row.default.max(minimum).min(maximum)
}

/// Writes defaults, then what the caller set, each checked.
fn initial_values<K: Kind>(
    spec: &Spec,
    config: &K::Config,
    settings: &impl Settings,
    values: &mut [f64],
) -> Result<(), Error> {
    K::PARAMS.each(config, |_, place| values[place.index] = default_value::<K>(place.row, spec, config));
    let mut result = Ok(());
    settings.each(&mut |id, value| {
        if result.is_err() {
            return;
        }
        result = match K::PARAMS.find(id, config).filter(|_| id.unit() == 0) {
            None => Err(Error::Unknown { id }),
            Some(place) => {
                values[place.index] = value;
                place.row.check_within(place.item, value, K::range(place.row, spec, config))
            }
        };
    });
    result
}

impl<K: Kind, T: Sample, S: Store> Processor<T> for Unit<K, T, S> {
    fn process(&mut self, audio: &mut [&mut [T]], key: &[&[T]]) -> Result<(), Error> {
        let channels = self.spec.channels();
        let frames = audio::frames_of(audio, channels, "audio")?;
        let keys = if key.is_empty() { 0 } else { self.spec.keys };
        if keys != 0 {
            let given = audio::frames_of(key, keys, "key")?;
            if given != frames {
                return Err(Error::BlockFrames { expected: frames, given });
            }
        }
        let (audio, key, simd) = (&mut audio[..channels], &key[..keys], self.spec.simd);
        for input in &mut audio[..self.spec.inputs] {
            self.faults += audio::clean(simd, input);
        }
        self.faults += key.iter().map(|channel| audio::count_faults(simd, channel)).sum::<u64>();
        self.run(audio, key, frames);
        Ok(())
    }

    fn reset(&mut self) {
        let parts = parts(&mut self.words, self.needed, self.params);
        for (value, line) in parts.values.iter_mut().zip(parts.lines.iter_mut()) {
            if line.frames != 0 {
                *value = line.to;
                *line = Line::NONE;
            }
        }
        self.clock = 0;
        self.knot = 0;
        self.gliding = 0;
        self.with_core(|core, setup, words| core.reset(setup, words));
    }

    fn end(&mut self) {
        self.core.end();
    }

    fn latency(&self) -> usize {
        self.look(|core, setup, _| core.latency(setup))
    }

    fn tail(&self) -> Option<usize> {
        let tail = self.look(|core, setup, words| core.tail(setup, words));
        // What is left of a short tail waits for the next point of the grid to become zero.
        tail.map(|frames| if frames == 0 { 0 } else { frames.max(SHORTEST_TAIL) })
    }

    fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
        let place = self.place(id, value)?;
        let parts = parts(&mut self.words, self.needed, self.params);
        let glides = parts.lines[place.index].frames != 0;
        if !glides && parts.values[place.index] == value {
            return Ok(());
        }
        if glides {
            parts.lines[place.index] = Line::NONE;
            self.gliding -= 1;
        }
        parts.values[place.index] = value;
        self.with_core(|core, setup, words| core.change(setup, words, id, Change::Ramp));
        Ok(())
    }

    fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
        let place = self.place(id, target)?;
        if !place.row.is_continuous() {
            return Err(Error::NotContinuous { key: place.row.key });
        }
        let from = self.value(place.index);
        let start = self.clock;
        let line = &mut parts(&mut self.words, self.needed, self.params).lines[place.index];
        if line.frames == 0 {
            self.gliding += 1;
        }
        // A line of no length is one frame long: there by the next frame.
        *line = Line { from, to: target, start, frames: frames.max(1) as u64 };
        self.knot = start;
        Ok(())
    }

    fn get(&self, id: Id) -> Option<f64> {
        if id.unit() != 0 {
            return None;
        }
        match K::PARAMS.find(id, &self.config) {
            Some(place) => Some(self.value(place.index)),
            None => {
                K::READINGS.iter().find(|row| row.number == id.number())?;
                self.look(|core, setup, words| core.reading(setup, words, id))
            }
        }
    }

    fn trace(&self, id: Id, out: &mut [f64]) -> usize {
        if id.unit() != 0 || !K::READINGS.iter().any(|row| row.number == id.number()) {
            return 0;
        }
        self.look(|core, setup, words| core.trace(setup, words, id, out))
    }

    fn response(&self, frequency_hz: f64, moment: Moment) -> Option<Complex<f64>> {
        self.look(|core, setup, words| core.response(setup, words, frequency_hz, moment))
    }

    fn faults(&self) -> u64 {
        self.faults
    }
}
