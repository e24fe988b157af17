//! Work that does not wait for each other, on one thread or on several.

use crate::base::error::Error;

/// Runs `act` on every item, with one of the scratches: on as many threads as there are scratches, the caller's
/// among them. Who is free takes the next item. Without `std`, all runs on the caller's thread.
pub(super) fn for_each<I: ExactSizeIterator<Item: Send> + Send, S: Send>(
    items: I,
    scratches: &mut [S],
    act: impl Fn(I::Item, &mut S) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let threads = if cfg!(feature = "std") { scratches.len().min(items.len()) } else { 1 };
    match &mut scratches[..threads] {
        [] => Ok(()),
        [scratch] => items.into_iter().try_for_each(|item| act(item, scratch)),
        #[cfg(not(feature = "std"))]
        _ => Ok(()),
        #[cfg(feature = "std")]
        [first, others @ ..] => {
            use std::sync::{Mutex, PoisonError};
            use std::thread;

            let items = Mutex::new(items);
            let work = |scratch: &mut S| {
                loop {
                    // The lock is free again while the item is worked on.
                    let item = items.lock().unwrap_or_else(PoisonError::into_inner).next();
                    match item {
                        None => return Ok(()),
                        Some(item) => act(item, scratch)?,
                    }
                }
            };
            thread::scope(|scope| {
                // Where no more threads can be had, those that there are do the work.
                let start = |scratch| thread::Builder::new().spawn_scoped(scope, || work(scratch)).ok();
                let started: alloc::vec::Vec<_> = others.iter_mut().filter_map(start).collect();
                let mine = work(first);
                started.into_iter().fold(mine, |result, thread| match thread.join() {
                    Ok(theirs) => result.and(theirs),
                    Err(panic) => std::panic::resume_unwind(panic),
                })
            })
        }
    }
}
