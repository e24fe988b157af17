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
//! points per sample, computed only where a bound proves that they can matter.

use super::histogram::{self, BINS, Histogram, loudness};
use super::layout::{Layout, Speaker};
use super::peaks::{ChannelPeaks, Interpolation, Stretch};
use crate::audio::{Block, Key, MAX_CHANNELS};
use crate::error::Error;
use crate::k_weighting::{self, KWeighting, Pair};
use crate::kind::{Core, Kind, Setup};
use crate::memory::{Storage, Word, layout};
use crate::param::{Group, Id, ParamTable, Row, Table, choices, params, readings};
use crate::ramp::Change;
use crate::sample::Sample;
use crate::simd::dispatch;
use crate::spec::Spec;
use crate::true_peak::{Fine, HISTORY, INTERVALS, Itu, WINDOW};
use crate::unit::{Unit, words_for_params};
use crate::units::gain_to_decibels;

/// Sub-blocks per second.
const RATE: f64 = 100.0;
/// Sub-blocks of the momentary window, 400 ms.
pub(super) const MOMENTARY: usize = 40;
/// Sub-blocks of the short-term window, 3 s.
pub(super) const SHORT_TERM: usize = 300;
/// Sub-blocks from one gating block to the next, 100 ms.
pub(super) const HOP: u64 = 10;

choices! {
    /// How a meter looks between the samples.
    pub enum TruePeak {
        /// Not at all.
        Off = "off",
        /// By the 48 taps of BS.1770: 4 points per sample. Ripples by 0.2 dB.
        Itu = "itu",
        /// By 8 points per sample of 48 taps each: flat to 0.43 of the rate.
        Fine = "fine",
    }
}

params! {
    /// What is fixed when a [`LoudnessMeter`] is built: what it measures.
    pub struct LoudnessConfig {
        /// Where the loudspeakers stand, and so what each channel weighs.
        LAYOUT = 1001, layout ("Layout"): choice(Layout) = Layout::Auto;
        /// Momentary and short-term loudness, which integrated loudness and range need too.
        LOUDNESS = 1002, loudness ("Loudness"): switch() = true;
        /// Integrated loudness.
        INTEGRATED = 1003, integrated ("Integrated"): switch() = true;
        /// Loudness range.
        RANGE = 1004, range ("Range"): switch() = true;
        /// True peak, and which kernel looks for it.
        TRUE_PEAK = 1005, true_peak ("True peak"): choice(TruePeak) = TruePeak::Fine;
        /// Mean, mean square, clipped runs, overs between samples, and peak to short-term loudness.
        STATISTICS = 1006, statistics ("Statistics"): switch() = true;
        /// Loudspeakers of a custom layout; as many as there are channels.
        SPEAKERS = 1007, speakers ("Speakers"): whole(0..=24, "") = 0;
    }
}

params! {
    /// Settings of a [`LoudnessMeter`] that exist once.
    pub struct LoudnessParams {
        /// Holds everything but momentary and short-term loudness; windows across the pause do not count.
        PAUSED = 1, paused ("Paused"): switch() = false;
    }
}

