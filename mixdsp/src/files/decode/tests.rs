use std::fs;
use std::path::Path;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use super::{AudioFile, FileFormat};
use crate::files::scratch::{Folder, data, decode, lag, read_all, residual_db, take};
use crate::files::{AudioStream, SessionError};

const TAKES: [(&str, FileFormat); 6] = [
    ("take.flac", FileFormat::Flac),
    ("take.mp3", FileFormat::Mp3),
    ("take.ogg", FileFormat::OggVorbis),
    ("take.m4a", FileFormat::Mp4Aac),
    ("take_gapless_tag.m4a", FileFormat::Mp4Aac),
    ("take_fragments.m4a", FileFormat::Mp4Aac),
];
const LONG: [&str; 4] = ["long.flac", "long.mp3", "long.ogg", "long.m4a"];

/// Four bytes name the chunk, then its length, then its content.
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = name.to_vec();
    bytes.extend_from_slice(&(content.len() as u32).to_le_bytes());
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

/// A format chunk's content; extensible for more than two channels.
fn format(tag: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
    let frame = channels * (bits / 8);
    let mut bytes = if channels > 2 { 0xfffe } else { tag }.to_le_bytes().to_vec();
    bytes.extend_from_slice(&channels.to_le_bytes());
    bytes.extend_from_slice(&rate.to_le_bytes());
    bytes.extend_from_slice(&(rate * u32::from(frame)).to_le_bytes());
    bytes.extend_from_slice(&frame.to_le_bytes());
    bytes.extend_from_slice(&bits.to_le_bytes());
    if channels > 2 {
        bytes.extend_from_slice(&[22, 0]);
        bytes.extend_from_slice(&bits.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71");
    }
    bytes
}

fn wav(chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut content = b"WAVE".to_vec();
    chunks.iter().for_each(|chunk| content.extend_from_slice(chunk));
    chunk(b"RIFF", &content)
}

fn message(path: &Path) -> String {
    let text = decode(path).unwrap_err().to_string();
    assert!(!text.contains('\n'), "{text}");
    let name = path.file_name().unwrap().to_str().unwrap();
    let (file, reason) = text.split_once(": ").unwrap();
    assert!(file.ends_with(name), "{text}");
    reason.to_string()
}

#[test]
fn a_take_aligns_to_the_sample_in_every_format() {
    let take = take();
    for (name, format) in TAKES {
        let mut file = AudioFile::open(data(name)).unwrap();
        let info = file.info();
        assert_eq!((info.format, info.sample_rate, info.channels), (format, 44_100, 2), "{name}");
        assert_eq!(info.frames, Some(11_042), "{name}");
        let planes = read_all(&mut file, &[512]).unwrap();
        for (plane, reference) in planes.iter().zip(&take) {
            assert_eq!(plane.len(), 11_042, "{name}");
            assert_eq!(lag(plane, reference, 2200), 0, "{name}");
            let residual = residual_db(plane, reference);
            std::println!("{name}: residual {residual:.1} dB");
            // What the coding costs; one frame of delay would leave -11 dB on the left channel.
            assert!(residual < -25.0, "{name}: {residual} dB");
        }
    }
}

#[test]
fn an_mp3_that_states_nothing_is_given_as_it_decodes() {
    let planes = decode(data("take_untagged.mp3")).unwrap();
    // 11 packets; LAME's start-up of 576 frames and the decoder's of 529 are left in.
    assert_eq!(planes[0].len(), 11 * 1152);
    assert_eq!(lag(&planes[0], &take()[0], 1200), 576 + 529);
}

#[test]
fn frames_do_not_depend_on_the_blocks() {
    for name in TAKES.map(|(name, _)| name).iter().chain(&LONG) {
        let whole = read_all(&mut AudioFile::open(data(name)).unwrap(), &[1 << 18]).unwrap();
        let parts = read_all(&mut AudioFile::open(data(name)).unwrap(), &[1, 977, 64, 3000]).unwrap();
        assert!(whole == parts, "{name}");
    }
}

#[test]
fn a_sought_frame_has_the_bits_of_reading_through() {
    for name in LONG {
        let through = decode(data(name)).unwrap().remove(0);
        let mut file = AudioFile::open(data(name)).unwrap();
        // Far and near, onwards and back, to the first frames and to the last.
        for frame in [80_000, 500, 70_001, 70_900, 0, 89_999, 1, 66_000, 81_920, 2_111, 89_000, 88_999] {
            file.seek(frame).unwrap();
            assert_eq!(file.position(), frame);
            let mut block = vec![0.0; 1500.min(through.len() - frame as usize)];
            assert_eq!(file.read(&mut [&mut block]).unwrap(), block.len(), "{name} at {frame}");
            let expected = &through[frame as usize..][..block.len()];
            assert!(block == expected, "{name} differs when sought at {frame}");
        }
        file.seek(u64::MAX).unwrap();
        assert_eq!(file.position(), through.len() as u64, "{name}");
        assert_eq!(file.read(&mut [&mut [0.0; 9]]).unwrap(), 0, "{name}");
        file.seek(100).unwrap();
        assert_eq!(file.skip(70_000).unwrap(), 70_000, "{name}");
        assert_eq!(file.skip(1 << 40).unwrap(), through.len() as u64 - 70_100, "{name}");
    }
}

#[test]
fn an_empty_edit_delays_the_take() {
    let mut bytes = fs::read(data("take.m4a")).unwrap();
    let place = |bytes: &[u8], name: &[u8; 4]| bytes.windows(4).position(|w| w == name).unwrap();
    for name in [b"moov", b"trak", b"edts", b"elst"] {
        let size = &mut bytes[place(&fs::read(data("take.m4a")).unwrap(), name) - 4..][..4];
        let longer = u32::from_be_bytes(size.try_into().unwrap()) + 12;
        size.copy_from_slice(&longer.to_be_bytes());
    }
    // 250 of the movie's milliseconds of silence, then the take.
    let list = place(&bytes, b"elst") + 8;
    bytes[list + 3] = 2;
    let edit = [250_u32, u32::MAX, 1 << 16].map(u32::to_be_bytes).concat();
    bytes.splice(list + 4..list + 4, edit);
    let folder = Folder::new("empty-edit");
    let planes = decode(folder.write("delayed.m4a", &bytes)).unwrap();
    let plain = decode(data("take.m4a")).unwrap();
    assert!(planes[1][..11_025].iter().all(|&x| x == 0.0));
    assert!(planes[1][11_025..] == plain[1][..]);
    let mut file = AudioFile::open(folder.path("delayed.m4a")).unwrap();
    let mut block = [[0.0; 2000]; 2];
    let [left, right] = &mut block;
    for frame in [10_000_usize, 12_000, 3] {
        file.seek(frame as u64).unwrap();
        file.read(&mut [left, right]).unwrap();
        assert!(left[..] == planes[0][frame..][..2000], "{frame}");
    }
}

#[test]
fn every_coding_of_wav_gives_the_values_written() {
    let folder = Folder::new("wav-codings");
    let values = [0.0, 0.5, -0.5, -1.0, 0.25, -0.125];
    let integers = |bits: u32| -> Vec<u8> {
        let steps =
            values.map(|v: f64| (v * f64::from(1_u32 << (bits - 1))) as i32 + 128 * i32::from(bits == 8));
        steps.iter().flat_map(|step| step.to_le_bytes()[..bits as usize / 8].to_vec()).collect()
    };
    let floats = values.iter().flat_map(|&v| (v as f32).to_le_bytes()).collect();
    let doubles = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let codings: [(u16, u16, Vec<u8>); 6] = [
        (1, 8, integers(8)),
        (1, 16, integers(16)),
        (1, 24, integers(24)),
        (1, 32, integers(32)),
        (3, 32, floats),
        (3, 64, doubles),
    ];
    for (tag, bits, samples) in &codings {
        for channels in [1_u16, 2, 3, 6] {
            let format = chunk(b"fmt ", &format(*tag, channels, 96_000, *bits));
            let odd = chunk(b"LIST", b"odd");
            let path = folder.write("coding.wav", &wav(&[odd, format, chunk(b"data", samples)]));
            let info = AudioFile::open(&path).unwrap().info();
            assert_eq!((info.bits, info.sample_rate), (Some(u32::from(*bits)), 96_000));
            let planes = decode(&path).unwrap();
            for (place, value) in values.iter().enumerate() {
                let (frame, channel) = (place / usize::from(channels), place % usize::from(channels));
                assert_eq!(planes[channel][frame], *value as f32, "{tag} {bits} {channels}");
            }
        }
    }
}

#[test]
fn wide_streamed_and_unfinished_wav_are_read_to_their_end() {
    let folder = Folder::new("wav-lengths");
    let samples: Vec<u8> = (0..4800_i32).flat_map(|x| ((x * 6) as i16).to_le_bytes()).collect();
    let format = chunk(b"fmt ", &format(1, 24, 8_000, 16));
    let plain = wav(&[format.clone(), chunk(b"data", &samples)]);
    let expected = decode(folder.write("plain.wav", &plain)).unwrap();
    assert_eq!((expected.len(), expected[0].len()), (24, 200));
    assert_eq!(expected[23][199], 4799.0 * 6.0 / 32_768.0);

    let mut wide = chunk(b"data", &samples);
    wide[4..8].copy_from_slice(&[0xff; 4]);
    let lengths = [0_u64, 9600, 200].map(u64::to_le_bytes).concat();
    let mut wide = wav(&[chunk(b"ds64", &[&lengths[..], &[0; 4]].concat()), format, wide]);
    wide.extend_from_slice(b"tail that is no audio");
    wide[..8].copy_from_slice(b"RF64\xff\xff\xff\xff");
    assert!(decode(folder.write("wide.wav", &wide)).unwrap() == expected);

    let place = plain.windows(4).position(|w| w == b"data").unwrap() + 4;
    for (riff, data) in [(u32::MAX, u32::MAX), (0x7fff_f024, 0x7fff_f000), (0, 0)] {
        let mut streamed = plain.clone();
        streamed[4..8].copy_from_slice(&riff.to_le_bytes());
        streamed[place..place + 4].copy_from_slice(&data.to_le_bytes());
        assert!(decode(folder.write("streamed.wav", &streamed)).unwrap() == expected, "{data:x}");
    }
}

#[test]
fn a_float_that_is_not_finite_is_named_with_its_time() {
    let folder = Folder::new("not-finite");
    for (value, name) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf"), (f32::NEG_INFINITY, "-inf")] {
        let mut samples = vec![0.1_f32; 96_000];
        samples[2 * 36_000 + 1] = value;
        samples[2 * 40_000] = value;
        let bytes: Vec<u8> = samples.iter().flat_map(|x| x.to_le_bytes()).collect();
        let format = chunk(b"fmt ", &format(3, 2, 48_000, 32));
        let path = folder.write("spoiled.wav", &wav(&[format, chunk(b"data", &bytes)]));
        assert_eq!(message(&path), format!("sample is {name} at 0.750000 s in channel 2"));
        let mut file = AudioFile::open(&path).unwrap();
        file.seek(36_001).unwrap();
        let error = file.skip(1).and_then(|_| read_all(&mut file, &[100])).unwrap_err();
        assert!(matches!(error, SessionError::NonFinite { channel: 0, .. }), "{error}");
    }
}

