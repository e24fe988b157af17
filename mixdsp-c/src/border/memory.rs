//! A unit in the caller's memory.
//!
//! Of the parts of its [`Layout`], all but the last two are atomics or never change after the start, so any thread may
//! hold `&` to them. The last two belong to the thread that owns the unit for the length of a call; `owner` keeps
//! others out. So no `&mut` ever covers what another thread looks at.

use crate::border::placement::Lent;
use crate::class::{Class, Config};
use crate::layout::{Layout, Parts};
use crate::mailbox::{Cell, Number};
use crate::running::Running;
use crate::spec::{RawSpec, Request, Setting};
use crate::status::Status;
use core::ptr::{addr_of, slice_from_raw_parts};
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Release};
use mixdsp::Spec;

/// Stands at the front of every unit, and nowhere else.
const MAGIC: u32 = 0x6d78_7532;

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
    pub(crate) sanitized_samples: Number,
    /// Frames until the longest glide arrives.
    pub(crate) glide_left: AtomicU32,
    /// Frames since the readings were shared.
    pub(crate) unshared: AtomicU32,
}

/// A request that was checked, and where its unit's parts lie.
pub(crate) struct Plan<'a> {
    class: &'static Class,
    request: Request<'a>,
    config: Config,
    layout: Layout,
    /// Words from front to end, and how many of them, the last, the unit keeps beside itself.
    total: usize,
    own: usize,
}

/// Words of the head.
const HEAD: usize = size_of::<Head>() / 8;

impl<'a> Plan<'a> {
    /// Checks a request and says what memory its unit takes.
    pub(crate) fn new(class: &'static Class, request: Request<'a>) -> Result<Self, Status> {
        let config = class.config(&request)?;
        let size = class.placement.size(request.is_f64, &request.spec, &config)?;
        class.check_params(&request, &config)?;
        let descriptor = &class.descriptor;
        let parts = Parts {
            head: size_of::<Head>(),
            configs: config.len(),
            params: descriptor.params.count(&descriptor.items(&config)),
            readings: descriptor.readings.len() * request.spec.channels(),
            unit: size.bytes,
            words: size.words,
        };
        let (layout, total) = Layout::new(&parts).ok_or(Status::MEMORY)?;
        Ok(Self { class, request, config, layout, total, own: size.words })
    }

    /// Bytes of memory.
    pub(crate) fn bytes(&self) -> usize {
        self.total * 8
    }

    /// Builds the unit.
    ///
    /// # Safety
    ///
    /// `base` is aligned to 8, and its bytes may be written for as long as the unit is used.
    pub(crate) unsafe fn build(&self, base: *mut u64) -> Result<(), Status> {
        const { assert!(align_of::<Head>() == 8) };
        let Self { class, request, config, layout, total, own } = self;
        let descriptor = &class.descriptor;
        // SAFETY: `base` has room for all words of the layout, which may be written. Its parts lie one after the other,
        // and every one begins at a word, which is alignment enough. The unit was built before it is reached, and
        // nobody else knows of it.
        unsafe {
            base.write_bytes(0, *total);
            let words: Lent = core::slice::from_raw_parts_mut(base.add(total - own), *own);
            let place = base.add(layout.unit);
            class.placement.build(request.is_f64, request.spec, config, request, words, place)?;
            let running = class.placement.reach(request.is_f64, place);
            let values = base.add(HEAD).cast::<f64>();
            (0..layout.configs).for_each(|at| values.add(at).write(descriptor.held(config, at)));
            let cells = base.add(layout.cells).cast::<Cell>();
            descriptor.params.each(&descriptor.items(config), |id, place| {
                if place.index < layout.params {
                    cells.add(place.index).write(Cell::new(id, running.get(id).unwrap_or(f64::NAN)));
                }
            });
            base.cast::<Head>().write(Head {
                magic: AtomicU32::new(0),
                owner: AtomicU32::new(0),
                address: base.addr(),
                layout: *layout,
                class,
                spec: request.spec,
                is_f64: request.is_f64,
                shares: request.shares,
                latency: running.latency(),
                sanitized_samples: Number::default(),
                glide_left: AtomicU32::new(0),
                unshared: AtomicU32::new(0),
            });
            (*base.cast::<Head>()).magic.store(MAGIC, Release);
        }
        Ok(())
    }
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
    // atomics or never change, so they may be shared; every part lies where it was built.
    unsafe {
        let head = &*unit;
        let (base, layout) = (unit.cast::<u64>(), &head.layout);
        Ok(Shared {
            head,
            config: &*slice_from_raw_parts(base.add(HEAD).cast(), layout.configs),
            cells: &*slice_from_raw_parts(base.add(layout.cells).cast(), layout.params),
            marks: &*slice_from_raw_parts(base.add(layout.marks).cast(), layout.marks_len()),
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
            let running = shared.head.class.placement.reach(shared.head.is_f64, place);
            act(shared, running)
        })
    }
}

/// Keeps other threads out of a unit while `act` runs, which gets the unit's place.
///
/// # Safety
///
/// As [`shared`], and the unit's memory may be written.
pub(super) unsafe fn inside<R>(
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
