//! Third octaves: where power lies.
//!
//! ```text
//! samples --> windows of a sixth of a second, every 0.1 s --> power --> 30 bands, 20 Hz to 16 kHz
//! ```
//!
//! Windows are the root of Hann's, so that two that meet hold all of what lies between them to 1.4 dB.

use core::f64::consts::PI;
use std::vec;
use std::vec::Vec;

use num_complex::Complex;

use crate::base::simd::SimdLevel;
use crate::dsp::fft::{Transform, bins};
use crate::dsp::k_weighting::KWeighting;

/// Number of bands.
pub(super) const BANDS: usize = 30;
/// The band around 1 kHz.
const AT_1_KHZ: usize = 17;
/// Windows per second.
pub(super) const PER_SECOND: u64 = 10;

/// A value for every band.
pub(super) type Bands = [f64; BANDS];

/// Centre of a band in Hz.
pub(super) fn centre_hz(band: usize) -> f64 {
    1000.0 * libm::exp2((band as f64 - AT_1_KHZ as f64) / 3.0)
}

/// The band in which a frequency lies, or the nearest.
pub(super) fn band_at(frequency_hz: f64) -> usize {
    let place = AT_1_KHZ as f64 + 3.0 * libm::log2(frequency_hz.max(1.0) / 1000.0);
    libm::round(place).clamp(0.0, (BANDS - 1) as f64) as usize
}

/// What a loudness meter makes of each band, as power.
pub(super) fn k_weights() -> Bands {
    let filter = KWeighting::new(48_000.0);
    core::array::from_fn(|band| filter.response(centre_hz(band)).norm_sqr())
}

/// Loudness of a sum over the channels of K-weighted mean squares.
pub(super) fn lufs(power: f64) -> f64 {
    10.0 * libm::log10(power.max(1e-30)) - 0.691
}

pub(super) fn decibels(power: f64) -> f64 {
    10.0 * libm::log10(power.max(1e-30))
}

/// Power of both sides in one window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) left: [f32; BANDS],
    pub(super) right: [f32; BANDS],
    /// What both have in common: the mean of left x right.
    pub(super) common: [f32; BANDS],
}

/// Takes windows of one or two channels.
pub(super) struct Analyser {
    sample_rate: u64,
    length: usize,
    transform: Transform<f32>,
    shape: Vec<f32>,
    /// First bin of each band, and what each of its bins counts.
    weights: Vec<(usize, Vec<f32>)>,
    work: Vec<Complex<f32>>,
    windowed: Vec<f32>,
    bins: [[Vec<f32>; 2]; 2],
    held: Vec<Vec<f32>>,
    /// Frame of the first sample that is held, counted from half a window before the sound.
    start: u64,
    taken: u64,
}

impl Analyser {
    pub(super) fn new(sample_rate: u32, channels: usize) -> Self {
        let rate = f64::from(sample_rate);
        let length = ((0.15 * rate) as usize).next_power_of_two().max(256);
        let shape: Vec<f32> =
            (0..length).map(|n| libm::sin(PI * (n as f64 + 0.5) / length as f64) as f32).collect();
        // One side of the spectrum, and what the window leaves of the mean square.
        let scale = 2.0 / (length as f64 * 0.5 * length as f64);
        let width = rate / length as f64;
        let weights = (0..BANDS).map(|band| {
            let (from, to) =
                (centre_hz(band) * libm::exp2(-1.0 / 6.0), centre_hz(band) * libm::exp2(1.0 / 6.0));
            let (from, to) = (from / width + 0.5, (to / width + 0.5).min((length / 2) as f64 + 0.5));
            let first = from as usize;
            let last = to as usize;
            let share = |bin: usize| (to.min(bin as f64 + 1.0) - from.max(bin as f64)).max(0.0) * scale;
            let shares =
                if to > from { (first..=last).map(|bin| share(bin) as f32).collect() } else { Vec::new() };
            (first, shares)
        });
        let places = bins(length);
        Self {
            sample_rate: u64::from(sample_rate),
            length,
            weights: weights.collect(),
            transform: Transform::new(length, SimdLevel::BEST.resolve()),
            shape,
            work: vec![Complex::ZERO; length / 2],
            windowed: vec![0.0; length],
            bins: core::array::from_fn(|_| [vec![0.0; places], vec![0.0; places]]),
            held: vec![vec![0.0; length / 2]; channels],
            start: 0,
            taken: 0,
        }
    }

    /// Where a window begins: its middle is that of its tenth of a second.
    fn begin(&self) -> u64 {
        (2 * self.taken + 1) * self.sample_rate / (2 * PER_SECOND)
    }

    pub(super) fn add(&mut self, block: &[&[f32]], mut each: impl FnMut(&Window)) {
        for (held, block) in self.held.iter_mut().zip(block) {
            held.extend_from_slice(block);
        }
        while self.begin() + self.length as u64 <= self.start + self.held[0].len() as u64 {
            let at = (self.begin() - self.start) as usize;
            each(&self.window(at));
            self.taken += 1;
        }
        let old = self.begin().saturating_sub(self.start).min(self.held[0].len() as u64) as usize;
        if old > 4 * self.length {
            self.held.iter_mut().for_each(|held| drop(held.drain(..old)));
            self.start += old as u64;
        }
    }

    /// The windows whose middle lies within the sound, silence behind it.
    pub(super) fn end(&mut self, frames: u64, each: impl FnMut(&Window)) {
        let windows = (frames * PER_SECOND).div_ceil(self.sample_rate);
        let last = (2 * windows.max(1) - 1) * self.sample_rate / (2 * PER_SECOND) + self.length as u64;
        let rest = last.saturating_sub(self.start + self.held[0].len() as u64) as usize;
        let silence = vec![0.0; rest];
        let channels = self.held.len();
        self.add(&vec![&silence[..]; channels], each);
    }

    fn window(&mut self, at: usize) -> Window {
        let mut window = Window { left: [0.0; BANDS], right: [0.0; BANDS], common: [0.0; BANDS] };
        let part = at..at + self.length;
        let is_mono = self.held.len() == 1 || self.held[0][part.clone()] == self.held[1][part.clone()];
        if self.held.iter().all(|held| held[part.clone()].iter().all(|x| *x == 0.0)) {
            return window;
        }
        for (held, [re, im]) in self.held.iter().zip(&mut self.bins).take(if is_mono { 1 } else { 2 }) {
            let samples = held[part.clone()].iter().zip(&self.shape);
            self.windowed.iter_mut().zip(samples).for_each(|(to, (x, shape))| *to = x * shape);
            self.transform.forward(&self.windowed, &mut self.work, re, im);
        }
        let [[a_re, a_im], [b_re, b_im]] = &self.bins;
        for (band, (first, shares)) in self.weights.iter().enumerate() {
            let (mut left, mut right, mut common) = (0.0, 0.0, 0.0);
            for (share, n) in shares.iter().zip(*first..) {
                left += share * (a_re[n] * a_re[n] + a_im[n] * a_im[n]);
                if !is_mono {
                    right += share * (b_re[n] * b_re[n] + b_im[n] * b_im[n]);
                    common += share * (a_re[n] * b_re[n] + a_im[n] * b_im[n]);
                }
            }
            if is_mono {
                // One channel goes to both sides at half of its power.
                left *= if self.held.len() == 1 { 0.5 } else { 1.0 };
                (right, common) = (left, left);
            }
            (window.left[band], window.right[band], window.common[band]) = (left, right, common);
        }
        window
    }
}
