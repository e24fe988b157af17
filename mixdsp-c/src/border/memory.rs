//! A unit in the caller's memory.
//!
//! ```text
//! Head | config values | cells | marks | shared readings | Unit | the unit's words
//! ```
//!
//! All but the last two are atomics or never change after the start, so any thread may hold `&` to them.
//! The last two belong to the thread that owns the unit for the length of a call; `owner` keeps others out.
//! So no `&mut` ever covers what another thread looks at.

use crate::class::{Class, Lent, Params, config};
use crate::classes::mixdsp_loudness;
use crate::mailbox::{Cell, Number};
use crate::spec::{RawSpec, Request, Setting};
use crate::status::Status;
use core::ptr::{addr_of, slice_from_raw_parts};
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Release};
use mixdsp::params::Table;
use mixdsp::processors::loudness_meter::LoudnessMeter;
use mixdsp::{Kind, Processor, Sample, Spec, Unit};

/// Stands at the front of every unit, and nowhere else.
const MAGIC: u32 = 0x6d78_7531;

/// `mixdsp_unit`: what stands at the front of a unit.
#[repr(C, align(8))]
pub struct Head {
    /// [`MAGIC`], written last.
    magic: AtomicU32,
    /// 1 while a thread is inside the unit.
    owner: AtomicU32,
    /// Where the unit was built: it cannot be moved.
    address: usize,
    layout: Layout,
    pub(crate) class: &'static Class,
    pub(crate) spec: Spec,
    pub(crate) is_f64: bool,
    pub(crate) shares: bool,
    pub(crate) latency: usize,
    pub(crate) faults: Number,
    /// Frames until the longest glide arrives.
    pub(crate) glide_left: AtomicU32,
    /// Frames since the readings were shared.
    pub(crate) unshared: AtomicU32,
}

/// Counts, and places in words from the front.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    configs: usize,
    params: usize,
    readings: usize,
    config: usize,
    cells: usize,
    marks: usize,
    shared: usize,
    unit: usize,
    storage: usize,
    words: usize,
    total: usize,
}

const fn words_of<E>(count: usize) -> Option<usize> {
    match count.checked_mul(size_of::<E>()) {
        Some(bytes) => Some(bytes.div_ceil(8)),
        None => None,
    }
}

impl Layout {
    /// `None` when no address space holds it.
    pub(crate) fn new(
        configs: usize,
        params: usize,
        readings: usize,
        unit_bytes: usize,
        words: usize,
    ) -> Option<Self> {
        const { assert!(align_of::<Head>() == 8 && align_of::<Cell>() <= 8 && align_of::<Number>() <= 8) };
        let config = words_of::<Head>(1)?;
        let cells = config.checked_add(configs)?;
        let marks = cells.checked_add(words_of::<Cell>(params)?)?;
        let shared = marks.checked_add(words_of::<AtomicU32>(params.div_ceil(32))?)?;
        let unit = shared.checked_add(words_of::<Number>(readings)?)?;
        let storage = unit.checked_add(unit_bytes.div_ceil(8))?;
        let total = storage.checked_add(words)?;
        let fits = total <= isize::MAX as usize / 8;
        let layout =
            Self { configs, params, readings, config, cells, marks, shared, unit, storage, words, total };
        fits.then_some(layout)
    }

    /// Bytes from front to end.
    pub(crate) fn bytes(&self) -> usize {
        self.total * 8
    }
}

/// Builds a unit of a class at these words.
pub(crate) type Build = unsafe fn(&'static Class, &Request<'_>, &Layout, *mut u64) -> Result<(), Status>;

/// From the place of a unit to its run-time face.
#[derive(Clone, Copy)]
pub(crate) struct Reach {
    f32: unsafe fn(*mut u64) -> *mut dyn Processor<f32>,
    f64: unsafe fn(*mut u64) -> *mut dyn Processor<f64>,
}

pub(crate) const fn reach<K: Kind>() -> Reach {
    fn face<K: Kind, T: Sample>(unit: *mut u64) -> *mut dyn Processor<T> {
        unit.cast::<Unit<K, T, Lent>>()
    }
    Reach { f32: face::<K, f32>, f64: face::<K, f64> }
}

