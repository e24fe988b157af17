//! What tests measure, as lines that docs/VALIDATION.md is made from.
//!
//! One file per section lies in `target/validation/<section>.tsv`, in `validation-long` what the wide sweeps measure; a line has four columns between tabs:
//! requirement, bound, measured, oracle. Lines are added at the end, so that tests may run side by side and
//! again: of several lines with one requirement the last is true.

use std::fmt;
use std::fs::{OpenOptions, create_dir_all};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a measured value must keep to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
    /// Exactly this.
    Equals(f64),
    /// The first, give or take the second.
    Within(f64, f64),
}

impl Bound {
    /// Whether a value keeps to it. NaN never does.
    pub(crate) fn holds(&self, value: f64) -> bool {
        match *self {
            Bound::AtMost(bound) => value <= bound,
            Bound::AtLeast(bound) => value >= bound,
            Bound::Equals(bound) => value == bound,
            Bound::Within(middle, reach) => (value - middle).abs() <= reach,
        }
    }

    /// How far a value is from breaking it: the smaller, the worse. NaN is worst.
    pub(crate) fn room(&self, value: f64) -> f64 {
        let room = match *self {
            Bound::AtMost(bound) => bound - value,
            Bound::AtLeast(bound) => value - bound,
            Bound::Equals(bound) => -(value - bound).abs(),
            Bound::Within(middle, reach) => reach - (value - middle).abs(),
        };
        if room.is_nan() { f64::NEG_INFINITY } else { room }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::AtMost(bound) => write!(f, "at most {bound}"),
            Bound::AtLeast(bound) => write!(f, "at least {bound}"),
            Bound::Equals(bound) => write!(f, "exactly {bound}"),
            Bound::Within(middle, reach) => write!(f, "{middle} ± {reach}"),
        }
    }
}

/// A value in few digits: `-131.4`, `0.0003`, `1.2e-12`.
pub(crate) fn short(value: f64) -> String {
    let size = value.abs();
    if value == value.trunc() && size < 1e9 {
        format!("{value}")
    } else if !(1e-4..1e6).contains(&size) {
        format!("{value:.2e}")
    } else {
        let digits = (3 - size.log10().floor() as i32).clamp(1, 7) as usize;
        let text = format!("{value:.digits$}");
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    }
}

fn folder() -> PathBuf {
    // target/tmp is made for tests; what lies beside it is kept until `cargo clean`.
    let temporary = Path::new(option_env!("CARGO_TARGET_TMPDIR").unwrap_or("target/tmp"));
    let is_long = std::env::var("MIXDSP_DEPTH").is_ok_and(|depth| depth == "long");
    temporary.parent().unwrap_or(temporary).join(if is_long { "validation-long" } else { "validation" })
}

/// Adds a line to a section. `oracle` says what the truth was taken from: `theory`, `scipy 1.14`,
/// `EBU Tech 3341`.
pub(crate) fn report(section: &str, requirement: &str, bound: &str, measured: &str, oracle: &str) {
    let cells = [requirement, bound, measured, oracle].map(|cell| cell.replace(['\t', '\n', '\r'], " "));
    let path = folder().join(format!("{section}.tsv"));
    let write = || {
        create_dir_all(folder())?;
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        // in one piece, so that lines of tests side by side do not mix
        file.write_all(format!("{}\n", cells.join("\t")).as_bytes())
    };
    if let Err(error) = write() {
        panic!("cannot report to {}: {error}", path.display());
    }
}

/// Reports a measured value, then asserts that it keeps to its bound.
#[track_caller]
pub(crate) fn measured(section: &str, requirement: &str, bound: Bound, value: f64, unit: &str, oracle: &str) {
    let with_unit = |text: String| if unit.is_empty() { text } else { format!("{text} {unit}") };
    report(section, requirement, &with_unit(bound.to_string()), &with_unit(short(value)), oracle);
    assert!(bound.holds(value), "{section}: {requirement}: measured {value} {unit}, bound {bound} {unit}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_few_digits() {
        let cases = [(-131.42, "-131.4"), (0.00031, "0.00031"), (1.234e-12, "1.23e-12"), (3.0, "3")];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn nan_keeps_to_no_bound() {
        for bound in [Bound::AtMost(1.0), Bound::AtLeast(1.0), Bound::Equals(1.0), Bound::Within(1.0, 1.0)] {
            assert!(!bound.holds(f64::NAN));
            assert_eq!(bound.room(f64::NAN), f64::NEG_INFINITY);
        }
    }
}
