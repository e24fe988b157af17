//! Measures tone: the mean spectrum of what is loud enough to count.
//!
//! ```text
//! in --> windows of a third of a second, half over each other --> Hann --> power --> 121 points
//!                                                                  |                    |
//!                                                                  `--> K-weighted loudness: one of 80 bins
//! ```
//!
//! Welch, "The use of fast Fourier transform for the estimation of power spectra", 1967. Loudness gates as in
//! ITU-R BS.1770: windows under -70 LUFS never count, and of the rest those more than 10 LU under their mean do
//! not. The gate is known only at the end, so powers are kept per LU of their window's loudness: memory does
//! not grow.
//!
//! State: `window`, the last samples of each channel; `filled`, how many of them are new, per frame; `bins`, sums
//! per LU, per window.

use super::grid::{Grid, PER_OCTAVE, POINTS, frequency_hz, grid};
use crate::base::audio::frames_of;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::simd::SimdLevel;
use crate::base::spec::Spec;
use crate::dsp::fft::{Transform, bins};
use crate::dsp::k_weighting::KWeighting;
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::TAU;
use core::ops::Range;
use num_complex::Complex;

/// Shortest window in seconds.
const WINDOW_SECONDS: f64 = 0.3;
/// Loudness of the lowest bin, which is the absolute gate, and how many bins of 1 LU there are.
const LOWEST_LUFS: f64 = -70.0;
const LOUDNESS_BINS: usize = 90;
/// The relative gate.
const GATE_LU: f64 = -10.0;
/// Least half-width of a point, in bins of the transform.
const LEAST_BINS: f64 = 1.5;

/// The tonal balance of what was measured: power per hertz at 121 frequencies, twelve per octave.
#[derive(Clone, Debug, PartialEq)]
pub struct Tone {
    pub(super) density: Grid,
    /// Share of the K-weighted power that lies above the highest point.
    pub(super) above: f64,
}

impl Tone {
    /// Power per hertz in decibels at a frequency, 20 Hz to 20 kHz; only differences mean something.
    pub fn density_db(&self, frequency_hz: f64) -> f64 {
        super::grid::at(&self.density.map(|density| 10.0 * libm::log10(density.max(1e-30))), frequency_hz)
    }

    /// The mean in decibels of several, each as loud as the others: a reference made of several songs. `None`
    /// for none.
    pub fn mean(tones: &[Self]) -> Option<Self> {
        let share = 1.0 / tones.len() as f64;
        let decibels = |tone: &Self, point: usize| libm::log10(tone.density[point].max(1e-30));
        // Means of logarithms: how loud each is only moves the sum.
        let mean = |point| share * tones.iter().map(|tone| decibels(tone, point)).sum::<f64>();
        let above = share * tones.iter().map(|tone| tone.above).sum::<f64>();
        (!tones.is_empty()).then(|| Self { density: grid(|point| libm::exp10(mean(point))), above })
    }
}

/// What windows of one loudness add up to.
#[derive(Clone, Debug)]
struct Bin {
    windows: u64,
    /// Sum of K-weighted mean squares, and of what of them lies above the highest point.
    energy: f64,
    above: f64,
    density: Grid,
}

impl Bin {
    const EMPTY: Self = Self { windows: 0, energy: 0.0, above: 0.0, density: [0.0; POINTS] };
}

/// Measures the tone of a recording, block by block, in memory that does not grow. Allocates when it is made
/// and never after.
#[derive(Debug)]
pub struct ToneMeter {
    channels: usize,
    transform: Transform<f64>,
    shape: Vec<f64>,
    /// Per channel, the samples of the present window.
    window: Vec<f64>,
    filled: usize,
    weighted: Vec<f64>,
    work: Vec<Complex<f64>>,
    re: Vec<f64>,
    im: Vec<f64>,
    power: Vec<f64>,
    /// K-weighting of each bin of the transform, as power.
    weights: Vec<f64>,
    /// Per point: the bins that count and what each counts.
    points: Vec<(Range<usize>, Vec<f64>)>,
    /// The first bin of the transform above the highest point.
    above: usize,
    bins: Vec<Bin>,
}

impl ToneMeter {
    /// For a sample rate of 8 to 384 kHz and 1 to 24 channels, whose powers are added.
    pub fn new(sample_rate: f64, channels: usize) -> Result<Self, Error> {
        Spec::new(sample_rate, channels).check()?;
        let length = ((WINDOW_SECONDS * sample_rate) as usize).next_power_of_two();
        let places = bins(length);
        let width = sample_rate / length as f64;
        let filter = KWeighting::new(sample_rate);
        let weights = (0..=length / 2).map(|bin| filter.response(bin as f64 * width).norm_sqr()).collect();
        let hann = |n: usize| 0.5 - 0.5 * libm::cos(TAU * n as f64 / length as f64);
        let points = (0..POINTS).map(|point| point_weights(frequency_hz(point), width, length / 2)).collect();
        let highest = frequency_hz(POINTS - 1) * libm::exp2(0.5 / PER_OCTAVE);
        let above = ((highest / width) as usize).min(length / 2) + 1;
        Ok(Self {
            channels,
            transform: Transform::new(length, SimdLevel::BEST.resolve()),
            shape: (0..length).map(hann).collect(),
            window: vec![0.0; channels * length],
            filled: 0,
            weighted: vec![0.0; length],
            work: vec![Complex::ZERO; length / 2],
            re: vec![0.0; places],
            im: vec![0.0; places],
            power: vec![0.0; length / 2 + 1],
            weights,
            points,
            above,
            bins: vec![Bin::EMPTY; LOUDNESS_BINS],
        })
    }

