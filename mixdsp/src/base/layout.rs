//! Floor 1: what a processor keeps in the caller's words, declared once.

/// Declares what a unit keeps in its words: a struct of slices with `words(sizes)` and
/// `carve(words, sizes)`, and one of shared slices with `read(words, sizes)`.
///
/// ```text
/// layout! {
///     /// The words of a delay.
///     struct Memory<T>, read as MemoryRef (channels: usize, frames: usize) {
///         /// What each channel heard.
///         line: [T; channels * frames],
///     }
/// }
/// ```
macro_rules! layout {
    ($(#[$meta:meta])* $vis:vis struct $name:ident<$t:ident>, read as $shared:ident ($($size:ident: $size_type:ty),* $(,)?) {
        $($(#[$field_meta:meta])* $field:ident: [$type:ty; $count:expr],)+
    }) => {
        $(#[$meta])*
        #[allow(clippy::allow_attributes, dead_code, reason = "not every slice is read in every place")]
        $vis struct $name<'a, $t: $crate::base::sample::Sample> {
            $($(#[$field_meta])* pub(crate) $field: &'a mut [$type],)+
            _sample: core::marker::PhantomData<$t>,
        }
        $(#[$meta])*
        #[allow(clippy::allow_attributes, dead_code, reason = "not every slice is read in every place")]
        $vis struct $shared<'a, $t: $crate::base::sample::Sample> {
            $($(#[$field_meta])* pub(crate) $field: &'a [$type],)+
            _sample: core::marker::PhantomData<$t>,
        }
        #[allow(clippy::allow_attributes, dead_code, unused_variables, reason = "a layout need not use every size")]
        impl<'a, $t: $crate::base::sample::Sample> $name<'a, $t> {
            /// How many words the slices take.
            $vis const fn words($($size: $size_type),*) -> usize {
                0usize $(.saturating_add($crate::base::memory::words::<$type>($count)))+
            }
            /// The slices, always in the order declared.
            $vis fn carve(words: &'a mut [$crate::base::memory::Word] $(, $size: $size_type)*) -> Self {
                let mut carver = $crate::base::memory::Carver::new(words);
                Self { $($field: carver.take::<$type>($count),)+ _sample: core::marker::PhantomData }
            }
        }
        #[allow(clippy::allow_attributes, dead_code, unused_variables, reason = "a layout need not use every size")]
        impl<'a, $t: $crate::base::sample::Sample> $shared<'a, $t> {
            /// The same slices, shared.
            $vis fn read(words: &'a [$crate::base::memory::Word] $(, $size: $size_type)*) -> Self {
                let mut reader = $crate::base::memory::Reader::new(words);
                Self { $($field: reader.take::<$type>($count),)+ _sample: core::marker::PhantomData }
            }
        }
    };
}
pub(crate) use layout;
