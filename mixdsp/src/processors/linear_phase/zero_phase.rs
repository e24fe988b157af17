//! Filters of a magnitude without phase: how their taps are found, and how many it takes.
//!
//! ```text
//! bands --> |H(f)| on K/2 + 1 bins --> inverse transform --> the middle N + 1 samples x window --> taps
//! ```
//!
//! What is cut off is where the response has almost died away. It dies as fast as the slowest pole or zero of
//! the curve lets it, exp(-pi b t) for one that is b hertz wide, so N = 4 rate / b frames keep the error under
//! 0.1 dB: the window is flat over three quarters of the length and falls by a cosine to the ends. (A Kaiser
//! window over the whole length also weakens what has not died away, and takes three times as many frames for
//! the same error.) What a curve takes away has to be exact too: the bandwidth counts as narrower, by half for
//! a band that goes down by 60 dB. A high-pass of odd order and a band-pass have a corner at 0 Hz, which counts as
//! 25 Hz wide. A notch has a corner at its frequency and is as deep as the length lets it be: it counts as four
//! times as narrow, and so goes down by 30 dB.

use crate::base::layout::layout;
use crate::base::memory::plain;
use crate::base::simd::{SimdLevel, dispatch};
use crate::dsp::fft::{Transform, bins};
use crate::dsp::filter::band::{Band, BandKind, Slope};
use crate::dsp::filter::design::{Prototype, bilinear};
use crate::params::ramp::CHUNK;
use core::f64::consts::PI;
use num_complex::Complex;

/// Frames of response per cycle of the narrowest bandwidth.
const LENGTH: f64 = 4.0;
/// Share of the window that falls at each end.
const TAPER: f64 = 0.25;
/// What the corner of an odd high-pass counts as, in hertz.
const CORNER_HZ: f64 = 25.0;
/// A notch counts as so much narrower than it is.
const NOTCH: f64 = 0.25;
/// Steps in which a curve is sampled.
pub(super) const STEPS: usize = 8;

plain! {
    /// The power of a section: (low - high v)^2 + band^2 v over (1 - v)^2 + k^2 v, v the square of frequency
    /// over the natural one.
    pub(crate) struct Section {
        inverse_square: f64,
        low: f64,
        high: f64,
        band_square: f64,
        k_square: f64,
    }
}

impl Section {
    const FLAT: Self = Self { inverse_square: 0.0, low: 1.0, high: 1.0, band_square: 0.0, k_square: 0.0 };

    /// `None` for a section without effect.
    fn new(prototype: &Prototype) -> Option<Self> {
        let Analogue { natural_hz, k, high, band, low } = Analogue::new(prototype);
        if low == 1.0 && high == 1.0 && band.abs() == k {
            return None;
        }
        let inverse_square = 1.0 / (natural_hz * natural_hz);
        Some(Self { inverse_square, low, high, band_square: band * band, k_square: k * k })
    }

    #[inline(always)]
    fn power(&self, square: f64) -> f64 {
        let v = square * self.inverse_square;
        let (top, bottom) = (self.low - self.high * v, 1.0 - v);
        (top * top + self.band_square * v) / (bottom * bottom + self.k_square * v)
    }
}

impl PartialEq for Section {
    fn eq(&self, other: &Self) -> bool {
        let all = |s: &Self| [s.inverse_square, s.low, s.high, s.band_square, s.k_square];
        all(self) == all(other)
    }
}

/// A prototype as (high s^2 + band s + low) / (s^2 + k s + 1), s in units of its natural frequency.
struct Analogue {
    natural_hz: f64,
    k: f64,
    high: f64,
    band: f64,
    low: f64,
}

impl Analogue {
    fn new(prototype: &Prototype) -> Self {
        // At four times the frequency the bilinear transform's tangent is one, and so it only renames.
        let svf = bilinear(prototype, 4.0 * prototype.frequency_hz);
        Self {
            natural_hz: prototype.frequency_hz * svf.g,
            k: svf.k,
            high: svf.m0,
            band: svf.m1 + svf.k * svf.m0,
            low: svf.m2 + svf.m0,
        }
    }

    /// Width in hertz of the slowest pole or zero.
    fn bandwidth_hz(&self) -> f64 {
        // Twice the distance of the nearer root of s^2 + d s + 1 from the imaginary axis.
        let width = |d: f64| if d < 2.0 { d } else { 4.0 / (d + libm::sqrt(d * d - 4.0)) };
        let poles = self.natural_hz * width(self.k);
        let (inside, product) = (self.high != 0.0 && self.low != 0.0, (self.high * self.low).abs());
        if inside && self.band != 0.0 {
            let zeros_hz = self.natural_hz * libm::sqrt((self.low / self.high).abs());
            poles.min(zeros_hz * width(self.band.abs() / libm::sqrt(product)))
        } else if inside {
            poles * NOTCH
        } else if self.low == 0.0 && self.band != 0.0 {
            poles.min(CORNER_HZ)
        } else {
            poles
        }
    }
}

/// Width in hertz of the slowest pole or zero of a band; infinite for one without effect.
pub(super) fn bandwidth_hz(band: &Band) -> f64 {
    let has_gain =
        matches!(band.kind, BandKind::Bell | BandKind::LowShelf | BandKind::HighShelf | BandKind::Tilt);
    if has_gain && band.gain_db == 0.0 || band.kind == BandKind::AllPass {
        return f64::INFINITY;
    }
    let sections = (0..Slope::Db96.sections()).map_while(|section| band.prototype(section));
    let widths = sections.map(|prototype| Analogue::new(&prototype).bandwidth_hz());
    widths.fold(f64::INFINITY, f64::min) / (1.0 + depth(band))
}

