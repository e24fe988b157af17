//! Writing: a file is there whole or not at all.
//!
//! ```text
//! samples -> times 2^(bits - 1) -> nearest step, clamped and counted -> temporary file -> renamed at finish
//! ```
//!
//! No dither is added here. It comes before, in f64, at the scale of [`BitDepth::step`].
//!
//! Source: Microsoft, Multiple Channel Audio Data and WAVE Files; EBU Tech 3306 for files over 4 GiB.

use core::fmt;
use core::ops::Deref;
use core::sync::atomic::{AtomicU64, Ordering};
use std::borrow::ToOwned;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::vec::Vec;
use std::{format, process};

use super::{Real, SessionError, block_frames, check_channels, check_rate};

/// Frames put into bytes at a time.
const CHUNK_FRAMES: usize = 1024;
/// Names tried for the temporary file.
const MOST_NAMES: u64 = 10_000;
/// Bytes of the chunk that is kept free for the 64-bit lengths.
const WIDE_BYTES: u32 = 28;

static NAMES: AtomicU64 = AtomicU64::new(0);

/// A file that is written under a temporary name in the same folder and takes its own name, replacing what
/// had it, only when it is finished.
///
/// Dropped before that, it leaves nothing behind and what had the name stays.
pub struct AsideFile {
    path: PathBuf,
    temporary: PathBuf,
    file: Option<BufWriter<File>>,
}

impl fmt::Debug for AsideFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsideFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl AsideFile {
    /// Begins a file.
    ///
    /// # Errors
    /// [`SessionError::Write`] when its folder is missing or cannot be written, or when the name belongs to
    /// something that is not a file (a folder, a device).
    pub fn create(path: impl AsRef<Path>) -> Result<Self, SessionError> {
        let path = path.as_ref();
        let (temporary, file) =
            Self::begin(path).map_err(|source| SessionError::Write { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), temporary, file: Some(BufWriter::new(file)) })
    }

    fn begin(path: &Path) -> io::Result<(PathBuf, File)> {
        if path.file_name().is_none() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is not the name of a file"));
        }
        match fs::metadata(path) {
            Ok(found) if !found.is_file() => {
                let kind = io::ErrorKind::AlreadyExists;
                return Err(io::Error::new(kind, "the name belongs to something that is not a file"));
            }
            _ => {}
        }
        for _ in 0..MOST_NAMES {
            let number = NAMES.fetch_add(1, Ordering::Relaxed);
            let temporary = path.with_file_name(format!(".mixdsp-{}-{number}.part", process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&temporary) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                result => return result.map(|file| (temporary, file)),
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "no temporary name is free"))
    }

    /// The name that the file will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts everything on the disk and gives the file its name.
    ///
    /// # Errors
    /// [`SessionError::Write`]; then nothing is left.
    pub fn finish(mut self) -> Result<(), SessionError> {
        self.commit().map_err(|source| SessionError::Write { path: self.path.clone(), source })
    }

    fn commit(&mut self) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            file.flush()?;
            file.get_ref().sync_all()?;
            // Closed first: some systems do not rename an open file.
            drop(file);
            fs::rename(&self.temporary, &self.path)?;
            self.temporary.clear();
        }
        Ok(())
    }

    fn open_file(&mut self) -> io::Result<&mut BufWriter<File>> {
        self.file.as_mut().ok_or_else(|| io::Error::other("the file is finished"))
    }
}

impl Write for AsideFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.open_file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.open_file()?.flush()
    }
}

impl Seek for AsideFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.open_file()?.seek(to)
    }
}

impl Drop for AsideFile {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // What is still buffered is not wanted.
            let _ = file.into_parts();
        }
        if !self.temporary.as_os_str().is_empty() {
            // There is no one left to tell if this fails.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

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
/// use mixdsp::session::{BitDepth, WavWriter};
///
/// # fn main() -> Result<(), mixdsp::session::SessionError> {
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
    /// [`SessionError::OutOfRange`], and as [`AsideFile::create`].
    pub fn create(
        path: impl AsRef<Path>,
        sample_rate: u32,
        channels: usize,
        depth: BitDepth,
    ) -> Result<Self, SessionError> {
        check_rate("sample_rate", sample_rate)?;
        check_channels(channels)?;
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
        let not_finite = |plane: &P| plane.iter().position(|x| !x.to_f64().is_finite());
        let places = block.iter().enumerate().filter_map(|(channel, p)| Some((not_finite(p)?, channel)));
        if let Some((frame, channel)) = places.min() {
            return Err(SessionError::NonFinite {
                path: self.file.path.clone(),
                channel,
                at_seconds: (self.frames + frame as u64) as f64 / f64::from(self.sample_rate),
                value: block[channel][frame].to_f64() as f32,
            });
        }
        for start in (0..frames).step_by(CHUNK_FRAMES) {
            let end = frames.min(start + CHUNK_FRAMES);
            self.bytes.clear();
            for frame in start..end {
                for plane in block {
                    self.push(plane[frame].to_f64());
                }
            }
            self.file.write_all(&self.bytes).map_err(|source| self.failed(source))?;
            self.frames += (end - start) as u64;
        }
        Ok(())
    }

    fn push(&mut self, sample: f64) {
        let Some(step) = self.depth.step() else {
            self.bytes.extend_from_slice(&(sample as f32).to_le_bytes());
            return;
        };
        let greatest = 1.0 / step - 1.0;
        let nearest = libm::rint(sample / step);
        let clamped = nearest.clamp(-greatest - 1.0, greatest);
        self.clipped += u64::from(clamped != nearest);
        let bytes = (clamped as i32).to_le_bytes();
        self.bytes.extend_from_slice(&bytes[..self.depth.bits() as usize / 8]);
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
        SessionError::Write { path: self.file.path.clone(), source }
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
