//! What a band's parameters ask for: the designs of its filter, and its detector with the curve behind it.

use super::params::{DynamicBand, DynamicKey, DynamicKind};
use crate::dsp::envelope::ballistics::Ballistics;
use crate::dsp::filter::design::{Prototype, Shape, Svf, bilinear, matched};
use crate::dsp::filter::gain_morph::{GainMorph, constant, gain_morph};
use crate::params::smoothed::smoothed;
use core::f64::consts::FRAC_1_SQRT_2;

/// The change that a share of 1 is: the largest range.
pub(super) const REACH_DB: f64 = 24.0;

smoothed! {
    /// A band's detector and its curve, on the move.
    pub(crate) design struct BandDetector {
        /// The five numbers of its filter.
        g, k, m0, m1, m2,
        /// Tangent of half its frequency, for the all-passes.
        tangent,
        /// The share of the sidechain: 0 listens to the input, 1 to the sidechain.
        sidechain,
        /// Level above which the gain changes.
        threshold_db,
        /// How much of a decibel above it the gain changes.
        slope,
        /// Largest change, signed.
        range_db,
    }
}

impl DynamicBand {
    /// Factors of attack and release.
    pub(super) fn times(&self, sample_rate: f64) -> [f64; 2] {
        Ballistics::new(self.attack_ms, self.release_ms, sample_rate).factors()
    }

    /// The designs at every share of [`REACH_DB`], downwards and upwards. Where the range does not go a band stays
    /// as it is; one that is off stays where it is in frequency and passes everything.
    pub(super) fn section(&self, sample_rate: f64) -> [GainMorph; 2] {
        let on = Self { enabled: true, ..*self };
        let design = |change_db: f64| {
            let prototype = on.prototype(change_db);
            prototype.map_or(Svf::IDENTITY, |prototype| matched(&prototype, sample_rate))
        };
        if !self.enabled {
            return [constant(design(0.0).bypassed().into()); 2];
        }
        [-REACH_DB, REACH_DB].map(|reach| {
            let goes_there = self.range_db * reach > 0.0;
            if goes_there {
                gain_morph(|share| design(share * reach).into())
            } else {
                constant(design(0.0).into())
            }
        })
    }

    /// What the band listens with: a band-pass around a bell, the side of a shelf.
    pub(super) fn detector(&self, sample_rate: f64) -> BandDetector {
        let (shape, q) = match self.kind {
            DynamicKind::Bell => (Shape::BandPass, self.q),
            DynamicKind::LowShelf => (Shape::LowPass, FRAC_1_SQRT_2),
            DynamicKind::HighShelf => (Shape::HighPass, FRAC_1_SQRT_2),
        };
        let frequency_hz = self.frequency_hz;
        let prototype = |shape, q| Prototype { shape, frequency_hz, q, gain_db: 0.0 };
        let svf = matched(&prototype(shape, q), sample_rate);
        // The fit is a little off at high frequencies; a bell shall hear its centre as it is.
        let centre = svf.response(frequency_hz, sample_rate).norm();
        let scale = if shape == Shape::BandPass && centre > 0.5 { 1.0 / centre } else { 1.0 };
        let Svf { g, k, m0, m1, m2 } = svf;
        BandDetector {
            g,
            k,
            m0: m0 * scale,
            m1: m1 * scale,
            m2: m2 * scale,
            tangent: bilinear(&prototype(Shape::AllPass1, 1.0), sample_rate).g,
            sidechain: if self.key == DynamicKey::External { 1.0 } else { 0.0 },
            threshold_db: self.threshold_db,
            slope: 1.0 - 1.0 / self.ratio,
            range_db: self.range_db,
        }
    }
}
