//! Floor 5: the loudness meter: ITU-R BS.1770-5, EBU Tech 3341-2023 and 3342-2023.
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
//! State: `timeline`, frames and blocks, per frame; `filter` and `kernel`, which the rate and the config decide;
//! `weights` and `paused`, per set. In the words, per pair of channels: `filter`, per frame. Per sub-block: `ring`,
//! weighted energies of the last 3 s, `channel_ring`, each channel's own, and `peak_ring`, true peaks. Per 100 ms: two
//! histograms (48 000 bytes each), and `share`, each channel's weighted energy over the blocks above -70 LUFS. Per
//! frame: `window`, the last 47 samples of each channel, and `peaks`.
//!
//! Memory does not grow. Cost: the filter is four lanes of f64 per two channels; the true peak is seven
//! points per sample, computed only where an estimate with a proven
//! error says that they can matter, with the result of the full computation.

mod histogram;
mod history;
mod layout;
mod measuring;
mod methods;
mod params;
mod peaks;
mod report;
mod serial;
mod timeline;

pub use histogram::{energy, integrated, loudness, range};
pub use history::History;
pub use layout::{Layout, Speaker};
pub use params::{LoudnessConfig, LoudnessParams, LoudnessReadings, TruePeak};
pub use report::{ChannelMeasures, Peak};

use crate::base::audio::Block;
use crate::base::error::Error;
use crate::base::layout::layout;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::{MAX_CHANNELS, Spec};
use crate::dsp::k_weighting::{self, KWeighting, Pair};
use crate::dsp::true_peak::{HISTORY, INTERVALS, Itu, Sparing, WINDOW};
use crate::engine::declare::processor;
use crate::engine::kind::{Look, ProcessorKind, Run, Setup};
use crate::params::Id;
use crate::params::ramp::Change;
use fearless_simd::Simd;
use histogram::{BINS, Histogram};
use measuring::{Measuring, Taking};
use peaks::{ChannelPeaks, Interpolation, Part};
use report::Measured;
use timeline::{SHORT_TERM, Timeline};

/// What a loudness meter keeps: everything per channel, and what the config asks for.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    channels: usize,
    /// Pairs of channels with a filter.
    pairs: usize,
    /// Sub-blocks, of loudness and of true peaks.
    sub_blocks: usize,
    peak_sub_blocks: usize,
    /// Bins of the two histograms.
    integrated: usize,
    range: usize,
    /// Channels with a window for true peaks.
    windows: usize,
}

impl Sizes {
    const fn new(spec: &Spec, config: &LoudnessConfig) -> Self {
        let channels = spec.inputs;
        let (filters, between) = (config.filters(), config.looks_between());
        Self {
            channels,
            pairs: if filters { channels.div_ceil(2) } else { 0 },
            sub_blocks: if filters { SHORT_TERM } else { 0 },
            peak_sub_blocks: if config.measure_statistics { SHORT_TERM } else { 0 },
            integrated: if config.measure_integrated { BINS } else { 0 },
            range: if config.measure_range { BINS } else { 0 },
            windows: if between { channels } else { 0 },
        }
    }
}

layout! {
    /// The words of a loudness meter.
    pub struct Memory<T>, read as MemoryRef (sizes: Sizes) {
        /// The filter of each pair of channels, and what came out of it in this sub-block.
        filter: [Pair; sizes.pairs],
        /// Weighted energy of each sub-block.
        ring: [f64; sizes.sub_blocks],
        /// Energy of each channel's sub-blocks.
        channel_ring: [f64; sizes.sub_blocks * sizes.channels],
        /// Largest true peak of each sub-block.
        peak_ring: [f64; sizes.peak_sub_blocks],
        /// Weighted energy of each channel over the blocks above the absolute gate.
        share: [f64; sizes.channels],
        /// Energies of the momentary histogram.
        integrated_energy: [f64; sizes.integrated],
        /// Its blocks.
        integrated_count: [u32; sizes.integrated],
        /// Energies of the short-term histogram.
        range_energy: [f64; sizes.range],
        /// Its blocks.
        range_count: [u32; sizes.range],
        /// What each channel's samples add up to.
        peaks: [ChannelPeaks; sizes.channels],
        /// The last samples of each channel.
        window: [[T; WINDOW]; sizes.windows],
    }
}

