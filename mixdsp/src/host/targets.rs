//! Loudness targets: what platforms and standards ask for, as dated data with their sources.
//!
//! Platforms change their minds and do not always publish; each row says what it rests on. A row is a
//! fact of its date, not a promise.

/// What a platform does to a master that is not at its loudness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Playback {
    /// Turns it down when it is louder, leaves it when it is quieter.
    DownOnly,
    /// Turns it down, or up as far as its true peak allows.
    UpToPeak,
    /// Turns it down, or up all the way: its own limiter takes what goes over.
    UpWithLimiter,
    /// Nothing: the delivery itself has to be at the target.
    Delivery,
}

/// Where a statement comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The platform's or the standard's own text.
    Official,
    /// Others who report it; the platform publishes nothing, or not this.
    Reported,
}

/// A loudness target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// As written in code and on the command line.
    pub key: &'static str,
    /// As shown to people.
    pub name: &'static str,
    /// Integrated loudness.
    pub loudness_lufs: f64,
    /// How far a delivery may be off.
    pub tolerance_lu: f64,
    /// Highest true peak.
    pub true_peak_dbtp: f64,
    /// Highest short-term loudness, where there is one.
    pub short_term_maximum_lufs: Option<f64>,
    /// What happens to a master that is not there.
    pub playback: Playback,
    /// What the numbers rest on.
    pub evidence: Evidence,
    /// When they were looked up: year and month.
    pub as_of: &'static str,
    /// Where.
    pub source: &'static str,
}

const fn music(
    key: &'static str,
    name: &'static str,
    loudness_lufs: f64,
    true_peak_dbtp: f64,
    playback: Playback,
    evidence: Evidence,
    source: &'static str,
) -> Target {
    Target {
        key,
        name,
        loudness_lufs,
        tolerance_lu: 1.0,
        true_peak_dbtp,
        short_term_maximum_lufs: None,
        playback,
        evidence,
        as_of: "2026-11",
        source,
    }
}

use Evidence::{Official, Reported};
use Playback::{Delivery, DownOnly, UpToPeak, UpWithLimiter};

/// Every target, streaming first.
pub const TARGETS: &[Target] = &[
    music(
        "spotify",
        "Spotify",
        -14.0,
        -1.0,
        UpToPeak,
        Official,
        "Spotify for Artists, Loudness normalization",
    ),
    Target {
        key: "spotify_loud",
        name: "Spotify (listener's setting Loud)",
        ..music("", "", -11.0, -2.0, UpWithLimiter, Official, "Spotify for Artists, Loudness normalization")
    },
    Target {
        key: "spotify_quiet",
        name: "Spotify (listener's setting Quiet)",
        ..music("", "", -19.0, -1.0, UpToPeak, Official, "Spotify for Artists, Loudness normalization")
    },
    music("apple_music", "Apple Music", -16.0, -1.0, UpToPeak, Reported, "Production Expert, on Sound Check"),
    music("youtube", "YouTube", -14.0, -1.0, DownOnly, Reported, "not published; measured by engineers"),
    music("tidal", "Tidal", -14.0, -1.0, DownOnly, Reported, "MeterPlugs, on Tidal's album normalization"),
    music("amazon_music", "Amazon Music", -14.0, -2.0, DownOnly, Reported, "delivery guides of aggregators"),
    music("deezer", "Deezer", -15.0, -1.0, DownOnly, Reported, "delivery guides of aggregators"),
    music(
        "apple_podcasts",
        "Apple Podcasts",
        -16.0,
        -1.0,
        Delivery,
        Reported,
        "Apple's audio requirements, as cited",
    ),
    music("aes77_music", "AES77 music track", -16.0, -1.0, Delivery, Reported, "AES TD1008, now AES77"),
    music("aes77_speech", "AES77 speech", -18.0, -1.0, Delivery, Reported, "AES TD1008, now AES77"),
    Target {
        key: "ebu_r128",
        name: "EBU R 128",
        tolerance_lu: 0.2,
        ..music("", "", -23.0, -1.0, Delivery, Official, "EBU R 128 and Tech 3343-2023")
    },
    Target {
        key: "ebu_r128_s1",
        name: "EBU R 128 s1, short form",
        tolerance_lu: 0.2,
        short_term_maximum_lufs: Some(-18.0),
        ..music("", "", -23.0, -1.0, Delivery, Official, "EBU R 128 s1 and Tech 3343-2023")
    },
    Target {
        key: "atsc_a85",
        name: "ATSC A/85",
        tolerance_lu: 2.0,
        ..music("", "", -24.0, -2.0, Delivery, Reported, "ATSC A/85, as cited")
    },
];

impl Target {
    /// The target of this key.
    pub fn find(key: &str) -> Option<&'static Target> {
        TARGETS.iter().find(|target| target.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_every_row_names_its_source() {
        for (at, target) in TARGETS.iter().enumerate() {
            assert!(!target.key.is_empty() && !target.source.is_empty());
            assert!(TARGETS[..at].iter().all(|other| other.key != target.key), "{}", target.key);
            assert!((-30.0..=-9.0).contains(&target.loudness_lufs));
        }
    }
}
