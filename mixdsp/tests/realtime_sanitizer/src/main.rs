//! Everything that a real-time thread may ask of a unit, asked of every processor of the catalogue within a
//! function that must not block: RealtimeSanitizer ends the program at the first allocation, lock or system
//! call in it, and says where.
//!
//! `realtime_sanitizer` runs the catalogue; with an argument it breaks the rule once, on purpose, to show
//! that the guard works: `allocates`, `locks`, `writes`.
#![feature(sanitize)]

#[path = "../../common/mod.rs"]
mod common;

use common::Case;
use common::entry::{Entry, entries};
use common::exercise::exercise;
use mixdsp::catalogue::BoxedSample;
use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

/// Where the rule holds.
#[sanitize(realtime = "nonblocking")]
fn guarded(act: &mut dyn FnMut()) {
    act();
}

/// Cases of each processor and sample type, from few channels to many.
const CASES: [(usize, f64); 4] = [(2, 48_000.0), (1, 8_000.0), (6, 96_000.0), (24, 44_100.0)];

#[derive(Default)]
struct Walk {
    entries: usize,
    calls: usize,
}

impl Walk {
    fn run<T: BoxedSample>(&mut self, entry: Entry<T>) {
        self.entries += 1;
        for (number, (channels, rate)) in CASES.into_iter().enumerate() {
            let Some(case) = Case::random(entry, "real-time sanitizer", number, channels, rate) else {
                continue;
            };
            exercise(&case, &mut |act| {
                guarded(act);
                self.calls += 1;
            });
        }
    }
}

fn main() -> ExitCode {
    let lock = Mutex::new(0);
    let mut file = File::create("/dev/null").expect("there is a place to write to");
    match std::env::args().nth(1).as_deref() {
        None => {
            let mut walk = Walk::default();
            entries::<f32>().for_each(|entry| walk.run(entry));
            entries::<f64>().for_each(|entry| walk.run(entry));
            println!("{} processors of one sample type, {} calls: nothing blocks", walk.entries, walk.calls);
            return ExitCode::SUCCESS;
        }
        Some("allocates") => guarded(&mut || drop(black_box(vec![0u8; 64]))),
        // a lock that nobody holds is taken without the system's help: somebody must hold it
        Some("locks") => {
            let held = lock.lock().expect("nobody panicked");
            std::thread::scope(|scope| {
                scope.spawn(|| guarded(&mut || *lock.lock().expect("nobody panicked") += 1));
                std::thread::sleep(Duration::from_millis(200));
                drop(held);
            });
        }
        Some("writes") => guarded(&mut || file.write_all(b"text").expect("it takes everything")),
        Some(other) => {
            eprintln!("unknown: {other}");
            return ExitCode::FAILURE;
        }
    }
    println!("the sanitizer let it pass");
    ExitCode::SUCCESS
}