readings! {
    /// What a [`LoudnessMeter`] reports; each is `None` until there is enough audio for it.
    pub struct LoudnessReadings {
        /// Loudness of the last 400 ms; silence has none.
        MOMENTARY = 2001, momentary ("Momentary"): "LUFS";
        /// Loudness of the last 3 s; silence has none.
        SHORT_TERM = 2002, short_term ("Short-term"): "LUFS";
        /// Gated loudness of all that was measured.
        INTEGRATED = 2003, integrated ("Integrated"): "LUFS";
        /// Loudness range: from the 10th to the 95th percentile of the gated short-term loudness.
        RANGE = 2004, range ("Range"): "LU";
        /// The lower of the two.
        RANGE_LOW = 2005, range_low ("Range low"): "LUFS";
        /// The higher of the two.
        RANGE_HIGH = 2006, range_high ("Range high"): "LUFS";
        /// Largest momentary loudness.
        MOMENTARY_MAX = 2007, momentary_max ("Momentary max"): "LUFS";
        /// Largest short-term loudness.
        SHORT_TERM_MAX = 2008, short_term_max ("Short-term max"): "LUFS";
        /// Largest true peak of any channel.
        TRUE_PEAK_DB = 2009, true_peak_db ("True peak"): "dBTP";
        /// Largest sample of any channel.
        SAMPLE_PEAK_DB = 2010, sample_peak_db ("Sample peak"): "dBFS";
        /// Peak to loudness ratio: true peak less integrated loudness.
        PLR = 2011, plr ("PLR"): "LU";
        /// Peak to short-term loudness ratio of the last 3 s.
        PSR = 2012, psr ("PSR"): "LU";
        /// Its smallest value.
        PSR_MIN = 2013, psr_min ("PSR min"): "LU";
        /// Root mean square over all channels; a full-scale sine reads -3.01.
        RMS_DB = 2014, rms_db ("RMS"): "dBFS";
        /// Sample peak over root mean square.
        CREST_DB = 2015, crest_db ("Crest factor"): "dB";
        /// The mean farthest from 0 of any channel, in full scales.
        DC = 2016, dc ("DC offset"): "";
        /// Runs of two or more samples at full scale, over all channels.
        CLIPPED_RUNS = 2017, clipped_runs ("Clipped runs"): "";
        /// Passages between samples over full scale, over all channels.
        OVERS = 2018, overs ("Overs"): "";
        /// The relative gate of the integrated loudness.
        RELATIVE_GATE = 2019, relative_gate ("Relative gate"): "LUFS";
        /// How much audio was measured.
        MEASURED_SECONDS = 2020, measured_seconds ("Measured"): "s";
    }
}

/// Measures loudness and peaks; audio passes through untouched. 1 to 24 channels, as many out as in.
///
/// Beside the readings there are methods for what is per channel or more than a number; see
/// [`ChannelMeasures`](super::ChannelMeasures).
///
/// The integrated loudness of the same audio differs from an exact computation by less than 0.005 LU, the
/// range by less than 0.05 LU. Parts of a programme can be measured apart and merged: give every part but
/// the first the 3 s before it with [`seed`](LoudnessMeter::seed).
pub type LoudnessMeter<T, S = Storage> = Unit<LoudnessKind, T, S>;

layout! {
    /// The words of a loudness meter.
    pub(super) struct Memory<T>, read as MemoryRef (channels: usize, config: &LoudnessConfig) {
        filter: [Pair; if config.loudness { channels.div_ceil(2) } else { 0 }],
        ring: [f64; if config.loudness { SHORT_TERM } else { 0 }],
        channel_ring: [f64; if config.loudness { SHORT_TERM * channels } else { 0 }],
        peak_ring: [f64; if config.statistics { SHORT_TERM } else { 0 }],
        share: [f64; channels],
        integrated_energy: [f64; if config.integrated { BINS } else { 0 }],
        integrated_count: [u32; if config.integrated { BINS } else { 0 }],
        range_energy: [f64; if config.range { BINS } else { 0 }],
        range_count: [u32; if config.range { BINS } else { 0 }],
        peaks: [ChannelPeaks; channels],
        window: [[T; WINDOW]; if config.looks_between() { channels } else { 0 }],
    }
}

impl LoudnessConfig {
    const fn looks_between(&self) -> bool {
        !matches!(self.true_peak, TruePeak::Off)
    }
}

impl<T: Sample> LoudnessMeter<T> {
    /// Words that a meter needs: 13 000 with everything, 900 without integrated loudness and range (stereo).
    pub const fn memory(spec: &Spec, config: &LoudnessConfig) -> usize {
        let params = LoudnessParams::ROWS.len() + config.speakers as usize * Speaker::ROWS.len();
        words_for_params(params).saturating_add(Memory::<T>::words(spec.inputs, config))
    }
}

