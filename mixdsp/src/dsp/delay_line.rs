//! Floor 4: the delay line: what was written some frames ago, also between two frames.
//!
//! A line is a slice of the caller's words, used as a ring; one [`Cursor`] serves the lines of all channels.
//! A run of frames is read first and written afterwards, so no read may reach into its own run:
//!
//! ```text
//! read*  -> work on the frames ->  write  ->  advance
//! ```
//!
//! A whole delay reads what was written, to the bit. A fraction is read by the windowed sinc of
//! [`sinc`](crate::dsp::sinc), which needs 16 frames on either side.

use crate::base::sample::Sample;
use crate::dsp::short_convolution::{MOST_BATCH, batch, convolve_into};
use crate::dsp::sinc::{SINC_CENTRE, SINC_PHASES, SINC_TABLE, SINC_TAPS};
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Shortest delay, in frames, that can be read at a fraction.
pub(crate) const SHORTEST_FRACTION: usize = SINC_CENTRE;
/// Samples that a batch looks at.
const WINDOW: usize = MOST_BATCH + SINC_TAPS;

/// Length of a line that is read up to `longest` frames back, fraction included.
pub(crate) const fn length_for(longest: usize) -> usize {
    longest.saturating_add(SINC_TAPS - SINC_CENTRE + 1)
}

/// Where the next frame goes in lines of one length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    length: usize,
    next: usize,
}

impl Cursor {
    /// At the start of lines of `length` samples.
    pub(crate) const fn new(length: usize) -> Self {
        Self { length, next: 0 }
    }

    /// Moves on by the frames of a run.
    pub(crate) fn advance(&mut self, frames: usize) {
        self.next = self.wrap(self.next + frames);
    }

    /// Samples of one line.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// The lines of all channels, one after the other in `samples`.
    pub(crate) fn lines<'a, T: Sample>(&self, samples: &'a [T]) -> core::slice::ChunksExact<'a, T> {
        samples.chunks_exact(self.length)
    }

    fn wrap(&self, at: usize) -> usize {
        if at >= self.length { at - self.length } else { at }
    }

    /// Where the sample lies that was written `delay` frames before the run's first frame.
    fn back(&self, delay: usize) -> usize {
        self.wrap(self.next + self.length - delay)
    }

    /// Copies what lies `delay` frames before each frame of the run. `out.len() <= delay <= length`.
    #[inline(always)]
    pub(crate) fn read<T: Sample>(&self, line: &[T], delay: usize, out: &mut [T]) {
        let from = self.back(delay);
        let first = out.len().min(self.length - from);
        let (head, tail) = out.split_at_mut(first);
        head.copy_from_slice(&line[from..from + first]);
        tail.copy_from_slice(&line[..tail.len()]);
    }

    /// Stores the frames of the run.
    #[inline(always)]
    pub(crate) fn write<T: Sample>(&self, line: &mut [T], samples: &[T]) {
        let first = samples.len().min(self.length - self.next);
        let (head, tail) = samples.split_at(first);
        line[self.next..self.next + first].copy_from_slice(head);
        line[..tail.len()].copy_from_slice(tail);
    }

    /// Reads at `whole` frames and the fraction that `taps` were made for.
    /// `out.len() + 15 <= whole`, `whole + 17 <= length`.
    #[inline(always)]
    pub(crate) fn read_between<S: Simd, T: Sample>(
        &self,
        simd: S,
        line: &[T],
        whole: usize,
        taps: &[T; SINC_TAPS],
        out: &mut [T],
    ) {
        let mut done = 0;
        for out in out.chunks_mut(batch::<S, T>()) {
            // What lies beyond the frames wanted is computed too, from zeros, and left.
            let mut window = [T::ZERO; WINDOW];
            self.read(line, whole + SINC_CENTRE - done, &mut window[..out.len() + SINC_TAPS - 1]);
            convolve_into(simd, taps, &window, out);
            done += out.len();
        }
    }

    /// Reads at a delay of its own for every frame of the run, in all channels alike, `stride` samples per
    /// channel in `out`. For each, `frame + 16 <= delay`, and `delay` is at most what the length was made for.
    #[inline(always)]
    pub(crate) fn read_moving<S: Simd, T: Sample>(
        &self,
        simd: S,
        lines: &[T],
        delays: &[f64],
        out: &mut [T],
        stride: usize,
    ) {
        let channels = lines.len() / self.length;
        for (frame, delay) in delays.iter().enumerate() {
            let whole = *delay as usize;
            let taps = taps_at::<S, T>(simd, *delay - whole as f64);
            let from = self.wrap(self.back(whole + SINC_CENTRE) + frame);
            for channel in 0..channels {
                let line = &lines[channel * self.length..(channel + 1) * self.length];
                out[channel * stride + frame] = match line.get(from..).and_then(|rest| rest.first_chunk()) {
                    Some(window) => weigh(simd, &taps, window),
                    None => {
                        let mut window = [T::ZERO; SINC_TAPS];
                        let (head, tail) = window.split_at_mut(self.length - from);
                        head.copy_from_slice(&line[from..]);
                        tail.copy_from_slice(&line[..tail.len()]);
                        weigh(simd, &taps, &window)
                    }
                };
            }
        }
    }
}

