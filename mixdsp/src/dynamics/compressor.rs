//! Compressor: turns down what is louder than a threshold.
//!
//! ```text
//! key or in --> |x| in dB --> curve --> hold --> link --> attack, release --> window --> gain
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
//! State, per listening channel: `minima`, the reductions of the hold and the look-ahead as whole numbers,
//! `ballistics`, `first` and `second`, the window; per channel: `ring`, what waits. `at` counts frames since
//! reset. Latency is the look-ahead. Cost: one logarithm, one power and one recursion per channel and frame;
//! channels that are linked and stand alike are computed once.

use crate::audio::{Block, Key, MAX_CHANNELS};
use crate::envelope::ballistics::{Ballistics, Memory as BallisticsMemory};
use crate::envelope::curve::{curve, reduction_db};
use crate::envelope::{Boxes, SlidingMinimum, UNITY, minimum_words};
use crate::error::Error;
use crate::kind::{Core, Kind, Setup};
use crate::line;
use crate::math::FastMath;
use crate::memory::{Storage, Word, layout};
use crate::param::{Id, ParamTable, Row, Table, choices, params, readings};
use crate::ramp::{CHUNK, Change, Ramp, ramp_frames};
use crate::sample::Sample;
use crate::simd::dispatch;
use crate::spec::Spec;
use crate::unit::{Unit, words_for_params};
use crate::units::decibels_to_gain;

choices! {
    /// What the compressor takes for the level.
    pub enum CompressorDetector {
        /// Every sample's distance from zero.
        Peak = "peak",
        /// The same, and the largest reduction of the last `hold_ms` counts: clean on bass.
        PeakHold = "peak_hold",
    }
}

params! {
    /// Settings of a [`Compressor`].
    pub struct CompressorParams {
        /// Level above which it works.
        THRESHOLD_DB = 1, threshold_db ("Threshold"): linear(-80.0..=0.0, "dB") = -18.0;
        /// How many decibels in make one out, above the threshold.
        RATIO = 2, ratio ("Ratio"): log(1.0..=1000.0, "") = 4.0;
        /// Width of the bend around the threshold.
        KNEE_DB = 3, knee_db ("Knee"): linear(0.0..=36.0, "dB") = 6.0;
        /// Time constant of going down; 0 is instant.
        ATTACK_MS = 4, attack_ms ("Attack"): linear(0.0..=250.0, "ms") = 10.0;
        /// Time constant of coming back.
        RELEASE_MS = 5, release_ms ("Release"): log(1.0..=5000.0, "ms") = 100.0;
        /// Gain after compression.
        MAKEUP_DB = 6, makeup_db ("Make-up"): linear(-24.0..=24.0, "dB") = 0.0;
        /// Share of the compressed sound; the rest is dry.
        MIX = 7, mix ("Mix"): linear(0.0..=1.0, "") = 1.0;
        /// 1 turns all channels down alike, 0 each by itself.
        LINK = 8, link ("Link"): linear(0.0..=1.0, "") = 1.0;
        /// What counts as level.
        DETECTOR = 9, detector ("Detector"): choice(CompressorDetector) = CompressorDetector::PeakHold;
    }
}

params! {
    /// What is fixed when a [`Compressor`] is built.
    pub struct CompressorConfig {
        /// How far it looks ahead; this is its latency.
        LOOKAHEAD_MS = 1001, lookahead_ms ("Look-ahead"): linear(0.0..=50.0, "ms") = 0.0;
        /// How long the detector holds: half a wave of the lowest bass.
        HOLD_MS = 1002, hold_ms ("Hold"): linear(0.0..=50.0, "ms") = 12.5;
    }
}

readings! {
    /// What a [`Compressor`] reports.
    pub struct CompressorReadings {
        /// Largest gain reduction of all channels at the last frame.
        GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
    }
}

/// Turns down what is louder than a threshold. As many channels out as in; with key channels it listens to
/// them.
pub type Compressor<T, S = Storage> = Unit<CompressorKind, T, S>;

/// Whole numbers per decibel of reduction, in the hold and the window: up to 128 dB fit below unity.
const PER_DECIBEL: f64 = (1 << 23) as f64;
/// Largest reduction: the whole number 0 is not reached.
const LARGEST_DB: f64 = 127.0;
/// Decibels of a doubling.
const DECIBELS_PER_OCTAVE: f64 = 6.020_599_913_279_624;

