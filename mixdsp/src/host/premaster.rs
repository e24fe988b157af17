//! Premaster: what is wrong with a file in ways that loudness and peaks do not show.
//!
//! ```text
//! left, right --> windows of a sixth of a second --> spectra: powers and cross power --> bandwidth, bass, lag
//! all channels --> power of each tenth of a second --> the quietest stretch that stands still --> floor
//! ```
//!
//! * **Bandwidth**: where a spectrum ends in a cliff. Music rolls off; a cliff is what a lossy encoder or a lower sample
//!   rate left.
//! * **Bass**: the correlation of left and right below 120 Hz. What is out of phase there is gone in mono and on vinyl.
//! * **Lag**: the delay at which left and right are most alike, by the cross spectrum with its magnitude taken out (Knapp
//!   and Carter, "The Generalized Correlation Method for Estimation of Time Delay", IEEE ASSP 24, 1976).
//! * **Floor**: hiss and hum in the pauses. Noise stands still, tails and fades do not.

use crate::base::audio::frames_of;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::simd::SimdLevel;
use crate::base::spec::Spec;
use crate::dsp::fft::{Transform, bins};
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::TAU;
use num_complex::Complex;

/// The least length of a window; it is the next power of two.
const WINDOW_SECONDS: f64 = 0.15;
/// What is bass, and how loud it must be to count, in dBFS.
const BASS_HZ: (f64, f64) = (20.0, 120.0);
const LEAST_BASS_DB: f64 = -60.0;
/// Where lags are looked for, and up to how long.
const LAG_HZ: (f64, f64) = (150.0, 12_000.0);
const MOST_LAG_SECONDS: f64 = 0.02;
/// How alike the channels must be at the lag, of 1, and how much more than where they stand.
const LEAST_ALIKE: f64 = 0.2;
const MORE_ALIKE: f64 = 1.5;
/// How far the spectrum falls at a cliff, within how much, and where cliffs are looked for.
const CLIFF_DB: f64 = 25.0;
const CLIFF_HZ: f64 = 500.0;
const LOWEST_CLIFF_HZ: f64 = 6_000.0;
/// What is so far under the strongest band is inaudible anyway, and no edge.
const LOWEST_CLIFF_DB: f64 = -110.0;
/// Stretches: of how many tenths of a second, and within how many decibels they stand still.
const STRETCH: usize = 6;
const STANDS_STILL_DB: f64 = 1.5;

/// What a [`PremasterMeter`] found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Premaster {
    /// The frequency at which the spectrum ends in a cliff, in Hz; `None` where it goes on to half the rate or rolls off.
    pub bandwidth_hz: Option<f64>,
    /// Correlation of left and right below 120 Hz, -1 to 1; `None` without two channels or without bass.
    pub bass_correlation: Option<f64>,
    /// Frames by which the right channel is late, negative where the left is; `None` where neither is.
    pub lag_frames: Option<i64>,
    /// Level of the quietest stretch that stands still, in dBFS; `None` where nothing does.
    pub floor_db: Option<f64>,
    /// Level of the loudest tenth of a second, in dBFS.
    pub loudest_db: Option<f64>,
}

/// Listens for what is wrong with a premaster.
///
/// ```
/// use mixdsp::host::PremasterMeter;
///
/// let mut meter = PremasterMeter::new(48_000.0, 2)?;
/// let bass: Vec<f64> = (0..48_000).map(|n| (n as f64 * 0.01).sin()).collect();
/// let inverted: Vec<f64> = bass.iter().map(|x| -x).collect();
/// meter.measure(&[bass, inverted])?;
/// assert!(meter.result().bass_correlation < Some(-0.99));
/// # Ok::<(), mixdsp::Error>(())
/// ```
pub struct PremasterMeter {
    rate: f64,
    channels: usize,
    transform: Transform<f64>,
    shape: Vec<f64>,
    window: Vec<f64>,
    filled: usize,
    weighted: Vec<f64>,
    work: Vec<Complex<f64>>,
    re: Vec<f64>,
    im: Vec<f64>,
    left: Vec<Complex<f64>>,
    powers: [Vec<f64>; 2],
    cross: Vec<Complex<f64>>,
    windows: u64,
    tenth: f64,
    tenth_frames: usize,
    tenths_db: Vec<f32>,
}

