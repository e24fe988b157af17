//! Meters.

mod histogram;
mod layout;
mod loudness;
mod measures;
mod peaks;
mod serial;

pub use histogram::{energy, integrated, loudness, range};
pub use layout::{Layout, Speaker};
pub use loudness::{
    LoudnessConfig, LoudnessCore, LoudnessKind, LoudnessMeter, LoudnessParams, LoudnessReadings, TruePeak,
};
pub use measures::{ChannelMeasures, History, Peak};
