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

/// Both chains, with `N` all-passes that take turns, in numbers of their own: so they stay in registers.
struct Chains<T, const N: usize> {
    coefficients: [T; N],
    /// What each chain heard last, and what each all-pass gave.
    heard: [T; 2],
    given: [T; N],
}

impl<T: Sample, const N: usize> Chains<T, N> {
    /// A sample of each chain, through all of its all-passes.
    #[inline(always)]
    fn step(&mut self, mut samples: [T; 2]) -> [T; 2] {
        let mut before = self.heard;
        self.heard = samples;
        for at in 0..N {
            let chain = at % 2;
            let given = (samples[chain] - self.given[at]) * self.coefficients[at] + before[chain];
            before[chain] = self.given[at];
            self.given[at] = given;
            samples[chain] = given;
        }
        samples
    }
}

/// Does something with both chains, from the state and back to it.
fn with<T: Sample, const N: usize>(coefficients: &[T], state: &mut [T], act: impl FnOnce(&mut Chains<T, N>)) {
    let (heard, given) = state.split_at_mut(2);
    let mut chains = Chains { coefficients: [T::ZERO; N], heard: [heard[0], heard[1]], given: [T::ZERO; N] };
    chains.coefficients.copy_from_slice(coefficients);
    chains.given.copy_from_slice(given);
    act(&mut chains);
    heard.copy_from_slice(&chains.heard);
    given.copy_from_slice(&chains.given);
}

/// Does it with as many all-passes as there are coefficients.
macro_rules! for_each_count {
    ($coefficients:expr, $act:ident $arguments:tt: $($count:literal),*) => {
        match $coefficients.len() {
            $($count => $act::<_, $count> $arguments,)*
            // Others are not in numbers.rs.
            _ => (),
        }
    };
}

/// To the double rate.
pub(super) fn up<T: Sample>(coefficients: &[T], state: &mut [T], low: &[T], high: &mut [T]) {
    fn act<T: Sample, const N: usize>(coefficients: &[T], state: &mut [T], low: &[T], high: &mut [T]) {
        with::<T, N>(coefficients, state, |chains| {
            for (sample, pair) in low.iter().zip(high.chunks_exact_mut(2)) {
                [pair[0], pair[1]] = chains.step([*sample; 2]);
            }
        });
    }
    for_each_count!(coefficients, act(coefficients, state, low, high): 2, 3, 4, 8, 10);
}

/// To half the rate, in place.
pub(super) fn down<T: Sample>(coefficients: &[T], state: &mut [T], samples: &mut [T], frames: usize) {
    fn act<T: Sample, const N: usize>(coefficients: &[T], state: &mut [T], samples: &mut [T], frames: usize) {
        with::<T, N>(coefficients, state, |chains| {
            for f in 0..frames {
                let [first, second] = chains.step([samples[2 * f + 1], samples[2 * f]]);
                samples[f] = T::from_f64(0.5) * (first + second);
            }
        });
    }
    for_each_count!(coefficients, act(coefficients, state, samples, frames): 2, 3, 4, 8, 10);
}
