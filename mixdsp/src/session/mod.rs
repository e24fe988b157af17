//! Floor 10: sessions: a mix and its delivery, as a file that people can read and edit. Feature `session`, needs std.
//!
//! ```text
//! stems --> rough_mix --> Session <-> TOML
//!                            |
//!                            +--> Render --> mix --> deliver --> master
//!                                              |                    |
//!                                              +--> Report --> page +
//! ```
//!
//! * [`Session`] names tracks, buses, groups, sends, inserts, automation, the master's chain and the target, as TOML.
//! * [`stems_in`] finds the stems of a folder, and [`rough_mix`] makes a session from stems alone, for a person to start
//!   from (feature `fft`).
//! * [`Render`] decodes the stems and mixes them offline, to the sample and to the bit, on all cores; [`mix_down`] writes
//!   that to a file.
//! * [`deliver`] makes a mix a master of the loudness that was asked for, and tells what that took.
//! * `Report` (feature `fft`) makes a page of it, to look at and to listen to.
//!
//! What is wrong with a session is a [`SessionError`](crate::files::SessionError) that names its place.

mod deliver;
mod format;
mod in_the_way;
mod make;
mod measure;
mod mix_down;
mod passes;
mod reductions;
mod render;
#[cfg(feature = "fft")]
mod report;
#[cfg(feature = "fft")]
mod rough_mix;
mod route;
mod stem_files;
mod stem_folder;
mod stems;

pub use deliver::{Delivered, deliver};
pub use format::{
    AskedGoal, Automation, Bus, Clip, Goal, Group, Master, SESSION_VERSION, Send, Session, Track,
};
pub use in_the_way::name_stems;
pub use make::response_db;
pub use measure::REPORT_SECONDS;
pub use mix_down::{MixDown, mix_down};
pub use render::{LONGEST_TAIL, Render, RenderOptions, TrackReport};
#[cfg(feature = "fft")]
pub use report::{Measured, Report, measure};
#[cfg(feature = "fft")]
pub use rough_mix::{Role, Stem, Style, listen, mix_down_rough, roles, rough_mix};
pub use stem_files::{StemFiles, write_stems};
pub use stem_folder::{StemFolder, common_rate, seen_from, stems_in};
pub use stems::Clips;
