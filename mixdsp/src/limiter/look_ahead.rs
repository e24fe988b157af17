//! The limiter: a look-ahead gain whose ceiling holds on every common true-peak meter.
//!
//! ```text
//! in --> input gain --+--> delay ------------------------------------------------(x)--> out
//!                     |                                                           ^ gain
//!                     |--> samples, ITU, Hann and fine kernels: p --> c / p --> smallest of the look-ahead --+
//!                     `--> low-pass x weight: q ------------------> c / q --> smallest, held ----------------+
//!                                                                              smaller of both --> release --> two boxes
//! ```
//!
//! **What is guaranteed.** With `true_peak` on, and a look-ahead of at least 48 frames, the output stays at
//! or under `ceiling_db`: its samples; the 4-times FIR of BS.1770-5 with the same taps at any rate; the
//! interpolator of libebur128 and its ports; and any finer or ideal meter, for content up to 0.45 of the
//! rate. The detector is the union of just those kernels, the last guarded by sec(pi/16), and a margin of
//! 0.01 dB covers that the gain moves under a kernel. **What is not.** Content above 0.45 of the rate has
//! no true peak that two meters agree on. A later change of rate, lossy coding or a filter makes new peaks:
//! limit at the delivery rate, last but for dither. With `true_peak` off only samples are held.
//!
//! A gain that nothing asks to fall is exactly 1: audio whose union reading is 0.01 dB under the ceiling
//! comes out bit for bit, late by the latency. A lowered ceiling moves there in 20 ms; it holds in full for
//! what enters after that. The limiter never adds level; `input_gain_db` does when asked.
//!
//! The union of kernels and the low-frequency hold are described at their constants; sliding minimum before
//! release before boxes is the order of G. Luff's limiter (Signalsmith, 2022), the low-pass path follows
//! x42 dpl. Rec. ITU-R BS.1770-5 Annex 2.
//!
//! State. Per channel: `window`, the last 47 samples; `before`, the newest interval but one; `low`, the
//! low-pass; `delay`. Per gain (one, or one per channel): `minimum` and `low_minimum`, what the windows
//! hold; `path`, released gain, its average and the sums of the boxes; `first_ring`, `second_ring`, what the
//! boxes hold. All per frame; gains are whole numbers.
//!
//! Latency: the look-ahead, and 36 frames with `true_peak`. Cost: the same for every frame whatever comes,
//! two thirds of it in the kernels: 210 products per sample, eight samples side by side.

use super::detector::{add, advance, larger, union_peaks};
use super::gain_path::{Path, PathMemory, Windows};
use crate::audio::{Block, Key, MAX_CHANNELS};
use crate::envelope::{Boxes, CHUNK, UNITY, minimum_words};
use crate::error::Error;
use crate::kind::{Core, Kind, Setup};
use crate::memory::{Storage, Word, layout};
use crate::param::{Id, ParamTable, Row, Table, params, readings};
use crate::ramp::{Change, Ramp, ramp_frames};
use crate::sample::Sample;
use crate::simd::dispatch;
use crate::spec::Spec;
use crate::true_peak::{DELAY, HISTORY, INTERVALS, Union, WINDOW};
use crate::unit::{Unit, words_for_params};
use crate::units::{decibels_to_gain, gain_to_decibels, seconds_to_frames};

/// Kept under the ceiling, in decibels: the gain moves while a kernel looks, which costs up to 0.0012 dB
/// with a look-ahead of 48 frames or more; rounding and noise-shaped dither take less than the rest.
const MARGIN_DB: f64 = 0.01;
/// Frames on either side of a peak over which its gain holds: half of the kernels' main part.
const GUARD: usize = 12;

