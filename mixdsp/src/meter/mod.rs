//! Meters: loudness and true peak ([`LoudnessMeter`]), level with ballistics ([`LevelMeter`]), correlation and
//! balance ([`CorrelationMeter`]).

mod correlation;
mod histogram;
mod layout;
mod level;
mod loudness;
mod measures;
mod peaks;
mod report;
mod serial;
mod state;
mod tables;

pub use correlation::{
    CorrelationMeter, CorrelationMeterCore, CorrelationMeterKind, CorrelationMeterParams,
    CorrelationMeterReadings,
};
pub use histogram::{energy, integrated, loudness, range};
pub use layout::{Layout, Speaker};
pub use level::{LevelMeter, LevelMeterCore, LevelMeterKind, LevelMeterParams, LevelMeterReadings};
pub use loudness::{LoudnessCore, LoudnessKind, LoudnessMeter};
pub use measures::{ChannelMeasures, History, Peak};
pub use tables::{LoudnessConfig, LoudnessParams, LoudnessReadings, TruePeak};
