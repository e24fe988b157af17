//! What one processor is to C: its descriptor, its words as C reads them, and how its units lie in memory.

use crate::border::placement::Placement;
use crate::spec::Request;
use crate::status::Status;
use core::ffi::CStr;
use core::ops::Deref;
use mixdsp::ProcessorKind;
use mixdsp::catalogue::Descriptor;

/// `mixdsp_class`: one per processor, static.
pub struct Class {
    pub(crate) descriptor: Descriptor,
    pub(crate) texts: &'static Texts,
    pub(crate) placement: Placement,
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

/// Config rows that a class may have.
const MOST_CONFIGS: usize = 16;

/// The config values that a request asks for, in the order of the table.
pub(crate) struct Config {
    values: [f64; MOST_CONFIGS],
    len: usize,
}

impl Deref for Config {
    type Target = [f64];
    fn deref(&self) -> &[f64] {
        &self.values[..self.len]
    }
}

impl Class {
    /// The class of a kind.
    pub const fn of<K: ProcessorKind>(texts: &'static Texts) -> Self {
        let descriptor = Descriptor::of::<K>();
        assert!(descriptor.config.len() <= MOST_CONFIGS);
        Self { descriptor, texts, placement: Placement::of::<K>() }
    }

    /// The config that a request asks for, each value in its row's range.
    pub(crate) fn config(&self, request: &Request<'_>) -> Result<Config, Status> {
        let rows = self.descriptor.config;
        let mut config = Config { values: [0.0; MOST_CONFIGS], len: rows.len() };
        config.values.iter_mut().zip(self.descriptor.default_config()).for_each(|(to, from)| *to = from);
        for setting in request.settings.iter().filter(|setting| setting.is_config()) {
            let at = rows.iter().position(|row| row.id() == setting.id()).ok_or(Status::ID)?;
            rows[at].check(None, setting.value, request.spec.sample_rate)?;
            config.values[at] = setting.value;
        }
        Ok(config)
    }

    /// Refuses a request for parameters that a unit of this config does not have, or values that they do not take.
    pub(crate) fn check_params(&self, request: &Request<'_>, config: &Config) -> Result<(), Status> {
        for setting in request.settings.iter().filter(|setting| !setting.is_config()) {
            self.descriptor.check_value(setting.id(), setting.value, &request.spec, config)?;
        }
        Ok(())
    }
}
