//! Where the audio of a file ends: behind it may stand a tag, rubbish, or another file.

#![cfg(feature = "session")]

#[path = "common/files.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod files;

use std::path::Path;

use files::{Folder, data, decoded, decoded_by_ffmpeg, has_ffmpeg, next, piped, reason};
use mixdsp::files::{AudioFile, AudioStream as _};

const FILES: [&str; 10] = [
    "take.flac",
    "long.flac",
    "take.mp3",
    "take_untagged.mp3",
    "long.mp3",
    "take.ogg",
    "long.ogg",
    "take.m4a",
    "long.m4a",
    "take_fragments.m4a",
];

/// A tag of APE with one item of `bytes`, with or without a header.
fn ape(bytes: usize, header: bool) -> Vec<u8> {
    let item = [&(bytes as u32).to_le_bytes()[..], &[0; 4], b"Title\0", &vec![0xfb; bytes]].concat();
    let frame = |flags: u32| {
        let words = [2000, item.len() as u32 + 32, 1, flags].map(u32::to_le_bytes).concat();
        [b"APETAGEX", &words[..], &[0; 8]].concat()
    };
    let flags = u32::from(header) << 31;
    let head = if header { frame(flags | 1 << 29) } else { Vec::new() };
    [head, item.clone(), frame(flags)].concat()
}

fn id3v1() -> Vec<u8> {
    [&b"TAG"[..], &[b'x'; 125]].concat()
}

/// What programs put behind audio, and whether it is a tag.
fn tails() -> Vec<(&'static str, Vec<u8>, bool)> {
    let noise =
        |count: usize| (0..count).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 & 0x7f).collect();
    let id3v2 = [&b"ID3\x04\0\0\0\0\x07\x68"[..], &[1; 1000]].concat();
    let lyrics = [&b"LYRICSBEGININD0000200"[..], b"000021LYRICS200"].concat();
    vec![
        ("ID3v1", id3v1(), true),
        ("APE", ape(3000, true), true),
        ("APE without a header", ape(70_000, false), true),
        ("APE and ID3v1", [ape(50, true), id3v1()].concat(), true),
        ("Lyrics3 and ID3v1", [lyrics, id3v1()].concat(), true),
        ("ID3v2", id3v2.clone(), true),
        ("ID3v2 and ID3v1", [id3v2, id3v1()].concat(), true),
        ("a line break", b"\n".to_vec(), false),
        ("two bytes", b"\r\n".to_vec(), false),
        ("text", b"downloaded from nowhere\n".to_vec(), false),
        ("a zero", vec![0], false),
        ("zeros", vec![0; 100_000], false),
        ("seven zeros", vec![0; 7], false),
        ("noise", noise(5000), false),
        ("much noise", noise(300_000), false),
        ("noise and ID3v1", [noise(100), id3v1()].concat(), false),
    ]
}

fn notes(path: &Path) -> Vec<String> {
    AudioFile::open(path).unwrap().notes().to_vec()
}

/// FLAC whose header does not state its length.
fn unknown(name: &str) -> Vec<u8> {
    let mut bytes = data(name);
    bytes[21] &= 0xf0;
    bytes[22..26].fill(0);
    bytes
}

