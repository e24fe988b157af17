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
//! What is guaranteed and what is not stands at [`Limiter`]. The detector is the union of the kernels that are
//! held, the own one guarded by sec(pi/16), and a margin of 0.01 dB covers that the gain moves under a kernel.
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

mod course;
mod detector;
mod gain_path;
mod presets;
mod sizes;
mod tables;

pub use tables::{LimiterConfig, LimiterParams, LimiterReadings};

use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::error::Error;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::base::units::{decibels_to_gain, gain_to_decibels};
use crate::dsp::envelope::{CHUNK, UNITY, floor};
use crate::dsp::true_peak::{DELAY, HISTORY, INTERVALS, Union, WINDOW};
use crate::engine::automation::words_for_params;
use crate::engine::old::Key;
use crate::engine::old::{Core, Kind, Setup};
use crate::engine::unit::Unit;
use crate::params::ramp::{Change, Ramp, ramp_frames};
use crate::params::{Id, ParamTable, Row, Table};
use course::{Course, MOVING, targets};
use detector::{Place, add, advance, larger, union_peaks};
use gain_path::Windows;
use sizes::{Memory, Sizes, path_memory};

/// Keeps the output under a ceiling that holds on every common true-peak meter. 1 to 24 channels, as many
/// out as in. [`LimiterConfig`] and [`LimiterParams`] have presets: `mastering`, `mix` (which is the default)
/// and `live`.
///
/// # What is guaranteed
///
/// With `true_peak` on, and a look-ahead of at least 48 frames (1 ms at 48 kHz), the output stays at or under
/// `ceiling_db`:
///
/// * its samples;
/// * the 4-times FIR of BS.1770-5 Annex 2, with the same taps at any rate;
/// * the interpolator of libebur128 and its ports: 4 times under 96 kHz, 2 times under 192 kHz;
/// * any finer or ideal meter, for content up to 0.45 of the rate: the own kernel looks at 8 points per sample
///   and is guarded by what a waveform can rise between two of them, sec(pi/16) or 0.17 dB;
/// * all of these also where the audio begins or ends in the middle of a wave, whether a meter takes what lies
///   beyond for silence or, as ffmpeg's does, for the mirror image; that it ends, [`end`](crate::Processor::end) tells.
///
/// A gain that nothing asks to fall is exactly 1: audio whose union reading (the highest of all these, guard
/// included) is 0.01 dB under the ceiling comes out bit for bit, late by the latency. Latency is the
/// look-ahead, and 36 frames with `true_peak`. The limiter never adds level; `input_gain_db` does when asked.
///
/// # What is not
///
/// * Content above 0.45 of the rate has no true peak that two meters agree on.
/// * With a look-ahead under 48 frames, kernels may read up to 0.1 dB over while the gain moves. Samples stay
///   under.
/// * A later change of rate, lossy coding or a filter makes new peaks: limit at the delivery rate, last but
///   for dither.
/// * With `true_peak` off only samples are held.
/// * A lowered ceiling moves there in 20 ms; it holds in full for what enters after that.
///
/// `verify` measures the output by the same kernels and counts what is over, with the usual cost of a meter.
pub type Limiter<T, S = Storage> = Unit<LimiterKind, T, S>;

impl<T: Sample> Limiter<T> {
    /// Words that a limiter needs: 1 800 for the default config, stereo f32 at 48 kHz.
    pub const fn memory(spec: &Spec, config: &LimiterConfig) -> usize {
        words_for_params(LimiterParams::ROWS.len())
            .saturating_add(Memory::<T>::words(Sizes::new(spec, config)))
    }
}

/// The catalogue's entry for [`Limiter`].
#[derive(Debug)]
pub struct LimiterKind;

crate::engine::old::adapt! { LimiterKind, "Limiter", latency: |spec, config| Sizes::new(spec, config).latency(), has: [LimiterParams, LimiterReadings], before: 0 }

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
            end: None,
            gain: 1.0,
            smallest_gain: 1.0,
            gains: [T::ONE; CHUNK],
            known: 0,
            judge: Judge::new(nominal_ceiling(setup)),
        }
    }
}

fn nominal_ceiling(setup: &Setup<'_, LimiterConfig>) -> f64 {
    decibels_to_gain(setup.params::<LimiterParams>().ceiling_db)
}

