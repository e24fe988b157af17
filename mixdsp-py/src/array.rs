//! Numpy arrays as channels of frames. All unsafe code of this crate is here.
//!
//! A view takes any strides: interleaved, reversed, Fortran order, every second sample. What it does not
//! take (another sample type, the other byte order, samples that are not aligned) is converted in Python
//! before it comes here.
//!
//! Why not the safe views of the numpy crate: they are Rust references, which promise that nobody else
//! touches the samples meanwhile. Here `out` may be the block itself or overlap it, several arguments may be
//! one array, and while the interpreter is released other threads may write to any of them. The crate's
//! borrow flags would refuse the former, which users rely on, could not see the latter, and cost hash lookups
//! for every array of every block. A pointer promises nothing: samples are copied out of the array and into
//! it, piece by piece, and no reference to them ever exists.

use mixdsp::catalogue::BoxedSample;
use numpy::npyffi::{_PyArray_GET_ITEM_DATA, NPY_ARRAY_WRITEABLE, NPY_TYPES};
use numpy::{Element, PyArray, PyArrayDescrMethods, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;
use std::ffi::c_int;
use std::marker::PhantomData;

/// A sample type of numpy that processors take.
pub(crate) trait Scalar: BoxedSample + Element {
    /// Numpy's number for it.
    const NUMBER: c_int;
    /// Numpy's name for it.
    const NAME: &'static str;
}
impl Scalar for f32 {
    const NUMBER: c_int = NPY_TYPES::NPY_FLOAT as c_int;
    const NAME: &'static str = "float32";
}
impl Scalar for f64 {
    const NUMBER: c_int = NPY_TYPES::NPY_DOUBLE as c_int;
    const NAME: &'static str = "float64";
}

/// Whether an array holds samples of `T` as this machine reads them.
pub(crate) fn holds<T: Scalar>(array: &Bound<'_, PyUntypedArray>) -> bool {
    let dtype = array.dtype();
    dtype.num() == T::NUMBER && dtype.is_native_byteorder() == Some(true) && array.is_aligned()
}

/// Whether an array may be written.
pub(crate) fn is_writeable(array: &Bound<'_, PyUntypedArray>) -> bool {
    // SAFETY: the pointer is that of a live array, and `Bound` proves that Python is attached.
    let flags = unsafe { (*_PyArray_GET_ITEM_DATA(array.as_array_ptr())).flags };
    flags & NPY_ARRAY_WRITEABLE != 0
}

/// The samples of an array with one axis (one channel) or two (channels and frames).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plane<'a, T> {
    data: *mut u8,
    channels: usize,
    frames: usize,
    /// Bytes from one channel to the next, and from one frame to the next.
    channel_stride: isize,
    frame_stride: isize,
    array: PhantomData<&'a T>,
}

// SAFETY: a view is a pointer and some numbers. It borrows the array, so the array outlives it and cannot
// be resized; what else Python threads do to its samples meanwhile is theirs to order, as with any
// function of numpy that releases the interpreter.
unsafe impl<T: Send> Send for Plane<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Plane<'_, T> {}

impl<'a, T: Scalar> Plane<'a, T> {
    /// A view of an array of `T` with one or two axes, the last of them time (the first with
    /// `time_first`). `None` for any other array.
    pub(crate) fn of(array: &'a Bound<'_, PyUntypedArray>, time_first: bool) -> Option<Self> {
        if !holds::<T>(array) {
            return None;
        }
        let (channels, frames, channel_stride, frame_stride) = match (array.shape(), array.strides()) {
            ([frames], [step]) => (1, *frames, 0, *step),
            ([frames, channels], [step, next]) if time_first => (*channels, *frames, *next, *step),
            ([channels, frames], [next, step]) => (*channels, *frames, *next, *step),
            _ => return None,
        };
        // SAFETY: the pointer is that of a live array, and `Bound` proves that Python is attached.
        let data = unsafe { (*_PyArray_GET_ITEM_DATA(array.as_array_ptr())).data }.cast();
        Some(Self { data, channels, frames, channel_stride, frame_stride, array: PhantomData })
    }

    pub(crate) fn channels(&self) -> usize {
        self.channels
    }

    pub(crate) fn frames(&self) -> usize {
        self.frames
    }

    /// Where a frame of a channel lies, when `count` frames follow from there.
    fn at(&self, channel: usize, frame: usize, count: usize) -> *mut u8 {
        assert!(channel < self.channels && count <= self.frames && frame <= self.frames - count);
        let offset = (channel as isize)
            .wrapping_mul(self.channel_stride)
            .wrapping_add((frame as isize).wrapping_mul(self.frame_stride));
        self.data.wrapping_offset(offset)
    }

    fn is_packed(&self) -> bool {
        self.frame_stride == size_of::<T>() as isize
    }

    /// Copies frames of one channel, from `frame` on, into `samples`.
    #[inline]
    pub(crate) fn read(&self, channel: usize, frame: usize, samples: &mut [T]) {
        let mut from = self.at(channel, frame, samples.len());
        if self.is_packed() {
            // SAFETY: `at` has checked that the frames lie in the array; they are aligned samples of `T`,
            // one after the other. `samples` is memory of our own, so the two do not overlap.
            unsafe { std::ptr::copy_nonoverlapping(from.cast(), samples.as_mut_ptr(), samples.len()) };
            return;
        }
        for sample in samples {
            // SAFETY: `at` has checked that the frames lie in the array; they are aligned samples of `T`.
            *sample = unsafe { from.cast::<T>().read() };
            from = from.wrapping_offset(self.frame_stride);
        }
    }
}

/// A view that may be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlaneMut<'a, T>(Plane<'a, T>);

impl<'a, T: Scalar> PlaneMut<'a, T> {
    /// As [`Plane::of`], of an array that may be written.
    pub(crate) fn of(array: &'a Bound<'_, PyUntypedArray>, time_first: bool) -> Option<Self> {
        Plane::of(array, time_first).filter(|_| is_writeable(array)).map(Self)
    }

    pub(crate) fn channels(&self) -> usize {
        self.0.channels
    }

    pub(crate) fn frames(&self) -> usize {
        self.0.frames
    }

    /// Copies `samples` into frames of one channel, from `frame` on.
    #[inline]
    pub(crate) fn write(&self, channel: usize, frame: usize, samples: &[T]) {
        let mut to = self.0.at(channel, frame, samples.len());
        if self.0.is_packed() {
            // SAFETY: `at` has checked that the frames lie in the array, which may be written; they are
            // aligned samples of `T`, one after the other, and do not overlap memory of our own.
            unsafe { std::ptr::copy_nonoverlapping(samples.as_ptr(), to.cast(), samples.len()) };
            return;
        }
        for sample in samples {
            // SAFETY: `at` has checked that the frames lie in the array, which may be written.
            unsafe { to.cast::<T>().write(*sample) };
            to = to.wrapping_offset(self.0.frame_stride);
        }
    }
}

/// A new array of zeros. For a large one the system brings zeroed pages, so that they cost nothing.
pub(crate) fn zeros<'py, T: Scalar>(py: Python<'py>, shape: &[usize]) -> Bound<'py, PyUntypedArray> {
    PyArray::<T, _>::zeros(py, shape, false).as_untyped().clone()
}
