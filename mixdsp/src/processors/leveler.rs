//! Leveler: rides the level of a voice or a programme to a loudness.
//!
//! ```text
//! in --+--> K-weighting --> power of 10 ms --> momentary loudness --> those of the last 1.5 s that count --> level
//!      |                                                       target - level --> slow --> gain in dB
//!      |                          loudness of 60 ms: not far over the target -----^          |
//!      `--> wait for the look-ahead --------------------------------------------------------(x)--> out
//! ```
//!
//! Every 10 ms the level is the mean of the momentary loudnesses (400 ms, Rec. ITU-R BS.1770-5) of the last 1.5 s that are
//! over `silence_lufs` and at most 20 LU under the loudest. The gain that it lacks to the target, within `max_boost_db` and
//! `max_cut_db`, is approached in `response_ms`, and eight times as fast from far away. After a second of silence a gain
//! above `brake_db` comes down to that, so that noise is not raised between words; when the voice comes back so does the
//! gain. What is suddenly 8 LU over the target comes down in 30 ms. It begins at 0 dB, and quickly finds its gain as soon
//! as there is something to measure.
//!
//! State: `filter` and one of its channels per channel; `powers` and `momentaries`, rings of the last values; `since`, frames
//! since the last point, `points`, points since reset; `silent`, points without anything that counts; `heard`, points with.
//! `target_db` is where the gain goes, `smoothed_db` two one-poles behind it, so that it moves without a corner.
//!
//! A look-ahead of a second knows the words to come: of synthetic speech 95 % of the time is then within 1.7 LU of the
//! target, 2.2 LU without.
//!
//! Latency is the look-ahead. Cost: two second-order sections per channel and one power per frame.

use crate::base::audio::Block;
use crate::base::layout::layout;
use crate::base::math::FastMath;
use crate::base::sample::Sample;
use crate::base::spec::Spec;
use crate::base::units::{DECIBELS_PER_OCTAVE, seconds_to_frames};
use crate::dsp::delay_line;
use crate::dsp::dynamics::latest::Latest;
use crate::dsp::k_weighting::{Channel, KWeighting};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::ramp::{CHUNK, Change};
use crate::params::{Id, params, readings};

/// From one point to the next.
const INTERVAL_SECONDS: f64 = 0.01;
/// Points of a momentary loudness, of the level's window, of what is sudden, and of the silence before the brake.
const MOMENTARY: usize = 40;
const WINDOW: usize = 150;
const SUDDEN: usize = 6;
const PATIENCE: usize = 100;
/// Momentary loudnesses so far under the loudest do not count, in LU.
const GATE_LU: f64 = 20.0;
/// What is so far over the target comes down at once, in LU.
const GUARD_LU: f64 = 8.0;
/// Time constants of that, of the brake, of the start, and of the two one-poles, in seconds.
const GUARD_SECONDS: f64 = 0.03;
const BRAKE_SECONDS: f64 = 0.5;
const START_SECONDS: f64 = 0.15;
const SMOOTH_SECONDS: f64 = 0.005;
/// Distances in decibels at which the gain moves in the response's time, and eight times as fast.
const NEAR_DB: f64 = 2.0;
const FAR_DB: f64 = 6.0;
const FASTER: f64 = 8.0;
/// Of a mean square of 1.
const LUFS_OFFSET: f64 = -0.691;

params! {
    /// Settings of a [`Leveler`].
    pub struct LevelerParams {
        /// Loudness that it rides to.
        TARGET_LUFS = 1, target_lufs ("Target"): linear(-50.0..=-6.0, "LUFS") = -18.0;
        /// Most gain.
        MAX_BOOST_DB = 2, max_boost_db ("Largest boost"): linear(0.0..=40.0, "dB") = 20.0;
        /// Most reduction.
        MAX_CUT_DB = 3, max_cut_db ("Largest cut"): linear(0.0..=40.0, "dB") = 20.0;
        /// Time constant of the gain; far from where it should be it is eight times as fast.
        RESPONSE_MS = 4, response_ms ("Response"): log(200.0..=2000.0, "ms") = 1000.0;
        /// Momentary loudness under which it does not listen.
        SILENCE_LUFS = 5, silence_lufs ("Silence"): linear(-80.0..=-20.0, "LUFS") = -50.0;
        /// Most gain in silence.
        BRAKE_DB = 6, brake_db ("Brake"): linear(0.0..=40.0, "dB") = 6.0;
    }
}