/// Reduction of a gain; that of 0 reads as what the smallest gain has, 181 dB.
fn reduction_db(gain: f64) -> f64 {
    gain_to_decibels(1.0 / gain.max(1.0 / UNITY as f64))
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
    /// Frames since reset, and where the audio ends, once that is known.
    at: u64,
    end: Option<u64>,
    /// Gain of the last frame, and the smallest since reset.
    gain: f64,
    smallest_gain: f64,
    /// Gains of the latest frames, and how many they are.
    gains: [T; CHUNK],
    known: usize,
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
        let ceiling = nominal_ceiling(setup);
        let mut course = Course::new();
        let mut rests = false;
        while done < block.frames() {
            let frames = (block.frames() - done).min(CHUNK);
            let mut part = block.part(done, done + frames);
            // At rest the numbers of the first chunk, which is the longest, serve for all.
            if !rests {
                rests = self.ramp.is_settled();
                course.fill(&mut self.ramp, frames);
            }
            dispatch!(setup.spec.simd, s => match self.sizes.paths {
                1 => self.chunk::<_, 1>(s, &course, &mut memory, &mut part, ceiling),
                _ => self.chunk::<_, MAX_CHANNELS>(s, &course, &mut memory, &mut part, ceiling),
            });
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

    fn end(&mut self) {
        self.end.get_or_insert(self.at);
    }

    fn latency(&self, _setup: &Setup<'_, LimiterConfig>) -> usize {
        self.sizes.latency()
    }

    fn tail(&self, _setup: &Setup<'_, LimiterConfig>, _words: &[Word]) -> Option<usize> {
        Some(self.sizes.latency())
    }

    fn reading(&self, setup: &Setup<'_, LimiterConfig>, _words: &[Word], id: Id) -> Option<f64> {
        if self.at == 0 {
            return None;
        }
        let verified = setup.config.verify.then_some(self.judge);
        match id.typed() {
            LimiterReadings::GAIN_REDUCTION_DB => Some(reduction_db(self.gain)),
            LimiterReadings::GAIN_REDUCTION_MAX_DB => Some(reduction_db(self.smallest_gain)),
            LimiterReadings::OVERSHOOTS => verified.map(|judge| judge.over as f64),
            LimiterReadings::OVERSHOOT_MAX_DB => {
                verified.filter(|judge| judge.highest > 0.0).map(|judge| gain_to_decibels(judge.highest))
            }
            _ => None,
        }
    }

    fn trace(&self, _setup: &Setup<'_, LimiterConfig>, _words: &[Word], id: Id, out: &mut [f64]) -> usize {
        if id.typed() != LimiterReadings::GAIN_REDUCTION_DB {
            return 0;
        }
        let known = self.gains[..self.known].iter().rev();
        out.iter_mut().rev().zip(known).map(|(out, gain)| *out = reduction_db(gain.to_f64())).count()
    }
}

impl<T: Sample> LimiterCore<T> {
    /// Some frames, at most [`CHUNK`]. There is room for `PATHS` gains.
    #[inline(always)]
    fn chunk<S: fearless_simd::Simd, const PATHS: usize>(
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
        let place = Place { at: self.at, since_end: self.end.map(|end| self.at - end) };
        let mut allowed = [[UNITY; CHUNK]; PATHS];
        let mut peaks = [T::ZERO; CHUNK];
        for channel in 0..channels {
            let mut own = [T::ZERO; CHUNK];
            let own = &mut own[..frames];
            if let (Some(window), Some(before)) =
                (memory.window.get_mut(channel), memory.before.get_mut(channel))
            {
                add(window, block.input(channel));
                union_peaks(simd, &self.union, window, place, before, own);
            } else {
                own.iter_mut().zip(block.input(channel)).for_each(|(own, x)| *own = x.abs());
            }
            if PATHS == 1 {
                peaks.iter_mut().zip(own).for_each(|(peak, own)| *peak = larger(*peak, *own));
            } else {
                allow(&course.ceiling, own, &mut allowed[channel]);
            }
        }
        if PATHS == 1 {
            allow(&course.ceiling, &peaks[..frames], &mut allowed[0]);
        } else {
            link(&course.link, &mut allowed[..channels], frames);
        }
        let mut low_allowed = [[UNITY; CHUNK]; PATHS];
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
            let owned = if PATHS == 1 { 0..channels } else { path..path + 1 };
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
        self.gains = least;
        self.known = frames;
        let smallest = least[..frames].iter().fold(T::ONE, |a, b| if *b < a { *b } else { a });
        self.smallest_gain = self.smallest_gain.min(smallest.to_f64());
        self.at += frames as u64;
        if self.sizes.verify {
            self.verify(simd, memory, block, ceiling);
        }
    }

    /// What the low frequencies allow.
    #[inline(always)]
    fn low<const PATHS: usize>(
        &self,
        course: &Course,
        memory: &mut Memory<'_, T>,
        block: &Block<'_, '_, T>,
        allowed: &mut [[u32; CHUNK]; PATHS],
    ) {
        let channels = self.sizes.channels;
        let frames = block.frames();
        let mut loudest = [0.0; CHUNK];
        // Four low-passes side by side: each waits for its last frame.
        for first in (0..channels).step_by(4) {
            let count = (channels - first).min(4);
            let mut rows = [[0.0; 4]; CHUNK];
            for i in 0..count {
                let samples = match memory.window.get(first + i) {
                    Some(window) => &window[HISTORY - DELAY..][..frames],
                    None => block.input(first + i),
                };
                rows.iter_mut().zip(samples).for_each(|(row, sample)| row[i] = sample.to_f64());
            }
            let mut state = [0.0; 4];
            state[..count].copy_from_slice(&memory.low[first..first + count]);
            let moving = course.low_share.iter().zip(&course.low_weight);
            for (row, (share, weight)) in rows[..frames].iter_mut().zip(moving) {
                for i in 0..4 {
                    state[i] += share * (row[i] - state[i]);
                    row[i] = state[i].abs() * weight;
                }
            }
            memory.low[first..first + count].copy_from_slice(&state[..count]);
            if PATHS == 1 {
                for (loudest, row) in loudest.iter_mut().zip(&rows[..frames]) {
                    *loudest = larger(*loudest, larger(larger(row[0], row[1]), larger(row[2], row[3])));
                }
            } else {
                for i in 0..count {
                    let own: [f64; CHUNK] = core::array::from_fn(|frame| rows[frame][i]);
                    allow(&course.ceiling, &own[..frames], &mut allowed[first + i]);
                }
            }
        }
        if PATHS == 1 {
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
        *allowed = floor(gain);
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
