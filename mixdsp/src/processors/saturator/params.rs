//! The settings of a saturator and what it reports.

use crate::dsp::oversample::{Oversampling, Phase};
use crate::dsp::waveshape::curve_path::Antialiasing;
use crate::dsp::waveshape::points::Points;
use crate::params::{choices, params, readings};

choices! {
    /// The curve of a saturator. With `x` the driven sample, all but the last have slope 1 at 0.
    pub enum SaturatorShape {
        /// tanh(x): odd harmonics, from the first decibel on.
        Soft = "soft",
        /// Clips at 1.
        Hard = "hard",
        /// x - 4/27 x^3 up to 1.5, then 1: a third harmonic and little else until it clips.
        Cubic = "cubic",
        /// (tanh(x + 0.35) - tanh(0.35)) / (1 - tanh(0.35)^2): one half of the wave has more room; even harmonics too.
        Tube = "tube",
        /// tanh behind an emphasis of 12 dB below 120 Hz, which is taken back: low frequencies first.
        Transformer = "transformer",
        /// tanh(x) and what stays behind of it on the way back: hysteresis, with `tape_bias` and a head bump.
        Tape = "tape",
        /// Through the points given: see [`CurvePoint`].
        Curve = "curve",
    }
}

choices! {
    /// What a saturator changes.
    pub enum Focus {
        /// Everything.
        All = "all",
        /// Only what lies above `focus_hz`, and what comes of it is added to the input: an exciter.
        Highs = "highs",
    }
}

params! {
    /// Settings of a [`Saturator`](crate::Saturator).
    pub struct SaturatorParams {
        /// Gain before the curve.
        DRIVE_DB = 1, drive_db ("Drive"): linear(0.0..=36.0, "dB") = 0.0;
        /// The curve.
        SHAPE = 2, shape ("Shape"): choice(SaturatorShape) = SaturatorShape::Soft;
        /// What is added before the curve: its working point, which brings even harmonics.
        BIAS = 3, bias ("Bias"): linear(-0.9..=0.9, "") = 0.0;
        /// Gain of the high frequencies before the curve, taken back behind it: which frequencies saturate first.
        EMPHASIS_DB = 4, emphasis_db ("Emphasis"): linear(-24.0..=24.0, "dB") = 0.0;
        /// Where the emphasis has half of its decibels.
        EMPHASIS_HZ = 5, emphasis_hz ("Emphasis frequency"): frequency(20.0..=20000.0) = 3000.0;
        /// Above this it saturates, where the config's focus is the highs.
        FOCUS_HZ = 6, focus_hz ("Focus frequency"): frequency(20.0..=20000.0) = 4000.0;
        /// As loud after as before: the drive is taken back, and what is missing then found by the loudness of the last
        /// 3 s, by at most 30 dB.
        COMPENSATION = 7, compensation ("Compensation"): switch() = true;
        /// Takes out the constant that a curve brings which is not symmetric, below 5 Hz.
        DC_REMOVED = 8, dc_removed ("DC removed"): switch() = true;
        /// Gain of the output.
        OUTPUT_DB = 9, output_db ("Output"): linear(-24.0..=24.0, "dB") = 0.0;
        /// Share of the saturated sound; the rest is dry.
        MIX = 10, mix ("Mix"): linear(0.0..=1.0, "") = 1.0;
        /// How much of a tape's magnetisation follows at once: 1 leaves no hysteresis.
        TAPE_BIAS = 11, tape_bias ("Tape bias"): linear(0.0..=1.0, "") = 0.7;
        /// Gain of the low frequencies that a tape's head raises.
        HEAD_BUMP_DB = 12, head_bump_db ("Head bump"): linear(0.0..=6.0, "dB") = 1.5;
        /// Where that is: lower for a slower tape.
        HEAD_BUMP_HZ = 13, head_bump_hz ("Head bump frequency"): frequency(20.0..=200.0) = 70.0;
    }
}

params! {
    /// A point of the curve of a [`Saturator`](crate::Saturator), in any order. Between points it is smooth and never
    /// overshoots; beyond the first and the last it stays level.
    pub struct CurvePoint {
        /// The driven sample.
        INPUT = 1, input ("Input"): linear(-4.0..=4.0, "") = 0.0;
        /// What comes out for it.
        OUTPUT = 2, output ("Output"): linear(-4.0..=4.0, "") = 0.0;
    }
}

params! {
    /// What is fixed when a [`Saturator`](crate::Saturator) is built.
    pub struct SaturatorConfig {
        /// How much faster than the audio the curve runs.
        OVERSAMPLING = 1001, oversampling ("Oversampling"): choice(Oversampling) = Oversampling::FourTimes;
        /// What is done against the aliases that oversampling leaves.
        ANTIALIASING = 1002, antialiasing ("Antialiasing"): choice(Antialiasing) = Antialiasing::First;
        /// The filters of oversampling, which set the latency.
        PHASE = 1003, phase ("Phase"): choice(Phase) = Phase::Linear;
        /// What it changes.
        FOCUS = 1004, focus ("Focus"): choice(Focus) = Focus::All;
        /// How many points the shape `curve` has.
        POINTS = 1005, points ("Points"): whole(0..=16, "") = 0;
    }
}

readings! {
    /// What a [`Saturator`](crate::Saturator) reports.
    pub struct SaturatorReadings {
        /// Gain by which the compensation makes it as loud as before, the drive that it takes back included.
        COMPENSATION_DB = 2001, compensation_db ("Compensation"): "dB";
    }
}

impl SaturatorParams {
    /// What the curve makes of a driven sample, without emphasis, oversampling, and what tape leaves behind.
    pub(super) fn value(&self, x: f64, points: &Points) -> f64 {
        use crate::dsp::waveshape::{clip::Clip, curves};
        let value = |x: f64| match self.shape {
            SaturatorShape::Soft => curves::Soft::value(x),
            SaturatorShape::Transformer | SaturatorShape::Tape => curves::Soft::value(x),
            SaturatorShape::Hard => Clip::HARD.value(x),
            SaturatorShape::Cubic => curves::Cubic::value(x),
            SaturatorShape::Tube => curves::Tube::value(x),
            SaturatorShape::Curve => points.value(x),
        };
        value(x + self.bias) - value(self.bias)
    }
}
