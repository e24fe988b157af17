//! Floor 4: one band of an equalizer: what it does, and the analogue filter that it follows.
//!
//! With s in units of `frequency_hz`, G = 10^(gain_db/20) and A = √G, the prototypes are (all but the tilt from
//! R. Bristow-Johnson, "Audio EQ Cookbook"):
//!
//! ```text
//! bell         (s² + s A/Q + 1) / (s² + s/(A Q) + 1)             G at the frequency, 1 far away
//! low shelf    A (s² + s √A/Q + A) / (A s² + s √A/Q + 1)         G at 0 Hz, A at the frequency, 1 far above
//! high shelf   A (A s² + s √A/Q + 1) / (s² + s √A/Q + A)         1 at 0 Hz, A at the frequency, G far above
//! tilt         (A s² + s √A/Q + 1) / (s² + s √A/Q + A)           1/A at 0 Hz, 1 at the frequency, A far above
//! band-pass    (s/Q) / (s² + s/Q + 1)                            1 at the frequency
//! notch        (s² + 1) / (s² + s/Q + 1)                         0 at the frequency
//! all-pass     (s² - s/Q + 1) / (s² + s/Q + 1)                   phase -180° at the frequency, -360° far above
//!    6 dB      (1 - s) / (1 + s)                                 phase -90° at the frequency, -180° far above
//! low-pass     6 dB  1 / (s + 1)     12 dB  1 / (s² + s/Q + 1)   steeper: Butterworth, -3 dB at the frequency
//! high-pass    6 dB  s / (s + 1)     12 dB  s² / (s² + s/Q + 1)  steeper: Butterworth, -3 dB at the frequency
//! ```
//!
//! A tilt of `gain_db` turns the spectrum around the frequency: half of it up above, half of it down below; a
//! small Q spreads the turn over more octaves. A shelf by slope S has 1/Q² = (A + 1/A)(1/S - 1) + 2: S = 1 is the
//! steepest that does not overshoot (Q = 0.707), and at one S the decibels per octave grow with the gain. A
//! proportional bell has Q · 2^(|gain_db|/12 - 1): half of `q` near 0 dB, `q` at 12 dB, twice `q` at 24 dB.

use crate::dsp::filter::design::{Pass, Prototype, Shape, butterworth};
use crate::dsp::filter::placement::Placement;
use crate::params::{choices, params};
use core::f64::consts::{FRAC_1_SQRT_2, LN_10};
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
        /// Keeps what is around a frequency.
        BandPass = "band_pass",
        /// Takes away a frequency.
        Notch = "notch",
        /// Turns the phase around a frequency.
        AllPass = "all_pass",
        /// Turns the spectrum around a frequency: up above and down below, or the other way.
        Tilt = "tilt",
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

