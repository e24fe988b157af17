//! How one recording of a source stands to another: by how much it is late, and whether it is turned round.
//!
//! ```text
//! track, reference --> windowed segments --> transforms --> cross spectrum S, power spectra, summed over segments
//! S / sqrt(|S|)  --> back --> the lag with the largest value, by whole frames
//! the same once more with the later one moved by that --> coherence g² over neighbouring bins --> weights g² / (1 - g²) / |S|
//! delay = where the weighted sum of S turned back by it is largest, between frames; inverted where that is negative
//! ```
//!
//! The weights are those by which the estimate has the least variance (C. H. Knapp and G. C. Carter, "The Generalized
//! Correlation Method for Estimation of Time Delay", IEEE TASSP 24, 1976): bins in which the two have nothing in common do
//! not count, be it a room, noise, or what only one of the microphones hears.

use super::transform::{Transform, bins};
use crate::base::error::Error;
use crate::base::simd::SimdLevel;
use crate::dsp::sinc::{SINC_CENTRE, sinc_taps};
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::{SQRT_2, TAU};
use num_complex::Complex;

/// Frames of a segment, at least and at most.
const SEGMENT: [usize; 2] = [1 << 14, 1 << 18];
/// A segment is so many times as long as the largest delay, so that little falls out of it.
const LONGER: f64 = 8.0;
/// What a coherence is a mean of, at least: segments times bins.
const MEAN_OF: usize = 32;
/// Coherence beyond this counts as this.
const SUREST: f64 = 0.99;
/// The finest step between delays that are tried, in frames, before the last of them is refined.
const STEP: f64 = 0.05;
/// The middle of the lowest octave.
const LOWEST_HZ: f64 = 62.5;

/// What one octave says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandAlignment {
    /// The middle of the octave.
    pub frequency_hz: f64,
    /// Delay of the track in this octave alone, in frames, within half a period of the whole's.
    pub delay_frames: f64,
    /// How alike both are in this octave once they are aligned as a whole, from -1 to 1.
    pub correlation: f64,
}

/// How a track stands to a reference that hears the same source. Feature `fft`.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// By how many frames the track is later than the reference; negative where it is earlier.
    pub delay_frames: f64,
    /// Whether the track is the reference turned round.
    pub inverted: bool,
    /// How alike both are once they are aligned, 0 to 1: below 0.3 they hardly have a source in common.
    pub correlation: f64,
    /// The same by octaves, of those in which both have anything.
    pub bands: Vec<BandAlignment>,
}

/// Spectra of both, summed over all segments, up to half the rate.
struct Spectra {
    length: usize,
    segments: usize,
    cross: Vec<Complex<f64>>,
    track: Vec<f64>,
    reference: Vec<f64>,
}

impl Spectra {
    fn new(track: &[f64], reference: &[f64], length: usize) -> Self {
        let frames = track.len().min(reference.len());
        let half = length / 2;
        let mut all = Self {
            length,
            segments: 0,
            cross: vec![Complex::ZERO; half + 1],
            track: vec![0.0; half + 1],
            reference: vec![0.0; half + 1],
        };
        let mut transform = Transform::<f64>::new(length, SimdLevel::BEST.resolve());
        let mut work = vec![Complex::ZERO; half];
        // A recording shorter than a segment is one, with silence behind it.
        let span = length.min(frames);
        let window: Vec<f64> =
            (0..span).map(|n| 0.5 - 0.5 * libm::cos(TAU * (n as f64 + 0.5) / span as f64)).collect();
        let mut padded = vec![0.0; length];
        let mut spectrum = |samples: &[f64]| {
            padded.fill(0.0);
            let pairs = padded.iter_mut().zip(samples).zip(&window);
            pairs.for_each(|((to, sample), weight)| *to = sample * weight);
            let (mut re, mut im) = (vec![0.0; bins(length)], vec![0.0; bins(length)]);
            transform.forward(&padded, &mut work, &mut re, &mut im);
            (re, im)
        };
        for start in (0..=frames - span).step_by((span / 2).max(1)) {
            let ((re, im), (other_re, other_im)) =
                (spectrum(&track[start..start + span]), spectrum(&reference[start..start + span]));
            for bin in 0..=half {
                let (x, y) = (Complex::new(re[bin], im[bin]), Complex::new(other_re[bin], other_im[bin]));
                all.cross[bin] += x * y.conj();
                all.track[bin] += x.norm_sqr();
                all.reference[bin] += y.norm_sqr();
            }
            all.segments += 1;
        }
        all
    }

