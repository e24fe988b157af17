//! The C library: every processor of the catalogue behind one plain C interface.
//!
//! ```text
//! border/calls     the exported functions, each a few lines
//! border/audio     channel pointers become slices
//! border/memory    a unit in the caller's memory
//! border/placement the same for one kind: all that needs its type
//! class            what one processor is to C
//! control, mailbox parameters from any thread, handed to the thread that processes
//! running          a unit of either sample type
//! layout           where its parts lie
//! describe         tables for hosts
//! spec, status     what comes over the border
//! simd             which vector instructions this processor has
//! standalone       what stands in for std in the library of its own
//! classes          one accessor per processor; written by `cargo run -p generate`
//! ```
//!
//! What each function does, its units, errors and threads stand in `include/mixdsp.h`. Unsafe code lives in
//! `border`, in `simd`, and in `standalone`; nothing here allocates.
#![no_std]
#![deny(unsafe_code, unsafe_op_in_unsafe_fn)]

#[allow(unsafe_code)]
mod border;
mod class;
#[allow(unsafe_code)]
#[rustfmt::skip]
pub mod classes;
mod control;
mod describe;
mod layout;
mod mailbox;
mod running;
#[allow(unsafe_code)]
pub mod simd;
mod spec;
#[cfg(all(feature = "standalone", panic = "abort"))]
#[allow(unsafe_code)]
mod standalone;
mod status;

pub use border::calls::*;
pub use border::memory::Head;
pub use class::{Class, RowTexts, Texts};
pub use describe::Description;
pub use spec::{RawSpec, Setting};
pub use status::Status;

/// Grows only when compiled programs would break; also the number in the soname.
pub const ABI: u32 = 2;