/// The catalogue's entry for [`LoudnessMeter`].
#[derive(Debug)]
pub struct LoudnessKind;

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
            kernel: match setup.config.true_peak {
                TruePeak::Off => Interpolation::Off,
                TruePeak::Itu => Interpolation::Itu(Itu::new()),
                TruePeak::Fine => Interpolation::Fine(Fine::new(1.0)),
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

/// Frame at which a sub-block ends, counted since reset.
pub(super) fn boundary(sub_block: u64, sample_rate: f64) -> u64 {
    libm::floor(sub_block as f64 * sample_rate / RATE + 0.5) as u64
}

/// The inside of a [`LoudnessMeter`].
#[derive(Debug)]
pub struct LoudnessCore<T> {
    filter: KWeighting,
    kernel: Interpolation<T>,
    pub(super) weights: [f64; MAX_CHANNELS],
    paused: bool,
    pub(super) state: State,
}

/// What counts frames and blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// Frames since reset, and of those the ones that were measured.
    pub(super) frames: u64,
    pub(super) counted: u64,
    /// What is added to a frame's number when it is reported, modulo 2^64.
    pub(super) shift: u64,
    /// Whole sub-blocks since reset, and where the present one ends.
    pub(super) sub_blocks: u64,
    pub(super) next: u64,
    /// Whole sub-blocks since the last pause.
    pub(super) run: u64,
    /// Whether the present sub-block has seen a pause.
    pub(super) gap: bool,
    /// Whether this is audio from before the part that is measured.
    pub(super) seeding: bool,
    /// Largest energies, negative when there is none yet.
    pub(super) momentary_max: f64,
    pub(super) short_term_max: f64,
    /// In LU, infinite when there is none yet.
    pub(super) psr_min: f64,
}

impl State {
    pub(super) fn new(sample_rate: f64) -> Self {
        Self {
            frames: 0,
            counted: 0,
            shift: 0,
            sub_blocks: 0,
            next: boundary(1, sample_rate),
            run: 0,
            gap: false,
            seeding: false,
            momentary_max: -1.0,
            short_term_max: -1.0,
            psr_min: f64::INFINITY,
        }
    }
}

impl State {
    /// Frames of the measurement, pauses included.
    pub(super) fn length(&self) -> u64 {
        self.frames.wrapping_add(self.shift)
    }

    /// Adds what another one counted; its audio of `length` frames comes after this one's.
    pub(super) fn merge(&mut self, other: &Self, length: u64) {
        let Self { counted, momentary_max, short_term_max, psr_min, .. } = *other;
        self.merge_values(counted, length, momentary_max, short_term_max, psr_min);
    }

    pub(super) fn merge_values(
        &mut self,
        counted: u64,
        length: u64,
        momentary_max: f64,
        short_term_max: f64,
        psr_min: f64,
    ) {
        self.counted = self.counted.saturating_add(counted);
        self.shift = self.shift.wrapping_add(length);
        self.momentary_max = self.momentary_max.max(momentary_max);
        self.short_term_max = self.short_term_max.max(short_term_max);
        self.psr_min = self.psr_min.min(psr_min);
    }
}

impl<T: Sample> MemoryRef<'_, T> {
    pub(super) fn integrated(&self) -> Histogram<'_> {
        Histogram { energy: self.integrated_energy, count: self.integrated_count }
    }
    pub(super) fn range(&self) -> Histogram<'_> {
        Histogram { energy: self.range_energy, count: self.range_count }
    }
}

/// Mean energy of the last `count` sub-blocks; `None` before there are so many.
pub(super) fn window_energy(ring: &[f64], state: &State, sample_rate: f64, count: usize) -> Option<f64> {
    if ring.len() < SHORT_TERM || state.sub_blocks < count as u64 {
        return None;
    }
    let end = (state.sub_blocks % SHORT_TERM as u64) as usize;
    let sum: f64 = if count == SHORT_TERM {
        sum(&ring[..SHORT_TERM])
    } else {
        (0..count).map(|back| ring[(end + SHORT_TERM - 1 - back) % SHORT_TERM]).sum()
    };
    let frames =
        boundary(state.sub_blocks, sample_rate) - boundary(state.sub_blocks - count as u64, sample_rate);
    Some(sum / frames as f64)
}

