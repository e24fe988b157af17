//! Tracks: filters and dynamics, each for something that was measured.
//!
//! ```text
//! trim to -18 LUFS --> high-pass under the lowest note --> de-esser --> compressor --> fader
//! ```
//!
//! Attack and release of a compressor follow from the crest factor, as in D. Giannoulis, M. Massberg and J. D. Reiss, "Parameter
//! automation in a dynamic range compressor", 2013.

use core::f64::consts::FRAC_1_SQRT_2;
use std::vec::Vec;
use std::{format, vec};

use crate::dsp::envelope::curve::{Curve, slope};
use crate::host::recipe::{Recipe, RecipeError};
use crate::params::Given;
use crate::session::rough_mix::bands::{BANDS, centre_hz, decibels, lufs};
use crate::session::rough_mix::line::{EqBand, Line};
use crate::session::rough_mix::listening::PEAKS_PER_WINDOW;
use crate::session::rough_mix::role::Role;

/// What lies under the lowest note holds less than this share of the energy.
const UNDER_SHARE: f64 = 0.002;
/// A high-pass is worth it where under it there is more than this share.
const WORTH_SHARE: f64 = 1e-7;
/// Steps of peaks are so long.
const STEP_MS: f64 = 10.0;

pub(super) fn recipe(key: &str, values: &[(&str, f64)]) -> Result<Recipe, RecipeError> {
    Recipe::processor(
        key,
        &values.iter().map(|(path, value)| (*path, Given::Number(*value))).collect::<Vec<_>>(),
    )
}

pub(super) fn tenth(x: f64) -> f64 {
    libm::round(x * 10.0) / 10.0
}

/// To two digits that count: frequencies and times for people.
pub(super) fn plain(x: f64) -> f64 {
    let unit = libm::exp10(libm::floor(libm::log10(x.max(1e-3))) - 1.0);
    libm::round(x / unit) * unit
}

/// Decides what is on a track.
pub(super) fn treat(line: &mut Line<'_>) -> Result<(), RecipeError> {
    if line.is_silent() {
        line.notes.push("silent: left as it is".into());
        return Ok(());
    }
    if line.trim_db != 0.0 {
        let lufs = line.stem.loudness_lufs.unwrap_or(0.0);
        line.notes.push(format!(
            "trim {:+.1} dB: the file is at {lufs:.1} LUFS, inserts work at -18",
            line.trim_db
        ));
    }
    high_pass(line);
    de_esser(line)?;
    compressor(line)?;
    line.refresh();
    Ok(())
}

fn high_pass(line: &mut Line<'_>) {
    let spectrum = line.stem.spectrum();
    let all: f64 = spectrum.iter().sum();
    let mut under = 0.0;
    let lowest = spectrum.iter().position(|power| {
        under += power;
        under > UNDER_SHARE * all
    });
    // What stands for lows keeps them.
    let highest = match line.role {
        Role::Kick | Role::Bass | Role::Drums => 32.0,
        Role::Lead | Role::Backing => 120.0,
        Role::Cymbals => 350.0,
        Role::Snare => 130.0,
        _ => 160.0,
    };
    let lowest_hz = centre_hz(lowest.unwrap_or(0)) * 0.89;
    let frequency_hz = plain((0.75 * lowest_hz).clamp(20.0, highest));
    let share =
        (0..BANDS).filter(|band| centre_hz(*band) < frequency_hz).map(|band| spectrum[band]).sum::<f64>()
            / all;
    if share > WORTH_SHARE && frequency_hz > 20.0 {
        line.equalizer.push(EqBand { kind: "high_pass", frequency_hz, gain_db: 0.0, q: FRAC_1_SQRT_2 });
        line.notes.push(format!(
            "high-pass at {frequency_hz} Hz: the lowest notes lie at {:.0} Hz, under it there is {:.0} dB",
            lowest_hz / 0.89,
            10.0 * libm::log10(share)
        ));
    }
}

