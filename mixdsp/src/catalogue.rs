//! The list of all processors. A new one is one line here.
//!
//! The contract suite, the C classes, the Python classes and the tables of the docs run over it.

use crate::kind::Kind;

/// Something to do for every kind.
pub trait Visitor {
    /// Called once per kind, in the order of the catalogue. `path` is where Rust finds it.
    fn visit<K: Kind>(&mut self, path: &'static str);
}

macro_rules! catalogue {
    ($($module:ident :: $kind:ident,)+) => {
        /// Calls the visitor for every processor.
        pub fn visit_all(visitor: &mut impl Visitor) {
            $(visitor.visit::<crate::$module::$kind>(concat!("mixdsp::", stringify!($module), "::", stringify!($kind)));)+
        }
    };
}

catalogue! {
    gain::GainKind,
    eq::EqualizerKind,
    eq::DynamicEqualizerKind,
    one_pole::OnePoleKind,
    dynamics::CompressorKind,
    limiter::LimiterKind,
    meter::LoudnessKind,
    delay::DelayKind,
    reverb::ReverbKind,
    stereo::PanKind,
    stereo::WidthKind,
    stereo::MidSideKind,
    mix::AlignKind,
    master::DitherKind,
}
