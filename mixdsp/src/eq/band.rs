//! One band of an equalizer: what it does, and the analogue filter that it follows.

use crate::filter::design::{Prototype, Shape, butterworth_q};
use crate::param::{choices, params};
use num_complex::Complex;

choices! {
    /// What a band does.
    pub enum BandKind {
        /// Raises or lowers around a frequency.
        Bell = "bell",
        /// Raises or lowers below a frequency.
        LowShelf = "low_shelf",
        /// Raises or lowers above a frequency.
        HighShelf = "high_shelf",
        /// Takes away below a frequency.
        HighPass = "high_pass",
        /// Takes away above a frequency.
        LowPass = "low_pass",
    }
}

choices! {
    /// How fast a pass falls, in decibels per octave.
    pub enum Slope {
        /// 6 dB per octave, first order.
        Db6 = "6",
        /// 12 dB per octave; `q` sets the resonance.
        Db12 = "12",
        /// 18 dB per octave, Butterworth like all that follow.
        Db18 = "18",
        /// 24 dB per octave.
        Db24 = "24",
        /// 36 dB per octave.
        Db36 = "36",
        /// 48 dB per octave.
        Db48 = "48",
        /// 72 dB per octave.
        Db72 = "72",
        /// 96 dB per octave.
        Db96 = "96",
    }
}

impl Slope {
    /// The order of the filter: 6 dB per octave each.
    pub const fn order(self) -> usize {
        match self {
            Slope::Db6 => 1,
            Slope::Db12 => 2,
            Slope::Db18 => 3,
            Slope::Db24 => 4,
            Slope::Db36 => 6,
            Slope::Db48 => 8,
            Slope::Db72 => 12,
            Slope::Db96 => 16,
        }
    }
    /// Second-order sections that it takes.
    pub const fn sections(self) -> usize {
        self.order().div_ceil(2)
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
        /// Narrowness of a bell, steepness of a shelf, resonance of a pass of 12 dB per octave.
        Q = 5, q ("Q"): log(0.1..=40.0, "") = core::f64::consts::FRAC_1_SQRT_2;
        /// How fast a pass falls; bells and shelves have none.
        SLOPE_DB_PER_OCTAVE = 6, slope_db_per_octave ("Slope"): choice(Slope) = Slope::Db12;
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
    /// A high-pass of 12 dB per octave; `q` is the gain at `frequency_hz`, 0.7071 is flattest.
    pub fn high_pass(frequency_hz: f64, q: f64) -> Self {
        Self { kind: BandKind::HighPass, frequency_hz, q, ..Self::default() }
    }
    /// A low-pass of 12 dB per octave; `q` is the gain at `frequency_hz`, 0.7071 is flattest.
    pub fn low_pass(frequency_hz: f64, q: f64) -> Self {
        Self { kind: BandKind::LowPass, frequency_hz, q, ..Self::default() }
    }
    /// The same band with another slope, for passes: Butterworth, -3 dB at the frequency.
    pub fn with_slope(self, slope_db_per_octave: Slope) -> Self {
        Self { slope_db_per_octave, ..self }
    }

    /// The analogue filter that section `section` of the band follows; `None` for sections that it does not
    /// need, and while it is off. The band's curve is the product of its sections.
    pub fn prototype(&self, section: usize) -> Option<Prototype> {
        let Self { kind, frequency_hz, gain_db, slope_db_per_octave: slope, .. } = *self;
        let (first_order, second_order) = match kind {
            BandKind::Bell => (Shape::Bell, Shape::Bell),
            BandKind::LowShelf => (Shape::LowShelf, Shape::LowShelf),
            BandKind::HighShelf => (Shape::HighShelf, Shape::HighShelf),
            BandKind::HighPass => (Shape::HighPass1, Shape::HighPass),
            BandKind::LowPass => (Shape::LowPass1, Shape::LowPass),
        };
        let is_pass = matches!(kind, BandKind::HighPass | BandKind::LowPass);
        let order = if is_pass { slope.order() } else { 2 };
        if !self.enabled || section >= order.div_ceil(2) {
            return None;
        }
        // An odd order begins with its section of first order; the others follow, lowest Q first.
        let odd = order % 2;
        let shape = if section < odd { first_order } else { second_order };
        let q = if order > 2 { butterworth_q(order, section.saturating_sub(odd)) } else { self.q };
        Some(Prototype { shape, frequency_hz, q, gain_db })
    }

    /// The analogue curve of the whole band.
    pub fn curve(&self, frequency_hz: f64) -> Complex<f64> {
        let sections = (0..Slope::Db96.sections()).map_while(|section| self.prototype(section));
        sections.map(|prototype| prototype.response(frequency_hz)).product()
    }
}
