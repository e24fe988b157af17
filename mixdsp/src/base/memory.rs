//! Floor 1: the caller's words, and how a unit reads typed slices out of them.
//!
//! Storage is anything that is `AsRef<[u64]> + AsMut<[u64]>`: an array, a slice, a `Vec`, a `Box`, a
//! `static` on a microcontroller. Each processor declares once, in a `layout!`, which slices it keeps
//! there; the macro writes the size function and the carver from the same list, so they cannot differ. See `layout`.
//! This file holds the only unsafe code of the crate.

/// One cell of storage. Everything a unit keeps aligns to at most its 8 bytes.
pub type Word = u64;

/// What a unit's words may live in.
pub trait Store: AsRef<[Word]> + AsMut<[Word]> {}
impl<S: AsRef<[Word]> + AsMut<[Word]>> Store for S {}

/// The storage of units made by `new`: boxed words with feature `alloc`, a lent slice without.
#[cfg(any(feature = "alloc", test))]
pub type Storage = alloc::boxed::Box<[Word]>;
/// The storage of units made by `new`: boxed words with feature `alloc`, a lent slice without.
#[cfg(not(any(feature = "alloc", test)))]
pub type Storage = &'static mut [Word];

/// Plain data that may lie in the caller's words.
///
/// # Safety
///
/// Every bit pattern is a value, there is no padding, alignment is at most 8, and `BYTES` is the size of
/// all fields together. Implemented here for numbers and arrays, and by `plain!` for structs of plain
/// fields; `unsafe impl` is refused in every other file.
#[allow(unsafe_code)]
pub unsafe trait Plain: Copy + 'static {
    /// The bytes of all fields together; equal to `size_of` when there is no padding.
    #[doc(hidden)]
    const BYTES: usize;
}

macro_rules! numbers {
    ($($type:ty)*) => { $(
        // SAFETY: a number has no padding and no invalid bit pattern.
        #[allow(unsafe_code)]
        unsafe impl Plain for $type {
            const BYTES: usize = size_of::<$type>();
        }
    )* };
}
numbers!(f32 f64 u64 i64 u32 i32);

// SAFETY: an array is its elements, one after the other.
#[allow(unsafe_code)]
unsafe impl<E: Plain, const N: usize> Plain for [E; N] {
    const BYTES: usize = N * E::BYTES;
}

// SAFETY: `Complex` is `repr(C)`: the real part, then the imaginary part, of one type, so without padding.
#[cfg(feature = "fft")]
#[allow(unsafe_code)]
unsafe impl<E: Plain> Plain for num_complex::Complex<E> {
    const BYTES: usize = 2 * E::BYTES;
}

/// Declares a struct of plain fields that may live in the caller's words. The compiler refuses one with
/// padding, or with a field that is not plain.
macro_rules! plain {
    ($(#[$meta:meta])* $vis:vis struct $name:ident $(<const $n:ident: usize>)? {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        #[repr(C)]
        $vis struct $name $(<const $n: usize>)? { $($(#[$field_meta])* $field_vis $field: $type,)+ }
        // SAFETY: every field is plain, or BYTES would not compile; that their sizes add up to the size of
        // the struct, so that there is no padding, is asserted wherever the type is carved.
        #[allow(unsafe_code)]
        unsafe impl $(<const $n: usize>)? $crate::base::memory::Plain for $name $(<$n>)? {
            const BYTES: usize = 0 $(+ <$type as $crate::base::memory::Plain>::BYTES)+;
        }
    };
}
pub(crate) use plain;

/// How many words `count` values of `E` take. Saturates, so that an absurd count is refused as too large
/// and does not wrap around.
pub const fn words<E: Plain>(count: usize) -> usize {
    let bytes = count.saturating_mul(size_of::<E>());
    bytes.div_ceil(8)
}

/// Takes typed slices from the front of some words, one after the other.
#[derive(Debug)]
pub(crate) struct Carver<'a> {
    rest: &'a mut [Word],
}

impl<'a> Carver<'a> {
    pub(crate) fn new(words: &'a mut [Word]) -> Self {
        Self { rest: words }
    }

    /// The next `count` values; an empty slice when the words do not suffice, which the size check at
    /// construction rules out.
    #[allow(unsafe_code)]
    pub(crate) fn take<E: Plain>(&mut self, count: usize) -> &'a mut [E] {
        const {
            assert!(size_of::<E>() == E::BYTES, "a plain struct has padding");
            assert!(align_of::<E>() <= align_of::<Word>());
        }
        let rest = core::mem::take(&mut self.rest);
        let Some((head, tail)) = rest.split_at_mut_checked(words::<E>(count)) else {
            return &mut [];
        };
        self.rest = tail;
        // SAFETY: `head` is exclusive for 'a and covers at least count * size_of::<E>() initialised bytes.
        // Its alignment of 8 suffices for E (asserted above). E is plain: every bit pattern is a value, and
        // without padding (asserted above) its bytes stay initialised when they are read as words again.
        unsafe { core::slice::from_raw_parts_mut(head.as_mut_ptr().cast::<E>(), count) }
    }

    /// What was not taken.
    pub(crate) fn rest(self) -> &'a mut [Word] {
        self.rest
    }
}

/// The same for words that are only read.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [Word],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(words: &'a [Word]) -> Self {
        Self { rest: words }
    }

    /// The next `count` values; see [`Carver::take`].
    #[allow(unsafe_code)]
    pub(crate) fn take<E: Plain>(&mut self, count: usize) -> &'a [E] {
        const {
            assert!(size_of::<E>() == E::BYTES, "a plain struct has padding");
            assert!(align_of::<E>() <= align_of::<Word>());
        }
        let Some((head, tail)) = self.rest.split_at_checked(words::<E>(count)) else {
            return &[];
        };
        self.rest = tail;
        // SAFETY: as in `Carver::take`, with shared access in place of exclusive.
        unsafe { core::slice::from_raw_parts(head.as_ptr().cast::<E>(), count) }
    }

    /// What was not taken.
    pub(crate) fn rest(self) -> &'a [Word] {
        self.rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    plain! {
        struct Pair { number: f64, counts: [u32; 2], }
    }

    #[test]
    fn slices_do_not_overlap_and_keep_what_is_written() {
        let mut storage = [0u64; 16];
        let total = words::<f32>(3) + words::<Pair>(2) + words::<f64>(1);
        assert_eq!(total, 2 + 4 + 1);
        let mut carver = Carver::new(&mut storage[..total]);
        let floats = carver.take::<f32>(3);
        let pairs = carver.take::<Pair>(2);
        let double = carver.take::<f64>(1);
        floats.fill(1.5);
        pairs.fill(Pair { number: -2.0, counts: [7, 8] });
        double[0] = 3.25;
        assert_eq!(floats, &[1.5; 3]);
        assert!(pairs.iter().all(|p| p.number == -2.0 && p.counts == [7, 8]));
        assert_eq!(double, &[3.25]);
        assert!(carver.rest().is_empty());
        // the words are still words
        assert_eq!(storage[6], 3.25f64.to_bits());
        assert_eq!(storage[7], 0);
    }

    #[test]
    fn too_few_words_give_an_empty_slice() {
        let mut storage = [0u64; 2];
        assert!(Carver::new(&mut storage).take::<f64>(3).is_empty());
        assert!(Carver::new(&mut storage).take::<f64>(usize::MAX).is_empty());
    }

    #[test]
    fn absurd_sizes_saturate() {
        assert_eq!(words::<f64>(usize::MAX), usize::MAX / 8 + 1);
    }
}
