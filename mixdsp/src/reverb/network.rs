//! The network: sixteen delays, each absorbed, all fed back into each other.
//!
//! ```text
//! in --(+)--> delay --+--> absorption --> Hadamard --+
//!       ^             |                              |
//!       |             +--> out                       |
//!       +--------------------------------------------+
//! ```
//!
//! The matrix keeps energy, so the absorption alone decides how it dies away, and the loop is stable for
//! any lengths (Schlecht and Habets, "On Lossless Feedback Delay Networks", 2017). Four of the lines are
//! read at a place that swings slowly, which breaks up what would ring on; they are read between frames by
//! a polynomial through six samples.
//!
//! State: `rings`, what each delay holds; `position` of each; the places of the moving reads follow from
//! the frames since reset.

use super::hadamard::{LINES, Tile};
use super::lengths;
use crate::sample::Sample;

/// Lines that swing, and where each begins in its turn.
pub(super) const SWINGING: [(usize, f64); 4] = [(1, 0.0), (5, 0.25), (10, 0.5), (14, 0.75)];
/// Turns per second.
const SWING_HZ: f64 = 0.7;
/// Frames between places that are computed; between them the swing moves evenly.
const KNOT: usize = 16;
/// Samples that a read between frames looks at.
const TAPS: usize = 6;

/// Samples that the rings take: every line's length, and room around the moving reads.
pub(super) const fn ring_words(delays: &[usize; LINES], sample_rate: f64) -> usize {
    let room = SWINGING.len() * 2 * lengths::margin(sample_rate);
    lengths::sum(delays) + room
}

/// Which swinging line this is.
fn swing_of(line: usize) -> Option<f64> {
    SWINGING.iter().find(|(swinging, _)| *swinging == line).map(|(_, phase)| *phase)
}

/// One line's ring.
pub(super) struct Ring<'a, T> {
    samples: &'a mut [T],
    position: &'a mut u32,
    /// Frames from write to read.
    delay: usize,
}

/// Takes the rings apart, line by line.
pub(super) fn each_ring<T: Sample>(
    mut samples: &mut [T],
    positions: &mut [u32],
    delays: &[usize; LINES],
    margin: usize,
    mut act: impl FnMut(usize, Ring<'_, T>),
) {
    for (line, position) in positions.iter_mut().enumerate().take(LINES) {
        let delay = delays[line];
        let length = if swing_of(line).is_some() { delay + 2 * margin } else { delay };
        let (ring, rest) = core::mem::take(&mut samples).split_at_mut(length);
        samples = rest;
        act(line, Ring { samples: ring, position, delay });
    }
}

impl<T: Sample> Ring<'_, T> {
    /// What lies `delay` frames before each frame of the tile.
    pub(super) fn read(&self, out: &mut [T]) {
        self.copy_back(self.delay, out);
    }

    /// The same at a place that swings by up to `depth` of the excursion, which moves from frame to frame;
    /// `at` is the first frame since reset.
    pub(super) fn read_swinging(&self, line: usize, out: &mut [T], at: u64, depth: &[f64], sample_rate: f64) {
        let Some(phase) = swing_of(line) else { return self.read(out) };
        let excursion = lengths::EXCURSION_SECONDS * sample_rate;
        let mut done = 0;
        while done < out.len() {
            // One piece per knot on the frames since reset, so that the cut does not matter.
            let now = at + done as u64;
            let knot = now - now % KNOT as u64;
            let count = (KNOT - (now - knot) as usize).min(out.len() - done);
            let swing = |frame: u64| {
                let turn = frame as f64 * (SWING_HZ / sample_rate) + phase;
                excursion * libm::sin(core::f64::consts::TAU * (turn - libm::floor(turn)))
            };
            let (from, to) = (swing(knot), swing(knot + KNOT as u64));
            let mut places = [0.0; KNOT];
            for (i, place) in places[..count].iter_mut().enumerate() {
                let share = (now - knot + i as u64) as f64 * (1.0 / KNOT as f64);
                *place = self.delay as f64 + depth[done + i] * (from + (to - from) * share);
            }
            // The six samples around a place whole + fraction back: from whole + 3 to whole - 2. They lie
            // in one window, unless the depth leaps.
            let whole = |place: f64| place as usize;
            let farthest = places[..count].iter().copied().map(whole).max().unwrap_or(0);
            let nearest = places[..count].iter().copied().map(whole).min().unwrap_or(0);
            let mut window = [T::ZERO; 2 * KNOT + TAPS];
            let spread = farthest - nearest;
            if spread <= KNOT {
                self.copy_back(farthest + TAPS / 2 - done, &mut window[..count + TAPS - 1 + spread]);
            }
            for (i, place) in places[..count].iter().copied().enumerate() {
                let mut first = i + farthest - whole(place);
                if spread > KNOT {
                    first = 0;
                    self.copy_back(whole(place) + TAPS / 2 - (done + i), &mut window[..TAPS]);
                }
                let taps = lagrange(place - whole(place) as f64);
                let sum = taps.iter().zip(&window[first..]).map(|(tap, sample)| T::from_f64(*tap) * *sample);
                out[done + i] = sum.fold(T::ZERO, |a, b| a + b);
            }
            done += count;
        }
    }

    /// Stores a tile and moves on.
    pub(super) fn write(self, tile: &[T]) {
        let (length, position) = (self.samples.len(), *self.position as usize);
        let first = tile.len().min(length - position);
        self.samples[position..position + first].copy_from_slice(&tile[..first]);
        self.samples[..tile.len() - first].copy_from_slice(&tile[first..]);
        *self.position = ((position + tile.len()) % length) as u32;
    }

    fn copy_back(&self, back: usize, out: &mut [T]) {
        let length = self.samples.len();
        let from = *self.position as usize + length - back.min(length);
        let from = if from >= length { from - length } else { from };
        let first = out.len().min(length - from);
        let rest = out.len() - first;
        out[..first].copy_from_slice(&self.samples[from..from + first]);
        out[first..].copy_from_slice(&self.samples[..rest]);
    }
}

