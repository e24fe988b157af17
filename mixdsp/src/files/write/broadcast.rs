//! What Broadcast Wave says of a programme: the chunks `bext` and `iXML`.
//!
//! ```text
//! fmt, bext, data, iXML        bext has a fixed length, so the loudness that is known at the end has its place before
//! ```
//!
//! Source: EBU Tech 3285, Specification of the Broadcast Wave Format, version 2 (2011), with the loudness of EBU R 128;
//! iXML specification 3.0 (Gallery Software).

use std::format;
use std::string::String;
use std::vec::Vec;

use crate::files::{SessionError, check_range};

/// Bytes of the chunk before its coding history.
const FIXED_BYTES: usize = 602;
/// Says that a loudness is not known.
const UNKNOWN: i16 = 0x7fff;

/// The loudness that a file states, each as far as it is known.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct BroadcastLoudness {
    /// Integrated loudness in LUFS.
    pub integrated_lufs: Option<f64>,
    /// Loudness range in LU.
    pub range_lu: Option<f64>,
    /// Largest true peak in dBTP.
    pub true_peak_dbtp: Option<f64>,
    /// Largest momentary loudness in LUFS.
    pub momentary_max_lufs: Option<f64>,
    /// Largest short-term loudness in LUFS.
    pub short_term_max_lufs: Option<f64>,
}

impl BroadcastLoudness {
    fn values(&self) -> [Option<f64>; 5] {
        let Self { integrated_lufs, range_lu, true_peak_dbtp, momentary_max_lufs, short_term_max_lufs } =
            *self;
        [integrated_lufs, range_lu, true_peak_dbtp, momentary_max_lufs, short_term_max_lufs]
    }
}

/// What a Broadcast Wave file says of itself. `bext` holds ASCII, where other letters become `?`; iXML holds them all.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Broadcast {
    /// What the sound is, at most 256 characters.
    pub description: String,
    /// Who made it, at most 32 characters.
    pub originator: String,
    /// A name that no other file of the originator has, at most 32 characters.
    pub originator_reference: String,
    /// The day, as `2026-12-01`, at most 10 characters.
    pub origination_date: String,
    /// The time of the day, as `18:30:00`, at most 8 characters.
    pub origination_time: String,
    /// Frames since midnight at which the sound begins.
    pub time_reference: u64,
    /// What the loudness is.
    pub loudness: BroadcastLoudness,
    /// What became of the sound, a line each: `A=PCM,F=48000,W=24,M=stereo,T=mixdsp`.
    pub coding_history: String,
    /// The project, for iXML.
    pub project: String,
    /// A note, for iXML.
    pub note: String,
}

impl Broadcast {
    /// Refuses what the chunk has no room for.
    pub(super) fn check(&self) -> Result<(), SessionError> {
        for (name, text, most) in [
            ("description", &self.description, 256),
            ("originator", &self.originator, 32),
            ("originator_reference", &self.originator_reference, 32),
            ("origination_date", &self.origination_date, 10),
            ("origination_time", &self.origination_time, 8),
            ("coding_history", &self.coding_history, 65_536),
        ] {
            check_range(name, text.chars().count() as u32, 0, most)?;
        }
        Ok(())
    }

    /// The chunk `bext`, with its name and length.
    pub(super) fn bext(&self) -> Vec<u8> {
        let history = ascii(&self.coding_history, self.coding_history.chars().count());
        let mut content = Vec::with_capacity(FIXED_BYTES + history.len() + 2);
        for (text, length) in [
            (&self.description, 256),
            (&self.originator, 32),
            (&self.originator_reference, 32),
            (&self.origination_date, 10),
            (&self.origination_time, 8),
        ] {
            content.extend_from_slice(&ascii(text, length));
        }
        content.extend_from_slice(&self.time_reference.to_le_bytes());
        content.extend_from_slice(&2_u16.to_le_bytes());
        // No UMID: nothing gives them out here.
        content.extend_from_slice(&[0; 64]);
        for value in self.loudness.values() {
            let hundredths = value.map_or(UNKNOWN, |value| {
                (100.0 * value).round_ties_even().clamp(f64::from(i16::MIN), f64::from(UNKNOWN - 1)) as i16
            });
            content.extend_from_slice(&hundredths.to_le_bytes());
        }
        content.resize(FIXED_BYTES, 0);
        content.extend_from_slice(&history);
        if !history.is_empty() && !history.ends_with(b"\n") {
            content.extend_from_slice(b"\r\n");
        }
        chunk(b"bext", &content)
    }

