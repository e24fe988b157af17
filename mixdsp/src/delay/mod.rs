//! Delays: echoes.

mod heads;
mod loops;
mod params;
mod processor;
mod tone;

pub use params::{DelayConfig, DelayParams, DelayReadings, DelaySync};
pub use processor::{Delay, DelayCore, DelayKind};