params! {
    /// What is fixed when a [`Leveler`] is built.
    pub struct LevelerConfig {
        /// How far it looks ahead, which is its latency: a second for whole programmes, 0 for what is live.
        LOOKAHEAD_MS = 1001, lookahead_ms ("Look-ahead"): linear(0.0..=2000.0, "ms") = 0.0;
    }
}

readings! {
    /// What a [`Leveler`] reports.
    pub struct LevelerReadings {
        /// Gain at the last frame.
        GAIN_DB = 2001, gain_db ("Gain"): "dB";
        /// The level that it rides, before its gain.
        LEVEL_LUFS = 2002, level_lufs ("Level"): "LUFS";
    }
}

processor! {
    /// Rides the level of a voice or a programme to a loudness.
    /// As many channels out as in; all get the same gain.
    pub Leveler = LevelerKind {
        key: "leveler",
        label: "Leveler",
        params: LevelerParams,
        config: LevelerConfig,
        readings: LevelerReadings,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// Channels and frames.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    lookahead: usize,
}

impl Sizes {
    const fn new(spec: &Spec, config: &LevelerConfig) -> Self {
        let lookahead = seconds_to_frames(config.lookahead_ms * 1e-3, spec.sample_rate);
        Self { channels: spec.inputs, lookahead }
    }
}

layout! {
    /// The words of a leveler.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// On their way through the filter.
        channels: [Channel; sizes.channels],
        /// Powers of 10 ms, and momentary powers, of the last points.
        powers: [f64; MOMENTARY],
        momentaries: [f64; WINDOW],
        /// What waits for the look-ahead, channel by channel.
        delay: [T; sizes.channels * sizes.lookahead],
    }
}

/// The state of a [`Leveler`].
#[derive(Debug)]
pub struct State {
    filter: KWeighting,
    interval: usize,
    since: usize,
    /// Place in the look-ahead's delay.
    position: usize,
    points: u64,
    silent: usize,
    heard: usize,
    level_lufs: Option<f64>,
    target_db: f64,
    smoothed_db: [f64; 2],
    /// Share by which the one-poles move in a frame.
    smooth: f64,
    gains_db: Latest,
}

/// Share of the way in one interval.
fn share(seconds: f64) -> f64 {
    1.0 - libm::exp(-INTERVAL_SECONDS / seconds)
}

fn loudness(power: f64) -> f64 {
    LUFS_OFFSET + 10.0 * libm::log10(power.max(1e-12))
}