/// Frames of the look-ahead and of the hold.
#[derive(Clone, Copy, Debug)]
struct Lengths {
    lookahead: usize,
    hold: usize,
}

const fn lengths(spec: &Spec, config: &CompressorConfig) -> Lengths {
    Lengths {
        lookahead: crate::units::seconds_to_frames(config.lookahead_ms * 1e-3, spec.sample_rate),
        hold: crate::units::seconds_to_frames(config.hold_ms * 1e-3, spec.sample_rate),
    }
}

/// Channels that are listened to: the larger of key and input, so that the unit may also run without key.
const fn listeners(spec: &Spec) -> usize {
    if spec.keys > spec.inputs { spec.keys } else { spec.inputs }
}

layout! {
    /// The words of a compressor.
    struct Memory<T>, read as MemoryRef (inputs: usize, listeners: usize, lookahead: usize, hold: usize) {
        reductions: [f64; listeners * CHUNK],
        ballistics: [BallisticsMemory; listeners],
        held: [u32; listeners * minimum_words(hold + 1)],
        ahead: [u32; listeners * minimum_words(lookahead + 1)],
        first: [u32; listeners * Boxes::lengths(lookahead).0],
        second: [u64; listeners * Boxes::lengths(lookahead).1],
        ring: [T; inputs * lookahead],
    }
}

impl<T: Sample> Compressor<T> {
    /// Words that a compressor needs.
    pub const fn memory(spec: &Spec, config: &CompressorConfig) -> usize {
        let Lengths { lookahead, hold } = lengths(spec, config);
        let own = Memory::<T>::words(spec.inputs, listeners(spec), lookahead, hold);
        words_for_params(CompressorParams::ROWS.len()).saturating_add(own)
    }
}

/// The catalogue's entry for [`Compressor`].
#[derive(Debug)]
pub struct CompressorKind;

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
        CompressorCore::start(setup, memory, Ramp::new(moving(setup), frames))
    }
}

fn carve<'a, T: Sample>(setup: &Setup<'_, CompressorConfig>, words: &'a mut [Word]) -> Memory<'a, T> {
    let Lengths { lookahead, hold } = lengths(setup.spec, setup.config);
    Memory::carve(words, setup.spec.inputs, listeners(setup.spec), lookahead, hold)
}

/// What moves by the ramp: the curve's three, make-up as a factor, mix, link, share of the hold.
const MOVING: usize = 7;

