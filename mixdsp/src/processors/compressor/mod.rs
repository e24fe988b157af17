//! Compressor: turns down what is louder than a threshold, or turns up what is softer.
//!
//! ```text
//! sidechain or in --> filter --> |x| or root mean square, in dB --> curve --> link --> asked
//! asked --> hold --> largest ahead --> attack, release --> window --> make-up, mix --> factor
//!
//! in --> wait for the look-ahead --> x factor --> as loud as before, where asked --> out
//! ```
//!
//! Feed-forward, in decibels, the curve before the ballistics (Giannoulis, Massberg, Reiss, "Digital Dynamic
//! Range Compressor Design", JAES 60(6), 2012). Attack and release are time constants: 63.2 % of the way.
//! Feedback has the same curve and shorter times (`dsp::envelope::ballistics`).
//!
//! The detector `peak_hold` keeps the largest reduction of the last `hold_ms`, so that the gain does not
//! follow the single waves of a bass: a 40 Hz sine comes out without measurable distortion, for a release
//! that begins up to 12.5 ms later. `peak` does not hold, and neither does `rms`.
//!
//! With look-ahead the largest reduction ahead is held until it has passed, and moves in a window of the
//! look-ahead's length: with an attack of 0 the gain is fully down when the peak arrives.
//!
//! `linked_reduction` says what a level asks for, `gain_smoother` what comes of it, `smoothed_params` holds the numbers that
//! move. What it listens to and how loud that is tells `dsp::dynamics::detector`; `presets` has characters.
//!
//! State, per channel: see `memory`. `alike` is true while all channels have always been turned down alike: then the
//! first stands for all. `position` is the place in the look-ahead's delay; `latest` has the
//! reductions of the latest frames.
//! Latency is the look-ahead. Cost: one logarithm, one power and one recursion per channel and frame; linked
//! channels take one logarithm, and while they stand alike one of the rest. Feedback, auto release, a filter, and make-up
//! by loudness cost extra while they are on.

mod gain_smoother;
mod linked_reduction;
mod memory;
mod params;
mod presets;
mod smoothed_params;

pub use params::{
    AutoMakeup, CompressorConfig, CompressorDetector, CompressorDirection, CompressorParams,
    CompressorReadings, CompressorTopology,
};

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::dsp::delay_line;
use crate::dsp::dynamics::detector;
use crate::dsp::dynamics::factors::apply;
use crate::dsp::dynamics::fixed_gain::FixedGain;
use crate::dsp::dynamics::latest::Latest;
use crate::dsp::dynamics::loudness_match::{self, Side};
use crate::dsp::envelope::ballistics::{Ballistics, SlowStage};
use crate::dsp::filter::band::Band;
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::ramp::{CHUNK, Change};
use crate::params::{Id, Row};
use fearless_simd::Simd;
use gain_smoother::GainSmoother;
use linked_reduction::LinkedReduction;
use memory::{Memory, MemoryRef, Sizes};
use smoothed_params::{Moving, SmoothedParams};

