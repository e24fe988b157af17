//! Half-band filters of two chains of all-passes `(a + z) / (1 + a z)`, `z` being a frame of the low rate:
//!
//! ```text
//! up     high[2n] = chain 0 of low[n]             high[2n + 1] = chain 1 of low[n]
//! down   low[n] = (chain 0 of high[2n + 1] + chain 1 of high[2n]) / 2
//! ```

use crate::base::sample::Sample;

/// Values that a channel keeps, up and down, with so many all-passes.
pub(super) const fn history(all_passes: usize) -> [usize; 2] {
    [all_passes + 2; 2]
}

/// Frames of the low rate by which up and down are late together at low frequencies.
pub(super) const fn latency(coefficients: &[f64]) -> f64 {
    let (mut late, mut at) = (0.0, 0);
    while at < coefficients.len() {
        late += (1.0 - coefficients[at]) / (1.0 + coefficients[at]);
        at += 2;
    }
    2.0 * late - 0.5
}

/// A sample of each chain, through all of its all-passes. `state` has what each chain heard last and what each all-pass
/// gave.
#[inline(always)]
fn step<T: Sample>(coefficients: &[T], state: &mut [T], mut samples: [T; 2]) -> [T; 2] {
    // What the chain heard stands two places before what its first all-pass gave.
    let mut before = [state[0], state[1]];
    (state[0], state[1]) = (samples[0], samples[1]);
    for (coefficients, kept) in coefficients.chunks(2).zip(state[2..].chunks_mut(2)) {
        for chain in 0..coefficients.len() {
            let given = (samples[chain] - kept[chain]) * coefficients[chain] + before[chain];
            before[chain] = kept[chain];
            kept[chain] = given;
            samples[chain] = given;
        }
    }
    samples
}

/// To the double rate.
pub(super) fn up<T: Sample>(coefficients: &[T], state: &mut [T], low: &[T], high: &mut [T]) {
    for (sample, pair) in low.iter().zip(high.chunks_exact_mut(2)) {
        [pair[0], pair[1]] = step(coefficients, state, [*sample; 2]);
    }
}

/// To half the rate, in place.
pub(super) fn down<T: Sample>(coefficients: &[T], state: &mut [T], samples: &mut [T], frames: usize) {
    for f in 0..frames {
        let [first, second] = step(coefficients, state, [samples[2 * f + 1], samples[2 * f]]);
        samples[f] = T::from_f64(0.5) * (first + second);
    }
}
