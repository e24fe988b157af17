//! WAV: chunk headers and PCM samples.
//!
//! `RIFF`, and `RF64`/`BW64` for files over 4 GiB; integers of 8, 16, 24, 32 and 64 bits, floats of 32 and 64
//! bits; plain and extensible format chunks, 1 to 24 channels in the order of the file whatever their mask. What
//! is coded in it (A-law, µ-law, ADPCM, MPEG) is given to a decoder.
//!
//! Read by hand because the decoder library at hand refuses extensible files of more than 18 channels and
//! files over 4 GiB.
//!
//! A writer that streams, or that was cut off, leaves a number in the header that stands for a length it did
//! not know. Then the audio goes on to the end of the file, and a note says so (`length_of`).
//!
//! Source: Microsoft, Multiple Channel Audio Data and WAVE Files; EBU Tech 3306 (RF64); ITU-R BS.2088 (BW64).

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_ADPCM_IMA_WAV, CODEC_ID_ADPCM_MS, CODEC_ID_PCM_ALAW, CODEC_ID_PCM_MULAW,
};

use super::blocks::Blocks;
use super::coded;
use super::info::FileFormat;
use super::place::{Place, Window};
use super::source::{Fault, Opened, Source, frames_after};
use super::trailing;

/// Frames decoded at a time.
const PACKET_FRAMES: usize = 1024;
/// Chunks before the samples. A file with more is not one that an audio program wrote.
const MOST_CHUNKS: usize = 4096;
/// Lengths that stand for one that the writer did not know, beside 0: the largest that fit 32 or 31 bits, or
/// are left of them behind the header, or are a multiple of 4096 or 256 below them.
const PLACEHOLDERS: [u64; 8] = [
    0xffff_ffff,
    0xffff_ffff - 36,
    0xffff_f000,
    0x8000_0000,
    0x7fff_ffff,
    0x7fff_ffff - 44,
    0x7fff_ff00,
    0x7fff_f000,
];
/// A stated length may be so many bytes too long: some writers count a header, or a padding, that is not there.
const MOST_TOO_LONG: u64 = 8;
/// No file is as long as this.
const LONGEST: u64 = 1 << 62;
const UNFINISHED: &str =
    "the header does not say how long the audio is: read to the end of the file (unfinished recording?)";
/// The last 14 bytes of the sub-format that carries a plain format tag in its first two.
const SUBFORMAT_TAIL: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/// How a sample is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Coding {
    U8,
    I16,
    I24,
    /// In the lower three of four bytes.
    LowI24,
    I32,
    I64,
    F32,
    /// Floats of 32 bits whose full scale is 2^23.
    F24,
    F64,
}

/// What the samples are given to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Numbers.
    Pcm(Coding),
    ALaw,
    MuLaw,
    /// Blocks of ADPCM, and what a block holds of each channel beside the samples: bytes, and samples in them.
    Ima,
    Microsoft,
    /// Layers I to III.
    Mpeg,
}

/// Names of what is found in WAV and not decoded, by format tag.
const OTHER_TAGS: [(u16, &str); 36] = [
    (0x0008, "DTS"),
    (0x000a, "Windows Media Voice"),
    (0x0012, "Videologic ADPCM"),
    (0x0014, "G.723 ADPCM"),
    (0x0016, "G.721 ADPCM"),
    (0x0020, "Yamaha ADPCM"),
    (0x0022, "TrueSpeech"),
    (0x0028, "LRC"),
    (0x0031, "GSM 6.10"),
    (0x0040, "G.721 ADPCM"),
    (0x0042, "G.723.1"),
    (0x0045, "G.726 ADPCM"),
    (0x0061, "Duck ADPCM"),
    (0x0062, "Duck ADPCM"),
    (0x0064, "G.726 ADPCM"),
    (0x0065, "G.722"),
    (0x0069, "Xbox ADPCM"),
    (0x0070, "Lernout & Hauspie"),
    (0x0075, "RT24"),
    (0x0083, "G.729"),
    (0x0085, "DSP Group"),
    (0x0092, "Dolby AC-3 over S/PDIF"),
    (0x00ff, "AAC"),
    (0x0111, "Vivo G.723"),
    (0x0130, "Sipro ACELP"),
    (0x0160, "Windows Media Audio"),
    (0x0161, "Windows Media Audio"),
    (0x0162, "Windows Media Audio"),
    (0x0163, "Windows Media Audio"),
    (0x0200, "Creative ADPCM"),
    (0x0270, "ATRAC3"),
    (0x028f, "G.722"),
    (0x1600, "AAC"),
    (0x2000, "AC-3"),
    (0xa106, "AAC"),
    (0xf1ac, "FLAC"),
];

