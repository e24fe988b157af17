//! Filters of a magnitude without phase: the curve that they follow, and how many taps it takes. How the taps are found
//! stands in `dsp::fft::linear_taps`.
//!
//! ```text
//! bands --> |H(f)| on K/2 + 1 bins --> taps
//! ```
//!
//! What is cut off is where the response has almost died away. It dies as fast as the slowest pole or zero of
//! the curve lets it, exp(-pi b t) for one that is b hertz wide, so N = 4 rate / b frames keep the error under
//! 0.1 dB. What a curve takes away has to be exact too: the bandwidth counts as narrower, by half for
//! a band that goes down by 60 dB. A high-pass of odd order and a band-pass have a corner at 0 Hz, which counts as
//! 25 Hz wide. A notch has a corner at its frequency and is as deep as the length lets it be: it counts as four
//! times as narrow, and so goes down by 30 dB.

use crate::base::layout::layout;
use crate::base::memory::plain;
use crate::base::simd::{SimdLevel, dispatch};
use crate::dsp::fft::Transform;
use crate::dsp::fft::linear_taps::{self, Design, DesignRef, Length};
use crate::dsp::filter::band::{Band, BandKind, Slope};
use crate::dsp::filter::design::{Prototype, bilinear};
use crate::params::ramp::CHUNK;

/// Frames of response per cycle of the narrowest bandwidth.
const LENGTH: f64 = 4.0;
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

/// How long a filter is, and how many sections its curve has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(super) length: Length,
    /// Most sections of a curve.
    sections: usize,
}

impl Size {
    /// For bandwidths down to this one.
    pub(super) const fn new(sample_rate: f64, bandwidth_hz: f64, sections: usize) -> Self {
        let half = (0.5 * LENGTH * sample_rate / bandwidth_hz) as usize;
        Self { length: Length::new(half), sections }
    }
}

layout! {
    /// The words of a design.
    pub(crate) struct Memory<T>, read as MemoryRef (size: Size) {
        /// The curve, as many sections as it has, then flat ones.
        sections: [Section; size.sections],
        /// Those of filter 0 and of filter 1.
        taps: [f64; 2 * size.length.taps()],
    } with {
        design: Design / DesignRef by size.length,
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
    let bins = length.samples();
    let width = sample_rate / length.transform as f64;
    let part = bins.div_ceil(STEPS);
    let range = (step * part).min(bins)..((step + 1) * part).min(bins);
    let used = memory.sections.iter().position(|section| *section == Section::FLAT);
    let sections = &memory.sections[..used.unwrap_or(memory.sections.len())];
    let magnitudes = memory.design.magnitude[range.clone()].chunks_mut(CHUNK);
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
    let taps = &mut memory.taps[filter * length.taps()..][..length.taps()];
    linear_taps::finish(&mut memory.design, length, transform, taps);
}
