//! Coded audio: packets become frames, by symphonia.
//!
//! ```text
//! file -> packets (FLAC, Ogg, AIFF, CAF, Matroska: `container`; MP4: `mp4_packets`; MPEG: `mpeg`; WAV: `blocks`)
//!      -> decoder (`codecs`) -> frames, numbered
//! ```
//!
//! Frames are numbered from the first one that the codec gives: by the packets where they say it exactly, else
//! by counting what was decoded.

use core::mem::take;
use std::boxed::Box;
use std::format;
use std::io::Cursor;
use std::string::ToString;
use std::vec::Vec;

use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_ALAC, CODEC_ID_FLAC, CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3, CODEC_ID_OPUS,
    CODEC_ID_PCM_ALAW, CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F32LE, CODEC_ID_PCM_F64BE, CODEC_ID_PCM_F64LE,
    CODEC_ID_PCM_MULAW, CODEC_ID_PCM_S24BE, CODEC_ID_PCM_S24LE, CODEC_ID_PCM_S32BE, CODEC_ID_PCM_S32LE,
    CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder};
use symphonia::core::formats::{FormatOptions, FormatReader as _};
use symphonia::core::io::MediaSourceStream;
use symphonia::default::formats::IsoMp4Reader;

use super::blocks::Blocks;
use super::codecs::{self, aac_complex, audio_parameters};
use super::container::Contained;
use super::flac;
use super::info::FileFormat;
use super::matroska;
use super::mp4::{Mp4Info, Trim};
use super::mp4_packets::Mp4Packets;
use super::mpeg::{Layer, Mpeg};
use super::opus::OpusHead;
use super::packets::{Packets, guarded, signed};
use super::place::Place;
use super::source::{Fault, Opened, Source};

/// Decodes packets.
struct Coded<P> {
    packets: P,
    decoder: Box<dyn AudioDecoder>,
    /// Frames before this one are decoded only to prepare it: what is wrong with them does not matter.
    settle_until: i64,
    /// The number of the next frame, where packets do not tell it.
    counted: Option<u64>,
}

impl<P: Packets> Source for Coded<P> {
    fn next(&mut self, planes: &mut Vec<Vec<f32>>) -> Result<Option<u64>, Fault> {
        let Some((packet, start)) = self.packets.next()? else { return Ok(None) };
        let start = self.counted.map_or(start, signed);
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
        if let Some(counted) = &mut self.counted {
            let kept = planes[0].len().saturating_sub(packet.trim_end.get() as usize);
            planes.iter_mut().for_each(|plane| plane.truncate(kept));
            *counted += planes[0].len() as u64;
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
        // What is counted is counted from the beginning.
        let from = if self.counted.is_some() { 0 } else { frame };
        self.counted = self.counted.map(|_| 0);
        self.packets.seek(from)?;
        let decoder = &mut self.decoder;
        self.settle_until = signed(from);
        guarded(|| {
            decoder.reset();
            Ok(())
        })
    }
}

/// Opens a FLAC file.
pub(super) fn open_flac(place: &Place, strict: bool) -> Result<Opened, Fault> {
    let ending = flac::ending(place, strict)?;
    let mut stamped = Stamped::open(place.part(0, ending.place), FileFormat::Flac)?;
    let origin = stamped.origin;
    stamped.packets.ends_at(ending.sample.map(|sample| sample.saturating_sub(origin)));
    let mut opened = stamped.decoded(FileFormat::Flac, false)?;
    // A file cut out of a longer one keeps the numbers of its frames, and a length by them or of its own.
    let stated = Some(ending.stated).filter(|&stated| stated > 0);
    let own = ending.sample.is_some_and(|sample| sample.saturating_sub(origin) == ending.stated);
    opened.frames = stated.map(|stated| if own { stated } else { stated.saturating_sub(origin) });
    opened.notes.extend(ending.note);
    Ok(opened)
}

/// A container with time stamps, and a decoder for what it holds.
struct Stamped {
    packets: Contained,
    parameters: AudioCodecParameters,
    bits: Option<u32>,
    /// Time stamp of the first frame, and the one behind the last.
    origin: u64,
    end: Option<u64>,
    /// Start-up and filling in frames.
    delay: u64,
}

impl Stamped {
    /// Takes the first track with audio.
    fn open(place: Place, format: FileFormat) -> Result<Self, Fault> {
        let mut packets = Contained::open(place, format)?;
        let found = packets.tracks().iter().find_map(|t| Some((t, audio_parameters(t)?)));
        let Some((track, parameters)) = found else {
            return Err(Fault::NotAudio(format!(
                "{} without an audio track that is known",
                format.container()
            )));
        };
        let (id, end, bits) = (track.id, track.num_frames, parameters.bits_per_sample);
        let (parameters, delay) = (parameters.clone(), u64::from(track.delay.unwrap_or(0)));
        let origin = packets.take_track(id)?;
        Ok(Self { packets, parameters, bits, origin, end, delay })
    }

