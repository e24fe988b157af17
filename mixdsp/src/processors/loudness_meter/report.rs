//! Floor 5: what the loudness meter tells, from what it has measured.
//!
//! Nothing here depends on the samples, so it is compiled once.

use crate::base::spec::MAX_CHANNELS;
use crate::base::units::gain_to_decibels;
use crate::params::Id;
use crate::processors::loudness_meter::histogram::{self, Histogram, loudness};
use crate::processors::loudness_meter::params::{LoudnessConfig, LoudnessReadings};
use crate::processors::loudness_meter::peaks::{ChannelPeaks, NOWHERE};
use crate::processors::loudness_meter::timeline::{MOMENTARY, SHORT_TERM, Timeline, window_energy};

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

/// What a meter has measured, to read. Slices of what it does not measure are empty.
pub(super) struct Measured<'a> {
    pub(super) config: &'a LoudnessConfig,
    pub(super) sample_rate: f64,
    /// What each channel weighs.
    pub(super) weights: &'a [f64; MAX_CHANNELS],
    pub(super) timeline: &'a Timeline,
    /// As in `Measuring`.
    pub(super) ring: &'a [f64],
    pub(super) channel_ring: &'a [f64],
    pub(super) peak_ring: &'a [f64],
    pub(super) share: &'a [f64],
    pub(super) integrated: Histogram<'a>,
    pub(super) range: Histogram<'a>,
    pub(super) peaks: &'a [ChannelPeaks],
}

