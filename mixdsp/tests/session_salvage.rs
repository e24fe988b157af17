//! Damaged files: an error where they are read strictly; otherwise all that can be decoded, in its place, and a
//! list of what is missing. The oracle is the file before it was damaged.

#![cfg(feature = "session")]

#[path = "common/files.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "not all of it is used here")]
mod files;

use files::{Folder, data, decoded, decoded_by_ffmpeg, has_ffmpeg, next};
use mixdsp::files::{AudioFile, AudioStream as _, Missing, Reading, SessionError};
use std::path::Path;

const SALVAGE: Reading = Reading { strict: false, check_finite: true };

/// What can be decoded of a file, what is missing, and its notes.
fn salvaged(path: &Path) -> Result<(Vec<Vec<f32>>, Vec<Missing>, Vec<String>), SessionError> {
    let mut file = AudioFile::open_as(path, SALVAGE)?;
    let mut all = vec![Vec::new(); file.channels()];
    loop {
        let block = next(&mut file, 1000)?;
        all.iter_mut().zip(&block).for_each(|(to, from)| to.extend_from_slice(from));
        if block[0].is_empty() {
            return Ok((all, file.missing().to_vec(), file.notes().to_vec()));
        }
    }
}

/// A mono WAV of 24 bits.
fn wav() -> Vec<u8> {
    let samples: Vec<u8> = (0..30_000_u32).flat_map(|n| (n * 977).to_le_bytes()[..3].to_vec()).collect();
    let mut bytes =
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\x80\x32\x02\0\x03\0\x18\0data".to_vec();
    bytes.extend_from_slice(&(samples.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&samples);
    let riff = bytes.len() as u32 - 8;
    bytes[4..8].copy_from_slice(&riff.to_le_bytes());
    bytes
}

#[test]
fn of_a_cut_file_all_that_is_there_is_given() {
    if !has_ffmpeg("what can be decoded of cut files with what ffmpeg decodes") {
        return;
    }
    let folder = Folder::new("salvage-cut");
    let mut files = vec![("a.wav", wav())];
    files.extend(["long.flac", "long.mp3", "long.ogg", "long.m4a"].map(|name| (name, data(name))));
    for (name, bytes) in files {
        let whole = decoded(&folder.write(name, &bytes)).unwrap();
        for share in [0.6, 0.77] {
            // The index of MP4 stands at the end, so that a cut file has none; this one keeps its own.
            let path = if name.ends_with("m4a") {
                let mut holed = bytes.clone();
                let from = (bytes.len() as f64 * share) as usize;
                let index = bytes.windows(4).rposition(|letters| letters == b"moov").unwrap() - 4;
                holed[from..index].fill(0);
                folder.write(name, &holed)
            } else {
                folder.write(name, &bytes[..(bytes.len() as f64 * share) as usize])
            };
            let strict = AudioFile::open(&path).and_then(|_| decoded(&path));
            assert!(strict.is_err() || name.ends_with("m4a"), "{name}");
            let (planes, missing, notes) = salvaged(&path).unwrap();
            let length = planes[0].len();
            // ffmpeg gives what it can of a damaged file.
            let expected = decoded_by_ffmpeg(&path, planes.len())[0].len();
            println!("{name} cut at {share}: {length} of {} frames, {missing:?} {notes:?}", whole[0].len());
            assert!(length + 5000 > expected, "{name}: {length}, ffmpeg gives {expected}");
            assert!(!missing.is_empty() || !notes.is_empty(), "{name}: nothing is said");
            // What the codec overlaps with the part that is gone is not as it was.
            let same = (length.min(expected) * 3 / 4).saturating_sub(4096);
            for (ours, theirs) in planes.iter().zip(&whole) {
                assert!(ours[..same] == theirs[..same], "{name}");
            }
        }
    }
}

#[test]
fn behind_damage_the_rest_is_in_its_place() {
    let folder = Folder::new("salvage-holes");
    for (name, from, count) in [("long.flac", 15_000, 10), ("long.m4a", 12_000, 100), ("long.ogg", 5_000, 30)]
    {
        let mut bytes = data(name);
        let whole = decoded(&folder.write(name, &bytes)).unwrap();
        bytes[from..from + count].iter_mut().for_each(|byte| *byte ^= 0x55);
        let path = folder.write(name, &bytes);
        let (planes, missing, _) = salvaged(&path).unwrap();
        println!("{name}: {} of {} frames, {missing:?}", planes[0].len(), whole[0].len());
        assert_eq!(planes[0].len(), whole[0].len(), "{name}");
        assert!(!missing.is_empty() && missing.len() < 10, "{name}: {missing:?}");
        let tail = whole[0].len() * 9 / 10;
        assert!(planes[0][tail..] == whole[0][tail..], "{name}: the end is not in its place");
        // Of an Ogg page that is lost, the next is taken for it until its own number is met.
        let uncertain = if name.ends_with("ogg") { 20_000 } else { 2048 };
        let same = ((missing[0].at_seconds * 16_000.0) as usize).saturating_sub(uncertain);
        assert!(planes[0][..same] == whole[0][..same], "{name}");
    }
}

#[test]
fn samples_that_are_not_finite_are_given_when_asked_for() {
    let folder = Folder::new("salvage-finite");
    let mut bytes = wav();
    // Floats in place of integers.
    bytes[20] = 3;
    bytes[32] = 4;
    bytes[34] = 32;
    bytes[44..48].copy_from_slice(&f32::NAN.to_le_bytes());
    let path = folder.write("nan.wav", &bytes);
    let error = AudioFile::open(&path).and_then(|mut file| next(&mut file, 10)).unwrap_err();
    assert!(matches!(error, SessionError::NonFinite { channel: 0, .. }), "{error}");
    let mut file = AudioFile::open_as(&path, Reading { strict: true, check_finite: false }).unwrap();
    assert!(next(&mut file, 10).unwrap()[0][0].is_nan());
}

#[test]
fn a_file_in_memory_reads_as_one_on_disk() {
    let folder = Folder::new("memory");
    for name in ["take.flac", "take.mp3", "take.ogg", "take.m4a", "long.mp3"] {
        let bytes = data(name);
        let on_disk = decoded(&folder.write(name, &bytes)).unwrap();
        let mut file = AudioFile::from_bytes(bytes, name, Reading::default()).unwrap();
        let length = on_disk[0].len();
        assert!(next(&mut file, length).unwrap() == on_disk, "{name}");
        file.seek(length as u64 / 2).unwrap();
        assert!(next(&mut file, 100).unwrap()[0] == on_disk[0][length / 2..][..100], "{name}");
    }
    let error = AudioFile::from_bytes(vec![0; 5000], "<BytesIO>", Reading::default()).unwrap_err();
    assert_eq!(error.to_string(), "<BytesIO>: no audio in it: the content is of no known format");
}
