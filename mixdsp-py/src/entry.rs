//! A kind of the catalogue without its type, so that Python can name it by a number.

use crate::failure::Failure;
use mixdsp::catalogue::{self, Visitor};
use mixdsp::param::{Group, ParamTable, Place, Row, Table};
use mixdsp::{Error, Id, Kind, Processor, Sample, Spec, Unit};
use std::marker::PhantomData;
use std::sync::OnceLock;

/// A processor that runs, whatever its kind.
pub(crate) type AnyUnit<T> = Box<dyn Processor<T> + Send>;

/// One line of the catalogue.
pub(crate) trait Entry: Send + Sync {
    /// The kind's tables.
    fn sheet(&self) -> Sheet;
    /// Where a parameter lives and what it is.
    fn place(&self, config: &[f64], id: Id) -> Option<Place>;
    /// Refuses a config value that is out of range.
    fn check_config(&self, config: &[f64], sample_rate: f64) -> Result<(), Error>;
    /// How many channels come out: as many as go in where the kind takes that, else the fewest it takes.
    fn outputs(&self, config: &[f64], spec: &Spec) -> Result<usize, Error>;
    /// A unit for `f32` samples; `None` when there is no memory for it.
    fn build_f32(&self, build: &Build<'_>) -> Result<Option<AnyUnit<f32>>, Error>;
    /// A unit for `f64` samples; `None` when there is no memory for it.
    fn build_f64(&self, build: &Build<'_>) -> Result<Option<AnyUnit<f64>>, Error>;
}

/// What a unit is built from.
#[derive(Debug)]
pub(crate) struct Build<'a> {
    /// Rate and channels.
    pub(crate) spec: Spec,
    /// Config values, in the order of the table.
    pub(crate) config: &'a [f64],
    /// Parameter values; those not named keep their defaults.
    pub(crate) settings: &'a [(Id, f64)],
}

/// What the catalogue knows of a kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sheet {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) listens: bool,
    pub(crate) rows: &'static [Row],
    pub(crate) groups: &'static [Group],
    pub(crate) config: &'static [Row],
    pub(crate) readings: &'static [Row],
}

/// Every kind, in the order of the catalogue.
pub(crate) fn entries() -> &'static [Box<dyn Entry>] {
    static ENTRIES: OnceLock<Vec<Box<dyn Entry>>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let mut list = List(Vec::new());
        catalogue::visit_all(&mut list);
        list.0
    })
}

/// The kind with this number.
pub(crate) fn entry(number: usize) -> Result<&'static dyn Entry, Failure> {
    let found = entries().get(number).map(|entry| &**entry);
    found.ok_or_else(|| Failure::Value(format!("no processor has the number {number}")))
}

struct List(Vec<Box<dyn Entry>>);

impl Visitor for List {
    fn visit<K: Kind>(&mut self, _path: &'static str) {
        self.0.push(Box::new(Of::<K>(PhantomData)));
    }
}

struct Of<K>(PhantomData<fn() -> K>);

impl<K: Kind> Of<K> {
    const TABLE: ParamTable = K::PARAMS;

    fn build<T: Sample>(build: &Build<'_>) -> Result<Option<AnyUnit<T>>, Error> {
        let config = K::Config::read(build.config);
        let needed = Unit::<K, T, Box<[u64]>>::words_needed(&build.spec, &config)?;
        let mut words = Vec::new();
        if words.try_reserve_exact(needed).is_err() {
            return Ok(None);
        }
        words.resize(needed, 0u64);
        let unit = Unit::<K, T, _>::new_in(build.spec, config, build.settings, words.into_boxed_slice())?;
        Ok(Some(Box::new(unit)))
    }
}

impl<K: Kind> Entry for Of<K> {
    fn sheet(&self) -> Sheet {
        Sheet {
            key: K::KEY,
            name: K::NAME,
            doc: K::DOC,
            listens: K::LISTENS,
            rows: K::PARAMS.rows,
            groups: K::PARAMS.groups,
            config: K::Config::ROWS,
            readings: K::READINGS,
        }
    }

    fn place(&self, config: &[f64], id: Id) -> Option<Place> {
        Self::TABLE.find(id, &K::Config::read(config))
    }

    fn check_config(&self, config: &[f64], sample_rate: f64) -> Result<(), Error> {
        K::Config::ROWS.iter().zip(config).try_for_each(|(row, value)| row.check(None, *value, sample_rate))
    }

    fn outputs(&self, config: &[f64], spec: &Spec) -> Result<usize, Error> {
        let config = K::Config::read(config);
        let refused = match K::check(&spec.with_outputs(spec.inputs), &config) {
            Ok(()) => return Ok(spec.inputs),
            Err(error) => error,
        };
        let takes = |outputs: &usize| K::check(&spec.with_outputs(*outputs), &config).is_ok();
        (1..=mixdsp::audio::MAX_CHANNELS).find(takes).ok_or(refused)
    }

    fn build_f32(&self, build: &Build<'_>) -> Result<Option<AnyUnit<f32>>, Error> {
        Self::build(build)
    }

    fn build_f64(&self, build: &Build<'_>) -> Result<Option<AnyUnit<f64>>, Error> {
        Self::build(build)
    }
}
