//! The limit of limiting: what is refused, what is warned of, which loudness is left, and the words for it.
//!
//! More gain into a limiter means more reduction. A target is therefore refused as soon as a pass that is too
//! quiet yet takes far too much; [`LimitSearch`] then looks for the gain that takes just as much as is allowed.

use alloc::format;
use alloc::string::String;
use core::fmt;
use core::ops::RangeInclusive;

/// The most limiting of a delivery that says nothing else: 9 dB at the 99th percentile.
pub const MAX_LIMITING_DB: f64 = 9.0;
/// What the most may be set to, in dB.
pub const MAX_LIMITING_RANGE_DB: RangeInclusive<f64> = 0.0..=60.0;
/// Limiting that is warned of when it is exceeded, in dB at the 99th percentile.
pub const WARNED_LIMITING_DB: f64 = 6.0;

/// A pass so far over the limit ends the search for the loudness, in dB.
const FAR_OVER_DB: f64 = 6.0;

/// Whether a pass with so much limiting, in dB at the 99th percentile, means that the loudness is refused:
/// when it is the last one and over the limit, or far over it although it is too quiet yet.
pub fn is_refused(p99_db: f64, max_limiting_db: f64, is_last: bool, is_too_quiet: bool) -> bool {
    let over = p99_db - max_limiting_db;
    over > 0.0 && is_last || over > FAR_OVER_DB && is_too_quiet
}

/// What is said of a delivery with so much limiting, in dB at the 99th percentile; `None` up to
/// [`WARNED_LIMITING_DB`].
pub fn limiting_warning(p99_db: f64) -> Option<String> {
    (p99_db > WARNED_LIMITING_DB).then(|| {
        format!("{p99_db:.1} dB of limiting (99th percentile): more than {WARNED_LIMITING_DB} dB is likely to be heard")
    })
}

/// Why a loudness is refused: the limiter would have to do too much. `Display` is one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TooMuchLimiting {
    /// Integrated loudness that was asked for, in LUFS.
    pub loudness_lufs: f64,
    /// Limiting that it takes at least, in dB at the 99th percentile.
    pub limiting_p99_db: f64,
    /// Limiting that is allowed.
    pub max_limiting_db: f64,
    /// Clipping that it takes, and that is allowed, in dB at the 99th percentile.
    pub clipping_p99_db: f64,
    /// See above.
    pub max_clipping_db: f64,
    /// A loudness that takes no more than that, in whole tenths of LUFS; `None` where there is none.
    pub reachable_lufs: Option<f64>,
}

impl fmt::Display for TooMuchLimiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { loudness_lufs, limiting_p99_db, max_limiting_db, reachable_lufs, .. } = self;
        let Self { clipping_p99_db, max_clipping_db, .. } = self;
        write!(
            f,
            "{loudness_lufs:.1} LUFS would take at least {limiting_p99_db:.1} dB of limiting \
             (99th percentile; at most {max_limiting_db} allowed)"
        )?;
        if *clipping_p99_db > 0.0 {
            write!(f, " and {clipping_p99_db:.1} dB of clipping (at most {max_clipping_db})")?;
        }
        match reachable_lufs {
            Some(lufs) => write!(f, ": {lufs:.1} LUFS is reachable within the limit"),
            None => write!(f, ": no loudness is reachable within the limit"),
        }
    }
}

/// Passes of the search.
const MOST_PASSES: u32 = 12;
/// A pass that takes less than the limit by no more than this ends the search, in dB.
const NEAR_DB: f64 = 0.15;
/// So does this distance of the gains of two passes, one over the limit and one within, in dB.
const NEAR_GAIN_DB: f64 = 0.1;
/// What the search aims at lies so far under the limit, in dB.
const UNDER_DB: f64 = 0.05;
/// What a delivery may be louder than it was asked to be, in LU, with something to spare.
const TOLERANCE_LU: f64 = 0.05;
/// How far the reachable loudness is lowered, at most, in LU.
const MOST_LOWERED_LU: f64 = 10.0;

