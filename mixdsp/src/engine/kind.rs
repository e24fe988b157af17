//! Floor 3: what a processor's file says: its tables and its memory by `processor!`, what it does by [`ProcessorKind`].
//!
//! ```text
//! parameters --design--> numbers on the move --+
//! audio, sidechain ---------------------------process--> audio
//!                                state, memory +
//! ```
//!
//! [`Unit`](crate::Unit) keeps the contracts that are the same for all. It carves the caller's words once for each call
//! and hands over a [`Run`], or a [`Look`] to what only reads.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::memory::Word;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::params::ramp::Change;
use crate::params::smoothed::{Smoothed, Smoother};
use crate::params::{Asset, Id, ParamTable, Row, Settings, Table};
use num_complex::Complex;

/// Which channels a processor takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// Any number, as many out as in.
    Same,
    /// So many in and out.
    Exactly(usize),
    /// From one up to so many, in and out each.
    UpTo(usize),
}

impl Channels {
    /// Refuses a spec with others.
    pub fn check(self, spec: &Spec) -> Result<(), Error> {
        let within = |minimum, maximum| {
            let both = [("inputs", spec.inputs), ("outputs", spec.outputs)];
            match both.into_iter().find(|(_, count)| !(minimum..=maximum).contains(count)) {
                Some((what, value)) => Err(Error::Channels { what, value, minimum, maximum }),
                None => Ok(()),
            }
        };
        match self {
            Self::Same => spec.check_same_channels(),
            Self::Exactly(count) => within(count, count),
            Self::UpTo(most) => within(1, most),
        }
    }
}

/// Ready settings of a processor, by name: a character, or a place in a production.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// As written in code: `bus_glue`.
    pub key: &'static str,
    /// What it is for, in one sentence.
    pub doc: &'static str,
    /// Calls with the id and value of each config row and parameter; what it does not name is as by default.
    pub each: fn(&mut dyn FnMut(Id, f64)),
}

/// What a processor is. Written by `processor!`.
pub trait Declared: Sized + Send + 'static {
    /// As written in code: `equalizer`.
    const KEY: &'static str;
    /// The name of its units in Rust: `Equalizer`.
    const TYPE_NAME: &'static str;
    /// Where Rust finds the kind.
    const PATH: &'static str;
    /// As shown to people: `Equalizer`.
    const LABEL: &'static str;
    /// What it does, in one sentence.
    const DOC: &'static str;
    /// What can be changed while it runs.
    const PARAMS: ParamTable;
    /// What it reports.
    const READINGS: &'static [Row];
    /// Ready settings.
    const PRESETS: &'static [Preset];
    /// Which channels it takes.
    const CHANNELS: Channels;
    /// Whether it listens to a sidechain.
    const SIDECHAIN: bool;
    /// Whether building it allocates beside its words, as what works by Fourier transform does (feature `fft`).
    const ALLOCATES: bool;
    /// The audio that it is built with.
    const ASSETS: &'static [Asset];
    /// What its assets become: all that allocates, made before it is handed over. Nothing where there are none.
    type Prepared<T: Sample>: Send + 'static;
    /// Makes that. The assets were checked.
    fn prepare<T: Sample>(
        spec: &Spec,
        config: &Self::Config,
        settings: &dyn Settings,
    ) -> Result<Self::Prepared<T>, Error>;
    /// What is fixed when it is built: memory, latency, channels.
    type Config: Table + Copy + Send + 'static;
    /// The parameters that exist once.
    type Params: Table;
    /// What follows from spec and config: lengths, counts.
    type Sizes: Copy + Send + 'static;
    /// What it keeps in the caller's words, to write.
    type Memory<'a, T: Sample>;
    /// The same, to read.
    type MemoryRef<'a, T: Sample>;
    /// What follows from spec and config.
    fn sizes(spec: &Spec, config: &Self::Config) -> Self::Sizes;
    /// How many words its memory takes.
    fn words<T: Sample>(sizes: &Self::Sizes) -> usize;
    /// Its memory, from the front of these words.
    fn carve<'a, T: Sample>(words: &'a mut [Word], sizes: &Self::Sizes) -> Self::Memory<'a, T>;
    /// The same, to read.
    fn read<'a, T: Sample>(words: &'a [Word], sizes: &Self::Sizes) -> Self::MemoryRef<'a, T>;
}

/// A kind of processor that has the table `P`, as its parameters, a group's, or its readings. Written by `processor!`.
#[diagnostic::on_unimplemented(message = "`{Self}` has no parameters or readings of `{P}`")]
pub trait Has<P> {}

// An id whose table is not known is looked at when it is used.
impl<K: Declared> Has<()> for K {}

/// What a processor does: its numbers on the move, its state, and what happens with frames.
pub trait ProcessorKind: Declared {
    /// The numbers that move.
    type Moving: Smoothed;
    /// What else it keeps, beside its words.
    type State<T: Sample>: Send + 'static;

    /// What the parameters ask for, in f64.
    fn design(setup: &Setup<'_, Self>) -> Self::Moving;

    /// The state at rest; the words are zero. Called when built and at each reset.
    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Self::Memory<'_, T>) -> Self::State<T>;

    /// Processes frames in place. The inputs are clean. A call never crosses a point of the grid, so it has at most
    /// [`GRID`](crate::engine::unit::GRID) frames; cutting it further must not change a bit.
    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>);

    /// A reset: the words are zero, `state` is that of before.
    fn restart<T: Sample>(setup: &Setup<'_, Self>, state: &mut Self::State<T>, memory: Self::Memory<'_, T>) {
        *state = Self::start(setup, memory);
    }

