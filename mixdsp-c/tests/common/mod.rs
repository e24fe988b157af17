//! A C program's view of a unit, for tests: memory from the allocator, never written before, and the
//! exported functions.
#![allow(dead_code, unreachable_pub, reason = "every test file uses a part of this")]

use mixdsp::Id;
use mixdsp::engine::kind::ResponseAt;
use mixdsp_c::*;
use num_complex::Complex;
use std::alloc::{Layout, alloc, dealloc};
use std::ffi::CStr;

pub mod kind;
pub mod random;

/// A unit in memory of its own.
pub struct Unit {
    pub pointer: *mut Head,
    layout: Layout,
}

// SAFETY: the exported functions may be called from any thread.
unsafe impl Send for Unit {}
// SAFETY: as above.
unsafe impl Sync for Unit {}

impl Drop for Unit {
    fn drop(&mut self) {
        // SAFETY: allocated so in `new`.
        unsafe { dealloc(self.pointer.cast(), self.layout) }
    }
}

/// Planar audio that both sides of the border may hold.
pub fn pointers<T>(audio: &mut [Vec<T>]) -> Vec<*mut T> {
    audio.iter_mut().map(|channel| channel.as_mut_ptr()).collect()
}

impl Unit {
    pub fn new(class: *const Class, spec: &RawSpec) -> Result<Self, Status> {
        // SAFETY: the memory has as many bytes as the library asks for.
        unsafe {
            let bytes = mixdsp_bytes(class, spec);
            let layout = Layout::from_size_align(bytes.max(8), 8).unwrap();
            let memory = alloc(layout);
            let mut pointer = std::ptr::dangling_mut();
            let status = mixdsp_init(class, spec, memory.cast(), bytes, &mut pointer);
            if status != Status::OK {
                assert!(pointer.is_null());
                dealloc(memory, layout);
                return Err(status);
            }
            assert_eq!(pointer.cast(), memory);
            Ok(Self { pointer, layout })
        }
    }

    pub fn process(&self, audio: &mut [Vec<f32>], sidechain: &mut [Vec<f32>]) -> Status {
        let frames = audio.first().map_or(0, Vec::len) as u32;
        let (audio, sidechain) = (pointers(audio), pointers(sidechain));
        let sidechain = if sidechain.is_empty() { std::ptr::null() } else { sidechain.as_ptr().cast() };
        // SAFETY: the pointers lead to as many channels and frames as the spec and `frames` say.
        unsafe {
            mixdsp_process(self.pointer, audio.as_ptr().cast(), sidechain, audio.as_ptr().cast(), frames)
        }
    }

    pub fn process_f64(&self, audio: &mut [Vec<f64>], sidechain: &mut [Vec<f64>]) -> Status {
        let frames = audio.first().map_or(0, Vec::len) as u32;
        let (audio, sidechain) = (pointers(audio), pointers(sidechain));
        let sidechain = if sidechain.is_empty() { std::ptr::null() } else { sidechain.as_ptr().cast() };
        // SAFETY: as above.
        unsafe {
            mixdsp_process_f64(self.pointer, audio.as_ptr().cast(), sidechain, audio.as_ptr().cast(), frames)
        }
    }

    pub fn set<P>(&self, id: Id<P>, value: f64) -> Status {
        // SAFETY: the unit lives.
        unsafe { mixdsp_set(self.pointer, id.raw(), value) }
    }

    pub fn glide<P>(&self, id: Id<P>, target: f64, frames: u32) -> Status {
        // SAFETY: the unit lives.
        unsafe { mixdsp_glide(self.pointer, id.raw(), target, frames) }
    }

    pub fn get<P>(&self, id: Id<P>) -> Result<f64, Status> {
        let mut value = f64::NAN;
        // SAFETY: the unit lives.
        let status = unsafe { mixdsp_get(self.pointer, id.raw(), &mut value) };
        if status == Status::OK { Ok(value) } else { Err(status) }
    }

    pub fn reset(&self) -> Status {
        // SAFETY: the unit lives.
        unsafe { mixdsp_reset(self.pointer) }
    }

    pub fn tail(&self) -> u64 {
        // SAFETY: the unit lives.
        unsafe { mixdsp_tail(self.pointer) }
    }

    pub fn response(&self, frequency: f64, at: ResponseAt) -> Result<Complex<f64>, Status> {
        let mut value = Complex::new(f64::NAN, f64::NAN);
        // SAFETY: the unit lives.
        let status =
            unsafe { mixdsp_response(self.pointer, frequency, at as u32, &mut value.re, &mut value.im) };
        if status == Status::OK { Ok(value) } else { Err(status) }
    }

    pub fn latency(&self) -> u64 {
        // SAFETY: the unit lives.
        unsafe { mixdsp_latency(self.pointer) }
    }

    pub fn sanitized_samples(&self) -> u64 {
        // SAFETY: the unit lives.
        unsafe { mixdsp_sanitized_samples(self.pointer) }
    }

    pub fn save(&self) -> Vec<Setting> {
        // SAFETY: the unit lives, and the settings have the room that is named.
        unsafe {
            let count = mixdsp_save(self.pointer, std::ptr::null_mut(), 0);
            let mut settings = vec![Setting { id: 0, value: f64::NAN }; count as usize];
            assert_eq!(mixdsp_save(self.pointer, settings.as_mut_ptr(), count), count);
            settings
        }
    }

    pub fn load(&self, settings: &[Setting]) -> Status {
        // SAFETY: the unit lives, and so many settings are there.
        unsafe { mixdsp_load(self.pointer, settings.as_ptr(), settings.len() as u32) }
    }
}

/// Bytes that a unit needs.
pub fn bytes(class: *const Class, spec: &RawSpec) -> usize {
    // SAFETY: both live.
    unsafe { mixdsp_bytes(class, spec) }
}

/// A spec with settings, which it must not outlive.
pub fn with_settings(spec: RawSpec, settings: &[Setting]) -> RawSpec {
    RawSpec { setting_count: settings.len() as u32, settings: settings.as_ptr(), ..spec }
}

/// Text from the library.
pub fn text(pointer: *const std::ffi::c_char) -> Option<&'static str> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: the library's texts are static and end with a zero.
    Some(unsafe { CStr::from_ptr(pointer) }.to_str().unwrap())
}

/// Processors that the library leaves out, since their FFT allocates. The catalogue has them where the whole
/// workspace is built at once, with the features of all its members.
pub const LEFT_OUT: &[&str] = &["linear_phase", "fir", "resonance_suppressor", "convolution_reverb"];
