//! Floor 3: what a processor's file implements, the unit that keeps the contracts for it, and the trait that everything
//! which runs has.

pub(crate) mod automation;
pub(crate) mod declare;
pub mod interleaved;
pub mod kind;
pub mod preset;
pub mod processor;
pub mod unit;