/// A pass: gain before the limiter, and limiting at the 99th percentile, in dB.
#[derive(Clone, Copy, Debug)]
struct Pass {
    gain_db: f64,
    p99_db: f64,
}

/// Looks for the loudness that takes as much limiting as is allowed, after a pass that took more.
///
/// ```text
/// while let Some(gain) = search.next_gain_db() { make a pass; search.add(..) }
/// while let Some(lufs) = search.reachable_lufs() { deliver at lufs; either it is within the limit, or search.lower() }
/// ```
///
/// A louder delivery may lift quiet parts over the relative gate, and then counts more frames. The percentile
/// can therefore step down where the gain goes up, and what is named must have been tried.
#[derive(Clone, Copy, Debug)]
pub struct LimitSearch {
    max_limiting_db: f64,
    /// The pass over the limit with the least gain, and the one before it.
    over: Pass,
    over_before: Option<Pass>,
    /// The pass within the limit with the most gain, and its loudness.
    within: Option<(Pass, f64)>,
    passes: u32,
    lowered_lu: f64,
}

impl LimitSearch {
    /// Begins at a pass that took too much, by its gain before the limiter and its limiting.
    pub fn new(max_limiting_db: f64, gain_db: f64, p99_db: f64) -> Self {
        let over = Pass { gain_db, p99_db };
        Self { max_limiting_db, over, over_before: None, within: None, passes: 0, lowered_lu: 0.0 }
    }

    /// Gain before the limiter of the next pass, in dB; `None` when no more are needed.
    pub fn next_gain_db(&self) -> Option<f64> {
        let over = self.over;
        let aim = (self.max_limiting_db - UNDER_DB).max(0.0);
        if self.passes == MOST_PASSES {
            return None;
        }
        let Some((within, _)) = self.within else {
            // A decibel less of limiting takes about one less of gain; the last two passes know better.
            let slope = self.over_before.map_or(1.0, |before| {
                ((before.gain_db - over.gain_db) / (before.p99_db - over.p99_db)).clamp(0.5, 8.0)
            });
            let least = UNDER_DB * f64::from(1 << self.passes);
            return Some(over.gain_db - (slope * (over.p99_db - aim)).max(least));
        };
        let between = over.gain_db - within.gain_db;
        // Without any limiting nothing tells how near the limit is.
        let tells = within.p99_db > 0.0;
        if tells && self.max_limiting_db - within.p99_db <= NEAR_DB || between <= NEAR_GAIN_DB {
            return None;
        }
        let share = (aim - within.p99_db) / (over.p99_db - within.p99_db);
        Some(within.gain_db + if tells { share.clamp(0.25, 0.75) } else { 0.5 } * between)
    }

    /// Takes what a pass came to: its gain before the limiter, its limiting, and its loudness in LUFS.
    pub fn add(&mut self, gain_db: f64, p99_db: f64, loudness_lufs: Option<f64>) {
        let pass = Pass { gain_db, p99_db };
        self.passes += 1;
        match loudness_lufs {
            Some(lufs) if p99_db <= self.max_limiting_db => self.within = Some((pass, lufs)),
            _ => (self.over_before, self.over) = (Some(self.over), pass),
        }
    }

    /// The loudness found, rounded down to 0.1 LUFS so that whoever asks for it gets it; `None` when there is
    /// none, or when it was lowered by more than 10 LU.
    pub fn reachable_lufs(&self) -> Option<f64> {
        let (_, loudness) = self.within?;
        let lufs = libm::floor(10.0 * (loudness - TOLERANCE_LU - self.lowered_lu)) / 10.0;
        (lufs >= -70.0 && self.lowered_lu <= MOST_LOWERED_LU).then_some(lufs.min(0.0))
    }

    /// Lowers the loudness found, each time by twice as much: it took too much limiting after all.
    pub fn lower(&mut self) {
        self.lowered_lu = (2.0 * self.lowered_lu).max(0.1);
    }
}
