//! Inserts of a session: as a chain, and what they do to the spectrum.

use std::format;
use std::vec::Vec;

use crate::base::spec::Spec;
use crate::engine::kind::ResponseAt;
use crate::engine::processor::Processor as _;
use crate::files::SessionError;
use crate::host::recipe::{Listens, Recipe};
use crate::session::format::wrong;

/// The inserts of a strip as a chain. `place` stands at the head of errors.
pub(super) fn chain_of(inserts: &[Recipe], place: &str) -> Result<Recipe, SessionError> {
    if inserts.len() > 255 {
        return wrong(place, format!("{} inserts; at most 255 are possible", inserts.len()));
    }
    Ok(Recipe::chain(inserts.to_vec()))
}

/// What an insert does to a steady sine of each frequency, in decibels; `None` when it is not a filter.
///
/// # Errors
/// [`SessionError::Session`] for an insert that cannot be made.
pub fn response_db(
    insert: &Recipe,
    sample_rate: f64,
    frequencies_hz: &[f64],
) -> Result<Option<Vec<f64>>, SessionError> {
    let built = insert.build::<f64>(Spec::new(sample_rate, 2), Listens::All, Vec::new());
    let unit = built.or_else(|error| wrong(insert.kind(), error))?;
    let decibels = |hz: &f64| {
        let response = unit.response(*hz, ResponseAt::Settled)?;
        Some(crate::base::units::gain_to_decibels(libm::hypot(response.re, response.im)))
    };
    Ok(frequencies_hz.iter().map(decibels).collect())
}
