//! Floor 2: the construction trait, one implementation per entry of the catalogue, and the inside of a
//! processor: its [`Core`].
//!
//! A processor's file declares its tables, implements [`Kind`] (what it is, what memory it needs) and
//! [`Core`] (what it does with some frames), and nothing else: [`Unit`](crate::Unit) keeps the contracts
//! that are the same for all.

use crate::base::audio::{Block, Key};
use crate::base::error::Error;
use crate::base::memory::Word;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::params::ramp::Change;
use crate::params::{Id, ParamTable, Row, Table};
use num_complex::Complex;

/// A processor as the catalogue lists it.
pub trait Kind: Sized + 'static {
    /// As written in code: `equalizer`.
    const KEY: &'static str;
    /// As shown to people: `Equalizer`.
    const NAME: &'static str;
    /// What it does, in one sentence.
    const DOC: &'static str;
    /// What can be changed while it runs.
    const PARAMS: ParamTable;
    /// What it reports.
    const READINGS: &'static [Row];
    /// Whether it listens to key channels.
    const LISTENS: bool = false;
    /// Whether building it allocates beside its words, as what works by Fourier transform does (feature `fft`).
    const ALLOCATES: bool = false;
    /// What is fixed when it is built: memory, latency, channels.
    type Config: Table + Copy + Send + 'static;
    /// The inside. It may move between threads, so a unit may too.
    type Core<T: Sample>: Core<T, Config = Self::Config> + Send + 'static;

    /// Refuses channels that it does not take. The spec's ranges were checked before.
    fn check(spec: &Spec, config: &Self::Config) -> Result<(), Error>;

    /// Smallest and largest value of a parameter in a unit of this spec and config: the row's own range,
    /// narrowed where memory or channels set a limit. Never wider than the row's.
    fn range(row: &Row, spec: &Spec, _config: &Self::Config) -> (f64, f64) {
        row.range_at(spec.sample_rate)
    }

    /// How many words a unit needs; spec and config are in range.
    fn memory<T: Sample>(spec: &Spec, config: &Self::Config) -> usize;

    /// The core at rest with the parameters of `setup`; its words are zero.
    fn core<T: Sample>(setup: &Setup<'_, Self::Config>, words: &mut [Word]) -> Self::Core<T>;
}

/// What a core may look at: what the unit was built with, and the present parameters.
#[derive(Debug)]
pub struct Setup<'a, C> {
    /// Rate, channels, vector instructions (resolved).
    pub spec: &'a Spec,
    /// What is fixed.
    pub config: &'a C,
    /// Parameter values, in the order of the table. While a parameter glides, its value at the next knot.
    pub values: &'a [f64],
}

impl<C> Setup<'_, C> {
    /// The parameters that exist once, as their struct.
    pub fn params<P: Table>(&self) -> P {
        P::read(self.values)
    }
    /// The parameters of one band or tap of the first group, as their struct; `before` is the number of
    /// parameters that exist once.
    pub fn item<P: Table>(&self, before: usize, item: usize) -> P {
        P::read(&self.values[before + item * P::ROWS.len()..])
    }
}

/// Which coefficients a response is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Those that run once everything has come to rest.
    Settled,
    /// Those of the next frame.
    Now,
}

/// The inside of a processor: state, and what it does with frames.
///
/// `words` is the unit's memory without the parameters; the core carves it by its own layout.
pub trait Core<T: Sample> {
    /// What is fixed when it is built.
    type Config: Table;

    /// A parameter has a new value, which stands in `setup`. For a group the id names one row of the item;
    /// other rows of the same item may have changed too.
    fn change(&mut self, setup: &Setup<'_, Self::Config>, words: &mut [Word], id: Id, change: Change);

    /// Processes frames in place. The inputs are clean. A call never crosses a point of the grid, so it
    /// has at most [`GRID`](crate::engine::unit::GRID) frames; cutting it further must not change a bit.
    fn run(
        &mut self,
        setup: &Setup<'_, Self::Config>,
        words: &mut [Word],
        block: Block<'_, '_, T>,
        key: Key<'_, T>,
    );

    /// Called at every point of the grid: state too small to matter becomes zero.
    fn snap(&mut self, setup: &Setup<'_, Self::Config>, words: &mut [Word]);

    /// Clears audio state and ends ramps.
    fn reset(&mut self, setup: &Setup<'_, Self::Config>, words: &mut [Word]);

    /// The audio ends here; silence follows until the next reset.
    fn end(&mut self) {}

    /// Frames by which the output is late; fixed by spec and config.
    fn latency(&self, _setup: &Setup<'_, Self::Config>) -> usize {
        0
    }

    /// Upper bound of the frames until the output stays under -120 dB; `None` when it never does.
    fn tail(&self, setup: &Setup<'_, Self::Config>, words: &[Word]) -> Option<usize>;

    /// Response to a steady sine, of the coefficients that run once everything has come to rest, or of those
    /// of this moment. `None` for a processor whose output is not its input filtered by fixed numbers.
    fn response(
        &self,
        _setup: &Setup<'_, Self::Config>,
        _words: &[Word],
        _frequency_hz: f64,
        _moment: Moment,
    ) -> Option<Complex<f64>> {
        None
    }

    /// A reading, `None` when there is none yet. Where it exists per channel, the id's item is the channel.
    fn reading(&self, _setup: &Setup<'_, Self::Config>, _words: &[Word], _id: Id) -> Option<f64> {
        None
    }

    /// A reading at each of the latest frames, oldest first, at the end of `out`; returns how many are known.
    /// A core that keeps them knows at least [`KNOT`](crate::engine::unit::KNOT), or those of the latest run where
    /// that was shorter.
    fn trace(&self, _setup: &Setup<'_, Self::Config>, _words: &[Word], _id: Id, _out: &mut [f64]) -> usize {
        0
    }
}
