//! Floor 1: what a unit is built for: rate, channels, vector instructions.

use crate::base::error::Error;
use crate::base::simd::SimdLevel;

/// Most channels of a block.
pub const MAX_CHANNELS: usize = 24;

/// Sample rates, in hertz.
pub const SAMPLE_RATES: core::ops::RangeInclusive<f64> = 8_000.0..=384_000.0;

/// What a unit is built for.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Frames per second, 8 kHz to 384 kHz.
    pub sample_rate: f64,
    /// Channels in, 1 to 24.
    pub inputs: usize,
    /// Channels out, 1 to 24.
    pub outputs: usize,
    /// Channels that dynamics listen to, 0 to 24; 0 for none.
    pub sidechain: usize,
    /// Vector instructions.
    pub simd: SimdLevel,
}

impl Spec {
    /// As many channels out as in, no sidechain, the best vector instructions.
    pub const fn new(sample_rate: f64, channels: usize) -> Self {
        Self { sample_rate, inputs: channels, outputs: channels, sidechain: 0, simd: SimdLevel::BEST }
    }
    /// The same with other channels out than in.
    pub const fn with_outputs(mut self, outputs: usize) -> Self {
        self.outputs = outputs;
        self
    }
    /// The same with sidechain channels.
    pub const fn with_sidechain(mut self, channels: usize) -> Self {
        self.sidechain = channels;
        self
    }
    /// The same at one level of vector instructions, for renders that repeat to the bit on other machines.
    pub const fn with_simd(mut self, simd: SimdLevel) -> Self {
        self.simd = simd;
        self
    }
    /// Channels of a block: the larger of inputs and outputs.
    pub const fn channels(&self) -> usize {
        if self.inputs > self.outputs { self.inputs } else { self.outputs }
    }
    /// Refuses a rate or a number of channels that nothing here takes.
    pub fn check(&self) -> Result<(), Error> {
        if !SAMPLE_RATES.contains(&self.sample_rate) {
            return Err(Error::SampleRate { value: self.sample_rate });
        }
        let counts =
            [("inputs", self.inputs, 1), ("outputs", self.outputs, 1), ("sidechain", self.sidechain, 0)];
        for (what, value, minimum) in counts {
            if !(minimum..=MAX_CHANNELS).contains(&value) {
                return Err(Error::Channels { what, value, minimum, maximum: MAX_CHANNELS });
            }
        }
        Ok(())
    }
    /// Refuses outputs that differ from the inputs: for processors that work channel by channel.
    pub fn check_same_channels(&self) -> Result<(), Error> {
        if self.outputs == self.inputs {
            return Ok(());
        }
        Err(Error::Channels {
            what: "outputs",
            value: self.outputs,
            minimum: self.inputs,
            maximum: self.inputs,
        })
    }
    /// Refuses all but one or two channels in and two out: for processors that place a sound between left and right.
    pub fn check_places_in_stereo(&self) -> Result<(), Error> {
        let refuse = |what, value, minimum| Err(Error::Channels { what, value, minimum, maximum: 2 });
        match *self {
            Self { inputs: 3..=MAX_CHANNELS, .. } => refuse("inputs", self.inputs, 1),
            Self { outputs: 2, .. } => Ok(()),
            _ => refuse("outputs", self.outputs, 2),
        }
    }
}
