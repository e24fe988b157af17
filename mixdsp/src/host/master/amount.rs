//! How much a step of a master takes: searched, pinned, or left out.

use alloc::format;
use alloc::string::String;
use core::fmt;
use core::ops::RangeInclusive;

/// The most clipping of a master that says nothing else: 3 dB at the 99th percentile.
pub const MAX_CLIPPING_DB: f64 = 3.0;
/// What the most may be set to, in dB.
pub const MAX_CLIPPING_RANGE_DB: RangeInclusive<f64> = 0.0..=24.0;

/// How much a step takes. On a command line and in a session: `auto`, `off`, or a number of decibels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Given", into = "Given")
)]
pub enum Amount {
    /// As much as costs least.
    #[default]
    Auto,
    /// Nothing: the step is left out.
    Off,
    /// So many decibels.
    Pinned(f64),
}

impl Amount {
    /// `auto`, `off`, or a number.
    ///
    /// # Errors
    /// What would work, for anything else.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "off" => Ok(Self::Off),
            _ => match text.parse::<f64>() {
                Ok(db) if db.is_finite() => Ok(Self::Pinned(db)),
                _ => Err(format!("{text:?} is none of \"auto\", \"off\" and a number of decibels")),
            },
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Off => f.write_str("off"),
            Self::Pinned(db) => write!(f, "{db}"),
        }
    }
}

/// An amount as files have it.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum Given {
    Db(f64),
    Word(String),
}

#[cfg(feature = "serde")]
impl TryFrom<Given> for Amount {
    type Error = String;

    fn try_from(given: Given) -> Result<Self, String> {
        match given {
            Given::Db(db) if db.is_finite() => Ok(Self::Pinned(db)),
            Given::Db(db) => Err(format!("{db} is no number of decibels")),
            Given::Word(word) => Self::parse(&word),
        }
    }
}

#[cfg(feature = "serde")]
impl From<Amount> for Given {
    fn from(amount: Amount) -> Self {
        match amount {
            Amount::Pinned(db) => Self::Db(db),
            word => Self::Word(format!("{word}")),
        }
    }
}

/// What stands before the limiter of a master, and how much each of it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, default)
)]
pub struct MasterSteps {
    /// Bus compression: about so many decibels where the programme is loud, 0 to 6.
    pub compression_db: Amount,
    /// The clipper takes what is more than so many decibels over the ceiling, 0 to 12.
    pub clipping_over_db: Amount,
}

impl MasterSteps {
    /// A gain and a limiter, and nothing else.
    pub const LIMITER_ALONE: Self = Self { compression_db: Amount::Off, clipping_over_db: Amount::Off };
    /// What bus compression may be pinned to, in dB.
    pub const COMPRESSION_RANGE_DB: RangeInclusive<f64> = 0.0..=6.0;
    /// What a clipper may be pinned to, in dB over the ceiling.
    pub const CLIPPING_RANGE_DB: RangeInclusive<f64> = 0.0..=12.0;

    /// Refuses what is out of its range.
    ///
    /// # Errors
    /// [`Error::Range`](crate::Error::Range), which names the field, its value and its range.
    pub fn check(&self) -> Result<(), crate::base::error::Error> {
        for (key, amount, range) in [
            ("compression_db", self.compression_db, Self::COMPRESSION_RANGE_DB),
            ("clipping_over_db", self.clipping_over_db, Self::CLIPPING_RANGE_DB),
        ] {
            if let Amount::Pinned(value) = amount
                && !range.contains(&value)
            {
                let (minimum, maximum) = (*range.start(), *range.end());
                return Err(crate::base::error::Error::Range {
                    key,
                    item: None,
                    value,
                    minimum,
                    maximum,
                    unit: "dB",
                    choices: &[],
                });
            }
        }
        Ok(())
    }
}