    /// Forgets everything.
    pub fn restart(&mut self) {
        self.filled = 0;
        self.bins.fill(Bin::EMPTY);
    }

    /// Begins another recording: what it measures is added to what was measured before.
    pub fn next_recording(&mut self) {
        self.filled = 0;
    }

    /// Hears a block of any length. Samples that are not finite count as zero. Fails, with nothing heard, when
    /// channels are missing or of unequal length.
    pub fn measure<T: Sample, C: AsRef<[T]>>(&mut self, audio: &[C]) -> Result<(), Error> {
        let frames = frames_of(audio, self.channels, "audio")?;
        let length = self.shape.len();
        let mut done = 0;
        while done < frames {
            let count = (frames - done).min(length - self.filled);
            for (channel, window) in audio.iter().zip(self.window.chunks_exact_mut(length)) {
                let samples = &channel.as_ref()[done..done + count];
                for (to, from) in window[self.filled..].iter_mut().zip(samples) {
                    *to = from.clean().to_f64();
                }
            }
            self.filled += count;
            done += count;
            if self.filled == length {
                self.end_window();
                for window in self.window.chunks_exact_mut(length) {
                    window.copy_within(length / 2.., 0);
                }
                self.filled = length / 2;
            }
        }
        Ok(())
    }

    fn end_window(&mut self) {
        let length = self.shape.len();
        self.power.fill(0.0);
        for window in self.window.chunks_exact(length) {
            for ((to, sample), shape) in self.weighted.iter_mut().zip(window).zip(&self.shape) {
                *to = sample * shape;
            }
            self.transform.forward(&self.weighted, &mut self.work, &mut self.re, &mut self.im);
            for ((power, re), im) in self.power.iter_mut().zip(&self.re).zip(&self.im) {
                *power += re * re + im * im;
            }
        }
        // Mean square per bin: the mean square of a Hann window is 3/8, and negative frequencies count too.
        let scale = 2.0 / (0.375 * (length * length) as f64);
        let weighted = |from: usize| {
            let pairs = self.power[from..].iter().zip(&self.weights[from..]);
            scale * pairs.map(|(power, weight)| power * weight).sum::<f64>()
        };
        let (energy, above) = (weighted(0), weighted(self.above));
        let loudness = -0.691 + 10.0 * libm::log10(energy.max(1e-30));
        if loudness < LOWEST_LUFS {
            return;
        }
        let place = ((loudness - LOWEST_LUFS) as usize).min(LOUDNESS_BINS - 1);
        let bin = &mut self.bins[place];
        bin.windows += 1;
        bin.energy += energy;
        bin.above += above;
        for (sum, (range, weights)) in bin.density.iter_mut().zip(&self.points) {
            let density: f64 = self.power[range.clone()].iter().zip(weights).map(|(p, w)| p * w).sum();
            *sum += scale * density;
        }
    }

    /// The tone of everything heard so far; `None` before anything above -70 LUFS was.
    pub fn tone(&self) -> Option<Tone> {
        let windows: u64 = self.bins.iter().map(|bin| bin.windows).sum();
        let energy: f64 = self.bins.iter().map(|bin| bin.energy).sum();
        if windows == 0 {
            return None;
        }
        let gate = energy / windows as f64 * libm::exp10(0.1 * GATE_LU);
        let passes = |bin: &&Bin| bin.windows > 0 && bin.energy >= gate * bin.windows as f64;
        let counted: u64 = self.bins.iter().filter(passes).map(|bin| bin.windows).sum();
        let mut density = [0.0; POINTS];
        for bin in self.bins.iter().filter(passes) {
            density.iter_mut().zip(&bin.density).for_each(|(sum, density)| *sum += density);
        }
        let sum = |of: fn(&Bin) -> f64| self.bins.iter().filter(passes).map(of).sum::<f64>();
        let above = sum(|bin| bin.above) / sum(|bin| bin.energy);
        Some(Tone { density: density.map(|sum| sum / counted.max(1) as f64), above })
    }
}

/// The bins around a frequency and their weights, which add up to one: a Hann bell that is a sixth of an octave
/// wide at half its height, or three bins where that is wider. Nothing above half the rate.
fn point_weights(frequency_hz: f64, width: f64, highest: usize) -> (Range<usize>, Vec<f64>) {
    let reach = (frequency_hz * (libm::exp2(2.0 / PER_OCTAVE) - 1.0) / width).max(2.0 * LEAST_BINS);
    let centre = (frequency_hz / width).min(highest as f64);
    let range = libm::ceil((centre - reach).max(0.0)) as usize..((centre + reach) as usize).min(highest) + 1;
    let bell = |bin: usize| 0.5 + 0.5 * libm::cos(0.5 * TAU * (bin as f64 - centre) / reach);
    let sum: f64 = range.clone().map(bell).sum();
    (range.clone(), range.map(|bin| bell(bin) / sum).collect())
}
