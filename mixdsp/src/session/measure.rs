//! What is measured of a mix: its loudness, and the course of a reduction for the report.

use std::vec::Vec;

use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::files::SessionError;
use crate::processors::loudness_meter::{LoudnessConfig, LoudnessMeter, TruePeak};
use crate::session::format::wrong;

/// Distance of the values of a [`Delivered`](super::Delivered)'s curves, in seconds.
pub const REPORT_SECONDS: f64 = 0.1;

/// A meter of integrated loudness and nothing else.
pub(super) fn loudness_meter<T: Sample>(
    sample_rate: u32,
    channels: usize,
) -> Result<LoudnessMeter<T>, SessionError> {
    meter_with(sample_rate, channels, TruePeak::Off)
}

/// A meter of integrated loudness and true peak.
pub(super) fn meter_with<T: Sample>(
    sample_rate: u32,
    channels: usize,
    true_peak_kernel: TruePeak,
) -> Result<LoudnessMeter<T>, SessionError> {
    let config = LoudnessConfig {
        measure_range: false,
        true_peak_kernel,
        measure_statistics: false,
        ..Default::default()
    };
    LoudnessMeter::new(Spec::new(f64::from(sample_rate), channels), config, ())
        .or_else(|error| wrong("meter", error))
}

/// The largest value of every tenth of a second.
pub(super) struct Curve {
    per_value: f64,
    frames: u64,
    pub(super) values: Vec<f32>,
}

impl Curve {
    pub(super) fn new(sample_rate: u32) -> Self {
        Self { per_value: REPORT_SECONDS * f64::from(sample_rate), frames: 0, values: Vec::new() }
    }

    pub(super) fn add(&mut self, frames: usize, value: f64) {
        let at = (self.frames as f64 / self.per_value) as usize;
        if self.values.len() <= at {
            self.values.resize(at + 1, 0.0);
        }
        self.values[at] = self.values[at].max(value as f32);
        self.frames += frames as u64;
    }
}
