//! The signal processing of mixing and mastering, without a heap.
#![no_std]
#![deny(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod filter;
#[cfg(feature = "session")]
pub mod session;
