//! Writing: a file is there whole or not at all.
//!
//! ```text
//! samples -> times 2^(bits - 1) -> nearest step, clamped and counted -> WAV (`wav`), AIFF (`aiff`), FLAC (`flac`)
//!         -> file aside -> renamed at finish
//! ```
//!
//! No dither is added here. It comes before, in f64, at the scale of [`BitDepth::step`].

mod aiff;
mod broadcast;
mod flac;
mod layout;
mod wav;

use core::ops::Deref;
use std::borrow::ToOwned;
use std::boxed::Box;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::vec::Vec;

use crate::files::{AsideFile, Real, SessionError, block_frames, check_channels, check_rate};
pub use broadcast::{Broadcast, BroadcastLoudness};
use flac::FlacFile;
pub use layout::BitDepth;
use layout::Layout;

/// Frames put into bytes at a time.
const CHUNK_FRAMES: usize = 1024;
/// Endings of the files that are written, in any case.
pub const WRITTEN_ENDINGS: [&str; 6] = ["wav", "wave", "flac", "aiff", "aif", "aifc"];

/// The kinds of file that are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum WrittenFormat {
    /// WAV: plain up to two channels, extensible beyond; RF64 over 4 GiB.
    Wav,
    /// FLAC of 16 or 24 bits, up to 8 channels.
    Flac,
    /// AIFF; AIFC for floats.
    Aiff,
}

impl WrittenFormat {
    /// The kind that a name asks for by its ending; none at all is WAV.
    ///
    /// # Errors
    /// [`SessionError::Ending`].
    pub fn of(path: impl AsRef<Path>) -> Result<Self, SessionError> {
        let path = path.as_ref();
        let Some(ending) = path.extension() else { return Ok(Self::Wav) };
        match WRITTEN_ENDINGS.iter().position(|written| ending.eq_ignore_ascii_case(written)) {
            Some(0 | 1) => Ok(Self::Wav),
            Some(2) => Ok(Self::Flac),
            Some(_) => Ok(Self::Aiff),
            None => Err(SessionError::Ending { path: path.to_owned() }),
        }
    }

    /// What such a file cannot hold, in words.
    fn refuses(self, channels: usize, depth: BitDepth) -> Option<&'static str> {
        match self {
            Self::Flac if depth == BitDepth::Float32 => Some("FLAC holds no floats: 16 or 24 bits, or WAV"),
            Self::Flac if channels > 8 => Some("FLAC holds up to 8 channels, WAV more"),
            _ => None,
        }
    }
}

/// An audio file being written aside.
///
/// The ending decides what it is ([`WrittenFormat`]). Up to two channels get WAV's plain format chunk, more the
/// extensible one; a WAV that grows over 4 GiB becomes RF64. Memory: one block of 1024 frames, for FLAC of 4096.
///
/// ```no_run
/// use mixdsp::files::{AudioWriter, BitDepth};
///
/// # fn main() -> Result<(), mixdsp::files::SessionError> {
/// let mut writer = AudioWriter::create("master.flac", 48_000, 2, BitDepth::Int24)?;
/// writer.write(&[[0.25_f64; 512].as_slice(), [-0.25; 512].as_slice()])?;
/// println!("{} samples clipped", writer.clipped());
/// writer.finish()
/// # }
/// ```
pub struct AudioWriter {
    path: PathBuf,
    body: Body,
    layout: Layout,
    frames: u64,
    clipped: u64,
    /// Greatest length that the plain form of WAV, and AIFF, hold.
    most_bytes: u64,
    /// What a Broadcast Wave file says, and the chunk that has its place before the samples.
    broadcast: Option<Broadcast>,
    said: Vec<u8>,
    /// Bytes behind the samples.
    behind: u64,
}

/// What takes the samples.
enum Body {
    Plain { file: AsideFile, big_endian: bool, bytes: Vec<u8> },
    Flac(Box<FlacFile>),
}

impl core::fmt::Debug for AudioWriter {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut out = f.debug_struct("AudioWriter");
        out.field("path", &self.path).field("layout", &self.layout).field("frames", &self.frames);
        out.finish_non_exhaustive()
    }
}

