//! Parallel: members hear the same input, and their outputs are summed, with the dry input beside them when wanted.
//!
//! ```text
//! in --+--> member 0 --> wait --+
//!      |--> member 1 --> wait --(+)--> (x) wet_db ------(+)--> (x) mix --------(+)--> out
//!      `---------------> wait --+----> (x) dry_db, dry --'                      |
//!                               `----> (x) 1 - mix -----------------------------'
//! ```
//!
//! Every path meets the others to the sample: latency is that of the slowest member. `mix` fades between the input and
//! all of this; with one member and the rest at its defaults it is the common share of wet and dry.
//!
//! Moving: `wet`, `dry`, the amplitude factors of the two. Cost: two copies and three additions per sample and member.

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::decibels_to_gain;
use crate::compose::blend::{Blend, Levels, blend, shape};
use crate::compose::members::Members;
use crate::compose::node::{Latencies, Node};
use crate::engine::declare::processor;
use crate::engine::kind::{ProcessorKind, Run, Setup};
use crate::params::{Settings, params};

params! {
    /// Settings of a [`Parallel`].
    pub struct ParallelParams {
        /// Share of all this; the rest is the input, delayed by the latency.
        MIX = 1, mix ("Mix"): linear(0.0..=1.0, "") = 1.0;
        /// Level of the members' sum.
        WET_DB = 2, wet_db ("Wet"): linear(-96.0..=24.0, "dB") = 0.0;
        /// Whether the input is heard beside the members.
        DRY = 3, dry ("Dry"): switch() = false;
        /// Level of the input beside the members.
        DRY_DB = 4, dry_db ("Dry level"): linear(-96.0..=24.0, "dB") = 0.0;
    }
}

processor! {
    /// Sums the members of a parallel and the dry input, each at its level.
    /// The dry input is the audio, the sum of the members the sidechain.
    pub ParallelLevels = ParallelKind {
        key: "parallel", label: "Parallel", params: ParallelParams, sidechain: true,
    }
}

impl ProcessorKind for ParallelKind {
    type Moving = Levels;
    type State<T: Sample> = ();

    fn design(setup: &Setup<'_, Self>) -> Levels {
        let ParallelParams { mix, wet_db, dry, dry_db } = setup.params();
        let beside = if dry { decibels_to_gain(dry_db) } else { 0.0 };
        Levels { wet: mix * decibels_to_gain(wet_db), dry: mix * beside + (1.0 - mix) }
    }

    fn start<T: Sample>(_: &Setup<'_, Self>, (): ()) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, block: Block<'_, '_, T>) {
        let channels = 0..block.channels();
        blend(run.moving, block, channels);
    }
}

/// Members side by side, summed, with the input beside them when wanted: see [`ParallelParams`], which are node 0; the
/// members are nodes 1 and up. As many channels out as in; every member takes as many.
///
/// ```
/// use mixdsp::{Gain, Limiter, NoConfig, Parallel, ParallelParams, Processor, Spec};
///
/// let spec = Spec::new(48_000.0, 2);
/// let limiter = Limiter::<f32>::new(spec, Default::default(), ())?;
/// let params = ParallelParams { mix: 0.5, ..Default::default() };
/// let mut parallel = Parallel::new(spec, (limiter,), params)?;
/// parallel.set(ParallelParams::MIX.any(), 0.25)?;
/// # Ok::<(), mixdsp::Error>(())
/// ```
pub type Parallel<T, M, S = crate::base::memory::Storage> = Node<Blend<ParallelKind, T>, T, M, S>;

impl<T: Sample, M: Members<T>> Parallel<T, M> {
    /// Words that a parallel of these members needs.
    pub fn memory(spec: &Spec, members: &M) -> usize {
        Latencies::of::<T>(members).words::<T>(shape(spec.inputs))
    }

    /// A parallel that owns its memory.
    #[cfg(any(feature = "alloc", test))]
    pub fn new(spec: Spec, members: M, params: impl Settings) -> Result<Self, Error> {
        Node::boxed(spec, Blend::new(spec, params)?, members)
    }
}