    /// The lag within `most` frames with the largest correlation, of either sign.
    fn nearest_frame(&self, most: usize) -> f64 {
        let length = self.length;
        let largest = self.cross.iter().map(|bin| bin.norm()).fold(0.0, f64::max);
        let (mut re, mut im) = (vec![0.0; bins(length)], vec![0.0; bins(length)]);
        for (bin, cross) in self.cross.iter().enumerate().skip(1) {
            let even = cross / libm::sqrt(cross.norm().max(1e-9 * largest));
            (re[bin], im[bin]) = (even.re, even.im);
        }
        let mut transform = Transform::<f64>::new(length, SimdLevel::BEST.resolve());
        let mut lags = vec![0.0; length];
        transform.inverse(&re, &im, &mut vec![Complex::ZERO; length / 2], &mut lags);
        let size = |lag: &i64| lags[lag.rem_euclid(length as i64) as usize].abs();
        let most = most as i64;
        (-most..=most).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(0) as f64
    }

    /// How much each bin counts.
    fn weights(&self) -> Vec<f64> {
        let reach = (MEAN_OF.div_ceil(self.segments) / 2).max(1);
        let last = self.cross.len() - 1;
        // Summed anew for each bin: by running sums, rounding of the loud bins would be left in the soft ones.
        let around = |bin: usize| {
            let bins = bin.saturating_sub(reach)..=(bin + reach).min(last);
            bins.fold((Complex::from(0.0f64), 0.0f64, 0.0f64), |(cross, track, reference), bin| {
                (cross + self.cross[bin], track + self.track[bin], reference + self.reference[bin])
            })
        };
        let chance = 1.0 / (self.segments * (2 * reach + 1)) as f64;
        let weight = |bin: usize| {
            let (cross, track, reference) = around(bin);
            let coherence: f64 = cross.norm_sqr() / (track * reference).max(f64::MIN_POSITIVE);
            let coherence = ((coherence - chance) / (1.0 - chance)).clamp(0.0, SUREST);
            let size = self.cross[bin].norm();
            if size > 0.0 { coherence / (1.0 - coherence) / size } else { 0.0 }
        };
        (0..=last).map(|bin| if bin == 0 { 0.0 } else { weight(bin) }).collect()
    }

    /// Turns a bin back by a delay.
    fn turn(&self, bin: usize, delay: f64) -> Complex<f64> {
        Complex::from_polar(1.0, TAU * bin as f64 * delay / self.length as f64)
    }

    /// The weighted correlation of some bins at a delay.
    fn at(&self, weights: &[f64], bins: core::ops::Range<usize>, delay: f64) -> f64 {
        let turned = bins.map(|bin| weights[bin] * (self.cross[bin] * self.turn(bin, delay)).re);
        turned.sum()
    }

    /// The delay within `reach` frames of another at which some bins are most alike, with this sign.
    fn finest(
        &self,
        weights: &[f64],
        bins: core::ops::Range<usize>,
        around: f64,
        reach: f64,
        sign: f64,
    ) -> f64 {
        let at = |delay: f64| sign * self.at(weights, bins.clone(), delay);
        let step = STEP.max(reach / 64.0);
        let steps = (reach / step) as i64;
        let (best, _) = (-steps..=steps).map(|n| around + n as f64 * step).fold(
            (around, f64::NEG_INFINITY),
            |best, delay| {
                let now = at(delay);
                if now > best.1 { (delay, now) } else { best }
            },
        );
        // Golden-section search to a thousandth of a step.
        const GOLDEN: f64 = 0.618_033_988_749_895;
        let (mut low, mut high) = (best - step, best + step);
        while high - low > 1e-3 * step {
            let inner = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
            if at(inner[0]) > at(inner[1]) { high = inner[1] } else { low = inner[0] }
        }
        0.5 * (low + high)
    }

