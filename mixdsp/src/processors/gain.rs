//! Gain: level, polarity and mute.
//!
//! ```text
//! in --(x)--> out
//!       ^
//!       factor: 10^(gain_db / 20), negative when inverted, 0 when muted
//! ```
//!
//! State: `factor`, the amplitude factor, moves per frame by the ramp. Cost: one multiplication per
//! sample, plus the ramp while it moves. Latency and tail are 0.

use crate::base::audio::{Block, Key};
use crate::base::error::Error;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::decibels_to_gain;
use crate::engine::kind::{Core, Kind, Moment, Setup};
use crate::engine::unit::{Unit, words_for_params};
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::{Id, NoConfig, ParamTable, Row, Table, params};
use num_complex::Complex;

params! {
    /// Settings of a [`Gain`].
    pub struct GainParams {
        /// Change of level.
        GAIN_DB = 1, gain_db ("Gain"): linear(-96.0..=24.0, "dB") = 0.0;
        /// Turns the polarity round.
        INVERT = 2, invert ("Invert"): switch() = false;
        /// Silences the output.
        MUTE = 3, mute ("Mute"): switch() = false;
    }
}

/// Changes level, turns polarity, silences. As many channels out as in.
pub type Gain<T, S = Storage> = Unit<GainKind, T, S>;

impl<T: Sample> Gain<T> {
    /// Words that a gain needs.
    pub const fn memory(_spec: &Spec, _config: &NoConfig) -> usize {
        words_for_params(GainParams::ROWS.len())
    }
}

/// The catalogue's entry for [`Gain`].
#[derive(Debug)]
pub struct GainKind;

impl Kind for GainKind {
    const KEY: &'static str = "gain";
    const NAME: &'static str = "Gain";
    const DOC: &'static str = "Changes the level, turns the polarity, or silences.";
    const PARAMS: ParamTable = ParamTable { rows: GainParams::ROWS, groups: &[] };
    const READINGS: &'static [Row] = &[];
    type Config = NoConfig;
    type Core<T: Sample> = GainCore;

    fn check(spec: &Spec, _config: &NoConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

    fn memory<T: Sample>(spec: &Spec, config: &NoConfig) -> usize {
        Gain::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, NoConfig>, _words: &mut [Word]) -> GainCore {
        GainCore { factor: Ramp::new([factor(setup)], ramp_frames(setup.spec.sample_rate)) }
    }
}

/// The inside of a [`Gain`].
#[derive(Debug)]
pub struct GainCore {
    factor: Ramp<1>,
}

/// What the parameters ask for.
fn factor(setup: &Setup<'_, NoConfig>) -> f64 {
    let params: GainParams = setup.params();
    match params {
        GainParams { mute: true, .. } => 0.0,
        GainParams { gain_db, invert: true, .. } => -decibels_to_gain(gain_db),
        GainParams { gain_db, .. } => decibels_to_gain(gain_db),
    }
}

impl<T: Sample> Core<T> for GainCore {
    type Config = NoConfig;

    fn change(&mut self, setup: &Setup<'_, NoConfig>, _words: &mut [Word], _id: Id, change: Change) {
        self.factor.change([factor(setup)], change);
    }

    fn run(
        &mut self,
        setup: &Setup<'_, NoConfig>,
        _: &mut [Word],
        mut block: Block<'_, '_, T>,
        _: Key<'_, T>,
    ) {
        let mut done = 0;
        while done < block.frames() {
            if self.factor.is_settled() {
                let [factor] = self.factor.target();
                if factor == 1.0 {
                    return;
                }
                let factor = T::from_f64(factor);
                let mut rest = block.part(done, block.frames());
                for channel in 0..setup.spec.inputs {
                    rest.channel(channel).iter_mut().for_each(|sample| *sample *= factor);
                }
                return;
            }
            let count = (block.frames() - done).min(CHUNK);
            let mut factors = [[0.0; CHUNK]];
            self.factor.fill(&mut factors, count);
            let factors = factors[0].map(T::from_f64);
            let mut part = block.part(done, done + count);
            for channel in 0..setup.spec.inputs {
                part.channel(channel)
                    .iter_mut()
                    .zip(&factors)
                    .for_each(|(sample, factor)| *sample *= *factor);
            }
            done += count;
        }
    }

    fn snap(&mut self, _setup: &Setup<'_, NoConfig>, _words: &mut [Word]) {}

    fn reset(&mut self, setup: &Setup<'_, NoConfig>, _words: &mut [Word]) {
        self.factor.jump([factor(setup)]);
    }

    fn tail(&self, _setup: &Setup<'_, NoConfig>, _words: &[Word]) -> Option<usize> {
        Some(0)
    }

    fn response(
        &self,
        _setup: &Setup<'_, NoConfig>,
        _words: &[Word],
        _frequency_hz: f64,
        moment: Moment,
    ) -> Option<Complex<f64>> {
        let [factor] = match moment {
            Moment::Settled => self.factor.target(),
            Moment::Now => self.factor.value(),
        };
        Some(factor.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Processor;

    #[test]
    fn level_polarity_and_mute() {
        let params = GainParams { gain_db: -20.0, invert: true, mute: false };
        let mut storage = [0u64; 64];
        let mut gain =
            Gain::<f64, _>::new_in(Spec::new(48_000.0, 1), NoConfig, params, &mut storage[..]).unwrap();
        let mut audio = [1.0; 8];
        gain.process(&mut [&mut audio], &[]).unwrap();
        assert!(audio.iter().all(|y| (y + 0.1).abs() < 1e-15));
        gain.set(GainParams::MUTE, 1.0).unwrap();
        let mut audio = [1.0; 961];
        gain.process(&mut [&mut audio], &[]).unwrap();
        assert!(audio[959] != 0.0 && audio[960] == 0.0, "silent after exactly 20 ms");
    }

    #[test]
    fn memory_is_known_at_compile_time() {
        const WORDS: usize = Gain::<f32>::memory(&Spec::new(48_000.0, 2), &NoConfig);
        let gain = Gain::<f32, _>::new_in(Spec::new(48_000.0, 2), NoConfig, (), [0; WORDS]);
        assert!(gain.is_ok());
        let short = Gain::<f32, _>::new_in(Spec::new(48_000.0, 2), NoConfig, (), [0; WORDS - 1]);
        assert_eq!(short.unwrap_err(), Error::Memory { needed: WORDS, given: WORDS - 1 });
    }
}
