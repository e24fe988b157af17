//! Coded audio: packets become frames, by symphonia.
//!
//! ```text
//! file -> packets (FLAC, Ogg: `container`; MP4: `mp4_packets`; MP3: `mpeg`) -> decoder -> frames, numbered
//! ```
//!
//! Frames are numbered from the first one that the codec gives.

use core::mem::take;
use std::boxed::Box;
use std::format;
use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::string::ToString;
use std::vec::Vec;

use symphonia::core::audio::Channels;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_FLAC, CODEC_ID_MP3, CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::formats::{FormatOptions, FormatReader as _, Track};
use symphonia::core::io::MediaSourceStream;
use symphonia::default::codecs::{AacDecoder, FlacDecoder, MpaDecoder, VorbisDecoder};
use symphonia::default::formats::IsoMp4Reader;

use super::container::Contained;
use super::flac;
use super::info::FileFormat;
use super::mp4::{Mp4Info, Trim};
use super::mp4_boxes::letters;
use super::mp4_packets::Mp4Packets;
use super::mpeg::Mpeg;
use super::packets::{Packets, guarded, signed};
use super::place::Place;
use super::source::{Fault, Opened, Source};

/// The parameters of `track` if it is audio coded by `codec`.
fn audio_parameters(track: &Track, codec: AudioCodecId) -> Option<&AudioCodecParameters> {
    match &track.codec_params {
        Some(CodecParameters::Audio(parameters)) if parameters.codec == codec => Some(parameters),
        _ => None,
    }
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
        let settling = start.saturating_add(packet.dur.get() as i64) <= self.settle_until;
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

/// Opens a FLAC file whose marker is at byte `start`.
pub(super) fn open_flac(path: &Path, start: u64) -> Result<Opened, Fault> {
    let ending = flac::ending(&File::open(path)?, start)?;
    let place = Place { path: path.to_path_buf(), start, end: ending.place };
    let mut stamped = Stamped::open(place, FileFormat::Flac, CODEC_ID_FLAC)?;
    let (bits, origin) = (stamped.bits, stamped.origin);
    stamped.packets.ends_at(ending.sample.map(|sample| sample.saturating_sub(origin)));
    let mut opened = stamped.decoded(FileFormat::Flac)?;
    // A file cut out of a longer one keeps the numbers of its frames, and a length by them or of its own.
    let stated = Some(ending.stated).filter(|&stated| stated > 0);
    let own = ending.sample.is_some_and(|sample| sample.saturating_sub(origin) == ending.stated);
    opened.frames = stated.map(|stated| if own { stated } else { stated.saturating_sub(origin) });
    opened.bits = bits;
    opened.notes.extend(ending.note);
    Ok(opened)
}

/// A container with time stamps, and a decoder for what it holds.
pub(super) struct Stamped {
    packets: Contained,
    decoder: Box<dyn AudioDecoder>,
    bits: Option<u32>,
    /// Time stamp of the first frame, and the one behind the last.
    origin: u64,
    end: Option<u64>,
}

impl Stamped {
    fn open(place: Place, format: FileFormat, codec: AudioCodecId) -> Result<Self, Fault> {
        let mut packets = Contained::open(place, format)?;
        let found = packets.tracks().iter().find_map(|t| Some((t, audio_parameters(t, codec)?)));
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
        let (track, end, bits) = (track.id, track.num_frames, parameters.bits_per_sample);
        let origin = packets.take_track(track)?;
        Ok(Self { packets, decoder, bits, origin, end })
    }

    fn decoded(self, format: FileFormat) -> Result<Opened, Fault> {
        decoded(self.packets, self.decoder, format)
    }
}

/// Opens the part of an Ogg file that one Vorbis stream fills.
pub(super) fn open_vorbis(place: Place) -> Result<Opened, Fault> {
    let stamped = Stamped::open(place, FileFormat::OggVorbis, CODEC_ID_VORBIS)?;
    let frames = stamped.end.map(|end| end.saturating_sub(stamped.origin));
    let mut opened = stamped.decoded(FileFormat::OggVorbis)?;
    if opened.channels > 2 {
        // symphonia 0.6.1 undoes the coupling of channels in the wrong order, which only two survive.
        return Err(Fault::Unsupported(format!("Vorbis in {} channels, only 1 or 2 are", opened.channels)));
    }
    opened.frames = frames;
    Ok(opened)
}

/// Opens an MP4 file with AAC in it.
pub(super) fn open_mp4(path: &Path) -> Result<Opened, Fault> {
    let file = File::open(path)?;
    let mut info = Mp4Info::read(&file)?;
    let kind = match &info.coding {
        b"mp4a" => None,
        b"alac" => Some("Apple Lossless".to_string()),
        b"enca" | b"drms" => Some("encrypted audio".to_string()),
        coding => Some(format!("coding {}", letters(*coding))),
    };
    if let Some(kind) = kind {
        return Err(Fault::Unsupported(format!("{kind} in MP4, only AAC is")));
    }
    let source = Box::new(Cursor::new(take(&mut info.index)));
    let stream = MediaSourceStream::new(source, Default::default());
    let reader = guarded(|| IsoMp4Reader::try_new(stream, FormatOptions::default()))?;
    let track = reader.tracks().iter().find(|track| track.id == info.track);
    let Some(parameters) = track.and_then(|track| audio_parameters(track, CODEC_ID_AAC)) else {
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
    let ticks = Some(info.packets.ticks).filter(|&ticks| ticks > 0);
    let Trim { lead, skip, frames } = info.trim(ticks, rate)?;
    let packets = Mp4Packets::new(file, info.packets)?;
    let mut opened = decoded(packets, Box::new(decoder), FileFormat::Mp4Aac)?;
    opened.lead = lead;
    opened.skip = skip;
    opened.frames = frames.map(|frames| frames.saturating_add(lead));
    opened.notes.extend(info.note);
    Ok(opened)
}

/// Opens an MP3 file whose first frame is at byte `start` or a little later.
pub(super) fn open_mp3(file: File, start: u64) -> Result<Opened, Fault> {
    let mut packets = Mpeg::open(file, start)?;
    let note = packets.note.take();
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(CODEC_ID_MP3).with_sample_rate(packets.sample_rate());
    parameters.with_channels(Channels::Discrete(packets.channels() as u16));
    let decoder =
        guarded(|| MpaDecoder::try_new(&parameters, &AudioDecoderOptions::default().gapless(false)))?;
    let (skip, frames) = (packets.skip, packets.frames);
    let mut opened = decoded(packets, Box::new(decoder), FileFormat::Mp3)?;
    opened.skip = skip;
    opened.frames = Some(frames);
    opened.notes.extend(note);
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
