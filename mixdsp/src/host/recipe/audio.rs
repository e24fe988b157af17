//! What a processor of a recipe is built with: samples, or a file.

use super::RecipeError;
use super::value::Value;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Audio of an asset: samples, or the name of a file that is still to be read.
#[derive(Clone, Debug, PartialEq)]
pub enum Audio {
    /// Channels of samples.
    Samples(Arc<[Vec<f64>]>),
    /// A file.
    File(String),
}

/// Audio as a table has it: the name of a file, a list of samples, or a list of such lists, one for each channel.
pub(super) fn audio(key: &str, given: &Value) -> Result<Audio, RecipeError> {
    let wrong = || RecipeError::new("", format!("{key} is neither a file nor a list of numbers"));
    let samples = |list: &[Value]| -> Option<Vec<f64>> {
        let number = |value: &Value| if let Value::Number(number) = value { Some(*number) } else { None };
        list.iter().map(number).collect()
    };
    match given {
        Value::Text(file) => Ok(Audio::File(file.clone())),
        Value::List(list) if matches!(list.first(), Some(Value::List(_))) => {
            let channels = list.iter().map(|channel| match channel {
                Value::List(list) => samples(list),
                _ => None,
            });
            Ok(Audio::Samples(channels.collect::<Option<Vec<_>>>().ok_or_else(wrong)?.into()))
        }
        Value::List(list) => Ok(Audio::Samples(Arc::from([samples(list).ok_or_else(wrong)?]))),
        _ => Err(wrong()),
    }
}