processor! {
    /// Turns down what is louder than a threshold.
    /// As many channels out as in; with sidechain channels it listens to them. Upward it turns up what is softer.
    /// [`CompressorParams`] has presets of usual characters: `clean`, `bus_glue`, `opto`, `fet`.
    pub Compressor = CompressorKind {
        key: "compressor",
        label: "Compressor",
        params: CompressorParams,
        groups: [sidechain_bands: Band],
        config: CompressorConfig,
        readings: CompressorReadings,
        presets: presets::ALL,
        sidechain: true,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// Make-up by loudness is at most this, up or down.
const MOST_MATCH_DB: f64 = 12.0;
/// Where it begins: -40 LUFS, about.
const MATCH_BEGINNING: f64 = 1e-4;

/// The state of a [`Compressor`].
#[derive(Debug)]
pub struct State {
    detector: detector::State,
    smoother: GainSmoother,
    loudness: loudness_match::State,
    sizes: Sizes,
    position: usize,
    alike: bool,
    latest: Latest,
}

fn times(setup: &Setup<'_, CompressorKind>) -> (Ballistics, SlowStage) {
    let CompressorParams { attack_ms, release_ms, slow_charge_ms, slow_release_ms, .. } = setup.params();
    let rate = setup.spec.sample_rate;
    (Ballistics::new(attack_ms, release_ms, rate), SlowStage::new(slow_charge_ms, slow_release_ms, rate))
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
        matches: bool,
    ) {
        let channels = self.sizes.channels;
        let count = block.frames();
        memory.detector.listen(&mut self.detector, block, params.listening());
        let key = memory.detector.key(&self.detector, block);
        let linked = LinkedReduction::detect(simd, params, &key, channels);
        self.smoother.own = block.sidechain().channels() == 0;
        if !linked.linked && self.alike {
            // They are about to part.
            self.smoother.part(memory);
            self.alike = false;
        }
        let mut lanes = Lanes { matches, largest_db: [f64::NEG_INFINITY; CHUNK] };
        // Two at a time, side by side.
        let mut first = 0;
        while !self.alike && first + 1 < channels {
            let mut asked = [linked.together; 2];
            for lane in 0..2 {
                let key = memory.detector.key(&self.detector, block);
                asked[lane] = linked.of_channel(simd, params, &key, first + lane);
            }
            self.turn_down(simd, params, memory, first, &mut asked, block, &mut lanes);
            first += 2;
        }
        // All by the first, or the last by itself.
        if first < channels {
            let key = memory.detector.key(&self.detector, block);
            let mut asked =
                [if self.alike { linked.together } else { linked.of_channel(simd, params, &key, first) }];
            self.turn_down(simd, params, memory, first, &mut asked, block, &mut lanes);
        }
        if matches {
            self.make_as_loud(params, memory, block);
        }
        self.latest.keep(&lanes.largest_db[..count]);
        self.position = (self.position + count) % self.sizes.lookahead.max(1);
        self.smoother.at += count as u64;
    }

    /// Turns down `N` channels from `first` on, each by what it asks for itself; all by the first while they are alike.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "each is another thing")]
    fn turn_down<S: Simd, T: Sample, const N: usize>(
        &mut self,
        simd: S,
        params: &SmoothedParams,
        memory: &mut Memory<'_, T>,
        first: usize,
        asked: &mut [FixedGain; N],
        block: &mut Block<'_, '_, T>,
        lanes: &mut Lanes,
    ) {
        let mut factors = [[T::ONE; CHUNK]; N];
        let largest_db = &mut lanes.largest_db;
        self.smoother.run(simd, params, memory, first, (asked, block.frames()), (&mut factors, largest_db));
        let turned_down = if self.alike { self.sizes.channels } else { N };
        for lane in 0..turned_down {
            let channel = first + lane;
            self.wait(memory, block, channel);
            if lanes.matches {
                memory.loudness.hear(&self.loudness, Side::In, channel, block.input(channel));
            }
            apply(simd, &factors[lane.min(N - 1)], block.channel(channel));
            if lanes.matches {
                memory.loudness.hear(&self.loudness, Side::Out, channel, block.input(channel));
            }
        }
    }

    /// Delays a channel by the look-ahead.
    #[inline(never)]
    fn wait<T: Sample>(&self, memory: &mut Memory<'_, T>, block: &mut Block<'_, '_, T>, channel: usize) {
        let frames = self.sizes.lookahead;
        let delay = &mut memory.delay[channel * frames..][..frames];
        delay_line::wait(delay, self.position, block.channel(channel));
    }

    /// Makes what comes out as loud as what came in.
    #[inline(never)]
    fn make_as_loud<T: Sample>(
        &mut self,
        params: &SmoothedParams,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
    ) {
        let mut gains = [1.0; CHUNK];
        self.loudness.fill(&mut gains, block.frames());
        for (gain, share) in gains.iter_mut().zip(&params.loudness) {
            *gain = 1.0 + share * (*gain - 1.0);
        }
        block.each_channel(|channel| {
            for (sample, gain) in channel.iter_mut().zip(&gains) {
                *sample *= T::from_f64(*gain);
            }
        });
        memory.loudness.advance(&mut self.loudness, block.frames());
    }
}

/// What happens in all lanes of a chunk.
struct Lanes {
    /// Whether the loudness is matched.
    matches: bool,
    /// The largest reductions of all channels.
    largest_db: [f64; CHUNK],
}

impl ProcessorKind for CompressorKind {
    type Moving = Moving;
    type State<T: Sample> = State;

    fn range(row: &Row, spec: &Spec, _: &CompressorConfig) -> (f64, f64) {
        detector::range(row, spec)
    }

    fn design(setup: &Setup<'_, Self>) -> Moving {
        Moving::of(&setup.params())
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut memory: Memory<'_, T>) -> State {
        let sizes = *setup.sizes;
        let (rate, window_ms) = (setup.spec.sample_rate, setup.params().rms_window_ms);
        let detector = memory.detector.start(rate, window_ms, |band| setup.item(band));
        let smoother = GainSmoother::new((sizes, setup.spec.simd), times(setup), &mut memory);
        let mut loudness = loudness_match::State::new(rate, MOST_MATCH_DB, MATCH_BEGINNING);
        memory.loudness.restart(&mut loudness, 0);
        State { detector, smoother, loudness, sizes, position: 0, alike: true, latest: Latest::EMPTY }
    }

    fn change<T: Sample>(mut run: Run<'_, Self, T>, id: Id, change: Change) {
        let (setup, state, memory) = (&run.setup, run.state, &mut run.memory);
        let rate = setup.spec.sample_rate;
        if id.table() == Band::TABLE {
            let item = id.item() as usize;
            memory.detector.change(rate, (item, &setup.item(item)), change);
            return;
        }
        let design = Self::design(setup);
        if design.loudness > 0.0 && run.moving.target().loudness == 0.0 && run.moving.value().loudness == 0.0
        {
            memory.loudness.restart(&mut state.loudness, state.smoother.at);
        }
        run.moving.change(design, change);
        (state.smoother.ballistics, state.smoother.slow) = times(setup);
        state.detector.set_window(setup.params().rms_window_ms, rate);
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, moving, state, mut memory } = run;
        let mut params = SmoothedParams::at_rest(moving.target());
        dispatch!(setup.spec.simd, s => {
            let mut done = 0;
            while done < block.frames() {
                let mut end = block.frames().min(done + CHUNK);
                let moves = !moving.is_settled();
                let matches = moving.target().loudness > 0.0 || moves && moving.value().loudness > 0.0;
                if matches {
                    end = end.min(done + state.loudness.frames_to_point());
                }
                if moves {
                    // They come to rest at the same frame for any cut.
                    end = end.min(done + moving.frames_left());
                    params.fill(moving, end - done);
                }
                let part = &mut block.part(done, end);
                state.chunk(s, &params, &mut memory, part, matches);
                if moves && moving.is_settled() {
                    params = SmoothedParams::at_rest(moving.target());
                }
                done = end;
            }
        });
    }

    fn flush_denormals<T: Sample>(mut run: Run<'_, Self, T>) {
        run.memory.ballistics.iter_mut().flatten().for_each(|value| *value = value.flushed());
        run.memory.slow.iter_mut().for_each(|value| *value = value.flushed());
        run.memory.detector.flush_denormals();
        run.memory.loudness.flush_denormals();
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.lookahead
    }

    fn tail<T: Sample>(look: Look<'_, Self, T>) -> Option<usize> {
        let listens = look.moving.target().listen > 0.0 || !look.moving.is_settled();
        let heard = if listens { look.memory.detector.tail() + look.moving.frames_left() } else { 0 };
        Some(look.setup.sizes.lookahead + heard)
    }

    fn static_curve_db<T: Sample>(look: Look<'_, Self, T>, level_db: f64) -> Option<f64> {
        Some(look.setup.params().static_curve_db(level_db))
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        look.state.latest.newest().filter(|_| id.item() == 0)
    }

    fn trace<T: Sample>(look: Look<'_, Self, T>, id: Id, out: &mut [f64]) -> usize {
        if id.typed() != CompressorReadings::GAIN_REDUCTION_DB {
            return 0;
        }
        look.state.latest.write(out)
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