fn de_esser(line: &mut Line<'_>) -> Result<(), RecipeError> {
    if !line.role.is_voice() || line.features.sibilants < 0.01 {
        return Ok(());
    }
    // Sibilants against the vowels: both as loudness hears them.
    let windows = line.stem.heard.windows.iter().zip(&line.stem.heard.active).filter(|(_, active)| **active);
    let (mut sharp, mut vowels) = (Vec::new(), Vec::new());
    for (window, _) in windows {
        let part = |from: f64| -> f64 {
            (0..BANDS).filter(|band| centre_hz(*band) >= from).map(|band| f64::from(window[band])).sum()
        };
        let (above, all) = (part(4500.0), part(0.0));
        if above > 0.5 * all { sharp.push(above) } else { vowels.push(all) }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let over = decibels(mean(&sharp)) - decibels(mean(&vowels));
    if sharp.is_empty() || over < -9.0 {
        return Ok(());
    }
    let range_db = tenth((over + 12.0).clamp(3.0, 8.0));
    let values = [("threshold_db", -6.0), ("range_db", range_db), ("frequency_hz", 5000.0)];
    line.dynamics.push(recipe("de_esser", &values)?);
    line.notes.push(format!(
        "de-esser, at most {range_db} dB: sibilants are {over:+.1} dB against the vowels, in {:.0} % of the time",
        100.0 * line.features.sibilants
    ));
    Ok(())
}

fn percentile(sorted: &[f64], share: f64) -> f64 {
    sorted.get(((sorted.len() as f64 - 1.0) * share) as usize).copied().unwrap_or(0.0)
}

/// How the loudness and the peaks of a stem are spread while it is active.
struct Spread {
    /// From the 10th to the 90th percentile of the loudness of 0.4 s, in LU.
    range_lu: f64,
    /// Largest sample of 10 ms against the loudness: 99.5th percentile and largest, in dB.
    high_db: f64,
    most_db: f64,
    /// Crest factor of a window, typically, as a ratio.
    crest: f64,
}

fn spread(line: &Line<'_>) -> Spread {
    let heard = &line.stem.heard;
    let loud = heard.loud();
    let mut levels: Vec<f64> = loud
        .windows(4)
        .zip(&heard.active[1..])
        .filter(|(_, active)| **active)
        .map(|(four, _)| lufs(four.iter().sum::<f64>() / 4.0))
        .collect();
    levels.sort_by(f64::total_cmp);
    let loudness = line.stem.loudness_lufs.unwrap_or(0.0);
    let (mut peaks, mut crests) = (Vec::new(), Vec::new());
    for (at, (window, active)) in heard.windows.iter().zip(&heard.active).enumerate() {
        if !active {
            continue;
        }
        let part = &heard.peaks[at * PEAKS_PER_WINDOW..(at + 1) * PEAKS_PER_WINDOW];
        let level = |peak: f32| 20.0 * libm::log10(f64::from(peak).max(1e-9));
        peaks.extend(part.iter().map(|peak| level(*peak) - loudness));
        let most = part.iter().fold(0.0_f32, |most, peak| most.max(*peak));
        let mean = window.iter().map(|power| f64::from(*power)).sum::<f64>()
            / if line.stem.channels == 2 { 2.0 } else { 1.0 };
        crests.push(f64::from(most) / libm::sqrt(mean.max(1e-18)));
    }
    peaks.sort_by(f64::total_cmp);
    crests.sort_by(f64::total_cmp);
    Spread {
        range_lu: percentile(&levels, 0.9) - percentile(&levels, 0.1),
        high_db: percentile(&peaks, 0.995),
        most_db: percentile(&peaks, 1.0),
        crest: percentile(&crests, 0.5).clamp(1.5, 12.0),
    }
}

/// The gain reduction of every 10 ms that a compressor with these settings comes to, in dB.
fn reductions(
    levels: &[f64],
    threshold_db: f64,
    ratio: f64,
    knee_db: f64,
    attack_ms: f64,
    release_ms: f64,
) -> Vec<f64> {
    let curve = Curve::new(threshold_db, slope(ratio), knee_db);
    let (attack, release) =
        (1.0 - libm::exp(-STEP_MS / attack_ms.max(0.1)), 1.0 - libm::exp(-STEP_MS / release_ms));
    let mut now = 0.0;
    let step = |level: &f64| {
        let wanted = curve.reduction_db(*level);
        now += (wanted - now) * if wanted > now { attack } else { release };
        now
    };
    levels.iter().map(step).collect()
}

fn compressor(line: &mut Line<'_>) -> Result<(), RecipeError> {
    let Spread { range_lu, high_db, most_db, crest } = spread(line);
    let heard = &line.stem.heard;
    // What is wanted: so much on average while it sounds, or so much of the peaks.
    let (ratio, mean_db, peak_db, why) = match line.role {
        Role::Lead | Role::Backing if range_lu > 4.0 => {
            let mean = (2.0 + 0.45 * (range_lu - 4.0)).clamp(2.0, 5.0);
            (
                if range_lu > 10.0 { 4.0 } else { 3.0 },
                Some(mean),
                0.0,
                format!("its loudness moves over {range_lu:.1} LU"),
            )
        }
        Role::Bass if range_lu > 3.0 => {
            (4.0, Some(2.5), 0.0, format!("its loudness moves over {range_lu:.1} LU"))
        }
        _ if high_db > 11.0 => {
            let ratio = if line.role.is_drum() { 4.0 } else { 3.0 };
            (
                ratio,
                None,
                (high_db - 9.5).clamp(1.5, 8.0),
                format!("its peaks are {high_db:.1} dB over its loudness"),
            )
        }
        _ => return Ok(()),
    };
    // Crest factors as ratios: 80 ms and 1 s are the longest.
    let (attack_ms, release_ms) = (160.0 / (crest * crest), 2000.0 / (crest * crest));
    let attack_ms = plain(attack_ms.clamp(if mean_db.is_some() { 4.0 } else { 1.0 }, 40.0));
    let release_ms = plain(release_ms.clamp(60.0, 400.0));
    let trim = line.trim_db;
    let levels: Vec<f64> =
        heard.peaks.iter().map(|peak| 20.0 * libm::log10(f64::from(*peak).max(1e-9)) + trim).collect();
    let sounding: Vec<bool> =
        (0..levels.len()).map(|at| heard.active.get(at / PEAKS_PER_WINDOW) == Some(&true)).collect();
    let measure = |threshold: f64| {
        let found = reductions(&levels, threshold, ratio, 6.0, attack_ms, release_ms);
        let mut active: Vec<f64> =
            found.iter().zip(&sounding).filter(|(_, on)| **on).map(|(x, _)| *x).collect();
        match mean_db {
            Some(_) => active.iter().sum::<f64>() / active.len().max(1) as f64,
            None => {
                active.sort_by(f64::total_cmp);
                percentile(&active, 0.995)
            }
        }
    };
    let wanted = mean_db.unwrap_or(peak_db);
    let (mut low, mut high) = (-60.0, 0.0);
    for _ in 0..14 {
        let middle = 0.5 * (low + high);
        if measure(middle) > wanted { low = middle } else { high = middle }
    }
    let threshold_db = tenth(high);
    let values = [
        ("threshold_db", threshold_db),
        ("ratio", ratio),
        ("knee_db", 6.0),
        ("attack_ms", attack_ms),
        ("release_ms", release_ms),
    ];
    line.dynamics.push(recipe("compressor", &values)?);
    let about = match mean_db {
        Some(mean) => format!("{mean:.1} dB on average"),
        None => format!("{peak_db:.1} dB of its peaks, the largest {most_db:.1} dB over it"),
    };
    line.notes.push(format!(
        "compressor, {about}: {why}; attack and release by a crest factor of {:.0} dB",
        20.0 * libm::log10(crest)
    ));
    let found = reductions(&levels, threshold_db, ratio, 6.0, attack_ms, release_ms);
    for (at, gain) in line.reduction.iter_mut().enumerate() {
        let part = &found[at * PEAKS_PER_WINDOW..(at + 1) * PEAKS_PER_WINDOW];
        // Where the peaks are, there the power is.
        let power = |n: usize| f64::from(heard.peaks[n]) * f64::from(heard.peaks[n]) + 1e-18;
        let (mut sum, mut all) = (0.0, 0.0);
        for (n, reduction) in part.iter().enumerate() {
            let power = power(at * PEAKS_PER_WINDOW + n);
            sum += power * libm::exp10(-reduction / 10.0);
            all += power;
        }
        *gain = (sum / all) as f32;
    }
    Ok(())
}

/// Largest sample of 10 ms behind the inserts, as a level at the fader's input, in dB.
pub(super) fn highest_peak_db(line: &Line<'_>) -> f64 {
    let heard = &line.stem.heard;
    let mut most = 0.0_f64;
    for (at, peak) in heard.peaks.iter().enumerate() {
        let gain = line.before_fader((at / PEAKS_PER_WINDOW).min(line.reduction.len() - 1));
        most = most.max(f64::from(*peak) * libm::sqrt(gain));
    }
    20.0 * libm::log10(most.max(1e-9))
}

/// The same where several meet behind their faders: the root of the sum of their squares.
pub(super) fn highest_together_db(lines: &[&Line<'_>]) -> f64 {
    let length = lines.iter().map(|line| line.stem.heard.peaks.len()).max().unwrap_or(0);
    let mut sums = vec![0.0_f64; length];
    for line in lines.iter().filter(|line| !line.is_silent()) {
        for (at, peak) in line.stem.heard.peaks.iter().enumerate() {
            let window = (at / PEAKS_PER_WINDOW).min(line.reduction.len() - 1);
            let peak = f64::from(*peak);
            sums[at] += peak * peak * line.before_fader(window) * line.fader(window);
        }
    }
    10.0 * libm::log10(sums.into_iter().fold(1e-18, f64::max))
}
