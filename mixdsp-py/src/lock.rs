//! Locks that a thread takes while it holds the interpreter.

use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// Locks. Waiting releases the interpreter, so that who holds the lock can go on.
pub(crate) fn lock<'a, T>(py: Python<'_>, mutex: &'a Mutex<T>) -> MutexGuard<'a, T> {
    match mutex.try_lock() {
        Ok(state) => state,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => mutex.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner),
    }
}
