//! One band of a dynamic equalizer: its curve, what it listens to, and how far it gives way.

use crate::dsp::envelope::ballistics::Ballistics;
use crate::dsp::filter::design::{Prototype, Shape, Svf, bilinear, matched};
use crate::dsp::filter::gain_morph::{GainMorph as Flexible, gain_morph as flexible, constant as rigid};
use crate::params::{choices, params};
use core::f64::consts::FRAC_1_SQRT_2;

choices! {
    /// What a band of a dynamic equalizer does.
    pub enum DynamicKind {
        /// Raises or lowers around a frequency.
        Bell = "bell",
        /// Raises or lowers below a frequency.
        LowShelf = "low_shelf",
        /// Raises or lowers above a frequency.
        HighShelf = "high_shelf",
    }
}

choices! {
    /// What a band listens to; external needs a unit with key channels.
    pub enum DynamicKey {
        /// The unit's input.
        Own = "own",
        /// The key channels; the input where a call brings none.
        External = "external",
    }
}

params! {
    /// One band of a [`DynamicEqualizer`](crate::DynamicEqualizer).
    pub struct DynamicBand {
        /// Whether the band works.
        ENABLED = 1, enabled ("Enabled"): switch() = true;
        /// What the band does.
        KIND = 2, kind ("Kind"): choice(DynamicKind) = DynamicKind::Bell;
        /// Centre of a bell, middle of a shelf's slope.
        FREQUENCY_HZ = 3, frequency_hz ("Frequency"): frequency(10.0..=20000.0) = 1000.0;
        /// Gain at levels below the threshold.
        GAIN_DB = 4, gain_db ("Gain"): linear(-24.0..=24.0, "dB") = 0.0;
        /// Narrowness of a bell and of what it listens to, steepness of a shelf.
        Q = 5, q ("Q"): log(0.1..=40.0, "") = FRAC_1_SQRT_2;
        /// Level in the band, as a sine's peak, above which the gain changes.
        THRESHOLD_DB = 6, threshold_db ("Threshold"): linear(-80.0..=0.0, "dB") = -24.0;
        /// How many decibels above the threshold leave one, before the range ends it.
        RATIO = 7, ratio ("Ratio"): log(1.0..=1000.0, "") = 4.0;
        /// Largest change of the gain: negative turns down what is loud, positive up, and 0 nothing.
        RANGE_DB = 8, range_db ("Range"): linear(-24.0..=24.0, "dB") = 0.0;
        /// Time constant of the change; 0 is instant.
        ATTACK_MS = 9, attack_ms ("Attack"): linear(0.0..=250.0, "ms") = 10.0;
        /// Time constant of coming back.
        RELEASE_MS = 10, release_ms ("Release"): log(1.0..=5000.0, "ms") = 100.0;
        /// What the band listens to.
        KEY = 11, key ("Key"): choice(DynamicKey) = DynamicKey::Own;
    }
}

/// What a band's ear is made of, and what moves by the ramp: the five numbers of its filter, the tangent of its
/// frequency, the share of the key, threshold in decibels, slope of the curve, range in decibels.
pub(super) const EAR: usize = 10;

/// The change that a share of 1 is: the largest range.
pub(super) const REACH_DB: f64 = 24.0;

impl DynamicBand {
    fn shape(&self) -> Shape {
        match self.kind {
            DynamicKind::Bell => Shape::Bell,
            DynamicKind::LowShelf => Shape::LowShelf,
            DynamicKind::HighShelf => Shape::HighShelf,
        }
    }

    /// The analogue filter that the band follows while its gain is changed by `change_db`; `None` when it is off.
    pub fn prototype(&self, change_db: f64) -> Option<Prototype> {
        let Self { frequency_hz, q, gain_db, .. } = *self;
        let prototype = Prototype { shape: self.shape(), frequency_hz, q, gain_db: gain_db + change_db };
        self.enabled.then_some(prototype)
    }

    /// Change of the gain in decibels that a level in the band, in decibels, leads to.
    pub fn change_db(&self, level_db: f64) -> f64 {
        let over = (level_db - self.threshold_db).max(0.0);
        let change = (over * (1.0 - 1.0 / self.ratio)).min(self.range_db.abs());
        if self.range_db < 0.0 { -change } else { change }
    }

    /// Factors of attack and release.
    pub(super) fn times(&self, sample_rate: f64) -> [f64; 2] {
        Ballistics::new(self.attack_ms, self.release_ms, sample_rate).factors()
    }

    /// The designs at every share of [`REACH_DB`], downwards and upwards. Where the range does not go a band stays
    /// as it is; one that is off stays where it is in frequency and passes everything.
    pub(super) fn section(&self, sample_rate: f64) -> [Flexible; 2] {
        let on = Self { enabled: true, ..*self };
        let design = |change_db: f64| -> [f64; 5] {
            let prototype = on.prototype(change_db);
            prototype.map_or(Svf::IDENTITY, |prototype| matched(&prototype, sample_rate)).into()
        };
        if !self.enabled {
            return [rigid(Svf { m0: 1.0, m1: 0.0, m2: 0.0, ..Svf::from(design(0.0)) }.into()); 2];
        }
        [-REACH_DB, REACH_DB].map(|reach| {
            let goes_there = self.range_db * reach > 0.0;
            if goes_there { flexible(|share| design(share * reach)) } else { rigid(design(0.0)) }
        })
    }

    /// What the band hears by: a band-pass around a bell, the side of a shelf.
    pub(super) fn ear(&self, sample_rate: f64) -> [f64; EAR] {
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
        let tangent = bilinear(&prototype(Shape::AllPass1, 1.0), sample_rate).g;
        let key = f64::from(u8::from(self.key == DynamicKey::External));
        let curve = [self.threshold_db, 1.0 - 1.0 / self.ratio, self.range_db];
        [g, k, m0 * scale, m1 * scale, m2 * scale, tangent, key, curve[0], curve[1], curve[2]]
    }
}
