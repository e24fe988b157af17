//! What a loudness meter tells and does beyond numbers and parameters: channels, histories, parts.

use crate::base::audio::{MAX_CHANNELS, frames_of};
use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::dsp::true_peak::DELAY;
use crate::engine::processor::Processor;
use crate::params::Id;
use crate::processors::loudness_meter::histogram::{self, loudness};
use crate::processors::loudness_meter::peaks::ChannelPeaks;
use crate::processors::loudness_meter::state::{HOP, MOMENTARY, SHORT_TERM, State, boundary, window_energy};
use crate::processors::loudness_meter::tables::{LoudnessParams, LoudnessReadings};
use crate::processors::loudness_meter::{LoudnessMeter, carve, read};

/// A level and where it first was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// In decibels against full scale.
    pub level_db: f64,
    /// Frames since the measurement began; for a peak between two samples, the earlier one.
    pub frame: u64,
}

/// What one channel has measured. `None` until there is enough audio, or when the config leaves it out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChannelMeasures {
    /// Loudness of the last 400 ms as the only channel, with its weight; silence has none.
    pub momentary: Option<f64>,
    /// The same over 3 s.
    pub short_term: Option<f64>,
    /// Its share, 0 to 1, of the weighted energy of all blocks above -70 LUFS.
    pub share: Option<f64>,
    /// Largest true peak.
    pub true_peak: Option<Peak>,
    /// Largest sample.
    pub sample_peak: Option<Peak>,
    /// Root mean square in decibels against full scale.
    pub rms_db: Option<f64>,
    /// Mean in full scales.
    pub dc: Option<f64>,
    /// Runs of two or more samples at full scale.
    pub clipped_runs: Option<u64>,
    /// Samples of the longest.
    pub longest_clipped_run: Option<u64>,
    /// Frame where the first began.
    pub first_clipped_run: Option<u64>,
    /// Passages between samples over full scale.
    pub overs: Option<u64>,
    /// Frame before the first.
    pub first_over: Option<u64>,
}

/// Room of the caller for values every 100 ms; see [`LoudnessMeter::process_into`].
#[derive(Debug)]
pub struct History<'a> {
    momentary: &'a mut [f32],
    short_term: &'a mut [f32],
    written: usize,
    missed: usize,
}

impl<'a> History<'a> {
    /// Writes momentary and short-term loudness into two slices of the caller, 10 values per second each.
    /// One of them may be empty. 10 hours of both take 2.9 MB.
    pub fn new(momentary: &'a mut [f32], short_term: &'a mut [f32]) -> Self {
        Self { momentary, short_term, written: 0, missed: 0 }
    }

    /// Momentary loudness in LUFS, one per 100 ms: the gating blocks, so that [`integrated`] of them is
    /// exact. Not a number where the window is not whole.
    ///
    /// [`integrated`]: crate::processors::loudness_meter::integrated
    pub fn momentary(&self) -> &[f32] {
        &self.momentary[..self.written.min(self.momentary.len())]
    }

    /// Short-term loudness in LUFS, one per 100 ms; not a number where the window is not whole.
    pub fn short_term(&self) -> &[f32] {
        &self.short_term[..self.written.min(self.short_term.len())]
    }

    /// Values for which there was no room in the longer of the two.
    pub fn missed(&self) -> usize {
        self.missed
    }

    /// Gating exact: integrated loudness of what is held, in LUFS.
    pub fn integrated(&self) -> Option<f64> {
        histogram::integrated(self.momentary().iter().copied())
    }

    fn push(&mut self, momentary: Option<f64>, short_term: Option<f64>) {
        let value = |energy: Option<f64>| energy.map_or(f32::NAN, |energy| loudness(energy) as f32);
        if let Some(slot) = self.momentary.get_mut(self.written) {
            *slot = value(momentary);
        }
        if let Some(slot) = self.short_term.get_mut(self.written) {
            *slot = value(short_term);
        }
        if self.written < self.momentary.len().max(self.short_term.len()) {
            self.written += 1;
        } else {
            self.missed += 1;
        }
    }
}

/// Frames that are copied at a time where the caller's audio must not be written to.
const FRAMES_AT_A_TIME: usize = 64;

