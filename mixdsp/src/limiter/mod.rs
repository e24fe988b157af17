//! The limiter: a ceiling that holds on every common meter. [`Limiter`] says what is guaranteed and what is not.

mod course;
mod detector;
mod gain_path;
mod look_ahead;
mod presets;
mod sizes;
mod tables;

pub use look_ahead::{Limiter, LimiterCore, LimiterKind};
pub use tables::{LimiterConfig, LimiterParams, LimiterReadings};
