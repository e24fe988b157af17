//! Going through all processors: the list itself stands in `lib.rs`, one line per file or family.
//!
//! The contract suite, the C classes, the Python classes and the tables of the docs run over it.

use crate::kind::Kind;

pub use crate::listed::visit_all;

/// Something to do for every kind.
pub trait Visitor {
    /// Called once per kind, in the order of the catalogue. `path` is where Rust finds it.
    fn visit<K: Kind>(&mut self, path: &'static str);
}

/// Declares the modules of the processors, what of them stands at the root of the crate, and the visit to
/// their kinds.
macro_rules! catalogue {
    ($($module:ident: $($kind:ident),+ => $($item:ident),+;)+) => {
        $(
            pub mod $module;
            pub use $module::{$($item),+};
        )+

        mod listed {
            /// Calls the visitor for every processor.
            pub fn visit_all(visitor: &mut impl crate::catalogue::Visitor) {
                $($(visitor.visit::<crate::$module::$kind>(
                    concat!("mixdsp::", stringify!($module), "::", stringify!($kind)),
                );)+)+
            }
        }
    };
}
pub(crate) use catalogue;
    ($($(#[$meta:meta])* $module:ident :: $kind:ident,)+) => {
        /// Calls the visitor for every processor.
        pub fn visit_all(visitor: &mut impl Visitor) {
            $($(#[$meta])* visitor.visit::<crate::$module::$kind>(concat!("mixdsp::", stringify!($module), "::", stringify!($kind)));)+
        }
    };
}

catalogue! {
    gain::GainKind,
    eq::EqualizerKind,
    eq::CrossoverKind,
    #[cfg(feature = "fft")]
    eq::LinearPhaseKind,
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
