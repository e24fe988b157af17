//! Floor 5: what a loudness meter can be built for, set to, and asked.

use crate::params::{choices, params, readings};
use crate::processors::loudness_meter::layout::Layout;

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
    /// What is fixed when a [`LoudnessMeter`](crate::LoudnessMeter) is built: what it measures.
    pub struct LoudnessConfig {
        /// Where the loudspeakers stand, and so what each channel weighs.
        LAYOUT = 1001, layout ("Layout"): choice(Layout) = Layout::Auto;
        /// Momentary and short-term loudness; integrated loudness and range bring them too.
        MEASURE_LOUDNESS = 1002, measure_loudness ("Measure loudness"): switch() = true;
        /// Integrated loudness.
        MEASURE_INTEGRATED = 1003, measure_integrated ("Measure integrated"): switch() = true;
        /// Loudness range.
        MEASURE_RANGE = 1004, measure_range ("Measure range"): switch() = true;
        /// True peak, and which kernel looks for it.
        TRUE_PEAK_KERNEL = 1005, true_peak_kernel ("True-peak kernel"): choice(TruePeak) = TruePeak::Fine;
        /// Mean, mean square, clipped runs, overs between samples, and peak to short-term loudness.
        MEASURE_STATISTICS = 1006, measure_statistics ("Measure statistics"): switch() = true;
        /// Loudspeakers of a custom layout; as many as there are channels.
        SPEAKERS = 1007, speakers ("Speakers"): whole(0..=24, "") = 0;
    }
}

params! {
    /// Settings of a [`LoudnessMeter`](crate::LoudnessMeter) that exist once.
    pub struct LoudnessParams {
        /// Holds everything but momentary and short-term loudness; windows across the pause do not count.
        PAUSED = 1, paused ("Paused"): switch() = false;
    }
}

readings! {
    /// What a [`LoudnessMeter`](crate::LoudnessMeter) reports; each is `None` until there is enough audio for it. For readings of
    /// a channel, the id's item is the channel: `CHANNEL_SHARE.at(1)`.
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
        /// Momentary loudness of a channel alone, with its weight.
        CHANNEL_MOMENTARY = 2101, channel_momentary ("Momentary of a channel"): "LUFS";
        /// Short-term loudness of a channel alone, with its weight.
        CHANNEL_SHORT_TERM = 2102, channel_short_term ("Short-term of a channel"): "LUFS";
        /// Share of a channel, 0 to 1, in the weighted energy of all blocks above -70 LUFS.
        CHANNEL_SHARE = 2103, channel_share ("Share of a channel"): "";
        /// True peak of a channel.
        CHANNEL_TRUE_PEAK_DB = 2104, channel_true_peak_db ("True peak of a channel"): "dBTP";
        /// Frame of that peak, or before it.
        CHANNEL_TRUE_PEAK_FRAME = 2105, channel_true_peak_frame ("True peak at"): "frames";
        /// Largest sample of a channel.
        CHANNEL_SAMPLE_PEAK_DB = 2106, channel_sample_peak_db ("Sample peak of a channel"): "dBFS";
        /// Frame where it first was.
        CHANNEL_SAMPLE_PEAK_FRAME = 2107, channel_sample_peak_frame ("Sample peak at"): "frames";
        /// Root mean square of a channel.
        CHANNEL_RMS_DB = 2108, channel_rms_db ("RMS of a channel"): "dBFS";
        /// Mean of a channel in full scales.
        CHANNEL_DC = 2109, channel_dc ("DC offset of a channel"): "";
        /// Runs of two or more samples at full scale.
        CHANNEL_CLIPPED_RUNS = 2110, channel_clipped_runs ("Clipped runs of a channel"): "";
        /// Samples of the longest of them.
        CHANNEL_LONGEST_CLIPPED_RUN = 2111, channel_longest_clipped_run ("Longest clipped run"): "";
        /// Frame where the first of them began.
        CHANNEL_FIRST_CLIPPED_RUN = 2112, channel_first_clipped_run ("First clipped run at"): "frames";
        /// Passages between samples over full scale.
        CHANNEL_OVERS = 2113, channel_overs ("Overs of a channel"): "";
        /// Frame before the first of them.
        CHANNEL_FIRST_OVER = 2114, channel_first_over ("First over at"): "frames";
    }
}

impl LoudnessConfig {
    /// Whether anything listens through the filter.
    pub(super) const fn filters(&self) -> bool {
        self.measure_loudness || self.measure_integrated || self.measure_range
    }

    /// Whether anything looks between the samples.
    pub(super) const fn looks_between(&self) -> bool {
        !matches!(self.true_peak_kernel, TruePeak::Off)
    }
}
