//! Writing: a file is there whole or not at all.
//!
//! ```text
//! samples -> times 2^(bits - 1) -> nearest step, clamped and counted -> file aside -> renamed at finish
//! ```
//!
//! No dither is added here. It comes before, in f64, at the scale of [`BitDepth::step`].
//!
//! Source: Microsoft, Multiple Channel Audio Data and WAVE Files; EBU Tech 3306 for files over 4 GiB.

use core::ops::Deref;
use std::borrow::ToOwned;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::vec::Vec;

use crate::files::outputs::check_ending;
use crate::files::{AsideFile, Real, SessionError, block_frames, check_channels, check_rate};

/// Frames put into bytes at a time.
const CHUNK_FRAMES: usize = 1024;
/// Bytes of the chunk that is kept free for the 64-bit lengths.
const WIDE_BYTES: u32 = 28;

/// How samples are stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BitDepth {
    /// Integers of 16 bits.
    Int16,
    /// Integers of 24 bits.
    Int24,
    /// Floats of 32 bits.
    Float32,
}

impl BitDepth {
    /// Bits per sample.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Int16 => 16,
            Self::Int24 => 24,
            Self::Float32 => 32,
        }
    }

    /// Distance between two neighbouring integers where full scale is ±1; `None` for floats.
    ///
    /// A value in steps times this is a sample, exactly.
    pub const fn step(self) -> Option<f64> {
        match self {
            Self::Int16 => Some(1.0 / 32_768.0),
            Self::Int24 => Some(1.0 / 8_388_608.0),
            Self::Float32 => None,
        }
    }
}

/// A WAV file being written aside.
///
/// Up to two channels get the plain format chunk, more the extensible one without speaker positions. A file
/// that grows over 4 GiB becomes RF64. Memory: one block of 1024 frames.
///
/// ```no_run
/// use mixdsp::files::{BitDepth, WavWriter};
///
/// # fn main() -> Result<(), mixdsp::files::SessionError> {
/// let mut writer = WavWriter::create("master.wav", 48_000, 2, BitDepth::Int24)?;
/// writer.write(&[[0.25_f64; 512].as_slice(), [-0.25; 512].as_slice()])?;
/// println!("{} samples clipped", writer.clipped());
/// writer.finish()
/// # }
/// ```
#[derive(Debug)]
pub struct WavWriter {
    file: AsideFile,
    sample_rate: u32,
    channels: usize,
    depth: BitDepth,
    frames: u64,
    clipped: u64,
    bytes: Vec<u8>,
    /// Greatest length that the plain form holds.
    most_bytes: u64,
}

impl WavWriter {
    /// Begins a file at `sample_rate` (8000 to 384000 Hz) with `channels` (1 to 24).
    ///
    /// # Errors
    /// [`SessionError::OutOfRange`], as [`check_ending`], and as [`AsideFile::create`].
    pub fn create(
        path: impl AsRef<Path>,
        sample_rate: u32,
        channels: usize,
        depth: BitDepth,
    ) -> Result<Self, SessionError> {
        check_rate("sample_rate", sample_rate)?;
        check_channels(channels)?;
        check_ending(path.as_ref())?;
        let file = AsideFile::create(path)?;
        let mut writer = Self {
            file,
            sample_rate,
            channels,
            depth,
            frames: 0,
            clipped: 0,
            bytes: Vec::new(),
            most_bytes: u64::from(u32::MAX),
        };
        // The lengths are not known yet; the place for them is what counts.
        writer.write_header().map_err(|source| writer.failed(source))?;
        Ok(writer)
    }

