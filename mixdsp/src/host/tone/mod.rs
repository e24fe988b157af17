//! Tone match: makes one recording's tonal balance that of others. Feature `fft`.
//!
//! ```text
//! references --> ToneMeter --> Tone --.
//!                                     +--> ToneMatch: curve in dB --> bands of an Equalizer, without latency
//! target ------> ToneMeter --> Tone --'                           `-> taps of a Fir, without latency
//! ```
//!
//! The result is a plain equalizer or a plain filter: it can be saved (a preset; a list of numbers) and applied
//! to other material. It is loudness-neutral, so that before and after compare fairly.

mod curve;
mod fit;
mod grid;
mod meter;
mod taps;

pub use curve::{ToneMatch, ToneOptions};
pub use meter::{Tone, ToneMeter};
