//! Damaged files: what is wrong is said again until the stream is sought, and nothing is believed that the file
//! has no bytes for.

#![cfg(feature = "session")]

#[path = "common/depth.rs"]
mod depth;
#[path = "common/files.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod files;

use std::path::Path;

use files::{Folder, data, decoded, decoded_by_ffmpeg, has_ffmpeg, next, reason};
use mixdsp::files::{AudioFile, AudioStream, SessionError};

const FILES: [&str; 10] = [
    "take.flac",
    "take.mp3",
    "take_untagged.mp3",
    "take.ogg",
    "take.m4a",
    "take_gapless_tag.m4a",
    "take_fragments.m4a",
    "long.flac",
    "long.ogg",
    "long.mp3",
];

/// Reads on until something is wrong.
fn to_the_error(file: &mut AudioFile, frames: usize) -> SessionError {
    loop {
        match next(file, frames) {
            Ok(planes) => assert_eq!(planes[0].len(), frames, "it ends without an error"),
            Err(error) => return error,
        }
    }
}

/// The error comes again from every call that reads.
fn stands(file: &mut AudioFile, error: &SessionError, frames: usize) {
    let text = error.to_string();
    for frames in [frames, 1, 4096, frames] {
        assert_eq!(next(file, frames).unwrap_err().to_string(), text);
        assert_eq!(file.skip(frames as u64).unwrap_err().to_string(), text);
    }
}

#[test]
fn a_gap_in_flac_is_an_error_until_it_is_left() {
    let folder = Folder::new("gap");
    let (whole, mut bytes) = (data("take.flac"), data("take.flac"));
    let expected = decoded(&folder.write("whole.flac", &whole)).unwrap();
    bytes.drain(12_191..16_825);
    let path = folder.write("gap.flac", &bytes);
    for frames in [511, 1, 4096, 4608, 9999, 100_000] {
        let mut file = AudioFile::open(&path).unwrap();
        let error = to_the_error(&mut file, frames);
        assert!(error.to_string().ends_with("damaged at 0.104 s: 0.104 s are missing"), "{error}");
        stands(&mut file, &error, frames);
        for (frame, count) in [(0, 4608), (9216, 1826), (100, 511), (10_000, 1042)] {
            file.seek(frame).unwrap();
            let planes = next(&mut file, count).unwrap();
            assert!(planes[1] == expected[1][frame as usize..][..count], "sought at {frame}");
        }
        file.seek(5000).unwrap();
        let error = next(&mut file, frames).unwrap_err();
        stands(&mut file, &error, frames);
    }
}

#[test]
fn a_sample_that_is_not_finite_is_never_given() {
    let folder = Folder::new("not-finite");
    let samples: Vec<u8> =
        (0..20_000).flat_map(|n| if n == 9001 { f32::NAN } else { 0.25_f32 }.to_le_bytes()).collect();
    let head = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x03\0\x01\0\x80\xbb\0\0\0\xee\x02\0\x04\0\x20\0data";
    let path = folder.write("nan.wav", &[&head[..], &80_000_u32.to_le_bytes(), &samples].concat());
    for frames in [1, 100, 1024, 5000] {
        let mut file = AudioFile::open(&path).unwrap();
        let error = to_the_error(&mut file, frames);
        assert!(matches!(error, SessionError::NonFinite { channel: 0, .. }), "{error}");
        stands(&mut file, &error, frames);
        for frame in [0, 9002, 8000] {
            file.seek(frame).unwrap();
            assert!(next(&mut file, 900).unwrap()[0].iter().all(|&x| x == 0.25));
        }
        file.seek(9001).unwrap();
        let error = next(&mut file, 1).unwrap_err();
        stands(&mut file, &error, frames);
    }
}

#[test]
fn a_cut_file_can_be_sought_back_into() {
    let folder = Folder::new("sought-back");
    for name in ["long.flac", "long.ogg", "take_fragments.m4a"] {
        let bytes = data(name);
        let path = folder.write(name, &bytes[..bytes.len() * 2 / 3]);
        let whole = decoded(&folder.write(&format!("whole-{name}"), &bytes)).unwrap();
        let mut file = AudioFile::open(&path).unwrap();
        let error = to_the_error(&mut file, 777);
        assert!(matches!(error, SessionError::Truncated { .. }), "{error}");
        stands(&mut file, &error, 777);
        for frame in [1000, 0, 4000] {
            file.seek(frame).unwrap();
            let block = next(&mut file, 500).unwrap().remove(0);
            assert!(block == whole[0][frame as usize..][..500], "{name} at {frame}");
        }
    }
}

