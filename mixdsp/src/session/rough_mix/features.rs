//! What tells one kind of sound from another: shares, tonality, attacks, phrases.

use std::vec::Vec;

use crate::session::rough_mix::bands::{BANDS, Bands, band_at, centre_hz, decibels};
use crate::session::rough_mix::listening::{PEAKS_PER_SECOND, PEAKS_PER_WINDOW, Stem};

/// A peak that is so much higher than the one 20 ms before is an attack.
const ATTACK_DB: f64 = 9.0;

/// Measures of a stem while it is active.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Features {
    /// Shares of energy: under 100 Hz, 100 to 200 Hz, 200 Hz to 4 kHz, over 5 kHz.
    pub(super) low: f64,
    pub(super) bass: f64,
    pub(super) middle: f64,
    pub(super) high: f64,
    /// How much single bands stand out between 150 Hz and 5 kHz: geometric over arithmetic mean, typical of its windows; 0 dB
    /// is noise, far below are tones.
    pub(super) tonal_db: f64,
    /// Share of the windows that are sibilants: over 4 kHz there is more than under it, while most is below otherwise.
    pub(super) sibilants: f64,
    pub(super) attacks_per_second: f64,
    /// By how much it falls in the 150 ms after its attacks, typically.
    pub(super) decay_db: f64,
    /// Share of the song.
    pub(super) activity: f64,
    /// Phrases: stretches of activity with pauses of 0.3 s or more between them, per minute of activity.
    pub(super) phrases_per_minute: f64,
    /// Energy of the side against the middle, in dB.
    pub(super) side_db: f64,
    /// Middle of the energy on the scale of bands, in Hz.
    pub(super) centre_hz: f64,
    /// How far that moves: standard deviation in octaves.
    pub(super) movement_octaves: f64,
    /// Energy of the strongest band of a window against all, typically: near 1 for a single tone.
    pub(super) purity: f64,
}

fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Share of the power between two frequencies.
pub(super) fn share(spectrum: &Bands, from_hz: f64, to_hz: f64) -> f64 {
    let all: f64 = spectrum.iter().sum();
    let part = (0..BANDS).filter(|band| (from_hz..to_hz).contains(&centre_hz(*band)));
    part.map(|band| spectrum[band]).sum::<f64>() / all.max(1e-30)
}

/// Where the attacks are, in steps of 10 ms.
pub(super) fn attacks(peaks: &[f32]) -> Vec<usize> {
    let level = |at: usize| 20.0 * libm::log10(f64::from(peaks[at]).max(1e-7));
    let most = 20.0 * libm::log10(f64::from(peaks.iter().fold(1e-7_f32, |most, x| most.max(*x))));
    let mut found: Vec<usize> = Vec::new();
    for at in 2..peaks.len() {
        let is_new = found.last().is_none_or(|last| at - last > 5);
        if is_new && level(at) > most - 24.0 && level(at) - level(at - 2) > ATTACK_DB {
            found.push(at);
        }
    }
    found
}

impl Features {
    /// Measures a stem of a song of so many windows.
    pub(super) fn of(stem: &Stem, windows: usize) -> Self {
        let heard = &stem.heard;
        let spectrum = stem.spectrum();
        let active: Vec<&[f32; BANDS]> = heard
            .windows
            .iter()
            .zip(&heard.active)
            .filter(|(_, active)| **active)
            .map(|(window, _)| window)
            .collect();
        if active.is_empty() {
            return Self::default();
        }
        let (from, to, split) = (band_at(160.0), band_at(5000.0), band_at(4000.0));
        let (mut tonal, mut centres, mut purity) = (Vec::new(), Vec::new(), Vec::new());
        let mut sibilants = 0;
        for window in &active {
            let all: f64 = window.iter().map(|power| f64::from(*power)).sum();
            let part = &window[from..=to];
            let mean = part.iter().map(|power| f64::from(*power)).sum::<f64>() / part.len() as f64;
            let logs = part.iter().map(|power| decibels(f64::from(*power).max(mean * 1e-4))).sum::<f64>()
                / part.len() as f64;
            if mean > 1e-3 * all / part.len() as f64 {
                tonal.push(logs - decibels(mean));
            }
            let above: f64 = window[split..].iter().map(|power| f64::from(*power)).sum();
            sibilants += usize::from(above > 0.5 * all);
            let place =
                window.iter().enumerate().map(|(band, power)| band as f64 * f64::from(*power)).sum::<f64>();
            centres.push(place / all.max(1e-30));
            purity.push(
                f64::from(window.iter().fold(0.0_f32, |most, power| most.max(*power))) / all.max(1e-30),
            );
        }
        let mean = centres.iter().sum::<f64>() / centres.len() as f64;
        let spread = centres.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / centres.len() as f64;
        let seconds = active.len() as f64 / 10.0;
        let attacks = attacks(&heard.peaks);
        let decay = |at: &usize| {
            let level = |at: usize| {
                20.0 * libm::log10(f64::from(heard.peaks[at.min(heard.peaks.len() - 1)]).max(1e-7))
            };
            let most = (*at..at + 5).map(level).fold(f64::MIN, f64::max);
            (most - level(at + 15)).clamp(0.0, 60.0)
        };
        let mut decays: Vec<f64> = attacks.iter().map(decay).collect();
        let [left, right, common] = &heard.sides;
        let sum = |part: &Bands| part.iter().sum::<f64>();
        let (both, shared) = (sum(left) + sum(right), 2.0 * sum(common));
        Self {
            low: share(&spectrum, 0.0, 112.0),
            bass: share(&spectrum, 112.0, 224.0),
            middle: share(&spectrum, 224.0, 4500.0),
            high: share(&spectrum, 4500.0, 1e6),
            tonal_db: middle(&mut tonal),
            sibilants: f64::from(sibilants as u32) / active.len() as f64,
            attacks_per_second: attacks.len() as f64 / seconds,
            decay_db: middle(&mut decays),
            activity: stem.activity(windows),
            phrases_per_minute: 60.0 * phrases(&heard.active).len() as f64 / seconds,
            side_db: decibels((both - shared).max(0.0) / (both + shared).max(1e-30)).max(-60.0),
            centre_hz: 1000.0 * libm::exp2((mean - band_at(1000.0) as f64) / 3.0),
            movement_octaves: libm::sqrt(spread) / 3.0,
            purity: middle(&mut purity),
        }
    }
}

/// Stretches of activity, in windows; pauses under 0.3 s belong to them.
pub(super) fn phrases(active: &[bool]) -> Vec<core::ops::Range<usize>> {
    let mut found: Vec<core::ops::Range<usize>> = Vec::new();
    for (at, _) in active.iter().enumerate().filter(|(_, active)| **active) {
        match found.last_mut() {
            Some(last) if at - last.end < 3 => last.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found
}

/// Steps of 10 ms in a window: peaks and windows walk together.
const _: () = assert!(PEAKS_PER_SECOND as usize == 10 * PEAKS_PER_WINDOW);
