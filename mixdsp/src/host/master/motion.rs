//! How a gain moves: what pumps, and what is too fast to be heard as level.
//!
//! ```text
//! reduction in dB --+--> 0.5 to 10 Hz --> rms: pumping
//!                   `--> above 30 Hz  --> rms: fast motion
//! ```
//!
//! Half a hertz and less is a fader; from 30 Hz on a gain makes sidebands, as distortion does.

use crate::dsp::filter::design::Pass;
use crate::dsp::filter::{Biquad, Coefficients};

const PUMPING_HZ: [f64; 2] = [0.5, 10.0];
const FAST_HZ: f64 = 30.0;

/// Measures the motion of a gain, frame by frame.
#[derive(Clone, Debug)]
pub struct GainMotion {
    pumping: [Biquad<f64>; 2],
    fast: [Biquad<f64>; 2],
    sums: [f64; 2],
    frames: u64,
    /// Filters rest as long as the gain does.
    moves: bool,
}

impl GainMotion {
    /// For gains at this rate, in hertz.
    pub fn new(sample_rate: f64) -> Self {
        let of = |pass, order, hz| Coefficients::butterworth(pass, order, hz, sample_rate).map(Biquad::new);
        let mut fast = of(Pass::High, 4, FAST_HZ);
        let mut next = || fast.next().unwrap_or_else(|| Biquad::new(Coefficients::IDENTITY));
        let fast = [next(), next()];
        let mut pumping = of(Pass::High, 2, PUMPING_HZ[0]).chain(of(Pass::Low, 2, PUMPING_HZ[1]));
        let mut next = || pumping.next().unwrap_or_else(|| Biquad::new(Coefficients::IDENTITY));
        Self { pumping: [next(), next()], fast, sums: [0.0; 2], frames: 0, moves: false }
    }

    /// The reduction in dB at each of the next frames.
    pub fn hear(&mut self, reduction_db: &[f64]) {
        self.frames += reduction_db.len() as u64;
        if !self.moves && reduction_db.iter().all(|db| *db == 0.0) {
            return;
        }
        self.moves = true;
        for db in reduction_db {
            let through = |[first, second]: &mut [Biquad<f64>; 2]| second.run(first.run(*db));
            let found = [through(&mut self.pumping), through(&mut self.fast)];
            self.sums.iter_mut().zip(found).for_each(|(sum, x)| *sum += x * x);
        }
    }

    fn rms(&self, at: usize) -> f64 {
        libm::sqrt(self.sums[at] / self.frames.max(1) as f64)
    }

    /// Root mean square of the gain from 0.5 to 10 Hz, in dB.
    pub fn pumping_db(&self) -> f64 {
        self.rms(0)
    }

    /// Root mean square of the gain above 30 Hz, in dB.
    pub fn fast_db(&self) -> f64 {
        self.rms(1)
    }
}
