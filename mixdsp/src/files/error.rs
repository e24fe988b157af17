//! What can go wrong between a file and the samples in it, each as one clear line.

use crate::host::Refusal;
use std::boxed::Box;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::string::String;
use std::sync::Arc;

/// Why a file could not be read, decoded, resampled or written.
///
/// `Display` gives one line that names the file, the reason and, where it applies, the time in seconds.
/// Control characters in a file's name are shown escaped, so that it stays one line.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SessionError {
    /// There is no such file.
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// The system refused to open or read the file.
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// The file is not in any of the formats that are decoded.
    NotAudio {
        /// The file.
        path: PathBuf,
        /// What it looks like instead.
        found: String,
    },
    /// The file is audio, but of a kind that is not decoded.
    Unsupported {
        /// The file.
        path: PathBuf,
        /// The feature that is missing.
        what: String,
    },
    /// The data makes no sense from some time on.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Time of the first sample that could not be decoded, in seconds; `None` for damage in the header.
        at_seconds: Option<f64>,
        /// What is wrong.
        reason: String,
    },
    /// The data ends before the length that the file states.
    Truncated {
        /// The file.
        path: PathBuf,
        /// Time at which the data ends, in seconds.
        at_seconds: f64,
        /// Length that the file states, in seconds, where it does.
        stated_seconds: Option<f64>,
    },
    /// A sample is NaN or infinite.
    NonFinite {
        /// The file.
        path: PathBuf,
        /// Channel of the first such sample, counted from 0.
        channel: usize,
        /// Time of the first such sample, in seconds.
        at_seconds: f64,
        /// The sample.
        value: f32,
    },
    /// The system refused to write the file. Nothing is left of it.
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// An output would replace an input, or another output. Nothing was written.
    Harm {
        /// The output.
        path: PathBuf,
        /// What it would replace, and the way out.
        reason: String,
    },
    /// An output is there already, and replacing it was not asked for. Nothing was written.
    Exists {
        /// The first such output.
        path: PathBuf,
        /// How many more there are.
        others: usize,
    },
    /// No such file is written. Nothing was.
    Ending {
        /// The output.
        path: PathBuf,
    },
    /// A file of this kind cannot hold what was asked for. Nothing was written.
    Depth {
        /// The output.
        path: PathBuf,
        /// What it cannot hold, and the way out.
        reason: &'static str,
    },
    /// A parameter is out of its range.
    OutOfRange {
        /// The parameter.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The least value allowed.
        minimum: f64,
        /// The greatest value allowed.
        maximum: f64,
    },
    /// A block does not have the stream's channels, or its channels differ in length.
    Shape {
        /// What was counted: `channels` or `frames`.
        name: &'static str,
        /// The number expected.
        expected: usize,
        /// The number given.
        given: usize,
    },
    /// A session that cannot be used.
    Session {
        /// Where: the file, the track, the insert.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// The loudness that was asked for takes more limiting than is allowed. Nothing is written.
    TooMuchLimiting(Box<Refusal>),
    /// Whoever was told of the progress ended the work. Nothing is written.
    Interrupted,
    /// No resampler could be built between two rates.
    Resample {
        /// Rate of the input in Hz.
        input_rate: u32,
        /// Rate of the output in Hz.
        output_rate: u32,
        /// What the resampler said.
        reason: String,
    },
}

/// A path on one line.
pub(crate) struct OneLine<'a>(pub(crate) &'a Path);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for c in self.0.to_string_lossy().chars() {
            if c.is_control() {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { path } => write!(f, "{}: no such file", OneLine(path)),
            Self::Read { path, source } => write!(f, "{}: cannot be read: {source}", OneLine(path)),
            Self::NotAudio { path, found } => write!(f, "{}: no audio in it: {found}", OneLine(path)),
            Self::Unsupported { path, what } => write!(f, "{}: not supported: {what}", OneLine(path)),
            Self::Damaged { path, at_seconds: Some(at), reason } => {
                write!(f, "{}: damaged at {at:.3} s: {reason}", OneLine(path))
            }
            Self::Damaged { path, at_seconds: None, reason } => {
                write!(f, "{}: damaged: {reason}", OneLine(path))
            }
            Self::Truncated { path, at_seconds, stated_seconds: Some(stated) } => {
                write!(f, "{}: truncated: ends at {at_seconds:.3} s of {stated:.3} s", OneLine(path))
            }
            Self::Truncated { path, at_seconds, stated_seconds: None } => {
                write!(f, "{}: truncated: ends at {at_seconds:.3} s without an end mark", OneLine(path))
            }
            Self::NonFinite { path, channel, at_seconds, value } => {
                let channel = channel + 1;
                write!(f, "{}: sample is {value} at {at_seconds:.6} s in channel {channel}", OneLine(path))
            }
            Self::Write { path, source } => {
                write!(f, "{}: cannot be written: {source}", OneLine(path))
            }
            Self::Harm { path, reason } => write!(f, "{}: {reason}", OneLine(path)),
            Self::Exists { path, others: 0 } => write!(f, "{}: the file exists", OneLine(path)),
            Self::Exists { path, others } => {
                write!(f, "{}: the file exists, and {others} more of the outputs do", OneLine(path))
            }
            Self::Ending { path } => {
                let ending = path.extension().unwrap_or_default().to_string_lossy();
                write!(
                    f,
                    "{}: .{} is not written, only .wav, .flac and .aiff are",
                    OneLine(path),
                    OneLine(Path::new(&*ending))
                )
            }
            Self::Depth { path, reason } => write!(f, "{}: {reason}", OneLine(path)),
            Self::OutOfRange { name, value, minimum, maximum } => {
                write!(f, "{name} is {value}, must be from {minimum} to {maximum}")
            }
            Self::Shape { name, expected, given } => {
                write!(f, "the block has {given} {name} where {expected} are needed")
            }
            Self::Session { place, reason } => write!(f, "{place}: {reason}"),
            Self::TooMuchLimiting(refused) => write!(f, "{}", refused.limit),
            Self::Interrupted => f.write_str("interrupted"),
            Self::Resample { input_rate, output_rate, reason } => {
                write!(f, "no resampler from {input_rate} Hz to {output_rate} Hz: {reason}")
            }
        }
    }
}

impl std::error::Error for SessionError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write { source, .. } => Some(&**source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn a_name_with_a_line_break_stays_one_line() {
        let error = SessionError::NotFound { path: PathBuf::from("two\nlines.wav") };
        assert_eq!(error.to_string(), "two\\nlines.wav: no such file");
    }

    #[test]
    fn times_have_a_resolution_that_finds_the_place() {
        let path = PathBuf::from("a.flac");
        let error = SessionError::Truncated { path, at_seconds: 1.5, stated_seconds: Some(294.375) };
        assert_eq!(error.to_string(), "a.flac: truncated: ends at 1.500 s of 294.375 s");
    }
}