    /// Refuses channels that it does not take. The spec's ranges were checked before.
    fn check(spec: &Spec, _config: &Self::Config) -> Result<(), Error> {
        Self::CHANNELS.check(spec)
    }

    /// Whether some configs allocate beside the words when a unit is built; others do not, and leave nothing to free.
    const MAY_ALLOCATE: bool = Self::ALLOCATES;

    /// Refuses a config by which building allocates: for who has no heap.
    fn check_without_heap(_config: &Self::Config) -> Result<(), Error> {
        Ok(())
    }

    /// Smallest and largest value of a parameter in a unit of this spec and config: the row's own range, narrowed where
    /// memory or channels set a limit. Never wider than the row's.
    fn range(row: &Row, spec: &Spec, _config: &Self::Config) -> (f64, f64) {
        row.range_at(spec.sample_rate)
    }

    /// A parameter has a new value, which stands in the setup. For a group the id names one row of the item; other rows
    /// of the same item may have changed too.
    fn change<T: Sample>(run: Run<'_, Self, T>, _id: Id, change: Change) {
        run.moving.change(Self::design(&run.setup), change);
    }

    /// Called at every point of the grid: state too small to matter becomes zero.
    fn flush_denormals<T: Sample>(_run: Run<'_, Self, T>) {}

    /// Takes over new assets, and gives back those that are no longer heard; the new ones where they cannot be taken now.
    /// Called when built, where it may allocate, and by [`Unit::replace`](crate::Unit::replace), where it must not.
    fn take_assets<T: Sample>(
        _run: Run<'_, Self, T>,
        new: Self::Prepared<T>,
    ) -> Result<Self::Prepared<T>, Self::Prepared<T>> {
        Ok(new)
    }

    /// The audio ends here; silence follows until the next reset.
    fn end<T: Sample>(_state: &mut Self::State<T>) {}

    /// Frames by which the output is late; fixed by spec and config.
    fn latency(_setup: &Setup<'_, Self>) -> usize {
        0
    }

    /// Upper bound of the frames until the output stays under -120 dB; `None` when it never does.
    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        Some(Self::latency(&look.setup))
    }

    /// Response to a steady sine. `None` for a processor whose output is not its input filtered by fixed numbers.
    fn response<T: Sample>(_look: Look<'_, Self, T>, _hz: f64, _at: ResponseAt) -> Option<Complex<f64>> {
        None
    }

    /// Level in decibels that leaves for a steady level that comes in, once everything has come to rest. `None` for a
    /// processor whose gain does not follow the level.
    fn static_curve_db<T: Sample>(_look: Look<'_, Self, T>, _level_db: f64) -> Option<f64> {
        None
    }

    /// A reading, `None` when there is none yet. Where it exists per channel, the id's item is the channel.
    fn reading<T: Sample>(_look: Look<'_, Self, T>, _id: Id) -> Option<f64> {
        None
    }

    /// A reading at each of the latest frames, oldest first, at the end of `out`; returns how many are known. A kind
    /// that keeps them knows at least [`KNOT`](crate::engine::unit::KNOT), or those of the latest run where that was
    /// shorter.
    fn trace<T: Sample>(_look: Look<'_, Self, T>, _id: Id, _out: &mut [f64]) -> usize {
        0
    }
}

/// Which coefficients a response is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseAt {
    /// Those that run once everything has come to rest.
    Settled,
    /// Those of the next frame.
    Now,
}

/// What a processor was built with, and the present parameters.
#[derive(Debug)]
pub struct Setup<'a, K: Declared> {
    /// Rate, channels, vector instructions (resolved).
    pub spec: &'a Spec,
    /// What is fixed.
    pub config: &'a K::Config,
    /// What follows from both.
    pub sizes: &'a K::Sizes,
    /// Parameter values, in the order of the table. While a parameter glides, its value at the next knot.
    pub values: &'a [f64],
}

impl<K: Declared> Clone for Setup<'_, K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K: Declared> Copy for Setup<'_, K> {}

impl<K: Declared> Setup<'_, K> {
    /// The parameters that exist once.
    pub fn params(&self) -> K::Params {
        K::Params::read(self.values)
    }
    /// Those of one band or tap of the first group.
    pub fn item<P: Table>(&self, item: usize) -> P {
        P::read(&self.values[K::Params::ROWS.len() + item * P::ROWS.len()..])
    }
}

/// Everything that is a processor's own, to write.
pub struct Run<'a, K: ProcessorKind, T: Sample> {
    /// What it was built with, and the present parameters.
    pub setup: Setup<'a, K>,
    /// Its numbers on the move.
    pub moving: &'a mut Smoother<K::Moving>,
    /// Its state.
    pub state: &'a mut K::State<T>,
    /// Its part of the caller's words.
    pub memory: K::Memory<'a, T>,
}

/// The same, to read.
pub struct Look<'a, K: ProcessorKind, T: Sample> {
    /// What it was built with, and the present parameters.
    pub setup: Setup<'a, K>,
    /// Its numbers on the move.
    pub moving: &'a Smoother<K::Moving>,
    /// Its state.
    pub state: &'a K::State<T>,
    /// Its part of the caller's words.
    pub memory: K::MemoryRef<'a, T>,
}

impl<K: ProcessorKind, T: Sample> Look<'_, K, T> {
    /// The numbers that a response is of.
    pub fn moving_at(&self, at: ResponseAt) -> K::Moving {
        match at {
            ResponseAt::Settled => self.moving.target(),
            ResponseAt::Now => self.moving.value(),
        }
    }
}