#[test]
fn what_stands_behind_the_audio_costs_none_of_it() {
    let folder = Folder::new("behind");
    let mut files: Vec<(String, Vec<u8>)> = FILES.iter().map(|name| (name.to_string(), data(name))).collect();
    files.extend(["take.flac", "long.flac"].map(|name| (format!("unknown length {name}"), unknown(name))));
    let head =
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\xd0\x07\0\0";
    for (name, behind) in [("a.wav", &b""[..]), ("b.wav", b"LIST\x05\0\0\0INFO!\0")] {
        files.push((name.to_string(), [&head[..], &[5; 2000], behind].concat()));
    }
    for (name, bytes) in files {
        let path = folder.write("plain", &bytes);
        let expected = decoded(&path).unwrap();
        let info = AudioFile::open(&path).unwrap().info();
        assert!(notes(&path).is_empty(), "{name}: {:?}", notes(&path));
        for (what, tail, is_tag) in tails() {
            let path = folder.write("tailed", &[&bytes[..], &tail].concat());
            let ours = decoded(&path).unwrap_or_else(|error| panic!("{name} and {what}: {error}"));
            assert!(ours == expected, "{name} and {what}: {} frames", ours[0].len());
            let file = AudioFile::open(&path).unwrap();
            assert_eq!(file.info(), info, "{name} and {what}");
            let told = file.notes();
            assert_eq!(told.len(), usize::from(!is_tag), "{name} and {what}: {told:?}");
            assert!(told.iter().all(|note| note.ends_with("left out")), "{name} and {what}: {told:?}");
        }
    }
}

#[test]
fn flac_of_unknown_length_is_as_long_as_for_ffmpeg() {
    let what = "FLAC of unknown length with ffmpeg's decoding";
    if !has_ffmpeg(what) {
        return;
    }
    let folder = Folder::new("unknown-length");
    let take = folder.write("take.flac", &data("take.flac"));
    for (n, filter) in
        ["anull", "atrim=end_sample=4608", "atrim=end_sample=4609", "aresample=96000", "volume=0"]
            .iter()
            .enumerate()
    {
        for format in ["s16", "s32"] {
            let input = take.to_str().unwrap();
            let coding = ["-af", filter, "-sample_fmt", format, "-c:a", "flac", "-f", "flac", "-"];
            let arguments = [&["-v", "error", "-i", input][..], &coding].concat();
            let bytes = piped("ffmpeg", &arguments, b"").unwrap();
            assert_eq!(bytes[22..26], [0; 4], "ffmpeg states a length");
            let path = folder.write(&format!("{n}.flac"), &bytes);
            let theirs = decoded_by_ffmpeg(&path, 2);
            assert!(decoded(&path).unwrap() == theirs, "{filter} {format}");
            let path = folder.write(&format!("{n}-tagged.flac"), &[bytes, id3v1()].concat());
            assert!(decoded(&path).unwrap() == theirs, "{filter} {format} with a tag");
            let mut file = AudioFile::open(&path).unwrap();
            file.seek(u64::MAX).unwrap();
            assert!(next(&mut file, 10).unwrap()[0].is_empty());
            assert_eq!(file.position(), theirs[0].len() as u64, "beyond the end is the end");
        }
    }
}

#[test]
fn a_cut_flac_of_unknown_length_is_an_error_wherever_a_frame_is_cut() {
    let folder = Folder::new("cut-unknown");
    let bytes = unknown("take.flac");
    let whole = decoded(&folder.write("whole.flac", &bytes)).unwrap();
    let mut ends = 0;
    for cut in (9_000..bytes.len()).step_by(37).chain(bytes.len() - 200..bytes.len()) {
        let path = folder.write("cut.flac", &bytes[..cut]);
        match AudioFile::open(&path).and_then(|_| decoded(&path)) {
            Ok(planes) => {
                // Between two frames no one can tell.
                assert_eq!(planes[0].len() % 4608, 0, "cut at {cut}");
                assert!(planes[0][..] == whole[0][..planes[0].len()]);
                ends += 1;
            }
            Err(error) => assert!(error.to_string().contains("truncated: ends at "), "{error}"),
        }
    }
    assert!(ends < 3, "{ends} cuts were not seen");
}

#[test]
fn a_flac_header_that_states_less_than_there_is_gets_an_error() {
    let folder = Folder::new("states-less");
    let mut bytes = data("take.flac");
    bytes[22..26].copy_from_slice(&4000_u32.to_be_bytes());
    let expected = "damaged: its header states 0.091 s, but its last frame ends at 0.250 s";
    assert_eq!(reason(AudioFile::open(folder.write("less.flac", &bytes))), expected);
    bytes[22..26].copy_from_slice(&44_100_u32.to_be_bytes());
    let path = folder.write("more.flac", &bytes);
    assert_eq!(reason(decoded(&path)), "truncated: ends at 0.250 s of 1.000 s");
}

