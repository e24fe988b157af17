//! FLAC, by the encoder of flac-codec at about the reference encoder's level 5.

use std::format;
use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::vec::Vec;

use flac_codec::encode::{FlacChannelWriter, Options};

use super::layout::Layout;
use crate::files::AsideFile;

/// What a player takes mono and stereo for anyway.
const USUAL_MASKS: [u32; 3] = [0, 0x4, 0x3];

/// The file, which the encoder holds too: it tells nothing of what it wrote into.
struct Shared(Arc<Mutex<Option<AsideFile>>>);

impl Shared {
    fn with<T>(&self, work: impl FnOnce(&mut AsideFile) -> io::Result<T>) -> io::Result<T> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(file.as_mut().ok_or_else(|| io::Error::other("the file is given up"))?)
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(AsideFile::flush)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.with(|file| file.seek(to))
    }
}

/// A FLAC file being written.
pub(super) struct FlacFile {
    /// Dropped before the file, whose end it would still write.
    encoder: Option<FlacChannelWriter<Shared>>,
    file: Arc<Mutex<Option<AsideFile>>>,
}

impl FlacFile {
    pub(super) fn begin(file: AsideFile, layout: &Layout) -> io::Result<Self> {
        let file = Arc::new(Mutex::new(Some(file)));
        let (rate, bits, channels) = (layout.sample_rate, layout.depth.bits(), layout.channels as u8);
        // What FLAC takes for granted beyond stereo readers do not agree on; of this comment they do.
        let options = match layout.mask {
            Some(mask) if layout.channels > 2 || USUAL_MASKS[layout.channels] != mask => {
                Options::default().tag("WAVEFORMATEXTENSIBLE_CHANNEL_MASK", format!("0x{mask:04X}"))
            }
            _ => Options::default(),
        };
        let encoder = FlacChannelWriter::new(Shared(file.clone()), options, rate, bits, channels, None);
        Ok(Self { encoder: Some(encoder.map_err(io_error)?), file })
    }

    pub(super) fn write(&mut self, planes: impl Iterator<Item = Vec<i32>>) -> io::Result<()> {
        let planes: Vec<Vec<i32>> = planes.collect();
        match &mut self.encoder {
            Some(encoder) => encoder.write(planes).map_err(io_error),
            None => Ok(()),
        }
    }

    /// Writes the end, and the header anew.
    pub(super) fn finish(mut self) -> io::Result<AsideFile> {
        if let Some(encoder) = self.encoder.take() {
            encoder.finalize().map_err(io_error)?;
        }
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner).take();
        file.ok_or_else(|| io::Error::other("the file is given up"))
    }
}

impl Drop for FlacFile {
    fn drop(&mut self) {
        // What is not finished is not to be completed.
        self.file.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.encoder = None;
    }
}

fn io_error(error: flac_codec::Error) -> io::Error {
    match error {
        flac_codec::Error::Io(error) => error,
        error => io::Error::other(error),
    }
}