    /// The chunk `iXML`, with its name and length.
    pub(super) fn ixml(&self, sample_rate: u32, bits: u32, channels: usize) -> Vec<u8> {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<BWFXML>\n");
        let mut element =
            |name: &str, text: &str| out.push_str(&format!("<{name}>{}</{name}>\n", escaped(text)));
        element("IXML_VERSION", "3.01");
        element("PROJECT", &self.project);
        element("NOTE", &self.note);
        out.push_str("<SPEED>\n");
        let mut element =
            |name: &str, text: &str| out.push_str(&format!("<{name}>{}</{name}>\n", escaped(text)));
        element("FILE_SAMPLE_RATE", &format!("{sample_rate}"));
        element("AUDIO_BIT_DEPTH", &format!("{bits}"));
        element("TIMESTAMP_SAMPLE_RATE", &format!("{sample_rate}"));
        element("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", &format!("{}", self.time_reference >> 32));
        element("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", &format!("{}", self.time_reference & 0xffff_ffff));
        out.push_str("</SPEED>\n<LOUDNESS>\n");
        let names = [
            "LOUDNESS_VALUE",
            "LOUDNESS_RANGE",
            "MAX_TRUE_PEAK_LEVEL",
            "MAX_MOMENTARY_LOUDNESS",
            "MAX_SHORT_TERM_LOUDNESS",
        ];
        for (name, value) in names.iter().zip(self.loudness.values()) {
            if let Some(value) = value {
                out.push_str(&format!("<{name}>{value:.2}</{name}>\n"));
            }
        }
        out.push_str("</LOUDNESS>\n<BEXT>\n");
        let mut element =
            |name: &str, text: &str| out.push_str(&format!("<{name}>{}</{name}>\n", escaped(text)));
        element("BWF_DESCRIPTION", &self.description);
        element("BWF_ORIGINATOR", &self.originator);
        element("BWF_ORIGINATOR_REFERENCE", &self.originator_reference);
        element("BWF_ORIGINATION_DATE", &self.origination_date);
        element("BWF_ORIGINATION_TIME", &self.origination_time);
        element("BWF_CODING_HISTORY", &self.coding_history);
        out.push_str(&format!("</BEXT>\n<TRACK_LIST>\n<TRACK_COUNT>{channels}</TRACK_COUNT>\n"));
        for channel in 1..=channels {
            let name = match (channels, channel) {
                (2, 1) => String::from("Left"),
                (2, _) => String::from("Right"),
                (1, _) => String::from("Mono"),
                _ => format!("Channel {channel}"),
            };
            out.push_str(&format!(
                "<TRACK><CHANNEL_INDEX>{channel}</CHANNEL_INDEX><INTERLEAVE_INDEX>{channel}</INTERLEAVE_INDEX><NAME>{name}</NAME></TRACK>\n"
            ));
        }
        out.push_str("</TRACK_LIST>\n</BWFXML>\n");
        chunk(b"iXML", out.as_bytes())
    }
}

/// A text of so many bytes, filled up with zeros.
fn ascii(text: &str, length: usize) -> Vec<u8> {
    let letters = text.chars().map(|letter| if letter.is_ascii() { letter as u8 } else { b'?' });
    let mut bytes: Vec<u8> = letters.take(length).collect();
    bytes.resize(length, 0);
    bytes
}

/// As XML has it; control characters, which it cannot hold, are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\t' => out.push(letter),
            _ if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            _ => out.push(letter),
        }
    }
    out
}

/// A chunk of RIFF, of an even length.
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = name.to_vec();
    bytes.extend_from_slice(&(content.len() as u32).to_le_bytes());
    bytes.extend_from_slice(content);
    if content.len() % 2 == 1 {
        bytes.push(0);
    }
    bytes
}
