//! Codings: which decoder each has, and what those are called that have none.

use std::boxed::Box;
use std::format;
use std::string::{String, ToString};

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::*;
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::formats::Track;

use super::opus::Opus;
use super::packets::guarded;
use super::source::Fault;

/// Channels of Vorbis that are decoded: symphonia 0.6.1 undoes the coupling of channels in the wrong order, which
/// only two survive.
const MOST_VORBIS: usize = 2;

/// Names of codings that people have in containers.
const NAMES: [(AudioCodecId, &str); 31] = [
    (CODEC_ID_AAC, "AAC"),
    (CODEC_ID_AC3, "AC-3"),
    (CODEC_ID_AC4, "AC-4"),
    (CODEC_ID_ADPCM_G722, "G.722"),
    (CODEC_ID_ADPCM_G726, "G.726"),
    (CODEC_ID_ADPCM_G726LE, "G.726"),
    (CODEC_ID_ADPCM_IMA_QT, "IMA ADPCM"),
    (CODEC_ID_ADPCM_IMA_WAV, "IMA ADPCM"),
    (CODEC_ID_ADPCM_MS, "Microsoft ADPCM"),
    (CODEC_ID_ALAC, "Apple Lossless"),
    (CODEC_ID_APTX, "aptX"),
    (CODEC_ID_ATRAC3, "ATRAC3"),
    (CODEC_ID_DCA, "DTS"),
    (CODEC_ID_EAC3, "E-AC-3"),
    (CODEC_ID_FLAC, "FLAC"),
    (CODEC_ID_MONKEYS_AUDIO, "Monkey's Audio"),
    (CODEC_ID_MP1, "MPEG layer I"),
    (CODEC_ID_MP2, "MPEG layer II"),
    (CODEC_ID_MP3, "MP3"),
    (CODEC_ID_MUSEPACK, "Musepack"),
    (CODEC_ID_OPUS, "Opus"),
    (CODEC_ID_PCM_ALAW, "A-law"),
    (CODEC_ID_PCM_MULAW, "µ-law"),
    (CODEC_ID_RA10, "RealAudio"),
    (CODEC_ID_RA20, "RealAudio"),
    (CODEC_ID_SBC, "SBC"),
    (CODEC_ID_SPEEX, "Speex"),
    (CODEC_ID_TRUEHD, "TrueHD"),
    (CODEC_ID_TTA, "True Audio"),
    (CODEC_ID_VORBIS, "Vorbis"),
    (CODEC_ID_WAVPACK, "WavPack"),
];

/// What a coding is called.
pub(super) fn name(codec: AudioCodecId) -> String {
    let found = NAMES.iter().find(|(id, _)| *id == codec);
    found.map_or_else(|| format!("a coding of number {codec}"), |(_, name)| (*name).to_string())
}

/// The parameters of a track with audio.
pub(super) fn audio_parameters(track: &Track) -> Option<&AudioCodecParameters> {
    match &track.codec_params {
        Some(CodecParameters::Audio(parameters)) => Some(parameters),
        _ => None,
    }
}

/// The decoder of a coding; `place` says in what it is found, for the error. A `gapless` one leaves out what its
/// packets say of start-up and filling.
pub(super) fn decoder(
    parameters: &AudioCodecParameters,
    place: &str,
    gapless: bool,
) -> Result<Box<dyn AudioDecoder>, Fault> {
    let codec = parameters.codec;
    let channels = parameters.channels.as_ref().map_or(0, |channels| channels.count());
    if codec == CODEC_ID_OPUS {
        return Ok(Box::new(Opus::new(parameters)?));
    }
    if codec == CODEC_ID_VORBIS && channels > MOST_VORBIS {
        return Err(Fault::Unsupported(format!("Vorbis in {channels} channels, only 1 or 2 are")));
    }
    // That of Vorbis needs it, or it gives the half of a block too many.
    let gapless = gapless || codec == CODEC_ID_VORBIS;
    let registry = symphonia::default::get_codecs();
    if registry.get_audio_decoder(codec).is_none() {
        return Err(Fault::Unsupported(format!("{} in {place}", name(codec))));
    }
    let options = AudioDecoderOptions::default().gapless(gapless);
    guarded(|| registry.make_audio_decoder(parameters, &options)).map_err(|fault| match fault {
        Fault::Unsupported(_) if codec == CODEC_ID_AAC => aac_complex(),
        Fault::Unsupported(what) => Fault::Unsupported(format!("{} in {place}: {what}", name(codec))),
        fault => fault,
    })
}

/// What is said of AAC that is not decoded.
pub(super) fn aac_complex() -> Fault {
    Fault::Unsupported("AAC other than AAC-LC in mono or stereo".to_string())
}