#[test]
fn a_file_that_is_gone_after_an_error_is_said_to_be_gone() {
    let folder = Folder::new("gone");
    let path = folder.write("gone.flac", &data("take.flac")[..12_000]);
    let mut file = AudioFile::open(&path).unwrap();
    to_the_error(&mut file, 1000);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(reason(file.seek(0)), "no such file");
    assert_eq!(reason(next(&mut file, 1)), "no such file");
    folder.write("gone.flac", &data("long.flac"));
    assert_eq!(reason(file.seek(0)), "damaged: the file changed while it was read");
    folder.write("gone.flac", &data("take.flac"));
    file.seek(0).unwrap();
    assert_eq!(next(&mut file, 11_042).unwrap()[0].len(), 11_042);
}

#[test]
fn every_file_can_be_sought_after_its_end() {
    let folder = Folder::new("after-the-end");
    for name in FILES {
        let path = folder.write(name, &data(name));
        let whole = decoded(&path).unwrap();
        let mut file = AudioFile::open(&path).unwrap();
        while !next(&mut file, 4000).unwrap()[0].is_empty() {}
        for frame in [5000, 0, 11_041, 3, u64::MAX, 7000] {
            file.seek(frame).unwrap();
            let from = whole[0].len().min(usize::try_from(frame).unwrap_or(usize::MAX));
            let block = next(&mut file, 2000).unwrap().remove(0);
            assert!(block == whole[0][from..(from + 2000).min(whole[0].len())], "{name} at {frame}");
            while !next(&mut file, 4000).unwrap()[0].is_empty() {}
        }
    }
}

#[test]
fn fragments_are_the_take_and_match_ffmpeg() {
    let folder = Folder::new("fragments");
    let path = folder.write("take.m4a", &data("take_fragments.m4a"));
    let ours = decoded(&path).unwrap();
    assert_eq!((ours.len(), ours[0].len()), (2, 11_042));
    if !has_ffmpeg("fragmented MP4 with ffmpeg's decoding") {
        return;
    }
    let theirs = decoded_by_ffmpeg(&path, 2);
    let difference =
        |a: &[f32], b: &[f32]| a.iter().zip(b).fold(0.0, |most: f32, (a, b)| most.max((a - b).abs()));
    for (ours, theirs) in ours.iter().zip(&theirs) {
        // ffmpeg 5 gives what the packets hold, without the edit list and the length of the last one.
        assert_eq!(theirs.len(), 12 * 1024);
        assert!(difference(ours, &theirs[1024..]) < 1e-5);
    }
}

