//! What can be set and read in a dynamic equalizer.

use crate::dsp::filter::design::{Prototype, Shape};
use crate::params::{Id, Settings, choices, params, readings};
use core::f64::consts::FRAC_1_SQRT_2;

params! {
    /// What is fixed when a [`DynamicEqualizer`](crate::DynamicEqualizer) is built.
    pub struct DynamicEqualizerConfig {
        /// How many bands there are.
        BANDS = 1001, bands ("Bands"): whole(1..=32, "") = 4;
    }
}

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

readings! {
    /// What a [`DynamicEqualizer`](crate::DynamicEqualizer) reports.
    pub struct DynamicEqualizerReadings {
        /// Change of a band's gain at the last frame; the id's item is the band.
        CHANGE_DB = 2001, change_db ("Change"): "dB";
    }
}

/// Settings of a [`DynamicEqualizer`](crate::DynamicEqualizer): its bands from the first on. Bands not given have no gain and no range.
#[derive(Clone, Copy, Debug, Default)]
pub struct DynamicEqualizerParams<'a> {
    /// The bands.
    pub bands: &'a [DynamicBand],
}

impl Settings for DynamicEqualizerParams<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        self.bands.each(visit);
    }
}

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
}