impl PremasterMeter {
    /// For a sample rate of 8 to 384 kHz and 1 to 24 channels. Lag and bass are of two channels alone.
    ///
    /// # Errors
    /// As a processor's `new` for a spec that cannot be.
    pub fn new(sample_rate: f64, channels: usize) -> Result<Self, Error> {
        Spec::new(sample_rate, channels).check()?;
        let length = ((WINDOW_SECONDS * sample_rate) as usize).next_power_of_two();
        let hann = |n: usize| 0.5 - 0.5 * libm::cos(TAU * n as f64 / length as f64);
        let places = bins(length);
        Ok(Self {
            rate: sample_rate,
            channels,
            transform: Transform::new(length, SimdLevel::BEST.resolve()),
            shape: (0..length).map(hann).collect(),
            window: vec![0.0; channels * length],
            filled: 0,
            weighted: vec![0.0; length],
            work: vec![Complex::ZERO; length / 2],
            re: vec![0.0; places],
            im: vec![0.0; places],
            left: vec![Complex::ZERO; length / 2 + 1],
            powers: [vec![0.0; length / 2 + 1], vec![0.0; length / 2 + 1]],
            cross: vec![Complex::ZERO; length / 2 + 1],
            windows: 0,
            tenth: 0.0,
            tenth_frames: 0,
            tenths_db: Vec::new(),
        })
    }