impl Measured<'_> {
    /// A reading; silence gives infinities.
    pub(super) fn reading(&self, id: Id) -> Option<f64> {
        type R = LoudnessReadings;
        if id.number() >= R::CHANNEL_MOMENTARY.number() {
            return self.channel_reading(id);
        }
        let Self { config, timeline, integrated, peaks, .. } = self;
        let window = |count| window_energy(self.ring, timeline, self.sample_rate, count);
        let range = || self.range.range();
        let heard = (timeline.counted > 0).then_some(());
        let statistics = heard.filter(|()| config.measure_statistics);
        let sample_peak = peaks.iter().fold(0.0, |a: f64, p| a.max(p.sample));
        let true_peak = || {
            let peak = peaks.iter().fold(0.0, |a: f64, p| a.max(p.true_peak().0));
            heard.filter(|()| config.looks_between()).map(|()| gain_to_decibels(peak))
        };
        let mean_square = || {
            let sum: f64 = peaks.iter().flat_map(|p| p.squares).sum();
            sum / (timeline.counted as f64 * peaks.len() as f64)
        };
        match id.typed() {
            R::MOMENTARY => window(MOMENTARY).map(loudness),
            R::SHORT_TERM => window(SHORT_TERM).map(loudness),
            R::INTEGRATED => integrated.integrated().map(loudness),
            R::RELATIVE_GATE => integrated.integrated_gate().map(loudness),
            R::RANGE => range().map(|(low, high)| loudness(high) - loudness(low)),
            R::RANGE_LOW => range().map(|(low, _)| loudness(low)),
            R::RANGE_HIGH => range().map(|(_, high)| loudness(high)),
            R::MOMENTARY_MAX => (timeline.momentary_max >= 0.0).then(|| loudness(timeline.momentary_max)),
            R::SHORT_TERM_MAX => (timeline.short_term_max >= 0.0).then(|| loudness(timeline.short_term_max)),
            R::TRUE_PEAK_DB => true_peak(),
            R::SAMPLE_PEAK_DB => heard.map(|()| gain_to_decibels(sample_peak)),
            R::PLR => Some(true_peak()? - loudness(integrated.integrated()?)),
            R::PSR => psr(self.peak_ring, window(SHORT_TERM)?).filter(|_| config.looks_between()),
            R::PSR_MIN => Some(timeline.psr_min).filter(|psr| psr.is_finite() && config.looks_between()),
            R::RMS_DB => statistics.map(|()| 10.0 * libm::log10(mean_square())),
            R::CREST_DB => statistics
                .filter(|()| sample_peak > 0.0)
                .map(|()| gain_to_decibels(sample_peak) - 10.0 * libm::log10(mean_square())),
            R::DC => statistics.map(|()| {
                let sums = peaks.iter().map(|p| p.sum.iter().sum::<f64>());
                let farthest = sums.fold(0.0, |a: f64, sum| if sum.abs() > a.abs() { sum } else { a });
                farthest / timeline.counted as f64
            }),
            R::CLIPPED_RUNS => statistics.map(|()| peaks.iter().map(|p| p.runs as f64).sum()),
            R::OVERS => statistics
                .filter(|()| config.looks_between())
                .map(|()| peaks.iter().map(|p| p.overs as f64).sum()),
            R::MEASURED_SECONDS => (timeline.counted > 0).then(|| timeline.counted as f64 / self.sample_rate),
            _ => None,
        }
    }

    /// What one channel has measured; `None` when there is no such channel.
    pub(super) fn channel(&self, channel: usize) -> Option<ChannelMeasures> {
        let peaks = self.peaks.get(channel)?;
        let Self { config, timeline, .. } = self;
        let ring = self.channel_ring.get(channel * SHORT_TERM..(channel + 1) * SHORT_TERM);
        let window = |count| {
            let energy = window_energy(ring?, timeline, self.sample_rate, count)?;
            Some(loudness(self.weights[channel] * energy)).filter(|loudness| loudness.is_finite())
        };
        let total: f64 = self.share.iter().sum();
        let statistics = timeline.counted > 0 && config.measure_statistics;
        let between = timeline.counted > 0 && config.looks_between();
        let peak = |(level, frame)| (level > 0.0).then(|| Peak { level_db: gain_to_decibels(level), frame });
        let counted = timeline.counted as f64;
        let place = |frame: u64| (frame != NOWHERE).then_some(frame);
        let mean_square = peaks.squares.iter().sum::<f64>() / counted;
        Some(ChannelMeasures {
            momentary: window(MOMENTARY),
            short_term: window(SHORT_TERM),
            share: (total > 0.0).then(|| self.share[channel] / total),
            true_peak: peak(peaks.true_peak()).filter(|_| between),
            sample_peak: peak((peaks.sample, peaks.sample_frame)),
            rms_db: (statistics && mean_square > 0.0).then(|| 10.0 * libm::log10(mean_square)),
            dc: statistics.then(|| peaks.sum.iter().sum::<f64>() / counted),
            clipped_runs: statistics.then_some(peaks.runs),
            longest_clipped_run: statistics.then_some(peaks.longest_run),
            first_clipped_run: place(peaks.first_run).filter(|_| statistics),
            overs: (statistics && between).then_some(peaks.overs),
            first_over: place(peaks.first_over).filter(|_| statistics && between),
        })
    }

    fn channel_reading(&self, id: Id) -> Option<f64> {
        type R = LoudnessReadings;
        let measures = self.channel(id.item() as usize)?;
        let number = |value: Option<u64>| value.map(|value| value as f64);
        match id.at(0).typed() {
            R::CHANNEL_MOMENTARY => measures.momentary,
            R::CHANNEL_SHORT_TERM => measures.short_term,
            R::CHANNEL_SHARE => measures.share,
            R::CHANNEL_TRUE_PEAK_DB => measures.true_peak.map(|peak| peak.level_db),
            R::CHANNEL_TRUE_PEAK_FRAME => measures.true_peak.map(|peak| peak.frame as f64),
            R::CHANNEL_SAMPLE_PEAK_DB => measures.sample_peak.map(|peak| peak.level_db),
            R::CHANNEL_SAMPLE_PEAK_FRAME => measures.sample_peak.map(|peak| peak.frame as f64),
            R::CHANNEL_RMS_DB => measures.rms_db,
            R::CHANNEL_DC => measures.dc,
            R::CHANNEL_CLIPPED_RUNS => number(measures.clipped_runs),
            R::CHANNEL_LONGEST_CLIPPED_RUN => number(measures.longest_clipped_run),
            R::CHANNEL_FIRST_CLIPPED_RUN => number(measures.first_clipped_run),
            R::CHANNEL_OVERS => number(measures.overs),
            R::CHANNEL_FIRST_OVER => number(measures.first_over),
            _ => None,
        }
    }
}

/// Peak of the last 3 s over their loudness; `None` below the absolute gate, where it says nothing.
pub(super) fn psr(peaks: &[f64], energy: f64) -> Option<f64> {
    let short_term = loudness(energy);
    let peak = peaks.iter().fold(0.0, |a: f64, b| a.max(*b));
    (peak > 0.0 && short_term > histogram::LOWEST).then(|| gain_to_decibels(peak) - short_term)
}
