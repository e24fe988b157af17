//! The limiter: a ceiling that holds on every common meter.

mod detector;
mod gain_path;
mod look_ahead;
mod presets;

pub use look_ahead::{Limiter, LimiterConfig, LimiterCore, LimiterKind, LimiterParams, LimiterReadings};