impl<T: Sample, S: Store> LoudnessMeter<T, S> {
    /// A reading by its id; the same as [`get`](Processor::get).
    pub fn reading(&self, id: Id) -> Option<f64> {
        self.get(id)
    }

    /// Integrated loudness in LUFS. Takes time in proportion to 4000 bins, however long the audio.
    pub fn integrated(&self) -> Option<f64> {
        self.get(LoudnessReadings::INTEGRATED)
    }

    /// Loudness range in LU.
    pub fn range(&self) -> Option<f64> {
        self.get(LoudnessReadings::RANGE)
    }

    /// True peak in dBTP.
    pub fn true_peak_db(&self) -> Option<f64> {
        self.get(LoudnessReadings::TRUE_PEAK_DB)
    }

    /// What one channel has measured; `None` when there is no such channel.
    pub fn channel(&self, channel: usize) -> Option<ChannelMeasures> {
        self.look_core(|core, setup, words| core.channel(setup, &read::<T>(setup, words), channel))
    }

    /// Holds the measurement: everything but momentary and short-term loudness.
    pub fn pause(&mut self) {
        let _ = self.set(LoudnessParams::PAUSED, 1.0);
    }

    /// Goes on measuring. Windows that reach back over the pause do not count.
    pub fn resume(&mut self) {
        let _ = self.set(LoudnessParams::PAUSED, 0.0);
    }

    /// Starts a new measurement on running audio: clears integrated loudness, range, maxima, peaks and
    /// statistics, and counts frames from here. Filters and windows stay, so that momentary and short-term
    /// loudness go on. ([`reset`](Processor::reset) clears everything.)
    pub fn restart(&mut self) {
        self.with_core(|core, setup, words| {
            let memory = carve::<T>(setup, words);
            memory.share.fill(0.0);
            memory.integrated_energy.fill(0.0);
            memory.integrated_count.fill(0);
            memory.range_energy.fill(0.0);
            memory.range_count.fill(0);
            memory.peaks.fill(ChannelPeaks::NONE);
            let State { frames, sub_blocks, next, seeding, .. } = core.state;
            core.state = State {
                frames,
                sub_blocks,
                next,
                seeding,
                gap: true,
                skipped: u64::MAX,
                shift: 0u64.wrapping_sub(frames),
                ..State::new(setup.spec.sample_rate)
            };
        });
    }

    /// Measures audio that must not be written to. Not finite samples are cleaned in a copy.
    ///
    /// Fails, with nothing measured, when channels are missing or of unequal length.
    pub fn measure<C: AsRef<[T]>>(&mut self, audio: &[C]) -> Result<(), Error> {
        let channels = self.spec().channels();
        let frames = frames_of(audio, channels, "audio")?;
        let mut planes = [[T::ZERO; FRAMES_AT_A_TIME]; MAX_CHANNELS];
        let mut done = 0;
        while done < frames {
            let count = (frames - done).min(FRAMES_AT_A_TIME);
            for (plane, channel) in planes.iter_mut().zip(audio) {
                plane[..count].copy_from_slice(&channel.as_ref()[done..done + count]);
            }
            let mut slices = planes.each_mut().map(|plane| &mut plane[..count]);
            self.process(&mut slices[..channels], &[])?;
            done += count;
        }
        Ok(())
    }

    /// Hears audio without measuring it: what comes before the part to be measured. With the 3 s before it
    /// (or all there is), a part measures as it does within the whole: filters and windows are filled.
    ///
    /// Blocks lie on a grid of 100 ms from the beginning of the seed; so that they are the blocks of the
    /// whole, seed and part should begin at a multiple of 100 ms.
    pub fn seed<C: AsRef<[T]>>(&mut self, audio: &[C]) -> Result<(), Error> {
        let frames = frames_of(audio, self.spec().channels(), "audio")? as u64;
        self.with_core(|core, _, _| {
            core.state.seeding = true;
            core.state.shift = core.state.shift.wrapping_sub(frames);
        });
        let result = self.measure(audio);
        self.with_core(|core, _, _| core.state.seeding = false);
        result
    }

