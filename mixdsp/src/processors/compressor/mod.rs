//! Compressor: turns down what is louder than a threshold.
//!
//! ```text
//! key or in --> |x| in dB --> curve --> link --> hold --> attack, release --> window --> gain
//!                                                                                         |
//! in --> wait for the look-ahead ---------------------------------------------------(x)---+--> out
//! ```
//!
//! Feed-forward, in decibels, the curve before the ballistics (Giannoulis, Massberg, Reiss, "Digital Dynamic
//! Range Compressor Design", JAES 60(6), 2012). Attack and release are time constants: 63.2 % of the way.
//!
//! The detector `peak_hold` keeps the largest reduction of the last `hold_ms`, so that the gain does not
//! follow the single waves of a bass: a 40 Hz sine comes out without measurable distortion, for a release
//! that begins up to 12.5 ms later. `peak` does not hold.
//!
//! With look-ahead the largest reduction ahead is held until it has passed, and moves in a window of the
//! look-ahead's length: with an attack of 0 the gain is fully down when the peak arrives.
//!
//! `detector` says what a level asks for, `gain_smoother` what comes of it, `smoothed_params` holds the numbers that move.
//!
//! State, per channel: see `memory`. `alike` is true while all channels have always been turned down alike: then the
//! first stands for all. `position` is the place in the look-ahead's delay.
//! Latency is the look-ahead. Cost: one logarithm, one power and one recursion per channel and frame; linked
//! channels take one logarithm, and while they stand alike one of the rest.

mod detector;
mod fixed_gain;
mod gain_smoother;
mod memory;
mod params;
mod smoothed_params;

pub use params::{CompressorConfig, CompressorDetector, CompressorParams, CompressorReadings};

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::dsp::delay_line;
use crate::dsp::envelope::ballistics::Ballistics;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::Id;
use crate::params::ramp::{CHUNK, Change};
use detector::LinkedReduction;
use fearless_simd::Simd;
use fixed_gain::FixedGain;
use gain_smoother::GainSmoother;
use memory::{Memory, MemoryRef, Sizes};
use smoothed_params::{Moving, SmoothedParams};

