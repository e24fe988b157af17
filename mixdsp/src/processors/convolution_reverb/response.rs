//! Floor 5: an impulse response as the reverb takes it.
//!
//! ```text
//! channels --> cut off before and behind --> shorter decay --> one or two filters, or four --> level --> spectra
//! ```

use super::params::ConvolutionReverbConfig;
use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::base::simd::SimdLevel;
use crate::base::spec::Spec;
use crate::dsp::acoustics::Acoustics;
use crate::dsp::fft::{Path, Responses, Transform, bins};
use crate::params::Settings;
use alloc::vec::Vec;
use num_complex::Complex;

/// Amplitudes, of the largest sample, at which the response begins and ends: -60 and -100 dB.
const BEGINS: f64 = 1e-3;
const ENDS: f64 = 1e-5;

/// An impulse response as a [`ConvolutionReverb`](crate::ConvolutionReverb) takes it.
#[derive(Debug)]
pub struct ImpulseResponse<T: Sample> {
    pub(super) responses: Responses<T>,
}

impl<T: Sample> ImpulseResponse<T> {
    pub(super) fn new(
        spec: &Spec,
        config: &ConvolutionReverbConfig,
        settings: &dyn Settings,
    ) -> Result<Self, Error> {
        let channels = (0..4).map_while(|channel| settings.asset(0, channel)).collect::<Vec<_>>();
        if channels.len() == 3 {
            return Err(Error::Channels { what: "response", value: 3, minimum: 1, maximum: 4 });
        }
        let channels = if config.trim { trimmed(&channels) } else { channels };
        let mut filters: Vec<Vec<f64>> = channels.iter().map(|channel| channel.to_vec()).collect();
        if config.decay < 1.0 {
            shorten(&mut filters, config.decay, spec.sample_rate);
            if config.trim {
                let slices: Vec<&[f64]> = filters.iter().map(Vec::as_slice).collect();
                let frames = trimmed(&slices)[0].len();
                filters.iter_mut().for_each(|filter| filter.truncate(frames));
            }
        }
        if spec.inputs.max(spec.outputs) == 1 {
            filters = alloc::vec![folded(&filters)];
        }
        let path = |input, output, filter| Path { input, output, filter };
        let paths: &[Path] = match (spec.inputs.max(spec.outputs), filters.len()) {
            (1, _) => &[path(0, 0, 0)],
            (_, 1) => &[path(0, 0, 0), path(1, 1, 0)],
            (_, 2) => &[path(0, 0, 0), path(1, 1, 1)],
            _ => &[path(0, 0, 0), path(0, 1, 1), path(1, 0, 2), path(1, 1, 3)],
        };
        if config.normalise {
            normalise(&mut filters, paths);
        }
        Ok(Self { responses: Responses::new(&filters, paths, spec.simd) })
    }

    /// Frames of the response, after it was cut and shortened.
    pub fn frames(&self) -> usize {
        self.responses.frames
    }
}

/// What one channel hears of a response that has several: both outputs' mean of the same audio at both inputs.
fn folded(filters: &[Vec<f64>]) -> Vec<f64> {
    let share = if filters.len() == 1 { 1.0 } else { 0.5 };
    (0..filters[0].len()).map(|n| share * filters.iter().map(|filter| filter[n]).sum::<f64>()).collect()
}

/// The channels without what is next to nothing before and behind; all of them where there is nothing else.
fn trimmed<'a>(channels: &[&'a [f64]]) -> Vec<&'a [f64]> {
    let largest =
        channels.iter().flat_map(|channel| channel.iter()).fold(0.0f64, |most, x| most.max(x.abs()));
    let over = |share: f64| move |sample: &f64| sample.abs() >= share * largest && largest > 0.0;
    let first =
        channels.iter().filter_map(|channel| channel.iter().position(over(BEGINS))).min().unwrap_or(0);
    let last = channels.iter().filter_map(|channel| channel.iter().rposition(over(ENDS))).max();
    let end = last.map_or(channels[0].len(), |last| last + 1);
    channels.iter().map(|channel| &channel[first..end]).collect()
}

/// Multiplies by the exponential that makes the decay time, as measured over the first 30 dB, so much shorter. Where none
/// can be measured the length stands for it.
fn shorten(filters: &mut [Vec<f64>], factor: f64, sample_rate: f64) {
    let slices: Vec<&[f64]> = filters.iter().map(Vec::as_slice).collect();
    let found = Acoustics::of(&slices, sample_rate);
    let seconds = found.t30_seconds.unwrap_or(filters[0].len() as f64 / sample_rate);
    let decibels_per_frame = -60.0 / (seconds * sample_rate) * (1.0 / factor - 1.0);
    for filter in filters {
        for (n, tap) in filter.iter_mut().enumerate() {
            *tap *= crate::base::units::decibels_to_gain(decibels_per_frame * n as f64);
        }
    }
}

/// Scales so that no frequency comes out louder than it goes in, from whichever inputs it comes.
fn normalise(filters: &mut [Vec<f64>], paths: &[Path]) {
    let frames = filters[0].len();
    // Between the bins of a transform of this length a response hardly rises.
    let length = (if frames < 1 << 16 { 8 } else { 4 } * frames).next_power_of_two().max(16);
    let mut transform = Transform::<f64>::new(length, SimdLevel::BEST.resolve());
    let mut work = alloc::vec![Complex::ZERO; length / 2];
    let mut sums = [const { Vec::new() }; 2];
    for path in paths {
        let mut padded = filters[path.filter].clone();
        padded.resize(length, 0.0);
        let (mut re, mut im) = (alloc::vec![0.0; bins(length)], alloc::vec![0.0; bins(length)]);
        transform.forward(&padded, &mut work, &mut re, &mut im);
        let sum: &mut Vec<f64> = &mut sums[path.output];
        sum.resize(re.len(), 0.0);
        for (sum, (re, im)) in sum.iter_mut().zip(re.iter().zip(&im)) {
            *sum += libm::hypot(*re, *im);
        }
    }
    let largest = sums.iter().flatten().fold(0.0f64, |most, gain| most.max(*gain));
    if largest > 0.0 {
        filters.iter_mut().flatten().for_each(|tap| *tap /= largest);
    }
}
