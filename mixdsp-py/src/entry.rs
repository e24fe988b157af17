//! A processor of the catalogue by its number, as Python names it, and units of it.

use crate::failure::Failure;
use mixdsp::catalogue::{self, BoxedSample, Descriptor};
use mixdsp::{Error, Id, Spec};

/// A processor that runs, whatever its kind.
pub(crate) type AnyUnit<T> = Box<dyn catalogue::AnyUnit<T>>;

/// What a unit is built from.
#[derive(Debug)]
pub(crate) struct Build<'a> {
    /// Rate and channels.
    pub(crate) spec: Spec,
    /// Config values, in the order of the table.
    pub(crate) config: &'a [f64],
    /// Parameter values; those not named keep their defaults.
    pub(crate) settings: &'a [(Id, f64)],
    /// Which member of a chain it is; empty for a processor alone.
    pub(crate) label: &'a str,
}

/// The processor with this number.
pub(crate) fn processor(number: usize) -> Result<&'static Descriptor, Failure> {
    let found = catalogue::ALL.get(number).copied();
    found.ok_or_else(|| Failure::Value(format!("no processor has the number {number}")))
}

impl Build<'_> {
    /// A unit. Every value is checked first, so that the error names the first that is wrong.
    pub(crate) fn unit<T: BoxedSample>(&self, processor: &Descriptor) -> Result<AnyUnit<T>, Failure> {
        self.check(processor)?;
        processor.boxed(self.spec, self.config, &self.settings).map_err(|error| match error {
            Error::Memory { .. } => Failure::Memory,
            error => Failure::of(&error, self.label),
        })
    }

    /// Refuses config and settings that are out of range, also where config narrows the range of a parameter.
    fn check(&self, processor: &Descriptor) -> Result<(), Failure> {
        let rate = self.spec.sample_rate;
        let refuse = |message: String| Failure::of_parameter(&message, self.label);
        for (row, value) in processor.config.iter().zip(self.config) {
            row.check(None, *value, rate).map_err(|error| refuse(error.to_string()))?;
        }
        for (id, value) in self.settings {
            processor.check_value(*id, *value, &self.spec, self.config).map_err(|error| {
                let place = processor.place(*id, self.config);
                let narrowed = place.is_some_and(|place| place.row.check(None, *value, rate).is_ok());
                refuse(error.to_string() + &if narrowed { limits(processor) } else { String::new() })
            })?;
        }
        Ok(())
    }
}

/// Which config may make a range narrower than the table says.
fn limits(processor: &Descriptor) -> String {
    let counts = |key: &str| processor.params.groups.iter().any(|group| group.count == key);
    let rows: Vec<_> = processor.config.iter().map(|row| row.key).filter(|key| !counts(key)).collect();
    if rows.is_empty() { String::new() } else { format!("; see {}", rows.join(", ")) }
}
