//! One band of an equalizer: what it does, and the analogue filter that it follows.

use crate::filter::design::{Prototype, Shape};
use crate::param::{choices, params};

choices! {
    /// What a band does.
    pub enum BandKind {
        /// Raises or lowers around a frequency.
        Bell = "bell",
        /// Raises or lowers below a frequency.
        LowShelf = "low_shelf",
        /// Raises or lowers above a frequency.
        HighShelf = "high_shelf",
        /// Takes away below a frequency, 12 dB per octave.
        HighPass = "high_pass",
        /// Takes away above a frequency, 12 dB per octave.
        LowPass = "low_pass",
    }
}

params! {
    /// One band of an [`Equalizer`](super::Equalizer).
    pub struct Band {
        /// Whether the band works.
        ENABLED = 1, enabled ("Enabled"): switch() = true;
        /// What the band does.
        KIND = 2, kind ("Kind"): choice(BandKind) = BandKind::Bell;
        /// Centre of a bell, middle of a shelf's slope, corner of a pass.
        FREQUENCY_HZ = 3, frequency_hz ("Frequency"): frequency(10.0..=20000.0) = 1000.0;
        /// Gain of a bell or a shelf; passes have none.
        GAIN_DB = 4, gain_db ("Gain"): linear(-24.0..=24.0, "dB") = 0.0;
        /// Narrowness of a bell, steepness of a shelf, resonance of a pass.
        Q = 5, q ("Q"): log(0.1..=40.0, "") = core::f64::consts::FRAC_1_SQRT_2;
    }
}

impl Band {
    /// A bell: `gain_db` at `frequency_hz`, half of it (in decibels) at the edges of a band `frequency_hz / q` wide.
    pub fn bell(frequency_hz: f64, gain_db: f64, q: f64) -> Self {
        Self { kind: BandKind::Bell, frequency_hz, gain_db, q, ..Self::default() }
    }
    /// A low shelf: `gain_db` far below `frequency_hz`, half of it (in decibels) there.
    pub fn low_shelf(frequency_hz: f64, gain_db: f64, q: f64) -> Self {
        Self { kind: BandKind::LowShelf, frequency_hz, gain_db, q, ..Self::default() }
    }
    /// A high shelf: `gain_db` far above `frequency_hz`, half of it (in decibels) there.
    pub fn high_shelf(frequency_hz: f64, gain_db: f64, q: f64) -> Self {
        Self { kind: BandKind::HighShelf, frequency_hz, gain_db, q, ..Self::default() }
    }
    /// A high-pass, 12 dB per octave; `q` is the gain at `frequency_hz`, 0.7071 is flattest.
    pub fn high_pass(frequency_hz: f64, q: f64) -> Self {
        Self { kind: BandKind::HighPass, frequency_hz, q, ..Self::default() }
    }
    /// A low-pass, 12 dB per octave; `q` is the gain at `frequency_hz`, 0.7071 is flattest.
    pub fn low_pass(frequency_hz: f64, q: f64) -> Self {
        Self { kind: BandKind::LowPass, frequency_hz, q, ..Self::default() }
    }

    /// The analogue filter that the band follows; `None` while it is off.
    pub fn prototype(&self) -> Option<Prototype> {
        let shape = match self.kind {
            BandKind::Bell => Shape::Bell,
            BandKind::LowShelf => Shape::LowShelf,
            BandKind::HighShelf => Shape::HighShelf,
            BandKind::HighPass => Shape::HighPass,
            BandKind::LowPass => Shape::LowPass,
        };
        let Self { frequency_hz, q, gain_db, .. } = *self;
        self.enabled.then_some(Prototype { shape, frequency_hz, q, gain_db })
    }
}
