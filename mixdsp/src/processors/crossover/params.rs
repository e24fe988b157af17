//! What can be set on a crossover.

use crate::dsp::filter::crossover::Network;
use crate::params::{Id, Settings, choices, params};

choices! {
    /// How fast the bands of a crossover fall, in decibels per octave.
    pub enum CrossoverSlope {
        /// 12 dB per octave: Linkwitz-Riley of second order.
        Db12 = "12",
        /// 24 dB per octave: Linkwitz-Riley of fourth order.
        Db24 = "24",
        /// 48 dB per octave: Linkwitz-Riley of eighth order.
        Db48 = "48",
    }
}

choices! {
    /// What the bands of a crossover do to the phase.
    pub enum CrossoverPhase {
        /// As analogue filters: no latency, and the sum is turned in phase.
        Minimum = "minimum",
        /// Nothing: the sum is the input, late. Needs feature `fft`, and allocates when it is built.
        Linear = "linear",
    }
}

params! {
    /// What is fixed when a [`Crossover`](crate::Crossover) is built.
    pub struct CrossoverConfig {
        /// How many frequencies there are at which audio is split; the bands are one more.
        SPLITS = 1001, splits ("Splits"): whole(1..=5, "") = 1;
        /// How fast the bands fall beyond their splits.
        SLOPE_DB_PER_OCTAVE = 1002, slope_db_per_octave ("Slope"): choice(CrossoverSlope) = CrossoverSlope::Db24;
        /// What the bands do to the phase.
        PHASE = 1003, phase ("Phase"): choice(CrossoverPhase) = CrossoverPhase::Minimum;
        /// The lowest split that linear phase is built for: the lower, the longer are filters and latency.
        LOWEST_HZ = 1004, lowest_hz ("Lowest split"): frequency(20.0..=2000.0) = 80.0;
    }
}

impl CrossoverConfig {
    /// So many bands, 2 to 6, with 24 dB per octave.
    pub const fn bands(bands: u32) -> Self {
        Self { splits: bands.saturating_sub(1), ..Self::DEFAULT }
    }

    /// The same with another slope.
    pub const fn with_slope(self, slope_db_per_octave: CrossoverSlope) -> Self {
        Self { slope_db_per_octave, ..self }
    }

    /// The same with linear phase, for splits down to this one.
    pub const fn with_linear_phase(self, lowest_hz: f64) -> Self {
        Self { phase: CrossoverPhase::Linear, lowest_hz, ..self }
    }

    pub(super) const fn is_linear(&self) -> bool {
        matches!(self.phase, CrossoverPhase::Linear)
    }

    pub(super) const fn network(&self, inputs: usize) -> Network {
        let order = match self.slope_db_per_octave {
            CrossoverSlope::Db12 => 1,
            CrossoverSlope::Db24 => 2,
            CrossoverSlope::Db48 => 4,
        };
        Network { splits: self.splits as usize, order, inputs }
    }
}

params! {
    /// One split of a [`Crossover`](crate::Crossover).
    pub struct Split {
        /// Where the band below ends and the band above begins: both are 6 dB down.
        FREQUENCY_HZ = 1, frequency_hz ("Frequency"): frequency(20.0..=20000.0) = 200.0;
    }
}

/// Settings of a [`Crossover`](crate::Crossover): the frequencies of its splits in hertz, from the first on. Splits not given
/// are at 200 Hz.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossoverParams<'a> {
    /// The splits, lowest first.
    pub frequencies_hz: &'a [f64],
}

impl Settings for CrossoverParams<'_> {
    fn each(&self, visit: &mut dyn FnMut(Id, f64)) {
        for (item, frequency_hz) in (0u16..).zip(self.frequencies_hz) {
            visit(Split::FREQUENCY_HZ.at(item).any(), *frequency_hz);
        }
    }
}
