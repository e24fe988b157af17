//! WAV files whose header does not tell how long the audio is, as a crash or a pipe leaves them.

#![cfg(feature = "session")]

#[path = "common/files.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod files;

use files::{Folder, UNFINISHED, data, decoded, decoded_by_ffmpeg, has_ffmpeg, not_run, piped, reason};
use mixdsp::files::{AudioFile, AudioStream as _};

/// Lengths that programs leave where they do not know them.
const PLACEHOLDERS: [u32; 9] = [
    0,
    u32::MAX,
    0x7fff_f000,
    0x7fff_ff00,
    0x8000_0000,
    0x7fff_ffff - 44,
    u32::MAX - 36,
    0xffff_f000,
    0x7fff_ffff,
];

/// Sample formats: the format tag, bits and channels.
const CODINGS: [(u16, u16, u16); 4] = [(1, 16, 2), (1, 24, 2), (1, 24, 5), (3, 32, 1)];

fn chunk(name: &[u8; 4], length: u32, content: &[u8]) -> Vec<u8> {
    [&name[..], &length.to_le_bytes(), content].concat()
}

/// A format chunk.
fn format(tag: u16, bits: u16, channels: u16) -> Vec<u8> {
    let frame = channels * bits / 8;
    let rate = 48_000_u32;
    let words = [tag.to_le_bytes(), channels.to_le_bytes()].concat();
    let rates = [rate.to_le_bytes(), (rate * u32::from(frame)).to_le_bytes()].concat();
    chunk(b"fmt ", 16, &[&words[..], &rates, &frame.to_le_bytes(), &bits.to_le_bytes()].concat())
}

/// A file with `riff` and `length` in its header, and `samples` and what is `behind` them.
fn wav(riff: u32, fmt: &[u8], length: u32, samples: &[u8], behind: &[u8]) -> Vec<u8> {
    let content = [b"WAVE", fmt, &chunk(b"data", length, samples), behind].concat();
    chunk(b"RIFF", riff, &content)
}

/// Samples that are no chunk and no tag, and finite as floats.
fn samples(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8 & 0x3f).collect()
}

fn notes(path: &std::path::Path) -> Vec<String> {
    AudioFile::open(path).unwrap().notes().to_vec()
}

#[test]
fn a_placeholder_means_to_the_end_of_the_file() {
    let folder = Folder::new("placeholders");
    for (tag, bits, channels) in CODINGS {
        let frame = usize::from(channels * bits / 8);
        let (fmt, audio) = (format(tag, bits, channels), samples(frame * 5000));
        let whole = (audio.len() + 36) as u32;
        let path = folder.write("plain.wav", &wav(whole, &fmt, audio.len() as u32, &audio, b""));
        let expected = decoded(&path).unwrap();
        assert_eq!(expected[0].len(), 5000);
        assert!(notes(&path).is_empty());
        for riff in PLACEHOLDERS.into_iter().chain([8, 4088, whole, 0x7fff_f024, 0x8000_0024]) {
            // A right length is believed whatever the header says of the whole.
            let path = folder.write("riff.wav", &wav(riff, &fmt, audio.len() as u32, &audio, b""));
            assert!(decoded(&path).unwrap() == expected && notes(&path).is_empty(), "{riff:#x}");
            for length in PLACEHOLDERS {
                // Some writers round the placeholder down to whole frames.
                for length in [length, length - length % frame as u32] {
                    let path = folder.write("unknown.wav", &wav(riff, &fmt, length, &audio, b""));
                    let case = format!("{bits} bits in {channels}, RIFF {riff:#x}, data {length:#x}");
                    assert!(decoded(&path).unwrap() == expected, "{case}");
                    assert_eq!(notes(&path), [UNFINISHED], "{case}");
                    assert_eq!(AudioFile::open(&path).unwrap().frames(), Some(5000));
                }
            }
        }
        // What is left of a placeholder for the whole, behind a header of any length.
        let list = chunk(b"LIST", 26, &[b'x'; 26]);
        let long = [&fmt[..], &list].concat();
        for riff in [u32::MAX, 0x7fff_ffff] {
            let path = folder.write("left.wav", &wav(riff, &long, riff - 36 - 34, &audio, b""));
            assert!(decoded(&path).unwrap() == expected && notes(&path) == [UNFINISHED]);
        }
    }
}

#[test]
fn rf64_with_nothing_in_its_ds64_is_read_to_the_end() {
    let folder = Folder::new("rf64");
    let (fmt, audio) = (format(1, 24, 2), samples(6 * 5000));
    let expected = decoded(&folder.write("plain.wav", &wav(0, &fmt, 30_000, &audio, b""))).unwrap();
    for (name, length) in [(b"RF64", u32::MAX), (b"BW64", u32::MAX), (b"RF64", 0)] {
        for (stated, noted) in [(30_000, false), (0, true), (u64::MAX, true), (i64::MAX as u64, true)] {
            let sizes = [0, stated, 0].map(u64::to_le_bytes).concat();
            let chunks = [&chunk(b"ds64", 28, &[&sizes[..], &[0; 4]].concat())[..], &fmt].concat();
            let mut bytes = wav(u32::MAX, &chunks, length, &audio, b"");
            bytes[..4].copy_from_slice(name);
            let path = folder.write("wide.wav", &bytes);
            assert!(decoded(&path).unwrap() == expected, "{length:#x} {stated:#x}");
            assert_eq!(notes(&path) == [UNFINISHED], noted, "{length:#x} {stated:#x}");
        }
    }
}

