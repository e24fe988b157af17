//! Reverb: depth.

mod absorption;
mod diffuser;
mod hadamard;
mod lengths;
mod network;
mod ring;
mod swing;
mod unit;

pub use unit::{Reverb, ReverbConfig, ReverbCore, ReverbKind, ReverbParams};