params! {
    /// What is fixed when a [`Limiter`] is built.
    pub struct LimiterConfig {
        /// How far ahead the gain begins to fall; the strongest cure for distorted bass.
        LOOKAHEAD_MS = 1001, lookahead_ms ("Look-ahead"): linear(0.5..=20.0, "ms") = 5.0;
        /// Holds what lies between the samples too; 36 frames of latency.
        TRUE_PEAK = 1002, true_peak ("True peak"): switch() = true;
        /// How long a reduction is held before it is released.
        HOLD_MS = 1003, hold_ms ("Hold"): linear(0.0..=50.0, "ms") = 0.0;
        /// The same for reduction that low frequencies ask for; 0 for none.
        LOW_FREQUENCY_HOLD_MS = 1004, low_frequency_hold_ms ("Low-frequency hold"): linear(0.0..=50.0, "ms") = 13.0;
        /// Gives each channel a gain of its own, which `link` ties together.
        SEPARATE = 1005, separate ("Separate gains"): switch() = false;
        /// Measures the output by the detector's kernels, for the overshoot readings.
        VERIFY = 1006, verify ("Verify"): switch() = false;
    }
}

params! {
    /// Settings of a [`Limiter`].
    pub struct LimiterParams {
        /// What the output stays under.
        CEILING_DB = 1, ceiling_db ("Ceiling"): linear(-40.0..=0.0, "dB") = -1.0;
        /// Gain before the limiter: the drive.
        INPUT_GAIN_DB = 2, input_gain_db ("Input gain"): linear(-24.0..=36.0, "dB") = 0.0;
        /// Time constant of the release.
        RELEASE_MS = 3, release_ms ("Release"): log(1.0..=1000.0, "ms") = 20.0;
        /// Time constant of the average towards which the release is fast, and beyond which it is slow.
        SLOW_RELEASE_MS = 4, slow_release_ms ("Slow release"): log(50.0..=3000.0, "ms") = 300.0;
        /// How much of the release depends on the average: 0 is one time constant, 1 fast after single peaks
        /// and slow after sustained reduction.
        ADAPTIVE = 5, adaptive ("Adaptive"): linear(0.0..=1.0, "") = 0.5;
        /// Weight of the low frequencies in the held path; 0 turns it off, above 1 it acts before the peaks do.
        LOW_FREQUENCY_HOLD = 6, low_frequency_hold ("Low-frequency weight"): linear(0.0..=1.5, "") = 1.15;
        /// Below this, frequencies are low.
        LOW_FREQUENCY_HZ = 7, low_frequency_hz ("Low frequencies below"): frequency(100.0..=1000.0) = 400.0;
        /// With separate gains: 1 reduces all channels alike, 0 each on its own.
        LINK = 8, link ("Link"): linear(0.0..=1.0, "") = 1.0;
    }
}

readings! {
    /// What a [`Limiter`] reports.
    pub struct LimiterReadings {
        /// By how much the last frame was reduced; of the channel that was reduced most. 0 or positive.
        GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
        /// The largest since reset.
        GAIN_REDUCTION_MAX_DB = 2002, gain_reduction_max_db ("Gain reduction max"): "dB";
        /// Intervals of the output over the ceiling by any of the detector's kernels; needs `verify`.
        OVERSHOOTS = 2003, overshoots ("Overshoots"): "";
        /// The highest output against the ceiling by any of the meters' kernels, usually negative; needs
        /// `verify`.
        OVERSHOOT_MAX_DB = 2004, overshoot_max_db ("Overshoot max"): "dB";
    }
}

/// Keeps the output under a ceiling that holds on every common true-peak meter. 1 to 24 channels, as many
/// out as in.
///
/// The module's page says what is guaranteed and what is not. [`LimiterConfig`] and [`LimiterParams`] have
/// presets: `mastering`, `mix` (which is the default) and `live`.
pub type Limiter<T, S = Storage> = Unit<LimiterKind, T, S>;

/// Everything that follows from rate and config.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// Look-ahead in frames.
    look_ahead: usize,
    /// Frames by which the detector is behind.
    delay: usize,
    /// Frames on either side of a peak over which its gain holds.
    guard: usize,
    /// Hold of the low frequencies, 0 for none.
    low_hold: usize,
    hold: usize,
    channels: usize,
    paths: usize,
    verify: bool,
}

