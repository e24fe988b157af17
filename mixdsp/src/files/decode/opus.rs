//! Opus: packets at 48 kHz, mono or stereo, by libopus with feature `opus`.
//!
//! Source: RFC 7845, Ogg Encapsulation for the Opus Audio Codec, 5.1 (the header).

use std::boxed::Box;
use std::format;
use std::string::ToString;
use std::vec::Vec;

use symphonia::core::audio::{
    AsGenericAudioBufferRef, AudioBuffer, AudioMut, AudioSpec, Channels, GenericAudioBufferRef,
};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, FinalizeResult};
use symphonia::core::errors::Result;
use symphonia::core::packet::PacketRef;

use super::source::Fault;

const RATE: u32 = 48_000;
/// The longest packet, in frames: 120 ms.
const MOST_FRAMES: usize = 5760;
const INFO: CodecInfo = CodecInfo { short_name: "opus", long_name: "Opus", profiles: &[] };

/// What the header says.
pub(super) struct OpusHead {
    channels: u8,
    /// Frames of start-up.
    pub(super) pre_skip: u64,
    /// Gain that a player applies, in 1/256 dB.
    gain: i16,
}

impl OpusHead {
    /// Reads the packet that begins with `OpusHead`, or what MP4 has in its place.
    pub(super) fn parse(bytes: &[u8]) -> core::result::Result<Self, Fault> {
        let ogg = bytes.starts_with(b"OpusHead");
        // MP4 leaves the letters out and turns the numbers round.
        let rest = if ogg { &bytes[8..] } else { bytes };
        let Some(fixed) = rest.first_chunk::<11>() else {
            return Err(Fault::Damaged("its Opus header is too short".to_string()));
        };
        let number = |at: usize| {
            let pair = [fixed[at], fixed[at + 1]];
            if ogg { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
        };
        match (fixed[10], fixed[1]) {
            (_, 0) => Err(Fault::Damaged("its Opus header states no channels".to_string())),
            (0 | 1, channels @ (1 | 2)) => {
                Ok(Self { channels, pre_skip: u64::from(number(2)), gain: number(8) as i16 })
            }
            (_, channels) => Err(Fault::Unsupported(format!("Opus in {channels} channels, only 1 or 2 are"))),
        }
    }
}

/// libopus, with the gain that the header asks for.
pub(super) struct Opus {
    parameters: AudioCodecParameters,
    decoder: Box<dyn AudioDecoder>,
    gain: f32,
    planes: Vec<Vec<f32>>,
    decoded: AudioBuffer<f32>,
}

impl Opus {
    pub(super) fn new(parameters: &AudioCodecParameters) -> core::result::Result<Self, Fault> {
        let count = parameters.channels.as_ref().map_or(0, |channels| channels.count());
        let head = match parameters.extra_data.as_deref() {
            Some(bytes) => OpusHead::parse(bytes)?,
            None => OpusHead { channels: count.min(255) as u8, pre_skip: 0, gain: 0 },
        };
        let channels = Channels::Discrete(u16::from(head.channels));
        let mut parameters = parameters.clone();
        parameters.with_sample_rate(RATE).with_channels(channels.clone());
        // Without the header, so that it leaves the start-up to us.
        parameters.extra_data = None;
        let decoder = libopus(&parameters)?;
        Ok(Self {
            parameters,
            decoder,
            gain: libm::exp10(f64::from(head.gain) / (20.0 * 256.0)) as f32,
            planes: Vec::new(),
            decoded: AudioBuffer::new(AudioSpec::new(RATE, channels), MOST_FRAMES),
        })
    }
}

/// The decoder, where it is built along.
#[cfg(feature = "opus")]
fn libopus(parameters: &AudioCodecParameters) -> core::result::Result<Box<dyn AudioDecoder>, Fault> {
    use symphonia::core::codecs::audio::AudioDecoderOptions;
    use symphonia::core::codecs::registry::RegisterableAudioDecoder as _;
    let options = AudioDecoderOptions::default();
    super::packets::guarded(|| symphonia_adapter_libopus::OpusDecoder::try_registry_new(parameters, &options))
}

#[cfg(not(feature = "opus"))]
fn libopus(_: &AudioCodecParameters) -> core::result::Result<Box<dyn AudioDecoder>, Fault> {
    Err(Fault::Unsupported("Opus, which feature `opus` reads".to_string()))
}

impl AudioDecoder for Opus {
    fn reset(&mut self) {
        self.decoder.reset();
    }

    fn codec_info(&self) -> &CodecInfo {
        &INFO
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.parameters
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.decoded.clear();
        // All of the packet: what belongs to the audio is known by who asks.
        let whole = PacketRef::new(packet.track_id, packet.pts, packet.block_dur(), packet.data);
        self.decoder.decode_ref(&whole)?.copy_to_vecs_planar::<f32>(&mut self.planes);
        let frames = self.planes.first().map_or(0, Vec::len).min(MOST_FRAMES);
        self.decoded.render_uninit(Some(frames));
        for (channel, plane) in self.planes.iter().enumerate() {
            let Some(to) = self.decoded.plane_mut(channel) else { continue };
            to.iter_mut().zip(plane).for_each(|(to, from)| *to = from * self.gain);
        }
        Ok(self.decoded.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.decoded.as_generic_audio_buffer_ref()
    }
}
