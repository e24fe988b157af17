//! Reverb: depth.

mod absorption;
mod diffuser;
mod hadamard;
mod lengths;
mod network;
mod unit;

pub use unit::{Reverb, ReverbConfig, ReverbCore, ReverbKind, ReverbParams};