impl<T: Sample, M: Members<T>, S: Store> Parallel<T, M, S> {
    /// A parallel in memory of the caller.
    pub fn new_in(spec: Spec, members: M, params: impl Settings, storage: S) -> Result<Self, Error> {
        Node::build(spec, Blend::new(spec, params)?, members, storage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::kind::ResponseAt;
    use crate::{
        Align, AlignConfig, Gain, GainParams, Limiter, LimiterConfig, LimiterParams, NoConfig, Processor,
    };
    use alloc::boxed::Box;
    use alloc::vec;
    use alloc::vec::Vec;
    use core::f64::consts::TAU;
    use num_complex::Complex;

    const SPEC: Spec = Spec::new(48_000.0, 1);

    fn gain(gain_db: f64) -> Gain<f32> {
        Gain::new(SPEC, NoConfig, GainParams { gain_db, ..Default::default() }).unwrap()
    }

    fn align(frames: u32) -> Align<f32> {
        Align::new(SPEC, AlignConfig { frames }, ()).unwrap()
    }

    fn limiter() -> Limiter<f32> {
        Limiter::new(SPEC, LimiterConfig::live(), LimiterParams::live()).unwrap()
    }

    fn impulse(node: &mut dyn Processor<f32>, frames: usize) -> Vec<f32> {
        let mut audio = vec![0.0; frames];
        audio[0] = 0.25;
        node.process(&mut [&mut audio], &[]).unwrap();
        audio
    }

    #[test]
    fn paths_of_different_latency_meet_to_the_sample() {
        let members = (limiter(), gain(0.0), align(500));
        let mut parallel =
            Parallel::new(SPEC, members, ParallelParams { dry: true, ..Default::default() }).unwrap();
        assert!(limiter().latency() < 500 && parallel.latency() == 500);
        let heard = impulse(&mut parallel, 1_200);
        let right = |(f, y): (usize, &f32)| *y == if f == 500 { 1.0 } else { 0.0 };
        assert!(heard.iter().enumerate().all(right), "four paths, each with 0.25");
    }

    #[test]
    fn mix_fades_between_the_input_and_all_of_it() {
        let params = ParallelParams { mix: 0.25, wet_db: -6.0, dry: true, dry_db: -12.0 };
        let mut parallel = Parallel::new(SPEC, (gain(-20.0), align(7)), params).unwrap();
        let heard = f64::from(impulse(&mut parallel, 8)[7]);
        let (wet, dry) = (1.1 * 0.501_187_234, 0.251_188_643);
        let expected = 0.25 * (0.25 * (wet + dry) + 0.75);
        // Three roundings of f32 at a quarter.
        assert!((heard - expected).abs() < 3.0 * 1.5e-8, "{heard} for {expected}");
    }

    #[test]
    fn its_own_parameters_are_node_0_and_the_members_follow() {
        let mut parallel = Parallel::new(SPEC, ((gain(0.0), gain(-1.0)), gain(-2.0)), ()).unwrap();
        assert_eq!(parallel.nodes(), 4);
        assert_eq!(parallel.get(ParallelParams::MIX.any()), Some(1.0));
        let gains = (0..5).map(|node| parallel.get(GainParams::GAIN_DB.in_node(node)));
        assert_eq!(gains.collect::<Vec<_>>(), [None, Some(0.0), Some(-1.0), Some(-2.0), None]);
        parallel.set(GainParams::GAIN_DB.in_node(2), -9.0).unwrap();
        assert_eq!(parallel.get(GainParams::GAIN_DB.in_node(2)), Some(-9.0));
        for id in [GainParams::GAIN_DB.any(), ParallelParams::MIX.in_node(1), GainParams::GAIN_DB.in_node(4)]
        {
            assert_eq!(parallel.set(id, 0.5), Err(Error::Unknown { id }));
        }
        assert!(matches!(
            parallel.glide(ParallelParams::MIX.any(), 1.5, 100),
            Err(Error::Range { key: "mix", .. })
        ));
    }

    #[test]
    fn boxes_do_the_same_as_a_tuple() {
        let params = ParallelParams { mix: 0.5, ..Default::default() };
        let boxes: Vec<Box<dyn Processor<f32> + Send>> = vec![Box::new(limiter()), Box::new(gain(-3.0))];
        let mut chosen = Parallel::new(SPEC, boxes, params).unwrap();
        let mut fixed = Parallel::new(SPEC, (limiter(), gain(-3.0)), params).unwrap();
        assert!(impulse(&mut chosen, 3_000) == impulse(&mut fixed, 3_000));
        let boxed: Box<dyn Processor<f32> + Send> = Box::new(chosen);
        assert_eq!(boxed.nodes(), 3);
    }

    #[test]
    fn members_for_another_spec_and_too_little_memory_are_refused() {
        let stereo = Gain::<f32>::new(Spec::new(48_000.0, 2), NoConfig, ()).unwrap();
        let refused = Parallel::new(SPEC, (gain(0.0), stereo), ()).unwrap_err();
        assert_eq!(refused, Error::BlockChannels { what: "audio", needed: 2, given: 1 });
        let members = (gain(0.0), align(100));
        let needed = Parallel::memory(&SPEC, &members);
        let refused = Parallel::new_in(SPEC, members, (), vec![0; needed - 1]).unwrap_err();
        assert_eq!(refused, Error::Memory { needed, given: needed - 1 });
        assert!(Parallel::new_in(SPEC, (gain(0.0), align(100)), (), vec![7; needed]).is_ok());
    }

    #[test]
    fn the_response_counts_the_waits() {
        // A comb: what waits inside a member is not aligned, what the node aligns is.
        let (early, late) = (gain(-6.0), (align(5), gain(-2.0)));
        let params = ParallelParams { mix: 0.8, dry: true, dry_db: -20.0, ..Default::default() };
        let mut parallel = Parallel::new(SPEC, (early, late), params).unwrap();
        let told = |parallel: &Parallel<f32, _>, hz| parallel.response(hz, ResponseAt::Settled).unwrap();
        let frequencies = [100.0, 3_000.0, 11_000.0, 23_000.0];
        let told = frequencies.map(|hz| told(&parallel, hz));
        let heard = impulse(&mut parallel, 64);
        for (hz, told) in frequencies.into_iter().zip(told) {
            let turn = |f: usize| Complex::from_polar(4.0, -TAU * hz / 48_000.0 * f as f64);
            let true_one: Complex<f64> = (0..64).map(|f| turn(f) * f64::from(heard[f])).sum();
            assert!((told - true_one).norm() < 1e-6, "{hz} Hz: {told} for {true_one}");
        }
        assert!(Parallel::new(SPEC, (limiter(),), ()).unwrap().response(100.0, ResponseAt::Now).is_none());
    }

    #[test]
    fn the_end_of_the_input_reaches_members_of_members() {
        let run = |ends: bool, phase: f32| {
            let mut node = Parallel::new(SPEC, ((align(30), limiter()),), ()).unwrap();
            let mut audio: Vec<f32> = (0..2_000).map(|f| 2.0 * (f as f32 * 1.9 + phase).sin()).collect();
            audio[700..].fill(0.0);
            node.process(&mut [&mut audio[..700]], &[]).unwrap();
            if ends {
                node.end();
            }
            node.process(&mut [&mut audio[700..]], &[]).unwrap();
            let mut alone = (align(30), limiter());
            let mut expected: Vec<f32> = (0..2_000).map(|f| 2.0 * (f as f32 * 1.9 + phase).sin()).collect();
            expected[700..].fill(0.0);
            alone.0.process(&mut [&mut expected], &[]).unwrap();
            alone.1.process(&mut [&mut expected[..730]], &[]).unwrap();
            if ends {
                alone.1.end();
            }
            alone.1.process(&mut [&mut expected[730..]], &[]).unwrap();
            assert!(audio == expected, "{ends} {phase}");
            audio
        };
        let phases = [0.0, 0.4, 0.8, 1.2, 1.6];
        assert!(phases.into_iter().any(|phase| run(true, phase) != run(false, phase)));
    }

    #[test]
    fn what_is_not_finite_stays_out_of_the_dry_path() {
        let params = ParallelParams { mix: 0.0, ..Default::default() };
        let mut parallel = Parallel::new(SPEC, (gain(0.0), align(3)), params).unwrap();
        let mut audio = [f32::NAN, f32::INFINITY, 1e30, 0.5, 0.0, 0.0, 0.0, 0.0];
        parallel.process(&mut [&mut audio], &[]).unwrap();
        assert_eq!(audio, [0.0, 0.0, 0.0, 0.0, 0.0, 1e9, 0.5, 0.0]);
        assert_eq!(parallel.sanitized_samples(), 3);
    }
}
