//! What a master costs, in the terms of what is heard of it.

use core::fmt;

/// What the steps of a master do to a programme.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MasterCost {
    /// Integrated loudness that is reached, in LUFS.
    pub loudness_lufs: f64,
    /// 99th percentile and largest reduction of the limiter, in dB.
    pub limiting_p99_db: f64,
    /// See above.
    pub limiting_max_db: f64,
    /// 99th percentile of what the clipper takes, in dB.
    pub clipping_p99_db: f64,
    /// Share of the frames that are clipped, 0 to 1.
    pub clipped_share: f64,
    /// Root mean square of the gain of compressor and limiter from 0.5 to 10 Hz, in dB.
    pub pumping_db: f64,
    /// The same above 30 Hz.
    pub fast_db: f64,
    /// By how much peaks stand less over the loudness than before, in dB.
    pub crest_lost_db: f64,
}

/// What costs as much as one decibel of pumping: fast motion in dB, and a share of frames that are clipped.
const FAST_DB: f64 = 0.05;
const CLIPPED_SHARE: f64 = 0.02;

impl MasterCost {
    /// One number, as pumping in dB: what the search makes least.
    pub fn total(&self) -> f64 {
        self.pumping_db + self.fast_db / FAST_DB + self.clipped_share / CLIPPED_SHARE
    }

    /// The head of a table of costs.
    pub const TABLE_HEAD: &'static str =
        "  loudness   limiting p99 / max    clipping p99    clipped   pumping   fast motion   crest lost";
}

impl fmt::Display for MasterCost {
    /// A row of the table.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:6.1} LUFS   {:5.1} / {:4.1} dB   {:10.1} dB   {:6.2} %   {:4.2} dB   {:8.3} dB   {:7.1} dB",
            self.loudness_lufs,
            self.limiting_p99_db,
            self.limiting_max_db,
            self.clipping_p99_db,
            100.0 * self.clipped_share,
            self.pumping_db,
            self.fast_db,
            self.crest_lost_db
        )
    }
}