impl AudioWriter {
    /// Begins a file at `sample_rate` (8000 to 384000 Hz) with `channels` (1 to 24).
    ///
    /// # Errors
    /// [`SessionError::OutOfRange`], [`SessionError::Ending`], [`SessionError::Depth`] for what such a file cannot
    /// hold, and as [`AsideFile::create`].
    pub fn create(
        path: impl AsRef<Path>,
        sample_rate: u32,
        channels: usize,
        depth: BitDepth,
    ) -> Result<Self, SessionError> {
        let format = WrittenFormat::of(path.as_ref())?;
        Self::create_as(path, format, sample_rate, channels, depth, None)
    }

    /// As [`create`](Self::create), of a kind that the name does not decide, and with the speakers of the
    /// channels as bits of WAVE's mask, where they are known.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub fn create_as(
        path: impl AsRef<Path>,
        format: WrittenFormat,
        sample_rate: u32,
        channels: usize,
        depth: BitDepth,
        mask: Option<u32>,
    ) -> Result<Self, SessionError> {
        let path = path.as_ref();
        check_rate("sample_rate", sample_rate)?;
        check_channels(channels)?;
        if let Some(reason) = format.refuses(channels, depth) {
            return Err(SessionError::Depth { path: path.to_owned(), reason });
        }
        let layout = Layout { sample_rate, channels, depth, mask };
        let file = AsideFile::create(path)?;
        let body = match format {
            WrittenFormat::Flac => {
                let begun = FlacFile::begin(file, &layout).map_err(|source| failed(path, source))?;
                Body::Flac(Box::new(begun))
            }
            _ => Body::Plain { file, big_endian: format == WrittenFormat::Aiff, bytes: Vec::new() },
        };
        let most_bytes = u64::from(u32::MAX);
        let mut writer = Self {
            path: path.to_owned(),
            body,
            layout,
            frames: 0,
            clipped: 0,
            most_bytes,
            broadcast: None,
            said: Vec::new(),
            behind: 0,
        };
        // The lengths are not known yet; the place for them is what counts.
        writer.write_header().map_err(|source| failed(path, source))?;
        Ok(writer)
    }

    /// Appends a block: one slice of equal length per channel, full scale ±1.
    ///
    /// Integers are rounded to the nearest step, ties to even; what lies beyond full scale is clamped and
    /// counted. Floats are stored as they are.
    ///
    /// # Errors
    /// [`SessionError::Shape`], [`SessionError::NonFinite`] with the place of the first such sample, and
    /// [`SessionError::Write`] when the disk is full or fails, or AIFF grows over 4 GiB.
    pub fn write<P, T>(&mut self, block: &[P]) -> Result<(), SessionError>
    where
        P: Deref<Target = [T]>,
        T: Real,
    {
        let frames = block_frames(block, self.layout.channels)?;
        self.check_finite(block)?;
        for start in (0..frames).step_by(CHUNK_FRAMES) {
            let end = frames.min(start + CHUNK_FRAMES);
            let planes = block.iter().map(|plane| &plane[start..end]);
            let written = self.body.write(&self.layout, planes, end - start);
            self.clipped += written.map_err(|source| failed(&self.path, source))?;
            self.frames += (end - start) as u64;
        }
        let too_long = matches!(self.body, Body::Plain { big_endian: true, .. })
            && self.data_bytes() > self.most_bytes - aiff::MOST_HEAD;
        if too_long {
            let error =
                io::Error::new(io::ErrorKind::FileTooLarge, "AIFF holds no more than 4 GiB, WAV does");
            return Err(failed(&self.path, error));
        }
        Ok(())
    }

    fn check_finite<P, T>(&self, block: &[P]) -> Result<(), SessionError>
    where
        P: Deref<Target = [T]>,
        T: Real,
    {
        // Without a way out of the loop it takes several samples at a time.
        let finite = |plane: &P| plane.iter().fold(true, |all, x| all & x.to_f64().is_finite());
        if block.iter().all(finite) {
            return Ok(());
        }
        let first = |plane: &P| plane.iter().position(|x| !x.to_f64().is_finite());
        let places = block.iter().enumerate().filter_map(|(channel, p)| Some((first(p)?, channel)));
        let (frame, channel) = places.min().unwrap_or_default();
        Err(SessionError::NonFinite {
            path: self.path.clone(),
            channel,
            at_seconds: (self.frames + frame as u64) as f64 / f64::from(self.layout.sample_rate),
            value: block[channel][frame].to_f64() as f32,
        })
    }

    /// Makes it a Broadcast Wave file, with the chunks `bext` (EBU Tech 3285, version 2) and `iXML`: before the first
    /// sample. Said again before the end it may state another loudness, and else what is as long.
    ///
    /// # Errors
    /// [`SessionError::Depth`] where the file is no WAV, or it is too late; [`SessionError::OutOfRange`] for a text that is
    /// too long; [`SessionError::Write`].
    pub fn describe(&mut self, broadcast: Broadcast) -> Result<(), SessionError> {
        let path = self.path.clone();
        let refused = |reason| SessionError::Depth { path: path.clone(), reason };
        if !matches!(self.body, Body::Plain { big_endian: false, .. }) {
            return Err(refused("only WAV holds what Broadcast Wave says"));
        }
        broadcast.check()?;
        let said = broadcast.bext();
        if self.frames > 0 && said.len() != self.said.len() {
            return Err(refused("what Broadcast Wave says comes before the first sample"));
        }
        (self.said, self.broadcast) = (said, Some(broadcast));
        if self.frames > 0 {
            return Ok(());
        }
        let Body::Plain { file, .. } = &mut self.body else { return Ok(()) };
        file.seek(SeekFrom::Start(0)).map_err(|source| failed(&self.path, source))?;
        self.write_header().map_err(|source| failed(&self.path, source))
    }

    /// Frames written so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Samples beyond full scale so far, counted on each channel; always 0 for floats.
    pub fn clipped(&self) -> u64 {
        self.clipped
    }

    /// Completes the file and gives it its name.
    ///
    /// # Errors
    /// [`SessionError::Write`]; then nothing is left.
    pub fn finish(mut self) -> Result<(), SessionError> {
        self.complete().map_err(|source| failed(&self.path, source))?;
        let file = match self.body {
            Body::Plain { file, .. } => file,
            Body::Flac(flac) => flac.finish().map_err(|source| failed(&self.path, source))?,
        };
        file.finish()
    }

    fn complete(&mut self) -> io::Result<()> {
        let odd = self.data_bytes() % 2 == 1;
        let Body::Plain { file, .. } = &mut self.body else { return Ok(()) };
        if odd {
            file.write_all(&[0])?;
        }
        if let Some(broadcast) = &self.broadcast {
            let Layout { sample_rate, channels, depth, .. } = self.layout;
            let ixml = broadcast.ixml(sample_rate, depth.bits(), channels);
            file.write_all(&ixml)?;
            self.behind = ixml.len() as u64;
        }
        file.seek(SeekFrom::Start(0))?;
        self.write_header()
    }

    fn data_bytes(&self) -> u64 {
        self.frames * u64::from(self.layout.frame_bytes())
    }

    fn write_header(&mut self) -> io::Result<()> {
        let Body::Plain { file, big_endian, .. } = &mut self.body else { return Ok(()) };
        let header = match *big_endian {
            true => aiff::header(&self.layout, self.frames),
            false => wav::header(&self.layout, self.frames, self.most_bytes, &self.said, self.behind),
        };
        file.write_all(&header)
    }
}