impl Sizes {
    const fn new(spec: &Spec, config: &LimiterConfig) -> Self {
        let look_ahead = seconds_to_frames(config.lookahead_ms * 1e-3, spec.sample_rate);
        Self {
            look_ahead: if look_ahead < 2 { 2 } else { look_ahead },
            delay: if config.true_peak { DELAY } else { 0 },
            guard: if config.true_peak { GUARD } else { 0 },
            low_hold: seconds_to_frames(config.low_frequency_hold_ms * 1e-3, spec.sample_rate),
            hold: seconds_to_frames(config.hold_ms * 1e-3, spec.sample_rate),
            channels: spec.inputs,
            paths: if config.separate { spec.inputs } else { 1 },
            verify: config.verify,
        }
    }
    const fn latency(&self) -> usize {
        self.look_ahead + self.guard + self.delay
    }
    const fn window(&self) -> usize {
        self.look_ahead + 1 + 2 * self.guard + self.hold
    }
    const fn low_window(&self) -> usize {
        self.look_ahead + 1 + 2 * self.guard + self.low_hold
    }
    const fn low_values(&self) -> usize {
        if self.low_hold == 0 { 0 } else { minimum_words(self.low_window()) }
    }
    const fn windows(&self) -> usize {
        if self.delay == 0 { 0 } else { self.channels }
    }
    const fn verified(&self) -> usize {
        if self.verify { self.channels } else { 0 }
    }
}

layout! {
    /// The words of a limiter.
    struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        window: [[T; WINDOW]; sizes.windows()],
        before: [T; sizes.windows()],
        low: [f64; sizes.channels],
        minimum: [u32; sizes.paths * minimum_words(sizes.window())],
        low_minimum: [u32; sizes.paths * sizes.low_values()],
        path: [Path; sizes.paths],
        first_ring: [u32; sizes.paths * Boxes::lengths(sizes.look_ahead).0],
        second_ring: [u64; sizes.paths * Boxes::lengths(sizes.look_ahead).1],
        delay: [T; sizes.channels * sizes.latency()],
        output: [[T; WINDOW]; sizes.verified()],
    }
}

impl<T: Sample> Limiter<T> {
    /// Words that a limiter needs: 3 600 for the default config, stereo f32 at 48 kHz.
    pub const fn memory(spec: &Spec, config: &LimiterConfig) -> usize {
        words_for_params(LimiterParams::ROWS.len())
            .saturating_add(Memory::<T>::words(Sizes::new(spec, config)))
    }
}

/// The catalogue's entry for [`Limiter`].
#[derive(Debug)]
pub struct LimiterKind;

impl Kind for LimiterKind {
    const KEY: &'static str = "limiter";
    const NAME: &'static str = "Limiter";
    const DOC: &'static str = "Keeps the output under a ceiling that holds on every common true-peak meter.";
    const PARAMS: ParamTable = ParamTable { rows: LimiterParams::ROWS, groups: &[] };
    const READINGS: &'static [Row] = LimiterReadings::ROWS;
    type Config = LimiterConfig;
    type Core<T: Sample> = LimiterCore<T>;

    fn check(spec: &Spec, _config: &LimiterConfig) -> Result<(), Error> {
        spec.check_same_channels()
    }

    fn memory<T: Sample>(spec: &Spec, config: &LimiterConfig) -> usize {
        Limiter::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, LimiterConfig>, words: &mut [Word]) -> LimiterCore<T> {
        let sizes = Sizes::new(setup.spec, setup.config);
        let mut memory = Memory::<T>::carve(words, sizes);
        (0..sizes.paths).for_each(|path| path_memory(&mut memory, &sizes, path).clear(sizes.look_ahead));
        let ramp = Ramp::new(targets(setup), ramp_frames(setup.spec.sample_rate));
        LimiterCore {
            sizes,
            union: Union::new(setup.spec.sample_rate, true),
            meter: Union::new(setup.spec.sample_rate, false),
            ramp,
            at: 0,
            gain: 1.0,
            smallest_gain: 1.0,
            judge: Judge::new(nominal_ceiling(setup)),
        }
    }
}