fn moving(setup: &Setup<'_, CompressorConfig>) -> [f64; MOVING] {
    let params: CompressorParams = setup.params();
    let [threshold, slope, knee] = curve(params.threshold_db, params.ratio, params.knee_db);
    let hold = f64::from(u8::from(params.detector == CompressorDetector::PeakHold));
    [threshold, slope, knee, decibels_to_gain(params.makeup_db), params.mix, params.link, hold]
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
        let Lengths { lookahead, .. } = lengths(setup.spec, setup.config);
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
        Self { moving, ballistics, boxes, at: 0, position: 0, alike: true, reduction_db: None }
    }

    /// Gives every channel the first one's state: they are about to part.
    fn part<T: Sample>(&mut self, memory: &mut Memory<'_, T>, channels: usize) {
        repeat_first(memory.held, channels);
        repeat_first(memory.ahead, channels);
        repeat_first(memory.first, channels);
        repeat_first(memory.second, channels);
        repeat_first(memory.ballistics, channels);
        self.boxes = [self.boxes[0]; MAX_CHANNELS];
        self.alike = false;
    }

    /// Turns the reductions that the curve asks for into those that happen, channel by channel.
    fn shape<T: Sample>(
        &mut self,
        lengths: Lengths,
        memory: &mut Memory<'_, T>,
        channels: usize,
        share: &[f64; CHUNK],
        count: usize,
    ) {
        let Lengths { lookahead, hold } = lengths;
        let (held, ahead) = (minimum_words(hold + 1), minimum_words(lookahead + 1));
        let (first, second) = Boxes::lengths(lookahead);
        for channel in 0..channels {
            let reductions = &mut memory.reductions[channel * CHUNK..][..count];
            if hold > 0 {
                let mut whole = to_whole(reductions);
                let held = &mut memory.held[channel * held..][..held];
                SlidingMinimum::new(held, hold + 1).run(&mut whole[..count], self.at);
                for (f, reduction) in reductions.iter_mut().enumerate() {
                    *reduction += share[f] * (to_decibels(whole[f]) - *reduction).max(0.0);
                }
            }
            if lookahead > 0 {
                let mut whole = to_whole(reductions);
                let ahead = &mut memory.ahead[channel * ahead..][..ahead];
                SlidingMinimum::new(ahead, lookahead + 1).run(&mut whole[..count], self.at);
                for (reduction, whole) in reductions.iter_mut().zip(whole) {
                    *reduction = to_decibels(whole);
                }
            }
        }
        let mut reductions = memory.reductions.chunks_exact_mut(CHUNK).map(|channel| &mut channel[..count]);
        let mut memories = memory.ballistics.iter_mut();
        for pair in 0..channels.div_ceil(2) {
            match (memories.next(), reductions.next(), memories.next(), reductions.next()) {
                (Some(a), Some(x), Some(b), Some(y)) if pair * 2 + 1 < channels => {
                    self.ballistics.run([a, b], [x, y]);
                }
                (Some(a), Some(x), ..) => self.ballistics.run([a], [x]),
                _ => {}
            }
        }
        if lookahead > 0 {
            for channel in 0..channels {
                let reductions = &mut memory.reductions[channel * CHUNK..][..count];
                let whole = to_whole(reductions);
                let mut sums = [0; CHUNK];
                let first = &mut memory.first[channel * first..][..first];
                let second = &mut memory.second[channel * second..][..second];
                let boxes = &mut self.boxes[channel];
                boxes.run(first, second, &whole[..count], &mut sums[..count], self.at);
                let scale = UNITY as f64 / boxes.whole();
                for (reduction, sum) in reductions.iter_mut().zip(sums) {
                    *reduction = (UNITY as f64 - sum as f64 * scale) * (1.0 / PER_DECIBEL);
                }
            }
        }
    }
}

/// The first part of `values`, of as many equal parts as channels, in every other.
fn repeat_first<E: Copy>(values: &mut [E], channels: usize) {
    let length = values.len() / channels.max(1);
    for channel in 1..channels {
        values.copy_within(..length, channel * length);
    }
}

/// Reductions as whole numbers below unity.
#[inline(always)]
fn to_whole(reductions: &[f64]) -> [u32; CHUNK] {
    let mut whole = [UNITY; CHUNK];
    for (whole, reduction) in whole.iter_mut().zip(reductions) {
        let reduction = if *reduction < LARGEST_DB { *reduction } else { LARGEST_DB };
        *whole = UNITY - (reduction * PER_DECIBEL + 0.5) as u32;
    }
    whole
}

#[inline(always)]
fn to_decibels(whole: u32) -> f64 {
    (UNITY - whole) as f64 * (1.0 / PER_DECIBEL)
}

/// Reductions that the curve asks for at these samples.
#[inline(always)]
fn reductions_of<T: Sample>(samples: &[T; CHUNK], moving: &[[f64; CHUNK]; MOVING], out: &mut [f64]) {
    for (f, out) in out.iter_mut().enumerate() {
        let level = FastMath::log2(samples[f].abs()).to_f64() * DECIBELS_PER_OCTAVE;
        *out = reduction_db([moving[0][f], moving[1][f], moving[2][f]], level);
    }
}

/// Factors of a channel: make-up and mix around the reduction.
#[inline(always)]
fn factors_of<T: Sample>(reductions: &[f64], moving: &[[f64; CHUNK]; MOVING]) -> [T; CHUNK] {
    let mut factors = [T::ONE; CHUNK];
    for (f, (factor, reduction)) in factors.iter_mut().zip(reductions).enumerate() {
        let gain = FastMath::exp2(-reduction * (1.0 / DECIBELS_PER_OCTAVE)) * moving[3][f];
        *factor = T::from_f64(1.0 + moving[4][f] * (gain - 1.0));
    }
    factors
}

impl<T: Sample> Core<T> for CompressorCore {
    type Config = CompressorConfig;

    fn change(&mut self, setup: &Setup<'_, CompressorConfig>, _: &mut [Word], _: Id, change: Change) {
        self.moving.change(moving(setup), change);
        self.ballistics = ballistics(setup);
    }

