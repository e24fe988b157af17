//! What the report shows of a finished file, in one pass over it.

use core::ops::ControlFlow;
use std::path::Path;
use std::vec::Vec;
use std::{format, vec};

use num_complex::Complex;

use crate::base::simd::SimdLevel;
use crate::base::spec::Spec;
use crate::dsp::fft::{Transform, bins};
use crate::files::{AudioFile, AudioStream as _, SessionError};
use crate::processors::loudness_meter::{History, LoudnessConfig, LoudnessMeter, LoudnessReadings};
use crate::session::format::wrong;

/// Frames of a transform.
const WINDOW: usize = 8192;
/// Lowest and highest frequency of the spectrum in Hz.
const RANGE_HZ: (f64, f64) = (20.0, 20_000.0);
/// Points of the spectrum: twelfths of an octave.
const POINTS: usize = 120;

/// What was measured.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Measured {
    /// Rate in Hz.
    pub sample_rate: u32,
    /// Length in frames.
    pub frames: u64,
    /// Integrated loudness; `None` for silence.
    pub loudness_lufs: Option<f64>,
    /// Loudness range.
    pub range_lu: Option<f64>,
    /// True peak.
    pub true_peak_dbtp: Option<f64>,
    /// Largest sample.
    pub sample_peak_dbfs: Option<f64>,
    /// Peak to loudness ratio.
    pub plr_lu: Option<f64>,
    /// Largest short-term loudness.
    pub short_term_maximum_lufs: Option<f64>,
    /// Short-term loudness every 0.1 s; not a number where there is none yet.
    pub short_term: Vec<f32>,
    /// Correlation of left and right over every 0.1 s; not a number for silence.
    pub correlation: Vec<f32>,
    /// Largest sample of every 0.1 s.
    pub peaks: Vec<f32>,
    /// Frequency and level, in dB, of the average spectrum in bands of a sixth of an octave.
    pub spectrum: Vec<(f64, f64)>,
}

/// Power of the two channels in every bin, added up.
struct Spectrum {
    transform: Transform<f32>,
    window: Vec<f32>,
    held: [Vec<f32>; 2],
    work: Vec<Complex<f32>>,
    bins: [Vec<f32>; 2],
    power: Vec<f64>,
}

impl Spectrum {
    fn new() -> Self {
        let hann = |n: usize| 0.5 - 0.5 * (core::f32::consts::TAU * n as f32 / WINDOW as f32).cos();
        Self {
            transform: Transform::new(WINDOW, SimdLevel::BEST),
            window: (0..WINDOW).map(hann).collect(),
            held: [Vec::with_capacity(WINDOW), Vec::with_capacity(WINDOW)],
            work: vec![Complex::ZERO; WINDOW / 2],
            bins: [vec![0.0; bins(WINDOW)], vec![0.0; bins(WINDOW)]],
            power: vec![0.0; WINDOW / 2 + 1],
        }
    }

    fn add(&mut self, block: [&[f32]; 2]) {
        let mut done = 0;
        while done < block[0].len() {
            let count = (WINDOW - self.held[0].len()).min(block[0].len() - done);
            for (held, block) in self.held.iter_mut().zip(block) {
                held.extend_from_slice(&block[done..done + count]);
            }
            done += count;
            if self.held[0].len() == WINDOW {
                self.transform();
            }
        }
    }

    /// Takes what is held, a whole window.
    fn transform(&mut self) {
        let [re, im] = &mut self.bins;
        for held in &mut self.held {
            held.iter_mut().zip(&self.window).for_each(|(x, w)| *x *= w);
            self.transform.forward(held, &mut self.work, re, im);
            for (sum, (re, im)) in self.power.iter_mut().zip(re.iter().zip(im.iter())) {
                *sum += f64::from(re * re + im * im);
            }
            held.clear();
        }
    }

    /// Takes what is left of a file that is shorter than a window, with silence behind it.
    fn end(&mut self) {
        let is_short = self.power.iter().all(|power| *power == 0.0);
        if is_short && !self.held[0].is_empty() {
            self.held.iter_mut().for_each(|held| held.resize(WINDOW, 0.0));
            self.transform();
        }
    }

