//! Delays: echoes.

mod heads;
mod processor;

pub use processor::{Delay, DelayConfig, DelayCore, DelayKind, DelayParams};
