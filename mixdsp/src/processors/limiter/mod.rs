//! The limiter: a look-ahead gain whose ceiling holds on every common true-peak meter.
//!
//! ```text
//! in --> input gain --+--> delay ------------------------------------------------(x)--> out
//!                     |                                                           ^ gain
//!                     |--> samples, ITU, Hann and fine kernels: p --> c / p --> smallest of the look-ahead --+
//!                     `--> low-pass x weight: q ------------------> c / q --> smallest, held ----------------+
//!                                                       smaller of both --> release --> two boxes --> what is deeper
//! ```
//!
//! What is guaranteed and what is not stands at [`Limiter`]. The detector is the union of the kernels that are
//! held, the own one guarded by sec(pi/16), and a margin of 0.01 dB covers that the gain moves under a kernel.
//!
//! The union of kernels and the low-frequency hold are described at their constants; sliding minimum before
//! release before boxes is the order of G. Luff's limiter (Signalsmith, 2022), the low-pass path follows
//! x42 dpl. Rec. ITU-R BS.1770-5 Annex 2.
//!
//! Words. Per channel: `window`, the last 47 samples; `before`, the newest interval but one; `low`, the low-pass;
//! `delay`. Per gain (one, or one per channel): `minimum` and `low_minimum`, what the windows hold; `smoother`, released
//! gain, its average and the sums of the boxes; `first_ring`, `second_ring`, what the boxes hold; `rest_` the same of what is deeper (`dsp::dynamics::rest_gain`). All per frame; gains
//! are whole numbers.
//!
//! Latency: the look-ahead, and 36 frames with `true_peak`. Cost: the same for every frame whatever comes,
//! two thirds of it in the kernels: 210 products per sample, eight samples side by side.

mod allowed_gain;
mod ceiling_check;
mod gain_smoother;
mod memory;
mod params;
mod presets;
mod smoothed_params;

pub use params::{LimiterConfig, LimiterParams, LimiterReadings};

use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::units::{decibels_to_gain, gain_to_decibels};
use crate::dsp::delay_line;
use crate::dsp::envelope::{CHUNK, UNITY, allow, larger};
use crate::dsp::true_peak::around::{Place, add, advance, peaks_around};
use crate::dsp::true_peak::{HISTORY, INTERVALS, TruePeakDetector, WINDOW};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::Id;
use crate::params::ramp::{Change, ramp_frames};
use allowed_gain::{allow_low, link};
use ceiling_check::CeilingCheck;
use fearless_simd::Simd;
use gain_smoother::Windows;
use memory::{Memory, MemoryRef, Sizes, gain_memory};
use smoothed_params::{Moving, SmoothedParams};

processor! {
    /// Keeps the output under a ceiling that holds on every common true-peak meter.
    /// 1 to 24 channels, as many out as in. [`LimiterConfig`] and [`LimiterParams`] have presets: `mastering`, `mix` (which is the default)
    /// and `live`, and the styles `transparent`, `punchy`, `loud` and `safe`.
    ///
    /// # Slow and fast
    ///
    /// With `fast_lookahead_ms` the release acts on the first `slow_range_db` of reduction only. What is deeper is taken within
    /// the fast look-ahead and given back as quickly: the release follows the depth. Without it a limiter that is
    /// driven hard hardly gets louder any more, because each peak keeps down what is around it by all of its depth.
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
    pub Limiter = LimiterKind {
        key: "limiter",
        label: "Limiter",
        params: LimiterParams,
        config: LimiterConfig,
        readings: LimiterReadings,
        presets: presets::ALL,
        memory: Memory / MemoryRef by Sizes,
    }
}

fn nominal_ceiling(setup: &Setup<'_, LimiterKind>) -> f64 {
    decibels_to_gain(setup.params().ceiling_db)
}

/// Reduction of a gain; that of 0 reads as what the smallest gain has, 181 dB.
fn reduction_db(gain: f64) -> f64 {
    gain_to_decibels(1.0 / gain.max(1.0 / UNITY as f64))
}

/// The state of a [`Limiter`].
#[derive(Debug)]
pub struct State<T> {
    sizes: Sizes,
    detector: TruePeakDetector<T>,
    /// The kernels that measure the output.
    meter: TruePeakDetector<T>,
    /// Frames since reset, and where the audio ends, once that is known.
    at: u64,
    end: Option<u64>,
    /// Gain of the last frame, and the smallest since reset.
    gain: f64,
    smallest_gain: f64,
    /// Gains of the latest frames, and how many they are.
    gains: [T; CHUNK],
    known: usize,
    check: CeilingCheck,
}

