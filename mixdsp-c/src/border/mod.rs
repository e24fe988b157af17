//! Where C meets Rust: the only place that looks through the pointers of a program.

pub(crate) mod audio;
pub(crate) mod calls;
pub(crate) mod memory;
pub(crate) mod placement;

/// Exports the accessor of a processor.
macro_rules! accessor {
    ($(#[$meta:meta])* $name:ident: $kind:ty, $texts:expr) => {
        $(#[$meta])*
        #[unsafe(no_mangle)]
        pub extern "C" fn $name() -> *const $crate::Class {
            static CLASS: $crate::Class = $crate::Class::of::<$kind>(&$texts);
            &raw const CLASS
        }
    };
}
pub(crate) use accessor;