/// Puts 32 bits at `offset` behind the letters of the first box `kind`.
fn patched(bytes: &[u8], kind: &[u8; 4], words: &[(usize, u32)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let place = bytes.windows(4).position(|letters| letters == kind).unwrap() + 4;
    for (offset, word) in words {
        bytes[place + offset..][..4].copy_from_slice(&word.to_be_bytes());
    }
    bytes
}

/// Frames that a file gives, without an error or before it.
fn frames_of(path: &Path) -> u64 {
    let Ok(mut file) = AudioFile::open(path) else { return 0 };
    while next(&mut file, 4096).is_ok_and(|planes| !planes[0].is_empty()) {}
    file.position()
}

#[test]
fn counts_are_believed_as_far_as_the_file_has_bytes() {
    let folder = Folder::new("counts");
    let (fragments, take) = (data("take_fragments.m4a"), data("take.m4a"));
    let most = u32::MAX;
    // No row for each packet, the default size as it is and as small as can be.
    let run = patched(&fragments, b"trun", &[(0, 1), (4, most)]);
    let small = patched(&run, b"tfhd", &[(20, 1)]);
    let none = patched(&run, b"tfhd", &[(20, 0)]);
    let rows = patched(&fragments, b"trun", &[(4, most)]);
    for (name, bytes) in [("run", run), ("small", small), ("none", none), ("rows", rows)] {
        let path = folder.write(&format!("{name}.m4a"), &bytes);
        let error = AudioFile::open(&path).and_then(|_| decoded(&path)).map(|planes| planes[0].len());
        println!("{name}: {}", reason(error));
        assert!(frames_of(&path) <= 12 * 1024, "{name}");
    }
    for (kind, words) in [
        (b"stsz", &[(8, most)][..]),
        (b"stsz", &[(4, 1), (8, most)]),
        (b"stsz", &[(4, 500), (8, most)]),
        (b"stsc", &[(4, most)]),
        (b"stsc", &[(12, most)]),
        (b"stco", &[(4, most)]),
        (b"stts", &[(4, most)]),
        (b"elst", &[(4, most)]),
        (b"stsc", &[(12, 0)]),
        (b"stco", &[(4, 0)]),
    ] {
        let path = folder.write("table.m4a", &patched(&take, kind, words));
        let error = AudioFile::open(&path).and_then(|_| decoded(&path)).map(|planes| planes[0].len());
        if kind != b"stsc" || words[0] != (12, most) {
            println!("{} {words:?}: {}", String::from_utf8_lossy(kind), reason(error));
        }
        assert!(frames_of(&path) <= 11_042, "{kind:?}");
    }
}

/// Random numbers, the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }

    /// A place in `length` bytes, half the time near one of the ends, where headers are.
    fn place(&mut self, length: usize) -> usize {
        let near = self.below(700).min(length - 1);
        [self.below(length), near, length - 1 - near, self.below(length)][self.below(4)]
    }

    fn damage(&mut self, bytes: &mut Vec<u8>) {
        let place = self.place(bytes.len());
        let count = (1 + self.below(8)).min(bytes.len() - place);
        match self.below(7) {
            0 => bytes[place..place + count].fill([0, 0xff, 0x7f, 0x80][self.below(4)]),
            1 | 2 => bytes[place] ^= 1 << self.below(8),
            3 => drop(bytes.splice(place..place, vec![0xff; count])),
            4 => drop(bytes.drain(place..place + (self.below(3000) + 1).min(bytes.len() - place - 1))),
            5 => bytes.truncate(place.max(1)),
            _ => bytes.extend((0..self.below(300)).map(|n| (n * 89) as u8)),
        }
    }
}

/// Reads and seeks without end or sense; what comes out has to be finite, and errors have to stand.
fn exercise(path: &Path, length: usize, random: &mut Random) {
    let Ok(mut file) = AudioFile::open(path) else { return };
    // No codec here makes more frames of a byte; what states more may not get there without an error.
    let mut most = length as u64 * 5000;
    for _ in 0..4 {
        for _ in 0..60 {
            let frames = [1, 7, 511, 1000, 4096][random.below(5)];
            match next(&mut file, frames) {
                Ok(planes) => {
                    assert!(planes.iter().all(|plane| plane.iter().all(|x| x.is_finite())));
                    assert!(file.position() <= most.max(file.frames().unwrap_or(0)));
                    if planes[0].len() < frames {
                        assert!(next(&mut file, frames).unwrap()[0].is_empty(), "audio behind the end");
                        break;
                    }
                }
                Err(error) => {
                    stands(&mut file, &error, frames);
                    break;
                }
            }
        }
        let frame = [0, random.below(12_000) as u64, random.below(130_000) as u64, u64::MAX][random.below(4)];
        most = most.max(frame.saturating_add(most));
        if let Err(error) = file.seek(frame) {
            stands(&mut file, &error, 100);
        }
    }
}

#[test]
fn damaged_copies_give_finite_samples_or_an_error_that_stands() {
    let copies = depth::count(40, 2_000);
    let folder = Folder::new("copies");
    let mut files: Vec<(&str, Vec<u8>)> = FILES.iter().map(|&name| (name, data(name))).collect();
    let head =
        b"RIFF\xa8\x3e\0\0WAVEfmt \x10\0\0\0\x03\0\x02\0\x80\xbb\0\0\0\xdc\x05\0\x08\0\x20\0data\x80\x3e\0\0";
    files.push(("a.wav", [&head[..], &0.25_f32.to_le_bytes().repeat(4000), b"LIST\x04\0\0\0INFO"].concat()));
    files.push(("chain.ogg", data("take.ogg").repeat(2)));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (name, whole) in &files {
        for copy in 0..copies {
            let mut bytes = whole.clone();
            for _ in 0..1 + random.below(4) {
                random.damage(&mut bytes);
            }
            let path = folder.write(name, &bytes);
            let seed = random.0;
            let work = || exercise(&path, bytes.len(), &mut Random(seed));
            if let Err(panic) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)) {
                println!("{name}, copy {copy}");
                std::panic::resume_unwind(panic);
            }
        }
    }
}
