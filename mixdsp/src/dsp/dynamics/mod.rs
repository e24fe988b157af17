//! Floor 4: what processors of dynamics share.
//!
//! ```text
//! detector         what is listened to, through a filter; peak or root mean square
//! fixed_gain       reductions in decibels as whole numbers
//! loudness_match   as loud after as before
//! ```

pub(crate) mod detector;
pub(crate) mod fixed_gain;
pub(crate) mod loudness_match;