/// What one path keeps in the words.
fn path_memory<'a, T: Sample>(memory: &'a mut Memory<'_, T>, sizes: &Sizes, path: usize) -> PathMemory<'a> {
    fn part<E>(all: &mut [E], size: usize, path: usize) -> &mut [E] {
        &mut all[path * size..][..size]
    }
    let (first, second) = Boxes::lengths(sizes.look_ahead);
    PathMemory {
        path: &mut memory.path[path],
        minimum: part(memory.minimum, minimum_words(sizes.window()), path),
        low_minimum: part(memory.low_minimum, sizes.low_values(), path),
        first_ring: part(memory.first_ring, first, path),
        second_ring: part(memory.second_ring, second, path),
    }
}

fn nominal_ceiling(setup: &Setup<'_, LimiterConfig>) -> f64 {
    decibels_to_gain(setup.params::<LimiterParams>().ceiling_db)
}

/// Reduction of a gain; that of 0 reads as what the smallest gain has, 181 dB.
fn reduction_db(gain: f64) -> f64 {
    gain_to_decibels(1.0 / gain.max(1.0 / UNITY as f64))
}

/// How many numbers move.
const MOVING: usize = 8;

/// What the parameters ask for: ceiling, input gain, release per frame, slow release per frame, adaptive,
/// weight of the low frequencies, their share per frame, link.
fn targets(setup: &Setup<'_, LimiterConfig>) -> [f64; MOVING] {
    let params: LimiterParams = setup.params();
    let rate = setup.spec.sample_rate;
    let per_frame = |milliseconds: f64| -libm::expm1(-1e3 / (milliseconds * rate));
    let turn = 2.0 * core::f64::consts::PI * params.low_frequency_hz / rate;
    [
        decibels_to_gain(params.ceiling_db - MARGIN_DB),
        decibels_to_gain(params.input_gain_db),
        per_frame(params.release_ms),
        per_frame(params.slow_release_ms),
        params.adaptive,
        params.low_frequency_hold,
        turn / (1.0 + turn),
        params.link,
    ]
}

/// The moving numbers of some frames, as they are multiplied with.
#[derive(Debug)]
pub(super) struct Course {
    ceiling: [f64; CHUNK],
    input_gain: [f64; CHUNK],
    low_weight: [f64; CHUNK],
    low_share: [f64; CHUNK],
    link: [f64; CHUNK],
    /// Share of the allowed gain in its average.
    pub(super) slow: [f64; CHUNK],
    /// What stays of the released gain above its average and below it, and the shares of the average and
    /// of the allowed gain.
    pub(super) keep_beyond: [f64; CHUNK],
    pub(super) keep_below: [f64; CHUNK],
    pub(super) average_share: [f64; CHUNK],
    pub(super) share: [f64; CHUNK],
}

impl Course {
    #[inline(always)]
    fn new(ramp: &mut Ramp<MOVING>, frames: usize) -> Self {
        let mut moving = [[0.0; CHUNK]; MOVING];
        ramp.fill(&mut moving, frames);
        let [ceiling, input_gain, fast, slow, adaptive, low_weight, low_share, link] = moving;
        let zero = [0.0; CHUNK];
        let (mut keep_beyond, mut keep_below, mut average_share, mut share) = (zero, zero, zero, zero);
        for i in 0..frames {
            let to_average = fast[i] * adaptive[i];
            let to_allowed = fast[i] - to_average + 0.5 * slow[i] * adaptive[i];
            keep_beyond[i] = 1.0 - to_allowed;
            keep_below[i] = 1.0 - to_allowed - to_average;
            average_share[i] = to_average;
            share[i] = to_allowed;
        }
        Self {
            ceiling,
            input_gain,
            low_weight,
            low_share,
            link,
            slow,
            keep_beyond,
            keep_below,
            average_share,
            share,
        }
    }
}

