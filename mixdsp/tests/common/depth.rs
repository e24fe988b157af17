//! Two depths: what every change needs, and, where `MIXDSP_DEPTH=long`, the wide sweeps of `make test-long`.
#![allow(clippy::allow_attributes, dead_code, reason = "no test uses all of it")]

/// Whether everything is swept.
pub(crate) fn is_long() -> bool {
    std::env::var("MIXDSP_DEPTH").is_ok_and(|depth| depth == "long")
}

/// How many of something: `long` in wide sweeps, else `short`.
pub(crate) fn count(short: usize, long: usize) -> usize {
    if is_long() { long } else { short }
}

/// Every case in wide sweeps, else every `step`-th, from a place that the name decides, so that several sweeps see
/// different ones.
pub(crate) fn every<I: Iterator>(
    step: usize,
    name: &str,
    cases: I,
) -> impl Iterator<Item = I::Item> + use<I> {
    let first = name.bytes().fold(0, |sum, byte| sum + byte as usize) % step;
    let (first, step) = if is_long() { (0, 1) } else { (first, step) };
    cases.skip(first).step_by(step)
}
