//! Floor 5: what can be set on a delay, and the time that it asks for.

use crate::base::spec::Spec;
use crate::dsp::delay_line::SHORTEST_FRACTION;
use crate::dsp::note::NoteValue;
use crate::params::{choices, params, readings};

params! {
    /// What is fixed when a [`Delay`](crate::Delay) is built.
    pub struct DelayConfig {
        /// The longest time that can be set; at least 16 frames are kept.
        MAXIMUM_SECONDS = 1001, maximum_seconds ("Maximum"): log(0.001..=60.0, "s") = 2.0;
    }
}

params! {
    /// Settings of a [`Delay`](crate::Delay).
    pub struct DelayParams {
        /// Time to the first echo, and between echoes; at least 16 frames, at most what was built for.
        TIME_MS = 1, time_ms ("Time"): log(1.0..=60000.0, "ms") = 500.0;
        /// Level of each echo against the one before, as an amplitude factor.
        FEEDBACK = 2, feedback ("Feedback"): linear(0.0..=0.999, "") = 0.4;
        /// Share of the echoes in the output; the rest is the dry sound.
        MIX = 3, mix ("Mix"): linear(0.0..=1.0, "") = 0.3;
        /// Sends the middle of the input to the left and crosses the feedback, so that echoes go left, right, left; with two channels only.
        PING_PONG = 4, ping_pong ("Ping-pong"): switch() = false;
        /// Whether each echo loses lows against the one before.
        LOW_CUT = 5, low_cut ("Low cut"): switch() = false;
        /// Where the low cut begins: -3 dB per echo, 12 dB per octave.
        LOW_CUT_HZ = 6, low_cut_hz ("Low cut frequency"): frequency(20.0..=2000.0) = 150.0;
        /// Whether each echo loses highs against the one before.
        HIGH_CUT = 7, high_cut ("High cut"): switch() = false;
        /// Where the high cut begins: -3 dB per echo, 12 dB per octave.
        HIGH_CUT_HZ = 8, high_cut_hz ("High cut frequency"): frequency(200.0..=20000.0) = 3500.0;
        /// A note value that sets the time in place of `time_ms`; one too long for the delay is halved until it fits.
        SYNC = 9, sync ("Sync"): choice(NoteValue) = NoteValue::Off;
        /// Quarter notes per minute, for `sync`.
        TEMPO_BPM = 10, tempo_bpm ("Tempo"): linear(20.0..=400.0, "bpm") = 120.0;
        /// Repeats what the delay holds for ever, unchanged, and lets nothing in; the time is held too, as whole frames.
        FREEZE = 11, freeze ("Freeze"): switch() = false;
        /// How a time that is set is come to.
        TIME_CHANGE = 12, time_change ("Time change"): choice(TimeChange) = TimeChange::Crossfade;
        /// How long a change of the time takes where it glides.
        GLIDE_MS = 13, glide_ms ("Glide"): log(10.0..=5000.0, "ms") = 500.0;
    }
}

choices! {
    /// How a delay comes to a new time.
    pub enum TimeChange {
        /// By a crossfade of 20 ms: no change of pitch.
        Crossfade = "crossfade",
        /// As tape does when its speed changes: what is heard meanwhile has a pitch of 1 - (change of the time) / (time that
        /// it takes).
        Glide = "glide",
    }
}

readings! {
    /// What a [`Delay`](crate::Delay) reports.
    pub struct DelayReadings {
        /// The time of what is heard now: while it glides, when a note value sets it, when it is frozen.
        DELAY_MS = 2001, delay_ms ("Time now"): "ms";
    }
}

/// Longest time in frames.
pub(super) const fn longest_frames(spec: &Spec, config: &DelayConfig) -> f64 {
    let longest = config.maximum_seconds * spec.sample_rate;
    let shortest = SHORTEST_FRACTION as f64;
    if longest > shortest { longest } else { shortest }
}

/// The time that parameters ask for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Time {
    pub(super) frames: f64,
    /// How often a note value was halved until it fitted.
    pub(super) halvings: u32,
}

impl DelayParams {
    pub(super) fn time(&self, spec: &Spec, config: &DelayConfig) -> Time {
        let milliseconds = match self.sync.quarters() {
            Some(quarters) => quarters * 60_000.0 / self.tempo_bpm,
            None => self.time_ms,
        };
        let longest = longest_frames(spec, config);
        let mut time = Time { frames: milliseconds * spec.sample_rate / 1000.0, halvings: 0 };
        while self.sync != NoteValue::Off && time.frames > longest {
            time.frames *= 0.5;
            time.halvings += 1;
        }
        time.frames = time.frames.max(SHORTEST_FRACTION as f64).min(longest);
        time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn note_values_at_a_tempo() {
        let (spec, config) = (Spec::new(48_000.0, 1), DelayConfig::default());
        let milliseconds = |sync, tempo_bpm| {
            let time = DelayParams { sync, tempo_bpm, ..Default::default() }.time(&spec, &config);
            time.frames / 48.0
        };
        let at_120 = [
            (NoteValue::SixtyFourth, 31.25),
            (NoteValue::ThirtySecondTriplet, 125.0 / 3.0),
            (NoteValue::Sixteenth, 125.0),
            (NoteValue::EighthDotted, 375.0),
            (NoteValue::Eighth, 250.0),
            (NoteValue::EighthTriplet, 500.0 / 3.0),
            (NoteValue::Quarter, 500.0),
            (NoteValue::QuarterTriplet, 1_000.0 / 3.0),
            (NoteValue::HalfDotted, 1_500.0),
            (NoteValue::Whole, 2_000.0),
            // 3 s do not fit into 2 s
            (NoteValue::WholeDotted, 1_500.0),
        ];
        for (sync, expected) in at_120 {
            assert!((milliseconds(sync, 120.0) - expected).abs() < 1e-9, "{sync:?}");
        }
        assert!((milliseconds(NoteValue::Quarter, 97.3) - 60_000.0 / 97.3).abs() < 1e-9);
        assert_eq!(milliseconds(NoteValue::Off, 120.0), 500.0);
    }
}
