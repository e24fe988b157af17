//! Floor 5: what a loudness meter tells and does beyond numbers and parameters: channels, histories, parts, bytes.

use crate::base::audio::frames_of;
use crate::base::error::Error;
use crate::base::memory::Store;
use crate::base::sample::Sample;
use crate::base::simd::dispatch;
use crate::base::spec::MAX_CHANNELS;
use crate::dsp::true_peak::DELAY;
use crate::engine::kind::Run;
use crate::engine::processor::Processor;
use crate::params::Id;
use crate::processors::loudness_meter::history::History;
use crate::processors::loudness_meter::params::{LoudnessParams, LoudnessReadings};
use crate::processors::loudness_meter::report::ChannelMeasures;
use crate::processors::loudness_meter::serial;
use crate::processors::loudness_meter::timeline::{MOMENTARY, SHORT_TERM, whole_window_energy};
use crate::processors::loudness_meter::{LoudnessMeter, look_on, measured};

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
        self.look(|look| measured(&look).channel(channel))
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
        self.run_with(|mut run| {
            run.memory.measuring().clear();
            run.state.timeline = run.state.timeline.restarted(run.setup.spec.sample_rate);
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
        self.run_with(|run| {
            run.state.timeline.seeding = true;
            run.state.timeline.shift = run.state.timeline.shift.wrapping_sub(frames);
        });
        let result = self.measure(audio);
        self.run_with(|run| run.state.timeline.seeding = false);
        result
    }

    /// Looks at the intervals after the last sample as if silence followed. For the end of a file: true
    /// peaks of the last 24 frames are otherwise not known yet.
    pub fn finish(&mut self) {
        self.run_with(|mut run| {
            dispatch!(run.setup.spec.simd, s => look_on(s, &mut run, DELAY));
        });
    }

    /// Frames until the next 100 ms are whole, at least 1: [`process_into`](LoudnessMeter::process_into) writes a
    /// value after so many.
    pub fn frames_to_block(&self) -> usize {
        self.look(|look| look.state.timeline.frames_to_hop(look.setup.spec.sample_rate))
    }

    /// Processes a block and writes momentary and short-term loudness every 100 ms while measuring: for
    /// curves over time, and for gating that is exact. What finds no room is counted in
    /// [`History::missed`]; the meter's own readings do not need it.
    pub fn process_into(&mut self, audio: &mut [&mut [T]], history: &mut History<'_>) -> Result<(), Error> {
        let channels = self.spec().channels();
        let frames = frames_of(audio, channels, "audio")?;
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
                self.look(|look| {
                    if look.state.measures() {
                        let (timeline, rate) = (&look.state.timeline, look.setup.spec.sample_rate);
                        let window = |count| whole_window_energy(look.memory.ring, timeline, rate, count);
                        history.push(window(MOMENTARY), window(SHORT_TERM));
                    }
                });
            }
        }
        Ok(())
    }

    /// Adds what another meter measured, as if its audio had come after this one's: for albums, and for
    /// parts of a programme measured apart (see [`seed`](LoudnessMeter::seed)). Blocks are gated together;
    /// frames of the other's peaks count from the end of what this one measured.
    ///
    /// Rates and layouts may differ, and the other may have fewer channels: a programme of each is one album, for which a
    /// meter of the highest rate and the most channels is made. Fails when the other has more channels, or when they
    /// differ in what they measure.
    pub fn merge<U: Sample, R: Store>(&mut self, other: &LoudnessMeter<U, R>) -> Result<(), Error> {
        let (spec, config) = (self.spec(), self.config());
        let (of, with) = (other.spec(), other.config());
        let differences = [
            ("numbers of channels", spec.inputs < of.inputs),
            ("measurements of loudness", config.filters() != with.filters()),
            ("measurements of integrated loudness", config.measure_integrated != with.measure_integrated),
            ("measurements of range", config.measure_range != with.measure_range),
            ("kernels for true peak", config.true_peak_kernel != with.true_peak_kernel),
            ("statistics", config.measure_statistics != with.measure_statistics),
        ];
        if let Some((what, _)) = differences.iter().find(|(_, differ)| *differ) {
            return Err(Error::Mismatch { what });
        }
        let ratio = spec.sample_rate / of.sample_rate;
        self.run_with(|run| {
            let Run { state, mut memory, .. } = run;
            other.look(|from| memory.measuring().merge(&mut state.timeline, &measured(&from), ratio));
        });
        Ok(())
    }

    /// Bytes that [`write_to`](LoudnessMeter::write_to) needs now: 350 and 14 per loudness that occurred,
    /// in steps of 0.02 LU; typically a few kilobytes, at most 113 000 (stereo).
    pub fn bytes_needed(&self) -> usize {
        self.look(|look| serial::bytes_needed(&measured(&look)))
    }

    /// Writes the measurement, in a form that any version from this one on reads, and tells how many bytes
    /// it took. Fails when there is too little room.
    pub fn write_to(&self, bytes: &mut [u8]) -> Result<usize, Error> {
        self.look(|look| serial::write(&measured(&look), bytes))
    }

    /// Adds a measurement that another meter wrote, as [`merge`](LoudnessMeter::merge) does. Fails, with
    /// nothing added, when it was damaged, or when it is of more channels, or measures something else.
    pub fn merge_bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.run_with(|run| {
            let Run { setup, state, mut memory, .. } = run;
            serial::merge(setup.spec, setup.config, &mut state.timeline, &mut memory.measuring(), bytes)
        })
    }
}