/// Compares the output with the ceiling.
#[derive(Clone, Copy, Debug)]
struct Judge {
    /// The ceiling that the output may still be under, and the frames for which that one counts.
    ceiling: f64,
    frames: u64,
    over: u64,
    /// Largest ratio of output to ceiling.
    highest: f64,
}

impl Judge {
    fn new(ceiling: f64) -> Self {
        Self { ceiling, frames: 0, over: 0, highest: 0.0 }
    }
}

/// The inside of a [`Limiter`].
#[derive(Debug)]
pub struct LimiterCore<T> {
    sizes: Sizes,
    union: Union<T>,
    /// The kernels that measure the output.
    meter: Union<T>,
    ramp: Ramp<MOVING>,
    /// Frames since reset.
    at: u64,
    /// Gain of the last frame, and the smallest since reset.
    gain: f64,
    smallest_gain: f64,
    judge: Judge,
}

impl<T: Sample> Core<T> for LimiterCore<T> {
    type Config = LimiterConfig;

    fn change(&mut self, setup: &Setup<'_, LimiterConfig>, _words: &mut [Word], _id: Id, change: Change) {
        self.ramp.change(targets(setup), change);
        let ceiling = nominal_ceiling(setup);
        self.judge.ceiling = self.judge.ceiling.max(ceiling);
        let moving = 2 * ramp_frames(setup.spec.sample_rate);
        self.judge.frames = (moving + self.sizes.latency() + WINDOW) as u64;
    }

    fn run(
        &mut self,
        setup: &Setup<'_, LimiterConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        _key: Key<'_, T>,
    ) {
        let mut memory = Memory::carve(words, self.sizes);
        let mut done = 0;
        let mut kept = None;
        let ceiling = nominal_ceiling(setup);
        while done < block.frames() {
            let frames = (block.frames() - done).min(CHUNK);
            let mut part = block.part(done, done + frames);
            // At rest the numbers of the first chunk serve for all.
            let rests = self.ramp.is_settled();
            let course = match kept.take() {
                Some(course) => course,
                None => Course::new(&mut self.ramp, frames),
            };
            dispatch!(setup.spec.simd, s => self.chunk(s, &course, &mut memory, &mut part, ceiling));
            kept = rests.then_some(course);
            done += frames;
        }
    }

    fn snap(&mut self, _setup: &Setup<'_, LimiterConfig>, words: &mut [Word]) {
        Memory::<T>::carve(words, self.sizes).low.iter_mut().for_each(|low| *low = low.snap());
    }

    fn reset(&mut self, setup: &Setup<'_, LimiterConfig>, words: &mut [Word]) {
        words.fill(0);
        *self = LimiterKind::core(setup, words);
    }

    fn latency(&self, _setup: &Setup<'_, LimiterConfig>) -> usize {
        self.sizes.latency()
    }

    fn tail(&self, _setup: &Setup<'_, LimiterConfig>, _words: &[Word]) -> Option<usize> {
        Some(self.sizes.latency())
    }

    fn reading(&self, setup: &Setup<'_, LimiterConfig>, _words: &[Word], id: Id) -> Option<f64> {
        let verified = setup.config.verify.then_some(self.judge);
        match id {
            LimiterReadings::GAIN_REDUCTION_DB => Some(reduction_db(self.gain)),
            LimiterReadings::GAIN_REDUCTION_MAX_DB => Some(reduction_db(self.smallest_gain)),
            LimiterReadings::OVERSHOOTS => verified.map(|judge| judge.over as f64),
            LimiterReadings::OVERSHOOT_MAX_DB => {
                verified.filter(|judge| judge.highest > 0.0).map(|judge| gain_to_decibels(judge.highest))
            }
            _ => None,
        }
    }
}