processor! {
    /// Turns down what is louder than a threshold.
    /// As many channels out as in; with sidechain channels it listens to them.
    pub Compressor = CompressorKind {
        key: "compressor",
        label: "Compressor",
        params: CompressorParams,
        config: CompressorConfig,
        readings: CompressorReadings,
        sidechain: true,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// The state of a [`Compressor`].
#[derive(Debug)]
pub struct State {
    smoother: GainSmoother,
    sizes: Sizes,
    position: usize,
    alike: bool,
    reduction_db: Option<f64>,
}

fn ballistics(setup: &Setup<'_, CompressorKind>) -> Ballistics {
    let CompressorParams { attack_ms, release_ms, .. } = setup.params();
    Ballistics::new(attack_ms, release_ms, setup.spec.sample_rate)
}

impl State {
    /// Some frames, at most [`CHUNK`].
    #[inline(always)]
    fn chunk<S: Simd, T: Sample>(
        &mut self,
        simd: S,
        params: &SmoothedParams,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
    ) {
        let channels = self.sizes.channels;
        let linked = LinkedReduction::detect(simd, params, block, channels);
        if !linked.linked && self.alike {
            // They are about to part.
            self.smoother.part(memory);
            self.alike = false;
        }
        let mut largest = 0.0;
        // Two at a time, side by side.
        let mut first = 0;
        while !self.alike && first + 1 < channels {
            let mut asked = [linked.together; 2];
            for lane in 0..2 {
                asked[lane] = linked.of_channel(simd, params, block, first + lane);
            }
            largest = f64::max(largest, self.turn_down(simd, params, memory, first, &mut asked, block));
            first += 2;
        }
        // All by the first, or the last by itself.
        if first < channels {
            let mut asked =
                [if self.alike { linked.together } else { linked.of_channel(simd, params, block, first) }];
            largest = f64::max(largest, self.turn_down(simd, params, memory, first, &mut asked, block));
        }
        self.reduction_db = Some(largest);
        let count = block.frames();
        self.position = (self.position + count) % self.sizes.lookahead.max(1);
        self.smoother.at += count as u64;
    }

    /// Turns down `N` channels from `first` on, each by what it asks for itself; all by the first while they are alike.
    /// Returns the largest reduction of the last frame.
    #[inline(always)]
    fn turn_down<S: Simd, T: Sample, const N: usize>(
        &mut self,
        simd: S,
        params: &SmoothedParams,
        memory: &mut Memory<'_, T>,
        first: usize,
        asked: &mut [FixedGain; N],
        block: &mut Block<'_, '_, T>,
    ) -> f64 {
        let mut factors = [[T::ONE; CHUNK]; N];
        let last = self.smoother.run(simd, params, memory, first, (asked, block.frames()), &mut factors);
        let turned_down = if self.alike { self.sizes.channels } else { N };
        for lane in 0..turned_down {
            self.apply(simd, &factors[lane.min(N - 1)], memory, block, first + lane);
        }
        last
    }

    /// Delays a channel and multiplies it. A function of its own: it is used in two places.
    #[inline(never)]
    fn apply<S: Simd, T: Sample>(
        &self,
        simd: S,
        factors: &[T; CHUNK],
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
        channel: usize,
    ) {
        let audio = block.channel(channel);
        let frames = self.sizes.lookahead;
        delay_line::wait(&mut memory.delay[channel * frames..][..frames], self.position, audio);
        simd.vectorize(
            #[inline(always)]
            || audio.iter_mut().zip(factors).for_each(|(sample, factor)| *sample *= *factor),
        );
    }
}

impl ProcessorKind for CompressorKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn design(setup: &Setup<'_, Self>) -> Moving {
        Moving::of(&setup.params())
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut memory: Memory<'_, T>) -> State {
        let sizes = *setup.sizes;
        let smoother = GainSmoother::new(sizes, ballistics(setup), &mut memory);
        State { smoother, sizes, position: 0, alike: true, reduction_db: None }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, _: Id, change: Change) {
        run.moving.change(Self::design(&run.setup), change);
        run.state.smoother.ballistics = ballistics(&run.setup);
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, moving, state, mut memory } = run;
        let mut params = SmoothedParams::at_rest(moving.target());
        dispatch!(setup.spec.simd, s => {
            let mut done = 0;
            while done < block.frames() {
                let end = block.frames().min(done + CHUNK);
                let moves = !moving.is_settled();
                if moves {
                    params.fill(moving, end - done);
                }
                state.chunk(s, &params, &mut memory, &mut block.part(done, end));
                if moves && moving.is_settled() {
                    params = SmoothedParams::at_rest(moving.target());
                }
                done = end;
            }
        });
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.memory.ballistics.iter_mut().flatten().for_each(|value| *value = value.flushed());
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.lookahead
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        look.state.reduction_db.filter(|_| id.item() == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Processor, Spec};
    use alloc::vec::Vec;

    type Channels = Vec<Vec<f32>>;

    /// Noise at three levels, in bursts.
    fn noise(frames: usize) -> Channels {
        let mut seed = 7u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let levels = [0.9, 0.3, 0.7];
        let mut channel = |level: f32| {
            (0..frames).map(|f| if f / 700 % 2 == 0 { level * random() } else { 0.01 }).collect()
        };
        levels.into_iter().map(&mut channel).collect()
    }

    /// What comes out when the link moves to `then` after 3000 frames.
    fn run(mut audio: Channels, keys: usize, config: CompressorConfig, link: f64, then: f64) -> Channels {
        let spec = Spec::new(48_000.0, audio.len()).with_sidechain(keys);
        let params = CompressorParams { link, ..Default::default() };
        let mut unit = Compressor::<f32>::new(spec, config, params).unwrap();
        for block in 0..audio[0].len() / 100 {
            if block == 30 {
                unit.set(CompressorParams::LINK, then).unwrap();
            }
            let mut part: Vec<&mut [f32]> =
                audio.iter_mut().map(|channel| &mut channel[block * 100..][..100]).collect();
            unit.process(&mut part, &[]).unwrap();
        }
        audio
    }

    const CONFIGS: [CompressorConfig; 2] =
        [CompressorConfig::DEFAULT, CompressorConfig { lookahead_ms: 5.0, ..CompressorConfig::DEFAULT }];

    #[test]
    fn free_channels_are_what_each_is_alone_to_the_bit() {
        for config in CONFIGS {
            let together = run(noise(9_000), 0, config, 0.0, 0.0);
            for (alone, together) in noise(9_000).into_iter().zip(together) {
                assert!(run(alloc::vec![alone], 0, config, 1.0, 1.0)[0] == together);
            }
        }
    }

    #[test]
    fn linked_channels_are_turned_down_as_the_loudest_alone_to_the_bit() {
        for config in CONFIGS {
            let loudest = noise(9_000).swap_remove(0);
            let audio: Channels =
                [1.0, 0.5, -0.25].iter().map(|level| loudest.iter().map(|x| level * x).collect()).collect();
            let expected = run(alloc::vec![loudest], 0, config, 1.0, 1.0).remove(0);
            // At 0.5 they part, and what is quieter goes its own way.
            for then in [1.0, 0.5] {
                let linked = run(audio.clone(), 0, config, 1.0, then);
                let frames = if then == 1.0 { 9_000 } else { 3_000 };
                for (level, channel) in [1.0, 0.5, -0.25].iter().zip(&linked) {
                    let both = channel[..frames].iter().zip(&expected);
                    assert!(both.into_iter().all(|(y, expected)| *y == level * expected));
                }
                // The loudest hears nothing louder at any share.
                assert!(linked[0] == expected);
            }
        }
    }

    #[test]
    fn channels_part_alike_whether_or_not_there_may_be_a_key() {
        for config in CONFIGS {
            assert!(run(noise(9_000), 5, config, 1.0, 0.0) == run(noise(9_000), 0, config, 1.0, 0.0));
        }
    }
}
