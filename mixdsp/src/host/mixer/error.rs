//! What a mixer refuses.

use crate::base::error::Error;
use alloc::string::String;
use core::fmt;

/// Why a mixer refused.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum MixError {
    /// A processor refused.
    Processor(Error),
    /// Two tracks or buses of one name.
    NameTaken(String),
    /// Routes lead in a circle through this track or bus.
    Circle(String),
    /// The target of a route is a track: only buses take audio in.
    NotABus(String),
    /// [`Mixer::prepare`](super::Mixer::prepare) was not called since something was added or routed.
    NotPrepared,
    /// As many inputs as tracks are needed, in the order in which the tracks were added.
    Inputs {
        /// Tracks.
        needed: usize,
        /// Inputs given.
        given: usize,
    },
}

impl fmt::Display for MixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MixError::Processor(error) => error.fmt(f),
            MixError::NameTaken(name) => write!(f, "there is a track or bus called {name:?} already"),
            MixError::Circle(name) => write!(f, "routes lead in a circle through {name:?}"),
            MixError::NotABus(name) => write!(f, "{name:?} is a track: only a bus takes audio in"),
            MixError::NotPrepared => f.write_str("the routing changed: call prepare before process"),
            MixError::Inputs { needed, given } => {
                write!(f, "{given} inputs given for {needed} tracks")
            }
        }
    }
}

impl core::error::Error for MixError {}

impl From<Error> for MixError {
    fn from(error: Error) -> Self {
        MixError::Processor(error)
    }
}
