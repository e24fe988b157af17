//! The tempo of a song, from the attacks of its stems.
//!
//! ```text
//! rise of every stem's peaks, every 10 ms --> sum --> how much it is like itself later --> weighed by how usual a tempo is
//! ```
//!
//! The autocorrelation of onset strength with a log-normal weight around 120 BPM is that of D. P. W. Ellis, "Beat tracking by dynamic
//! programming", 2007.

use std::vec;
use std::vec::Vec;

use crate::session::rough_mix::listening::{PEAKS_PER_SECOND, Stem};

/// The slowest and the fastest that is looked for.
const RANGE_BPM: (f64, f64) = (60.0, 190.0);
/// A beat must be so much of what the whole is like itself.
const LEAST_SHARE: f64 = 0.08;

/// Beats per minute; `None` where nothing beats.
pub(super) fn find(stems: &[Stem]) -> Option<f64> {
    let length = stems.iter().map(|stem| stem.heard.peaks.len()).max().unwrap_or(0);
    let mut onsets = vec![0.0_f64; length];
    for stem in stems {
        let most = stem.heard.peaks.iter().fold(0.0_f32, |most, peak| most.max(*peak));
        if most <= 0.0 {
            continue;
        }
        for at in 1..stem.heard.peaks.len() {
            let level = |peak: f32| libm::sqrt(f64::from(peak / most));
            onsets[at] += (level(stem.heard.peaks[at]) - level(stem.heard.peaks[at - 1])).max(0.0);
        }
    }
    let mean = onsets.iter().sum::<f64>() / length.max(1) as f64;
    onsets.iter_mut().for_each(|x| *x -= mean);
    // Smooth over 30 ms, so that a beat that is no whole number of steps meets itself.
    let smooth: Vec<f64> = (0..length)
        .map(|at| {
            let near = |n: usize| onsets.get(n).copied().unwrap_or(0.0);
            0.25 * near(at.wrapping_sub(1)) + 0.5 * near(at) + 0.25 * near(at + 1)
        })
        .collect();
    let like = |lag: usize| -> f64 {
        if lag >= length { 0.0 } else { smooth.iter().zip(&smooth[lag..]).map(|(a, b)| a * b).sum() }
    };
    let itself = like(0);
    if itself <= 0.0 {
        return None;
    }
    let lag_of = |bpm: f64| 60.0 * PEAKS_PER_SECOND as f64 / bpm;
    let longest = lag_of(RANGE_BPM.0) as usize + 1;
    // Up to four beats later: what comes again there decides the fraction.
    let all: Vec<f64> = (0..4 * longest + 2).map(like).collect();
    let near = |lag: f64| {
        let (at, share) = (lag as usize, lag.fract());
        all[at] * (1.0 - share) + all[at + 1] * share
    };
    let score = |bpm: f64| {
        let lag = lag_of(bpm);
        let octaves = libm::log2(bpm / 120.0);
        let beats = near(lag) + near(2.0 * lag) + near(4.0 * lag);
        beats / 3.0 * libm::exp(-0.5 * (octaves / 0.9) * (octaves / 0.9))
    };
    let steps = ((RANGE_BPM.1 - RANGE_BPM.0) * 4.0) as usize;
    let tempi = (0..=steps).map(|step| RANGE_BPM.0 + 0.25 * step as f64);
    let best = tempi.map(|bpm| (score(bpm), bpm)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > LEAST_SHARE * itself).then(|| {
        // Most songs have a whole number.
        let whole = libm::round(best.1);
        if score(whole) > 0.97 * best.0 { whole } else { best.1 }
    })
}