impl<T: Sample> LimiterCore<T> {
    /// Some frames, at most [`CHUNK`].
    #[inline(always)]
    fn chunk<S: fearless_simd::Simd>(
        &mut self,
        simd: S,
        course: &Course,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
        ceiling: f64,
    ) {
        let frames = block.frames();
        let Sizes { channels, paths, .. } = self.sizes;
        for channel in 0..channels {
            for (sample, gain) in block.channel(channel).iter_mut().zip(&course.input_gain) {
                *sample *= T::from_f64(*gain);
            }
        }
        let mut allowed = [[UNITY; CHUNK]; MAX_CHANNELS];
        let mut peaks = [T::ZERO; CHUNK];
        for channel in 0..channels {
            let mut own = [T::ZERO; CHUNK];
            let own = &mut own[..frames];
            if let (Some(window), Some(before)) =
                (memory.window.get_mut(channel), memory.before.get_mut(channel))
            {
                add(window, block.input(channel));
                union_peaks(simd, &self.union, window, before, own);
            } else {
                own.iter_mut().zip(block.input(channel)).for_each(|(own, x)| *own = x.abs());
            }
            if paths == 1 {
                peaks.iter_mut().zip(own).for_each(|(peak, own)| *peak = larger(*peak, *own));
            } else {
                allow(&course.ceiling, own, &mut allowed[channel]);
            }
        }
        if paths == 1 {
            allow(&course.ceiling, &peaks[..frames], &mut allowed[0]);
        } else {
            link(&course.link, &mut allowed[..channels], frames);
        }
        let mut low_allowed = [[UNITY; CHUNK]; MAX_CHANNELS];
        let low_frames = if self.sizes.low_hold == 0 { 0 } else { frames };
        if low_frames != 0 {
            self.low(course, memory, block, &mut low_allowed);
        }
        for window in memory.window.iter_mut() {
            advance(window, frames);
        }
        let windows = Windows { peak: self.sizes.window(), low: self.sizes.low_window() };
        let mut least = [T::ONE; CHUNK];
        for path in 0..paths {
            let mut gains = [T::ONE; CHUNK];
            let (allowed, low) = (&mut allowed[path][..frames], &mut low_allowed[path][..low_frames]);
            path_memory(memory, &self.sizes, path).run(windows, course, allowed, low, self.at, &mut gains);
            for (least, gain) in least.iter_mut().zip(&gains[..frames]) {
                *least = if *gain < *least { *gain } else { *least };
            }
            let owned = if paths == 1 { 0..channels } else { path..path + 1 };
            for channel in owned {
                let size = self.sizes.latency();
                let ring = &mut memory.delay[channel * size..][..size];
                delay(ring, self.at, block.channel(channel));
                for (sample, gain) in block.channel(channel).iter_mut().zip(&gains) {
                    *sample *= *gain;
                }
            }
        }
        self.gain = least[frames - 1].to_f64();
        let smallest = least[..frames].iter().fold(T::ONE, |a, b| if *b < a { *b } else { a });
        self.smallest_gain = self.smallest_gain.min(smallest.to_f64());
        self.at += frames as u64;
        if self.sizes.verify {
            self.verify(simd, memory, block, ceiling);
        }
    }