    /// Looks at the intervals after the last sample as if silence followed. For the end of a file: true
    /// peaks of the last 24 frames are otherwise not known yet.
    pub fn finish(&mut self) {
        self.with_core(|core, setup, words| {
            let mut memory = carve::<T>(setup, words);
            dispatch!(setup.spec.simd, s => core.look_on(s, setup.config, &mut memory, DELAY));
        });
    }

    /// Frames until the next 100 ms are whole, at least 1: [`process_into`](LoudnessMeter::process_into) writes a
    /// value after so many.
    pub fn frames_to_block(&self) -> usize {
        let rate = self.spec().sample_rate;
        let left = |state: &State| boundary((state.sub_blocks / HOP + 1) * HOP, rate) - state.frames;
        self.look_core(|core, _, _| left(&core.state) as usize)
    }

    /// Processes a block and writes momentary and short-term loudness every 100 ms while measuring: for
    /// curves over time, and for gating that is exact. What finds no room is counted in
    /// [`History::missed`]; the meter's own readings do not need it.
    pub fn process_into(&mut self, audio: &mut [&mut [T]], history: &mut History<'_>) -> Result<(), Error> {
        let channels = self.spec().channels();
        let frames = frames_of(audio, channels, "audio")?;
        let rate = self.spec().sample_rate;
        let mut done = 0;
        while done < frames {
            let left = self.frames_to_block();
            let count = left.min(frames - done);
            let mut rest = audio.iter_mut();
            let mut part: [&mut [T]; MAX_CHANNELS] = core::array::from_fn(|_| match rest.next() {
                Some(channel) => &mut channel[done..done + count],
                None => &mut [],
            });
            self.process(&mut part[..channels], &[])?;
            done += count;
            if count == left {
                self.look_core(|core, setup, words| {
                    let state = &core.state;
                    if !core.measures() {
                        return;
                    }
                    let ring = read::<T>(setup, words).ring;
                    let window =
                        |count| window_energy(ring, state, rate, count).filter(|_| state.run >= count as u64);
                    history.push(window(MOMENTARY), window(SHORT_TERM));
                });
            }
        }
        Ok(())
    }

    /// Adds what another meter measured, as if its audio had come after this one's: for albums, and for
    /// parts of a programme measured apart (see [`seed`](LoudnessMeter::seed)). Blocks are gated together;
    /// frames of the other's peaks count from the end of what this one measured.
    ///
    /// Fails when the meters differ in rate, channels, or in what they measure; layouts may differ.
    pub fn merge<U: Sample, R: Store>(&mut self, other: &LoudnessMeter<U, R>) -> Result<(), Error> {
        let (spec, config) = (self.spec(), self.config());
        let (of, with) = (other.spec(), other.config());
        let differences = [
            ("sample rates", spec.sample_rate != of.sample_rate),
            ("numbers of channels", spec.inputs != of.inputs),
            ("measurements of loudness", config.filters() != with.filters()),
            ("measurements of integrated loudness", config.measure_integrated != with.measure_integrated),
            ("measurements of range", config.measure_range != with.measure_range),
            ("kernels for true peak", config.true_peak_kernel != with.true_peak_kernel),
            ("statistics", config.measure_statistics != with.measure_statistics),
        ];
        if let Some((what, _)) = differences.iter().find(|(_, differ)| *differ) {
            return Err(Error::Mismatch { what });
        }
        self.with_core(|core, setup, words| {
            let mut memory = carve::<T>(setup, words);
            other.look_core(|from, setup, words| {
                let source = read::<U>(setup, words);
                let length = core.state.length();
                for (into, from) in memory.peaks.iter_mut().zip(source.peaks) {
                    into.merge(from, |frame| frame.saturating_add(length));
                }
                for (into, from) in memory.share.iter_mut().zip(source.share) {
                    *into += from;
                }
                let pairs = [
                    (&mut memory.integrated_energy, &mut memory.integrated_count, source.integrated()),
                    (&mut memory.range_energy, &mut memory.range_count, source.range()),
                ];
                for (energy, count, source) in pairs {
                    for (bin, sum, number) in source.filled() {
                        histogram::add_many(energy, count, bin, sum, number);
                    }
                }
                core.state.merge(&from.state, from.state.length());
            });
        });
        Ok(())
    }
}