    /// Appends a block: one slice of equal length per channel, full scale ±1.
    ///
    /// Integers are rounded to the nearest step, ties to even; what lies beyond full scale is clamped and
    /// counted. Floats are stored as they are.
    ///
    /// # Errors
    /// [`SessionError::Shape`], [`SessionError::NonFinite`] with the place of the first such sample, and
    /// [`SessionError::Write`] when the disk is full or fails.
    pub fn write<P, T>(&mut self, block: &[P]) -> Result<(), SessionError>
    where
        P: Deref<Target = [T]>,
        T: Real,
    {
        let frames = block_frames(block, self.channels)?;
        self.check_finite(block)?;
        for start in (0..frames).step_by(CHUNK_FRAMES) {
            let end = frames.min(start + CHUNK_FRAMES);
            let frame_bytes = self.frame_bytes() as usize;
            self.bytes.resize((end - start) * frame_bytes, 0);
            for (channel, plane) in block.iter().enumerate() {
                let width = self.depth.bits() as usize / 8;
                let places = self.bytes[channel * width..].chunks_mut(frame_bytes);
                let samples = plane[start..end].iter().map(|sample| sample.to_f64());
                match self.depth {
                    BitDepth::Int16 => self.clipped += put_integers::<2>(samples, places),
                    BitDepth::Int24 => self.clipped += put_integers::<3>(samples, places),
                    BitDepth::Float32 => samples.zip(places).for_each(|(sample, place)| {
                        place[..4].copy_from_slice(&(sample as f32).to_le_bytes());
                    }),
                }
            }
            self.file.write_all(&self.bytes).map_err(|source| self.failed(source))?;
            self.frames += (end - start) as u64;
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
            path: self.file.path().to_owned(),
            channel,
            at_seconds: (self.frames + frame as u64) as f64 / f64::from(self.sample_rate),
            value: block[channel][frame].to_f64() as f32,
        })
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
        self.complete().map_err(|source| self.failed(source))?;
        self.file.finish()
    }

    fn complete(&mut self) -> io::Result<()> {
        if self.data_bytes() % 2 == 1 {
            self.file.write_all(&[0])?;
        }
        self.file.seek(SeekFrom::Start(0))?;
        self.write_header()
    }

    fn failed(&self, source: io::Error) -> SessionError {
        SessionError::Write { path: self.file.path().to_owned(), source: source.into() }
    }

    fn frame_bytes(&self) -> u32 {
        self.channels as u32 * self.depth.bits() / 8
    }

    fn data_bytes(&self) -> u64 {
        self.frames * u64::from(self.frame_bytes())
    }

    fn write_header(&mut self) -> io::Result<()> {
        let format = self.format_chunk();
        let fact = self.depth == BitDepth::Float32;
        let data = self.data_bytes();
        let head = 4 + 8 + WIDE_BYTES as usize + 8 + format.len() + if fact { 12 } else { 0 } + 8;
        let riff = head as u64 + data + data % 2;
        let wide = riff > self.most_bytes;
        let short = |length: u64| if wide { u32::MAX } else { length as u32 }.to_le_bytes();
        let mut out = Vec::with_capacity(head + 8);
        out.extend_from_slice(if wide { b"RF64" } else { b"RIFF" });
        out.extend_from_slice(&short(riff));
        out.extend_from_slice(b"WAVE");
        out.extend_from_slice(if wide { b"ds64" } else { b"JUNK" });
        out.extend_from_slice(&WIDE_BYTES.to_le_bytes());
        let lengths = if wide { [riff, data, self.frames] } else { [0; 3] };
        lengths.iter().for_each(|length| out.extend_from_slice(&length.to_le_bytes()));
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(b"fmt ");
        out.extend_from_slice(&(format.len() as u32).to_le_bytes());
        out.extend_from_slice(&format);
        if fact {
            out.extend_from_slice(b"fact");
            out.extend_from_slice(&4_u32.to_le_bytes());
            out.extend_from_slice(&short(self.frames));
        }
        out.extend_from_slice(b"data");
        out.extend_from_slice(&short(data));
        self.file.write_all(&out)
    }

    fn format_chunk(&self) -> Vec<u8> {
        let float = self.depth == BitDepth::Float32;
        let tag: u16 = if float { 3 } else { 1 };
        let extensible = self.channels > 2;
        let mut out = Vec::with_capacity(40);
        out.extend_from_slice(&if extensible { 0xfffe } else { tag }.to_le_bytes());
        out.extend_from_slice(&(self.channels as u16).to_le_bytes());
        out.extend_from_slice(&self.sample_rate.to_le_bytes());
        out.extend_from_slice(&(self.sample_rate * self.frame_bytes()).to_le_bytes());
        out.extend_from_slice(&(self.frame_bytes() as u16).to_le_bytes());
        out.extend_from_slice(&(self.depth.bits() as u16).to_le_bytes());
        if extensible {
            out.extend_from_slice(&22_u16.to_le_bytes());
            out.extend_from_slice(&(self.depth.bits() as u16).to_le_bytes());
            // No channel has a speaker.
            out.extend_from_slice(&[0; 4]);
            out.extend_from_slice(&tag.to_le_bytes());
            out.extend_from_slice(&[0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
        } else if float {
            out.extend_from_slice(&[0; 2]);
        }
        out
    }
}

/// Rounds samples to integers of `BYTES` bytes and puts each at the start of its place. Gives the number that
/// had to be clamped.
fn put_integers<'a, const BYTES: usize>(
    samples: impl Iterator<Item = f64>,
    places: impl Iterator<Item = &'a mut [u8]>,
) -> u64 {
    // Adding and taking this away leaves the nearest integer, the even one of two, for what is far smaller.
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    let scale = (1_u64 << (8 * BYTES - 1)) as f64;
    let mut clipped = 0;
    for (sample, place) in samples.zip(places) {
        let nearest = (sample * scale).clamp(-2.0 * scale, 2.0 * scale) + ROUNDER - ROUNDER;
        let clamped = nearest.clamp(-scale, scale - 1.0);
        clipped += u64::from(clamped != nearest);
        place[..BYTES].copy_from_slice(&(clamped as i32).to_le_bytes()[..BYTES]);
    }
    clipped
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
            let mut writer = WavWriter::create(&path, 44_100, 1, depth).unwrap();
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
        let mut writer = WavWriter::create(folder.path("f.wav"), 192_000, 2, BitDepth::Float32).unwrap();
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
            let mut writer = WavWriter::create(&path, 48_000, channels, depth).unwrap();
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
        let mut writer = WavWriter::create(&path, 48_000, 2, BitDepth::Int24).unwrap();
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
        let mut writer = WavWriter::create(&path, 44_100, 1, BitDepth::Int16).unwrap();
        writer.write(&block).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"what was there");
        drop(writer);
        assert_eq!(fs::read(&path).unwrap(), b"what was there");
        assert_eq!(folder.names(), core::slice::from_ref(&path));
        let mut writer = WavWriter::create(&path, 44_100, 1, BitDepth::Int16).unwrap();
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
            let error = WavWriter::create(path, 44_100, 2, BitDepth::Int16).unwrap_err();
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
            |rate, channels| WavWriter::create(folder.path("x.wav"), rate, channels, BitDepth::Int16);
        let error = create(7_999, 2).unwrap_err();
        assert_eq!(error.to_string(), "sample_rate is 7999, must be from 8000 to 384000");
        assert_eq!(create(48_000, 25).unwrap_err().to_string(), "channels is 25, must be from 1 to 24");
    }

    #[test]
    fn a_sample_that_is_not_finite_is_refused_with_its_time() {
        let folder = Folder::new("refused");
        let path = folder.path("r.wav");
        let mut writer = WavWriter::create(&path, 10_000, 2, BitDepth::Float32).unwrap();
        writer.write(&[[0.0_f32; 5000], [0.0; 5000]].map(Vec::from)).unwrap();
        let error = writer.write(&[vec![0.0, 0.0, f64::NAN], vec![0.0, f64::INFINITY, 0.0]]).unwrap_err();
        assert!(error.to_string().ends_with("sample is inf at 0.500100 s in channel 2"), "{error}");
        drop(writer);
        assert!(folder.names().is_empty());
    }
}
