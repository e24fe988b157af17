//! Kinds of file that are known by name but not decoded.

/// Kinds of file that a person may well have but that are not decoded.
const OTHERS: [(&[u8], usize, &str); 12] = [
    (b"AIF", 8, "AIFF"),
    (b"caff", 0, "CAF"),
    (b"riff", 0, "Wave64"),
    (b"wvpk", 0, "WavPack"),
    (b"MAC ", 0, "Monkey's Audio"),
    (b"TTA1", 0, "True Audio"),
    (b"DSD ", 0, "DSD"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", 0, "Windows Media"),
    (b"\x1a\x45\xdf\xa3", 0, "Matroska or WebM"),
    (b"OpusHead", 28, "Opus"),
    (b"Speex   ", 28, "Speex"),
    (b"\x7fFLAC", 28, "FLAC in Ogg"),
];

/// The name of a kind that is not decoded, by the first bytes of it.
pub(super) fn name(head: &[u8]) -> Option<&'static str> {
    let at = |bytes: &[u8], offset: usize| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    OTHERS.iter().find(|(magic, offset, _)| at(magic, *offset)).map(|(.., name)| *name)
}
