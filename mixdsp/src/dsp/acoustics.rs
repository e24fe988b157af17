//! Floor 4: what a room's impulse response says of the room: decay time, early decay, clarity.
//!
//! ```text
//! decay(t) = energy from t to the end, of all of it, in decibels      (M. R. Schroeder, JASA 37, 1965)
//! T30, T20 = 60 dB by the slope of a straight line through -5 to -35, -5 to -25 dB
//! EDT      = the same through 0 to -10 dB
//! C50, C80 = energy up to 50, 80 ms against the rest
//! ```
//!
//! As ISO 3382-1:2009 has them. Noise behind the response counts as part of it, and lengthens it: cut it off before.

/// What an impulse response says. A measure that it does not reach is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Acoustics {
    /// Reverberation time, for 60 dB, from -5 to -35 dB, in seconds.
    pub t30_seconds: Option<f64>,
    /// The same from -5 to -25 dB.
    pub t20_seconds: Option<f64>,
    /// Early decay time: the same from 0 to -10 dB.
    pub early_decay_seconds: Option<f64>,
    /// Clarity of speech: energy of the first 50 ms against the rest, in decibels.
    pub clarity_50_db: Option<f64>,
    /// Clarity of music: that of the first 80 ms.
    pub clarity_80_db: Option<f64>,
}

/// How far under the largest sample the response begins, as an amplitude: ISO 3382-1 says 20 dB.
const ONSET: f64 = 0.1;

/// A straight line through points, by least squares.
#[derive(Default)]
struct Line {
    count: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
}

impl Line {
    fn add(&mut self, x: f64, y: f64) {
        self.count += 1.0;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
    }

    /// Seconds for 60 dB where x is in seconds and y in decibels.
    fn seconds(&self) -> Option<f64> {
        let spread = self.count * self.xx - self.x * self.x;
        let slope = (self.count * self.xy - self.x * self.y) / spread;
        (spread > 0.0 && slope < 0.0).then(|| -60.0 / slope)
    }
}

impl Acoustics {
    /// Of an impulse response at this sample rate; several channels count as one by their energy. Cost: a logarithm per
    /// frame. Silence and an empty response say nothing.
    pub fn of(channels: &[&[f64]], sample_rate: f64) -> Self {
        let frames = channels.iter().map(|channel| channel.len()).max().unwrap_or(0);
        let energy = |frame: usize| {
            let samples = channels.iter().filter_map(|channel| channel.get(frame));
            samples.map(|sample| sample * sample).sum::<f64>()
        };
        let largest = (0..frames).map(energy).fold(0.0, f64::max);
        let Some(onset) =
            (0..frames).find(|frame| largest > 0.0 && energy(*frame) >= largest * ONSET * ONSET)
        else {
            return Self::default();
        };
        let whole: f64 = (onset..frames).map(energy).sum();
        let (mut t30, mut t20, mut early) = (Line::default(), Line::default(), Line::default());
        let mut rest = 0.0;
        for frame in (onset..frames).rev() {
            rest += energy(frame);
            let decay_db = 10.0 * libm::log10(rest / whole);
            let seconds = (frame - onset) as f64 / sample_rate;
            for (line, from, to) in
                [(&mut t30, -5.0, -35.0), (&mut t20, -5.0, -25.0), (&mut early, 0.0, -10.0)]
            {
                if decay_db <= from && decay_db >= to {
                    line.add(seconds, decay_db);
                }
            }
        }
        let clarity = |seconds: f64| {
            let first = onset + libm::round(seconds * sample_rate) as usize;
            let rest: f64 = (first..frames).map(energy).sum();
            (rest > 0.0).then(|| 10.0 * libm::log10((whole - rest) / rest))
        };
        Self {
            t30_seconds: t30.seconds(),
            t20_seconds: t20.seconds(),
            early_decay_seconds: early.seconds(),
            clarity_50_db: clarity(0.05),
            clarity_80_db: clarity(0.08),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// An exponential decay has the same decay time by each line, and a clarity of 10 log10(exp(k t) - 1).
    #[test]
    fn an_exponential_is_what_it_is() {
        for (rate, seconds) in [(48_000.0, 0.3), (48_000.0, 2.5), (44_100.0, 8.0)] {
            let keep = libm::pow(10.0, -3.0 / (seconds * rate));
            let response: Vec<f64> =
                (0..(2.0 * seconds * rate) as usize).map(|n| libm::pow(keep, n as f64)).collect();
            let found = Acoustics::of(&[&response], rate);
            for time in [found.t30_seconds, found.t20_seconds, found.early_decay_seconds] {
                assert!((time.unwrap() / seconds - 1.0).abs() < 1e-4, "{found:?}");
            }
            for (clarity, at) in [(found.clarity_50_db, 0.05), (found.clarity_80_db, 0.08)] {
                let expected =
                    10.0 * libm::log10(libm::exp(6.0 * core::f64::consts::LN_10 * at / seconds) - 1.0);
                assert!((clarity.unwrap() - expected).abs() < 0.01, "{clarity:?}, {expected}");
            }
        }
        assert_eq!(Acoustics::of(&[&[0.0; 100]], 48_000.0), Acoustics::default());
        assert_eq!(Acoustics::of(&[], 48_000.0), Acoustics::default());
    }
}
