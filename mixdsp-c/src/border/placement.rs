//! How a unit of one kind comes into the caller's memory and is reached there: all that needs its type.

use crate::running::Running;
use mixdsp::params::{Settings, Table};
use mixdsp::{Error, Processor, ProcessorKind, Sample, Spec, Unit};

/// Where units keep their words: in the caller's memory, for as long as they are used.
pub(crate) type Lent = &'static mut [u64];

/// Both sample types of a kind.
pub(crate) struct Placement {
    f32: Place<f32>,
    f64: Place<f64>,
}

/// What a unit takes: the unit itself, in bytes, and its words.
pub(crate) struct Size {
    pub(crate) bytes: usize,
    pub(crate) words: usize,
}

struct Place<T: Sample> {
    bytes: usize,
    words: fn(&Spec, &[f64]) -> Result<usize, Error>,
    build: unsafe fn(Spec, &[f64], &dyn Settings, Lent, *mut u64) -> Result<(), Error>,
    reach: unsafe fn(*mut u64) -> *mut dyn Processor<T>,
}

impl<T: Sample> Place<T> {
    const fn of<K: ProcessorKind>() -> Self {
        Self {
            bytes: size_of::<Unit<K, T, Lent>>(),
            words: |spec, config| {
                let config = K::Config::read(config);
                K::check_without_heap(&config)?;
                Unit::<K, T, Lent>::words_needed(spec, &config)
            },
            build: build::<K, T>,
            reach: |unit| unit.cast::<Unit<K, T, Lent>>(),
        }
    }

    fn size(&self, spec: &Spec, config: &[f64]) -> Result<Size, Error> {
        Ok(Size { bytes: self.bytes, words: (self.words)(spec, config)? })
    }
}

/// # Safety
///
/// `unit` is aligned to 8 and has room for the unit.
unsafe fn build<K: ProcessorKind, T: Sample>(
    spec: Spec,
    config: &[f64],
    settings: &dyn Settings,
    words: Lent,
    unit: *mut u64,
) -> Result<(), Error> {
    const {
        assert!(align_of::<Unit<K, T, Lent>>() <= 8);
        // A kind that may allocate is refused the configs by which it does.
        let needs_drop = core::mem::needs_drop::<Unit<K, T, Lent>>() && !K::MAY_ALLOCATE;
        assert!(!needs_drop, "free() is all that a unit gets at its end");
    };
    let config = K::Config::read(config);
    K::check_without_heap(&config)?;
    let built = Unit::<K, T, Lent>::new_in(spec, config, settings, words)?;
    // SAFETY: as the caller promises; a word is alignment enough.
    unsafe { unit.cast::<Unit<K, T, Lent>>().write(built) };
    Ok(())
}

impl Placement {
    /// That of a kind.
    pub(crate) const fn of<K: ProcessorKind>() -> Self {
        Self { f32: Place::of::<K>(), f64: Place::of::<K>() }
    }

    /// What a unit takes. Fails as building would.
    pub(crate) fn size(&self, is_f64: bool, spec: &Spec, config: &[f64]) -> Result<Size, Error> {
        if is_f64 { self.f64.size(spec, config) } else { self.f32.size(spec, config) }
    }

    /// Builds a unit at a place. On an error nothing was written there.
    ///
    /// # Safety
    ///
    /// `unit` is aligned to 8 and has room for as many bytes as [`size`](Self::size) says.
    pub(crate) unsafe fn build(
        &self,
        is_f64: bool,
        spec: Spec,
        config: &[f64],
        settings: &dyn Settings,
        words: Lent,
        unit: *mut u64,
    ) -> Result<(), Error> {
        let build = if is_f64 { self.f64.build } else { self.f32.build };
        // SAFETY: as the caller promises.
        unsafe { build(spec, config, settings, words, unit) }
    }

    /// The unit at a place.
    ///
    /// # Safety
    ///
    /// [`build`](Self::build) built one of this sample type there, and nobody else has a reference to it for 'a.
    pub(crate) unsafe fn reach<'a>(&self, is_f64: bool, unit: *mut u64) -> Running<'a> {
        // SAFETY: as the caller promises.
        unsafe {
            if is_f64 {
                Running::F64(&mut *(self.f64.reach)(unit))
            } else {
                Running::F32(&mut *(self.f32.reach)(unit))
            }
        }
    }
}
