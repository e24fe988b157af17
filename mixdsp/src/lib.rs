//! The signal processing of mixing and mastering, without a heap.
//!
//! A *unit* is one processor at work: [`Gain`], [`Equalizer`], [`Compressor`], [`Delay`], [`Reverb`], [`Limiter`],
//! [`LoudnessMeter`], [`LevelMeter`] and the others in the [`catalogue`]. Each is made for a [`Spec`] (rate, channels), a config
//! (what fixes memory and latency) and params (everything else), by `new` with feature `alloc`, or by `new_in` in
//! memory of the caller. All of them are [`Processor`]s, and so are tuples and slices of processors, and what [`compose`]
//! makes of them: [`Parallel`], [`MidSidePaths`], [`LeftRight`], [`Bands`], [`Delta`].
//!
//! ```
//! use mixdsp::{Gain, GainParams, NoConfig, Processor, Spec};
//!
//! let mut gain = Gain::<f32>::new(Spec::new(48_000.0, 1), NoConfig, GainParams::default())?;
//! gain.set(GainParams::GAIN_DB, -6.0)?;
//! let mut audio = [1.0f32; 2_000];
//! gain.process(&mut [&mut audio], &[])?;
//! assert!((audio[1_999] - 0.501_187).abs() < 1e-6);
//! # Ok::<(), mixdsp::Error>(())
//! ```
//!
//! # Floors
//!
//! A folder is a floor or a room of one. A file uses what lies below it, never what lies above; two processors never
//! use each other. `tools/floors` checks it.
//!
//! | floor | what |
//! | --- | --- |
//! | 10 | `session` (feature `session`): sessions, offline render, delivery, the rough mix and the report (feature `fft`) |
//! | 9 | `files` (feature `session`): streams of audio, decoded, resampled, written |
//! | 8 | [`host`]: mixer, targets, loudness search and mastering pass, normalise, tone match (feature `fft`) |
//! | 7 | [`catalogue`]: every processor, a line each |
//! | 6 | [`compose`]: processors made of processors: chains, parallel, mid-side, left-right, bands, delta; [`mix`]: strips, buses, alignment |
//! | 5 | [`processors`]: one file or folder each |
//! | 4 | [`dsp`]: filters, envelopes, delay lines, detectors, transforms (feature `fft`) |
//! | 3 | [`engine`]: the two traits and the unit that keeps the contracts |
//! | 2 | [`params`]: parameters and how they move |
//! | 1 | [`base`]: samples, vector instructions, mathematics, errors, ids, specs, blocks, memory |
#![no_std]
#![deny(unsafe_code)]

#[cfg(any(feature = "alloc", test))]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod base;
pub mod catalogue;
pub mod compose;
pub mod dsp;
pub mod engine;
#[cfg(feature = "session")]
pub mod files;
pub mod host;
pub mod mix;
pub mod params;
pub mod processors;
#[cfg(feature = "session")]
pub mod session;

pub use base::error::Error;
pub use base::id::Id;
pub use base::sample::Sample;
pub use base::simd::SimdLevel;
pub use base::spec::Spec;
pub use compose::bands::{BandSwitches, Bands};
pub use compose::delta::{Delta, DeltaParams};
pub use compose::left_right::LeftRight;
pub use compose::members::Members;
pub use compose::mid_side_paths::MidSidePaths;
pub use compose::oversampled::{Oversampled, OversampledConfig};
pub use compose::parallel::{Parallel, ParallelParams};
pub use dsp::acoustics::Acoustics;
#[cfg(feature = "fft")]
pub use dsp::fft::{Alignment, BandAlignment, Sweep};
pub use dsp::filter::{Biquad, Coefficients};
pub use engine::interleaved::Interleaved;
pub use engine::kind::ProcessorKind;
pub use engine::processor::Processor;
pub use engine::unit::Unit;
pub use params::{Asset, Assets, NoConfig};

