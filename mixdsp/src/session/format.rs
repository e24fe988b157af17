//! The session file: a mix and its delivery as TOML that people can read and edit. `docs/sessions.md` has an example of
//! every part.
//!
//! ```toml
//! version = 2
//! sample_rate = 48000
//!
//! [target]
//! loudness_lufs = -14.0
//! max_limiting_db = 9.0
//!
//! [[tracks]]
//! name = "Vocal"
//! gain_db = -3.0
//! pan = 0.1
//! clips = [{ file = "vocal.wav", offset_seconds = 4.0 }]
//!
//! [[tracks.inserts]]
//! processor = "equalizer"
//! bands = [{ kind = "high_pass", frequency_hz = 90.0 }]
//!
//! [[tracks.sends]]
//! to = "Room"
//! gain_db = -16.0
//!
//! [[tracks.automation]]
//! parameter = "gain_db"
//! points = [[0.0, -3.0], [12.5, 0.0]]
//!
//! [[buses]]
//! name = "Room"
//! inserts = [{ processor = "reverb", mix = 1.0 }]
//! ```
//!
//! An insert is a [`Recipe`]: a processor with its values beside it, or a chain, parallel paths, mid and side, left and
//! right, bands, a delta. Version 1 had processors alone, as `kind` with tables `config` and `params`; that is read, here
//! as everywhere. Automation names `gain_db`, `trim_db`, `pan`, `mute`, `sends.NAME.gain_db`, or parameters of inserts by
//! number, `inserts[0].bands[1].gain_db`, counted from 0, or by the name of the insert, `comp.threshold_db`; its points are
//! seconds and values, joined by straight lines.

use std::borrow::ToOwned;
use std::path::Path;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, fs};

use serde::{Deserialize, Serialize};

use crate::files::{AsideFile, BitDepth, SessionError};
use crate::host::recipe::{Recipe, Value};
use crate::host::{
    Amount, EndsSettings, LoudnessGoal, MAX_CLIPPING_DB, MAX_LIMITING_DB, MasterLimiter, MasterSteps, Target,
};

/// The version that is written, and the last one that is read; the first is 1.
pub const SESSION_VERSION: u32 = 2;

/// A mix and its delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Version of the form: [`SESSION_VERSION`], whatever the one was that it was read from.
    pub version: u32,
    /// Rate at which everything is mixed, 8000 to 384000 Hz.
    pub sample_rate: u32,
    /// What is delivered.
    #[serde(default)]
    pub target: Goal,
    /// The tracks.
    #[serde(default)]
    pub tracks: Vec<Track>,
    /// The buses.
    #[serde(default)]
    pub buses: Vec<Bus>,
    /// Groups of tracks and buses that one fader moves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// The master: the fader of the mix, and what runs between mix and limiter.
    #[serde(default)]
    pub master: Master,
}

/// What is delivered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Goal {
    /// The key of the [`Target`] that the numbers are from, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Integrated loudness, -70 to 0 LUFS.
    pub loudness_lufs: f64,
    /// Highest true peak, -40 to 0 dBTP.
    pub true_peak_dbtp: f64,
    /// The most limiting that the loudness may take, 0 to 60 dB: the 99th percentile of the limiter's reduction
    /// over what the loudness hears. See [`Limiting`](crate::host::Limiting).
    pub max_limiting_db: f64,
    /// The most clipping that it may take, 0 to 24 dB, counted alike.
    #[serde(skip_serializing_if = "is_max_clipping")]
    pub max_clipping_db: f64,
    /// Which limiter: `offline` or `streaming`.
    #[serde(skip_serializing_if = "is_offline")]
    pub limiter: MasterLimiter,
    /// What shares the load with the limiter: `auto`, `off`, or decibels.
    #[serde(skip_serializing_if = "is_default")]
    pub chain: MasterSteps,
    /// What is cut off both ends, and how they fade.
    #[serde(skip_serializing_if = "is_default")]
    pub ends: EndsSettings,
    /// Rate of the master in Hz; as the session when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_rate: Option<u32>,
    /// `16`, `24` or `32f`.
    pub bits: String,
}

impl Default for Goal {
    fn default() -> Self {
        let bits = "24".to_owned();
        Self {
            name: None,
            loudness_lufs: -14.0,
            true_peak_dbtp: -1.0,
            max_limiting_db: MAX_LIMITING_DB,
            max_clipping_db: MAX_CLIPPING_DB,
            limiter: MasterLimiter::default(),
            chain: MasterSteps::default(),
            ends: EndsSettings::default(),
            sample_rate: None,
            bits,
        }
    }
}

