//! Delta: what a processor takes away: its input, delayed by its latency, minus its output.
//!
//! ```text
//! in --+--> processor --> (x) match_gain_db --+
//!      |                                      -
//!      `--> delay -------------------------->(+)--> out
//! ```
//!
//! Output and delta add up to the delayed input. What only makes louder would take away nothing but level: a gain after
//! the processor, set from the outside, brings both to one loudness first.
//!
//! Moving: `wet`, minus the amplitude factor of that gain; `dry`, always 1. Latency is the processor's.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::decibels_to_gain;
use crate::compose::blend::{Blend, Levels, blend, shape};
use crate::compose::node::{Latencies, Node};
use crate::engine::declare::processor;
use crate::engine::kind::{ProcessorKind, Run, Setup};
use crate::engine::processor::Processor;
use crate::params::{Settings, params};

params! {
    /// Settings of a [`Delta`].
    pub struct DeltaParams {
        /// Gain of the processor's output before it is taken from the input: what makes both equally loud.
        MATCH_GAIN_DB = 1, match_gain_db ("Match gain"): linear(-48.0..=48.0, "dB") = 0.0;
    }
}

processor! {
    /// Takes the output of a processor from its delayed input.
    /// The delayed input is the audio, the output the sidechain.
    pub DeltaLevels = DeltaKind { key: "delta", label: "Delta", params: DeltaParams, sidechain: true, }
}

impl ProcessorKind for DeltaKind {
    type Moving = Levels;
    type State<T: Sample> = ();

    fn design(setup: &Setup<'_, Self>) -> Levels {
        Levels { wet: -decibels_to_gain(setup.params().match_gain_db), dry: 1.0 }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let channels = 0..block.channels();
        blend(run.moving, block, channels);
    }
}

/// What a processor takes away: see [`DeltaParams`], which are node 0; the processor is node 1 and up. As many channels
/// out as in.
pub type Delta<T, P, S = crate::base::memory::Storage> = Node<Blend<DeltaKind, T>, T, (P,), S>;

impl<T: Sample, P: Processor<T>> Delta<T, P> {
    /// Words that a delta of this processor needs.
    pub fn memory(spec: &Spec, processor: &P) -> usize {
        Latencies::default().and(processor.latency()).words::<T>(shape(spec.inputs))
    }

    /// A delta that owns its memory.
    #[cfg(any(feature = "alloc", test))]
    pub fn new(spec: Spec, processor: P, params: impl Settings) -> Result<Self, Error> {
        Node::boxed(spec, Blend::new(spec, params)?, (processor,))
    }
}

impl<T: Sample, P: Processor<T>, S: Store> Delta<T, P, S> {
    /// A delta in memory of the caller.
    pub fn new_in(spec: Spec, processor: P, params: impl Settings, storage: S) -> Result<Self, Error> {
        Node::build(spec, Blend::new(spec, params)?, (processor,), storage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Band, Equalizer, EqualizerConfig, Gain, GainParams, Limiter, LimiterConfig, LimiterParams, NoConfig,
    };
    use alloc::vec::Vec;

    const SPEC: Spec = Spec::new(48_000.0, 1);
    const FRAMES: usize = 12_000;

    /// How far output and delta are from the delayed input, in decibels of full scale, and the level of the delta.
    fn off<T: Sample, P: Processor<T>>(make: impl Fn() -> P) -> (f64, f64) {
        let mut seed = 3u64;
        let next = |_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            T::from_f64((seed >> 11) as f64 / (1u64 << 52) as f64 - 1.0)
        };
        let input: Vec<T> = (0..FRAMES).map(next).collect();
        let (mut output, mut taken) = (input.clone(), input.clone());
        make().process(&mut [&mut output], &[]).unwrap();
        let mut delta = Delta::new(SPEC, make(), ()).unwrap();
        delta.process(&mut [&mut taken], &[]).unwrap();
        let late = make().latency();
        assert_eq!(delta.latency(), late);
        let sum = |f: usize| output[f].to_f64() + taken[f].to_f64();
        let delayed = |f: usize| if f < late { 0.0 } else { input[f - late].to_f64() };
        let most = (0..FRAMES).map(|f| (sum(f) - delayed(f)).abs()).fold(1e-20, f64::max);
        let level = taken.iter().map(|y| y.to_f64().abs()).fold(0.0, f64::max);
        (20.0 * most.log10(), level)
    }

    fn equalizer<T: Sample>() -> Equalizer<T> {
        let config = EqualizerConfig { bands: 1, ..Default::default() };
        let settings = [(Band::GAIN_DB.at(0), -9.0), (Band::ENABLED.at(0), 1.0)];
        Equalizer::new(SPEC, config, &settings[..]).unwrap()
    }

    fn limiter<T: Sample>() -> Limiter<T> {
        let params = LimiterParams { ceiling_db: -9.0, ..Default::default() };
        Limiter::new(SPEC, LimiterConfig::live(), params).unwrap()
    }

    #[test]
    fn output_and_delta_are_the_delayed_input() {
        let all = [
            (off(equalizer::<f32>), -120.0),
            (off(limiter::<f32>), -120.0),
            (off(equalizer::<f64>), -290.0),
            (off(limiter::<f64>), -290.0),
        ];
        for (number, ((decibels, level), bound)) in all.into_iter().enumerate() {
            assert!(decibels <= bound, "{number}: {decibels} dB");
            assert!(level > 0.05, "{number}: something is taken away, {level}");
        }
    }

    #[test]
    fn matched_what_is_only_louder_takes_nothing_away() {
        let params = GainParams { gain_db: 6.0, ..Default::default() };
        let louder = Gain::<f64>::new(SPEC, NoConfig, params).unwrap();
        let mut delta = Delta::new(SPEC, louder, DeltaParams { match_gain_db: -6.0 }).unwrap();
        let mut audio = [1.0, -0.5, 0.3];
        delta.process(&mut [&mut audio], &[]).unwrap();
        assert!(audio.iter().all(|y| y.abs() < 1e-15), "{audio:?}");
    }
}
