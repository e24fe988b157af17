//! The signal processing of mixing and mastering, without a heap.
//!
//! A *unit* is one processor at work: [`Gain`], [`Equalizer`], [`Compressor`], [`Delay`], [`Reverb`], [`Limiter`],
//! [`LoudnessMeter`], [`LevelMeter`] and the others in the [`catalogue`]. Each is made for a [`Spec`] (rate, channels), a config
//! (what fixes memory and latency) and params (everything else), by `new` with feature `alloc`, or by `new_in` in
//! memory of the caller. All of them are [`Processor`]s, and so are tuples and slices of processors.
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
//! A file uses what lies below it, never what lies above; two processors never use each other.
//!
//! | floor | what |
//! | --- | --- |
//! | 7 | `session` (feature): decode and write files, sessions, offline render |
//! | 6 | [`mix`]: strips, buses, alignment; [`master`]: targets, dither, tone match (feature `fft`) |
//! | 5 | [`combine`]: chains |
//! | 4 | the processors, one file or folder each: see the [`catalogue`]; `fir` (feature `fft`) |
//! | 3 | [`filter`], [`k_weighting`], true peak, envelopes, delay line, `fft` (feature) |
//! | 2 | [`processor`] and [`kind`] (the two traits), [`unit`](mod@unit), [`preset`] |
//! | 1 | [`param`], [`ramp`], [`audio`], [`memory`], [`simd`], [`spec`] |
//! | 0 | [`sample`], [`math`], [`units`], [`error`] |
#![no_std]
#![deny(unsafe_code)]

#[cfg(any(feature = "alloc", test))]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod audio;
pub mod catalogue;
pub mod combine;
mod envelope;
pub mod error;
#[cfg(feature = "fft")]
pub mod fft;
pub mod filter;
#[cfg(feature = "fft")]
pub mod fir;
pub mod k_weighting;
pub mod kind;
pub(crate) mod line;
pub mod math;
pub mod memory;
pub mod param;
pub mod preset;
pub mod processor;
pub mod ramp;
pub mod sample;
pub mod simd;
pub(crate) mod sinc;
pub mod spec;
mod true_peak;
pub mod unit;
pub mod units;

// The catalogue: module: kinds => what stands at the root of the crate. A new processor is one line.
catalogue::catalogue! {
    gain: GainKind => Gain, GainParams;
    eq: EqualizerKind, DynamicEqualizerKind, CrossoverKind, #[cfg(feature = "fft")] LinearPhaseKind =>
        Band, BandKind, Crossover, CrossoverConfig, CrossoverParams, CrossoverSlope, DynamicBand, DynamicEqualizer,
        DynamicEqualizerConfig, DynamicEqualizerParams, DynamicEqualizerReadings, DynamicKey, DynamicKind, Equalizer,
        EqualizerConfig, EqualizerParams, Placement, ShelfBy, Slope, Split,
        #[cfg(feature = "fft")] LinearPhase, #[cfg(feature = "fft")] LinearPhaseConfig;
    one_pole: OnePoleKind => OnePole, OnePoleParams;
    dynamics: CompressorKind =>
        Compressor, CompressorConfig, CompressorDetector, CompressorParams, CompressorReadings;
    limiter: LimiterKind => Limiter, LimiterConfig, LimiterParams, LimiterReadings;
    meter: LoudnessKind, LevelMeterKind, CorrelationMeterKind =>
        ChannelMeasures, CorrelationMeter, CorrelationMeterParams, CorrelationMeterReadings, History, Layout,
        LevelMeter, LevelMeterParams, LevelMeterReadings, LoudnessConfig, LoudnessMeter, LoudnessParams,
        LoudnessReadings, Peak, Speaker, TruePeak;
    delay: DelayKind => Delay, DelayConfig, DelayParams, DelayReadings, DelaySync;
    reverb: ReverbKind => Reverb, ReverbConfig, ReverbParams;
    stereo: PanKind, WidthKind, MidSideKind =>
        MidSide, MidSideDirection, MidSideParams, Pan, PanLaw, PanParams, Width, WidthParams;
    mix: AlignKind => Align, AlignConfig;
    master: DitherKind =>
        Dither, DitherConfig, #[cfg(feature = "fft")] Tone, #[cfg(feature = "fft")] ToneMatch,
        #[cfg(feature = "fft")] ToneMeter, #[cfg(feature = "fft")] ToneOptions;
}

pub use audio::Interleaved;
pub use error::Error;
pub use filter::{Biquad, Coefficients};
#[cfg(feature = "fft")]
pub use fir::Fir;
pub use kind::Kind;
pub use param::{Id, NoConfig};
pub use processor::Processor;
pub use sample::Sample;
pub use simd::SimdLevel;
pub use spec::Spec;
pub use unit::Unit;

#[cfg(feature = "session")]
pub mod session;

/// The examples of the README run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