fn failed(path: &Path, source: io::Error) -> SessionError {
    SessionError::Write { path: path.to_owned(), source: source.into() }
}

impl Body {
    /// Writes one block of planes and gives the number of samples that had to be clamped.
    fn write<'a, T: Real + 'a>(
        &mut self,
        layout: &Layout,
        planes: impl Iterator<Item = &'a [T]>,
        frames: usize,
    ) -> io::Result<u64> {
        let mut clipped = 0;
        match self {
            Self::Flac(flac) => {
                let steps = 1.0 / layout.depth.step().unwrap_or(1.0);
                flac.write(planes.map(|plane| integers(plane, steps, &mut clipped).collect::<Vec<i32>>()))?;
            }
            Self::Plain { file, big_endian, bytes } => {
                let (frame_bytes, big_endian) = (layout.frame_bytes() as usize, *big_endian);
                let width = layout.depth.bits() as usize / 8;
                bytes.resize(frames * frame_bytes, 0);
                for (channel, plane) in planes.enumerate() {
                    let places = bytes[channel * width..].chunks_mut(frame_bytes);
                    match layout.depth.step() {
                        Some(step) => integers(plane, 1.0 / step, &mut clipped).zip(places).for_each(
                            |(value, place)| match big_endian {
                                true => place[..width].copy_from_slice(&value.to_be_bytes()[4 - width..]),
                                false => place[..width].copy_from_slice(&value.to_le_bytes()[..width]),
                            },
                        ),
                        None => plane.iter().zip(places).for_each(|(sample, place)| {
                            let value = sample.to_f64() as f32;
                            let four = if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
                            place[..4].copy_from_slice(&four);
                        }),
                    }
                }
                file.write_all(bytes)?;
            }
        }
        Ok(clipped)
    }
}

