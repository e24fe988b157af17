//! One pole: the gentlest low-pass, 6 dB per octave.
//!
//! ```text
//! in --> 1 / (s + 1), s in units of the corner frequency --> out
//! ```
//!
//! The magnitude follows the analogue curve up to 20 kHz
//! ([`filter::design::matched`](crate::dsp::filter::design::matched)); at the corner the level has fallen by 3 dB.
//!
//! State: one section of a series, see `filter::series`. Latency is 0. Cost: one second-order section, whose
//! second pole and zero serve the fit.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::dsp::filter::design::{Prototype, Shape, matched};
use crate::dsp::filter::four::{Four, Waiting};
use crate::dsp::filter::placed::EVERYWHERE;
use crate::dsp::filter::series::{self, Packed, STATE, Series, Status};
use crate::engine::automation::words_for_params;
use crate::engine::old::Key;
use crate::engine::old::{Core, Kind, Moment, Setup};
use crate::engine::unit::Unit;
use crate::params::ramp::{Change, Ramp, ramp_frames};
use crate::params::{Id, NoConfig, ParamTable, Row, Table, params};
use num_complex::Complex;

params! {
    /// Settings of a [`OnePole`].
    pub struct OnePoleParams {
        /// Corner, where the level has fallen by 3 dB.
        FREQUENCY_HZ = 1, frequency_hz ("Frequency"): frequency(10.0..=20000.0) = 1000.0;
    }
}

/// A first-order low-pass. As many channels out as in.
pub type OnePole<T, S = Storage> = Unit<OnePoleKind, T, S>;

layout! {
    /// The words of a one-pole low-pass.
    struct Memory<T>, read as MemoryRef (channels: usize) {
        ramps: [Ramp<5>; 1],
        working: [u32; 1],
        packed: [Packed<T>; 1],
        state: [T; channels * STATE],
        matrix: [Four<T>; 1],
        waiting: [Waiting<T>; channels],
    }
}

impl<T: Sample> OnePole<T> {
    /// Words that a one-pole low-pass needs.
    pub const fn memory(spec: &Spec, _config: &NoConfig) -> usize {
        words_for_params(OnePoleParams::ROWS.len()).saturating_add(Memory::<T>::words(spec.inputs))
    }
}

/// The catalogue's entry for [`OnePole`].
#[derive(Debug)]
pub struct OnePoleKind;

crate::engine::old::adapt! { OnePoleKind, "OnePole", latency: |_, _| 0, has: [OnePoleParams], before: 0 }

impl Kind for OnePoleKind {
    const KEY: &'static str = "one_pole";
    const NAME: &'static str = "One-pole low-pass";
    const DOC: &'static str = "Takes away above a frequency, gently: 6 dB per octave.";
    const PARAMS: ParamTable = ParamTable { rows: OnePoleParams::ROWS, groups: &[] };
    const READINGS: &'static [Row] = &[];
    type Config = NoConfig;
    type Core<T: Sample> = OnePoleCore;

    fn check(spec: &Spec, _config: &NoConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

    fn memory<T: Sample>(spec: &Spec, config: &NoConfig) -> usize {
        OnePole::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, NoConfig>, words: &mut [Word]) -> OnePoleCore {
        OnePoleCore { status: start(&mut section::<T>(setup, words), setup) }
    }
}

/// The one section in a unit's words.
fn section<'a, T: Sample>(setup: &Setup<'_, NoConfig>, words: &'a mut [Word]) -> Series<'a, T> {
    let channels = setup.spec.inputs;
    let Memory { ramps, working, packed, state, matrix, waiting, .. } = Memory::carve(words, channels);
    let (shares, packed_shares) = Default::default();
    Series { ramps, shares, state, working, packed, packed_shares, matrix, waiting, channels }
}

fn start<T: Sample>(series: &mut Series<'_, T>, setup: &Setup<'_, NoConfig>) -> Status {
    series.start(ramp_frames(setup.spec.sample_rate), |_| design(setup), |_| EVERYWHERE)
}

/// The five numbers that the parameters ask for.
fn design(setup: &Setup<'_, NoConfig>) -> [f64; 5] {
    let OnePoleParams { frequency_hz } = setup.params();
    let prototype = Prototype { shape: Shape::LowPass1, frequency_hz, q: 1.0, gain_db: 0.0 };
    matched(&prototype, setup.spec.sample_rate).into()
}

/// The inside of a [`OnePole`].
#[derive(Debug)]
pub struct OnePoleCore {
    status: Status,
}

impl<T: Sample> Core<T> for OnePoleCore {
    type Config = NoConfig;

    fn change(&mut self, setup: &Setup<'_, NoConfig>, words: &mut [Word], _id: Id, change: Change) {
        section::<T>(setup, words).change(&mut self.status, 0, design(setup), change);
    }

    fn run(
        &mut self,
        setup: &Setup<'_, NoConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        _key: Key<'_, T>,
    ) {
        section(setup, words).run(&mut self.status, setup.spec.simd, &mut block);
    }

    fn snap(&mut self, setup: &Setup<'_, NoConfig>, words: &mut [Word]) {
        section::<T>(setup, words).snap();
    }

    fn reset(&mut self, setup: &Setup<'_, NoConfig>, words: &mut [Word]) {
        self.status = start(&mut section::<T>(setup, words), setup);
    }

    fn tail(&self, setup: &Setup<'_, NoConfig>, words: &[Word]) -> Option<usize> {
        Some(series::tail(MemoryRef::<T>::read(words, setup.spec.inputs).ramps, &[]))
    }

    fn response(
        &self,
        setup: &Setup<'_, NoConfig>,
        words: &[Word],
        frequency_hz: f64,
        moment: Moment,
    ) -> Option<Complex<f64>> {
        let ramps = MemoryRef::<T>::read(words, setup.spec.inputs).ramps;
        Some(series::response(ramps, frequency_hz, setup.spec.sample_rate, moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Processor;
    use crate::base::units::gain_to_decibels;

    #[test]
    fn it_falls_by_6_db_per_octave_from_its_corner() {
        let params = OnePoleParams { frequency_hz: 500.0 };
        let mut storage = [0u64; 256];
        let unit =
            OnePole::<f64, _>::new_in(Spec::new(48_000.0, 1), NoConfig, params, &mut storage[..]).unwrap();
        let level = |frequency_hz: f64| {
            gain_to_decibels(unit.response(frequency_hz, Moment::Settled).map_or(f64::NAN, |h| h.norm()))
        };
        assert!((level(500.0) + 3.0103).abs() < 0.02, "{}", level(500.0));
        for frequency_hz in [20.0, 125.0, 2_000.0, 8_000.0, 19_000.0] {
            let analogue = -10.0 * libm::log10(1.0 + (frequency_hz / 500.0) * (frequency_hz / 500.0));
            assert!((level(frequency_hz) - analogue).abs() < 0.02, "{frequency_hz}: {}", level(frequency_hz));
        }
    }
}
