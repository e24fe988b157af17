//! Tools that tests share: noise that repeats, planar audio, random settings within their declared ranges,
//! spectra, and one place to report what was measured.
//!
//! A test takes them in by `mod common;`. Everything random comes from a seed, so a failure repeats.
#![allow(clippy::allow_attributes, dead_code, unused_imports, reason = "no test uses all of it")]

pub(crate) mod audio;
pub(crate) mod depth;
pub(crate) mod entry;
pub(crate) mod exercise;
pub(crate) mod level;
pub(crate) mod random;
pub(crate) mod report;
pub(crate) mod script;
pub(crate) mod settings;
pub(crate) mod spectrum;
pub(crate) mod trees;
pub(crate) mod voices;

pub(crate) use audio::{Audio, Cut};
pub(crate) use entry::Entry;
pub(crate) use random::{Random, seed_of};
pub(crate) use report::{Bound, measured, report};
pub(crate) use settings::Case;