/// Weights of six samples, oldest first, for a place `fraction` of a frame (about 0 to 1) older than the
/// fourth: the polynomial of fifth degree through them (Lagrange).
fn lagrange(fraction: f64) -> [f64; TAPS] {
    // Place of the read on an axis on which the samples lie at 0, 1, ... 5, oldest first.
    let x = 3.0 - fraction;
    const DENOMINATORS: [f64; TAPS] = [-120.0, 24.0, -12.0, 12.0, -24.0, 120.0];
    core::array::from_fn(|tap| {
        let others = (0..TAPS).filter(|other| *other != tap);
        others.map(|other| x - other as f64).product::<f64>() / DENOMINATORS[tap]
    })
}

/// Adds what enters to what comes back.
#[inline(always)]
pub(super) fn add<T: Sample>(back: &mut Tile<T>, entering: &Tile<T>) {
    for (back, entering) in back.iter_mut().zip(entering) {
        back.iter_mut().zip(entering).for_each(|(back, entering)| *back += *entering);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polynomial_is_read_exactly_between_frames() {
        let curve = |x: f64| 1.0 + x * (0.5 - x * (0.25 - x * (0.1 + 0.02 * x)));
        for fraction in [0.0, 0.3, 0.9, 1.05] {
            let taps = lagrange(fraction);
            let read: f64 = taps.iter().enumerate().map(|(i, tap)| tap * curve(i as f64)).sum();
            assert!((read - curve(3.0 - fraction)).abs() < 1e-12, "{fraction}: {read}");
        }
    }

    #[test]
    fn a_swinging_line_reads_a_sine_where_it_should() {
        let (rate, delay) = (48_000.0, 1_447);
        let margin = lengths::margin(rate);
        let mut samples = alloc::vec![0.0f64; delay + 2 * margin];
        let mut position = 0u32;
        let wave = |t: f64| libm::sin(0.13 * t);
        let mut worst = 0.0f64;
        for tile in 0..400u64 {
            let at = tile * 50;
            let ring = Ring { samples: &mut samples, position: &mut position, delay };
            let mut out = [0.0; 50];
            ring.read_swinging(1, &mut out, at, &[1.0; 50], rate);
            if at > 2_000 {
                for (i, y) in out.iter().enumerate() {
                    let t = (at + i as u64) as f64;
                    let swing = 8.0 * libm::sin(core::f64::consts::TAU * SWING_HZ * t / rate);
                    worst = worst.max((y - wave(t - delay as f64 - swing)).abs());
                }
            }
            let written: [f64; 50] = core::array::from_fn(|i| wave((at + i as u64) as f64));
            ring.write(&written);
        }
        std::println!("swinging read of 1 kHz: {worst:.1e}");
        assert!(worst < 1e-5, "{worst}");
    }
}