impl ProcessorKind for LimiterKind {
    type Moving = Moving;
    type State<T: Sample> = State<T>;

    fn design(setup: &Setup<'_, Self>) -> Moving {
        Moving::of(&setup.params(), !setup.sizes.rest.is_none(), setup.spec.sample_rate)
    }

    fn start<T: Sample>(setup: &Setup<'_, Self>, mut memory: Memory<'_, T>) -> State<T> {
        let sizes = *setup.sizes;
        (0..sizes.paths).for_each(|path| {
            gain_memory(&mut memory, &sizes, path).clear(sizes.slow, &sizes.rest);
        });
        State {
            sizes,
            detector: TruePeakDetector::new(setup.spec.sample_rate, true),
            meter: TruePeakDetector::new(setup.spec.sample_rate, false),
            at: 0,
            end: None,
            gain: 1.0,
            smallest_gain: 1.0,
            gains: [T::ONE; CHUNK],
            known: 0,
            check: CeilingCheck::new(nominal_ceiling(setup)),
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, _: Id, change: Change) {
        run.moving.change(Self::design(&run.setup), change);
        let moving = 2 * ramp_frames(run.setup.spec.sample_rate);
        run.state.check.change(nominal_ceiling(&run.setup), moving + run.setup.sizes.latency() + WINDOW);
    }

    fn process<T: Sample>(run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let Run { setup, moving, state, mut memory } = run;
        let mut done = 0;
        let ceiling = nominal_ceiling(&setup);
        let mut params = SmoothedParams::new();
        let mut rests = false;
        while done < block.frames() {
            let frames = (block.frames() - done).min(CHUNK);
            let mut part = block.part(done, done + frames);
            // At rest the numbers of the first chunk, which is the longest, serve for all.
            if !rests {
                rests = moving.is_settled();
                params.fill(moving, frames);
            }
            dispatch!(setup.spec.simd, s => match setup.sizes.paths {
                1 => {
                    let rooms = [&mut [[UNITY; CHUNK]; 1][..], &mut [[UNITY; CHUNK]; 1]];
                    state.chunk(s, &params, &mut memory, &mut part, ceiling, rooms)
                }
                _ => {
                    let rooms = [&mut [[UNITY; CHUNK]; MAX_CHANNELS][..], &mut [[UNITY; CHUNK]; MAX_CHANNELS]];
                    state.chunk(s, &params, &mut memory, &mut part, ceiling, rooms)
                }
            });
            done += frames;
        }
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.memory.low.iter_mut().for_each(|low| *low = low.flushed());
    }

    fn end<T: Sample>(state: &mut State<T>) {
        state.end.get_or_insert(state.at);
    }

    fn latency(setup: &Setup<'_, Self>) -> usize {
        setup.sizes.latency()
    }

    fn static_curve_db<T: Sample>(look: Look<'_, Self, T>, level_db: f64) -> Option<f64> {
        let LimiterParams { input_gain_db, ceiling_db, .. } = look.setup.params();
        Some((level_db + input_gain_db).min(ceiling_db))
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        let Look { setup, state, .. } = look;
        if state.at == 0 {
            return None;
        }
        let verified = setup.config.verify.then_some(state.check);
        match id.typed() {
            LimiterReadings::GAIN_REDUCTION_DB => Some(reduction_db(state.gain)),
            LimiterReadings::GAIN_REDUCTION_MAX_DB => Some(reduction_db(state.smallest_gain)),
            LimiterReadings::OVERSHOOTS => verified.map(|check| check.over as f64),
            LimiterReadings::OVERSHOOT_MAX_DB => {
                verified.filter(|check| check.highest > 0.0).map(|check| gain_to_decibels(check.highest))
            }
            _ => None,
        }
    }

    fn trace<T: Sample>(look: Look<'_, Self, T>, id: Id, out: &mut [f64]) -> usize {
        if id.typed() != LimiterReadings::GAIN_REDUCTION_DB {
            return 0;
        }
        let known = look.state.gains[..look.state.known].iter().rev();
        out.iter_mut().rev().zip(known).map(|(out, gain)| *out = reduction_db(gain.to_f64())).count()
    }
}

impl<T: Sample> State<T> {
    /// Some frames, at most [`CHUNK`]. There is room, filled with unity, for the gains that each path's peaks and low
    /// frequencies allow.
    #[inline(always)]
    fn chunk<S: Simd>(
        &mut self,
        simd: S,
        params: &SmoothedParams,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
        ceiling: f64,
        [allowed, low_allowed]: [&mut [[u32; CHUNK]]; 2],
    ) {
        let frames = block.frames();
        let Sizes { channels, paths, .. } = self.sizes;
        let together = allowed.len() == 1;
        for channel in 0..channels {
            for (sample, gain) in block.channel(channel).iter_mut().zip(&params.input_gain) {
                *sample *= T::from_f64(*gain);
            }
        }
        let place = Place { at: self.at, since_end: self.end.map(|end| self.at - end) };
        let mut peaks = [T::ZERO; CHUNK];
        let ceilings = params.ceiling[..frames].iter();
        let least_ceiling = ceilings.fold(f64::MAX, |a, b| if *b < a { *b } else { a });
        for channel in 0..channels {
            let mut own = [T::ZERO; CHUNK];
            let own = &mut own[..frames];
            if let (Some(window), Some(before)) =
                (memory.window.get_mut(channel), memory.before.get_mut(channel))
            {
                add(window, block.input(channel));
                peaks_around(simd, &self.detector, window, place, before, least_ceiling, own);
            } else {
                for (own, x) in own.iter_mut().zip(block.input(channel)) {
                    *own = x.abs();
                }
            }
            if together {
                for (peak, own) in peaks.iter_mut().zip(own) {
                    *peak = larger(*peak, *own);
                }
            } else {
                allow(&params.ceiling, own, &mut allowed[channel]);
            }
        }
        if together {
            allow(&params.ceiling, &peaks[..frames], &mut allowed[0]);
        } else {
            link(&params.link, &mut allowed[..channels], frames);
        }
        let low_frames = if self.sizes.low_hold == 0 { 0 } else { frames };
        if low_frames != 0 {
            allow_low(channels, params, memory, block, low_allowed);
        }
        for window in memory.window.iter_mut() {
            advance(window, frames);
        }
        let Sizes { rest, .. } = self.sizes;
        let windows = Windows { peak: self.sizes.window(), low: self.sizes.low_window(), rest };
        let mut least = [T::ONE; CHUNK];
        let latency = self.sizes.latency();
        let position = (self.at % latency as u64) as usize;
        for path in 0..paths {
            let mut gains = [T::ONE; CHUNK];
            let (allowed, low) = (&mut allowed[path][..frames], &mut low_allowed[path][..low_frames]);
            gain_memory(memory, &self.sizes, path).run(windows, params, allowed, low, self.at, &mut gains);
            for (least, gain) in least.iter_mut().zip(&gains[..frames]) {
                *least = if *gain < *least { *gain } else { *least };
            }
            let owned = if together { 0..channels } else { path..path + 1 };
            for channel in owned {
                let ring = &mut memory.delay[channel * latency..][..latency];
                delay_line::wait(ring, position, block.channel(channel));
                for (sample, gain) in block.channel(channel).iter_mut().zip(&gains) {
                    *sample *= *gain;
                }
            }
        }
        self.gain = least[frames - 1].to_f64();
        self.gains = least;
        self.known = frames;
        let mut smallest = T::ONE;
        for gain in &least[..frames] {
            smallest = if *gain < smallest { *gain } else { smallest };
        }
        self.smallest_gain = self.smallest_gain.min(smallest.to_f64());
        self.at += frames as u64;
        if self.sizes.verify {
            self.verify(simd, memory, block, ceiling);
        }
    }

    /// Measures the output as meters do: by the detector's kernels, the own one without its guard.
    #[inline(always)]
    fn verify<S: Simd>(
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
            self.meter.peaks(simd, window, frames, 0.0, &mut between);
            for (i, highest) in highest[..frames].iter_mut().enumerate() {
                let sample = window[HISTORY + i].abs().to_f64();
                *highest = f64::max(*highest, f64::max(between[i].to_f64(), sample));
            }
            advance(window, frames);
        }
        self.check.add(&highest[..frames], ceiling);
    }
}
