//! The shape before: kinds that are still written in it run by way of this file.

use crate::base::audio::{Block, Sidechain};
use crate::base::error::Error;
use crate::base::memory::{Store, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Setup as NewSetup};
use crate::engine::unit::Unit;
use crate::params::ramp::Change;
use crate::params::{Id, ParamTable, Row, Table};
use num_complex::Complex;

pub use crate::base::audio::Sidechain as Key;
pub use crate::engine::kind::ResponseAt as Moment;

#[allow(missing_docs)]
pub trait Kind: Sized + Send + 'static {
    const KEY: &'static str;
    const NAME: &'static str;
    const DOC: &'static str;
    const PARAMS: ParamTable;
    const READINGS: &'static [Row];
    const LISTENS: bool = false;
    const ALLOCATES: bool = false;
    type Config: Table + Copy + Send + 'static;
    type Core<T: Sample>: Core<T, Config = Self::Config> + Send + 'static;
    fn check(spec: &Spec, config: &Self::Config) -> Result<(), Error>;
    fn range(row: &Row, spec: &Spec, _config: &Self::Config) -> (f64, f64) {
        row.range_at(spec.sample_rate)
    }
    fn memory<T: Sample>(spec: &Spec, config: &Self::Config) -> usize;
    fn core<T: Sample>(setup: &Setup<'_, Self::Config>, words: &mut [Word]) -> Self::Core<T>;
}

#[allow(missing_docs)]
#[derive(Debug)]
pub struct Setup<'a, C> {
    pub spec: &'a Spec,
    pub config: &'a C,
    pub values: &'a [f64],
}

#[allow(missing_docs)]
impl<C> Setup<'_, C> {
    pub fn params<P: Table>(&self) -> P {
        P::read(self.values)
    }
    pub fn item<P: Table>(&self, before: usize, item: usize) -> P {
        P::read(&self.values[before + item * P::ROWS.len()..])
    }
}

pub(crate) fn setup<'a, K: ProcessorKind>(setup: &NewSetup<'a, K>) -> Setup<'a, K::Config> {
    Setup { spec: setup.spec, config: setup.config, values: setup.values }
}

