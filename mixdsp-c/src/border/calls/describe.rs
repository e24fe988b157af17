//! The exported functions that describe classes.

use super::known;
use crate::border::memory::{Head, shared};
use crate::class::Class;
use crate::classes;
use crate::describe::{self, Description};
use crate::status::Status;
use core::ffi::{CStr, c_char};
use core::ptr::null;
use mixdsp::Id;

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
pub unsafe extern "C" fn mixdsp_choice_text(class: *const Class, id: u64, choice: u32) -> *const c_char {
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
pub unsafe extern "C" fn mixdsp_find(class: *const Class, key: *const c_char) -> u64 {
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
