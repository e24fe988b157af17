//! Floor 1: what can be wrong with a request. Every message names what was given and what is possible.

use crate::base::id::Id;
use core::fmt;

/// Why a request was refused. Nothing has changed when one of these comes back.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A setting outside its range, or not a number.
    Range {
        /// The setting.
        key: &'static str,
        /// Group and item (`bands`, 3), when the setting is one of a group.
        item: Option<(&'static str, u16)>,
        /// What was asked for.
        value: f64,
        /// Smallest value at this sample rate.
        minimum: f64,
        /// Largest value at this sample rate.
        maximum: f64,
        /// Unit of the values.
        unit: &'static str,
        /// Texts of a choice, by which it is named; empty for other settings.
        choices: &'static [&'static str],
    },
    /// A switch or a choice was given a value between two of its settings.
    NotWhole {
        /// The setting.
        key: &'static str,
        /// Group and item (`bands`, 3), when the setting is one of a group.
        item: Option<(&'static str, u16)>,
        /// What was asked for.
        value: f64,
    },
    /// A switch or a choice cannot follow a line; set it instead.
    NotContinuous {
        /// The setting.
        key: &'static str,
    },
    /// No setting or reading has this id here.
    Unknown {
        /// The id as given.
        id: Id,
    },
    /// A sample rate outside 8 kHz to 384 kHz.
    SampleRate {
        /// What was asked for, in hertz.
        value: f64,
    },
    /// Oversampling to a rate above 384 kHz.
    Oversampling {
        /// What was asked for.
        factor: usize,
        /// The rate before, in hertz.
        sample_rate: f64,
        /// Largest factor possible there.
        largest: usize,
    },
    /// A number of channels that this processor does not take.
    Channels {
        /// `inputs`, `outputs` or `sidechain`.
        what: &'static str,
        /// What was asked for.
        value: usize,
        /// Fewest possible.
        minimum: usize,
        /// Most possible.
        maximum: usize,
    },
    /// Too little storage.
    Memory {
        /// Words of 8 bytes that the unit needs.
        needed: usize,
        /// Words given.
        given: usize,
    },
    /// More or fewer processors than there are places for.
    Members {
        /// Places, such as the bands of a crossover.
        needed: usize,
        /// Processors given.
        given: usize,
    },
    /// A block with too few channels.
    BlockChannels {
        /// `audio` or `key`.
        what: &'static str,
        /// Channels that the spec names.
        needed: usize,
        /// Channels given.
        given: usize,
    },
    /// A block whose channels are not of one length.
    BlockFrames {
        /// Frames of the first channel.
        expected: usize,
        /// Frames of the channel that differs.
        given: usize,
    },
    /// Two meters that measure different things and so cannot be merged.
    Mismatch {
        /// What they differ in.
        what: &'static str,
    },
    /// A slice of bytes that is too short.
    Bytes {
        /// Bytes needed.
        needed: usize,
        /// Bytes given.
        given: usize,
    },
    /// Serialised state that cannot be read.
    Data {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A preset that cannot be read.
    Preset {
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// `gain_db`, or `bands[3].gain_db` in a group.
struct Name(&'static str, Option<(&'static str, u16)>);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some((group, item)) => write!(f, "{group}[{item}].{}", self.0),
            None => f.write_str(self.0),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Error::Range { key, item, value, minimum, maximum, choices, .. } if !choices.is_empty() => {
                let text = |at: f64| choices.get(at as usize).copied().unwrap_or("?");
                write!(f, "{} = {} is not one of ", Name(key, item), text(value))?;
                for at in minimum as usize..=maximum as usize {
                    let comma = if at == minimum as usize { "" } else { ", " };
                    write!(f, "{comma}{}", text(at as f64))?;
                }
                Ok(())
            }
            Error::Range { key, item, value, minimum, maximum, unit, .. } => {
                let space = if unit.is_empty() { "" } else { " " };
                write!(f, "{} = {value} is outside {minimum} to {maximum}{space}{unit}", Name(key, item))?;
                // Shares are meant in percent now and then.
                let percent = unit.is_empty() && maximum == 1.0 && (5.0..=100.0).contains(&value);
                if percent { write!(f, ": {value} % is {}", value / 100.0) } else { Ok(()) }
            }
            Error::NotWhole { key, item, value } => {
                write!(f, "{} = {value} is not a whole number", Name(key, item))
            }
            Error::NotContinuous { key } => {
                write!(f, "{key} has no values in between and cannot glide: set it")
            }
            Error::Unknown { id } => write!(f, "no parameter or reading has the id {:#018x}", id.raw()),
            Error::SampleRate { value } => {
                write!(f, "sample_rate = {value} is outside 8000 to 384000 Hz")
            }
            Error::Oversampling { factor, sample_rate, largest } => {
                let reached = factor as f64 * sample_rate;
                write!(f, "oversampling = {factor} brings {sample_rate} Hz to {reached}, above 384000 Hz: ")?;
                write!(f, "at most {largest} there")
            }
            Error::Channels { what, value, minimum, maximum } if minimum == maximum => {
                write!(f, "{what} = {value}, but it takes {minimum} channels")
            }
            Error::Channels { what, value, minimum, maximum } => {
                write!(f, "{what} = {value} is outside {minimum} to {maximum}")
            }
            Error::Memory { needed, given } => {
                write!(f, "storage of {given} words given, {needed} words of 8 bytes needed")
            }
            Error::Members { needed, given } => {
                write!(f, "{given} processors given, {needed} needed: one for each band")
            }
            Error::BlockChannels { what, needed, given } => {
                write!(f, "{what} block with {given} channels given, {needed} needed")
            }
            Error::BlockFrames { expected, given } => {
                write!(f, "channels of unequal length: {expected} and {given} frames")
            }
            Error::Mismatch { what } => write!(f, "meters with different {what} cannot be merged"),
            Error::Bytes { needed, given } => write!(f, "{given} bytes given, {needed} needed"),
            Error::Data { reason } => write!(f, "serialised state: {reason}"),
            Error::Preset { line, reason } => write!(f, "preset, line {line}: {reason}"),
        }
    }
}

impl core::error::Error for Error {}