#[test]
fn a_length_a_little_too_long_is_read_and_any_other_is_a_cut_file() {
    let folder = Folder::new("too-long");
    let (fmt, audio) = (format(1, 16, 2), samples(4 * 48_000));
    let write = |length: u32| folder.write("long.wav", &wav(36 + length, &fmt, length, &audio, b""));
    let expected = decoded(&write(192_000)).unwrap();
    for more in 1..=8 {
        let path = write(192_000 + more);
        assert!(decoded(&path).unwrap() == expected, "{more}");
        let note = format!("the header counts {more} more than the bytes that are there: read to the end");
        assert_eq!(notes(&path), [note]);
    }
    for length in [192_009, 192_012, 384_000, 0x1000_0000, 0x7fff_e000, 0x8000_1000, 0xffff_e000] {
        let stated = f64::from(length / 4) / 48_000.0;
        let expected = format!("truncated: ends at 1.000 s of {stated:.3} s");
        assert_eq!(reason(AudioFile::open(write(length))), expected, "{length:#x}");
    }
}

#[test]
fn a_file_without_audio_is_empty_and_not_unfinished() {
    let folder = Folder::new("empty");
    let fmt = format(1, 16, 2);
    let list = chunk(b"LIST", 5, b"INFO!\0");
    let tag = [&b"TAG"[..], &[b' '; 125]].concat();
    for behind in [&b""[..], &list, &list.repeat(3), &tag, &[&list[..], &tag].concat()] {
        for riff in [36 + behind.len() as u32, 0, 8, u32::MAX] {
            let path = folder.write("empty.wav", &wav(riff, &fmt, 0, b"", behind));
            assert_eq!(AudioFile::open(&path).unwrap().frames(), Some(0), "{behind:?}");
            assert!(notes(&path).is_empty(), "{behind:?}");
        }
    }
    // A chunk that does not fit, or has no name, is audio.
    for audio in [&chunk(b"LIST", 500, &[7; 40])[..], &[0; 400], &chunk(b"\0\0\x01\0", 8, &[0; 8])] {
        let path = folder.write("audio.wav", &wav(36, &fmt, 0, audio, b""));
        assert_eq!(AudioFile::open(&path).unwrap().frames(), Some(audio.len() as u64 / 4));
        assert_eq!(notes(&path), [UNFINISHED]);
    }
}

#[test]
fn what_is_left_out_is_told() {
    let folder = Folder::new("left-out");
    let fmt = format(1, 24, 2);
    let path = folder.write("odd.wav", &wav(0, &fmt, u32::MAX, &samples(6 * 100 + 5), b""));
    assert_eq!(notes(&path), [UNFINISHED, "the last frame has 5 of its 6 bytes and is left out"]);
    assert_eq!(decoded(&path).unwrap()[0].len(), 100);
    let path = folder.write("odd.wav", &wav(0, &fmt, 602, &samples(602), b""));
    assert_eq!(notes(&path), ["the last frame has 2 of its 6 bytes and is left out"]);
    // A recorder that filled the length in now and then, and was cut off.
    let audio = samples(6 * 1000);
    let path = folder.write("early.wav", &wav(636, &fmt, 600, &audio, b""));
    assert_eq!(notes(&path), ["5400 bytes behind the audio are no tag and are left out"]);
    assert_eq!(decoded(&path).unwrap()[0].len(), 100);
}

#[test]
fn what_ffmpeg_and_sox_write_to_a_pipe_is_read_whole() {
    let what = "WAV written to a pipe";
    if !has_ffmpeg(what) {
        return;
    }
    let folder = Folder::new("piped");
    let take = folder.write("take.flac", &data("take.flac"));
    let take = take.to_str().unwrap();
    let raw = piped("ffmpeg", &["-v", "error", "-i", take, "-f", "s16le", "-"], b"").unwrap();
    let sox = ["-t", "s16", "-r", "44100", "-c", "2", "-"];
    let mut compared = 0;
    for coding in ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"] {
        let arguments = ["-v", "error", "-i", take, "-c:a", coding, "-f", "wav", "-"];
        let bytes = piped("ffmpeg", &arguments, b"").unwrap();
        let mut files = vec![("ffmpeg", bytes)];
        if let Some(bits) = ["16", "24", "32"].iter().find(|bits| coding == format!("pcm_s{bits}le")) {
            let arguments = [&sox[..], &["-D", "-b", bits, "-t", "wav", "-"]].concat();
            match piped("sox", &arguments, &raw) {
                Some(bytes) => files.push(("sox", bytes)),
                None => not_run(what, "sox is not installed"),
            }
        }
        for (program, bytes) in files {
            let path = folder.write("piped.wav", &bytes);
            let ours = decoded(&path).unwrap();
            assert_eq!(ours[0].len(), 11_042, "{program} {coding}");
            assert!(ours == decoded_by_ffmpeg(&path, 2), "{program} {coding}");
            assert_eq!(notes(&path), [UNFINISHED], "{program} {coding}");
            compared += 1;
        }
    }
    println!("{compared} files");
}
