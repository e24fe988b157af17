//! Floor 7: every processor, a line each.
//!
//! The contract suite, the C classes, the Python classes and the tables of the docs run over it.

use crate::engine::kind::Kind;

/// Something to do for every kind.
pub trait Visitor {
    /// Called once per kind, in the order of the catalogue. `path` is where Rust finds it.
    fn visit<K: Kind>(&mut self, path: &'static str);
}

/// Calls the visitor for every processor.
pub fn visit_all(visitor: &mut impl Visitor) {
    visitor.visit::<crate::processors::gain::GainKind>("mixdsp::processors::gain::GainKind");
    visitor
        .visit::<crate::processors::equalizer::EqualizerKind>("mixdsp::processors::equalizer::EqualizerKind");
    visitor.visit::<crate::processors::dynamic_equalizer::DynamicEqualizerKind>(
        "mixdsp::processors::dynamic_equalizer::DynamicEqualizerKind",
    );
    visitor
        .visit::<crate::processors::crossover::CrossoverKind>("mixdsp::processors::crossover::CrossoverKind");
    #[cfg(feature = "fft")]
    visitor.visit::<crate::processors::linear_phase::LinearPhaseKind>(
        "mixdsp::processors::linear_phase::LinearPhaseKind",
    );
    visitor.visit::<crate::processors::one_pole::OnePoleKind>("mixdsp::processors::one_pole::OnePoleKind");
    visitor.visit::<crate::processors::compressor::CompressorKind>(
        "mixdsp::processors::compressor::CompressorKind",
    );
    visitor.visit::<crate::processors::limiter::LimiterKind>("mixdsp::processors::limiter::LimiterKind");
    visitor.visit::<crate::processors::loudness_meter::LoudnessKind>(
        "mixdsp::processors::loudness_meter::LoudnessKind",
    );
    visitor.visit::<crate::processors::level_meter::LevelMeterKind>(
        "mixdsp::processors::level_meter::LevelMeterKind",
    );
    visitor.visit::<crate::processors::correlation_meter::CorrelationMeterKind>(
        "mixdsp::processors::correlation_meter::CorrelationMeterKind",
    );
    visitor.visit::<crate::processors::delay::DelayKind>("mixdsp::processors::delay::DelayKind");
    visitor.visit::<crate::processors::reverb::ReverbKind>("mixdsp::processors::reverb::ReverbKind");
    visitor.visit::<crate::processors::pan::PanKind>("mixdsp::processors::pan::PanKind");
    visitor.visit::<crate::processors::width::WidthKind>("mixdsp::processors::width::WidthKind");
    visitor.visit::<crate::processors::mid_side::MidSideKind>("mixdsp::processors::mid_side::MidSideKind");
    visitor.visit::<crate::processors::align::AlignKind>("mixdsp::processors::align::AlignKind");
    visitor.visit::<crate::processors::dither::DitherKind>("mixdsp::processors::dither::DitherKind");
}