#[test]
fn joined_flac_is_refused_and_joined_mp3_read_whole() {
    let folder = Folder::new("joined");
    let (take, long) = (data("take.flac"), data("long.flac"));
    let (unknown_take, unknown_long) = (unknown("take.flac"), unknown("long.flac"));
    for pair in [
        [&take, &take],
        [&take, &long],
        [&long, &take],
        [&unknown_take, &unknown_take],
        [&unknown_take, &unknown_long],
        [&unknown_long, &unknown_take],
    ] {
        let path = folder.write("joined.flac", &pair.map(|bytes| &bytes[..]).concat());
        let text = reason(decoded(&path));
        assert!(text.contains("joined in one") || text.contains("its header states"), "{text}");
    }
    for between in [vec![], id3v1(), ape(100, true), ape(100, false), vec![0; 5000]] {
        for second in ["take.mp3", "take_untagged.mp3", "long.mp3"] {
            let path =
                folder.write("joined.mp3", &[data("take.mp3"), between.clone(), data(second)].concat());
            let file = AudioFile::open(&path);
            if second == "long.mp3" {
                let text = reason(file);
                assert!(
                    text.starts_with("not supported: MP3 that changes from 44100 Hz to 16000 Hz at 0."),
                    "{text}"
                );
                continue;
            }
            // The first table is true of the start; the packets of the second file follow, with all they hold.
            let file = file.unwrap();
            assert_eq!(file.notes().len(), 1, "{:?}", file.notes());
            assert!(file.notes()[0].ends_with("all of it is read"), "{:?}", file.notes());
            let ours = decoded(&path).unwrap();
            let theirs = files::decoded_by_ffmpeg(&path, 2);
            // ffmpeg takes the filling that the first table states out of the middle.
            let same = 9_000;
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert!(ours.len() >= theirs.len(), "{} of {}", ours.len(), theirs.len());
                let difference = ours[..same].iter().zip(&theirs[..same]).map(|(a, b)| (a - b).abs());
                assert!(difference.fold(0.0, f32::max) < 1e-5);
            }
        }
    }
}

#[test]
fn flac_between_two_tags_is_read_and_sought() {
    let folder = Folder::new("between");
    let expected = decoded(&folder.write("plain.flac", &data("long.flac"))).unwrap().remove(0);
    let front = [&b"ID3\x04\0\0\0\0\x07\x68"[..], &[1; 1000]].concat();
    for bytes in [data("long.flac"), unknown("long.flac")] {
        let path = folder.write("tagged.flac", &[&front[..], &bytes, &ape(500, true), &id3v1()].concat());
        let mut file = AudioFile::open(&path).unwrap();
        assert!(file.notes().is_empty());
        for frame in [0, 80_000, 500, 89_000] {
            file.seek(frame).unwrap();
            let block = next(&mut file, 1000).unwrap().remove(0);
            assert!(block == expected[frame as usize..][..1000], "sought at {frame}");
        }
    }
}

/// An Ogg file with other serial numbers.
fn renumbered(bytes: &[u8], serial: u32) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let count = usize::from(bytes[at + 26]);
        let body: usize = bytes[at + 27..at + 27 + count].iter().map(|&bytes| usize::from(bytes)).sum();
        let end = at + 27 + count + body;
        bytes[at + 14..at + 18].copy_from_slice(&serial.to_le_bytes());
        bytes[at + 22..at + 26].fill(0);
        let sum = bytes[at..end].iter().fold(0_u32, |sum, &byte| {
            (0..8).fold(sum ^ u32::from(byte) << 24, |sum, _| (sum << 1) ^ ((sum >> 31) * 0x04c1_1db7))
        });
        bytes[at + 22..at + 26].copy_from_slice(&sum.to_le_bytes());
        at = end;
    }
    bytes
}

