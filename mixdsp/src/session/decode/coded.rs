//! Coded audio: packets out of a container, frames out of packets, both by symphonia.
//!
//! ```text
//! file -> packets (FLAC, Ogg, MP4: symphonia; MP3: `mpeg`) -> decoder (symphonia) -> frames, numbered
//! ```
//!
//! Frames are numbered from the first one that the codec gives. For FLAC and Ogg the numbers come from the
//! file's own time stamps, so that lost packets show as a gap; MP3 and AAC packets are counted.

use std::boxed::Box;
use std::format;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::string::ToString;
use std::vec::Vec;

use symphonia::core::audio::Channels;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_FLAC, CODEC_ID_MP3, CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;
use symphonia::default::codecs::{AacDecoder, FlacDecoder, MpaDecoder, VorbisDecoder};
use symphonia::default::formats::{FlacReader, IsoMp4Reader, OggReader};

use super::mp4::{Mp4Info, Trim, letters};
use super::mpeg::Mpeg;
use super::{Fault, FileFormat, Opened, Source};

/// Frames in a packet of AAC-LC, the only kind that is decoded.
const AAC_FRAMES: u64 = 1024;
/// Frames decoded before the one that is sought, where a packet overlaps the one before it. Twice the
/// longest block of Vorbis.
const PREROLL: u64 = 16_384;

/// Packets of one track, each with the number of its first frame.
pub(super) trait Packets: Send {
    fn next(&mut self) -> Result<Option<(Packet, i64)>, Fault>;

    /// Goes to a packet early enough to decode `frame` exactly.
    fn seek(&mut self, frame: u64) -> Result<(), Fault>;
}

/// Runs code of the decoder library, which may panic on what no encoder wrote.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Fault> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Fault::from),
        Err(_) => Err(Fault::Damaged("the decoder gave up on it".to_string())),
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::IoError(error) => error.into(),
            Error::DecodeError(reason) | Error::LimitError(reason) => Self::Damaged(reason.to_string()),
            Error::Unsupported(what) => Self::Unsupported(what.to_string()),
            Error::ResetRequired => Self::Unsupported("several streams joined in one file".to_string()),
            error => Self::Damaged(error.to_string()),
        }
    }
}

/// A frame's number, beyond the end of any file where it does not fit.
fn signed(frame: u64) -> i64 {
    i64::try_from(frame).unwrap_or(i64::MAX)
}

/// Decodes packets.
struct Coded<P> {
    packets: P,
    decoder: Box<dyn AudioDecoder>,
    /// Frames before this one are decoded only to prepare it: what is wrong with them does not matter.
    settle_until: i64,
}

impl<P: Packets> Source for Coded<P> {
    fn next(&mut self, planes: &mut Vec<Vec<f32>>) -> Result<Option<u64>, Fault> {
        let Some((packet, start)) = self.packets.next()? else { return Ok(None) };
        let settling = start + (packet.dur.get() as i64) <= self.settle_until;
        let channels = planes.len();
        let decoder = &mut self.decoder;
        let decoded = guarded(|| {
            decoder.decode(&packet)?.copy_to_vecs_planar::<f32>(planes);
            Ok(())
        });
        match decoded {
            Ok(()) => {}
            Err(Fault::Damaged(_) | Fault::Ended | Fault::Io(_)) if settling => {
                planes.resize_with(channels, Vec::new);
                planes.iter_mut().for_each(Vec::clear);
            }
            // A packet is in memory, so nothing but its own end can be met.
            Err(Fault::Ended | Fault::Io(_)) => {
                return Err(Fault::Damaged("a packet is incomplete".to_string()));
            }
            // A feature that is missing shows in the first packet; later it is damage that looks like one.
            Err(Fault::Unsupported(what)) if start > 0 => return Err(Fault::Damaged(what)),
            Err(fault) => return Err(fault),
        }
        if planes.len() != channels {
            return Err(Fault::Unsupported("a file that changes its number of channels".to_string()));
        }
        let early = (-start).max(0) as usize;
        if early > 0 {
            for plane in planes.iter_mut() {
                plane.drain(..early.min(plane.len()));
            }
        }
        Ok(Some(start.max(0) as u64))
    }

    fn seek(&mut self, frame: u64) -> Result<(), Fault> {
        self.packets.seek(frame)?;
        let decoder = &mut self.decoder;
        self.settle_until = signed(frame);
        guarded(|| {
            decoder.reset();
            Ok(())
        })
    }
}

/// How packets are numbered.
#[derive(Clone, Copy)]
enum Numbering {
    /// By the container's time stamps, which count frames.
    Stamped,
    /// One after the other, `AAC_FRAMES` each.
    Counted {
        /// Number of the next packet's first frame.
        next: u64,
        /// The container's time stamps count frames too, so that they find a packet.
        seekable: bool,
    },
}

/// Packets as symphonia takes them out of a container.
struct Contained {
    path: PathBuf,
    start: u64,
    stated_bytes: Option<u64>,
    format: FileFormat,
    reader: Box<dyn FormatReader>,
    track: u32,
    numbering: Numbering,
    /// Time stamp of frame 0.
    origin: i64,
    /// A packet that was taken out already.
    pending: Option<Packet>,
}