    /// What the low frequencies allow.
    #[inline(always)]
    fn low(
        &self,
        course: &Course,
        memory: &mut Memory<'_, T>,
        block: &Block<'_, '_, T>,
        allowed: &mut [[u32; CHUNK]; MAX_CHANNELS],
    ) {
        let Sizes { channels, paths, .. } = self.sizes;
        let frames = block.frames();
        let mut loudest = [0.0; CHUNK];
        // Four low-passes at once: each waits for its last frame.
        for first in (0..channels).step_by(4) {
            let count = (channels - first).min(4);
            let samples: [&[T]; 4] = core::array::from_fn(|i| {
                let channel = first + i.min(count - 1);
                match memory.window.get(channel) {
                    Some(window) => &window[HISTORY - DELAY..][..frames],
                    None => block.input(channel),
                }
            });
            let mut state: [f64; 4] = core::array::from_fn(|i| memory.low[first + i.min(count - 1)]);
            let mut magnitudes = [[0.0; CHUNK]; 4];
            for frame in 0..frames {
                for i in 0..4 {
                    state[i] += course.low_share[frame] * (samples[i][frame].to_f64() - state[i]);
                    magnitudes[i][frame] = state[i].abs() * course.low_weight[frame];
                }
            }
            memory.low[first..first + count].copy_from_slice(&state[..count]);
            for i in 0..count {
                if paths == 1 {
                    let pairs = loudest.iter_mut().zip(&magnitudes[i]);
                    pairs.for_each(|(loudest, own)| *loudest = f64::max(*loudest, *own));
                } else {
                    allow(&course.ceiling, &magnitudes[i][..frames], &mut allowed[first + i]);
                }
            }
        }
        if paths == 1 {
            allow(&course.ceiling, &loudest[..frames], &mut allowed[0]);
        } else {
            link(&course.link, &mut allowed[..channels], frames);
        }
    }

    /// Measures the output as meters do: by the detector's kernels, the own one without its guard.
    #[inline(always)]
    fn verify<S: fearless_simd::Simd>(
        &mut self,
        simd: S,
        memory: &mut Memory<'_, T>,
        block: &Block<'_, '_, T>,
        ceiling: f64,
    ) {
        let frames = block.frames();
        let mut highest = [0.0; INTERVALS];
        for (channel, window) in memory.output.iter_mut().enumerate() {
            add(window, block.input(channel));
            let mut between = [T::ZERO; INTERVALS];
            self.meter.peaks(simd, window, frames, &mut between);
            for (i, highest) in highest[..frames].iter_mut().enumerate() {
                let sample = window[HISTORY + i].abs().to_f64();
                *highest = f64::max(*highest, f64::max(between[i].to_f64(), sample));
            }
            advance(window, frames);
        }
        let judge = &mut self.judge;
        for highest in &highest[..frames] {
            if judge.frames == 0 {
                judge.ceiling = ceiling;
            }
            judge.frames = judge.frames.saturating_sub(1);
            let ratio = highest / judge.ceiling;
            judge.over += (ratio > 1.0) as u64;
            judge.highest = judge.highest.max(ratio);
        }
    }
}

/// The gain that each peak allows, rounded down.
#[inline(always)]
fn allow<P: Sample>(ceiling: &[f64; CHUNK], peaks: &[P], allowed: &mut [u32; CHUNK]) {
    for ((allowed, peak), ceiling) in allowed.iter_mut().zip(peaks).zip(ceiling) {
        let ratio = ceiling / peak.to_f64();
        let gain = if ratio < 1.0 { ratio } else { 1.0 };
        *allowed = (gain * UNITY as f64) as u32;
    }
}

/// Brings gains towards the smallest.
#[inline(always)]
fn link(link: &[f64; CHUNK], allowed: &mut [[u32; CHUNK]], frames: usize) {
    for frame in 0..frames {
        let least = allowed.iter().fold(UNITY, |least, gains| least.min(gains[frame]));
        for gains in allowed.iter_mut() {
            let above = gains[frame] - least;
            gains[frame] -= ((above as f64 * link[frame]) as u32).min(above);
        }
    }
}

/// Swaps samples with those of the ring's length before. `at` is the number of frames before these.
#[inline(always)]
fn delay<T: Sample>(ring: &mut [T], at: u64, samples: &mut [T]) {
    let mut place = (at % ring.len() as u64) as usize;
    let mut rest = samples;
    while !rest.is_empty() {
        let count = rest.len().min(ring.len() - place);
        let (now, later) = rest.split_at_mut(count);
        now.swap_with_slice(&mut ring[place..place + count]);
        rest = later;
        place = 0;
    }
}
