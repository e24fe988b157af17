//! What a file says of its audio: the kind of file, rate, channels, length.

use core::fmt;

/// The kinds of file that are decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum FileFormat {
    /// WAV with integers of 8, 16, 24 or 32 bits or floats of 32 or 64; also RF64 and BW64.
    Wav,
    /// FLAC, of known or unknown length.
    Flac,
    /// MPEG 1, 2 and 2.5, layer III.
    Mp3,
    /// Vorbis in Ogg, mono or stereo; files put one behind the other too, if rate and channels stay.
    OggVorbis,
    /// AAC-LC, mono or stereo, in MP4, in one piece or in fragments.
    Mp4Aac,
    /// MPEG layer I.
    Mp1,
    /// MPEG layer II.
    Mp2,
    /// AAC-LC, mono or stereo, in ADTS.
    AdtsAac,
    /// Opus in Ogg. What it has beyond full scale is clamped.
    OggOpus,
    /// FLAC in Ogg.
    OggFlac,
    /// Apple Lossless in MP4.
    Mp4Alac,
    /// Another coding in MP4 or QuickTime: PCM, MP3, FLAC, Opus.
    Mp4,
    /// AIFF and AIFC.
    Aiff,
    /// Core Audio Format: PCM, Apple Lossless, AAC, Opus.
    Caf,
    /// Matroska and WebM.
    Matroska,
}

impl FileFormat {
    /// What holds the packets.
    pub(super) fn container(self) -> &'static str {
        match self {
            Self::OggVorbis | Self::OggOpus | Self::OggFlac => "Ogg",
            Self::Mp4Aac | Self::Mp4Alac | Self::Mp4 => "MP4",
            Self::Wav => "WAV",
            Self::Flac => "FLAC",
            Self::Aiff => "AIFF",
            Self::Caf => "CAF",
            Self::Matroska => "Matroska",
            Self::Mp1 | Self::Mp2 | Self::Mp3 | Self::AdtsAac => "MPEG",
        }
    }

    /// Whether it may hold samples as they were.
    pub(super) fn keeps_samples(self) -> bool {
        !matches!(self, Self::Mp1 | Self::Mp2 | Self::Mp3 | Self::AdtsAac | Self::OggVorbis | Self::OggOpus)
    }
}

impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wav => "WAV",
            Self::Flac => "FLAC",
            Self::Mp3 => "MP3",
            Self::OggVorbis => "Ogg Vorbis",
            Self::Mp4Aac => "AAC in MP4",
            Self::Mp1 => "MPEG layer I",
            Self::Mp2 => "MPEG layer II",
            Self::AdtsAac => "AAC in ADTS",
            Self::OggOpus => "Ogg Opus",
            Self::OggFlac => "Ogg FLAC",
            Self::Mp4Alac => "Apple Lossless in MP4",
            Self::Mp4 => "MP4",
            Self::Aiff => "AIFF",
            Self::Caf => "CAF",
            Self::Matroska => "Matroska",
        })
    }
}

/// What a file says of its audio.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct AudioInfo {
    /// The kind of file.
    pub format: FileFormat,
    /// Sample rate in Hz, 8000 to 384000.
    pub sample_rate: u32,
    /// Number of channels, 1 to 24, in the order of the file.
    pub channels: usize,
    /// Length in frames, without what the encoder added; `None` where only the end tells.
    pub frames: Option<u64>,
    /// Bits per sample of a file that keeps every sample.
    pub bits: Option<u32>,
    /// Where the channels stand, as bits of WAVE's speaker mask, in its order; `None` where the file does not say.
    pub mask: Option<u32>,
}