    /// Bands of a sixth of an octave, tilted by nothing: equal power per band is a flat line.
    fn bands(&self, sample_rate: f64) -> Vec<(f64, f64)> {
        let bin = sample_rate / WINDOW as f64;
        let total: f64 = self.power.iter().sum::<f64>().max(1e-30);
        let mut bands = Vec::new();
        for point in 0..=POINTS {
            let hz = RANGE_HZ.0 * (RANGE_HZ.1 / RANGE_HZ.0).powf(point as f64 / POINTS as f64);
            let (from, to) = (hz / 2f64.powf(1.0 / 12.0) / bin, hz * 2f64.powf(1.0 / 12.0) / bin);
            if to >= self.power.len() as f64 - 1.0 {
                break;
            }
            // Narrow bands hold part of a bin: the density between bins times the width.
            let power = if to - from < 2.0 {
                let at = hz / bin;
                let (low, share) = (at as usize, at.fract());
                (self.power[low] * (1.0 - share) + self.power[low + 1] * share) * (to - from)
            } else {
                self.power[from.round() as usize..=to.round() as usize].iter().sum()
            };
            bands.push((hz, 10.0 * (power / total).max(1e-12).log10()));
        }
        bands
    }
}

/// Measures a file of two channels. `progress` is told the share that is done; where it returns
/// [`ControlFlow::Break`], the work ends.
///
/// # Errors
/// What is wrong with the file, a file that does not have two channels, and [`SessionError::Interrupted`].
pub fn measure(
    path: &Path,
    progress: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<Measured, SessionError> {
    const BLOCK: usize = 4096;
    let mut file = AudioFile::open(path)?;
    let info = file.info();
    let rate = f64::from(info.sample_rate);
    if info.channels != 2 {
        return wrong(path.display(), format!("{} channels; what is reported has 2", info.channels));
    }
    let meter = LoudnessMeter::<f32>::new(Spec::new(rate, 2), LoudnessConfig::default(), ());
    let mut meter = meter.or_else(|error| wrong("meter", error))?;
    let mut spectrum = Spectrum::new();
    let mut found = Measured { sample_rate: info.sample_rate, ..Measured::default() };
    let mut planes = [vec![0.0_f32; BLOCK], vec![0.0_f32; BLOCK]];
    let (mut momentary, mut short_term) = ([0.0_f32; 64], [0.0_f32; 64]);
    // Sums of LL, RR and LR, and the largest sample, of the present tenth of a second.
    let mut sums = [0.0_f64; 3];
    let mut peak = 0.0_f32;
    let hop = (rate / 10.0).round() as u64;
    loop {
        let [left, right] = &mut planes;
        let count = file.read(&mut [&mut left[..], &mut right[..]])?;
        if count == 0 {
            break;
        }
        spectrum.add([&planes[0][..count], &planes[1][..count]]);
        for n in 0..count {
            let (l, r) = (f64::from(planes[0][n]), f64::from(planes[1][n]));
            sums[0] += l * l;
            sums[1] += r * r;
            sums[2] += l * r;
            peak = peak.max(planes[0][n].abs()).max(planes[1][n].abs());
            found.frames += 1;
            if found.frames.is_multiple_of(hop) {
                let power = (sums[0] * sums[1]).sqrt();
                found.correlation.push(if power > 1e-9 { (sums[2] / power) as f32 } else { f32::NAN });
                found.peaks.push(peak);
                (sums, peak) = ([0.0; 3], 0.0);
            }
        }
        let [left, right] = &mut planes;
        let mut history = History::new(&mut momentary, &mut short_term);
        let measured = meter.process_into(&mut [&mut left[..count], &mut right[..count]], &mut history);
        measured.or_else(|error| wrong("meter", error))?;
        found.short_term.extend_from_slice(history.short_term());
        let whole = info.frames.unwrap_or(found.frames).max(found.frames);
        if progress(found.frames as f64 / whole as f64).is_break() {
            return Err(SessionError::Interrupted);
        }
    }
    meter.finish();
    spectrum.end();
    let reading = |id| meter.get(id).filter(|value| value.is_finite());
    found.loudness_lufs = reading(LoudnessReadings::INTEGRATED);
    found.range_lu = reading(LoudnessReadings::RANGE);
    found.true_peak_dbtp = reading(LoudnessReadings::TRUE_PEAK_DB);
    found.sample_peak_dbfs = reading(LoudnessReadings::SAMPLE_PEAK_DB);
    found.plr_lu = reading(LoudnessReadings::PLR);
    found.short_term_maximum_lufs = reading(LoudnessReadings::SHORT_TERM_MAX);
    found.spectrum = spectrum.bands(rate);
    Ok(found)
}
