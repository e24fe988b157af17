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
//! Here are state and order of work, in `detector` what a level asks for, in `path` what comes of it, in
//! `course` the numbers that move.
//!
//! State, per channel: `held` and `ahead`, the reductions of the hold and the look-ahead as whole numbers,
//! `ballistics`, `first` and `second`, the window, `ring`, what waits. `at` counts frames since reset.
//! Latency is the look-ahead. Cost: one logarithm, one power and one recursion per channel and frame; linked
//! channels take one logarithm, and while they stand alike one of the rest.

mod course;
mod detector;
mod path;
mod tables;

pub use tables::{CompressorConfig, CompressorDetector, CompressorParams, CompressorReadings};

use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::dsp::delay_line;
use crate::dsp::envelope::ballistics::{Ballistics, Memory as BallisticsMemory};
use crate::dsp::envelope::{Boxes, SlidingMinimum, minimum_words};
use crate::engine::automation::words_for_params;
use crate::engine::old::Key;
use crate::engine::old::{Core, Kind, Setup};
use crate::engine::unit::Unit;
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::params::{Id, ParamTable, Row, Table};
use course::{Course, MOVING, targets};
use detector::Asked;
use fearless_simd::Simd;
use path::Whole;

/// Turns down what is louder than a threshold. As many channels out as in; with key channels it listens to
/// them.
pub type Compressor<T, S = Storage> = Unit<CompressorKind, T, S>;

/// Frames of the look-ahead and of the hold.
#[derive(Clone, Copy, Debug)]
struct Lengths {
    lookahead: usize,
    hold: usize,
}

const fn lengths(spec: &Spec, config: &CompressorConfig) -> Lengths {
    Lengths {
        lookahead: crate::base::units::seconds_to_frames(config.lookahead_ms * 1e-3, spec.sample_rate),
        hold: crate::base::units::seconds_to_frames(config.hold_ms * 1e-3, spec.sample_rate),
    }
}

layout! {
    /// The words of a compressor.
    struct Memory<T>, read as MemoryRef (channels: usize, lookahead: usize, hold: usize) {
        ballistics: [BallisticsMemory; channels],
        held: [u32; channels * minimum_words(hold + 1)],
        ahead: [u32; channels * minimum_words(lookahead + 1)],
        first: [u32; channels * Boxes::lengths(lookahead).0],
        second: [u64; channels * Boxes::lengths(lookahead).1],
        ring: [T; channels * lookahead],
    }
}

impl<T: Sample> Compressor<T> {
    /// Words that a compressor needs.
    pub const fn memory(spec: &Spec, config: &CompressorConfig) -> usize {
        let Lengths { lookahead, hold } = lengths(spec, config);
        let own = Memory::<T>::words(spec.inputs, lookahead, hold);
        words_for_params(CompressorParams::ROWS.len()).saturating_add(own)
    }
}

/// The catalogue's entry for [`Compressor`].
#[derive(Debug)]
pub struct CompressorKind;

crate::engine::old::adapt! { CompressorKind, "Compressor", latency: |spec, config| lengths(spec, config).lookahead, has: [CompressorParams, CompressorReadings], before: 0 }

impl Kind for CompressorKind {
    const KEY: &'static str = "compressor";
    const NAME: &'static str = "Compressor";
    const DOC: &'static str = "Turns down what is louder than a threshold.";
    const PARAMS: ParamTable = ParamTable { rows: CompressorParams::ROWS, groups: &[] };
    const READINGS: &'static [Row] = CompressorReadings::ROWS;
    const LISTENS: bool = true;
    type Config = CompressorConfig;
    type Core<T: Sample> = CompressorCore;

    fn check(spec: &Spec, _config: &CompressorConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

    fn memory<T: Sample>(spec: &Spec, config: &CompressorConfig) -> usize {
        Compressor::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, CompressorConfig>, words: &mut [Word]) -> CompressorCore {
        let frames = ramp_frames(setup.spec.sample_rate);
        let memory = carve::<T>(setup, words);
        CompressorCore::start(setup, memory, Ramp::new(targets(setup), frames))
    }
}

fn carve<'a, T: Sample>(setup: &Setup<'_, CompressorConfig>, words: &'a mut [Word]) -> Memory<'a, T> {
    let Lengths { lookahead, hold } = lengths(setup.spec, setup.config);
    Memory::carve(words, setup.spec.inputs, lookahead, hold)
}

fn ballistics(setup: &Setup<'_, CompressorConfig>) -> Ballistics {
    let params: CompressorParams = setup.params();
    Ballistics::new(params.attack_ms, params.release_ms, setup.spec.sample_rate)
}

/// The inside of a [`Compressor`].
#[derive(Debug)]
pub struct CompressorCore {
    moving: Ramp<MOVING>,
    ballistics: Ballistics,
    /// Sums of each channel's window.
    boxes: [Boxes; MAX_CHANNELS],
    lengths: Lengths,
    channels: usize,
    at: u64,
    position: usize,
    /// Whether all channels have always been turned down alike: then the first stands for all.
    alike: bool,
    reduction_db: Option<f64>,
}

impl CompressorCore {
    fn start<T: Sample>(
        setup: &Setup<'_, CompressorConfig>,
        memory: Memory<'_, T>,
        moving: Ramp<MOVING>,
    ) -> Self {
        let lengths = lengths(setup.spec, setup.config);
        let lookahead = lengths.lookahead;
        let (first, second) = Boxes::lengths(lookahead);
        let mut boxes = [Boxes::new(lookahead, &mut [], &mut []); MAX_CHANNELS];
        let rings = memory.first.chunks_exact_mut(first).zip(memory.second.chunks_exact_mut(second));
        for (boxes, (first, second)) in boxes.iter_mut().zip(rings) {
            *boxes = Boxes::new(lookahead, first, second);
        }
        SlidingMinimum::clear(memory.held);
        SlidingMinimum::clear(memory.ahead);
        memory.ballistics.fill([0.0; 2]);
        memory.ring.fill(T::ZERO);
        let ballistics = ballistics(setup);
        let channels = setup.spec.inputs;
        let (at, position, alike, reduction_db) = (0, 0, true, None);
        Self { moving, ballistics, boxes, lengths, channels, at, position, alike, reduction_db }
    }

