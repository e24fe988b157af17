//! Compact disc: where tracks are cut, what names a recording and a release, and the sheet that says it all.
//!
//! A disc is cut at sectors, 588 frames at 44.1 kHz (IEC 60908). Tracks that were cut anywhere else get up to 13 ms of
//! silence each when they are burned, which is a click where the sound runs on.

use core::ops::Range;
use std::borrow::ToOwned;
use std::format;
use std::string::String;
use std::vec::Vec;

use crate::files::SessionError;

/// Frames of a sector, at 44.1 kHz: 1/75 s.
pub const SECTOR_FRAMES: u64 = 588;
/// The shortest track of a disc in sectors: 4 s.
pub const MIN_TRACK_SECTORS: u64 = 4 * 75;
/// Tracks of a disc.
const MOST_TRACKS: usize = 99;

/// Where a programme is cut whose tracks begin at `starts`, in order, and which ends at `end`: at whole sectors, so
/// that a track has all of its beginning and what is before it stays with the one before. The last is to be filled
/// up with silence.
pub fn sector_cuts(starts: &[u64], end: u64) -> Vec<Range<u64>> {
    let at = |start: &u64| start / SECTOR_FRAMES * SECTOR_FRAMES;
    let ends = starts.iter().skip(1).map(at).chain([end.div_ceil(SECTOR_FRAMES) * SECTOR_FRAMES]);
    starts.iter().map(at).zip(ends).map(|(from, to)| from..to.max(from)).collect()
}

fn refused<T>(name: &str, text: &str, shape: &str) -> Result<T, SessionError> {
    Err(SessionError::Session { place: name.to_owned(), reason: format!("{text:?} is none: {shape}") })
}

/// An ISRC without its hyphens (ISO 3901): two letters, three letters or digits, seven digits.
///
/// # Errors
/// [`SessionError::Session`], which names that shape.
pub fn check_isrc(text: &str) -> Result<String, SessionError> {
    let plain: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let plain = plain.to_ascii_uppercase();
    let bytes = plain.as_bytes();
    let fits = bytes.len() == 12
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..5].iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && bytes[5..].iter().all(u8::is_ascii_digit);
    if fits {
        return Ok(plain);
    }
    let shape =
        "two letters, three letters or digits, two digits of the year and five more, as DE-A12-26-00001";
    refused("ISRC", text, shape)
}

/// The 13 digits of a UPC or EAN; a UPC of 12 digits gets a 0 in front.
///
/// # Errors
/// [`SessionError::Session`] where there are not 12 or 13 digits, or the last is not the sum of the others.
pub fn check_upc(text: &str) -> Result<String, SessionError> {
    let digits: Vec<u32> =
        text.chars().filter(|c| !matches!(c, '-' | ' ')).filter_map(|c| c.to_digit(10)).collect();
    let others = text.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '-' | ' '));
    if others || !matches!(digits.len(), 12 | 13) {
        return refused("UPC", text, "12 digits, or 13 of an EAN");
    }
    let whole: Vec<u32> = core::iter::repeat_n(0, 13 - digits.len()).chain(digits).collect();
    let sum: u32 =
        whole[..12].iter().enumerate().map(|(at, digit)| digit * if at % 2 == 1 { 3 } else { 1 }).sum();
    let check = (10 - sum % 10) % 10;
    if whole[12] != check {
        return refused("UPC", text, &format!("its last digit must be {check} for the others"));
    }
    Ok(whole.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect())
}

/// What a cue sheet says of a disc.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CueSheet {
    /// Who plays.
    pub performer: String,
    /// The title of the release.
    pub title: String,
    /// Its UPC or EAN.
    pub upc: Option<String>,
    /// The tracks.
    pub tracks: Vec<CueTrack>,
}

/// What it says of a track, which is a file of its own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CueTrack {
    /// The name of the file.
    pub file: String,
    /// Who plays.
    pub performer: String,
    /// What.
    pub title: String,
    /// Its ISRC.
    pub isrc: Option<String>,
}

