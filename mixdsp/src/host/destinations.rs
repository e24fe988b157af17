//! Destinations: what a master is made into for a platform or a medium, as dated data with their sources.
//!
//! Loudness and ceiling are those of a [`Target`](super::Target); here stand the file, its rate and its bits.

use crate::host::targets::{Evidence, Target};
use crate::processors::dither::Noise;

/// The kind of file that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// Plain WAV.
    Wav,
    /// WAV with the chunks `bext` and `iXML`.
    BroadcastWave,
    /// FLAC.
    Flac,
}

/// What a master is made into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Destination {
    /// As written in code and on the command line.
    pub key: &'static str,
    /// As shown to people.
    pub name: &'static str,
    /// The [`Target`] whose loudness and ceiling it has; `None` where a medium asks for no loudness.
    pub target: Option<&'static str>,
    /// Ceiling in dBTP where there is no target.
    pub true_peak_dbtp: f64,
    /// The kind of file.
    pub container: Container,
    /// Rates in Hz that are taken as they are; what has another gets the first.
    pub sample_rates: &'static [u32],
    /// Bits of a sample.
    pub bits: u32,
    /// Channels that there must be; `None` for any.
    pub channels: Option<usize>,
    /// The noise of its dither: shaped where 16 bits are the last step.
    pub noise: Noise,
    /// Whether it is cut at sectors of 588 frames, as an album for a disc is.
    pub sectors: bool,
    /// What the row rests on.
    pub evidence: Evidence,
    /// When it was looked up: year and month.
    pub as_of: &'static str,
    /// Where.
    pub source: &'static str,
}

const HIGH_RATES: &[u32] = &[44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/// Every destination.
pub const DESTINATIONS: &[Destination] = &[
    Destination {
        key: "spotify",
        name: "Spotify",
        target: Some("spotify"),
        true_peak_dbtp: -1.0,
        container: Container::Flac,
        sample_rates: HIGH_RATES,
        bits: 24,
        channels: Some(2),
        noise: Noise::White,
        sectors: false,
        evidence: Evidence::Official,
        as_of: "2026-12",
        source: "Spotify for Artists, Audio file formats: FLAC, 44.1 kHz or higher, 16 bit or more, stereo, not downsampled",
    },
    Destination {
        key: "apple",
        name: "Apple Music (Apple Digital Masters)",
        target: Some("apple_music"),
        true_peak_dbtp: -1.0,
        container: Container::Wav,
        sample_rates: HIGH_RATES,
        bits: 24,
        channels: Some(2),
        noise: Noise::White,
        sectors: false,
        evidence: Evidence::Official,
        as_of: "2026-12",
        source: "Apple Digital Masters, technology brief: 24 bit at the native rate, no clipping once encoded",
    },
    Destination {
        key: "cd",
        name: "Compact disc",
        target: None,
        true_peak_dbtp: -0.3,
        container: Container::Wav,
        sample_rates: &[44_100],
        bits: 16,
        channels: Some(2),
        noise: Noise::Shaped,
        sectors: true,
        evidence: Evidence::Official,
        as_of: "2026-12",
        source: "IEC 60908: 44.1 kHz, 16 bit, stereo, sectors of 588 frames; it asks for no loudness, the ceiling is custom",
    },
    Destination {
        key: "broadcast",
        name: "European broadcast",
        target: Some("ebu_r128"),
        true_peak_dbtp: -1.0,
        container: Container::BroadcastWave,
        sample_rates: &[48_000],
        bits: 24,
        channels: None,
        noise: Noise::White,
        sectors: false,
        evidence: Evidence::Official,
        as_of: "2026-12",
        source: "EBU R 128, EBU Tech 3285 version 2 (Broadcast Wave); 48 kHz and 24 bit as broadcasters ask for",
    },
];

impl Destination {
    /// The destination of this key.
    pub fn find(key: &str) -> Option<&'static Destination> {
        DESTINATIONS.iter().find(|destination| destination.key == key)
    }

    /// Its target, where it has one.
    pub fn target(&self) -> Option<&'static Target> {
        self.target.and_then(Target::find)
    }

    /// The rate that a programme of this rate gets.
    pub fn rate_for(&self, sample_rate: u32) -> u32 {
        if self.sample_rates.contains(&sample_rate) { sample_rate } else { self.sample_rates[0] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_name_targets_that_there_are() {
        for row in DESTINATIONS {
            assert_eq!(row.target.is_some(), row.target().is_some(), "{}", row.key);
            assert!(row.target().is_none_or(|target| target.true_peak_dbtp == row.true_peak_dbtp));
            assert!(!row.source.is_empty());
        }
        let cd = Destination::find("cd").unwrap();
        assert_eq!(
            (cd.rate_for(96_000), Destination::find("apple").unwrap().rate_for(96_000)),
            (44_100, 96_000)
        );
    }
}