/// A file that seems to have the length that it states, so that one cut short ends where its data ends.
struct Stated {
    file: File,
    bytes: u64,
}

impl Read for Stated {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.file.read(bytes)
    }
}

impl Seek for Stated {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::End(offset) => SeekFrom::Start(self.bytes.saturating_add_signed(offset)),
            to => to,
        };
        // Behind the end there is nothing to read, and no system goes further than this.
        self.file.seek(match to {
            SeekFrom::Start(place) => SeekFrom::Start(place.min(i64::MAX as u64)),
            to => to,
        })
    }
}

impl MediaSource for Stated {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}

fn container(
    path: &Path,
    start: u64,
    stated_bytes: Option<u64>,
    format: FileFormat,
) -> Result<Box<dyn FormatReader>, Fault> {
    let file = File::open(path)?;
    let bytes = stated_bytes.map_or_else(|| file.metadata().map(|data| data.len()), Ok)?;
    let mut stream = MediaSourceStream::new(Box::new(Stated { file, bytes }), Default::default());
    stream.seek(SeekFrom::Start(start))?;
    let options = FormatOptions::default();
    guarded(|| {
        Ok(match format {
            FileFormat::Flac => Box::new(FlacReader::try_new(stream, options)?) as Box<dyn FormatReader>,
            FileFormat::OggVorbis => Box::new(OggReader::try_new(stream, options)?),
            _ => Box::new(IsoMp4Reader::try_new(stream, options)?),
        })
    })
}

fn audio_parameters(track: &Track, codec: AudioCodecId) -> Option<&AudioCodecParameters> {
    match &track.codec_params {
        Some(CodecParameters::Audio(parameters)) if parameters.codec == codec => Some(parameters),
        _ => None,
    }
}

impl Contained {
    fn take(&mut self) -> Result<Option<Packet>, Fault> {
        if let Some(packet) = self.pending.take() {
            return Ok(Some(packet));
        }
        loop {
            let reader = &mut self.reader;
            match guarded(|| reader.next_packet())? {
                Some(packet) if packet.track_id != self.track => {}
                packet => return Ok(packet),
            }
        }
    }

    fn restart(&mut self) -> Result<(), Fault> {
        self.reader = container(&self.path, self.start, self.stated_bytes, self.format)?;
        self.pending = None;
        if let Numbering::Counted { next, .. } = &mut self.numbering {
            *next = 0;
        }
        Ok(())
    }

    /// Lets symphonia go to the packet that holds `stamp`; gives the time stamp where that begins.
    fn go_to(&mut self, stamp: i64) -> Option<i64> {
        let to = SeekTo::Timestamp { ts: Timestamp::new(stamp), track_id: self.track };
        let reader = &mut self.reader;
        let went = guarded(|| reader.seek(SeekMode::Accurate, to)).ok()?;
        self.pending = None;
        Some(went.actual_ts.get())
    }
}

impl Packets for Contained {
    fn next(&mut self) -> Result<Option<(Packet, i64)>, Fault> {
        let Some(packet) = self.take()? else { return Ok(None) };
        let start = match &mut self.numbering {
            Numbering::Stamped => packet.pts.get() + packet.trim_start.get() as i64 - self.origin,
            Numbering::Counted { next, .. } => {
                let start = *next;
                *next += AAC_FRAMES;
                start as i64
            }
        };
        Ok(Some((packet, start)))
    }

    fn seek(&mut self, frame: u64) -> Result<(), Fault> {
        let from = frame.saturating_sub(PREROLL);
        let found = match self.numbering {
            _ if from == 0 => None,
            Numbering::Counted { seekable: false, .. } => None,
            _ => self.go_to(signed(from).saturating_add(self.origin)),
        };
        match (&mut self.numbering, found) {
            (Numbering::Stamped, Some(_)) => Ok(()),
            (Numbering::Counted { next, .. }, Some(at))
                if at >= 0 && (at as u64).is_multiple_of(AAC_FRAMES) =>
            {
                *next = at as u64;
                Ok(())
            }
            _ => self.restart(),
        }
    }
}

/// Opens a FLAC file whose marker is at byte `start`.
pub(super) fn open_flac(path: &Path, start: u64) -> Result<Opened, Fault> {
    open_stamped(path, start, FileFormat::Flac, CODEC_ID_FLAC)
}

/// Opens an Ogg file with Vorbis in it.
pub(super) fn open_ogg(path: &Path) -> Result<Opened, Fault> {
    open_stamped(path, 0, FileFormat::OggVorbis, CODEC_ID_VORBIS)
}