/// Builds a unit. On an error nothing was written.
///
/// # Safety
///
/// `base` is aligned to 8, `layout` comes from the class's `layout` for this request, and its bytes may be
/// written for as long as the unit is used.
pub(crate) unsafe fn build<K: Kind>(
    class: &'static Class,
    request: &Request<'_>,
    layout: &Layout,
    base: *mut u64,
) -> Result<(), Status> {
    let config = config::<K>(request)?;
    // SAFETY: as the caller promises.
    unsafe {
        if request.is_f64 {
            build_as::<K, f64>(class, request, &config, layout, base)
        } else {
            build_as::<K, f32>(class, request, &config, layout, base)
        }
    }
}

/// # Safety
///
/// As [`build`].
unsafe fn build_as<K: Kind, T: Sample>(
    class: &'static Class,
    request: &Request<'_>,
    config: &K::Config,
    layout: &Layout,
    base: *mut u64,
) -> Result<(), Status> {
    const {
        assert!(align_of::<Unit<K, T, Lent>>() <= 8);
        assert!(!core::mem::needs_drop::<Unit<K, T, Lent>>(), "free() is all that a unit gets at its end");
    };
    // SAFETY: `base` has room for `layout.total` words that may be written, all parts of the layout lie
    // within it, one after the other, and every one begins at a word, which is alignment enough.
    unsafe {
        base.write_bytes(0, layout.total);
        let storage = core::slice::from_raw_parts_mut(base.add(layout.storage), layout.words);
        let unit = Unit::<K, T, Lent>::new_in(request.spec, *config, Params(request), storage)?;
        let latency = unit.latency();
        let values = base.add(layout.config).cast::<f64>();
        (0..layout.configs).for_each(|at| values.add(at).write(config.get(at)));
        let (cells, mut at) = (base.add(layout.cells).cast::<Cell>(), 0);
        K::PARAMS.each(config, |id, _| {
            if at < layout.params {
                cells.add(at).write(Cell::new(id.raw(), unit.get(id).unwrap_or(f64::NAN)));
                at += 1;
            }
        });
        base.add(layout.unit).cast::<Unit<K, T, Lent>>().write(unit);
        base.cast::<Head>().write(Head {
            magic: AtomicU32::new(0),
            owner: AtomicU32::new(0),
            address: base.addr(),
            layout: *layout,
            class,
            spec: request.spec,
            is_f64: request.is_f64,
            shares: request.shares,
            latency,
            faults: Number::default(),
            glide_left: AtomicU32::new(0),
            unshared: AtomicU32::new(0),
        });
        (*base.cast::<Head>()).magic.store(MAGIC, Release);
    }
    Ok(())
}

/// What any thread may look at.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'a> {
    pub(crate) head: &'a Head,
    pub(crate) config: &'a [f64],
    pub(crate) cells: &'a [Cell],
    pub(crate) marks: &'a [AtomicU32],
    pub(crate) readings: &'a [Number],
}

