//! The functions that C sees. What each does stands in `include/mixdsp.h`; their safety is the same for
//! all: pointers are NULL or point to what the header says, for as long as it says.

use super::audio::{Block, Channels, Crossing, Feed, Format, Interleaved, Planar};
use super::memory::{Head, own, request, shared};
use crate::class::Class;
use crate::describe::{self, Description};
use crate::spec::{RawSpec, Setting};
use crate::status::Status;
use crate::{ABI, classes, simd};
use core::ffi::{CStr, c_char, c_void};
use core::ptr::null;
use mixdsp::{Id, Spec};

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
    let layout = unsafe {
        known(class)
            .ok_or(Status::ARGUMENT)
            .and_then(|class| request(spec).and_then(|asked| (class.layout)(&asked)))
    };
    layout.map_or(0, |layout| layout.bytes())
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
unsafe fn init(
    class: *const Class,
    spec: *const RawSpec,
    memory: *mut c_void,
    bytes: usize,
) -> Result<*mut Head, Status> {
    // SAFETY: as the header says; the layout is that of this class and request, the memory large enough
    // and aligned.
    unsafe {
        let class = known(class).ok_or(Status::ARGUMENT)?;
        let asked = request(spec)?;
        let layout = (class.layout)(&asked)?;
        if memory.is_null() || bytes < layout.bytes() {
            return Err(Status::MEMORY);
        }
        if !memory.addr().is_multiple_of(8) {
            return Err(Status::ARGUMENT);
        }
        (class.build)(class, &asked, &layout, memory.cast())?;
        let unit = memory.cast::<Head>();
        own(unit, |shared, running| {
            shared.publish(&running, 0);
            Ok(())
        })?;
        Ok(unit)
    }
}

/// # Safety
///
/// As the header says.
unsafe fn process<T: Crossing>(
    unit: *mut Head,
    input: Channels<T>,
    key: Channels<T>,
    output: Channels<T>,
    frames: u32,
) -> Status {
    // SAFETY: as the header says.
    unsafe { run_block::<T, _>(unit, frames, |spec, frames| Planar::check(spec, input, key, output, frames)) }
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
            let block = if frames == 0 { None } else { Some(check(spec, frames as usize)?) };
            shared.drain(&mut running);
            if let Some(block) = block {
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
    key: Channels<f32>,
    output: Channels<f32>,
    frames: u32,
) -> Status {
    // SAFETY: as the header says.
    unsafe { process(unit, input, key, output, frames) }
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
    key: Channels<f64>,
    output: Channels<f64>,
    frames: u32,
) -> Status {
    // SAFETY: as the header says.
    unsafe { process(unit, input, key, output, frames) }
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
    let Some(format) = Format::ALL.get(format as usize).copied() else { return Status::TYPE };
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

/// Sets a parameter.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_set(unit: *mut Head, id: u32, value: f64) -> Status {
    // SAFETY: as the header says.
    unsafe { shared(unit) }.and_then(|shared| shared.set(Id::from_raw(id), value)).into()
}

/// Lets a parameter follow a line.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_glide(unit: *mut Head, id: u32, target: f64, frames: u32) -> Status {
    // SAFETY: as the header says.
    unsafe { shared(unit) }.and_then(|shared| shared.glide(Id::from_raw(id), target, frames)).into()
}

/// A parameter, a config value, or a reading.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_get(unit: *const Head, id: u32, value: *mut f64) -> Status {
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

/// Samples that were not finite or beyond the limit.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_faults(unit: *const Head) -> u64 {
    // SAFETY: as the header says.
    unsafe { shared(unit) }.map_or(0, |shared| shared.head.faults.read().unwrap_or(0))
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

/// The class of a unit.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_class_of(unit: *const Head) -> *const Class {
    // SAFETY: as the header says.
    unsafe { shared(unit) }.map_or(null(), |shared| shared.head.class)
}

/// The class at a place of the catalogue.
#[unsafe(no_mangle)]
pub extern "C" fn mixdsp_class_at(index: u32) -> *const Class {
    classes::ALL.get(index as usize).map_or(null(), |(_, class)| class())
}

/// As written in code.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_class_key(class: *const Class) -> *const c_char {
    // SAFETY: as the header says.
    unsafe { known(class) }.map_or(null(), |class| class.texts.key.as_ptr())
}

/// As shown to people.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_class_name(class: *const Class) -> *const c_char {
    // SAFETY: as the header says.
    unsafe { known(class) }.map_or(null(), |class| class.texts.name.as_ptr())
}

/// One sentence.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_class_doc(class: *const Class) -> *const c_char {
    // SAFETY: as the header says.
    unsafe { known(class) }.map_or(null(), |class| class.texts.doc.as_ptr())
}

/// How many rows a class has.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_param_count(class: *const Class) -> u32 {
    // SAFETY: as the header says.
    unsafe { known(class) }.map_or(0, |class| describe::count(class) as u32)
}

/// Describes a row.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_param_at(
    class: *const Class,
    index: u32,
    description: *mut Description,
) -> Status {
    // SAFETY: as the header says.
    let Some(class) = (unsafe { known(class) }) else { return Status::ARGUMENT };
    if description.is_null() || !description.is_aligned() {
        return Status::ARGUMENT;
    }
    // SAFETY: as the header says; the size says whether all of it is there.
    unsafe {
        if ((*description).size as usize) < size_of::<Description>() {
            return Status::ABI;
        }
        let found = describe::at(class, index as usize).ok_or(Status::ID);
        found.map(|found| description.write(found)).into()
    }
}

/// The text of a choice.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_choice_text(class: *const Class, id: u32, choice: u32) -> *const c_char {
    // SAFETY: as the header says.
    let class = unsafe { known(class) };
    let text = class.and_then(|class| describe::choice(class, Id::from_raw(id), choice as usize));
    text.map_or(null(), CStr::as_ptr)
}

/// The id of a row by its key.
///
/// # Safety
///
/// As the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixdsp_find(class: *const Class, key: *const c_char) -> u32 {
    if key.is_null() {
        return 0;
    }
    // Long enough for any key; a longer text is none.
    const LONGEST: usize = 255;
    // SAFETY: as the header says; the text is read up to its zero.
    let (class, key) = unsafe {
        let len = (0..=LONGEST).find(|at| *key.add(*at) == 0);
        (known(class), len.map(|len| core::slice::from_raw_parts(key.cast::<u8>(), len)))
    };
    class.zip(key).and_then(|(class, key)| describe::find(class, key)).map_or(0, Id::raw)
}
