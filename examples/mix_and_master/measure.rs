//! What the report shows of a finished file, in one pass over it.

use crate::Failure;
use mixdsp::files::{AudioFile, AudioStream as _};
use mixdsp::{History, LoudnessConfig, LoudnessMeter, LoudnessReadings, Spec};
use realfft::RealFftPlanner;
use std::path::Path;

/// Frames of a transform.
const WINDOW: usize = 8192;
/// Lowest and highest frequency of the spectrum in Hz.
const RANGE_HZ: (f64, f64) = (20.0, 20_000.0);
/// Points of the spectrum: twelfths of an octave.
const POINTS: usize = 120;

/// What was measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    pub(crate) sample_rate: u32,
    pub(crate) frames: u64,
    pub(crate) loudness_lufs: Option<f64>,
    pub(crate) range_lu: Option<f64>,
    pub(crate) true_peak_dbtp: Option<f64>,
    pub(crate) sample_peak_dbfs: Option<f64>,
    pub(crate) plr_lu: Option<f64>,
    pub(crate) short_term_maximum_lufs: Option<f64>,
    /// Short-term loudness every 0.1 s; not a number where there is none yet.
    pub(crate) short_term: Vec<f32>,
    /// Correlation of left and right over every 0.1 s; not a number for silence.
    pub(crate) correlation: Vec<f32>,
    /// Largest sample of every 0.1 s.
    pub(crate) peaks: Vec<f32>,
    /// Frequency and level, in dB, of the average spectrum in bands of a sixth of an octave.
    pub(crate) spectrum: Vec<(f64, f64)>,
}

/// Power of the two channels in every bin, added up.
struct Spectrum {
    fft: std::sync::Arc<dyn realfft::RealToComplex<f32>>,
    window: Vec<f32>,
    held: [Vec<f32>; 2],
    power: Vec<f64>,
}

impl Spectrum {
    fn new() -> Self {
        let hann = |n: usize| 0.5 - 0.5 * (std::f32::consts::TAU * n as f32 / WINDOW as f32).cos();
        Self {
            fft: RealFftPlanner::new().plan_fft_forward(WINDOW),
            window: (0..WINDOW).map(hann).collect(),
            held: [Vec::with_capacity(WINDOW), Vec::with_capacity(WINDOW)],
            power: vec![0.0; WINDOW / 2 + 1],
        }
    }

    fn add(&mut self, block: [&[f32]; 2]) -> Result<(), Failure> {
        let mut done = 0;
        while done < block[0].len() {
            let count = (WINDOW - self.held[0].len()).min(block[0].len() - done);
            for (held, block) in self.held.iter_mut().zip(block) {
                held.extend_from_slice(&block[done..done + count]);
            }
            done += count;
            if self.held[0].len() == WINDOW {
                for held in &mut self.held {
                    held.iter_mut().zip(&self.window).for_each(|(x, w)| *x *= w);
                    let mut out = self.fft.make_output_vec();
                    self.fft.process(held, &mut out)?;
                    self.power.iter_mut().zip(&out).for_each(|(sum, x)| *sum += f64::from(x.norm_sqr()));
                    held.clear();
                }
            }
        }
        Ok(())
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

/// Measures a file of two channels.
pub(crate) fn measure(path: &Path, progress: impl Fn(f64)) -> Result<Measured, Failure> {
    const BLOCK: usize = 4096;
    let mut file = AudioFile::open(path)?;
    let info = file.info();
    let rate = f64::from(info.sample_rate);
    let mut meter = LoudnessMeter::<f32>::new(Spec::new(rate, 2), LoudnessConfig::default(), ())?;
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
        spectrum.add([&planes[0][..count], &planes[1][..count]])?;
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
        meter.process_into(&mut [&mut left[..count], &mut right[..count]], &mut history)?;
        found.short_term.extend_from_slice(history.short_term());
        if let Some(frames) = info.frames {
            progress(found.frames as f64 / frames as f64);
        }
    }
    meter.finish();
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