#[test]
fn what_is_no_audio_is_said_to_be_none() {
    let folder = Folder::new("no-audio");
    let noise: Vec<u8> = (0..100_000_u32).map(|x| (x.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let no_format = "no audio in it: the content is of no known format";
    assert_eq!(message(&folder.path("missing.wav")), "no such file");
    assert!(message(&folder.0).starts_with("cannot be read: "));
    assert_eq!(message(&folder.write("a.wav", b"")), "no audio in it: there is nothing in it");
    assert_eq!(message(&folder.write("b.mp3", b"To whom it may concern")), no_format);
    assert_eq!(message(&folder.write("c.mp3", &noise)), no_format);
    assert_eq!(message(&folder.write("d.m4a", &[0xff; 5000])), no_format);
    assert_eq!(
        message(&folder.write("e.aif", b"FORM\0\0\0\0AIFFCOMM")),
        "damaged: aiff: invalid riff length"
    );
    let avi = b"RIFF\x10\0\0\0AVI LIST";
    assert_eq!(message(&folder.write("f.wav", avi)), "not supported: AVI");
    let empty = wav(&[chunk(b"fmt ", &format(1, 2, 44_100, 16))]);
    assert_eq!(message(&folder.write("g.wav", &empty)), "damaged: it holds no samples");
    let bytes = wav(&[chunk(b"fmt ", &format(1, 25, 44_100, 16)), chunk(b"data", &[0; 500])]);
    assert_eq!(message(&folder.write("h.wav", &bytes)), "not supported: 25 channels, only 1 to 24 are");
    let bytes = wav(&[chunk(b"fmt ", &format(1, 2, 4_000, 16)), chunk(b"data", &[0; 500])]);
    assert_eq!(message(&folder.write("i.wav", &bytes)), "not supported: 4000 Hz, only 8000 to 384000 Hz are");
    let bytes = wav(&[chunk(b"fmt ", &format(0x31, 2, 8_000, 8)), chunk(b"data", &[0; 500])]);
    assert_eq!(message(&folder.write("j.wav", &bytes)), "not supported: GSM 6.10 in WAV");
}

#[test]
fn a_file_cut_short_tells_where_it_ends() {
    let folder = Folder::new("cut-short");
    let cut = |name: &str, bytes: usize| {
        let whole = fs::read(data(name)).unwrap();
        message(&folder.write(name, &whole[..bytes]))
    };
    // The times are those of the last whole packet, or page of Ogg, as ffprobe lists them.
    assert_eq!(cut("long.mp3", 11_000), "truncated: ends at 3.600 s of 7.596 s");
    assert_eq!(cut("take_untagged.mp3", 11_000), "truncated: ends at 0.261 s without an end mark");
    assert_eq!(cut("long.flac", 15_000), "truncated: ends at 1.728 s of 5.625 s");
    assert_eq!(cut("long.ogg", 6_000), "truncated: ends at 3.040 s without an end mark");
    assert_eq!(cut("long.m4a", 12_000), "damaged: its index (moov) is missing, so it is not whole");
    // The index put before the data, as for streaming.
    let bytes = fs::read(data("long.m4a")).unwrap();
    let place = |name: &[u8; 4]| bytes.windows(4).position(|w| w == name).unwrap() - 4;
    let (samples, index) = (place(b"mdat"), place(b"moov"));
    let mut front = [&bytes[..samples], &bytes[index..], &bytes[samples..index]].concat();
    let moved = (bytes.len() - index) as u32;
    let table = front.windows(4).position(|w| w == b"stco").unwrap() + 8;
    let count = u32::from_be_bytes(front[table..table + 4].try_into().unwrap());
    for entry in 1..=count as usize {
        let at = table + 4 * entry;
        let offset = u32::from_be_bytes(front[at..at + 4].try_into().unwrap()) + moved;
        front[at..at + 4].copy_from_slice(&offset.to_be_bytes());
    }
    assert!(decode(folder.write("front.m4a", &front)).unwrap() == decode(data("long.m4a")).unwrap());
    let path = folder.write("front.m4a", &front[..14_000]);
    assert_eq!(message(&path), "truncated: ends at 4.096 s of 7.500 s");
    let format = chunk(b"fmt ", &format(1, 2, 44_100, 16));
    let whole = wav(&[format, chunk(b"data", &[0; 44_100])]);
    let path = folder.write("cut.wav", &whole[..44 + 17_640]);
    assert_eq!(message(&path), "truncated: ends at 0.100 s of 0.250 s");
}

#[test]
fn damage_within_a_file_is_named_with_its_time() {
    let folder = Folder::new("damage");
    let spoil = |name: &str, from: usize, count: usize| {
        let mut bytes = fs::read(data(name)).unwrap();
        bytes[from..from + count].iter_mut().for_each(|byte| *byte ^= 0x55);
        message(&folder.write(name, &bytes))
    };
    assert_eq!(spoil("long.flac", 15_000, 10), "damaged at 1.728 s: 0.072 s are missing");
    assert_eq!(spoil("long.mp3", 11_000, 400), "damaged at 3.600 s: 432 bytes are not MP3");
    assert!(spoil("long.m4a", 12_000, 100).starts_with("damaged at 3."));
    let joined = fs::read(data("take.mp3")).unwrap().repeat(2);
    let path = folder.write("joined.mp3", &joined);
    let mut file = AudioFile::open(&path).unwrap();
    let whole = read_all(&mut file, &[1000]).unwrap();
    assert_eq!(file.notes(), ["2 MP3 files joined in one: all of it is read"]);
    assert_eq!(lag(&whole[0], &take()[0], 1200), 0);
}

#[test]
fn hostile_bytes_give_an_error_or_finite_samples() {
    let folder = Folder::new("hostile");
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let float = wav(&[chunk(b"fmt ", &format(3, 3, 44_100, 32)), chunk(b"data", &[1; 12_000])]);
    let names = ["take.flac", "take.mp3", "take.ogg", "take.m4a", "take_gapless_tag.m4a"];
    let mut files: Vec<Vec<u8>> = names.iter().map(|name| fs::read(data(name)).unwrap()).collect();
    files.push(float);
    for whole in &files {
        for _ in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..1 + random(5) {
                // Half of the blows fall on the first bytes, or on MP4's index at the end.
                let near = random(600).min(bytes.len() - 1);
                let place = [random(bytes.len()), near, bytes.len() - 1 - near, near][random(4)];
                let end = (place + 1 + random(8)).min(bytes.len());
                match random(4) {
                    0 => bytes[place..end].fill([0, 0xff, 0x7f, 0x80][random(4)]),
                    1 => bytes[place] ^= 1 << random(8),
                    2 => drop(bytes.drain(place..end.min(bytes.len() - 1))),
                    _ => bytes.truncate(place.max(1)),
                }
            }
            let path = folder.write("hostile", &bytes);
            let Ok(mut file) = AudioFile::open(&path) else { continue };
            let _ = file.seek(5000);
            let _ = file.seek(0);
            let mut planes = vec![vec![0.0_f32; 4096]; file.channels()];
            for _ in 0..100 {
                let mut block: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..]).collect();
                match file.read(&mut block) {
                    Ok(0) | Err(_) => break,
                    Ok(frames) => {
                        assert!(block.iter().all(|plane| plane[..frames].iter().all(|x| x.is_finite())));
                    }
                }
            }
        }
    }
}

#[test]
fn a_block_of_another_shape_is_refused() {
    let mut file = AudioFile::open(data("take.flac")).unwrap();
    let error = file.read(&mut [&mut [0.0; 4]]).unwrap_err();
    assert_eq!(error.to_string(), "the block has 1 channels where 2 are needed");
    let error = file.read(&mut [&mut [0.0; 4], &mut [0.0; 5]]).unwrap_err();
    assert_eq!(error.to_string(), "the block has 5 frames where 4 are needed");
    assert_eq!(file.read(&mut [&mut [], &mut []]).unwrap(), 0);
    assert_eq!(file.position(), 0);
}
