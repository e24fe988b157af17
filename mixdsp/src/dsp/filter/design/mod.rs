//! Floor 4: design of second-order sections, in f64.
//!
//! ```text
//! Prototype (shape, frequency, q, gain)  --matched-->   Svf (five numbers)   equalizers: the analogue curve
//!                                        --bilinear-->  Svf                  crossovers: exact all-pass sums
//! ```
//!
//! The analogue prototypes are those of R. Bristow-Johnson's Audio EQ Cookbook; they are the definition of
//! every curve, and [`Prototype::response`] returns it. A digital section cannot repeat it exactly, because
//! its magnitude has to be level at half the sample rate. The plain bilinear transform squeezes the whole
//! axis, so a bell at 15 kHz comes out up to 10 dB wrong at 44.1 kHz. [`matched`] instead fits the magnitude
//! up to 20 kHz and is wrong by 0.2 dB there; see its documentation for the measured table.
//!
//! Which one to take: `matched` wherever someone looks at or listens to the curve, `bilinear` wherever two
//! filters have to add up, because sums such as low-pass plus high-pass equals all-pass survive the bilinear
//! transform and no fit.
//!
//! All sections come out as [`Svf`], the five numbers of a trapezoidal state-variable filter, which is stable
//! for any positive `g` and `k`, even when they change at every sample.

mod bilinear;
mod butterworth;
mod fit;
mod matched;
mod prototype;
mod svf;

pub use bilinear::bilinear;
pub use butterworth::{Pass, butterworth, butterworth_q};
pub use matched::matched;
pub use prototype::{Prototype, Shape};
pub use svf::Svf;
