//! The loudness meter: ITU-R BS.1770-5, EBU Tech 3341-2023 and 3342-2023.
//!
//! ```text
//! in --> K-weighting --> energy per channel, 10 ms --> weights --> ring of 300 sub-blocks
//!   |                                                    |--> last 40: momentary, every 100 ms --> histogram
//!   |                                                    `--> all 300: short-term, every 100 ms --> histogram
//!   |--> true peak, per channel
//!   `--> sample peak, mean, mean square, clipping, per channel
//! out = in
//! ```
//!
//! Sub-block k ends at frame round(k rate / 100), counted since reset. Momentary and short-term loudness
//! and their maxima are exact every 10 ms; blocks for integrated loudness and range begin every 100 ms, as
//! Tech 3342 asks (a hop of 1 s, which some meters take, reads the range up to 2 LU wrong). A block counts
//! only when it is whole. Audio passes through untouched; latency and tail are 0.
//!
//! State, per pair of channels: `filter`. Per sub-block: `ring`, weighted energies of the last 3 s, and
//! `channel_ring`, each channel's own. Per 100 ms: two histograms (48 000 bytes each), and `share`, each
//! channel's weighted energy over the blocks above -70 LUFS. Per frame: `window`, the last 47 samples of
//! each channel, and `peaks`.
//!
//! Memory does not grow. Cost: the filter is four lanes of f64 per two channels; the true peak is seven
//! points per sample, computed only where an estimate with a proven
//! error says that they can matter, with the result of the full computation.

mod histogram;
mod layout;
mod measures;
mod peaks;
mod report;
mod serial;
mod state;
mod tables;

pub use histogram::{energy, integrated, loudness, range};
pub use layout::{Layout, Speaker};
pub use measures::{ChannelMeasures, History, Peak};
pub use tables::{LoudnessConfig, LoudnessParams, LoudnessReadings, TruePeak};

use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::memory::{Storage, Word};
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::Spec;
use crate::dsp::k_weighting::{self, KWeighting, Pair};
use crate::dsp::true_peak::{HISTORY, INTERVALS, Itu, Sparing, WINDOW};
use crate::engine::automation::words_for_params;
use crate::engine::old::Key;
use crate::engine::old::{Core, Kind, Setup};
use crate::engine::unit::Unit;
use crate::params::ramp::Change;
use crate::params::{Group, Id, ParamTable, Row, Table};
use histogram::{BINS, Histogram};
use peaks::{ChannelPeaks, Interpolation, Stretch};
use report::psr;
use state::{HOP, MOMENTARY, SHORT_TERM, State, boundary, window_energy};

/// Measures loudness and peaks; audio passes through untouched. 1 to 24 channels, as many out as in.
///
/// Loudness is in LUFS (which BS.1770 calls LKFS), differences in LU, samples in dBFS, true peaks in dBTP. A
/// reading is `None` until there is enough audio for it, and for silence. Beside the readings there are
/// methods for what is per channel or more than a number; see [`ChannelMeasures`].
///
/// # What is guaranteed
///
/// * The weighting follows the standard's curve at 48 kHz to ±0.02 dB at any rate from 8 to 384 kHz, up to
///   0.45 of the rate.
/// * The synthetic signals of EBU Tech 3341 and 3342 read within half of EBU's tolerance, at any rate from
///   44.1 to 192 kHz and however the audio is cut.
/// * The range comes from windows every 100 ms, as Tech 3342 demands.
/// * True peak, `fine`: within 0.17 dB of an ideal meter for content up to 0.45 of the rate.
/// * Parts of a programme measured apart and merged read as the whole does, to 0.01 LU, when every part but the
///   first has had the 3 s before it by [`seed`](LoudnessMeter::seed).
/// * Memory and time per frame do not grow with the length of the audio.
///
/// # What is not
///
/// * The integrated loudness comes from bins of 0.02 LU: it is within 0.005 LU of exact gating, and the range
///   within 0.05 LU, unless a steady bed lies in the very bin that the gate cuts. Exact gating needs the
///   caller's memory: [`process_into`](LoudnessMeter::process_into).
/// * Blocks louder than +10 LUFS share one bin. Their energy counts in full.
/// * The range says little before 60 s (EBU), and no silence is appended to a file, as Tech 3342's own script
///   does.
/// * True peak, `itu`: the kernel of BS.1770 itself ripples by 0.24 dB and may read below the sample peak, which
///   is why that counts too.
/// * `auto` takes the layout by the number of channels; a 7.1 file in the order of WAV needs to be told.
pub type LoudnessMeter<T, S = Storage> = Unit<LoudnessKind, T, S>;

