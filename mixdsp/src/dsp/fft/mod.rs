//! Floor 4: Fourier transforms, and convolution by them. Feature `fft`.
//!
//! What uses them allocates when it is built (the plan of a transform and its scratch), and never after.

pub(crate) mod convolver;
pub(crate) mod linear_taps;
pub(crate) mod transform;

pub use crate::base::fft_plan::{Plan, RustFft};
pub(crate) use convolver::{Convolver, Memory, Sizes};
pub(crate) use transform::{Transform, bins};
