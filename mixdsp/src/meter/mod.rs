//! Meters.

mod histogram;
mod layout;
mod loudness;
mod measures;
mod peaks;
mod report;
mod serial;
mod state;
mod tables;

pub use histogram::{energy, integrated, loudness, range};
pub use layout::{Layout, Speaker};
pub use loudness::{LoudnessCore, LoudnessKind, LoudnessMeter};
pub use measures::{ChannelMeasures, History, Peak};
pub use tables::{LoudnessConfig, LoudnessParams, LoudnessReadings, TruePeak};