impl Goal {
    /// What the loudness is to be, and what it may take.
    pub fn loudness(&self) -> LoudnessGoal {
        LoudnessGoal {
            loudness_lufs: self.loudness_lufs,
            true_peak_dbtp: self.true_peak_dbtp,
            max_limiting_db: self.max_limiting_db,
            max_clipping_db: self.max_clipping_db,
            limits: true,
        }
    }

    /// What a platform asks for, as 24 bits at the session's rate.
    pub fn of(target: &Target) -> Self {
        Self {
            name: Some(target.key.to_owned()),
            loudness_lufs: target.loudness_lufs,
            true_peak_dbtp: target.true_peak_dbtp,
            ..Self::default()
        }
    }

    /// Takes over what is asked for; the rest stays. With another loudness or ceiling it has another name, or none.
    pub fn take(&mut self, asked: &AskedGoal) {
        if asked.loudness_lufs.is_some() || asked.true_peak_dbtp.is_some() {
            self.name.clone_from(&asked.name);
        }
        self.loudness_lufs = asked.loudness_lufs.unwrap_or(self.loudness_lufs);
        self.true_peak_dbtp = asked.true_peak_dbtp.unwrap_or(self.true_peak_dbtp);
        self.max_limiting_db = asked.max_limiting_db.unwrap_or(self.max_limiting_db);
        self.max_clipping_db = asked.max_clipping_db.unwrap_or(self.max_clipping_db);
        self.limiter = asked.limiter.unwrap_or(self.limiter);
        self.chain.compression_db = asked.compression_db.unwrap_or(self.chain.compression_db);
        self.chain.clipping_over_db = asked.clipping_over_db.unwrap_or(self.chain.clipping_over_db);
        self.ends = asked.ends.unwrap_or(self.ends);
        self.sample_rate = asked.sample_rate.or(self.sample_rate);
        if let Some(bits) = &asked.bits {
            self.bits.clone_from(bits);
        }
    }

    /// How samples are stored.
    ///
    /// # Errors
    /// [`SessionError::Session`] for anything but `16`, `24` and `32f`.
    pub fn depth(&self) -> Result<BitDepth, SessionError> {
        match self.bits.as_str() {
            "16" => Ok(BitDepth::Int16),
            "24" => Ok(BitDepth::Int24),
            "32f" => Ok(BitDepth::Float32),
            other => wrong("target", format!("bits = {other:?} is none of \"16\", \"24\", \"32f\"")),
        }
    }
}

/// What a person asks of a delivery in place of what the session says; see [`Goal`].
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "the fields of a goal")]
pub struct AskedGoal {
    pub name: Option<String>,
    pub loudness_lufs: Option<f64>,
    pub true_peak_dbtp: Option<f64>,
    pub max_limiting_db: Option<f64>,
    pub max_clipping_db: Option<f64>,
    pub limiter: Option<MasterLimiter>,
    pub compression_db: Option<Amount>,
    pub clipping_over_db: Option<Amount>,
    pub ends: Option<EndsSettings>,
    pub sample_rate: Option<u32>,
    pub bits: Option<String>,
}

/// One source of sound and its strip.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Track {
    /// Its name, unlike that of any other track or bus.
    pub name: String,
    /// Why it is as it is, a line for each decision: for people, shown by the report.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Level at which it joins, -96 to 24 dB.
    pub gain_db: f64,
    /// From -1, left, to 1, right.
    pub pan: f64,
    /// Silences it.
    #[serde(skip_serializing_if = "is_off")]
    pub mute: bool,
    /// Silences every track that is not soloed.
    #[serde(skip_serializing_if = "is_off")]
    pub solo: bool,
    /// Level before the inserts, -96 to 24 dB.
    #[serde(skip_serializing_if = "is_zero")]
    pub trim_db: f64,
    /// Turns the polarity round.
    #[serde(skip_serializing_if = "is_off")]
    pub invert_polarity: bool,
    /// The bus that it goes to; the master when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The track or bus that its inserts listen to: those that name a key, or, where none does, all that can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its sound.
    pub clips: Vec<Clip>,
    /// What shapes it, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inserts: Vec<Recipe>,
    /// Where else it goes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sends: Vec<Send>,
    /// What moves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub automation: Vec<Automation>,
}

