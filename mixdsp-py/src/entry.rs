//! A kind of the catalogue without its type, so that Python can name it by a number.

use crate::failure::Failure;
use mixdsp::catalogue::{self, Visitor};
use mixdsp::params::{Group, ParamTable, Row, Table};
use mixdsp::{Error, Id, Kind, Processor, Sample, Spec, Unit};
use std::marker::PhantomData;
use std::sync::OnceLock;

/// A processor that runs, whatever its kind.
pub(crate) type AnyUnit<T> = Box<dyn Processor<T> + Send>;

/// One line of the catalogue.
pub(crate) trait Entry: Send + Sync {
    /// The kind's tables.
    fn sheet(&self) -> Sheet;
    /// Refuses config and settings that are out of range, also where config narrows the range of a parameter.
    fn check(&self, build: &Build<'_>) -> Result<(), String>;
    /// Whether a parameter has values in between, so that it can follow a line.
    fn is_continuous(&self, config: &[f64], id: Id) -> bool;
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

/// What is wrong with a value, in the words that Python uses: choices by their texts.
fn refusal(row: &Row, (minimum, maximum): (f64, f64), error: Error) -> String {
    let Error::Range { value, .. } = error else { return error.to_string() };
    let text = |at: f64| row.choices().get(at as usize).copied().unwrap_or("?");
    let mut message = error.to_string();
    if !row.choices().is_empty() {
        let name = message.split(" = ").next().unwrap_or(row.key);
        let possible: Vec<_> = (minimum as usize..=maximum as usize).map(|at| text(at as f64)).collect();
        message = format!("{name} = {} is not one of {}", text(value), possible.join(", "));
    } else if !row.unit.is_empty() {
        message = format!("{message} {}", row.unit);
    }
    message
}

struct Of<K>(PhantomData<fn() -> K>);

impl<K: Kind> Of<K> {
    const TABLE: ParamTable = K::PARAMS;

    /// Which config may make a range narrower than the table says.
    fn limits() -> String {
        let is_count = |row: &Row| K::PARAMS.groups.iter().any(|group| group.count == row.key);
        let rows: Vec<_> = K::Config::ROWS.iter().filter(|row| !is_count(row)).map(|row| row.key).collect();
        if rows.is_empty() { String::new() } else { format!("; see {}", rows.join(", ")) }
    }

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

    fn check(&self, build: &Build<'_>) -> Result<(), String> {
        let rate = build.spec.sample_rate;
        for (row, value) in K::Config::ROWS.iter().zip(build.config) {
            row.check(None, *value, rate).map_err(|error| refusal(row, row.range_at(rate), error))?;
        }
        let config = K::Config::read(build.config);
        for (id, value) in build.settings {
            let place =
                Self::TABLE.find(*id, &config).ok_or_else(|| Error::Unknown { id: *id }.to_string())?;
            let range = K::range(place.row, &build.spec, &config);
            let checked = place.row.check_within(place.item, *value, range);
            checked.map_err(|error| {
                let narrowed = place.row.check_within(None, *value, place.row.range_at(rate)).is_ok();
                let hint = if narrowed { Self::limits() } else { String::new() };
                refusal(place.row, range, error) + &hint
            })?;
        }
        Ok(())
    }

    fn is_continuous(&self, config: &[f64], id: Id) -> bool {
        Self::TABLE.find(id, &K::Config::read(config)).is_some_and(|place| place.row.is_continuous())
    }

    fn outputs(&self, config: &[f64], spec: &Spec) -> Result<usize, Error> {
        let config = K::Config::read(config);
        let refused = match K::check(&spec.with_outputs(spec.inputs), &config) {
            Ok(()) => return Ok(spec.inputs),
            Err(error) => error,
        };
        let takes = |outputs: &usize| K::check(&spec.with_outputs(*outputs), &config).is_ok();
        (1..=mixdsp::base::audio::MAX_CHANNELS).find(takes).ok_or(refused)
    }

    fn build_f32(&self, build: &Build<'_>) -> Result<Option<AnyUnit<f32>>, Error> {
        Self::build(build)
    }

    fn build_f64(&self, build: &Build<'_>) -> Result<Option<AnyUnit<f64>>, Error> {
        Self::build(build)
    }
}