impl Coding {
    fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::I16 => 2,
            Self::I24 => 3,
            Self::LowI24 | Self::I32 | Self::F32 | Self::F24 => 4,
            Self::I64 | Self::F64 => 8,
        }
    }
}

/// What the format chunk says.
struct Format {
    kind: Kind,
    channels: usize,
    sample_rate: u32,
    frame_bytes: usize,
    bits: Option<u32>,
    mask: Option<u32>,
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

impl Format {
    fn parse(chunk: &[u8]) -> Result<Self, Fault> {
        if chunk.len() < 16 {
            return Err(Fault::Damaged("the format chunk is too short".to_string()));
        }
        let (mut tag, channels, sample_rate) = (u16_at(chunk, 0), u16_at(chunk, 2), u32_at(chunk, 4));
        let (frame_bytes, bits) = (u16_at(chunk, 12), u16_at(chunk, 14));
        let mut mask = None;
        if tag == 0xfffe {
            if chunk.len() < 40 {
                return Err(Fault::Damaged("the extensible format chunk is too short".to_string()));
            }
            if chunk[26..40] != SUBFORMAT_TAIL {
                return Err(Fault::Unsupported("this sub-format of WAV".to_string()));
            }
            tag = u16_at(chunk, 24);
            mask = Some(u32_at(chunk, 20)).filter(|mask| mask.count_ones() == u32::from(channels));
        }
        if channels == 0 {
            return Err(Fault::Damaged("the format chunk states no channels".to_string()));
        }
        let kind = Self::kind(tag, bits, frame_bytes, channels)?;
        let frame_bytes = match kind {
            // Some writers leave 0, 1 or the bytes of a sample there.
            Kind::Pcm(coding) => channels * coding.bytes() as u16,
            Kind::ALaw | Kind::MuLaw => channels,
            Kind::Mpeg => frame_bytes.max(1),
            Kind::Ima | Kind::Microsoft if bits != 4 => {
                return Err(Fault::Unsupported(format!("ADPCM of {bits} bits in WAV")));
            }
            Kind::Ima | Kind::Microsoft => frame_bytes,
        };
        let (channels, frame_bytes) = (usize::from(channels), usize::from(frame_bytes));
        let bits = match kind {
            Kind::Pcm(_) => Some(u32::from(bits)),
            _ => None,
        };
        Ok(Self { kind, channels, sample_rate, frame_bytes, bits, mask })
    }

    fn kind(tag: u16, bits: u16, frame_bytes: u16, channels: u16) -> Result<Kind, Fault> {
        match tag {
            0x0002 => return Ok(Kind::Microsoft),
            0x0006 => return Ok(Kind::ALaw),
            0x0007 => return Ok(Kind::MuLaw),
            0x0011 => return Ok(Kind::Ima),
            0x0050 | 0x0055 => return Ok(Kind::Mpeg),
            1 | 3 => {}
            _ => {
                let known = OTHER_TAGS.iter().find(|(other, _)| *other == tag);
                let unknown = || format!("a coding of number {tag:#06x}");
                let name = known.map_or_else(unknown, |(_, name)| (*name).to_string());
                return Err(Fault::Unsupported(format!("{name} in WAV")));
            }
        }
        if bits == 0 {
            return Err(Fault::Damaged("the format chunk states no bits".to_string()));
        }
        let packed = bits.div_ceil(8);
        // Fewer bits may lie in more bytes, at their upper end.
        let wide = frame_bytes / channels;
        let fits = frame_bytes.is_multiple_of(channels) && wide > packed && matches!(wide, 2..=4 | 8);
        match (tag, if fits && tag == 1 { wide } else { packed }) {
            (1, 1) => Ok(Kind::Pcm(Coding::U8)),
            (1, 2) => Ok(Kind::Pcm(Coding::I16)),
            (1, 3) => Ok(Kind::Pcm(Coding::I24)),
            (1, 4) => Ok(Kind::Pcm(Coding::I32)),
            (1, 8) => Ok(Kind::Pcm(Coding::I64)),
            (3, 4) => Ok(Kind::Pcm(Coding::F32)),
            (3, 8) => Ok(Kind::Pcm(Coding::F64)),
            _ => Err(Fault::Unsupported(format!("WAV samples of {bits} bits"))),
        }
    }

