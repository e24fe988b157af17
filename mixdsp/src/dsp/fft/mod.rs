//! Floor 4: Fourier transforms, and convolution by them. Feature `fft`.
//!
//! What uses them allocates when it is built (the plan of a transform and its scratch), and never after.

mod alignment;
pub(crate) mod convolver;
pub(crate) mod linear_taps;
mod pair_transform;
mod partition_level;
mod sweep;
pub(crate) mod transform;
mod zero_latency;

pub use crate::base::fft_plan::{Plan, RustFft};
pub use alignment::{Alignment, BandAlignment};
pub(crate) use convolver::{Convolver, Memory, Sizes};
pub(crate) use partition_level::Path;
pub use sweep::Sweep;
pub(crate) use transform::{Transform, bins};
pub(crate) use zero_latency::{Responses, ZeroLatency};