impl<T: Sample> Memory<'_, T> {
    /// What does not depend on the samples.
    fn measuring(&mut self) -> Measuring<'_> {
        Measuring {
            filter: self.filter,
            ring: self.ring,
            channel_ring: self.channel_ring,
            peak_ring: self.peak_ring,
            share: self.share,
            integrated_energy: self.integrated_energy,
            integrated_count: self.integrated_count,
            range_energy: self.range_energy,
            range_count: self.range_count,
            peaks: self.peaks,
        }
    }
}

/// What a meter has measured.
fn measured<'a, T: Sample>(look: &Look<'a, LoudnessKind, T>) -> Measured<'a> {
    let Look { setup, state, memory, .. } = look;
    Measured {
        config: setup.config,
        sample_rate: setup.spec.sample_rate,
        weights: &state.weights,
        timeline: &state.timeline,
        ring: memory.ring,
        channel_ring: memory.channel_ring,
        peak_ring: memory.peak_ring,
        share: memory.share,
        integrated: Histogram { energy: memory.integrated_energy, count: memory.integrated_count },
        range: Histogram { energy: memory.range_energy, count: memory.range_count },
        peaks: memory.peaks,
    }
}

processor! {
    /// Measures loudness (BS.1770-5, EBU R 128), loudness range and true peak.
    ///
    /// Audio passes through untouched. 1 to 24 channels, as many out as in. Memory: 13 400 words with everything,
    /// 1 400 without integrated loudness and range (stereo).
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
    pub LoudnessMeter = LoudnessKind {
        key: "loudness",
        label: "LoudnessMeter",
        params: LoudnessParams,
        groups: [speakers: Speaker],
        config: LoudnessConfig,
        readings: LoudnessReadings,
        memory: Memory / MemoryRef by Sizes,
    }
}

/// The state of a [`LoudnessMeter`].
#[derive(Debug)]
pub struct State<T> {
    filter: KWeighting,
    kernel: Interpolation<T>,
    weights: [f64; MAX_CHANNELS],
    paused: bool,
    timeline: Timeline,
}

impl<T> State<T> {
    /// Whether the audio now counts.
    fn measures(&self) -> bool {
        !self.paused && !self.timeline.seeding
    }
}

fn weights(setup: &Setup<'_, LoudnessKind>) -> [f64; MAX_CHANNELS] {
    let mut weights = setup.config.layout.weights(setup.spec.inputs);
    if setup.config.layout == Layout::Custom {
        let speakers = setup.config.speakers as usize;
        for (item, weight) in weights.iter_mut().enumerate().take(speakers) {
            *weight = setup.item::<Speaker>(item).weight();
        }
    }
    weights
}

impl ProcessorKind for LoudnessKind {
    type Moving = ();
    type State<T: Sample> = State<T>;

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