/// A place where sounds meet: a group or an effect.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bus {
    /// Its name, unlike that of any other track or bus.
    pub name: String,
    /// Why it is as it is, a line for each decision: for people, shown by the report.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Level at which it joins, -96 to 24 dB.
    pub gain_db: f64,
    /// From -1, left, to 1, right.
    pub pan: f64,
    /// Silences it.
    #[serde(skip_serializing_if = "is_off")]
    pub mute: bool,
    /// Level before the inserts, -96 to 24 dB.
    #[serde(skip_serializing_if = "is_zero")]
    pub trim_db: f64,
    /// The bus that it goes to; the master when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The track or bus that its inserts listen to: those that name a key, or, where none does, all that can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What shapes it, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inserts: Vec<Recipe>,
    /// Where else it goes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sends: Vec<Send>,
    /// What moves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub automation: Vec<Automation>,
}

/// A file on a track.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clip {
    /// The file; relative to the session's folder.
    pub file: String,
    /// When it begins, 0 s or later; to the nearest frame.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub offset_seconds: f64,
    /// Its level, -96 to 24 dB.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub gain_db: f64,
}

/// A way to a bus beside the output.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// The bus.
    pub to: String,
    /// Level, -96 to 24 dB.
    #[serde(default)]
    pub gain_db: f64,
    /// Whether it stays when the fader moves.
    #[serde(default, skip_serializing_if = "is_off")]
    pub pre_fader: bool,
}

/// One parameter that moves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Automation {
    /// Which: see the head of this file.
    pub parameter: String,
    /// Seconds and values, the seconds rising.
    pub points: Vec<[f64; 2]>,
}

/// Strips whose faders move together, as by a VCA: its gain is added to theirs in decibels, their automation included.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name: for people and for errors.
    pub name: String,
    /// The tracks and buses, by name.
    pub members: Vec<String>,
    /// What is added to the level of each, -96 to 24 dB.
    #[serde(default)]
    pub gain_db: f64,
    /// Silences all of them.
    #[serde(default, skip_serializing_if = "is_off")]
    pub mute: bool,
    /// How its fader moves: of `gain_db`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub automation: Vec<Automation>,
}

/// The fader of the mix, and the chain between mix and limiter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Master {
    /// Why it is as it is, a line for each decision: for people, shown by the report.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Level of the mix before the inserts, -96 to 24 dB.
    pub gain_db: f64,
    /// Level behind the inserts, -96 to 24 dB.
    #[serde(skip_serializing_if = "is_zero")]
    pub output_gain_db: f64,
    /// What runs on the whole mix before it is limited, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inserts: Vec<Recipe>,
    /// What moves: `gain_db`, `output_gain_db`, `inserts[0]...` of the chain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub automation: Vec<Automation>,
}

fn is_off(value: &bool) -> bool {
    !value
}