layout! {
    /// The words of a loudness meter.
    pub(super) struct Memory<T>, read as MemoryRef (channels: usize, config: &LoudnessConfig) {
        filter: [Pair; if config.filters() { channels.div_ceil(2) } else { 0 }],
        ring: [f64; if config.filters() { SHORT_TERM } else { 0 }],
        channel_ring: [f64; if config.filters() { SHORT_TERM * channels } else { 0 }],
        peak_ring: [f64; if config.measure_statistics { SHORT_TERM } else { 0 }],
        share: [f64; channels],
        integrated_energy: [f64; if config.measure_integrated { BINS } else { 0 }],
        integrated_count: [u32; if config.measure_integrated { BINS } else { 0 }],
        range_energy: [f64; if config.measure_range { BINS } else { 0 }],
        range_count: [u32; if config.measure_range { BINS } else { 0 }],
        peaks: [ChannelPeaks; channels],
        window: [[T; WINDOW]; if config.looks_between() { channels } else { 0 }],
    }
}

impl<T: Sample> LoudnessMeter<T> {
    /// Words that a meter needs: 13 400 with everything, 1 400 without integrated loudness and range (stereo).
    pub const fn memory(spec: &Spec, config: &LoudnessConfig) -> usize {
        let params = LoudnessParams::ROWS.len() + config.speakers as usize * Speaker::ROWS.len();
        words_for_params(params).saturating_add(Memory::<T>::words(spec.inputs, config))
    }
}

/// The catalogue's entry for [`LoudnessMeter`].
#[derive(Debug)]
pub struct LoudnessKind;

crate::engine::old::adapt! { LoudnessKind, "LoudnessMeter", latency: |_, _| 0, has: [LoudnessParams, Speaker, LoudnessReadings], before: 0 }

impl Kind for LoudnessKind {
    const KEY: &'static str = "loudness";
    const NAME: &'static str = "LoudnessMeter";
    const DOC: &'static str = "Measures loudness (BS.1770-5, EBU R 128), loudness range and true peak.";
    const PARAMS: ParamTable = ParamTable {
        rows: LoudnessParams::ROWS,
        groups: &[Group { key: "speakers", rows: Speaker::ROWS, count: "speakers" }],
    };
    const READINGS: &'static [Row] = LoudnessReadings::ROWS;
    type Config = LoudnessConfig;
    type Core<T: Sample> = LoudnessCore<T>;

    fn check(spec: &Spec, config: &LoudnessConfig) -> Result<(), Error> {
        spec.check_same_channels()?;
        let wanted = match config.layout {
            Layout::Custom => Some(config.speakers as usize),
            layout => layout.channels(),
        };
        match wanted {
            Some(channels) if channels != spec.inputs => Err(Error::Channels {
                what: "inputs",
                value: spec.inputs,
                minimum: channels,
                maximum: channels,
            }),
            _ => Ok(()),
        }
    }

    fn memory<T: Sample>(spec: &Spec, config: &LoudnessConfig) -> usize {
        LoudnessMeter::<T>::memory(spec, config)
    }

    fn core<T: Sample>(setup: &Setup<'_, LoudnessConfig>, words: &mut [Word]) -> LoudnessCore<T> {
        let memory = carve::<T>(setup, words);
        memory.filter.fill(Pair::SILENT);
        memory.peaks.fill(ChannelPeaks::NONE);
        LoudnessCore {
            filter: KWeighting::new(setup.spec.sample_rate),
            kernel: match setup.config.true_peak_kernel {
                TruePeak::Off => Interpolation::Off,
                TruePeak::Itu => Interpolation::Itu(Itu::new()),
                TruePeak::Fine => Interpolation::Fine(Sparing::new()),
            },
            weights: weights(setup),
            paused: setup.params::<LoudnessParams>().paused,
            state: State::new(setup.spec.sample_rate),
        }
    }
}

pub(super) fn carve<'a, T: Sample>(
    setup: &Setup<'_, LoudnessConfig>,
    words: &'a mut [Word],
) -> Memory<'a, T> {
    Memory::carve(words, setup.spec.inputs, setup.config)
}