fn open_stamped(path: &Path, start: u64, format: FileFormat, codec: AudioCodecId) -> Result<Opened, Fault> {
    let reader = container(path, start, None, format)?;
    let found = reader.tracks().iter().find_map(|t| Some((t, audio_parameters(t, codec)?)));
    let Some((track, parameters)) = found else {
        return Err(Fault::Unsupported("an Ogg file without Vorbis".to_string()));
    };
    let options = AudioDecoderOptions::default().gapless(true);
    let decoder: Box<dyn AudioDecoder> = guarded(|| {
        Ok(match format {
            FileFormat::Flac => Box::new(FlacDecoder::try_new(parameters, &options)?) as _,
            _ => Box::new(VorbisDecoder::try_new(parameters, &options)?) as _,
        })
    })?;
    let (id, last, bits) = (track.id, track.num_frames, parameters.bits_per_sample);
    let mut packets = Contained {
        path: path.to_path_buf(),
        start,
        stated_bytes: None,
        format,
        reader,
        track: id,
        numbering: Numbering::Stamped,
        origin: 0,
        pending: None,
    };
    // A file cut out of a longer one begins at a later time stamp, but it begins.
    if let Some((packet, first)) = packets.next()? {
        packets.origin = first.max(0);
        packets.pending = Some(packet);
    }
    let frames = last.map(|last| last.saturating_sub(packets.origin as u64));
    let mut opened = decoded(packets, decoder, format)?;
    if format == FileFormat::OggVorbis && opened.channels > 2 {
        // symphonia 0.6.1 undoes the coupling of channels in the wrong order, which only two survive.
        return Err(Fault::Unsupported(format!("Vorbis in {} channels, only 1 or 2 are", opened.channels)));
    }
    opened.frames = frames;
    opened.bits = if format == FileFormat::Flac { bits } else { None };
    Ok(opened)
}

/// Opens an MP4 file with AAC in it.
pub(super) fn open_mp4(path: &Path) -> Result<Opened, Fault> {
    let info = Mp4Info::read(&File::open(path)?)?;
    let kind = match &info.coding {
        b"mp4a" => None,
        b"alac" => Some("Apple Lossless".to_string()),
        b"enca" | b"drms" => Some("encrypted audio".to_string()),
        coding => Some(format!("coding {}", letters(*coding))),
    };
    if let Some(kind) = kind {
        return Err(Fault::Unsupported(format!("{kind} in MP4, only AAC is")));
    }
    let reader = container(path, 0, Some(info.stated_bytes), FileFormat::Mp4Aac)?;
    let track = reader.tracks().iter().find(|track| track.id == info.track);
    let Some((track, parameters)) = track.and_then(|t| Some((t, audio_parameters(t, CODEC_ID_AAC)?))) else {
        return Err(Fault::Unsupported("MP4 whose audio is not AAC".to_string()));
    };
    let complex = || Fault::Unsupported("AAC other than AAC-LC in mono or stereo".to_string());
    let decoder = guarded(|| AacDecoder::try_new(parameters, &AudioDecoderOptions::default()));
    let decoder = decoder.map_err(|fault| match fault {
        Fault::Unsupported(_) => complex(),
        fault => fault,
    })?;
    let rate = decoder.codec_params().sample_rate.unwrap_or(0);
    if rate != 0 && info.container_rate == 2 * rate {
        // The container states the rate after a doubling that is not done.
        return Err(complex());
    }
    let ticks = track.duration.filter(|_| !info.fragmented).map(|duration| duration.get());
    let Trim { lead, skip, frames } = info.trim(ticks, rate)?;
    let packets = Contained {
        path: path.to_path_buf(),
        start: 0,
        stated_bytes: Some(info.stated_bytes),
        format: FileFormat::Mp4Aac,
        track: info.track,
        numbering: Numbering::Counted { next: 0, seekable: info.timescale == rate },
        origin: 0,
        pending: None,
        reader,
    };
    let mut opened = decoded(packets, Box::new(decoder), FileFormat::Mp4Aac)?;
    opened.lead = lead;
    opened.skip = skip;
    opened.frames = frames.map(|frames| frames.saturating_add(lead));
    Ok(opened)
}

/// Opens an MP3 file whose first frame is at byte `start` or a little later.
pub(super) fn open_mp3(file: File, start: u64) -> Result<Opened, Fault> {
    let packets = Mpeg::open(file, start)?;
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(CODEC_ID_MP3).with_sample_rate(packets.sample_rate());
    parameters.with_channels(Channels::Discrete(packets.channels() as u16));
    let decoder =
        guarded(|| MpaDecoder::try_new(&parameters, &AudioDecoderOptions::default().gapless(false)))?;
    let (skip, frames) = (packets.skip, packets.frames);
    let mut opened = decoded(packets, Box::new(decoder), FileFormat::Mp3)?;
    opened.skip = skip;
    opened.frames = Some(frames);
    Ok(opened)
}

fn decoded<P: Packets + 'static>(
    packets: P,
    decoder: Box<dyn AudioDecoder>,
    format: FileFormat,
) -> Result<Opened, Fault> {
    let parameters = decoder.codec_params();
    let (Some(rate), Some(channels)) = (parameters.sample_rate, &parameters.channels) else {
        return Err(Fault::Unsupported("a file that does not state its rate and channels".to_string()));
    };
    let channels = channels.count();
    Ok(Opened::new(Coded { packets, decoder, settle_until: 0 }, format, rate, channels))
}