#[allow(missing_docs)]
pub trait Core<T: Sample> {
    type Config: Table;
    fn change(&mut self, setup: &Setup<'_, Self::Config>, words: &mut [Word], id: Id, change: Change);
    fn run(
        &mut self,
        setup: &Setup<'_, Self::Config>,
        words: &mut [Word],
        block: Block<'_, '_, T>,
        key: Sidechain<'_, T>,
    );
    fn snap(&mut self, setup: &Setup<'_, Self::Config>, words: &mut [Word]);
    fn reset(&mut self, setup: &Setup<'_, Self::Config>, words: &mut [Word]);
    fn end(&mut self) {}
    fn latency(&self, _setup: &Setup<'_, Self::Config>) -> usize {
        0
    }
    fn tail(&self, setup: &Setup<'_, Self::Config>, words: &[Word]) -> Option<usize>;
    fn response(
        &self,
        _setup: &Setup<'_, Self::Config>,
        _words: &[Word],
        _frequency_hz: f64,
        _moment: ResponseAt,
    ) -> Option<Complex<f64>> {
        None
    }
    fn reading(&self, _setup: &Setup<'_, Self::Config>, _words: &[Word], _id: Id) -> Option<f64> {
        None
    }
    fn trace(&self, _setup: &Setup<'_, Self::Config>, _words: &[Word], _id: Id, _out: &mut [f64]) -> usize {
        0
    }
}

/// Lets a kind of the old shape run in the new engine. Its latency must not need its core: `$latency(spec, config)`.
macro_rules! adapt {
    ($kind:ident, $type_name:literal, latency: $latency:expr, has: [$($has:ty),*], before: $before:expr) => {
        $(impl $crate::engine::kind::Has<$has> for $kind {})*
        impl $crate::engine::kind::Declared for $kind {
            const KEY: &'static str = <Self as $crate::engine::old::Kind>::KEY;
            const TYPE_NAME: &'static str = $type_name;
            const PATH: &'static str = concat!(module_path!(), "::", stringify!($kind));
            const LABEL: &'static str = <Self as $crate::engine::old::Kind>::NAME;
            const DOC: &'static str = <Self as $crate::engine::old::Kind>::DOC;
            const PARAMS: $crate::params::ParamTable = <Self as $crate::engine::old::Kind>::PARAMS;
            const READINGS: &'static [$crate::params::Row] = <Self as $crate::engine::old::Kind>::READINGS;
            const CHANNELS: $crate::engine::kind::Channels = $crate::engine::kind::Channels::Same;
            const SIDECHAIN: bool = <Self as $crate::engine::old::Kind>::LISTENS;
            const ALLOCATES: bool = <Self as $crate::engine::old::Kind>::ALLOCATES;
            type Config = <Self as $crate::engine::old::Kind>::Config;
            type Params = $crate::NoConfig;
            type Sizes = ($crate::Spec, Self::Config);
            type Memory<'a, T: $crate::Sample> = &'a mut [u64];
            type MemoryRef<'a, T: $crate::Sample> = &'a [u64];
            fn sizes(spec: &$crate::Spec, config: &Self::Config) -> Self::Sizes {
                (*spec, *config)
            }
            fn words<T: $crate::Sample>((spec, config): &Self::Sizes) -> usize {
                use $crate::params::Table;
                let table = <Self as $crate::engine::old::Kind>::PARAMS;
                let params = table.items(<Self as $crate::engine::old::Kind>::Config::ROWS, |at| config.get(at));
                let params = $crate::engine::automation::words_for_params(table.count(&params));
                <Self as $crate::engine::old::Kind>::memory::<T>(spec, config).saturating_sub(params)
            }
            fn carve<'a, T: $crate::Sample>(words: &'a mut [u64], _: &Self::Sizes) -> &'a mut [u64] {
                words
            }
            fn read<'a, T: $crate::Sample>(words: &'a [u64], _: &Self::Sizes) -> &'a [u64] {
                words
            }
        }
        impl $crate::engine::kind::ProcessorKind for $kind {
            type Moving = ();
            type State<T: $crate::Sample> = <Self as $crate::engine::old::Kind>::Core<T>;
            fn design(_: &$crate::engine::kind::Setup<'_, Self>) {}
            fn start<T: $crate::Sample>(
                setup: &$crate::engine::kind::Setup<'_, Self>,
                memory: &mut [u64],
            ) -> Self::State<T> {
                <Self as $crate::engine::old::Kind>::core::<T>(&$crate::engine::old::setup(setup), memory)
            }
            fn restart<T: $crate::Sample>(
                setup: &$crate::engine::kind::Setup<'_, Self>,
                state: &mut Self::State<T>,
                memory: &mut [u64],
            ) {
                $crate::engine::old::Core::<T>::reset(state, &$crate::engine::old::setup(setup), memory);
            }
            fn process<T: $crate::Sample>(
                run: $crate::engine::kind::Run<'_, Self, T>,
                block: $crate::base::audio::Block<'_, '_, T>,
            ) {
                let sidechain = block.sidechain();
                let setup = $crate::engine::old::setup(&run.setup);
                $crate::engine::old::Core::<T>::run(run.state, &setup, run.memory, block, sidechain);
            }
            fn check(spec: &$crate::Spec, config: &Self::Config) -> Result<(), $crate::Error> {
                <Self as $crate::engine::old::Kind>::check(spec, config)
            }
            fn range(row: &$crate::params::Row, spec: &$crate::Spec, config: &Self::Config) -> (f64, f64) {
                <Self as $crate::engine::old::Kind>::range(row, spec, config)
            }
            fn change<T: $crate::Sample>(
                run: $crate::engine::kind::Run<'_, Self, T>,
                id: $crate::Id,
                change: $crate::params::ramp::Change,
            ) {
                let setup = $crate::engine::old::setup(&run.setup);
                $crate::engine::old::Core::<T>::change(run.state, &setup, run.memory, id, change);
            }
            fn flush_denormals<T: $crate::Sample>(run: $crate::engine::kind::Run<'_, Self, T>) {
                let setup = $crate::engine::old::setup(&run.setup);
                $crate::engine::old::Core::<T>::snap(run.state, &setup, run.memory);
            }
            fn end<T: $crate::Sample>(state: &mut Self::State<T>) {
                $crate::engine::old::Core::<T>::end(state);
            }
            fn latency(setup: &$crate::engine::kind::Setup<'_, Self>) -> usize {
                let latency: fn(&$crate::Spec, &Self::Config) -> usize = $latency;
                latency(setup.spec, setup.config)
            }
            fn tail<T: $crate::Sample>(look: $crate::engine::kind::Look<'_, Self, T>) -> Option<usize> {
                $crate::engine::old::Core::<T>::tail(look.state, &$crate::engine::old::setup(&look.setup), look.memory)
            }
            fn response<T: $crate::Sample>(
                look: $crate::engine::kind::Look<'_, Self, T>,
                hz: f64,
                at: $crate::engine::kind::ResponseAt,
            ) -> Option<num_complex::Complex<f64>> {
                let setup = $crate::engine::old::setup(&look.setup);
                $crate::engine::old::Core::<T>::response(look.state, &setup, look.memory, hz, at)
            }
            fn reading<T: $crate::Sample>(look: $crate::engine::kind::Look<'_, Self, T>, id: $crate::Id) -> Option<f64> {
                let setup = $crate::engine::old::setup(&look.setup);
                $crate::engine::old::Core::<T>::reading(look.state, &setup, look.memory, id)
            }
            fn trace<T: $crate::Sample>(
                look: $crate::engine::kind::Look<'_, Self, T>,
                id: $crate::Id,
                out: &mut [f64],
            ) -> usize {
                let setup = $crate::engine::old::setup(&look.setup);
                $crate::engine::old::Core::<T>::trace(look.state, &setup, look.memory, id, out)
            }
        }
    };
}
pub(crate) use adapt;

impl<K, T: Sample, S: Store> Unit<K, T, S>
where
    K: ProcessorKind<State<T> = <K as Kind>::Core<T>>
        + Kind<Config = <K as crate::engine::kind::Declared>::Config>,
    for<'a> K: crate::engine::kind::Declared<Memory<'a, T> = &'a mut [u64], MemoryRef<'a, T> = &'a [u64]>,
{
    /// Runs `act` on the core with its setup and words.
    pub(crate) fn with_core<R>(
        &mut self,
        act: impl FnOnce(&mut <K as Kind>::Core<T>, &Setup<'_, <K as Kind>::Config>, &mut [Word]) -> R,
    ) -> R {
        self.run_with(|run| act(run.state, &setup(&run.setup), run.memory))
    }

    /// Runs `look` on the core with its setup and words, shared.
    pub(crate) fn look_core<R>(
        &self,
        act: impl FnOnce(&<K as Kind>::Core<T>, &Setup<'_, <K as Kind>::Config>, &[Word]) -> R,
    ) -> R {
        self.look(|look: Look<'_, K, T>| act(look.state, &setup(&look.setup), look.memory))
    }
}
