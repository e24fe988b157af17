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
    ($($module:ident: $($(#[$with:meta])* $kind:ident),+ => $($(#[$having:meta])* $item:ident),+;)+) => {
        $(
            pub mod $module;
            $($(#[$having])* pub use $module::$item;)+
        )+

        mod listed {
            /// Calls the visitor for every processor.
            pub fn visit_all(visitor: &mut impl crate::catalogue::Visitor) {
                $($($(#[$with])* visitor.visit::<crate::$module::$kind>(
                    concat!("mixdsp::", stringify!($module), "::", stringify!($kind)),
                );)+)+
            }
        }
    };
}
pub(crate) use catalogue;