    fn codec(&self) -> AudioCodecId {
        self.parameters.codec
    }

    /// Frames without start-up, if the container states them.
    fn frames(&self) -> Option<u64> {
        self.end.map(|end| end.saturating_sub(self.origin))
    }

    fn decoded(self, format: FileFormat, counted: bool) -> Result<Opened, Fault> {
        let decoder = codecs::decoder(&self.parameters, format.container(), !counted)?;
        let bits = self.bits.filter(|_| format.keeps_samples() && keeps_samples(self.codec()));
        let mut opened = decoded(self.packets, decoder, format, counted)?;
        opened.bits = bits;
        Ok(opened)
    }
}

/// Whether a coding keeps every sample.
fn keeps_samples(codec: AudioCodecId) -> bool {
    let name = codecs::name(codec);
    let companded = [CODEC_ID_PCM_ALAW, CODEC_ID_PCM_MULAW].contains(&codec);
    // What has no name there is PCM.
    [CODEC_ID_ALAC, CODEC_ID_FLAC].contains(&codec) || (!companded && name.starts_with("a coding"))
}

/// Opens the part of an Ogg file that one stream fills.
pub(super) fn open_ogg(place: Place) -> Result<Opened, Fault> {
    let stamped = Stamped::open(place, FileFormat::OggVorbis)?;
    let frames = stamped.frames();
    let format = match stamped.codec() {
        CODEC_ID_VORBIS => FileFormat::OggVorbis,
        CODEC_ID_OPUS => FileFormat::OggOpus,
        CODEC_ID_FLAC => FileFormat::OggFlac,
        codec => return Err(Fault::Unsupported(format!("{} in Ogg", codecs::name(codec)))),
    };
    let skip = if format == FileFormat::OggOpus { stamped.delay } else { 0 };
    let mut opened = stamped.decoded(format, false)?;
    opened.skip = skip;
    opened.frames = frames.map(|frames| frames.saturating_sub(skip));
    Ok(opened)
}

/// Opens AIFF, CAF or Matroska.
pub(super) fn open_other(place: &Place, format: FileFormat) -> Result<Opened, Fault> {
    let mut stamped = Stamped::open(place.clone(), format)?;
    let rate = u64::from(stamped.parameters.sample_rate.unwrap_or(0));
    let (mut skip, mut frames) = (stamped.delay, stamped.end);
    match format {
        FileFormat::Matroska => {
            let trimmed = matroska::trimmed(place, u64::from(stamped.packets.track()))?;
            let frames_of = |nanoseconds: u64| {
                ((u128::from(nanoseconds) * u128::from(rate) + 500_000_000) / 1_000_000_000) as u64
            };
            skip = frames_of(trimmed.delay);
            // The decoder of Vorbis leaves it out itself.
            let filling = if stamped.codec() == CODEC_ID_VORBIS { 0 } else { trimmed.padding };
            stamped.packets.filling = frames_of(filling);
            frames = None;
        }
        // What is stated is a number of whole packets.
        FileFormat::Caf if stamped.codec() == CODEC_ID_ALAC => frames = None,
        _ => {}
    }
    if let (CODEC_ID_OPUS, Some(head)) = (stamped.codec(), &stamped.parameters.extra_data) {
        skip = OpusHead::parse(head)?.pre_skip;
    }
    if matches!(stamped.codec(), CODEC_ID_PCM_ALAW | CODEC_ID_PCM_MULAW) {
        // Those of the file, where the decoder wants its own.
        (stamped.parameters.bits_per_sample, stamped.parameters.bits_per_coded_sample) = (None, None);
    }
    // Time stamps of Matroska are near to a thousandth of a second.
    let counted = format == FileFormat::Matroska || skip > 0;
    let mut opened = stamped.decoded(format, counted)?;
    opened.skip = skip;
    opened.frames = frames;
    Ok(opened)
}

/// Opens an MP4 file.
pub(super) fn open_mp4(place: &Place) -> Result<Opened, Fault> {
    let mut info = Mp4Info::read(place)?;
    if matches!(&info.coding, b"enca" | b"drms") {
        return Err(Fault::Unsupported("encrypted audio in MP4".to_string()));
    }
    let source = Box::new(Cursor::new(take(&mut info.index)));
    let stream = MediaSourceStream::new(source, Default::default());
    let reader = guarded(|| IsoMp4Reader::try_new(stream, FormatOptions::default()))?;
    let track = reader.tracks().iter().find(|track| track.id == info.track);
    let Some(parameters) = track.and_then(audio_parameters) else {
        return Err(Fault::Unsupported(format!("{} in MP4", info.coding_name())));
    };
    if parameters.codec != CODEC_ID_AAC {
        return open_mp4_other(place, &info, parameters);
    }
    let decoder = codecs::decoder(parameters, "MP4", false)?;
    let rate = decoder.codec_params().sample_rate.unwrap_or(0);
    if rate != 0 && info.container_rate == 2 * rate {
        // The container states the rate after a doubling that is not done.
        return Err(aac_complex());
    }
    let ticks = Some(info.packets.ticks).filter(|&ticks| ticks > 0);
    let Trim { lead, skip, frames } = info.trim(ticks, rate)?;
    let packets = Mp4Packets::new(place, info.packets)?;
    let mut opened = decoded(packets, decoder, FileFormat::Mp4Aac, false)?;
    opened.lead = lead;
    opened.skip = skip;
    opened.frames = frames.map(|frames| frames.saturating_add(lead));
    opened.notes.extend(info.note);
    Ok(opened)
}

/// Opens an MP4 file with something other than AAC in it, whose packets symphonia finds.
fn open_mp4_other(place: &Place, info: &Mp4Info, parameters: &AudioCodecParameters) -> Result<Opened, Fault> {
    let parameters = &as_coded(info, parameters);
    let format = if parameters.codec == CODEC_ID_ALAC { FileFormat::Mp4Alac } else { FileFormat::Mp4 };
    let decoder = codecs::decoder(parameters, "MP4", false)?;
    let rate = decoder.codec_params().sample_rate.or(parameters.sample_rate).unwrap_or(0);
    let ticks = Some(info.packets.ticks).filter(|&ticks| ticks > 0);
    let Trim { lead, skip, frames } = info.trim(ticks, rate)?;
    let mut packets = Contained::open(place.clone(), format)?;
    packets.take_track(info.track)?;
    let bits = parameters.bits_per_sample.filter(|_| keeps_samples(parameters.codec));
    let mut opened = decoded(packets, decoder, format, true)?;
    opened.bits = bits;
    opened.lead = lead;
    opened.skip = skip;
    opened.frames = frames.map(|frames| frames.saturating_add(lead));
    opened.notes.extend(info.note.clone());
    Ok(opened)
}

/// The parameters of a track, with what symphonia leaves out or gets wrong.
fn as_coded(info: &Mp4Info, parameters: &AudioCodecParameters) -> AudioCodecParameters {
    let mut right = parameters.clone();
    right.sample_rate = right.sample_rate.or(Some(info.container_rate).filter(|&rate| rate > 0));
    if right.channels.is_none() && info.container_channels > 0 {
        right.with_channels(Channels::Discrete(info.container_channels));
    }
    // QuickTime's numbers are big-endian unless a box says otherwise.
    let [big, little] = match &info.coding {
        b"in24" => [CODEC_ID_PCM_S24BE, CODEC_ID_PCM_S24LE],
        b"in32" => [CODEC_ID_PCM_S32BE, CODEC_ID_PCM_S32LE],
        b"fl32" => [CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F32LE],
        b"fl64" => [CODEC_ID_PCM_F64BE, CODEC_ID_PCM_F64LE],
        _ => return right,
    };
    right.for_codec(if info.little_endian { little } else { big });
    right
}

/// Opens MPEG audio whose first frame is at the beginning of a place or a little later.
pub(super) fn open_mpeg(place: &Place, strict: bool) -> Result<Opened, Fault> {
    let mut packets = Mpeg::open(place, strict)?;
    let first = packets.first;
    let (format, codec) = match first.layer {
        Layer::One => (FileFormat::Mp1, CODEC_ID_MP1),
        Layer::Two => (FileFormat::Mp2, CODEC_ID_MP2),
        Layer::Three => (FileFormat::Mp3, CODEC_ID_MP3),
        Layer::Adts => (FileFormat::AdtsAac, CODEC_ID_AAC),
    };
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(codec).with_sample_rate(first.sample_rate);
    parameters.with_channels(Channels::Discrete(first.channels as u16));
    let mut note = packets.note.take();
    let losses = take(&mut packets.losses);
    if first.layer == Layer::Adts {
        if first.version != 2 || first.channels == 0 || first.blocks != 1 {
            return Err(aac_complex());
        }
        if first.sample_rate <= 24_000 {
            let doubt = "AAC at this rate may be HE-AAC, of which only the lower half is decoded".to_string();
            note = note.or(Some(doubt));
        }
    }
    let decoder = codecs::decoder(&parameters, "MPEG", false)?;
    let (skip, frames) = (packets.skip, packets.frames);
    let mut opened = decoded(packets, decoder, format, false)?;
    opened.skip = skip;
    opened.frames = Some(frames);
    opened.notes.extend(note);
    opened.notes.extend(losses);
    Ok(opened)
}

/// Opens blocks that are coded as `parameters` say, in WAV.
pub(super) fn open_blocks(blocks: Blocks, parameters: &AudioCodecParameters) -> Result<Opened, Fault> {
    let frames = blocks.frames();
    let decoder = codecs::decoder(parameters, "WAV", false)?;
    let mut opened = decoded(blocks, decoder, FileFormat::Wav, false)?;
    opened.frames = Some(frames);
    Ok(opened)
}

fn decoded<P: Packets + 'static>(
    packets: P,
    decoder: Box<dyn AudioDecoder>,
    format: FileFormat,
    counted: bool,
) -> Result<Opened, Fault> {
    let parameters = decoder.codec_params();
    let (Some(rate), Some(channels)) = (parameters.sample_rate, &parameters.channels) else {
        return Err(Fault::Unsupported("a file that does not state its rate and channels".to_string()));
    };
    let mask = mask(channels, format);
    let channels = channels.count();
    let source = Coded { packets, decoder, settle_until: 0, counted: counted.then_some(0) };
    let mut opened = Opened::new(source, format, rate, channels);
    opened.mask = mask;
    Ok(opened)
}

/// The speakers that symphonia knows channels by, as bits of WAVE's mask, which are the same for the first 18.
fn mask(channels: &Channels, format: FileFormat) -> Option<u32> {
    let Channels::Positioned(positions) = channels else { return None };
    let (bits, count) = (positions.bits(), channels.count());
    // What does not say where its channels stand is said to have the first ones.
    let guessed =
        matches!(format, FileFormat::Caf | FileFormat::Aiff | FileFormat::Mp4) && bits == (1 << count) - 1;
    (count > 2 && bits < 1 << 18 && !guessed).then_some(bits as u32)
}