    fn run(
        &mut self,
        setup: &Setup<'_, CompressorConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        key: Key<'_, T>,
    ) {
        let lengths = lengths(setup.spec, setup.config);
        let channels = setup.spec.inputs;
        let mut memory = carve::<T>(setup, words);
        let mut moving = self.moving.target().map(|value| [value; CHUNK]);
        let mut done = 0;
        while done < block.frames() {
            let count = (block.frames() - done).min(CHUNK);
            let settled = self.moving.is_settled();
            if !settled {
                self.moving.fill(&mut moving, count);
            }
            let mut part = block.part(done, done + count);

            let listening = if key.channels() > 0 { key.channels() } else { channels };
            for channel in 0..listening {
                let mut samples = [T::ZERO; CHUNK];
                if key.channels() > 0 {
                    let heard = key.part(done, done + count).samples(channel);
                    samples.iter_mut().zip(heard).for_each(|(sample, heard)| *sample = heard);
                } else {
                    samples[..count].copy_from_slice(part.input(channel));
                }
                let out = &mut memory.reductions[channel * CHUNK..][..count];
                dispatch!(setup.spec.simd, s => { let _ = s; reductions_of(&samples, &moving, out) });
            }

            // A key of another width turns all channels down alike.
            let linked = (settled && moving[5][0] == 1.0) || listening != channels;
            if !linked && self.alike {
                self.part(&mut memory, channels);
            }
            let separate = if self.alike { 1 } else { channels };
            link(
                memory.reductions,
                listening,
                separate,
                if linked { &[1.0; CHUNK] } else { &moving[5] },
                count,
            );
            self.shape(lengths, &mut memory, separate, &moving[6], count);

            for channel in 0..channels {
                let from = if self.alike { 0 } else { channel };
                let reductions = &memory.reductions[from * CHUNK..][..count];
                let factors: [T; CHUNK] =
                    dispatch!(setup.spec.simd, s => { let _ = s; factors_of(reductions, &moving) });
                let audio = part.channel(channel);
                let ring = &mut memory.ring[channel * lengths.lookahead..][..lengths.lookahead];
                line::wait(ring, self.position, audio);
                audio.iter_mut().zip(&factors).for_each(|(sample, factor)| *sample *= *factor);
            }
            let last = |channel: usize| memory.reductions[channel * CHUNK + count - 1];
            self.reduction_db = (0..separate).map(last).reduce(f64::max);
            self.position = (self.position + count) % lengths.lookahead.max(1);
            self.at += count as u64;
            done += count;
            if !settled && self.moving.is_settled() {
                moving = self.moving.target().map(|value| [value; CHUNK]);
            }
        }
    }

    fn snap(&mut self, setup: &Setup<'_, CompressorConfig>, words: &mut [Word]) {
        carve::<T>(setup, words).ballistics.iter_mut().flatten().for_each(|value| *value = value.snap());
    }

    fn reset(&mut self, setup: &Setup<'_, CompressorConfig>, words: &mut [Word]) {
        self.moving.jump(moving(setup));
        *self = Self::start(setup, carve::<T>(setup, words), self.moving);
    }

    fn latency(&self, setup: &Setup<'_, CompressorConfig>) -> usize {
        lengths(setup.spec, setup.config).lookahead
    }

    fn tail(&self, setup: &Setup<'_, CompressorConfig>, _words: &[Word]) -> Option<usize> {
        Some(lengths(setup.spec, setup.config).lookahead)
    }

    fn reading(&self, _: &Setup<'_, CompressorConfig>, _: &[Word], id: Id) -> Option<f64> {
        self.reduction_db.filter(|_| id.item() == 0)
    }
}

/// Draws the reductions of the listening channels towards their largest, by a share per frame, and leaves
/// those of `separate` channels.
fn link(reductions: &mut [f64], listening: usize, separate: usize, share: &[f64; CHUNK], count: usize) {
    for f in 0..count {
        let largest = (0..listening).map(|channel| reductions[channel * CHUNK + f]).fold(0.0, f64::max);
        for channel in 0..separate {
            let own = if channel < listening { reductions[channel * CHUNK + f] } else { largest };
            // Exactly the largest at 1, exactly its own at 0.
            reductions[channel * CHUNK + f] = own * (1.0 - share[f]) + largest * share[f];
        }
    }
}
