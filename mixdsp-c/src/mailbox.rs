//! Numbers that pass between threads, made of 32-bit atomics alone, because small processors have no wider
//! ones. No locks: nobody waits for anybody.
//!
//! ```text
//! any thread --set, glide--> Cell, mark --> the thread that processes
//! any thread <--------get--- Cell.shown <-- the thread that processes
//! ```
//!
//! A parameter has one cell, so that there is always room; what was asked for last counts.

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicU32, fence};
use mixdsp::Id;

/// How often a reader tries again after a writer came in between.
const TRIES: usize = 16;

/// The two halves of a number.
type Halves = [AtomicU32; 2];

fn store(halves: &Halves, bits: u64) {
    halves[0].store(bits as u32, Relaxed);
    halves[1].store((bits >> 32) as u32, Relaxed);
}

fn load(halves: &Halves) -> u64 {
    u64::from(halves[0].load(Relaxed)) | u64::from(halves[1].load(Relaxed)) << 32
}

/// A number with one writer and any readers. The writer fills the slot that nobody reads and then turns
/// the version, so a reader fails only when two writes happen while it reads.
#[derive(Default)]
pub(crate) struct Number {
    version: AtomicU32,
    slots: [Halves; 2],
}

impl Number {
    /// Only the one writer calls this.
    pub(crate) fn write(&self, bits: u64) {
        let next = self.version.load(Relaxed).wrapping_add(1);
        // Whoever reads what is stored below also sees the version before it.
        fence(Release);
        store(&self.slots[next as usize & 1], bits);
        self.version.store(next, Release);
    }

    /// What was last written. `None` if the writer was faster every time.
    pub(crate) fn read(&self) -> Option<u64> {
        (0..TRIES).find_map(|_| {
            let version = self.version.load(Acquire);
            let bits = load(&self.slots[version as usize & 1]);
            fence(Acquire);
            (self.version.load(Relaxed) == version).then_some(bits)
        })
    }
}

/// What was asked of a parameter since it was last looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Request {
    /// First set it to this.
    pub(crate) set: Option<f64>,
    /// Then let it glide there, in so many frames.
    pub(crate) glide: Option<(f64, u32)>,
}

const SET: u32 = 1;
const GLIDE: u32 = 2;
/// In `done`: the parameter glides.
const GLIDES: u32 = 1;

/// One parameter's place in the mailbox.
pub(crate) struct Cell {
    /// In two halves, so that a cell needs no more alignment than its atomics.
    id: [u32; 2],
    /// Grows with each request; odd while one is being written.
    sequence: AtomicU32,
    /// The request that is in force, an even number, and [`GLIDES`]. Belongs to the thread that processes.
    done: AtomicU32,
    kinds: AtomicU32,
    set: Halves,
    glide: Halves,
    frames: AtomicU32,
    /// The value in force.
    shown: Number,
}

impl Cell {
    /// The cell of a parameter that has this value.
    pub(crate) fn new(id: Id, value: f64) -> Self {
        let id = id.raw();
        let shown = Number::default();
        shown.write(value.to_bits());
        Self {
            id: [id as u32, (id >> 32) as u32],
            sequence: AtomicU32::new(0),
            done: AtomicU32::new(0),
            kinds: AtomicU32::new(0),
            set: Halves::default(),
            glide: Halves::default(),
            frames: AtomicU32::new(0),
            shown,
        }
    }

    /// Whose cell it is.
    pub(crate) fn id(&self) -> Id {
        let [low, high] = self.id;
        Id::from_raw(u64::from(low) | u64::from(high) << 32)
    }

