//! What the loudness meter tells.

use crate::base::sample::Sample;
use crate::base::units::gain_to_decibels;
use crate::engine::old::Setup;
use crate::params::Id;
use crate::processors::loudness_meter::histogram::{self, loudness};
use crate::processors::loudness_meter::measures::{ChannelMeasures, Peak};
use crate::processors::loudness_meter::peaks::NOWHERE;
use crate::processors::loudness_meter::state::{MOMENTARY, SHORT_TERM, window_energy};
use crate::processors::loudness_meter::tables::{LoudnessConfig, LoudnessReadings};
use crate::processors::loudness_meter::{LoudnessCore, MemoryRef};

impl<T: Sample> LoudnessCore<T> {
    /// A reading; silence gives infinities.
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
        let statistics = heard.filter(|()| config.measure_statistics);
        let sample_peak = memory.peaks.iter().fold(0.0, |a: f64, p| a.max(p.sample));
        let true_peak = || {
            let peak = memory.peaks.iter().fold(0.0, |a: f64, p| a.max(p.true_peak().0));
            heard.filter(|()| config.looks_between()).map(|()| gain_to_decibels(peak))
        };
        let mean_square = || {
            let sum: f64 = memory.peaks.iter().flat_map(|p| p.squares).sum();
            sum / (state.counted as f64 * memory.peaks.len() as f64)
        };
        if id.number() >= R::CHANNEL_MOMENTARY.number() {
            return self.report_channel(setup, memory, id);
        }
        match id.typed() {
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
            R::MEASURED_SECONDS => (state.counted > 0).then(|| state.counted as f64 / setup.spec.sample_rate),
            _ => None,
        }
    }

    /// What one channel has measured; `None` when there is no such channel.
    pub(super) fn channel(
        &self,
        setup: &Setup<'_, LoudnessConfig>,
        memory: &MemoryRef<'_, T>,
        channel: usize,
    ) -> Option<ChannelMeasures> {
        let peaks = memory.peaks.get(channel)?;
        let state = &self.state;
        let ring = memory.channel_ring.get(channel * SHORT_TERM..(channel + 1) * SHORT_TERM);
        let window = |count| {
            let energy = window_energy(ring?, state, setup.spec.sample_rate, count)?;
            Some(loudness(self.weights[channel] * energy)).filter(|loudness| loudness.is_finite())
        };
        let total: f64 = memory.share.iter().sum();
        let statistics = state.counted > 0 && setup.config.measure_statistics;
        let between = state.counted > 0 && setup.config.looks_between();
        let peak = |(level, frame)| (level > 0.0).then(|| Peak { level_db: gain_to_decibels(level), frame });
        let counted = state.counted as f64;
        let place = |frame: u64| (frame != NOWHERE).then_some(frame);
        let mean_square = peaks.squares.iter().sum::<f64>() / counted;
        Some(ChannelMeasures {
            momentary: window(MOMENTARY),
            short_term: window(SHORT_TERM),
            share: (total > 0.0).then(|| memory.share[channel] / total),
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

    fn report_channel(
        &self,
        setup: &Setup<'_, LoudnessConfig>,
        memory: &MemoryRef<'_, T>,
        id: Id,
    ) -> Option<f64> {
        type R = LoudnessReadings;
        let measures = self.channel(setup, memory, id.item() as usize)?;
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
