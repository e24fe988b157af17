//! The chain of a master: what shares the load of a loudness, and the search for how much each takes.
//!
//! ```text
//! in --> bus compressor --> gain --> clipper --> limiter --> out
//!              ^             ^          ^
//!              +-------------+----------+--- MasterSearch: least cost that reaches the loudness
//! ```
//!
//! How the search works, and why: docs/design/mastering.md.

mod amount;
mod cost;
mod ends;
mod excerpts;
mod front;
mod in_the_way;
mod motion;
mod plan;
mod search;

pub use amount::{Amount, MAX_CLIPPING_DB, MAX_CLIPPING_RANGE_DB, MasterSteps};
pub use cost::MasterCost;
pub use ends::{Ends, EndsSettings};
pub use excerpts::Excerpts;
pub use front::BusCompression;
pub(super) use front::Front;
pub use in_the_way::{InTheWay, PeakBand};
pub use motion::GainMotion;
pub use plan::MasterPlan;
pub use search::{MasterSearch, MasterStep, Refusal};
