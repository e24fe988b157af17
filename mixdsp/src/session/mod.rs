//! Floor 10: sessions: a mix and its delivery, as a file that people can read and edit. Feature `session`, needs std.
//!
//! ```text
//! stems --> rough_mix --> Session <-> TOML
//!                            |
//!                            +--> Render --> mix --> deliver --> master
//! ```
//!
//! * [`Session`] names tracks, buses, groups, sends, inserts, automation, the master's chain and the target, as TOML.
//! * [`rough_mix`] makes one from stems alone, for a person to start from.
//! * [`Render`] decodes the stems and mixes them offline, to the sample and to the bit, on all cores.
//! * [`deliver`] makes a mix a master of the loudness that was asked for, and tells what that took.
//!
//! What is wrong with a session is a [`SessionError`](crate::files::SessionError) that names its place.

mod chain;
mod deliver;
mod format;
mod make;
mod measure;
mod passes;
mod render;
mod rough_mix;
mod route;
mod stems;

pub use deliver::{Delivered, deliver};
pub use format::{Automation, Bus, Clip, Goal, Group, Master, SESSION_VERSION, Send, Session, Track};
pub use make::response_db;
pub use measure::REPORT_SECONDS;
pub use render::{LONGEST_TAIL, Render, RenderOptions, TrackReport};
pub use rough_mix::{Role, Stem, listen, rough_mix};
pub use stems::Clips;
