//! What is written, beside the samples: rate, channels, how samples are stored.

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

/// What is written, beside the samples.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Layout {
    pub(super) sample_rate: u32,
    pub(super) channels: usize,
    pub(super) depth: BitDepth,
    /// Speakers of the channels as WAVE counts them; `None` where no one said.
    pub(super) mask: Option<u32>,
}

impl Layout {
    /// Bytes of one sample on each channel.
    pub(super) fn frame_bytes(&self) -> u32 {
        self.channels as u32 * self.depth.bits() / 8
    }
}
