//! The settings of a compressor and what it reports.

use crate::base::units::{decibels_to_gain, gain_to_decibels};
use crate::dsp::envelope::curve::{Curve, slope};
use crate::params::{choices, params, readings};

choices! {
    /// What the compressor takes for the level.
    pub enum CompressorDetector {
        /// Every sample's distance from zero.
        Peak = "peak",
        /// The same, and the largest reduction of the last `hold_ms` counts: clean on bass.
        PeakHold = "peak_hold",
        /// The root mean square of `rms_window_ms`, times the square root of two: a steady sine reads its peak.
        Rms = "rms",
    }
}

choices! {
    /// Which levels the compressor changes.
    pub enum CompressorDirection {
        /// What is above the threshold comes down.
        Downward = "downward",
        /// What is below the threshold comes up, by at most `max_boost_db`.
        Upward = "upward",
    }
}

choices! {
    /// What the detector hears.
    pub enum CompressorTopology {
        /// What comes in.
        FeedForward = "feed_forward",
        /// What has been turned down: the same curve, but the harder it works the faster it is.
        Feedback = "feedback",
    }
}

choices! {
    /// How make-up gain is found.
    pub enum AutoMakeup {
        /// It is `makeup_db` alone.
        Off = "off",
        /// Half of what the curve takes from 0 dB is added.
        Static = "static",
        /// As loud after as before: the loudness of the last 3 s decides, by at most 12 dB.
        Loudness = "loudness",
    }
}

params! {
    /// Settings of a [`Compressor`](crate::Compressor).
    pub struct CompressorParams {
        /// Level above which it works; below which, upward.
        THRESHOLD_DB = 1, threshold_db ("Threshold"): linear(-80.0..=0.0, "dB") = -18.0;
        /// How many decibels in make one out, beyond the threshold.
        RATIO = 2, ratio ("Ratio"): log(1.0..=1000.0, "") = 4.0;
        /// Width of the bend around the threshold.
        KNEE_DB = 3, knee_db ("Knee"): linear(0.0..=36.0, "dB") = 6.0;
        /// Time constant of going down; 0 is instant.
        ATTACK_MS = 4, attack_ms ("Attack"): linear(0.0..=250.0, "ms") = 10.0;
        /// Time constant of coming back.
        RELEASE_MS = 5, release_ms ("Release"): log(1.0..=5000.0, "ms") = 100.0;
        /// Gain after compression.
        MAKEUP_DB = 6, makeup_db ("Make-up"): linear(-24.0..=24.0, "dB") = 0.0;
        /// Share of the compressed sound; the rest is dry.
        MIX = 7, mix ("Mix"): linear(0.0..=1.0, "") = 1.0;
        /// 1 turns all channels down alike, 0 each by itself.
        LINK = 8, link ("Link"): linear(0.0..=1.0, "") = 1.0;
        /// What counts as level.
        DETECTOR = 9, detector ("Detector"): choice(CompressorDetector) = CompressorDetector::PeakHold;
        /// Most gain reduction.
        RANGE_DB = 10, range_db ("Range"): linear(0.0..=100.0, "dB") = 100.0;
        /// Which levels it changes.
        DIRECTION = 11, direction ("Direction"): choice(CompressorDirection) = CompressorDirection::Downward;
        /// Most gain upward.
        MAX_BOOST_DB = 12, max_boost_db ("Largest boost"): linear(0.0..=40.0, "dB") = 12.0;
        /// Whether the detector hears the input or the output; a sidechain is always heard as it is.
        TOPOLOGY = 13, topology ("Topology"): choice(CompressorTopology) = CompressorTopology::FeedForward;
        /// Whether a reduction that has lasted comes back slowly, while short peaks come back by the release.
        AUTO_RELEASE = 14, auto_release ("Auto release"): switch() = false;
        /// Time constant of coming back from a reduction that has lasted, with auto release.
        SLOW_RELEASE_MS = 15, slow_release_ms ("Slow release"): log(100.0..=20000.0, "ms") = 1500.0;
        /// Time constant by which a reduction counts as lasting, with auto release.
        SLOW_CHARGE_MS = 16, slow_charge_ms ("Slow charge"): log(10.0..=10000.0, "ms") = 500.0;
        /// How make-up gain is found.
        AUTO_MAKEUP = 17, auto_makeup ("Auto make-up"): choice(AutoMakeup) = AutoMakeup::Off;
        /// Time constant of the detector's window, for `rms`.
        RMS_WINDOW_MS = 18, rms_window_ms ("RMS window"): log(0.1..=1000.0, "ms") = 10.0;
        /// Lets the filtered sidechain be heard in place of the output.
        LISTEN = 19, listen ("Listen"): switch() = false;
    }
}

params! {
    /// What is fixed when a [`Compressor`](crate::Compressor) is built.
    pub struct CompressorConfig {
        /// How far it looks ahead; this is its latency.
        LOOKAHEAD_MS = 1001, lookahead_ms ("Look-ahead"): linear(0.0..=50.0, "ms") = 0.0;
        /// How long the detector holds: half a wave of the lowest bass.
        HOLD_MS = 1002, hold_ms ("Hold"): linear(0.0..=50.0, "ms") = 12.5;
        /// How many bands filter what it listens to.
        SIDECHAIN_BANDS = 1003, sidechain_bands ("Sidechain bands"): whole(0..=8, "") = 0;
    }
}

readings! {
    /// What a [`Compressor`](crate::Compressor) reports.
    pub struct CompressorReadings {
        /// Largest gain reduction of all channels at the last frame; negative where it raises.
        GAIN_REDUCTION_DB = 2001, gain_reduction_db ("Gain reduction"): "dB";
    }
}

impl CompressorParams {
    /// Decibels by which the curve reduces a steady level, in decibels; negative where it raises.
    pub fn reduction_db(&self, level_db: f64) -> f64 {
        let slope = slope(self.ratio);
        match self.direction {
            CompressorDirection::Downward => {
                Curve::new(self.threshold_db, slope, self.knee_db).reduction_db(level_db).min(self.range_db)
            }
            CompressorDirection::Upward => -Curve::new(-self.threshold_db, slope, self.knee_db)
                .reduction_db(-level_db)
                .min(self.max_boost_db),
        }
    }

    /// Level that leaves for a steady level that comes in, in decibels: curve, make-up and mix. What makes it as loud as
    /// before depends on the sound and is left out.
    pub fn static_curve_db(&self, level_db: f64) -> f64 {
        let wet = decibels_to_gain(self.static_makeup_db() - self.reduction_db(level_db));
        level_db + gain_to_decibels(1.0 - self.mix + self.mix * wet)
    }

    /// Make-up gain that does not depend on the sound, in decibels.
    pub(super) fn static_makeup_db(&self) -> f64 {
        let auto = if self.auto_makeup == AutoMakeup::Static { 0.5 * self.reduction_db(0.0) } else { 0.0 };
        self.makeup_db + auto
    }
}
