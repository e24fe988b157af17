//! A unit of either sample type, for the thread that owns it.

use mixdsp::engine::kind::ResponseAt;
use mixdsp::{Error, Id, Processor};

/// The unit itself.
pub(crate) enum Running<'a> {
    F32(&'a mut dyn Processor<f32>),
    F64(&'a mut dyn Processor<f64>),
}

/// Does something with a unit of either sample type.
macro_rules! either {
    ($running:expr, $unit:ident => $act:expr) => {
        match $running {
            Running::F32($unit) => $act,
            Running::F64($unit) => $act,
        }
    };
}

impl Running<'_> {
    /// The same for a while.
    pub(crate) fn lend(&mut self) -> Running<'_> {
        match self {
            Self::F32(unit) => Running::F32(*unit),
            Self::F64(unit) => Running::F64(*unit),
        }
    }

    pub(crate) fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
        either!(self, unit => unit.set(id, value))
    }

    pub(crate) fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
        either!(self, unit => unit.glide(id, target, frames))
    }

    pub(crate) fn get(&self, id: Id) -> Option<f64> {
        either!(self, unit => unit.get(id))
    }

    pub(crate) fn sanitized_samples(&self) -> u64 {
        either!(self, unit => unit.sanitized_samples())
    }

    /// Real and imaginary part.
    pub(crate) fn response(&self, frequency_hz: f64, at: ResponseAt) -> Option<(f64, f64)> {
        let response = either!(self, unit => unit.response(frequency_hz, at));
        response.map(|response| (response.re, response.im))
    }

    pub(crate) fn static_curve_db(&self, level_db: f64) -> Option<f64> {
        either!(self, unit => unit.static_curve_db(level_db))
    }

    pub(crate) fn latency(&self) -> usize {
        either!(self, unit => unit.latency())
    }

    pub(crate) fn tail(&self) -> Option<usize> {
        either!(self, unit => unit.tail())
    }

    pub(crate) fn reset(&mut self) {
        either!(self, unit => unit.reset());
    }
}