    /// Gives every channel the first one's state: they are about to part.
    fn part<T: Sample>(&mut self, memory: &mut Memory<'_, T>) {
        let channels = self.channels;
        repeat_first(memory.held, channels);
        repeat_first(memory.ahead, channels);
        repeat_first(memory.first, channels);
        repeat_first(memory.second, channels);
        repeat_first(memory.ballistics, channels);
        self.boxes = [self.boxes[0]; MAX_CHANNELS];
        self.alike = false;
    }

    /// Some frames, at most [`CHUNK`].
    #[inline(always)]
    fn chunk<S: Simd, T: Sample>(
        &mut self,
        simd: S,
        course: &Course,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
        key: Key<'_, T>,
    ) {
        let count = block.frames();
        let asked = Asked::hear(course, block, key, self.channels);
        if !asked.linked && self.alike {
            self.part(memory);
        }
        let mut largest = 0.0;
        if self.alike {
            let ([factors], last) = self.shape(simd, course, memory, 0, [asked.together], count);
            largest = last;
            for channel in 0..self.channels {
                self.apply(&factors, memory, block, channel);
            }
        } else {
            // Two at a time, side by side.
            for first in (0..self.channels).step_by(2) {
                let one = asked.by(course, block, key, first);
                let last = if first + 1 < self.channels {
                    let other = asked.by(course, block, key, first + 1);
                    self.channels_from(simd, course, memory, first, [one, other], block)
                } else {
                    self.channels_from(simd, course, memory, first, [one], block)
                };
                largest = f64::max(largest, last);
            }
        }
        self.reduction_db = Some(largest);
        self.position = (self.position + count) % self.lengths.lookahead.max(1);
        self.at += count as u64;
    }

    /// Turns down `N` channels, each by what it asks for itself. Returns the largest reduction of the last frame.
    #[inline(always)]
    fn channels_from<S: Simd, T: Sample, const N: usize>(
        &mut self,
        simd: S,
        course: &Course,
        memory: &mut Memory<'_, T>,
        first: usize,
        asked: [Whole; N],
        block: &mut Block<'_, '_, T>,
    ) -> f64 {
        let (factors, last) = self.shape(simd, course, memory, first, asked, block.frames());
        for (lane, factors) in factors.iter().enumerate() {
            self.apply(factors, memory, block, first + lane);
        }
        last
    }

    /// Delays a channel and multiplies it.
    #[inline(always)]
    fn apply<T: Sample>(
        &self,
        factors: &[T; CHUNK],
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
        channel: usize,
    ) {
        let audio = block.channel(channel);
        let frames = self.lengths.lookahead;
        delay_line::wait(&mut memory.ring[channel * frames..][..frames], self.position, audio);
        audio.iter_mut().zip(factors).for_each(|(sample, factor)| *sample *= *factor);
    }
}

/// The first part of `values`, of as many equal parts as channels, in every other.
fn repeat_first<E: Copy>(values: &mut [E], channels: usize) {
    let length = values.len() / channels.max(1);
    for channel in 1..channels {
        values.copy_within(..length, channel * length);
    }
}

impl<T: Sample> Core<T> for CompressorCore {
    type Config = CompressorConfig;

    fn change(&mut self, setup: &Setup<'_, CompressorConfig>, _: &mut [Word], _: Id, change: Change) {
        self.moving.change(targets(setup), change);
        self.ballistics = ballistics(setup);
    }

    fn run(
        &mut self,
        setup: &Setup<'_, CompressorConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        key: Key<'_, T>,
    ) {
        let mut memory = carve::<T>(setup, words);
        let mut course = Course::at_rest(&self.moving);
        dispatch!(setup.spec.simd, s => {
            let mut done = 0;
            while done < block.frames() {
                let end = block.frames().min(done + CHUNK);
                let moves = !self.moving.is_settled();
                if moves {
                    course.fill(&mut self.moving, end - done);
                }
                let mut part = block.part(done, end);
                self.chunk(s, &course, &mut memory, &mut part, key.part(done, end));
                if moves && self.moving.is_settled() {
                    course = Course::at_rest(&self.moving);
                }
                done = end;
            }
        });
    }

    fn snap(&mut self, setup: &Setup<'_, CompressorConfig>, words: &mut [Word]) {
        carve::<T>(setup, words).ballistics.iter_mut().flatten().for_each(|value| *value = value.snap());
    }

    fn reset(&mut self, setup: &Setup<'_, CompressorConfig>, words: &mut [Word]) {
        self.moving.jump(targets(setup));
        *self = Self::start(setup, carve::<T>(setup, words), self.moving);
    }

    fn latency(&self, _setup: &Setup<'_, CompressorConfig>) -> usize {
        self.lengths.lookahead
    }

    fn tail(&self, _setup: &Setup<'_, CompressorConfig>, _words: &[Word]) -> Option<usize> {
        Some(self.lengths.lookahead)
    }

    fn reading(&self, _: &Setup<'_, CompressorConfig>, _: &[Word], id: Id) -> Option<f64> {
        self.reduction_db.filter(|_| id.item() == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Processor;
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
        let spec = Spec::new(48_000.0, audio.len()).with_keys(keys);
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
