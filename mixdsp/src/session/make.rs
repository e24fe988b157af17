//! Inserts of a session as recipes.

use std::format;
use std::string::ToString;
use std::vec::Vec;

use serde::Deserialize as _;

use crate::base::spec::Spec;
use crate::engine::kind::ResponseAt;
use crate::engine::processor::Processor as _;
use crate::files::SessionError;
use crate::host::recipe::{Listens, Recipe, RecipeError, Value};
use crate::session::format::{Insert, wrong};

/// The recipe of an insert.
fn recipe_of(insert: &Insert) -> Result<Recipe, RecipeError> {
    let table = toml::Value::try_from(insert).map_err(|error| RecipeError::new("", error))?;
    Recipe::read(&Value::deserialize(table).map_err(|error| RecipeError::new("", error.message()))?)
}

/// The inserts of a strip as a chain. `place` stands at the head of errors.
pub(super) fn chain_of(inserts: &[Insert], place: &str) -> Result<Recipe, SessionError> {
    if inserts.len() > 255 {
        return wrong(place, format!("{} inserts; at most 255 are possible", inserts.len()));
    }
    let each = inserts.iter().enumerate();
    let recipes = each.map(|(at, insert)| {
        recipe_of(insert).or_else(|error| wrong(format!("{place}: inserts[{at}] ({})", insert.kind), error))
    });
    Ok(Recipe::chain(recipes.collect::<Result<Vec<_>, _>>()?))
}

/// What an insert does to a steady sine of each frequency, in decibels; `None` when it is not a filter.
///
/// # Errors
/// [`SessionError::Session`] for an insert that cannot be made.
pub fn response_db(
    insert: &Insert,
    sample_rate: f64,
    frequencies_hz: &[f64],
) -> Result<Option<Vec<f64>>, SessionError> {
    let built = recipe_of(insert)
        .and_then(|recipe| recipe.build::<f64>(Spec::new(sample_rate, 2), Listens::All, Vec::new()));
    let unit = built.or_else(|error| wrong(&insert.kind, error.to_string()))?;
    let decibels = |hz: &f64| {
        let response = unit.response(*hz, ResponseAt::Settled)?;
        Some(crate::base::units::gain_to_decibels(libm::hypot(response.re, response.im)))
    };
    Ok(frequencies_hz.iter().map(decibels).collect())
}
