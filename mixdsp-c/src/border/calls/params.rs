//! The exported functions that set parameters and get values.

use crate::border::memory::{Head, own, shared};
use crate::spec::Setting;
use crate::status::Status;
use mixdsp::Id;

/// Sets a parameter.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_set(unit: *mut Head, id: u64, value: f64) -> Status {
    // SAFETY: as the header says.
    unsafe { shared(unit) }.and_then(|shared| shared.set(Id::from_raw(id), value)).into()
}

/// Lets a parameter follow a line.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_glide(unit: *mut Head, id: u64, target: f64, frames: u32) -> Status {
    // SAFETY: as the header says.
    unsafe { shared(unit) }.and_then(|shared| shared.glide(Id::from_raw(id), target, frames)).into()
}

/// A parameter, a config value, or a reading.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_get(unit: *const Head, id: u64, value: *mut f64) -> Status {
    if value.is_null() || !value.is_aligned() {
        return Status::ARGUMENT;
    }
    let id = Id::from_raw(id);
    // SAFETY: as the header says.
    unsafe {
        let got = match shared(unit).and_then(|shared| shared.get(id)) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => own(unit.cast_mut(), |_, running| running.get(id).ok_or(Status::NONE)),
            Err(status) => Err(status),
        };
        got.map(|got| value.write(got)).into()
    }
}

/// Writes config and parameters.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_save(unit: *const Head, settings: *mut Setting, capacity: u32) -> u32 {
    // SAFETY: as the header says.
    let Ok(shared) = (unsafe { shared(unit) }) else { return 0 };
    let len = shared.state_len();
    if capacity as usize >= len && !settings.is_null() && settings.is_aligned() {
        for at in 0..len {
            let Some(setting) = shared.state(at) else { return 0 };
            // SAFETY: there is room for `capacity` settings.
            unsafe { settings.add(at).write(setting) };
        }
    }
    len as u32
}

/// Sets parameters, all or none.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_load(unit: *mut Head, settings: *const Setting, count: u32) -> Status {
    let fits = count as usize <= isize::MAX as usize / size_of::<Setting>();
    if settings.is_null() || !settings.is_aligned() || !fits {
        return Status::ARGUMENT;
    }
    // SAFETY: as the header says.
    unsafe {
        let settings = core::slice::from_raw_parts(settings, count as usize);
        shared(unit).and_then(|shared| shared.load(settings)).into()
    }
}
