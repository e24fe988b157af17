//! Gain: level, polarity and mute.
//!
//! ```text
//! in --(x)--> out
//!       ^
//!       factor: 10^(gain_db / 20), negative when inverted, 0 when muted
//! ```
//!
//! Moving: `factor`, the amplitude factor. No state. Cost: one multiplication per sample, plus the ramp while it moves.
//! Latency and tail are 0.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::units::decibels_to_gain;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, ResponseAt, Run, Setup};
use crate::params::params;
use crate::params::smoothed::smoothed;
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

processor! {
    /// Changes the level, turns the polarity, or silences.
    /// As many channels out as in.
    pub Gain = GainKind { key: "gain", label: "Gain", params: GainParams, }
}

smoothed! {
    /// What moves in a [`Gain`].
    pub struct Moving { factor }
}

impl ProcessorKind for GainKind {
    type Moving = Moving;
    type State<T: Sample> = ();

    fn design(setup: &Setup<'_, Self>) -> Moving {
        let GainParams { gain_db, invert, mute } = setup.params();
        let level = if mute { 0.0 } else { decibels_to_gain(gain_db) };
        Moving { factor: if invert && !mute { -level } else { level } }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        run.moving.over(
            block,
            |mut block, frames| {
                let factors = frames.map(|moving| T::from_f64(moving.factor));
                block.each_channel(|samples| {
                    samples.iter_mut().zip(&factors).for_each(|(sample, factor)| *sample *= *factor);
                });
            },
            |mut block, Moving { factor }| {
                let factor = T::from_f64(factor);
                if factor != T::ONE {
                    block.each_channel(|samples| samples.iter_mut().for_each(|sample| *sample *= factor));
                }
            },
        );
    }

    fn response<T: Sample>(look: Look<'_, Self, T>, _: f64, at: ResponseAt) -> Option<Complex<f64>> {
        Some(look.moving_at(at).factor.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, NoConfig, Processor, Spec};

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
