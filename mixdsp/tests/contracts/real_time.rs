//! Contract 2: nothing that a real-time thread calls allocates or panics. Locks and system calls are looked
//! for by `realtime_sanitizer` beside this folder.

use crate::common::Bound;
use crate::common::Entry;
use crate::common::exercise::exercise;
use crate::harness::{Contract, Findings, sweep};
use mixdsp::catalogue::BoxedSample;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

pub(crate) struct RealTime;

/// Counts what its thread asks for.
struct Counting;

thread_local! {
    static REQUESTS: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    // a thread that ends has no counter any more, and nothing to count
    let _ = REQUESTS.try_with(|requests| requests.set(requests.get() + 1));
}

// SAFETY: every call goes on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as for this function.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as for this function.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as for this function.
        unsafe { System.realloc(pointer, layout, size) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count();
        // SAFETY: as for this function.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn requests() -> u64 {
    REQUESTS.with(Cell::get)
}

impl Contract for RealTime {
    const NAME: &'static str = "2 real time";
    const ORACLE: &'static str = "a counting allocator";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        sweep(entry, findings, |findings, case| {
            let mut sum = 0;
            let mut calls = 0;
            exercise(case, &mut |act| {
                let before = requests();
                act();
                sum += requests() - before;
                calls += 1;
            });
            let of = format!(" (in {calls} calls)");
            let what = "calls of the allocator while running";
            findings.measured_as(what, &of, sum as f64, Bound::Equals(0.0), "");
        });
    }
}

#[test]
fn the_counter_counts() {
    let before = requests();
    drop(std::hint::black_box(Box::new(1)));
    assert_eq!(requests() - before, 2);
}

#[test]
fn one_of_each_node_is_built_and_runs_without_a_heap() {
    use mixdsp::*;
    const STEREO: Spec = Spec::new(48_000.0, 2);
    const ONE: Spec = Spec::new(48_000.0, 1);
    const GAIN: usize = Gain::<f32>::memory(&STEREO, &NoConfig);
    const COMPRESSOR: usize = Compressor::<f32>::memory(&STEREO, &CompressorConfig::DEFAULT);
    fn gain(spec: Spec) -> Gain<f32, [u64; GAIN]> {
        Gain::new_in(spec, NoConfig, (), [0; GAIN]).expect("it fits")
    }
    let before = requests();
    let compressor =
        Compressor::new_in(STEREO, CompressorConfig::DEFAULT, (), [0; COMPRESSOR]).expect("it fits");
    let align =
        |spec, frames| Align::<f32, _>::new_in(spec, AlignConfig { frames }, (), [0; 64]).expect("it fits");
    let (mut words, mut more, mut rest) = ([0; 4_000], [0; 4_000], [0; 4_000]);
    let parallel =
        Parallel::new_in(STEREO, (compressor, align(STEREO, 31)), (), [0; 1_200]).expect("it fits");
    let mid_side = MidSidePaths::new_in(STEREO, gain(ONE), align(ONE, 9), [0; 64]).expect("it fits");
    let left_right = LeftRight::new_in(STEREO, align(ONE, 3), (), [0; 64]).expect("it fits");
    let config = CrossoverConfig::bands(2);
    let storage = [&mut words[..], &mut more[..]];
    let bands = Bands::new_in(STEREO, config, [gain(STEREO), gain(STEREO)], (), storage).expect("it fits");
    let delta = Delta::new_in(STEREO, gain(STEREO), (), &mut rest[..]).expect("it fits");
    let mut chain = ((parallel, mid_side), left_right, (bands, delta));
    let (mut left, mut right) = ([0.5f32; 700], [-0.25f32; 700]);
    chain.set(ParallelParams::MIX.any(), 0.5).expect("in range");
    chain.process(&mut [&mut left, &mut right], &[]).expect("it fits");
    let latency = Processor::<f32>::latency(&chain);
    chain.reset();
    let asked = requests() - before;
    assert_eq!((asked, latency), (0, 31 + 9 + 3));
}
