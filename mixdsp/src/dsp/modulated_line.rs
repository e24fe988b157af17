//! Floor 4: a delay line that is read at a delay of its own for every frame, cheaply.
//!
//! ```text
//! position = frame - delay = i + t, t = 0 .. 1        y = sum of c[k](t) x[i + k], k = -2 .. 3
//! ```
//!
//! Between two frames it is read by Lagrange's polynomial of fifth order through six of them (T. I. Laakso and others,
//! "Splitting the Unit Delay", IEEE Signal Processing Magazine, 1996): within 0.003 dB to 5 kHz and 0.2 dB to 10 kHz at
//! 48 kHz, then softer, never louder. A delay of whole frames reads what was written, to the bit.
//!
//! A line is a slice of the caller's words, used as a ring, with its first frames once more behind its end, so that eight
//! frames always lie side by side. Where all frames of a run are written before they are read, eight are read at once: their
//! windows become columns.

use crate::base::sample::Sample;
use crate::base::simd::transpose;
use crate::params::ramp::CHUNK;
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Frames on the newer side of a position that are read: the shortest delay is one less where a frame is written before
/// it is read, and as much where it is not.
pub(crate) const NEWER: usize = 3;
/// The same on the older side.
const OLDER: usize = 2;
const TAPS: usize = NEWER + OLDER + 1;
/// Frames that are read side by side; what lies side by side in a line is at least as much.
const LANES: usize = 8;
/// 2^52 and a half of it: adding this rounds to a whole number, which then stands in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// Length of a line that is read up to `longest` frames back.
pub(crate) const fn length_for(longest: usize) -> usize {
    longest.saturating_add(CHUNK + 2 * LANES)
}

/// Where the next frame goes in lines of one length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Frames of the ring: what is behind them stands twice.
    ring: usize,
    next: usize,
}

/// The weights of six frames at a position between the third and the fourth.
#[inline(always)]
fn weights<T: Sample>(t: T) -> [T; TAPS] {
    let number = T::from_f64;
    let (a, b, c, d, e) = (t + number(2.0), t + T::ONE, t - T::ONE, t - number(2.0), t - number(3.0));
    let (ab, de) = (a * b, d * e);
    let (tc, abt) = (t * c, ab * t);
    [
        number(-1.0 / 120.0) * b * tc * de,
        number(1.0 / 24.0) * a * tc * de,
        number(-1.0 / 12.0) * ab * c * de,
        number(1.0 / 12.0) * abt * de,
        number(-1.0 / 24.0) * abt * c * e,
        number(1.0 / 120.0) * abt * c * d,
    ]
}

impl Place {
    /// At the start of lines of `length` samples.
    pub(crate) const fn new(length: usize) -> Self {
        Self { ring: length - LANES, next: 0 }
    }

    /// Samples of one line.
    pub(crate) fn length(&self) -> usize {
        self.ring + LANES
    }

    /// Moves on by the frames of a run.
    pub(crate) fn advance(&mut self, frames: usize) {
        self.next = self.wrap(self.next + frames);
    }

    #[inline(always)]
    fn wrap(&self, at: usize) -> usize {
        if at >= self.ring { at - self.ring } else { at }
    }

    /// Stores one frame of the run.
    #[inline(always)]
    pub(crate) fn write<T: Sample>(&self, line: &mut [T], frame: usize, sample: T) {
        let at = self.wrap(self.next + frame);
        line[at] = sample;
        if at < LANES {
            line[self.ring + at] = sample;
        }
    }

    /// Stores all frames of the run.
    #[inline(always)]
    pub(crate) fn write_run<T: Sample>(&self, line: &mut [T], samples: &[T]) {
        let first = samples.len().min(self.ring - self.next);
        let (head, tail) = samples.split_at(first);
        line[self.next..self.next + first].copy_from_slice(head);
        line[..tail.len()].copy_from_slice(tail);
        line.copy_within(..LANES, self.ring);
    }

    /// What lies `delay` frames before one of the run, from `NEWER - 1` frames on; from `NEWER` where the frame itself is not
    /// written yet.
    #[inline(always)]
    pub(crate) fn read<T: Sample>(&self, line: &[T], frame: usize, delay: f64) -> T {
        let floor = delay as usize;
        let whole = if floor as f64 == delay { floor } else { floor + 1 };
        let weights = weights(T::from_f64(whole as f64 - delay));
        let from = self.wrap(self.next + frame + self.ring - whole - OLDER);
        let from = self.wrap(from);
        match line.get(from..).and_then(|rest| rest.first_chunk::<TAPS>()) {
            Some(x) => {
                let pairs = [0, 1, 2].map(
                    #[inline(always)]
                    |k| weights[2 * k] * x[2 * k] + weights[2 * k + 1] * x[2 * k + 1],
                );
                pairs[0] + pairs[1] + pairs[2]
            }
            None => T::ZERO,
        }
    }
}

