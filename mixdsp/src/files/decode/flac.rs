//! FLAC: where the last frame ends, and at which sample.
//!
//! A frame does not say how many bytes it has: it ends where the next begins, and the last one where the file
//! ends. When a tag, a line break or anything else stands there, the last frame is lost to a decoder that goes
//! by this, without a word where the header does not state the length. So the last frame is found from behind:
//! the last header from which a checksum leads to an end. What follows is no audio.
//!
//! Source: RFC 9639, Free Lossless Audio Codec.

use std::format;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use symphonia::core::codecs::audio::well_known::CODEC_ID_FLAC;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};
use symphonia::default::codecs::FlacDecoder;

use super::packets::guarded;
use super::place::{Place, Window};
use super::source::{Fault, frames_after};
use super::trailing;

/// Bytes looked at from the end, at first and at most.
const REACH: u64 = 1 << 16;
const MOST_REACH: u64 = 1 << 25;
/// Bytes that checksums are taken of, so that no file keeps them busy for long.
const MOST_SUMMED: usize = 1 << 26;
/// Ends of one frame that are tried: a wrong one passes its checksum once in 65 536 times, or where zeros follow.
const MOST_TRIED: usize = 16;
/// What is wrong with a file that another is put behind.
pub(super) const JOINED: &str = "several FLAC files joined in one";
/// Bytes of STREAMINFO.
const STREAM_INFO: usize = 34;

/// What the end of a file tells.
pub(super) struct Ending {
    /// Place behind the last frame.
    pub(super) place: u64,
    /// Number of the sample behind the last frame; `None` where the file is cut within a frame.
    pub(super) sample: Option<u64>,
    /// Samples that the header states, 0 for unknown.
    pub(super) stated: u64,
    pub(super) note: Option<String>,
}

/// What the header states of the whole stream.
struct StreamInfo {
    bytes: [u8; STREAM_INFO],
    most_block: u64,
    channels: u64,
    bits: u64,
    sample_rate: u32,
    samples: u64,
}

impl StreamInfo {
    fn parse(bytes: [u8; STREAM_INFO]) -> Self {
        let number = bytes[10..18].iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        Self {
            bytes,
            most_block: u64::from(bytes[2]) << 8 | u64::from(bytes[3]),
            sample_rate: (number >> 44) as u32,
            channels: (number >> 41 & 7) + 1,
            bits: (number >> 36 & 31) + 1,
            samples: number & 0xf_ffff_ffff,
        }
    }

    /// The longest that a frame may sensibly be: twice that of samples as they are.
    fn most_frame(&self) -> u64 {
        2 * (64 + self.channels * (8 + self.most_block * (self.bits + 1) / 8))
    }

    /// The samples that a frame header at the beginning of `bytes` is for: the first and their number.
    fn header(&self, bytes: &[u8]) -> Option<(u64, u64)> {
        let &[0xff, sync @ (0xf8 | 0xf9), sizes, kind, ..] = bytes else { return None };
        let channels = match kind >> 4 {
            code @ 0..=7 => u64::from(code) + 1,
            8..=10 => 2,
            _ => return None,
        };
        let bits = [0, 8, 12, u64::MAX, 16, 20, 24, 32][usize::from(kind >> 1 & 7)];
        if channels != self.channels || (bits != 0 && bits != self.bits) || kind & 1 != 0 {
            return None;
        }
        let (mut at, number) = coded_number(&bytes[4..])?;
        at += 4;
        let mut take = |count: usize| {
            let value = bytes.get(at..at + count)?.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
            at += count;
            Some(value)
        };
        let block = match sizes >> 4 {
            0 => return None,
            1 => 192,
            code @ 2..=5 => 576 << (code - 2),
            6 => take(1)? + 1,
            7 => take(2)? + 1,
            code => 256 << (code - 8),
        };
        match sizes & 15 {
            12 => drop(take(1)?),
            13 | 14 => drop(take(2)?),
            15 => return None,
            _ => {}
        }
        let sum = bytes[..at].iter().fold(0_u8, |sum, &byte| {
            (0..8).fold(sum ^ byte, |sum, _| sum << 1 ^ if sum & 0x80 != 0 { 7 } else { 0 })
        });
        let valid = bytes.get(at) == Some(&sum) && block <= self.most_block;
        // Numbers count blocks where all are equally long, otherwise samples.
        let first = if sync == 0xf8 { number.saturating_mul(self.most_block) } else { number };
        valid.then_some((first, block))
    }
}

/// A number in the extended UTF-8 of frame headers, and its bytes before it.
fn coded_number(bytes: &[u8]) -> Option<(usize, u64)> {
    let first = *bytes.first()?;
    let length = match first.leading_ones() {
        0 => return Some((1, u64::from(first))),
        ones @ 2..=7 => ones as usize,
        _ => return None,
    };
    let rest = bytes.get(1..length)?;
    let high = u64::from(first) & (0x7f >> length);
    let number = rest
        .iter()
        .try_fold(high, |sum, byte| (byte >> 6 == 2).then_some(sum << 6 | u64::from(byte & 0x3f)))?;
    Some((length, number))
}