    /// Any thread: asks for a value, or for a glide after the value that was asked for before. False when
    /// another thread is asking at this very moment; then nothing has changed.
    pub(crate) fn ask(&self, request: Request) -> bool {
        let sequence = self.sequence.load(Relaxed);
        let odd = sequence.wrapping_add(1);
        if odd & 1 == 0 || self.sequence.compare_exchange(sequence, odd, Acquire, Relaxed).is_err() {
            return false;
        }
        fence(Release);
        let is_waiting = self.done.load(Acquire) & !GLIDES != sequence;
        let earlier = if is_waiting { self.kinds.load(Relaxed) & SET } else { 0 };
        let mut kinds = 0;
        if let Some(value) = request.set {
            store(&self.set, value.to_bits());
            kinds |= SET;
        }
        if let Some((target, frames)) = request.glide {
            store(&self.glide, target.to_bits());
            self.frames.store(frames, Relaxed);
            kinds |= GLIDE | earlier;
        }
        self.kinds.store(kinds, Relaxed);
        self.sequence.store(odd.wrapping_add(1), Release);
        true
    }

    /// The last request and its sequence. `None` while one is being written.
    fn request(&self) -> Option<(u32, Request)> {
        let sequence = self.sequence.load(Acquire);
        let kinds = self.kinds.load(Relaxed);
        let set = (kinds & SET != 0).then(|| f64::from_bits(load(&self.set)));
        let glide =
            (kinds & GLIDE != 0).then(|| (f64::from_bits(load(&self.glide)), self.frames.load(Relaxed)));
        fence(Acquire);
        let is_whole = sequence & 1 == 0 && self.sequence.load(Relaxed) == sequence;
        is_whole.then_some((sequence, Request { set, glide }))
    }

    /// The thread that processes: what is new. When a request is being written, its writer marks the cell
    /// afterwards, so nothing is lost.
    pub(crate) fn take(&self, apply: impl FnOnce(Request) -> f64) {
        let Some((sequence, request)) = self.request() else { return };
        if sequence == self.done.load(Relaxed) & !GLIDES {
            return;
        }
        self.show(apply(request));
        let glides = if request.glide.is_some() { GLIDES } else { 0 };
        self.done.store(sequence | glides, Release);
    }

    /// The thread that processes: the value in force is now this.
    pub(crate) fn show(&self, value: f64) {
        self.shown.write(value.to_bits());
    }

    /// The thread that processes: whether the parameter glides.
    pub(crate) fn glides(&self) -> bool {
        self.done.load(Relaxed) & GLIDES != 0
    }

    /// The thread that processes: the glide has arrived.
    pub(crate) fn end_glide(&self) {
        self.done.store(self.done.load(Relaxed) & !GLIDES, Release);
    }

    /// Any thread: the value that was set, or where the glide was at the end of the last block.
    pub(crate) fn value(&self) -> Option<f64> {
        match self.last_request() {
            Some((true, Request { set: Some(value), .. })) => Some(value),
            _ => self.shown.read().map(f64::from_bits),
        }
    }

    /// Any thread: the value that was set, or where the glide goes.
    pub(crate) fn target(&self) -> Option<f64> {
        match self.last_request() {
            Some((_, Request { glide: Some((target, _)), .. })) => Some(target),
            _ => self.value(),
        }
    }

    /// The last request, and whether it still waits.
    fn last_request(&self) -> Option<(bool, Request)> {
        let (sequence, request) = (0..TRIES).find_map(|_| self.request())?;
        Some((self.done.load(Acquire) & !GLIDES != sequence, request))
    }
}

/// One bit per cell: something was asked for.
pub(crate) fn mark(marks: &[AtomicU32], cell: usize) {
    if let Some(word) = marks.get(cell / 32) {
        word.fetch_or(1 << (cell % 32), Release);
    }
}

/// Visits the marked cells, in order, and takes their marks away.
pub(crate) fn sweep(marks: &[AtomicU32], mut visit: impl FnMut(usize)) {
    for (at, word) in marks.iter().enumerate() {
        if word.load(Relaxed) == 0 {
            continue;
        }
        let mut bits = word.swap(0, Acquire);
        while bits != 0 {
            visit(at * 32 + bits.trailing_zeros() as usize);
            bits &= bits - 1;
        }
    }
}
