//! The exported functions that run units.

use crate::border::audio::{Block, Channels, Crossing, Feed, Format, Interleaved, Planar};
use crate::border::memory::{Head, own, shared};
use crate::status::Status;
use core::ffi::c_void;
use mixdsp::Spec;
use mixdsp::engine::kind::ResponseAt;

/// # Safety
///
/// As the header says.
unsafe fn process<T: Crossing>(
    unit: *mut Head,
    input: Channels<T>,
    sidechain: Channels<T>,
    output: Channels<T>,
    frames: u32,
) -> Status {
    // SAFETY: as the header says.
    unsafe {
        run_block::<T, _>(unit, frames, |spec, frames| Planar::check(spec, input, sidechain, output, frames))
    }
}

/// Checks a block and runs it: new parameters before, what others may look at after. No frames are always
/// fine, and their pointers are not looked at.
///
/// # Safety
///
/// As the header says.
unsafe fn run_block<T: Crossing, B: Block<T>>(
    unit: *mut Head,
    frames: u32,
    check: impl FnOnce(&Spec, usize) -> Result<B, Status>,
) -> Status {
    // SAFETY: as the header says.
    let result = unsafe {
        own(unit, |shared, mut running| {
            let spec = &shared.head.spec;
            T::unit(running.lend())?;
            if frames == 0 {
                shared.drain(&mut running);
            } else {
                let block = check(spec, frames as usize)?;
                shared.drain(&mut running);
                block.run(spec, T::unit(running.lend())?)?;
            }
            shared.publish(&running, frames);
            Ok(())
        })
    };
    result.into()
}

/// Processes a planar block of `float`.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_process(
    unit: *mut Head,
    input: Channels<f32>,
    sidechain: Channels<f32>,
    output: Channels<f32>,
    frames: u32,
) -> Status {
    // SAFETY: as the header says.
    unsafe { process(unit, input, sidechain, output, frames) }
}

/// Processes a planar block of `double`.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_process_f64(
    unit: *mut Head,
    input: Channels<f64>,
    sidechain: Channels<f64>,
    output: Channels<f64>,
    frames: u32,
) -> Status {
    // SAFETY: as the header says.
    unsafe { process(unit, input, sidechain, output, frames) }
}

/// Processes interleaved `float`.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_process_interleaved(
    unit: *mut Head,
    input: *const f32,
    output: *mut f32,
    frames: u32,
) -> Status {
    // SAFETY: as the header says.
    unsafe { run_block(unit, frames, |spec, frames| Interleaved::<f32>::check(spec, input, output, frames)) }
}

/// Lets a unit hear interleaved samples.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_feed(
    unit: *mut Head,
    samples: *const c_void,
    format: u32,
    frames: u32,
) -> Status {
    let Some(format) = sample_format(format) else { return Status::TYPE };
    let samples = samples.cast::<u8>();
    // SAFETY: as the header says.
    unsafe {
        let check = |spec: &Spec, frames| Feed::check(spec, samples, format, frames);
        match shared(unit).map(|shared| shared.head.is_f64) {
            Err(status) => status,
            Ok(false) => run_block::<f32, _>(unit, frames, check),
            Ok(true) => run_block::<f64, _>(unit, frames, check),
        }
    }
}

/// A format by its number.
pub(super) fn sample_format(format: u32) -> Option<Format> {
    Format::ALL.get(format as usize).copied()
}

/// Clears audio state and ends ramps and glides.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_reset(unit: *mut Head) -> Status {
    // SAFETY: as the header says.
    let result = unsafe {
        own(unit, |shared, mut running| {
            shared.drain(&mut running);
            running.reset();
            shared.publish(&running, u32::MAX);
            Ok(())
        })
    };
    result.into()
}

/// Frames by which the output is late.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_latency(unit: *const Head) -> u64 {
    // SAFETY: as the header says.
    unsafe { shared(unit) }.map_or(0, |shared| shared.head.latency as u64)
}

/// Frames until the output is silent after the input.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_tail(unit: *mut Head) -> u64 {
    // SAFETY: as the header says.
    let tail = unsafe {
        own(unit, |shared, mut running| {
            shared.drain(&mut running);
            Ok(running.tail())
        })
    };
    tail.map_or(0, |tail| tail.map_or(u64::MAX, |frames| frames as u64))
}

/// Response to a steady sine.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_response(
    unit: *mut Head,
    frequency_hz: f64,
    at: u32,
    real: *mut f64,
    imaginary: *mut f64,
) -> Status {
    let is_sound = |pointer: *mut f64| !pointer.is_null() && pointer.is_aligned();
    let at = match at {
        0 => ResponseAt::Settled,
        1 => ResponseAt::Now,
        _ => return Status::ARGUMENT,
    };
    if !is_sound(real) || !is_sound(imaginary) {
        return Status::ARGUMENT;
    }
    // SAFETY: as the header says.
    unsafe {
        let response = own(unit, |shared, mut running| {
            if !(0.0..=shared.head.spec.sample_rate / 2.0).contains(&frequency_hz) {
                return Err(Status::RANGE);
            }
            shared.drain(&mut running);
            running.response(frequency_hz, at).ok_or(Status::NONE)
        });
        let write = |(re, im)| {
            real.write(re);
            imaginary.write(im);
        };
        response.map(write).into()
    }
}

/// Level that leaves for a steady level that comes in.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_static_curve_db(unit: *mut Head, level_db: f64, out_db: *mut f64) -> Status {
    if out_db.is_null() || !out_db.is_aligned() {
        return Status::ARGUMENT;
    }
    // SAFETY: as the header says.
    unsafe {
        let level = own(unit, |shared, mut running| {
            if !level_db.is_finite() {
                return Err(Status::RANGE);
            }
            shared.drain(&mut running);
            running.static_curve_db(level_db).ok_or(Status::NONE)
        });
        level.map(|level| out_db.write(level)).into()
    }
}

/// Samples that were replaced because they were not finite or beyond the limit.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_sanitized_samples(unit: *const Head) -> u64 {
    // SAFETY: as the header says.
    unsafe { shared(unit) }.map_or(0, |shared| shared.head.sanitized_samples.read().unwrap_or(0))
}
