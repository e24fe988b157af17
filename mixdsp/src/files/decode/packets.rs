//! Packets of coded audio: what gives them, and how the decoder library is called.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::string::ToString;

use symphonia::core::errors::Error;
use symphonia::core::packet::Packet;

use super::source::Fault;

/// Packets of one track, each with the number of its first frame.
pub(super) trait Packets: Send {
    fn next(&mut self) -> Result<Option<(Packet, i64)>, Fault>;

    /// Goes to a packet early enough to decode `frame` exactly.
    fn seek(&mut self, frame: u64) -> Result<(), Fault>;
}

/// Runs code of the decoder library, which may panic on what no encoder wrote.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Fault> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Fault::from),
        Err(_) => Err(Fault::Damaged("the decoder gave up on it".to_string())),
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::IoError(error) => error.into(),
            Error::DecodeError(reason) | Error::LimitError(reason) => Self::Damaged(reason.to_string()),
            Error::Unsupported(what) => Self::Unsupported(what.to_string()),
            Error::ResetRequired => Self::Unsupported("several streams joined in one file".to_string()),
            error => Self::Damaged(error.to_string()),
        }
    }
}

/// A frame's number, beyond the end of any file where it does not fit.
pub(super) fn signed(frame: u64) -> i64 {
    i64::try_from(frame).unwrap_or(i64::MAX)
}