/// How deep a band goes between 20 Hz and 20 kHz, 0 to 1 for 60 dB: what is weak must be as exact as the rest.
fn depth(band: &Band) -> f64 {
    let weakest = [20.0, 20_000.0].map(|frequency_hz| band.curve(frequency_hz).norm());
    (libm::log10(weakest[0].min(weakest[1]).max(1e-3)) / -3.0).max(0.0)
}

/// How long a filter is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length {
    /// Frames from the first tap to the middle one.
    pub(super) half: usize,
    /// Length of the transform that the taps come from.
    transform: usize,
    /// Most sections of a curve.
    sections: usize,
}

impl Length {
    /// For bandwidths down to this one.
    pub(super) const fn new(sample_rate: f64, bandwidth_hz: f64, sections: usize) -> Self {
        let half = (0.5 * LENGTH * sample_rate / bandwidth_hz) as usize + 1;
        Self { half, transform: (4 * half).next_power_of_two(), sections }
    }

    pub(super) const fn taps(&self) -> usize {
        2 * self.half + 1
    }
}

layout! {
    /// The words of a design.
    pub(crate) struct Memory<T>, read as MemoryRef (length: Length) {
        /// The curve, as many sections as it has, then flat ones.
        sections: [Section; length.sections],
        /// The curve's samples.
        magnitude: [f64; bins(length.transform)],
        /// Zeros: the imaginary part of a spectrum without phase.
        nothing: [f64; bins(length.transform)],
        /// Room for the transform.
        work: [Complex<f64>; length.transform / 2],
        /// What the transform makes of the samples.
        response: [f64; length.transform],
        /// Those of filter 0 and of filter 1.
        taps: [f64; 2 * length.taps()],
    }
}

/// Takes the curve to sample; tells whether it differs from the one before.
pub(super) fn take_curve(sections: &mut [Section], bands: impl Iterator<Item = Band>) -> bool {
    let prototypes =
        bands.flat_map(|band| (0..Slope::Db96.sections()).map_while(move |at| band.prototype(at)));
    let curve = prototypes.filter_map(|prototype| Section::new(&prototype));
    let curve = curve.chain(core::iter::repeat(Section::FLAT));
    let mut differs = false;
    for (section, new) in sections.iter_mut().zip(curve) {
        differs |= *section != new;
        *section = new;
    }
    differs
}

/// Samples step `step` of [`STEPS`] of the curve.
pub(super) fn sample<T: crate::Sample>(
    memory: &mut Memory<'_, T>,
    length: Length,
    sample_rate: f64,
    step: usize,
    simd: SimdLevel,
) {
    let bins = length.transform / 2 + 1;
    let width = sample_rate / length.transform as f64;
    let part = bins.div_ceil(STEPS);
    let range = (step * part).min(bins)..((step + 1) * part).min(bins);
    let used = memory.sections.iter().position(|section| *section == Section::FLAT);
    let sections = &memory.sections[..used.unwrap_or(memory.sections.len())];
    let magnitudes = memory.magnitude[range.clone()].chunks_mut(CHUNK);
    for (chunk, first) in magnitudes.zip(range.step_by(CHUNK)) {
        dispatch!(simd, s => { let _ = s; powers(sections, first, width, chunk) });
        chunk.iter_mut().for_each(|magnitude| *magnitude = libm::sqrt(*magnitude));
    }
}

/// The power of all sections at the bins from `first` on, bins `width` hertz apart.
#[inline(always)]
fn powers(sections: &[Section], first: usize, width: f64, powers: &mut [f64]) {
    powers.fill(1.0);
    for section in sections {
        for (bin, power) in powers.iter_mut().enumerate() {
            let frequency_hz = (first + bin) as i32 as f64 * width;
            *power *= section.power(frequency_hz * frequency_hz);
        }
    }
}

/// Makes the taps of filter 0 or 1 from the samples.
pub(super) fn finish<T: crate::Sample>(
    memory: &mut Memory<'_, T>,
    length: Length,
    transform: &mut Transform<f64>,
    filter: usize,
) {
    transform.inverse(memory.magnitude, memory.nothing, memory.work, memory.response);
    let Length { half, .. } = length;
    let scale = 2.0 / length.transform as f64;
    let taps = &mut memory.taps[filter * length.taps()..][..length.taps()];
    for distance in 0..=half {
        let beyond = distance as f64 / half as f64 - (1.0 - TAPER);
        let window = if beyond > 0.0 { 0.5 + 0.5 * libm::cos(PI * beyond / TAPER) } else { 1.0 };
        let tap = scale * window * memory.response[distance];
        taps[half - distance] = tap;
        taps[half + distance] = tap;
    }
}

/// Transforms of the length of a design. Allocates.
pub(super) fn transform(length: Length, simd: SimdLevel) -> Transform<f64> {
    Transform::new(length.transform, simd)
}

/// The magnitude, with its sign, of symmetric taps at a frequency in units of the sample rate.
pub(super) fn response(taps: &[f64], frequency: f64) -> f64 {
    let (half, turn) = (taps.len() / 2, 2.0 * PI * frequency);
    let sides = taps[half + 1..].iter().enumerate().map(|(n, tap)| tap * libm::cos(turn * (n + 1) as f64));
    taps[half] + 2.0 * sides.sum::<f64>()
}
