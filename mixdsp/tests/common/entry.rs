//! A kind of the catalogue without its type: what is asked of all is compiled once per sample type, not
//! once per processor.

use mixdsp::base::memory::Store;
use mixdsp::params::{Group, ParamTable, Place, Row, Table};
use mixdsp::{Error, Id, Kind, Processor, Sample, Spec, Unit};
use std::fmt;
use std::marker::PhantomData;

/// Smallest and largest value of a row.
pub(crate) type Range = (f64, f64);

/// What the tables say of a kind.
#[derive(Clone, Copy)]
pub(crate) struct Sheet {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    /// Whether it listens to key channels.
    pub(crate) listens: bool,
    pub(crate) params: ParamTable,
    pub(crate) config: &'static [Row],
    pub(crate) readings: &'static [Row],
}

/// One line of the catalogue, for one sample type. Configs are values in the order of the table.
pub(crate) trait Entry<T: Sample> {
    fn sheet(&self) -> Sheet;
    /// The default config.
    fn config(&self) -> Vec<f64>;
    /// What the fields of a config hold when they are given these values.
    fn held(&self, config: &[f64]) -> Vec<f64>;
    /// What `words_needed` says.
    fn words(&self, spec: &Spec, config: &[f64]) -> Result<usize, Error>;
    /// What `memory` says.
    fn memory(&self, spec: &Spec, config: &[f64]) -> usize;
    fn range(&self, row: &Row, spec: &Spec, config: &[f64]) -> Range;
    /// Every parameter with its place, in the order of the values.
    fn params(&self, config: &[f64]) -> Vec<(Id, Place)>;
    fn find(&self, id: Id, config: &[f64]) -> Option<Place>;
    fn items(&self, group: &Group, config: &[f64]) -> usize;
    fn build<'a>(
        &self,
        spec: Spec,
        config: &[f64],
        settings: &[(Id, f64)],
        words: Words<'a>,
    ) -> Result<Box<dyn Running<T> + 'a>, Error>;
}

/// What a unit does beside processing.
pub(crate) trait Running<T: Sample>: Processor<T> {
    fn set_all(&mut self, settings: &[(Id, f64)]) -> Result<(), Error>;
    fn write_preset(&self, out: &mut dyn fmt::Write) -> fmt::Result;
    fn read_preset(&mut self, preset: &str) -> Result<(), Error>;
}

impl<K: Kind, T: Sample, S: Store> Running<T> for Unit<K, T, S> {
    fn set_all(&mut self, settings: &[(Id, f64)]) -> Result<(), Error> {
        Unit::set_all(self, settings)
    }
    fn write_preset(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        Unit::write_preset(self, out)
    }
    fn read_preset(&mut self, preset: &str) -> Result<(), Error> {
        Unit::read_preset(self, preset)
    }
}

/// Words of an array.
pub(crate) const ARRAY: usize = 128;

/// Storage of any sort.
#[expect(clippy::large_enum_variant, reason = "an array that is boxed does not move with the unit")]
pub(crate) enum Words<'a> {
    Vec(Vec<u64>),
    Box(Box<[u64]>),
    Slice(&'a mut [u64]),
    /// Within the unit: it moves with it.
    Array([u64; ARRAY]),
}

impl AsRef<[u64]> for Words<'_> {
    fn as_ref(&self) -> &[u64] {
        match self {
            Words::Vec(words) => words,
            Words::Box(words) => words,
            Words::Slice(words) => words,
            Words::Array(words) => words,
        }
    }
}

impl AsMut<[u64]> for Words<'_> {
    fn as_mut(&mut self) -> &mut [u64] {
        match self {
            Words::Vec(words) => words,
            Words::Box(words) => words,
            Words::Slice(words) => words,
            Words::Array(words) => words,
        }
    }
}

struct Of<K>(PhantomData<fn() -> K>);

/// The entry of a kind.
pub(crate) fn entry<K: Kind, T: Sample>() -> &'static dyn Entry<T> {
    const { &Of::<K>(PhantomData) }
}

impl<K: Kind, T: Sample> Entry<T> for Of<K> {
    fn sheet(&self) -> Sheet {
        Sheet {
            key: K::KEY,
            name: K::NAME,
            doc: K::DOC,
            listens: K::LISTENS,
            params: K::PARAMS,
            config: K::Config::ROWS,
            readings: K::READINGS,
        }
    }
    fn config(&self) -> Vec<f64> {
        values(&K::Config::default())
    }
    fn held(&self, config: &[f64]) -> Vec<f64> {
        values(&K::Config::read(config))
    }
    fn words(&self, spec: &Spec, config: &[f64]) -> Result<usize, Error> {
        Unit::<K, T, Words<'_>>::words_needed(spec, &K::Config::read(config))
    }
    fn memory(&self, spec: &Spec, config: &[f64]) -> usize {
        K::memory::<T>(spec, &K::Config::read(config))
    }
    fn range(&self, row: &Row, spec: &Spec, config: &[f64]) -> Range {
        K::range(row, spec, &K::Config::read(config))
    }
    fn params(&self, config: &[f64]) -> Vec<(Id, Place)> {
        let mut all = Vec::new();
        K::PARAMS.each(&K::Config::read(config), |id, place| all.push((id, place)));
        all
    }
    fn find(&self, id: Id, config: &[f64]) -> Option<Place> {
        K::PARAMS.find(id, &K::Config::read(config))
    }
    fn items(&self, group: &Group, config: &[f64]) -> usize {
        group.items(&K::Config::read(config))
    }
    fn build<'a>(
        &self,
        spec: Spec,
        config: &[f64],
        settings: &[(Id, f64)],
        words: Words<'a>,
    ) -> Result<Box<dyn Running<T> + 'a>, Error> {
        let unit = Unit::<K, T, _>::new_in(spec, K::Config::read(config), settings, words)?;
        Ok(Box::new(unit))
    }
}

fn values<C: Table>(config: &C) -> Vec<f64> {
    (0..C::ROWS.len()).map(|index| config.get(index)).collect()
}