/// Samples rounded to the nearest step, of which full scale has `scale`; those that have to be clamped are counted.
fn integers<'a, T: Real>(plane: &'a [T], scale: f64, clipped: &'a mut u64) -> impl Iterator<Item = i32> + 'a {
    // Adding and taking this away leaves the nearest integer, the even one of two, for what is far smaller.
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    plane.iter().map(move |sample| {
        let nearest = (sample.to_f64() * scale).clamp(-2.0 * scale, 2.0 * scale) + ROUNDER - ROUNDER;
        let clamped = nearest.clamp(-scale, scale - 1.0);
        *clipped += u64::from(clamped != nearest);
        clamped as i32
    })
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{Folder, decode};
    use super::*;
    use std::fs;
    use std::string::ToString;
    use std::vec;

    fn field(bytes: &[u8], name: &[u8; 4]) -> Vec<u8> {
        let place = bytes.windows(4).position(|w| w == name).unwrap();
        let length = u32::from_le_bytes(bytes[place + 4..place + 8].try_into().unwrap()) as usize;
        bytes[place + 8..].iter().copied().take(length).collect()
    }

    #[test]
    fn samples_go_to_the_nearest_step_and_stop_at_full_scale() {
        let folder = Folder::new("rounding");
        for (depth, scale) in [(BitDepth::Int16, 32_768.0), (BitDepth::Int24, 8_388_608.0_f64)] {
            // In steps: ties go to the even one, full scale is one step short of +1.
            let steps = [0.49, 0.51, -0.51, 1.5, 2.5, -1.5, scale - 1.0, -scale, scale, -scale - 0.6, 1e30];
            let right =
                [0.0, 1.0, -1.0, 2.0, 2.0, -2.0, scale - 1.0, -scale, scale - 1.0, -scale, scale - 1.0];
            let path = folder.path("steps.wav");
            let mut writer = AudioWriter::create(&path, 44_100, 1, depth).unwrap();
            let samples: Vec<f64> = steps.iter().map(|s| s * depth.step().unwrap()).collect();
            writer.write(&[&samples[..]]).unwrap();
            assert_eq!((writer.frames(), writer.clipped()), (11, 3));
            writer.finish().unwrap();
            let read: Vec<f64> = decode(&path).unwrap()[0].iter().map(|&x| f64::from(x) * scale).collect();
            assert_eq!(read, right);
        }
    }

    #[test]
    fn floats_come_back_with_their_bits() {
        let folder = Folder::new("floats");
        let planes = vec![vec![1e-30_f32, -3.5, 1.0 / 3.0, 0.0], vec![0.1, 0.2, -0.0, 7e20]];
        let mut writer = AudioWriter::create(folder.path("f.wav"), 192_000, 2, BitDepth::Float32).unwrap();
        writer.write(&planes).unwrap();
        writer.finish().unwrap();
        let read = decode(folder.path("f.wav")).unwrap();
        let bits =
            |planes: &[Vec<f32>]| -> Vec<u32> { planes.concat().iter().map(|x| x.to_bits()).collect() };
        assert_eq!(bits(&read), bits(&planes));
        let bytes = fs::read(folder.path("f.wav")).unwrap();
        assert_eq!(field(&bytes, b"fact"), 4_u32.to_le_bytes());
        assert_eq!(&bytes[4..8], (bytes.len() as u32 - 8).to_le_bytes());
    }

    #[test]
    fn headers_say_what_the_standard_asks() {
        let folder = Folder::new("headers");
        let path = folder.path("h.wav");
        for (channels, depth) in [(1, BitDepth::Int24), (2, BitDepth::Int16), (24, BitDepth::Int24)] {
            let mut writer = AudioWriter::create(&path, 48_000, channels, depth).unwrap();
            writer.write(&vec![[0.5_f32; 3].as_slice(); channels]).unwrap();
            writer.finish().unwrap();
            let bytes = fs::read(&path).unwrap();
            let format = field(&bytes, b"fmt ");
            let frame = channels as u32 * depth.bits() / 8;
            let two = |at: usize| u32::from(u16::from_le_bytes([format[at], format[at + 1]]));
            assert_eq!(two(0), if channels > 2 { 0xfffe } else { 1 });
            assert_eq!((two(2), two(12), two(14)), (channels as u32, frame, depth.bits()));
            assert_eq!(format[8..12], (48_000 * frame).to_le_bytes());
            assert_eq!(format.len(), if channels > 2 { 40 } else { 16 });
            assert_eq!(field(&bytes, b"data").len() as u32, 3 * frame);
            assert_eq!(&bytes[4..8], (bytes.len() as u32 - 8).to_le_bytes());
            assert_eq!(bytes.len() % 2, 0, "chunks are padded to an even length");
            assert_eq!(decode(&path).unwrap(), vec![vec![0.5; 3]; channels]);
        }
    }

    #[test]
    fn a_file_too_long_for_32_bits_becomes_wide() {
        let folder = Folder::new("wide");
        let path = folder.path("wide.wav");
        let mut writer = AudioWriter::create(&path, 48_000, 2, BitDepth::Int24).unwrap();
        writer.most_bytes = 6000;
        let plane: Vec<f32> = (0..2000).map(|x| x as f32 / 4096.0).collect();
        writer.write(&[&plane[..], &plane[..]]).unwrap();
        writer.finish().unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(&bytes[..8], b"RF64\xff\xff\xff\xff");
        let lengths = [bytes.len() as u64 - 8, 12_000, 2000].map(u64::to_le_bytes).concat();
        assert_eq!(field(&bytes, b"ds64")[..24], lengths);
        assert_eq!(decode(&path).unwrap(), vec![plane; 2]);
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = Folder::new("aside");
        let path = folder.write("mix.wav", b"what was there");
        let block = [[0.5_f32; 5000].as_slice()];
        let mut writer = AudioWriter::create(&path, 44_100, 1, BitDepth::Int16).unwrap();
        writer.write(&block).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"what was there");
        drop(writer);
        assert_eq!(fs::read(&path).unwrap(), b"what was there");
        assert_eq!(folder.names(), core::slice::from_ref(&path));
        let mut writer = AudioWriter::create(&path, 44_100, 1, BitDepth::Int16).unwrap();
        writer.write(&block).unwrap();
        writer.finish().unwrap();
        assert_eq!(decode(&path).unwrap()[0].len(), 5000);
        assert_eq!(folder.names(), core::slice::from_ref(&path));
        let mut text = AsideFile::create(folder.path("session.toml")).unwrap();
        text.write_all(b"version = 1\n").unwrap();
        text.finish().unwrap();
        assert_eq!(fs::read(folder.path("session.toml")).unwrap(), b"version = 1\n");
        assert_eq!(folder.names().len(), 2);
    }

    #[test]
    fn what_cannot_be_written_is_said_before_the_work() {
        let folder = Folder::new("unwritable");
        let message = |path: &Path| {
            let error = AudioWriter::create(path, 44_100, 2, BitDepth::Int16).unwrap_err();
            error.to_string().split_once(": ").unwrap().1.to_owned()
        };
        let missing = folder.path("missing/mix.wav");
        assert!(message(&missing).starts_with("cannot be written: "));
        let taken = "cannot be written: the name belongs to something that is not a file";
        assert_eq!(message(&folder.0), taken);
        #[cfg(unix)]
        {
            let socket = folder.path("socket");
            let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
            assert_eq!(message(&socket), taken);
            assert_eq!(folder.names(), [socket]);
        }
        let create =
            |rate, channels| AudioWriter::create(folder.path("x.wav"), rate, channels, BitDepth::Int16);
        let error = create(7_999, 2).unwrap_err();
        assert_eq!(error.to_string(), "sample_rate is 7999, must be from 8000 to 384000");
        assert_eq!(create(48_000, 25).unwrap_err().to_string(), "channels is 25, must be from 1 to 24");
    }

    #[test]
    fn a_sample_that_is_not_finite_is_refused_with_its_time() {
        let folder = Folder::new("refused");
        let path = folder.path("r.wav");
        let mut writer = AudioWriter::create(&path, 10_000, 2, BitDepth::Float32).unwrap();
        writer.write(&[[0.0_f32; 5000], [0.0; 5000]].map(Vec::from)).unwrap();
        let error = writer.write(&[vec![0.0, 0.0, f64::NAN], vec![0.0, f64::INFINITY, 0.0]]).unwrap_err();
        assert!(error.to_string().ends_with("sample is inf at 0.500100 s in channel 2"), "{error}");
        drop(writer);
        assert!(folder.names().is_empty());
    }

    #[test]
    fn what_broadcast_wave_says_has_its_place_before_the_samples() {
        let folder = Folder::new("broadcast");
        let path = folder.path("b.wav");
        let said = |integrated| Broadcast {
            description: "Tönung".to_owned(),
            coding_history: "A=PCM".to_owned(),
            loudness: BroadcastLoudness { integrated_lufs: integrated, ..Default::default() },
            note: "<&>".to_owned(),
            ..Default::default()
        };
        let mut writer = AudioWriter::create(&path, 48_000, 1, BitDepth::Int24).unwrap();
        writer.most_bytes = 2000;
        writer.describe(said(None)).unwrap();
        writer.write(&[&[0.5_f32; 333][..]]).unwrap();
        writer.describe(said(Some(-23.456))).unwrap();
        let late =
            writer.describe(Broadcast { coding_history: "A=PCM,F=48000".into(), ..said(None) }).unwrap_err();
        assert!(late.to_string().contains("before the first sample"), "{late}");
        writer.finish().unwrap();
        let bytes = fs::read(&path).unwrap();
        let bext = field(&bytes, b"bext");
        assert_eq!((&bext[..7], bext.len()), (&b"T?nung\0"[..], 602 + 7));
        // -23.456 LUFS, and a range that is not known.
        assert_eq!(bext[412..416], [0xd6, 0xf6, 0xff, 0x7f]);
        let place = |name: &[u8; 4]| bytes.windows(4).position(|w| w == name).unwrap();
        assert!(place(b"bext") < place(b"data") && place(b"data") < place(b"iXML"));
        let ixml = field(&bytes, b"iXML");
        assert!(core::str::from_utf8(&ixml).unwrap().contains("<NOTE>&lt;&amp;&gt;</NOTE>"));
        // Too long for its limit, so the 64-bit length counts what is behind the samples too.
        assert_eq!(field(&bytes, b"ds64")[..8], (bytes.len() as u64 - 8).to_le_bytes());
        assert_eq!(decode(&path).unwrap(), vec![vec![0.5; 333]]);
    }
}
