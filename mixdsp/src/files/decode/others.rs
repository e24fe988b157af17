//! Kinds of file that are known by name but not decoded.

use std::format;
use std::string::{String, ToString};

use super::mp4_boxes::letters;

/// Kinds of file that a person may well have but that are not decoded: letters, where they stand, the name.
const OTHERS: [(&[u8], usize, &str); 38] = [
    (b"riff", 0, "Wave64"),
    (b"RIFX", 0, "WAV of big-endian numbers (RIFX)"),
    (b"AVI ", 8, "AVI"),
    (b"wvpk", 0, "WavPack"),
    (b"MAC ", 0, "Monkey's Audio"),
    (b"TTA1", 0, "True Audio"),
    (b"TTA2", 0, "True Audio"),
    (b"OFR ", 0, "OptimFROG"),
    (b"ajkg", 0, "Shorten"),
    (b"tBaK", 0, "TAK"),
    (b"MP+", 0, "Musepack"),
    (b"MPCK", 0, "Musepack"),
    (b"DSD ", 0, "DSD"),
    (b"FRM8", 0, "DSD"),
    (b"8SVX", 8, "8SVX"),
    (b".snd", 0, "Sun AU"),
    (b"dns.", 0, "Sun AU"),
    (b"Creative Voice File", 0, "Creative Voice"),
    (b"\x64\xa3", 0, "IRCAM"),
    (b"NIST_1A", 0, "NIST Sphere"),
    (b".SoX", 0, "SoX"),
    (b"XoS.", 0, "SoX"),
    (b"#!AMR", 0, "AMR"),
    (b".RMF", 0, "RealMedia"),
    (b".ra\xfd", 0, "RealAudio"),
    (b"FLV\x01", 0, "Flash video"),
    (b"nut/multimedia container", 0, "NUT"),
    (b"\x0b\x77", 0, "AC-3 or E-AC-3"),
    (b"\x7f\xfe\x80\x01", 0, "DTS"),
    (b"\xf8\x72\x6f", 4, "TrueHD or MLP"),
    (b"\x00\x00\x01\xba", 0, "MPEG programme stream"),
    (b"\x06\x0e\x2b\x34", 0, "MXF"),
    (b"qoaf", 0, "QOA"),
    (b"MThd", 0, "MIDI, which holds notes and no sound"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", 0, "Windows Media"),
    (b"Speex   ", 28, "Speex in Ogg"),
    (b"\x80theora", 28, "Ogg video"),
    (b"\x00\x00\x01\xb3", 0, "MPEG video"),
];
/// Bytes of a packet of an MPEG transport stream, which each begins with a `G`.
const TRANSPORT: usize = 188;

/// The name of a kind that is not decoded, by the first bytes of it.
pub(super) fn name(head: &[u8]) -> Option<&'static str> {
    let at = |bytes: &[u8], offset: usize| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    if (0..3).all(|packet| head.get(packet * TRANSPORT) == Some(&b'G')) {
        return Some("MPEG transport stream");
    }
    OTHERS.iter().find(|(magic, offset, _)| at(magic, *offset)).map(|(.., name)| *name)
}

/// The name of a kind with so short a mark that it counts only where nothing else fits.
pub(super) fn likely(head: &[u8]) -> Option<&'static str> {
    match head {
        [0x56, second, ..] if second & 0xe0 == 0xe0 => Some("AAC in LATM"),
        [0x80, 0, ..] if head.windows(6).any(|letters| letters == b"(c)CRI") => Some("ADX"),
        [0x9c, ..] => Some("SBC"),
        _ => None,
    }
}

/// The name of a coding in AIFC, by the first bytes of the file.
pub(super) fn in_aiff(head: &[u8]) -> Option<String> {
    let common = head.windows(4).position(|letters| letters == b"COMM")?;
    // Behind length, channels, frames, bits and rate.
    let coding = head.get(common + 8 + 18..common + 8 + 22)?.first_chunk::<4>()?;
    let name = match coding {
        b"ima4" => "IMA ADPCM".to_string(),
        b"MAC3" | b"MAC6" => "MACE".to_string(),
        b"GSM " | b"agsm" => "GSM".to_string(),
        b"QDMC" | b"QDM2" => "QDesign Music".to_string(),
        b"dwvw" | b"DWVW" => "DWVW".to_string(),
        b"G722" => "G.722".to_string(),
        coding => format!("coding {}", letters(*coding)),
    };
    Some(format!("{name} in AIFF"))
}