/// Makes samples, or numbers, wait for as long as the ring is: what goes in comes out bit exact. `position` is where the
/// ring stands, frames modulo its length; returns where it stands afterwards.
#[inline(always)]
pub(crate) fn wait<T>(ring: &mut [T], mut position: usize, mut samples: &mut [T]) -> usize {
    while !samples.is_empty() && !ring.is_empty() {
        let count = samples.len().min(ring.len() - position);
        let (now, later) = samples.split_at_mut(count);
        now.swap_with_slice(&mut ring[position..position + count]);
        position = if position + count == ring.len() { 0 } else { position + count };
        samples = later;
    }
    position
}

/// Samples side by side.
const LANES: usize = 8;
/// Taps, side by side.
type Taps<S, T> = [<T as Sample>::Lanes8<S>; SINC_TAPS / LANES];

/// Taps for a fraction, 0 up to below 1, from the table.
#[inline(always)]
fn taps_at<S: Simd, T: Sample>(simd: S, fraction: f64) -> Taps<S, T> {
    let at = fraction * SINC_PHASES as f64;
    let row = (at as usize).min(SINC_PHASES - 1);
    let between = T::from_f64(at - row as f64);
    let (low, high) = (&SINC_TABLE[row], &SINC_TABLE[row + 1]);
    let mut taps = [T::ZERO; SINC_TAPS];
    for j in 0..SINC_TAPS {
        let (low, high) = (T::from_f64(low[j] as f64), T::from_f64(high[j] as f64));
        taps[j] = low + between * (high - low);
    }
    let mut lanes = [T::Lanes8::<S>::splat(simd, T::ZERO); SINC_TAPS / LANES];
    for part in 0..SINC_TAPS / LANES {
        lanes[part] = T::Lanes8::<S>::from_slice(simd, &taps[part * LANES..(part + 1) * LANES]);
    }
    lanes
}

/// The sum of taps times samples, always added in the same order.
#[inline(always)]
fn weigh<S: Simd, T: Sample>(simd: S, taps: &Taps<S, T>, window: &[T; SINC_TAPS]) -> T {
    let mut sums = T::Lanes8::<S>::splat(simd, T::ZERO);
    for part in 0..SINC_TAPS / LANES {
        let samples = T::Lanes8::<S>::from_slice(simd, &window[part * LANES..(part + 1) * LANES]);
        sums = taps[part].mul_add(samples, sums);
    }
    let s = sums.as_slice();
    ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::simd::{SimdLevel, dispatch};
    use crate::dsp::sinc::sinc_taps;
    use alloc::vec::Vec;

    const LONGEST: usize = 100;

    fn wave(n: f64) -> f64 {
        if n < 0.0 { 0.0 } else { libm::sin(n * 0.3) }
    }

    /// Writes a sine in runs of `run`, reading at `delay` first.
    fn through(delay: f64, run: usize, moving: bool) -> Vec<f64> {
        let mut cursor = Cursor::new(length_for(LONGEST));
        let mut line = alloc::vec![0.0; length_for(LONGEST)];
        let whole = delay as usize;
        let taps = sinc_taps(delay - whole as f64);
        let mut heard = Vec::new();
        for start in (0..1_000).step_by(run) {
            let mut out = alloc::vec![0.0; run];
            if moving {
                let delays = alloc::vec![delay; run];
                dispatch!(SimdLevel::baseline(), s => cursor.read_moving(s, &line, &delays, &mut out, run));
            } else if delay == whole as f64 {
                cursor.read(&line, whole, &mut out);
            } else {
                dispatch!(SimdLevel::baseline(), s => cursor.read_between(s, &line, whole, &taps, &mut out));
            }
            let samples: Vec<f64> = (start..start + run).map(|n| wave(n as f64)).collect();
            cursor.write(&mut line, &samples);
            cursor.advance(run);
            heard.extend(out);
        }
        heard.truncate(1_000);
        heard
    }

    #[test]
    fn reads_what_was_written_at_every_place_of_the_ring() {
        for (delay, run) in [(16, 16), (37, 5), (100, 99), (100, 100)] {
            let heard = through(delay as f64, run, false);
            assert!((0..1_000).all(|n| heard[n] == wave(n as f64 - delay as f64)), "{delay} frames");
        }
    }

    #[test]
    fn fractions_of_a_sine_are_right_and_do_not_depend_on_the_runs() {
        for (delay, run) in [(16.5, 1), (37.25, 22), (99.9, 84)] {
            for moving in [false, true] {
                let heard = through(delay, run, moving);
                let error = (200..1_000).map(|n| (heard[n] - wave(n as f64 - delay)).abs());
                let worst = error.fold(0.0, f64::max);
                assert!(worst < 1e-5, "{delay} frames: {worst}");
                assert!(heard == through(delay, 1, moving), "{delay} frames");
            }
        }
    }
}
