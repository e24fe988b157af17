//! A stem on its way into the mix: what is decided of it, and what that makes of it in every window.
//!
//! ```text
//! windows --> trim --> equalizer --> compressor's gain --> ride --> fader
//! power by band  |  response by band  |  one number a window
//! ```

use std::string::String;
use std::vec;
use std::vec::Vec;

use crate::host::recipe::Recipe;
use crate::session::rough_mix::bands::{BANDS, Bands, k_weights};
use crate::session::rough_mix::features::Features;
use crate::session::rough_mix::listening::Stem;
use crate::session::rough_mix::role::Role;

/// Loudness at which a stem enters its inserts.
pub(super) const INSERT_LUFS: f64 = -18.0;

/// A band of an equalizer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct EqBand {
    pub(super) kind: &'static str,
    pub(super) frequency_hz: f64,
    pub(super) gain_db: f64,
    pub(super) q: f64,
}

#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) stem: &'a Stem,
    pub(super) features: Features,
    pub(super) role: Role,
    pub(super) trim_db: f64,
    pub(super) equalizer: Vec<EqBand>,
    /// Power gain of the equalizer by band.
    pub(super) response: Bands,
    /// What runs behind the equalizer.
    pub(super) dynamics: Vec<Recipe>,
    /// Power gain of what runs behind the equalizer, by window.
    pub(super) reduction: Vec<f32>,
    /// Power gain by which the fader moves, by window; empty where it rests.
    pub(super) ride: Vec<f32>,
    pub(super) points: Vec<[f64; 2]>,
    pub(super) gain_db: f64,
    pub(super) pan: f64,
    pub(super) notes: Vec<String>,
    /// Loudness weighed power by window before the fader; see [`refresh`](Self::refresh).
    pub(super) loud: Vec<f64>,
}

impl<'a> Line<'a> {
    pub(super) fn new(stem: &'a Stem, role: Role, features: Features) -> Self {
        let windows = stem.heard.windows.len();
        let trim_db = stem.loudness_lufs.map_or(0.0, |lufs| (INSERT_LUFS - lufs).clamp(-96.0, 24.0));
        Self {
            stem,
            features,
            role,
            trim_db: libm::round(trim_db * 10.0) / 10.0,
            equalizer: Vec::new(),
            response: [1.0; BANDS],
            dynamics: Vec::new(),
            reduction: vec![1.0; windows],
            ride: Vec::new(),
            points: Vec::new(),
            gain_db: 0.0,
            pan: 0.0,
            notes: Vec::new(),
            loud: Vec::new(),
        }
    }

    pub(super) fn is_silent(&self) -> bool {
        self.stem.loudness_lufs.is_none()
    }

    pub(super) fn is_active(&self, window: usize) -> bool {
        self.stem.heard.active.get(window).copied().unwrap_or(false)
    }

    /// Power gain of a window before the fader, but for the equalizer.
    pub(super) fn before_fader(&self, window: usize) -> f64 {
        libm::exp10(self.trim_db / 10.0) * f64::from(self.reduction[window])
    }

    /// Power gain of the fader in a window.
    pub(super) fn fader(&self, window: usize) -> f64 {
        libm::exp10(self.gain_db / 10.0) * f64::from(self.ride.get(window).copied().unwrap_or(1.0))
    }

    /// Finds what it is before the fader anew.
    pub(super) fn refresh(&mut self) {
        let mut weights = k_weights();
        weights.iter_mut().zip(&self.response).for_each(|(weight, gain)| *weight *= gain);
        let windows = &self.stem.heard.windows;
        let power = |window: &[f32; BANDS]| -> f64 {
            window.iter().zip(&weights).map(|(power, weight)| f64::from(*power) * weight).sum()
        };
        self.loud =
            windows.iter().enumerate().map(|(at, window)| power(window) * self.before_fader(at)).collect();
    }

    /// Loudness weighed power in the mix.
    pub(super) fn loud_in_mix(&self, window: usize) -> f64 {
        self.loud.get(window).map_or(0.0, |power| power * self.fader(window))
    }

    /// Energy by band in the mix over the whole song.
    pub(super) fn energy(&self) -> Bands {
        let mut energy = [0.0; BANDS];
        for (at, window) in self.stem.heard.windows.iter().enumerate() {
            let gain = self.before_fader(at) * self.fader(at);
            energy.iter_mut().zip(window).for_each(|(sum, power)| *sum += gain * f64::from(*power));
        }
        energy.iter_mut().zip(&self.response).for_each(|(energy, gain)| *energy *= gain);
        energy
    }
}

/// Windows of the whole song.
pub(super) fn windows(lines: &[Line<'_>]) -> usize {
    lines.iter().map(|line| line.stem.heard.windows.len()).max().unwrap_or(0)
}

/// Loudness weighed power of all, but for those for which `leaves` tells so.
pub(super) fn sum(lines: &[Line<'_>], leaves: impl Fn(&Line<'_>) -> bool) -> Vec<f64> {
    let mut sum = vec![0.0; windows(lines)];
    for line in lines.iter().filter(|line| !line.is_silent() && !leaves(line)) {
        for (at, power) in line.loud.iter().enumerate() {
            sum[at] += power * line.fader(at);
        }
    }
    sum
}