    /// How alike some bins are at a delay, from -1 to 1; `None` where one of both is silent.
    fn correlation(&self, bins: core::ops::Range<usize>, delay: f64) -> Option<f64> {
        let (mut cross, mut track, mut reference) = (0.0, 0.0, 0.0);
        for bin in bins {
            cross += (self.cross[bin] * self.turn(bin, delay)).re;
            track += self.track[bin];
            reference += self.reference[bin];
        }
        let both = libm::sqrt(track * reference);
        (both > 0.0).then(|| (cross / both).clamp(-1.0, 1.0))
    }
}

impl Alignment {
    /// Of two recordings at one sample rate, with delays up to `most_ms`, 0.1 to 1000, either way. Only as much counts as both
    /// have. `None` where one of them is silent. Allocates; cost: two transforms per segment of at least 16384 frames.
    ///
    /// # Errors
    /// For a rate that no processor takes, and for `most_ms` outside its range.
    pub fn of(
        track: &[f64],
        reference: &[f64],
        sample_rate: f64,
        most_ms: f64,
    ) -> Result<Option<Self>, Error> {
        crate::Spec::new(sample_rate, 1).check()?;
        if !(0.1..=1000.0).contains(&most_ms) {
            let (key, minimum, maximum) = ("most_ms", 0.1, 1000.0);
            return Err(Error::Range {
                key,
                item: None,
                value: most_ms,
                minimum,
                maximum,
                unit: "ms",
                choices: &[],
            });
        }
        let is_silent = |samples: &[f64]| samples.iter().all(|sample| *sample == 0.0);
        let frames = track.len().min(reference.len());
        if is_silent(&track[..frames]) || is_silent(&reference[..frames]) {
            return Ok(None);
        }
        let most = libm::ceil(most_ms * 1e-3 * sample_rate);
        let length = ((LONGER * most) as usize).next_power_of_two().clamp(SEGMENT[0], SEGMENT[1]);
        let all = 1..length / 2;
        let rough = Spectra::new(track, reference, length).nearest_frame(most as usize);
        // Once more with the later one moved by whole frames, so that both are seen through the same windows.
        let [late, early] = [rough.max(0.0) as usize, (-rough).max(0.0) as usize];
        let (Some(track), Some(reference)) = (track.get(late..), reference.get(early..)) else {
            return Ok(None);
        };
        let spectra = Spectra::new(track, reference, length);
        let weights = spectra.weights();
        let sign = if spectra.at(&weights, all.clone(), 0.0) < 0.0 { -1.0 } else { 1.0 };
        let delay = spectra.finest(&weights, all.clone(), 0.0, 1.5, sign);
        let Some(correlation) = spectra.correlation(all, delay) else { return Ok(None) };
        let octaves = (0..).map(|octave| LOWEST_HZ * f64::from(1u32 << octave));
        let octaves = octaves.take_while(|hz| hz * SQRT_2 < 0.5 * sample_rate);
        let bands = octaves.filter_map(|frequency_hz| {
            let edge = |hz: f64| (libm::ceil(hz / sample_rate * length as f64) as usize).max(1);
            let bins = edge(frequency_hz / SQRT_2)..edge(frequency_hz * SQRT_2).min(length / 2);
            let correlation = sign * spectra.correlation(bins.clone(), delay)?;
            let half_period = 0.5 * sample_rate / frequency_hz;
            let delay_frames = spectra.finest(&weights, bins, delay, half_period, sign);
            Some(BandAlignment { frequency_hz, delay_frames: rough + delay_frames, correlation })
        });
        let bands = bands.collect();
        Ok(Some(Self {
            delay_frames: rough + delay,
            inverted: sign < 0.0,
            correlation: sign * correlation,
            bands,
        }))
    }

    /// The track as it meets the reference: moved by its delay, by a windowed sinc of 32 taps between frames, and turned round
    /// where it was. As long as before. Allocates.
    pub fn apply(&self, track: &[f64]) -> Vec<f64> {
        let whole = libm::floor(-self.delay_frames);
        let sign = if self.inverted { -1.0 } else { 1.0 };
        let taps = sinc_taps(-self.delay_frames - whole).map(|tap| sign * tap);
        let at = |n: i64| usize::try_from(n).ok().and_then(|n| track.get(n)).copied().unwrap_or(0.0);
        let first = -(whole as i64) - SINC_CENTRE as i64;
        let one = |n: i64| taps.iter().zip(n + first..).map(|(tap, n)| tap * at(n)).sum();
        (0..track.len() as i64).map(one).collect()
    }
}