fn mean<'a>(powers: impl Iterator<Item = &'a f64>) -> f64 {
    let (sum, count) = powers.fold((0.0, 0.0), |(sum, count), power| (sum + power, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

impl State {
    /// A point: measures, and finds where the gain goes.
    fn turn<T: Sample>(&mut self, params: &LevelerParams, memory: &mut Memory<'_, T>) {
        let heard: f64 = memory.channels.iter_mut().map(|channel| core::mem::take(&mut channel.energy)).sum();
        let at = self.points as usize;
        memory.powers[at % MOMENTARY] = heard / self.interval as f64;
        let known = MOMENTARY.min(at + 1);
        let momentary = mean(memory.powers[..known].iter());
        memory.momentaries[at % WINDOW] = momentary;
        let sudden =
            mean((0..SUDDEN.min(known)).map(|back| &memory.powers[(at + MOMENTARY - back) % MOMENTARY]));
        (self.since, self.points) = (0, self.points + 1);
        if loudness(momentary) > params.silence_lufs {
            (self.silent, self.heard) = (0, self.heard + 1);
            self.level_lufs = Some(level(memory.momentaries, params.silence_lufs));
        } else {
            self.silent += 1;
        }
        self.ride(params);
        let over_db = loudness(sudden) + self.target_db - (params.target_lufs + GUARD_LU);
        if over_db > 0.0 {
            self.target_db -= over_db * share(GUARD_SECONDS);
        }
    }

    /// Moves the gain towards what the level lacks, or brakes.
    fn ride(&mut self, params: &LevelerParams) {
        let LevelerParams { target_lufs, max_boost_db, max_cut_db, response_ms, brake_db, .. } = *params;
        let Some(level_lufs) = self.level_lufs else { return };
        if self.silent > PATIENCE {
            let over_db = (self.target_db - brake_db).max(0.0);
            self.target_db -= over_db * share(BRAKE_SECONDS);
        } else if self.silent == 0 {
            let away_db = (target_lufs - level_lufs).clamp(-max_cut_db, max_boost_db) - self.target_db;
            let far = ((away_db.abs() - NEAR_DB) / (FAR_DB - NEAR_DB)).clamp(0.0, 1.0);
            let response = response_ms * 1e-3 / (1.0 + far * (FASTER - 1.0));
            let seconds = if self.heard < WINDOW { response.min(START_SECONDS) } else { response };
            self.target_db += away_db * share(seconds);
        }
    }
}

/// Loudness of the momentary powers that count.
fn level(momentaries: &[f64], silence_lufs: f64) -> f64 {
    let loudest = momentaries.iter().fold(0.0, |loudest: f64, power| loudest.max(*power));
    let gate = (loudness(loudest) - GATE_LU).max(silence_lufs);
    loudness(mean(momentaries.iter().filter(|power| loudness(**power) > gate)))
}

impl ProcessorKind for LevelerKind {
    type Moving = ();
    type State<T: Sample> = State;

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Memory<'_, T>) -> State {
        let rate = setup.spec.sample_rate;
        memory.channels.fill(Channel::SILENT);
        State {
            filter: KWeighting::new(rate),
            interval: seconds_to_frames(INTERVAL_SECONDS, rate).max(1),
            since: 0,
            position: 0,
            points: 0,
            silent: 0,
            heard: 0,
            level_lufs: None,
            target_db: 0.0,
            smoothed_db: [0.0; 2],
            smooth: 1.0 - libm::exp(-1.0 / (SMOOTH_SECONDS * rate)),
            gains_db: Latest::EMPTY,
        }
    }

    /// The values are looked at at every point.
    fn change<T: Sample>(_: Run<'_, Self, T>, _: Id, _: Change) {}

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, state, mut memory, .. } = run;
        let params = setup.params();
        let mut done = 0;
        while done < block.frames() {
            let count = (block.frames() - done).min(CHUNK).min(state.interval - state.since);
            let mut part = block.part(done, done + count);
            for (at, channel) in memory.channels.iter_mut().enumerate() {
                let mut samples = [0.0; CHUNK];
                samples.iter_mut().zip(part.input(at)).for_each(|(to, from)| *to = from.to_f64());
                state.filter.hear(channel, &samples[..count]);
            }
            let mut gains_db = [0.0; CHUNK];
            let [mut first, mut second] = state.smoothed_db;
            for gain_db in &mut gains_db[..count] {
                first += (state.target_db - first) * state.smooth;
                second += (first - second) * state.smooth;
                *gain_db = second;
            }
            state.smoothed_db = [first, second];
            let factors =
                gains_db.map(|gain_db| T::from_f64(FastMath::exp2(gain_db * (1.0 / DECIBELS_PER_OCTAVE))));
            let lookahead = setup.sizes.lookahead;
            for (at, ring) in memory.delay.chunks_exact_mut(lookahead.max(1)).enumerate() {
                delay_line::wait(ring, state.position, part.channel(at));
            }
            state.position = (state.position + count) % lookahead.max(1);
            part.each_channel(|channel| {
                channel.iter_mut().zip(&factors).for_each(|(sample, factor)| *sample *= *factor);
            });
            state.gains_db.keep(&gains_db[..count]);
            state.since += count;
            if state.since == state.interval {
                state.turn(&params, &mut memory);
            }
            done += count;
        }
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.memory.channels.iter_mut().for_each(Channel::flush_denormals);
        run.state.smoothed_db = run.state.smoothed_db.map(|value| value.flushed());
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.lookahead
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        match id.typed() {
            LevelerReadings::GAIN_DB => look.state.gains_db.newest(),
            LevelerReadings::LEVEL_LUFS => look.state.level_lufs,
            _ => None,
        }
    }

    fn trace<T: Sample>(look: Look<'_, Self, T>, id: Id, out: &mut [f64]) -> usize {
        if id.typed() == LevelerReadings::GAIN_DB { look.state.gains_db.write(out) } else { 0 }
    }
}