    fn design(_: &Setup<'_, Self>) {}

    fn start<T: Sample>(setup: &Setup<'_, Self>, memory: Memory<'_, T>) -> State<T> {
        memory.filter.fill(Pair::SILENT);
        memory.peaks.fill(ChannelPeaks::NONE);
        State {
            filter: KWeighting::new(setup.spec.sample_rate),
            kernel: match setup.config.true_peak_kernel {
                TruePeak::Off => Interpolation::Off,
                TruePeak::Itu => Interpolation::Itu(Itu::new()),
                TruePeak::Fine => Interpolation::Fine(Sparing::new()),
            },
            weights: weights(setup),
            paused: setup.params().paused,
            timeline: Timeline::new(setup.spec.sample_rate),
        }
    }

    fn process<T: Sample>(mut run: Run<'_, Self, T>, mut block: Block<'_, '_, T>) {
        let mut done = 0;
        while done < block.frames() {
            let timeline = &run.state.timeline;
            let left = (block.frames() - done).min((timeline.next - timeline.frames) as usize);
            let count = left.min(INTERVALS);
            let part = block.part(done, done + count);
            dispatch!(run.setup.spec.simd, s => run_part(s, &mut run, &part));
            let Run { setup, state, memory, .. } = &mut run;
            if state.timeline.frames == state.timeline.next {
                let counts = state.measures();
                let State { weights, paused, timeline, .. } = &mut **state;
                let sample_rate = setup.spec.sample_rate;
                let taking = Taking { sample_rate, weights, paused: *paused, counts };
                memory.measuring().end_sub_block(timeline, taking);
            }
            done += count;
        }
    }

    fn change<T: Sample>(run: Run<'_, Self, T>, _: Id, _: Change) {
        run.state.weights = weights(&run.setup);
        run.state.paused = run.setup.params().paused;
    }

    fn flush_denormals<T: Sample>(run: Run<'_, Self, T>) {
        run.memory.filter.iter_mut().for_each(Pair::flush_denormals);
    }

    fn reading<T: Sample>(look: Look<'_, Self, T>, id: Id) -> Option<f64> {
        // Silence has no level.
        measured(&look).reading(id).filter(|value| value.is_finite())
    }
}

/// Some frames, at most [`INTERVALS`], within one sub-block.
#[inline(always)]
fn run_part<S: Simd, T: Sample>(simd: S, run: &mut Run<'_, LoudnessKind, T>, block: &Block<'_, '_, T>) {
    let Run { setup, state, memory, .. } = run;
    let State { filter, kernel, paused, timeline, .. } = &mut **state;
    let (frames, paused, statistics) = (block.frames(), *paused, setup.config.measure_statistics);
    for (i, pair) in memory.filter.iter_mut().enumerate() {
        let first = block.input(2 * i);
        let second = if 2 * i + 1 < block.channels() { block.input(2 * i + 1) } else { first };
        k_weighting::run(simd, filter, pair, first, second);
    }
    let counts = !paused && !timeline.seeding;
    let (skips, hears) = (timeline.skips(paused), !timeline.seeding);
    let at = Part { frame: timeline.length(), counted: timeline.counted, counts, skips, hears };
    for (channel, peaks) in memory.peaks.iter_mut().enumerate() {
        let samples = block.input(channel);
        peaks.samples(simd, samples, at);
        if !counts {
            // What is cut off by a pause is not side by side with what comes after it.
            peaks.clipped = 0;
        } else if statistics {
            peaks.statistics(simd, samples, at);
        }
        if let Some(window) = memory.window.get_mut(channel) {
            window[HISTORY..HISTORY + frames].copy_from_slice(samples);
            peaks.intervals(simd, kernel, window, frames, at, statistics);
            window.copy_within(frames..frames + HISTORY, 0);
        }
    }
    timeline.frames += frames as u64;
    timeline.skip(frames, paused);
    if counts {
        timeline.counted += frames as u64;
    }
    if paused {
        timeline.gap = true;
    }
}

/// Looks at the next intervals as if silence followed.
#[inline(always)]
fn look_on<S: Simd, T: Sample>(simd: S, run: &mut Run<'_, LoudnessKind, T>, frames: usize) {
    let Run { setup, state, memory, .. } = run;
    if !state.measures() {
        return;
    }
    let timeline = &state.timeline;
    let (frame, skips) = (timeline.length(), timeline.skips(false));
    let at = Part { frame, counted: timeline.counted, counts: true, skips, hears: true };
    for (peaks, window) in memory.peaks.iter_mut().zip(memory.window.iter_mut()) {
        window[HISTORY..].fill(T::ZERO);
        peaks.intervals(simd, &state.kernel, window, frames, at, setup.config.measure_statistics);
        window.copy_within(frames..frames + HISTORY, 0);
    }
}