/// The unit itself, for the thread that owns it.
pub(crate) enum Running<'a> {
    F32(&'a mut dyn Processor<f32>),
    F64(&'a mut dyn Processor<f64>),
}

/// Looks at a unit.
///
/// # Safety
///
/// `unit` is NULL, or memory of at least a `Head` that may be read; if it holds a unit, the unit's memory
/// stays readable for 'a and nobody builds another one there meanwhile.
pub(crate) unsafe fn shared<'a>(unit: *const Head) -> Result<Shared<'a>, Status> {
    if unit.is_null() || !unit.is_aligned() {
        return Err(Status::ARGUMENT);
    }
    // SAFETY: readable and aligned; the address of a unit that was built stands behind a magic word.
    let is_unit =
        unsafe { (*addr_of!((*unit).magic)).load(Acquire) == MAGIC && (*unit).address == unit.addr() };
    if !is_unit {
        return Err(Status::UNIT);
    }
    // SAFETY: a unit was built here. Its head and what the layout names before the unit itself are made of
    // atomics or never change, so they may be shared; every part lies where `build_as` wrote it.
    unsafe {
        let head = &*unit;
        let (base, layout) = (unit.cast::<u64>(), &head.layout);
        Ok(Shared {
            head,
            config: &*slice_from_raw_parts(base.add(layout.config).cast(), layout.configs),
            cells: &*slice_from_raw_parts(base.add(layout.cells).cast(), layout.params),
            marks: &*slice_from_raw_parts(base.add(layout.marks).cast(), layout.params.div_ceil(32)),
            readings: &*slice_from_raw_parts(base.add(layout.shared).cast(), layout.readings),
        })
    }
}

/// Owns a unit while `act` runs. Fails when another thread is inside.
///
/// # Safety
///
/// As [`shared`], and the unit's memory may be written.
pub(crate) unsafe fn own<R>(
    unit: *mut Head,
    act: impl FnOnce(Shared<'_>, Running<'_>) -> Result<R, Status>,
) -> Result<R, Status> {
    // SAFETY: as the caller promises; the class built the unit at its place, and nobody else has a `&mut`.
    unsafe {
        inside(unit, |shared, place| {
            let running = if shared.head.is_f64 {
                Running::F64(&mut *(shared.head.class.reach.f64)(place))
            } else {
                Running::F32(&mut *(shared.head.class.reach.f32)(place))
            };
            act(shared, running)
        })
    }
}

/// Keeps other threads out of a unit while `act` runs, which gets the unit's place.
///
/// # Safety
///
/// As [`shared`], and the unit's memory may be written.
unsafe fn inside<R>(
    unit: *mut Head,
    act: impl FnOnce(Shared<'_>, *mut u64) -> Result<R, Status>,
) -> Result<R, Status> {
    // SAFETY: as the caller promises.
    let shared = unsafe { shared(unit)? };
    if shared.head.owner.swap(1, Acquire) != 0 {
        return Err(Status::BUSY);
    }
    // SAFETY: the layout lies within the unit's memory.
    let place = unsafe { unit.cast::<u64>().add(shared.head.layout.unit) };
    let result = act(shared, place);
    shared.head.owner.store(0, Release);
    result
}

/// A loudness meter, for the thread that owns it.
pub(crate) enum Meter<'a> {
    F32(&'a mut LoudnessMeter<f32, Lent>),
    F64(&'a mut LoudnessMeter<f64, Lent>),
}

impl Meter<'_> {
    /// The same as any unit.
    pub(crate) fn running(&mut self) -> Running<'_> {
        match self {
            Self::F32(meter) => Running::F32(*meter),
            Self::F64(meter) => Running::F64(*meter),
        }
    }
}

/// Owns a loudness meter while `act` runs. Fails when the unit is something else.
///
/// # Safety
///
/// As [`own`].
pub(crate) unsafe fn own_meter<R>(
    unit: *mut Head,
    act: impl FnOnce(Shared<'_>, Meter<'_>) -> Result<R, Status>,
) -> Result<R, Status> {
    // SAFETY: as the caller promises; a unit of this class and sample type is what its class built there.
    unsafe {
        inside(unit, |shared, place| {
            if !core::ptr::eq(shared.head.class, mixdsp_loudness()) {
                return Err(Status::KIND);
            }
            let meter = if shared.head.is_f64 {
                Meter::F64(&mut *place.cast())
            } else {
                Meter::F32(&mut *place.cast())
            };
            act(shared, meter)
        })
    }
}

/// Reads a spec.
///
/// # Safety
///
/// `spec` is NULL, or readable for the size that it names in its first field, and so are its settings.
pub(crate) unsafe fn request<'a>(spec: *const RawSpec) -> Result<Request<'a>, Status> {
    if spec.is_null() || !spec.is_aligned() {
        return Err(Status::ARGUMENT);
    }
    // SAFETY: the size field is there, and once it agrees, all other fields are.
    let raw = unsafe {
        if (*spec).size as usize != size_of::<RawSpec>() {
            return Err(Status::ABI);
        }
        spec.read()
    };
    let count = raw.setting_count as usize;
    if count == 0 {
        return Request::new(&raw, &[]);
    }
    let fits = count <= isize::MAX as usize / size_of::<Setting>();
    if raw.settings.is_null() || !raw.settings.is_aligned() || !fits {
        return Err(Status::ARGUMENT);
    }
    // SAFETY: so many settings stand there; they hold numbers and one field that need not be written.
    Request::new(&raw, unsafe { core::slice::from_raw_parts(raw.settings, count) })
}
