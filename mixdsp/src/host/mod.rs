//! Floor 8: what runs processors for people: the mixer, targets of loudness, normalise, the search for a loudness, the
//! pass that it asks for, offline limiting, the limit of limiting, and tone match (feature `fft`).

#[cfg(feature = "alloc")]
pub mod automation;
#[cfg(feature = "host")]
mod chain;
mod destinations;
#[cfg(feature = "alloc")]
mod limiting;
#[cfg(feature = "alloc")]
mod loudness_search;
#[cfg(feature = "alloc")]
mod masking;
#[cfg(feature = "alloc")]
mod master;
#[cfg(feature = "alloc")]
mod master_limiter;
#[cfg(feature = "alloc")]
mod master_pass;
#[cfg(feature = "alloc")]
mod max_limiting;
#[cfg(feature = "host")]
pub mod mix_recipe;
#[cfg(feature = "alloc")]
mod mixer;
mod normalise;
#[cfg(feature = "alloc")]
mod offline_limiter;
#[cfg(feature = "alloc")]
mod part_of_block;
#[cfg(feature = "fft")]
mod premaster;
#[cfg(feature = "alloc")]
pub mod recipe;
mod targets;
#[cfg(feature = "alloc")]
mod threads;
#[cfg(feature = "fft")]
mod tone;
#[cfg(feature = "alloc")]
mod traced;

#[cfg(feature = "host")]
pub use chain::{BoxedProcessor, Chain};
pub use destinations::{Container, DESTINATIONS, Destination};
#[cfg(feature = "alloc")]
pub use limiting::Limiting;
#[cfg(feature = "alloc")]
pub use loudness_search::{
    LOUDNESS_RANGE_LUFS, LoudnessGoal, LoudnessSearch, MET_LU, PassResult, Step, TRUE_PEAK_RANGE_DBTP,
};
#[cfg(feature = "alloc")]
pub use masking::Masking;
#[cfg(feature = "alloc")]
pub use master::{
    Amount, BusCompression, Ends, EndsSettings, Excerpts, GainMotion, InTheWay, MAX_CLIPPING_DB,
    MAX_CLIPPING_RANGE_DB, MasterCost, MasterPlan, MasterSearch, MasterStep, MasterSteps, PeakBand, Refusal,
};
#[cfg(feature = "alloc")]
pub use master_limiter::{MasterLimiter, reduction_db};
#[cfg(feature = "alloc")]
pub use master_pass::{MasterPass, PassMeasures, PassSettings};
#[cfg(feature = "alloc")]
pub use max_limiting::{
    LimitSearch, MAX_LIMITING_DB, MAX_LIMITING_RANGE_DB, TooMuchLimiting, WARNED_LIMITING_DB, is_refused,
    limiting_warning,
};
#[cfg(feature = "alloc")]
pub use mixer::{Inserts, MASTER_FRAMES, MixError, Mixer, NodeId, Part, SendId, Sources};
pub use normalise::{Approach, normalise_db};
#[cfg(feature = "alloc")]
pub use offline_limiter::OfflineLimiter;
#[cfg(feature = "fft")]
pub use premaster::{Premaster, PremasterMeter};
pub use targets::{Evidence, Playback, TARGETS, Target};
#[cfg(feature = "fft")]
pub use tone::{Tone, ToneMatch, ToneMeter, ToneOptions};
