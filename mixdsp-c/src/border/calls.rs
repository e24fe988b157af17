//! The functions that C sees. What each does stands in `include/mixdsp.h`; their safety is the same for
//! all: pointers are NULL or point to what the header says, for as long as it says.

mod describe;
mod loudness;
mod params;
mod run;
mod setup;

use crate::class::Class;

pub use describe::*;
pub use loudness::*;
pub use params::*;
pub use run::*;
pub use setup::*;

/// A class, or nothing when the pointer is none.
///
/// # Safety
///
/// `class` is NULL or comes from an accessor.
unsafe fn known(class: *const Class) -> Option<&'static Class> {
    if class.is_aligned() {
        // SAFETY: classes are static; NULL is none.
        unsafe { class.as_ref() }
    } else {
        None
    }
}
