//! Floor 4: what processors of dynamics share.
//!
//! ```text
//! detector         what is listened to, through a filter; peak or root mean square
//! peaks            how loud that is, frame by frame
//! trigger          on above one level, off under another
//! fixed_gain       reductions in decibels as whole numbers
//! gain_path        from what a rule asks for to channels that are turned down
//! factors          a factor per frame
//! switched         the same by as much or not at all: gate, ducker
//! rest_gain        what a slow gain leaves over a ceiling
//! latest           a reading at each of the latest frames
//! loudness_match   as loud after as before
//! ```

pub(crate) mod ceiling_gain;
pub(crate) mod detector;
pub(crate) mod factors;
pub(crate) mod fixed_gain;
pub(crate) mod gain_path;
pub(crate) mod latest;
pub(crate) mod loudness_match;
pub(crate) mod peaks;
pub(crate) mod rest_gain;
pub mod switched;
pub(crate) mod trigger;