/// The checksum of frames, one step on.
fn checksum(sum: u16, byte: u8) -> u16 {
    const TABLE: [u16; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let (mut sum, mut bit) = ((index as u16) << 8, 0);
            while bit < 8 {
                sum = sum << 1 ^ if sum & 0x8000 != 0 { 0x8005 } else { 0 };
                bit += 1;
            }
            table[index] = sum;
            index += 1;
        }
        table
    };
    sum << 8 ^ TABLE[usize::from((sum >> 8) as u8 ^ byte)]
}

/// The last whole frame in some bytes.
struct LastFrame {
    /// Byte behind it.
    end: usize,
    /// Number of the sample behind it.
    sample: u64,
}

struct Search<'a> {
    info: &'a StreamInfo,
    decoder: FlacDecoder,
    /// Bytes that checksums may still be taken of.
    budget: usize,
}

impl Search<'_> {
    fn last_frame(&mut self, bytes: &[u8]) -> Option<LastFrame> {
        (0..bytes.len()).rev().filter(|&place| bytes[place] == 0xff).find_map(|place| {
            let (first, block) = self.info.header(&bytes[place..])?;
            let length = self.frame_bytes(&bytes[place..])?;
            Some(LastFrame { end: place + length, sample: first + block })
        })
    }

    /// Length of the frame that begins here, if it is whole: its checksum comes out and it can be decoded.
    fn frame_bytes(&mut self, bytes: &[u8]) -> Option<usize> {
        let most = bytes.len().min(self.info.most_frame() as usize).min(self.budget);
        self.budget -= most;
        let mut sum = 0;
        let ends = bytes[..most].iter().enumerate().filter_map(|(place, &byte)| {
            sum = checksum(sum, byte);
            (sum == 0).then_some(place + 1)
        });
        let decoder = &mut self.decoder;
        ends.take(MOST_TRIED).find(|&end| {
            let packet = Packet::new(0, Timestamp::ZERO, Duration::ZERO, bytes[..end].to_vec());
            guarded(|| decoder.decode(&packet).map(|_| ())).is_ok()
        })
    }
}

/// Looks at the end of the place that begins with the marker.
pub(super) fn ending(whole: &Place, strict: bool) -> Result<Ending, Fault> {
    let mut file = BufReader::new(Window::open(whole)?);
    let file_end = file.get_ref().length();
    let (info, first_frame) = header(&mut file)?;
    let tags = trailing::before_tags(&mut file, first_frame.min(file_end), file_end)?;
    let mut options = AudioCodecParameters::new();
    options.for_codec(CODEC_ID_FLAC).with_extra_data(info.bytes.into());
    let decoder = guarded(|| FlacDecoder::try_new(&options, &AudioDecoderOptions::default()))?;
    let mut search = Search { info: &info, decoder, budget: MOST_SUMMED };
    let mut reach = REACH.max(4 * info.most_frame()).min(MOST_REACH);
    let found = loop {
        let from = tags.saturating_sub(reach).max(first_frame.min(tags));
        let mut bytes = vec![0; (tags - from) as usize];
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut bytes)?;
        if let Some(last) = search.last_frame(&bytes) {
            if bytes[last.end..].windows(4).any(|letters| letters == b"fLaC") {
                return Err(Fault::Unsupported(JOINED.to_string()));
            }
            // A frame that is cut begins like any other. One may be missing only while the audio goes on.
            let cut = bytes.get(last.end) == Some(&0xff) && (info.samples == 0 || last.sample < info.samples);
            break Some((from + last.end as u64, last.sample)).filter(|_| !cut);
        }
        if from <= first_frame || reach >= MOST_REACH || search.budget == 0 {
            break None;
        }
        reach = (reach * 8).min(MOST_REACH);
    };
    let Some((place, sample)) = found else {
        return Ok(Ending { place: tags, sample: None, stated: info.samples, note: None });
    };
    if strict
        && info.samples != 0
        && sample > info.samples
        && first_sample(&mut file, &info, first_frame)? == 0
    {
        let [stated, there] = [info.samples, sample].map(|samples| frames_after(samples, info.sample_rate));
        let reason = format!("its header states {stated:.3} s, but its last frame ends at {there:.3} s");
        return Err(Fault::Damaged(reason));
    }
    let note = trailing::note(&mut file, place, file_end)?;
    Ok(Ending { place, sample: Some(sample), stated: info.samples, note })
}

/// The header, and where the frames begin.
fn header(file: &mut (impl Read + Seek)) -> Result<(StreamInfo, u64), Fault> {
    let mut info = None;
    let mut at = 4;
    loop {
        let mut head = [0; 4];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut head)?;
        if head[0] & 0x7f == 0 {
            let mut bytes = [0; STREAM_INFO];
            file.read_exact(&mut bytes)?;
            info = Some(StreamInfo::parse(bytes));
        }
        at += 4 + u64::from(u32::from_be_bytes([0, head[1], head[2], head[3]]));
        if head[0] & 0x80 != 0 {
            break;
        }
    }
    let info = info.ok_or_else(|| Fault::Damaged("its header (STREAMINFO) is missing".to_string()))?;
    Ok((info, at))
}

/// Number of the first sample, which is not 0 in a file cut out of a longer one.
fn first_sample(file: &mut (impl Read + Seek), info: &StreamInfo, first_frame: u64) -> Result<u64, Fault> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(first_frame))?;
    file.take(16).read_to_end(&mut bytes)?;
    Ok(info.header(&bytes).map_or(0, |(first, _)| first))
}