impl CueSheet {
    /// The sheet as text.
    ///
    /// # Errors
    /// [`SessionError::Session`] for more than 99 tracks or none, and as [`check_isrc`] and [`check_upc`].
    pub fn text(&self) -> Result<String, SessionError> {
        if self.tracks.is_empty() || self.tracks.len() > MOST_TRACKS {
            let reason = format!("{} tracks; a disc has 1 to {MOST_TRACKS}", self.tracks.len());
            return Err(SessionError::Session { place: "cue sheet".to_owned(), reason });
        }
        let mut out = String::new();
        if let Some(upc) = &self.upc {
            out.push_str(&format!("CATALOG {}\n", check_upc(upc)?));
        }
        let named = |out: &mut String, indent: &str, name: &str, text: &str| {
            if !text.is_empty() {
                out.push_str(&format!("{indent}{name} {}\n", quoted(text)));
            }
        };
        named(&mut out, "", "PERFORMER", &self.performer);
        named(&mut out, "", "TITLE", &self.title);
        for (number, track) in (1..).zip(&self.tracks) {
            let ending = track.file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
            let kind = if matches!(&*ending, "aif" | "aiff" | "aifc") { "AIFF" } else { "WAVE" };
            out.push_str(&format!("FILE {} {kind}\n  TRACK {number:02} AUDIO\n", quoted(&track.file)));
            named(&mut out, "    ", "TITLE", &track.title);
            named(&mut out, "    ", "PERFORMER", &track.performer);
            if let Some(isrc) = &track.isrc {
                out.push_str(&format!("    ISRC {}\n", check_isrc(isrc)?));
            }
            out.push_str("    INDEX 01 00:00:00\n");
        }
        Ok(out)
    }
}

/// In quotes, of which a sheet knows no other: one line, and quotes within become single ones.
fn quoted(text: &str) -> String {
    let clean = |c: char| match c {
        '"' => '\'',
        c if c.is_control() => ' ',
        c => c,
    };
    format!("\"{}\"", text.chars().map(clean).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString as _;
    use std::vec;

    #[test]
    fn tracks_are_cut_at_sectors_and_nothing_is_lost_between_them() {
        let cuts = sector_cuts(&[0, 1_000, 1_175, 1_176, 100_000], 123_456);
        assert_eq!(cuts, [0..588, 588..588, 588..1_176, 1_176..99_960, 99_960..123_480]);
        for pair in cuts.windows(2) {
            assert_eq!(pair[0].end, pair[1].start);
        }
        assert_eq!(sector_cuts(&[0], 588), vec![0..588]);
    }

    #[test]
    fn numbers_that_are_none_are_refused_with_their_shape() {
        assert_eq!(check_isrc("us-s1z-99-00001").unwrap(), "USS1Z9900001");
        for wrong in ["", "US-S1Z-99-0001", "1SS1Z9900001", "USS1Z99000O1", "USS1Z99000011", "ÜSS1Z9900001"]
        {
            let said = check_isrc(wrong).unwrap_err().to_string();
            assert!(said.contains("two letters, three letters or digits"), "{said}");
        }
        // The examples of GS1.
        assert_eq!(check_upc("6 14141 00003 6").unwrap(), "0614141000036");
        assert_eq!(check_upc("4006381333931").unwrap(), "4006381333931");
        assert!(check_upc("4006381333930").unwrap_err().to_string().contains("must be 1"));
        assert!(check_upc("12345").unwrap_err().to_string().contains("12 digits"));
        assert!(check_upc("40063813339x1").is_err());
    }

    #[test]
    fn a_sheet_is_one_line_each() {
        let track = CueTrack { file: "01 A \"B\".wav".into(), title: "A\nB".into(), ..Default::default() };
        let sheet = CueSheet { tracks: vec![track], ..Default::default() };
        let text = sheet.text().unwrap();
        assert_eq!(
            text,
            "FILE \"01 A 'B'.wav\" WAVE\n  TRACK 01 AUDIO\n    TITLE \"A B\"\n    INDEX 01 00:00:00\n"
        );
        assert!(CueSheet::default().text().unwrap_err().to_string().contains("0 tracks"));
    }
}