pub(super) fn read<'a, T: Sample>(setup: &Setup<'_, LoudnessConfig>, words: &'a [Word]) -> MemoryRef<'a, T> {
    MemoryRef::read(words, setup.spec.inputs, setup.config)
}

fn weights(setup: &Setup<'_, LoudnessConfig>) -> [f64; MAX_CHANNELS] {
    let mut weights = setup.config.layout.weights(setup.spec.inputs);
    if setup.config.layout == Layout::Custom {
        let speakers = setup.config.speakers as usize;
        for (item, weight) in weights.iter_mut().enumerate().take(speakers) {
            *weight = setup.item::<Speaker>(LoudnessParams::ROWS.len(), item).weight();
        }
    }
    weights
}

/// The inside of a [`LoudnessMeter`].
#[derive(Debug)]
pub struct LoudnessCore<T> {
    filter: KWeighting,
    kernel: Interpolation<T>,
    pub(super) weights: [f64; MAX_CHANNELS],
    paused: bool,
    state: State,
}

impl<T: Sample> MemoryRef<'_, T> {
    pub(super) fn integrated(&self) -> Histogram<'_> {
        Histogram { energy: self.integrated_energy, count: self.integrated_count }
    }
    pub(super) fn range(&self) -> Histogram<'_> {
        Histogram { energy: self.range_energy, count: self.range_count }
    }
}

impl<T: Sample> Core<T> for LoudnessCore<T> {
    type Config = LoudnessConfig;

    fn change(&mut self, setup: &Setup<'_, LoudnessConfig>, _words: &mut [Word], _id: Id, _change: Change) {
        self.weights = weights(setup);
        self.paused = setup.params::<LoudnessParams>().paused;
    }

    fn run(
        &mut self,
        setup: &Setup<'_, LoudnessConfig>,
        words: &mut [Word],
        mut block: Block<'_, '_, T>,
        _key: Key<'_, T>,
    ) {
        let mut memory = carve::<T>(setup, words);
        let mut done = 0;
        while done < block.frames() {
            let left = (block.frames() - done).min((self.state.next - self.state.frames) as usize);
            let count = left.min(INTERVALS);
            let mut part = block.part(done, done + count);
            dispatch!(setup.spec.simd, s => self.stretch(s, setup.config, &mut memory, &mut part));
            done += count;
        }
    }

    fn snap(&mut self, setup: &Setup<'_, LoudnessConfig>, words: &mut [Word]) {
        carve::<T>(setup, words).filter.iter_mut().for_each(Pair::snap);
    }

    fn reset(&mut self, setup: &Setup<'_, LoudnessConfig>, words: &mut [Word]) {
        words.fill(0);
        *self = LoudnessKind::core(setup, words);
    }

    fn tail(&self, _setup: &Setup<'_, LoudnessConfig>, _words: &[Word]) -> Option<usize> {
        Some(0)
    }

    fn reading(&self, setup: &Setup<'_, LoudnessConfig>, words: &[Word], id: Id) -> Option<f64> {
        let memory = read::<T>(setup, words);
        // Silence has no level.
        self.report(setup, &memory, id).filter(|value| value.is_finite())
    }
}

impl<T: Sample> LoudnessCore<T> {
    /// Some frames, at most [`INTERVALS`], within one sub-block.
    #[inline(always)]
    fn stretch<S: fearless_simd::Simd>(
        &mut self,
        simd: S,
        config: &LoudnessConfig,
        memory: &mut Memory<'_, T>,
        block: &mut Block<'_, '_, T>,
    ) {
        let frames = block.frames();
        for (i, pair) in memory.filter.iter_mut().enumerate() {
            let first = block.input(2 * i);
            let second = if 2 * i + 1 < block.channels() { block.input(2 * i + 1) } else { first };
            k_weighting::run(simd, &self.filter, pair, first, second);
        }
        let state = &mut self.state;
        let counts = !self.paused && !state.seeding;
        let (skips, hears) = (state.skips(self.paused), !state.seeding);
        let at = Stretch { frame: state.length(), counted: state.counted, counts, skips, hears };
        for (channel, peaks) in memory.peaks.iter_mut().enumerate() {
            let samples = block.input(channel);
            peaks.samples(simd, samples, at);
            if !counts {
                // What is cut off by a pause is not side by side with what comes after it.
                peaks.clipped = 0;
            } else if config.measure_statistics {
                peaks.statistics(simd, samples, at);
            }
            if let Some(window) = memory.window.get_mut(channel) {
                window[HISTORY..HISTORY + frames].copy_from_slice(samples);
                peaks.intervals(simd, &self.kernel, window, frames, at, config.measure_statistics);
                window.copy_within(frames..frames + HISTORY, 0);
            }
        }
        state.frames += frames as u64;
        state.skip(frames, self.paused);
        if counts {
            state.counted += frames as u64;
        }
        if self.paused {
            state.gap = true;
        }
        if state.frames == state.next {
            self.end_sub_block(memory, counts);
        }
    }