    /// Frames in a block of ADPCM.
    fn block_frames(&self) -> Option<u64> {
        // A block begins with so many bytes of each channel, which hold so many of its samples.
        let (head, first) = if self.kind == Kind::Ima { (4, 1) } else { (7, 2) };
        let body = self.frame_bytes.checked_sub(head * self.channels)?;
        Some((2 * body / self.channels) as u64 + first)
    }
}

/// Where the samples lie.
struct Data {
    start: u64,
    /// Where the file ends.
    end: u64,
    /// Length of the whole that the header states.
    riff: u64,
}

impl Data {
    fn present(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Bytes of samples, of which the header states `stated`; `None` where the file is cut.
    fn length_of(
        &self,
        file: &mut BufReader<Window>,
        stated: u64,
        frame_bytes: u64,
        notes: &mut Vec<String>,
    ) -> Result<Option<u64>, Fault> {
        let present = self.present();
        if stated > present + MOST_TOO_LONG && !self.stands_for_unknown(stated, frame_bytes) {
            return Ok(None);
        }
        if stated > present && stated <= present + MOST_TOO_LONG {
            let missing = stated - present;
            notes.push(format!(
                "the header counts {missing} more than the bytes that are there: read to the end"
            ));
            return Ok(Some(present));
        }
        if stated > present {
            notes.push(UNFINISHED.to_string());
            return Ok(Some(present));
        }
        let end = self.start + stated;
        let behind = behind_chunks(file, end + stated % 2, self.end)?;
        let left = trailing::note(file, behind.min(self.end), self.end)?;
        match left {
            Some(_) if stated == 0 => {
                notes.push(UNFINISHED.to_string());
                Ok(Some(present))
            }
            left => {
                notes.extend(left);
                Ok(Some(stated))
            }
        }
    }

    /// Whether a length beyond the end of the file stands for one that was not known.
    fn stands_for_unknown(&self, stated: u64, frame_bytes: u64) -> bool {
        // As it is, or rounded down to whole frames.
        let placeholder = |length: u64| {
            PLACEHOLDERS.iter().any(|most| most.checked_sub(length).is_some_and(|by| by < frame_bytes))
        };
        // What is left of a placeholder for the whole behind the header.
        let whole = stated.saturating_add(self.start - 8);
        let left = placeholder(self.riff) && whole.abs_diff(self.riff) <= MOST_TOO_LONG;
        placeholder(stated) || left || stated >= LONGEST
    }
}

/// Where the chunks that follow one another from `at` on end: at `end` if they reach it.
fn behind_chunks(file: &mut BufReader<Window>, mut at: u64, end: u64) -> Result<u64, Fault> {
    for _ in 0..MOST_CHUNKS {
        let mut chunk = [0; 8];
        if at + 8 > end {
            break;
        }
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut chunk)?;
        let named = chunk[..4].iter().all(|byte| matches!(byte, b' '..=b'~'));
        let (body, length) = (at + 8, u64::from(u32_at(&chunk, 4)));
        if !named || length > end - body {
            break;
        }
        at = (body + length + length % 2).min(end);
    }
    Ok(at)
}

/// Samples that are numbers.
struct Wav {
    file: BufReader<Window>,
    coding: Coding,
    frame_bytes: usize,
    data_start: u64,
    frames: u64,
    position: u64,
    bytes: Vec<u8>,
}

/// Opens the file that fills a place.
pub(super) fn open(whole: &Place, strict: bool) -> Result<Opened, Fault> {
    let mut file = BufReader::new(Window::open(whole)?);
    let end = file.get_ref().length();
    let mut head = [0; 12];
    file.read_exact(&mut head)?;
    let wide = &head[..4] != b"RIFF";
    let mut wide_data_bytes = None;
    let mut format = None;
    let mut at = 12_u64;
    for _ in 0..MOST_CHUNKS {
        let mut chunk = [0; 8];
        file.seek(SeekFrom::Start(at))?;
        if let Err(error) = file.read_exact(&mut chunk) {
            return Err(match error.kind() {
                std::io::ErrorKind::UnexpectedEof => Fault::Damaged("it holds no samples".to_string()),
                _ => error.into(),
            });
        }
        let length = u64::from(u32_at(&chunk, 4));
        let body = at + 8;
        match &chunk[..4] {
            b"fmt " => {
                let mut bytes = vec![0; length.min(64) as usize];
                file.read_exact(&mut bytes)?;
                format = Some(Format::parse(&bytes)?);
            }
            b"ds64" if wide => {
                let mut bytes = [0; 16];
                file.read_exact(&mut bytes)?;
                wide_data_bytes = Some(u64::from(u32_at(&bytes, 8)) | u64::from(u32_at(&bytes, 12)) << 32);
            }
            b"data" => {
                let Some(format) = format else {
                    return Err(Fault::Damaged("its samples come before their format".to_string()));
                };
                let length = match wide_data_bytes {
                    Some(bytes) if matches!(length, 0 | 0xffff_ffff) => bytes,
                    _ => length,
                };
                let data = Data { start: body, end, riff: u64::from(u32_at(&head, 4)) };
                return with_data(whole, file, &format, data, length, strict);
            }
            _ => {}
        }
        at = body + length + length % 2;
    }
    Err(Fault::Damaged("it holds too many chunks".to_string()))
}

fn with_data(
    whole: &Place,
    mut file: BufReader<Window>,
    format: &Format,
    data: Data,
    stated: u64,
    strict: bool,
) -> Result<Opened, Fault> {
    let frame_bytes = format.frame_bytes.max(1) as u64;
    let mut notes = Vec::new();
    let length = match data.length_of(&mut file, stated, frame_bytes, &mut notes)? {
        None if !strict => {
            let missing = stated - data.present();
            notes.push(format!("{missing} of {stated} bytes of samples are missing at the end"));
            Some(data.present())
        }
        length => length,
    };
    let Some(bytes) = length else {
        let seconds = |bytes| match format.kind {
            Kind::Mpeg => 0.0,
            Kind::Ima | Kind::Microsoft => {
                frames_after(bytes / frame_bytes * format.block_frames().unwrap_or(0), format.sample_rate)
            }
            _ => frames_after(bytes / frame_bytes, format.sample_rate),
        };
        let (at, stated_seconds) = (seconds(data.present()), Some(seconds(stated)));
        return Err(Fault::Truncated { at, stated_seconds });
    };
    let (frames, rest) = (bytes / frame_bytes, bytes % frame_bytes);
    if rest > 0 && format.kind != Kind::Mpeg {
        notes.push(format!("the last frame has {rest} of its {frame_bytes} bytes and is left out"));
    }
    let samples = whole.part(data.start, data.start + bytes);
    let mut opened = match format.kind {
        Kind::Pcm(coding) => {
            let wide = coding == Coding::I32 && format.bits == Some(24);
            let coding = if wide { wide_24(&samples)? } else { coding };
            let (data_start, frame_bytes) = (data.start, format.frame_bytes);
            let wav = Wav { file, coding, frame_bytes, data_start, frames, position: 0, bytes: Vec::new() };
            let mut opened = Opened::new(wav, FileFormat::Wav, format.sample_rate, format.channels);
            opened.frames = Some(frames);
            opened.source.seek(0)?;
            opened
        }
        Kind::Mpeg => {
            let mut opened = coded::open_mpeg(&samples, strict)?;
            opened.format = FileFormat::Wav;
            opened
        }
        _ => blocks(format, &samples)?,
    };
    opened.bits = format.bits;
    opened.mask = format.mask;
    opened.notes.splice(0..0, notes);
    Ok(opened)
}

/// How 24 bits lie in four bytes, which no header says: at the upper end, so that the lowest byte is 0; at the lower end,
/// so that the highest byte is the sign (ALSA's arecord); otherwise they are floats (Cool Edit), as ffmpeg takes them.
fn wide_24(samples: &Place) -> Result<Coding, Fault> {
    const LOOKED_AT: u64 = 1 << 16;
    let mut bytes = Vec::new();
    Window::open(samples)?.take(LOOKED_AT).read_to_end(&mut bytes)?;
    let all = |test: &dyn Fn(&[u8]) -> bool| bytes.chunks_exact(4).all(test);
    Ok(if all(&|sample| sample[0] == 0) {
        Coding::I32
    } else if all(&|sample| sample[3] == if sample[2] & 0x80 != 0 { 0xff } else { 0 }) {
        Coding::LowI24
    } else {
        Coding::F24
    })
}

/// A decoder of samples that are coded one by one, or in blocks.
fn blocks(format: &Format, samples: &Place) -> Result<Opened, Fault> {
    let (codec, block_frames, together) = match format.kind {
        Kind::ALaw => (CODEC_ID_PCM_ALAW, Some(1), PACKET_FRAMES as u64),
        Kind::MuLaw => (CODEC_ID_PCM_MULAW, Some(1), PACKET_FRAMES as u64),
        Kind::Microsoft => (CODEC_ID_ADPCM_MS, format.block_frames(), 1),
        _ => (CODEC_ID_ADPCM_IMA_WAV, format.block_frames(), 1),
    };
    let too_small = || Fault::Damaged(format!("blocks of {} bytes hold no ADPCM", format.frame_bytes));
    let block_frames = block_frames.ok_or_else(too_small)?;
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(codec).with_sample_rate(format.sample_rate);
    parameters.with_channels(Channels::Discrete(format.channels as u16));
    parameters.with_max_frames_per_packet(block_frames * together).with_frames_per_block(block_frames);
    coded::open_blocks(Blocks::new(samples, format.frame_bytes as u64, block_frames, together)?, &parameters)
}

impl Source for Wav {
    fn next(&mut self, planes: &mut Vec<Vec<f32>>) -> Result<Option<u64>, Fault> {
        let start = self.position;
        let frames = (self.frames - start).min(PACKET_FRAMES as u64) as usize;
        if frames == 0 {
            return Ok(None);
        }
        self.bytes.resize(frames * self.frame_bytes, 0);
        self.file.read_exact(&mut self.bytes)?;
        let width = self.coding.bytes();
        for (channel, plane) in planes.iter_mut().enumerate() {
            plane.clear();
            let samples = self.bytes.chunks_exact(self.frame_bytes).map(|f| &f[channel * width..][..width]);
            match self.coding {
                Coding::U8 => plane.extend(samples.map(|s| (f32::from(s[0]) - 128.0) / 128.0)),
                Coding::I16 => {
                    plane.extend(samples.map(|s| f32::from(i16::from_le_bytes([s[0], s[1]])) / 32_768.0));
                }
                Coding::I24 => plane.extend(samples.map(|s| {
                    // In the upper three bytes of an i32, so that the sign comes out right.
                    i32::from_le_bytes([0, s[0], s[1], s[2]]) as f32 / 2_147_483_648.0
                })),
                Coding::LowI24 => plane.extend(
                    samples.map(|s| i32::from_le_bytes([0, s[0], s[1], s[2]]) as f32 / 2_147_483_648.0),
                ),
                Coding::F24 => {
                    plane.extend(samples.map(|s| f32::from_le_bytes([s[0], s[1], s[2], s[3]]) / 8_388_608.0))
                }
                Coding::I32 => plane.extend(samples.map(|s| {
                    (f64::from(i32::from_le_bytes([s[0], s[1], s[2], s[3]])) / 2_147_483_648.0) as f32
                })),
                Coding::I64 => plane.extend(samples.map(|s| {
                    let whole = i64::from_le_bytes([s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]]);
                    (whole as f64 / 9_223_372_036_854_775_808.0) as f32
                })),
                Coding::F32 => {
                    plane.extend(samples.map(|s| f32::from_le_bytes([s[0], s[1], s[2], s[3]])));
                }
                Coding::F64 => plane
                    .extend(samples.map(|s| {
                        f64::from_le_bytes([s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]]) as f32
                    })),
            }
        }
        self.position += frames as u64;
        Ok(Some(start))
    }

    fn seek(&mut self, frame: u64) -> Result<(), Fault> {
        let frame = frame.min(self.frames);
        self.file.seek(SeekFrom::Start(self.data_start + frame * self.frame_bytes as u64))?;
        self.position = frame;
        Ok(())
    }
}
