//! The exported functions that build units.

use super::known;
use crate::border::memory::{Head, Plan, own, request};
use crate::class::Class;
use crate::spec::RawSpec;
use crate::status::Status;
use crate::{ABI, simd};
use core::ffi::{c_char, c_void};

/// The number of the binary interface.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_abi() -> u32 {
    ABI
}

/// The version, as text.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_version() -> *const c_char {
    const TEXT: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    TEXT.as_ptr().cast()
}

/// The best vector instructions of this machine, as text.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_simd() -> *const c_char {
    let text = match simd::best().name() {
        "AVX2" => c"AVX2",
        "SSE2" => c"SSE2",
        "NEON" => c"NEON",
        "SIMD128" => c"SIMD128",
        _ => c"scalar",
    };
    text.as_ptr()
}

/// A status as a sentence.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_status_text(status: Status) -> *const c_char {
    status.text().as_ptr()
}

/// Memory that a unit needs, in bytes; 0 when it cannot be.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_bytes(class: *const Class, spec: *const RawSpec) -> usize {
    // SAFETY: as the header says.
    unsafe { plan(class, spec) }.map_or(0, |plan| plan.bytes())
}

/// Builds a unit in memory of the caller.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_init(
    class: *const Class,
    spec: *const RawSpec,
    memory: *mut c_void,
    bytes: usize,
    unit: *mut *mut Head,
) -> Status {
    if unit.is_null() || !unit.is_aligned() {
        return Status::ARGUMENT;
    }
    // SAFETY: as the header says.
    unsafe {
        unit.write(core::ptr::null_mut());
        let result = init(class, spec, memory, bytes);
        if let Ok(built) = result {
            unit.write(built);
        }
        result.err().unwrap_or(Status::OK)
    }
}

/// # Safety
///
/// As the header says.
unsafe fn plan<'a>(class: *const Class, spec: *const RawSpec) -> Result<Plan<'a>, Status> {
    // SAFETY: as the header says.
    let (class, request) = unsafe { (known(class).ok_or(Status::ARGUMENT)?, request(spec)?) };
    Plan::new(class, request)
}

/// # Safety
///
/// As the header says.
unsafe fn init(
    class: *const Class,
    spec: *const RawSpec,
    memory: *mut c_void,
    bytes: usize,
) -> Result<*mut Head, Status> {
    // SAFETY: as the header says; the memory is large enough and aligned.
    unsafe {
        let plan = plan(class, spec)?;
        if memory.is_null() || bytes < plan.bytes() {
            return Err(Status::MEMORY);
        }
        if !memory.addr().is_multiple_of(8) {
            return Err(Status::ARGUMENT);
        }
        plan.build(memory.cast())?;
        let unit = memory.cast::<Head>();
        own(unit, |shared, running| {
            shared.publish(&running, 0);
            Ok(())
        })?;
        Ok(unit)
    }
}