    /// Whether the audio now counts.
    pub(super) fn measures(&self) -> bool {
        !self.paused && !self.state.seeding
    }

    /// Looks at the next intervals as if silence followed.
    #[inline(always)]
    pub(super) fn look_on<S: fearless_simd::Simd>(
        &self,
        simd: S,
        config: &LoudnessConfig,
        memory: &mut Memory<'_, T>,
        frames: usize,
    ) {
        if !self.measures() {
            return;
        }
        let State { counted, .. } = self.state;
        let (frame, skips) = (self.state.length(), self.state.skips(false));
        let at = Stretch { frame, counted, counts: true, skips, hears: true };
        for (peaks, window) in memory.peaks.iter_mut().zip(memory.window.iter_mut()) {
            window[HISTORY..].fill(T::ZERO);
            peaks.intervals(simd, &self.kernel, window, frames, at, config.measure_statistics);
            window.copy_within(frames..frames + HISTORY, 0);
        }
    }

    /// A sub-block is whole.
    fn end_sub_block(&mut self, memory: &mut Memory<'_, T>, counts: bool) {
        let rate = self.filter.sample_rate();
        let state = &mut self.state;
        let place = (state.sub_blocks % SHORT_TERM as u64) as usize;
        state.sub_blocks += 1;
        state.next = boundary(state.sub_blocks + 1, rate);
        state.run = if state.gap { 0 } else { state.run + 1 };
        state.gap = self.paused;
        if let Some(slot) = memory.peak_ring.get_mut(place) {
            *slot = memory.peaks.iter().fold(0.0, |a: f64, peaks| a.max(peaks.recent));
        }
        memory.peaks.iter_mut().for_each(|peaks| peaks.recent = 0.0);
        if memory.ring.is_empty() {
            return;
        }
        let channels = memory.share.len();
        let mut total = 0.0;
        for (i, pair) in memory.filter.iter_mut().enumerate() {
            for (channel, energy) in (2 * i..channels).zip(pair.take_energy()) {
                memory.channel_ring[channel * SHORT_TERM + place] = energy;
                total += self.weights[channel] * energy;
            }
        }
        memory.ring[place] = total;
        if !counts {
            return;
        }
        let is_hop = state.sub_blocks.is_multiple_of(HOP);
        let whole = |state: &State, ring: &[f64], count: usize| {
            window_energy(ring, state, rate, count).filter(|_| state.run >= count as u64)
        };
        if let Some(energy) = whole(state, memory.ring, SHORT_TERM) {
            state.short_term_max = state.short_term_max.max(energy);
            if is_hop {
                histogram::add(memory.range_energy, memory.range_count, energy);
                if let Some(psr) = psr(memory.peak_ring, energy) {
                    state.psr_min = state.psr_min.min(psr);
                }
            }
        }
        if let Some(energy) = whole(state, memory.ring, MOMENTARY) {
            state.momentary_max = state.momentary_max.max(energy);
            if is_hop {
                self.count_momentary(memory, energy);
            }
        }
    }

    fn count_momentary(&mut self, memory: &mut Memory<'_, T>, energy: f64) {
        if loudness(energy) <= histogram::LOWEST {
            return;
        }
        histogram::add(memory.integrated_energy, memory.integrated_count, energy);
        for (channel, share) in memory.share.iter_mut().enumerate() {
            let ring = &memory.channel_ring[channel * SHORT_TERM..][..SHORT_TERM];
            let own = window_energy(ring, &self.state, self.filter.sample_rate(), MOMENTARY);
            *share += self.weights[channel] * own.unwrap_or(0.0);
        }
    }
}