/// Reads the frames of a run, all of them written, at a delay of its own each, from `NEWER - 1` frames on. Delays and outputs
/// reach to the next multiple of eight frames; those delays are 0 or were read before.
#[inline(always)]
pub(crate) fn read_run<S: Simd, T: Sample>(
    simd: S,
    place: &Place,
    line: &[T],
    delays: &[f64; CHUNK],
    frames: usize,
    out: &mut [T; CHUNK],
) {
    let (mut starts, mut rests) = ([0u32; CHUNK], [T::ZERO; CHUNK]);
    let (ring, next) = (place.ring as u32, (place.next + place.ring - OLDER) as u32);
    for f in 0..CHUNK {
        let near = (delays[f] + ROUND) - ROUND;
        let above = if near < delays[f] { near + 1.0 } else { near };
        let at = (next + f as u32).wrapping_sub((above + ROUND).to_bits() as u32);
        let at = at - if at >= ring { ring } else { 0 };
        starts[f] = at - if at >= ring { ring } else { 0 };
        rests[f] = T::from_f64(above - delays[f]);
    }
    let zero = T::Lanes8::<S>::splat(simd, T::ZERO);
    for base in (0..frames.min(CHUNK)).step_by(LANES) {
        let mut rows = [zero; LANES];
        for (lane, row) in rows.iter_mut().enumerate() {
            let from = starts[base + lane] as usize;
            if let Some(window) = line.get(from..from + LANES) {
                *row = T::Lanes8::<S>::from_slice(simd, window);
            }
        }
        let x = transpose(rows);
        let weights = weights_of::<S, T>(T::Lanes8::<S>::from_slice(simd, &rests[base..base + LANES]));
        let mut sum = weights[0] * x[0];
        for k in 1..TAPS {
            sum = weights[k].mul_add(x[k], sum);
        }
        sum.store_slice(&mut out[base..base + LANES]);
    }
}

/// The weights of eight positions.
#[inline(always)]
fn weights_of<S: Simd, T: Sample>(t: T::Lanes8<S>) -> [T::Lanes8<S>; TAPS] {
    let [one, two, three] = [1.0, 2.0, 3.0].map(T::from_f64);
    let (a, b, c, d, e) = (t + two, t + one, t - one, t - two, t - three);
    let (ab, de, tc, abt) = (a * b, d * e, t * c, a * b * t);
    [
        b * tc * de * T::from_f64(-1.0 / 120.0),
        a * tc * de * T::from_f64(1.0 / 24.0),
        ab * c * de * T::from_f64(-1.0 / 12.0),
        abt * de * T::from_f64(1.0 / 12.0),
        abt * c * e * T::from_f64(-1.0 / 24.0),
        abt * c * d * T::from_f64(1.0 / 120.0),
    ]
}

/// Response of a line read at a delay, at a frequency in units of the rate.
pub(crate) fn response(delay: f64, frequency: f64) -> num_complex::Complex<f64> {
    let whole = libm::ceil(delay);
    let turn = -core::f64::consts::TAU * frequency;
    let taps = weights(whole - delay);
    let each = taps.iter().enumerate().map(|(k, tap)| {
        let frames = whole + OLDER as f64 - k as f64;
        num_complex::Complex::from_polar(*tap, turn * frames)
    });
    each.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn it_reads_between_frames_wherever_the_ring_is() {
        const LONGEST: usize = 100;
        let wave = |n: f64| if n < 0.0 { 0.0 } else { libm::sin(0.2 * n) };
        for delay in [3.0, 3.25, 17.9, 50.0, 99.5] {
            let mut place = Place::new(length_for(LONGEST));
            let mut line = vec![0.0; length_for(LONGEST)];
            let mut frame = 0;
            for run in [1, 5, 64, 64, 13, 64, 64, 64, 7, 64, 64, 64, 64] {
                for f in 0..run {
                    let heard = place.read(&line, f, delay);
                    let n = (frame + f) as f64;
                    assert!(n < 150.0 || (heard - wave(n - delay)).abs() < 1e-6, "{delay} {n}: {heard}");
                    place.write(&mut line, f, wave(n));
                }
                place.advance(run);
                frame += run;
            }
        }
    }
}
