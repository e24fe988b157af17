//! Floor 5: what is measured once per sub-block of 10 ms and per gating block of 100 ms, and how measurements add up.
//!
//! ```text
//! energies of a sub-block --x weights--> ring --> last 40: momentary --above -70 LUFS--> histogram, shares of channels
//!                                          `---> all 300: short-term --> histogram, smallest PSR
//! ```
//!
//! Nothing here depends on the samples, so it is compiled once.

use crate::base::spec::MAX_CHANNELS;
use crate::dsp::k_weighting::Pair;
use crate::processors::loudness_meter::histogram::{self, loudness};
use crate::processors::loudness_meter::peaks::ChannelPeaks;
use crate::processors::loudness_meter::report::{Measured, psr};
use crate::processors::loudness_meter::timeline::{
    HOP, MOMENTARY, SHORT_TERM, Timeline, boundary, whole_window_energy, window_energy,
};

/// What a meter adds up in its words, to write. Slices of what it does not measure are empty.
pub(super) struct Measuring<'a> {
    /// Per pair of channels: filter and energy of the present sub-block.
    pub(super) filter: &'a mut [Pair],
    /// Weighted energies of the last 3 s, and those of each channel without weight.
    pub(super) ring: &'a mut [f64],
    pub(super) channel_ring: &'a mut [f64],
    /// Largest true peaks of the last 3 s.
    pub(super) peak_ring: &'a mut [f64],
    /// Weighted energy of each channel over the blocks above -70 LUFS.
    pub(super) share: &'a mut [f64],
    /// The two histograms.
    pub(super) integrated_energy: &'a mut [f64],
    pub(super) integrated_count: &'a mut [u32],
    pub(super) range_energy: &'a mut [f64],
    pub(super) range_count: &'a mut [u32],
    /// What each channel's samples tell.
    pub(super) peaks: &'a mut [ChannelPeaks],
}

/// How a sub-block is to be taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taking<'a> {
    pub(super) sample_rate: f64,
    /// What each channel weighs.
    pub(super) weights: &'a [f64; MAX_CHANNELS],
    /// Whether the meter is paused, and whether the audio counts.
    pub(super) paused: bool,
    pub(super) counts: bool,
}

impl Measuring<'_> {
    /// A sub-block is whole.
    pub(super) fn end_sub_block(&mut self, timeline: &mut Timeline, taking: Taking<'_>) {
        let Taking { sample_rate, weights, paused, counts } = taking;
        let place = (timeline.sub_blocks % SHORT_TERM as u64) as usize;
        timeline.sub_blocks += 1;
        timeline.next = boundary(timeline.sub_blocks + 1, sample_rate);
        timeline.run = if timeline.gap { 0 } else { timeline.run + 1 };
        timeline.gap = paused;
        if let Some(slot) = self.peak_ring.get_mut(place) {
            *slot = self.peaks.iter().fold(0.0, |a: f64, peaks| a.max(peaks.recent));
        }
        self.peaks.iter_mut().for_each(|peaks| peaks.recent = 0.0);
        if self.ring.is_empty() {
            return;
        }
        let channels = self.share.len();
        let mut total = 0.0;
        for (i, pair) in self.filter.iter_mut().enumerate() {
            for (channel, energy) in (2 * i..channels).zip(pair.take_energy()) {
                self.channel_ring[channel * SHORT_TERM + place] = energy;
                total += weights[channel] * energy;
            }
        }
        self.ring[place] = total;
        if !counts {
            return;
        }
        let is_hop = timeline.sub_blocks.is_multiple_of(HOP);
        if let Some(energy) = whole_window_energy(self.ring, timeline, sample_rate, SHORT_TERM) {
            timeline.short_term_max = timeline.short_term_max.max(energy);
            if is_hop {
                histogram::add(self.range_energy, self.range_count, energy);
                if let Some(psr) = psr(self.peak_ring, energy) {
                    timeline.psr_min = timeline.psr_min.min(psr);
                }
            }
        }
        if let Some(energy) = whole_window_energy(self.ring, timeline, sample_rate, MOMENTARY) {
            timeline.momentary_max = timeline.momentary_max.max(energy);
            if is_hop {
                self.count_momentary(timeline, sample_rate, weights, energy);
            }
        }
    }

    fn count_momentary(
        &mut self,
        timeline: &Timeline,
        sample_rate: f64,
        weights: &[f64; MAX_CHANNELS],
        energy: f64,
    ) {
        if loudness(energy) <= histogram::LOWEST {
            return;
        }
        histogram::add(self.integrated_energy, self.integrated_count, energy);
        for (channel, share) in self.share.iter_mut().enumerate() {
            let ring = &self.channel_ring[channel * SHORT_TERM..][..SHORT_TERM];
            let own = window_energy(ring, timeline, sample_rate, MOMENTARY);
            *share += weights[channel] * own.unwrap_or(0.0);
        }
    }

    /// Forgets what was measured; filters and windows stay.
    pub(super) fn clear(&mut self) {
        self.share.fill(0.0);
        self.integrated_energy.fill(0.0);
        self.integrated_count.fill(0);
        self.range_energy.fill(0.0);
        self.range_count.fill(0);
        self.peaks.fill(ChannelPeaks::NONE);
    }

    /// Adds what another meter of the same kind measured, as if its audio had come after this one's, at a rate that is
    /// `ratio` times its own.
    pub(super) fn merge(&mut self, timeline: &mut Timeline, other: &Measured<'_>, ratio: f64) {
        let length = timeline.length();
        for (into, from) in self.peaks.iter_mut().zip(other.peaks) {
            into.merge(&from.at_rate(ratio), |frame| frame.saturating_add(length));
        }
        for (into, from) in self.share.iter_mut().zip(other.share) {
            *into += from;
        }
        let pairs = [
            (&mut self.integrated_energy, &mut self.integrated_count, &other.integrated),
            (&mut self.range_energy, &mut self.range_count, &other.range),
        ];
        for (energy, count, source) in pairs {
            for (bin, sum, number) in source.filled() {
                histogram::add_many(energy, count, bin, sum, number);
            }
        }
        timeline.merge(&other.timeline.totals().at_rate(ratio));
    }
}