    /// Hears a block of any length. Samples that are not finite count as zero.
    ///
    /// # Errors
    /// Nothing is heard where channels are missing or of unequal length.
    pub fn measure<T: Sample, C: AsRef<[T]>>(&mut self, audio: &[C]) -> Result<(), Error> {
        let frames = frames_of(audio, self.channels, "audio")?;
        let length = self.shape.len();
        let per_tenth = (0.1 * self.rate) as usize;
        for frame in 0..frames {
            for (channel, window) in audio.iter().zip(self.window.chunks_exact_mut(length)) {
                let sample = channel.as_ref()[frame].clean().to_f64();
                window[self.filled] = sample;
                self.tenth += sample * sample;
            }
            self.filled += 1;
            self.tenth_frames += 1;
            if self.tenth_frames == per_tenth {
                let mean = self.tenth / (per_tenth * self.channels) as f64;
                self.tenths_db.push(decibels(mean) as f32);
                (self.tenth, self.tenth_frames) = (0.0, 0);
            }
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
        // Left and right; of other counts of channels all of them, as one power.
        for (channel, window) in self.window.chunks_exact(length).enumerate() {
            for ((to, sample), shape) in self.weighted.iter_mut().zip(window).zip(&self.shape) {
                *to = sample * shape;
            }
            self.transform.forward(&self.weighted, &mut self.work, &mut self.re, &mut self.im);
            let side = usize::from(self.channels == 2 && channel == 1);
            for bin in 0..=length / 2 {
                let value = Complex::new(self.re[bin], self.im[bin]);
                self.powers[side][bin] += value.norm_sqr();
                if self.channels == 2 && channel == 0 {
                    self.left[bin] = value;
                } else if self.channels == 2 {
                    self.cross[bin] += self.left[bin] * value.conj();
                }
            }
        }
        self.windows += 1;
    }

    /// What was found in everything heard so far.
    pub fn result(&self) -> Premaster {
        let loudest = self.tenths_db.iter().copied().reduce(f32::max).map(f64::from);
        Premaster {
            bandwidth_hz: self.bandwidth_hz(),
            bass_correlation: self.bass_correlation(),
            lag_frames: self.lag_frames(),
            floor_db: self.floor_db(),
            loudest_db: loudest.filter(|db| db.is_finite()),
        }
    }

    fn hz_per_bin(&self) -> f64 {
        self.rate / self.shape.len() as f64
    }

    /// Bins from one frequency up to another.
    fn range(&self, from_hz: f64, to_hz: f64) -> core::ops::Range<usize> {
        let bin = |hz: f64| ((hz / self.hz_per_bin()) as usize).min(self.shape.len() / 2);
        bin(from_hz)..bin(to_hz)
    }

    fn bandwidth_hz(&self) -> Option<f64> {
        let total: Vec<f64> = self.powers[0].iter().zip(&self.powers[1]).map(|(a, b)| a + b).collect();
        if self.windows == 0 || total.iter().sum::<f64>() <= 0.0 {
            return None;
        }
        let half = 0.5 * self.rate;
        let step = ((CLIFF_HZ / self.hz_per_bin()) as usize).max(2);
        let mean = |bins: core::ops::Range<usize>| {
            let count = bins.len().max(1) as f64;
            total[bins].iter().sum::<f64>() / count
        };
        // Powers of what is above each bin: the largest mean of a band anywhere there.
        let from = self.range(LOWEST_CLIFF_HZ, half);
        let mut above = vec![0.0_f64; total.len() + 1];
        for bin in (0..total.len()).rev() {
            let band = bin..(bin + step / 4 + 1).min(total.len());
            above[bin] = above[bin + 1].max(mean(band));
        }
        let mut found: Option<(f64, usize)> = None;
        for bin in from {
            if bin + step + step / 2 >= total.len() || bin < 2 * step {
                continue;
            }
            let below = mean(bin - step..bin);
            let fall = decibels(below) - decibels(above[bin + step].max(1e-30));
            if fall >= CLIFF_DB && found.is_none_or(|(most, _)| fall > most) {
                found = Some((fall, bin));
            }
        }
        let strongest = (step..total.len()).map(|bin| mean(bin - step..bin)).fold(0.0, f64::max);
        let (_, bin) = found?;
        let level = mean(bin - 2 * step..bin - step);
        if decibels(level) - decibels(strongest) < LOWEST_CLIFF_DB {
            return None;
        }
        // The edge itself: the last place that is not yet a hundredth of what stands before it.
        let edge = (bin - step..bin + step).rev().find(|at| mean(*at..at + 2) > 0.01 * level);
        Some(edge.unwrap_or(bin) as f64 * self.hz_per_bin())
    }

    fn bass_correlation(&self) -> Option<f64> {
        if self.channels != 2 || self.windows == 0 {
            return None;
        }
        let range = self.range(BASS_HZ.0, BASS_HZ.1 + self.hz_per_bin());
        let sum = |of: &[f64]| of[range.clone()].iter().sum::<f64>();
        let (left, right) = (sum(&self.powers[0]), sum(&self.powers[1]));
        let length = self.shape.len() as f64;
        let mean = (left + right) / (0.375 * length * length * self.windows as f64);
        if left <= 0.0 || right <= 0.0 || decibels(mean) < LEAST_BASS_DB {
            return None;
        }
        let both: f64 = self.cross[range].iter().map(|value| value.re).sum();
        Some(both / libm::sqrt(left * right))
    }

    fn lag_frames(&self) -> Option<i64> {
        if self.channels != 2 || self.windows == 0 {
            return None;
        }
        let range = self.range(LAG_HZ.0, LAG_HZ.1.min(0.45 * self.rate));
        let coherence = |bin: usize| {
            let power = libm::sqrt(self.powers[0][bin] * self.powers[1][bin]);
            if power > 0.0 { self.cross[bin] / power } else { Complex::ZERO }
        };
        let values: Vec<Complex<f64>> = range.clone().map(coherence).collect();
        let length = self.shape.len();
        let most = ((MOST_LAG_SECONDS * self.rate) as i64).min(length as i64 / 8);
        let alike = |lag: i64| {
            // left · conj(right) turns forward where the right is late.
            let turn = -TAU * lag as f64 / length as f64;
            let (s, c) = libm::sincos(turn);
            let step = Complex::new(c, s);
            let (s, c) = libm::sincos(turn * range.start as f64);
            let mut at = Complex::new(c, s);
            let mut sum = 0.0;
            for value in &values {
                sum += value.re * at.re - value.im * at.im;
                at *= step;
            }
            sum / values.len().max(1) as f64
        };
        let best = (-most..=most).map(|lag| (alike(lag), lag)).max_by(|a, b| a.0.total_cmp(&b.0))?;
        let here = alike(0);
        (best.1 != 0 && best.0 >= LEAST_ALIKE && best.0 >= MORE_ALIKE * here.max(0.0)).then_some(best.1)
    }

    fn floor_db(&self) -> Option<f64> {
        let still = |stretch: &&[f32]| {
            let most = stretch.iter().copied().fold(f32::MIN, f32::max);
            let least = stretch.iter().copied().fold(f32::MAX, f32::min);
            least.is_finite() && f64::from(most - least) <= STANDS_STILL_DB
        };
        let mean = |stretch: &[f32]| {
            let power = |db: &f32| libm::exp10(0.1 * f64::from(*db));
            decibels(stretch.iter().map(power).sum::<f64>() / stretch.len() as f64)
        };
        self.tenths_db.windows(STRETCH).filter(still).map(mean).reduce(f64::min)
    }
}

impl core::fmt::Debug for PremasterMeter {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PremasterMeter")
            .field("rate", &self.rate)
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}

fn decibels(power: f64) -> f64 {
    10.0 * libm::log10(power)
}