pub use dsp::filter::band::{Band, BandKind, ShelfBy, Slope};
pub use dsp::filter::placement::Placement;
pub use dsp::note::NoteValue;
pub use dsp::oversample::{Oversampling, Phase};
pub use dsp::pan_law::PanLaw;
pub use dsp::surround::SurroundLayout;
pub use dsp::waveshape::curve_path::Antialiasing;
pub use processors::align::{Align, AlignConfig};
pub use processors::chorus::{Chorus, ChorusParams};
pub use processors::clipper::{Clipper, ClipperConfig, ClipperParams, ClipperReadings};
pub use processors::compressor::{
    AutoMakeup, Compressor, CompressorConfig, CompressorDetector, CompressorDirection, CompressorParams,
    CompressorReadings, CompressorTopology,
};
#[cfg(feature = "fft")]
pub use processors::convolution_reverb::{
    ConvolutionReverb, ConvolutionReverbConfig, ConvolutionReverbParams, ImpulseResponse,
};
pub use processors::correlation_meter::{CorrelationMeter, CorrelationMeterParams, CorrelationMeterReadings};
pub use processors::crossfeed::{Crossfeed, CrossfeedParams};
pub use processors::crossover::{
    Crossover, CrossoverConfig, CrossoverParams, CrossoverPhase, CrossoverSlope, Split,
};
pub use processors::dc_blocker::{DcBlocker, DcBlockerParams};
pub use processors::de_esser::{DeEsser, DeEsserMode, DeEsserParams, DeEsserReadings};
pub use processors::decorrelator::{Decorrelator, DecorrelatorParams, DecorrelatorReadings};
pub use processors::delay::{Delay, DelayConfig, DelayParams, DelayReadings, TimeChange};
pub use processors::dither::{Dither, DitherConfig, Noise};
pub use processors::dual_pan::{DualPan, DualPanParams};
pub use processors::ducker::{Ducker, DuckerConfig, DuckerParams, DuckerReadings};
pub use processors::dynamic_equalizer::{
    DynamicBand, DynamicEqualizer, DynamicEqualizerConfig, DynamicEqualizerParams, DynamicEqualizerReadings,
    DynamicKey, DynamicKind,
};
pub use processors::equalizer::{Equalizer, EqualizerConfig, EqualizerParams};
pub use processors::expander::{Expander, ExpanderConfig, ExpanderParams, ExpanderReadings};
#[cfg(feature = "fft")]
pub use processors::fir::{Fir, Taps};
pub use processors::flanger::{Flanger, FlangerConfig, FlangerParams};
pub use processors::fold_down::{FoldDown, FoldDownConfig, FoldDownParams, FoldTo};
pub use processors::gain::{Gain, GainParams};
pub use processors::gate::{Gate, GateConfig, GateParams, GateReadings};
pub use processors::haas::{Haas, HaasParams, HaasReadings, HaasSide};
pub use processors::imager::{Imager, ImagerBand, ImagerConfig, ImagerParams};
pub use processors::level_meter::{LevelMeter, LevelMeterParams, LevelMeterReadings};
pub use processors::leveler::{Leveler, LevelerConfig, LevelerParams, LevelerReadings};
pub use processors::limiter::{Limiter, LimiterConfig, LimiterParams, LimiterReadings};
#[cfg(feature = "fft")]
pub use processors::linear_phase::{LinearPhase, LinearPhaseConfig};
pub use processors::loudness_meter::{
    ChannelMeasures, History, Layout, LoudnessConfig, LoudnessMeter, LoudnessParams, LoudnessReadings, Peak,
    Speaker, TruePeak,
};
pub use processors::mid_side::{MidSide, MidSideDirection, MidSideParams};
pub use processors::one_pole::{OnePole, OnePoleParams};
pub use processors::pan::{Pan, PanParams};
pub use processors::phaser::{Phaser, PhaserConfig, PhaserParams};
#[cfg(feature = "fft")]
pub use processors::resonance_suppressor::{
    ResonanceSuppressor, ResonanceSuppressorConfig, ResonanceSuppressorParams, ResonanceSuppressorReadings,
};
pub use processors::reverb::{Reverb, ReverbConfig, ReverbParams};
pub use processors::rotation::{Rotation, RotationParams};
pub use processors::saturator::{
    CurvePoint, Focus, Saturator, SaturatorConfig, SaturatorParams, SaturatorReadings, SaturatorShape,
};
pub use processors::transient_shaper::{
    TransientShaper, TransientShaperConfig, TransientShaperParams, TransientShaperReadings,
};
pub use processors::tremolo::{Tremolo, TremoloParams};
pub use processors::vbap::{Vbap, VbapConfig, VbapParams};
pub use processors::width::{Width, WidthParams};

/// The examples of the README run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
