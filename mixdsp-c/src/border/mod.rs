//! Where C meets Rust: the only place that looks through the pointers of a program.

pub(crate) mod audio;
pub(crate) mod calls;
pub(crate) mod memory;