choices! {
    /// What says how steep a shelf is.
    pub enum ShelfBy {
        /// `q`.
        Q = "q",
        /// `shelf_slope`.
        Slope = "slope",
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
    /// One band of an [`Equalizer`](crate::processors::equalizer::Equalizer).
    pub struct Band {
        /// Whether the band works.
        ENABLED = 1, enabled ("Enabled"): switch() = true;
        /// What the band does.
        KIND = 2, kind ("Kind"): choice(BandKind) = BandKind::Bell;
        /// Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass.
        FREQUENCY_HZ = 3, frequency_hz ("Frequency"): frequency(10.0..=20000.0) = 1000.0;
        /// Gain of a bell, shelf or tilt; the others have none.
        GAIN_DB = 4, gain_db ("Gain"): linear(-24.0..=24.0, "dB") = 0.0;
        /// Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass.
        Q = 5, q ("Q"): log(0.1..=40.0, "") = FRAC_1_SQRT_2;
        /// How fast a pass falls; 6 makes an all-pass one of first order, the others have none.
        SLOPE_DB_PER_OCTAVE = 6, slope_db_per_octave ("Slope"): choice(Slope) = Slope::Db12;
        /// What says how steep a shelf is.
        SHELF_BY = 7, shelf_by ("Shelf by"): choice(ShelfBy) = ShelfBy::Q;
        /// Steepness of a shelf by slope: 1 is the steepest without overshoot.
        SHELF_SLOPE = 8, shelf_slope ("Shelf slope"): linear(0.1..=1.0, "") = 1.0;
        /// What the band works on; anything but all needs a unit of two channels.
        PLACEMENT = 9, placement ("Placement"): choice(Placement) = Placement::All;
        /// Whether a bell grows narrower with its gain: `q` then holds at 12 dB.
        PROPORTIONAL_Q = 10, proportional_q ("Proportional Q"): switch() = false;
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
    /// A band-pass: 0 dB at `frequency_hz`, -3 dB at the edges of a band `frequency_hz / q` wide.
    pub fn band_pass(frequency_hz: f64, q: f64) -> Self {
        Self { kind: BandKind::BandPass, frequency_hz, q, ..Self::default() }
    }
    /// A notch: nothing at `frequency_hz`, -3 dB at the edges of a band `frequency_hz / q` wide.
    pub fn notch(frequency_hz: f64, q: f64) -> Self {
        Self { kind: BandKind::Notch, frequency_hz, q, ..Self::default() }
    }
    /// An all-pass of second order: half a turn at `frequency_hz`, the faster the larger `q`.
    pub fn all_pass(frequency_hz: f64, q: f64) -> Self {
        Self { kind: BandKind::AllPass, frequency_hz, q, ..Self::default() }
    }
    /// A tilt: half of `gain_db` far above `frequency_hz`, minus half of it far below.
    pub fn tilt(frequency_hz: f64, gain_db: f64, q: f64) -> Self {
        Self { kind: BandKind::Tilt, frequency_hz, gain_db, q, ..Self::default() }
    }
    /// The same band with another slope, for passes: Butterworth, -3 dB at the frequency.
    pub fn with_slope(self, slope_db_per_octave: Slope) -> Self {
        Self { slope_db_per_octave, ..self }
    }
    /// The same band with its steepness by slope, 0.1 to 1, for shelves.
    pub fn with_shelf_slope(self, shelf_slope: f64) -> Self {
        Self { shelf_by: ShelfBy::Slope, shelf_slope, ..self }
    }
    /// The same band working on something else than all channels.
    pub fn with_placement(self, placement: Placement) -> Self {
        Self { placement, ..self }
    }
    /// The same band with a Q that grows with its gain, for bells.
    pub fn with_proportional_q(self) -> Self {
        Self { proportional_q: true, ..self }
    }

    /// The analogue filter that section `section` of the band follows; `None` for sections that it does not
    /// need, and while it is off. The band's curve is the product of its sections.
    pub fn prototype(&self, section: usize) -> Option<Prototype> {
        let Self { enabled, kind, frequency_hz, gain_db, slope_db_per_octave: slope, .. } = *self;
        let shape = match kind {
            BandKind::Bell => Shape::Bell,
            BandKind::LowShelf => Shape::LowShelf,
            BandKind::HighShelf => Shape::HighShelf,
            BandKind::Tilt => Shape::Tilt,
            BandKind::BandPass => Shape::BandPass,
            BandKind::Notch => Shape::Notch,
            BandKind::AllPass if slope == Slope::Db6 => Shape::AllPass1,
            BandKind::AllPass => Shape::AllPass,
            BandKind::HighPass if slope == Slope::Db12 => Shape::HighPass,
            BandKind::LowPass if slope == Slope::Db12 => Shape::LowPass,
            BandKind::HighPass | BandKind::LowPass => {
                let pass = if kind == BandKind::LowPass { Pass::Low } else { Pass::High };
                return butterworth(pass, slope.order(), frequency_hz).nth(section).filter(|_| enabled);
            }
        };
        (enabled && section == 0).then_some(Prototype { shape, frequency_hz, q: self.effective_q(), gain_db })
    }

    /// The Q of the prototype, after proportion and shelf slope.
    fn effective_q(&self) -> f64 {
        match self.kind {
            BandKind::Bell if self.proportional_q => self.q * libm::exp2(self.gain_db.abs() / 12.0 - 1.0),
            BandKind::LowShelf | BandKind::HighShelf if self.shelf_by == ShelfBy::Slope => {
                let a = libm::exp(self.gain_db * (LN_10 / 40.0));
                1.0 / libm::sqrt((a + 1.0 / a) * (1.0 / self.shelf_slope - 1.0) + 2.0)
            }
            _ => self.q,
        }
    }

    /// The analogue curve of the whole band, where it works.
    pub fn curve(&self, frequency_hz: f64) -> Complex<f64> {
        let sections = (0..Slope::Db96.sections()).map_while(|section| self.prototype(section));
        sections.map(|prototype| prototype.response(frequency_hz)).product()
    }
}
