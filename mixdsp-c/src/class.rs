//! What one processor is to C: its tables, and how a unit of it is built and reached.

use crate::border::memory::{self, Layout};
use crate::spec::Request;
use crate::status::Status;
use core::ffi::CStr;
use mixdsp::params::{ParamTable, Place, Row, Table};
use mixdsp::{Error, Id, Kind, Spec, Unit};

/// `mixdsp_class`: one per processor, static.
pub struct Class {
    pub(crate) texts: &'static Texts,
    pub(crate) params: ParamTable,
    pub(crate) config: &'static [Row],
    pub(crate) readings: &'static [Row],
    /// Finds a parameter of a unit with these config values.
    pub(crate) place: fn(&[f64], Id) -> Option<Place>,
    /// Checks a value for a parameter of a unit of this spec with these config values.
    pub(crate) check: fn(&Spec, &[f64], &Place, f64) -> Result<(), Error>,
    /// Checks a request and says what memory its unit takes.
    pub(crate) layout: fn(&Request<'_>) -> Result<Layout, Status>,
    pub(crate) build: memory::Build,
    pub(crate) reach: memory::Reach,
}

/// The words of a class with the zero at the end that C wants; its numbers stand in the tables.
pub struct Texts {
    /// As written in code.
    pub key: &'static CStr,
    /// As shown to people.
    pub name: &'static CStr,
    /// One sentence.
    pub doc: &'static CStr,
    /// Config, params, the rows of each group, readings.
    pub rows: &'static [RowTexts],
}

/// The words of one row.
pub struct RowTexts {
    /// The group it repeats in.
    pub group: Option<&'static CStr>,
    /// As written in code.
    pub key: &'static CStr,
    /// As shown to people.
    pub name: &'static CStr,
    /// Unit of its values.
    pub unit: &'static CStr,
    /// One sentence.
    pub doc: &'static CStr,
    /// Texts of a choice.
    pub choices: &'static [&'static CStr],
}

/// Where units keep their words: in the caller's memory, for as long as they are used.
pub(crate) type Lent = &'static mut [u64];

impl Class {
    /// The class of a kind.
    pub const fn of<K: Kind>(texts: &'static Texts) -> Self {
        Self {
            texts,
            params: K::PARAMS,
            config: K::Config::ROWS,
            readings: K::READINGS,
            place: place::<K>,
            check: check::<K>,
            layout: layout::<K>,
            build: memory::build::<K>,
            reach: memory::reach::<K>(),
        }
    }
}

fn place<K: Kind>(config: &[f64], id: Id) -> Option<Place> {
    K::PARAMS.find(id, &K::Config::read(config)).filter(|_| id.unit() == 0)
}

fn check<K: Kind>(spec: &Spec, config: &[f64], place: &Place, value: f64) -> Result<(), Error> {
    place.row.check_within(place.item, value, K::range(place.row, spec, &K::Config::read(config)))
}

fn layout<K: Kind>(request: &Request<'_>) -> Result<Layout, Status> {
    let config = config::<K>(request)?;
    let (unit, words) = if request.is_f64 {
        (size_of::<Unit<K, f64, Lent>>(), Unit::<K, f64, Lent>::words_needed(&request.spec, &config)?)
    } else {
        (size_of::<Unit<K, f32, Lent>>(), Unit::<K, f32, Lent>::words_needed(&request.spec, &config)?)
    };
    for setting in request.settings.iter().filter(|setting| !setting.is_config()) {
        let id = setting.id();
        let found = K::PARAMS.find(id, &config).filter(|_| id.unit() == 0).ok_or(Status::ID)?;
        found.row.check_within(found.item, setting.value, K::range(found.row, &request.spec, &config))?;
    }
    let params = K::PARAMS.count(&config);
    let readings = K::READINGS.len() * request.spec.channels();
    Layout::new(K::Config::ROWS.len(), params, readings, unit, words).ok_or(Status::MEMORY)
}

/// The config that a request asks for, each value checked.
pub(crate) fn config<K: Kind>(request: &Request<'_>) -> Result<K::Config, Status> {
    let mut config = K::Config::default();
    for setting in request.settings.iter().filter(|setting| setting.is_config()) {
        let at = K::Config::ROWS.iter().position(|row| row.id() == setting.id()).ok_or(Status::ID)?;
        K::Config::ROWS[at].check(None, setting.value, request.spec.sample_rate)?;
        config.put(at, setting.value);
    }
    Ok(config)
}

/// The parameters that a request asks for.
pub(crate) struct Params<'a>(pub(crate) &'a Request<'a>);

impl mixdsp::params::Settings for Params<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        let params = self.0.settings.iter().filter(|setting| !setting.is_config());
        params.for_each(|setting| visit(setting.id(), setting.value));
    }
}
