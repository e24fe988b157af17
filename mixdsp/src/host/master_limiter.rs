//! The limiter of a delivery: offline, streaming, or none.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::gain_to_decibels;
use crate::dsp::envelope::UNITY;
use crate::engine::processor::Processor;
use crate::host::offline_limiter::OfflineLimiter;
use crate::host::traced::Traced;
use crate::processors::limiter::{Limiter, LimiterConfig, LimiterParams, LimiterReadings};
use alloc::boxed::Box;

/// Which limiter a delivery has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum MasterLimiter {
    /// The smoothest gain under the ceiling, which only a programme that is known can have: [`OfflineLimiter`].
    #[default]
    Offline,
    /// A [`Limiter`] with its `mastering` preset: what a live chain would do.
    Streaming,
}

impl MasterLimiter {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Offline, Self::Streaming];

    /// The one of a name.
    pub fn find(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limiter| limiter.key() == key)
    }

    /// Its name: `offline`, `streaming`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Streaming => "streaming",
        }
    }
}

/// By how much a gain from 0 to 1 reduces, in dB; that of 0 reads as what the smallest gain has, 181 dB.
pub fn reduction_db(gain: f64) -> f64 {
    if gain == 1.0 { 0.0 } else { -gain_to_decibels(gain.max(1.0 / f64::from(UNITY))) }
}

/// A limiter at work.
#[derive(Debug)]
pub(super) enum Limiting<T: Sample> {
    None,
    Offline(Box<OfflineLimiter<T>>),
    Streaming(Box<Traced<Limiter<T>>>),
}

impl<T: Sample> Limiting<T> {
    pub(super) fn new(spec: Spec, limiter: Option<MasterLimiter>, ceiling_db: f64) -> Result<Self, Error> {
        Ok(match limiter {
            None => Self::None,
            Some(MasterLimiter::Offline) => Self::Offline(Box::new(OfflineLimiter::new(spec, ceiling_db)?)),
            Some(MasterLimiter::Streaming) => {
                let params = LimiterParams { ceiling_db, ..LimiterParams::mastering() };
                let limiter = Limiter::new(spec, LimiterConfig::mastering(), params)?;
                let reading = LimiterReadings::GAIN_REDUCTION_DB.any();
                Self::Streaming(Box::new(Traced::new(limiter, reading)))
            }
        })
    }

    /// Frames by which it delays.
    pub(super) fn latency(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Offline(limiter) => limiter.latency(),
            Self::Streaming(limiter) => limiter.unit.latency(),
        }
    }

    /// The audio ends here.
    pub(super) fn end(&mut self) {
        match self {
            Self::None => {}
            Self::Offline(limiter) => limiter.end(),
            Self::Streaming(limiter) => limiter.unit.end(),
        }
    }

    /// Runs a block in place, and writes the reduction in dB at each of its frames.
    pub(super) fn run(&mut self, audio: &mut [&mut [T]], reduction_db: &mut [f64]) -> Result<(), Error> {
        match self {
            Self::None => reduction_db.fill(0.0),
            Self::Offline(limiter) => {
                limiter.process(audio)?;
                for (reduction_db, gain) in reduction_db.iter_mut().zip(limiter.gains()) {
                    *reduction_db = self::reduction_db(gain.to_f64());
                }
            }
            Self::Streaming(limiter) => limiter.run(audio, reduction_db)?,
        }
        Ok(())
    }
}