/// Sum in eight partial sums.
fn sum(values: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let whole = values.chunks_exact(8);
    let rest: f64 = whole.remainder().iter().sum();
    for values in whole {
        (0..8).for_each(|i| sums[i] += values[i]);
    }
    rest + sums.iter().sum::<f64>()
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
        let at = Stretch { frame: state.length(), counted: state.counted, counts };
        for (channel, peaks) in memory.peaks.iter_mut().enumerate() {
            let samples = block.input(channel);
            peaks.samples(simd, samples, at);
            if counts && config.statistics {
                peaks.statistics(simd, samples, at);
            }
            if let Some(window) = memory.window.get_mut(channel) {
                window[HISTORY..HISTORY + frames].copy_from_slice(samples);
                peaks.intervals(simd, &self.kernel, window, frames, at, config.statistics);
                window.copy_within(frames..frames + HISTORY, 0);
            }
        }
        state.frames += frames as u64;
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
        let at = Stretch { frame: self.state.length(), counted, counts: true };
        for (peaks, window) in memory.peaks.iter_mut().zip(memory.window.iter_mut()) {
            window[HISTORY..].fill(T::ZERO);
            peaks.intervals(simd, &self.kernel, window, frames, at, config.statistics);
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

    pub(super) fn report(
        &self,
        setup: &Setup<'_, LoudnessConfig>,
        memory: &MemoryRef<'_, T>,
        id: Id,
    ) -> Option<f64> {
        type R = LoudnessReadings;
        let config = setup.config;
        let state = &self.state;
        let window = |count| window_energy(memory.ring, state, setup.spec.sample_rate, count);
        let integrated = memory.integrated();
        let range = || memory.range().range();
        let heard = (state.counted > 0).then_some(());
        let statistics = heard.filter(|()| config.statistics);
        let sample_peak = memory.peaks.iter().fold(0.0, |a: f64, p| a.max(p.sample));
        let true_peak = || {
            let peak = memory.peaks.iter().fold(0.0, |a: f64, p| a.max(p.true_peak().0));
            heard.filter(|()| config.looks_between()).map(|()| gain_to_decibels(peak))
        };
        let mean_square = || {
            let sum: f64 = memory.peaks.iter().flat_map(|p| p.squares).sum();
            sum / (state.counted as f64 * memory.peaks.len() as f64)
        };
        match id {
            R::MOMENTARY => window(MOMENTARY).map(loudness),
            R::SHORT_TERM => window(SHORT_TERM).map(loudness),
            R::INTEGRATED => integrated.integrated().map(loudness),
            R::RELATIVE_GATE => integrated.integrated_gate().map(loudness),
            R::RANGE => range().map(|(low, high)| loudness(high) - loudness(low)),
            R::RANGE_LOW => range().map(|(low, _)| loudness(low)),
            R::RANGE_HIGH => range().map(|(_, high)| loudness(high)),
            R::MOMENTARY_MAX => (state.momentary_max >= 0.0).then(|| loudness(state.momentary_max)),
            R::SHORT_TERM_MAX => (state.short_term_max >= 0.0).then(|| loudness(state.short_term_max)),
            R::TRUE_PEAK_DB => true_peak(),
            R::SAMPLE_PEAK_DB => heard.map(|()| gain_to_decibels(sample_peak)),
            R::PLR => Some(true_peak()? - loudness(integrated.integrated()?)),
            R::PSR => psr(memory.peak_ring, window(SHORT_TERM)?).filter(|_| config.looks_between()),
            R::PSR_MIN => Some(state.psr_min).filter(|psr| psr.is_finite() && config.looks_between()),
            R::RMS_DB => statistics.map(|()| 10.0 * libm::log10(mean_square())),
            R::CREST_DB => statistics
                .filter(|()| sample_peak > 0.0)
                .map(|()| gain_to_decibels(sample_peak) - 10.0 * libm::log10(mean_square())),
            R::DC => statistics.map(|()| {
                let sums = memory.peaks.iter().map(|p| p.sum.iter().sum::<f64>());
                let farthest = sums.fold(0.0, |a: f64, sum| if sum.abs() > a.abs() { sum } else { a });
                farthest / state.counted as f64
            }),
            R::CLIPPED_RUNS => statistics.map(|()| memory.peaks.iter().map(|p| p.runs as f64).sum()),
            R::OVERS => statistics
                .filter(|()| config.looks_between())
                .map(|()| memory.peaks.iter().map(|p| p.overs as f64).sum()),
            R::MEASURED_SECONDS => Some(state.counted as f64 / setup.spec.sample_rate),
            _ => None,
        }
    }
}

/// Peak of the last 3 s over their loudness; `None` below the absolute gate, where it says nothing.
fn psr(peaks: &[f64], energy: f64) -> Option<f64> {
    let short_term = loudness(energy);
    let peak = peaks.iter().fold(0.0, |a: f64, b| a.max(*b));
    (peak > 0.0 && short_term > histogram::LOWEST).then(|| gain_to_decibels(peak) - short_term)
}
