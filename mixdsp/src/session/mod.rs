//! Floor 7: files. Feature `session`, needs std.
//!
//! ```text
//! file -> AudioFile -> Resampled -> (mix, master) -> Resampler -> WavWriter -> file
//!         decode        one rate                    delivery      written aside,
//!         and trim      for all                     rate          then renamed
//! ```
//!
//! Everything streams: a decoder holds a few packets, a resampler a few blocks, a writer one block.
//! All of it is [`Send`], so that files can be decoded on as many threads as there are cores.
//!
//! * [`AudioFile`] decodes WAV, FLAC, MP3, Ogg Vorbis and AAC in MP4, trimmed to the frames that were
//!   encoded: the same take aligns to the sample in every format.
//! * [`Resampler`] (pushed) and [`Resampled`] (pulled) change the rate without delay.
//! * [`WavWriter`] and [`AsideFile`] write so that a file is there whole or not at all.
//! * [`check_outputs`] keeps outputs from inputs, and from what is there, before any work.
//! * [`SessionError`] is the one error type.

mod automation;
mod deliver;
mod format;
mod make;
mod passes;
mod render;
mod rough_mix;
mod route;
mod stems;

pub use crate::files::{
    Aside, AsideFile, AudioFile, AudioInfo, AudioStream, BitDepth, FileFormat, InputFile, MAX_CHANNELS,
    MAX_SAMPLE_RATE, MIN_SAMPLE_RATE, OutputFile, Real, Resampled, Resampler, SessionError, WRITTEN_ENDINGS,
    WavWriter, check_ending, check_outputs, resampled_frames,
};
pub use deliver::{Delivered, REPORT_SECONDS, deliver};
pub use format::{Automation, Bus, Clip, Goal, Insert, Master, SESSION_VERSION, Send, Session, Track};
pub use make::response_db;
pub use render::{LONGEST_TAIL, Render, RenderOptions, RenderSeconds, TrackReport};
pub use rough_mix::{Role, Stem, listen, rough_mix};