fn is_max_clipping(db: &f64) -> bool {
    *db == MAX_CLIPPING_DB
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_offline(value: &MasterLimiter) -> bool {
    *value == MasterLimiter::Offline
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// The error of a session, with its place.
pub(super) fn wrong<R>(place: impl ToString, reason: impl ToString) -> Result<R, SessionError> {
    Err(SessionError::Session { place: place.to_string(), reason: reason.to_string() })
}

/// Only the version, whatever else there is.
#[derive(Deserialize)]
struct Version {
    version: Option<toml::Value>,
}

/// Refuses the first insert that is none, by its strip.
fn check_inserts(session: &toml::Table) -> Result<(), SessionError> {
    let strips = |key: &'static str, what: &'static str| {
        let list = session.get(key).and_then(toml::Value::as_array).into_iter().flatten();
        list.filter_map(toml::Value::as_table).map(move |strip| {
            let name = strip.get("name").and_then(toml::Value::as_str).unwrap_or_default();
            (format!("{what} {name:?}"), strip)
        })
    };
    let master = session.get("master").and_then(toml::Value::as_table);
    let master = master.map(|master| ("master".to_owned(), master));
    for (place, strip) in strips("tracks", "track").chain(strips("buses", "bus")).chain(master) {
        let inserts = strip.get("inserts").and_then(toml::Value::as_array).into_iter().flatten();
        for (at, insert) in inserts.enumerate() {
            let Ok(value) = Value::deserialize(insert.clone()) else { continue };
            if let Err(error) = Recipe::read(&value) {
                let what = ["processor", "kind"].iter().find_map(|key| value.get(key)?.text());
                let what = what.map_or_else(String::new, |what| format!(" ({what})"));
                return wrong(format!("{place}: inserts[{at}]{what}"), error);
            }
        }
    }
    Ok(())
}

impl Session {
    /// An empty session.
    pub fn new(sample_rate: u32) -> Self {
        let (target, master) = (Goal::default(), Master::default());
        let (tracks, buses, groups) = (Vec::new(), Vec::new(), Vec::new());
        Self { version: SESSION_VERSION, sample_rate, target, tracks, buses, groups, master }
    }

    /// Reads a session; `place` stands at the head of errors. Files are not looked for yet.
    ///
    /// # Errors
    /// [`SessionError::Session`]: another version, TOML that is none, a key that does not exist.
    pub fn parse(text: &str, place: &str) -> Result<Self, SessionError> {
        let refuse = |error: toml::de::Error| {
            let line = error.span().map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
            let message = error.message().lines().collect::<Vec<_>>().join(" ");
            match line {
                Some(line) => wrong(format!("{place}, line {line}"), message),
                None => wrong(place, message),
            }
        };
        // The version first: what follows may be unknown in another one.
        match toml::from_str::<Version>(text) {
            Err(error) => return refuse(error),
            Ok(Version { version: Some(toml::Value::Integer(version)) }) => {
                if !(1..=i64::from(SESSION_VERSION)).contains(&version) {
                    let reason = format!("version {version} of sessions; 1 to {SESSION_VERSION} are read");
                    return wrong(place, reason);
                }
            }
            Ok(_) => return wrong(place, format!("no line version = {SESSION_VERSION}")),
        }
        match toml::from_str::<Self>(text) {
            Ok(session) => Ok(Self { version: SESSION_VERSION, ..session }),
            Err(error) => {
                // What is wrong with an insert is told by its strip, not by its line.
                toml::from_str::<toml::Table>(text).map_or(Ok(()), |table| check_inserts(&table))?;
                refuse(error)
            }
        }
    }

    /// The session as plain values.
    ///
    /// # Errors
    /// [`SessionError::Session`] for a value that no form holds.
    pub fn to_value(&self) -> Result<Value, SessionError> {
        let table = toml::Value::try_from(self).or_else(|error| wrong("session", error))?;
        Value::deserialize(table).or_else(|error| wrong("session", error.message()))
    }

    /// The session that plain values tell of.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn from_value(value: &Value) -> Result<Self, SessionError> {
        let text = toml::to_string(value).or_else(|error| wrong("session", error))?;
        Self::parse(&text, "session")
    }

    /// Reads a session file.
    ///
    /// # Errors
    /// [`SessionError::NotFound`], [`SessionError::Read`], and as [`parse`](Self::parse).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, SessionError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => SessionError::NotFound { path: path.to_owned() },
            _ => SessionError::Read { path: path.to_owned(), source: source.into() },
        })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// The files that it reads, clip by clip, then what inserts are built with; they lie in `folder`.
    pub fn files<'a>(&'a self, folder: &'a Path) -> impl Iterator<Item = std::path::PathBuf> + 'a {
        let clips = self.tracks.iter().flat_map(|track| &track.clips).map(|clip| clip.file.as_str());
        let tracks = self.tracks.iter().flat_map(|track| &track.inserts);
        let buses = self.buses.iter().flat_map(|bus| &bus.inserts);
        let inserts = tracks.chain(buses).chain(&self.master.inserts);
        clips.chain(inserts.flat_map(Recipe::files)).map(move |file| folder.join(file))
    }

    /// The session as text.
    ///
    /// # Errors
    /// [`SessionError::Session`] for a value that TOML cannot hold.
    pub fn to_toml(&self) -> Result<String, SessionError> {
        toml::to_string(self).or_else(|error| wrong("session", error))
    }

    /// Writes the session aside and gives it its name when it is whole.
    ///
    /// # Errors
    /// [`SessionError::Write`], and as [`to_toml`](Self::to_toml).
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), SessionError> {
        use std::io::Write as _;
        let text = self.to_toml()?;
        let path = path.as_ref();
        let mut file = AsideFile::create(path)?;
        let written = file.write_all(text.as_bytes());
        written.map_err(|source| SessionError::Write { path: path.to_owned(), source: source.into() })?;
        file.finish()
    }
}