#[test]
fn every_link_of_a_chain_is_read() {
    let folder = Folder::new("chain");
    let long = data("long.ogg");
    let mut links = vec![long.clone(), renumbered(&long, 77), long.clone()];
    if has_ffmpeg("a chain with a link made by ffmpeg") {
        let tone = "sine=300:r=16000:d=1.2345";
        let coding = ["-c:a", "libvorbis", "-q:a", "3", "-f", "ogg", "-"];
        let arguments = [&["-v", "error", "-f", "lavfi", "-i", tone][..], &coding].concat();
        links.insert(1, piped("ffmpeg", &arguments, b"").unwrap());
    }
    for count in 2..=links.len() {
        let alone: Vec<f32> = links[..count]
            .iter()
            .enumerate()
            .flat_map(|(n, bytes)| {
                let path = folder.write(&format!("{n}.ogg"), bytes);
                if has_ffmpeg("links of a chain with ffmpeg's decoding") {
                    let (ours, theirs) = (decoded(&path).unwrap(), decoded_by_ffmpeg(&path, 1));
                    assert!(theirs[0].len() - ours[0].len() < 1024, "link {n}");
                }
                decoded(&path).unwrap().remove(0)
            })
            .collect();
        for tail in [Vec::new(), id3v1()] {
            let path = folder.write("chain.ogg", &[links[..count].concat(), tail].concat());
            let mut file = AudioFile::open(&path).unwrap();
            assert_eq!(file.frames(), Some(alone.len() as u64));
            assert!(file.notes().is_empty());
            assert!(decoded(&path).unwrap()[0] == alone, "{count} links");
            // Onwards and back, around the seams, over several links.
            for frame in [119_000, 119_999, 120_000, 120_001, 5, 200_000, 139_000, 139_800, 100, 121_000, 0] {
                if frame as usize + 3000 > alone.len() {
                    continue;
                }
                file.seek(frame).unwrap();
                let block = next(&mut file, 3000).unwrap().remove(0);
                assert!(block == alone[frame as usize..][..3000], "{count} links, sought at {frame}");
            }
            file.seek(u64::MAX).unwrap();
            assert!(next(&mut file, 10).unwrap()[0].is_empty());
        }
    }
}

#[test]
fn a_chain_that_changes_or_is_cut_is_an_error() {
    let folder = Folder::new("chain-errors");
    let (take, long) = (data("take.ogg"), data("long.ogg"));
    let path = folder.write("changes.ogg", &[&take[..], &long].concat());
    let expected = "not supported: an Ogg file that changes from 44100 Hz in 2 channels to 16000 Hz in 1 channels \
                    at 0.250 s";
    assert_eq!(reason(AudioFile::open(path)), expected);
    let path = folder.write("opus.ogg", &[&take[..], &opus()].concat());
    let expected = "not supported: an Ogg file that changes from Vorbis to Opus at 0.250 s";
    assert_eq!(reason(AudioFile::open(path)), expected);
    let path = folder.write("first-cut.ogg", &[&long[..6000], &long].concat());
    assert_eq!(reason(AudioFile::open(path)), "damaged: part 1 of the chain has no end mark");
    for cut in [10, 30, 60, 2000, 6000] {
        let path = folder.write("second-cut.ogg", &[&long[..], &long[..cut]].concat());
        let error = AudioFile::open(&path).and_then(|_| decoded(&path)).map(|planes| planes[0].len());
        let text = reason(error);
        assert!(text.contains("truncated") || text.contains("damaged"), "{cut}: {text}");
    }
}

/// The first page of an Opus stream.
fn opus() -> Vec<u8> {
    let packet = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0";
    let mut page = b"OggS\0\x02".to_vec();
    page.extend_from_slice(&[0; 20]);
    page.extend_from_slice(&[1, packet.len() as u8]);
    page.extend_from_slice(packet);
    renumbered(&page, 9)
}
